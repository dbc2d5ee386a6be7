"""Stepping goes forward and back through exactly the sweep that backward() runs."""

import copy
import math
import pickle
import tracemalloc
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import (
    Contribution,
    GraphError,
    LabelError,
    Step,
    Stepper,
    Value,
    contributions,
    no_grad,
    topological_order,
)
from autograd.testing.program import Program as Expression
from autograd.testing.strategies import expressions
from tests.autograd.oracle import OPS
from tests.autograd.programs import Program, programs


class Lecture(NamedTuple):
    x: Value
    y: Value
    z: Value
    p: Value
    g: Value


def lecture() -> Lecture:
    x, y, z = Value(1, "x"), Value(3, "y"), Value(-3, "z")
    p = x + y
    g = p * z
    p.label, g.label = "p", "g"
    return Lecture(x, y, z, p, g)


def state(s: Stepper) -> tuple[Any, ...]:
    """All that a stepper shows: its position, its latest step, and each node's numbers to the bit."""
    numbers = [(repr(s.data(node)), repr(s.grad(node))) for node in s.names]
    return s.position, repr(s.step), repr(s), numbers


def graph(expression: Expression) -> Value:
    root: Value = expression(*map(Value, expression.point))
    return root


BOARD = """\
forward 1 of 2    p = x + y = 1 + 3 = 4
  ∂(x + y)/∂x = 1
  ∂(x + y)/∂y = 1
forward 2 of 2    g = p·z = 4·(-3) = -12
  ∂(p·z)/∂p = z = -3
  ∂(p·z)/∂z = p = 4
backward 1 of 4    g = p·z
  ∂(p·z)/∂p = z = -3
  ∂g/∂p = ∂g/∂g · ∂g/∂p = 1 · -3 = -3        (p so far: 0 → -3)
backward 2 of 4    g = p·z
  ∂(p·z)/∂z = p = 4
  ∂g/∂z = ∂g/∂g · ∂g/∂z = 1 · 4 = 4        (z so far: 0 → 4)
backward 3 of 4    p = x + y
  ∂g/∂x = ∂g/∂p · ∂p/∂x = -3 · 1 = -3        (x so far: 0 → -3)
backward 4 of 4    p = x + y
  ∂g/∂y = ∂g/∂p · ∂p/∂y = -3 · 1 = -3        (y so far: 0 → -3)"""


def test_the_lecture_on_the_board() -> None:
    assert "\n".join(map(repr, Stepper(lecture().g))) == BOARD


def test_the_numbers_fill_in_one_by_one() -> None:
    s = Stepper(lecture().g)
    shown = [[(s.data(label), s.grad(label)) for label in "xpg"]]
    while s.next():
        shown.append([(s.data(label), s.grad(label)) for label in "xpg"])
    assert shown == [
        [(1, None), (None, None), (None, None)],
        [(1, None), (4, None), (None, None)],
        [(1, None), (4, None), (-12, 1)],
        [(1, None), (4, -3), (-12, 1)],
        [(1, None), (4, -3), (-12, 1)],
        [(1, -3), (4, -3), (-12, 1)],
        [(1, -3), (4, -3), (-12, 1)],
    ]


MOVES = st.lists(
    st.one_of(
        st.just(("next",)),
        st.just(("back",)),
        st.just(("run",)),
        st.just(("reset",)),
        st.tuples(st.just("node"), st.integers(0, 40)),
        st.tuples(st.just("position"), st.floats(0, 1)),
    ),
    max_size=30,
)


@given(expressions(ops=OPS), MOVES)
def test_after_any_walk_the_stepper_is_as_a_fresh_one_at_that_position(
    expression: Expression, moves: list[tuple[Any, ...]]
) -> None:
    root = graph(expression)
    nodes = topological_order(root)
    walker = Stepper(root)
    for kind, *argument in moves:
        if kind == "node":
            walker.run_to(nodes[argument[0] % len(nodes)])
        elif kind == "position":
            walker.run_to(int(argument[0] * len(walker)))
        else:
            getattr(walker, kind)()
        fresh = Stepper(root)
        for _ in range(walker.position):
            fresh.next()
        assert state(walker) == state(fresh)
    assert all(node.grad is None for node in nodes)


@given(expressions(ops=OPS))
def test_to_the_end_and_committed_equals_backward_to_the_bit(expression: Expression) -> None:
    stepped, swept = graph(expression), graph(expression)
    for _ in range(2):  # the second time, leaves add up
        s = Stepper(stepped)
        s.run()
        s.commit()
        swept.backward()
        ours = [repr(node.grad) for node in topological_order(stepped)]
        assert ours == [repr(node.grad) for node in topological_order(swept)]


@given(programs())
def test_each_backward_step_is_a_contribution_of_the_sweep(program: Program) -> None:
    root = program.values()[-1]
    s, expected = Stepper(root), [fields(each) for each in contributions(root)]
    backward = []
    for step in s:
        backward += [fields(step)] if step.phase == "backward" else []
        assert [fields(each) for each in s.contributions] == expected[: len(backward)]
    assert backward == expected
    s.reset()
    assert s.contributions == []


def fields(x: Step | Contribution) -> tuple[Any, ...]:
    """What is passed along an edge; nodes by identity, since they compare by their numbers."""
    return id(x.node), x.index, id(x.parent), x.upstream, x.local, x.product, x.before, x.total


def test_undoing_is_exact() -> None:
    x = Value(1.0, "x")
    s = Stepper(x * 0.1 + x * 0.2)  # 0.1 + 0.2 - 0.2 is not 0.1 in floats
    s.run()
    assert s.grad("x") == 0.1 + 0.2
    s.back()
    assert s.grad("x") in (0.1, 0.2)


