"""Op: an operation defined once, which every other part of the library reads.

A definition is written with operators and with functions taken from a namespace `m`. What `m` is decides what reading
the definition gives: with `FLOATS` a number, with `ARRAYS` a NumPy array, with `SYMBOLS` a formula; and with the
operations themselves (see `higher.py`) a graph, which can be differentiated again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, compress
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from autograd import arrays, numbers
from autograd.namespaces import FLOATS, SYMBOLS, Definition, Namespace, find
from autograd.notation import Formula, Notation

if TYPE_CHECKING:
    from autograd.value import Value


@dataclass(frozen=True, slots=True)
class Interval:
    """An open interval of floats, from which an operand may be drawn for a test."""

    low: float
    high: float


REALS = Interval(-float("inf"), float("inf"))
POSITIVE = Interval(0.0, float("inf"))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Op:
    """An operation: its value, its local derivatives, how it is written, and where it may be tested.

    Called with floats it gives a float; with a `Value` among its operands, a `Value` that remembers them.

    `forward(m, *x)` is the value. `partials` holds one function per operand, `(m, *x, out) -> d out / d x_i`, or None
    for an operand in which it is not differentiable. An operation `over_lists` is given lists in place of numbers, none
    shorter than `least`, and each of its partials gives a list. `domain` is one `Interval` per operand; `kinks` are
    functions `(m, *x)` that are 0 where the derivative is a choice or does not exist.

    >>> import autograd
    >>> autograd.tanh(0.0), autograd.sum([1.0, 2.0])
    (0.0, 3.0)
    >>> autograd.tanh
    <op tanh(x): ∂/∂x = 1 - tanh(x)²>
    """

    name: str
    forward: Definition
    partials: tuple[Definition | None, ...]
    operands: tuple[str, ...]
    defaults: tuple[float, ...]
    notation: Notation
    symbol: str
    domain: tuple[Interval, ...]
    kinks: tuple[Definition, ...]
    over_lists: bool
    least: int

    # mypy sees that a float is also a `Value | float`; the first signature that fits is the one that counts.
    @overload
    def __call__(self, *operands: "float | Iterable[float]", **named: float) -> float: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, *operands: "Value | float | Iterable[Value | float]", **named: "Value | float") -> "Value": ...
    @overload
    def __call__(self, *operands: Any, **named: Any) -> Any: ...
    def __call__(self, *operands: Any, **named: Any) -> Any:
        """The result for these operands: a float or, where one of them is a Value, a Value."""
        if named or len(operands) != len(self.operands):
            operands = self._completed(operands, named)
        if self.over_lists:
            operands = tuple(chain.from_iterable(self.checked_lists(operands)))
        for x in operands:
            if hasattr(x, "apply_op"):
                return x.apply_op(self, operands)
        if any(isinstance(x, np.ndarray) and x.ndim for x in operands):
            return arrays.applied(self, operands, {})
        return self.value(FLOATS, self.arranged([self.number(i, x) for i, x in enumerate(operands)]))

    def _completed(self, given: Sequence[Any], named: Mapping[str, Any]) -> tuple[Any, ...]:
        """The operands in order: those given by position, those given by name, and the defaults of the rest."""
        names = self.operands
        filled = dict(zip(names[len(names) - len(self.defaults) :], self.defaults, strict=True))
        filled.update(zip(names, given, strict=False), **named)
        twice = [name for name in names[: len(given)] if name in named]
        if len(given) > len(names) or filled.keys() != set(names) or twice:
            by_name = f" and {', '.join(named)} by name" if named else ""
            hint = f"; write {self.name}([…])" if self.over_lists and len(names) == 1 else ""
            hint += f", or {self.name}imum(…, …)" if self.name in ("max", "min") else ""
            raise TypeError(f"{self.name}({', '.join(names)}): got {len(given)} operands by position{by_name}{hint}")
        return tuple(filled[name] for name in names)

    def checked_lists(self, operands: Iterable[Any]) -> list[list[Any]]:
        """The lists that an operation over lists is given: all of one length, and none too short."""
        lists = []
        for name, items in zip(self.operands, operands, strict=True):
            try:
                lists.append(list(items))
            except TypeError:
                message = f"{self.name}: {name} must be a list of numbers or Values, got {items!r}"
                raise TypeError(message) from None
        if len(set(map(len, lists))) > 1:
            got = " and ".join(str(len(items)) for items in lists)
            raise ValueError(f"{self.name}: the lists must have one length, got {got}")
        if len(lists[0]) < self.least:
            raise ValueError(f"{self.name} of an empty list is not defined: give it at least {self.least} number")
        return lists

    def number(self, index: int, x: Any) -> float:
        """Operand `index` as a float, or a TypeError that says which operand of which operation was wrong."""
        if type(x) is float:
            return x
        which = f"element {index}" if self.over_lists else f"operand {self.operands[index]}"
        return numbers.number(x, f"{self.name}, {which}")

    def arranged(self, operands: Sequence[Any]) -> Sequence[Any]:
        """The operands as the definition takes them: as they are or, for an operation over lists, list by list."""
        if not self.over_lists:
            return operands
        length = len(operands) // len(self.operands)
        return [operands[i * length : (i + 1) * length] for i in range(len(self.operands))]

    def value(self, m: "Namespace", arguments: Sequence[Any]) -> Any:
        """The operation's value for `arranged` operands, its definition read with `m`."""
        return m.evaluate(self.forward, *arguments)

    def local_derivatives(
        self, m: "Namespace", arguments: Sequence[Any], out: Any, wanted: Sequence[bool]
    ) -> list[Any]:
        """d out / d operand for each operand that is wanted, at `arranged` operands, the definitions read with `m`."""
        arguments = (*arguments, out)
        if self.over_lists:
            every: list[Any] = []
            for partial in self.partials:
                every += m.evaluate(partial, *arguments) if partial else ()
            return every if all(wanted) else list(compress(every, wanted))
        derivatives = []
        for partial, name, is_wanted in zip(self.partials, self.operands, wanted, strict=True):
            if is_wanted:
                if partial is None:
                    raise TypeError(f"{self.name} has no derivative in {name}: give a plain number there")
                derivatives.append(m.evaluate(partial, *arguments))
        return derivatives

    def array_value(self, m: Any, operands: Sequence[Any], settings: Mapping[str, Any]) -> Any:
        """The operation's value for arrays, element by element, its definition read with `m`."""
        return m.evaluate(self.forward, *operands)

    def dtype_of_result(self, dtype: Any, settings: Mapping[str, Any]) -> Any:
        """The dtype of what comes of operands of this one: the same."""
        return dtype

    def vjp(
        self, m: Any, index: int, gradient: Any, operands: Sequence[Any], out: Any, settings: Mapping[str, Any]
    ) -> Any:
        """`gradient · d out / d operand number index` for arrays, in the shape of that operand, read with `m`."""
        local = self.array_derivative(m, index, operands, out, settings)
        product, x = scaled(gradient, local), operands[index]
        like = () if type(x) is float else arrays.shape(x)
        return product if product.shape == like else arrays.unbroadcast(m, product, like)

    def array_derivative(
        self, m: Any, index: int, operands: Sequence[Any], out: Any, settings: Mapping[str, Any]
    ) -> Any:
        """d out / d operand number `index` for arrays, by element; a plain number if all have the same."""
        partial = self.partials[index]
        if partial is None:
            raise TypeError(f"{self.name} has no derivative in {self.operands[index]}: give plain numbers there")
        return m.evaluate(partial, *operands, out)

    def written_settings(self, settings: Mapping[str, Any]) -> list[str]:
        """The settings of a call, as a program writes them: those that are not the default."""
        return []

    def derivative_formulas(self) -> dict[str, Formula]:
        """The local derivative in symbols for each operand, read from the definition itself.

        >>> import autograd
        >>> for name, formula in autograd.hypot.derivative_formulas().items():
        ...     print(name, formula)
        x x/hypot(x, y)
        y y/hypot(x, y)
        """
        partials = [p for p in self.partials for _ in range(2)] if self.over_lists else self.partials
        subscripts = "₁₂" if self.over_lists else [""]
        names = [name + subscript for name in self.operands for subscript in subscripts]
        x = [Formula.name(name, name.translate(_LATEX_SUBSCRIPTS)) for name in names]
        wanted = [partial is not None for partial in partials]
        derivatives = self.local_derivatives(SYMBOLS, self.arranged(x), self.notation.write(*x), wanted)
        return dict(
            zip([n for n, w in zip(names, wanted, strict=True) if w], map(Formula.of, derivatives), strict=True)
        )

    def __repr__(self) -> str:
        try:
            derivatives = ", ".join(f"∂/∂{name} = {formula}" for name, formula in self.derivative_formulas().items())
        except (TypeError, AttributeError):  # a user's definition may be fit for numbers alone
            derivatives = "defined for numbers alone"
        return f"<op {self.name}({', '.join(self.operands)}): {derivatives}>"

    def __reduce__(self) -> tuple[Callable[[str], "Op"], tuple[str]]:
        return find, (self.name,)


def scaled(gradient: Any, local: Any) -> Any:
    """`gradient · local`, without a multiplication by 1 or -1."""
    if type(local) is float:
        if local == 1.0:
            return gradient
        if local == -1.0:
            return -gradient
    return gradient * local


_LATEX_SUBSCRIPTS = str.maketrans({"₁": "_1", "₂": "_2", "_": r"\_"})
