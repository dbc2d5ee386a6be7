"""Pooling: of each window that slides over an array, the greatest number or the mean."""

import operator
from functools import reduce
from math import prod
from typing import Any

import numpy as np

from autograd import sliding
from autograd.arrays import Shape, as_operand
from autograd.arrays import shape as _shape
from autograd.define import define_array
from autograd.sliding import Margins as _Margins


def _greatest(m: Any, x: Any, *, kernel: Shape, stride: Shape, padding: _Margins, dilation: Shape) -> Any:
    return reduce(m.maximum, sliding.parts(m, x, kernel, stride, padding, dilation, -np.inf))


def _to_greatest(m: Any, g: Any, x: Any, out: Any, *, kernel: Shape, **settings: Any) -> Any:
    """The gradient for the first element of each window that is the greatest, as in PyTorch; of nans, the first."""
    numbers, greatest, axes = np.asarray(x), np.asarray(out), len(kernel)
    elements = sliding.parts(m, numbers, kernel, **settings)
    in_array = sliding.parts(m, np.ones(numbers.shape[-axes:], bool), kernel, **settings)  # False in the padding
    remaining, chosen = np.ones(greatest.shape, bool), []
    for element, is_real in zip(elements, in_array, strict=True):
        chosen.append(((element == greatest) | (element != element)) & is_real & remaining)
        remaining &= ~chosen[-1]
    at = np.stack(chosen, -axes - 1).reshape((*x.shape[:-axes], *kernel, *greatest.shape[-axes:]))
    return m.fold(_for_window(m, g, axes) * m.where(at, 1.0, 0.0), shape=x.shape, kernel=kernel, **settings)


def _mean(
    m: Any, x: Any, *, kernel: Shape, stride: Shape, padding: _Margins, dilation: Shape, count_include_pad: bool
) -> Any:
    first, *others = sliding.parts(m, x, kernel, stride, padding, dilation)
    total = first.copy()
    for part in others:
        total += part
    return total / _count(m, x, count_include_pad, kernel, stride, padding, dilation)


def _to_mean(m: Any, g: Any, x: Any, out: Any, *, kernel: Shape, count_include_pad: bool, **settings: Any) -> Any:
    axes = len(kernel)
    share = g / _count(m, x, count_include_pad, kernel, **settings)
    shares = m.broadcast_to(_for_window(m, share, axes), (*x.shape[:-axes], *kernel, *g.shape[-axes:]))
    return m.fold(shares, shape=x.shape, kernel=kernel, **settings)


def _count(m: Any, x: Any, count_include_pad: bool, kernel: Shape, *settings: Any, **by_name: Any) -> Any:
    """How many elements the mean is of: those of the window or, at each place, those of them that are not padding."""
    if count_include_pad:
        return float(prod(kernel))
    ones = np.ones(x.shape[-len(kernel) :], x.dtype)
    return reduce(operator.add, sliding.parts(m, ones, kernel, *settings, **by_name))


def _for_window(m: Any, g: Any, axes: int) -> Any:
    """A number for each place, with the axes of a window at that place, of length 1."""
    return m.reshape(g, (*g.shape[:-axes], *(1,) * axes, *g.shape[-axes:]))


_max_pool = define_array("max_pool", _greatest, _to_greatest)
_avg_pool = define_array("avg_pool", _mean, _to_mean, linear=True)


def max_pool2d(x: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1) -> Any:
    """The greatest number in each window over the last two axes; `stride` is the window's size if it is None.

    Padding is never the greatest. The gradient goes to the first of several that are, as in PyTorch.

    Raises ValueError, with the shapes, for a window that does not fit, or that could lie in the padding alone.

    >>> max_pool2d(np.arange(16.0).reshape(1, 1, 4, 4), 2)
    array([[[[ 5.,  7.],
             [13., 15.]]]])
    """
    x, settings = _pooled("max_pool2d", x, kernel_size, stride, padding, dilation)
    return _max_pool(x, **settings)


def avg_pool2d(x: Any, kernel_size: Any, stride: Any = None, padding: Any = 0, count_include_pad: bool = True) -> Any:
    """The mean of each window over the last two axes; `stride` is the window's size if it is None.

    Zeros that padding adds are counted, unless `count_include_pad` is False.

    Raises ValueError, with the shapes, for a window that does not fit, or that could lie in the padding alone.

    >>> avg_pool2d(np.arange(16.0).reshape(1, 1, 4, 4), 2)
    array([[[[ 2.5,  4.5],
             [10.5, 12.5]]]])
    """
    x, settings = _pooled("avg_pool2d", x, kernel_size, stride, padding, 1)
    is_padded = any(map(any, settings["padding"]))
    return _avg_pool(x, **settings, count_include_pad=bool(count_include_pad) or not is_padded)


def _pooled(
    where: str, x: Any, kernel_size: Any, stride: Any, padding: Any, dilation: Any
) -> tuple[Any, dict[str, Any]]:
    x = as_operand(x, where)
    if len(_shape(x)) < 2:
        raise ValueError(f"{where}: {_shape(x)}: expected images (N, C, H, W), or at least two axes")
    if getattr(x, "dtype", np.dtype(float)).kind in "biu":
        x = x.astype(float)
    kernel = sliding.per_axis(where, "kernel_size", kernel_size, 2, 1)
    settings = sliding.settings(where, _shape(x), kernel, kernel if stride is None else stride, padding, dilation)
    axes = zip(_shape(x)[-2:], kernel, *settings.values(), strict=True)
    if not all(_always_meets(*axis) for axis in axes):
        message = f"with padding {padding} a window {kernel} would lie in the padding alone: take less"
        raise ValueError(f"{where}: {_shape(x)}: {message}")
    return x, {"kernel": kernel, **settings}


def _always_meets(n: int, k: int, stride: int, padding: tuple[int, int], dilation: int) -> bool:
    """Whether at every place an element of the window lies over one of the n of the array, and not of its padding."""
    [count] = sliding.places((n,), (k,), (stride,), (padding,), (dilation,))
    at = np.arange(count)[:, None] * stride - padding[0] + np.arange(k) * dilation
    return not any(padding) or bool(((at >= 0) & (at < n)).any(axis=1).all())
