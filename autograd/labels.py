"""Labels made fit to show: whatever a label holds, it comes out as one visible line that steers nothing."""

import unicodedata
from typing import Any

LONGEST = 60

_SHOWN_AS = {"\n": "↵", "\t": " "}
# Format characters join emoji and shape Arabic and Indic script, so they stay, except those that reorder other text.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cs", "Cn", "Zl", "Zp"})


def visible(text: str) -> str:
    r"""The text with every character that is none (controls, lone surrogates, reordering marks) written as an escape.

    >>> print(visible("a\nb\x1b[31m"))
    a↵b\x1b[31m
    """
    return "".join(_visible_character(c) for c in text)


def shortened(text: str, longest: int = LONGEST) -> str:
    """The text if it is short, else its beginning and its end around an ellipsis.

    >>> shortened("a_label_that_goes_on_and_on_and_on_for_ever", 20)
    'a_label_that…or_ever'
    """
    if len(text) <= longest:
        return text
    end = (longest - 1) * 2 // 5
    return text[: longest - 1 - end] + "…" + text[len(text) - end :]


def shown(node: Any) -> str:
    """How an error names a node: a Value as it is, a Tensor, which may hold many numbers, by its label and shape."""
    if not hasattr(node, "shape"):
        return repr(node)
    return f"Tensor {node.label!r} of shape {node.shape}" if node.label else f"Tensor of shape {node.shape}"


def display(text: str) -> str:
    """One short visible line for a label."""
    return shortened(visible(text))


def _visible_character(c: str) -> str:
    if c in _SHOWN_AS:
        return _SHOWN_AS[c]
    if c in _REORDERING or unicodedata.category(c) in _UNSAFE_CATEGORIES:
        return c.encode("unicode_escape").decode("ascii")
    return c
