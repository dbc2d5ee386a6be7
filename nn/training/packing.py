"""Nested state as a file can hold it: the arrays by name, and the rest as JSON."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.arguments import Array

_ARRAY = "$array"


def packed(state: Any) -> tuple[dict[str, Array], str]:
    """The arrays in nested dicts and lists, named by where they stand, and the rest as JSON, which has these names.

    >>> arrays, text = packed({"w": [np.zeros(2), 3], "big": 2**100})
    >>> arrays, text
    ({'w.0': array([0., 0.])}, '{"w": [{"$array": "w.0"}, 3], "big": 1267650600228229401496703205376}')
    >>> unpacked(arrays, text)
    {'w': [array([0., 0.]), 3], 'big': 1267650600228229401496703205376}

    Raises TypeError, which says where, for what is none of these.
    """
    arrays: dict[str, Array] = {}
    return arrays, json.dumps(_packed(state, "", arrays))


def _packed(state: Any, path: str, arrays: dict[str, Array]) -> Any:
    inner = f"{path}." if path else ""
    if isinstance(state, np.ndarray):
        name = path
        while name in arrays:  # {"a.b": …} beside {"a": {"b": …}}
            name += "'"
        arrays[name] = state
        return {_ARRAY: name}
    if isinstance(state, dict):
        for key in state:
            if not isinstance(key, str) or key == _ARRAY:
                raise TypeError(f"the keys of {path or 'a state'} are to be strings, not {_ARRAY!r}; got {key!r:.60}")
        return {key: _packed(x, f"{inner}{key}", arrays) for key, x in state.items()}
    if isinstance(state, (list, tuple)):
        return [_packed(x, f"{inner}{i}", arrays) for i, x in enumerate(state)]
    state = state.item() if isinstance(state, np.generic) else state
    if not (state is None or isinstance(state, (bool, int, float, str))):
        kinds = "arrays, numbers, strings, None, and dicts and lists of them"
        raise TypeError(f"{path} is a {type(state).__name__}: a state holds {kinds}")
    return state


def unpacked(arrays: Mapping[str, Array], text: str) -> Any:
    """What was packed. Raises ValueError for a text that is no JSON or names an array that there is not."""
    return _unpacked(json.loads(text), arrays)


def _unpacked(state: Any, arrays: Mapping[str, Array]) -> Any:
    if isinstance(state, dict):
        name = state.get(_ARRAY)
        if not isinstance(name, str):
            return {key: _unpacked(x, arrays) for key, x in state.items()}
        if name not in arrays:
            raise ValueError(f"the array {name!r} is missing")
        return arrays[name]
    return [_unpacked(x, arrays) for x in state] if isinstance(state, list) else state
