"""Operations on Tensors: the arrays that they are applied to, what is recorded, and how a gradient is passed back."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np

from autograd import modes, numbers
from autograd.arrayop import ArrayOp
from autograd.arrays import NUMPY, Array, as_operand, may_repeat
from autograd.errors import GraphError
from autograd.labels import shown
from autograd.node import Node, is_recorded
from autograd.nonfinite import report_non_finite_array
from autograd.op import Op
from autograd.readonly import is_frozen
from autograd.shapes import mismatch

_DOUBLE = np.dtype(np.float64)
_errstate, ndarray, vdot = np.errstate, np.ndarray, np.vdot


def array_of(data: Any, where: str, dtype: Any = None) -> Array:
    """The numbers as an array of float64 or float32, a copy; whole numbers become float64.

    Raises TypeError for what are no real numbers, and for another dtype.
    """
    if isinstance(data, Node):
        raise TypeError(f"{where}: {shown(data)} is a node already; use it as it is, or copy its .data")
    if dtype is not None and np.dtype(dtype) not in NUMPY:
        raise TypeError(f"{where}: a Tensor is of float64 or float32, got {np.dtype(dtype)}")
    try:
        given = data if isinstance(data, ndarray) else as_operand(data, where)
    except ValueError as error:
        raise ValueError(f"{where}: the rows differ in length: {error}") from None
    if isinstance(given, Node):
        raise TypeError(f"{where}: the numbers of a leaf are plain ones, got Values: put them together by stack([…])")
    if given.dtype.kind not in "fiu" or (given.dtype.kind == "f" and dtype is None and given.dtype not in NUMPY):
        hint = _hint(given.dtype)
        raise TypeError(f"{where}: expected real numbers of float64 or float32, got {given.dtype}; {hint}")
    own = given.dtype if given.dtype in NUMPY else _DOUBLE
    return np.array(given, dtype=dtype or own)


def _hint(dtype: np.dtype[Any]) -> str:
    if dtype.kind == "O":
        return "Values are put together by stack([…]), numbers converted by .astype(float)"
    hints = (hint for kind, hint in numbers.type_error_hints.items() if issubclass(dtype.type, kind))
    return next(hints, "choose one with dtype=…")


def prepared(op: Op, operands: Sequence[Any]) -> tuple[list[Any], list[Node], tuple[Any, ...] | None, np.dtype[Any]]:
    """What `op` is applied to, which of the operands are parents, what stands for the others, and the result's dtype.

    Raises TypeError for an operand that is no number, and for a node in which `op` has no derivative.
    """
    operands = [x if isinstance(x, Node) or type(x) is float else _operand(op, x) for x in operands]
    if None in op.partials:
        check_differentiable(op, operands)
    parents = [x for x in operands if is_recorded(x)]
    dtype = common_dtype(operands)
    given = [x._data if isinstance(x, Node) else constant(op, x, dtype) for x in operands]
    constants = None
    if len(parents) < len(given):
        constants = tuple(None if is_recorded(x) else array for x, array in zip(operands, given, strict=True))
    return given, parents, constants, dtype


def computed(op: Op, operands: Sequence[Any], given: Sequence[Any], settings: Mapping[str, Any], dtype: Any) -> Array:
    """The operation's value for `given`, the arrays and numbers of its operands, in `dtype`.

    Raises ValueError, which shows their shapes, for what does not fit together.
    """
    with _errstate(all="ignore"):
        try:
            out = op.array_value(NUMPY[dtype], given, settings)
        except np.exceptions.AxisError:  # which is a ValueError too, and says it all
            raise
        except ValueError as error:
            raise ValueError(mismatch(op, given, error)) from error
    dtype = op.dtype_of_result(dtype, settings)
    if type(out) is not ndarray or out.dtype is not dtype:
        out = np.asarray(out, dtype)
    # The quickest look at all elements: the sum of their squares is infinite or nan if one of them is.
    if not (isinstance(op, ArrayOp) and op.rearranges) and not isfinite(vdot(out, out)):
        report_non_finite_array(op, operands, given, out)
    result: Array = out
    return result


def check_differentiable(op: Op, operands: Sequence[Any]) -> None:
    """Raise TypeError if a node is an operand in which the operation has no derivative."""
    for x, partial, name in zip(operands, op.partials, op.operands, strict=True):
        if partial is None and is_recorded(x):
            raise TypeError(f"{op.name} has no derivative in {name}: give a plain number there")


def common_dtype(operands: Sequence[Any]) -> np.dtype[Any]:
    """The dtype of the result: that of the Tensors among the operands; a Value has none of its own."""
    found: Any = None
    for x in operands:
        if isinstance(x, Node) and type(x._data) is not float:
            dtype = x._data.dtype
            if found is None:
                found = dtype
            elif dtype is not found and dtype != found:
                found = _DOUBLE
    return _DOUBLE if found is None else found


def _operand(op: Op, x: Any) -> Any:
    """What is no node as a float or an array, which it may know how to become; Values in an array as a Tensor."""
    if isinstance(x, (ndarray, list, tuple)) or (hasattr(x, "__array__") and not isinstance(x, np.generic)):
        return as_operand(x, op.name)
    return numbers.number(x, op.name)


def constant(op: Op, array: Any, dtype: np.dtype[Any]) -> Any:
    """An operand that is no node: a float as it is, an array in the dtype of the Tensors; of bools, as it is.

    What is recorded is a copy, which nobody can change before the gradient is computed, unless the array is frozen.
    """
    if type(array) is float:
        return array
    if array.dtype.kind not in "bfiu":
        raise TypeError(f"{op.name}: expected real numbers, got an array of {array.dtype}")
    if array.dtype != dtype and array.dtype.kind != "b":
        return array.astype(dtype)
    return array if is_frozen(array) or not modes.is_recording() else array.copy()


def operand_arrays(node: Any) -> list[Any]:
    """What the node's operation was applied to: arrays and numbers, in the order of the operands.

    Raises GraphError, naming both, if the data of an operand is no longer what the operation was applied to.
    """
    left = node._left
    if type(left) is tuple:
        parents, arrays = left, node._dleft
    elif node._right is None:
        parents, arrays = (left,), (node._dleft,)
    else:
        parents, arrays = (left, node._right), (node._dleft, node._dright)
    for parent, array in zip(parents, arrays, strict=True):
        if parent._data is not array:
            raise GraphError(
                f"the data of {parent.label or shown(parent)} was changed after {node.op.name} had used it: compute "
                "the result anew, and change data only after backward()"
            )
    if node._constants is None:
        return list(arrays)
    remaining = iter(arrays)
    return [next(remaining) if constant is None else constant for constant in node._constants]


def pass_back(node: Any, gradient: Array, grads: dict[Node, Any], own: set[Node]) -> None:
    """Add to `grads` what a Tensor passes to its parents: `gradient · d node / d parent`, in the parent's dtype.

    `own` are the nodes whose gradient is held by `grads` alone, because parts were put together in it: so further
    parts are added in place.
    """
    parents: Sequence[Node]
    operands: Sequence[Any]
    left, right = node._left, node._right
    out, op, settings, constants = node._data, node.op, node._settings, node._constants
    m = NUMPY[out.dtype]
    if constants is None and type(left) is not tuple and left._data is node._dleft:
        if right is None:
            parents, operands = (left,), (node._dleft,)
        elif right._data is node._dright:
            parents, operands = (left, right), (node._dleft, node._dright)
        else:
            operands = operand_arrays(node)
    else:
        operands, parents = operand_arrays(node), node.parents
    places = range(len(operands)) if constants is None else _places(node)
    is_part = op.name == "getitem"
    for place, parent in zip(places, parents, strict=True):
        if is_part and parent in own and not may_repeat(settings["index"]):
            grads[parent][settings["index"]] += gradient  # the rest of what is passed back would be zeros
            continue
        product = op.vjp(m, place, gradient, operands, out, settings)
        data = parent._data
        if type(data) is float:
            product = float(product)
        elif type(product) is not ndarray or product.dtype is not data.dtype:
            product = np.asarray(product, data.dtype)
        grads[parent] = grads[parent] + product if parent in grads else product
        if is_part and data.ndim:
            own.add(parent)


def product(node: Any, index: int, gradient: Array) -> Any:
    """What a Tensor passes to its parent number `index`, as `pass_back` does."""
    with _errstate(all="ignore"):
        op, place, parent = node.op, _places(node)[index], node.parents[index]
        m = NUMPY[node._data.dtype]
        return fitted(op.vjp(m, place, gradient, operand_arrays(node), node._data, node._settings), parent)


def local_derivative(node: Any, index: int) -> Any:
    """d node / d parent number `index` element by element; None if the operation mixes elements."""
    op = node.op
    if isinstance(op, ArrayOp):
        return None
    m, place = NUMPY[node._data.dtype], _places(node)[index]
    with _errstate(all="ignore"):
        return op.array_derivative(m, place, operand_arrays(node), node._data, node._settings)


def _places(node: Any) -> list[int]:
    """The place of each parent among the operands."""
    constants = node._constants
    if constants is None:
        return list(range(len(node.parents)))
    return [i for i, constant in enumerate(constants) if constant is None]


def fitted(product: Any, parent: Node) -> Any:
    """A gradient as its node holds it: a float for a Value, an array of the dtype of a Tensor."""
    data = parent._data
    if type(data) is float:
        return float(product)
    dtype = data.dtype
    if type(product) is np.ndarray and product.dtype is dtype:
        return product
    return np.asarray(product, dtype)
