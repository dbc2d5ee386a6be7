"""A diagram and its layout drawn as SVG: cards, circles, arrows and a legend."""

from collections.abc import Callable, Iterator
from itertools import accumulate
from xml.sax.saxutils import escape, quoteattr

from autograd.labels import display, shortened, visible
from autograd.numerals import numeral
from viz import measure, theme
from viz.blocks import Block, Shown, described, numbers, typical, written
from viz.diagram import Box, Circle, Diagram, Edge, Summary
from viz.engines import Layout, Place, Point, Route
from viz.view import Mark

MARGIN = 14.0
_CORNER = 6.0
_HALO = 5.0
_NOTE_LEADING = 15.0
_LONGEST_TOOLTIP = 500
_BASELINE = 0.36  # from the middle of a line of digits down to its baseline, in sizes of the type


class Drawing:
    """The SVG text of a diagram, and its size in points."""

    def __init__(self, diagram: Diagram, layout: Layout) -> None:
        self.largest = theme.largest([x for box in diagram.boxes for x in numbers(box.grad)])
        notes = self._notes(diagram)
        self.width = 2 * MARGIN + max(layout.width, *(width for width, _ in notes))
        self.height = 2 * MARGIN + layout.height + 10.0 + _NOTE_LEADING * len(notes)
        below = MARGIN + layout.height + 10.0 + _NOTE_LEADING / 2
        self.svg = "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(self.width)}" height="{_n(self.height)}" '
                f'viewBox="0 0 {_n(self.width)} {_n(self.height)}" role="img" xml:space="preserve" '
                f"font-family={quoteattr(theme.FONT_STACK)}>",
                "<title>Computation graph with gradients</title>",
                f'<rect width="{_n(self.width)}" height="{_n(self.height)}" fill="{theme.PAPER}"/>',
                f'<g transform="translate({_n((self.width - layout.width) / 2)},{_n(MARGIN)})">',
                *self._graph(diagram, layout),
                "</g>",
                *(
                    f'<g transform="translate({_n(MARGIN)},{_n(below + _NOTE_LEADING * i)})">{note}</g>'
                    for i, (_, note) in enumerate(notes)
                ),
                "</svg>\n",
            ]
        )

    def _graph(self, diagram: Diagram, layout: Layout) -> list[str]:
        flows = theme.largest([edge.flow for edge in diagram.edges])
        edges = {f"e{i}": edge for i, edge in enumerate(diagram.edges)}
        routes = [(edge, layout.routes[key]) for key, edge in edges.items() if key in layout.routes]
        circles = [(circle, layout.places[circle.key]) for circle in diagram.circles]
        # Edge labels come last, so that no line crosses a number.
        return [
            *(_halo(layout.places[box.key], box.mark, _CORNER) for box in diagram.boxes if box.mark),
            *(_halo(place, circle.mark, place.height / 2) for circle, place in circles if circle.mark),
            *(_arrow(edge, route, flows) for edge, route in routes),
            *(self._card(box, layout.places[box.key]) for box in diagram.boxes),
            *(_circle(circle, place) for circle, place in circles),
            *(_summary(summary, layout.places[summary.key]) for summary in diagram.summaries),
            *(_edge_label(edge, route) for edge, route in routes if edge.local is not None),
        ]

    def _card(self, box: Box, place: Place) -> str:
        """A rounded box: the label and the operation, the number or array, and the gradient on its colour."""
        w, h = place.width, place.height
        top = h - measure.rows_height(box.grad)
        data_top, block = top - measure.rows_height(box.data), measure.kind(box)
        color = theme.NEUTRAL_FILL if isinstance(box.grad, Block) and box.grad.rows else self._fill(typical(box.grad))
        band = f'<path d="{_bottom(w, h, top)}" fill="{color}"/>'
        triangle_at = measure.PADDING + theme.text_width("grad", theme.NUMBER_SIZE) + 7.0
        parts = [
            _tooltip(box),
            _rect(w, h, theme.CARD, rx=_CORNER),
            _header(box, w) if box.label or box.operation else "",
            _kind(block, w, data_top - measure.ROW / 2) if block else "",
            band,
            _cells(box.grad, w, top, self._fill),
            _row("data", box.data, w, data_top + measure.ROW / 2),
            _row("grad", box.grad, w, top + measure.ROW / 2),
            "" if isinstance(box.grad, Block) else _sign(box.grad, triangle_at, top + measure.ROW / 2),
            _rect(w, h, "none", rx=_CORNER, stroke=theme.OUTLINE),
        ]
        return _group(place, parts)

    def _fill(self, x: float | None) -> str:
        return theme.fill(x, self.largest)

    def _notes(self, diagram: Diagram) -> list[tuple[float, str]]:
        """The lines under the graph with their widths: what is marked and folded, what colours and numbers mean."""
        notes = [_note(visible(text)) for text in (diagram.step, diagram.caption) if text]
        if any(edge.local is not None for edge in diagram.edges):
            notes.append(_note("on an arrow: local derivative, ∂ result / ∂ operand"))
        if any(x for box in diagram.boxes for x in numbers(box.grad)):
            swatches = []
            for i, share in enumerate((-1.0, -0.1, -0.01, 0.0, 0.01, 0.1, 1.0)):
                color = theme.fill(share, 1.0)
                swatches.append(
                    f'<rect x="{_n(i * 12)}" y="-5" width="12" height="10" fill="{color}" stroke="{theme.OUTLINE}" '
                    'stroke-width="0.4"/>'
                )
            text = f"gradient: ▼ negative, ▲ positive; strongest at ±{numeral(self.largest)}"
            if any(isinstance(box.grad, Block) and not box.grad.rows for box in diagram.boxes):
                text += "; of a large array, its mean"
            width, note = _note(text, 92.0)
            notes.append((width, "".join(swatches) + note))
        return notes or [(0.0, "")]


