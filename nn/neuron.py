"""Neuron, Layer and MLP over Values: networks of single numbers, each a few lines."""

import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

import autograd
from autograd import Tensor, Value
from nn.arguments import whole_number
from nn.layers import Linear, Sequential, activation_module
from nn.layers.activation import function_of, name_of
from nn.module import Module
from nn.seeds import Rng, generator, is_seeded
from nn.wiring import in_order

Activation: TypeAlias = Callable[[Any], Any] | str | None
"""A function of one number, such as `autograd.tanh`, its name, or None for the number itself."""


class Neuron(Module):
    """activation(w · x + b): a dot product, a sum and an activation.

    Weights are drawn from -1 to 1 and the bias is 0, as in micrograd; without `rng`, by Python's `random`, so that
    `random.seed(n)` decides them.

    >>> neuron = Neuron(2, "tanh", rng=0)
    >>> neuron
    Neuron(2, tanh)
    >>> [node.op.name for node in autograd.topological_order(neuron([1.0, -2.0])) if node.op]
    ['dot', 'add', 'tanh']
    """

    def __init__(self, nin: int, activation: Activation = "relu", rng: Rng = None) -> None:
        uniform = random.uniform if rng is None and not is_seeded() else generator(rng).uniform
        self.w = [Value(uniform(-1.0, 1.0)) for _ in range(whole_number(nin, "Neuron: nin", 1))]
        self.b = Value(0.0)
        self.activation = None if activation is None else function_of(activation)

    def forward(self, x: Sequence[Any]) -> Any:
        """The neuron's output for its inputs, numbers or Values."""
        if len(x) != len(self.w):
            raise ValueError(f"{self}: expected {len(self.w)} inputs, got {len(x)}")
        total = autograd.dot(self.w, x) + self.b
        return self.activation(total) if self.activation else total

    def units(self) -> dict[str, Any]:
        """A unit by itself."""
        return _units([self])

    def extra_repr(self) -> str:
        """The number of inputs, and the activation."""
        return f"{len(self.w)}, {_name(self.activation)}"


class Layer(Module):
    """Neurons that have the same inputs. Gives a list of their outputs, or the output if there is but one."""

    def __init__(self, nin: int, nout: int, activation: Activation = "relu", rng: Rng = None) -> None:
        rng = rng if rng is None else generator(rng)
        self.neurons = [Neuron(nin, activation, rng) for _ in range(whole_number(nout, "Layer: nout", 1))]

    def forward(self, x: Sequence[Any]) -> Any:
        """The output of each neuron."""
        out = [neuron(x) for neuron in self.neurons]
        return out[0] if len(out) == 1 else out

    def units(self) -> dict[str, Any]:
        """Every neuron is a unit."""
        return _units(self.neurons)

    def __repr__(self) -> str:
        first = self.neurons[0]
        return f"Layer({len(first.w)}, {len(self.neurons)}, {_name(first.activation)})"


class MLP(Module):
    """A multilayer perceptron: layers of neurons, `activation` after each but the last.

    It takes the numbers of one sample and gives a Value, or a list of them; or an array with a sample in each row, for
    which it gives a Tensor of shape (samples, outputs).

    >>> model = MLP(2, [16, 16, 1], rng=0)
    >>> model, len(model.parameters())
    (MLP(2, [16, 16, 1], relu), 337)
    >>> model([1.0, -2.0])
    Value(..., op=add)
    >>> model(np.zeros((5, 2))).shape
    (5, 1)
    """

    def __init__(self, nin: int, nouts: Sequence[int], activation: Activation = "relu", rng: Rng = None) -> None:
        if not isinstance(nouts, (list, tuple)) or not nouts:
            raise TypeError(
                f"MLP: nouts is a list of the layers' numbers of outputs, such as [16, 1], got {nouts!r:.60}"
            )
        rng = rng if rng is None else generator(rng)
        sizes = list(pairwise([nin, *nouts]))
        self.layers = [Layer(a, b, activation, rng) for a, b in sizes[:-1]] + [Layer(*sizes[-1], None, rng)]

    @in_order
    def forward(self, x: Any) -> Any:
        """The outputs for a sample, or for each row of an array."""
        if isinstance(x, Tensor):
            raise TypeError(f"{self} is over Values: its twin() is the same network for Tensors")
        if isinstance(x, np.ndarray):
            x = x.tolist()
        if isinstance(x, (list, tuple)) and x and isinstance(x[0], (list, tuple)):
            return _stacked([self._outputs(row) for row in x])
        return self._outputs(x)

    def _outputs(self, x: Any) -> Any:
        for layer in self.layers:
            x = layer(x if isinstance(x, (list, tuple)) else [x])  # a layer of one neuron gives no list
        return x

    def twin(self) -> Sequential:
        """The same network over Tensors, with the same weights, as a `Sequential` of `Linear` layers.

        >>> MLP(2, [4, 1], rng=0).twin()
        Sequential(
          (0): Linear(in_features=2, out_features=4, bias=True)
          (1): ReLU()
          (2): Linear(in_features=4, out_features=1, bias=True)
        )
        """
        modules: list[Module] = []
        for layer in self.layers:
            units = layer.units()
            linear = Linear(*units["weight"].shape[::-1], dtype=np.float64)
            linear.weight.data, linear.bias.data = units["weight"], units["bias"]
            modules.append(linear)
            if layer.neurons[0].activation:
                modules.append(activation_module(layer.neurons[0].activation))
        return Sequential(*modules)

    def __repr__(self) -> str:
        sizes = [len(layer.neurons) for layer in self.layers]
        return f"MLP({len(self.layers[0].neurons[0].w)}, {sizes}, {_name(self.layers[0].neurons[0].activation)})"


def _units(neurons: Sequence[Neuron]) -> dict[str, Any]:
    """The numbers of neurons with the same inputs, as arrays."""
    return {
        "weight": np.array([[w.data for w in neuron.w] for neuron in neurons]),
        "bias": np.array([neuron.b.data for neuron in neurons]),
        "activation": _name(neurons[0].activation),
    }


def _name(activation: Callable[[Any], Any] | None) -> str:
    return "linear" if activation is None else name_of(activation)


def _stacked(outputs: Sequence[Any]) -> Any:
    """The outputs of several samples as the rows of a Tensor."""
    rows = [row if isinstance(row, list) else [row] for row in outputs]
    return autograd.stack([x for row in rows for x in row]).reshape(len(rows), -1)
