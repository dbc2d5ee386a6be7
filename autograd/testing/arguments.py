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
from autograd.testing.program import Program


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a function is given: numbers, Values, arrays of numbers, and lists, tuples and dicts of these.

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
    has_values: bool = False
    are_plain: bool = True
    """Whether no argument is a structure."""

    @classmethod
    def of(cls, f: Callable[..., Any], structures: Sequence[Any]) -> "Arguments":
        """The arguments that `f` is given. Raises TypeError for what is no number."""
        inputs = _parameter_names(f, len(structures))
        inputs = _told_apart([_label(x) or name for name, x in zip(inputs, structures, strict=True)])
        elements = [list(_elements(name, x)) for name, x in zip(inputs, structures, strict=True)]
        flat = [(name, _number(name, x), i) for i, each in enumerate(elements) for name, x in each]
        names, floats, owners = zip(*flat, strict=True) if flat else ((), (), ())
        has_values = any(isinstance(x, Node) for each in elements for _, x in each)
        are_plain = not any(isinstance(x, (list, tuple, dict, np.ndarray)) for x in structures)
        return cls(tuple(structures), tuple(inputs), names, floats, owners, has_values, are_plain)

    def rebuilt(self, numbers: Sequence[Any] | np.ndarray[Any, Any]) -> tuple[Any, ...]:
        """New arguments of the same structure that hold `numbers` in place of their own."""
        if self.are_plain:
            return tuple(numbers)
        start = 0

        def filled(x: Any) -> Any:
            nonlocal start
            end = start + (x.size if isinstance(x, np.ndarray) else 1)
            items, start = numbers[start:end], end
            if not isinstance(x, np.ndarray):
                return items[0]
            kind = object if len(items) and isinstance(items[0], Node) else None
            return np.array(items, kind).reshape(x.shape)

        return tuple(mapped(filled, structure) for structure in self.structures)


def flat_like(where: str, structure: Any, given: Any) -> list[Any]:
    """The numbers and Values of `given`, in the order of a structure that it is to be like: dicts by their keys.

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
    """The numbers, as floats, and the Values of a structure; `where` begins the message of a TypeError for all else."""
    return [x if isinstance(x, Node) else _number(name, x) for name, x in _elements(where, structure)]


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
    """Every number in a structure, with its name, in the order of `flatten`."""
    if isinstance(x, dict):
        for key, item in x.items():
            yield from _elements(f"{name}[{key!r}]", item)
    elif isinstance(x, (list, tuple)):
        for i, item in enumerate(x):
            yield from _elements(f"{name}[{i}]", item)
    elif isinstance(x, np.ndarray) and x.ndim:
        for index in np.ndindex(x.shape):
            yield f"{name}[{', '.join(map(str, index))}]", x[index]
    else:
        yield name, x


def _number(name: str, x: Any) -> float:
    return float(x.data) if isinstance(x, Node) else numbers.number(x, f"check_gradients, {name}")
