"""Losses as modules: one row for each of autograd's functions, under PyTorch's name."""

from collections.abc import Callable
from typing import Any, ClassVar

import autograd
from nn.layers.inputs import operand
from nn.module import Module


class Loss(Module):
    """How far predictions are from their targets. `reduction` is "mean", "sum" or "none"; all settings go by name.

    Predictions and targets are Tensors, arrays, or lists of numbers or Values, of one shape. That is checked, so a
    column (n, 1) beside targets (n,) is not broadcast to (n, n) but an error.

    `threshold` is the prediction above which a loss of two classes means class 1: 0 for scores, 0.5 for probabilities.
    `fit` and `evaluate` hand it on to the metrics. It is None for the other losses.
    """

    function: ClassVar[Callable[..., Any]]
    defaults: ClassVar[dict[str, Any]]
    threshold: ClassVar[float | None] = None

    def __init__(self, *, reduction: str = "mean", **settings: Any) -> None:
        if not settings.keys() <= self.defaults.keys():
            expected = ", ".join(["reduction", *self.defaults])
            raise TypeError(f"{type(self).__name__}: its settings are {expected}; got {', '.join(settings)}")
        vars(self).update(self.defaults | settings, reduction=reduction)

    def forward(self, input: Any, target: Any) -> Any:  # noqa: A002
        """The loss: one number or, if there is no reduction, all of them."""
        settings = {name: getattr(self, name) for name in ("reduction", *self.defaults)}
        return type(self).function(operand(input), operand(target), **settings)


def smooth_l1_loss(x: Any, targets: Any, *, reduction: str, beta: float) -> Any:
    """Half the square of an error over `beta`; from `beta` on a straight line, |x - target| - beta/2."""
    return autograd.huber_loss(x, targets, reduction, beta) / beta


def threshold_of(loss: Any) -> float | None:
    """The `threshold` of a loss, be it a module or one of autograd's functions; None for any other function.

    >>> threshold_of(HingeLoss()), threshold_of(autograd.binary_cross_entropy), threshold_of(autograd.mse_loss)
    (0.0, 0.5, None)
    """
    if isinstance(loss, Loss):
        return loss.threshold
    return next((kind.threshold for kind in Loss.__subclasses__() if getattr(kind, "function", None) is loss), None)


def _loss(name: str, function: Callable[..., Any], threshold: float | None = None, **defaults: Any) -> type[Loss]:
    """The class of losses for `function`, with these settings beside `reduction`."""
    doc = f"`{function.__name__}` as a module."
    body = {"function": staticmethod(function), "defaults": defaults, "threshold": threshold}
    return type(name, (Loss,), body | {"__module__": __name__, "__doc__": doc})


MSELoss = _loss("MSELoss", autograd.mse_loss)
L1Loss = _loss("L1Loss", autograd.l1_loss)
HuberLoss = _loss("HuberLoss", autograd.huber_loss, delta=1.0)
SmoothL1Loss = _loss("SmoothL1Loss", smooth_l1_loss, beta=1.0)
HingeLoss = _loss("HingeLoss", autograd.hinge_loss, threshold=0.0)
BCELoss = _loss("BCELoss", autograd.binary_cross_entropy, threshold=0.5)
BCEWithLogitsLoss = _loss("BCEWithLogitsLoss", autograd.binary_cross_entropy_with_logits, threshold=0.0)
CrossEntropyLoss = _loss(
    "CrossEntropyLoss", autograd.cross_entropy, weight=None, ignore_index=-100, label_smoothing=0.0
)
