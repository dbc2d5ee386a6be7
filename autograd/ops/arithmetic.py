"""The operators of Python's arithmetic."""

from autograd.define import define
from autograd.notation import ATOM, MINUS, MINUS_SIGN, MODULO, MUL, OVER, PLUS, POWER, TIMES, Notation
from autograd.op import POSITIVE, REALS

add = define(
    "add",
    lambda m, x, y: x + y,
    lambda m, x, y, out: 1.0,
    lambda m, x, y, out: 1.0,
    notation=PLUS,
    symbol="+",
)
sub = define(
    "sub",
    lambda m, x, y: x - y,
    lambda m, x, y, out: 1.0,
    lambda m, x, y, out: -1.0,
    notation=MINUS,
    symbol="-",
)
mul = define(
    "mul",
    lambda m, x, y: x * y,
    lambda m, x, y, out: y,
    lambda m, x, y, out: x,
    notation=TIMES,
    symbol="*",
)
div = define(
    "div",
    lambda m, x, y: x / y,
    lambda m, x, y, out: 1.0 / y,
    lambda m, x, y, out: -out / y,
    notation=OVER,
    symbol="/",
    kinks=[lambda m, x, y: y],
)
neg = define("neg", lambda m, x: -x, lambda m, x, out: -1.0, notation=MINUS_SIGN, symbol="-")
identity = define("identity", lambda m, x: x, lambda m, x, out: 1.0)

# x**0 is the constant 1 and 0**y, for y > 0, the constant 0, where the formulas read 0·∞.
pow = define(
    "pow",
    lambda m, x, y: m.pow(x, y),
    lambda m, x, y, out: m.power_slope(x, y),
    lambda m, x, y, out: m.where((x == 0.0) & (y >= 0.0), 0.0, out * m.log(x)),
    notation=POWER,
    symbol="**",
    domain=[POSITIVE, REALS],
)
power_slope = define(
    "power_slope",
    lambda m, x, y: m.where(y == 0.0, 0.0, y * m.pow(x, y - 1.0)),
    lambda m, x, y, out: y * m.power_slope(x, y - 1.0),
    lambda m, x, y, out: m.where((x == 0.0) & (y > 1.0), 0.0, m.pow(x, y - 1.0) * (1.0 + y * m.log(x))),
    notation=Notation("{1}·{0}^({1} - 1)", r"{1} \cdot {0}^{{{1} - 1}}", MUL, (ATOM,)),
    domain=[POSITIVE, REALS],
)
# The derivative in y is the quotient that belongs to this remainder: x / y itself may round up to the next integer.
remainder = define(
    "remainder",
    lambda m, x, y: x % y,
    lambda m, x, y, out: 1.0,
    lambda m, x, y, out: -m.where(out == out, m.round((x - out) / y), m.floor(x / y)),
    notation=MODULO,
    symbol="%",
    kinks=[lambda m, x, y: y, lambda m, x, y: x / y - m.round(x / y)],
)
fmod = define(
    "fmod",
    lambda m, x, y: m.fmod(x, y),
    lambda m, x, y, out: 1.0,
    lambda m, x, y, out: -m.where(out == out, m.round((x - out) / y), m.trunc(x / y)),
    kinks=[lambda m, x, y: y, lambda m, x, y: x / y - m.round(x / y)],
)
