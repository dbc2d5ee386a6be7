"""Numbers and arrays as pictures and tables print them: exact where that is short, else rounded or summed up."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_EXACT_LENGTH = 6  # characters of repr that are still quicker to read than a rounded number
_CONSTANT_LENGTH = 10
NOT_COMPUTED = "—"
_IN_A_LINE = 6  # elements of an array that are written whole
_IN_A_FORMULA = 3
_IN_A_CARD, _LONGEST_AXIS = 12, 4  # where there is room for rows


def numeral(x: Any) -> str:
    """A number for people: `4` for 4.0, `0.1192` for 0.11920292, `—` for None, which means: not computed.

    An array of up to six numbers is written whole; of a larger one its shape, mean and standard deviation, and how many
    of its numbers are not finite. float64 goes without saying.

    >>> [numeral(x) for x in (4.0, -3.0, 0.11920292, 1234.5678, 2e7 / 3, 1e-300, float("nan"), -0.0, None)]
    ['4', '-3', '0.1192', '1234.6', '6.667e6', '1e-300', 'nan', '-0', '—']
    >>> numeral(np.array([[1.0, 2.0], [0.5, -1 / 3]])), numeral(np.arange(12, dtype=np.float32).reshape(3, 4))
    ('[[1, 2], [0.5, -0.3333]]', 'float32 (3, 4), mean 5.5 ± 3.45')
    """
    if x is None:
        return NOT_COMPUTED
    if isinstance(x, np.ndarray) and x.ndim:
        if is_short(x):
            return _in_brackets(x)
        kind = f"{x.shape}" if x.dtype == np.float64 else f"{x.dtype} {x.shape}"
        return f"{kind}, {spread(x)}"
    x = float(x)
    exact = tidy(repr(x))
    if len(exact.lstrip("-")) <= _EXACT_LENGTH:
        return exact
    size = abs(x)
    if 1e4 <= size < 1e6:
        return f"{x:.0f}"
    return tidy(f"{x:.5g}" if 1e3 <= size < 1e4 else f"{x:.4g}")


def is_short(x: Any) -> bool:
    """Whether a number or array fits into a line whole."""
    return 0 < np.size(x) <= _IN_A_LINE


def spread(x: Array, digits: int = 3) -> str:
    """The mean and the standard deviation of an array's finite numbers, and how many are not finite.

    >>> spread(np.array([1.0, 3.0])), spread(np.array([np.nan, 2.0, np.nan, -np.inf])), spread(np.ones((0, 3)))
    ('mean 2 ± 1', 'all else 2, 2 nan, 1 -inf', 'empty')
    """
    if not x.size:
        return "empty"
    counts = {"nan": np.isnan(x).sum(), "inf": np.isposinf(x).sum(), "-inf": np.isneginf(x).sum()}
    others = [f"{n:,} {what}" for what, n in counts.items() if n]
    finite = x[np.isfinite(x)].astype(np.float64)
    if not finite.size:
        return f"all {next(what for what, n in counts.items() if n)}" if len(others) == 1 else ", ".join(others)
    scale = float(np.abs(finite).max()) or 1.0  # against overflow
    if finite.min() == finite.max():
        typical = f"all {'else ' if others else ''}{numeral(finite[0])}"
    else:
        share = finite / scale
        typical = f"mean {_short(share.mean() * scale, digits)} ± {_short(share.std() * scale, digits)}"
    return ", ".join([typical, *others])


def brief(x: Any) -> str:
    """As `numeral`, without the shape of an array."""
    return numeral(x) if x is None or is_short(x) else spread(x)


def norm(x: Any) -> float:
    """The size of a number, or of an array: the square root of the sum of the squares, without overflow."""
    if isinstance(x, float):
        return abs(x)
    sizes = np.abs(np.asarray(x, np.float64))
    largest = float(sizes.max(initial=0.0))
    if not largest or not math.isfinite(largest):
        return largest
    return largest * float(np.sqrt(np.square(sizes / largest).sum()))


def rows(x: Array) -> list[list[float]]:
    """The rows of a small array of one or two axes, to be written whole; none if it is larger.

    >>> rows(np.eye(2)), rows(np.arange(3.0)), rows(np.ones((5, 5)))
    ([[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0, 2.0]], [])
    """
    fits = is_short(x) or (x.size <= _IN_A_CARD and max(x.shape) <= _LONGEST_AXIS)
    found: list[list[float]] = np.atleast_2d(x).astype(float).tolist() if x.size and x.ndim <= 2 and fits else []
    return found


def setting(x: Any) -> str:
    """A setting of an operation, such as an axis, a shape or an index, as a program writes it.

    >>> setting((slice(1, None), ..., 0)), setting((2, 3)), setting(np.arange(9))
    ('(1:, …, 0)', '(2, 3)', 'int64 (9,)')
    """
    if isinstance(x, tuple):
        return f"({', '.join(map(setting, x))}{',' if len(x) == 1 else ''})"
    if isinstance(x, slice):
        parts = ["" if each is None else str(each) for each in (x.start, x.stop, x.step)]
        return ":".join(parts if parts[2] else parts[:2])
    if isinstance(x, np.ndarray):
        return str(x.tolist()) if is_short(x) else f"{x.dtype} {x.shape}"
    if x is ...:
        return "…"
    return tidy(repr(x)) if isinstance(x, float) else str(x) if isinstance(x, np.generic) else repr(x)


def constant(x: Any) -> str:
    """A constant of an operation, where a rounded number would be another one: exact if that is short, else with `≈`.

    >>> [constant(x) for x in (2.0, 1.0000001, 1 / 3, 1e10, float("nan"), np.array([1.0, 2.0]), np.ones((4, 5)))]
    ['2', '1.0000001', '≈0.3333', '1e10', 'nan', '[1, 2]', 'array (4, 5)']
    """
    if isinstance(x, np.ndarray) and x.ndim:
        return _in_brackets(x, constant) if 0 < x.size <= _IN_A_FORMULA else f"array {x.shape}"
    rounded, exact = numeral(x), tidy(repr(float(x)))
    if rounded == exact or float(rounded) == x:
        return rounded
    return exact if len(exact.lstrip("-")) <= _CONSTANT_LENGTH else f"≈{rounded}"


def count(n: int, noun: str) -> str:
    """A counted noun: `1,234 operations`, `1 leaf`.

    >>> count(1234, "operation"), count(1, "leaf"), count(2, "leaf")
    ('1,234 operations', '1 leaf', '2 leaves')
    """
    plural = "leaves" if noun == "leaf" else noun + "s"
    return f"{n:,} {noun if n == 1 else plural}"


def _in_brackets(x: Any, write: Callable[[float], str] = numeral) -> str:
    """`[[1, 2], [3, 4]]`."""
    if isinstance(x, np.ndarray) and x.ndim:
        return f"[{', '.join(_in_brackets(each, write) for each in x)}]"
    return write(float(x))


def _short(x: float, digits: int) -> str:
    return numeral(float(f"{x:.{digits}g}"))


def tidy(text: str) -> str:
    """Without what carries no information: a trailing `.0`, and the `+` and the zeros of an exponent."""
    mantissa, e, exponent = text.partition("e")
    mantissa = mantissa.removesuffix(".0")
    return f"{mantissa}e{int(exponent)}" if e else mantissa
