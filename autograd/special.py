"""Special functions of floats that Python's `math` lacks: SciPy's, but where those lose digits or never end.

SciPy is imported when the first of them is used.
"""

import math
from collections.abc import Callable
from functools import cache, reduce
from typing import Any

import numpy as np


@cache
def _scipy(name: str) -> Callable[..., Any]:
    import scipy.special

    function: Callable[..., Any] = getattr(scipy.special, name)
    return function


def of_arrays(name: str) -> Callable[..., Any]:
    """A function of `scipy.special` as it is, for arrays."""
    return lambda *operands: _scipy(name)(*operands)


def erfinv(x: float) -> float:
    """The inverse of erf."""
    return float(_scipy("erfinv")(x))


def lgamma(x: float) -> float:
    """ln|Γ(x)|. Near its zeros, 1 and 2, only SciPy's complex function keeps the digits: it has a series there."""
    if 0.0 < abs(x) < 1e-300:  # Γ(x) is 1/x, which may be infinite
        return -math.log(abs(x))
    if abs(x - 1.0) < 0.2 or abs(x - 2.0) < 0.2:
        return float(_scipy("loggamma")(complex(x)).real) + 0.0  # -0.0 + 0.0 is 0.0
    return float(_scipy("gammaln")(abs(x) if x == -math.inf else x))


def digamma(x: float) -> float:
    """ψ(x), the derivative of ln Γ(x)."""
    return float(_scipy("digamma")(x))


def polygamma(n: float, x: float) -> float:
    """ψ⁽ⁿ⁾(x); nan for an order that is not a whole number from 0 on.

    Left of 0 by reflection, DLMF 5.15.6: SciPy's sum has as many terms there as x is large.
    """
    if not (0.0 <= n < 171.0 and float(n).is_integer()):  # 171! is beyond the floats
        return math.nan
    if n > 0.0 and -math.inf < x < 0.0 and not x.is_integer():
        sign = -1.0 if n % 2.0 else 1.0
        return sign * polygamma(n, 1.0 - x) - _cotangent_derivative(int(n), x)
    with np.errstate(all="ignore"):
        return float(_scipy("polygamma")(n, x))


def _cotangent_derivative(n: int, x: float) -> float:
    """The n-th derivative of π·cot(πx), a polynomial in c = cot(πx): the derivative of c is -π(1 + c²)."""
    r = x - round(x)
    c = 1.0 / math.tan(math.pi * r) if abs(r) < 0.25 else math.tan(math.pi * (math.copysign(0.5, r) - r))
    coefficients = [0.0, 1.0]
    for _ in range(n):
        slope = [i * a for i, a in enumerate(coefficients)][1:]
        coefficients = [-a - b for a, b in zip([*slope, 0.0, 0.0], [0.0, 0.0, *slope], strict=True)]
    return math.pi ** (n + 1) * reduce(lambda total, a: total * c + a, reversed(coefficients))


def spherical_jn(n: float, x: float) -> float:
    """j_n(x). Near 0 by the power series, DLMF 10.53.1: the recurrence that SciPy uses cancels there.

    That takes a step for each order. From order 100,000 on it is 0 for |x| < n/2, where it underflows, else nan.
    """
    if not 0.0 <= n < 100_000:
        return 0.0 if abs(x) < n / 2.0 < math.inf else math.nan
    order = int(n)
    if not (0.0 < abs(x) < math.sqrt(2.0 * order + 3.0) and order <= 20):
        return float(_scipy("spherical_jn")(order, x))
    term = series = 1.0
    for k in range(1, 20):
        term *= -0.5 * x * x / (k * (2 * order + 2 * k + 1))
        series += term
    return math.prod(x / (2 * i + 1) for i in range(1, order + 1)) * series
