"""Rules that are false in the ways in which people get them wrong; and points at which a checker may stumble."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import autograd
from autograd import Op, registry
from autograd.testing.judgement import Verdict


@dataclass(frozen=True)
class FalseRule:
    """An operation with false partials; the order at which it shows, and the partials that are false, at a point."""

    kind: str
    op: Op
    point: Sequence[float]
    order: int = 1
    partials: Sequence[int] = (0,)

    def __str__(self) -> str:
        return f"{self.kind}: {self.op.name}"


def false(kind: str, name: str, point: Sequence[float], *partials: Any, order: int = 1) -> FalseRule:
    """The operation of that name, with the given partials in place of its own; None leaves one as it is."""
    op = registry[name]
    own = [new or old for new, old in zip(partials, op.partials, strict=True)]
    changed = [i for i, partial in enumerate(partials) if partial]
    return FalseRule(kind, replace(op, partials=tuple(own)), point, order, changed)


def swapped(name: str, point: Sequence[float]) -> FalseRule:
    """The operation with its two partials in each other's place."""
    first, second = registry[name].partials
    return false("swapped operands", name, point, second, first)


def scaled(name: str, point: Sequence[float], factor: float) -> FalseRule:
    """The operation with its first partial off by a factor."""
    own, *others = registry[name].partials
    assert own is not None
    return false(f"times {factor!r}", name, point, lambda m, *x: factor * own(m, *x), *[None for _ in others])


def detached(name: str, point: Sequence[float]) -> FalseRule:
    """The operation with a first partial that is right as a number, but is no function of the operands any more."""
    own, *others = registry[name].partials
    assert own is not None

    def partial(m: Any, *x: Any) -> Any:
        return own(m, *[getattr(each, "data", each) for each in x])

    return false("right, but not at order 2", name, point, partial, *[None for _ in others], order=2)


