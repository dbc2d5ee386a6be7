"""Mistakes that are found before a weight is changed: a loss or an optimizer that does not go with the model."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograd import Node, Tensor, enable_grad, topological_order
from nn.arguments import numbers
from nn.module import Module
from nn.optim import Optimizer


def check_function(loss: Any, where: str) -> None:
    """Raise TypeError unless the loss can be called: for the name of one, and for a class in place of an instance."""
    if isinstance(loss, type) or not callable(loss):
        name = loss.__name__ if isinstance(loss, type) else "MSELoss"
        raise TypeError(f"{where}: the loss is a function of (outputs, targets), such as nn.{name}(); got {loss!r:.60}")


def check_optimizer(model: Module, loss: Any, optimizer: Optimizer, schedule: Any) -> None:
    """Raise TypeError or ValueError if the optimizer is not for these parameters, or the schedule for another one.

    An optimizer may be for a part of the model, and the loss may have parameters too. But one that holds others, while
    some of the model's are in none, was made before the model was what it is.
    """
    for name, kind, given in (("model", Module, model), ("optimizer", Optimizer, optimizer)):
        if not isinstance(given, kind):
            raise TypeError(f"fit: the {name} is to be of class {kind.__name__}, got a {type(given).__name__}")
    own, held = _ids(model.parameters()), _ids(optimizer.params)
    if not own:
        raise ValueError(
            f"fit: there is nothing to train: {type(model).__name__} has no parameters: its attributes that are "
            "Tensors or Values are parameters, and arrays are not trained"
        )
    if not own & held:
        raise ValueError(
            f"fit: {optimizer!r} holds none of this model's parameters: make it with model.parameters() of this very "
            "model"
        )
    missing = [name for name, x in model.named_parameters() if id(x) not in held and x.requires_grad]
    if missing and held - own - _ids(loss.parameters() if isinstance(loss, Module) else ()):
        raise ValueError(
            f"fit: {optimizer!r} holds parameters that this model has no longer, and {', '.join(missing):.200} would "
            "not be trained: make it when the model is complete, or freeze them by requires_grad_(False)"
        )
    if schedule is not None and not hasattr(schedule, "optimizer"):
        raise TypeError(
            f"fit: the schedule is one of nn.optim, such as nn.optim.StepLR(optimizer, 10), got {schedule!r:.60}"
        )
    if getattr(schedule, "mode", "min") == "max":
        raise ValueError(
            f"fit: the {type(schedule).__name__} is stepped with the loss, which falls: make it with mode='min', or "
            "step it in a callback: lambda run: schedule.step(run.history['val_accuracy'][-1])"
        )
    if schedule is not None and schedule.optimizer is not optimizer:
        raise ValueError(f"fit: the {type(schedule).__name__} is of another optimizer: make it with this one")


def _ids(parameters: Iterable[Any]) -> set[int]:
    return {id(parameter) for parameter in parameters}


def check_loss(loss: Any) -> None:
    """Raise TypeError unless the loss can be differentiated, ValueError unless it is one number."""
    if not isinstance(loss, Node) or loss.is_leaf:
        raise TypeError(
            f"fit: the loss is {loss!r:.60}, which does not depend on a parameter: compute it of the model's outputs "
            "with the operations of autograd, freeze not all parameters, and call fit outside of no_grad()"
        )
    if np.size(loss.data) != 1:
        raise ValueError(f"fit: the loss is one number, and this has the shape {loss.data.shape}: take its .mean()")


def check_shapes(loss: Callable[[Any, Any], Any], outputs: Any, targets: Any, where: str) -> None:
    """Raise ValueError if the loss sets each of the outputs, (n, 1), beside all targets, (n,), or the other way round.

    It may reshape them itself. So what it does with such shapes is looked up in its graph.
    """
    if not isinstance(outputs, Node) or np.size(outputs.data) < 2:
        return
    found, n = {np.shape(outputs.data), np.shape(targets)}, len(outputs.data)
    if found != {(n,), (n, 1)}:
        return
    with enable_grad():
        graph = loss(Tensor(outputs.data), targets)
    for node in topological_order(graph) if isinstance(graph, Node) else ():
        if np.shape(node.data) == (n, n) and {numbers(x).shape for x in node.operands} == found:
            raise ValueError(
                f"{where}: the outputs have the shape {outputs.data.shape} and the targets {np.shape(targets)}, which "
                "the loss broadcasts, each output beside every target: reshape the targets to the shape of the outputs"
            )
