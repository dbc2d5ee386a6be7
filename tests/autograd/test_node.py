"""Nodes in order: each after its parents; and a graph is freed the moment the last name for its result goes."""

import gc
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given

import autograd
from autograd import Graph, Value, detect_anomaly, grad, hessian, no_grad, topological_order
from autograd.node import operations_in_order
from tests.autograd.programs import Program, behind, programs


@given(programs())
def test_every_node_comes_once_and_after_its_parents(program: Program) -> None:
    values = program.values()
    order = topological_order(values[-1])
    places = {id(node): i for i, node in enumerate(order)}
    assert len(places) == len(order)
    assert all(places[id(parent)] < places[id(node)] for node in order for parent in node.parents)
    assert places.keys() == {id(values[i]) for i in behind(program.records(), len(values) - 1)}


@given(programs())
def test_the_order_is_that_of_first_use_left_before_right(program: Program) -> None:
    found: list[Any] = []

    def visit(node: Any) -> None:
        if all(node is not known for known in found):
            for parent in node.parents:
                if not parent.is_leaf:
                    visit(parent)
            leaves = [parent for parent in node.parents if parent.is_leaf]
            found.extend(leaf for i, leaf in enumerate(leaves) if all(leaf is not x for x in found + leaves[:i]))
            found.append(node)

    root = program.values()[-1]
    visit(root)
    assert [id(node) for node in topological_order(root)] == [id(node) for node in found]
    assert [id(node) for node in operations_in_order(root)] == [id(node) for node in found if not node.is_leaf]


@given(programs())
def test_the_order_behind_several_roots_has_each_node_once(program: Program) -> None:
    values = program.values()
    order = topological_order(*values)
    assert sorted(map(id, order)) == sorted(map(id, values))
    places = {id(node): i for i, node in enumerate(order)}
    assert all(places[id(parent)] < places[id(node)] for node in order for parent in node.parents)


def test_a_leaf_stands_just_before_its_first_use() -> None:
    x, y, z = (Value(1.0, name) for name in "xyz")
    total = autograd.sum([x * y, z * x, z])
    shown = [node.label or (node.op.name if node.op else "?") for node in topological_order(total)]
    assert shown == ["x", "y", "mul", "z", "mul", "sum"]
    assert [id(x)] == [id(node) for node in topological_order(x)]


@pytest.fixture
def _no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def _plain(x: Value) -> Any:
    return (x * x + 2.0).tanh() / autograd.dot([x, x], [1.0, x])


def _swept(x: Value) -> Any:
    y = _plain(x)
    y.backward()
    y.zero_grad()
    list(autograd.contributions(y))
    return y


def _walked(x: Value) -> Any:
    graph = Graph(_plain(x))
    assert graph.depth + len(graph.leaves) + graph.counts.total() > 0
    return Graph.from_dict(graph.to_dict())


def _failed(x: Value) -> Any:
    with pytest.raises(ArithmeticError), detect_anomaly():
        (_plain(x) * 0.0).log()
    return _plain(x)


def _without_graph(x: Value) -> Any:
    with no_grad():
        return _plain(x)


@pytest.mark.usefixtures("_no_collector")
@pytest.mark.parametrize(
    "make",
    [
        _plain,
        _swept,
        _walked,
        _failed,
        _without_graph,
        lambda x: _plain(x).gradient(x),
        lambda x: grad(grad(_plain))(x),
        lambda x: hessian(lambda v: _plain(v[0]) * v[1])([x, x]),
    ],
)
def test_a_graph_is_freed_when_its_last_name_goes(make: Callable[[Value], Any]) -> None:
    x = Value(0.5)
    result = make(x)
    roots = [v for v in (result.roots if isinstance(result, Graph) else [result]) if isinstance(v, Value)]
    nodes = [weakref.ref(node) for root in roots for node in topological_order(root)]
    del x, result, roots
    assert [node() for node in nodes] == [None] * len(nodes)
    assert gc.collect() == 0


def test_an_intermediate_result_lives_as_long_as_what_was_made_of_it() -> None:
    x = Value(2.0)
    y = x * 3
    z = y + 1
    middle = weakref.ref(y)
    del y
    assert middle() is not None
    del z
    assert middle() is None
