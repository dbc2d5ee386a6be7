"""The nonlinearities of neural networks, with PyTorch's names, defaults and choices at kinks."""

import math
from typing import Any

from autograd.define import define
from autograd.op import POSITIVE, REALS

sigmoid = define(
    "sigmoid",
    lambda m, x: m.exp(m.minimum(x, 0.0)) / (1.0 + m.exp(-m.abs(x))),
    lambda m, x, out: out * m.sigmoid(-x),
)
logsigmoid = define(
    "logsigmoid", lambda m, x: m.minimum(x, 0.0) - m.log1p(m.exp(-m.abs(x))), lambda m, x, out: m.sigmoid(-x)
)
softplus = define(
    "softplus", lambda m, x: m.maximum(x, 0.0) + m.log1p(m.exp(-m.abs(x))), lambda m, x, out: m.sigmoid(x)
)

relu = define(
    "relu",
    lambda m, x: m.maximum(x, 0.0),
    lambda m, x, out: m.where(x <= 0.0, 0.0, 1.0),
    kinks=[lambda m, x: x],
)
relu6 = define(
    "relu6",
    lambda m, x: m.minimum(m.maximum(x, 0.0), 6.0),
    lambda m, x, out: m.where((x > 0.0) & (x < 6.0), 1.0, 0.0),
    kinks=[lambda m, x: x, lambda m, x: x - 6.0],
)
leaky_relu = define(
    "leaky_relu",
    lambda m, x, negative_slope=0.01: m.where(x > 0.0, x, negative_slope * x),
    lambda m, x, negative_slope, out: m.where(x > 0.0, 1.0, negative_slope),
    lambda m, x, negative_slope, out: m.where(x > 0.0, 0.0, x),
    kinks=[lambda m, x, negative_slope: x],
)


def _not_positive(m: Any, x: Any) -> Any:
    """`x`, and 0 where it is positive: exp(x) is not chosen there, but infinite it would make 0·∞ of its gradient 0.

    At 0 its slope is 1, where that of `minimum` is 0.5.
    """
    return m.where(x > 0.0, 0.0, x)


elu = define(
    "elu",
    lambda m, x, alpha=1.0: m.where(x > 0.0, x, alpha * m.expm1(x)),
    lambda m, x, alpha, out: m.where(x > 0.0, 1.0, alpha * m.exp(_not_positive(m, x))),
    lambda m, x, alpha, out: m.where(x > 0.0, 0.0, m.expm1(_not_positive(m, x))),
    kinks=[lambda m, x, alpha: x],
)


def _celu_exponent(m: Any, x: Any, alpha: Any) -> Any:
    """x/alpha, and 0 where `x` is positive, whatever `alpha` is."""
    return _not_positive(m, x) / m.where(x > 0.0, 1.0, alpha)


def _celu_slope_in_alpha(m: Any, x: Any, alpha: Any) -> Any:
    exponent = _celu_exponent(m, x, alpha)
    return m.where(x > 0.0, 0.0, m.expm1(exponent) - exponent * m.exp(exponent))


celu = define(
    "celu",
    lambda m, x, alpha=1.0: m.where(x > 0.0, x, alpha * m.expm1(x / alpha)),
    lambda m, x, alpha, out: m.where(x > 0.0, 1.0, m.exp(_celu_exponent(m, x, alpha))),
    lambda m, x, alpha, out: _celu_slope_in_alpha(m, x, alpha),
    kinks=[lambda m, x, alpha: x, lambda m, x, alpha: alpha],
)

# Klambauer, Unterthiner, Mayr and Hochreiter: Self-Normalizing Neural Networks (2017), appendix.
SELU_ALPHA, SELU_SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
selu = define(
    "selu",
    lambda m, x: SELU_SCALE * m.where(x > 0.0, x, SELU_ALPHA * m.expm1(x)),
    lambda m, x, out: SELU_SCALE * m.where(x > 0.0, 1.0, SELU_ALPHA * m.exp(_not_positive(m, x))),
    kinks=[lambda m, x: x],
)

# Hendrycks and Gimpel: Gaussian Error Linear Units (2016): x·Φ(x), and its approximation by tanh, whose
# 0.5·(1 + tanh(u)) is written as sigmoid(2u), which does not cancel for negative u.
gelu = define(
    "gelu",
    lambda m, x: x * (0.5 * m.erfc(-x * math.sqrt(0.5))),
    lambda m, x, out: 0.5 * m.erfc(-x * math.sqrt(0.5)) + x * m.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi),
)
GELU_SLOPE, GELU_CUBE = 2.0 * math.sqrt(2.0 / math.pi), 2.0 * math.sqrt(2.0 / math.pi) * 0.044715


