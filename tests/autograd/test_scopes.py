"""Scopes: every new node carries the name of the part that made it, on every path and in threads, tasks and copies."""

import asyncio
import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import (
    Graph,
    GraphError,
    Node,
    Tensor,
    Value,
    detect_anomaly,
    enable_grad,
    no_grad,
    record_lines,
    scope,
    topological_order,
    unroll,
)
from tests.autograd.programs import Program, programs
from tests.autograd.test_concurrency import in_threads

names = st.text(min_size=1, max_size=3)


def made() -> list[Any]:
    """A node of every kind, made in every way: leaves, operators, functions, with numbers, over lists, of arrays."""
    x: Any = Value(2.0)
    t: Any = Tensor([1.0, 2.0])
    of_numbers = [x * x, x * 2, 2 * x, -x, x.tanh(), autograd.sum([x, x]), autograd.clamp(x, 0.0, 1.0), x**x]
    return [x, t, *of_numbers, t * t, t * x, t.sum(), autograd.stack([x, 1.0]), t[0], np.exp(t)]


@given(st.lists(names, max_size=4))
def test_the_names_of_nested_scopes_are_joined_and_each_ends_with_its_block(nested: list[str]) -> None:
    def enter(depth: int) -> None:
        expected = ".".join(nested[:depth]) or None
        assert {node.scope for node in made()} == {expected}
        if depth < len(nested):
            with scope(nested[depth]):
                enter(depth + 1)
            assert {node.scope for node in made()} == {expected}

    enter(0)


@given(programs())
def test_in_a_scope_the_nodes_are_the_same_but_for_its_name(program: Program) -> None:
    with scope("model"):
        inside = program.values()
    assert {node.scope for node in inside} == {"model"}
    table = Graph(*inside).to_dict()
    for row in table["nodes"]:
        assert row.pop("scope") == "model"
    assert table == Graph(*program.values()).to_dict()


@pytest.mark.parametrize("switch", [no_grad, enable_grad, detect_anomaly, record_lines])
def test_a_scope_and_a_switch_go_together_in_either_order(switch: Callable[[], Any]) -> None:
    with switch():
        expected = [(type(node), node.op, node.line is None) for node in made()]
    for outer, inner in ((switch(), scope("a")), (scope("a"), switch())):
        with outer, inner:
            nodes = made()
        assert [(type(node), node.op, node.line is None) for node in nodes] == expected
        assert {node.scope for node in nodes} == {"a"}


def test_one_scope_may_be_kept_entered_again_and_within_itself() -> None:
    part = scope("part")
    for outer in ("a", "b", "a"):
        with scope(outer):
            for _ in range(2):
                with part:
                    assert Value(1.0).scope == f"{outer}.part"
                    with part:
                        assert Value(1.0).scope == f"{outer}.part.part"
                    assert Value(1.0).scope == f"{outer}.part"
    with part:
        assert Value(1.0).scope == "part"
    assert Value(1.0).scope is None


def test_a_scope_ends_with_an_exception() -> None:
    with pytest.raises(KeyError), scope("a"), scope("b"):
        raise KeyError
    assert Value(1.0).scope is None


def test_threads_that_share_a_scope_have_their_own_surroundings() -> None:
    part = scope("part")

    def work(i: int) -> None:
        with scope(str(i)):
            for _ in range(2000):
                with part:
                    assert Value(1.0).scope == f"{i}.part"

    in_threads(work)


def test_tasks_do_not_see_each_other_s_scopes() -> None:
    @scope("decorated")
    async def task(name: str) -> None:
        for _ in range(3):
            with scope(name):
                await asyncio.sleep(0)
                assert Value(1.0).scope == f"decorated.{name}"
            await asyncio.sleep(0)

    async def all_of_them() -> None:
        await asyncio.gather(*map(task, "abc"))

    asyncio.run(all_of_them())
    assert Value(1.0).scope is None


def test_a_decorated_function_has_a_scope() -> None:
    @scope("layer")
    def layer(x: Value) -> Value:
        return x * 2.0

    assert layer(Value(1.0)).scope == "layer"


@pytest.mark.parametrize("kind", [Value, Tensor])
def test_copies_pickles_and_tables_keep_scopes_and_lines(kind: Any) -> None:
    x = kind(2.0)
    with scope("a"):
        y = x * x
    with record_lines(), scope("b"):
        root = y + x
    duplicates: list[Callable[[Any], Any]] = [
        copy.copy, copy.deepcopy, lambda node: pickle.loads(pickle.dumps(node)),
    ]  # fmt: skip
    for duplicate in duplicates:
        twin = duplicate(root)
        assert [node.scope for node in topological_order(twin)] == [None, "a", "b"]
        assert twin.line == root.line is not None
    table = json.loads(json.dumps(Graph(root).to_dict()))
    assert [row.get("scope") for row in table["nodes"]] == [None, "a", "b"]
    assert "scope" not in table["nodes"][0]
    assert [node.scope for node in Graph.from_dict(table)] == [None, "a", "b"]


@pytest.mark.parametrize("wrong", [1, ["a"], {}, True])
def test_the_scope_in_a_table_is_a_string(wrong: Any) -> None:
    table = Graph(Value(1.0)).to_dict()
    table["nodes"][0]["scope"] = wrong
    with pytest.raises(GraphError, match="row 0: a scope is a string or null, got"):
        Graph.from_dict(table)


def test_the_values_of_an_unrolled_graph_have_the_scope_of_their_tensor() -> None:
    x, w = Tensor([[1.0, 2.0]]), Value(3.0)
    with scope("a"):
        h = (x @ np.ones((2, 3))).tanh()
    with scope("b"):
        out = (h * w).mean()
    with scope("elsewhere"):
        unrolled = unroll(out)
    for node, values in unrolled.nodes.items():
        assert {value.scope for value in values.ravel()} == {node.scope}
    assert {node.scope for node in Graph(unrolled.root) if node.op is not None} == {"a", "b"}
    assert w.scope is None


def test_a_scope_needs_a_name() -> None:
    for wrong in (None, 3, b"layer"):
        with pytest.raises(TypeError, match="scope: the name is a string, got the"):
            scope(wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="scope: the name is empty"):
        scope("")


def test_a_node_s_scope_and_line_are_what_they_are() -> None:
    node: Node = Value(1.0)
    for name in ("scope", "line"):
        with pytest.raises(AttributeError):
            setattr(node, name, "other")
