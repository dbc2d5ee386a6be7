"""Mistakes that `fit` finds before it changes a weight."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, no_grad
from nn import optim
from nn.training import EarlyStopping, evaluate, fit, predict
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
    "a part of the data": (TypeError, "validation: .*train_test_split", {"validation": 0.2}),
    "an array": (TypeError, "a tuple", {"data": X}),
    "a list of arrays": (TypeError, r"a tuple \(x, y\), .* got a list", {"data": [X, Y]}),
    "a generator": (TypeError, "Batches, or a list", {"data": (pair for pair in [(X, Y)])}),
    "no batch": (ValueError, "no batch", {"data": []}),
    "bad validation": (ValueError, "5 of x and 4 of y", {"validation": (X[:5], Y[:4])}),
    "both sizes": (ValueError, "give one of them", {"batch_size": 5, "steps_per_epoch": 10}),
    "too many steps": (ValueError, "only 50 samples", {"steps_per_epoch": 51}),
    "sizes of batches": (ValueError, "its own batches", {"data": [(X, Y)], "batch_size": 5}),
    "no batch size": (ValueError, "at least 1", {"batch_size": 0}),
    "negative epochs": (ValueError, "at least 0", {"epochs": -1}),
    "half an epoch": (TypeError, "whole number", {"epochs": 0.5}),
    "a metric's name": (TypeError, r"'accuracy' is .* metrics=\[nn.metrics.accuracy\]", {"metrics": "accuracy"}),
    "metrics' names": (TypeError, r"'accuracy' is .* metrics=\[nn.metrics.accuracy\]", {"metrics": ["accuracy"]}),
    "a metric that is a table": (TypeError, "'bad' is to give a number", {"metrics": {"bad": lambda x, y: x}}),
    "a lambda as metric": (ValueError, "by name", {"metrics": [lambda outputs, targets: 0.0]}),
    "a metric called loss": (ValueError, "another name", {"metrics": {"loss": error}}),
    "a failing metric": (ZeroDivisionError, "zero", {"metrics": {"bad": lambda outputs, targets: 1 / 0}}),
    "a class as callback": (TypeError, "callback", {"callbacks": [EarlyStopping]}),
    "a single class as callback": (TypeError, "callback", {"callbacks": EarlyStopping}),
    "nothing to watch": (
        ValueError, r"'val_loss' is not measured: give validation=\(x, y\), or let it watch one of loss, lr",
        {"callbacks": [EarlyStopping()]},
    ),
    "nothing of that name to watch": (
        ValueError, "'recall' is not measured: let it watch one of loss, lr", {"callbacks": EarlyStopping("recall")}
    ),
    "a loss's name": (TypeError, r"such as nn.MSELoss\(\); got 'mse'", {"loss": "mse"}),
    "a loss's class": (TypeError, r"such as nn.L1Loss\(\); got <class", {"loss": nn.L1Loss}),
    "a loss per sample": (ValueError, "mean", {"loss": lambda outputs, targets: (outputs - targets) ** 2}),
    "a loss without a graph": (TypeError, "does not depend", {"loss": lambda outputs, targets: 0.5}),
    "a loss of the targets": (TypeError, "does not depend", {"loss": lambda outputs, targets: targets.mean()}),
    "a column beside a row": (ValueError, "reshape", {"data": (X, Y[:, 0]), "loss": squares}),
    "another optimizer": (ValueError, "none of this model's", {"optimizer": sgd(network(1))}),
    "no optimizer": (TypeError, "Optimizer", {"optimizer": None}),
    "another schedule": (ValueError, "another optimizer", {"schedule": optim.StepLR(sgd(network(1)), 1)}),
    "no schedule": (TypeError, r"one of nn.optim, such as .* got 'cosine'", {"schedule": "cosine"}),
    "a schedule's class": (TypeError, "one of nn.optim, such as .* got <class", {"schedule": optim.StepLR}),
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


class Gives(nn.Module):
    """A model that gives something of what the layer gives."""

    def __init__(self, layer: nn.Module, what: Callable[[Any], Any]) -> None:
        self.layer, self.what = layer, what

    def forward(self, x: Any) -> Any:
        return self.what(self.layer(x))


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Gives(nn.Linear(3, 1), lambda out: None), "Gives.forward returned None"),
        (nn.RNN(3, 1), r"RNN, LSTM and GRU give \(outputs, state\): take \[0\]"),
        (nn.LSTM(3, 1), r"RNN, LSTM and GRU give \(outputs, state\): take \[0\]"),
        (Gives(nn.Linear(3, 1), lambda out: (out, out)), r"take \[0\]"),
    ],
)
def test_a_model_that_does_not_give_one_array_is_a_mistake(model: nn.Module, message: str) -> None:
    before, measured = model.state_dict(), {"error": error}
    with pytest.raises(TypeError, match=message):
        fit(model, (X, Y), LOSS, sgd(model))
    with pytest.raises(TypeError, match=message):
        evaluate(model, (X, Y), LOSS)
    with pytest.raises(TypeError, match=message):
        evaluate(model, (X, Y), lambda outputs, targets: 0.0, measured)
    with pytest.raises(TypeError, match=message):
        predict(model, X)
    assert same(before, model.state_dict())


def test_a_loss_of_one_s_own_may_take_several_outputs() -> None:
    model = Gives(nn.Linear(3, 1), lambda out: (out, out * 2.0))
    before = model.state_dict()
    fit(model, (X, Y), lambda outputs, targets: squares(outputs[0] + outputs[1], targets), sgd(model))
    assert not same(before, model.state_dict())


def test_a_class_or_a_name_as_loss_is_a_mistake_for_evaluate_too() -> None:
    for loss in ("mse", nn.MSELoss):
        with pytest.raises(TypeError, match=r"evaluate: the loss is a function .* such as nn.MSELoss\(\)"):
            evaluate(network(), (X, Y), loss)  # type: ignore[arg-type]


def test_an_optimizer_made_before_a_part_was_replaced_is_a_mistake() -> None:
    model = network()
    optimizer = sgd(model)
    setattr(model, "4", nn.Linear(8, 1))
    before = model.state_dict()
    with pytest.raises(ValueError, match=r"this model has no longer, and 4.weight, 4.bias would not be trained"):
        fit(model, (X, Y), LOSS, optimizer)
    assert same(before, model.state_dict())
    with pytest.raises(ValueError, match="none of this model's"):
        fit(model.double(), (X, Y), LOSS, optimizer)


def test_a_frozen_part_may_be_replaced_and_a_part_alone_be_trained() -> None:
    model = network()
    optimizer = sgd(model)
    setattr(model, "0", nn.Linear(3, 8).requires_grad_(False))
    fit(model, (X, Y), LOSS, optimizer)
    fit(model, (X, Y), LOSS, optim.SGD(model[4].parameters(), lr=0.1))


class Scaled(nn.Module):
    """A loss with a parameter."""

    def __init__(self) -> None:
        self.scale = Tensor(1.0)

    def forward(self, outputs: Any, targets: Any) -> Any:
        return squares(outputs * self.scale, targets)


@pytest.mark.parametrize("trained", [slice(0, 5), slice(4, 5)], ids=["whole", "part"])
def test_the_parameters_of_a_loss_may_be_trained_with_a_model_or_a_part_of_it(trained: slice) -> None:
    model, loss = network(), Scaled()
    fit(model, (X, Y), loss, optim.SGD([*model[trained].parameters(), loss.scale], lr=0.1))
    assert loss.scale.item() != 1.0


def test_arrays_are_not_taken_for_parameters() -> None:
    class Arrays(nn.Module):
        def __init__(self) -> None:
            self.weight = np.ones((3, 1))

    with pytest.raises(ValueError, match=r"Arrays has no parameters: .* Tensors or Values are parameters, and arrays"):
        fit(Arrays(), (X, Y), LOSS, sgd(network()))


def test_a_single_callback_needs_no_list() -> None:
    epochs: list[int] = []
    model = network()
    fit(model, (X, Y), LOSS, sgd(model), epochs=3, callbacks=lambda run: epochs.append(run.epoch))
    stopping = EarlyStopping("loss", mode="max")
    fit(model, (X, Y), LOSS, sgd(model), callbacks=stopping)
    assert epochs == [1, 2, 3]
    assert stopping.best_epoch == 1


def test_a_loss_that_reshapes_the_outputs_itself_is_no_mistake() -> None:
    model = network()
    fit(model, (X, Y[:, 0]), lambda outputs, targets: LOSS(outputs.reshape(-1), targets), sgd(model))
