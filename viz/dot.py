r"""A diagram as DOT, Graphviz's language, and nothing in it that Graphviz would read as anything but text.

In a record label `{ } | < >` shape the record, a space may be lost, a backslash begins an escape such as `\N`, and an
ampersand an HTML entity; a label in angle brackets would be HTML. All of these are escaped here.
"""

from collections.abc import Sequence

import graphviz

from autograd.labels import display
from viz import measure, theme
from viz.blocks import Block, Shown, numbers, typical, written
from viz.parts import Box, Diagram, Direction
from viz.scopes import Cluster
from viz.view import Mark

_RECORD_ESCAPES = str.maketrans({c: "\\" + c for c in "\\{}|<> "} | {"&": "&amp;"})
_LABEL_ESCAPES = str.maketrans({"\\": "\\\\", "&": "&amp;"})
_POINTS_PER_INCH = 72


def record_text(text: str) -> str:
    """The text as one field of a record's label."""
    return text.translate(_RECORD_ESCAPES)


def label_text(text: str) -> str:
    """The text as a whole label; a subclass of str tells the package `graphviz` that it is not HTML."""
    label: str = graphviz.nohtml(text.translate(_LABEL_ESCAPES))
    return label


def source(diagram: Diagram, direction: Direction) -> str:
    """The DOT that is laid out and saved: every part has the size that the drawing gives it."""
    graph = graphviz.Digraph("g", strict=False)
    graph.attr("graph", rankdir=direction, nodesep="0.25", ranksep="0.45", nslimit="4", nslimit1="4")
    graph.attr("node", fontname=theme.FONT, fontsize="10", color=theme.OUTLINE, style="filled", fixedsize="true")
    graph.attr("edge", fontname=theme.FONT, fontsize=f"{theme.EDGE_SIZE:g}", color=theme.NEUTRAL_LINE, arrowsize="0.6")
    largest = theme.largest([x for box in diagram.boxes for x in numbers(box.grad)])
    for box in diagram.boxes:
        graph.node(
            box.key,
            _record(box, direction),
            shape="record",
            fillcolor=theme.fill(typical(box.grad), largest),
            **_size(measure.box_size(box)),
            **outline(box.mark),
        )
    for circle in diagram.circles:
        size = measure.circle_size(circle)
        graph.node(
            circle.key,
            label_text(circle.symbol),
            shape="ellipse",
            ordering="in",
            fillcolor=theme.CIRCLE,
            **_size(size),
            **outline(circle.mark),
        )
    for summary in diagram.summaries:
        lines = r"\n".join(label_text(text) for text in [summary.title, *summary.details])
        size = measure.summary_size(summary)
        graph.node(summary.key, lines, shape="box", style="dashed,filled", fillcolor=theme.SUMMARY, **_size(size))
    for i, edge in enumerate(diagram.edges):
        label = None if edge.local is None else f" {written(edge.local)} "
        graph.edge(
            edge.source, edge.target, label, id=f"e{i}", **({"color": theme.line(edge.flow)} | outline(edge.mark))
        )
    add_clusters(graph, diagram.clusters)
    if diagram.caption:
        graph.attr(label=label_text(diagram.caption), fontname=theme.FONT, fontsize="9")
    return str(graph.source)


def add_clusters(graph: graphviz.Digraph, clusters: Sequence[Cluster]) -> None:
    """Put the parts, which the graph has already, into frames with labels."""
    made = {cluster.key: graphviz.Digraph(cluster.key) for cluster in clusters}
    for cluster in reversed(clusters):  # a frame is copied into the one around it, so the inner ones come first
        frame = made[cluster.key]
        frame.attr(label=label_text(display(cluster.label)), labelloc="t", labeljust="l", color=theme.FRAME)
        frame.attr(fontname=theme.FONT, fontsize=f"{theme.NUMBER_SIZE:g}", style="rounded", margin="10")
        for key in cluster.members:
            frame.node(key)
        (made[cluster.around] if cluster.around else graph).subgraph(frame)


def outline(mark: Mark | None) -> dict[str, str]:
    """The attributes of what is false: lines that stand out. What is lit looks as ever."""
    return {"color": theme.WRONG, "penwidth": "3"} if mark == "wrong" else {}


def _record(box: Box, direction: Direction) -> str:
    block, header = measure.kind(box), "  ".join(part for part in (display(box.label), box.operation) if part)
    above = [header, f"{block.dtype} {block.shape}" if block else ""]
    fields = [_lines("data", box.data), _lines("grad", box.grad)]
    joined = "|".join([record_text(text) for text in above if text] + fields)
    # Fields run across the direction of the graph unless braces turn them: here they always stand in a column.
    return joined if direction == "LR" else f"{{{joined}}}"


def _lines(key: str, x: Shown) -> str:
    """The word and the number behind it; of an array that is shown whole, its rows in lines."""
    rows = x.rows if isinstance(x, Block) else ()
    texts = ["  ".join(map(written, row)) for row in rows] or [written(x)]
    return r"\n".join(map(record_text, [f"{key} {texts[0]}", *texts[1:]]))


def _size(size: measure.Size) -> dict[str, str]:
    return {"width": f"{size.width / _POINTS_PER_INCH:.4f}", "height": f"{size.height / _POINTS_PER_INCH:.4f}"}