def _tooltip(box: Box) -> str:
    """What a browser shows at the pointer: the label and the numbers in full."""
    grad, data = _in_full(box.grad), _in_full(box.data)
    label = shortened(visible(box.label), _LONGEST_TOOLTIP)
    return _title(f"{label}\ndata {data}\ngrad {grad}".lstrip())


def _in_full(x: Shown) -> str:
    if x is None:
        return "not computed"
    return f"{x.dtype} {described(x)}" if isinstance(x, Block) else repr(x)


def _header(box: Box, width: float) -> str:
    middle, right = measure.HEADER / 2 + 1, width - measure.PADDING
    color = theme.LEAF_HEADER if box.is_leaf else theme.CARD
    return (
        f'<path d="{_top(width, measure.HEADER)}" fill="{color}"/>'
        + _text(display(box.label), measure.PADDING, middle, theme.LABEL_SIZE, bold=True)
        + _text(box.operation, right, middle, theme.NUMBER_SIZE, theme.SOFT_INK, anchor="end")
    )


def _row(key: str, x: Shown, width: float, middle: float) -> str:
    """The word and the number behind it; of an array that is shown whole, the rows, with the columns aligned."""
    word = _text(key, measure.PADDING, middle, theme.NUMBER_SIZE, theme.KEY_INK)
    if not isinstance(x, Block) or not x.rows:
        return word + _text(written(x), width - measure.PADDING, middle, theme.NUMBER_SIZE, anchor="end")
    texts = [
        _text(numeral(number), left + across - measure.CELL_GAP / 2, middle + down, theme.NUMBER_SIZE, anchor="end")
        for number, left, across, down in _grid(x, width)
    ]
    return word + "".join(texts)


def _cells(x: Shown, width: float, top: float, fill: Callable[[float], str]) -> str:
    """The colours behind the numbers of an array that is shown whole."""
    if not isinstance(x, Block):
        return ""
    above = (measure.ROW - measure.LINE) / 2
    cells = [
        f'<rect x="{_n(left)}" y="{_n(top + above + down)}" width="{_n(across)}" height="{_n(measure.LINE)}" '
        f'fill="{fill(number)}"/>'
        for number, left, across, down in _grid(x, width)
    ]
    return "".join(cells)


def _grid(block: Block, width: float) -> Iterator[tuple[float, float, float, float]]:
    """Each number of an array with the left end and the width of its cell, and how far below the first row it is."""
    widths = measure.columns(block)
    start = width - measure.PADDING + measure.CELL_GAP / 2 - sum(widths)
    lefts = list(accumulate(widths, initial=start))
    for i, row in enumerate(block.rows):
        for number, left, across in zip(row, lefts, widths, strict=False):
            yield number, left, across, i * measure.LINE


def _kind(block: Block, width: float, middle: float) -> str:
    dtype = _text(block.dtype, measure.PADDING, middle, theme.NUMBER_SIZE, theme.SOFT_INK)
    shape = _text(str(block.shape), width - measure.PADDING, middle, theme.NUMBER_SIZE, theme.SOFT_INK, anchor="end")
    return dtype + shape


def _top(w: float, h: float) -> str:
    """The outline of a card's top down to `h`, with its two round corners."""
    c = _CORNER
    return f"M0 {_n(h)}V{c}A{c} {c} 0 0 1 {c} 0H{_n(w - c)}A{c} {c} 0 0 1 {_n(w)} {c}V{_n(h)}Z"


def _bottom(w: float, h: float, top: float) -> str:
    """The outline of a card's bottom from `top` on, with its two round corners."""
    c = _CORNER
    return f"M0 {_n(top)}H{_n(w)}V{_n(h - c)}A{c} {c} 0 0 1 {_n(w - c)} {_n(h)}H{c}A{c} {c} 0 0 1 0 {_n(h - c)}Z"


