"""Nested lists, tuples and dicts of numbers, as flat lists and back."""

from collections.abc import Callable, Iterator
from typing import Any


def flatten(structure: Any) -> list[Any]:
    """The numbers of a structure in order; a dict's in the order of its keys.

    >>> flatten([1.0, (2.0, {"b": 3.0})])
    [1.0, 2.0, 3.0]
    """
    return list(_leaves(structure))


def _leaves(structure: Any) -> Iterator[Any]:
    if isinstance(structure, dict):
        structure = list(structure.values())
    if isinstance(structure, (list, tuple)):
        for item in structure:
            yield from _leaves(item)
    else:
        yield structure


def mapped(function: Callable[[Any], Any], structure: Any) -> Any:
    """The structure with each of its numbers replaced by what `function` makes of it.

    >>> mapped(lambda x: 10 * x, {"w": [1, 2], "b": 3})
    {'w': [10, 20], 'b': 30}
    """
    if isinstance(structure, dict):
        return {key: mapped(function, item) for key, item in structure.items()}
    if isinstance(structure, tuple) and hasattr(structure, "_fields"):
        return type(structure)(*[mapped(function, item) for item in structure])
    if isinstance(structure, (list, tuple)):
        return type(structure)([mapped(function, item) for item in structure])
    return function(structure)


def rebuilt(structure: Any, numbers: list[Any]) -> Any:
    """A structure of the same shape that holds `numbers` in place of its own.

    >>> rebuilt([0, (0, 0)], [1.0, 2.0, 3.0])
    [1.0, (2.0, 3.0)]
    """
    remaining = iter(numbers)
    return mapped(lambda _: next(remaining), structure)


def paired(structure: Any, other: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    """Each number of a structure with its place and the number that stands there in the other structure.

    A list and a tuple may stand for each other. Raises TypeError, which names the place, where the two differ.

    >>> list(paired({"w": [1, 2]}, {"w": (3, 4)}, "model"))
    [("model['w'][0]", 1, 3), ("model['w'][1]", 2, 4)]
    """
    if not isinstance(structure, (list, tuple, dict)):
        if isinstance(other, (list, tuple, dict)):
            raise TypeError(f"{place} must be one number or array, got the {type(other).__name__} {other!r:.60}")
        yield place, structure, other
        return
    kinds = dict if isinstance(structure, dict) else (list, tuple)
    if not isinstance(other, kinds) or len(other) != len(structure):
        size = f"with the keys {list(structure)}" if isinstance(structure, dict) else f"of {len(structure)}"
        got = f"the {type(other).__name__} {other!r:.60}"
        raise TypeError(f"{place} must be a {type(structure).__name__} {size}, got {got}")
    for key in structure if isinstance(structure, dict) else range(len(structure)):
        if isinstance(other, dict) and key not in other:
            raise TypeError(f"{place} has the keys {list(other)}, and not {key!r}")
        yield from paired(structure[key], other[key], f"{place}[{key!r}]")
