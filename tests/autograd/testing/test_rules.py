"""What a rule says, and what it would be if it followed from the definition of the value, as formulas."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from autograd import Op, Value, registry
from autograd.testing.differences import Differences
from autograd.testing.domains import value
from autograd.testing.rules import as_defined, from_value, operand_names

PLAIN = replace(
    registry["where"],
    name="plain",
    forward=lambda m, condition, x, y: math.exp(x),
    partials=(None, lambda m, condition, x, y, out: math.exp(x), None),
)


def derived(op: Op, point: Sequence[float], place: int) -> str | None:
    """What follows from the value, where the differences are those of the operation itself."""
    slope = Differences(lambda x: value(op, [*point[:place], x, *point[place + 1 :]]), point[place]).slopes.best
    formula = from_value(op, [Value(x) for x in point], place, slope)
    return None if formula is None else formula.text


def test_operands_of_lists_are_numbered() -> None:
    assert operand_names(registry["pow"], 2) == ["x", "y"]
    assert operand_names(registry["dot"], 4) == ["x[0]", "x[1]", "y[0]", "y[1]"]


@pytest.mark.parametrize(
    ("name", "point", "place", "formula"),
    [
        ("tanh", [0.5], 0, "1 - tanh(x)²"),
        ("mul", [0.5, 2.0], 1, "x"),
        ("dot", [1.0, 2.0, 3.0, 4.0], 2, "x[0]"),
        ("polygamma", [1.0, 2.0], 1, "ψ⁽n + 1⁾(x)"),
    ],
)
def test_a_rule_is_written_as_it_is_defined(name: str, point: list[float], place: int, formula: str) -> None:
    written = as_defined(registry[name], [Value(x) for x in point], place)
    assert written is not None
    assert written.text == formula


@pytest.mark.parametrize(
    ("name", "point", "place", "formula"),
    [
        ("square", [3.0], 0, "x + x"),
        ("silu", [0.7], 0, "sigmoid(x) + x·sigmoid(x)·sigmoid(-x)"),
        ("rsqrt", [0.7], 0, "-(1/√(x))/√(x)·0.5/√(x)"),
        ("xlogy", [2.0, 3.0], 1, "x·1/y"),
    ],
)
def test_the_chain_rule_in_the_value_gives_another_formula(
    name: str, point: list[float], place: int, formula: str
) -> None:
    own = registry[name]
    assert derived(replace(own, name="copy"), point, place) == formula


def test_an_operation_that_is_its_own_definition_has_no_other_formula() -> None:
    assert derived(registry["tanh"], [0.5], 0) is None


def test_a_formula_that_the_differences_do_not_agree_with_is_not_shown() -> None:
    own = registry["silu"]
    slope = Differences(lambda x: 2.0 * value(own, [x]), 0.7).slopes.best
    assert from_value(replace(own, name="copy"), [Value(0.7)], 0, slope) is None


def test_definitions_fit_for_numbers_alone_have_no_formulas() -> None:
    point = [Value(1.0), Value(0.5), Value(2.0)]
    assert as_defined(PLAIN, point, 1) is None
    assert derived(PLAIN, [1.0, 0.5, 2.0], 1) is None


def test_formulas_too_long_to_read_are_left_out() -> None:
    assert as_defined(registry["softmax"], [Value(0.1 * i) for i in range(20)], 0) is None
