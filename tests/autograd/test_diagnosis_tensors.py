"""diagnose on graphs of Tensors: what is not finite and where, dead units, gradients that vanish or were left over."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import autograd
from autograd import Finding, GraphError, Tensor, diagnose
from tests.autograd.tensor_graphs import network, results

some = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def found(g: Tensor, kind: str, **options: Any) -> list[Finding]:
    return [finding for finding in diagnose(g, **options).findings if finding.kind == kind]


@given(results())
@some
def test_every_operation_can_be_diagnosed_and_nothing_is_changed(root: Tensor) -> None:
    diagnosis = diagnose(root)
    assert repr(diagnosis)
    assert not [finding for finding in diagnosis.findings if finding.kind in ("non-finite", "left over", "unused")]
    assert root.grad is None


def test_a_healthy_network_has_no_problems() -> None:
    assert diagnose(network().loss).ok


def test_a_tensor_of_several_elements_is_refused() -> None:
    with pytest.raises(GraphError, match="backpropagation starts from one number"):
        diagnose(Tensor([1.0, 2.0]) * 2.0)


@pytest.mark.filterwarnings("ignore::autograd.NonFiniteWarning")
def test_the_first_number_that_is_not_finite_is_counted_and_placed() -> None:
    x = Tensor([[1.0, 2.0], [-1.0, -4.0], [3.0, 5.0], [4.0, 4.0]], "x")
    y = x.log()
    [finding] = found(y.sum(), "non-finite", names={"y": y})
    assert finding.node is y
    assert finding.leaves == (x,)
    assert finding.message == (
        f"y = log(x) = log((4, 2)) = (4, 2), {autograd.numerals.spread(y.data)} is the first number that is not finite "
        f"(2 of 8 elements, the first at [1, 0]), from x = {autograd.numerals.spread(x.data)}"
    )
    assert "2 nan" in finding.message


@pytest.mark.filterwarnings("ignore::autograd.NonFiniteWarning")
def test_the_first_gradient_that_is_not_finite_is_counted_and_placed() -> None:
    x = Tensor([4.0, 0.0, 1.0, 0.0, 9.0, 1.0, 1.0], "x")
    y = x.sqrt()
    [finding] = found(y.sum(), "non-finite", names={"y": y})
    assert finding.node is x
    assert "x gets" in finding.message
    assert "2 inf, the first gradient that is not finite (2 of 7 elements, the first at [1])" in finding.message


def test_dead_units_are_counted_by_columns() -> None:
    rng = np.random.default_rng(1)
    x, w = Tensor(rng.standard_normal((50, 4)), "x"), Tensor(rng.standard_normal((4, 6)), "w")
    b = Tensor([0.0, -100.0, 0.0, -100.0, -100.0, 0.0], "b")
    h = (x @ w + b).relu()
    [finding] = found(h.sum(), "dead", names={"h": h})
    assert finding.node is h
    assert finding.message == ("3 of 6 units of h = relu(v2) are dead: in all 50 rows, no gradient gets through to v2")


def test_zeros_here_and_there_are_no_dead_unit() -> None:
    rng = np.random.default_rng(1)
    x = Tensor(rng.standard_normal((50, 6)), "x")
    assert not found(x.relu().sum(), "dead")
    mask = np.zeros((50, 6))
    mask[:, 1:] = 1.0
    assert not found((x * mask).sum(), "dead")


def test_what_stops_a_whole_gradient_is_dead_or_flat_and_blocks_the_leaf() -> None:
    x, w = Tensor([[1.0, 2.0]], "x"), Tensor([[-1.0], [-2.0]], "w")
    h = (x @ w).relu()
    total = h.sum() + x.floor().sum()
    kinds = [(f.kind, f.node.label) for f in diagnose(total, names={"h": h}).findings if f.kind == "blocked"]
    assert kinds == [("blocked", "x"), ("blocked", "w")]
    assert len(found(total, "dead")) == len(found(total, "flat")) == 1


def test_a_product_with_zeros_lets_nothing_through() -> None:
    x, w = Tensor([[1.0, 2.0]], "x"), Tensor([[0.0], [0.0]], "w")
    [finding] = found((x @ w).sum(), "dead")
    assert finding.message.startswith("no gradient passes through matmul to x: v1 = x @ w")


def test_saturation_is_told_where_it_is_most() -> None:
    x = Tensor([[9.0, -9.0, 8.0], [10.0, 0.1, 7.0]], "x")
    [finding] = found(x.tanh().sum(), "saturated")
    assert finding.message.startswith(
        "v1 = tanh(x) is flat at 5 of 6 elements: of the gradient's norm 2.449, 0.9901 is left"
    )
    assert not found(Tensor([[0.1, 0.2, 9.0]]).tanh().sum(), "saturated")
    assert not found(Tensor([[200.0, 300.0]]).log().sum(), "saturated")
    assert not found((Tensor([[0.1, 0.2, 9.0]]) * 0.001).sum(), "saturated")


@pytest.mark.parametrize(("factor", "kind"), [(0.05, "vanishing"), (20.0, "exploding")])
def test_gradients_that_vanish_or_explode_are_told_by_their_norms(factor: float, kind: str) -> None:
    h = Tensor(np.ones((3, 4)), "x")
    for _ in range(10):
        h = h @ Tensor(np.eye(4) * factor)
    [finding] = found(h.sum(), kind)
    assert "over 10 operations" in finding.message
    assert not found(network().loss, kind)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_gradients_left_over_are_told_by_how_often_backward_ran(dtype: str) -> None:
    g = network(dtype=dtype)
    for _ in range(7):
        g.loss.backward()
    assert {finding.node for finding in found(g.loss, "left over")} == {g.x, g.w1, g.b1, g.w2, g.b2}
    assert "7 times what one sweep gives, as if backward() ran 7 times" in found(g.loss, "left over")[0].message
    g.loss.zero_grad()
    g.loss.backward()
    assert diagnose(g.loss).ok


def test_a_small_difference_is_shown_at_its_place() -> None:
    g = network()
    g.loss.backward()
    g.w2.grad[1, 0] += 1e-9
    [finding] = found(g.loss, "left over")
    assert "at [1, 0] where one sweep gives" in finding.message
    assert finding.expected is not None


def test_a_leaf_that_is_not_behind_the_result_is_unused() -> None:
    spare = Tensor(np.ones((3, 3)), "spare")
    [finding] = found(network().loss, "unused", leaves=[spare])
    assert finding.message == "spare = (3, 3), all 1 is not behind loss: loss does not depend on it"
