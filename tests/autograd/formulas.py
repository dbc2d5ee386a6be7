"""Printed formulas, computed: what a local derivative in symbols comes to."""

import re
from collections.abc import Callable
from typing import Any

from tests.autograd.oracle import OPS

FROM_SYMBOLS = str.maketrans(
    {"·": "*", "^": "**", "²": "**2", "√": " sqrt", "∛": " cbrt", "≤": "<=", "≥": ">=", "≠": "!="}
)
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{op.name: (lambda *x, op=op: op(x)) if op.over_lists else op for op in OPS.values()},
    "where": lambda condition, x, y: x if condition else y,
}


def number(formula: str, operands: dict[str, float]) -> float:
    """What a printed formula comes to: it is turned into Python's own notation and computed."""
    source = re.sub(r"⌊(.*?)⌋", r"floor(\1)", re.sub(r"ψ⁽(.*?)⁾\(", r"polygamma(\1, ", formula))
    source = re.sub(
        r"\bj_(maximum\(.*?\)|\(.*?\)|\w+)\(", r"spherical_jn(\1, ", re.sub(r"\|(.*?)\|", r"abs(\1)", source)
    )
    source = re.sub(r"(?<![<>=!≤≥])=(?!=)", "==", source).translate(FROM_SYMBOLS)
    result: float = eval(source, {"__builtins__": {}}, {**FUNCTIONS, **operands})
    return result
