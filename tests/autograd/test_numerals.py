import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.numerals import numeral


@pytest.mark.parametrize(
    ("x", "shown"),
    [
        (4.0, "4"), (-3.0, "-3"), (0.0, "0"), (-0.0, "-0"), (0.1, "0.1"), (0.11920292202, "0.1192"),
        (1234.5678, "1234.6"), (123456.789, "123457"), (1e6, "1e6"), (1234567.0, "1.235e6"), (1e-300, "1e-300"),
        (0.00012345, "0.0001234"), (1 / 3, "0.3333"), (math.pi * 1e20, "3.142e20"),
        (math.inf, "inf"), (-math.inf, "-inf"), (math.nan, "nan"), (None, "—"),
    ],
)  # fmt: skip
def test_numbers_are_exact_where_that_is_short_and_rounded_elsewhere(x: float | None, shown: str) -> None:
    assert numeral(x) == shown


@given(st.floats(-1e308, 1e308))
def test_a_numeral_is_short_and_close(x: float) -> None:
    shown = numeral(x)
    assert len(shown) <= 11
    assert float(shown) == pytest.approx(x, rel=6e-4)
