"""Operations that take parts of arrays, by index, order and place, and running sums.

A comparison or an order found in an array is a plain array of bools or whole numbers, through which no gradient flows.
"""

import operator
from typing import Any

import numpy as np

from autograd.arrays import Shape, applied, as_array, as_operand, normalized, with_axis
from autograd.arrays import shape as _shape
from autograd.define import define_array
from autograd.notation import PART

_getitem = define_array(
    "getitem",
    lambda m, x, *, index: x[index],
    lambda m, g, x, out, *, index: m.scatter(g, index, x.shape),
    notation=PART,
    symbol="[…]",
    rearranges=True,
)
_scatter = define_array(
    "scatter",
    lambda m, x, *, index, shape: m.scatter(x, index, shape),
    lambda m, g, x, out, *, index, shape: m.getitem(g, index=index),
    linear=True,
)
_take_along_axis = define_array(
    "take_along_axis",
    lambda m, x, *, indices, axis: m.take_along_axis(x, indices, axis),
    lambda m, g, x, out, *, indices, axis: m.scatter(g, _mesh(indices, axis, x.shape), x.shape),
    rearranges=True,
)
_sort = define_array(
    "sort",
    lambda m, x, *, axis: m.sort(x, axis),
    lambda m, g, x, out, *, axis: m.take_along_axis(g, _ranks(x, axis), axis),
)
_tril = define_array(
    "tril", lambda m, x, *, k=0: m.tril(x, k), lambda m, g, x, out, *, k: m.tril(g, k), rearranges=True
)
_triu = define_array(
    "triu", lambda m, x, *, k=0: m.triu(x, k), lambda m, g, x, out, *, k: m.triu(g, k), rearranges=True
)
_cumsum = define_array(
    "cumsum",
    lambda m, x, *, axis: m.cumsum(x, axis),
    lambda m, g, x, out, *, axis: m.flip(m.cumsum(m.flip(g, axis), axis), axis),
    linear=True,
)


def getitem(x: Any, index: Any) -> Any:
    """`x[index]` as NumPy has it: whole numbers, slices, `...`, None, bools, lists and arrays of these, or several.

    >>> getitem(np.array([[1.0, 2.0], [3.0, 4.0]]), (..., -1))
    array([2., 4.])
    """
    parts = index if isinstance(index, tuple) else (index,)
    return applied(_getitem, (as_operand(x, "getitem"),), {"index": tuple(map(_part_of_index, parts))})


def take(a: Any, indices: Any, axis: int | None = None) -> Any:
    """The parts of those numbers along an axis; of all elements in one row if it is None."""
    a, axis = with_axis(a, axis, "take")
    return getitem(a, (slice(None),) * axis + (indices,))


def take_along_axis(arr: Any, indices: Any, axis: int | None = -1) -> Any:
    """For each row along an axis, the elements of the numbers in the same row of `indices`, as `argsort` gives them.

    >>> x = np.array([[3.0, 1.0], [2.0, 5.0]])
    >>> take_along_axis(x, argsort(x), axis=1)
    array([[1., 3.],
           [2., 5.]])
    """
    places = _part_of_index(indices)
    arr, axis = with_axis(arr, axis, "take_along_axis")
    if np.ndim(places) != arr.ndim or places.dtype == bool:
        raise ValueError(
            f"take_along_axis: {arr.shape}: indices are an array of whole numbers with as many axes, got the shape "
            f"{np.shape(places)}"
        )
    return _take_along_axis(arr, indices=places, axis=axis)


def sort(a: Any, axis: int | None = -1) -> Any:
    """The elements in ascending order along an axis; all in one row if it is None.

    Where some are equal, the gradient of each goes to the element that `argsort` has there.
    """
    a, axis = with_axis(a, axis, "sort")
    return _sort(a, axis=axis)


def argsort(a: Any, axis: int | None = -1) -> Any:
    """The places of the elements in ascending order, as whole numbers; equal ones keep their order."""
    return np.argsort(_numbers(a, "argsort"), axis, kind="stable")


