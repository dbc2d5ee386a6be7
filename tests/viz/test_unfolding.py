"""Dot products drawn as the products and the sum that they stand for."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import nn
import viz
from autograd import Stepper, Value
from viz.diagram import diagram
from viz.parts import Diagram

whole = st.integers(-9, 9).map(float)  # whose sums are exact in any order
factors = st.tuples(st.booleans(), whole)


def shape(d: Diagram) -> tuple[Counter[Any], Counter[Any]]:
    """A diagram but for the order and the keys of its parts: its boxes, and its edges from box to box."""
    boxes = {box.key: (box.label, box.data, box.grad, box.is_leaf) for box in d.boxes}
    symbols = {circle.key: circle.symbol for circle in d.circles}
    results = {edge.source: boxes[edge.target] for edge in d.edges if edge.source in symbols}
    edges = [
        (boxes[edge.source], symbols[edge.target], results[edge.target], edge.local, edge.flow)
        for edge in d.edges
        if edge.target in symbols
    ]
    return Counter(boxes.values()), Counter(edges)


@given(st.lists(st.tuples(factors, factors), min_size=1, max_size=5), whole)
def test_it_looks_as_if_it_had_been_written_out(rows: list[Any], scale: float) -> None:
    def drawn(total: Any, *, unfold: bool) -> Diagram | None:
        operands = [
            [Value(x, f"{name}{i}") if is_node else x for i, (is_node, x) in enumerate(column)]
            for name, column in zip("wx", zip(*rows, strict=True), strict=True)
        ]
        result = total(*operands)
        if not isinstance(result, Value):
            return None
        root = result * scale
        root.backward()
        return diagram([root], unfold=unfold)

    unfolded = drawn(autograd.dot, unfold=True)
    written = drawn(lambda w, x: autograd.sum([a * b for a, b in zip(w, x, strict=True)]), unfold=False)
    assert (unfolded and shape(unfolded)) == (written and shape(written))


def test_by_default_it_is_one_circle() -> None:
    w, x = [Value(2.0), Value(3.0)], [Value(4.0), Value(5.0)]
    root = autograd.dot(w, x)
    assert [circle.symbol for circle in diagram([root]).circles] == ["dot"]
    assert [circle.symbol for circle in diagram([root], unfold=True).circles] == ["*", "*", "Σ"]
    assert viz.draw(root, unfold=True).diagram == diagram([root], unfold=True)


def test_what_was_recorded_is_drawn_though_a_leaf_changed_since() -> None:
    w, x = Value(2.0, "w"), Value(3.0, "x")
    root = autograd.dot([w], [x])
    w.data = 100.0
    assert [edge.local for edge in diagram([root], unfold=True).edges[:2]] == [3.0, 2.0]


def test_products_stand_in_the_frame_of_their_neuron() -> None:
    d = diagram([nn.MLP(2, [2, 1], rng=0)([1.0, 2.0])], unfold=True)
    neuron = next(cluster for cluster in d.clusters if cluster.label == "neurons.1")
    symbols = {circle.key: circle.symbol for circle in d.circles}
    assert sorted(symbols[key] for key in neuron.members if key in symbols) == ["* 1", "* 2", "+", "relu", "Σ"]


def test_a_graph_in_which_there_is_no_room_is_folded_and_says_so() -> None:
    root = nn.MLP(2, [16, 16, 1], rng=0)([1.0, 2.0])
    assert "no room to unfold" in diagram([root], unfold=True).caption
    assert "no room" not in diagram([root]).caption
    assert "Σ" in {circle.symbol for circle in diagram([root], unfold=True, fold=False).circles}


def test_nothing_is_written_to_the_graph() -> None:
    w, x = Value(2.0, "w"), Value(3.0, "x")
    root = autograd.dot([w, 1.0], [x, w]).tanh()
    root.backward()
    before = [(node.op, node.data, node.grad) for node in autograd.topological_order(root)]
    diagram([root], unfold=True)
    assert [(node.op, node.data, node.grad) for node in autograd.topological_order(root)] == before


def test_what_has_an_order_of_its_own_is_not_unfolded() -> None:
    root = autograd.dot([Value(2.0)], [Value(3.0)])
    with pytest.raises(TypeError, match="unfold is for results, not for a Stepper"):
        viz.draw(Stepper(root), unfold=True)
