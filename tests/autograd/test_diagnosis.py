"""diagnose: each kind of trouble is found where it is, said in words, and nothing is touched."""

import math
import statistics
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import (
    GraphError,
    Node,
    NonFiniteWarning,
    Value,
    define,
    detect_anomaly,
    namespaces,
    no_grad,
    record_lines,
    registry,
)
from autograd.diagnosis import Diagnosis, Finding, diagnose
from autograd.testing.program import Program as Expression
from autograd.testing.strategies import expressions
from tests.autograd.oracle import OPS
from tests.autograd.programs import Program, Record, behind, derivative, programs

NAN, INF = math.nan, math.inf
HUNDRED_THOUSAND = 100_000


def of_kind(diagnosis: Diagnosis, kind: str) -> list[Finding]:
    return [finding for finding in diagnosis.findings if finding.kind == kind]


def messages(diagnosis: Diagnosis, kind: str) -> list[str]:
    return [finding.message for finding in of_kind(diagnosis, kind)]


def edges(diagnosis: Diagnosis, kind: str) -> set[tuple[int, int]]:
    """The edges of the findings: the node, and the index of its parent."""
    return {(id(f.step.node), f.step.index) for f in of_kind(diagnosis, kind) if f.step is not None}


def lesson() -> tuple[Value, Value, Value, Value, Value]:
    x, y, z = Value(1, "x"), Value(3, "y"), Value(-3, "z")
    p = x + y
    p.label = "p"
    g = p * z
    g.label = "g"
    return x, y, z, p, g


# Healthy graphs


def test_of_a_healthy_graph_it_says_what_was_looked_at() -> None:
    *_, g = lesson()
    diagnosis = diagnose(g)
    assert diagnosis.ok
    assert diagnosis.findings == ()
    assert str(diagnosis) == repr(diagnosis)
    assert repr(diagnosis) == (
        "<no problems in 5 nodes, 4 edges: all finite, gradients from 1 to 4, nothing dead, nothing left over>"
    )


def test_gradients_that_cancel_are_counted_and_no_problem() -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    diagnosis = diagnose((x - x) * 1.0 + y * 5.0)
    assert diagnosis.ok
    assert "gradients from 1 to 5, 1 exactly 0, nothing dead" in str(diagnosis)


def test_a_leaf_alone_is_healthy() -> None:
    assert diagnose(Value(2.0)).ok


# The first number that is not finite


def test_the_first_non_finite_number_is_shown_with_its_operation_its_leaves_and_its_line() -> None:
    x, y = Value(2.0, "x"), Value(-2.0, "y")
    with record_lines(), pytest.warns(NonFiniteWarning):
        g = (autograd.log(x + y) * x).exp()
    diagnosis = diagnose(g)
    first = diagnosis.findings[0]
    assert (first.kind, first.node.op, first.step) == ("non-finite", registry["log"], None)
    assert [id(leaf) for leaf in first.leaves] == [id(x), id(y)]
    assert first.message == (
        "v2 = log(v1) = log(0) = -inf is the first number that is not finite, from x = 2, y = -2 "
        f"({Path(__file__).name}:{g.line.number if g.line else None})"
    )
    assert repr(first) == f"non-finite: {first.message}"


def test_of_many_leaves_the_first_few_are_named_and_the_others_counted() -> None:
    with pytest.warns(NonFiniteWarning):
        g = autograd.reciprocal(autograd.sum([Value(i - 2, f"x{i}") for i in range(5)]))
    assert messages(diagnose(g), "non-finite")[0] == (
        "v2 = 1/v1 = 1/0 = inf is the first number that is not finite, from x0 = -2, x1 = -1, x2 = 0 and 2 more"
    )


@pytest.mark.parametrize("number", [NAN, INF, -INF])
def test_a_leaf_that_is_not_finite_itself_is_said_to_be_so(number: float) -> None:
    x = Value(number, "x")
    first, second = messages(diagnose(x * 2.0 + Value(1.0) * x), "non-finite")
    assert first == f"the leaf x = {number:g} is the first number that is not finite"
    assert second.startswith("∂(v2·x)/∂v2 = x = ")