def _arrow(edge: Edge, route: Route, largest_flow: float) -> str:
    color = theme.line(edge.flow)
    width = 1.1 + 1.4 * theme.strength(edge.flow, largest_flow)
    (x0, y0), (x1, y1) = route.curve[-1], route.tip
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 or 1.0
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    half = 2.2 + 0.5 * width
    head = f"M{_n(x1)} {_n(y1)}L{_n(x0 - dy * half)} {_n(y0 + dx * half)}L{_n(x0 + dy * half)} {_n(y0 - dx * half)}Z"
    start, *rest = (f"{_n(x)} {_n(y)}" for x, y in route.curve)
    curve = f'<path d="M{start}C{" ".join(rest)}" fill="none"'
    halo = f'{curve} stroke="{theme.MARKS[edge.mark]}" stroke-width="{_n(width + 2 * _HALO)}"/>' if edge.mark else ""
    return f'{halo}{curve} stroke="{color}" stroke-width="{_n(width)}"/><path d="{head}" fill="{color}"/>'


def _halo(place: Place, mark: Mark, corner: float) -> str:
    """What lights a card or a circle from behind."""
    w, h = place.width + 2 * _HALO, place.height + 2 * _HALO
    return _group(Place(place.x, place.y, w, h), [_rect(w, h, theme.MARKS[mark], rx=corner + _HALO)])


def _edge_label(edge: Edge, route: Route) -> str:
    """The number in a gap of its line, near where the layout has made room for it."""
    assert route.label is not None
    x, y = _nearest(route.curve, route.label)
    text = written(edge.local)
    width = theme.text_width(text, theme.EDGE_SIZE) + 5
    color = theme.MARKS[edge.mark] if edge.mark else theme.PAPER
    place = f'x="{_n(x - width / 2)}" y="{_n(y - 6.5)}" width="{_n(width)}" height="13"'
    gap = f'<rect {place} rx="3" fill="{color}"/>'
    return gap + _text(text, x, y, theme.EDGE_SIZE, anchor="middle")


def _nearest(curve: tuple[Point, ...], to: Point) -> Point:
    """The point on the inner part of the Bézier curves that is nearest to `to`, as good as sampling finds it."""
    points = []
    for i in range(0, len(curve) - 1, 3):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = curve[i : i + 4]
        for step in range(21):
            t = step / 20
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
            points.append((a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy))
    inner = points[len(points) // 4 : -(len(points) // 4)]  # a number at an end would cover the arrow or a card
    return min(inner, key=lambda p: (p[0] - to[0]) ** 2 + (p[1] - to[1]) ** 2)


def _circle(circle: Circle, place: Place) -> str:
    w, h = place.width, place.height
    size = theme.SYMBOL_SIZE if len(circle.symbol) == 1 else theme.NUMBER_SIZE
    shape = _rect(w, h, theme.CIRCLE, rx=h / 2, stroke=theme.OUTLINE)
    return _group(place, [shape, _text(circle.symbol, w / 2, h / 2, size, anchor="middle")])


def _summary(summary: Summary, place: Place) -> str:
    w, h = place.width, place.height
    parts = [_rect(w, h, theme.SUMMARY, rx=_CORNER, stroke=theme.OUTLINE, extra=' stroke-dasharray="4 3"')]
    parts.append(_text(summary.title, measure.PADDING, 13.0, theme.NUMBER_SIZE, bold=True))
    for i, text in enumerate(summary.details):
        parts.append(_text(text, measure.PADDING, 30.0 + 14.0 * i, theme.NOTE_SIZE, theme.SOFT_INK))
    return _group(place, parts)


def _sign(x: float | None, cx: float, cy: float) -> str:
    """A triangle that points up for a positive number, down for a negative one."""
    if x is None or not (x > 0 or x < 0):
        return ""
    tip, base = (cy - 3.5, cy + 3) if x > 0 else (cy + 3.5, cy - 3)
    return f'<path d="M{_n(cx)} {_n(tip)}L{_n(cx - 3.8)} {_n(base)}H{_n(cx + 3.8)}Z" fill="{theme.line(x)}"/>'


def _group(place: Place, parts: list[str]) -> str:
    corner = f"{_n(place.x - place.width / 2)},{_n(place.y - place.height / 2)}"
    return f'<g transform="translate({corner})">{"".join(parts)}</g>'


def _rect(width: float, height: float, fill: str, *, rx: float, stroke: str = "none", extra: str = "") -> str:
    size = f'width="{_n(width)}" height="{_n(height)}" rx="{_n(rx)}"'
    return f'<rect {size} fill="{fill}" stroke="{stroke}"{extra}/>'


def _text(
    text: str,
    x: float,
    middle: float,
    size: float,
    color: str = theme.INK,
    *,
    anchor: str = "start",
    bold: bool = False,
) -> str:
    if not text:
        return ""
    y = middle + _BASELINE * size
    weight = ' font-weight="bold"' if bold else ""
    place = f'x="{_n(x)}" y="{_n(y)}" font-size="{size:g}" text-anchor="{anchor}"'
    return f'<text {place}{weight} fill="{color}">{escape(visible(text))}</text>'


def _title(text: str) -> str:
    return f"<title>{escape(text)}</title>"


def _note(text: str, x: float = 0.0) -> tuple[float, str]:
    width = x + theme.text_width(text, theme.NOTE_SIZE)
    return width, _text(text, x, 0.0, theme.NOTE_SIZE, theme.SOFT_INK)


def _n(x: float) -> str:
    return f"{x:.2f}".rstrip("0").rstrip(".")
