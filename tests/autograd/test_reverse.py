"""backward: exact on every graph of whole numbers, adding up at leaves, and the same as its stream of events."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Contribution, Tensor, Value, contributions
from autograd.arrays import ArrayNamespace
from autograd.reverse import sweep
from tests.autograd.programs import Program, behind, derivative, programs

SEEDS = st.sampled_from([1, -2, 3])


@given(programs(), SEEDS)
def test_every_node_gets_the_derivative_that_the_chain_rule_gives_forward(program: Program, seed: int) -> None:
    values, records = program.values(), program.records()
    root = len(values) - 1
    values[root].backward(seed)
    reached = behind(records, root)
    expected = [seed * derivative(records, root, i) if i in reached else None for i in range(len(values))]
    assert [value.grad for value in values] == expected
    assert [value.data for value in values] == [record.number for record in records]


@given(programs())
def test_a_second_backward_doubles_the_leaves_exactly_and_nothing_else(program: Program) -> None:
    values = program.values()
    values[-1].backward()
    once = [value.grad for value in values]
    values[-1].backward()
    for value, grad in zip(values, once, strict=True):
        assert value.grad == (grad if grad is None or not value.is_leaf else 2 * grad)


@given(programs(), st.data())
def test_two_losses_that_share_nodes_add_up_at_the_leaves(program: Program, data: st.DataObject) -> None:
    values, records = program.values(), program.records()
    first, second = (data.draw(st.integers(0, len(values) - 1)) for _ in range(2))
    values[first].backward()
    values[second].backward()
    in_first, in_second = behind(records, first), behind(records, second)
    for i, value in enumerate(values):
        grads = [
            derivative(records, root, i) for root, reached in ((first, in_first), (second, in_second)) if i in reached
        ]
        expected = sum(grads) if value.is_leaf else grads[-1] if grads else None
        assert value.grad == (expected if grads else None)


@given(programs(), SEEDS)
def test_the_stream_of_events_is_the_sweep_one_edge_at_a_time(program: Program, seed: float) -> None:
    root = program.values()[-1]
    running: dict[Any, float] = {root: seed}
    for step in contributions(root, seed):
        assert step.upstream == running[step.node]
        assert step.parent is step.node.parents[step.index]
        assert step.local == step.node.partials[step.index]
        assert step.product == step.upstream * step.local
        assert step.before == running.get(step.parent)
        assert step.total == step.product + (step.before or 0.0)
        running[step.parent] = step.total
    assert running == sweep(root, seed)


FLOATS = st.floats(-1e6, 1e6)


@given(FLOATS, FLOATS, FLOATS)
def test_the_stream_and_the_sweep_agree_to_the_last_bit(x: float, y: float, z: float) -> None:
    a, b, c = Value(x), Value(y), Value(z)
    p = a * b + c
    root = autograd.sum([p * a, autograd.dot([p, b, c], [c, a, p]), p.tanh(), b])
    last: dict[Any, Contribution] = {step.parent: step for step in contributions(root)}
    root.backward()
    assert {id(node): step.total for node, step in last.items()} == {id(node): node.grad for node in last}


def test_grad_is_none_until_a_sweep_reaches_the_node() -> None:
    x, y, apart = Value(2.0), Value(0.0), Value(5.0)
    product = x * y
    beyond = product + apart
    assert [node.grad for node in (x, y, product, apart, beyond)] == [None] * 5
    product.backward()
    assert [node.grad for node in (x, y, product, apart, beyond)] == [0.0, 2.0, 1.0, None, None]


def test_backward_from_a_leaf_gives_it_the_seed() -> None:
    x = Value(3.0)
    x.backward()
    x.backward(2.5)
    assert x.grad == 3.5


def test_a_seed_multiplies_every_gradient() -> None:
    x = Value(3.0)
    (x * x).backward(0.5)
    assert x.grad == 3.0


def test_inner_nodes_hold_the_latest_sweep() -> None:
    x = Value(2.0)
    middle = x * 3
    (middle * 5).backward()
    (middle * 7).backward()
    assert middle.grad == 7.0
    assert x.grad == 3 * 5 + 3 * 7


def test_a_lattice_of_2_to_the_60_paths_is_exact() -> None:
    x = Value(1.0)
    node = x
    for _ in range(60):
        node = node + node
    node.backward()
    assert x.grad == node.data == 2.0**60


def test_diamonds_within_diamonds_are_exact() -> None:
    x, y = Value(1.0), Value(1.0)
    left, right = x, y
    for _ in range(40):
        left, right = left + right, left - right  # two rows double both numbers: 2^40 paths, half of which cancel
    total = left + right
    total.backward()
    assert (x.grad, y.grad) == (2.0**20, 2.0**20)
    assert total.data == 2.0**21


def test_a_gradient_may_be_set_by_hand_before_the_next_sweep() -> None:
    x = Value(3.0)
    (x * x).backward()
    x.grad = 0.0
    (x * x).backward()
    assert x.grad == 6.0


def test_a_graph_may_grow_from_nodes_that_were_swept() -> None:
    x = Value(2.0)
    y = x * x
    y.backward()
    x.zero_grad()
    (y * y).backward()
    assert (x.grad, y.grad) == (32.0, 8.0)


@pytest.mark.parametrize("count", [1, 2, 3, 100])
def test_a_fused_sum_passes_its_gradient_to_each_parent_as_often_as_it_occurs(count: int) -> None:
    x, y = Value(2.0), Value(3.0)
    total = autograd.sum([x] * count + [y])
    total.backward()
    assert (total.data, x.grad, y.grad) == (2.0 * count + 3.0, float(count), 1.0)


PARTS: list[Any] = [
    0, -1, (1, 2), slice(1, None), (slice(None), slice(0, 2)), (..., None, 1), slice(None, None, -2), (),
    [0, 0, 2], ([1, 1], [0, 0]), np.array([True, False, True]),
]  # fmt: skip


@given(
    st.lists(st.tuples(st.sampled_from(PARTS), st.sampled_from([1.0, -1.0, 0.0, -0.0, 0.3])), min_size=1, max_size=8)
)
def test_parts_of_an_array_give_their_gradients_to_its_places_as_the_stream_adds_them(uses: list[Any]) -> None:
    x = Tensor(np.linspace(-1.0, 1.0, 9).reshape(3, 3))
    whole = x * 3.0
    root = autograd.sum(autograd.stack([(whole[index] * weight).sum() for index, weight in uses]))
    root = root + (whole * -0.0).sum()
    expected = np.full((3, 3), -0.0)
    for index, weight in uses:
        np.add.at(expected, index, weight)
    streamed = {step.parent: step.total for step in contributions(root)}
    assert sweep(root, root.seeded())[whole].tobytes() == streamed[whole].tobytes()
    np.testing.assert_allclose(streamed[whole], expected, rtol=1e-15, atol=1e-15)


def test_what_is_added_in_place_is_in_no_other_gradient() -> None:
    x, y = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    seed = np.array([5.0, 7.0])
    both = x + y  # passes one and the same array to x and y
    (autograd.stack([x[0], x[1]]) + both).backward(seed)
    assert (x.grad.tolist(), y.grad.tolist(), seed.tolist()) == ([10.0, 14.0], [5.0, 7.0], [5.0, 7.0])


def test_a_tensor_of_no_axes_may_be_taken_whole_many_times() -> None:
    x = Tensor(2.0)
    (x[()] + x[...] + x * 3.0 + x[()]).backward()
    assert x.grad == 6.0


def test_the_gradient_of_an_array_that_is_read_row_by_row_is_laid_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out: list[Any] = []
    scatter = ArrayNamespace.scatter

    def counted(x: Any, index: Any, like: Any) -> Any:
        laid_out.append(like)
        return scatter(x, index, like)

    monkeypatch.setattr(ArrayNamespace, "scatter", staticmethod(counted))
    x = Tensor(np.ones((20, 3)))
    autograd.stack([row * i for i, row in enumerate(x)]).sum().backward()
    assert x.grad.tolist() == [[float(i)] * 3 for i in range(20)]
    assert laid_out == [(20, 3)]
