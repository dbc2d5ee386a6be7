"""Losses: how far predictions are from their targets, with PyTorch's names, meaning and reductions.

Each is one node. Targets may be whole numbers or bools too; those that are a Tensor get a gradient as well. `reduction`
is "mean", "sum", or "none", which gives every loss on its own.
"""

from typing import Any

import numpy as np

from autograd.arrays import NUMPY, Array, as_array, as_operand
from autograd.arrays import shape as _shape
from autograd.arrays import size as _size
from autograd.define import define_array
from autograd.totals import checked_reduction, of_each, reduced, reshape_hint

_LEAST_LOG = -100.0  # as in PyTorch: what is impossible and happens costs 100, and not infinitely much
_LEAST_VARIANCE = 1e-12


_mse_loss = define_array(
    "mse_loss",
    lambda m, x, targets, *, reduction="mean": reduced(m, m.square(x - targets), reduction),
    lambda m, g, x, targets, out, *, reduction: 2.0 * of_each(g, reduction, _size(x)) * (x - targets),
    lambda m, g, x, targets, out, *, reduction: 2.0 * of_each(g, reduction, _size(x)) * (targets - x),
)
_l1_loss = define_array(
    "l1_loss",
    lambda m, x, targets, *, reduction="mean": reduced(m, m.abs(x - targets), reduction),
    lambda m, g, x, targets, out, *, reduction: of_each(g, reduction, _size(x)) * m.sign(x - targets),
    lambda m, g, x, targets, out, *, reduction: of_each(g, reduction, _size(x)) * m.sign(targets - x),
)


def _huber(m: Any, distance: Any, delta: float) -> Any:
    near = m.minimum(distance, delta)
    return near * (distance - 0.5 * near)


_huber_loss = define_array(
    "huber_loss",
    lambda m, x, targets, *, delta=1.0, reduction="mean": reduced(m, _huber(m, m.abs(x - targets), delta), reduction),
    lambda m, g, x, targets, out, *, delta, reduction: (
        of_each(g, reduction, _size(x)) * m.clamp(x - targets, -delta, delta)
    ),
    lambda m, g, x, targets, out, *, delta, reduction: (
        of_each(g, reduction, _size(x)) * m.clamp(targets - x, -delta, delta)
    ),
)
_hinge_loss = define_array(
    "hinge_loss",
    lambda m, scores, targets, *, reduction="mean": reduced(m, m.maximum(1.0 - scores * targets, 0.0), reduction),
    lambda m, g, x, targets, out, *, reduction: (
        of_each(g, reduction, _size(x)) * m.where(x * targets < 1.0, -targets, 0.0)
    ),
    lambda m, g, x, targets, out, *, reduction: of_each(g, reduction, _size(x)) * m.where(x * targets < 1.0, -x, 0.0),
)


def _log(m: Any, p: Any) -> Any:
    return m.maximum(m.log(p), _LEAST_LOG)


def _log_of_rest(m: Any, p: Any) -> Any:
    return m.maximum(m.log1p(-p), _LEAST_LOG)


_binary_cross_entropy = define_array(
    "binary_cross_entropy",
    lambda m, p, targets, *, reduction="mean": reduced(
        m, (targets - 1.0) * _log_of_rest(m, p) - targets * _log(m, p), reduction
    ),
    lambda m, g, p, targets, out, *, reduction: (
        of_each(g, reduction, _size(p)) * ((p - targets) / m.maximum(p * (1.0 - p), _LEAST_VARIANCE))
    ),
    lambda m, g, p, targets, out, *, reduction: of_each(g, reduction, _size(p)) * (_log_of_rest(m, p) - _log(m, p)),
)
_binary_cross_entropy_with_logits = define_array(
    "binary_cross_entropy_with_logits",
    lambda m, x, targets, *, reduction="mean": reduced(
        m, m.maximum(x, 0.0) - x * targets + m.log1p(m.exp(-m.abs(x))), reduction
    ),
    lambda m, g, x, targets, out, *, reduction: of_each(g, reduction, _size(x)) * (m.sigmoid(x) - targets),
    lambda m, g, x, targets, out, *, reduction: -of_each(g, reduction, _size(x)) * x,
)


def mse_loss(x: Any, targets: Any, reduction: str = "mean") -> Any:
    """The square of the error, (x - target)².

    Raises ValueError if the shapes differ; only one number may be the target of all.

    >>> float(mse_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0])))
    2.0
    """
    return _mse_loss(*_paired("mse_loss", x, targets), reduction=checked_reduction("mse_loss", reduction))


def l1_loss(x: Any, targets: Any, reduction: str = "mean") -> Any:
    """The size of the error, |x - target|, with gradient 0 where it is 0. Shapes as in `mse_loss`.

    >>> l1_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0]), reduction="none")
    array([0., 2.])
    """
    return _l1_loss(*_paired("l1_loss", x, targets), reduction=checked_reduction("l1_loss", reduction))


