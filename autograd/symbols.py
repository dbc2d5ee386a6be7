"""Definitions on arrays read with symbols: formulas that know the shape of the array that they stand for.

What is passed back through an operation depends on shapes: over which axes broadcasting is undone, what is transposed.
So each symbol has one, and the definitions read with these symbols give the formula that holds for the arrays at hand.

>>> m, out = Symbol(Formula.name("m"), (2, 3)), Symbol(Formula.name("out"), (2, 4))
>>> print(find("matmul").vjp(SHAPED, 1, out, [m, Symbol(Formula.name("W"), (3, 4))], out, {}).formula)
mᵀ @ out
"""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import arrays
from autograd.along import AlongAxes
from autograd.arrayop import ArrayOp, bound
from autograd.arrays import NUMPY, Shape
from autograd.namespaces import Definition, ReadableNamespace, find
from autograd.notation import TIMES_BY_ELEMENT, TRANSPOSED, Formula
from autograd.numerals import constant
from autograd.op import Op

_READ_AS_NUMBERS = NUMPY[np.dtype(np.float64)]


class Symbol:
    """A formula, and the shape of the array that it stands for. Arithmetic with symbols gives another."""

    __slots__ = ("formula", "shape")
    __array_ufunc__ = None  # NumPy's arrays leave arithmetic to the symbol
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, formula: Formula, shape: Shape) -> None:
        self.formula, self.shape = formula, shape

    @property
    def T(self) -> "Symbol":  # noqa: N802 - its name in NumPy
        """The array with its axes in reverse order."""
        return SHAPED.transpose(self)


def written(x: Any) -> Formula | float:
    """What stands for an operand in a formula: of an array that is no symbol, a short one, its numbers."""
    if isinstance(x, Symbol):
        return x.formula
    return Formula.name(constant(x)) if isinstance(x, np.ndarray) else x


def _operator(function: Callable[..., Any]) -> Callable[..., Symbol]:
    def method(self: Symbol, *others: Any) -> Symbol:
        shapes = [arrays.shape(x) for x in (self, *others)]
        return Symbol(function(self.formula, *map(written, others)), np.broadcast_shapes(*shapes))

    return method


def _reflected(function: Callable[..., Any]) -> Callable[[Symbol, Any], Symbol]:
    return _operator(lambda x, y: function(y, x))


def _times(x: Symbol, y: Any) -> Any:
    """The product element by element, which has a sign of its own where both factors are arrays."""
    if not (x.shape and arrays.shape(y)) or x is y:
        return _operator(operator.mul)(x, y)
    return _operator(TIMES_BY_ELEMENT.write)(x, y)


for _name in ("add", "sub", "truediv", "mod", "pow", "and", "or"):
    _function = getattr(operator, f"__{_name}__")
    setattr(Symbol, f"__{_name}__", _operator(_function))
    setattr(Symbol, f"__r{_name}__", _reflected(_function))
for _name in ("neg", "abs", "lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Symbol, f"__{_name}__", _operator(getattr(operator, f"__{_name}__")))
setattr(Symbol, "__mul__", _times)  # noqa: B010 - as the others above
setattr(Symbol, "__rmul__", _reflected(operator.mul))  # noqa: B010


class ShapedNamespace(ReadableNamespace):
    """Reads definitions with symbols: every operation writes itself down, and finds the shape of its result."""

    def read(self, op: Op) -> Callable[..., Any]:
        """The operation's notation, applied to its operands and settings."""

        def write(*given: Any, **named: Any) -> Any:
            operands = given[: len(op.operands)]
            if not any(isinstance(x, Symbol) for x in operands):
                return op.value(_READ_AS_NUMBERS, operands)
            told = bound(op.name, op.settings, given[len(operands) :], named) if isinstance(op, ArrayOp) else {}
            blanks = [np.broadcast_to(np.zeros(()), arrays.shape(x)) for x in operands]
            with np.errstate(all="ignore"):
                shape = np.shape(op.array_value(_READ_AS_NUMBERS, blanks, told))
            return Symbol(op.notation.write(*map(written, operands), settings=op.written_settings(told)), shape)

        return write

    def evaluate(self, definition: Definition, *arguments: Any) -> Any:
        """What the definition gives for `arguments`: a symbol, or a number where it depends on numbers alone."""
        try:
            return definition(self, *arguments)
        except ArithmeticError:  # two numbers met, as in 1 / 0: they are written down too
            return definition(self, *[Symbol(Formula.of(x), ()) if type(x) is float else x for x in arguments])

    def where(self, condition: Any, x: Any, y: Any) -> Any:
        """The operation's notation."""
        shape = np.broadcast_shapes(arrays.shape(condition), arrays.shape(x), arrays.shape(y))
        return Symbol(find("where").notation.write(*map(written, (condition, x, y))), shape)

    def total(self, x: Symbol, axes: Shape, *, keepdims: bool = True) -> Symbol:
        """The sum along axes, which stay with length 1."""
        along: Any = None if len(axes) == len(x.shape) else axes[0] if len(axes) == 1 else axes
        op, left = find("sum"), [(1 if i in axes else n) for i, n in enumerate(x.shape) if keepdims or i not in axes]
        return Symbol(
            op.notation.write(x.formula, settings=op.written_settings({"axis": along, "keepdims": keepdims})),
            tuple(left),
        )

    def reshape(self, x: Symbol, shape: Shape) -> Symbol:
        """The operation's notation, or nothing where there is but one number."""
        if x.shape == shape or (x.shape == () and set(shape) == {1}):
            return Symbol(x.formula, shape)
        told: Symbol = self.read(find("reshape"))(x, shape=shape)
        return told

    def transpose(self, x: Symbol, axes: Shape | None = None) -> Symbol:
        """The operation's notation; of matrices, each of which is transposed, ᵀ."""
        last = len(x.shape) - 1
        if last > 0 and (axes == (*range(last - 1), last, last - 1) or (axes is None and last == 1)):
            return Symbol(TRANSPOSED.write(x.formula), (*x.shape[:-2], *x.shape[:-3:-1]))
        told: Symbol = self.read(find("transpose"))(x, axes=axes)
        return told

    def along(self, axes: Shape) -> AlongAxes:
        """The namespace for definitions written for rows, where the rows lie along these axes."""
        return _RowsOfSymbols(self, axes)


class _RowsOfSymbols(AlongAxes):
    def shift(self, x: Any) -> Any:
        """What is subtracted before exp, against overflow, cancels: in symbols it is 0."""
        return 0.0


SHAPED = ShapedNamespace({})
