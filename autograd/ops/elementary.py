"""Powers, roots, exponentials, logarithms and the circular and hyperbolic functions.

Where the textbook's derivative cancels or overflows (1 - tanh(50)² is 0 in floats; its true value is 1.5e-43), the
definition uses an equal form that does not. Derivatives: Abramowitz and Stegun, chapter 4.
"""

import math
from typing import Any

from autograd.define import define
from autograd.notation import ADD, ATOM, COMPARE, MUL, OR, SQUARE, Notation
from autograd.op import POSITIVE, REALS, Interval

reciprocal = define(
    "reciprocal",
    lambda m, x: 1.0 / x,
    lambda m, x, out: -out * out,
    notation=Notation("1/{0}", r"\frac{{1}}{{{0}}}", MUL, (ATOM,), (OR,)),
    symbol="1/",
    kinks=[lambda m, x: x],
)
square = define("square", lambda m, x: x * x, lambda m, x, out: 2.0 * x, notation=SQUARE, symbol="²")
sqrt = define(
    "sqrt",
    lambda m, x: m.sqrt(x),
    lambda m, x, out: 0.5 / out,
    notation=Notation("√({0})", r"\sqrt{{{0}}}", ATOM, (COMPARE,)),
    symbol="√",
    domain=POSITIVE,
)
rsqrt = define("rsqrt", lambda m, x: 1.0 / m.sqrt(x), lambda m, x, out: -0.5 * out / x, domain=POSITIVE)
cbrt = define(
    "cbrt",
    lambda m, x: m.cbrt(x),
    lambda m, x, out: 1.0 / (3.0 * out * out),
    notation=Notation("∛({0})", r"\sqrt[3]{{{0}}}", ATOM, (COMPARE,)),
    symbol="∛",
    kinks=[lambda m, x: x],
)
hypot = define(
    "hypot",
    lambda m, x, y: m.hypot(x, y),
    lambda m, x, y, out: x / out,
    lambda m, x, y, out: y / out,
    kinks=[lambda m, x, y: m.hypot(x, y)],
)

exp = define("exp", lambda m, x: m.exp(x), lambda m, x, out: out)
exp2 = define("exp2", lambda m, x: m.exp2(x), lambda m, x, out: math.log(2.0) * out)
expm1 = define("expm1", lambda m, x: m.expm1(x), lambda m, x, out: m.exp(x))
log = define("log", lambda m, x: m.log(x), lambda m, x, out: 1.0 / x, domain=POSITIVE)
log2 = define("log2", lambda m, x: m.log2(x), lambda m, x, out: 1.0 / (x * math.log(2.0)), domain=POSITIVE)
log10 = define("log10", lambda m, x: m.log10(x), lambda m, x, out: 1.0 / (x * math.log(10.0)), domain=POSITIVE)
log1p = define("log1p", lambda m, x: m.log1p(x), lambda m, x, out: 1.0 / (1.0 + x), domain=Interval(-1.0, math.inf))

sin = define("sin", lambda m, x: m.sin(x), lambda m, x, out: m.cos(x))
cos = define("cos", lambda m, x: m.cos(x), lambda m, x, out: -m.sin(x))
tan = define("tan", lambda m, x: m.tan(x), lambda m, x, out: 1.0 + out * out, kinks=[lambda m, x: m.cos(x)])
asin = define(
    "asin", lambda m, x: m.asin(x), lambda m, x, out: 1.0 / m.sqrt((1.0 - x) * (1.0 + x)), domain=Interval(-1.0, 1.0)
)
acos = define(
    "acos", lambda m, x: m.acos(x), lambda m, x, out: -1.0 / m.sqrt((1.0 - x) * (1.0 + x)), domain=Interval(-1.0, 1.0)
)
atan = define("atan", lambda m, x: m.atan(x), lambda m, x, out: 1.0 / (1.0 + x * x))


