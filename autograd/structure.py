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
