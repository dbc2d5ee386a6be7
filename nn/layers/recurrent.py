"""RNN, LSTM and GRU: layers that read a sequence step by step, and carry a state along."""

import math
from typing import Any, ClassVar

import numpy as np

import autograd
from autograd import sigmoid, tanh
from nn.arguments import whole_number
from nn.layers.inputs import fitting
from nn.layers.linear import drawn
from nn.module import Module
from nn.seeds import Rng, generator


class Recurrent(Module):
    """Layers of cells. A subclass says how a cell goes one step on, and of how many `gates` its numbers are.

    The input has the shape (L, N, input_size) for N sequences of L steps, with `batch_first` (N, L, input_size); or
    (L, input_size) for a single one. Called with it, and perhaps with the state to begin with, the module gives the
    outputs of all steps, in the layout of the input, and the last state of each layer: (num_layers, N, hidden_size).

    With `bidirectional` each layer has a second row of cells, which reads from the end; outputs stand side by side, and
    the states of the two follow each other. Weights, names and their order are PyTorch's; all are drawn evenly from
    -1/√hidden_size to 1/√hidden_size.
    """

    gates: ClassVar[int]
    states: ClassVar[int] = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        *,
        bias: bool = True,
        batch_first: bool = False,
        bidirectional: bool = False,
        dtype: Any = np.float32,
        rng: Rng = None,
    ) -> None:
        name = type(self).__name__
        self.input_size = whole_number(input_size, f"{name}: input_size", 1)
        self.hidden_size = whole_number(hidden_size, f"{name}: hidden_size", 1)
        self.num_layers = whole_number(num_layers, f"{name}: num_layers", 1)
        self.bias, self.batch_first, self.bidirectional = bias, batch_first, bidirectional
        rows, bound, rng = self.gates * hidden_size, 1.0 / math.sqrt(hidden_size), generator(rng)
        for suffixes in self._layers():
            for suffix in suffixes:
                for key, columns in (("ih", input_size), ("hh", hidden_size)):
                    setattr(self, f"weight_{key}{suffix}", drawn((rows, columns), bound, dtype, rng))
                for key in ("ih", "hh") if bias else ():
                    setattr(self, f"bias_{key}{suffix}", drawn((rows,), bound, dtype, rng))
            input_size = len(suffixes) * hidden_size

    def _layers(self) -> list[list[str]]:
        """For each layer what the names of its parameters end with: for each direction in which it reads."""
        directions = ["", "_reverse"] if self.bidirectional else [""]
        return [[f"_l{layer}{direction}" for direction in directions] for layer in range(self.num_layers)]

    def cell(self, x: Any, hidden: Any, *state: Any) -> tuple[Any, ...]:
        """The state after a step; its first part is the output.

        `x` is the step's input times weight_ih, `hidden` the last output times weight_hh, each with its bias added: the
        gates side by side.
        """
        raise NotImplementedError

    def forward(self, x: Any, state: Any = None) -> tuple[Any, Any]:
        """The outputs of all steps, and the last state: h or, of an LSTM, (h, c)."""
        n, length = self.input_size, ("N", "L") if self.batch_first else ("L", "N")
        x = fitting(self, x, (*length, n), ("L", n))
        is_batch_first = self.batch_first and len(x.shape) == 3
        if is_batch_first:
            x = x.swapaxes(0, 1)
        if not len(x):
            raise ValueError(f"{self}: expected at least one step, got the shape {x.shape}")
        states = iter(self._first_states(state, x.shape[1:-1]))
        last = []
        for suffixes in self._layers():
            outputs = []
            for suffix in suffixes:
                steps, end = self._read(x, suffix, next(states))
                outputs.append(autograd.stack(steps))
                last.append(end)
            x = outputs[0] if len(outputs) == 1 else autograd.concatenate(outputs, axis=-1)
        ends = tuple(autograd.stack(parts) for parts in zip(*last, strict=True))
        return x.swapaxes(0, 1) if is_batch_first else x, ends if self.states > 1 else ends[0]

    def _first_states(self, state: Any, batch: tuple[int, ...]) -> list[tuple[Any, ...]]:
        """For each layer and direction the state that it begins with: zeros, or what is given."""
        count = sum(map(len, self._layers()))
        shape = (count, *batch, self.hidden_size)
        if state is None:
            return [(np.zeros(shape[1:]),) * self.states] * count
        parts = state if self.states > 1 else (state,)
        if not isinstance(parts, tuple) or len(parts) != self.states:
            raise ValueError(f"{self}: expected the state as a pair (h, c), got {type(state).__name__}")
        given = [fitting(self, part, shape) for part in parts]
        return [tuple(part[i] for part in given) for i in range(count)]

    def _read(self, x: Any, suffix: str, state: tuple[Any, ...]) -> tuple[list[Any], tuple[Any, ...]]:
        """The outputs of a row of cells in the order of the steps, and its last state."""
        weight_ih, weight_hh, bias_ih, bias_hh = (
            getattr(self, f"{key}{suffix}", None) for key in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        steps = list(autograd.linear(x, weight_ih, bias_ih))  # one product for all steps
        order = -1 if suffix.endswith("_reverse") else 1
        outputs = []
        for step in steps[::order]:
            state = self.cell(step, autograd.linear(state[0], weight_hh, bias_hh), *state)
            outputs.append(state[0])
        return outputs[::order], state

    def extra_repr(self) -> str:
        """The sizes, and the settings that are not the usual ones."""
        usual = {"num_layers": 1, "bias": True, "batch_first": False, "bidirectional": False}
        settings = [f", {name}={getattr(self, name)}" for name, x in usual.items() if getattr(self, name) != x]
        return f"{self.input_size}, {self.hidden_size}{''.join(settings)}"


class RNN(Recurrent):
    """The plain recurrent network of Elman, Finding structure in time (1990). See `Recurrent` for shapes and settings.

    >>> layer = RNN(3, 4)
    >>> outputs, last = layer(np.zeros((7, 5, 3)))
    >>> outputs.shape, last.shape
    ((7, 5, 4), (1, 5, 4))
    """

    gates = 1

    def cell(self, x: Any, hidden: Any, *state: Any) -> tuple[Any, ...]:
        """The hidden state after a step."""
        return (tanh(x + hidden),)


class LSTM(Recurrent):
    """Hochreiter and Schmidhuber, Long Short-Term Memory (1997). Its state is a pair (h, c). See `Recurrent`.

    >>> outputs, (h, c) = LSTM(3, 4)(np.zeros((7, 5, 3)))
    >>> outputs.shape, h.shape, c.shape
    ((7, 5, 4), (1, 5, 4), (1, 5, 4))
    """

    gates = 4
    states = 2

    def cell(self, x: Any, hidden: Any, *state: Any) -> tuple[Any, ...]:
        """The hidden state and the cell's memory after a step."""
        _, c = state
        take, forget, new, show = autograd.split(x + hidden, 4, axis=-1)
        c = sigmoid(forget) * c + sigmoid(take) * tanh(new)
        return sigmoid(show) * tanh(c), c


class GRU(Recurrent):
    """Cho et al., Learning Phrase Representations using RNN Encoder-Decoder (2014). See `Recurrent`.

    >>> outputs, last = GRU(3, 4, batch_first=True)(np.zeros((5, 7, 3)))
    >>> outputs.shape, last.shape
    ((5, 7, 4), (1, 5, 4))
    """

    gates = 3

    def cell(self, x: Any, hidden: Any, *state: Any) -> tuple[Any, ...]:
        """The hidden state after a step."""
        [h] = state
        x_gates, x_new = autograd.split(x, [2 * self.hidden_size], axis=-1)
        h_gates, h_new = autograd.split(hidden, [2 * self.hidden_size], axis=-1)
        reset, keep = autograd.split(sigmoid(x_gates + h_gates), 2, axis=-1)
        new = tanh(x_new + reset * h_new)
        return (new + keep * (h - new),)
