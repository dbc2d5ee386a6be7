"""The plain data that charts are given: read as arrays, with errors that say what is wrong, and thinned to be drawn."""

from collections.abc import Mapping
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

MOST_POINTS = 5_000  # more hide each other, and make files that no viewer opens


def numbers(data: object, what: str) -> Array:
    """The data as an array of floats.

    Raises TypeError for what is not made of real numbers, ValueError for rows of different lengths and for no numbers.
    """
    try:
        array = np.asarray(data)
    except ValueError as error:
        raise ValueError(f"{what} must be an array: its rows have different lengths or shapes") from error
    if array.dtype.kind not in "biufO":
        raise TypeError(f"{what} must be real numbers, got {array.dtype} from a {type(data).__name__}")
    try:
        if array.dtype.kind == "O" and None in array.ravel().tolist():
            raise TypeError("None is no number")
        array = array.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{what} must be real numbers, got the {type(data).__name__} {data!r:.60}") from error
    if not array.size:
        raise ValueError(f"{what} is empty: there is nothing to draw")
    return array


def vector(data: object, what: str, length: int | None = None) -> Array:
    """Numbers of shape (n,), or (n, 1) as networks give them; of the given length, if one is given."""
    array = numbers(data, what)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise ValueError(f"{what} must have shape (n,) or (n, 1), got {array.shape}")
    if length is not None and len(array) != length:
        raise ValueError(f"{what} must have {length:,} numbers, one for each x, got {len(array):,}")
    return array


def named(data: object, what: str) -> Mapping[str, Any]:
    """The data as a mapping that is not empty, or an error that says what it must hold."""
    if not isinstance(data, Mapping):
        raise TypeError(f"{what}, got a {type(data).__name__}")
    if not data:
        raise ValueError(f"{what}, got an empty one")
    return {str(name): value for name, value in data.items()}


def evenly(count: int, most: int) -> Array:
    """The indices of all, or of that many at even distances, the first and the last among them.

    >>> evenly(3, 5).tolist(), evenly(9, 3).tolist()
    ([0, 1, 2], [0, 4, 8])
    """
    return np.arange(count) if count <= most else np.linspace(0, count - 1, most).round().astype(int)


def peaks(y: Array, most: int = MOST_POINTS) -> Array:
    """The indices of a line's points that its picture needs: all, or the lowest and the highest of each stretch.

    >>> peaks(np.array([0.0, 9.0, 1.0, 2.0, -5.0, 1.0]), 4).tolist()
    [0, 1, 3, 4]
    """
    if len(y) <= most:
        return np.arange(len(y))
    finite = np.isfinite(y)
    low, high = np.where(finite, y, np.inf), np.where(finite, y, -np.inf)
    stretches = np.array_split(np.arange(len(y)), most // 2)
    ends = [(part[low[part].argmin()], part[high[part].argmax()]) for part in stretches]
    return np.unique(ends)


def percent(share: float) -> str:
    """Whole, and never 0% or 100% for what is not.

    >>> percent(0.001), percent(0.999), percent(0.5), percent(1.0)
    ('<1%', '>99%', '50%', '100%')
    """
    if share < 0.01:
        return "<1%"
    return ">99%" if 0.99 < share < 1 else f"{share:.0%}"
