"""The definitions written out as Python methods, so that the eager engine pays for no indirection.

Read with a `SourceNamespace`, a definition gives Python source in place of a number. That is set into the body of a
method, as `dataclasses` writes an `__init__`; for the product of two Values the heart of it reads

    out = (x0 * x1)
    if out - out == 0.0:
        node = new(Value)
        node._dleft = x1
        node._dright = x0

which spares the calls of the definition's three functions: they take longer than all the rest. Where Python's floats
raise, or the result is not finite, or a mode is set that is more than a scope, or an operand is neither a Value nor a
number, the method leaves the work to the general path in `value.py`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from textwrap import indent
from typing import Any

from autograd.namespaces import FLOATS, Namespace
from autograd.op import Op

# Each name in brackets alone on its line stands for a case of `_RESULT`.
OPERATOR = """
def written_out(op, functions):
    def method(self, other):
        mode = current()
        if mode is None or mode.ordinary:
            kind = type(other)
            x0 = self._data
            try:
                if kind is Value:
                    x1 = other._data
                    [two parents]
                elif kind is float or kind is int:
                    x1 = float(other)
                    [first parent, constant]
            except (ArithmeticError, ValueError):
                pass
        return apply_operator(op, self, other)
    return method
"""

REFLECTED = """
def written_out(op, functions):
    def method(self, other):
        mode = current()
        if (mode is None or mode.ordinary) and (type(other) is float or type(other) is int):
            x1 = self._data
            try:
                x0 = float(other)
                [constant, second parent]
            except (ArithmeticError, ValueError):
                pass
        return apply_reflected(op, self, other)
    return method
"""

UNARY = """
def written_out(op, functions):
    def method(self):
        mode = current()
        if mode is None or mode.ordinary:
            x0 = self._data
            try:
                [one parent]
            except (ArithmeticError, ValueError):
                pass
        return apply_generally(op, (self,))
    return method
"""

_RESULT = """\
out = {value}
if out - out == 0.0:
    node = new(Value)
    node._data = out
    node.op = op
    node._left = self
    node._dleft = {dleft}
    node._right = {right}
    node._dright = {dright}
    node._constants = {constants}
    node.grad = node.label = None
    node._place = mode and mode.place
    return node
"""


def written_out(template: str, op: Op, scope: dict[str, Any]) -> Callable[..., Any]:
    """The method that `template` makes of the operation's definition; `scope` holds the other names in it."""
    m = SourceNamespace()
    x = [Source(f"x{i}") for i in range(len(op.operands))]
    try:
        value = Source.of(op.value(m, x))
        first, *second = map(Source.of, op.local_derivatives(m, x, Source("out"), [True] * len(x)))
    except (TypeError, AttributeError) as error:
        hint = "write it with operators and functions of m, such as m.exp(x) and m.where(condition, a, b)"
        raise TypeError(f"the definition of {op.name} cannot be read: {error}; {hint}") from error

    def case(dleft: str, right: str = "None", dright: str = "None", constants: str = "None") -> str:
        return _RESULT.format(value=value, dleft=dleft, right=right, dright=dright, constants=constants)

    cases = {"one parent": case(first)}
    if second:
        cases["two parents"] = case(first, "other", second[0])
        cases["first parent, constant"] = case(first, constants="(None, x1)")
        cases["constant, second parent"] = case(second[0], constants="(x0, None)")
    text = template.replace("functions", ", ".join(m.used))
    text = re.sub(r"^( *)\[(.+)\]\n", lambda found: indent(cases[found[2]], found[1]), text, flags=re.MULTILINE)
    made: dict[str, Any] = {}
    exec(compile(text, f"<chainrule: {op.name}>", "exec"), scope, made)  # the text comes from our definitions alone
    method: Callable[..., Any] = made["written_out"](op, **m.used)
    return method


def _infix(symbol: str) -> Callable[["Source", Any], "Source"]:
    return lambda self, other: Source(f"({self.text} {symbol} {Source.of(other)})")


def _reflected(symbol: str) -> Callable[["Source", Any], "Source"]:
    return lambda self, other: Source(f"({Source.of(other)} {symbol} {self.text})")


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A piece of Python source, which stands in for a number while a definition is read."""

    text: str

    @classmethod
    def of(cls, x: "Source | float") -> str:
        """The source of a number, or what a Source holds."""
        if isinstance(x, Source):
            return x.text
        return repr(float(x)) if x - x == 0.0 else f"float('{x}')"

    def __neg__(self) -> "Source":
        return Source(f"(-{self.text})")

    def __abs__(self) -> "Source":
        return Source(f"abs({self.text})")

    def __pow__(self, other: "Source | float") -> "Source":
        return Source(f"power({self.text}, {Source.of(other)})")

    def __rpow__(self, other: float) -> "Source":
        return Source(f"power({Source.of(other)}, {self.text})")

    def __bool__(self) -> bool:
        raise TypeError(
            "a definition is read with symbols too, which are neither true nor false: use m.where(…), not if"
        )

    __add__, __radd__ = _infix("+"), _reflected("+")
    __sub__, __rsub__ = _infix("-"), _reflected("-")
    __mul__, __rmul__ = _infix("*"), _reflected("*")
    __truediv__, __rtruediv__ = _infix("/"), _reflected("/")
    __mod__, __rmod__ = _infix("%"), _reflected("%")
    __and__, __or__ = _infix("&"), _infix("|")
    __lt__, __le__, __gt__, __ge__ = _infix("<"), _infix("<="), _infix(">"), _infix(">=")
    __eq__, __ne__ = _infix("=="), _infix("!=")  # type: ignore[assignment]
    __hash__ = object.__hash__


class SourceNamespace(Namespace):
    """Reads definitions as Python source, and keeps the float functions that it names in `used`."""

    used: dict[str, Callable[..., Any]]

    def __init__(self) -> None:
        super().__init__({"where": self._chosen})
        self.used = {}

    def __getattr__(self, name: str) -> Callable[..., Source]:
        self.used[f"m_{name}"] = getattr(FLOATS, name)
        return lambda *operands: Source(f"m_{name}({', '.join(map(Source.of, operands))})")

    @staticmethod
    def _chosen(condition: Source | float, x: Source | float, y: Source | float) -> Source:
        return Source(f"({Source.of(x)} if {Source.of(condition)} else {Source.of(y)})")
