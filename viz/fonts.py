"""The fonts that PNG and PDF are made with, and what is written for characters that none of them has.

An SVG is drawn with the fonts of whoever reads it. A PNG or a PDF has the glyphs in it, so they must be found here.
"""

import unicodedata
from functools import cache
from pathlib import Path

SERIF = "STIXGeneral"


def bundled() -> tuple[Path, Path, Path]:
    """The fonts that Matplotlib brings along, for a machine without any would draw no text.

    They are the two of our own pictures, and one as wide as Times, for which Graphviz makes room in its pictures.
    """
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return folder / "DejaVuSans.ttf", folder / "DejaVuSans-Bold.ttf", folder / f"{SERIF}.ttf"


def spelled_out(text: str) -> str:
    r"""The text with every character that no font has written as its code point, so that nothing is lost.

    >>> spelled_out("Σ é \U0010fffd")  # the last is for private use: no font has it
    'Σ é [U+10FFFD]'
    """
    return "".join(c if c.isascii() or is_drawable(c) else f"[U+{ord(c):04X}]" for c in text)


def is_drawable(c: str) -> bool:
    """Whether a font here has the character, or it is one of those that join others and are not drawn."""
    return unicodedata.category(c) == "Cf" or ord(c) in own_characters() or ord(c) in _system_characters()


@cache
def own_characters() -> frozenset[int]:
    """The code points that our pictures' font has in both its weights."""
    regular, bold, _ = bundled()
    return _characters(regular) & _characters(bold)


@cache
def _system_characters() -> frozenset[int]:
    """The code points that fonts of the system have, to which the PNG converter turns by itself."""
    from matplotlib.font_manager import findSystemFonts

    # A font of last resort claims every character and draws a box for each.
    files = [path for name in findSystemFonts() if "LastResort" not in (path := Path(name)).name]
    return frozenset().union(*map(_characters, [*bundled(), *files]))


def _characters(file: Path) -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(FT2Font(file).get_charmap())
    except (OSError, RuntimeError):  # a font that cannot be read draws nothing
        return frozenset()
