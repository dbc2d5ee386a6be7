"""A chain of a million operations works: forward, backward, in a graph, saved, copied, pickled and freed."""

import copy
import gc
import pickle
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

import autograd
from autograd import Graph, Value

MILLION = 1_000_000
HUNDRED_THOUSAND = 100_000


@pytest.fixture(scope="module", autouse=True)
def _no_collector() -> Iterator[None]:
    """The collector would visit all the nodes again and again while they are made, and free nothing."""
    gc.disable()
    yield
    gc.enable()


def chain_of(length: int) -> tuple[Value, Value]:
    """A leaf and what `length` operations make of it: each is x + 1 or -x in turn, so that the number stays small."""
    leaf = end = Value(1.0, "x")
    for _ in range(length // 2):
        end = -end
        end = end + leaf
    return leaf, end


@pytest.fixture(scope="module")
def chain() -> tuple[Value, Value]:
    leaf, end = chain_of(MILLION)
    end.backward()
    return leaf, end


# x ↦ 1·leaf - x: the derivatives of the ends in the leaf are 0, 1, 0, 1, …, and after an even number of steps 1.
DERIVATIVE = 1.0


def gradient_after_another_sweep(end: Value) -> float | None:
    """The leaf's gradient: that of the fixture's sweep, which was kept, and that of one more."""
    leaf = end
    while leaf.parents:
        leaf = leaf.parents[0]
    assert leaf.grad == DERIVATIVE
    end.backward()
    return leaf.grad


def test_forward_and_backward_are_exact(chain: tuple[Value, Value]) -> None:
    leaf, end = chain
    assert (end.data, leaf.grad) == (1.0, DERIVATIVE)


def test_its_graph_is_walked_and_saved(chain: tuple[Value, Value]) -> None:
    graph = Graph(chain[1])
    assert (len(graph), graph.depth, graph.counts) == (MILLION + 1, MILLION, {"neg": MILLION // 2, "add": MILLION // 2})
    table = graph.to_dict()
    again = Graph.from_dict(table).root
    assert isinstance(again, Value)
    assert gradient_after_another_sweep(again) == 2 * DERIVATIVE


def test_it_is_copied(chain: tuple[Value, Value]) -> None:
    assert gradient_after_another_sweep(copy.deepcopy(chain[1])) == 2 * DERIVATIVE


def test_it_is_pickled(chain: tuple[Value, Value]) -> None:
    assert gradient_after_another_sweep(pickle.loads(pickle.dumps(chain[1]))) == 2 * DERIVATIVE


def test_a_chain_of_wide_nodes_is_freed_at_once() -> None:
    end: Any = Value(1.0)
    nodes = [weakref.ref(end)]
    for _ in range(HUNDRED_THOUSAND):
        end = autograd.sum([end, end, 1.0, end]) * 0.25
    nodes.append(weakref.ref(end))
    del end
    assert [node() for node in nodes] == [None, None]


def test_it_is_freed_at_once() -> None:
    leaf, end = chain_of(MILLION)
    nodes = [weakref.ref(leaf), weakref.ref(end.parents[0]), weakref.ref(end)]
    del leaf, end
    assert [node() for node in nodes] == [None, None, None]


def test_the_gradient_graph_of_a_chain_of_a_hundred_thousand_is_differentiated_again() -> None:
    x = Value(1.0, "x")
    end = x
    for _ in range(HUNDRED_THOUSAND):
        end = end * x
    slope, n = end.gradient(x), HUNDRED_THOUSAND + 1
    assert slope.data == n
    slope.backward()
    assert x.grad == n * (n - 1)


def test_wide_nodes_have_no_limit_either() -> None:
    leaves = [Value(i) for i in range(HUNDRED_THOUSAND)]
    total = autograd.dot(leaves, leaves)
    total.backward()
    assert all(leaf.grad == 2.0 * i for i, leaf in enumerate(leaves))
    twin = pickle.loads(pickle.dumps(copy.deepcopy(total)))
    assert len(twin.parents) == 2 * HUNDRED_THOUSAND
