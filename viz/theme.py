"""Colours and type: everything about the looks of a picture that is not geometry.

The gradient's sign is shown by hue, blue for positive and orange for negative, a pair that all common kinds of colour
blindness keep apart; and again by a triangle and the printed sign, which survive a black-and-white printer. Its size is
shown by the strength of the colour. Even the strongest fill leaves the dark text on it a contrast above 4.5 to 1.
"""

import math
import unicodedata

FONT = "DejaVu Sans"
FONT_STACK = "'DejaVu Sans', Verdana, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"

LABEL_SIZE, NUMBER_SIZE, EDGE_SIZE, NOTE_SIZE, SYMBOL_SIZE = 13.0, 11.0, 10.0, 9.5, 14.0

INK, KEY_INK, SOFT_INK, OUTLINE = "#1b2430", "#2f3947", "#5a6675", "#8792a2"
PAPER, CARD, LEAF_HEADER, CIRCLE, SUMMARY = "#ffffff", "#ffffff", "#eef1f5", "#f7f8fa", "#f4f5f7"
LIT, WRONG = "#ffe27a", "#f0648c"  # behind the step that is shown, and behind what is false
MARKS = {"lit": LIT, "wrong": WRONG}
FRAME = "#c3cad4"
NEUTRAL_FILL, NEUTRAL_LINE = "#f4f5f7", "#98a2b0"

_POSITIVE_FILLS = ((0xED, 0xF4, 0xFB), (0x7F, 0xB6, 0xE6))
_NEGATIVE_FILLS = ((0xFD, 0xF2, 0xE6), (0xF5, 0xAB, 0x5E))
POSITIVE_LINE, NEGATIVE_LINE = "#1f6cb0", "#c25a0a"

_DECADES = 4  # gradients this many powers of ten below the largest have the palest colour


def strength(x: float | None, largest: float) -> float:
    """How strong a colour shows `x`, from 0 to 1: logarithmic, so that one outlier doesn't pale all others.

    >>> strength(1.0, 1.0), strength(-0.01, 1.0), strength(0.0, 1.0), strength(None, 1.0)
    (1.0, 0.5, 0.0, 0.0)
    """
    if x is None or x == 0 or math.isnan(x):
        return 0.0
    if math.isinf(x) or abs(x) >= largest:
        return 1.0
    # The logarithms are taken apart because the quotient may underflow.
    return max(0.0, 1 + (math.log10(abs(x)) - math.log10(largest)) / _DECADES)


def fill(x: float | None, largest: float) -> str:
    """The colour behind a gradient: neutral where it is zero, not computed or not a number."""
    if x is None or x == 0 or math.isnan(x):
        return NEUTRAL_FILL
    pale, strong = _POSITIVE_FILLS if x > 0 else _NEGATIVE_FILLS
    t = strength(x, largest)
    return "#" + "".join(f"{round(a + (b - a) * t):02x}" for a, b in zip(pale, strong, strict=True))


def line(x: float | None) -> str:
    """The colour of an edge along which `x` flows back, and of the triangle that shows a sign."""
    if x is None or x == 0 or math.isnan(x):
        return NEUTRAL_LINE
    return POSITIVE_LINE if x > 0 else NEGATIVE_LINE


def largest(values: list[float | None]) -> float:
    """The largest finite size among the values, which the strongest colour stands for; 1 if there is none."""
    sizes = [abs(x) for x in values if x is not None and math.isfinite(x) and x != 0]
    return max(sizes, default=1.0)


# Advance widths of DejaVu Sans, in thousandths of its size, from the space to the tilde.
_WIDTHS = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
)  # fmt: skip
_WIDE, _OTHER = 1400, 1000  # no letter is wider than these


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide the text is in points, never less than it is drawn; layout engines guess, and clip or overflow.

    >>> text_width("data", 10.0) == (635 + 613 + 392 + 613) / 100
    True
    """
    thousandths = float(sum(_character_width(c) for c in text))
    if bold:  # measured: no letter of the bold face is wider than this
        thousandths = thousandths * 1.1 + 70 * len(text)
    return thousandths * size / 1000


def _character_width(c: str) -> int:
    code = ord(c)
    if code < 127:
        return _WIDTHS[code - 32]
    return _WIDE if code >= 0x1100 and (code >= 0x1F000 or unicodedata.east_asian_width(c) in "WF") else _OTHER
