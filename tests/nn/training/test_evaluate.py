"""predict and evaluate: the numbers of one pass over all the data, whatever the batches; and no trace in the model."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from nn.data import Batches
from nn.training import evaluate, predict
from tests.nn.training.models import data, network, same

LOSS = nn.MSELoss()


def error(outputs: Any, targets: Any) -> float:
    return float(np.abs(outputs - targets).max())


@given(st.integers(1, 60), st.integers(1, 60))
def test_the_size_of_the_batches_makes_no_difference(samples: int, size: int) -> None:
    model = network().eval()
    x, y = data(samples)
    outputs = model(x).data
    assert predict(model, x, batch_size=size) == pytest.approx(outputs, abs=1e-6)
    found = evaluate(model, (x, y), LOSS, [error], batch_size=size)
    assert found == pytest.approx({"loss": float(((outputs - y) ** 2).mean()), "error": error(outputs, y)}, abs=1e-6)


def test_data_may_be_batches() -> None:
    expected = evaluate(network(), data(), LOSS, batch_size=10)
    assert evaluate(network(), Batches(*data(), 10, shuffle=False), LOSS) == expected


def test_networks_of_values_predict_arrays() -> None:
    values = nn.MLP(3, [4, 2], rng=0)
    x, _ = data()
    assert predict(values, x) == pytest.approx(predict(values.twin(), x), abs=1e-5)
    assert type(predict(values, x)) is np.ndarray


def test_the_model_is_left_as_it_was() -> None:
    model = network()
    model[3].eval()
    before, modes = model.state_dict(), [module.training for module in model.modules()]
    generators = {name: rng.bit_generator.state for name, rng in model.generators().items()}
    predict(model, data()[0])
    evaluate(model, data(), LOSS)
    with pytest.raises(ValueError, match="shape"):
        predict(model, np.zeros((5, 2)))
    with pytest.raises(ZeroDivisionError):
        evaluate(model, data(), lambda outputs, targets: 1 / 0)
    assert same(before, model.state_dict())
    assert modes == [module.training for module in model.modules()]
    assert generators == {name: rng.bit_generator.state for name, rng in model.generators().items()}


def test_nothing_is_recorded() -> None:
    losses = []

    def loss(outputs: Any, targets: Any) -> Any:
        losses.append(LOSS(outputs, targets))
        return losses[-1]

    evaluate(network(), data(), loss)
    assert [each.parents for each in losses] == [()]


@pytest.mark.parametrize("x", [[], np.zeros((0, 3)), 1.0])
def test_no_samples_are_an_error(x: Any) -> None:
    with pytest.raises(ValueError, match=r"no samples|no rows"):
        predict(network(), x)
    with pytest.raises(ValueError, match=r"no samples|no rows"):
        evaluate(network(), (x, x), LOSS)


def test_no_batches_are_an_error() -> None:
    with pytest.raises(ValueError, match="no samples"):
        evaluate(network(), [], LOSS)


def test_a_metric_that_is_no_function_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"'accuracy' is to be a function .*; got 0.5"):
        evaluate(network(), data(), LOSS, {"accuracy": 0.5})  # type: ignore[dict-item]


def test_a_loss_that_sets_each_output_beside_every_target_is_found_without_training_too() -> None:
    x = np.arange(8.0).reshape(4, 2)
    model = nn.Linear(2, 1, rng=0)

    def mean_square(a: Any, b: Any) -> Any:
        return ((a - b) ** 2).mean()

    with pytest.raises(ValueError, match=r"evaluate: the outputs have the shape \(4, 1\) and the targets \(4,\)"):
        nn.evaluate(model, (x, x[:, 0]), mean_square)
    reshaped = nn.evaluate(model, (x, x[:, 0]), lambda a, b: mean_square(a[:, 0], b))
    assert reshaped == nn.evaluate(model, (x, x[:, :1]), mean_square)
