"""Definitions read with NumPy's arrays of one dtype; and operands, shapes and axes in the form that operations take."""

import operator
from collections.abc import Callable, Mapping
from math import prod
from typing import Any

import numpy as np

from autograd import numbers
from autograd.along import AlongAxes, along
from autograd.namespaces import Namespace, find
from autograd.structure import flatten

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]

# fmt: off
_OF_SHAPES = (
    "reshape", "transpose", "broadcast_to", "flip", "roll", "tile", "pad", "concatenate", "stack", "matmul",
    "tril", "triu", "cumsum", "take_along_axis", "sort",
)
# fmt: on


class ArrayNamespace(Namespace):
    """Reads definitions with arrays of one dtype."""

    def __init__(self, dtype: Any) -> None:
        functions = {**numbers.ARRAYS, **{name: getattr(np, name) for name in _OF_SHAPES}}
        del functions["where"], functions["reshape"]  # for the methods below
        super().__init__(functions)
        self.dtype = np.dtype(dtype)

    def evaluate(self, definition: Callable[..., Any], *arguments: Any) -> Any:
        """What the definition gives; where two plain numbers meet in it, the result is that of IEEE 754."""
        try:
            return definition(self, *arguments)
        except ArithmeticError:
            number = self.dtype.type
            return definition(self, *[number(x) if type(x) is float else x for x in arguments])

    def where(self, condition: Any, x: Any, y: Any) -> Any:
        """`x` where the condition holds, else `y`; two plain numbers come in the namespace's dtype."""
        if type(x) is float and type(y) is float:
            if y == 0.0 and x == 1.0:
                return np.asarray(condition, bool).astype(self.dtype)
            if x == 0.0 and y == 1.0:
                return np.logical_not(condition).astype(self.dtype)
            return np.where(condition, self.dtype.type(x), self.dtype.type(y))
        return np.where(condition, x, y)

    @staticmethod
    def reshape(x: Any, shape: Shape) -> Any:
        """The array in another shape; the method, which the float of a Value has not, is quicker than `np.reshape`."""
        return np.reshape(x, shape) if type(x) is float else x.reshape(shape)

    @staticmethod
    def cast(x: Array, dtype: Any) -> Array:
        """The same numbers in another dtype."""
        return x.astype(dtype)

    @staticmethod
    def total(x: Array, axes: Shape, *, keepdims: bool = True) -> Array:
        """The sum along axes, which stay with length 1."""
        total: Array = np.add.reduce(x, axis=axes, keepdims=keepdims)  # type: ignore[call-overload]
        return total

    @staticmethod
    def einsum(subscripts: str, *x: Any) -> Any:
        """NumPy's. To look for products of matrices in it takes a while, but pays where there is much to multiply."""
        return np.einsum(subscripts, *x, optimize=sum(map(np.size, x)) > 500)

    @staticmethod
    def scatter(x: Array, index: Any, like: Shape) -> Array:
        """Zeros of the shape `like` with the elements of `x` at `index`; those that meet at one place are summed.

        No zero in it is negative, so that other elements can be added, here or elsewhere, as if to all of it.
        """
        out = np.zeros(like, x.dtype)
        if not may_repeat(index):
            out[index] = x if x.dtype == object else x + 0.0
        elif 4 * x.size < out.size or x.dtype == object:
            np.add.at(out, index, x)
        else:  # to count the places with weights is quicker, if there are not far more places than elements
            places = np.arange(out.size).reshape(like)[index]
            out[...] = np.bincount(places.ravel(), x.ravel(), out.size).reshape(like)
        return out

    def along(self, axes: Shape) -> "AlongAxes":
        """The namespace for definitions written for rows, where the rows lie along these axes."""
        return along(self, axes)


NUMPY = {np.dtype(kind): ArrayNamespace(kind) for kind in (np.float64, np.float32)}
"""What definitions are read with for arrays of either dtype."""


def size(x: Any) -> int:
    """How many numbers an array or node holds."""
    return prod(shape(x))


def may_repeat(index: Any) -> bool:
    """Whether an index may name one element twice, as arrays of integers may."""
    parts = index if isinstance(index, tuple) else (index,)
    return any(isinstance(part, (list, np.ndarray)) and np.asarray(part).dtype.kind in "iu" for part in parts)


def shape(x: Any) -> Shape:
    """The shape of an array or node; a number and a Value have none."""
    found: Shape = getattr(x, "shape", ())
    return found


def record(op: Any, operands: tuple[Any, ...], settings: Mapping[str, Any]) -> Any:
    """What makes a node of an operation's result. `tensor`, which stands above the operations, puts its own here."""
    raise NotImplementedError(f"{op.name}: import autograd.tensor, which records operations on arrays")


