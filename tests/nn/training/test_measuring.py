"""Metrics in training: they decide between two classes as the loss does, whatever numbers the scores happen to be."""

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import nn
from nn import metrics, optim
from nn.training import evaluate, fit
from tests.nn.training.models import Array

SIGNS = np.array([[-1.0], [-1.0], [1.0], [1.0], [1.0]])
CLASSES = (SIGNS + 1.0) / 2.0
X = np.arange(5.0)[:, np.newaxis]
LOSSES: dict[str, tuple[Any, Array, float]] = {  # with the targets that they take, and their threshold
    "logits": (nn.BCEWithLogitsLoss(), CLASSES, 0.0),
    "logits, function": (autograd.binary_cross_entropy_with_logits, CLASSES, 0.0),
    "hinge": (nn.HingeLoss(), SIGNS, 0.0),
    "hinge, function": (autograd.hinge_loss, SIGNS, 0.0),
    "probabilities": (nn.BCELoss(), CLASSES, 0.5),
    "probabilities, function": (autograd.binary_cross_entropy, CLASSES, 0.5),
}
every_loss = pytest.mark.parametrize(("loss", "targets", "threshold"), LOSSES.values(), ids=LOSSES)


class Told(nn.Module):
    """Gives the row of `outputs` whose number the input is."""

    def __init__(self, outputs: Array) -> None:
        self.nothing = autograd.Tensor([0.0])
        self.outputs = outputs

    def forward(self, x: Any) -> Any:
        return self.nothing + self.outputs[np.asarray(x)[:, 0].astype(int)]


def trained(outputs: Array, targets: Array, loss: Any, functions: Any) -> dict[str, float]:
    """What fit measures in an epoch in which nothing changes, of the training and of the validation data."""
    model = Told(outputs)
    sgd = optim.SGD(model.parameters(), lr=0.0)
    history = fit(model, (X, targets), loss, sgd, metrics=functions, validation=(X, targets))
    return {name: column[0] for name, column in history.items()}


@every_loss
@given(st.lists(st.floats(0.01, 0.99), min_size=5, max_size=5))
def test_accuracy_is_that_of_the_threshold_of_the_loss(
    loss: Any, targets: Array, threshold: float, numbers: list[float]
) -> None:
    outputs = np.array(numbers)[:, np.newaxis]  # scores that might be taken for probabilities
    expected = ((outputs > threshold) == (targets > 0)).mean()
    found = trained(outputs, targets, loss, [metrics.accuracy])
    assert found["accuracy"] == found["val_accuracy"] == pytest.approx(expected)
    assert evaluate(Told(outputs), (X, targets), loss, metrics.accuracy)["accuracy"] == pytest.approx(expected)


@pytest.mark.parametrize("name", [name for name in LOSSES if "probabilities" not in name])
def test_scores_may_be_any_numbers(name: str) -> None:
    loss, targets, _ = LOSSES[name]
    found = trained(np.array([[-5.0], [2.0], [7.0], [0.1], [-1.0]]), targets, loss, [metrics.accuracy, metrics.recall])
    assert found["accuracy"] == 0.6
    assert found["recall"] == pytest.approx(2 / 3)


def test_of_several_columns_the_highest_decides_as_ever() -> None:
    outputs, classes = np.array([[0.1, 0.2], [0.3, 0.1], [0.9, 0.3], [0.1, 0.8], [0.4, 0.5]]), [1, 0, 1, 1, 1]
    one_hot = np.eye(2)[classes]
    for loss in (nn.BCEWithLogitsLoss(), nn.BCELoss()):
        assert evaluate(Told(outputs), (X, one_hot), loss, metrics.accuracy)["accuracy"] == 0.8
    assert evaluate(Told(outputs), (X, classes), nn.CrossEntropyLoss(), metrics.accuracy)["accuracy"] == 0.8


def test_a_threshold_that_a_metric_has_already_is_kept() -> None:
    both: dict[str, Any] = {"strict": partial(metrics.accuracy, threshold=0.75), "usual": metrics.accuracy}
    outputs = np.full((5, 1), 0.7)
    found = evaluate(Told(outputs), (X, CLASSES), nn.BCEWithLogitsLoss(), both)
    assert (found["strict"], found["usual"]) == (0.4, 0.6)


def test_metrics_without_a_threshold_and_losses_without_one_are_left_alone() -> None:
    def error(outputs: Any, targets: Any) -> float:
        return float(np.abs(outputs - targets).max())

    def thresholds(outputs: Any, targets: Any, threshold: Any = None) -> float:
        return -1.0 if threshold is None else float(threshold)

    outputs = np.full((5, 1), 0.75)
    functions: dict[str, Any] = {
        "error": error,
        "max": max,
    }  # the second is written in C, and does not say what it takes
    found = evaluate(Told(outputs), (X[:1], CLASSES[:1]), nn.BCEWithLogitsLoss(), functions)
    assert (found["error"], found["max"]) == (0.75, 0.75)
    assert evaluate(Told(outputs), (X, CLASSES), nn.MSELoss(), thresholds)["thresholds"] == -1.0
    assert evaluate(Told(outputs), (X, SIGNS), nn.HingeLoss(), thresholds)["thresholds"] == 0.0


@pytest.mark.parametrize("result", [None, "good", [0.5, 0.5], np.zeros((2, 2)), 1j, {"a": 1.0}], ids=str)
def test_a_metric_that_gives_no_number_is_named(result: Any) -> None:
    model = Told(np.full((5, 1), 0.7))
    functions = {"mine": lambda outputs, targets: result}
    with pytest.raises(TypeError, match="metrics: 'mine' is to give a number, and gave "):
        evaluate(model, (X, CLASSES), nn.MSELoss(), functions)
    with pytest.raises(TypeError, match="metrics: 'mine' is to give a number, and gave "):
        fit(model, (X, CLASSES), nn.MSELoss(), optim.SGD(model.parameters(), lr=0.1), metrics=functions)
    assert not model.nothing.data.any()


@pytest.mark.parametrize("number", [True, 2, 0.5, np.float32(0.5), np.array([0.5]), autograd.Tensor(0.5)], ids=str)
def test_a_number_may_come_in_whatever_form(number: Any) -> None:
    found = evaluate(Told(X), (X, CLASSES), nn.MSELoss(), {"mine": lambda outputs, targets: number})["mine"]
    assert type(found) is float
    assert found == float(np.asarray(number).item())
