"""At the extremes, where textbook forms overflow, underflow or cancel, value and gradient are right to a few ulps.

No allowance is made here for rounding of the operands: the result is compared with the exact one for these very floats.
"""

import math
import warnings
from typing import Any

import pytest
from mpmath import mp

from autograd import NonFiniteWarning, Value, registry
from tests.autograd import oracle

FEW = 4
HUGE, SMALL, NEXT_TO_1 = 1e300, 1e-300, math.nextafter(1.0, 0.0)

# Each list holds points; a point holds the operands, for an operation over lists the elements of the list.
EXTREMES: dict[str, list[tuple[float, ...]]] = {
    "sigmoid": [(1000.0,), (-1000.0,), (700.0,), (-700.0,), (-40.0,), (40.0,), (1e-20,)],
    "softplus": [(800.0,), (-800.0,), (-700.0,), (40.0,), (-40.0,), (HUGE,)],
    "logsigmoid": [(-1e4,), (1e4,), (700.0,), (-700.0,), (-HUGE,), (40.0,)],
    "log1p": [(SMALL,), (-SMALL,), (1e-17,), (-NEXT_TO_1,), (HUGE,)],
    "expm1": [(1e-12,), (-1e-12,), (SMALL,), (-50.0,), (-800.0,), (700.0,)],
    "tanh": [(50.0,), (-50.0,), (350.0,), (19.0,), (1e-12,), (SMALL,), (1000.0,), (HUGE,)],
    "sech2": [(50.0,), (-350.0,), (1e-12,), (800.0,)],
    "exp": [(-745.0,), (-700.0,), (709.7,), (-1e4,), (SMALL,)],
    "exp2": [(-1074.0,), (1023.9,), (SMALL,)],
    "logsumexp": [
        (1e10, 1e10),
        (HUGE, HUGE),
        (1000.0, 1001.0, 1002.0),
        (-1000.0, -1001.0),
        (0.0, -40.0),
        (-0.5, -24.0, -26.0),
        (0.0, -700.0),
        (-HUGE, HUGE),
    ],
    "softmax": [(1000.0, 1001.0), (-1000.0, 0.0), (0.0, -700.0), (HUGE, -HUGE), (700.0, 0.0, 1.0)],
    "logaddexp": [(1000.0, 1000.0), (0.0, -700.0), (-1000.0, -1001.0), (HUGE, HUGE), (HUGE, -HUGE), (1e-20, -40.0)],
    "logaddexp2": [(2000.0, 2000.0), (0.0, -8.0), (-1e4, -1e4 - 1.0), (HUGE, -HUGE)],
    "hypot": [(HUGE, HUGE), (SMALL, SMALL), (HUGE, SMALL), (3e200, 4e200), (3e-200, 4e-200), (1e308, 1e308)],
    "atan2": [(HUGE, HUGE), (SMALL, SMALL), (1e-150, 1e150), (1e150, 1e-150), (1e200, -1e200), (-1e-200, -1e-200)],
    "sqrt": [(HUGE,), (SMALL,), (1e-310,)],
    "rsqrt": [(HUGE,), (1e-200,)],
    "cbrt": [(HUGE,), (-SMALL,), (1e-310,)],
    "reciprocal": [(1e150,), (1e-150,), (1e-160,)],
    "div": [(HUGE, HUGE), (SMALL, SMALL), (1e200, -1e150), (1e-200, 1e-100)],
    "pow": [(1e150, 2.0), (1e-150, 2.0), (HUGE, 0.5), (SMALL, 0.25), (1.0000001, 1e7), (HUGE, 1e-20)],
    "square": [(1e150,), (1e-150,)],
    "log": [(SMALL,), (HUGE,), (5e-324,), (NEXT_TO_1,)],
    "log2": [(SMALL,), (HUGE,), (NEXT_TO_1,)],
    "log10": [(SMALL,), (HUGE,), (NEXT_TO_1,)],
    "sin": [(1e100,), (1e22,), (SMALL,), (3.141592653589793,)],
    "cos": [(1e100,), (1e22,), (1e-8,), (1.5707963267948966,)],
    "tan": [(1e22,), (SMALL,), (1.5707963267948966,)],
    "asin": [(NEXT_TO_1,), (-NEXT_TO_1,), (SMALL,)],
    "acos": [(NEXT_TO_1,), (-NEXT_TO_1,), (SMALL,)],
    "atan": [(HUGE,), (1e150,), (1e16,), (SMALL,)],
    "sinh": [(710.0,), (-700.0,), (SMALL,), (1e-8,)],
    "cosh": [(710.0,), (-700.0,), (1e-100,), (1e-8,)],
    "asinh": [(HUGE,), (-HUGE,), (SMALL,), (-1e10,)],
    "acosh": [(HUGE,), (1.0 + 2.0**-52,), (1e10,)],
    "atanh": [(NEXT_TO_1,), (-NEXT_TO_1,), (SMALL,), (1e-9,)],
    "silu": [(-700.0,), (700.0,), (-40.0,), (HUGE,), (-HUGE,), (SMALL,)],
    "mish": [(-350.0,), (350.0,), (-40.0,), (HUGE,), (-HUGE,), (SMALL,)],
    "gelu": [(HUGE,), (-1e4,), (40.0,), (-50.0,), (SMALL,)],
    "gelu_tanh": [(HUGE,), (-HUGE,), (1e110,), (-1e110,), (40.0,), (-50.0,), (SMALL,)],
    "elu": [(-700.0,), (-1e-12,), (-HUGE,)],
    "celu": [(-700.0,), (-1e-12,), (-HUGE,)],
    "selu": [(-700.0,), (-1e-12,), (HUGE,)],
    "softsign": [(HUGE,), (-1e150,), (SMALL,), (-1e-9,)],
    "tanhshrink": [(1e-3,), (-1e-8,), (1e-100,), (0.999,), (1.0,), (-50.0,), (HUGE,)],
    "hardswish": [(HUGE,), (-HUGE,), (SMALL,)],
    "erf": [(1e-12,), (SMALL,), (40.0,), (-HUGE,)],
    "erfc": [(0.5,), (-40.0,), (40.0,), (1e4,), (SMALL,)],
    "erfinv": [(1e-12,), (SMALL,)],
    "lgamma": [(1.0 + 1e-10,), (2.0 - 1e-10,), (1e10,), (1e-10,), (1e200,), (1.05,), (1.9,), (-0.5,), (-10.3,)],
    "digamma": [(1e-10,), (1e10,), (1e200,), (-0.5,)],
    "sinc": [(1e-9,), (1e-100,), (-1e-5,), (0.25,), (0.01,)],
    "logit": [(SMALL,), (NEXT_TO_1,), (0.5 + 1e-16,), (0.5 - 1e-9,), (1e-12,)],
    "entr": [(SMALL,), (HUGE,), (NEXT_TO_1,)],
    "xlogy": [(HUGE, 2.0), (2.0, SMALL), (SMALL, HUGE), (0.0, 5.0)],
    "xlog1py": [(2.0, SMALL), (HUGE, 1e-10), (1.0, -NEXT_TO_1)],
    "fmod": [(1e100, 3.0), (-1e17, 7.0), (5.0, HUGE)],
    "remainder": [(1e100, 3.0), (-1e17, 7.0), (5.0, HUGE)],
    "sum": [(1e308, 1e308, -1e308), (1.0, 1e100, 1.0, -1e100), (1e-300, 1e300, -1e300), (0.1,) * 10],
    "mean": [(1e300, 1.0, -1e300), (SMALL, SMALL)],
    "var": [(1e150, 3e150), (1e16, -1e16, 2.0), (1e-150, 3e-150)],
    "std": [(1e150, 3e150), (1e16, -1e16, 2.0), (1e-150, 3e-150)],
    "norm": [(HUGE, HUGE), (3e200, 4e200), (3e-200, 4e-200), (HUGE, SMALL), (1e-310,), (1.0, 1e-20)],
    "prod": [(HUGE, SMALL, 2.0), (1e-150, 1e-150, 1e200)],
    "dot": [(1e308, 1e308, -1e308, 1.0, 1.0, 1.0), (1e100, 1.0, -1e100, 1.0, 1.0, 1.0), (HUGE, 1.0, SMALL, 1.0)],
    "max": [(HUGE, SMALL, -HUGE)],
    "deg2rad": [(1e-200,), (HUGE,)],
    "rad2deg": [(1e-200,), (HUGE,)],
    "lerp": [(HUGE, 1.0, 0.0), (1.0, 1e-20, 1.0)],
    "clamp": [(HUGE, -1.0, 1.0), (0.5, 0.0, HUGE)],
}


