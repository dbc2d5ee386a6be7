"""What users hand over, checked: numbers in whatever they come in, and whole numbers."""

import operator
from numbers import Real
from typing import Any

import numpy as np

from autograd import Node, Value

Array = np.ndarray[Any, Any]
_NUMBERS = (Value, Real, np.bool_)  # columns of different dtypes make a table's array one of objects


def array_of(x: Any, what: str) -> Array:
    """The numbers in an array, a Tensor, a table or lists (of Values, too), as an array of their dtype.

    Raises TypeError for what are no numbers and ValueError for rows of different lengths; both begin with `what`.

    >>> array_of([[Value(1.0)], [Value(2.0)]], "x")
    array([[1.],
           [2.]])
    """
    try:
        array = np.asarray(x)
    except ValueError as error:
        raise ValueError(f"{what}: rows of different lengths make no array ({error})") from None
    if array.dtype == object and array.size and all(isinstance(each, _NUMBERS) for each in array.flat):
        array = np.array([each.data if isinstance(each, Value) else each for each in array.flat]).reshape(array.shape)
    if array.dtype.kind not in "biuf":
        hint = "give .toarray() of it" if hasattr(x, "toarray") else "encode texts as numbers"
        raise TypeError(f"{what}: expected numbers, got {array.dtype} from a {type(x).__name__}; {hint}")
    return array


def numbers(x: Any) -> Array:
    """The numbers of a Tensor or Value, or of an array."""
    return np.asarray(x.data if isinstance(x, Node) else x)


def whole_number(x: Any, what: str, least: int) -> int:
    """`x` as an int. Raises TypeError for what is no whole number, ValueError for one below `least`.

    >>> whole_number(np.int64(3), "batch_size", 1)
    3
    """
    try:
        if isinstance(x, bool):
            raise TypeError
        number = operator.index(x)
    except TypeError:
        raise TypeError(f"{what} must be a whole number, got {x!r:.60}") from None
    if number < least:
        raise ValueError(f"{what} must be at least {least}, got {number}")
    return number
