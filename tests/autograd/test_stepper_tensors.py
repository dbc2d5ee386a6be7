"""Stepping through a graph of Tensors: the sweep of backward() to the bit, undone exactly, written in its symbols."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
from autograd import GraphError, Stepper, Tensor, Value, topological_order
from tests.autograd.latex import is_well_formed
from tests.autograd.tensor_graphs import bits, gradients, network, results

some = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

BOARD = """\
forward 1 of 3    h = x @ W = [[1, 2]] @ [[1, 0], [0.5, -1]] = [[2, -2]]
forward 2 of 3    y = h + b = [[2, -2]] + [0, 1] = [[2, -1]]
  ∂(h + b)/∂h = 1
  ∂(h + b)/∂b = 1
forward 3 of 3    L = sum(y) = sum([[2, -1]]) = 1
  ∂sum(y)/∂y = 1
backward 1 of 5    L = sum(y)
  ∂L/∂y = broadcast_to(∂L/∂L, (1, 2)) = broadcast_to(1, (1, 2)) = [[1, 1]]        (y so far: this)
backward 2 of 5    y = h + b
  ∂L/∂h = ∂L/∂y = [[1, 1]]        (h so far: this)
backward 3 of 5    y = h + b
  ∂L/∂b = sum(∂L/∂y, axis=0) = sum([[1, 1]], axis=0) = [1, 1]        (b so far: this)
backward 4 of 5    h = x @ W
  ∂L/∂x = ∂L/∂h @ Wᵀ = [[1, 1]] @ [[1, 0], [0.5, -1]]ᵀ = [[1, -0.5]]        (x so far: this)
