"""Formulas with the right parentheses, as text and as LaTeX.

`Formula` stands in for a number when a definition is read for its symbols: the operators and functions that the
definition applies to it write themselves down.

>>> x, y = Formula.name("x"), Formula.name("y")
>>> print(1 - (x - y) * x / y)
1 - (x - y)·x/y
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

from autograd.numerals import tidy

OR, AND, COMPARE, ADD, MUL, NEG, POW, ATOM = range(8)

_SIGNS = ("+", "-", "·", "/", "%", r"\cdot", r"\bmod")
_EXACT_LENGTH = 10  # characters of a number that is not rounded
_TEX_ESCAPES = str.maketrans({c: rf"\{c}" for c in "{}$&#_%"} | {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"})


def escaped(text: str) -> str:
    """The text with the characters escaped that mean something to TeX."""
    return text.translate(_TEX_ESCAPES)


@dataclass(frozen=True, slots=True)
class Notation:
    """How an operation is written: templates whose `{0}`, `{1}` … are its operands, and how tightly it binds.

    `{all}` are the operands and the settings of the call, `{index}` the only setting, without parentheses.

    `operands` gives, for each operand, the binding below which it needs parentheses; the last one serves any further.
    `latex_operands` does so for LaTeX, where it differs: a fraction bar groups what is above and below it.
    """

    text: str
    latex: str
    precedence: int
    operands: tuple[int, ...]
    latex_operands: tuple[int, ...] | None = None

    def write(self, *operands: "Formula | float", settings: Sequence[str] = ()) -> "Formula":
        """The formula of the operation applied to `operands`, with its `settings` as they are written."""
        formulas = [Formula.of(x) for x in operands]
        texts = [f.bound(least)[0] for f, least in _paired(formulas, _signs_apart(self.text, formulas, self.operands))]
        bindings = _signs_apart(self.latex, formulas, self.latex_operands or self.operands)
        latexes = [f.bound(least)[1] for f, least in _paired(formulas, bindings)]
        told = [rf"\text{{{escaped(setting)}}}" for setting in settings]
        index = ", ".join(settings)
        if index.startswith("("):
            index = index[1:-1].removesuffix(",") or index
        text = self.text.format(*texts, all=", ".join([*texts, *settings]), index=index)
        latex = self.latex.format(*latexes, all=", ".join([*latexes, *told]), index=rf"\text{{{escaped(index)}}}")
        return Formula(text, latex, self.precedence)


def _signs_apart(template: str, formulas: "list[Formula]", bindings: tuple[int, ...]) -> tuple[int, ...]:
    """The bindings, raised for what begins with a minus sign and would stand next to another sign: x - (-3)."""
    raised = []
    for i, (formula, least) in enumerate(_paired(formulas, bindings)):
        before, placeholder, _ = template.partition(f"{{{i}}}")
        follows_a_sign = placeholder and before.rstrip().endswith(_SIGNS)
        raised.append(ATOM if follows_a_sign and formula.text.startswith("-") else least)
    return tuple(raised) or bindings


def _paired(formulas: "list[Formula]", bindings: tuple[int, ...]) -> "Iterator[tuple[Formula, int]]":
    return zip(formulas, chain(bindings, repeat(bindings[-1])), strict=False)


def infix(text: str, latex: str, precedence: int, *, associative: bool = True) -> Notation:
    """The notation of an operator between two operands: a right operand that binds no tighter gets parentheses."""
    return Notation(f"{{0}}{text}{{1}}", f"{{0}}{latex}{{1}}", precedence, (precedence, precedence + (not associative)))


def call(name: str) -> Notation:
    """The notation of a named function: `name(x, y)`."""
    latex_name = name.replace("_", r"\_")
    known = rf"\{name}" if name in LATEX_FUNCTIONS else rf"\operatorname{{{{{latex_name}}}}}"
    return Notation(f"{name}({{all}})", rf"{known}\left({{all}}\right)", ATOM, (OR,))


LATEX_FUNCTIONS = frozenset({"cos", "cosh", "exp", "log", "max", "min", "sin", "sinh", "tan", "tanh"})

PLUS = infix(" + ", " + ", ADD)
MINUS = infix(" - ", " - ", ADD, associative=False)
TIMES = infix("·", r" \cdot ", MUL)
TIMES_BY_ELEMENT = infix(" ⊙ ", r" \odot ", MUL)
MATRIX_PRODUCT = Notation("{0} @ {1}", r"{0} \, {1}", MUL, (MUL, NEG))
TRANSPOSED = Notation("{0}ᵀ", r"{0}^\top", POW, (ATOM,))
PART = Notation("{0}[{index}]", "{0}[{index}]", ATOM, (ATOM,))
OVER = Notation("{0}/{1}", r"\frac{{{0}}}{{{1}}}", MUL, (MUL, NEG), (OR, OR))
MODULO = Notation("{0} % {1}", r"{0} \bmod {1}", COMPARE, (NEG, NEG))  # in sums and products it gets parentheses
POWER = Notation("{0}^{1}", "{0}^{{{1}}}", POW, (ATOM, POW), (ATOM, OR))
SQUARE = Notation("{0}²", "{0}^{{2}}", POW, (ATOM,))
BARS = Notation("|{0}|", r"\left|{0}\right|", ATOM, (COMPARE,))
MINUS_SIGN = Notation("-{0}", "-{0}", NEG, (NEG,))


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A formula as text and LaTeX, with the precedence of its outermost operator."""

    text: str
    latex: str
    precedence: int = ATOM

    @classmethod
    def name(cls, text: str, latex: str | None = None) -> "Formula":
        """The formula of a variable."""
        return cls(text, text if latex is None else latex)

    @classmethod
    def of(cls, x: "Formula | float") -> "Formula":
        """The formula of a number; a formula is its own."""
        if isinstance(x, Formula):
            return x
        exact = tidy(repr(float(x)))
        return cls.number(exact if len(exact) <= _EXACT_LENGTH else tidy(f"{x:.6g}"))

    @classmethod
    def number(cls, text: str) -> "Formula":
        r"""The formula of a number as it is printed: in LaTeX, `1e-7` is `1 \times 10^{-7}`.

        >>> Formula.number("-1e-7").latex
        '-1 \\times 10^{-7}'
        """
        mantissa, e, exponent = text.partition("e")
        latex = mantissa.replace("≈", r"\approx ").replace("inf", r"\infty").replace("nan", r"\text{nan}")
        if e:
            return cls(text, rf"{latex} \times 10^{{{exponent}}}", MUL)
        return cls(text, latex, NEG if text.startswith("-") else ATOM)

    def bound(self, precedence: int) -> tuple[str, str]:
        """Text and LaTeX, in parentheses if they bind less tightly than `precedence`."""
        if self.precedence >= precedence:
            return self.text, self.latex
        return f"({self.text})", rf"\left({self.latex}\right)"

    def __str__(self) -> str:
        return self.text

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"

    def __neg__(self) -> "Formula":
        return MINUS_SIGN.write(self)

    def __abs__(self) -> "Formula":
        return BARS.write(self)

    def __pow__(self, other: "Formula | float") -> "Formula":
        return POWER.write(self, other)

    def __rpow__(self, other: float) -> "Formula":
        return POWER.write(other, self)

    def __bool__(self) -> bool:
        raise TypeError(
            "a definition is read with symbols too, which are neither true nor false: use m.where(…), not if"
        )

    def __and__(self, other: "Formula | bool") -> Any:
        if isinstance(other, bool):
            return self if other else False
        return infix(" and ", r" \wedge ", AND).write(self, other)

    def __or__(self, other: "Formula | bool") -> Any:
        if isinstance(other, bool):
            return True if other else self
        return infix(" or ", r" \vee ", OR).write(self, other)

    __rand__, __ror__ = __and__, __or__

    def __add__(self, other: "Formula | float") -> "Formula":
        return PLUS.write(self, other)

    def __radd__(self, other: float) -> "Formula":
        return PLUS.write(other, self)

    def __sub__(self, other: "Formula | float") -> "Formula":
        if isinstance(other, float) and other == 0.0:
            return self
        return MINUS.write(self, other)

    def __rsub__(self, other: float) -> "Formula":
        return MINUS.write(other, self)

    def __mul__(self, other: "Formula | float") -> "Formula":
        if other is self:
            return SQUARE.write(self)
        return self if _is_one(other) else TIMES.write(self, other)

    def __rmul__(self, other: float) -> "Formula":
        return self if _is_one(other) else TIMES.write(other, self)

    def __truediv__(self, other: "Formula | float") -> "Formula":
        return OVER.write(self, other)

    def __rtruediv__(self, other: float) -> "Formula":
        return OVER.write(other, self)

    def __mod__(self, other: "Formula | float") -> "Formula":
        return MODULO.write(self, other)

    def __rmod__(self, other: float) -> "Formula":
        return MODULO.write(other, self)

    def __lt__(self, other: "Formula | float") -> "Formula":
        return infix(" < ", " < ", COMPARE).write(self, other)

    def __le__(self, other: "Formula | float") -> "Formula":
        return infix(" ≤ ", r" \le ", COMPARE).write(self, other)

    def __gt__(self, other: "Formula | float") -> "Formula":
        return infix(" > ", " > ", COMPARE).write(self, other)

    def __ge__(self, other: "Formula | float") -> "Formula":
        return infix(" ≥ ", r" \ge ", COMPARE).write(self, other)

    # A comparison of formulas is a formula too: a definition may branch on `x == y`.
    def __eq__(self, other: Any) -> Any:
        return True if other is self else infix(" = ", " = ", COMPARE).write(self, other)

    def __ne__(self, other: Any) -> Any:
        return False if other is self else infix(" ≠ ", r" \ne ", COMPARE).write(self, other)

    __hash__ = object.__hash__


def _is_one(x: Formula | float) -> bool:
    return isinstance(x, float) and x == 1.0
