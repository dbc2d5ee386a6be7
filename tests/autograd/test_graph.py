"""Graph: the nodes behind results in order, counted, measured, and found by label."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Graph, LabelError, Value, topological_order
from tests.autograd.programs import Program, behind, programs


@given(programs())
def test_counts_leaves_and_depth_are_those_of_the_program(program: Program) -> None:
    values, records = program.values(), program.records()
    graph = Graph(values[-1])
    reached = behind(records, len(records) - 1)
    names = {"+": "add", "-": "sub", "*": "mul"}
    assert len(graph) == len(reached)
    assert graph.counts == Counter(names[symbol] for i in reached if (symbol := records[i].symbol) is not None)
    assert {id(leaf) for leaf in graph.leaves} == {id(values[i]) for i in reached if records[i].symbol is None}
    depths: list[int] = []
    for record in records:
        depths.append(max((depths[parent] + 1 for parent, _ in record.edges), default=0))
    assert graph.depth == depths[-1]


@given(programs(), st.data())
def test_a_graph_of_several_roots_holds_the_nodes_behind_any_of_them(program: Program, data: st.DataObject) -> None:
    values = program.values()
    roots = data.draw(st.lists(st.sampled_from(values), min_size=1, max_size=3))
    graph = Graph(*roots)
    assert (
        [id(node) for node in graph] == [id(node) for node in topological_order(*roots)] == list(map(id, graph.nodes))
    )
    assert {id(node) for node in graph} == {id(node) for root in roots for node in Graph(root)}
    assert [id(root) for root in graph.roots] == list(map(id, roots))
    assert graph.root is roots[-1]


def example() -> tuple[Value, Value, Value, Graph]:
    x, y = Value(2.0, "x"), Value(3.0, "weight")
    product = x * y
    return x, y, product, Graph(product + x + 1.0)


def test_repr_sums_the_graph_up() -> None:
    assert repr(example()[-1]) == "<Graph of 5 nodes: 2 leaves, 3 operations (add 2, mul 1), depth 3>"
    assert repr(Graph(Value(1.0))) == "<Graph of 1 node: 1 leaf, 0 operations, depth 0>"


def test_a_node_is_in_the_graph_by_identity() -> None:
    x, _, product, graph = example()
    assert x in graph
    assert product in graph
    assert Value(2.0, "x") not in graph
    assert "x" not in graph


def test_a_label_finds_its_node() -> None:
    x, y, product, graph = example()
    assert graph["x"] is x
    assert graph["weight"] is y
    product.label = "product"
    assert graph["product"] is product


def test_a_label_that_is_wrong_is_answered_with_the_closest() -> None:
    graph = example()[-1]
    with pytest.raises(LabelError, match=r"^no node is labelled 'wieght': did you mean 'weight'\?$"):
        graph["wieght"]
    with pytest.raises(LabelError, match=r"^no node is labelled 'q': its labels are 'x', 'weight'$"):
        graph["q"]
    with pytest.raises(LabelError, match="no node is labelled 'q': its labels are none"):
        Graph(Value(1.0))["q"]
    number: Any = 3
    with pytest.raises(LabelError, match="no node is labelled 3"):
        graph[number]
    with pytest.raises(LookupError):
        graph["q"]


def test_a_label_used_twice_finds_neither() -> None:
    graph = Graph(Value(1.0, "x") + Value(2.0, "x"))
    with pytest.raises(LabelError, match=r"^2 nodes are labelled 'x': give each a label of its own$"):
        graph["x"]


def test_many_labels_are_not_all_listed() -> None:
    graph = Graph(autograd.sum([Value(i, f"label {i:03}") for i in range(1000)]))
    with pytest.raises(LabelError) as error:
        graph["?"]
    assert len(str(error.value)) < 200


def test_counts_cannot_be_spoilt_by_the_caller_s_nodes_changing() -> None:
    x, _, product, graph = example()
    x.data, product.label = 100.0, "renamed"
    assert graph.counts == {"add": 2, "mul": 1}
    assert len(graph) == 5
