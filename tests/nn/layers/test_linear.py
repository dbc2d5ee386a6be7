"""Linear: one node, which begins as in PyTorch."""

import numpy as np

import nn
from autograd import Tensor, no_grad, topological_order

X = np.random.default_rng(0).normal(3.0, 2.0, size=(8, 3))


def test_linear_begins_as_in_pytorch() -> None:
    weight, bias = nn.Linear(100, 400, rng=0).parameters()
    for parameter in (weight, bias):
        assert 0.099 < np.abs(parameter.data).max() <= 0.1
        assert abs(parameter.data.std() - 0.1 / np.sqrt(3.0)) < 0.005


def test_a_linear_layer_is_one_node() -> None:
    out = nn.Linear(3, 2)(X)
    assert [node.op.name for node in topological_order(out) if node.op] == ["linear"]


def test_under_no_grad_nothing_is_recorded() -> None:
    model = nn.Sequential(nn.Linear(3, 2), nn.ReLU())
    with no_grad():
        out = model(Tensor(X))
    assert out.parents == ()
