"""What is no number is refused in words that say what to do instead, and nothing is left half-written."""

import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import GraphError, Value, define, registry

# What is not taken for a number, and the words of the error that tell what it was and what to use instead.
NOT_NUMBERS: list[tuple[Any, str]] = [
    (True, "got the bool True; write 1.0 or 0.0"),
    (np.True_, "got the bool .*True.*; write 1.0 or 0.0"),
    (1j, r"got the complex 1j; take its \.real or \.imag"),
    (np.complex64(1), r"got the complex64 .*; take its \.real or \.imag"),
    ("1.5", r"got the str '1\.5'; convert it with float\(\.\.\.\)"),
    (b"1.5", r"got the bytes b'1\.5'; convert it with float\(\.\.\.\)"),
    ([1.0], r"got the list \[1\.0\]; an operand is one number; sum, dot, max and their like take one flat list"),
    ((1.0, 2.0), r"got the tuple \(1\.0, 2\.0\); an operand is one number; sum, dot"),
    (None, "got the NoneType None; did a function forget to return its result"),
    (np.ones(2), r"got an array of shape \(2,\) and dtype float64; take one element, or make a Value of each"),
    (np.ones(1), r"got an array of shape \(1,\) and dtype float64; take one element"),
    (np.array(True), r"got an array of shape \(\) and dtype bool"),
    (np.array(1j), r"got an array of shape \(\) and dtype complex128"),
    (np.array("1"), r"got an array of shape \(\) and dtype <U1"),
    ("x" * 1000, "got the str 'xxx.{30,40}…; convert it"),
    ({}, r"got the dict \{\}; convert it with float"),
]
IDS = [f"{type(x).__name__}-{i}" for i, (x, _) in enumerate(NOT_NUMBERS)]


@pytest.mark.parametrize(("x", "words"), NOT_NUMBERS, ids=IDS)
def test_only_numbers_become_values(x: Any, words: str) -> None:
    with pytest.raises(TypeError, match="^Value: expected a number or a Value, " + words):
        Value(x)


@pytest.mark.parametrize(("x", "words"), NOT_NUMBERS, ids=IDS)
@pytest.mark.parametrize(
    "apply", [operator.add, operator.sub, operator.mul, operator.truediv, operator.mod, operator.pow]
)
def test_only_numbers_meet_values_in_operators(apply: Callable[[Any, Any], Any], x: Any, words: str) -> None:
    value = Value(2.0)
    with pytest.raises(TypeError, match="operand y: expected a number or a Value, " + words):
        apply(value, x)
    if not (apply is operator.mod and isinstance(x, (str, bytes))):  # those format with %
        with pytest.raises(TypeError, match="operand x: expected a number or a Value, " + words):
            apply(x, value)


@pytest.mark.parametrize(("x", "words"), NOT_NUMBERS, ids=IDS)
def test_data_and_the_seed_of_backward_must_be_numbers_and_a_failure_changes_nothing(x: Any, words: str) -> None:
    value = Value(2.0)
    square = value * value
    square.backward()
    with pytest.raises(TypeError, match=r"^Value\.data: expected a number or a Value, " + words):
        value.data = x
    with pytest.raises(TypeError, match="^backward, gradient: expected a number or a Value, " + words):
        square.backward(x)
    assert (value.data, value.grad, square.grad) == (2.0, 4.0, 1.0)


@pytest.mark.parametrize(("x", "words"), NOT_NUMBERS, ids=IDS)
def test_elements_of_lists_must_be_numbers(x: Any, words: str) -> None:
    with pytest.raises(TypeError, match="^sum, element 1: expected a number or a Value, " + words):
        autograd.sum([Value(1.0), x])


def test_a_value_is_not_made_of_a_value() -> None:
    with pytest.raises(TypeError, match=r"Value\(1\.0\) is a Value already; use it as it is, or copy its \.data"):
        Value(Value(1.0))


def test_a_label_is_a_string() -> None:
    label: Any = 3
    with pytest.raises(TypeError, match="a label is a string, got the int 3"):
        Value(1.0, label=label)


def test_an_integer_beyond_the_floats_is_refused() -> None:
    calls: list[Callable[[], Value]] = [
        lambda: Value(10**400),
        lambda: Value(1.0) * 10**400,
        lambda: 10**400 - Value(1.0),
    ]
    for call in calls:
        with pytest.raises(OverflowError, match="is beyond the largest float"):
            call()


