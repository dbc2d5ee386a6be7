"""summary: the layers of a model, the shapes of what they give, and how many parameters they have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nn.activations import array_of_output, outputs_of_modules
from nn.arguments import Array
from nn.module import Module
from nn.neuron import Neuron
from nn.wiring import is_whole

BATCH = 2  # samples that are run through the model: more than one, so that a batch is told from other axes


@dataclass(frozen=True)
class Row:
    """A layer: the shape of what it gives for a batch of n samples, and its parameters, those that are trained too."""

    name: str
    layer: str
    shape: tuple[int | str, ...] | None
    parameters: int
    trained: int


@dataclass(frozen=True, repr=False)
class Summary:
    """The layers of a model, in the order of its attributes. Shown, it is a table."""

    rows: tuple[Row, ...]

    @property
    def parameters(self) -> int:
        """How many parameters the model has."""
        return sum(row.parameters for row in self.rows)

    @property
    def trained(self) -> int:
        """How many of them are trained: those that are not frozen."""
        return sum(row.trained for row in self.rows)

    def __repr__(self) -> str:
        cells = [("name", "layer", "output", "parameters")]
        for row in self.rows:
            shape = "—" if row.shape is None else " × ".join(map(str, row.shape)) or "a number"
            cells.append((row.name, row.layer, shape, f"{row.parameters:,}"))
        total = f"{self.parameters:,} parameters"
        if self.trained < self.parameters:
            total += f", of which {self.trained:,} are trained"
        return "\n".join([*_aligned(cells), total])


def summary(model: Module, inputs: Any = None) -> Summary:
    """The layers of `model`, with the shapes of what they give and the numbers of their parameters.

    The shapes are found by running the model, in which nothing changes, on `inputs`: a batch of samples, or the shape
    of one sample, such as `(1, 28, 28)`. Without it they are found if the model begins with a layer that knows how
    many numbers a sample has. A parameter that is shared is counted once, where it first stands.

    >>> import nn
    >>> nn.summary(nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Dropout(0.45), nn.Linear(256, 10)))
    name  layer                                                  output  parameters
    ───────────────────────────────────────────────────────────────────────────────
    0     Linear(in_features=784, out_features=256, bias=True)  n × 256     200,960
    1     ReLU()                                                n × 256           0
    2     Dropout(p=0.45)                                       n × 256           0
    3     Linear(in_features=256, out_features=10, bias=True)    n × 10       2,570
    203,530 parameters
    """
    batch = _batch(model, inputs)
    outputs = {} if batch is None else outputs_of_modules(model, batch)
    return Summary(tuple(_rows(model, {module: _shape(array_of_output(outs[0])) for module, outs in outputs.items()})))


def _rows(model: Module, shapes: dict[Module, Any]) -> Iterator[Row]:
    counted: set[int] = set()
    for name, module in _layers(model):
        found = module.parameters() if is_whole(module) else _own_parameters(module)
        new = [p for p in found if id(p) not in counted]
        counted.update(map(id, new))
        sizes = [(np.size(p.data), p.requires_grad) for p in new]
        everything, trained = sum(size for size, _ in sizes), sum(size for size, is_trained in sizes if is_trained)
        yield Row(name, _shown(module), shapes.get(module), everything, trained)


def _layers(model: Module) -> Iterator[tuple[str, Module]]:
    """The modules that have no others within them, or parameters of their own; a Layer of neurons is one."""
    within: str | None = None  # what the names of the parts of the latest whole begin with
    for name, module in model.named_modules():
        if within is not None and name.startswith(within):
            continue
        if is_whole(module):
            within = f"{name}." if name else ""
            yield name, module
        elif _own_parameters(module):
            yield name, module


def _own_parameters(module: Module) -> list[Any]:
    within = {id(p) for child in module.children() for p in child.parameters()}
    return [p for p in module.parameters() if id(p) not in within]


def _shown(module: Module) -> str:
    if is_whole(module):
        return repr(module)
    return f"{type(module).__name__}({module.extra_repr()})"


def _batch(model: Module, inputs: Any) -> Any:
    """What to run the model on: the inputs, or zeros of the shape that is told or that the first layer knows."""
    if inputs is None:
        first = next((module for module in model.modules() if _own_parameters(module)), model)
        size = _inputs_of(first)
        return None if size is None else np.zeros((BATCH, size))
    if isinstance(inputs, tuple):
        return np.zeros((BATCH, *inputs))
    return inputs


def _inputs_of(module: Module) -> int | None:
    return len(module.w) if isinstance(module, Neuron) else getattr(module, "in_features", None)


def _shape(array: Array) -> tuple[int | str, ...]:
    return ("n", *array.shape[1:]) if array.ndim > 1 and len(array) == BATCH else array.shape


def _aligned(cells: Sequence[tuple[str, str, str, str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        f"{name:<{widths[0]}}  {layer:<{widths[1]}}  {shape:>{widths[2]}}  {count:>{widths[3]}}"
        for name, layer, shape, count in cells
    ]
    return [lines[0], "─" * len(lines[0]), *lines[1:]]
