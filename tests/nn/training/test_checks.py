"""Mistakes that `fit` finds before it changes a weight."""

from typing import Any

import numpy as np
import pytest

import nn
from autograd import no_grad
from nn import optim
from nn.training import EarlyStopping, fit
from tests.nn.training.models import data, network, same

LOSS = nn.MSELoss()


def sgd(model: nn.Module) -> optim.SGD:
    return optim.SGD(model.parameters(), lr=0.1, momentum=0.9)


def error(outputs: Any, targets: Any) -> float:
    return float(np.abs(outputs - targets).mean())


def squares(outputs: Any, targets: Any) -> Any:
    return ((outputs - targets) ** 2).mean()


X, Y = data()
MISTAKES: dict[str, tuple[type[Exception], str, dict[str, Any]]] = {
    "no samples": (ValueError, "no rows", {"data": (X[:0], Y[:0])}),
    "unequal lengths": (ValueError, "50 of x and 49 of y", {"data": (X, Y[:-1])}),
    "texts": (TypeError, "encode texts", {"data": (np.full((50, 3), "a"), Y)}),
    "no targets": (TypeError, r"\(x, None\)", {"data": (X, None)}),
    "an array": (TypeError, "a tuple", {"data": X}),
    "a list of arrays": (TypeError, "a tuple", {"data": [X, Y]}),
    "a generator": (TypeError, "used up", {"data": (pair for pair in [(X, Y)])}),
    "no batch": (ValueError, "no batch", {"data": []}),
    "bad validation": (ValueError, "5 of x and 4 of y", {"validation": (X[:5], Y[:4])}),
    "both sizes": (ValueError, "give one of them", {"batch_size": 5, "steps_per_epoch": 10}),
    "too many steps": (ValueError, "only 50 samples", {"steps_per_epoch": 51}),
    "sizes of batches": (ValueError, "its own batches", {"data": [(X, Y)], "batch_size": 5}),
    "no batch size": (ValueError, "at least 1", {"batch_size": 0}),
    "negative epochs": (ValueError, "at least 0", {"epochs": -1}),
    "half an epoch": (TypeError, "whole number", {"epochs": 0.5}),
    "a lambda as metric": (ValueError, "by name", {"metrics": [lambda outputs, targets: 0.0]}),
    "a metric called loss": (ValueError, "another name", {"metrics": {"loss": error}}),
    "a failing metric": (ZeroDivisionError, "zero", {"metrics": {"bad": lambda outputs, targets: 1 / 0}}),
    "a class as callback": (TypeError, "callback", {"callbacks": [EarlyStopping]}),
    "nothing to watch": (ValueError, "validation=", {"callbacks": [EarlyStopping()]}),
    "a loss per sample": (ValueError, "mean", {"loss": lambda outputs, targets: (outputs - targets) ** 2}),
    "a loss without a graph": (TypeError, "does not depend", {"loss": lambda outputs, targets: 0.5}),
    "a loss of the targets": (TypeError, "does not depend", {"loss": lambda outputs, targets: targets.mean()}),
    "a column beside a row": (ValueError, "reshape", {"data": (X, Y[:, 0]), "loss": squares}),
    "another optimizer": (ValueError, "none of this model's", {"optimizer": sgd(network(1))}),
    "no optimizer": (TypeError, "Optimizer", {"optimizer": None}),
    "another schedule": (ValueError, "another optimizer", {"schedule": optim.StepLR(sgd(network(1)), 1)}),
    "a model without weights": (ValueError, "nothing to train", {"model": nn.ReLU()}),
    "no model": (TypeError, "Module", {"model": abs}),
    "no checkpoint": (FileNotFoundError, "nowhere", {"resume": "nowhere.npz"}),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_before_a_weight_is_changed(mistake: str) -> None:
    kind, message, wrong = MISTAKES[mistake]
    model = network()
    optimizer = sgd(model)
    before = model.state_dict(), optimizer.state_dict()
    with pytest.raises(kind, match=message):
        fit(**{"model": model, "data": (X, Y), "loss": LOSS, "optimizer": optimizer, **wrong})
    assert same(before[0], model.state_dict())
    assert same(before[1], optimizer.state_dict())


def test_nothing_can_be_learnt_under_no_grad_or_with_all_frozen() -> None:
    model = network()
    with no_grad(), pytest.raises(TypeError, match="no_grad"):
        fit(model, data(), LOSS, sgd(model))
    optimizer = sgd(model)
    model.requires_grad_(False)
    with pytest.raises(TypeError, match="freeze"):
        fit(model, data(), LOSS, optimizer)


def test_a_loss_that_reshapes_the_outputs_itself_is_no_mistake() -> None:
    model = network()
    fit(model, (X, Y[:, 0]), lambda outputs, targets: LOSS(outputs.reshape(-1), targets), sgd(model))
