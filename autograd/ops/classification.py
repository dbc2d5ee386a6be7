"""Cross entropy: how far the scores of classes are from the class that is right, or from the right shares of all.

One node from the scores to the loss: the exponentials are never divided and taken the logarithm of, and the gradient is
the difference of two shares.
"""

import math
from typing import Any

import numpy as np

from autograd.arrays import NUMPY, Array, as_operand, normalized, without
from autograd.arrays import shape as _shape
from autograd.define import define_array
from autograd.totals import checked_reduction, of_each, reduced, reshape_hint

_IGNORED = -1


def _loss_of_classes(
    m: Any, x: Any, *, classes: Array, axis: int, weights: Array | None = None, reduction: str = "mean"
) -> Any:
    x, rows = _counted(m, x, classes != _IGNORED, axis), m.along((axis,))
    shifted = x - rows.shift(x)
    logs = m.reshape(m.log1p(rows.sum_less_one(m.exp(shifted))), classes.shape)
    losses = logs - m.getitem(shifted, index=_places(classes, axis))
    return reduced(m, losses if weights is None else losses * weights, reduction, _count(classes, weights))


def _from_classes_to_scores(
    m: Any, g: Any, x: Any, out: Any, *, classes: Array, axis: int, weights: Array | None, reduction: str
) -> Any:
    g = of_each(g, reduction, _count(classes, weights))
    x = _counted(m, x, classes != _IGNORED, axis)
    difference = m.softmax_along(x, axis=axis) - _is_class(classes, x, axis)
    return difference * _kept(m, g if weights is None else g * weights, axis)


def _loss_of_shares(
    m: Any,
    x: Any,
    shares: Any,
    *,
    axis: int,
    count: float,
    is_counted: Array | None = None,
    reduction: str = "mean",
) -> Any:
    x = _counted(m, x, is_counted, axis)
    losses = -m.total(shares * m.log_softmax(x, axis=axis), (axis,))
    return reduced(m, m.reshape(losses, without(losses.shape, (axis,))), reduction, count)


def _from_shares_to_scores(
    m: Any, g: Any, x: Any, shares: Any, out: Any, *, axis: int, is_counted: Array | None, **of_loss: Any
) -> Any:
    x = _counted(m, x, is_counted, axis)
    difference = m.total(shares, (axis,)) * m.softmax_along(x, axis=axis) - shares
    return difference * _kept(m, of_each(g, **of_loss), axis)


def _from_shares_to_shares(
    m: Any, g: Any, x: Any, shares: Any, out: Any, *, axis: int, is_counted: Array | None, **of_loss: Any
) -> Any:
    x = _counted(m, x, is_counted, axis)
    return -m.log_softmax(x, axis=axis) * _kept(m, of_each(g, **of_loss), axis)


def _counted(m: Any, x: Any, is_counted: Array | None, axis: int) -> Any:
    """The scores, with 0 for those whose target is ignored: they may be infinite or nan, and 0 times that is nan."""
    if is_counted is None or np.all(is_counted):
        return x
    return m.where(np.expand_dims(is_counted, axis), x, 0.0)


def _count(classes: Array, weights: Array | None) -> float:
    """What the mean of the losses is divided by."""
    return classes.size if weights is None else float(np.sum(weights))


def _places(classes: Array, axis: int) -> tuple[Array, ...]:
    """The index of the score of each target."""
    index = np.indices(classes.shape, sparse=True)
    return (*index[:axis], classes, *index[axis:])


def _is_class(classes: Array, like: Any, axis: int) -> Array:
    """For every score whether it is that of the target."""
    is_class: Array = np.expand_dims(classes, axis) == _beside(np.arange(like.shape[axis]), like, axis)
    return is_class


def _beside(x: Array, like: Any, axis: int) -> Array:
    """One number for each class, to take part along the axis of an array."""
    return x.reshape(-1, *(1,) * (len(like.shape) - 1 - axis))


def _kept(m: Any, g: Any, axis: int) -> Any:
    """The gradient of every loss with the axis of the classes back; one that all share as it is."""
    lengths = _shape(g)
    return m.reshape(g, (*lengths[:axis], 1, *lengths[axis:])) if lengths else g


_cross_entropy_of_classes = define_array(
    "cross_entropy_of_classes", _loss_of_classes, _from_classes_to_scores, symbol="cross_entropy"
)
_cross_entropy_of_shares = define_array(
    "cross_entropy_of_shares", _loss_of_shares, _from_shares_to_scores, _from_shares_to_shares, symbol="cross_entropy"
)


