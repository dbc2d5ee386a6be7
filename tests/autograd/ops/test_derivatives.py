"""Each operation's first and second derivatives are what finite differences of its value and first derivative show."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Op, Value, registry
from tests.autograd import operands as points
from tests.autograd import oracle
from tests.autograd.ops import finite_differences

at_random_points = settings(max_examples=10, deadline=None, derandomize=True)
each_operation = pytest.mark.parametrize("op", oracle.OPS.values(), ids=lambda op: op.name)


def moved(operands: Sequence[float], index: int, x: float) -> list[float]:
    return [*operands[:index], x, *operands[index + 1 :]]


def longest_step(op: Op, operands: Sequence[float], index: int) -> float:
    """A step that leaves the domain in neither direction, and brings no kink more than half way nearer."""

    def is_safe(x: float) -> bool:
        there = moved(operands, index, x)
        if not points.is_regular(op, there, 0.0):
            return False
        pairs = zip(points.kinks(op, operands), points.kinks(op, there), strict=True)
        return all(abs(abs(k) - abs(k_there)) <= 0.5 * abs(k) for k, k_there in pairs)

    step = 0.125 * max(1.0, abs(operands[index]))
    while not all(is_safe(operands[index] + step * part / 8) for part in range(-12, 13)):
        step /= 2.0
    return step


def check(ours: float, estimate: tuple[float, float]) -> None:
    expected, error = estimate
    assert error <= 1e-4 * (1.0 + abs(expected)), "the differences show too little"
    assert abs(ours - expected) <= 10.0 * error + 1e-12 * abs(expected)


@each_operation
@given(data=st.data())
@at_random_points
def test_first_derivatives_are_differences_of_values(op: Op, data: st.DataObject) -> None:
    operands = data.draw(points.operands(op, bound=4.0, distance=0.02, margin=0.02))
    for i, ours in points.local_derivatives(op, operands).items():

        def value(x: float, i: int = i) -> float:
            return points.value(op, moved(operands, i, x))

        check(ours, finite_differences.derivative(value, operands[i], longest_step(op, operands, i)))


@each_operation
@given(data=st.data())
@at_random_points
def test_second_derivatives_are_differences_of_first_ones(op: Op, data: st.DataObject) -> None:
    check_second_derivatives(op, data.draw(points.operands(op, bound=4.0, distance=0.02, margin=0.02)))


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


@pytest.mark.parametrize(("name", "operands"), SMOOTH_POINTS)
def test_second_derivatives_are_smooth_where_a_definition_branches(name: str, operands: list[float]) -> None:
    check_second_derivatives(registry[name], operands)


def check_second_derivatives(op: Op, operands: Sequence[float]) -> None:
    wanted = list(points.local_derivatives(op, operands))
    leaves = [Value(x) if i in wanted else x for i, x in enumerate(operands)]
    out = op(*op.arranged(leaves))
    variables = [leaves[i] for i in wanted]
    for i, slope in zip(wanted, out.gradient(variables), strict=True):
        for j, second in zip(wanted, slope.gradient(variables), strict=True):

            def first(x: float, i: int = i, j: int = j) -> float:
                return points.local_derivatives(op, moved(operands, j, x))[i]

            check(second.data, finite_differences.derivative(first, operands[j], longest_step(op, operands, j)))
