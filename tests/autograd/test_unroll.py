"""unroll: the scalar graph that a graph of Tensors stands for, beside that graph."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Graph, GraphError, Stepper, Tensor, Value, no_grad, replay, unroll
from tests.autograd.array_programs import PROGRAMS, Program, arrays_for
from tests.autograd.ops.sample import weighted

every_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)


def numbers(elements: Any) -> Any:
    """The numbers of an array of Values."""
    return np.asarray(elements).astype(float)


def gradients(elements: Any) -> Any:
    """Their gradients, 0 where nothing reached them."""
    return np.vectorize(lambda value: value.grad or 0.0, otypes=[float])(elements)


@every_program
@settings(max_examples=10)
@given(st.data())
def test_numbers_and_gradients_of_both_graphs_agree(program: Program, data: st.DataObject) -> None:
    leaves = list(map(Tensor, data.draw(arrays_for(program))))
    out = program[0](*leaves)
    unrolled = unroll(out)
    np.testing.assert_allclose(numbers(unrolled.root), out.data, rtol=1e-14, atol=1e-15)
    for node, elements in unrolled.nodes.items():
        assert (type(elements), elements.shape, elements.dtype) == (np.ndarray, node.data.shape, object)
        np.testing.assert_allclose(numbers(elements), node.data, rtol=1e-14, atol=1e-15)
    weighted(out).backward()
    total = weighted(np.atleast_1d(unrolled.root))
    if isinstance(total, Value):
        total.backward()
    for leaf in leaves:
        np.testing.assert_allclose(gradients(unrolled.leaves[leaf]), leaf.grad, rtol=1e-13, atol=1e-14)


def test_a_layer_is_a_graph_of_dots_sums_and_activations_with_the_names_of_its_leaves() -> None:
    w, x = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "W"), Tensor([0.5, -0.5, 0.25], "x")
    b = Tensor([0.0, -1.0], "b")
    h = (w @ x + b).tanh()
    h.label = "h"
    unrolled = unroll(h)
    graph = Graph(*unrolled.root)
    assert dict(graph.counts) == {"dot": 2, "add": 2, "tanh": 2}
    assert {leaf.label for leaf in graph.leaves} == {
        *(f"W[{i}, {j}]" for i in range(2) for j in range(3)), "x[0]", "x[1]", "x[2]", "b[0]", "b[1]",
    }  # fmt: skip
    assert [value.label for value in unrolled.root] == ["h[0]", "h[1]"]
    assert graph["W[1, 2]"] is unrolled.leaves[w][1, 2]
    assert set(unrolled.leaves) == {w, x, b}
    assert list(unrolled.nodes)[-1] is h


def test_what_was_unrolled_can_be_stepped_through() -> None:
    w, x = Tensor([[1.0, 2.0], [4.0, 5.0]], "W"), Tensor([0.5, -0.25], "x")
    unrolled = unroll((w @ x).tanh())
    stepper = Stepper(unrolled.root[1])
    stepper.run()
    [step] = [each for each in stepper.contributions if each.parent is unrolled.leaves[w][1, 0]]
    assert (step.parent.label, step.total) == ("W[1, 0]", pytest.approx(0.5 * (1 - np.tanh(0.75) ** 2)))


def test_a_row_that_is_folded_is_one_node() -> None:
    x = Tensor(np.arange(1.0, 7.0).reshape(2, 3), "x")
    for fold in (x.sum, x.mean, x.prod, x.max, x.logsumexp):
        assert Graph(unroll(fold()).root).counts.total() == 1
        assert Graph(*unroll(fold(axis=1)).root).counts.total() == 2
        assert unroll(fold(axis=0, keepdims=True)).root.shape == (1, 3)


def test_elements_that_are_moved_stay_what_they_are() -> None:
    x = Tensor([[1.0, 2.0], [3.0, 4.0]], "x")
    moved = x.transpose()[::-1].reshape((4,))
    moved.label = "moved"
    unrolled = unroll(moved)
    assert [value.label for value in unrolled.root] == ["x[0, 1]", "x[1, 1]", "x[0, 0]", "x[1, 0]"]
    assert unrolled.root[0] is unrolled.leaves[x][0, 1]


def test_elements_that_meet_are_one_sum() -> None:
    x = Tensor([1.0, 2.0, 3.0], "x")
    gradient = (x[[0, 1, 0, 0]] * x[:1]).sum().gradient(x)
    unrolled = unroll(gradient)
    np.testing.assert_array_equal(numbers(unrolled.root), gradient.data)


def test_a_leaf_without_a_label_has_values_without_labels_and_one_number_has_no_index() -> None:
    x, k = Tensor([1.0, 2.0]), Tensor(3.0, "k")
    unrolled = unroll(x * k)
    assert [value.label for value in unrolled.leaves[x]] == [None, None]
    assert unrolled.leaves[k].item().label == "k"
    assert isinstance(unroll(k * 2.0).root, Value)
    loss = autograd.binary_cross_entropy_with_logits(k, 1.0)
    assert unroll(loss).root.data == pytest.approx(np.log1p(np.exp(-3.0)))
    assert repr(unroll(k * 2.0)) == "<Unrolled 2 Tensors: <Graph of 2 nodes: 1 leaf, 1 operation (mul 1), depth 1>>"


def test_constants_are_floats_in_the_graph() -> None:
    x = Tensor([1.0, 2.0], "x")
    out = autograd.concatenate([x, np.array([5.0])]) * np.array([1.0, 2.0, 3.0])
    unrolled = unroll(out)
    assert [type(element) for element in unrolled.root] == [Value, Value, float]
    assert numbers(unrolled.root).tolist() == [1.0, 4.0, 15.0]


def test_values_in_a_graph_of_tensors_stand_in_the_new_graph_themselves() -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    out = (autograd.stack([x, y, x * y]) * Tensor([1.0, 10.0, 100.0], "w")).sum()
    root = unroll(out).root
    assert Graph(root)["x"] is x
    root.backward()
    assert (x.grad, y.grad) == (301.0, 210.0)


def test_nothing_of_the_tensor_s_graph_changes() -> None:
    x = Tensor([1.0, 2.0], "x")
    out = x.exp().sum()
    root = unroll(out).root
    root.backward()
    assert (x.grad, out.grad, out.label) == (None, None, None)


def test_float32_is_computed_in_the_precision_of_values() -> None:
    x = Tensor(np.array([0.1, 0.7], np.float32), "x")
    out = x.exp().sum()
    np.testing.assert_allclose(unroll(out).root.data, out.data, rtol=1e-6)
    assert unroll(out).leaves[x][0].data == float(np.float32(0.1))


def test_what_was_not_recorded_is_a_leaf() -> None:
    with no_grad():
        x = Tensor([1.0, 2.0]) * 2.0
    assert [value.is_leaf for value in unroll(x).root] == [True, True]
    for wrong in (1.0, np.ones(2), [Tensor(1.0)]):
        with pytest.raises(GraphError, match="unroll needs a Value, got the"):
            unroll(wrong)  # type: ignore[arg-type]


def test_a_long_chain_is_unrolled() -> None:
    y = Tensor([1.0], "x")
    for _ in range(5_000):
        y = y * 1.0
    root = unroll(y).root[0]
    root.backward()
    assert Graph(root)["x[0]"].grad == 1.0


def test_a_change_of_dtype_loses_no_gradient() -> None:
    x = Tensor([1.0, 2.0], "x", dtype=np.float32)
    loss = (x.astype(np.float64) ** 2).sum()
    unrolled = unroll(loss)
    unrolled.root.backward()
    assert [value.grad for value in unrolled.leaves[x]] == [2.0, 4.0]
    assert replay(loss)(np.array([3.0, 4.0], np.float32)) == 25.0
