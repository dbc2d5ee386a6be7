"""What a good teacher writes on the board: an operation, and its local derivatives, in symbols and in numbers.

Everything here is read from the operations' own definitions, with the names of a graph's nodes in place of symbols.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograd.arrayop import ArrayOp
from autograd.arrays import shape
from autograd.namespaces import FLOATS, SYMBOLS
from autograd.node import Node
from autograd.notation import TIMES_BY_ELEMENT, Formula
from autograd.numerals import constant, is_short, numeral, tidy
from autograd.op import Op
from autograd.symbols import SHAPED, Symbol
from autograd.terms import derivative, equation, name, number

_MOST_OPERANDS = 16  # of an operation over lists, whose derivatives may each name all its operands
_LONGEST_FORMULA = 100
_ROUNDING = 0.01  # between rounded numbers and the result of the exact ones
_LISTED = 4

_ELLIPSIS = Formula.name("…", r"\dots")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
Written = Callable[[Node], Formula]


def operation(node: Node, written: Written) -> Formula:
    """The operation that made `node`, on its operands as `written` writes them; a leaf is written itself.

    >>> from autograd import Value
    >>> x, y = Value(3.0, "x"), Value(-2.0, "y")
    >>> str(operation(x * y, lambda node: name(node.label))), str(operation(x * y, lambda node: number(node.data)))
    ('x·y', '3·(-2)')
    """
    if node.op is None:
        return written(node)
    operands = node.operands
    return _applied(node, lambda i: _operand(operands[i], written))


def in_numbers(node: Node) -> Formula:
    """The operation on its operands' numbers, and its result: `3·(-2) = -6`; of large arrays, on their shapes.

    The numbers are rounded, unless the rounded ones would give another result, as in 1.0000001 - 1.
    """
    if node.op is None:
        return number(node.data)
    if type(node.data) is not float:
        write = number if _are_short(node, *node.parents) else _sized
        return equation(operation(node, lambda x: write(x.data)), number(node.data))
    rounded = [float(numeral(x.data)) if isinstance(x, Node) else x for x in node.operands]
    if math.isclose(node.op.value(FLOATS, node.op.arranged(rounded)), node.data, rel_tol=_ROUNDING):
        return equation(operation(node, lambda x: number(x.data)), number(node.data))
    return equation(operation(node, lambda x: Formula.number(tidy(repr(x.data)))), number(node.data))


def _are_short(*nodes: Node) -> bool:
    return all(is_short(node.data) for node in nodes)


def _sized(x: Any) -> Formula:
    """The shape of an array; a number as it is."""
    return Formula.name(str(x.shape), rf"\text{{{x.shape}}}") if np.ndim(x) else number(x)


def _operand(x: Any, written: Written) -> Formula:
    if isinstance(x, Node):
        return written(x)
    return Formula.name(constant(x), rf"\text{{{constant(x)}}}") if isinstance(x, np.ndarray) else Formula.of(x)


def _applied(node: Node, write: Callable[[int], Formula]) -> Formula:
    """The operation that made `node`; `write` gives its operands, each by its place; of long lists only the ends."""
    op, operands = node.op, node.operands
    assert op is not None
    if op.name == "transpose":
        return SHAPED.transpose(Symbol(write(0), shape(operands[0])), **node.settings).formula
    settings, places = op.written_settings(node.settings), range(len(operands))
    if isinstance(op, ArrayOp) and op.is_variadic:
        return op.notation.write(_bracketed(_ends(places, write)), settings=settings)
    if op.over_lists:
        lists = [_ends(each, write) for each in op.arranged(places)]
        return op.notation.write(*lists[0] if len(lists) == 1 else map(_bracketed, lists), settings=settings)
    notation = TIMES_BY_ELEMENT if op.name == "mul" and all(map(shape, operands)) else op.notation
    return notation.write(*map(write, places), settings=settings)


def _ends(places: Sequence[int], write: Callable[[int], Formula]) -> list[Formula]:
    """The operands of a list as they are written; of a long one those at its ends."""
    if len(places) <= _LISTED:
        return list(map(write, places))
    return [*map(write, places[: _LISTED - 2]), _ELLIPSIS, write(places[-1])]


def _bracketed(items: Sequence[Formula]) -> Formula:
    text, latex = (", ".join(each) for each in zip(*[(item.text, item.latex) for item in items], strict=True))
    return Formula.name(f"[{text}]", rf"\left[{latex}\right]")


@dataclass(frozen=True, slots=True)
class LocalDerivative:
    """∂ `operation` / ∂ `operand`: what the definition says it is, and the number that was recorded on the edge.

    `formula` is None where it says no more than the number, as for a sum, or would be too long to read.
    """

    operation: Formula
    operand: Formula
    formula: Formula | None
    value: Any

    @property
    def equation(self) -> Formula:
        """All of it on one line: `∂tanh(a)/∂a = 1 - tanh(a)² = 0.42`."""
        sides = [derivative(self.operation, self.operand), self.formula, number(self.value)]
        return equation(*[side for side in sides if side is not None])

    def __str__(self) -> str:
        return self.equation.text


def local_derivatives(
    node: Node, names: Mapping[Node, str], indices: Iterable[int] | None = None
) -> list[LocalDerivative]:
    """The local derivative on the edge to each parent of `node`, or to those of the given indices.

    An operation that mixes the elements of arrays has none: `passed_back` says what it does.

    An operand that occurs twice is told apart by a subscript: of `x·x`, the derivative in the first factor is x₂.

    >>> from autograd import Value
    >>> x = Value(3.0, "x")
    >>> for derivative in local_derivatives(x * x, {x: "x"}):
    ...     print(derivative)
    ∂(x₁·x₂)/∂x₁ = x₂ = 3
    ∂(x₁·x₂)/∂x₂ = x₁ = 3
    """
    if node.op is None or isinstance(node.op, ArrayOp):
        return []
    operands = node.operands
    places = [i for i, x in enumerate(operands) if isinstance(x, Node)]  # of the parents
    write = _told_apart(operands, names)
    written = _applied(node, write)
    formulas: Sequence[Formula | float | None] = [None] * len(places)
    if type(node.data) is not float:
        formulas = _formulas_of_arrays(node, places, write, written)
    elif len(operands) <= _MOST_OPERANDS:
        formulas = _formulas(node.op, operands, [write(i) for i in range(len(operands))], written)
    wanted = range(len(places)) if indices is None else indices
    return [LocalDerivative(written, write(places[i]), _readable(formulas[i]), node.local(i)) for i in wanted]


def passed_back(node: Node, index: int, gradient: Formula, written: Written) -> Formula | None:
    """What a Tensor passes to its parent number `index` of its own gradient, read from its operation's definition.

    None if the definition cannot be read so, or that would be too long to read.

    >>> from autograd import Tensor
    >>> x, w = Tensor([[1.0, 2.0]], "x"), Tensor([[3.0], [4.0]], "w")
    >>> print(passed_back(x @ w, 1, name("g"), lambda node: name(node.label)))
    xᵀ @ g
    """
    op, operands = node.op, node.operands
    assert op is not None
    place = [i for i, x in enumerate(operands) if isinstance(x, Node)][index]
    symbols = [_symbol(x, _operand(x, written)) for x in operands]
    out = Symbol(operation(node, written), shape(node))
    found = _read(lambda: op.vjp(SHAPED, place, Symbol(gradient, shape(node)), symbols, out, node.settings))
    return _readable(found)


def _symbol(x: Any, written: Formula) -> Any:
    return Symbol(written, shape(x)) if isinstance(x, Node) else x


def _read(reading: Callable[[], Any]) -> Any:
    """The formula that a reading of a definition with symbols gives; None of one that is fit for numbers alone."""
    try:
        found = reading()
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None
    return found.formula if isinstance(found, Symbol) else found


def _formulas_of_arrays(
    node: Node, places: Sequence[int], write: Callable[[int], Formula], written: Formula
) -> list[Formula | float | None]:
    """The definition's local derivatives, element by element."""
    op, settings, out = node.op, node.settings, Symbol(written, shape(node))
    assert op is not None
    symbols = [_symbol(x, write(i)) for i, x in enumerate(node.operands)]
    return [_read(partial(op.array_derivative, SHAPED, i, symbols, out, settings)) for i in places]


