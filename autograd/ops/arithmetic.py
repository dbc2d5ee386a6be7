"""The operators of Python's arithmetic."""

from typing import Any

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


# x**0 is the constant 1 and 0**y, for y > 0, the constant 0, where the formulas read 0·∞. The base is 1 there: for the
# elements of an array both branches of a choice are computed, and differentiated again.
def _slope_in_exponent(m: Any, x: Any, y: Any) -> Any:
    base = m.where((x == 0.0) & (y >= 0.0), 1.0, x)
    return m.pow(base, y) * m.log(base)


def _power_slope_in_exponent(m: Any, x: Any, y: Any) -> Any:
    is_constant = (x == 0.0) & (y > 1.0)
    base = m.where(is_constant, 1.0, x)
    return m.where(is_constant, 0.0, m.pow(base, y - 1.0) * (1.0 + y * m.log(base)))


pow = define(
    "pow",
    lambda m, x, y: m.pow(x, y),
    lambda m, x, y, out: m.power_slope(x, y),
    lambda m, x, y, out: _slope_in_exponent(m, x, y),
    notation=POWER,
    symbol="**",
    domain=[POSITIVE, REALS],
)
power_slope = define(
    "power_slope",
    lambda m, x, y: m.where(y == 0.0, 0.0, y * m.pow(x, y - 1.0)),
    lambda m, x, y, out: y * m.power_slope(x, y - 1.0),
    lambda m, x, y, out: _power_slope_in_exponent(m, x, y),
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
