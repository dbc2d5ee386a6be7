"""Rows of text in aligned columns, as reports print them."""

import unicodedata
from collections.abc import Sequence


def aligned(rows: Sequence[Sequence[str]], alignment: str) -> list[str]:
    """The rows as lines; `alignment` has `<` or `>` for each column.

    >>> for line in aligned([["value", "grad"], ["x", "-3"], ["weight", "0.25"]], "<>"):
    ...     print(line)
    value   grad
    x         -3
    weight  0.25
    """
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(_padded, row, widths, alignment)).rstrip() for row in rows]


def _padded(cell: str, columns: int, side: str) -> str:
    space = " " * (columns - width(cell))
    return cell + space if side == "<" else space + cell


def width(text: str) -> int:
    """How many columns of a terminal the text takes: those of East Asian script are two wide, accents none."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)
