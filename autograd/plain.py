"""Numbers, arrays and the settings of operations as plain data that JSON can hold, and back.

An array is `{"shape": [2], "dtype": "float64", "values": [1.0, "nan"]}`, its values row by row. Among settings a tuple
is `{"tuple": […]}`, a slice `{"slice": [start, stop, step]}`, an ellipsis `{"ellipsis": true}`, an array
`{"array": …}`. What JSON has no number for is written "inf", "-inf" and "nan". Nothing here is ever executed.
"""

import math
from collections.abc import Mapping
from contextlib import suppress
from math import prod
from typing import Any

import numpy as np

from autograd.errors import GraphError

Array = np.ndarray[Any, Any]

FLOATS = ("float64", "float32")
_OTHERS = ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
_DEEPEST = 20  # lists in lists among settings


def number(x: float) -> float | str:
    """A float as it is, or the name of what JSON has no number for."""
    return x if math.isfinite(x) else str(float(x))


def array(x: Array) -> dict[str, Any]:
    """An array with its shape and dtype."""
    values = x.ravel().tolist()
    return {
        "shape": list(x.shape),
        "dtype": str(x.dtype),
        "values": values if x.dtype.kind != "f" or np.isfinite(x).all() else list(map(number, values)),
    }


def setting(x: Any, where: str) -> Any:
    """A setting of an operation. Raises GraphError, which begins with `where`, for what cannot be written down."""
    if x is None or isinstance(x, (bool, int, str)):
        return x
    if isinstance(x, float):
        return x if math.isfinite(x) else {"float": number(x)}
    if isinstance(x, (np.bool_, np.integer, np.floating)):
        return setting(x.item(), where)
    if isinstance(x, slice):
        return {"slice": [setting(each, where) for each in (x.start, x.stop, x.step)]}
    if x is ...:
        return {"ellipsis": True}
    if isinstance(x, (list, tuple)):
        items = [setting(each, where) for each in x]
        return items if isinstance(x, list) else {"tuple": items}
    if isinstance(x, np.ndarray) and str(x.dtype) in FLOATS + _OTHERS:
        return {"array": array(x)}
    raise GraphError(f"{where}: the {type(x).__name__} {x!r:.60} cannot be written as plain data")


def read_number(x: Any, where: str, column: str) -> float:
    """The float that was written; GraphError, which names the place, if it is none."""
    if type(x) is float:
        return x
    if (isinstance(x, str) and x in ("inf", "-inf", "nan")) or (isinstance(x, (int, float)) and type(x) is not bool):
        with suppress(OverflowError):  # of an integer beyond the floats
            return float(x)
    raise GraphError(f"{where}: {column} must be a number, got {x!r:.200}")


def read_array(x: Mapping[str, Any], where: str, column: str, dtypes: tuple[str, ...] = FLOATS) -> Array:
    """The array that was written; GraphError, which names the place, if it is none of one of the `dtypes`."""
    shape, dtype, values = x.get("shape"), x.get("dtype"), x.get("values")
    if x.keys() != {"shape", "dtype", "values"} or not isinstance(shape, list) or not isinstance(values, list):
        raise GraphError(f"{where}: {column} must be a number or have a shape, a dtype and values, got {x!r:.200}")
    if dtype not in dtypes:
        raise GraphError(f"{where}: {column} must be of {', '.join(dtypes)}, got {dtype!r:.60}")
    if any(type(n) is not int or n < 0 for n in shape) or len(shape) > 64 or prod(shape) != len(values):
        raise GraphError(f"{where}: {column} has {len(values):,} values, which do not fill the shape {shape!r:.200}")
    if dtype in FLOATS:
        values = [value if type(value) is float else read_number(value, where, column) for value in values]
    elif any(type(value) is not (bool if dtype == "bool" else int) for value in values):
        raise GraphError(f"{where}: {column} must be of {dtype}, and has other values")
    try:
        return np.array(values, dtype=dtype).reshape(shape)
    except OverflowError as error:
        raise GraphError(f"{where}: {column}: {error}") from None


def read_setting(x: Any, where: str, depth: int = _DEEPEST) -> Any:
    """The setting that was written; GraphError, which begins with `where`, if there is none of that kind."""
    if x is None or isinstance(x, (bool, int, float, str)):
        return x
    if depth and isinstance(x, list):
        return [read_setting(each, where, depth - 1) for each in x]
    if depth and isinstance(x, dict) and len(x) == 1:
        [(kind, content)] = x.items()
        if kind == "tuple" and isinstance(content, list):
            return tuple(read_setting(each, where, depth - 1) for each in content)
        if kind == "slice" and isinstance(content, list) and len(content) == 3:
            return slice(*(read_setting(each, where, depth - 1) for each in content))
        if kind == "ellipsis" and content is True:
            return ...
        if kind == "float":
            return read_number(content, where, "a float")
        if kind == "array" and isinstance(content, dict):
            return read_array(content, where, "an array", FLOATS + _OTHERS)
    raise GraphError(f"{where}: there is no setting {x!r:.200}")