backward 5 of 5    h = x @ W
  ∂L/∂W = xᵀ @ ∂L/∂h = [[1, 2]]ᵀ @ [[1, 1]] = [[1, 1], [2, 2]]        (W so far: this)"""


def state(s: Stepper) -> Any:
    """All that a stepper shows, to the bit."""
    numbers = [(bits(s.data(node)), None if s.grad(node) is None else bits(s.grad(node))) for node in s.names]
    return s.position, repr(s), repr(s.step), numbers


def test_a_layer_on_the_board() -> None:
    x, w, b = Tensor([[1.0, 2.0]], "x"), Tensor([[1.0, 0.0], [0.5, -1.0]], "W"), Tensor([0.0, 1.0], "b")
    h = x @ w
    y = h + b
    assert "\n".join(map(repr, Stepper(y.sum(), names={"h": h, "y": y, "L": None}))).replace("v1", "L") == BOARD


@given(results())
@some
def test_at_the_end_the_gradients_are_those_of_backward_to_the_bit(root: Tensor) -> None:
    def stepped() -> None:
        s = Stepper(root)
        s.run()
        s.commit()

    assert gradients(root, stepped) == gradients(root, lambda: root.backward(keep_grads=True))


@given(results(), st.data())
@some
def test_going_back_leads_through_exactly_the_same_states(root: Tensor, data: st.DataObject) -> None:
    s = Stepper(root)
    seen = [state(s)]
    for _ in s:
        seen.append(state(s))
    for position in data.draw(st.lists(st.integers(0, len(s)), max_size=4)):
        s.run_to(position)
        assert state(s) == seen[position]


@given(results())
@some
def test_every_step_is_written_in_text_and_in_latex(root: Tensor) -> None:
    for step in Stepper(root):
        assert repr(step).startswith(step.heading)
        assert is_well_formed(step.latex), step.latex
        if step.phase == "backward":
            expected = step.product if step.before is None else step.before + step.product
            assert bits(step.total) == bits(expected)


def test_large_arrays_are_summed_up() -> None:
    g = network(rows=20, hidden=5)
    s = Stepper(g.loss)
    step = s.run_to(g.h)
    assert step is not None
    assert str(step.numbers) == f"tanh((20, 5)) = (20, 5), {autograd.numerals.spread(g.h.data)}"
    step = s.run_to("w2")
    assert step is not None
    assert str(step.rule) == "∂loss/∂w2 = hᵀ @ ∂loss/∂v3"
    assert (step.local, step.local_derivative, step.product.shape) == (None, None, (5, 1))


def test_the_local_derivative_of_an_operation_by_element_is_read_from_its_definition() -> None:
    g = network(rows=1, hidden=2)
    s = Stepper(g.loss)
    s.run_to("h")
    step = next(step for step in s if step.node is g.h and step.phase == "backward")
    assert str(step.local_derivative).startswith("∂tanh(v2)/∂v2 = 1 - tanh(v2)² = [[")
    assert str(step.rule) == "∂loss/∂v2 = ∂loss/∂h ⊙ (1 - tanh(v2)²)"
    np.testing.assert_allclose(step.local, 1 - g.h.data**2)


def test_a_tensor_used_twice_gets_each_contribution_by_plus_equals() -> None:
    x = Tensor([2.0, 3.0], "x")
    s = Stepper((x * x).sum())
    s.run()
    assert str(s.step and s.step.rule) == "∂v2/∂x += ∂v2/∂v1 ⊙ x"
    assert s.step is not None
    assert s.step.so_far == "x so far: [2, 3] → [4, 6]"


def test_a_derivative_gets_parentheses_where_it_is_transposed_or_cut() -> None:
    x = Tensor([[1.0, 2.0]], "x")
    rules = [str(step.rule) for step in Stepper(autograd.stack([x.T, x.T]).sum()) if step.phase == "backward"]
    assert rules[1:3] == ["∂v4/∂v1 = (∂v4/∂v3)[0]", "∂v4/∂v2 = (∂v4/∂v3)[1]"]
    assert rules[3] in ("∂v4/∂x += (∂v4/∂v2)ᵀ", "∂v4/∂x += (∂v4/∂v1)ᵀ")


def test_after_a_reset_the_pass_is_the_same_to_the_bit() -> None:
    s = Stepper(network(dtype="float32").loss)
    s.run()
    done = state(s)
    s.reset()
    assert (s.position, s.step) == (0, None)
    s.run()
    assert state(s) == done
    assert {str(each.total.dtype) for each in s.contributions} == {"float32"}


def test_nothing_that_a_step_hands_out_can_be_written_to() -> None:
    g = network()
    s = Stepper(g.loss)
    step = s.run_to(g.w2)
    assert step is not None
    for array in (step.upstream, step.product, step.total, s.grad("h"), s.data("h")):
        with pytest.raises(ValueError, match="cannot be changed in place"):
            array[...] = 0.0


def test_committed_gradients_are_arrays_of_their_own() -> None:
    x, y = Tensor([1.0, 2.0], "x"), Tensor([3.0, 4.0], "y")
    s = Stepper((x + y).sum())
    s.run()
    s.commit()
    x.grad[0] = 7.0
    assert y.grad.tolist() == [1.0, 1.0]
    assert s.grad("x").tolist() == [1.0, 1.0]


def test_a_tensor_of_several_elements_is_refused() -> None:
    x = Tensor([1.0, 2.0], "x")
    with pytest.raises(GraphError, match=r"take \.sum\(\) or \.mean\(\)"):
        Stepper(x * 2.0)


def test_a_changed_operand_is_named_and_stops_the_pass_where_it_is() -> None:
    g = network()
    s = Stepper(g.loss)
    step = s.run_to("out")
    g.w2.data = g.w2.data + 1.0
    assert step is not None
    assert step.remarks == []
    with pytest.raises(GraphError, match="the data of w2 was changed after matmul had used it"):
        s.run()
    before = s.position
    with pytest.raises(GraphError, match="the data of w2 was changed"):
        s.next()
    assert s.position == before
    changed = next(node for node in topological_order(g.loss) if any(x is g.w2 for x in node.parents))
    s.run_to(0)
    [remark] = s.run_to(changed).remarks  # type: ignore[union-attr]
    assert "was computed before its operands got the numbers they have now" in str(remark)


def test_values_and_tensors_step_together() -> None:
    v = Value(3.0, "v")
    s = Stepper(autograd.stack([v, v * v]).sum())
    assert [step.total for step in s if step.parent is v] == [1.0, 4.0, 7.0]
    assert s.grad(v) == 7.0


def test_deep_graphs_are_copied_pickled_and_stepped() -> None:
    x = Tensor([1.0, 2.0], "x")
    y = x
    for _ in range(10_000):
        y = y + x
    root = y.sum()
    for again in (copy.deepcopy(root), pickle.loads(pickle.dumps(root))):
        s = Stepper(again)
        s.run()
        assert s.grad("x").tolist() == [10_001.0, 10_001.0]


def test_a_deep_copy_has_gradients_of_its_own() -> None:
    x = Tensor([1.0, 2.0], "x")
    root = (x * 3.0).sum()
    root.backward()
    [twin] = [node for node in topological_order(copy.deepcopy(root)) if node.label == "x"]
    twin.grad *= 0.0
    assert x.grad.tolist() == [3.0, 3.0]


def test_lines_are_recorded_for_tensors_too() -> None:
    x = Tensor([1.0, 2.0], "x")
    with autograd.record_lines():
        total = x.mean() + x.max()
    assert {node.line.text for node in topological_order(total) if node.line} == {"total = x.mean() + x.max()"}