def huber_loss(x: Any, targets: Any, reduction: str = "mean", delta: float = 1.0) -> Any:
    """Half the square of an error up to `delta`, and from there on a straight line: delta·(|x - target| - delta/2).

    Shapes as in `mse_loss`. Raises ValueError for a `delta` that is not positive.

    >>> huber_loss(np.array([1.0, 2.0]), np.array([1.5, 4.0]), reduction="none")
    array([0.125, 1.5  ])
    """
    if not delta > 0.0:
        raise ValueError(f"huber_loss: delta is where the line begins, a number greater than 0, got {delta}")
    pair = _paired("huber_loss", x, targets)
    return _huber_loss(*pair, delta=float(delta), reduction=checked_reduction("huber_loss", reduction))


def hinge_loss(scores: Any, targets: Any, reduction: str = "mean") -> Any:
    """How far a score is from the right side of the margin, max(0, 1 - target·score), for targets 1 and -1.

    At the margin itself the gradient is 0. Shapes as in `mse_loss`. Raises ValueError for other targets.

    >>> hinge_loss(np.array([0.5, 3.0]), np.array([1, -1]), reduction="none")
    array([0.5, 4. ])
    """
    pair = _paired("hinge_loss", scores, targets)
    if not hasattr(pair[1], "apply_op"):
        _refuse(pair[1], np.abs(pair[1]) != 1.0, "hinge_loss: the targets are 1 and -1")
    return _hinge_loss(*pair, reduction=checked_reduction("hinge_loss", reduction))


def binary_cross_entropy(p: Any, targets: Any, reduction: str = "mean") -> Any:
    """-target·log(p) - (1 - target)·log(1 - p), for the probability `p` that the target is 1.

    As in PyTorch a logarithm counts as at least -100. Where `p` comes from a sigmoid,
    `binary_cross_entropy_with_logits` is quicker and exact. Shapes as in `mse_loss`. Raises ValueError for a `p`, or
    for a target that is no node, outside of 0 … 1.

    >>> binary_cross_entropy(np.array([0.5, 1.0]), np.array([1, 0]), reduction="none")
    array([  0.69314718, 100.        ])
    """
    pair = _paired("binary_cross_entropy", p, targets)
    given = as_array(pair[0])
    _refuse(
        given,
        (given < 0.0) | (given > 1.0),
        "binary_cross_entropy: a probability is from 0 to 1 (of logits, take binary_cross_entropy_with_logits)",
    )
    _check_shares("binary_cross_entropy", pair[1])
    return _binary_cross_entropy(*pair, reduction=checked_reduction("binary_cross_entropy", reduction))


def binary_cross_entropy_with_logits(x: Any, targets: Any, reduction: str = "mean") -> Any:
    """`binary_cross_entropy(sigmoid(x), targets)` without its loss of digits: log(1 + e^x) - x·target.

    Shapes as in `mse_loss`. Raises ValueError for targets outside of 0 … 1, unless they are a node.

    >>> binary_cross_entropy_with_logits(np.array([0.0, 1000.0]), np.array([1, 0]), reduction="none")
    array([6.93147181e-01, 1.00000000e+03])
    """
    name = "binary_cross_entropy_with_logits"
    pair = _paired(name, x, targets)
    _check_shares(name, pair[1])
    return _binary_cross_entropy_with_logits(*pair, reduction=checked_reduction(name, reduction))


def _paired(name: str, x: Any, targets: Any) -> tuple[Any, Any]:
    """Both as nodes, or as arrays of one dtype: that of the one that is of floats."""
    given = as_operand(x, name), as_operand(targets, name)
    dtype = next((each.dtype for each in given if getattr(each, "dtype", None) in NUMPY), None)
    shapes = [_shape(each) for each in given]
    if shapes[0] != shapes[1] and (shapes[1] or hasattr(given[1], "apply_op")):
        hint = reshape_hint(shapes[1], shapes[0])
        raise ValueError(f"{name}: {shapes[0]}, {shapes[1]}: there must be one target for each prediction{hint}")
    x, targets = [each if hasattr(each, "apply_op") else np.asarray(each, dtype or float) for each in given]
    return x, targets


def _check_shares(name: str, targets: Any) -> None:
    """Raise ValueError for targets outside of 0 … 1; those in a node may be on their way there."""
    if not hasattr(targets, "apply_op"):
        wrong = (targets < 0.0) | (targets > 1.0)
        _refuse(targets, wrong, f"{name}: the targets are from 0 to 1 (hinge_loss takes 1 and -1)")


def _refuse(numbers: Array, wrong: Any, what: str) -> None:
    """Raise ValueError, which shows the first, if any of the numbers is wrong."""
    if wrong.any():
        raise ValueError(f"{what}, got {numbers[wrong][0]:g}")
