"""predict and evaluate: what a model gives, and how good that is; without training it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import no_grad
from nn.arguments import Array, array_of, numbers, whole_number
from nn.layers.inputs import operand
from nn.modes import training_mode
from nn.module import Module
from nn.training.checks import check_function, check_shapes
from nn.training.feeding import TO_MEASURE, batches_of
from nn.training.measuring import Metrics, measured, metrics_by_name


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
        return np.concatenate([array_of_outputs(outputs_of(model, x[i : i + size])) for i in range(0, len(x), size)])


def evaluate(
    model: Module, data: Any, loss: Callable[[Any, Any], Any], metrics: Metrics = None, batch_size: int | None = None
) -> dict[str, float]:
    """The loss and the metrics of the model on `data`, a pair (x, y) or batches, by name: in `eval` mode.

    The loss is the mean over the samples of what `loss` gives as mean over a batch. A metric is computed of all samples
    at once, with the threshold of the loss, as in `fit`.

    >>> import nn
    >>> from nn.metrics import mean_absolute_error
    >>> evaluate(nn.ReLU(), ([[-1.0], [2.0]], [[0.0], [4.0]]), nn.MSELoss(), mean_absolute_error)
    {'loss': 2.0, 'mean_absolute_error': 1.0}
    """
    check_function(loss, "evaluate")
    functions = metrics_by_name(metrics, loss)
    total, seen, outputs, targets = 0.0, 0, [], []
    with training_mode(model, False), no_grad():
        for x, y in batches_of(data, "evaluate", batch_size=batch_size, default=TO_MEASURE):
            out = outputs_of(model, x)
            if not seen:
                check_shapes(loss, out, y, "evaluate")
            total += len(x) * float(numbers(loss(out, y)))
            seen += len(x)
            if functions:
                outputs.append(array_of_outputs(out))
                targets.append(y)
    if not seen:
        raise ValueError("evaluate: there are no samples in the data")
    found = {"loss": total / seen}
    if functions:
        found |= measured(functions, np.concatenate(outputs), np.concatenate(targets))
    return found


def outputs_of(model: Module, x: Any) -> Any:
    """What the model gives for the batch. Raises TypeError for None."""
    outputs = model(x)
    if outputs is None:
        raise TypeError(f"{type(model).__name__}.forward returned None: it is to return the outputs")
    return outputs


def array_of_outputs(outputs: Any) -> Array:
    """The outputs as an array. Raises TypeError for a tuple with a state beside them."""
    return numbers(operand(outputs))
