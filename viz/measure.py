"""How big each part of a picture is, from its texts: what the layout engine and the drawing must agree on."""

from typing import NamedTuple

from autograd.labels import display
from viz import theme
from viz.blocks import Block, Shown, written
from viz.parts import Box, Circle, Summary

PADDING = 9.0
HEADER, ROW, LINE = 22.0, 18.0, 15.0
CELL_GAP = 8.0
_NARROWEST, _DIAMETER = 74.0, 26.0
_KEY_GAP = 14.0  # between the word `grad`, or the triangle behind it, and the number
TRIANGLE = 10.0


class Size(NamedTuple):
    """Width and height in points."""

    width: float
    height: float


def box_size(box: Box) -> Size:
    """A card: a header with label and operation if it has any, then a row for the number and one for the gradient.

    An array has a row for its dtype and shape, and as many for its numbers as it has itself, if it is shown whole.
    """
    keys = theme.text_width("grad", theme.NUMBER_SIZE) + TRIANGLE
    rows = keys + _KEY_GAP + max(_width(box.data), _width(box.grad))
    block = kind(box)
    if block is not None:
        dtype_and_shape = theme.text_width(f"{block.dtype}{block.shape}", theme.NUMBER_SIZE)
        rows = max(rows, dtype_and_shape + _KEY_GAP)
    header = theme.text_width(display(box.label), theme.LABEL_SIZE, bold=True)
    if box.operation:
        header += theme.text_width(box.operation, theme.NUMBER_SIZE) + (10.0 if box.label else 0.0)
    height = rows_height(box.data) + rows_height(box.grad) + (ROW if block else 0.0)
    height += HEADER if box.label or box.operation else 0.0
    return Size(max(_NARROWEST, rows + 2 * PADDING, header + 2 * PADDING), height)


def kind(box: Box) -> Block | None:
    """The array whose dtype and shape the card shows."""
    return next((x for x in (box.data, box.grad) if isinstance(x, Block)), None)


def columns(block: Block) -> list[float]:
    """The widths of the columns of an array that is shown whole."""
    texts = zip(*[map(written, row) for row in block.rows], strict=True)
    return [max(theme.text_width(text, theme.NUMBER_SIZE) for text in column) + CELL_GAP for column in texts]


def rows_height(x: Shown) -> float:
    """The height of a number in a card, or of the rows of an array."""
    return ROW + LINE * (len(x.rows) - 1) if isinstance(x, Block) and x.rows else ROW


def _width(x: Shown) -> float:
    if isinstance(x, Block) and x.rows:
        return sum(columns(x))
    return theme.text_width(written(x), theme.NUMBER_SIZE)


def circle_size(circle: Circle) -> Size:
    """A circle for a symbol, a pill for what is longer."""
    if len(circle.symbol) == 1:
        return Size(_DIAMETER, _DIAMETER)
    return Size(max(_DIAMETER, theme.text_width(circle.symbol, theme.NUMBER_SIZE) + 16.0), _DIAMETER)


def summary_size(summary: Summary) -> Size:
    """A box with a title and smaller lines under it."""
    title = theme.text_width(summary.title, theme.NUMBER_SIZE, bold=True)
    details = [theme.text_width(text, theme.NOTE_SIZE) for text in summary.details]
    return Size(max(title, *details, 0.0) + 2 * PADDING, 24.0 + 14.0 * len(details) + (4.0 if details else 0.0))