def test_a_local_derivative_that_is_not_finite_is_the_first_step_of_the_sweep_to_blame() -> None:
    x, y = Value(0.0, "x"), Value(3.0, "y")
    root = autograd.sqrt(x)
    [finding] = of_kind(diagnose(root * y), "non-finite")
    assert finding.node is x
    assert finding.step is not None
    assert (finding.step.node, finding.step.local, finding.step.product) == (root, INF, INF)
    assert finding.message == (
        "∂√(x)/∂x = 0.5/√(x) = inf at x = 0: x gets 3 · inf = inf, the first gradient that is not finite, from x = 0"
    )


def test_a_gradient_of_0_times_infinity_is_nan_also_behind_a_branch_that_was_not_taken() -> None:
    x = Value(0.0, "x")
    with pytest.warns(NonFiniteWarning):
        g = autograd.where(x > 0, autograd.log(x), x)
    number, gradient = messages(diagnose(g), "non-finite")
    assert number == "v1 = log(x) = log(0) = -inf is the first number that is not finite, from x = 0"
    assert gradient == (
        "∂log(x)/∂x = 1/x = inf at x = 0: x gets 0 · inf = nan, the first gradient that is not finite, from x = 0"
    )


def test_a_product_that_overflows_is_found_though_its_factors_are_finite() -> None:
    x, y, small = Value(1e-200, "x"), Value(1e200, "y"), Value(1e200, "z")
    assert messages(diagnose(x * y * small), "non-finite") == [
        "∂(x·y)/∂x = y = 1e200 at x = 1e-200, y = 1e200: "
        "x gets 1e200 · 1e200 = inf, the first gradient that is not finite, from x = 1e-200, y = 1e200"
    ]


def test_a_sum_of_finite_gradients_that_overflows_is_found() -> None:
    x = Value(0.5, "x")
    assert messages(diagnose(x * 1e308 + x * 1e308), "non-finite") == [
        "∂(x·1e308)/∂x = 1e308 at x = 0.5: "
        "x gets 1e308 + 1e308 = inf, the first gradient that is not finite, from x = 0.5"
    ]


# Where gradients are stopped


def test_a_dead_edge_is_shown_with_its_formula_its_numbers_and_what_is_lost() -> None:
    a = Value(-2.0, "a")
    h = autograd.relu(a)
    h.label = "h"
    [finding] = of_kind(diagnose(h * 3.0), "dead")
    assert finding.node is h
    assert finding.message == "∂relu(a)/∂a = where(a ≤ 0, 0, 1) = 0 at a = -2: the gradient 3 of h stops there"


def test_a_unit_that_is_dead_exactly_at_its_kink_is_noted() -> None:
    a = Value(0.0, "a")
    assert messages(diagnose(autograd.relu(a)), "dead") == [
        "∂relu(a)/∂a = where(a ≤ 0, 0, 1) = 0 at a = 0, exactly at the kink: the gradient 1 of v1 stops there"
    ]


def test_each_way_to_a_local_derivative_of_0_is_dead() -> None:
    x, y, zero = Value(2.0, "x"), Value(5.0, "y"), Value(0.0, "zero")
    calls = [
        (x * 0.0, "∂(x·0)/∂x = 0 at x = 2"),
        (x * zero, "∂(x·zero)/∂x = zero = 0 at x = 2, zero = 0"),
        (x**0.0, "∂(x^0)/∂x = 0 at x = 2"),
        (autograd.clamp(x, 0, 1), "∂clamp(x, 0, 1)/∂x = where(x ≥ 0 and x ≤ 1, 1, 0) = 0 at x = 2"),
        (autograd.where(False, x, y), "∂where(0, x, y)/∂x = 0 at x = 2, y = 5"),
        (autograd.max([x, y, zero, 1.0]), "∂max(x, y, zero, 1)/∂x = 0 at x = 2, y = 5, zero = 0"),
        (autograd.tanh(x**10.0), "∂tanh(v1)/∂v1 = 1 - tanh(v1)² = 0 at v1 = 1024"),
    ]
    for g, words in calls:
        g.label = "g"
        assert f"{words}: the gradient 1 of g stops there" in messages(diagnose(g), "dead")


