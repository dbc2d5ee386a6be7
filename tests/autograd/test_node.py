"""A graph is freed the moment the last name for its result goes."""

import gc
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import autograd
from autograd import Graph, Value, detect_anomaly, grad, hessian, no_grad, topological_order


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
