"""Operators on Values make new nodes; a number on either side is a constant, which nothing is computed for."""

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value

Operator = Callable[[Any, Any], Any]
# What each operator's partial derivatives are, as in a table of derivatives; exponents are whole numbers here.
TABLE: dict[Operator, Callable[[float, float], tuple[float, float]]] = {
    operator.add: lambda x, y: (1.0, 1.0),
    operator.sub: lambda x, y: (1.0, -1.0),
    operator.mul: lambda x, y: (y, x),
    operator.truediv: lambda x, y: (1.0 / y, -x / (y * y)),
    operator.mod: lambda x, y: (1.0, -float(x // y)),
    operator.pow: lambda x, y: (y * x ** (y - 1), x**y * math.log(x)),
}
POSITIVE = st.integers(1, 8).map(float)


@pytest.mark.parametrize("apply", TABLE)
@given(POSITIVE, POSITIVE)
def test_an_operator_gives_python_s_result_and_the_table_s_derivatives(apply: Operator, x: float, y: float) -> None:
    result = apply(Value(x), Value(y))
    assert result.data == apply(x, y)
    assert result.partials == pytest.approx(TABLE[apply](x, y), rel=1e-14)


NUMBERS: list[Callable[[int], Any]] = [
    int, float, np.float16, np.float32, np.float64, np.longdouble, np.int8, np.uint16, np.int64,
    lambda x: np.array(x), lambda x: np.array(x, dtype=np.float32), lambda x: np.array(float(x)),
]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("apply", TABLE)
def test_a_number_of_any_kind_may_stand_on_either_side(apply: Operator, number: Callable[[int], Any]) -> None:
    x = Value(5.0)
    for result, expected, partial, operands in [
        (apply(x, number(3)), apply(5.0, 3.0), TABLE[apply](5.0, 3.0)[0], (x, 3.0)),
        (apply(number(3), x), apply(3.0, 5.0), TABLE[apply](3.0, 5.0)[1], (3.0, x)),
    ]:
        assert isinstance(result, Value)
        assert result.data == expected
        assert result.partials == pytest.approx((partial,), rel=1e-14)
        assert result.parents == (x,)
        assert result.operands == operands
        assert {type(operand) for operand in result.operands} == {float, Value}


def test_signs_and_abs_are_nodes_too() -> None:
    x = Value(-2.0)
    assert [(y.data, y.partials) for y in (-x, +x, abs(x))] == [(2.0, (-1.0,)), (-2.0, (1.0,)), (2.0, (-1.0,))]


def test_a_square_has_two_edges_to_one_parent() -> None:
    x = Value(3.0)
    product = x * x
    assert product.parents == (x, x)
    assert product.partials == (3.0, 3.0)
    product.backward()
    assert x.grad == 6.0


@pytest.mark.parametrize("apply", [operator.iadd, operator.isub, operator.imul, operator.itruediv, operator.ipow])
def test_an_assignment_operator_makes_a_new_node_and_leaves_the_old(apply: Operator) -> None:
    x = y = Value(3.0)
    y = apply(y, 2.0)
    assert y is not x
    assert (x.data, x.parents) == (3.0, ())
    assert y.parents == (x,)


def test_a_number_that_takes_part_gets_no_derivative() -> None:
    square = Value(-2.0) ** 2  # d(x^y)/dy is x^y·log(x): the log of a negative number, if it were computed
    assert (square.data, square.partials) == (4.0, (-4.0,))
    assert (Value(-2.0) ** 2.0).partials == (-4.0,)
    assert (Value(0.0) ** np.float64(3)).partials == (0.0,)
    cube = (-2.0) ** Value(3.0)
    assert cube.data == -8.0
    assert len(cube.partials) == 1
    assert math.isnan(cube.partials[0])  # here it is asked for, and there is none
    assert autograd.maximum(Value(1.0), 1.0).partials == (0.5,)


def test_an_operation_of_numbers_alone_gives_a_number() -> None:
    assert autograd.tanh(0.0) == 0.0
    assert type(autograd.tanh(0.0)) is float
    assert type(autograd.dot([1, 2], [np.float64(3), 4])) is float


def test_a_later_change_of_data_cannot_falsify_backward() -> None:
    x, y = Value(2.0), Value(3.0)
    product = x * y
    result = product * product
    x.data, y.data, product.data = 100.0, 200.0, 300.0
    result.backward()
    assert (result.data, x.grad, y.grad, product.grad) == (36.0, 2 * 6 * 3.0, 2 * 6 * 2.0, 12.0)
    assert (x * y).data == 20_000.0


@pytest.mark.parametrize(
    ("call", "operands"),
    [
        (lambda x, y: autograd.clamp(x, max=y), "x -inf y"),
        (lambda x, y: autograd.lerp(1.0, y, weight=x), "1.0 y x"),
        (lambda x, y: x.clamp(min=y), "x y inf"),
        (lambda x, y: autograd.dot([x, 2], [3, y]), "x 2.0 3.0 y"),
        (lambda x, y: autograd.sum([x, y, 4, x]), "x y 4.0 x"),
    ],
)
def test_operands_stand_in_order_whatever_mix_they_are(call: Operator, operands: str) -> None:
    result = call(Value(0.25, "x"), Value(0.5, "y"))
    shown = [str(operand.label) if isinstance(operand, Value) else repr(operand) for operand in result.operands]
    assert " ".join(shown) == operands
    assert len(result.parents) == len(result.partials) == sum(name in "xy" for name in operands.split())


def test_a_foreign_number_that_knows_values_is_asked_first() -> None:
    class Money:
        def __radd__(self, other: object) -> str:
            return f"money and {other!r}"

        def __rsub__(self, other: object) -> str:
            return "less money"

    x: Any = Value(1.0)
    assert x + Money() == "money and Value(1.0)"
    assert x - Money() == "less money"
    with pytest.raises(TypeError, match="unsupported operand"):
        _ = x * Money()


def test_the_derivative_of_a_remainder_is_the_quotient_that_belongs_to_it() -> None:
    x, y = Value(1.0), Value(0.1)  # 1.0 / 0.1 is 10.0, but 1.0 % 0.1 is 0.0999…, nine times 0.1 away
    (x % y).backward()
    assert y.grad == -9.0


def test_the_zeroth_power_of_the_smallest_number_is_constant_too() -> None:
    x = Value(5e-324)
    (x**0).backward()
    assert x.grad == 0.0
