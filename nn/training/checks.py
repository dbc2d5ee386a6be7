"""Mistakes that `fit` finds before a weight is changed: a loss or an optimizer that does not go with the model."""

from typing import Any

import numpy as np

from autograd import Node, topological_order
from nn.module import Module
from nn.optim import Optimizer
from nn.training.evaluate import numbers


def check_optimizer(model: Module, optimizer: Optimizer, schedule: Any) -> None:
    """Raise ValueError if the optimizer changes none of the model's parameters, or the schedule is another's."""
    for name, kind, given in (("model", Module, model), ("optimizer", Optimizer, optimizer)):
        if not isinstance(given, kind):
            raise TypeError(f"fit: the {name} is to be of class {kind.__name__}, got a {type(given).__name__}")
    own = {id(parameter) for parameter in model.parameters()}
    if not own:
        raise ValueError(f"fit: there is nothing to train: {type(model).__name__} has no parameters")
    if not any(id(parameter) in own for parameter in optimizer.params):
        raise ValueError(
            f"fit: {optimizer!r} holds none of this model's parameters: make it with model.parameters() of this very "
            "model"
        )
    if schedule is not None and schedule.optimizer is not optimizer:
        raise ValueError(f"fit: the {type(schedule).__name__} is of another optimizer: make it with this one")


def check_loss(loss: Any, outputs: Any, targets: Any) -> None:
    """Raise TypeError unless the loss can be differentiated, ValueError unless it is one number, of equal shapes."""
    if not isinstance(loss, Node) or loss.is_leaf:
        raise TypeError(
            f"fit: the loss is {loss!r:.60}, which does not depend on a parameter: compute it of the model's outputs "
            "with the operations of autograd, freeze not all parameters, and call fit outside of no_grad()"
        )
    if np.size(loss.data) != 1:
        raise ValueError(f"fit: the loss is one number, and this has the shape {loss.data.shape}: take its .mean()")
    if isinstance(outputs, Node) and _is_broadcast(loss, outputs, np.shape(targets)):
        raise ValueError(
            f"fit: the outputs have the shape {numbers(outputs).shape} and the targets {np.shape(targets)}, which the "
            "loss broadcasts, each output beside every target: reshape the targets to the shape of the outputs"
        )


def _is_broadcast(loss: Node, outputs: Node, shape: tuple[int, ...]) -> bool:
    """Whether the loss meets outputs (n, 1) with targets (n,), or the other way round, in an array (n, n)."""
    n = len(outputs.data) if np.ndim(outputs.data) else 1
    pair = {(n,), (n, 1)}
    if n == 1 or {outputs.data.shape, shape} != pair:
        return False
    model = set(topological_order(outputs)) - {outputs}
    for node in topological_order(loss):
        if node not in model and np.shape(node.data) == (n, n) and {numbers(x).shape for x in node.operands} == pair:
            return True
    return False
