"""PRECISE: what definitions are read with to get mpmath's numbers, to as many digits as are asked for.

A definition is taken as it stands: its constants are floats, such as `math.sqrt(0.5)`, and a series ends where it is
good enough for floats (`tanhshrink`). A reading with 50 digits is exact for these, and so shows what floats lose on the
way, but not how far the constants are rounded.

>>> from mpmath import mp
>>> with mp.workdps(30):
...     print(PRECISE.sigmoid(number(1.0)))
0.731058578630004879251159241822
"""

from collections.abc import Callable, Sequence
from typing import Any

try:
    from mpmath import mp, mpf
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("numbers of any precision need mpmath: pip install 'chainrule[testing]'") from error

from autograd.namespaces import Namespace

Number = Any


def number(x: float) -> Number:
    """`x` as mpmath's number, to the last digit."""
    return mpf(x)


def _cbrt(x: Number) -> Number:
    return mp.sign(x) * mp.cbrt(abs(x))


def _trunc(x: Number) -> Number:
    return mp.sign(x) * mp.floor(abs(x))


def _larger(x: Number, y: Number) -> Number:
    return x if x >= y else y


def _smaller(x: Number, y: Number) -> Number:
    return x if x <= y else y


def _spherical_jn(n: Number, x: Number) -> Number:
    if x == 0:
        return mpf(n == 0)
    parity = (-1) ** int(n) if x < 0 else 1
    return parity * mp.sqrt(mp.pi / (2 * abs(x))) * mp.besselj(n + mpf(1) / 2, abs(x))


def _dot(x: Sequence[Number], y: Sequence[Number]) -> Number:
    return mp.fsum(a * b for a, b in zip(x, y, strict=True))


# fmt: off
_FROM_MPMATH = (
    "sqrt", "exp", "expm1", "log", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh",
    "asinh", "acosh", "atanh", "atan2", "hypot", "erf", "erfc", "erfinv", "floor", "ceil",
)
# fmt: on

FUNCTIONS: dict[str, Callable[..., Number]] = {
    **{name: getattr(mp, name) for name in _FROM_MPMATH},
    "abs": abs,
    "pow": mp.power,
    "fmod": lambda x, y: x - y * _trunc(mpf(x) / y),
    "cbrt": _cbrt,
    "exp2": lambda x: mpf(2) ** x,
    "log2": lambda x: mp.log(x) / mp.log(2),
    "log10": lambda x: mp.log(x) / mp.log(10),
    "copysign": lambda x, y: abs(x) if y >= 0 else -abs(x),
    "trunc": _trunc,
    "round": mp.nint,
    "maximum": _larger,
    "minimum": _smaller,
    "fmax": _larger,
    "fmin": _smaller,
    "where": lambda condition, x, y: x if condition else y,
    "lgamma": lambda x: mp.re(mp.loggamma(x)),
    "digamma": lambda x: mp.psi(0, x),
    "polygamma": lambda n, x: mp.psi(int(n), x),
    "spherical_jn": _spherical_jn,
    "sum": mp.fsum,
    "sum_less_one": lambda x: mp.fsum(x) - 1,
    "max": max,
    "min": min,
    "prod": mp.fprod,
    "dot": _dot,
    "norm": lambda x: mp.sqrt(_dot(x, x)),
    "shift": max,
}

PRECISE = Namespace(FUNCTIONS)