def test_an_operation_that_has_no_other_derivative_than_0_gets_a_sentence_of_its_own() -> None:
    x, y = Value(2.5, "x"), Value(-1.0, "y")
    for op, value in ((autograd.floor, "⌊x⌋ = ⌊2.5⌋ = 2"), (autograd.sign, "sign(x) = sign(2.5) = 1")):
        assert str(diagnose(op(x) * 7.0)).splitlines()[2:] == [
            f"  flat     no gradient passes through {op.name} to x: v1 = {value}; the gradient 7 of v1 stops there"
        ]
    [finding] = of_kind(diagnose(autograd.copysign(x, y)), "flat")
    assert finding.step is not None
    assert finding.step.parent is y
    constant_first = autograd.copysign(3.0, y)
    assert edges(diagnose(constant_first), "flat") == {(id(constant_first), 0)}
    assert not of_kind(diagnose(constant_first), "dead")


def test_of_an_operation_over_lists_each_list_is_judged_by_its_own_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespaces, "operations", dict(registry))  # what is defined here is forgotten
    lengths = define(
        "lengths",
        lambda m, x, y: len(x) + m.dot(y, y) / 2.0,
        lambda m, x, y, out: [0.0] * len(x),
        lambda m, x, y, out: y,
        lists=True,
    )
    x, y = Value(1.0), Value(0.0)
    g = lengths([x, 2.0], [3.0, y])
    assert (edges(diagnose(g), "flat"), edges(diagnose(g), "dead")) == ({(id(g), 0)}, {(id(g), 1)})


def test_a_saturated_operation_is_shown_with_what_is_left_of_the_gradient() -> None:
    a = Value(10.0, "a")
    h = autograd.tanh(a)
    h.label = "h"
    assert messages(diagnose(h * 3.0), "saturated") == [
        "∂tanh(a)/∂a = 1 - tanh(a)² = 8.245e-9 at a = 10: of the gradient 3 of h, 2.473e-8 is left"
    ]


FAR_OUT = {
    "tanh": -4, "sigmoid": 6, "exp": -8, "erf": 3, "atan": 40, "softplus": -9, "gelu": -5, "reciprocal": 30, "elu": -8,
}  # fmt: skip
NOT_FAR_OUT = {
    "square": 0.001, "log": 1000, "sqrt": 1e6, "sin": math.pi / 2, "cos": 1e-3, "asinh": 1e4, "deg2rad": 1e-9,
    "cosh": 1e-5, "silu": -1.2784645,
}  # fmt: skip


@pytest.mark.parametrize("name", FAR_OUT)
def test_what_levels_off_far_out_is_saturated_there_and_not_near_0(name: str) -> None:
    op = registry[name]
    assert len(of_kind(diagnose(op(Value(FAR_OUT[name]))), "saturated")) == 1
    assert not of_kind(diagnose(op(Value(0.25))), "saturated")


@pytest.mark.parametrize("name", NOT_FAR_OUT)
def test_a_small_slope_alone_is_not_saturation(name: str) -> None:
    y = registry[name](Value(NOT_FAR_OUT[name]))
    if name != "deg2rad":
        assert abs(y.partials[0]) < 0.01
    assert diagnose(y).ok


def test_a_small_constant_factor_is_not_saturation() -> None:
    x = Value(1e6, "x")
    for y in (x * 1e-3, x / 1e3, 1e-3 * x, autograd.leaky_relu(-x, 1e-3), autograd.lerp(x, 1.0, 0.999)):
        assert abs(y.partials[0]) < 0.01
        assert diagnose(y).ok


def test_a_gradient_of_0_or_nan_is_stopped_no_more() -> None:
    a = Value(-2.0, "a")
    inner = autograd.relu(a)
    diagnosis = diagnose(inner * 0.0)
    assert edges(diagnosis, "dead") == {(id(diagnosis.findings[-1].node), 0)}
    assert diagnosis.findings[-1].node is not inner
    spoilt = diagnose(inner * Value(NAN, "n"))
    assert [f.step.parent.label for f in of_kind(spoilt, "dead") if f.step] == ["n"]


def test_the_largest_gradient_that_is_lost_comes_first() -> None:
    units = [autograd.relu(Value(-1.0)) * i for i in (1.0, -5.0, 3.0)]
    steps = [finding.step for finding in of_kind(diagnose(autograd.sum(units)), "dead")]
    assert [step.upstream for step in steps if step] == [-5.0, 3.0, 1.0]


