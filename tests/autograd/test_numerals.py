import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograd.numerals import norm, numeral, rows, setting, spread

Array = np.ndarray[Any, Any]


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


@given(arrays(st.sampled_from([np.float64, np.float32]), array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)))
def test_an_array_is_whole_or_has_its_shape_and_every_number_that_is_not_finite(x: Array) -> None:
    text = numeral(x)
    if 0 < x.size <= 6 or not x.ndim:
        assert re.sub(r"[\[\]]", "", text) == ", ".join(numeral(float(each)) for each in x.ravel())
    else:
        assert str(x.shape) in text
        assert ("float32" in text) == (x.dtype == np.float32)
        for what, n in (("nan", np.isnan(x).sum()), ("-inf", np.isneginf(x).sum())):
            assert (f"{n} {what}" in text or f"all {what}" in text) == bool(n)


@given(arrays(np.float64, array_shapes(max_dims=2), elements=st.floats(-1e300, 1e300)))
def test_mean_and_spread_are_those_of_numpy(x: Array) -> None:
    scale = float(np.abs(x).max()) or 1.0
    expected = f"mean {numeral(float(f'{(x / scale).mean() * scale:.3g}'))} ± "
    assert spread(x).startswith(expected if x.min() < x.max() else f"all {numeral(float(x.flat[0]))}")


@given(arrays(np.float64, array_shapes(max_dims=2), elements=st.floats(-1e150, 1e150)))
def test_the_norm_is_that_of_numpy(x: Array) -> None:
    assert math.isclose(norm(x), float(np.linalg.norm(x)), rel_tol=1e-12) or norm(x) < 1e-150


def test_the_norm_of_huge_numbers_does_not_overflow() -> None:
    assert norm(np.full(4, 1e300)) == 2e300
    assert norm(-3.0) == 3.0
    assert math.isnan(norm(np.array([1.0, math.nan])))


def test_rows_are_those_of_small_arrays() -> None:
    assert rows(np.arange(12.0).reshape(3, 4)) == [[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0]]
    assert [rows(np.zeros(shape)) for shape in ((7,), (2, 5), (2, 2, 1), (0, 2))] == [[], [], [], []]
    assert rows(np.zeros((6, 1))) == [[0.0]] * 6


def test_settings_are_written_as_in_a_program() -> None:
    assert setting((slice(1, None, 2), None, ..., np.array([0, 2]))) == "(1::2, None, …, [0, 2])"
    texts = {"None": None, "-1": -1, "(0, 1)": (0, 1), "'ij,jk'": "ij,jk", "0.5": 0.5, "3": np.int64(3)}
    assert [setting(x) for x in texts.values()] == list(texts)