def _gelu_tanh_slope(m: Any, x: Any) -> Any:
    u = x * (GELU_SLOPE + GELU_CUBE * x * x)
    return m.sigmoid(u) * (1.0 + x * (GELU_SLOPE + 3.0 * GELU_CUBE * x * x) * m.sigmoid(-u))


gelu_tanh = define(
    "gelu_tanh",
    lambda m, x: x * m.sigmoid(x * (GELU_SLOPE + GELU_CUBE * x * x)),
    lambda m, x, out: m.where(
        m.abs(x) > 100.0,  # long since 0 or 1; and beyond 1e102 the cube would be infinite, and 0·∞ nan
        m.where(x > 0.0, 1.0, 0.0),
        _gelu_tanh_slope(m, m.where(m.abs(x) > 100.0, 0.0, x)),
    ),
)
silu = define("silu", lambda m, x: x * m.sigmoid(x), lambda m, x, out: m.sigmoid(x) * (1.0 + x * m.sigmoid(-x)))
mish = define(
    "mish",
    lambda m, x: x * m.tanh(m.softplus(x)),
    lambda m, x, out: m.tanh(m.softplus(x)) + x * m.sigmoid(x) * m.sech2(m.softplus(x)),
)

hardtanh = define(
    "hardtanh",
    lambda m, x: m.minimum(m.maximum(x, -1.0), 1.0),
    lambda m, x, out: m.where((x > -1.0) & (x < 1.0), 1.0, 0.0),
    kinks=[lambda m, x: x + 1.0, lambda m, x: x - 1.0],
)
hardsigmoid = define(
    "hardsigmoid",
    lambda m, x: m.minimum(m.maximum(x + 3.0, 0.0), 6.0) / 6.0,
    lambda m, x, out: m.where((x > -3.0) & (x < 3.0), 1.0 / 6.0, 0.0),
    kinks=[lambda m, x: x + 3.0, lambda m, x: x - 3.0],
)
hardswish = define(
    "hardswish",
    lambda m, x: x * m.hardsigmoid(x),
    lambda m, x, out: m.where(x <= -3.0, 0.0, m.where(x >= 3.0, 1.0, x / 3.0 + 0.5)),
    kinks=[lambda m, x: x + 3.0, lambda m, x: x - 3.0],
)
softsign = define(
    "softsign",
    lambda m, x: x / (1.0 + m.abs(x)),
    lambda m, x, out: 1.0 / m.square(1.0 + m.abs(x)),
    kinks=[lambda m, x: x],
)


def _lambert(x: Any) -> Any:
    """c in tanh(x) = x/(1 + c): Lambert's continued fraction x²/(3 + x²/(5 + …)), exact to the last bit for |x| < 1."""
    c = 0.0
    for k in range(19, 1, -2):
        c = x * x / (k + c)
    return c


# Near 0 the two terms of x - tanh(x) cancel, and x·c/(1 + c) is the same.
tanhshrink = define(
    "tanhshrink",
    lambda m, x: m.where(m.abs(x) < 1.0, x * (_lambert(x) / (1.0 + _lambert(x))), x - m.tanh(x)),
    lambda m, x, out: m.square(m.tanh(x)),
)
softshrink = define(
    "softshrink",
    lambda m, x, lambd=0.5: m.where(x > lambd, x - lambd, m.where(x < -lambd, x + lambd, 0.0 * x)),
    lambda m, x, lambd, out: m.where(m.abs(x) > lambd, 1.0, 0.0),
    lambda m, x, lambd, out: m.where(m.abs(x) > lambd, -m.sign(x), 0.0),
    domain=[REALS, POSITIVE],
    kinks=[lambda m, x, lambd: m.abs(x) - lambd],
)
hardshrink = define(
    "hardshrink",
    lambda m, x, lambd=0.5: m.where(m.abs(x) <= lambd, 0.0, x),
    lambda m, x, lambd, out: m.where(m.abs(x) <= lambd, 0.0, 1.0),
    lambda m, x, lambd, out: 0.0,
    domain=[REALS, POSITIVE],
    kinks=[lambda m, x, lambd: m.abs(x) - lambd],
)
