"""The look known from lectures, as a `graphviz.Digraph` that draws itself with or without Graphviz's program."""

import webbrowser
from pathlib import Path
from typing import Any

import graphviz

from viz import dot, engines
from viz.diagram import Diagram, Direction
from viz.files import write_whole
from viz.labels import display


class LectureGraph(graphviz.Digraph):  # type: ignore[misc]  # graphviz has no types
    """A Digraph that falls back to the built-in engine where Graphviz's program is not installed."""

    def pipe(self, format: str | None = None, *, encoding: str | None = None, **options: Any) -> Any:  # noqa: A002
        """The graph drawn, as `Digraph.pipe` gives it: bytes or, decoded with `encoding`, a string."""
        try:
            return super().pipe(format, encoding=encoding, **options)
        except graphviz.ExecutableNotFound:
            drawn = engines.convert(self.source, format or self.format)
            return drawn.decode(encoding) if encoding else drawn

    def render(self, filename: Any = None, directory: Any = None, **options: Any) -> str:
        """Save the source and the drawing beside it, as `Digraph.render` does, and return the drawing's path.

        Without Graphviz's program it knows `format`, `cleanup` and `view`; any other option needs the program.
        """
        try:
            return str(super().render(filename, directory=directory, **options))
        except graphviz.ExecutableNotFound:
            if options.keys() - {"format", "cleanup", "view"}:
                raise
            kind = options.get("format") or self.format
            saved = self.save(filename, directory=directory)
            path = Path(f"{saved}.{kind}")
            write_whole(path, engines.convert(self.source, kind))
            if options.get("cleanup"):
                Path(saved).unlink()
            if options.get("view"):
                webbrowser.open(path.resolve().as_uri())
            return str(path)


def graph(diagram: Diagram, kind: str, rankdir: Direction) -> graphviz.Digraph:
    """The diagram as records `{ label | data 4.0000 | grad -3.0000 }` and circles."""
    graph = LectureGraph(format=kind, graph_attr={"rankdir": rankdir})
    for box in diagram.boxes:
        grad = "—" if box.grad is None else f"{box.grad:.4f}"
        fields = [display(box.label), f"data {box.data:.4f}", f"grad {grad}"]
        fields[1:1] = [box.operation] if box.operation else []
        graph.node(box.key, "{ " + " | ".join(map(dot.record_text, fields)) + " }", shape="record")
    for circle in diagram.circles:
        graph.node(circle.key, dot.label_text(circle.symbol))
    for summary in diagram.summaries:
        lines = r"\n".join(dot.label_text(text) for text in [summary.title, *summary.details])
        graph.node(summary.key, lines, shape="box", style="dashed")
    for edge in diagram.edges:
        graph.edge(edge.source, edge.target)
    if diagram.caption:
        graph.attr(label=dot.label_text(diagram.caption))
    return graph
