"""A false rule is found, by name, wherever it stands in a graph; a right one is never blamed."""

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, registry
from autograd.testing import Report, check_gradients
from autograd.testing.strategies import expressions
from tests.autograd.testing.false_rules import FALSE_RULES, HARD_POINTS, FalseRule, HardPoint

LYING = replace(registry["tanh"], name="lying", partials=(lambda m, x, out: 1.0 - x,))


def in_a_graph(rule: FalseRule) -> Report:
    """The check of a function with one false operation among right ones."""

    def f(*x: Any) -> Any:
        return autograd.sin(rule.op(*rule.op.arranged(x)) * 0.25) + x[0] * x[0]

    return check_gradients(f, *rule.point, order=rule.order)


def test_there_are_enough_of_each_kind() -> None:
    assert len(FALSE_RULES) >= 40
    assert min(Counter(rule.kind.partition(" ")[0] for rule in FALSE_RULES).values()) >= 6
    assert len(HARD_POINTS) >= 40


@pytest.mark.parametrize("rule", FALSE_RULES, ids=str)
def test_a_false_rule_is_wrong_in_its_operand_and_named(rule: FalseRule) -> None:
    report = in_a_graph(rule)
    assert report.guilty == [rule.op.name]
    assert "wrong" in report.verdicts
    assert set(report.verdicts) <= {"wrong", "correct"}
    [culprit] = report.culprits
    assert culprit.partial in rule.partials
    assert culprit.check.order == rule.order


@pytest.mark.parametrize("rule", [rule for rule in FALSE_RULES if rule.order == 2], ids=str)
def test_what_is_false_at_order_2_is_right_at_order_1(rule: FalseRule) -> None:
    report = in_a_graph(replace(rule, order=1))
    assert report.verdicts == ["correct"] * len(rule.point)
    assert not report.culprits


@pytest.mark.parametrize("rule", [rule for rule in FALSE_RULES if rule.order == 1], ids=str)
def test_the_same_operation_with_its_own_rule_is_right(rule: FalseRule) -> None:
    report = in_a_graph(replace(rule, op=registry[rule.op.name], order=2))
    assert report.verdicts == ["correct"] * len(rule.point)


@pytest.mark.parametrize("hard", HARD_POINTS, ids=str)
def test_a_right_rule_at_a_hard_point_gets_the_verdict_that_it_deserves(hard: HardPoint) -> None:
    report = check_gradients(hard.f, *hard.point)
    assert set(report.verdicts) == {hard.verdict}
    assert not report.culprits


@given(st.data())
@settings(max_examples=100)
def test_one_false_operation_in_a_random_expression_is_the_only_one_named(data: st.DataObject) -> None:
    own = registry["mul"]
    lying = replace(own, partials=(lambda m, x, y, out: 1.5 * y, own.partials[1]))
    expression = data.draw(expressions(ops=["mul", "add", "sub", "tanh", "sin", "square", "sigmoid"]))
    report = check_gradients(lambda *x: expression(*x, functions={"mul": lying}), *expression.point)
    assert set(report.guilty) <= {"mul"}
    if not report.ok:
        assert report.guilty == ["mul"]


def test_of_several_all_are_named_in_the_order_in_which_they_were_met() -> None:
    other = replace(registry["sin"], name="other", partials=(lambda m, x, out: m.sin(x),))
    report = check_gradients(lambda x, y: LYING(other(x)) * y, 0.5, 2.0)
    assert report.guilty == ["other", "lying"]


def test_the_evidence_has_the_rule_what_is_right_the_place_and_the_path() -> None:
    def loss(x: Any, w: Any) -> Any:
        return LYING(x * w) * w

    text = str(check_gradients(loss, 0.5, 3.0))
    assert "lying: partial 0 is 1 - x = -0.5, finite differences say 1 - tanh(x)² = 0.1807 ± " in text
    assert "at v2 = tanh(v1) = tanh(1.5) = 0.9051" in text
    assert "in test_culprits.py:" in text
    assert "return LYING(x * w) * w" in text
    assert "on the path loss → v2: 3" in text


def test_a_rule_that_gives_no_number_where_there_is_a_derivative_is_false_too() -> None:
    report = check_gradients(replace(registry["abs"], partials=(lambda m, x, out: x / (x - x),)), 2.0)
    assert report.verdicts == ["non-finite"]
    assert report.guilty == ["abs"]


def test_an_infinite_derivative_is_no_ones_fault() -> None:
    report = check_gradients(autograd.sqrt, 0.0)
    assert report.verdicts == ["non-finite"]
    assert report.guilty == []


def test_a_false_rule_in_the_graph_of_a_derivative_is_found_at_order_2() -> None:
    """The rule of this exp is right; its derivative is made of an operation whose rule is not."""
    inner = replace(registry["exp"], name="inner", partials=(lambda m, x, out: 2.0 * out,))

    def partial(m: Any, x: Any, out: Any) -> Any:
        return inner(x) if isinstance(x, Value) else out

    outer = replace(registry["exp"], name="outer", partials=(partial,))
    report = check_gradients(lambda x: outer(x) * x, 0.5, order=2)
    assert report.guilty == ["inner"]


def test_definitions_fit_for_numbers_alone_are_shown_as_numbers() -> None:
    plain = replace(
        registry["where"],
        name="plain",
        forward=lambda m, condition, x, y: math.exp(x),
        partials=(None, lambda m, condition, x, y, out: 1.0 + math.sin(x), None),
    )
    report = check_gradients(lambda x: plain(1.0, x, 2.0), 0.5)
    assert "plain: partial 1 is 1.479, finite differences say 1.649 ± " in str(report)


def test_of_an_operation_met_with_hundreds_of_numbers_some_are_tried() -> None:
    report = check_gradients(lambda xs: autograd.sum([LYING(x) for x in xs]), [0.001 * i for i in range(600)])
    assert report.guilty == ["lying"]


def test_a_false_partial_of_a_long_list_is_found() -> None:
    def partial(m: Any, x: Any, out: Any) -> list[Any]:
        return [2.0 if i == 777 else 1.0 for i in range(len(x))]

    lying = replace(registry["sum"], partials=(partial,))
    report = check_gradients(lambda xs: lying(xs) * 0.5, [0.1] * 1000)
    assert report.guilty == ["sum"]
    assert report.checks[0].name == "∂f/∂xs[777]"


def test_at_a_kink_the_evidence_has_the_slopes_on_both_sides() -> None:
    report = check_gradients(replace(registry["relu"], partials=(lambda m, x, out: 2.0,)), 0.0)
    assert "relu: partial 0 is 2, finite differences say 0 to the left and 1 to the right" in str(report)