# Leaves that get nothing


def test_leaves_that_are_not_behind_the_result_are_unused() -> None:
    x, w, b = Value(2.0, "x"), Value(5.0, "w"), Value(6.0)
    g = x * 3.0
    g.label = "g"
    diagnosis = diagnose(g, leaves=iter([x, w, b, w]), names={"b": b})
    assert [id(finding.node) for finding in diagnosis.findings] == [id(w), id(b)]
    assert messages(diagnosis, "unused") == [
        "w = 5 is not behind g: g does not depend on it",
        "b = 6 is not behind g: g does not depend on it",
    ]


def test_a_leaf_to_which_every_path_is_cut_is_blocked_and_one_cut_is_named() -> None:
    x, w, y = Value(2.0, "x"), Value(-3.0, "w"), Value(1.0, "y")
    product = x * w
    product.label = "p"
    h = autograd.relu(product)
    h.label = "h"
    diagnosis = diagnose(h + x + y * 0.0)
    blocked = of_kind(diagnosis, "blocked")
    assert [id(finding.node) for finding in blocked] == [id(w), id(y)]
    assert blocked[0].step is not None
    assert blocked[0].step.node is h
    assert blocked[0].message == "w gets the gradient 0: every path to it is cut, as by h = relu(p) = relu(-6) = 0"


def test_a_leaf_with_a_gradient_of_nan_is_not_blocked_though_every_path_is_cut() -> None:
    x = Value(0.0, "x")
    g = autograd.where(False, autograd.sqrt(x), 1.0)
    assert [finding.kind for finding in diagnose(g).findings] == ["non-finite", "dead"]


# Gradients that are left over


def test_after_one_backward_nothing_is_left_over_and_after_two_the_leaves_have_twice_their_gradient() -> None:
    *_, g = lesson()
    g.backward()
    assert diagnose(g).ok
    g.backward()
    diagnosis = diagnose(g)
    assert [finding.expected for finding in diagnosis.findings] == [-3.0, -3.0, 4.0]
    assert str(diagnosis).splitlines() == [
        "3 problems in 5 nodes, 4 edges:",
        "  left over  x.grad is -6, twice what one sweep gives, as if backward() ran twice without zero_grad()",
        "             y.grad is -6, twice what one sweep gives, as if backward() ran twice without zero_grad()",
        "             z.grad is 8, twice what one sweep gives, as if backward() ran twice without zero_grad()",
    ]


@pytest.mark.parametrize("times", [3, 10])
def test_any_whole_number_of_sweeps_is_recognised_though_the_sums_are_rounded(times: int) -> None:
    x = Value(0.1, "x")
    g = x * x.sin()
    for _ in range(times):
        g.backward()
    [message] = messages(diagnose(g), "left over")
    assert f"{times} times what one sweep gives, as if backward() ran {times} times without" in message


def test_what_was_added_before_is_seen_where_it_is_no_whole_number_of_sweeps() -> None:
    x, _, z, p, g = lesson()
    g.backward()
    (p * 4).backward()
    z.grad = 1e30
    assert messages(diagnose(g), "left over") == [
        "x.grad is 1 where one sweep gives -3: something else was added before",
        "y.grad is 1 where one sweep gives -3: something else was added before",
        "p.grad is 4 where one sweep gives -3: it is of another result's sweep",
        "z.grad is 1e30 where one sweep gives 4: something else was added before",
    ]
    (p * -6).backward()
    assert messages(diagnose(g), "left over")[2] == (
        "p.grad is -6 where one sweep gives -3: it is of another result's sweep"
    )
    x.grad, p.grad, z.grad = -3.0000000000000004, NAN, INF
    assert messages(diagnose(g), "left over")[0].startswith("x.grad is -3.0000000000000004 where one sweep gives -3.0:")
    assert messages(diagnose(g), "left over")[2:] == [
        "p.grad is nan where one sweep gives -3: it is of another result's sweep",
        "z.grad is inf where one sweep gives 4: something else was added before",
    ]