def ulps(ours: float, exact: Any) -> float:
    """The distance in units of the last place of the exact number; 0 where both overflow or underflow."""
    rounded = float(exact)
    if math.isinf(rounded) or not math.isfinite(ours):
        return 0.0 if ours == rounded else math.inf
    return float(abs(ours - exact) / math.ulp(rounded))


@pytest.mark.parametrize(
    ("name", "point"), [(name, point) for name, points in EXTREMES.items() for point in points], ids=str
)
def test_value_and_gradient_are_right_to_a_few_ulps(name: str, point: tuple[float, ...]) -> None:
    op = registry[name]
    operands = (*point, *op.defaults[len(op.defaults) - len(op.operands) + len(point) :])
    if op.over_lists:
        operands = point
    leaves = [Value(x) for x in operands]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonFiniteWarning)
        out = op(*op.arranged(leaves))
    out.backward()
    with mp.workdps(700):
        assert ulps(out.data, oracle.value(op, operands)) <= FEW
    for i, leaf in enumerate(leaves[: len(point)]):
        assert leaf.grad is not None
        [exact] = oracle.converged(lambda i=i: [oracle.derivative(op, operands, i)])  # type: ignore[misc]
        assert ulps(leaf.grad, exact) <= FEW, f"d/d{i}: {leaf.grad!r}, exactly {mp.nstr(exact, 17)}"
