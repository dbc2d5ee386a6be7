"""What `draw` returns, to be shown, saved and displayed by notebooks: a Picture, of a model a NetworkPicture."""

import os
import sys
import tempfile
import webbrowser
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from autograd.files import write_whole
from autograd.labels import visible
from autograd.numerals import count
from viz import engines, fonts
from viz.parts import Diagram, Direction

if TYPE_CHECKING:
    from viz.network import Network
    from viz.outline import Outline
    from viz.svg import Drawing


class Image:
    """What a picture can do whatever it shows. `formats` says what each suffix of a file's name stands for."""

    formats: ClassVar[Mapping[str, str]] = {".svg": "svg", ".png": "png", ".pdf": "pdf"}

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """What it shows in plain text, if there is a way to say it."""
        return ""

    @property
    def _printed_svg(self) -> str:
        """The SVG for files that hold their glyphs: what no font here has is written as its code point."""
        return fonts.spelled_out(self.svg)

    @property
    def png(self) -> bytes:
        """The picture as PNG, two pixels to a point."""
        return engines.png(self._printed_svg)

    @property
    def pdf(self) -> bytes:
        """The picture as a PDF of one page."""
        return engines.pdf(self._printed_svg)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file, in the format that its suffix names, and return its path.

        The file is written whole or not at all: what was there before is replaced only by a complete picture.

        Raises ValueError for an unknown suffix, OSError if the file can't be written, EngineError if the graph cannot
        be laid out.
        """
        path = Path(path)
        suffix = path.suffix.lower()
        if suffix not in self.formats:
            raise ValueError(f"save: {str(path)!r} must end in one of {', '.join(self.formats)}, which says the format")
        data = getattr(self, self.formats[suffix])
        write_whole(path, data if isinstance(data, bytes) else data.encode())
        return path

    def show(self) -> Path | None:
        """Display the picture: in a notebook below the cell, elsewhere in the viewer for SVG, usually the browser.

        Returns the path of the file that was opened, and prints it, for where no viewer could be started.
        """
        if _in_notebook():
            from IPython.display import display  # type: ignore[import-not-found, unused-ignore]

            display(self)
            return None
        folder = Path(tempfile.mkdtemp(prefix="chainrule-"))
        path = self.save(folder / "graph.svg")
        with suppress(webbrowser.Error, OSError):
            webbrowser.open(path.as_uri())
        print(path)
        return path

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        """What notebooks display: the picture and, for where that fails or is not wanted, the text. Never raises."""
        bundle = {"text/plain": repr(self)}
        try:
            bundle["image/svg+xml"] = self.svg
        except Exception as error:  # a notebook would print a traceback in place of the cell's result
            bundle["text/plain"] += f"\nThe picture could not be drawn: {error}"
            with suppress(Exception):
                bundle["text/plain"] += f"\n\n{self.text}"
        wanted = set(bundle if include is None else include).difference(exclude or ())
        return {kind: content for kind, content in bundle.items() if kind in wanted}


class Picture(Image):
    """A graph drawn, in whatever form it is asked for; nothing is laid out before it must be.

    `diagram` is what it shows, as plain data.

    >>> from autograd import Value
    >>> import viz
    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> picture = viz.draw(x * y)
    >>> picture
    <Picture of 3 values: .show() it, or .save("graph.svg" or .png, .pdf, .dot, .txt)>
    >>> picture.svg[:4]
    '<svg'
    """

    formats: ClassVar[Mapping[str, str]] = {**Image.formats, ".dot": "source", ".txt": "text"}

    def __init__(self, diagram: Diagram, direction: Direction, outline: "Outline") -> None:
        self.diagram = diagram
        self._direction, self._outline = direction, outline

    @cached_property
    def source(self) -> str:
        """The graph in DOT, Graphviz's language."""
        from viz import dot

        return dot.source(self.diagram, self._direction)

    @cached_property
    def _drawing(self) -> "Drawing":
        from viz.svg import Drawing

        return Drawing(self.diagram, engines.layout(self.source))

    @cached_property
    def _printed(self) -> "Drawing":
        """The drawing for files that hold their glyphs: what no font here has is written as its code point."""
        from viz import dot
        from viz.svg import Drawing

        shown = self.diagram
        printed = replace(
            shown,
            boxes=tuple(replace(box, label=fonts.spelled_out(box.label)) for box in shown.boxes),
            summaries=tuple(replace(each, scope=fonts.spelled_out(each.scope)) for each in shown.summaries),
            clusters=tuple(replace(each, label=fonts.spelled_out(each.label)) for each in shown.clusters),
            step=fonts.spelled_out(shown.step),
        )
        if printed == shown:
            return self._drawing
        return Drawing(printed, engines.layout(dot.source(printed, self._direction)))

    @property
    def _printed_svg(self) -> str:
        return self._printed.svg

    @property
    def svg(self) -> str:
        """The picture as SVG.

        Raises EngineError if the graph cannot be laid out.
        """
        return self._drawing.svg

    @cached_property
    def text(self) -> str:
        """The graph as a tree in plain text, as it was when it was drawn."""
        return str(self._outline)

    def __repr__(self) -> str:
        values = count(len(self.diagram.boxes), "value")
        folded = ", the rest folded" if self.diagram.summaries else ""
        return f'<Picture of {values}{folded}: .show() it, or .save("graph.svg" or .png, .pdf, .dot, .txt)>'


class NetworkPicture(Image):
    """A model drawn as a network. `network` is what it shows, as plain data."""

    def __init__(self, network: "Network") -> None:
        self.network = network

    @cached_property
    def svg(self) -> str:
        """The picture as SVG."""
        from viz.schematic import Schematic

        return Schematic(self.network).svg

    def __repr__(self) -> str:
        return f'<Picture of {visible(self.network.model)}: .show() it, or .save("network.svg" or .png, .pdf)>'


def _in_notebook() -> bool:
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return type(shell).__name__ == "ZMQInteractiveShell"
