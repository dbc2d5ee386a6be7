"""Operations that change shapes and the order of axes and elements.

Each row is linear: its pullback moves the gradient's elements back. The functions after the rows are what users call,
with NumPy's names and meaning. What can be said by another operation is a function alone, and no row.
"""

from typing import Any

import numpy as np

from autograd.arrays import NUMPY, as_operand, normalized, unbroadcast, whole_numbers
from autograd.arrays import shape as _shape
from autograd.define import define_array

_reshape = define_array(
    "reshape",
    lambda m, x, *, shape: m.reshape(x, shape),
    lambda m, g, x, out, *, shape: m.reshape(g, _shape(x)),
    rearranges=True,
)
_transpose = define_array(
    "transpose",
    lambda m, x, *, axes=None: m.transpose(x, axes),
    lambda m, g, x, out, *, axes: m.transpose(g, axes if axes is None else tuple(np.argsort(axes).tolist())),
    rearranges=True,
)
_broadcast_to = define_array(
    "broadcast_to",
    lambda m, x, *, shape: m.broadcast_to(x, shape),
    lambda m, g, x, out, *, shape: unbroadcast(m, g, _shape(x)),
    rearranges=True,
)
_flip = define_array(
    "flip",
    lambda m, x, *, axis=None: m.flip(x, axis),
    lambda m, g, x, out, *, axis: m.flip(g, axis),
    rearranges=True,
)
_roll = define_array(
    "roll",
    lambda m, x, *, shift, axis: m.roll(x, shift, axis),
    lambda m, g, x, out, *, shift, axis: m.roll(g, tuple(-each for each in shift), axis),
    rearranges=True,
)


_astype = define_array(
    "astype",
    lambda m, x, *, dtype: m.cast(x, dtype),
    lambda m, g, x, out, *, dtype: m.astype(g, dtype=x.dtype.name),
    linear=True,
)


def astype(x: Any, dtype: Any) -> Any:
    """The same numbers as float64 or float32; the gradient comes back in the dtype that `x` has.

    >>> astype(np.array([1.0, 2.0]), np.float32).dtype
    dtype('float32')
    """
    wanted = np.dtype(dtype)
    if wanted not in NUMPY:
        raise TypeError(f"astype: a Tensor is of float64 or float32, got {wanted}")
    return _astype(as_operand(x, "astype"), dtype=wanted.name)


def reshape(a: Any, shape: Any) -> Any:
    """The elements in another shape, in which one length may be -1: what is left.

    >>> reshape(np.arange(6.0), (2, -1))
    array([[0., 1., 2.],
           [3., 4., 5.]])
    """
    return _reshape(as_operand(a, "reshape"), shape=whole_numbers(shape, "reshape, shape"))


def ravel(a: Any) -> Any:
    """All elements in one row."""
    return reshape(a, -1)


def flatten(a: Any) -> Any:
    """All elements in one row, as `ravel` gives them."""
    return ravel(a)


def transpose(a: Any, axes: Any = None) -> Any:
    """The axes in another order: `axes` says which comes first, second and so on; in reverse if it is None."""
    a = as_operand(a, "transpose")
    if axes is not None:
        axes = normalized(whole_numbers(axes, "transpose, axes"), len(_shape(a)), "transpose")
        if len(axes) != len(_shape(a)):
            raise ValueError(f"transpose: {_shape(a)}: name every axis once, got {axes}")
    return _transpose(a, axes=axes)


def moveaxis(a: Any, source: Any, destination: Any) -> Any:
    """The axes `source` at the places `destination`, the others in order around them.

    >>> moveaxis(np.zeros((2, 3, 4)), 0, -1).shape
    (3, 4, 2)
    """
    a = as_operand(a, "moveaxis")
    ndim = len(_shape(a))
    taken, places = normalized(source, ndim, "moveaxis"), normalized(destination, ndim, "moveaxis")
    if len(taken) != len(places):
        raise ValueError(f"moveaxis: {len(taken)} axes cannot go to {len(places)} places")
    order = [axis for axis in range(ndim) if axis not in taken]
    for place, axis in sorted(zip(places, taken, strict=True)):
        order.insert(place, axis)
    return _transpose(a, axes=tuple(order))


def swapaxes(a: Any, axis1: int, axis2: int) -> Any:
    """Two axes in each other's place."""
    a = as_operand(a, "swapaxes")
    order = list(range(len(_shape(a))))
    [first], [second] = (normalized(axis, len(order), "swapaxes") for axis in (axis1, axis2))
    order[first], order[second] = second, first
    return _transpose(a, axes=tuple(order))


def matrix_transpose(x: Any) -> Any:
    """The last two axes in each other's place."""
    return swapaxes(x, -1, -2)


def expand_dims(a: Any, axis: Any) -> Any:
    """New axes of length 1, which stand at the places `axis` of the result.

    >>> expand_dims(np.zeros((2, 3)), (0, -1)).shape
    (1, 2, 3, 1)
    """
    a = as_operand(a, "expand_dims")
    lengths = list(_shape(a))
    ndim = len(lengths) + (len(axis) if isinstance(axis, (tuple, list)) else 1)
    for place in sorted(normalized(axis, ndim, "expand_dims")):
        lengths.insert(place, 1)
    return _reshape(a, shape=tuple(lengths))


def squeeze(a: Any, axis: Any = None) -> Any:
    """The axes of length 1 left out: all of them, or those that `axis` names."""
    a = as_operand(a, "squeeze")
    lengths = _shape(a)
    short = tuple(i for i, n in enumerate(lengths) if n == 1)
    gone = short if axis is None else normalized(axis, len(lengths), "squeeze")
    if not set(gone) <= set(short):
        raise ValueError(f"squeeze: {lengths}: only an axis of length 1 can be left out, got axis {axis}")
    return _reshape(a, shape=tuple(n for i, n in enumerate(lengths) if i not in gone))


def broadcast_to(array: Any, shape: Any) -> Any:
    """The array in a larger shape, as NumPy broadcasts it: axes of length 1, and missing first ones, are repeated."""
    array, new = as_operand(array, "broadcast_to"), whole_numbers(shape, "broadcast_to, shape")
    old = _shape(array)
    if len(old) > len(new):
        raise ValueError(f"broadcast_to: {old} to {new}: {len(old)} axes cannot become {len(new)}")
    for own, wanted in zip(reversed(old), reversed(new), strict=False):
        if own not in (1, wanted):
            raise ValueError(f"broadcast_to: {old} to {new}: {own} ≠ {wanted}")
    return _broadcast_to(array, shape=new)


def flip(m: Any, axis: Any = None) -> Any:
    """The elements in reverse order along an axis, along several, or along all of them."""
    m = as_operand(m, "flip")
    return _flip(m, axis=normalized(axis, len(_shape(m)), "flip"))


def roll(a: Any, shift: Any, axis: Any = None) -> Any:
    """The elements moved on by `shift` places, the last ones to the front; in one row if `axis` is None.

    >>> roll(np.arange(5.0), 2)
    array([3., 4., 0., 1., 2.])
    """
    a, shifts = as_operand(a, "roll"), whole_numbers(shift, "roll, shift")
    if axis is None:
        return _reshape(roll(ravel(a), sum(shifts), 0), shape=_shape(a))
    axes = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)  # NumPy takes one axis twice
    axes = tuple(each for one in axes for each in normalized(one, len(_shape(a)), "roll"))
    if len(shifts) != len(axes) and 1 not in (len(shifts), len(axes)):
        raise ValueError(f"roll: {len(shifts)} shifts for {len(axes)} axes")
    return _roll(a, shift=shifts, axis=axes)
