"""Random expressions over every operation: drawn by Hypothesis, printed as source, evaluated on any kind of number.

An expression is a list of steps. Each applies an operation to earlier results and to constants, so results are shared
and constants stand on any side. It is drawn together with a point, and every step is kept within its operation's domain
and away from its kinks at that point.
"""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from autograd import Op
from autograd.op import REALS
from tests.autograd import operands as points
from tests.autograd.oracle import OPS

# The operations that Python has an operator for.
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
    "remainder": operator.mod,
}

LARGEST = 1e4


@dataclass(frozen=True)
class Result:
    """An operand that is the result of an earlier step, or a variable: these come first."""

    index: int


@dataclass(frozen=True)
class Step:
    """An operation and its operands, in one flat list."""

    op: Op
    operands: tuple[Result | float, ...]


@dataclass(frozen=True, repr=False)
class Expression:
    """Steps, the last of which gives the result, and the numbers at which to evaluate them."""

    point: tuple[float, ...]
    steps: tuple[Step, ...]

    def results(
        self,
        functions: Mapping[str, Callable[..., Any]],
        variables: Sequence[Any],
        number: Callable[[float], Any] = float,
    ) -> list[Any]:
        """The variables and the result of every step; `number` makes a constant what the functions take."""
        results = list(variables)
        for step in self.steps:
            operands = [results[x.index] if isinstance(x, Result) else number(x) for x in step.operands]
            results.append(functions[step.op.name](*step.op.arranged(operands)))
        return results

    def value(self, functions: Mapping[str, Callable[..., Any]], variables: Sequence[Any]) -> Any:
        """The result of the last step."""
        return self.results(functions, variables)[-1]

    def __repr__(self) -> str:
        names = [f"x{i}" for i in range(len(self.point))] + [f"v{i}" for i in range(len(self.steps))]
        lines = [f"{name} = Value({x!r})" for name, x in zip(names, self.point, strict=False)]
        for name, step in zip(names[len(self.point) :], self.steps, strict=True):
            operands = [names[x.index] if isinstance(x, Result) else repr(x) for x in step.operands]
            arguments = [x if isinstance(x, str) else f"[{', '.join(x)}]" for x in step.op.arranged(operands)]
            lines.append(f"{name} = registry[{step.op.name!r}]({', '.join(arguments)})")
        return "\n" + "\n".join(lines) + "\n"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


@st.composite
def _operands(draw: st.DrawFn, op: Op, results: Sequence[float]) -> list[Result | float]:
    """Operands for `op`: results that lie in its domain, the latest first, or constants."""
    chosen: list[Result | float] = []
    for interval in points.intervals(op, draw(points.lengths(op))):
        constant = points.numbers(interval, 4.0)
        fitting = [] if interval is None else [i for i, x in enumerate(results) if interval.low < x < interval.high]
        use_result = fitting and draw(st.integers(0, 3)) < 3
        chosen.append(Result(draw(st.sampled_from(fitting[::-1]))) if use_result else draw(constant))
    return chosen


@st.composite
def expressions(draw: st.DrawFn, most_steps: int = 8) -> Expression:
    """Expressions of at least one step, none of whose results is infinite, nan, huge or at a kink."""
    point = draw(st.lists(points.numbers(REALS, 4.0), min_size=1, max_size=3))
    results, steps = list(point), []
    for _ in range(draw(st.integers(1, most_steps))):
        op = draw(st.sampled_from(list(OPS.values())))
        operands = draw(_operands(op, results))
        floats = [results[x.index] if isinstance(x, Result) else x for x in operands]
        if floats == operands or not points.is_regular(op, floats, 1e-2):
            continue  # nothing but constants, or at a kink
        value = points.value(op, floats)
        if math.fabs(value) <= LARGEST:
            steps.append(Step(op, tuple(operands)))
            results.append(value)
    assume(steps)
    return Expression(tuple(point), tuple(steps))
