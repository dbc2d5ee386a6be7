"""Arguments of a function, numbers in any nesting: as one flat list with a name for each number, and back."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import numbers
from autograd.labels import display
from autograd.node import Node
from autograd.op import Op
from autograd.structure import mapped
from autograd.tensor import Tensor
from autograd.testing.program import Program
from autograd.value import Value

Point = Sequence[float] | np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a function is given: numbers, Values, arrays of numbers, Tensors, and lists, tuples and dicts of these.

    >>> given = Arguments.of(lambda x, w: ..., (2.0, [1, 3]))
    >>> given.names, given.numbers, given.owners
    (('x', 'w[0]', 'w[1]'), (2.0, 1.0, 3.0), (0, 1, 1))
    >>> given.rebuilt([5.0, 6.0, 7.0])
    (5.0, [6.0, 7.0])
    """

    structures: tuple[Any, ...]
    inputs: tuple[str, ...]
    """The names of the arguments."""
    names: tuple[str, ...]
    """The name of each number: `x`, `w[1]`, `model['w'][0, 2]`."""
    numbers: tuple[float, ...]
    owners: tuple[int, ...]
    """The argument that each number belongs to, by its position."""
    parts: tuple[tuple[str, Tensor | None], ...]
    """What the numbers are handed out in, by name: each by itself, but those of a Tensor together."""
    has_values: bool = False
    are_plain: bool = True
    """Whether no argument is a structure."""

    @classmethod
    def of(cls, f: Callable[..., Any], structures: Sequence[Any]) -> "Arguments":
        """The arguments that `f` is given. Raises TypeError for what is no number."""
        inputs = _parameter_names(f, len(structures))
        return cls.named(
            _told_apart([_label(x) or name for name, x in zip(inputs, structures, strict=True)]), structures
        )

    @classmethod
    def named(cls, inputs: Sequence[str], structures: Sequence[Any]) -> "Arguments":
        """The arguments of these names. Raises TypeError for what is no number."""
        elements = [list(_elements(name, x)) for name, x in zip(inputs, structures, strict=True)]
        flat = [
            (name, number, i) for i, each in enumerate(elements) for part in each for name, number in _numbers(*part)
        ]
        names, floats, owners = zip(*flat, strict=True) if flat else ((), (), ())
        parts = tuple((name, x if isinstance(x, Tensor) else None) for each in elements for name, x in each)
        has_values = any(isinstance(x, Value) for each in elements for _, x in each)
        are_plain = not any(isinstance(x, (list, tuple, dict, np.ndarray)) for x in structures)
        return cls(tuple(structures), tuple(inputs), names, floats, owners, parts, has_values, are_plain)

    def handed_out(self, point: Point, *, as_values: bool = False) -> list[Any]:
        """New numbers, those of a Tensor as a fresh Tensor of its dtype; the others as they are, or as fresh Values.

        No node holds complex numbers: they stay numbers, and in place of a Tensor there is an array of them.
        """
        is_complex, start, found = np.iscomplexobj(point), 0, []
        for name, tensor in self.parts:
            if tensor is None:
                x = point[start]
                found.append(Value(x, name) if as_values and not is_complex else x)
                start += 1
                continue
            array = np.reshape(point[start : start + tensor.size], tensor.shape)
            found.append(array if is_complex else Tensor(array, tensor.label or name, tensor.dtype))
            start += tensor.size
        return found

    def handed_out_as(self, column: int) -> str:
        """The label of the node that a number is handed out in."""
        labels = [
            label
            for name, tensor in self.parts
            for label in ([name] if tensor is None else [tensor.label or name] * tensor.size)
        ]
        return labels[column]

    def rebuilt(self, parts: Sequence[Any] | np.ndarray[Any, Any]) -> tuple[Any, ...]:
        """New arguments of the same structure, which hold `parts` in place of their own."""
        if self.are_plain:
            return tuple(parts)
        start = 0

        def filled(x: Any) -> Any:
            nonlocal start
            end = start + (x.size if isinstance(x, np.ndarray) else 1)
            items, start = parts[start:end], end
            if not isinstance(x, np.ndarray):
                return items[0]
            kind = object if len(items) and isinstance(items[0], Node) else None
            return np.array(items, kind).reshape(x.shape)

        return tuple(mapped(filled, structure) for structure in self.structures)