def test_a_copy_goes_its_own_way() -> None:
    s = Stepper(lecture().g)
    s.run_to("x")
    twin, far_twin = copy.copy(s), copy.deepcopy(s)
    s.run()
    assert (twin.position, twin.grad("x"), twin.grad("y")) == (5, -3, None)
    assert state(twin) == state(far_twin) == state(pickle.loads(pickle.dumps(far_twin)))
    twin.run()
    assert state(twin) == state(s)


@given(programs())
def test_forward_steps_come_first_and_never_before_their_operands(program: Program) -> None:
    root = program.values()[-1]
    s = Stepper(root)
    while (step := s.next()) is not None and step.phase == "forward":
        assert s.data(step.node) == step.node.data
        assert all(s.data(parent) is not None for parent in step.node.parents)
        assert s.grad(step.node) is None or step.node is root
    assert s.position == 1 + sum(node.op is not None for node in topological_order(root)) or step is None


def test_the_ends_are_ends() -> None:
    s = Stepper(lecture().g)
    assert (s.back(), s.step, s.position) == (None, None, 0)
    assert [step.heading for step in s] == [f"forward {i} of 2" for i in (1, 2)] + [
        f"backward {i} of 4" for i in range(1, 5)
    ]
    assert (s.next(), s.position, len(s), list(s)) == (None, 6, 6, [])
    step = s.back()
    assert step is not None
    assert step.heading == "backward 3 of 4"
    s.reset()
    assert (s.position, s.step, s.grad("x")) == (0, None, None)


def test_run_to_a_node_goes_to_the_next_step_that_reaches_it() -> None:
    x = Value(3.0, "x")
    square = x * x
    s = Stepper(square, names={"square": square})
    assert [s.run_to(target) and s.position for target in ("square", x, "x", x, square)] == [1, 2, 3, None, None]
    assert s.position == 3


def test_run_to_a_position_moves_both_ways() -> None:
    s = Stepper(lecture().g)
    for position in (5, 6, 2, 0, 1):
        assert repr(s.run_to(position)) == repr(s.step)
        assert s.position == position
    s.run_to(np.int64(1))
    for wrong in (-1, 7):
        with pytest.raises(ValueError, match="from 0 to 6"):
            s.run_to(wrong)
    assert s.position == 1


def test_breakpoints_stop_runs_until_they_are_removed() -> None:
    n = lecture()
    s = Stepper(n.g)
    s.break_when(lambda step: step.parent is n.x)
    s.break_when(lambda step: step.phase == "forward" and step.node is n.g)
    stops = []
    while s.position < len(s):
        s.run()
        stops.append(s.position)
    assert stops == [2, 5, 6]
    s.reset()
    s.run_to("y")
    assert s.position == 2
    s.run_to(6)
    assert s.position == 6
    s.reset()
    s.breakpoints.clear()
    s.run()
    assert s.position == 6


def test_a_predicate_that_fails_loses_nothing() -> None:
    s = Stepper(lecture().g)
    s.break_when(lambda step: 1 / (step.number - 2) == 0)
    with pytest.raises(ZeroDivisionError):
        s.run()
    assert s.position == 2
    s.breakpoints.clear()
    s.run()
    assert s.grad("x") == -3
    with pytest.raises(TypeError, match="function of a step, got 3"):
        s.break_when(3)  # type: ignore[arg-type]


def test_what_is_asked_of_the_wrong_node_or_too_early_is_refused() -> None:
    n = lecture()
    s = Stepper(n.g)
    with pytest.raises(LabelError, match="no node is labelled 'q'"):
        s.run_to("q")
    with pytest.raises(GraphError, match=r"Value\(5.0\) is no node of this graph: nothing that led to g used it"):
        s.grad(Value(5))
    with pytest.raises(GraphError, match=r"at 0 of 6.* gradients are incomplete: run\(\) first, then commit\(\)"):
        s.commit()
    with pytest.raises(GraphError, match=r"Stepper needs a Value, got the float 3\.0"):
        Stepper(3.0)  # type: ignore[arg-type]
    with no_grad():
        y = n.x * 2
    with pytest.raises(GraphError, match=r"was computed under no_grad\(\)"):
        Stepper(y)


def test_a_leaf_alone_has_no_steps() -> None:
    x = Value(3.0, "x")
    s = Stepper(x)
    assert (len(s), s.next(), s.run(), s.back(), s.data(x), s.grad(x)) == (0, None, None, None, 3.0, 1.0)
    assert repr(s) == "<Stepper at 0 of 0: nothing done yet, nothing left>"
    s.commit()
    assert x.grad == 1.0


def test_where_it_stands() -> None:
    s = Stepper(lecture().g)
    s.run_to("p")
    assert repr(s) == "<Stepper at 1 of 6: forward 1 of 2 done, next is forward 2 of 2>"
    s.run()
    assert repr(s) == "<Stepper at 6 of 6: backward 4 of 4 done, nothing left>"


def test_infinities_and_nan_are_stepped_through_and_undone() -> None:
    x = Value(0.0, "x")
    with pytest.warns(autograd.NonFiniteWarning):
        root = autograd.log(x) * x
    s = Stepper(root)
    s.run()
    assert math.isnan(s.grad("x") or 0.0)
    s.run_to(0)
    assert s.grad("x") is None


def test_memory_grows_with_the_graph_and_not_faster() -> None:
    def peak(length: int) -> int:
        root = Value(1.0)
        for _ in range(length):
            root = root * 1.0000001
        tracemalloc.start()
        s = Stepper(root)
        s.run()
        s.run_to(length)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(20_000) < 2.5 * peak(10_000)
