"""Neuron, Layer and MLP: micrograd's numbers from the same seed, and the same as their twin over Tensors."""

import random
from typing import Any

import micrograd.nn
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Tensor, Value, topological_order
from autograd.testing import check_gradients

SIZES = st.lists(st.integers(1, 5), min_size=1, max_size=3)
ACTIVATIONS = ["relu", "tanh", "sigmoid", "gelu", "sin", None]


def test_weights_losses_and_steps_are_micrograd_s_from_the_same_random_seed() -> None:
    random.seed(1337)
    theirs = micrograd.nn.MLP(3, [4, 4, 1])
    random.seed(1337)
    ours = nn.MLP(3, [4, 4, 1])
    assert [p.data for p in ours.parameters()] == [p.data for p in theirs.parameters()]
    rng = np.random.default_rng(0)
    xs, ys = rng.normal(size=(12, 3)).tolist(), rng.choice([-1.0, 1.0], 12).tolist()

    def loss(model: Any) -> Any:
        losses = [(1.0 + -y * model(x)).relu() for x, y in zip(xs, ys, strict=True)]
        return sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())

    for _ in range(20):
        found, expected = loss(ours), loss(theirs)
        assert found.data == pytest.approx(expected.data, rel=1e-12)
        for model, result in ((ours, found), (theirs, expected)):
            model.zero_grad()
            result.backward()
            for parameter in model.parameters():
                parameter.data -= 0.1 * parameter.grad
    assert [p.data for p in ours.parameters()] == pytest.approx(
        [p.data for p in theirs.parameters()], rel=1e-9, abs=1e-12
    )


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 4), SIZES, st.integers(1, 5), st.sampled_from(ACTIVATIONS), st.integers(0, 99))
def test_an_mlp_and_its_twin_give_the_same_loss_and_gradients(
    nin: int, nouts: list[int], rows: int, activation: Any, seed: int
) -> None:
    model = nn.MLP(nin, nouts, activation, rng=seed)
    twin = model.twin()
    rng = np.random.default_rng(seed)
    x, targets = rng.normal(size=(rows, nin)), rng.normal(size=(rows, nouts[-1]))
    losses = [nn.MSELoss()(each(x), targets) for each in (model, twin)]
    assert losses[0].item() == pytest.approx(losses[1].item(), rel=1e-12, abs=1e-14)
    for loss in losses:
        loss.backward()
    linear = [module for module in twin.modules() if isinstance(module, nn.Linear)]
    for layer, over_tensors in zip(model.layers, linear, strict=True):
        weights = np.array([[w.grad for w in neuron.w] for neuron in layer.neurons])
        np.testing.assert_allclose(over_tensors.weight.grad, weights, rtol=1e-9, atol=1e-12)
        biases = np.array([neuron.b.grad for neuron in layer.neurons])
        np.testing.assert_allclose(over_tensors.bias.grad, biases, rtol=1e-9, atol=1e-12)


def test_a_twin_has_numbers_of_its_own() -> None:
    model = nn.MLP(2, [3, 1], rng=0)
    twin = model.twin()
    twin.parameters()[0].data = np.zeros((3, 2))
    assert all(w.data for w in model.layers[0].neurons[0].w)
    assert repr(twin[1]) == "ReLU()"
    assert {p.dtype for p in twin.parameters()} == {np.dtype(float)}


def test_a_neuron_is_a_product_a_sum_and_an_activation() -> None:
    neuron = nn.Neuron(2, "tanh", rng=0)
    x = [0.5, -2.0]
    expected = np.tanh(neuron.w[0].data * 0.5 - neuron.w[1].data * 2.0 + neuron.b.data)
    assert neuron(x).data == pytest.approx(expected, rel=1e-15)
    assert [n.op.name for n in topological_order(nn.Neuron(2, None, rng=0)(x)) if n.op] == ["dot", "add"]
    assert nn.Neuron(2, lambda total: total * 0.0, rng=0)(x).data == 0.0


def test_the_gradients_of_an_mlp_are_right() -> None:
    model = nn.MLP(2, [3, 2], "tanh", rng=0)
    report = check_gradients(lambda x: model(x), [0.5, -1.0])
    assert report.verdicts == ["correct"]


def test_outputs_are_a_value_a_list_of_them_or_a_tensor_with_a_row_for_each_sample() -> None:
    one, two = nn.MLP(2, [3, 1], rng=0), nn.MLP(2, [3, 2], rng=0)
    x = np.array([[1.0, 2.0], [-1.0, 0.5], [0.0, 0.0]])
    assert isinstance(one([1.0, 2.0]), Value)
    assert [type(y) for y in two([1.0, 2.0])] == [Value, Value]
    assert one(x).data.tolist() == [[one(row).data] for row in x.tolist()]
    assert two(x).data.tolist() == [[y.data for y in two(row)] for row in x.tolist()]
    assert isinstance(one([Value(1.0), Value(2.0)]), Value)
    assert nn.MLP(1, [1, 1], rng=0)(2.0).data == nn.MLP(1, [1, 1], rng=0)([2.0]).data


def test_weights_follow_from_a_generator_a_seed_a_surrounding_seed_or_python_s_random() -> None:
    def weights(rng: Any) -> list[float]:
        return [p.data for p in nn.MLP(2, [3, 1], rng=rng).parameters()]

    assert weights(3) == weights(np.random.default_rng(3)) != weights(4)
    with nn.seed(5):
        first = weights(None)
    random.seed(0)
    with nn.seed(5):
        assert weights(None) == first
    random.seed(1)
    again = weights(None)
    random.seed(1)
    assert weights(None) == again != first
    assert max(map(abs, weights(0))) < 1.0
    assert [neuron.b.data for neuron in nn.Layer(2, 3).neurons] == [0.0] * 3


def test_an_activation_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no operation is called 'rleu'"):
        nn.MLP(2, [3, 1], "rleu")


def test_sizes_that_make_no_network_are_refused() -> None:
    for sizes, message in (
        ((2, [3, 0]), "Layer: nout must be at least 1, got 0"),
        ((0, [3, 1]), "Neuron: nin must be at least 1, got 0"),
    ):
        with pytest.raises(ValueError, match=message):
            nn.MLP(*sizes)
    nothing: Any
    for nothing in ([], 4):
        with pytest.raises(TypeError, match=r"MLP: nouts is a list of .* such as \[16, 1\], got"):
            nn.MLP(2, nothing)


def test_sizes_and_the_activation_are_shown() -> None:
    assert repr(nn.MLP(2, [16, 16, 1], autograd.tanh)) == "MLP(2, [16, 16, 1], tanh)"
    assert repr(nn.MLP(2, [4, 1]).layers) == "[Layer(2, 4, relu), Layer(4, 1, linear)]"


def test_the_wrong_number_of_inputs_is_refused() -> None:
    for x in ([1.0, 2.0, 3.0], np.zeros((5, 3)), [[1.0, 2.0, 3.0]]):
        with pytest.raises(ValueError, match=r"Neuron\(2, relu\): expected 2 inputs, got 3"):
            nn.MLP(2, [4, 1])(x)


def test_tensors_are_for_the_twin() -> None:
    with pytest.raises(TypeError, match=r"MLP\(2, \[4, 1\], relu\) is over Values: its twin\(\)"):
        nn.MLP(2, [4, 1])(Tensor(np.zeros((5, 2))))
