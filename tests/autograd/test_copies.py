"""Copies and pickles of graphs keep numbers, gradients, labels and sharing, and can be differentiated again."""

import copy
import io
import pickle
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Graph, Node, Value, graphmethods
from autograd.order import with_leaves
from tests.autograd.programs import Program, programs

Duplicate = Callable[[Any], Any]


def _by_c(protocol: int) -> Duplicate:
    return lambda x: pickle.loads(pickle.dumps(x, protocol))


def _by_python(protocol: int) -> Duplicate:
    def duplicate(x: Any) -> Any:
        file = io.BytesIO()
        pickler: Any = vars(pickle)["_Pickler"]
        pickler(file, protocol).dump(x)
        return vars(pickle)["_loads"](file.getvalue())

    return duplicate


DUPLICATES: dict[str, Duplicate] = {
    "deepcopy": copy.deepcopy,
    **{f"pickle {i}": _by_c(i) for i in range(6)},
    **{f"pickle {i} in Python": _by_python(i) for i in range(6)},
}
every_duplicate = pytest.mark.parametrize("duplicate", DUPLICATES.values(), ids=DUPLICATES)


def table(*roots: Value) -> dict[str, Any]:
    return Graph(*roots).to_dict()


@given(programs(), st.sampled_from(list(DUPLICATES)))
def test_a_duplicate_is_the_same_graph_of_new_nodes(program: Program, how: str) -> None:
    root = program.values()[-1]
    root.backward()
    before = table(root)
    twin = DUPLICATES[how](root)
    assert table(twin) == table(root) == before
    assert {id(node) for node in Graph(twin)}.isdisjoint(id(node) for node in Graph(root))
    twin.zero_grad()
    twin.backward()
    assert table(twin) == before


@given(programs(), st.data())
def test_roots_duplicated_together_go_on_sharing_one_graph(program: Program, data: st.DataObject) -> None:
    values = program.values()
    duplicate = DUPLICATES[data.draw(st.sampled_from(list(DUPLICATES)))]
    roots = data.draw(st.lists(st.sampled_from(values), min_size=1, max_size=6))
    twins = duplicate(roots)
    assert table(*twins) == table(*roots)
    assert [[a is b for a in twins] for b in twins] == [[a is b for a in roots] for b in roots]


@every_duplicate
@pytest.mark.parametrize("swap", [False, True])
def test_a_result_and_a_node_behind_it_stay_connected(duplicate: Duplicate, swap: bool) -> None:
    x = Value(3.0, "x")
    p = x * 2
    g = p * p
    for behind in (x, p):
        pair = duplicate((behind, g) if swap else (g, behind))
        twin, twin_behind = reversed(pair) if swap else pair
        assert twin_behind in Graph(twin)
        twin.backward()
        assert twin_behind.grad == (24.0 if behind is x else 12.0)
    assert (x.grad, p.grad, g.grad) == (None, None, None)


@every_duplicate
def test_dicts_lists_and_graphs_of_nodes_keep_their_shape(duplicate: Duplicate) -> None:
    x, y = Value(3.0, "x"), Value(4.0, "y")
    whole = {"loss": x * y, "parameters": [x, y], "graph": Graph(x * y + x), "again": [[x], {"y": y}]}
    twin = duplicate(whole)
    assert twin["again"][0][0] is twin["parameters"][0] is twin["graph"]["x"]
    assert twin["again"][1]["y"] is twin["parameters"][1] is twin["graph"]["y"]
    twin["loss"].backward()
    twin["graph"].root.backward()
    assert [value.grad for value in twin["parameters"]] == [4.0 + 5.0, 3.0 + 3.0]


@every_duplicate
def test_fused_operations_constants_and_non_finite_numbers_survive(duplicate: Duplicate) -> None:
    x = Value(3.0, "x")
    root = autograd.sum([autograd.dot([x, 2.0, x], [1.0, x, x]), Value(float("inf")), x, autograd.clamp(x, max=2.0)])
    twin = duplicate(root)
    assert table(twin) == table(root)
    assert twin.op is root.op
    assert twin.gradient(Graph(twin)["x"]).data == root.gradient(x).data


@every_duplicate
def test_a_list_of_all_the_nodes_of_a_long_chain_is_duplicated_each_node_once(
    duplicate: Duplicate, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = [Value(1.0)]
    for _ in range(3000):
        states.append(-states[-1])
    visited: list[Node] = []

    def counted(roots: tuple[Node, ...], seen: set[Node]) -> list[Node]:
        visited.extend(found := list(with_leaves(roots, seen)))
        return found

    monkeypatch.setattr(graphmethods, "with_leaves", counted)
    twins = duplicate(states)
    assert all(len(twin.parents) == 1 and twin.parents[0] is before for before, twin in pairwise(twins))
    assert len(visited) == len(states)


def test_a_shallow_copy_shares_its_parents() -> None:
    x, y = Value(2.0), Value(3.0)
    for node in (x * y, -x, autograd.sum([x, y, x]), x):
        node.grad, node.label = 5.0, "node"
        twin = copy.copy(node)
        assert twin is not node
        assert [id(parent) for parent in twin.parents] == [id(parent) for parent in node.parents]
        assert repr(twin) == repr(node)
        assert (twin.partials, twin.operands) == (node.partials, node.operands)


PICKLERS: list[Any] = [pickle.Pickler, vars(pickle)["_Pickler"]]


@pytest.mark.parametrize("kind", PICKLERS)
def test_a_pickler_may_be_used_again(kind: Any) -> None:
    file = io.BytesIO()
    pickler = kind(file)
    x = Value(2.0, "x")
    g = x * x
    pickler.dump(g)
    pickler.dump((g, x))
    unpickler = pickle.Unpickler(io.BytesIO(file.getvalue()))
    first, (second, second_x) = unpickler.load(), unpickler.load()
    assert first is second
    assert [parent is second_x for parent in first.parents] == [True, True]
    pickler.clear_memo()
    file.truncate(file.seek(0))
    pickler.dump((x, g * x))
    third_x, third = pickle.loads(file.getvalue())
    assert (third.data, third.parents[1] is third_x, third_x is second_x) == (8.0, True, False)


@pytest.mark.parametrize("kind", PICKLERS)
def test_a_pickler_that_is_kept_does_not_disturb_the_next(kind: Any) -> None:
    x = chain = Value(1.0, "x")
    for _ in range(5000):
        chain = -chain
    kept = [kind(io.BytesIO()) for _ in range(3)]
    for pickler in kept:
        pickler.dump(chain)
    longer = (chain * 2.0 + x) * chain
    for root in (chain, chain.parents[0], longer, longer.parents[0], (x, longer, chain)):
        file = io.BytesIO()
        pickler = kind(file)
        kept.append(pickler)
        pickler.dump(root)
        twin = pickle.loads(file.getvalue())
        roots, twins = (root, twin) if isinstance(root, tuple) else ((root,), (twin,))
        assert table(*twins) == table(*roots)


def test_a_pickle_that_failed_does_not_disturb_the_next() -> None:
    x = Value(2.0, "x")
    root = x * x
    failed = pickle.Pickler(io.BytesIO())
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        failed.dump([root, lambda: None])
    assert table(pickle.loads(pickle.dumps(root))) == table(root)


def test_operations_are_pickled_by_name() -> None:
    assert pickle.loads(pickle.dumps(autograd.tanh)) is autograd.tanh
    assert copy.deepcopy(autograd.tanh) is autograd.tanh
