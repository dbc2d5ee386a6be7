"""What a good teacher writes on the board: an operation, and its local derivatives, in symbols and in numbers.

Everything here is read from the operations' own definitions, with the names of a graph's nodes in place of symbols.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from autograd.node import Node
from autograd.notation import ATOM, NEG, Formula
from autograd.numerals import numeral
from autograd.op import SYMBOLS

_MOST_OPERANDS = 64  # of an operation over lists, whose derivatives may each name all its operands
_LONGEST_FORMULA = 60
_LISTED = 4

_ELLIPSIS = Formula.name("…", r"\dots")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_IDENTIFIER = re.compile(r"(?P<stem>[^\W\d_]+)(_?(?P<digits>\d+)|_(?P<word>[^\W_]+))?")
_TEX_ESCAPES = str.maketrans({c: rf"\{c}" for c in "{}$&#_%"} | {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"})

Written = Callable[[Node], Formula]


def name(text: str) -> Formula:
    r"""A variable: `x1` has a subscript in LaTeX, `loss` is one word, and what is no identifier is plain text.

    >>> [name(text).latex for text in ("x", "w12", "h_out", "loss", "α", "W[0]", "50%")]
    ['x', 'w_{12}', 'h_{out}', '\\mathit{loss}', '\\alpha', '\\text{W[0]}', '\\text{50\\%}']
    """
    parts = _IDENTIFIER.fullmatch(text)
    if parts is None:
        return Formula.name(text, rf"\text{{{text.translate(_TEX_ESCAPES)}}}")
    stem, subscript = parts["stem"], parts["digits"] or parts["word"]
    latex = _letter(stem) if len(stem) == 1 else rf"\mathit{{{stem}}}"
    return Formula.name(text, f"{latex}_{{{subscript}}}" if subscript else latex)


def _letter(letter: str) -> str:
    """A letter as LaTeX has it: small Greek ones by name."""
    words = unicodedata.name(letter, "").replace("LAMDA", "LAMBDA").lower().split()
    return rf"\{words[3]}" if words[:3] == ["greek", "small", "letter"] and len(words) == 4 else letter


def number(x: float | None) -> Formula:
    r"""A number, rounded as in pictures.

    >>> number(-2e7 / 3)
    Formula(text='-6.667e6', latex='-6.667 \\times 10^{6}', precedence=5)
    """
    text = numeral(x)
    mantissa, e, exponent = text.partition("e")
    latex = mantissa.replace("inf", r"\infty").replace("nan", r"\text{nan}")
    return Formula(text, rf"{latex} \times 10^{{{exponent}}}" if e else latex, NEG if text.startswith("-") else ATOM)


def derivative(of: Formula, by: Formula) -> Formula:
    """∂ `of` / ∂ `by`."""
    return Formula.name(f"∂{of}/∂{by}", rf"\frac{{\partial {of.latex}}}{{\partial {by.latex}}}")


def equation(*sides: Formula) -> Formula:
    """The sides joined by equals signs, those left out that look like the one before."""
    return chained("=", *[side for i, side in enumerate(sides) if not i or side.text != sides[i - 1].text])


def chained(sign: str, *parts: Formula) -> Formula:
    """The parts with a sign such as `=` or `·` between them."""
    latex = {"·": r"\cdot", "+=": r"\mathrel{+}="}.get(sign, sign)
    return Formula.name(f" {sign} ".join(p.text for p in parts), f" {latex} ".join(p.latex for p in parts))


def operation(node: Node, written: Written) -> Formula:
    """The operation that made `node`, on its operands as `written` writes them; a leaf is written itself.

    >>> from autograd import Value
    >>> x, y = Value(3.0, "x"), Value(-2.0, "y")
    >>> str(operation(x * y, lambda node: name(node.label))), str(operation(x * y, lambda node: number(node.data)))
    ('x·y', '3·-2')
    """
    return _applied(node, _operands(node, written)) if node.op else written(node)


def _operands(node: Node, written: Written) -> list[Formula]:
    return [written(x) if isinstance(x, Node) else number(x) for x in node.operands]


def _applied(node: Node, operands: Sequence[Formula]) -> Formula:
    assert node.op is not None
    if not node.op.over_lists:
        return node.op.notation.write(*operands)
    lists = [_shortened(items) for items in node.op.arranged(operands)]
    if len(lists) == 1:
        return node.op.notation.write(*lists[0])
    return node.op.notation.write(*map(_bracketed, lists))


def _shortened(items: Sequence[Formula]) -> list[Formula]:
    """A list of operands; of a long one the first and the last."""
    return list(items) if len(items) <= _LISTED else [*items[: _LISTED - 2], _ELLIPSIS, items[-1]]


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
    value: float

    @property
    def equation(self) -> Formula:
        """All of it on one line: `∂tanh(a)/∂a = 1 - tanh(a)² = 0.42`."""
        sides = [derivative(Formula(*self.operation.bound(ATOM)), self.operand), self.formula, number(self.value)]
        return equation(*[side for side in sides if side is not None])

    def __str__(self) -> str:
        return self.equation.text


def local_derivatives(node: Node, names: Mapping[Node, str]) -> list[LocalDerivative]:
    """The local derivative on the edge to each parent of `node`.

    An operand that occurs twice is told apart by a subscript: of `x·x`, the derivative in the first factor is x₂.

    >>> from autograd import Value
    >>> x = Value(3.0, "x")
    >>> for derivative in local_derivatives(x * x, {x: "x"}):
    ...     print(derivative)
    ∂(x₁·x₂)/∂x₁ = x₂ = 3
    ∂(x₁·x₂)/∂x₂ = x₁ = 3
    """
    if node.op is None:
        return []
    operands = _told_apart(node, names)
    written = _applied(node, operands)
    parents = [operand for operand, x in zip(operands, node.operands, strict=True) if isinstance(x, Node)]
    formulas: list[Formula | None] = [None] * len(parents)
    if len(operands) <= _MOST_OPERANDS:
        formulas = [_readable(formula) for formula in _formulas(node, operands, written)]
    return [LocalDerivative(written, *each) for each in zip(parents, formulas, node.partials, strict=True)]


def _formulas(node: Node, operands: Sequence[Formula], written: Formula) -> "list[Formula | float]":
    """The definition's local derivatives, read with the operands' names and with the constants themselves."""
    assert node.op is not None
    mixed = [name if isinstance(x, Node) else x for name, x in zip(operands, node.operands, strict=True)]
    wanted = [isinstance(x, Node) for x in node.operands]
    return node.op.local_derivatives(SYMBOLS, node.op.arranged(mixed), written, wanted)


def _readable(formula: Formula | float) -> Formula | None:
    return formula if isinstance(formula, Formula) and len(formula.text) <= _LONGEST_FORMULA else None


def _told_apart(node: Node, names: Mapping[Node, str]) -> list[Formula]:
    occurrences = Counter(node.parents)
    counted: Counter[Node] = Counter()

    def written(parent: Node) -> Formula:
        plain = name(names[parent])
        if occurrences[parent] == 1:
            return plain
        counted[parent] += 1
        i = counted[parent]
        return Formula.name(plain.text + str(i).translate(_SUBSCRIPTS), rf"{{{plain.latex}}}_{{({i})}}")

    return _operands(node, written)