def applied(op: Any, operands: tuple[Any, ...], settings: Mapping[str, Any]) -> Any:
    """The result of `op` for these operands: recorded if one is a node, else a plain array, or a number for none."""
    if any(hasattr(x, "apply_op") for x in operands):
        return record(op, operands, settings)
    given = [x if isinstance(x, np.ndarray) or type(x) in (float, int) else np.asarray(x) for x in operands]
    dtype = np.result_type(*given)  # which Python's own numbers do not raise
    if dtype.kind == "O":
        operands = tuple(as_operand(x, op.name) for x in operands)
        if any(hasattr(x, "apply_op") for x in operands):
            return record(op, operands, settings)
    given = [x if isinstance(x, np.ndarray) else np.asarray(x, dtype) for x in given]
    if dtype.kind in "iu" and not getattr(op, "rearranges", False):  # which whole numbers would overflow or truncate
        given, dtype = [x if x.dtype.kind == "b" else x.astype(float) for x in given], np.dtype(np.float64)
    m = NUMPY.get(dtype, NUMPY[np.dtype(np.float64)])
    with np.errstate(all="ignore"):
        out = op.array_value(m, given, settings)
    return np.asarray(out, op.dtype_of_result(dtype, settings)) if dtype in NUMPY else out


def as_operand(x: Any, where: str) -> Any:
    """An array or a node as it is, numbers and nested lists of numbers as an array; Values among them as a Tensor.

    Raises TypeError for Tensors in a list, which is no node: to take it for an array would lose their gradients.
    """
    if not isinstance(x, np.ndarray):
        if hasattr(x, "apply_op"):
            return x
        _refuse_tensors(flatten(x), where)
        x = np.asarray(x)
    return _stacked(x, where) if x.dtype.kind == "O" else x


def _stacked(x: Array, where: str) -> Any:
    """An array of objects as a Tensor if there are Values among them, else as it is."""
    objects = list(x.flat)
    if not any(hasattr(each, "apply_op") for each in objects):
        return x
    _refuse_tensors(objects, where)
    row = find("stack")(objects)
    return row if x.ndim == 1 else row.reshape(x.shape)


def _refuse_tensors(objects: list[Any], where: str) -> None:
    if any(hasattr(each, "apply_op") and hasattr(each, "shape") for each in objects):
        raise TypeError(f"{where}: got a list or array that holds Tensors: put them together by stack([…]) first")


def is_list(x: Any) -> bool:
    """Whether operations over lists take this array for one, as they do a row of Values."""
    return isinstance(x, np.ndarray) and x.dtype.kind == "O" and x.ndim == 1


def whole_numbers(x: Any, where: str) -> Shape:
    """One whole number or several, such as the lengths of a shape, as a tuple.

    >>> whole_numbers(3, "reshape, shape"), whole_numbers([2, -1], "reshape, shape")
    ((3,), (2, -1))
    """
    several = isinstance(x, (tuple, list, range)) or (isinstance(x, np.ndarray) and x.ndim)
    given = tuple(x) if several else (x,)
    try:
        return tuple(operator.index(each) for each in given)
    except TypeError:
        raise TypeError(f"{where}: expected whole numbers, got {x!r:.60}") from None


def unbroadcast(m: Any, x: Any, like: Shape) -> Any:
    """What broadcasting did to an operand of this shape, undone to a gradient: summed over the axes that it added."""
    if x.shape == like:
        return x
    added = len(x.shape) - len(like)
    if added and x.shape[added:] == like:
        return m.total(x, tuple(range(added)), keepdims=False)
    stretched = (i for i, n in enumerate(like, added) if n == 1 and x.shape[i] != 1)
    total = m.total(x, (*range(added), *stretched))
    return m.reshape(total, like) if added else total


def normalized(axis: Any, ndim: int, where: str) -> Shape:
    """The axes that `axis` (None for all, one, or several) stands for, each from 0 up.

    Raises AxisError, which is an IndexError, for an axis that there is not, and ValueError for one that comes twice.

    >>> normalized(-1, 3, "sum"), normalized(None, 2, "sum")
    ((2,), (0, 1))
    """
    if axis is None:
        return tuple(range(ndim))
    axes = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    for each in axes:
        if not hasattr(each, "__index__") or isinstance(each, bool):
            raise TypeError(f"{where}: an axis is a whole number, got {each!r}")
        if not -ndim <= each < ndim:
            raise np.exceptions.AxisError(f"{where}: there is no axis {each} in an array of {ndim} dimensions")
    found = tuple(int(each) % ndim for each in axes)
    if len(set(found)) < len(found):
        raise ValueError(f"{where}: axis {axis} names one axis twice")
    return found


def without(shape: Shape, axes: Shape) -> Shape:
    """The lengths of the other axes.

    >>> without((2, 3, 4), (0, 2))
    (3,)
    """
    return tuple(n for i, n in enumerate(shape) if i not in axes)


def with_axis(x: Any, axis: Any, where: str) -> tuple[Any, int]:
    """An operand and one axis of it, from 0 up; for the axis None all elements in one row, whose axis is 0."""
    x = as_operand(x, where)
    if axis is None:
        x, axis = x.reshape(-1), 0
    [axis] = normalized(axis, len(x.shape), where)
    return x, axis


def as_array(x: Any) -> Array:
    """The numbers of an array or of a node, as a plain array."""
    return np.asarray(x.data if hasattr(x, "apply_op") else x)
