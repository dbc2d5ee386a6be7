"""Every operation once more, in mpmath: an independent reference, exact to as many digits as are asked for.

Only values are defined here: the primitive functions are those of `PRECISE`, the others have formulas of their own.
Derivatives are differences of values, taken at more than twice the working precision. So neither owes anything to the
library's definitions.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

from mpmath import inf, mp, mpf

from autograd import Op, registry
from autograd.testing import precise

Number = Any
Function = Callable[..., Number]

OPS: dict[str, Op] = {name: op for name, op in registry.items() if op.forward.__module__.startswith("autograd.ops.")}


_maximum, _minimum = precise.FUNCTIONS["maximum"], precise.FUNCTIONS["minimum"]


def _softplus(x: Number) -> Number:
    return _maximum(x, mpf(0)) + mp.log1p(mp.exp(-abs(x)))


def _sigmoid(x: Number) -> Number:
    return 1 / (1 + mp.exp(-x))


def _log_of_sum(x: Sequence[Number], base: Number = mp.e) -> Number:
    greatest = max(x)
    others = list(x)
    others.remove(greatest)
    return greatest + mp.log1p(mp.fsum(base ** (item - greatest) for item in others)) / mp.log(base)


def _gelu_tanh(x: Number) -> Number:
    u = mp.sqrt(2 / mp.pi) * (x + mpf("0.044715") * x**3)
    return x / (1 + mp.exp(-2 * u))  # x/2·(1 + tanh u), without the cancellation


def _selu(x: Number) -> Number:
    scale, alpha = mpf("1.0507009873554804934193349852946"), mpf("1.6732632423543772848170429916717")
    return scale * (x if x > 0 else alpha * mp.expm1(x))


def _variance(x: Sequence[Number]) -> Number:
    return mp.fsum((a - b) ** 2 for a, b in combinations(map(mpf, x), 2)) / len(x) ** 2


def _clamp(x: Number, low: Number = -inf, high: Number = inf) -> Number:
    return _minimum(_maximum(x, low), high)


def _shrunk(x: Number, lambd: Number = 0.5) -> Number:
    return mp.sign(x) * (abs(x) - lambd) if abs(x) > lambd else mpf(0)


ORACLE: dict[str, Function] = {
    **{name: function for name, function in precise.FUNCTIONS.items() if name in OPS},
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: mpf(x) / y,
    "neg": lambda x: -x,
    "identity": lambda x: x,
    "remainder": lambda x, y: x - y * mp.floor(mpf(x) / y),
    "reciprocal": lambda x: 1 / mpf(x),
    "square": lambda x: x**2,
    "rsqrt": lambda x: 1 / mp.sqrt(x),
    "sech2": lambda x: mp.sech(x) ** 2,
    "logaddexp": lambda x, y: _log_of_sum([x, y]),
    "logaddexp2": lambda x, y: _log_of_sum([x, y], mpf(2)),
    "deg2rad": lambda x: x * mp.pi / 180,
    "rad2deg": lambda x: x * 180 / mp.pi,
    "xlogy": lambda x, y: x * mp.log(y),
    "xlog1py": lambda x, y: x * mp.log1p(y),
    "sigmoid": _sigmoid,
    "logsigmoid": lambda x: -_softplus(-x),
    "softplus": _softplus,
    "relu": lambda x: _maximum(x, mpf(0)),
    "relu6": lambda x: _clamp(x, mpf(0), mpf(6)),
    "leaky_relu": lambda x, slope=0.01: x if x > 0 else slope * x,
    "elu": lambda x, alpha=1.0: x if x > 0 else alpha * mp.expm1(x),
    "celu": lambda x, alpha=1.0: x if x > 0 else alpha * mp.expm1(x / alpha),
    "selu": _selu,
    "gelu": lambda x: x * mp.ncdf(x),
    "gelu_tanh": _gelu_tanh,
    "silu": lambda x: x * _sigmoid(x),
    "mish": lambda x: x * mp.tanh(_softplus(x)),
    "hardtanh": lambda x: _clamp(x, mpf(-1), mpf(1)),
    "hardsigmoid": lambda x: _clamp(x / mpf(6) + 0.5, mpf(0), mpf(1)),
    "hardswish": lambda x: x * _clamp(x / mpf(6) + 0.5, mpf(0), mpf(1)),
    "softsign": lambda x: x / (1 + abs(mpf(x))),
    "tanhshrink": lambda x: x - mp.tanh(x),
    "softshrink": _shrunk,
    "hardshrink": lambda x, lambd=0.5: x if abs(x) > lambd else mpf(0),
    "sign": mp.sign,
    "clamp": _clamp,
    "lerp": lambda x, y, weight: x + weight * (y - x),
    "sinc": mp.sincpi,
    "logit": lambda x: mp.log(x) - mp.log1p(-mpf(x)),
    "entr": lambda x: -x * mp.log(x),
    "mean": lambda x: mp.fsum(x) / len(x),
    "var": _variance,
    "std": lambda x: mp.sqrt(_variance(x)),
    "max": max,
    "min": min,
    "logsumexp": _log_of_sum,
    "power_slope": lambda x, y: y * x ** (y - 1),
    "softmax": lambda x: 1 / mp.fsum(mp.exp(item - x[0]) for item in x),
}


def value(op: Op, operands: Sequence[Number]) -> Number:
    """The operation's value for its operands in one flat list, at the current precision."""
    return mpf(ORACLE[op.name](*op.arranged([mpf(x) for x in operands])))


def derivative(op: Op, operands: Sequence[Number], index: int) -> Number:
    """The operation's derivative in operand `index`, as mpmath finds it from values of twice the current precision.

    It is good to 10**-dps of the size of the function there, so a derivative far smaller than the function itself
    (tanh at 50) takes more digits.
    """
    x = mpf(operands[index])
    step = (abs(x) or 1) * mpf(10) ** -mp.dps
    return mp.diff(lambda x: value(op, [*operands[:index], x, *operands[index + 1 :]]), x, h=step)


def converged(compute: Callable[[], Sequence[Number]]) -> Sequence[Number]:
    """The numbers that `compute` gives when more digits no longer change them: 25 digits stand.

    A number that is exactly 0 is believed only of a computation with 320 digits: with fewer digits
    tanh(50 + h) - tanh(50 - h) is 0 as well. What is still changing then is less than 1e-300 of the function's size.
    """
    previous: Sequence[Number] = []
    for dps in (40, 80, 160, 320):
        with mp.workdps(dps):
            numbers = compute()
            if previous and all(
                x and abs(x - old) <= abs(x) * mpf(10) ** -25 for x, old in zip(numbers, previous, strict=True)
            ):
                break
            previous = numbers
    return numbers
