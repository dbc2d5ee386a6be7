"""Choosing and rounding: operations whose derivative is a choice at some points and zero or one elsewhere."""

import math
from typing import Any

import numpy as np

from autograd import numbers
from autograd.define import define
from autograd.notation import ATOM, BARS, COMPARE, Notation

abs = define(
    "abs",
    lambda m, x: m.abs(x),
    lambda m, x, out: m.sign(x),
    notation=BARS,
    kinks=[lambda m, x: x],
)
sign = define(
    "sign",
    lambda m, x: m.where(x > 0.0, 1.0, m.where(x < 0.0, -1.0, 0.0)),
    lambda m, x, out: 0.0,
    kinks=[lambda m, x: x],
)
copysign = define(
    "copysign",
    lambda m, x, y: m.copysign(x, y),
    lambda m, x, y, out: m.where(x == 0.0, 0.0, out / m.where(x == 0.0, 1.0, x)),
    lambda m, x, y, out: 0.0,
    kinks=[lambda m, x, y: x, lambda m, x, y: y],
)

floor = define(
    "floor",
    lambda m, x: m.floor(x),
    lambda m, x, out: 0.0,
    notation=Notation("⌊{0}⌋", r"\lfloor {0} \rfloor", ATOM, (COMPARE,)),
    kinks=[lambda m, x: x - m.round(x)],
)
ceil = define(
    "ceil",
    lambda m, x: m.ceil(x),
    lambda m, x, out: 0.0,
    notation=Notation("⌈{0}⌉", r"\lceil {0} \rceil", ATOM, (COMPARE,)),
    kinks=[lambda m, x: x - m.round(x)],
)
trunc = define("trunc", lambda m, x: m.trunc(x), lambda m, x, out: 0.0, kinks=[lambda m, x: x - m.round(x)])
round = define(
    "round", lambda m, x: m.round(x), lambda m, x, out: 0.0, kinks=[lambda m, x: m.abs(x - m.trunc(x)) - 0.5]
)

maximum = define(
    "maximum",
    lambda m, x, y: m.maximum(x, y),
    lambda m, x, y, out: m.where(x == y, 0.5, m.where(x < y, 0.0, 1.0)),
    lambda m, x, y, out: m.where(x == y, 0.5, m.where(y < x, 0.0, 1.0)),
    kinks=[lambda m, x, y: x - y],
)
minimum = define(
    "minimum",
    lambda m, x, y: m.minimum(x, y),
    lambda m, x, y, out: m.where(x == y, 0.5, m.where(x > y, 0.0, 1.0)),
    lambda m, x, y, out: m.where(x == y, 0.5, m.where(y > x, 0.0, 1.0)),
    kinks=[lambda m, x, y: x - y],
)
fmax = define(
    "fmax",
    lambda m, x, y: m.fmax(x, y),
    lambda m, x, y, out: m.where((x >= y) | (y != y), 1.0, 0.0),
    lambda m, x, y, out: m.where((x >= y) | (y != y), 0.0, 1.0),
    kinks=[lambda m, x, y: x - y],
)
fmin = define(
    "fmin",
    lambda m, x, y: m.fmin(x, y),
    lambda m, x, y, out: m.where((x <= y) | (y != y), 1.0, 0.0),
    lambda m, x, y, out: m.where((x <= y) | (y != y), 0.0, 1.0),
    kinks=[lambda m, x, y: x - y],
)
clamp = define(
    "clamp",
    lambda m, x, min=-math.inf, max=math.inf: m.minimum(m.maximum(x, min), max),
    lambda m, x, min, max, out: m.where((x >= min) & (x <= max) & (min < max), 1.0, 0.0),
    lambda m, x, min, max, out: m.where((x < min) & (min <= max), 1.0, 0.0),
    lambda m, x, min, max, out: m.where((x > max) | (min > max), 1.0, 0.0),
    kinks=[lambda m, x, min, max: x - min, lambda m, x, min, max: x - max, lambda m, x, min, max: min - max],
)
_where = define(
    "where",
    lambda m, condition, x, y: m.where(condition, x, y),
    lambda m, condition, x, y, out: 0.0,
    lambda m, condition, x, y, out: m.where(condition, 1.0, 0.0),
    lambda m, condition, x, y, out: m.where(condition, 0.0, 1.0),
    kinks=[lambda m, condition, x, y: condition],
)
lerp = define(
    "lerp",
    lambda m, x, y, weight: m.where(weight < 0.5, x + weight * (y - x), y - (y - x) * (1.0 - weight)),
    lambda m, x, y, weight, out: 1.0 - weight,
    lambda m, x, y, weight, out: weight,
    lambda m, x, y, weight, out: y - x,
)


def where(condition: Any, x: Any, y: Any) -> Any:
    """`x` where the condition holds, else `y`; the gradient goes to the one that was chosen.

    The condition may be an array of bools: all three are broadcast together. No gradient flows through it.

    Both are computed before the choice, so a nan local derivative behind the one that was not chosen still spoils the
    gradient, as in PyTorch: give that one a safe operand too, as in `where(x > 0, log(where(x > 0, x, 1)), 0)`.

    >>> where(2.0 > 1.0, 10.0, 20.0)
    10.0
    >>> where([True, False], np.array([1.0, 2.0]), 0.0)
    array([1., 0.])
    """
    if hasattr(condition, "apply_op"):
        condition = condition.data
    if np.ndim(condition):
        return _where(np.array(condition, dtype=bool), x, y)
    if not isinstance(condition, (bool, np.bool_)) and np.asarray(condition).dtype.kind != "b":
        condition = numbers.number(condition, "where, condition")
    return _where(1.0 if condition else 0.0, x, y)


def clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:  # noqa: A002
    """`clamp` with NumPy's names: at least `a_min` (or `min`) and at most `a_max` (or `max`); None is no bound.

    >>> clip(np.array([-2.0, 0.5, 3.0]), 0.0, 1.0)
    array([0. , 0.5, 1. ])
    """
    if not (a_min is None or min is None) or not (a_max is None or max is None):
        raise TypeError("clip: a bound is given once, as a_min and a_max or as min and max")
    low, high = (min if a_min is None else a_min), (max if a_max is None else a_max)
    return clamp(a, -math.inf if low is None else low, math.inf if high is None else high)