def test_a_sweep_that_started_from_another_gradient_is_recognised() -> None:
    *_, g = lesson()
    g.backward(2.0)
    assert messages(diagnose(g), "left over") == [
        f"{name} where one sweep gives {due}: left by backward(2), or by a result made from g"
        for name, due in [("x.grad is -6", -3), ("y.grad is -6", -3), ("p.grad is -6", -3), ("z.grad is 8", 4)]
    ] + ["g.grad is 2 where one sweep gives 1: left by backward(2), or by a result made from g"]
    g.zero_grad()
    assert diagnose(g).ok
    g.backward()
    (g * 2.0).backward()
    assert messages(diagnose(g), "left over")[1:3] == [
        "y.grad is -9, 3 times what one sweep gives, as if backward() ran 3 times without zero_grad()",
        "p.grad is -6 where one sweep gives -3: left by backward(2), or by a result made from g",
    ]


def test_gradients_of_zero_set_by_hand_are_nothing_left_over() -> None:
    *nodes, g = lesson()
    for node in nodes:
        node.grad = 0.0
    assert diagnose(g).ok


def test_gradients_of_nan_are_compared_as_equal() -> None:
    x = Value(0.0, "x")
    g = x.sqrt() * x
    g.backward()
    assert math.isnan(x.grad or 0.0)
    assert not of_kind(diagnose(g), "left over")


def test_a_leaf_that_is_the_result_may_be_swept_twice_too() -> None:
    x = Value(3.0, "x")
    x.backward()
    assert diagnose(x).ok
    x.backward()
    assert messages(diagnose(x), "left over") == [
        "x.grad is 2, twice what one sweep gives, as if backward() ran twice without zero_grad()"
    ]


# Sizes by depth


def test_a_deep_chain_of_tanh_vanishes() -> None:
    x = end = Value(0.9, "x")
    locals_ = []
    for _ in range(40):
        end = autograd.tanh(end * 0.5)
        locals_ += [end.parents[0].partials[0], end.partials[0]]
    size = math.prod(locals_[1:])
    [finding] = diagnose(end).findings
    assert (finding.kind, finding.node.parents) == ("vanishing", (x,))
    assert finding.message == (
        f"the median gradient falls from 1 to {size:.4g} over 79 operations, ×{size ** (1 / 79):.4g} at each"
    )


def test_products_by_3_explode_and_the_report_shows_a_few_depths() -> None:
    end = Value(1.0, "x")
    for _ in range(15):
        end = end * 3.0
    assert str(diagnose(end)).splitlines() == [
        "1 problem in 16 nodes, 15 edges:",
        "  exploding  the median gradient grows from 1 to 4.783e6 over 14 operations, ×3 at each",
        "",
        "depth  smallest   median  largest  zero",
        "    0         1        1        1  0 of 1",
        "    2         9        9        9  0 of 1  ███",
        "    4        81       81       81  0 of 1  █████",
        "    6       729      729      729  0 of 1  ████████",
        "    8      6561     6561     6561  0 of 1  ███████████",
        "   10     59049    59049    59049  0 of 1  █████████████",
        "   12    531441   531441   531441  0 of 1  ████████████████",
        "   15   1.435e7  1.435e7  1.435e7  0 of 1  ████████████████████",
    ]


@pytest.mark.parametrize(("factor", "length", "is_found"), [(1e-3, 8, False), (1e-3, 9, True), (0.1, 6, False)])
def test_a_large_factor_is_a_matter_of_depth_only_over_many_operations(
    factor: float, length: int, is_found: bool
) -> None:
    for kind, by in (("vanishing", factor), ("exploding", 1.0 / factor)):
        end = Value(1.0)
        for _ in range(length):
            end = end * by
        assert [finding.kind for finding in diagnose(end).findings] == [kind] * is_found


def test_a_factor_below_a_million_is_none_however_deep() -> None:
    end = Value(1.0)
    for _ in range(1000):
        end = end * 1.01
    assert diagnose(end).ok


