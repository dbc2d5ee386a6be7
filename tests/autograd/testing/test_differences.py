"""Finite differences know how far off they may be."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from autograd.testing.differences import Differences, Estimate

POLYNOMIALS = st.lists(st.floats(-3.0, 3.0), min_size=1, max_size=5)
POINTS = st.floats(-4.0, 4.0)
Function = Callable[[float], float]


def polynomial(coefficients: list[float]) -> tuple[Function, Function]:
    """A polynomial and its derivative."""
    return (
        lambda x: math.fsum(c * x**i for i, c in enumerate(coefficients)),
        lambda x: math.fsum(i * c * x ** (i - 1) for i, c in enumerate(coefficients) if i),
    )


def central(f: Function, x: float) -> Estimate:
    return Differences(f, x).slopes.central


@given(POLYNOMIALS, POINTS)
def test_the_derivative_of_a_polynomial_is_within_a_few_errors(coefficients: list[float], x: float) -> None:
    f, slope = polynomial(coefficients)
    for estimate in Differences(f, x).slopes:
        assert abs(estimate.value - slope(x)) <= 4.0 * estimate.error + 1e-12 * abs(slope(x))


@given(st.floats(1e-12, 1e-4), POINTS, st.integers(0, 10**6))
def test_the_error_covers_noise_of_any_size(amplitude: float, x: float, seed: int) -> None:
    def noisy(t: float) -> float:
        return math.sin(t) + amplitude * (hash((t, seed)) % 2001 - 1000) / 1000

    estimate = central(noisy, x)
    assert abs(estimate.value - math.cos(x)) <= 4.0 * estimate.error


@pytest.mark.parametrize("wave", [1e1, 1e3, 1e5, 1e7])
def test_the_steps_are_short_enough_for_what_changes_quickly(wave: float) -> None:
    estimate = central(lambda x: math.sin(wave * x), 0.7)
    assert abs(estimate.value - wave * math.cos(wave * 0.7)) <= 4.0 * estimate.error < 1e-5 * wave


def test_single_precision_is_found_out() -> None:
    estimate = central(lambda x: float(np.tanh(np.float32(x))), 0.5)
    exact = 1.0 - math.tanh(0.5) ** 2
    assert abs(estimate.value - exact) <= 4.0 * estimate.error
    assert 1e-9 < estimate.error < 1e-3


def test_noise_that_values_do_not_show_can_be_told() -> None:
    """(1e17 + sin x) - 1e17 is 0 wherever it is computed, yet its derivative is cos x."""
    assert central(lambda x: (1e17 + math.sin(x)) - 1e17, 0.3).error < 1e-300
    assert Differences(lambda x: (1e17 + math.sin(x)) - 1e17, 0.3, noise=16.0).slopes.central.error > 1.0


def test_the_two_sides_of_a_kink_are_told_apart() -> None:
    slopes = Differences(abs, 0.0).slopes
    assert (slopes.left.value, slopes.right.value) == (-1.0, 1.0)
    assert abs(slopes.central.value) <= slopes.central.error


@pytest.mark.parametrize("x", [5e-324, 1e-300, 1e-30, 1.0, 1e30, 1e150, 1.7e308, -1e-300, -1.7e308])
def test_points_of_any_size_have_steps_of_their_size(x: float) -> None:
    slope = Differences(lambda t: 0.75 * t, x).slopes.best
    assert abs(slope.value - 0.75) <= 4.0 * slope.error
    assert slope.error < (1e-9 if abs(x) > 1e-307 else 0.5)


def test_at_the_end_of_a_domain_the_steps_are_shorter() -> None:
    x = 1e-6
    estimate = central(math.log, x)
    with mp.workdps(30):
        exact = float(1 / mp.mpf(x))
    assert abs(estimate.value - exact) <= 4.0 * estimate.error < 1e-6 * exact


def test_outside_of_the_domain_nothing_is_shown() -> None:
    assert all(math.isinf(slope.error) for slope in Differences(math.log, -1.0).slopes)
    one_sided = Differences(math.sqrt, 0.0).slopes
    assert math.isinf(one_sided.central.error)
    assert math.isinf(one_sided.left.error)


def test_where_the_domain_ends_at_x_the_better_side_is_the_best() -> None:
    slopes = Differences(lambda x: x * math.sqrt(x) + x, 0.0).slopes
    assert slopes.best is slopes.right
    assert slopes.best.value == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("fails", [ZeroDivisionError, OverflowError, ValueError, IndexError, AssertionError])
def test_what_f_raises_near_x_is_not_raised(fails: type[Exception]) -> None:
    def f(x: float) -> float:
        if x > 1.0625:
            raise fails
        return x * x

    assert central(f, 1.0).value == pytest.approx(2.0, rel=1e-9)


@pytest.mark.parametrize("x", [math.inf, -math.inf, math.nan])
def test_where_x_is_not_finite_nothing_is_shown(x: float) -> None:
    assert all(math.isinf(slope.error) for slope in Differences(math.atan, x).slopes)


def test_a_complex_value_is_not_finite() -> None:
    assert math.isinf(central(lambda x: x**0.5, -1.0).error)
