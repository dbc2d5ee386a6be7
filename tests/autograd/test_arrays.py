"""The array reading: dtypes kept, broadcasting undone; and axes as they are given."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as arrays

from autograd import Tensor
from autograd.arrays import NUMPY, as_array, normalized, unbroadcast, with_axis

DOUBLE, SINGLE = NUMPY[np.dtype(np.float64)], NUMPY[np.dtype(np.float32)]


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


@pytest.mark.parametrize(("axis", "shape", "found"), [(0, (2, 3), 0), (-1, (2, 3), 1), (None, (6,), 0)])
def test_one_axis_is_counted_from_either_end_and_none_makes_one_row(axis: Any, shape: Any, found: int) -> None:
    for x in (np.zeros((2, 3)), Tensor(np.zeros((2, 3))), [[0.0] * 3] * 2):
        operand, along = with_axis(x, axis, "sort")
        assert (operand.shape, along) == (shape, found)


def test_the_numbers_of_a_node_are_a_plain_array() -> None:
    for x in (Tensor([1.0, 2.0]), np.array([1.0, 2.0])):
        assert type(as_array(x)) is np.ndarray
        assert as_array(x).tolist() == [1.0, 2.0]
