"""Row: a list of numbers with arithmetic element by element, as the definitions of operations over lists are written.

Such a definition is written as for an array, in which the operands stand in a row: `m.exp(x - m.shift(x))` is a row
again, and `m.sum(x)` a number. What stands in the row may be floats, Values, symbols or arrays.
"""

import operator
from collections.abc import Callable
from functools import wraps
from typing import Any


class Row(list[Any]):
    """A list with arithmetic and comparisons element by element.

    >>> 2.0 * Row([1.0, 3.0]) - Row([0.5, 0.5])
    [1.5, 5.5]
    """

    __slots__ = ()
    __hash__ = None


def lifted(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function of numbers, for rows: element by element, a number beside them taking part in each.

    >>> lifted(max)(Row([1.0, 3.0]), 2.0)
    [2.0, 3.0]
    """

    @wraps(function)
    def of_rows(*operands: Any) -> Any:
        lengths = [len(x) for x in operands if isinstance(x, Row)]
        if not lengths:
            return function(*operands)
        columns = [x if isinstance(x, Row) else [x] * lengths[0] for x in operands]
        return Row(map(function, *columns))

    return of_rows


def _reflected(function: Callable[..., Any]) -> Callable[..., Any]:
    return lifted(lambda x, y: function(y, x))


for _name in ("add", "sub", "mul", "truediv", "mod", "pow", "and", "or"):
    _function = getattr(operator, f"__{_name}__")
    setattr(Row, f"__{_name}__", lifted(_function))
    setattr(Row, f"__r{_name}__", _reflected(_function))
for _name in ("neg", "abs", "lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Row, f"__{_name}__", lifted(getattr(operator, f"__{_name}__")))


def over_lists(definition: Callable[..., Any]) -> Callable[..., Any]:
    """A definition written for rows, for lists: what it gives for every element alike comes as a list too."""

    @wraps(definition)
    def of_lists(m: Any, x: list[Any], *others: Any) -> Any:
        given = [Row(item) if isinstance(item, (list, tuple)) else item for item in (x, *others)]
        return definition(m.of_rows, *given)

    return of_lists


def slopes_over_lists(definition: Callable[..., Any]) -> Callable[..., Any]:
    """As `over_lists`, for local derivatives: one that all elements share is given once for each."""
    of_lists = over_lists(definition)

    @wraps(definition)
    def slopes(m: Any, x: list[Any], *others: Any) -> list[Any]:
        found = of_lists(m, x, *others)
        return list(found) if isinstance(found, list) else [found] * len(x)

    return slopes