def _formulas(
    op: Op, operands: Sequence[Node | float], names: Sequence[Formula], written: Formula
) -> Sequence[Formula | float | None]:
    """The definition's local derivatives, read with the operands' names, and with the constants as they are.

    A user's definition may be fit for numbers alone, as with `math.exp` in it: then there are none.
    """
    is_node = [isinstance(x, Node) for x in operands]
    mixed = [x if isinstance(x, float) else name for x, name in zip(operands, names, strict=True)]
    try:
        formulas: list[Formula | float] = op.local_derivatives(SYMBOLS, op.arranged(mixed), written, is_node)
    except (TypeError, AttributeError):
        return [None] * sum(is_node)
    return formulas


def _readable(formula: Formula | float | None) -> Formula | None:
    return formula if isinstance(formula, Formula) and len(formula.text) <= _LONGEST_FORMULA else None


def _told_apart(operands: Sequence[Node | float], names: Mapping[Node, str]) -> Callable[[int], Formula]:
    """What writes the operand at a place: by its name, with a subscript if it occurs more than once."""
    occurrences = Counter(x for x in operands if isinstance(x, Node))

    def write(place: int) -> Formula:
        operand = operands[place]
        plain = _operand(operand, lambda node: name(names[node]))
        if not isinstance(operand, Node) or occurrences[operand] == 1:
            return plain
        number = sum(x is operand for x in operands[: place + 1])
        return Formula.name(plain.text + str(number).translate(_SUBSCRIPTS), rf"{{{plain.latex}}}_{{({number})}}")

    return write
