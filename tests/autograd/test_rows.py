"""A row's arithmetic goes element by element, and a definition written for rows gives lists."""

import operator
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.namespaces import FLOATS
from autograd.rows import Row, lifted, over_lists, slopes_over_lists

OPERATORS = [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.mod, operator.pow, operator.lt, operator.le,
    operator.gt, operator.ge, operator.eq, operator.ne,
]  # fmt: skip
numbers = st.floats(0.5, 4.0)


@pytest.mark.parametrize("apply", OPERATORS)
@given(pairs=st.lists(st.tuples(numbers, numbers), max_size=5), number=numbers)
def test_operators_go_element_by_element(
    apply: Callable[[Any, Any], Any], pairs: list[tuple[float, float]], number: float
) -> None:
    x: Any = Row(a for a, _ in pairs)
    y: Any = Row(b for _, b in pairs)
    assert list(apply(x, y)) == [apply(a, b) for a, b in pairs]
    assert list(apply(x, number)) == [apply(a, number) for a in list(x)]
    assert list(apply(number, x)) == [apply(number, a) for a in list(x)]
    assert all(type(result) is Row for result in (apply(x, y), apply(x, number), apply(number, x)))


def test_conditions_are_joined_element_by_element() -> None:
    x: Any = Row([-1.0, 0.5, 2.0])
    assert list((x > 0.0) & (x < 1.0)) == [False, True, False]
    assert list((x < 0.0) | (x > 1.0)) == [True, False, True]
    assert list(-x) == [1.0, -0.5, -2.0]
    assert list(abs(x)) == [1.0, 0.5, 2.0]


def test_a_function_of_numbers_is_lifted() -> None:
    assert lifted(max)(Row([1.0, 3.0]), 2.0, Row([0.0, 9.0])) == [2.0, 9.0]
    assert lifted(max)(1.0, 2.0) == 2.0


def test_a_definition_for_rows_gives_lists_of_what_it_is_given() -> None:
    value = over_lists(lambda m, x: m.sum(m.exp(x - m.max(x))) / m.count(x))
    assert value(FLOATS, [0.0, 0.0]) == 1.0
    every, shared = slopes_over_lists(lambda m, x, out: out * x), slopes_over_lists(lambda m, x, out: 1.0)
    assert every(FLOATS, [1.0, 2.0], 10.0) == [10.0, 20.0]
    assert shared(FLOATS, [1.0, 2.0, 3.0], 10.0) == [1.0, 1.0, 1.0]
    assert type(every(FLOATS, [1.0, 2.0], 10.0)) is list