def cross_entropy(
    logits: Any,
    targets: Any,
    axis: int | None = None,
    reduction: str = "mean",
    *,
    weight: Any = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
) -> Any:
    """-log(softmax(logits)[target]), the surprise at the right class, for logits with the classes along `axis`.

    As in PyTorch that is axis 1, or axis 0 for a single sample, unless another is given. `targets` are the numbers of
    the classes, in an array of whole numbers without that axis; or the shares of all classes, in an array or Tensor of
    the shape of the logits, for -Σ share·log(softmax(logits)).

    `weight` has a factor for each class; the mean over numbers of classes is then a weighted one. Where the target is
    `ignore_index`, nothing is counted, be the scores infinite or nan. `label_smoothing` replaces that part of the
    targets by equal shares. All these are as in PyTorch.

    Raises ValueError for targets and weights of another shape, and IndexError for a class that there is not.

    >>> cross_entropy(np.array([[0.0, 0.0], [1e4, 0.0]]), [0, 1], reduction="none")
    array([6.93147181e-01, 1.00000000e+04])
    """
    logits, targets = as_operand(logits, "cross_entropy"), as_operand(targets, "cross_entropy")
    [axis] = normalized(min(1, len(logits.shape) - 1) if axis is None else axis, len(logits.shape), "cross_entropy")
    if not hasattr(logits, "apply_op") and logits.dtype not in NUMPY:
        logits = logits.astype(float)
    if not 0.0 <= label_smoothing <= 1.0:
        raise ValueError(f"cross_entropy: label_smoothing is a part of the whole, from 0 to 1, got {label_smoothing}")
    settings: dict[str, Any] = {"axis": axis, "reduction": checked_reduction("cross_entropy", reduction)}
    factors = None if weight is None else _factors(weight, logits, axis)
    if targets.shape == logits.shape:
        shares = targets if hasattr(targets, "apply_op") else targets.astype(logits.dtype)
        shares = _mixed(shares, label_smoothing, factors, axis)
        return _cross_entropy_of_shares(logits, shares, count=math.prod(without(logits.shape, (axis,))), **settings)
    classes = _checked_classes(targets, logits, axis, ignore_index)
    weights = None if factors is None else factors[classes]
    if ignore_index is not None:
        weights = (classes != _IGNORED) * (logits.dtype.type(1.0) if weights is None else weights)
    if not label_smoothing:
        return _cross_entropy_of_classes(logits, classes=classes, weights=weights, **settings)
    shares = _mixed(_is_class(classes, logits, axis).astype(logits.dtype), label_smoothing, factors, axis)
    is_counted = classes != _IGNORED
    shares = shares * np.expand_dims(is_counted, axis)
    count = _count(classes, weights)
    return _cross_entropy_of_shares(logits, shares, count=count, is_counted=is_counted, **settings)


def _mixed(shares: Any, smoothing: float, factors: Array | None, axis: int) -> Any:
    """The shares with the smoothing that replaces a part of them, times the factor of each class."""
    if smoothing:
        shares = shares * (1.0 - smoothing) + smoothing / shares.shape[axis]
    return shares if factors is None else shares * _beside(factors, shares, axis)


def _factors(weight: Any, logits: Any, axis: int) -> Array:
    """The weights of the classes as an array. Raises TypeError for a node, ValueError for another number of them."""
    if hasattr(weight, "apply_op"):
        raise TypeError("cross_entropy: the weights of the classes are constants: give an array, such as t.data")
    factors = np.asarray(weight, logits.dtype)
    if factors.shape != (logits.shape[axis],):
        raise ValueError(f"cross_entropy: {logits.shape[axis]} classes need as many weights, got {factors.shape}")
    return factors


def _checked_classes(targets: Any, logits: Any, axis: int, ignored: int | None) -> Array:
    """The numbers of the classes, that which is ignored as `_IGNORED`.

    Raises ValueError for another shape, TypeError for what are no whole numbers, IndexError for a class there is not.
    """
    expected, length = without(logits.shape, (axis,)), logits.shape[axis]
    if targets.shape != expected:
        raise ValueError(
            f"cross_entropy: {logits.shape}, {targets.shape}: with classes along axis {axis}, the targets have "
            f"the shape {expected}, as numbers of classes, or {logits.shape}, as shares"
            f"{reshape_hint(targets.shape, expected)}"
        )
    if hasattr(targets, "apply_op"):
        raise TypeError("cross_entropy: the numbers of classes are a NumPy array of whole numbers, got a Tensor")
    if targets.dtype.kind not in "iu":
        raise TypeError(
            f"cross_entropy: the numbers of classes are an array of whole numbers, got {targets.dtype}: take "
            "y.astype(int)"
        )
    classes: Array = targets.astype(np.intp)
    wrong = (classes < 0) | (classes >= length)
    if ignored is not None:
        wrong &= classes != ignored
        classes[classes == ignored] = _IGNORED
    if wrong.any():
        raise IndexError(f"cross_entropy: there is no class {classes[wrong][0]} among {length}, which count from 0")
    return classes
