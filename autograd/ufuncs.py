"""NumPy's functions on nodes: `np.exp(x)` is `x.exp()`, and `np.float64(2) * x` is `2.0 * x`."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograd import ops
from autograd.define import array_registry, registry
from autograd.node import Node
from autograd.op import Op

NAMES = {
    "subtract": "sub", "multiply": "mul", "divide": "div", "true_divide": "div", "power": "pow", "float_power": "pow",
    "negative": "neg", "positive": "identity", "absolute": "abs", "fabs": "abs", "rint": "round",
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2",
    "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "radians": "deg2rad", "degrees": "rad2deg",
}  # fmt: skip
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "less": operator.lt, "less_equal": operator.le, "greater": operator.gt, "greater_equal": operator.ge,
    "equal": operator.eq, "not_equal": operator.ne,
}  # fmt: skip


def apply(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
    """What a node's `__array_ufunc__` answers: the operation that NumPy's function is, or NotImplemented.

    Arrays of objects are left to NumPy, which applies the function to each element.
    """
    if any(isinstance(x, np.ndarray) and x.dtype == object for x in inputs):
        arrays = [np.asarray(x, dtype=object) if isinstance(x, Node) else x for x in inputs]
        return getattr(ufunc, method)(*arrays, **options)
    compare = _COMPARISONS.get(ufunc.__name__)
    if compare is not None:
        return compare(*[x.data if isinstance(x, Node) else x for x in inputs])
    if method == "reduce" and ufunc in _REDUCTIONS:
        return _REDUCTIONS[ufunc](*inputs, **{"axis": 0, **options})
    op = _operation(NAMES.get(ufunc.__name__, ufunc.__name__))
    if op is None or method != "__call__" or options:
        return NotImplemented
    return op(*inputs)


_REDUCTIONS = {np.add: ops.sum, np.multiply: ops.prod, np.maximum: ops.max, np.minimum: ops.min}


def _operation(name: str) -> Op | None:
    return registry.get(name) or array_registry.get(name)


def call(function: Any, args: tuple[Any, ...], settings: Mapping[str, Any]) -> Any:
    """What a Tensor's `__array_function__` answers: the operation of that name, or NotImplemented."""
    ours = getattr(ops, NAMES.get(function.__name__, function.__name__), None)
    return NotImplemented if ours is None else ours(*args, **settings)
