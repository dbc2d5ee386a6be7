"""The array reading: dtypes kept, folds along axes, broadcasting undone."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograd import Tensor
from autograd.arrays import NUMPY, AlongAxes, normalized, unbroadcast
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


@given(arrays.mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_side=3, max_dims=3))
def test_unbroadcast_sums_over_what_broadcasting_repeated(shapes: arrays.BroadcastableShapes) -> None:
    gradient = np.ones(shapes.result_shape)
    for shape in shapes.input_shapes:
        back = unbroadcast(DOUBLE, gradient, shape)
        assert back.shape == shape
        times = gradient.size // max(1, np.zeros(shape).size)
        np.testing.assert_array_equal(back, np.full(shape, float(times)))


@pytest.mark.parametrize("numbers", [(1.0, 0.0), (0.0, 1.0), (0.5, 0.25), (-np.inf, 0.0)])
def test_a_choice_between_two_numbers_has_the_dtype_of_the_reading(numbers: tuple[float, float]) -> None:
    condition = np.array([True, False])
    for m in (SINGLE, DOUBLE):
        chosen = m.where(condition, *numbers)
        assert chosen.dtype == m.dtype
        assert chosen.tolist() == list(numbers)


def test_where_two_plain_numbers_meet_the_result_is_that_of_ieee_754() -> None:
    with np.errstate(divide="ignore"):
        found = DOUBLE.evaluate(lambda m, x, y: x * (1.0 / y), np.array([1.0]), 0.0)
    assert found.tolist() == [np.inf]


def test_what_to_subtract_before_exp_is_finite() -> None:
    x = np.array([[1.0, 2.0], [np.inf, 0.0], [-np.inf, -np.inf]])
    assert DOUBLE.along((1,)).shift(x).tolist() == [[2.0], [0.0], [0.0]]


@pytest.mark.parametrize(
    ("axis", "ndim", "expected"), [(None, 2, (0, 1)), (-1, 3, (2,)), ((0, -1), 3, (0, 2)), ((), 2, ()), (None, 0, ())]
)
def test_axes_are_counted_from_either_end(axis: Any, ndim: int, expected: tuple[int, ...]) -> None:
    assert normalized(axis, ndim, "sum") == expected


@pytest.mark.parametrize(
    ("axis", "error", "message"),
    [
        (2, IndexError, "sum: there is no axis 2 in an array of 2 dimensions"),
        ((0, -2), ValueError, "names one axis twice"),
        (1.0, TypeError, "an axis is a whole number, got 1.0"),
        (True, TypeError, "an axis is a whole number, got True"),
    ],
)
def test_an_axis_that_there_is_not_is_refused(axis: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        normalized(axis, 2, "sum")


def test_namespaces_along_axes_are_made_once() -> None:
    assert isinstance(DOUBLE.along((0,)), AlongAxes)
    assert DOUBLE.along((0,)) is DOUBLE.along((0,))
    assert DOUBLE.along((0,)) is not SINGLE.along((0,))
