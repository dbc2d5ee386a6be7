"""What a model says of itself for a picture of it."""

from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor
from nn import Module


class Own(Module):
    """A model with parts, a parameter beside them, and an order that only its forward knows."""

    def __init__(self) -> None:
        self.second = nn.Linear(3, 1)
        self.scale = Tensor(np.ones(4))
        self.first = nn.Sequential(nn.Linear(2, 3), nn.Tanh())

    def forward(self, x: Any) -> Any:
        return self.second(self.first(x)) * self.scale


def parts(model: Module) -> list[Any]:
    found: list[Any] = model.wiring()["parts"]
    return found


def test_an_mlp_is_its_layers_with_their_weights_as_arrays() -> None:
    model = nn.MLP(2, [3, 1], "tanh", rng=0)
    first, second = parts(model)
    assert (first["name"], first["activation"], second["name"], second["activation"]) == (
        "layers.0", "tanh", "layers.1", "linear",
    )  # fmt: skip
    assert first["weight"].tolist() == [[w.data for w in neuron.w] for neuron in model.layers[0].neurons]
    assert second["bias"].tolist() == [model.layers[1].neurons[0].b.data]
    assert model.wiring()["model"] == "MLP(2, [3, 1], tanh)"
    assert model.wiring()["in_order"]


def test_its_twin_has_the_same_wires() -> None:
    model = nn.MLP(2, [3, 1], "tanh", rng=0)
    ours = [part for part in parts(model.twin()) if "weight" in part]
    for part, twin in zip(parts(model), ours, strict=True):
        np.testing.assert_allclose(twin["weight"], part["weight"], rtol=1e-6)
        np.testing.assert_allclose(twin["bias"], part["bias"], rtol=1e-6)


def test_a_sequential_is_gone_into_and_every_part_has_its_name() -> None:
    model = nn.Sequential(nn.Sequential(nn.Linear(4, 3, bias=False), nn.ReLU()), nn.Conv2d(1, 2, 3), nn.GELU())
    assert [part["name"] for part in parts(model)] == ["0.0", "0.1", "1", "2"]
    linear, relu, conv, gelu = parts(model)
    assert (linear["weight"].shape, linear["bias"]) == ((3, 4), None)
    assert (relu["activation"], gelu["activation"]) == ("ReLU", "GELU(approximate='none')")
    assert (conv["title"], conv["parameters"]) == (repr(model[1]), 2 * 9 + 2)


@pytest.mark.parametrize(
    ("model", "shape"),
    [(nn.Neuron(3), (1, 3)), (nn.Layer(2, 5), (5, 2)), (nn.Linear(4, 2), (2, 4))],
)
def test_a_single_layer_is_a_model_of_one_part(model: Module, shape: tuple[int, int]) -> None:
    [part] = parts(model)
    assert part["weight"].shape == shape
    assert part["bias"].shape == shape[:1]


def test_of_a_model_with_an_order_of_its_own_the_parts_are_whole() -> None:
    wiring = Own().wiring()
    assert not wiring["in_order"]
    assert [(part["name"], part["parameters"]) for part in wiring["parts"]] == [("second", 4), ("first", 9), ("", 4)]
    assert [part["title"] for part in wiring["parts"]][1:] == ["Sequential(…)", "Own itself"]


def test_a_subclass_of_sequential_that_runs_otherwise_has_an_order_of_its_own() -> None:
    class Residual(nn.Sequential):
        def forward(self, x: Any) -> Any:
            return x + super().forward(x)

    assert not Residual(nn.Linear(2, 2)).wiring()["in_order"]
    [part] = parts(nn.Sequential(Residual(nn.Linear(2, 2))))
    assert (part["title"], part["parameters"]) == ("Residual(…)", 6)


def test_a_model_without_parts_or_parameters_has_a_name_all_the_same() -> None:
    assert nn.Sequential().wiring() == {"model": "Sequential()", "parts": [], "in_order": True}
    assert parts(nn.Flatten())[0] == {"name": "", "title": repr(nn.Flatten()), "parameters": 0}
