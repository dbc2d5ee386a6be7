"""The state of a module as arrays by name: copied out, and taken over whole or not at all."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from autograd import Tensor, Value
from nn.arguments import Array, numbers


def copied(x: Any) -> Array:
    """The numbers of a parameter or buffer, as an array of their own."""
    return numbers(x).copy()


def by_name(named: Iterable[tuple[str, Any]], where: str) -> dict[str, Any]:
    """Parameters and buffers by name. Raises ValueError if two have the same."""
    found: dict[str, Any] = {}
    for name, x in named:
        if found.setdefault(name, x) is not x:
            raise ValueError(f"{where}: two parts are called {name!r}: use other keys, or names without dots")
    return found


def converted(x: Any, dtype: Any) -> Any:
    """A parameter or buffer of floats in another dtype; what has no dtype, or one of whole numbers, as it is."""
    if isinstance(x, Tensor):
        return Tensor(x.data, x.label, dtype).requires_grad_(x.requires_grad)
    return x.astype(dtype) if isinstance(x, np.ndarray) and x.dtype.kind == "f" else x


def load(state: Mapping[str, Any], arrays: Mapping[str, Any], *, strict: bool, where: str) -> None:
    """Put `arrays` into the parameters and buffers of these names. Raises as `fitted` does, before one is changed."""
    for name, array in fitted(state, arrays, strict=strict, where=where).items():
        x = state[name]
        if isinstance(x, Tensor):
            x.data = array
        elif isinstance(x, Value):
            x.data = float(array)
        else:
            x[...] = array


def fitted(state: Mapping[str, Any], arrays: Mapping[str, Any], *, strict: bool, where: str) -> dict[str, Array]:
    """The `arrays` as they can be put into the parameters, buffers or arrays of these names.

    Raises ValueError for names that are missing or unknown, if `strict`, and for another shape, TypeError for what are
    no numbers.
    """
    if strict:
        _check_names(state, arrays, where)
    return {name: _fitting(x, arrays[name], f"{where}: {name}") for name, x in state.items() if name in arrays}


def _check_names(state: Mapping[str, Any], arrays: Mapping[str, Any], where: str) -> None:
    complaints = []
    for kind, names in (("missing", state.keys() - arrays.keys()), ("unknown", arrays.keys() - state.keys())):
        if names:
            complaints.append(
                f"{kind}: {', '.join(sorted(names)[:8])}{f' and {len(names) - 8} more' * (len(names) > 8)}"
            )
    if complaints:
        raise ValueError(f"{where}: {'; '.join(complaints)}; strict=False takes what there is")


def _fitting(x: Any, given: Any, where: str) -> Array:
    """What is given as an array that can be put in place of the numbers of `x`."""
    array = numbers(given)
    now = numbers(x)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{where}: expected real numbers, got an array of {array.dtype}")
    if array.shape != now.shape:
        raise ValueError(f"{where}: expected the shape {now.shape}, got {array.shape}")
    with np.errstate(all="ignore"):
        fitting = array.astype(now.dtype)
    kept = np.isfinite(fitting) == np.isfinite(array) if now.dtype.kind == "f" else fitting == array
    if not kept.all():
        raise ValueError(f"{where}: {array[~kept].flat[0]} is no number of {now.dtype}")
    return fitting
