"""How big each part of a picture is, from its texts: what the layout engine and the drawing must agree on."""

from typing import NamedTuple

from autograd.labels import display
from autograd.numerals import numeral
from viz import theme
from viz.diagram import Box, Circle, Summary

PADDING = 9.0
HEADER, ROW = 22.0, 18.0
_NARROWEST, _DIAMETER = 74.0, 26.0
_KEY_GAP = 14.0  # between the word `grad`, or the triangle behind it, and the number
TRIANGLE = 10.0


class Size(NamedTuple):
    """Width and height in points."""

    width: float
    height: float


def box_size(box: Box) -> Size:
    """A card: a header with label and operation if it has any, then a row for the number and one for the gradient."""
    numbers = max(theme.text_width(numeral(x), theme.NUMBER_SIZE) for x in (box.data, box.grad))
    keys = theme.text_width("grad", theme.NUMBER_SIZE) + TRIANGLE
    rows = keys + _KEY_GAP + numbers
    header = theme.text_width(display(box.label), theme.LABEL_SIZE, bold=True)
    if box.operation:
        header += theme.text_width(box.operation, theme.NUMBER_SIZE) + (10.0 if box.label else 0.0)
    height = 2 * ROW + (HEADER if box.label or box.operation else 0.0)
    return Size(max(_NARROWEST, rows + 2 * PADDING, header + 2 * PADDING), height)


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
