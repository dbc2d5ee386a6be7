"""Derivatives from a step in the imaginary direction, which loses no digits, for functions that take complex numbers.

For an analytic f, f(x + ih) = f(x) + ih·f'(x) - …: the imaginary part over h is the derivative, however short the step,
since nothing is subtracted (Squire and Trapp, SIAM Review 40 (1998) 110).
"""

import cmath
import math
import sys
import warnings
from collections.abc import Callable
from threading import RLock
from typing import Any

from numpy.exceptions import ComplexWarning

_STEPS = 2.0**-40, 2.0**-60  # relative to x: their squares are less than any rounding
_AGREEING = 16 * sys.float_info.epsilon
_discarding = RLock()  # the filters of warnings are the whole process's


def complex_step(f: Callable[[Any], Any], x: float, y: float) -> float | None:
    """The derivative of `f` at `x`, where its value is `y`; None where f takes no complex numbers, or is not analytic.

    An analytic function gives the same derivative for two steps, and its own value as the real part. That does not
    find out all that are not: the absolute value of a complex number is one.

    >>> complex_step(lambda x: 1e16 + x**3, 2.0, 1e16)
    12.0
    >>> complex_step(math.sin, 0.0, 0.0) is None
    True
    """
    slopes = []
    for relative in _STEPS:
        h = relative * (abs(x) or 1.0)
        try:
            with _discarding, warnings.catch_warnings():
                warnings.simplefilter("error", ComplexWarning)  # NumPy's float(z) takes the real part, and goes on
                z = complex(f(complex(x, h)))
            slopes.append(z.imag / h)
        except Exception:  # whatever f has against complex numbers
            return None
        if not (cmath.isfinite(z) and math.isclose(z.real, y, rel_tol=_AGREEING, abs_tol=h)):
            return None
    return slopes[0] if math.isclose(*slopes, rel_tol=_AGREEING) else None
