"""The elements that SVG pictures are made of: groups, rectangles and lines of text."""

from xml.sax.saxutils import escape

from autograd.labels import visible
from viz import theme
from viz.engines import Place

_BASELINE = 0.36  # from the middle of a line of digits down to its baseline, in sizes of the type


def group(place: Place, parts: list[str]) -> str:
    """Parts drawn from the upper left corner of a place."""
    corner = f"{n(place.x - place.width / 2)},{n(place.y - place.height / 2)}"
    return f'<g transform="translate({corner})">{"".join(parts)}</g>'


def rect(width: float, height: float, fill: str, *, rx: float, stroke: str = "none", extra: str = "") -> str:
    """A rectangle in that corner, itself with round corners of the radius `rx`."""
    size = f'width="{n(width)}" height="{n(height)}" rx="{n(rx)}"'
    return f'<rect {size} fill="{fill}" stroke="{stroke}"{extra}/>'


def text(
    words: str,
    x: float,
    middle: float,
    size: float,
    color: str = theme.INK,
    *,
    anchor: str = "start",
    bold: bool = False,
) -> str:
    """A line of text, nothing for none; `middle` is how far down the middle of its digits is."""
    if not words:
        return ""
    y = middle + _BASELINE * size
    weight = ' font-weight="bold"' if bold else ""
    place = f'x="{n(x)}" y="{n(y)}" font-size="{size:g}" text-anchor="{anchor}"'
    return f'<text {place}{weight} fill="{color}">{escape(visible(words))}</text>'


def title(words: str) -> str:
    """What a browser shows at the pointer."""
    return f"<title>{escape(words)}</title>"


def n(x: float) -> str:
    """A coordinate or a length, in as few digits as do.

    >>> n(2.0), n(1 / 3)
    ('2', '0.33')
    """
    return f"{x:.2f}".rstrip("0").rstrip(".")