def test_weights_that_are_shared_by_all_steps_do_not_hide_that_the_first_step_gets_nothing() -> None:
    w, state = Value(0.5, "w"), Value(1.0, "h0")
    for _ in range(40):
        state = autograd.tanh(state * w)
    w_gradient = {id(step.parent): step.total for step in autograd.contributions(state)}[id(w)]
    assert abs(w_gradient) < 1e-6  # every step's contribution fades with the state
    total = state + w
    [finding] = of_kind(diagnose(total), "vanishing")
    assert finding.node is not w
    assert diagnose(total).profile[-1].largest > 0.9


def test_dead_units_do_not_drown_the_sizes_and_are_counted() -> None:
    end = Value(2.0, "x")
    for _ in range(30):
        end = autograd.sum([end * 0.5, *[autograd.relu(-end * end) for _ in range(5)]])
    diagnosis = diagnose(end)
    [finding] = of_kind(diagnosis, "vanishing")
    assert finding.message.endswith("; gradients of exactly 0 are not counted: 300")
    assert sum(level.zeros for level in diagnosis.profile) == 300
    assert max(level.zeros for level in diagnosis.profile) > 1


def test_the_finding_is_at_a_node_that_a_gradient_reaches() -> None:
    x = Value(2.0, "x")
    faint = x * 1e-7
    end = autograd.sum([faint * 1.0, autograd.relu(-x)])  # faint and -x lie equally deep, and -x comes first
    for _ in range(8):
        end = end + 1.0
    [finding] = of_kind(diagnose(end * 1e-7 * 1.0), "vanishing")
    assert finding.node is faint


def test_a_profile_that_falls_at_one_of_very_many_depths_can_be_shown() -> None:
    x = Value(1.0, "x")
    end = x * 1.0 * 1e-8
    for _ in range(30):
        end = end + 1.0
    lines = str(diagnose(end + x)).splitlines()
    assert lines[1].startswith("  vanishing  the median gradient falls from 1 to 1e-8 over 32 operations, ")
    assert [line[:20] for line in (lines[4], lines[-1])] == ["    0         1     ", "   33         1     "]


def test_depth_is_that_of_the_longest_path() -> None:
    x = Value(1.0, "x")
    assert [level.nodes for level in diagnose(x * 2.0 + x * 2.0 * 2.0 * 2.0).profile] == [1, 2, 1, 1, 1]


def test_gradients_beyond_the_floats_leave_the_sizes_of_the_others() -> None:
    end = Value(1e-320, "x")
    for _ in range(40):
        end = end * 1e10
    diagnosis = diagnose(end)
    assert [finding.kind for finding in diagnosis.findings] == ["non-finite", "exploding"]
    assert diagnosis.profile[30].largest == pytest.approx(1e300)
    assert diagnosis.profile[35][1:4] == (0.0, 0.0, 0.0)
    assert "to 1e300 over 30 operations, ×1e10 at each" in diagnosis.findings[1].message


# The report


def test_the_report_has_the_worst_first_and_ten_of_a_kind() -> None:
    units = [autograd.relu(Value(-1.0, f"x{i}")) for i in range(1213)]
    w, apart = Value(1.0, "w"), Value(2.0, "apart")
    with pytest.warns(NonFiniteWarning):
        g = autograd.sum([*units, w / 0.0])
    w.grad = 3.0
    diagnosis = diagnose(g, leaves=[apart])
    lines = str(diagnosis).splitlines()
    assert lines[0] == "2,430 problems in 2,429 nodes, 2,428 edges:"
    kinds = [line[2:12].strip() for line in lines[1:]]
    assert [kind for kind in kinds if kind] == ["non-finite", "left over", "unused", "blocked", "dead"]
    assert [line.strip() for line in lines if "more" in line] == ["… and 1,203 more"] * 2
    assert len(of_kind(diagnosis, "dead")) == len(of_kind(diagnosis, "blocked")) == 1213


def test_nodes_are_called_by_the_names_they_are_given() -> None:
    a, b = Value(-1.0), Value(2.0)
    hidden = autograd.relu(a)
    g = hidden * b
    assert messages(diagnose(g, names=locals()), "dead") == [
        "∂relu(a)/∂a = where(a ≤ 0, 0, 1) = 0 at a = -1: the gradient 2 of hidden stops there",
        "∂(hidden·b)/∂b = hidden = 0 at b = 2, hidden = 0: the gradient 1 of g stops there",
    ]


# Bad input


