"""Convolutions, and the windows that slide over an array, of which they are made.

`windows` copies what is under the window at each of its places, and `fold` adds that back to where it came from: each
is the other's pullback. With them a convolution is a product of matrices, in both directions and to any order.
"""

import operator
from collections.abc import Sequence
from functools import reduce
from math import prod
from typing import Any

import numpy as np

from autograd import sliding
from autograd.arrays import Shape, as_operand, whole_numbers
from autograd.arrays import shape as _shape
from autograd.define import define_array
from autograd.sliding import Margins as _Margins

_IN_CACHE = 2**19  # numbers of columns at a time


def _windows(m: Any, x: Any, *, kernel: Shape, stride: Shape, padding: _Margins, dilation: Shape) -> Any:
    first = len(x.shape) - len(kernel)
    at = sliding.places(x.shape[first:], kernel, stride, padding, dilation)
    stacked = m.stack(sliding.parts(m, x, kernel, stride, padding, dilation), first)
    return m.reshape(stacked, (*x.shape[:first], *kernel, *at))


def _fold(m: Any, x: Any, *, shape: Shape, kernel: Shape, stride: Shape, padding: _Margins, dilation: Shape) -> Any:
    axes = len(kernel)
    of_elements = [x[(..., *offsets, *[slice(None)] * axes)] for offsets in np.ndindex(*kernel)]
    pairs = list(zip(sliding.under(kernel, stride, dilation, x.shape[-axes:]), of_elements, strict=True))
    if isinstance(x, np.ndarray):
        total = np.zeros(sliding.wider(shape, padding), x.dtype)
        for index, part in pairs:
            place = total[index]
            place += part
    else:
        total = reduce(operator.add, [m.scatter(part, index, sliding.wider(shape, padding)) for index, part in pairs])
    return total[sliding.inside(shape[-axes:], padding)] if any(map(any, padding)) else total


def _columns(m: Any, x: Any, weight: Any, groups: int, **settings: Any) -> Any:
    """What is under the window at each place, in a column, for each group of channels."""
    found = m.windows(x, kernel=weight.shape[2:], **settings)
    rows = x.shape[1] // groups * prod(weight.shape[2:])
    return m.reshape(found, (x.shape[0], groups, rows, prod(found.shape[len(weight.shape) :])))