FALSE_RULES = [
    false("wrong sign", "cos", [0.5], lambda m, x, out: m.sin(x)),
    false("wrong sign", "neg", [0.5], lambda m, x, out: 1.0),
    false("wrong sign", "sub", [0.5, 2.0], None, lambda m, x, y, out: 1.0),
    false("wrong sign", "div", [0.5, 2.0], None, lambda m, x, y, out: out / y),
    false("wrong sign", "acos", [0.3], lambda m, x, out: 1.0 / m.sqrt(1.0 - x * x)),
    false("wrong sign", "reciprocal", [2.0], lambda m, x, out: out * out),
    false("wrong sign", "erfc", [0.3], lambda m, x, out: 2.0 / math.sqrt(math.pi) * m.exp(-x * x)),
    false("missing factor", "square", [3.0], lambda m, x, out: x),
    false("missing factor", "sqrt", [2.0], lambda m, x, out: 1.0 / out),
    false("missing factor", "log2", [3.0], lambda m, x, out: 1.0 / x),
    false("missing factor", "exp2", [1.5], lambda m, x, out: out),
    false("missing factor", "deg2rad", [40.0], lambda m, x, out: 1.0),
    false("missing factor", "erf", [0.4], lambda m, x, out: m.exp(-x * x)),
    false("missing factor", "atanh", [0.5], lambda m, x, out: 1.0 / (1.0 - x)),
    false("missing factor", "mean", [1.0, 2.0, 4.0], lambda m, x, out: [1.0 for _ in x]),
    false("missing factor", "celu", [-0.7, 2.0], lambda m, x, alpha, out: m.where(x > 0.0, 1.0, m.exp(x)), None),
    false("wrong branch", "relu", [0.5], lambda m, x, out: m.where(x > 0.0, 0.0, 1.0)),
    false("wrong branch", "abs", [-2.0], lambda m, x, out: 1.0),
    false("wrong branch", "leaky_relu", [-0.5, 0.1], lambda m, x, slope, out: m.where(x < 0.0, 1.0, slope), None),
    false("wrong branch", "elu", [-0.5, 1.5], lambda m, x, alpha, out: m.where(x < 0.0, 1.0, alpha * m.exp(x)), None),
    false("wrong branch", "maximum", [1.0, 2.0], lambda m, x, y, out: m.where(x < y, 1.0, 0.0), None),
    false("wrong branch", "hardtanh", [1.5], lambda m, x, out: 1.0),
    false("wrong branch", "softplus", [-3.0], lambda m, x, out: m.where(x > 0.0, m.sigmoid(x), 0.0)),
    false("wrong branch", "max", [1.0, 3.0, 2.0], lambda m, x, out: [1.0 for _ in x]),
    false("wrong branch", "copysign", [2.0, -1.0], lambda m, x, y, out: m.sign(y) * m.sign(y), None),
    swapped("div", [0.5, 2.0]),
    swapped("pow", [1.5, 2.5]),
    swapped("hypot", [3.0, 4.0]),
    swapped("atan2", [0.5, 2.0]),
    swapped("xlogy", [0.5, 2.0]),
    swapped("dot", [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
    false("forgotten term", "silu", [0.7], lambda m, x, out: m.sigmoid(x)),
    false("forgotten term", "gelu", [0.7], lambda m, x, out: 0.5 * m.erfc(-x * math.sqrt(0.5))),
    false("forgotten term", "tan", [0.7], lambda m, x, out: out * out),
    false("forgotten term", "tanh", [0.5], lambda m, x, out: 1.0 - x),
    false("forgotten term", "mish", [0.7], lambda m, x, out: m.tanh(m.softplus(x))),
    false("forgotten term", "logit", [0.3], lambda m, x, out: 1.0 / x),
    false("forgotten term", "entr", [0.3], lambda m, x, out: -m.log(x)),
    false("forgotten term", "sinc", [0.3], lambda m, x, out: m.cos(math.pi * x) / x),
    false("forgotten term", "logsumexp", [0.1, 0.9], lambda m, x, out: [m.exp(item) for item in x]),
    scaled("sin", [0.5], 1.01),
    scaled("log", [3.0], 0.99),
    scaled("mul", [0.5, 2.0], 1.0 + 1e-6),
    scaled("exp", [1.0], 1.0 + 1e-6),
    scaled("tanh", [0.5], 1.0 - 1e-6),
    scaled("sin", [1.0], 1.0 + 1e-7),
    scaled("sigmoid", [0.5], 1.0 + 1e-7),
    detached("tanh", [0.5]),
    detached("exp", [0.5]),
    detached("sin", [0.5]),
    detached("log", [0.5]),
    detached("square", [3.0]),
    detached("mul", [0.5, 2.0]),
    detached("div", [0.5, 2.0]),
    detached("sigmoid", [0.5]),
]


@dataclass(frozen=True)
class HardPoint:
    """A function whose gradient is right, a point that makes it hard to see, and what is to be said of it there."""

    name: str
    f: Callable[..., Any]
    point: Sequence[Any]
    verdict: Verdict

    def __str__(self) -> str:
        return f"{self.name} at {', '.join(map(repr, self.point))}"


def _chain(x: Any) -> Any:
    for _ in range(1000):
        x = 1.001 * autograd.sin(x)
    return x


def _at(verdict: Verdict, name: str, *point: Any) -> HardPoint:
    return HardPoint(name, getattr(autograd, name), point, verdict)


HARD_POINTS = [
    _at("kink", "relu", 0.0),
    _at("kink", "abs", 0.0),
    _at("kink", "abs", -0.0),
    _at("kink", "relu6", 6.0),
    _at("kink", "hardtanh", 1.0),
    _at("kink", "maximum", 2.0, 2.0),
    _at("kink", "fmin", -1.0, -1.0),
    _at("kink", "selu", 0.0),
    _at("kink", "softshrink", 0.5),
    HardPoint("clamp to [0, 1]", lambda x: autograd.clamp(x, 0.0, 1.0), [1.0], "kink"),
    HardPoint("max of a tie", lambda x, y: autograd.max([x, y, 1.0]), [2.0, 2.0], "kink"),
    HardPoint("|x| of size 1e-300", lambda x: 1e-300 * autograd.abs(x), [0.0], "kink"),
    HardPoint("|x|³", lambda x: autograd.abs(x) ** 3, [0.0], "correct"),
    _at("correct", "elu", 0.0),
    _at("correct", "softsign", 0.0),
    _at("correct", "sinc", 0.0),
    _at("correct", "expm1", 1e-300),
    _at("correct", "log1p", -0.9999999),
    _at("correct", "log", 1e-300),
    _at("correct", "log", 1e300),
    _at("correct", "sqrt", 1e-300),
    _at("correct", "reciprocal", 1e150),
    _at("correct", "exp", 700.0),
    _at("correct", "sigmoid", -700.0),
    _at("correct", "asin", 0.99999999),
    _at("correct", "tan", 1.57),
    _at("correct", "atan2", 1e-200, -1e-200),
    _at("correct", "hypot", 3e150, 4e150),
    _at("correct", "lgamma", 1e-8),
    _at("correct", "digamma", -0.999),
    _at("correct", "erfinv", 0.999999),
    _at("correct", "sin", 1e10),
    _at("correct", "floor", 2.5),
    _at("correct", "identity", 3),
    HardPoint("x**x", lambda x: x**x, [0.001], "correct"),
    HardPoint("0·x", lambda x: 0.0 * x, [1.0], "correct"),
    HardPoint("x - x", lambda x: x - x, [0.3], "correct"),
    HardPoint("a constant", lambda x: 3.0, [0.3], "correct"),
    HardPoint("1e300·x", lambda x: 1e300 * x, [1.0], "correct"),
    HardPoint("x²", lambda x: x * x, [0], "correct"),
    HardPoint("a chain of 1,000 sines", _chain, [0.5], "correct"),
    HardPoint("log Σ exp of 1000s", lambda x, y: autograd.logsumexp([x, y]), [1000.0, 1000.0], "correct"),
    HardPoint("cancelled to 8 digits", lambda x: (1e8 + x) - 1e8, [0.3], "correct"),
    HardPoint("x at the largest float", lambda x: 1.0 * x, [1.7e308], "correct"),
    HardPoint("x at the least float", lambda x: 1.0 * x, [5e-324], "correct"),
    _at("ill-conditioned", "tanh", 50.0),
    _at("ill-conditioned", "sin", 1e17),
    _at("ill-conditioned", "floor", 2.0),
    _at("ill-conditioned", "sign", 0.0),
    HardPoint("cancelled to no digit", lambda x: (1e17 + autograd.sin(x)) - 1e17, [0.3], "ill-conditioned"),
    _at("non-finite", "log", 0.0),
    _at("non-finite", "sqrt", 0.0),
    _at("non-finite", "cbrt", 0.0),
    _at("non-finite", "exp", 710.0),
]
