"""The namespaces that definitions are read with, for floats, NumPy's arrays and symbols; and the operations by name.

A definition is written with operators and with functions taken from a namespace `m`: those that the namespace brings
with it and, under its name, every operation.
"""

import functools
from collections.abc import Callable, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from autograd import numbers
from autograd.notation import Formula
from autograd.rows import Row, lifted
from autograd.structure import mapped

if TYPE_CHECKING:
    from autograd.arrayop import ArrayOp
    from autograd.op import Op

Definition = Callable[..., Any]

operations: "dict[str, Op]" = {}
"""The operations on numbers, by name. What defines them enters them here: `define.define`."""
array_operations: "dict[str, ArrayOp]" = {}
"""Those on whole arrays, entered by `define.define_array`."""


def find(name: str) -> "Op":
    """The operation of that name; LookupError if there is none."""
    op = operations.get(name) or array_operations.get(name)
    if op is None:
        raise LookupError(f"no operation is named {name!r}: import the module that defines it first")
    return op


class Namespace:
    """What definitions are read with: the given functions and, under its name, every other operation's definition."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        self.__dict__.update(functions)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        try:
            op = find(name)
        except LookupError as error:
            raise AttributeError(f"no operation is named {name!r}") from error
        function = self.__dict__[name] = self.read(op)
        return function

    @functools.cached_property
    def of_rows(self) -> "RowNamespace":
        """The same namespace for definitions written for rows."""
        return RowNamespace(self)

    def read(self, op: "Op") -> Callable[..., Any]:
        """The function that `m.name` stands for in a definition."""
        return functools.partial(op.forward, self)

    def evaluate(self, definition: Definition, *arguments: Any) -> Any:
        """What the definition gives for `arguments`."""
        return definition(self, *arguments)


_FOLDS = {"shift", "sum_less_one"}  # a row into a number, as operations over lists do


class RowNamespace(Namespace):
    """Reads definitions written for rows: a function is that of `base`, element by element, unless it folds a row."""

    def __init__(self, base: Namespace) -> None:
        super().__init__({"count": len, "items": list, "row": lambda items, like: Row(items)})
        self.base = base

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function: Callable[..., Any] = getattr(self.base, name)
        if name not in _FOLDS and not (name in operations and operations[name].over_lists):
            function = lifted(function)
        self.__dict__[name] = function
        return function


class FloatNamespace(Namespace):
    """Reads definitions with Python floats and, where these raise, with NumPy: the results are those of IEEE 754."""

    def evaluate(self, definition: Definition, *arguments: Any) -> Any:
        """What the definition gives for floats, as a float."""
        try:
            result = definition(self, *arguments)
        except (ArithmeticError, ValueError):
            return numbers.as_numpy(definition, ARRAYS, arguments)
        if isinstance(result, (float, list, tuple)):
            return result
        # Python's power of a negative number may be complex, where NumPy's, as IEEE 754's, is nan.
        return numbers.as_numpy(definition, ARRAYS, arguments) if isinstance(result, complex) else float(result)


class ReadableNamespace(Namespace):
    """Reads definitions for people: where an exponent is a plain number, the derivative of x² is 2·x."""

    def pow(self, x: Any, y: Any) -> Any:
        """`pow`, or `x` itself where the exponent is the number 1."""
        return x if isinstance(y, float) and y == 1.0 else self.read(find("pow"))(x, y)

    def power_slope(self, x: Any, y: Any) -> Any:
        """`power_slope` or, where the exponent is a number, the product that it is."""
        if isinstance(y, float):
            return y * self.pow(x, y - 1.0) if y else 0.0
        return self.read(find("power_slope"))(x, y)


class SymbolNamespace(ReadableNamespace):
    """Reads definitions with names: every operation writes itself down, and plain numbers are computed with."""

    def read(self, op: "Op") -> Callable[..., Formula]:
        """The operation's notation, applied to its operands."""
        if op.over_lists:
            return lambda *lists: op.notation.write(*chain.from_iterable(lists))
        return op.notation.write

    def evaluate(self, definition: Definition, *arguments: Any) -> Any:
        """What the definition gives for `arguments`: a formula, or a number where it depends on numbers alone."""
        try:
            return definition(self, *arguments)
        except ArithmeticError:  # two numbers met, as in 1 / 0: they are written down too
            return definition(self, *mapped(Formula.of, arguments))

    def where(self, condition: Formula | float, x: Any, y: Any) -> Any:
        """The operation's notation, or the branch that is taken where plain numbers decide it."""
        if isinstance(condition, Formula):
            return find("where").notation.write(condition, x, y)
        return x if condition else y


FLOATS = FloatNamespace(numbers.FLOATS)
ARRAYS = Namespace(numbers.ARRAYS)
# What is subtracted before exp, against overflow, cancels: in symbols it is 0.
SYMBOLS = SymbolNamespace({"shift": lambda x: 0.0, "sum_less_one": lambda x: find("sum").notation.write(*x, -1.0)})