def _slope_at_angle(m: Any, y: Any, x: Any, along: Any, at_origin: Any) -> Any:
    """along/(y² + x²), and `at_origin` where both are 0."""
    is_origin = m.hypot(y, x) == 0.0
    radius = m.hypot(m.where(is_origin, 1.0, y), x)  # hypot itself has no derivative there
    return m.where(is_origin, at_origin, along / radius / radius)


atan2 = define(
    "atan2",
    lambda m, y, x: m.atan2(y, x),
    lambda m, y, x, out: _slope_at_angle(m, y, x, x, y),
    lambda m, y, x, out: _slope_at_angle(m, y, x, -y, -x),
    kinks=[lambda m, y, x: m.where(x > 0.0, m.hypot(y, x), y)],
)

sinh = define("sinh", lambda m, x: m.sinh(x), lambda m, x, out: m.cosh(x))
cosh = define("cosh", lambda m, x: m.cosh(x), lambda m, x, out: m.sinh(x))
tanh = define("tanh", lambda m, x: m.tanh(x), lambda m, x, out: m.sech2(x))
sech2 = define(
    "sech2",
    lambda m, x: m.square(1.0 / m.cosh(x)),
    lambda m, x, out: -2.0 * m.tanh(x) * out,
    notation=Notation("1 - tanh({0})²", r"1 - \tanh^{{2}}\left({0}\right)", ADD, (COMPARE,)),
)
asinh = define("asinh", lambda m, x: m.asinh(x), lambda m, x, out: 1.0 / m.hypot(1.0, x))
acosh = define(
    "acosh",
    lambda m, x: m.acosh(x),
    lambda m, x, out: 1.0 / (m.sqrt(x - 1.0) * m.sqrt(x + 1.0)),
    domain=Interval(1.0, math.inf),
)
atanh = define(
    "atanh", lambda m, x: m.atanh(x), lambda m, x, out: 1.0 / ((1.0 - x) * (1.0 + x)), domain=Interval(-1.0, 1.0)
)

logaddexp = define(
    "logaddexp",
    lambda m, x, y: m.where(x == y, x + math.log(2.0), m.maximum(x, y) + m.log1p(m.exp(-m.abs(x - y)))),
    lambda m, x, y, out: m.sigmoid(x - y),
    lambda m, x, y, out: m.sigmoid(y - x),
)
logaddexp2 = define(
    "logaddexp2",
    lambda m, x, y: m.where(x == y, x + 1.0, m.maximum(x, y) + m.log1p(m.exp2(-m.abs(x - y))) / math.log(2.0)),
    lambda m, x, y, out: m.sigmoid((x - y) * math.log(2.0)),
    lambda m, x, y, out: m.sigmoid((y - x) * math.log(2.0)),
)
deg2rad = define("deg2rad", lambda m, x: x * (math.pi / 180.0), lambda m, x, out: math.pi / 180.0)
rad2deg = define("rad2deg", lambda m, x: x * (180.0 / math.pi), lambda m, x, out: 180.0 / math.pi)

# log(0) · 0 is nan in floats; its limit, which x·log(y) is meant to have at x = 0, is 0.
xlogy = define(
    "xlogy",
    lambda m, x, y: m.where((x == 0.0) & (y == y), 0.0, x * m.log(y)),
    lambda m, x, y, out: m.log(m.where((x == 0.0) & (y <= 0.0), 1.0, y)),
    lambda m, x, y, out: x / y,
    domain=[REALS, POSITIVE],
)
xlog1py = define(
    "xlog1py",
    lambda m, x, y: m.where((x == 0.0) & (y == y), 0.0, x * m.log1p(y)),
    lambda m, x, y, out: m.log1p(m.where((x == 0.0) & (y <= -1.0), 0.0, y)),
    lambda m, x, y, out: x / (1.0 + y),
    domain=[REALS, Interval(-1.0, math.inf)],
)
