"""The float namespace: what an operation's definition is read with to get numbers.

Python's `math` raises where IEEE 754 has an answer (`log(0)` is -inf, `1 / 0` is inf). A definition is therefore read
with `FLOATS`, which is quick, and where that raises it is read again with `ARRAYS`, on NumPy's floats.
"""

import math
import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from autograd import special
from autograd.labels import shown

type_error_hints: dict[type, str] = {
    bool: "write 1.0 or 0.0",
    np.bool_: "write 1.0 or 0.0",
    complex: "take its .real or .imag",
    np.complexfloating: "take its .real or .imag",
    str: "convert it with float(...)",
    bytes: "convert it with float(...)",
    list: "an operand is one number; sum, dot, max and their like take one flat list",
    tuple: "an operand is one number; sum, dot, max and their like take one flat list",
    type(None): "did a function forget to return its result?",
}


def number(x: Any, where: str) -> float:
    """The float that `x` stands for; `where` begins the TypeError's message if it stands for none.

    >>> number(np.float32(0.5), "here"), number(3, "here"), number(np.array(2.0), "here")
    (0.5, 3.0, 2.0)
    >>> number(True, "tanh(x)")
    Traceback (most recent call last):
    TypeError: tanh(x): expected a number or a Value, got the bool True; write 1.0 or 0.0
    """
    if type(x) is float:
        return x
    if isinstance(x, (float, int, np.floating, np.integer)) and not isinstance(x, bool):
        try:
            return float(x)
        except OverflowError:
            raise OverflowError(f"{where}: {_shortened(x)} is beyond the largest float, 1.8e308") from None
    if hasattr(x, "apply_op"):
        raise TypeError(f"{where}: expected a plain number, got {shown(x)}; take its .data")
    if isinstance(x, np.ndarray):
        if x.ndim == 0 and x.dtype.kind in "fiu":
            return float(x)
        got, hint = f"an array of shape {x.shape} and dtype {x.dtype}", "take one element, or make a Value of each"
    else:
        got = f"the {type(x).__name__} {_shortened(x)}"
        hints = (hint for kind, hint in type_error_hints.items() if isinstance(x, kind))
        hint = next(hints, "convert it with float(...)")
    raise TypeError(f"{where}: expected a number or a Value, got {got}; {hint}")


def _shortened(x: object, most: int = 40) -> str:
    text = repr(x)
    return text if len(text) <= most else text[: most - 1] + "…"


def as_numpy(definition: Callable[..., Any], arrays: Any, arguments: Sequence[Any]) -> Any:
    """What `definition` gives for NumPy's floats, which follow IEEE 754 throughout; as Python's floats again."""
    with np.errstate(all="ignore"):
        return _to_floats(definition(arrays, *_to_numpy(arguments)))


def _to_numpy(x: Any) -> Any:
    return [_to_numpy(item) for item in x] if isinstance(x, (tuple, list)) else np.float64(x)


def _to_floats(x: Any) -> Any:
    return [_to_floats(item) for item in x] if isinstance(x, (tuple, list)) else float(x)


def _keeping_sign(to_integer: Callable[[float], int]) -> Callable[[float], float]:
    """`math.floor` and its kin as functions to float: infinities, nan and -0.0 stay what they are."""
    return lambda x: math.copysign(to_integer(x), x) if math.isfinite(x) else x


def _maximum(x: float, y: float) -> float:
    """`numpy.maximum` for floats: a nan wins."""
    return x if x >= y or x != x else y


def _minimum(x: float, y: float) -> float:
    return x if x <= y or x != x else y


def _fmax(x: float, y: float) -> float:
    """`numpy.fmax` for floats: a nan loses."""
    return x if x >= y or y != y else y


def _fmin(x: float, y: float) -> float:
    return x if x <= y or y != y else y


def _sum(x: Sequence[float]) -> float:
    """The sum, correctly rounded, even where a partial sum overflows and the whole does not."""
    try:
        return math.fsum(x)
    except OverflowError:
        from fractions import Fraction  # seldom needed, and slow to import

        return float(sum(map(Fraction, x)))


def _dot(x: Sequence[float], y: Sequence[float]) -> float:
    try:
        return math.fsum(map(operator.mul, x, y))
    except OverflowError:
        return _sum(list(map(operator.mul, x, y)))


def _sum_less_one(x: Sequence[float]) -> float:
    """The sum less 1, to the last digit also where the sum is about 1."""
    return _sum([*x, -1.0])


def _shift(x: Sequence[float]) -> float:
    """What to subtract from all elements, so that exp cannot overflow: the greatest, if it is finite."""
    greatest = max(x)
    return greatest if math.isfinite(greatest) else 0.0


def _shift_of_arrays(x: Sequence[Any]) -> Any:
    greatest = np.max(x, axis=0)
    return np.where(np.isfinite(greatest), greatest, 0.0)


# fmt: off
_FROM_MATH = (
    "sqrt", "cbrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos",
    "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc", "pow", "atan2", "hypot", "fmod",
    "copysign", "prod",
)
# fmt: on
_FROM_SPECIAL = ("erfinv", "lgamma", "digamma", "polygamma", "spherical_jn")

FLOATS: dict[str, Callable[..., Any]] = {
    **{name: getattr(math, name) for name in _FROM_MATH},
    **{name: getattr(special, name) for name in _FROM_SPECIAL},
    "abs": abs,
    "sum": _sum,
    "sum_less_one": _sum_less_one,
    "max": lambda x: reduce(_maximum, x),
    "min": lambda x: reduce(_minimum, x),
    "dot": _dot,
    "norm": lambda x: math.hypot(*x),
    "shift": _shift,
    "where": lambda condition, x, y: x if condition else y,
    "floor": _keeping_sign(math.floor),
    "ceil": _keeping_sign(math.ceil),
    "trunc": _keeping_sign(math.trunc),
    "round": _keeping_sign(round),
    "maximum": _maximum,
    "minimum": _minimum,
    "fmax": _fmax,
    "fmin": _fmin,
}

ARRAYS: dict[str, Callable[..., Any]] = {
    **{name: getattr(np, name, None) or special.of_arrays(name) for name in FLOATS if name not in _FROM_SPECIAL},
    "norm": np.linalg.norm,
    "shift": _shift_of_arrays,
    "sum_less_one": lambda x: np.sum(x) - 1.0,
    **{name: np.vectorize(getattr(special, name), otypes=[float]) for name in _FROM_SPECIAL},
}
