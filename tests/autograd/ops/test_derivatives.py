"""Each operation's first and second derivatives are what finite differences of its value and first derivative show."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings

from autograd import Op, registry
from autograd.testing import Report, check_gradients, domains
from autograd.testing.strategies import operands
from tests.autograd import oracle

each_operation = pytest.mark.parametrize("op", oracle.OPS.values(), ids=lambda op: op.name)

# Where a definition makes a choice at a point at which nothing happens, all its derivatives have to be smooth too.
SMOOTH_POINTS = [
    ("pow", [1.5, 0.0]),
    ("sinc", [0.0]),
    ("spherical_jn", [1.0, 0.0]),
    ("tanhshrink", [1.0]),
    ("logaddexp", [1.0, 1.0]),
    ("logaddexp2", [1.0, 1.0]),
    ("logsumexp", [1.0, 1.0]),
    ("softmax", [0.0, 0.0]),
    ("sigmoid", [0.0]),
    ("logsigmoid", [0.0]),
    ("softplus", [0.0]),
    ("sech2", [0.0]),
    ("mish", [0.0]),
    ("gelu_tanh", [0.0]),
    ("xlogy", [0.0, 2.0]),
    ("xlog1py", [0.0, 0.5]),
    ("prod", [0.0, 0.0, 2.0]),
    ("mul", [0.0, 0.0]),
    ("lerp", [1.0, 3.0, 0.5]),
    ("logit", [0.25]),
    ("lgamma", [1.2]),
    ("atan2", [0.0, 1.0]),
    ("hypot", [0.0, 1.0]),
]


def check(op: Op, point: Sequence[float]) -> Report:
    """The check, to second order, of the operation in all operands that it has derivatives in."""
    places = list(domains.local_derivatives(op, point))

    def f(*x: Any) -> Any:
        every: list[Any] = list(point)
        for place, operand in zip(places, x, strict=True):
            every[place] = operand
        return op(*op.arranged(every))

    return check_gradients(f, *[point[place] for place in places], order=2)


@each_operation
def test_derivatives_are_what_differences_show(op: Op) -> None:
    told: Counter[bool] = Counter()

    @given(operands(op, bound=4.0, distance=0.02, margin=0.02))
    @settings(max_examples=10)
    def at_random_points(point: list[float]) -> None:
        report = check(op, point)
        report.assert_ok()
        told.update(found.verdict == "correct" for found in report.checks)

    at_random_points()
    assert told[True] >= 9 * told[False], "the differences show too little"


@pytest.mark.parametrize(("name", "point"), SMOOTH_POINTS)
def test_derivatives_are_smooth_where_a_definition_branches(name: str, point: list[float]) -> None:
    assert set(check(registry[name], point).verdicts) == {"correct"}
