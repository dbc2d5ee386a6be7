"""The look known from lectures, as a `graphviz.Digraph` that draws itself with or without Graphviz's program."""

import webbrowser
from pathlib import Path
from typing import Any

import graphviz

from autograd.files import write_whole
from autograd.labels import display
from autograd.numerals import numeral
from viz import dot, engines
from viz.blocks import Block, Shown
from viz.parts import Diagram, Direction


class LectureGraph(graphviz.Digraph):  # type: ignore[misc]  # graphviz has no types
    """A Digraph that falls back to the built-in engine where Graphviz's program is not installed."""

    def pipe(self, format: str | None = None, *, encoding: str | None = None, **options: Any) -> Any:  # noqa: A002
        """The graph drawn, as `Digraph.pipe` gives it: bytes or, decoded with `encoding`, a string."""
        try:
            return super().pipe(format, encoding=encoding, **options)
        except graphviz.ExecutableNotFound:
            drawn = engines.convert(self.source, format or self.format)
            return drawn.decode(encoding) if encoding else drawn

    def render(
        self,
        filename: Any = None,
        directory: Any = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,  # noqa: A002
        *,
        outfile: Any = None,
        quiet: bool = False,
        quiet_view: bool = False,
        **options: Any,
    ) -> str:
        """Save the source and the drawing beside it, as `Digraph.render` does, and return the drawing's path.

        The options that choose among Graphviz's own engines and renderers need its program.
        """
        known = {"view": view, "cleanup": cleanup, "format": format, "quiet": quiet, "quiet_view": quiet_view}
        try:
            return str(super().render(filename, directory=directory, outfile=outfile, **known, **options))
        except graphviz.ExecutableNotFound:
            if options:
                raise
        path = self._drawn(filename, directory, format, outfile, cleanup)
        if view or quiet_view:
            webbrowser.open(path.resolve().as_uri())
        return str(path)

    def _drawn(self, filename: Any, directory: Any, kind: str | None, outfile: Any, cleanup: bool) -> Path:
        """Where the built-in engine has saved the drawing: in `outfile` if given, else beside the source."""
        path = None
        if outfile is not None:
            path = Path(outfile) if directory is not None else Path(self.directory or "", outfile)
            kind = kind or path.suffix.removeprefix(".").lower()
            filename = filename or path.with_suffix(".gv")
        kind = kind or self.format
        drawn = engines.convert(self.source, kind)
        source = Path(self.save(filename, directory=directory))
        path = path or Path(f"{source}.{kind}")
        write_whole(path, drawn)
        if cleanup:
            source.unlink()
        return path


def graph(diagram: Diagram, kind: str, rankdir: Direction) -> graphviz.Digraph:
    """The diagram as records `{ label | data 4.0000 | grad -3.0000 }` and circles."""
    graph = LectureGraph(format=kind, graph_attr={"rankdir": rankdir})
    for box in diagram.boxes:
        fields = [display(box.label), f"data {four_decimals(box.data)}", f"grad {four_decimals(box.grad)}"]
        fields[1:1] = [box.operation] if box.operation else []
        graph.node(
            box.key, "{ " + " | ".join(map(dot.record_text, fields)) + " }", shape="record", **dot.outline(box.mark)
        )
    for circle in diagram.circles:
        graph.node(circle.key, dot.label_text(circle.symbol), **dot.outline(circle.mark))
    for summary in diagram.summaries:
        lines = r"\n".join(dot.label_text(text) for text in [summary.title, *summary.details])
        graph.node(summary.key, lines, shape="box", style="dashed")
    for edge in diagram.edges:
        graph.edge(edge.source, edge.target, **dot.outline(edge.mark))
    dot.add_clusters(graph, diagram.clusters)
    if diagram.caption:
        graph.attr(label=dot.label_text(diagram.caption))
    return graph


def four_decimals(x: Shown) -> str:
    """The number as lectures print it, unless that would be nothing but zeros or a very long row of digits.

    >>> [four_decimals(x) for x in (4.0, 0.0, -3.14159, 1e-7, 1e300, None)]
    ['4.0000', '0.0000', '-3.1416', '1e-7', '1e300', '—']
    """
    if isinstance(x, Block):
        return x.described
    return f"{x:.4f}" if x == 0 or (x is not None and 5e-5 <= abs(x) < 1e9) else numeral(x)
