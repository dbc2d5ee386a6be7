"""Value: a float that remembers how it was computed, and the arithmetic that makes new ones."""

import builtins
import math
import operator
from collections.abc import Callable
from itertools import compress
from typing import Any, SupportsFloat

import numpy as np

from autograd import higher, kernels, modes, numbers, ops, reverse, ufuncs
from autograd.arrayop import Reduction
from autograd.methods import Methods, named
from autograd.namespaces import FLOATS
from autograd.node import UNRECORDED, Frozen, Node, is_recorded
from autograd.nonfinite import report_non_finite
from autograd.op import Op
from autograd.preconditions import check_result

Operand = SupportsFloat
Operator = Callable[[Any, Operand], "Value"]

# What the methods that `kernels` writes out refer to; the functions of this file are added at its end.
# A warning is shown at the first line outside this package, hence the name.
_scope: dict[str, Any] = {"__name__": __name__, "current": modes.current, "new": object.__new__, "power": math.pow}
_get_data = operator.attrgetter("_data")
_unary_methods: dict[Op, Callable[["Value"], "Value"]] = {}
_list_methods: dict[Op, Callable[[tuple[Any, ...]], "Value"] | None] = {}


def _operator(op: Op) -> Operator:
    """The method for `value <op> other`."""
    return named(kernels.written_out(kernels.OPERATOR, op, _scope), op)


def _reflected(op: Op) -> Operator:
    """The method for `other <op> value`, where `other` is not a Value."""
    return named(kernels.written_out(kernels.REFLECTED, op, _scope), op)


def _apply_operator(op: Op, value: "Value", other: Any) -> Any:
    """`value <op> other` in the cases that are not written out."""
    return NotImplemented if _has_own_arithmetic(other) else _apply(op, (value, other))


def _apply_reflected(op: Op, value: "Value", other: Any) -> Any:
    """`other <op> value` in the cases that are not written out."""
    return NotImplemented if _has_own_arithmetic(other) else _apply(op, (other, value))


def _has_own_arithmetic(x: Any) -> bool:
    """Whether this foreign object may know what to do with a Value where we do not; an array of objects does."""
    if isinstance(x, Node):
        return not isinstance(x, Value)
    if isinstance(x, (float, int, np.generic, np.ndarray)):
        return isinstance(x, np.ndarray) and x.dtype == object
    return type(x).__module__ != "builtins"


class Value(Methods):
    """A float that remembers the operation and the operands that made it.

    `label` names it in pictures and tables. With `requires_grad=False` it is frozen: a constant, which gets no
    gradient. So are numbers of Python and NumPy, which may stand on either side of an operator. Values compare by their
    numbers and hash by identity.

    Python's own `math.sin(x)`, `float(x)` and `round(x)` give plain numbers, through which no gradient flows: use
    `autograd.sin(x)` or `x.sin()`.

    Raises TypeError for what is not a single real number.

    >>> x, y, z = Value(1, label="x"), Value(3, label="y"), Value(-3, label="z")
    >>> g = (x + y) * z
    >>> g.backward()
    >>> g.data, x.grad, y.grad, z.grad
    (-12.0, -3.0, -3.0, 4.0)
    """

    __slots__ = ()

    _data: float
    grad: float | None

    def __init__(self, data: SupportsFloat, label: str | None = None, *, requires_grad: bool = True) -> None:
        if isinstance(data, Value):
            raise TypeError(f"Value: {data!r} is a Value already; use it as it is, or copy its .data")
        if label is not None and not isinstance(label, str):
            raise TypeError(f"Value: a label is a string, got the {type(label).__name__} {label!r}")
        self._data = numbers.number(data, "Value")
        self.label = label
        self._place = modes.place()
        self.op = self.grad = self._left = self._right = self._dleft = self._dright = self._constants = None
        if not requires_grad:
            self.requires_grad = False

    @property
    def data(self) -> float:
        """The number. Setting it changes this node alone: what was computed from the old one stays as it is."""
        return self._data

    @data.setter
    def data(self, data: SupportsFloat) -> None:
        self._data = numbers.number(data, "Value.data")

    def seeded(self, gradient: SupportsFloat | None = None) -> float:
        """What backpropagation starts from: 1, or the gradient that is given."""
        return 1.0 if gradient is None else numbers.number(gradient, "backward, gradient")

    def backward(self, gradient: SupportsFloat = 1.0) -> None:
        """Compute d self / d node, times `gradient`, for every node behind this one, into its `grad`.

        Leaves add it to the gradient they already have, so gradients of several results add up, until `zero_grad()`.
        All other nodes hold what the latest sweep gave them.

        Raises GraphError for what was computed under `no_grad`, which has nothing behind it.
        """
        check_result(self, "backward")
        reverse.commit(reverse.sweep(self, numbers.number(gradient, "backward, gradient")))

    def gradient(self, *wrt: Any) -> Any:
        """d self / d node for the nodes given, as Values: each is a graph, to be drawn or differentiated again.

        For one node it is a Value, for several a tuple, for a list or dict of nodes the same of Values. A node that
        this one does not depend on has the gradient 0. No node's `grad` changes.

        >>> x = Value(3.0, "x")
        >>> slope = (x**2).gradient(x)
        >>> slope.data, slope.gradient(x).data
        (6.0, 2.0)
        """
        check_result(self, "gradient")
        return higher.gradient_in(self, wrt, "Value.gradient")

    def item(self) -> float:
        """The number, as NumPy and PyTorch spell it."""
        return self._data

    def detach(self) -> "Value":
        """A new leaf with the same number, through which no gradient flows."""
        return Value(self._data, self.label)

    def apply_op(self, op: Op, operands: tuple[Any, ...]) -> "Value":
        """The result of `op`, recorded unless under `no_grad`. Some of the operands are Values, the rest numbers."""
        if isinstance(op, Reduction):
            if op not in _list_methods:
                _list_methods[op] = kernels.written_out_for_lists(op, _scope)
            over_lists = _list_methods[op]
            return _apply(op, operands) if over_lists is None else over_lists(operands)
        if len(operands) == 1:
            if op not in _unary_methods:
                _unary_methods[op] = kernels.written_out(kernels.UNARY, op, _scope)
            return _unary_methods[op](operands[0])
        return _apply(op, operands)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """NumPy's functions on a Value: `np.exp(x)` is `x.exp()`, and `np.float64(2) * x` is `2.0 * x`."""
        return ufuncs.apply(ufunc, method, inputs, options)

    def __repr__(self) -> str:
        parts = [repr(self._data)]
        if self.label is not None:
            parts.append(f"label={self.label!r}")
        if self.grad is not None:
            parts.append(f"grad={self.grad!r}")
        if not self.requires_grad:
            parts.append("requires_grad=False")
        if self.op is not None:
            parts.append(f"op={self.op.name}")
        return f"Value({', '.join(parts)})"

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else str(self)

    def __float__(self) -> float:
        return self._data

    def __int__(self) -> int:
        return int(self._data)

    def __trunc__(self) -> int:
        return int(self._data)

    def __round__(self, digits: int | None = None) -> float:
        return builtins.round(self._data, digits)

    def __bool__(self) -> bool:
        return bool(self._data)

    __add__, __radd__ = _operator(ops.add), _reflected(ops.add)
    __sub__, __rsub__ = _operator(ops.sub), _reflected(ops.sub)
    __mul__, __rmul__ = _operator(ops.mul), _reflected(ops.mul)
    __truediv__, __rtruediv__ = _operator(ops.div), _reflected(ops.div)
    __mod__, __rmod__ = _operator(ops.remainder), _reflected(ops.remainder)
    __pow__, __rpow__ = _operator(ops.pow), _reflected(ops.pow)


