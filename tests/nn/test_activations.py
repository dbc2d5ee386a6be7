"""activations gives what each layer gives, and leaves the model as it was."""

import numpy as np

import nn
from nn.activations import activations


def test_each_layer_s_outputs_are_those_of_the_layers_run_one_by_one() -> None:
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.ReLU(), nn.Sequential(nn.Dropout(0.5), nn.Linear(4, 2, rng=1)))
    x = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    found = activations(model, x)
    assert list(found) == ["0", "1", "2.0", "2.1"]
    hidden = np.maximum(x @ model[0].weight.data.T + model[0].bias.data, 0.0)
    np.testing.assert_allclose(found["1"], hidden, rtol=1e-6)
    np.testing.assert_array_equal(found["2.0"], found["1"])  # nothing is dropped
    assert all(module.training for module in model.modules())


def test_a_network_of_values_gives_a_row_for_each_sample() -> None:
    model = nn.MLP(2, [3, 1], rng=0)
    x = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.5]])
    found = activations(model, x)
    np.testing.assert_allclose(found["layers.1.neurons.0"], model(x).data[:, 0])
    assert {name: array.shape for name, array in found.items()} == {
        **{f"layers.0.neurons.{i}": (3,) for i in range(3)},
        "layers.1.neurons.0": (3,),
    }


def test_a_layer_that_runs_twice_gives_both_and_one_that_never_runs_nothing() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            self.act, self.idle, self.wide = nn.Tanh(), nn.ReLU(), nn.Linear(2, 3)

        def forward(self, x: object) -> object:
            return self.act(self.wide(self.act(x)))

    found = activations(Twice(), np.zeros((5, 2), np.float32))
    assert {name: array.shape for name, array in found.items()} == {"act": (5 * 2 + 5 * 3,), "wide": (5, 3)}


def test_a_recurrent_layer_gives_its_outputs() -> None:
    assert activations(nn.Sequential(nn.LSTM(3, 4)), np.zeros((7, 2, 3), np.float32))["0"].shape == (7, 2, 4)
