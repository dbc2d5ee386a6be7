"""predict and evaluate: what a model gives, and how good that is; without training it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from autograd import Node, no_grad
from nn.arguments import array_of, whole_number
from nn.modes import training_mode
from nn.module import Module
from nn.training.feeding import TO_MEASURE, batches_of

Array = np.ndarray[Any, Any]
Metric: TypeAlias = Callable[[Any, Any], Any]
Metrics: TypeAlias = Metric | Sequence[Metric] | Mapping[str, Metric] | None
"""Functions of (outputs, targets) that give a number: one, several, or by the names they are to have."""


def predict(model: Module, x: Any, batch_size: int = TO_MEASURE) -> Array:
    """The model's outputs for the samples `x`, computed in batches: in `eval` mode, which it then leaves again.

    Raises ValueError for no samples.

    >>> import nn
    >>> predict(nn.Sequential(nn.ReLU(), nn.Dropout(0.5)), [[-1.0], [2.0]])
    array([[0.],
           [2.]])
    """
    x = array_of(x, "predict: x")
    size = whole_number(batch_size, "predict: batch_size", 1)
    if x.ndim == 0 or len(x) == 0:
        raise ValueError(f"predict: x has no samples, its shape is {x.shape}")
    with training_mode(model, False), no_grad():
        return np.concatenate([numbers(model(x[i : i + size])) for i in range(0, len(x), size)])


def evaluate(
    model: Module, data: Any, loss: Callable[[Any, Any], Any], metrics: Metrics = None, batch_size: int | None = None
) -> dict[str, float]:
    """The loss and the metrics of the model on `data`, a pair (x, y) or batches, by name: in `eval` mode.

    The loss is the mean over the samples of what `loss` gives as mean over a batch. A metric is computed of all samples
    at once.

    >>> import nn
    >>> from nn.metrics import mean_absolute_error
    >>> evaluate(nn.ReLU(), ([[-1.0], [2.0]], [[0.0], [4.0]]), nn.MSELoss(), mean_absolute_error)
    {'loss': 2.0, 'mean_absolute_error': 1.0}
    """
    functions = metrics_by_name(metrics)
    total, seen, outputs, targets = 0.0, 0, [], []
    with training_mode(model, False), no_grad():
        for x, y in batches_of(data, "evaluate", batch_size=batch_size, default=TO_MEASURE):
            out = model(x)
            total += len(x) * float(numbers(loss(out, y)))
            seen += len(x)
            if functions:
                outputs.append(numbers(out))
                targets.append(y)
    if not seen:
        raise ValueError("evaluate: there are no samples in the data")
    found = {"loss": total / seen}
    if functions:
        every_output, every_target = np.concatenate(outputs), np.concatenate(targets)
        found |= {name: float(metric(every_output, every_target)) for name, metric in functions.items()}
    return found


def metrics_by_name(metrics: Metrics) -> dict[str, Metric]:
    """The metrics by name: that of the function, where no other is given."""
    if metrics is None:
        return {}
    if not isinstance(metrics, Mapping):
        several = [metrics] if callable(metrics) else list(metrics)
        metrics = {getattr(metric, "__name__", type(metric).__name__): metric for metric in several}
        if "<lambda>" in metrics or len(metrics) < len(several):
            raise ValueError("metrics: give them as a dict, by name: {'error': lambda outputs, targets: …}")
    for name, metric in metrics.items():
        if not callable(metric):
            raise TypeError(f"metrics: {name!r} is to be a function (outputs, targets) -> number, got {metric!r:.60}")
        if name in ("loss", "lr") or name.startswith("val_"):
            raise ValueError(f"metrics: the history has a {name!r} of its own: give this one another name")
    return dict(metrics)


def numbers(x: Any) -> Array:
    """The numbers of a Tensor or Value, or of an array."""
    return np.asarray(x.data if isinstance(x, Node) else x)