def test_what_is_no_result_is_refused() -> None:
    wrong: Any = 3.0
    with pytest.raises(GraphError, match="diagnose needs a Value, got the float 3"):
        diagnose(wrong)
    with no_grad():
        unrecorded = Value(1.0) * 2.0
    with pytest.raises(GraphError, match=r"was computed under no_grad\(\)"):
        diagnose(unrecorded)


def test_leaves_that_are_no_values_are_refused() -> None:
    x = Value(1.0, "x")
    one: Any = x
    with pytest.raises(GraphError, match=r"leaves must be a list or the like, such as \[x, y\], got Value\(1\.0"):
        diagnose(x, leaves=one)
    nested: Any = [x, [x]]
    with pytest.raises(GraphError, match="diagnose, for each of its leaves, needs a Value, got the list"):
        diagnose(x, leaves=nested)


def test_it_works_within_detect_anomaly() -> None:
    x = Value(0.0, "x")
    root = x.sqrt()
    with detect_anomaly():
        assert len(diagnose(root).findings) == 1


# Any graph


def snapshot(nodes: Sequence[Value]) -> list[str]:
    return [repr((node.data, node.grad, node.label)) for node in nodes]


@given(programs(), st.booleans())
def test_dead_edges_and_blocked_and_unused_leaves_of_a_program_are_those_of_exact_arithmetic(
    program: Program, is_swept: bool
) -> None:
    values, records = program.values(), program.records()
    if is_swept:
        values[-1].backward()
    before = snapshot(values)
    root = len(values) - 1
    reached = behind(records, root)
    leaves = [i for i, record in enumerate(records) if record.symbol is None]
    diagnosis = diagnose(values[-1], leaves=[values[i] for i in leaves])
    assert edges(diagnosis, "dead") == {
        (id(values[i]), index)
        for i in reached
        if derivative(records, root, i)
        for index, (_, local) in enumerate(records[i].edges)
        if local == 0
    }
    paths = {i: derivative(records, root, i, weight=lambda local: int(local != 0)) for i in leaves}
    assert {id(f.node) for f in of_kind(diagnosis, "blocked")} == {id(values[i]) for i in reached if paths.get(i) == 0}
    assert {id(f.node) for f in of_kind(diagnosis, "unused")} == {id(values[i]) for i in leaves if i not in reached}
    assert {f.kind for f in diagnosis.findings} <= {"dead", "blocked", "unused", "exploding"}
    assert len(str(diagnosis)) > 10
    assert snapshot(values) == before


@given(programs())
def test_each_blocked_leaf_names_a_cut_on_a_path_to_it_that_a_gradient_reaches(program: Program) -> None:
    values = program.values()
    for finding in of_kind(diagnose(values[-1]), "blocked"):
        step = finding.step
        assert step is not None
        assert step.local == 0.0
        assert any(node is finding.node for node in autograd.topological_order(step.parent))


@given(programs())
def test_sizes_by_depth_are_those_of_the_longest_paths(program: Program) -> None:
    values, records = program.values(), program.records()
    root = len(values) - 1
    depths = longest_paths(records, root)
    profile = diagnose(values[-1]).profile
    assert [level.depth for level in profile] == list(range(1 + max(depths.values())))
    for level in profile:
        sizes = [abs(derivative(records, root, i)) for i, depth in depths.items() if depth == level.depth]
        measured = [size for size in sizes if size] or [0]
        assert level[1:4] == (min(measured), statistics.median_high(measured), max(measured))
        assert (level.zeros, level.nodes) == (sizes.count(0), len(sizes))


def longest_paths(records: Sequence[Record], root: int) -> dict[int, int]:
    """The number of edges on the longest path from the root to each record behind it."""
    depths = {root: 0}
    for i in range(root, -1, -1):
        for parent, _ in records[i].edges if i in depths else ():
            depths[parent] = max(depths.get(parent, 0), depths[i] + 1)
    return depths


