"""The attributes of a module as a tree: lists, tuples and dicts in it are gone into."""

import operator
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def leaves(name: str, x: Any) -> Iterator[tuple[str, Any]]:
    """(name, object) for each object in `x` that is no list, tuple or dict: the second item of `x` is `name.1`.

    >>> list(leaves("layers", [1, {"a": 2}]))
    [('layers.0', 1), ('layers.1.a', 2)]
    """
    items: Iterable[tuple[Any, Any]]
    if isinstance(x, (list, tuple)):
        items = enumerate(x)
    elif isinstance(x, dict):
        items = x.items()
    else:
        yield name, x
        return
    for key, item in items:
        yield from leaves(f"{name}.{key}", item)


def exchanged(x: Any, new: Mapping[int, Any]) -> Any:
    """`x` with each object in it whose id is in `new` exchanged for that there; lists and dicts are changed in place.

    >>> old = "weight"
    >>> exchanged([1, {"a": old}], {id(old): "bias"})
    [1, {'a': 'bias'}]
    """
    if isinstance(x, list):
        x[:] = [exchanged(item, new) for item in x]
    elif isinstance(x, dict):
        x.update({key: exchanged(item, new) for key, item in x.items()})
    elif isinstance(x, tuple):
        items = [exchanged(item, new) for item in x]
        if all(map(operator.is_, items, x)):
            return x
        return x._make(items) if hasattr(x, "_make") else tuple(items)  # a named tuple has that
    return new.get(id(x), x)
