"""Numbers are taken in whatever they come in; what are none, or not whole, are errors that say so."""

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from autograd import Tensor, Value
from nn.arguments import array_of, whole_number


class Table:
    """What makes an array of itself, as tables of pandas do."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array([[1.0, 2.0]], dtype)


@pytest.mark.parametrize(
    "x",
    [
        [[1.0, 2.0]],
        ((1.0, 2.0),),
        np.array([[1.0, 2.0]]),
        Tensor([[1.0, 2.0]]),
        [Tensor([1.0, 2.0])],
        [[Value(1.0), Value(2.0)]],
        Table(),
    ],
)
def test_numbers_are_taken_in_whatever_they_come_in(x: Any) -> None:
    array = array_of(x, "x")
    assert type(array) is np.ndarray
    assert array.dtype == np.float64
    assert array.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float32])
def test_a_dtype_stays_what_it_is(dtype: type) -> None:
    assert array_of(np.ones(2, dtype), "x").dtype == dtype


@pytest.mark.parametrize("x", ["text", ["a", "b"], [None], [1j], [object()], {"a": 1}, [[1, "b"]]])
def test_what_are_no_numbers_is_a_type_error(x: Any) -> None:
    with pytest.raises(TypeError, match=r"^x: expected numbers, got"):
        array_of(x, "x")


def test_columns_of_different_dtypes_are_numbers_as_in_a_table() -> None:
    table = np.array([[True, 1.5, 2], [np.True_, np.float32(0.5), Value(3.0)]], dtype=object)
    array = array_of(table, "x")
    assert array.dtype == np.float64
    assert array.tolist() == [[1.0, 1.5, 2.0], [1.0, 0.5, 3.0]]


def test_of_a_sparse_matrix_its_array_is_asked_for() -> None:
    with pytest.raises(TypeError, match=r"^x: expected numbers, got .* csr_array; give .toarray\(\) of it"):
        array_of(csr_array(np.eye(3)), "x")


def test_rows_of_different_lengths_are_an_error() -> None:
    with pytest.raises(ValueError, match=r"^x: rows of different lengths"):
        array_of([[1.0], [1.0, 2.0]], "x")


@pytest.mark.parametrize("x", [3, np.int64(3), np.array(3)])
def test_a_whole_number_is_an_int(x: Any) -> None:
    assert type(whole_number(x, "n", 1)) is int


@pytest.mark.parametrize("x", [True, np.True_, 3.0, float("nan"), "3", None, [3]])
def test_another_thing_than_a_whole_number_is_a_type_error(x: Any) -> None:
    with pytest.raises(TypeError, match=r"^n must be a whole number, got"):
        whole_number(x, "n", 1)


def test_a_whole_number_that_is_too_small_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"^n must be at least 1, got 0"):
        whole_number(0, "n", 1)
