"""A model as people draw it, as plain data: columns of units, bars for what has no units of its own, and wires."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median_high
from typing import Any, Protocol, TypeAlias

import numpy as np

from autograd.numerals import count

MOST_UNITS = 16  # of a column that are drawn: the first and the last half of these
_FROM_TYPICAL_TO_STRONGEST = 3.0
_NO_ORDER = "The parts are in the order of the model's attributes; what its forward() does with them is not shown."

Array: TypeAlias = np.ndarray[Any, Any]


class Wired(Protocol):
    """What can be drawn as a network: a model that says what it consists of.

    `wiring()` gives a dict: the `model` in words, its `parts`, and whether data flows through these `in_order`. A part
    is a dict with a `name`. If it has units of its own, it has their `weight`, an array (outputs, inputs), their
    `bias`, an array or None, and an `activation`, its name or None. Any other has a `title`, and may have the number
    of its `parameters`; if it has an `activation`, it is one, which is written under the column before it.
    """

    def wiring(self) -> Mapping[str, Any]:
        """What the model consists of."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A circle: the number of a unit in its layer, and its bias if it has one."""

    index: int
    bias: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A layer: its name, how many units it has, in words too, those that are drawn, and its activation if any."""

    name: str
    size: str
    total: int
    units: tuple[Unit, ...]
    activation: str = ""

    @property
    def folded(self) -> int:
        """How many units are not drawn: those in the middle."""
        return self.total - len(self.units)


@dataclass(frozen=True, slots=True)
class Bar:
    """A part without units of its own: its name, what it is, and in words how many parameters it has, if any."""

    name: str
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Wire:
    """A weight: between two units, each told by the place of its column among the parts and its own place in that."""

    source: tuple[int, int]
    target: tuple[int, int]
    weight: float


@dataclass(frozen=True, slots=True)
class Network:
    """What a picture of a model shows; the caption says what was folded and if the order is a guess."""

    model: str
    parts: tuple[Column | Bar, ...]
    wires: tuple[Wire, ...]
    in_order: bool
    caption: tuple[str, ...]

    @property
    def strongest(self) -> float:
        """The size of weight that the strongest line stands for: the largest, but not many times a typical one."""
        sizes = [abs(wire.weight) for wire in self.wires if math.isfinite(wire.weight) and wire.weight != 0]
        return min(max(sizes), _FROM_TYPICAL_TO_STRONGEST * median_high(sizes)) if sizes else 1.0

    @property
    def not_finite(self) -> int:
        """How many of the weights and biases that are shown are not finite."""
        biases = [unit.bias for part in self.parts if isinstance(part, Column) for unit in part.units]
        numbers = [wire.weight for wire in self.wires] + [bias for bias in biases if bias is not None]
        return sum(not math.isfinite(x) for x in numbers)


def network(model: Wired) -> Network:
    """What the picture of a model shows.

    Raises ValueError, which names the part, for weights that are no array (outputs, inputs), or biases that do not fit.

    >>> class Perceptron:
    ...     def wiring(self):
    ...         part = {"name": "p", "weight": [[2.0, -1.0]], "bias": [0.5], "activation": "step"}
    ...         return {"model": "Perceptron", "parts": [part], "in_order": True}
    >>> shown = network(Perceptron())
    >>> [part.size for part in shown.parts], shown.parts[1].units, shown.wires[1]
    (['2 inputs', '1 unit'], (Unit(index=0, bias=0.5),), Wire(source=(0, 1), target=(1, 0), weight=-1.0))
    """
    told = model.wiring()
    parts: list[Column | Bar] = []
    wires: list[Wire] = []
    for part in told["parts"]:
        last = parts[-1] if parts else None
        if part.get("weight") is not None:
            wires += _layer(part, parts)
        elif "activation" in part and isinstance(last, Column) and not last.activation:
            parts[-1] = replace(last, activation=part["activation"])
        else:
            size = part.get("parameters", 0)
            parts.append(Bar(part["name"], part["title"], count(size, "parameter") if size else ""))
    if not parts:
        parts.append(Bar("", told["model"]))
    caption = [_what_was_folded(parts), "" if told["in_order"] else _NO_ORDER]
    return Network(told["model"], tuple(parts), tuple(wires), told["in_order"], tuple(filter(None, caption)))


def _layer(part: Mapping[str, Any], parts: list[Column | Bar]) -> list[Wire]:
    """Add the column of a layer, after one for its inputs unless the last column is that, and give its wires."""
    weight, bias = np.asarray(part["weight"], float), part["bias"]
    if weight.ndim != 2 or (bias is not None and np.shape(bias) != weight.shape[:1]):
        raise ValueError(
            f"draw: {part['name']}: expected a weight of shape (outputs, inputs) and a bias of shape (outputs,), got "
            f"{weight.shape} and {None if bias is None else np.shape(bias)}"
        )
    outputs, inputs = weight.shape
    columns = [i for i, each in enumerate(parts) if isinstance(each, Column)]
    source = parts[columns[-1]] if columns else None
    if not isinstance(source, Column) or source.total != inputs:
        name, noun = ("", "value") if parts else ("input", "input")
        source = Column(name, count(inputs, noun), inputs, tuple(map(Unit, _shown(inputs))))
        columns.append(len(parts))
        parts.append(source)
    units = tuple(Unit(i, None if bias is None else float(bias[i])) for i in _shown(outputs))
    parts.append(Column(part["name"], count(outputs, "unit"), outputs, units, part["activation"] or ""))
    return [
        Wire((columns[-1], i), (len(parts) - 1, j), float(weight[to.index, of.index]))
        for j, to in enumerate(units)
        for i, of in enumerate(source.units)
    ]


def _shown(total: int) -> Sequence[int]:
    """The units of a layer that are drawn."""
    if total <= MOST_UNITS:
        return range(total)
    half = MOST_UNITS // 2
    return [*range(half), *range(total - half, total)]


def _what_was_folded(parts: Sequence[Column | Bar]) -> str:
    folded = [part for part in parts if isinstance(part, Column) and part.folded]
    if not folded:
        return ""
    hidden = count(sum(column.folded for column in folded), "unit")
    return f"Folded: {hidden}. Of a long column the first and the last {MOST_UNITS // 2} are drawn, and their weights."