@pytest.mark.parametrize("number", [Fraction(1, 2), Decimal("0.5")])
def test_exact_numbers_are_not_rounded_in_silence(number: Any) -> None:
    with pytest.raises(TypeError, match=r"convert it with float\(\.\.\.\)"):
        Value(number)
    for apply in (operator.add, operator.sub, operator.mul, operator.truediv):
        for operands in ((Value(2.0), number), (number, Value(2.0))):
            with pytest.raises(TypeError, match="unsupported operand type"):
                apply(*operands)


@pytest.mark.parametrize("name", ["max", "min", "mean", "logsumexp", "softmax"])
def test_an_empty_list_has_no_extreme_and_no_mean(name: str) -> None:
    with pytest.raises(ValueError, match="of an empty list is not defined: give it at least 1 number"):
        getattr(autograd, name)([])


def test_an_empty_list_has_a_sum_and_a_product() -> None:
    assert (autograd.sum([]), autograd.prod([]), autograd.dot([], [])) == (0.0, 1.0, 0.0)


def test_two_numbers_where_a_list_is_due_are_refused_with_the_name_of_what_takes_them() -> None:
    x: Any = Value(1.0)
    with pytest.raises(TypeError, match=r"max\(x\): got 2 operands .*; write max\(\[…\]\), or maximum\(…, …\)"):
        autograd.max(x, x)
    with pytest.raises(TypeError, match=r"min\(x\): got 2 operands .*; write min\(\[…\]\), or minimum\(…, …\)"):
        autograd.min(1.0, 2.0)
    with pytest.raises(TypeError, match=r"sum: x must be a list of numbers or Values, got Value\(1\.0\)"):
        autograd.sum(x)
    with pytest.raises(TypeError, match="softmax: x must be a list of numbers or Values, got 3"):
        autograd.softmax(3)


def test_lists_of_different_lengths_have_no_dot_product() -> None:
    with pytest.raises(ValueError, match="dot: the lists must have one length, got 2 and 3"):
        autograd.dot([Value(1.0), 2.0], [1.0, 2.0, 3.0])


def test_the_number_and_names_of_operands_are_checked() -> None:
    x: Any = Value(1.0)
    calls: list[tuple[Callable[[], Any], str]] = [
        (lambda: autograd.tanh(), r"tanh\(x\): got 0 operands by position"),
        (lambda: autograd.tanh(x, x), r"tanh\(x\): got 2 operands by position"),
        (lambda: autograd.clamp(x, low=0.0), r"clamp\(x, min, max\): got 1 operands by position and low by name"),
        (lambda: autograd.maximum(x, x=x), r"maximum\(x, y\): got 1 operands by position and x by name"),
    ]
    for call, words in calls:
        with pytest.raises(TypeError, match=words):
            call()


def test_an_operation_is_defined_once() -> None:
    before = dict(registry)
    with pytest.raises(ValueError, match="named 'add' is already defined: choose another name"):
        define("add", lambda m, x: x, lambda m, x, out: 1.0)
    with pytest.raises(ValueError, match="thrice: 1 operands need as many partials, got 0"):
        define("thrice", lambda m, x: 3.0 * x)
    assert dict(registry) == before


def test_what_is_no_node_is_not_walked_and_not_differentiated() -> None:
    number: Any = 3.0
    for call in (
        lambda: autograd.topological_order(number),
        lambda: list(autograd.contributions(number)),
        lambda: Value(1.0).gradient(number),
        lambda: autograd.Graph(number),
        lambda: autograd.Graph(),
    ):
        with pytest.raises(GraphError, match=r"needs a Value, got the .* did the function return a plain number"):
            call()


def test_a_value_has_no_other_attributes() -> None:
    x: Any = Value(1.0)
    with pytest.raises(AttributeError):
        x.gradd = 0.0
    with pytest.raises(AttributeError):
        x.parents = ()


@pytest.mark.parametrize("condition", ["no", None])
def test_a_condition_is_a_truth_value_or_a_number(condition: Any) -> None:
    with pytest.raises(TypeError, match="where, condition: expected"):
        autograd.where(condition, Value(1.0), 2.0)
