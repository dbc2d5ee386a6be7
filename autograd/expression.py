"""The safe reader of text such as "g = (x + y) * z": Python's own syntax tree, held against a list of what is allowed.

Nothing that a text says is executed. Python's parser gives the tree of each statement; what is not on the list is an
error that points at its column; and what is on it is computed here, one node of the tree after another.
"""

import ast
import math
import operator
import re
from collections import ChainMap
from collections.abc import Callable, Mapping, Set
from itertools import accumulate, count
from types import MappingProxyType
from typing import Any

from autograd import ops
from autograd.define import registry
from autograd.errors import LabelError
from autograd.numbers import number
from autograd.source import Place, Source, did_you_mean, normalized
from autograd.value import Value

CONSTANTS: Mapping[str, float] = {"pi": math.pi, "e": math.e}

_OPERATIONS: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Mod: "remainder", ast.Pow: "pow",
    ast.USub: "neg", ast.UAdd: "identity",
}  # fmt: skip
_COMPARISONS: dict[type[ast.AST], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}  # fmt: skip
_NOT_ALLOWED = {
    ast.Attribute: "a dot after a name has no place here: write tanh(x), not x.tanh() or math.tanh(x)",
    ast.Subscript: "nothing is indexed here: give each number a name of its own, such as w0",
    ast.Tuple: "a comma has no place here: several results are several statements, with ; between them",
    ast.NamedExpr: "':=' has no place here: write x = … as a statement of its own",
    ast.Starred: "a star has no place before an operand",
    ast.FloorDiv: "'//' has no place here: write floor(x / y)",
    ast.MatMult: "'@' has no place here: write dot([…], […])",
}
_WRAPPED: Mapping[str, Callable[..., Any]] = {"softmax": ops.softmax, "where": ops.where}
_OTHER_NAMES = {"ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "sqr": "square", "power": "pow"}
_MOST_SOFTMAXES = 16
_LONGEST_LIST = 250  # softmax makes as many edges as its square
_NO_PLACE = "this has no place in arithmetic"


class Expression:
    """Statements `name = …`, one a line or several with `;` between them; the last may do without a name.

    They are written with numbers, names, `+ - * / % **`, brackets, and every operation by its name, as in
    `clamp(x, max=1)`, `sum([x, y])` and `where(x > 0, x, 0)`; `pi` and `e` are known unless the text gives them other
    numbers. Names that the text does not compute are inputs, and so are those it gives a plain number, as in `x = 2`.

    Raises ExpressionError, which shows the place, for what cannot be read.

    >>> expression = Expression("y = 3; p = x + y; g = p * z")
    >>> expression.inputs, expression.results
    (('y', 'x', 'z'), ('p', 'g'))
    >>> expression.evaluate({"x": 1, "z": -3})["g"]
    Value(-12.0, label='g', op=mul)
    >>> Expression("g = (x + y").evaluate({})
    Traceback (most recent call last):
    autograd.errors.ExpressionError: column 5: this '(' is never closed
      g = (x + y
          ^
    """

    inputs: tuple[str, ...]
    """The names that stand for numbers, in the order in which they first appear."""
    results: tuple[str, ...]
    """The names of what is computed, in order; the last is the result."""

    def __init__(self, text: str) -> None:
        self._source = source = Source(text)
        trees = [_Tree(source, statement.body) for statement in source.statements]
        names = _statement_names(source, {used for tree in trees for used, _ in tree.names})
        self._trees: dict[str, _Tree] = {}
        self._first_use: dict[str, Place] = {}
        calls = [call for tree in trees for call in tree.calls_of("softmax")]
        if len(calls) > _MOST_SOFTMAXES:
            message = f"softmax is called {len(calls)} times: at most {_MOST_SOFTMAXES}, as it makes very many edges"
            raise source.error(message, calls[_MOST_SOFTMAXES])
        results: dict[str, None] = {}  # a set that keeps their order
        for name, tree, statement in zip(names, trees, source.statements, strict=True):
            for used, place in tree.names:
                if used in names and used not in self._trees:
                    raise source.error(f"{used} is used before it is computed", place)
                self._first_use.setdefault(used, place)
            self._trees[name] = tree
            if any(used in names or used not in CONSTANTS for used, _ in tree.names) or statement.name is None:
                results[name] = None
            else:
                self._first_use.setdefault(name, statement.name_place)
        self.results = tuple(results)
        self.inputs = tuple(x for x in self._first_use if x not in results and (x in names or x not in CONSTANTS))

    def evaluate(self, numbers: Mapping[str, float | Value] = MappingProxyType({})) -> dict[str, Value]:
        """The Values of a new graph by name, each labelled with it: the inputs, then the results, the last at the end.

        `numbers` are those of the inputs; where the text has a number for one too, that gives way. An input that is
        given a Value is that Value. `p = x` makes a node of its own, by `identity`, and leaves x its label.

        Raises ExpressionError for an input without a number, LabelError for a number without an input, TypeError for
        what is no number, OverflowError for one beyond the floats. A result that is infinite or nan is a
        NonFiniteWarning, as ever.

        >>> values = Expression("(x + y) * z").evaluate({"x": 1, "y": 3, "z": -3})
        >>> values["result"].backward()
        >>> {name: value.grad for name, value in values.items()}
        {'x': -3.0, 'y': -3.0, 'z': 4.0, 'result': 1.0}
        """
        given = [normalized(str(name)) for name in numbers]
        if len(set(given)) < len(given):
            raise LabelError(f"one name is given two numbers: {', '.join(given[:10])}")
        pairs = zip(given, numbers.values(), strict=True)
        numbers = {name: x if isinstance(x, Value) else number(x, name) for name, x in pairs}
        self._check_given(numbers)
        values: dict[str, Value] = {}
        for name in self.inputs:
            x = numbers[name] if name in numbers else self._trees[name].value(CONSTANTS)
            values[name] = x if isinstance(x, Value) else Value(x, name)
        names = ChainMap[str, Any](values, dict(CONSTANTS))
        for name in self.results:
            out = self._trees[name].value(names)
            if not isinstance(out, Value):  # no variable but in a condition
                out = Value(out)
            values[name] = out if out.label is None else ops.identity(out)
            values[name].label = name
        return values

    def _check_given(self, numbers: Mapping[str, float | Value]) -> None:
        listed = (", ".join(self.inputs[:10]) or "none") + (", …" if len(self.inputs) > 10 else "")
        for name in self.inputs:
            if name not in numbers and name not in self._trees:
                others = [x for x in (*numbers, *self.inputs, *CONSTANTS) if x != name and x not in self._trees]
                hint = did_you_mean(name, others) or f": give it one, as in {name}=1"
                raise self._source.error(f"{name!r} has no number{hint}", self._first_use[name])
        for name in numbers:
            if name in self.results:
                raise LabelError(f"{name!r} is computed, so it cannot be given a number: the inputs are {listed}")
            if name in CONSTANTS and name not in self.inputs:
                raise LabelError(
                    f"{name!r} is a constant here: to give it another number, write {name} = … in the text"
                )
            if name not in self._first_use:
                hint = did_you_mean(name, list(self.inputs))
                raise LabelError(f"nothing is named {name!r}{hint or f': the inputs are {listed}'}")


class _Tree:
    """The syntax tree of one statement's right side, all of whose parts are allowed."""

    def __init__(self, source: Source, body: Place) -> None:
        self.source, self.body = source, body
        # In brackets the text may run over several lines and begin with a space, as nowhere else in Python.
        code = source.code[body.start : body.end]
        self.lines = [f"{line}\n" for line in f"({code}\n)".split("\n")]
        self.starts = [0, *accumulate(map(len, self.lines))]
        parts = list(ast.walk(self._parsed()))
        functions = {part.func for part in parts if isinstance(part, ast.Call)}
        # A part is listed after those it consists of: their values are known before its own is computed.
        self.operands = [part for part in reversed(parts) if isinstance(part, ast.expr) and part not in functions]
        for part in parts:
            self._check(part, functions)
        found = [(part.id, self.place(part)) for part in self.operands if isinstance(part, ast.Name)]
        self.names = sorted(found, key=lambda each: each[1].start)  # those that stand for numbers

    def calls_of(self, name: str) -> list[Place]:
        """Where a function is called."""
        return [
            self.place(part)
            for part in self.operands
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == name
        ]

    def _parsed(self) -> ast.expr:
        try:
            return ast.parse("".join(self.lines), mode="eval").body
        except SyntaxError as error:
            start = self._index(error.lineno or 1, (error.offset or 1) - 1)
            place = Place(start, start + 1)
            if start >= self.body.end:
                end = Place(self.body.end, self.body.end)
                raise self.source.error("something is missing at the end", end) from None
            raise self.source.error(f"'{self.source.quoted(place)}' is not expected here", place) from None
        except (RecursionError, MemoryError):
            message = "this is too long a sum, or too deeply nested: split it into statements, or use sum([…])"
            raise self.source.error(message, self.body) from None

    def _index(self, line: int, column: int) -> int:
        """Where in the text a line and column of what was parsed stand; the bracket put before it is not there."""
        return self.body.start + self.starts[line - 1] + column - 1

    def place(self, part: ast.expr) -> Place:
        """Where a part of the tree stands in the text."""
        ends = []
        for line, column in ((part.lineno, part.col_offset), (part.end_lineno, part.end_col_offset)):
            text, characters = self.lines[(line or 1) - 1], column or 0
            if not text.isascii():  # columns are counted in bytes
                characters = len(text.encode()[:column].decode())
            ends.append(self._index(line or 1, characters))
        return Place(max(ends[0], self.body.start), min(ends[1], self.body.end))

    def _check(self, part: ast.AST, functions: Set[ast.AST]) -> None:
        """Raise an ExpressionError unless a part is one that is allowed."""
        if not isinstance(part, ast.expr) or part in functions:
            return
        message = ""
        match part:
            case ast.Constant():
                message = "" if type(part.value) in (int, float) else _NO_PLACE
            case ast.Name() if part.id in registry:
                message = f"{part.id} is a function: write {part.id}(…)"
            case ast.BinOp() | ast.UnaryOp() if type(part.op) not in _OPERATIONS:
                message = _NOT_ALLOWED.get(type(part.op), "the operators are + - * / % **")
            case ast.List() if len(part.elts) > _LONGEST_LIST:
                message = f"a list of {len(part.elts):,} numbers: at most {_LONGEST_LIST} are read"
            case ast.Compare() if len(part.ops) > 1:
                message = "comparisons are not chained: put one where(…) inside the other"
            case ast.Call(func=ast.Name(id=name)) if name not in registry:
                other = _OTHER_NAMES.get(name)
                hint = did_you_mean(name, list(registry)) or "; to multiply, write *"
                hint = f"; did you mean {other!r}?" if other else hint
                message = f"no function is named {name!r}{hint}"
            case ast.Call(func=ast.Name()) if any(keyword.arg is None for keyword in part.keywords):
                message = _NOT_ALLOWED[ast.Starred]
            case ast.Call() if not isinstance(part.func, ast.Name):
                message = "only functions can be called: to multiply, write *"
            case ast.Tuple(elts=[]):
                message = "there is nothing in these brackets"
            case ast.Name() | ast.BinOp() | ast.UnaryOp() | ast.Compare() | ast.Call() | ast.List():
                pass
            case _:
                message = _NOT_ALLOWED.get(type(part), _NO_PLACE)
        if message:
            raise self.source.error(message, self.place(part))

    def value(self, names: Mapping[str, Any]) -> Any:
        """What the statement comes to, where its names stand for these numbers or Values."""
        found: dict[ast.expr, Any] = {}
        for part in self.operands:
            try:
                found[part] = self._value(part, found, names)
            except (TypeError, ValueError, OverflowError) as error:
                raise self.source.error(str(error), self.place(part)) from None
            if isinstance(found[part], float) and not math.isfinite(found[part]) and not isinstance(part, ast.Name):
                message = f"{self.source.quoted(self.place(part))} is {found[part]}, not a finite number"
                raise self.source.error(message, self.place(part))
        result = found[self.operands[-1]]
        if not isinstance(result, (Value, float)):
            what = "a list" if isinstance(result, list) else "a comparison"
            raise self.source.error(f"this is {what}, where one number is needed", self.place(self.operands[-1]))
        return result

    def _value(self, part: ast.expr, found: Mapping[ast.expr, Any], names: Mapping[str, Any]) -> Any:
        match part:
            case ast.Constant():
                return float(part.value)  # type: ignore[arg-type]
            case ast.Name():
                return names[part.id]
            case ast.List():
                return [found[item] for item in part.elts]
            case ast.UnaryOp():
                return registry[_OPERATIONS[type(part.op)]](found[part.operand])
            case ast.BinOp():
                return registry[_OPERATIONS[type(part.op)]](found[part.left], found[part.right])
            case ast.Compare():
                return _COMPARISONS[type(part.ops[0])](found[part.left], found[part.comparators[0]])
            case ast.Call(func=ast.Name(id=name)):
                function = _WRAPPED.get(name, registry[name])
                named = {str(keyword.arg): found[keyword.value] for keyword in part.keywords}
                return function(*[found[operand] for operand in part.args], **named)
        raise AssertionError(f"{ast.dump(part)} was let through")


def read_number(text: str) -> float:
    """The number that a text such as "3", "-1e-3", "1/3", "pi/2" or "sqrt(2)" stands for; "inf" and "nan" too.

    Raises ExpressionError for what is no number, or beyond the floats.

    >>> read_number("1/4"), read_number("-inf")
    (0.25, -inf)
    """
    if re.fullmatch(r"\s*[+-]?(inf|nan)\s*", text, re.IGNORECASE):
        return float(text)
    source = Source(text)
    first, *others = source.statements
    if others or first.name is not None:
        raise source.error("one number is expected here, and nothing else", first.body)
    tree = _Tree(source, first.body)
    for name, place in tree.names:
        if name not in CONSTANTS:
            raise source.error(f"a number is expected here, not the name {name!r}", place)
    return float(tree.value(CONSTANTS))


def _statement_names(source: Source, used: Set[str]) -> dict[str, None]:
    """What each statement is called, in order, the last of them perhaps by a name that is not used otherwise."""
    names: dict[str, None] = {}
    for statement in source.statements:
        name = statement.name
        if name is None:
            if statement is not source.statements[-1]:
                raise source.error("this has no name, so nothing can use it: write name = … in front", statement.body)
            name = next(free for i in count() if (free := "result" + "_" * i) not in {*used, *names})
        if name in registry:
            raise source.error(f"{name} is a function: choose another name", statement.name_place)
        if name in names:
            raise source.error(f"{name} is computed already: choose another name", statement.name_place)
        names[name] = None
    return names
