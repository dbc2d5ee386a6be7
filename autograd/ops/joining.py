"""Operations that put arrays together, take them apart, repeat them and give them a margin."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograd.arrays import Shape, as_operand, normalized, whole_numbers, with_axis
from autograd.arrays import shape as _shape
from autograd.define import define_array


def _part(m: Any, g: Any, i: int, x: Sequence[Any], out: Any, *, axis: int) -> Any:
    axis %= len(out.shape)
    start = sum(each.shape[axis] for each in x[:i])
    return m.getitem(g, index=(slice(None),) * axis + (slice(start, start + x[i].shape[axis]),))


def _untiled(m: Any, g: Any, x: Any, out: Any, *, reps: Shape) -> Any:
    """The sum over all copies: each axis is split in two, how often and what."""
    like = _shape(x)
    own = (1,) * (len(reps) - len(like)) + like
    pairs = tuple(n for pair in zip(reps, own, strict=True) for n in pair)
    return m.reshape(m.total(m.reshape(g, pairs), tuple(range(0, len(pairs), 2))), like)


_tile = define_array("tile", lambda m, x, *, reps: m.tile(x, reps), _untiled, rearranges=True)
_pad = define_array(
    "pad",
    lambda m, x, *, pad_width: m.pad(x, pad_width),
    lambda m, g, x, out, *, pad_width: m.getitem(
        g, index=tuple(slice(before, before + n) for (before, _), n in zip(pad_width, x.shape, strict=True))
    ),
    rearranges=True,
)
_stack = define_array(
    "stack",
    lambda m, x, *, axis=0: m.stack(x, axis),
    lambda m, g, i, x, out, *, axis: m.getitem(g, index=(slice(None),) * (axis % len(out.shape)) + (i,)),
    variadic=True,
    rearranges=True,
)
_concatenate = define_array(
    "concatenate", lambda m, x, *, axis=0: m.concatenate(x, axis), _part, variadic=True, rearranges=True
)


def tile(A: Any, reps: Any) -> Any:  # noqa: N803
    """The array repeated as a whole, `reps` times along each axis; axes are added in front if `reps` has more.

    >>> tile(np.array([1.0, 2.0]), (2, 2))
    array([[1., 2., 1., 2.],
           [1., 2., 1., 2.]])
    """
    A, times = as_operand(A, "tile"), whole_numbers(reps, "tile, reps")  # noqa: N806
    return _tile(A, reps=(1,) * (len(_shape(A)) - len(times)) + times)


def repeat(a: Any, repeats: Any, axis: int | None = None) -> Any:
    """Each element, or part along `axis`, repeated on the spot: `repeats` times, or as often as it says for each.

    >>> repeat(np.array([1.0, 2.0]), [2, 1])
    array([1., 1., 2.])
    """
    a, axis = with_axis(a, axis, "repeat")
    places, times = np.arange(a.shape[axis]), whole_numbers(repeats, "repeat, repeats")
    if len(times) not in (1, len(places)):
        raise ValueError(f"repeat: {a.shape} along axis {axis}: {len(times)} repeats for {len(places)} parts")
    return a[(slice(None),) * axis + (np.repeat(places, times),)]


def _widths(pad_width: Any, lengths: Shape) -> tuple[Shape, ...]:
    """How much comes before and after along each axis."""
    try:
        pairs = np.broadcast_to(np.asarray(pad_width), (len(lengths), 2))
    except ValueError:
        expected = f"one number, (before, after), or {len(lengths)} such pairs"
        raise ValueError(f"pad: {lengths}: pad_width is {expected}; got {pad_width}") from None
    return tuple(whole_numbers(pair, "pad, pad_width") for pair in pairs)


_BY_PLACES = ("edge", "reflect", "symmetric", "wrap")


def pad(array: Any, pad_width: Any, mode: str = "constant", *, constant_values: Any = 0.0) -> Any:
    """The array with a margin: `constant_values`, or elements of its own with mode edge, reflect, symmetric or wrap.

    `pad_width` is a number for all sides, (before, after) for all axes, or such a pair for each.

    >>> pad(np.array([1.0, 2.0, 3.0]), (1, 2)), pad(np.array([1.0, 2.0, 3.0]), 2, "reflect")
    (array([0., 1., 2., 3., 0., 0.]), array([3., 2., 1., 2., 3., 2., 1.]))
    """
    array = as_operand(array, "pad")
    lengths = _shape(array)
    widths = _widths(pad_width, lengths)
    if not lengths:
        return array
    if mode in _BY_PLACES:
        places = [np.pad(np.arange(n), pair, mode=mode) for n, pair in zip(lengths, widths, strict=True)]  # type: ignore[call-overload]
        return array[np.ix_(*places)]
    if mode != "constant":
        raise ValueError(f"pad: the modes are constant, {', '.join(_BY_PLACES)}; got {mode!r}")
    if hasattr(constant_values, "apply_op"):
        raise TypeError("pad: constant_values are plain numbers, through which no gradient flows; got a node")
    padded = _pad(array, pad_width=widths)
    if not np.any(constant_values):
        return padded
    return padded + np.pad(np.zeros(lengths, padded.dtype), widths, constant_values=constant_values)


def stack(arrays: Any, axis: int = 0) -> Any:
    """Arrays of one shape put together along a new axis. They may be numbers and Values, and lists of these in rows.

    >>> from autograd import Value
    >>> stack([[Value(1.0), 2.0], [3.0, Value(4.0)]])
    Tensor([[1., 2.],
            [3., 4.]], op=stack)
    """
    operands = _several(arrays, "stack")
    operands = [stack(x) if isinstance(x, (list, tuple)) and x else as_operand(x, "stack") for x in operands]
    lengths = [_shape(x) for x in operands]
    if len(set(lengths)) > 1:
        raise ValueError(f"stack: {_listed(lengths)}: all shapes must be one")
    [axis] = normalized(axis, len(lengths[0]) + 1, "stack")
    return _stack(operands, axis=axis)


def concatenate(arrays: Any, axis: int | None = 0) -> Any:
    """Arrays put together along an axis that they have; each in one row if it is None.

    >>> concatenate([np.ones((1, 2)), np.zeros((1, 2))])
    array([[1., 1.],
           [0., 0.]])
    """
    operands = [as_operand(x, "concatenate") for x in _several(arrays, "concatenate")]
    if axis is None:
        operands, axis = [x.reshape(-1) for x in operands], 0
    lengths = [_shape(x) for x in operands]
    if () in lengths:
        raise ValueError(f"concatenate: operand {lengths.index(())} is one number: put numbers together by stack([…])")
    if len(set(map(len, lengths))) > 1:
        raise ValueError(f"concatenate: {_listed(lengths)}: all must have as many axes")
    [along] = normalized(axis, len(lengths[0]), "concatenate")
    for place, each in enumerate(zip(*lengths, strict=True)):
        if place != along and len(set(each)) > 1:
            unequal = " ≠ ".join(map(str, dict.fromkeys(each)))
            raise ValueError(f"concatenate: {_listed(lengths)} along axis {axis}: {unequal}")
    return _concatenate(operands, axis=along)


def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """The array in parts along an axis: so many, the first of which may be longer by one, or cut at these places."""
    ary = as_operand(ary, "array_split")
    [axis] = normalized(axis, len(_shape(ary)), "array_split")
    length = ary.shape[axis]
    numbers = whole_numbers(indices_or_sections, "array_split")
    if np.ndim(indices_or_sections):
        cuts = [0, *numbers, length]
    elif numbers[0] < 1:
        raise ValueError(f"an array of shape {ary.shape} is split into at least 1 part, got {numbers[0]}")
    else:
        least, longer = divmod(length, numbers[0])
        cuts = [i * least + min(i, longer) for i in range(numbers[0] + 1)]
    return [ary[(slice(None),) * axis + (slice(*ends),)] for ends in pairwise(cuts)]


def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """The array in parts along an axis: so many of one length, or cut at these places.

    >>> split(np.arange(4.0), 2), split(np.arange(4.0), [1])
    ([array([0., 1.]), array([2., 3.])], [array([0.]), array([1., 2., 3.])])
    """
    ary = as_operand(ary, "split")
    parts = array_split(ary, indices_or_sections, axis)
    if not np.ndim(indices_or_sections) and len({part.shape for part in parts}) > 1:
        raise ValueError(f"split: {ary.shape} along axis {axis}: no {len(parts)} equal parts; see array_split")
    return parts


def _several(given: Any, name: str) -> list[Any]:
    """The arrays that are put together, at least one."""
    if not hasattr(given, "__iter__"):
        raise TypeError(f"{name}: expected a list of arrays, got {given!r:.60}")
    operands = list(given)
    if not operands:
        raise ValueError(f"{name}: got no arrays: give it at least one")
    return operands


def _listed(lengths: Sequence[Shape]) -> str:
    return ", ".join(map(str, lengths))
