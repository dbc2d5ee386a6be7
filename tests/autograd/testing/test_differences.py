"""Finite differences know how far off they may be, and never call a right gradient wrong."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

from autograd import Op
from autograd.testing.differences import backward, central, forward, judge
from tests.autograd import operands as points
from tests.autograd import oracle

OPS = {name: op for name, op in oracle.OPS.items() if not op.over_lists}
POLYNOMIALS = st.lists(st.floats(-3.0, 3.0), min_size=1, max_size=5)
POINTS = st.floats(-4.0, 4.0)


def polynomial(coefficients: list[float]) -> tuple[Callable[[float], float], Callable[[float], float]]:
    """A polynomial and its derivative."""
    return (
        lambda x: math.fsum(c * x**i for i, c in enumerate(coefficients)),
        lambda x: math.fsum(i * c * x ** (i - 1) for i, c in enumerate(coefficients) if i),
    )


@given(POLYNOMIALS, POINTS)
@settings(derandomize=True, max_examples=300)
def test_the_derivative_of_a_polynomial_is_within_a_few_errors(coefficients: list[float], x: float) -> None:
    f, slope = polynomial(coefficients)
    estimate = central(f, x)
    assert abs(estimate.value - slope(x)) <= 4.0 * estimate.error + 1e-12 * abs(slope(x))


@given(POLYNOMIALS, POINTS)
@settings(derandomize=True, max_examples=300)
def test_a_right_gradient_is_never_called_wrong(coefficients: list[float], x: float) -> None:
    f, slope = polynomial(coefficients)
    assert judge(f, x, slope(x)).verdict != "wrong"


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
@given(data=st.data())
@settings(derandomize=True, max_examples=10, deadline=None)
def test_no_rule_of_the_registry_is_called_wrong_and_one_that_is_off_by_a_hundredth_is(
    op: Op, data: st.DataObject
) -> None:
    operands = data.draw(points.operands(op, bound=3.0, distance=1e-1, margin=1e-2))
    for i, gradient in points.local_derivatives(op, operands).items():

        def f(x: float, i: int = i) -> float:
            return points.value(op, [*operands[:i], x, *operands[i + 1 :]])

        right = judge(f, operands[i], gradient)
        assert right.verdict != "wrong"
        if gradient and right.central.error < 1e-4 * abs(gradient) and right.verdict == "correct":
            assert judge(f, operands[i], 1.01 * gradient).verdict == "wrong"


@pytest.mark.parametrize(
    ("f", "x", "gradient"),
    [
        (math.sin, 0.3, math.cos(0.3)),
        (math.exp, 1.0, math.e),
        (math.tanh, -0.7, 1.0 - math.tanh(-0.7) ** 2),
        (lambda x: x**3, 2.0, 12.0),
    ],
)
def test_where_f_is_smooth_one_part_in_ten_million_is_seen(
    f: Callable[[float], float], x: float, gradient: float
) -> None:
    assert judge(f, x, gradient).verdict == "correct"
    assert judge(f, x, gradient * (1.0 + 1e-7)).verdict == "wrong"


def test_at_a_kink_any_gradient_between_the_two_slopes_is_a_choice() -> None:
    assert [judge(abs, 0.0, gradient).verdict for gradient in (-1.0, 0.0, 0.5, 1.0)] == ["kink"] * 4
    assert judge(abs, 0.0, 1.01).verdict == "wrong"
    assert (backward(abs, 0.0).value, forward(abs, 0.0).value) == (-1.0, 1.0)
    assert judge(lambda x: max(x, 0.0), 0.0, 0.0).verdict == "kink"


@pytest.mark.parametrize(
    ("f", "x", "gradient", "verdict"),
    [
        (lambda x: 3.0, 1.0, 0.0, "correct"),
        (lambda x: 3.0, 1.0, 1.0, "wrong"),
        (math.log, 0.0, 1.0, "non-finite"),
        (math.exp, 1.0, math.nan, "non-finite"),
        (math.exp, 1.0, math.inf, "non-finite"),
        (math.floor, 2.0, 0.0, "ill-conditioned"),
        (lambda x: math.sin(1e16 * x), 1.0, 1e16, "ill-conditioned"),
    ],
)
def test_what_differences_can_and_cannot_tell(
    f: Callable[[float], float], x: float, gradient: float, verdict: str
) -> None:
    assert judge(f, x, gradient).verdict == verdict


@pytest.mark.parametrize("scale", [1e-300, 1e-30, 1.0, 1e30, 1e150])
def test_points_of_any_size_have_steps_of_their_size(scale: float) -> None:
    judged = judge(lambda x: 3.0 * x, scale, 3.0)
    assert judged.verdict == "correct"
    assert judge(lambda x: 3.0 * x, scale, 3.03).verdict == "wrong"


def test_at_the_end_of_a_domain_the_steps_are_shorter() -> None:
    x = 1e-6
    estimate = central(math.log, x)
    with mp.workdps(30):
        exact = float(1 / mp.mpf(x))
    assert abs(estimate.value - exact) <= 4.0 * estimate.error
    assert math.isinf(central(math.log, -1.0).error)