def argmax(a: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """The place of the greatest element, the first of several, along an axis or in all elements in one row."""
    return np.argmax(_numbers(a, "argmax"), axis, keepdims=keepdims)


def argmin(a: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """The place of the least element, the first of several, along an axis or in all elements in one row."""
    return np.argmin(_numbers(a, "argmin"), axis, keepdims=keepdims)


def any(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """Whether an element is not 0."""
    return np.any(_numbers(a, "any"), axis, keepdims=keepdims)


def all(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """Whether no element is 0."""
    return np.all(_numbers(a, "all"), axis, keepdims=keepdims)


def diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The diagonals of the matrices in two of the axes, as a new last axis; `offset` counts to the right.

    >>> diagonal(np.array([[1.0, 2.0], [3.0, 4.0]])), diagonal(np.array([[1.0, 2.0], [3.0, 4.0]]), 1)
    (array([1., 4.]), array([2.]))
    """
    a, offset = as_operand(a, "diagonal"), operator.index(offset)
    across = normalized((axis1, axis2), len(_shape(a)), "diagonal")
    others = [axis for axis in range(a.ndim) if axis not in across]
    rows, columns = (a.shape[axis] for axis in across)
    length = max(0, min(rows, columns - offset) if offset >= 0 else min(rows + offset, columns))
    # In a row, the elements of a diagonal are `columns + 1` apart.
    start = offset if offset >= 0 else -offset * columns
    stop = start + length * (columns + 1) - columns if length else start
    flat = a.transpose(*others, *across).reshape(*(a.shape[axis] for axis in others), rows * columns)
    return getitem(flat, (..., slice(start, stop, columns + 1)))


def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The sum of each diagonal of the matrices in two of the axes."""
    return diagonal(a, offset, axis1, axis2).sum(-1)


def tril(m: Any, k: int = 0) -> Any:
    """The matrices in the last two axes with zeros above the diagonal number `k`."""
    return _tril(_of_matrices(m, "tril"), k=operator.index(k))


def triu(m: Any, k: int = 0) -> Any:
    """The matrices in the last two axes with zeros below the diagonal number `k`.

    >>> triu(np.ones((2, 2)))
    array([[1., 1.],
           [0., 1.]])
    """
    return _triu(_of_matrices(m, "triu"), k=operator.index(k))


def cumsum(a: Any, axis: int | None = None) -> Any:
    """The running sums along an axis, or of all elements in one row."""
    a, axis = with_axis(a, axis, "cumsum")
    return _cumsum(a, axis=axis)


def _part_of_index(part: Any) -> Any:
    """One part of an index as it is recorded: plain numbers, or an array of its own that nobody can change."""
    if part is None or part is Ellipsis or type(part) is int:
        return part
    if hasattr(part, "apply_op"):
        raise TypeError(
            f"an index is made of whole numbers or bools, and a {type(part).__name__} holds floats: take them from an "
            "array, or convert the numbers of the index by i.data.astype(int)"
        )
    if isinstance(part, slice):
        return slice(*[end if end is None else operator.index(end) for end in (part.start, part.stop, part.step)])
    found = np.array(part)
    if found.size == 0 and isinstance(part, (list, tuple)):
        found = found.astype(np.intp)
    if found.dtype.kind not in "iub":
        raise IndexError(f"an index is made of whole numbers, slices, ..., None or bools, got {part!r:.60}")
    if found.ndim == 0:
        return found.item()
    found = found if found.dtype == bool else found.astype(np.intp, copy=False)
    found.flags.writeable = False
    return found


def _mesh(indices: Any, axis: int, shape: Shape) -> tuple[Any, ...]:
    """The index that takes along an axis, in every row its own."""
    index = np.indices(shape, sparse=True)
    return (*index[:axis], indices, *index[axis + 1 :])


def _ranks(x: Any, axis: int) -> Any:
    """The place to which each element goes when it is sorted."""
    return np.argsort(argsort(x, axis), axis)


def _numbers(x: Any, where: str) -> Any:
    """The numbers of an array or node."""
    return as_array(as_operand(x, where))


def _of_matrices(x: Any, where: str) -> Any:
    x = as_operand(x, where)
    if len(_shape(x)) < 2:
        raise ValueError(f"{where}: needs at least two axes, got the shape {_shape(x)}")
    return x
