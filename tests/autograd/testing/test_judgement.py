"""A right gradient is never called wrong, and one that differences can see to be wrong is."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Op
from autograd.testing import domains
from autograd.testing.judgement import FAILURES, VERDICTS, judge
from autograd.testing.strategies import operands
from tests.autograd.oracle import OPS

Function = Callable[[float], float]
POLYNOMIALS = st.lists(st.floats(-3.0, 3.0), min_size=1, max_size=5)
SMOOTH = [
    (math.sin, 0.3, math.cos(0.3)),
    (math.exp, 1.0, math.e),
    (math.tanh, -0.7, 1.0 - math.tanh(-0.7) ** 2),
    (lambda x: x**3, 2.0, 12.0),
    (lambda x: 1.0 / x, 1e150, -1e-300),
    (lambda x: 1e-200 * math.sqrt(x), 4.0, 2.5e-201),
]


def test_the_verdicts_stand_from_the_best_to_the_worst() -> None:
    assert VERDICTS == ("correct", "kink", "ill-conditioned", "non-finite", "wrong")
    assert set(VERDICTS[-2:]) == FAILURES


@given(POLYNOMIALS, st.floats(-4.0, 4.0))
def test_the_derivative_of_a_polynomial_is_never_called_wrong(coefficients: list[float], x: float) -> None:
    slope = math.fsum(i * c * x ** (i - 1) for i, c in enumerate(coefficients) if i)
    assert judge(lambda t: math.fsum(c * t**i for i, c in enumerate(coefficients)), x, slope).verdict not in FAILURES


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
@given(data=st.data())
@settings(max_examples=10)
def test_one_hundredth_is_seen_wherever_the_error_is_small(op: Op, data: st.DataObject) -> None:
    point = data.draw(operands(op, bound=3.0, distance=1e-1, margin=1e-2))
    for i, gradient in domains.local_derivatives(op, point).items():

        def f(x: float, i: int = i) -> float:
            return domains.value(op, [*point[:i], x, *point[i + 1 :]])

        right = judge(f, point[i], gradient)
        assert right.verdict not in FAILURES
        if gradient and right.slopes.central.error < 1e-4 * abs(gradient) and right.verdict == "correct":
            assert judge(f, point[i], 1.01 * gradient).verdict == "wrong"


@pytest.mark.parametrize(("f", "x", "gradient"), SMOOTH)
@pytest.mark.parametrize("factor", [1.0 + 1e-7, 1.0 - 1e-7, 0.99, 1.01, 2.0, -1.0, 0.0])
def test_where_f_is_smooth_one_part_in_ten_million_is_seen(
    f: Function, x: float, gradient: float, factor: float
) -> None:
    assert judge(f, x, gradient).verdict == "correct"
    assert judge(f, x, gradient * factor).verdict == "wrong"


@pytest.mark.parametrize(("f", "x", "gradient"), SMOOTH)
def test_the_digits_are_those_that_agree(f: Function, x: float, gradient: float) -> None:
    assert judge(f, x, gradient).digits >= 9
    assert judge(f, x, gradient * (1.0 + 1e-7)).digits in (6, 7)
    assert judge(f, x, -gradient).digits == 0


@pytest.mark.parametrize(("f", "x", "gradient"), SMOOTH)
def test_the_taylor_remainder_falls_as_the_square_of_the_step_if_the_gradient_is_right(
    f: Function, x: float, gradient: float
) -> None:
    assert judge(f, x, gradient).rate == pytest.approx(2.0, abs=0.1)
    assert judge(f, x, 1.5 * gradient).rate == pytest.approx(1.0, abs=0.1)


def test_of_a_straight_line_the_remainder_is_all_rounding() -> None:
    assert math.isnan(judge(lambda x: 3.0 * x, 1.0, 3.0).rate)


def test_at_a_kink_any_gradient_between_the_two_slopes_is_a_choice() -> None:
    assert [judge(abs, 0.0, gradient).verdict for gradient in (-1.0, 0.0, 0.5, 1.0)] == ["kink"] * 4
    assert judge(abs, 0.0, 1.01).verdict == "wrong"
    assert judge(lambda x: max(x, 0.0), 0.0, 0.0).verdict == "kink"
    assert judge(lambda x: max(x, 0.0), 0.0, -0.01).verdict == "wrong"


@pytest.mark.parametrize(
    ("f", "x", "gradient", "verdict"),
    [
        (lambda x: 3.0, 1.0, 0.0, "correct"),
        (lambda x: 3.0, 1.0, 1.0, "wrong"),
        (math.log, 0.0, 1.0, "non-finite"),
        (math.exp, 1.0, math.nan, "non-finite"),
        (math.exp, 1.0, math.inf, "non-finite"),
        (math.floor, 2.0, 0.0, "ill-conditioned"),
        (lambda x: math.sin(1e17 * x), 1.0, 1e17, "ill-conditioned"),
        (lambda x: (1e17 + math.sin(x)) - 1e17, 0.3, math.cos(0.3), "wrong"),
        (lambda x: (2.0 - (2.0 - x)) ** 2, 0.0, 0.0, "ill-conditioned"),
        (lambda x: (2.0 - (2.0 - x)) ** 2 + 1e-10 * x, 0.0, 0.0, "wrong"),
    ],
)
def test_what_differences_can_and_cannot_tell(f: Function, x: float, gradient: float, verdict: str) -> None:
    assert judge(f, x, gradient).verdict == verdict


def test_known_noise_turns_what_would_be_wrong_into_what_cannot_be_told() -> None:
    assert judge(lambda x: (1e17 + math.sin(x)) - 1e17, 0.3, math.cos(0.3), noise=16.0).verdict == "ill-conditioned"


def test_a_complex_step_confirms_what_differences_cannot_tell_and_condemns_nothing() -> None:
    def f(x: float) -> float:
        return 1e16 + x**3

    right, false = judge(f, 2.0, 12.0), judge(f, 2.0, 13.0)
    assert (right.verdict, right.complex_step, right.digits) == ("correct", 12.0, 15)
    assert (false.verdict, false.complex_step) == ("ill-conditioned", 12.0)
    assert judge(math.sin, 2.0, math.cos(2.0)).complex_step is None


@pytest.mark.parametrize("scale", [1e-300, 1e-30, 1.0, 1e30, 1e150])
def test_the_verdict_does_not_depend_on_the_size_of_x(scale: float) -> None:
    assert judge(lambda x: 3.0 * x, scale, 3.0).verdict == "correct"
    assert judge(lambda x: 3.0 * x, scale, 3.03).verdict == "wrong"


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([math.sin, math.tanh, math.atan, abs]))
def test_no_point_is_so_large_or_small_that_a_right_gradient_is_called_wrong(x: float, f: Function) -> None:
    slopes: dict[Function, Function] = {
        math.sin: math.cos,
        math.tanh: lambda t: 1.0 / math.cosh(t) ** 2 if abs(t) < 300.0 else 0.0,
        math.atan: lambda t: 1.0 / (1.0 + t * t),
        abs: lambda t: math.copysign(1.0, t) if t else 0.0,
    }
    assert judge(f, x, slopes[f](x)).verdict not in FAILURES


@given(st.floats(0.1, 20.0), st.floats(0.1, 20.0))
def test_where_the_loss_is_least_the_gradient_0_is_never_called_wrong(weight: float, x: float) -> None:
    """The loss of a perfect fit, by a bias of 0 whose last digits are lost beside x."""
    target = weight * x
    assert judge(lambda bias: (weight * (x + bias) - target) ** 2, 0.0, 0.0).verdict not in FAILURES


def test_slopes_that_contradict_each_other_condemn_nothing() -> None:
    """Of y·x^(y - 1) the shortest steps in y see no change of y - 1, which is rounded."""
    x, y = 1.3334586676425304e129, -1.6878857021772633e-10
    slope = x ** (y - 1.0) * (1.0 + y * math.log(x))
    assert judge(lambda t: t * x ** (t - 1.0), y, slope).verdict != "wrong"
