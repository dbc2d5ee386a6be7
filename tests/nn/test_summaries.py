"""A summary has a row for every layer, with the shape of what it gives and the number of its parameters."""

from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor
from nn.summaries import summary


def digits() -> nn.Module:
    hidden = [nn.Linear(784, 256), nn.ReLU(), nn.Dropout(0.45), nn.Linear(256, 256), nn.ReLU(), nn.Dropout(0.45)]
    return nn.Sequential(*hidden, nn.Linear(256, 10))


def test_the_digits_network_has_269_322_parameters() -> None:
    found = summary(digits())
    assert [row.parameters for row in found.rows] == [200_960, 0, 0, 65_792, 0, 0, 2_570]
    assert [row.shape for row in found.rows] == [("n", 256)] * 6 + [("n", 10)]
    assert found.parameters == found.trained == 269_322
    assert str(found).splitlines()[-1] == "269,322 parameters"


def test_what_is_frozen_is_counted_and_not_trained() -> None:
    model = digits()
    next(model.children()).requires_grad_(False)
    assert summary(model).trained == 269_322 - 200_960
    assert str(summary(model)).endswith("269,322 parameters, of which 68,362 are trained")


def test_a_network_of_values_has_a_row_for_each_layer() -> None:
    found = summary(nn.MLP(2, [16, 16, 1]))
    assert [(row.name, row.shape, row.parameters) for row in found.rows] == [
        ("layers.0", (16,), 48),
        ("layers.1", (16,), 272),
        ("layers.2", (), 17),
    ]


def test_a_sample_or_its_shape_gives_the_shapes_where_the_first_layer_takes_any() -> None:
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(4 * 26 * 26, 10))
    for inputs in ((1, 28, 28), np.zeros((2, 1, 28, 28))):
        assert [row.shape for row in summary(model, inputs).rows] == [("n", 4, 26, 26), ("n", 2704), ("n", 10)]
    assert [row.shape for row in summary(model).rows] == [None] * 3
    assert [row.parameters for row in summary(model).rows] == [40, 0, 27_050]


def test_a_recurrent_layer_has_the_shape_of_its_outputs_and_an_embedding_takes_indices() -> None:
    assert summary(nn.LSTM(3, 5, batch_first=True), (7, 3)).rows[0].shape == ("n", 7, 5)
    assert summary(nn.Embedding(10, 4), np.zeros((2, 7), int)).rows[0].shape == ("n", 7, 4)


def test_shared_parameters_are_counted_once_and_those_beside_children_have_a_row() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            self.factor = Tensor([2.0])
            self.first = nn.Linear(3, 3)
            self.second = self.first

        def forward(self, x: Any) -> Any:
            return self.factor * self.second(self.first(x))

    found = summary(Scaled(), (3,))
    assert [(row.name, row.parameters) for row in found.rows] == [("", 1), ("first", 12)]


def test_nothing_changes_in_the_model() -> None:
    model = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2), nn.Dropout(0.5))
    model[2].eval()
    before = model.state_dict()
    summary(model)
    assert all((before[name] == array).all() for name, array in model.state_dict().items())
    assert [module.training for module in model.modules()] == [True, True, True, False]


def test_a_model_that_does_not_run_on_the_shape_says_so_and_is_as_it_was() -> None:
    model = nn.Sequential(nn.Linear(3, 2))
    with pytest.raises(ValueError, match="Linear"):
        summary(model, (4,))
    assert model.training
