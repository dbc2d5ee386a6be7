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
number, the method leaves the work to the general path in `value.py`. Of operations over lists, sums and dot products
of Values are written out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from textwrap import indent
from typing import Any

from autograd.arrayop import Reduction
from autograd.namespaces import FLOATS, Namespace, operations
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

LISTS = """
def written_out(op, functions):
    def method(operands):
        mode = current()
        if len(operands) > 2 and (mode is None or mode.ordinary) and set(map(type, operands)) == {Value}:
            x = list(map(get_data, operands))
            try:
                [many parents]
            except (ArithmeticError, ValueError):
                pass
        return apply_generally(op, operands)
    return method
"""

_RESULT = """\
out = {value}
if out - out == 0.0:
    node = new(Value)
    node._data = out
    node.op = op
    node._left = {left}
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
    cases = {"one parent": _result(value, first)}
    if second:
        cases["two parents"] = _result(value, first, right="other", dright=second[0])
        cases["first parent, constant"] = _result(value, first, constants="(None, x1)")
        cases["constant, second parent"] = _result(value, second[0], constants="(x0, None)")
    return _compiled(template, cases, op, m, scope)


def written_out_for_lists(op: Reduction, scope: dict[str, Any]) -> Callable[..., Any] | None:
    """The method that takes all elements, list after list, of an operation over lists of Values.

    None if the definition does more than to fold rows, as a sum does, and to give rows or a number as derivatives; or
    if the operation has other definitions now than those for rows.
    """
    forward, partials = op.in_rows
    if [getattr(read, "__wrapped__", None) for read in (op.forward, *op.partials)] != [forward, *partials]:
        return None
    m = RowSourceNamespace()
    rows = [RowSource(f"x{i}") for i in range(len(op.operands))]
    try:
        value = Source.of(forward(m, *rows))
        slopes = [partial(m, *rows, Source("out")) for partial in partials if partial]
        each = [x.text if isinstance(x, RowSource) else f"({Source.of(x)},) * n" for x in slopes]
    except (TypeError, AttributeError):
        return None
    lines = [f"n = len(x) // {len(rows)}", *(f"{row.text} = x[{i} * n : {i + 1} * n]" for i, row in enumerate(rows))]
    result = _result(value, f"(*{', *'.join(each)},)", left="operands")
    return _compiled(LISTS, {"many parents": "\n".join([*lines, result])}, op, m, scope)


def _result(
    value: str, dleft: str, left: str = "self", right: str = "None", dright: str = "None", constants: str = "None"
) -> str:
    return _RESULT.format(value=value, left=left, dleft=dleft, right=right, dright=dright, constants=constants)


def _compiled(
    template: str, cases: dict[str, str], op: Op, m: "SourceNamespace", scope: dict[str, Any]
) -> Callable[..., Any]:
    """The method whose source is `template` with the cases in place of their names in brackets."""
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


@dataclass(frozen=True, slots=True, eq=False)
class RowSource:
    """The name of a list of numbers in Python source. It has no arithmetic: that would go element by element."""

    text: str


class RowSourceNamespace(SourceNamespace):
    """Reads definitions written for rows, as far as they give names of rows to functions that fold them."""

    @staticmethod
    def count(row: RowSource) -> Source:
        """How many elements there are."""
        return Source(f"len({row.text})")

    def __getattr__(self, name: str) -> Callable[..., Source]:
        if name not in operations or not operations[name].over_lists:
            return super().__getattr__(name)
        self.used[f"m_{name}"] = getattr(FLOATS, name)
        return lambda *rows: Source(f"m_{name}({', '.join(row.text for row in rows)})")
