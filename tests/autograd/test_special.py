"""The special functions that are not SciPy's own: right where SciPy loses digits, and done where it would go on."""

import math

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import digamma, grad
from autograd.special import polygamma, spherical_jn


@given(st.integers(min_value=1, max_value=8), st.floats(min_value=-50.0, max_value=-0.01))
def test_polygamma_left_of_zero_is_right_to_the_rounding_of_its_two_terms(n: int, x: float) -> None:
    if x.is_integer():
        return
    with mpmath.workdps(60):
        exact = mpmath.psi(n, mpmath.mpf(x))
        reflected = mpmath.psi(n, 1 - mpmath.mpf(x))
    conditioning = math.pi * n / abs(math.sin(math.pi * x))  # how far off x - round(x) puts the poles' part
    assert abs(polygamma(float(n), x) - exact) <= 1e-14 * (1.0 + conditioning) * (abs(exact) + abs(reflected))


def test_polygamma_far_left_of_zero_takes_no_longer_than_elsewhere() -> None:
    assert polygamma(1.0, -1e15 + 0.5) == pytest.approx(math.pi**2, rel=1e-14)
    assert grad(digamma)(-4e15 + 0.5) == pytest.approx(math.pi**2, rel=1e-14)


def test_polygamma_at_its_poles_is_infinite_and_of_other_orders_nan() -> None:
    assert polygamma(1.0, 0.0) == polygamma(1.0, -3.0) == polygamma(1.0, -5e-324) == math.inf
    assert math.isnan(polygamma(0.5, 1.0))
    assert math.isnan(polygamma(-1.0, 1.0))


def test_a_spherical_bessel_function_of_a_huge_order_is_quick() -> None:
    assert spherical_jn(1e9, 1.0) == spherical_jn(99_999.0, 1.0) == 0.0
    assert math.isnan(spherical_jn(1e9, 1e9))
    assert math.isnan(spherical_jn(math.inf, 1.0))
