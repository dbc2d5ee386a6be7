"""A diagram and its layout drawn as SVG: cards, circles, arrows and a legend."""

from autograd.labels import display, shortened
from autograd.numerals import numeral
from viz import elements, measure, theme
from viz.blocks import Block, numbers, written
from viz.cards import CORNER, card
from viz.elements import Note, n
from viz.engines import Layout, Place, Point, Route
from viz.parts import Circle, Diagram, Edge, Summary
from viz.scopes import Cluster
from viz.view import Mark

MARGIN = 14.0
_HALO = 5.0
_LABEL_MIDDLE = 11.0  # of a frame's label
_PALE = ' fill-opacity="0.35"'


class Drawing:
    """The SVG text of a diagram, and its size in points."""

    def __init__(self, diagram: Diagram, layout: Layout) -> None:
        self.largest = theme.largest([x for box in diagram.boxes for x in numbers(box.grad)])
        notes = self._notes(diagram)
        self.width = 2 * MARGIN + max(layout.width, *(width for width, _ in notes))
        self.height = 2 * MARGIN + layout.height + 10.0 + elements.NOTE_LEADING * len(notes)
        graph = [
            f'<g transform="translate({n((self.width - layout.width) / 2)},{n(MARGIN)})">',
            *self._graph(diagram, layout),
            "</g>",
            *elements.below(notes, MARGIN, MARGIN + layout.height + 10.0),
        ]
        self.svg = elements.document(self.width, self.height, "Computation graph with gradients", graph)

    def _graph(self, diagram: Diagram, layout: Layout) -> list[str]:
        flows = theme.largest([edge.flow for edge in diagram.edges])
        edges = {f"e{i}": edge for i, edge in enumerate(diagram.edges)}
        routes = [(edge, layout.routes[key]) for key, edge in edges.items() if key in layout.routes]
        circles = [(circle, layout.places[circle.key]) for circle in diagram.circles]
        # Edge labels come last, so that no line crosses a number.
        return [
            *(_frame(cluster, layout.places[cluster.key]) for cluster in diagram.clusters),
            *(_halo(layout.places[box.key], box.mark, CORNER) for box in diagram.boxes if box.mark),
            *(_halo(place, circle.mark, place.height / 2) for circle, place in circles if circle.mark),
            *(_arrow(edge, route, flows) for edge, route in routes),
            *(card(box, layout.places[box.key], self._fill) for box in diagram.boxes),
            *(_circle(circle, place) for circle, place in circles),
            *(_summary(summary, layout.places[summary.key]) for summary in diagram.summaries),
            *(_edge_label(edge, route) for edge, route in routes if edge.local is not None),
        ]

    def _fill(self, x: float | None) -> str:
        return theme.fill(x, self.largest)

    def _notes(self, diagram: Diagram) -> list[Note]:
        """The lines under the graph with their widths: what is marked and folded, what colours and numbers mean."""
        notes = [elements.note(text) for text in (diagram.step, diagram.caption) if text]
        if any(edge.local is not None for edge in diagram.edges):
            notes.append(elements.note("on an arrow: local derivative, ∂ result / ∂ operand"))
        if any(x for box in diagram.boxes for x in numbers(box.grad)):
            text = f"gradient: ▼ negative, ▲ positive; strongest at ±{numeral(self.largest)}"
            if any(isinstance(box.grad, Block) and not box.grad.rows for box in diagram.boxes):
                text += "; of a large array, its mean"
            notes.append(elements.note_with_colors(text))
        return notes or [(0.0, "")]


def _frame(cluster: Cluster, place: Place) -> str:
    frame = elements.rect(place.width, place.height, theme.LEAF_HEADER, rx=CORNER, stroke=theme.FRAME, extra=_PALE)
    label = display(cluster.label)
    room = (place.width - 2 * measure.PADDING) / max(1.0, theme.text_width(label, theme.NUMBER_SIZE))
    label = shortened(label, max(1, int(room * len(label))))
    words = elements.text(label, measure.PADDING, _LABEL_MIDDLE, theme.NUMBER_SIZE, theme.SOFT_INK)
    return elements.group(place, [frame, words])


def _arrow(edge: Edge, route: Route, largest_flow: float) -> str:
    color = theme.line(edge.flow)
    width = 1.1 + 1.4 * theme.strength(edge.flow, largest_flow)
    (x0, y0), (x1, y1) = route.curve[-1], route.tip
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 or 1.0
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    half = 2.2 + 0.5 * width
    head = f"M{n(x1)} {n(y1)}L{n(x0 - dy * half)} {n(y0 + dx * half)}L{n(x0 + dy * half)} {n(y0 - dx * half)}Z"
    start, *rest = (f"{n(x)} {n(y)}" for x, y in route.curve)
    curve = f'<path d="M{start}C{" ".join(rest)}" fill="none"'
    halo = f'{curve} stroke="{theme.MARKS[edge.mark]}" stroke-width="{n(width + 2 * _HALO)}"/>' if edge.mark else ""
    return f'{halo}{curve} stroke="{color}" stroke-width="{n(width)}"/><path d="{head}" fill="{color}"/>'


def _halo(place: Place, mark: Mark, corner: float) -> str:
    """What lights a card or a circle from behind."""
    w, h = place.width + 2 * _HALO, place.height + 2 * _HALO
    return elements.group(Place(place.x, place.y, w, h), [elements.rect(w, h, theme.MARKS[mark], rx=corner + _HALO)])


def _edge_label(edge: Edge, route: Route) -> str:
    """The number in a gap of its line, near where the layout has made room for it."""
    assert route.label is not None
    x, y = _nearest(route.curve, route.label)
    text = written(edge.local)
    width = theme.text_width(text, theme.EDGE_SIZE) + 5
    color = theme.MARKS[edge.mark] if edge.mark else theme.PAPER
    place = f'x="{n(x - width / 2)}" y="{n(y - 6.5)}" width="{n(width)}" height="13"'
    gap = f'<rect {place} rx="3" fill="{color}"/>'
    return gap + elements.text(text, x, y, theme.EDGE_SIZE, anchor="middle")


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
    shape = elements.rect(w, h, theme.CIRCLE, rx=h / 2, stroke=theme.OUTLINE)
    return elements.group(place, [shape, elements.text(circle.symbol, w / 2, h / 2, size, anchor="middle")])


def _summary(summary: Summary, place: Place) -> str:
    w, h = place.width, place.height
    parts = [elements.rect(w, h, theme.SUMMARY, rx=CORNER, stroke=theme.OUTLINE, extra=' stroke-dasharray="4 3"')]
    parts.append(elements.text(summary.title, measure.PADDING, 13.0, theme.NUMBER_SIZE, bold=True))
    for i, text in enumerate(summary.details):
        parts.append(elements.text(text, measure.PADDING, 30.0 + 14.0 * i, theme.NOTE_SIZE, theme.SOFT_INK))
    return elements.group(place, parts)
