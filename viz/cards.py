"""The card of a node as SVG: its label and operation, its number or array, and its gradient."""

from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import TypeAlias

from autograd.labels import display, shortened, visible
from autograd.numerals import numeral
from viz import elements, measure, theme
from viz.blocks import Block, Shown, described, typical, written
from viz.elements import n
from viz.engines import Place
from viz.parts import Box

CORNER = 6.0
_LONGEST_TOOLTIP = 500

Fill: TypeAlias = Callable[[float | None], str]


def card(box: Box, place: Place, fill: Fill) -> str:
    """A rounded box: the label and the operation, the number or array, and the gradient on its colour.

    `fill` gives the colour of a gradient.
    """
    w, h = place.width, place.height
    top = h - measure.rows_height(box.grad)
    data_top, block = top - measure.rows_height(box.data), measure.kind(box)
    color = theme.NEUTRAL_FILL if isinstance(box.grad, Block) and box.grad.rows else fill(typical(box.grad))
    band = f'<path d="{_bottom(w, h, top)}" fill="{color}"/>'
    triangle_at = measure.PADDING + theme.text_width("grad", theme.NUMBER_SIZE) + 7.0
    parts = [
        _tooltip(box),
        elements.rect(w, h, theme.CARD, rx=CORNER),
        _header(box, w) if box.label or box.operation else "",
        _kind(block, w, data_top - measure.ROW / 2) if block else "",
        band,
        _cells(box.grad, w, top, fill),
        _row("data", box.data, w, data_top + measure.ROW / 2),
        _row("grad", box.grad, w, top + measure.ROW / 2),
        "" if isinstance(box.grad, Block) else _sign(box.grad, triangle_at, top + measure.ROW / 2),
        elements.rect(w, h, "none", rx=CORNER, stroke=theme.OUTLINE),
    ]
    return elements.group(place, parts)


def _tooltip(box: Box) -> str:
    """What a browser shows at the pointer: the label and the numbers in full."""
    grad, data = _in_full(box.grad), _in_full(box.data)
    label = shortened(visible(box.label), _LONGEST_TOOLTIP)
    return elements.title(f"{label}\ndata {data}\ngrad {grad}".lstrip())


def _in_full(x: Shown) -> str:
    if x is None:
        return "not computed"
    return f"{x.dtype} {described(x)}" if isinstance(x, Block) else repr(x)


def _header(box: Box, width: float) -> str:
    middle, right = measure.HEADER / 2 + 1, width - measure.PADDING
    color = theme.LEAF_HEADER if box.is_leaf else theme.CARD
    return (
        f'<path d="{_top(width, measure.HEADER)}" fill="{color}"/>'
        + elements.text(display(box.label), measure.PADDING, middle, theme.LABEL_SIZE, bold=True)
        + elements.text(box.operation, right, middle, theme.NUMBER_SIZE, theme.SOFT_INK, anchor="end")
    )


def _row(key: str, x: Shown, width: float, middle: float) -> str:
    """The word and the number behind it; of an array that is shown whole, the rows, with the columns aligned."""
    word = elements.text(key, measure.PADDING, middle, theme.NUMBER_SIZE, theme.KEY_INK)
    if not isinstance(x, Block) or not x.rows:
        return word + elements.text(written(x), width - measure.PADDING, middle, theme.NUMBER_SIZE, anchor="end")
    texts = [
        elements.text(
            numeral(number), left + across - measure.CELL_GAP / 2, middle + down, theme.NUMBER_SIZE, anchor="end"
        )
        for number, left, across, down in _grid(x, width)
    ]
    return word + "".join(texts)


def _cells(x: Shown, width: float, top: float, fill: Fill) -> str:
    """The colours behind the numbers of an array that is shown whole."""
    if not isinstance(x, Block):
        return ""
    above = (measure.ROW - measure.LINE) / 2
    cells = [
        f'<rect x="{n(left)}" y="{n(top + above + down)}" width="{n(across)}" height="{n(measure.LINE)}" '
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
    dtype = elements.text(block.dtype, measure.PADDING, middle, theme.NUMBER_SIZE, theme.SOFT_INK)
    shape = elements.text(
        str(block.shape), width - measure.PADDING, middle, theme.NUMBER_SIZE, theme.SOFT_INK, anchor="end"
    )
    return dtype + shape


def _top(w: float, h: float) -> str:
    """The outline of a card's top down to `h`, with its two round corners."""
    c = CORNER
    return f"M0 {n(h)}V{c}A{c} {c} 0 0 1 {c} 0H{n(w - c)}A{c} {c} 0 0 1 {n(w)} {c}V{n(h)}Z"


def _bottom(w: float, h: float, top: float) -> str:
    """The outline of a card's bottom from `top` on, with its two round corners."""
    c = CORNER
    return f"M0 {n(top)}H{n(w)}V{n(h - c)}A{c} {c} 0 0 1 {n(w - c)} {n(h)}H{c}A{c} {c} 0 0 1 0 {n(h - c)}Z"


def _sign(x: float | None, cx: float, cy: float) -> str:
    """A triangle that points up for a positive number, down for a negative one."""
    if x is None or not (x > 0 or x < 0):
        return ""
    tip, base = (cy - 3.5, cy + 3) if x > 0 else (cy + 3.5, cy - 3)
    return f'<path d="M{n(cx)} {n(tip)}L{n(cx - 3.8)} {n(base)}H{n(cx + 3.8)}Z" fill="{theme.line(x)}"/>'