@given(programs(), st.sampled_from([None, 0.0]))
def test_leaves_with_a_gradient_are_left_over_after_two_sweeps_and_none_after_one(
    program: Program, zero: float | None
) -> None:
    values = program.values()
    for value in values:
        value.grad = zero
    values[-1].backward()
    assert not of_kind(diagnose(values[-1]), "left over")
    values[-1].backward()
    found = of_kind(diagnose(values[-1]), "left over")
    assert {id(finding.node) for finding in found} == {id(value) for value in values if value.is_leaf and value.grad}
    assert all(", twice what one sweep gives" in finding.message for finding in found)


EXTREMES = st.sampled_from([0.0, -0.0, 1.0, -3.0, 40.0, -800.0, 1e200, -1e308, 1e-300, INF, -INF, NAN])


@given(expressions(ops=OPS), st.data())
def test_the_first_non_finite_number_and_gradient_of_any_expression_are_found(
    expression: Expression, data: st.DataObject
) -> None:
    drawn = [data.draw(EXTREMES | st.just(x)) for x in expression.point]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonFiniteWarning)
        nodes = expression.results(*map(Value, drawn))
    nodes[-1].backward()
    before = snapshot(nodes)
    diagnosis = diagnose(nodes[-1])
    assert not of_kind(diagnosis, "left over")
    assert len(str(diagnosis)) > 10
    assert snapshot(nodes) == before
    found = of_kind(diagnosis, "non-finite")
    order = autograd.topological_order(nodes[-1])
    numbers = [node for node in order if not math.isfinite(node.data)][:1]
    assert [id(finding.node) for finding in found if finding.step is None] == [id(node) for node in numbers]
    steps = [(id(f.step.node), f.step.index) for f in found if f.step]
    assert steps == list(non_finite_gradients(nodes[-1]))[:1]


def non_finite_gradients(root: Node) -> Iterator[tuple[int, int]]:
    for step in autograd.contributions(root):
        if math.isnan(step.product - step.product) or math.isnan(step.total - step.total):
            yield id(step.node), step.index


@given(expressions(ops=OPS))
def test_at_regular_points_of_any_expression_the_edges_that_stop_a_gradient_are_those_of_local_derivative_0(
    expression: Expression,
) -> None:
    nodes = expression.results(*map(Value, expression.point))
    diagnosis = diagnose(nodes[-1])
    nodes[-1].backward()
    expected = {
        (id(node), index)
        for node in autograd.topological_order(nodes[-1])
        for index, local in enumerate(node.partials)
        if local == 0.0 and node.grad and math.isfinite(node.grad)
    }
    flat, dead = edges(diagnosis, "flat"), edges(diagnosis, "dead")
    assert flat | dead == expected
    assert not flat & dead
    assert {node.op.name for node in nodes if node.op and (id(node), 0) in flat and len(node.operands) == 1} <= {
        "ceil", "floor", "round", "sign", "trunc",
    }  # fmt: skip


# Large graphs


def test_a_graph_of_a_hundred_thousand_nodes_is_diagnosed() -> None:
    x = end = Value(1.0, "x")
    for _ in range(HUNDRED_THOUSAND // 2):
        end = autograd.relu(-end) + x
    diagnosis = diagnose(end)
    assert len(diagnosis.profile) > HUNDRED_THOUSAND
    assert str(diagnosis).startswith("1 problem in 150,001 nodes, 200,000 edges:\n  dead  ∂relu(")


def test_an_operation_of_very_many_operands_is_diagnosed() -> None:
    leaves = [Value(i) for i in range(20_000)]
    diagnosis = diagnose(autograd.max(leaves), leaves=leaves)
    assert len(of_kind(diagnosis, "dead")) == len(of_kind(diagnosis, "blocked")) == 19_999
    assert str(diagnosis).count("… and 19,989 more") == 2


def test_a_gradient_that_underflows_to_0_is_not_healthy() -> None:
    x = Value(1.0, "x")
    found = diagnose((x * 1e-200) * 1e-200)
    assert [finding.message for finding in found.findings] == [
        "∂(x·1e-200)/∂x = 1e-200 at x = 1: the gradient 1e-200 of v1 stops there"
    ]


def test_numbers_that_were_changed_since_are_not_passed_off_as_an_equation() -> None:
    a = Value(-1.0, "a")
    r = a.relu()
    a.data = 5.0
    assert "v1 = relu(a) = relu(5) = 0 (of numbers that were changed since)" in str(diagnose(r))