def _as_constant(op: Op) -> tuple[Operator, Operator]:
    """The methods for `value <op> other` and `other <op> value` where the value is a constant."""
    return (
        lambda self, other: _apply_operator(op, self, other),
        lambda self, other: _apply_reflected(op, self, other),
    )


class FrozenValue(Frozen, Value):
    """A Value that is a constant in every operation, because its `requires_grad` is False."""

    __slots__ = ()

    def apply_op(self, op: Op, operands: tuple[Any, ...]) -> Value:
        """The result of `op`, of which this is a constant."""
        return _apply(op, operands)

    __add__, __radd__ = _as_constant(ops.add)
    __sub__, __rsub__ = _as_constant(ops.sub)
    __mul__, __rmul__ = _as_constant(ops.mul)
    __truediv__, __rtruediv__ = _as_constant(ops.div)
    __mod__, __rmod__ = _as_constant(ops.remainder)
    __pow__, __rpow__ = _as_constant(ops.pow)


Value._kind, Value._frozen_kind = Value, FrozenValue


def _apply(op: Op, operands: tuple[Any, ...]) -> Value:
    """The result of `op`, whatever mix of Values and numbers its operands are, and whatever mode is set."""
    only_values = set(map(type, operands)) == {Value}  # a list may be long, and this and the next run in C
    if only_values:
        is_parent, floats = [True] * len(operands), list(map(_get_data, operands))
    else:
        other = next((x for x in operands if isinstance(x, Node) and not isinstance(x, Value)), None)
        if other is not None:
            result: Value = other.apply_op(op, operands)  # a Tensor, as there is one among them
            return result
        is_parent = [type(x) is Value or is_recorded(x) for x in operands]
        floats = [x._data if isinstance(x, Value) else op.number(i, x) for i, x in enumerate(operands)]
    arguments = op.arranged(floats)
    out = op.value(FLOATS, arguments)
    mode = modes.current()
    if out - out != 0.0:
        report_non_finite(op, operands, floats, out)
    if not any(is_parent):
        node: Value = FrozenValue.recorded(out, None, (), (), None)
    elif mode is not None and not mode.recording:
        node = Value.recorded(out, None, (), (), UNRECORDED)
    else:
        partials = tuple(op.local_derivatives(FLOATS, arguments, out, is_parent))
        parents, constants = operands, None
        if not all(is_parent):
            parents = tuple(compress(operands, is_parent))
            constants = tuple(None if parent else x for x, parent in zip(floats, is_parent, strict=True))
        node = Value.recorded(out, op, parents, partials, constants)
    if mode is not None:
        node._place = modes.place()
    return node


_scope.update(
    Value=Value,
    get_data=_get_data,
    apply_operator=_apply_operator,
    apply_reflected=_apply_reflected,
    apply_generally=_apply,
)
