"""What holds for every layer: right gradients, shapes that are checked, names, copies, and PyTorch's numbers."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import autograd
import nn
from autograd import Tensor, topological_order
from autograd.testing import check_gradients
from tests.nn.layers.samples import SAMPLES, Sample, as_input, outputs

every_layer = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)


def weighted(result: Any) -> Any:
    """A sum of all outputs in which each has a weight of its own."""
    found = outputs(result)
    return sum((each * np.cos(np.arange(each.size)).reshape(each.shape)).sum() for each in found)


def same(xs: list[Any], ys: list[Any]) -> bool:
    return all(np.array_equal(x.data, y.data) for x, y in zip(xs, ys, strict=True))


LEFT_OUT = {
    "Embedding with padding",  # a row of which is kept from its gradient
    "LSTM, two layers both ways", "GRU, two layers both ways",  # made of what the RNN of two layers is checked with
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SAMPLES.keys() - LEFT_OUT))
def test_the_gradients_in_the_inputs_and_parameters_are_right(name: str) -> None:
    layer, x = SAMPLES[name].layer(), SAMPLES[name].input()
    modules = dict(layer.named_modules())

    def loss(parameters: dict[str, Tensor], x: Any = x) -> Any:
        for name, parameter in parameters.items():
            owner, _, attribute = name.rpartition(".")
            setattr(modules[owner], attribute, parameter)
        return weighted(layer(x))

    inputs = [Tensor(x)] if x.dtype.kind == "f" else []
    report = check_gradients(loss, dict(layer.named_parameters()), *inputs)
    assert set(report.verdicts) == {"correct"}, report


@every_layer
def test_plain_arrays_and_lists_give_the_numbers_that_tensors_give(sample: Sample) -> None:
    layer, x = sample.layer(), sample.input()
    expected = outputs(layer(as_input(x)))
    for given in (x, x.tolist()):
        found = outputs(layer(given))
        assert same([autograd.stack([each]) for each in found], [autograd.stack([each]) for each in expected])


@every_layer
def test_layers_are_of_float32_unless_another_dtype_is_asked_for(sample: Sample) -> None:
    layer = sample.make(nn)
    assert {each.dtype for each in layer.parameters()} <= {np.dtype(np.float32)}
    if not layer.parameters():
        return
    x = sample.input()
    assert {each.dtype for each in outputs(layer(x))} == {np.dtype(np.float32)}
    assert {each.dtype for each in outputs(layer.double()(x))} == {np.dtype(np.float64)}
    assert {each.dtype for each in outputs(layer.float()(x))} == {np.dtype(np.float32)}


@every_layer
def test_a_state_goes_round_and_copies_and_pickles_compute_the_same(sample: Sample) -> None:
    layer, x = sample.layer(), sample.input()
    other = sample.make(nn).double()
    other.load_state_dict(layer.state_dict())
    for twin in (other, copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert repr(twin) == repr(layer)
        assert same(outputs(twin(as_input(x))), outputs(layer(as_input(x))))
        assert not {id(p) for p in twin.parameters()} & {id(p) for p in layer.parameters()}


@every_layer
def test_every_node_of_a_layer_carries_its_name(sample: Sample) -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            self.inner = sample.layer()

        def forward(self, x: Any) -> Any:
            return self.inner(x)

    x = as_input(sample.input())
    roots = [each for each in outputs(Model()(x)) if each is not x]
    made = [node for node in topological_order(*roots) if node.op is not None]
    assert made
    assert all(f"{node.scope}.".startswith("inner.") for node in made)


@every_layer
def test_the_same_seed_gives_the_same_layer(sample: Sample) -> None:
    layers = []
    for _ in range(2):
        with nn.seed(3):
            layers.append(sample.make(nn))
    first, second = (list(layer.state_dict().values()) for layer in layers)
    assert all(np.array_equal(x, y) for x, y in zip(first, second, strict=True))


@every_layer
def test_frozen_parameters_get_no_gradient_and_the_input_still_does(sample: Sample) -> None:
    layer, x = sample.layer(), as_input(sample.input())
    expected, unfrozen = outputs(layer(x)), len(layer.parameters())
    found = outputs(layer.requires_grad_(False)(x))
    assert same(found, expected)
    if isinstance(x, Tensor):
        weighted(tuple(found)).backward()
        assert x.grad is not None
    assert [p.grad for p in layer.parameters()] == [None] * unfrozen


@every_layer
def test_names_shapes_values_and_gradients_are_pytorch_s(sample: Sample) -> None:
    torch = of_one_thread()
    x, theirs = sample.input(), sample.make(torch.nn).double()
    ours = carried_over(sample, theirs)
    t = as_input(x)
    found = ours(t)
    u = torch.tensor(x, requires_grad=x.dtype.kind == "f")
    expected = theirs(u)
    for one, other in zip(outputs(found), outputs(expected), strict=True):
        np.testing.assert_allclose(one.data, other.detach().numpy(), rtol=1e-12, atol=1e-13)
    if not (ours.parameters() or isinstance(t, Tensor)):
        return
    weighted(found).backward()
    weights = [torch.tensor(np.cos(np.arange(each.numel())).reshape(each.shape)) for each in outputs(expected)]
    torch.autograd.backward(outputs(expected), weights)
    if isinstance(t, Tensor):
        np.testing.assert_allclose(t.grad, u.grad.numpy(), rtol=1e-7)  # its Hardsigmoid takes 1/6 in float32
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(one.grad, other.grad.numpy(), rtol=1e-10, atol=1e-12)
    for name, buffer in ours.named_buffers():
        np.testing.assert_allclose(buffer, dict(theirs.named_buffers())[name].numpy(), rtol=1e-12)


@every_layer
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_hundred_training_steps_end_where_pytorch_s_do(sample: Sample, dtype: str) -> None:
    torch = of_one_thread()
    x = sample.input()
    width = int(np.prod(outputs(sample.layer()(x))[0].shape[1:]))
    theirs = [each.to(getattr(torch, dtype)) for each in (sample.make(torch.nn), torch.nn.Linear(width, 1))]
    ours = [carried_over(sample, theirs[0]), nn.Linear(width, 1)]
    ours = [each.double() if dtype == "float64" else each.float() for each in ours]
    ours[1].load_state_dict(theirs[1].state_dict())
    x = x.astype(dtype) if x.dtype.kind == "f" else x

    def error(layers: list[Any], x: Any) -> Any:
        hidden = outputs(layers[0](x))[0]
        out = layers[1](hidden.reshape(hidden.shape[0], -1))
        return ((out - 0.5) * (out - 0.5)).mean()

    for _ in range(100):
        found, expected = error(ours, x), error(theirs, torch.tensor(x))
        for loss, layers in ((found, ours), (expected, theirs)):
            loss.backward()
            for parameter in [p for layer in layers for p in layer.parameters()]:
                parameter.data = parameter.data - 0.05 * parameter.grad
                parameter.grad = None
    tolerance = 1e-9 if dtype == "float64" else 2e-4
    np.testing.assert_allclose(found.item(), expected.item(), rtol=tolerance, atol=tolerance)
    for one, other in zip(ours, theirs, strict=True):
        for name, array in one.state_dict().items():
            expected_array = other.state_dict()[name].numpy()
            assert array.dtype == expected_array.dtype
            np.testing.assert_allclose(array, expected_array, rtol=tolerance, atol=tolerance)


def carried_over(sample: Sample, theirs: Any) -> nn.Module:
    """The layer with the state of PyTorch's, the names, shapes and order of which it must have."""
    ours: nn.Module = sample.make(nn).double()
    state = theirs.state_dict()
    assert {name: x.shape for name, x in ours.state_dict().items()} == {
        name: tuple(x.shape) for name, x in state.items()
    }
    assert list(ours.state_dict()) == list(state)
    ours.load_state_dict(state)
    return ours


def of_one_thread() -> Any:
    """PyTorch, if it is installed, about to draw the same weights each time."""
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    torch.manual_seed(0)
    return torch
