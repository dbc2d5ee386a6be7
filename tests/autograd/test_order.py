"""Nodes in order: each after its parents, operands from left to right."""

from typing import Any

from hypothesis import given

import autograd
from autograd import Value, topological_order
from autograd.order import operations_in_order
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
