"""NumPy's functions on nodes: `np.exp(x)` is `x.exp()`, and `np.sum(t)` is `t.sum()`."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd import ops
from autograd.define import array_registry, registry
from autograd.node import Node
from autograd.op import Op
from autograd.structure import mapped

NAMES = {
    "subtract": "sub", "multiply": "mul", "divide": "div", "true_divide": "div", "power": "pow", "float_power": "pow",
    "negative": "neg", "positive": "identity", "absolute": "abs", "fabs": "abs", "rint": "round",
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "radians": "deg2rad", "degrees": "rad2deg",
    "amax": "max", "amin": "min",
}  # fmt: skip
_OF_BOOLS = {
    "less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "isfinite", "isinf", "isnan", "signbit",
    "logical_and", "logical_or", "logical_xor", "logical_not",
}  # fmt: skip
_OF_PLAIN_NUMBERS = {
    "shape", "ndim", "size", "result_type", "zeros_like", "ones_like", "empty_like", "full_like", "nonzero",
    "flatnonzero", "argwhere", "count_nonzero", "searchsorted", "isclose", "allclose", "array_equal", "array_equiv",
    "array_repr", "array_str", "array2string",
}  # fmt: skip
_REDUCTIONS = {np.add: ops.sum, np.multiply: ops.prod, np.maximum: ops.max, np.minimum: ops.min}


def apply(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    """What a node's `__array_ufunc__` answers: the operation that NumPy's function is, or NotImplemented.

    Arrays of objects are left to NumPy, which applies the function to each element, unless they meet a Tensor.
    """
    has_objects = any(isinstance(x, np.ndarray) and x.dtype == object for x in inputs)
    if has_objects and not any(isinstance(x, Node) and hasattr(x, "shape") for x in inputs):
        arrays = [np.asarray(x, dtype=object) if isinstance(x, Node) else x for x in inputs]
        return getattr(ufunc, method)(*arrays, **options)
    if ufunc.__name__ in _OF_BOOLS:
        return getattr(ufunc, method)(*_numbers(inputs), **options)
    if method == "reduce" and ufunc in _REDUCTIONS:
        return _REDUCTIONS[ufunc](*inputs, **{"axis": 0, **options})
    op = _operation(NAMES.get(ufunc.__name__, ufunc.__name__))
    if "out" in options:
        raise TypeError(f"{ufunc.__name__}: a Tensor cannot be written into an array: use the result, or t.data")
    if op is None or method != "__call__" or options:
        return NotImplemented
    return op(*inputs)


def _operation(name: str) -> Op | None:
    return registry.get(name) or array_registry.get(name)


def call(function: Any, args: tuple[Any, ...], settings: Mapping[str, Any]) -> Any:
    """What a Tensor's `__array_function__` answers: what the operation of that name gives for it.

    What has no derivative, such as `np.shape` and `np.allclose`, is NumPy's own, applied to the numbers. Raises
    TypeError for all that the library has not.
    """
    name, module = function.__name__, function.__module__
    if module == "numpy" and name in _OF_PLAIN_NUMBERS:
        return function(*_numbers(args), **_numbers(settings))
    ours = getattr(ops, NAMES.get(name, name), None)
    if not callable(ours) or module not in ("numpy", "numpy.linalg"):
        raise TypeError(
            f"{module}.{name} is no operation on Tensors: write it with those that there are, or apply it to the plain "
            "numbers, t.data, through which no gradient flows"
        )
    if module == "numpy.linalg" and name in ("trace", "diagonal"):  # there, of the last two axes
        return ours(*args, **settings, axis1=-2, axis2=-1)
    return ours(*args, **settings)


def _numbers(arguments: Any) -> Any:
    """The arguments of a function of NumPy with plain numbers and arrays in place of nodes."""
    return mapped(lambda x: np.asarray(x.data) if isinstance(x, Node) else x, arguments)
