"""A step in the imaginary direction gives the derivative to the last digits, or nothing."""

import cmath
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.testing.complex_steps import complex_step


@given(st.floats(1e-280, 30.0) | st.floats(-30.0, -1e-280) | st.just(0.0))
def test_analytic_functions_give_all_digits(x: float) -> None:
    assert complex_step(cmath.exp, x, math.exp(x)) == pytest.approx(math.exp(x), rel=1e-14)
    assert complex_step(lambda z: np.sin(z) * z, x, math.sin(x) * x) == pytest.approx(
        math.sin(x) + x * math.cos(x), rel=1e-13, abs=1e-13
    )


def test_it_loses_none_where_numbers_cancel() -> None:
    assert complex_step(lambda x: (1e16 + x) * (1e16 + x) - 1e32, 1.0, 0.0) == 2e16


@pytest.mark.parametrize("x", [1e-280, 0.0, -2.0, 1e300])
def test_points_may_be_of_any_size(x: float) -> None:
    assert complex_step(lambda z: 3.0 * z, x, 3.0 * x) == 3.0


def test_next_to_the_least_float_there_is_no_step() -> None:
    assert complex_step(lambda z: 3.0 * z, 5e-324, 1.5e-323) is None


@pytest.mark.parametrize(
    "f",
    [
        math.sin,
        lambda x: x if x > 0 else -x,
        lambda x: x.tanh(),
        lambda x: x.real,
        lambda x: 1.0 / (x - x),
        lambda x: float(x),
        lambda x: x + 1j,
        lambda x: complex(math.nan, 1.0),
        lambda x: x + 1e10 * (x.imag > 1e-20),
    ],
)
def test_what_takes_no_complex_numbers_or_is_not_analytic_gives_nothing(f: Callable[[Any], Any]) -> None:
    found = complex_step(f, 0.5, 0.5)
    assert found is None or found == 0.0
