"""Every layer with an input, written once for this library and for PyTorch, whose names are the same."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import nn
from autograd import Tensor

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Sample:
    """`make(nn)` or `make(torch.nn)` is the layer; `shape` is that of its input, or `indices` are."""

    make: Callable[[Any], Any]
    shape: tuple[int, ...] = ()
    indices: tuple[Any, ...] = ()

    def layer(self) -> nn.Module:
        """The layer in float64, with weights that no symmetry is in."""
        with nn.seed(0):
            layer: nn.Module = self.make(nn).double()
        rng = np.random.default_rng(1)
        for parameter in layer.parameters():
            parameter.data = rng.uniform(-1.0, 1.0, parameter.shape)
        return layer

    def input(self) -> Array:
        """The input: numbers, or indices."""
        if self.indices:
            return np.array(self.indices)
        return np.random.default_rng(2).uniform(-2.0, 2.0, self.shape)


ACTIVATIONS = [
    "CELU", "ELU", "GELU", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh", "LeakyReLU", "LogSigmoid", "Mish",
    "ReLU", "ReLU6", "SELU", "SiLU", "Sigmoid", "Softplus", "Softshrink", "Softsign", "Tanh", "Tanhshrink",
]  # fmt: skip
SAMPLES = {
    "Linear": Sample(lambda nn: nn.Linear(3, 2), (5, 3)),
    "Linear of one sample": Sample(lambda nn: nn.Linear(3, 2), (3,)),
    "Linear of many axes, no bias": Sample(lambda nn: nn.Linear(3, 2, bias=False), (2, 4, 3)),
    "Sequential": Sample(lambda nn: nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), (5, 3)),
    "Flatten": Sample(lambda nn: nn.Flatten(), (2, 3, 4)),
    "Flatten some axes": Sample(lambda nn: nn.Flatten(0, -2), (2, 3, 4)),
    "BatchNorm1d": Sample(lambda nn: nn.BatchNorm1d(3), (5, 3)),
    "BatchNorm1d of sequences": Sample(lambda nn: nn.BatchNorm1d(3, eps=0.01, momentum=0.3), (4, 3, 2)),
    "BatchNorm1d, not affine": Sample(lambda nn: nn.BatchNorm1d(3, affine=False), (5, 3)),
    "BatchNorm1d, untracked": Sample(lambda nn: nn.BatchNorm1d(3, track_running_stats=False), (5, 3)),
    "BatchNorm2d": Sample(lambda nn: nn.BatchNorm2d(2), (3, 2, 2, 2)),
    "LayerNorm": Sample(lambda nn: nn.LayerNorm(3), (5, 3)),
    "LayerNorm of two axes": Sample(lambda nn: nn.LayerNorm((4, 3), eps=0.01, bias=False), (2, 4, 3)),
    "LayerNorm, not affine": Sample(lambda nn: nn.LayerNorm(3, elementwise_affine=False), (5, 3)),
    "Embedding": Sample(lambda nn: nn.Embedding(4, 3), indices=((1, 0, 3), (3, 1, 1))),
    "Embedding with padding": Sample(lambda nn: nn.Embedding(4, 3, padding_idx=-1), indices=((1, 0, 3), (3, 1, 1))),
    "Conv2d": Sample(lambda nn: nn.Conv2d(2, 3, 3, padding=1), (2, 2, 4, 5)),
    "Conv2d of one image": Sample(lambda nn: nn.Conv2d(2, 3, 2, bias=False), (2, 4, 5)),
    "Conv2d in groups": Sample(lambda nn: nn.Conv2d(4, 2, (1, 2), (2, 1), (1, 0), (1, 2), groups=2), (2, 4, 4, 5)),
    "Conv2d, same": Sample(lambda nn: nn.Conv2d(1, 2, 3, padding="same"), (2, 1, 3, 3)),
    "MaxPool2d": Sample(lambda nn: nn.MaxPool2d(2, stride=1), (2, 2, 3, 4)),
    "MaxPool2d of one image": Sample(lambda nn: nn.MaxPool2d((2, 1), padding=(1, 0)), (2, 3, 4)),
    "AvgPool2d": Sample(lambda nn: nn.AvgPool2d(2, padding=1), (2, 2, 3, 4)),
    "AvgPool2d without padding": Sample(lambda nn: nn.AvgPool2d(2, 1, 1, count_include_pad=False), (2, 2, 3, 4)),
    "RNN": Sample(lambda nn: nn.RNN(3, 2), (5, 4, 3)),
    "RNN of one sequence": Sample(lambda nn: nn.RNN(3, 2, bias=False), (3, 3)),
    "RNN of one step": Sample(lambda nn: nn.RNN(3, 2, batch_first=True), (2, 1, 3)),
    "RNN, two layers both ways": Sample(lambda nn: nn.RNN(2, 1, 2, bidirectional=True), (3, 1, 2)),
    "LSTM": Sample(lambda nn: nn.LSTM(2, 1), (3, 2, 2)),
    "LSTM, two layers both ways": Sample(lambda nn: nn.LSTM(2, 1, 2, batch_first=True, bidirectional=True), (2, 3, 2)),
    "GRU": Sample(lambda nn: nn.GRU(2, 1), (3, 2, 2)),
    "GRU, two layers both ways": Sample(lambda nn: nn.GRU(2, 1, 2, batch_first=True, bidirectional=True), (2, 3, 2)),
    **{name: Sample(operator.methodcaller(name), (5, 3)) for name in ACTIVATIONS},
    "LeakyReLU, 0.2": Sample(lambda nn: nn.LeakyReLU(0.2), (5, 3)),
    "ELU, 0.5": Sample(lambda nn: nn.ELU(alpha=0.5), (5, 3)),
    "Softshrink, 0.25": Sample(lambda nn: nn.Softshrink(0.25), (5, 3)),
    "GELU by tanh": Sample(lambda nn: nn.GELU(approximate="tanh"), (5, 3)),
    "Softmax": Sample(lambda nn: nn.Softmax(dim=0), (5, 3)),
    "LogSoftmax": Sample(lambda nn: nn.LogSoftmax(dim=-1), (5, 3)),
}


def outputs(result: Any) -> list[Any]:
    """The Tensors that a layer gives: one, or those in the tuples of a recurrent layer."""
    return [each for part in result for each in outputs(part)] if isinstance(result, tuple) else [result]


def as_input(x: Array) -> Any:
    """A Tensor of numbers; indices as they are."""
    return Tensor(x) if x.dtype.kind == "f" else x
