"""Definitions for rows, read along axes: what folds a row leaves its axes, and what takes it apart puts it together."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograd import Tensor
from autograd.along import AlongAxes
from autograd.arrays import NUMPY
from autograd.higher import NODES

Array = np.ndarray[Any, Any]
DOUBLE, SINGLE = NUMPY[np.dtype(np.float64)], NUMPY[np.dtype(np.float32)]


@st.composite
def rows(draw: st.DrawFn) -> tuple[Array, tuple[int, ...]]:
    """An array, and some of its axes."""
    x = draw(arrays.arrays(float, arrays.array_shapes(min_dims=1, max_dims=3, max_side=3), elements=st.floats(-3, 3)))
    return x, tuple(draw(st.lists(st.integers(0, x.ndim - 1), unique=True, min_size=1)))


@given(rows())
def test_a_row_is_folded_along_its_axes_which_stay(drawn: tuple[Array, tuple[int, ...]]) -> None:
    x, axes = drawn
    m: Any = DOUBLE.along(axes)
    for name in ("sum", "max", "min", "prod"):
        expected = getattr(np, name)(x, axis=axes, keepdims=True)
        np.testing.assert_allclose(getattr(m, name)(x), expected, rtol=1e-12, atol=1e-12)
    assert m.count(x) == x.size / m.sum(x).size


@given(rows())
def test_the_items_of_a_row_make_the_row_again(drawn: tuple[Array, tuple[int, ...]]) -> None:
    x, axes = drawn
    axes = tuple(sorted(axes))
    for m in (DOUBLE.along(axes), NODES.along(axes)):
        given_array = Tensor(x) if m.base is NODES else x
        items = m.items(given_array)
        assert len(items) == m.count(x)
        np.testing.assert_array_equal(np.asarray(m.row(items, given_array)), x)


def test_what_to_subtract_before_exp_is_finite() -> None:
    x = np.array([[1.0, 2.0], [np.inf, 0.0], [-np.inf, -np.inf]])
    assert DOUBLE.along((1,)).shift(x).tolist() == [[2.0], [0.0], [0.0]]


def test_namespaces_along_axes_are_made_once() -> None:
    assert isinstance(DOUBLE.along((0,)), AlongAxes)
    assert DOUBLE.along((0,)) is DOUBLE.along((0,))
    assert DOUBLE.along((0,)) is not SINGLE.along((0,))
