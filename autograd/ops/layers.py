"""Layers that have no weights to multiply by: normalization, dropout, embedding, with PyTorch's names and meaning."""

import math
from typing import Any

import numpy as np

from autograd.arrays import NUMPY, Array, Shape, as_array, as_operand, unbroadcast, whole_numbers
from autograd.arrays import shape as _shape
from autograd.define import define_array
from autograd.op import scaled


def _centred(m: Any, x: Any, axes: Shape, eps: float) -> tuple[Any, Any]:
    """x less its mean along the axes, and what to multiply that by for a variance of 1."""
    deviations = x - _mean(m, x, axes)
    return deviations, m.rsqrt(_mean(m, m.square(deviations), axes) + eps)


def _mean(m: Any, x: Any, axes: Shape) -> Any:
    return m.total(x, axes) / math.prod(x.shape[i] for i in axes)


def _placed(m: Any, x: Any, place: Shape) -> Any:
    """A weight or bias in the shape that stands beside the array's; a number as it is."""
    return m.reshape(x, place) if _shape(x) else x


def _normalized(m: Any, x: Any, weight: Any, bias: Any, *, axes: Shape, place: Shape, eps: float = 1e-5) -> Any:
    deviations, factor = _centred(m, x, axes, eps)
    y = scaled(deviations * factor, _placed(m, weight, place))
    return y if type(bias) is float else y + _placed(m, bias, place)


# Ioffe and Szegedy, Batch Normalization (2015), section 3, with the sums over a batch drawn together:
# (g - mean(g) - y·mean(g·y))/√(var + eps) for y = (x - mean(x))/√(var + eps).
def _to_x(m: Any, g: Any, x: Any, weight: Any, bias: Any, out: Any, *, axes: Shape, place: Shape, eps: float) -> Any:
    deviations, factor = _centred(m, x, axes, eps)
    g = scaled(g, _placed(m, weight, place))
    slope = m.square(factor) * _mean(m, g * deviations, axes)
    return (g - _mean(m, g, axes) - deviations * slope) * factor


def _to_weight(
    m: Any, g: Any, x: Any, weight: Any, bias: Any, out: Any, *, axes: Shape, place: Shape, eps: float
) -> Any:
    deviations, factor = _centred(m, x, axes, eps)
    return m.reshape(unbroadcast(m, g * (deviations * factor), place), _shape(weight))


def _to_bias(m: Any, g: Any, x: Any, weight: Any, bias: Any, out: Any, *, axes: Shape, place: Shape, eps: float) -> Any:
    return m.reshape(unbroadcast(m, g, place), _shape(bias))


_layer_norm = define_array("layer_norm", _normalized, _to_x, _to_weight, _to_bias)
_batch_norm = define_array("batch_norm", _normalized, _to_x, _to_weight, _to_bias)


