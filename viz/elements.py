"""The elements that SVG pictures are made of: groups, rectangles, lines of text, and the notes below."""

from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

from autograd.labels import visible
from viz import theme
from viz.engines import Place

NOTE_LEADING = 15.0

Note: TypeAlias = tuple[float, str]
"""A line under a picture: its width, and the SVG of it from the middle of its left end."""

_BASELINE = 0.36  # from the middle of a line of digits down to its baseline, in sizes of the type


def document(width: float, height: float, name: str, parts: list[str]) -> str:
    """A whole SVG of that size, on paper."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{n(width)}" height="{n(height)}" '
            f'viewBox="0 0 {n(width)} {n(height)}" role="img" xml:space="preserve" '
            f"font-family={quoteattr(theme.FONT_STACK)}>",
            title(name),
            f'<rect width="{n(width)}" height="{n(height)}" fill="{theme.PAPER}"/>',
            *parts,
            "</svg>\n",
        ]
    )


def note(words: str, x: float = 0.0) -> Note:
    """A line of text under a picture, after a space of `x`."""
    words = visible(words)
    return x + theme.text_width(words, theme.NOTE_SIZE), text(words, x, 0.0, theme.NOTE_SIZE, theme.SOFT_INK)


def note_with_colors(words: str) -> Note:
    """The same after the colours from the most negative number to the most positive."""
    swatches = []
    for i, share in enumerate((-1.0, -0.1, -0.01, 0.0, 0.01, 0.1, 1.0)):
        place = f'x="{n(i * 12)}" y="-5" width="12" height="10"'
        color = theme.fill(share, 1.0)
        swatches.append(f'<rect {place} fill="{color}" stroke="{theme.OUTLINE}" stroke-width="0.4"/>')
    width, line = note(words, 92.0)
    return width, "".join([*swatches, line])


def below(notes: list[Note], x: float, top: float) -> list[str]:
    """The notes one below the other."""
    return [
        f'<g transform="translate({n(x)},{n(top + NOTE_LEADING * (i + 0.5))})">{line}</g>'
        for i, (_, line) in enumerate(notes)
    ]


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