def flat_like(where: str, structure: Any, given: Any) -> list[Any]:
    """The numbers and nodes of `given`, in the order of a structure that it is to be like: dicts by their keys.

    Raises ValueError for other keys.

    >>> flat_like("gradient", {"w": 1.0, "b": 2.0}, {"b": 20.0, "w": 10.0})
    [10.0, 20.0]
    """
    if isinstance(structure, dict) and isinstance(given, dict):
        if structure.keys() != given.keys():
            raise ValueError(f"check_gradients: {where} has the keys {list(given)}, and not {list(structure)}")
        return [x for key, item in structure.items() for x in flat_like(f"{where}[{key!r}]", item, given[key])]
    if isinstance(structure, (list, tuple)) and isinstance(given, (list, tuple)) and len(structure) == len(given):
        pairs = enumerate(zip(structure, given, strict=True))
        return [x for i, (item, like) in pairs for x in flat_like(f"{where}[{i}]", item, like)]
    return flat_numbers(where, given)


def flat(structure: Any) -> list[Any]:
    """Whatever stands in a structure, in order.

    >>> flat([1.0, (np.array([2.0, 3.0]), {"b": 4j})])
    [1.0, np.float64(2.0), np.float64(3.0), 4j]
    """
    return [x for _, x in _elements("", structure)]


def flat_numbers(where: str, structure: Any) -> list[Any]:
    """The numbers, as floats, and the nodes of a structure; `where` begins the message of a TypeError for all else."""
    return [x if isinstance(x, Node) else _number(name, x) for name, x in _elements(where, structure)]


def numbers_of(x: Any) -> list[float]:
    """The numbers that a node holds; a number itself.

    >>> numbers_of(Tensor([[1.0, 2.0], [3.0, 4.0]])), numbers_of(Value(5.0)), numbers_of(6.0)
    ([1.0, 2.0, 3.0, 4.0], [5.0], [6.0])
    """
    if isinstance(x, Tensor):
        found: list[float] = x.data.ravel().tolist()
        return found
    return [float(x.data) if isinstance(x, Node) else x]


def element_names(name: str, x: Any) -> list[str]:
    """A name for each number that a node holds: `w[0, 2]` of a Tensor that has axes."""
    if not isinstance(x, Tensor) or not x.ndim:
        return [name]
    return [_at(name, index) for index in np.ndindex(x.shape)]


def _parameter_names(f: Callable[..., Any], count: int) -> list[str]:
    """What `f` calls its arguments; `x1`, `x2`, … where it does not say."""
    if isinstance(f, (Op, Program)):
        return list(f.operands if isinstance(f, Op) else f.inputs)[:count]
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):  # functions written in C need not tell
        parameters = []
    named = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)][:count]
    rest = range(len(named) + 1, count + 1)
    return named + [f"x{i}" if count > 1 else "x" for i in rest]


def _told_apart(names: list[str]) -> list[str]:
    """The names, the second of two alike as `x#2`."""
    return [f"{name}#{names[:i].count(name) + 1}" if name in names[:i] else name for i, name in enumerate(names)]


def _label(x: Any) -> str | None:
    return display(x.label) if isinstance(x, Node) and x.label else None


def _elements(name: str, x: Any) -> Iterator[tuple[str, Any]]:
    """Every number and node in a structure, with its name, in the order of `flatten`."""
    if isinstance(x, dict):
        for key, item in x.items():
            yield from _elements(f"{name}[{key!r}]", item)
    elif isinstance(x, (list, tuple)):
        for i, item in enumerate(x):
            yield from _elements(f"{name}[{i}]", item)
    elif isinstance(x, np.ndarray) and x.ndim:
        for index in np.ndindex(x.shape):
            yield _at(name, index), x[index]
    else:
        yield name, x


def _at(name: str, index: tuple[int, ...]) -> str:
    return f"{name}[{', '.join(map(str, index))}]"


def _numbers(name: str, x: Any) -> list[tuple[str, float]]:
    """What `_elements` gave, number by number."""
    if isinstance(x, Tensor):
        return list(zip(element_names(name, x), numbers_of(x), strict=True))
    return [(name, _number(name, x))]


def _number(name: str, x: Any) -> float:
    return float(x.data) if isinstance(x, Node) else numbers.number(x, f"check_gradients, {name}")