def layer_norm(x: Any, normalized_shape: Any = None, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    """Every row less its mean, over its standard deviation √(var + eps), times `weight`, plus `bias`.

    A row is the last axis or, with `normalized_shape`, the last axes, which have these lengths. `weight` and `bias`
    have the shape of a row. Ba, Kiros and Hinton, Layer Normalization (2016). Raises ValueError for other shapes.

    >>> layer_norm(np.array([[1.0, 3.0], [5.0, 9.0]]), eps=0.0)
    array([[-1.,  1.],
           [-1.,  1.]])
    """
    x = as_operand(x, "layer_norm")
    lengths = x.shape[-1:]
    if normalized_shape is not None:
        lengths = whole_numbers(normalized_shape, "layer_norm, normalized_shape")
    if not lengths or x.shape[-len(lengths) :] != lengths:
        raise ValueError(f"layer_norm: normalized_shape must be the end of the array's shape, {x.shape}; got {lengths}")
    axes = tuple(range(len(x.shape) - len(lengths), len(x.shape)))
    return _layer_norm(x, *_affine("layer_norm", weight, bias, lengths), axes=axes, place=lengths, eps=eps)


def batch_norm(
    x: Any,
    running_mean: Array | None = None,
    running_var: Array | None = None,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    """Every channel (index along axis 1) less its mean, over √(var + eps), times its `weight`, plus its `bias`.

    With `training`, mean and variance are those of the channel in `x`; and the plain arrays `running_mean` and
    `running_var`, if given, are changed in place: by the part `momentum` towards the mean and the variance (that with
    n - 1) of this batch. Otherwise these two are what `x` is normalized with. Ioffe and Szegedy, Batch Normalization
    (2015).

    Raises ValueError for shapes that do not fit, for one number in a channel to train with, and for no running arrays
    without `training`.

    >>> mean, var = np.zeros(1), np.ones(1)
    >>> batch_norm(np.array([[1.0], [3.0]]), mean, var, training=True, momentum=0.5, eps=0.0)
    array([[-1.],
           [ 1.]])
    >>> mean, var
    (array([1.]), array([1.5]))
    """
    x = as_operand(x, "batch_norm")
    if len(x.shape) < 2:
        raise ValueError(f"batch_norm: x has the shape (samples, channels, …), got {x.shape}")
    channels = (x.shape[1],)
    place, axes = (*channels, *(1,) * (len(x.shape) - 2)), (0, *range(2, len(x.shape)))
    weight, bias = _affine("batch_norm", weight, bias, channels)
    for running in (running_mean, running_var):
        _check_running(running, channels)
    if training:
        _update(running_mean, running_var, x, axes, momentum)
        return _batch_norm(x, weight, bias, axes=axes, place=place, eps=eps)
    if running_mean is None or running_var is None:
        raise ValueError("batch_norm: without training, it takes running_mean and running_var to normalize with")
    if not hasattr(x, "apply_op") and x.dtype not in NUMPY:
        x = x.astype(float)
    scale = weight / np.sqrt(running_var + eps).astype(x.dtype)
    y = (x - running_mean.astype(x.dtype).reshape(place)) * scale.reshape(place)
    return y + (bias.reshape(place) if _shape(bias) else bias)


def _affine(name: str, weight: Any, bias: Any, lengths: Shape) -> list[Any]:
    """Weight and bias, 1 and 0 for none. Raises ValueError for another shape than is expected of them."""
    given = [default if x is None else as_operand(x, name) for x, default in ((weight, 1.0), (bias, 0.0))]
    for x, default in zip(given, ("weight", "bias"), strict=True):
        if type(x) is not float and _shape(x) != lengths:
            raise ValueError(f"{name}: {default} must have the shape {lengths}, got {_shape(x)}")
    return given


def _check_running(running: Any, channels: Shape) -> None:
    if running is not None and not isinstance(running, np.ndarray):
        kind = type(running).__name__
        raise TypeError(f"batch_norm: running_mean and running_var are NumPy's arrays, changed in place; got a {kind}")
    if running is not None and (running.shape != channels or running.dtype not in NUMPY):
        got = f"{running.shape} of {running.dtype}"
        raise ValueError(
            f"batch_norm: running_mean and running_var are arrays of floats of shape {channels}, got {got}"
        )


def _update(mean: Array | None, var: Array | None, x: Any, axes: Shape, momentum: float) -> None:
    """Move the running statistics, in place, by the part `momentum` towards those of this batch."""
    numbers = as_array(x)
    count = math.prod(x.shape[i] for i in axes)
    if count < 2:
        raise ValueError(f"batch_norm: training needs more than one number in each channel, got the shape {x.shape}")
    if mean is not None:
        mean += momentum * (numbers.mean(axes) - mean)
    if var is not None:
        var += momentum * (numbers.var(axes, ddof=1) - var)


def dropout(x: Any, p: float = 0.5, training: bool = True, rng: Any = None) -> Any:
    """Each number 0 with the probability `p`, and else 1/(1 - p) times itself; `x` as it is if not `training`.

    The mean of the numbers is on average what it was. `rng` is where chance comes from: a generator of NumPy's, or a
    seed. A seed gives the same choice at every call, so give a generator to train with.

    >>> dropout(np.ones(8), p=0.5, rng=1)
    array([2., 0., 2., 2., 2., 2., 2., 2.])
    """
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"dropout: p is a probability, from 0 to 1, got {p}")
    x = as_operand(x, "dropout")
    if not training or p == 0.0:
        return x
    kept = _chance(np.random.default_rng(rng), p, _shape(x))
    dtype = x.dtype if getattr(x, "dtype", None) in NUMPY else np.dtype(float)
    return x * np.multiply(kept, dtype.type(1.0 / (1.0 - p) if p < 1.0 else 0.0))


def _chance(rng: np.random.Generator, p: float, lengths: Shape) -> Array:
    """Bools, each False with the probability `p`.

    16 random bits decide nearly always, and 53 more where they tie: as good as a random number each, in half the time.
    """
    size = math.prod(lengths)
    bits = rng.integers(0, 2**64, (size + 3) // 4, dtype=np.uint64).view(np.uint16)[:size]
    whole, rest = divmod(p * 2.0**16, 1.0)
    if whole == 2.0**16:
        return np.zeros(lengths, bool)
    kept = bits > np.uint16(whole)
    ties = np.flatnonzero(bits == np.uint16(whole))
    kept[ties] = rng.random(ties.size) >= rest
    return kept.reshape(lengths)


def embedding(indices: Any, weight: Any) -> Any:
    """The rows of `weight` at these whole numbers: for an array of any shape, one of that shape and a row's.

    Raises TypeError for what are no whole numbers, and IndexError for a row that there is not.

    >>> embedding([2, 0, 2], np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    array([[5., 6.],
           [1., 2.],
           [5., 6.]])
    """
    weight, places = as_operand(weight, "embedding"), np.asarray(indices)
    if places.dtype.kind not in "iu":
        raise TypeError(f"embedding: indices are whole numbers, got {places.dtype}")
    if not _shape(weight):
        raise ValueError("embedding: weight has a row for each index, got a single number")
    rows = weight.shape[0]
    wrong = (places < 0) | (places >= rows)
    if wrong.any():
        raise IndexError(f"embedding: there is no row {places[wrong][0]} among {rows}, which count from 0")
    return weight[places]