def _filters(m: Any, weight: Any, groups: int) -> Any:
    """Each filter in a row, for each group."""
    return m.reshape(weight, (groups, weight.shape[0] // groups, prod(weight.shape[1:])))


def _batches(columns: int, *of_images: Any) -> list[tuple[Any, ...]]:
    """Arrays of many images in parts, each of so few that their columns, of so many numbers an image, stay in cache."""
    count = len(of_images[0])
    size = max(1, _IN_CACHE // max(1, columns))
    if size >= count or not all(isinstance(x, np.ndarray) for x in of_images):
        return [of_images]
    return [tuple(x[i : i + size] for x in of_images) for i in range(0, count, size)]


def _convolution(
    m: Any, operands: Sequence[Any], *, stride: Shape, padding: _Margins, dilation: Shape, groups: int
) -> Any:
    x, weight, *bias = operands
    settings: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    at = sliding.places(x.shape[2:], weight.shape[2:], **settings)
    filters = _filters(m, weight, groups)
    found = []
    for (images,) in _batches(groups * prod(weight.shape[1:]) * prod(at), x):
        out = m.matmul(filters, _columns(m, images, weight, groups, **settings))
        found.append(out + m.reshape(bias[0], (*filters.shape[:2], 1)) if bias else out)
    return m.reshape(_joined(m, found), (x.shape[0], weight.shape[0], *at))


def _from_convolution(m: Any, g: Any, i: int, operands: Any, out: Any, *, groups: int, **settings: Any) -> Any:
    x, weight, *bias = operands
    if i == 2:
        return m.reshape(m.total(g, (0, *range(2, len(g.shape)))), bias[0].shape)
    kernel, at = weight.shape[2:], g.shape[2:]
    rows = m.reshape(g, (g.shape[0], groups, weight.shape[0] // groups, prod(at)))
    batches = _batches(groups * prod(weight.shape[1:]) * prod(at), x, rows)
    if i == 1:
        columns = ((_columns(m, images, weight, groups, **settings), each) for images, each in batches)
        sums = [m.total(m.matmul(each, m.transpose(found, (0, 1, 3, 2))), (0,)) for found, each in columns]
        return m.reshape(reduce(operator.add, sums), weight.shape)
    filters = m.transpose(_filters(m, weight, groups), (0, 2, 1))
    found = []
    for images, each in batches:
        columns = m.reshape(m.matmul(filters, each), (*images.shape[:2], *kernel, *at))
        found.append(m.fold(columns, shape=images.shape, kernel=kernel, **settings))
    return _joined(m, found)


def _joined(m: Any, found: list[Any]) -> Any:
    return found[0] if len(found) == 1 else m.concatenate(found, 0)


windows = define_array(
    "windows",
    _windows,
    lambda m, g, x, out, **settings: m.fold(g, shape=x.shape, **settings),
    rearranges=True,
)
fold = define_array(
    "fold",
    _fold,
    lambda m, g, x, out, *, shape, **settings: m.windows(g, **settings),
    linear=True,
)
_conv = define_array("conv", _convolution, _from_convolution, variadic=True)


def conv1d(
    x: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> Any:
    """As `conv2d`, of sequences: `x` is (N, C, L), and `weight` (O, C / groups, K).

    >>> conv1d(np.array([[[1.0, 2.0, 4.0, 8.0]]]), np.array([[[-1.0, 1.0]]]))
    array([[[1., 2., 4.]]])
    """
    return _convolved("conv1d", 1, x, weight, bias, stride, padding, dilation, groups)


def conv2d(
    x: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> Any:
    """The sums of images times filters that slide over them, as in PyTorch: (N, O, OH, OW).

    `x` is (N, C, H, W): images, channels, height, width. `weight` is (O, C / groups, KH, KW): O filters, each for all
    channels or, if the channels are split in `groups`, for those of its own. `bias`, (O,), is added. `stride` is how
    far a filter moves at a time, `dilation` how far apart its elements lie, and `padding` how many zeros are put around
    an image: a number or a pair, "valid" for none, or "same" for as many as keep its height and width.

    Raises ValueError, with the shapes, for what does not fit together.

    >>> x, w = np.arange(16.0).reshape(1, 1, 4, 4), np.ones((1, 1, 2, 2))
    >>> conv2d(x, w, stride=2)
    array([[[[10., 18.],
             [42., 50.]]]])
    """
    return _convolved("conv2d", 2, x, weight, bias, stride, padding, dilation, groups)


def _convolved(
    where: str, axes: int, x: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: Any
) -> Any:
    operands = [as_operand(each, where) for each in (x, weight, bias) if each is not None]
    of_x, of_weight, *of_bias = map(_shape, operands)
    problem = f"{where}: x {of_x}, weight {of_weight}"
    if (len(of_x), len(of_weight)) != (axes + 2, axes + 2):
        of_image, of_filter = ("L", "K") if axes == 1 else ("H, W", "KH, KW")
        layouts = f"x is (N, C, {of_image}), weight (O, C / groups, {of_filter})"
        raise ValueError(f"{problem}: {layouts}; a single one of either needs a first axis too: x[None]")
    [groups] = whole_numbers(groups, f"{where}, groups")
    if groups < 1 or of_weight[0] % groups:
        raise ValueError(f"{problem}: {of_weight[0]} filters cannot be split in {groups} groups")
    if of_x[1] != of_weight[1] * groups:
        times = f" · {groups} groups" if groups > 1 else ""
        raise ValueError(f"{problem}: the channels differ: {of_x[1]} ≠ {of_weight[1]}{times}")
    if of_bias and of_bias[0] != of_weight[:1]:
        raise ValueError(f"{problem}, bias {of_bias[0]}: the bias is a number for each filter: ({of_weight[0]},)")
    if not all(of_weight[2:]):
        raise ValueError(f"{problem}: the filters are empty")
    settings = sliding.settings(where, of_x, of_weight[2:], stride, padding, dilation)
    return _conv(operands, **settings, groups=groups)
