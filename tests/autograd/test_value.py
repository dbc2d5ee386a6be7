"""A Value is a float with a memory: it prints, compares, converts and hashes as a number in a graph should."""

import builtins
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, ops

FLOATS = st.floats()
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def test_a_new_value_is_a_leaf_without_a_gradient() -> None:
    x = Value(3, label="x")
    assert (x.data, x.grad, x.op, x.parents, x.partials, x.operands, x.label) == (3.0, None, None, (), (), (), "x")
    assert type(x.data) is float
    assert x.is_leaf
    assert Value(3).label is None


def test_a_result_remembers_operation_parents_and_local_derivatives() -> None:
    x, y = Value(2.0), Value(3.0)
    product = x * y
    assert product.op is ops.mul
    assert [id(parent) for parent in product.parents] == [id(x), id(y)]
    assert product.partials == (3.0, 2.0)
    assert not product.is_leaf


def test_the_label_can_be_set_and_taken_away() -> None:
    x = Value(1.0)
    x.label = "x"
    assert repr(x) == "Value(1.0, label='x')"
    x.label = None
    assert repr(x) == "Value(1.0)"


def test_repr_says_what_there_is_to_say() -> None:
    x = Value(-0.5, "x")
    assert repr(x) == str(x) == "Value(-0.5, label='x')"
    y = x * 2
    assert repr(y) == "Value(-1.0, op=mul)"
    y.backward()
    assert repr(x) == "Value(-0.5, label='x', grad=2.0)"
    y.label = "y"
    assert repr(y) == "Value(-1.0, label='y', grad=1.0, op=mul)"


@given(FLOATS)
def test_repr_shows_every_digit(number: float) -> None:
    assert repr(Value(number)) == f"Value({number!r})"


def test_format_takes_the_specifications_of_floats() -> None:
    x = Value(2.71828, "e")
    assert f"{x:.3f} {x:>8.2f} {x:e}" == "2.718     2.72 2.718280e+00"
    assert f"{x}" == "Value(2.71828, label='e')"
    with pytest.raises(ValueError, match=r"Invalid format|format code"):
        format(x, "d!")


@given(FLOATS, FLOATS)
def test_values_compare_by_their_numbers(x: float, y: float) -> None:
    for left, right in ((Value(x), Value(y)), (Value(x), y), (x, Value(y)), (Value(x), np.float64(y))):
        a: Any = left
        compared = [a < right, a <= right, a > right, a >= right, a == right, a != right]
        assert compared == [x < y, x <= y, x > y, x >= y, x == y, x != y]


def test_numpy_scalars_compare_with_values_from_either_side() -> None:
    three: Any = np.float64(3.0)
    x = Value(2.0)
    assert [three > x, three >= x, three < x, three <= x, three == x, three != x] == [1, 1, 0, 0, 0, 1]
    assert np.float32(2.0) == x == np.int64(2)


def test_values_equal_nothing_that_is_no_number() -> None:
    x: Any = Value(1.0)
    assert x != "1.0"
    assert x != None  # noqa: E711
    with pytest.raises(TypeError, match="not supported between"):
        _ = x < "1.0"


@given(FLOATS)
def test_float_and_item_and_bool_are_those_of_the_number(number: float) -> None:
    x = Value(number)
    assert repr(float(x)) == repr(x.item()) == repr(number)
    assert type(float(x)) is type(x.item()) is float
    assert bool(x) is bool(number)


@given(FINITE)
def test_whole_numbers_are_made_as_from_floats(number: float) -> None:
    x = Value(number)
    made = [int(x), round(x), round(x, 2), math.floor(x), math.ceil(x), math.trunc(x)]
    expected = [int(number), round(number), round(number, 2), math.floor(number), math.ceil(number), math.trunc(number)]
    assert [(type(a), repr(a)) for a in made] == [(type(b), repr(b)) for b in expected]


@pytest.mark.parametrize("convert", [int, round, math.floor, math.ceil, math.trunc])
def test_nan_and_infinity_are_no_whole_numbers(convert: Any) -> None:
    with pytest.raises(ValueError, match="NaN"):
        convert(Value(math.nan))
    with pytest.raises(OverflowError, match="infinity"):
        convert(Value(math.inf))


def test_values_hash_by_identity() -> None:
    x, twin = Value(1.0), Value(1.0)
    assert x == twin
    assert len({x, twin, x}) == 2
    assert {x: "x", twin: "twin"}[x] == "x"
    before = hash(x)
    x.data = 5.0
    assert hash(x) == before


def test_python_s_own_sum_max_and_sorted_take_values() -> None:
    x, y, z = Value(3.0), Value(1.0), Value(2.0)
    total: Any = builtins.sum([x, y, z])
    total.backward()
    assert (total.data, x.grad, y.grad, z.grad) == (6.0, 1.0, 1.0, 1.0)
    assert builtins.max([x, y, z]) is x
    assert builtins.min(x, y, z) is y
    assert [value.data for value in sorted([x, y, z])] == [1.0, 2.0, 3.0]


def test_math_s_functions_take_a_value_as_its_number() -> None:
    assert math.sin(Value(0.5)) == math.sin(0.5)
    assert math.isclose(Value(0.1) + 0.2, 0.3)
    assert not math.isfinite(Value(math.inf))


def test_detach_is_a_new_leaf_through_which_no_gradient_flows() -> None:
    x = Value(3.0, "x")
    twin = x.detach()
    assert (twin.data, twin.label, twin.parents) == (3.0, "x", ())
    (x * twin).backward()
    assert (x.grad, twin.grad) == (3.0, 3.0)


def test_zero_grad_reaches_every_node_behind_and_no_other() -> None:
    x, y = Value(2.0), Value(3.0)
    product = x * y
    other = y + 1
    product.backward()
    other.backward()
    product.zero_grad()
    assert (product.grad, x.grad, y.grad, other.grad) == (None, None, None, 1.0)
