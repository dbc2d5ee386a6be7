"""A graph is saved as strict JSON and comes back bit for bit; a malformed table is refused by its row."""

import copy
import json
import math
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import autograd
from autograd import Graph, GraphError, Value
from tests.autograd.programs import Program, programs


def through_json(table: dict[str, Any]) -> dict[str, Any]:
    """The table written as JSON without the words that only Python understands, and read again."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    read: dict[str, Any] = json.loads(json.dumps(table, allow_nan=False), parse_constant=refuse)
    return read


@given(programs())
def test_a_table_comes_back_as_the_same_graph(program: Program) -> None:
    values = program.values()
    values[-1].backward()
    graph = Graph(*values)
    again = Graph.from_dict(through_json(graph.to_dict()))
    assert again.to_dict() == graph.to_dict()
    assert [(repr(node), node.partials, node.is_leaf) for node in again] == [
        (repr(node), node.partials, node.is_leaf) for node in graph
    ]
    root = again.root
    assert isinstance(root, Value)
    root.zero_grad()
    root.backward()
    expected = [repr(node.grad) for node in Graph(values[-1])]
    assert [repr(node.grad) for node in Graph(root)] == expected


NUMBERS = st.floats() | st.sampled_from([math.nan, math.inf, -math.inf, -0.0, 5e-324])


@given(NUMBERS, NUMBERS, NUMBERS, st.text() | st.none())
def test_every_float_and_label_comes_back_bit_for_bit(x: float, y: float, grad: float, label: str | None) -> None:
    leaf = Value(x, label)
    node = Value.recorded(y, autograd.registry["lerp"], (leaf, leaf), (x, y), (None, grad, None))
    node.grad = grad
    read = Graph.from_dict(through_json(Graph(node).to_dict())).root
    assert repr([read.data, read.grad, read.partials, read.operands]) == repr([y, grad, (x, y), (leaf, grad, leaf)])
    assert read.parents[0].label == label


@pytest.mark.filterwarnings("ignore::autograd.NonFiniteWarning")  # not all of them have a value at 0.5
@pytest.mark.parametrize("op", autograd.registry.values(), ids=autograd.registry)
def test_every_operation_can_be_saved(op: autograd.Op) -> None:
    x: Any = Value(0.5)
    given: list[Any] = [[x, 0.25] if op.over_lists else 1.0 if partial is None else x for partial in op.partials]
    root: Any = op(*given)
    again = Graph.from_dict(through_json(Graph(root).to_dict())).root
    assert (again.op, repr(again.data), repr(again.partials)) == (op, repr(root.data), repr(root.partials))


def test_the_table_is_the_one_described() -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    z = x * y + 0.5
    z.backward()
    assert Graph(z).to_dict() == {
        "format": "chainrule graph",
        "version": 1,
        "roots": [3],
        "nodes": [
            {"id": 0, "label": "x", "data": 2.0, "grad": 3.0},
            {"id": 1, "label": "y", "data": 3.0, "grad": 2.0},
            {"id": 2, "label": None, "data": 6.0, "grad": 1.0, "op": "mul", "operands": [0, 1], "partials": [3.0, 2.0]},
            {
                "id": 3, "label": None, "data": 6.5, "grad": 1.0,
                "op": "add", "operands": [2, {"constant": 0.5}], "partials": [1.0],
            },
        ],
    }  # fmt: skip


def saved() -> dict[str, Any]:
    """A table with a bit of everything."""
    x, y = Value(2.0, "x"), Value(3.0, "y")
    root = autograd.dot([x * y, 2.0], [y, x.tanh()]) + autograd.polygamma(1.0, x) + autograd.sum([x, y, 1.0]) + math.inf
    root.backward()
    return Graph(x, root).to_dict()


def test_a_graph_that_was_loaded_is_differentiated_twice() -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    root = (x * y).tanh() * x**3 / y + autograd.dot([x, 2.0, y], [y, x, x])
    again = Graph.from_dict(through_json(Graph(root).to_dict()))
    first, second = again.root, root
    assert isinstance(first, Value)
    for path in ("xx", "xy", "yy"):
        derivative = first.gradient(again[path[0]]).gradient(again[path[1]])
        expected = second.gradient(Graph(root)[path[0]]).gradient(Graph(root)[path[1]])
        assert derivative.data == expected.data


def places(table: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in the table."""
    items = (
        list(table.items()) if isinstance(table, dict) else list(enumerate(table)) if isinstance(table, list) else []
    )
    return [(table, key) for key, _ in items] + [place for _, item in items for place in places(item)]


JUNK: list[Any] = [
    None, True, False, -1, 0, 1, 3, 99, 10**400, 0.5, 2.0, "x", "add", "nan", "infinity", "", [], [0], [[]], {},
    {"constant": 1.0}, {"constant": None}, {"constant": "1"}, {"op": "add"}, 1j, (0, 1), Value(1.0),
]  # fmt: skip


MESSAGES = r"^(row \d+: |roots: |not the table of a graph|the table of a graph needs)"


@pytest.mark.filterwarnings("ignore::autograd.NonFiniteWarning")
@given(st.data())
def test_a_table_spoilt_at_random_is_refused_with_its_row_or_still_makes_sense(data: st.DataObject) -> None:
    table = saved()
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(places(table)))
        if data.draw(st.booleans()):
            container[key] = copy.copy(data.draw(st.sampled_from(JUNK)))
        elif isinstance(container, dict) or data.draw(st.booleans()):
            del container[key]
        else:
            container.insert(key, copy.copy(data.draw(st.sampled_from(container))))
    graph = None
    with suppress(GraphError):
        graph = Graph.from_dict(table)
    if graph is None:
        with pytest.raises(GraphError, match=MESSAGES):
            Graph.from_dict(table)
        return
    assert isinstance(graph.root, Value)
    graph.root.backward()
    Graph.from_dict(through_json(graph.to_dict()))
    assert all(isinstance(node, Value) for node in graph.root.gradient(list(graph.leaves)))


@given(
    st.recursive(st.sampled_from(JUNK) | st.text() | st.floats(), lambda x: st.lists(x) | st.dictionaries(st.text(), x))
)
@example({"format": "chainrule graph", "version": 1, "roots": [], "nodes": []})
@example({"format": "chainrule graph", "version": 2, "roots": [0], "nodes": [{"id": 0, "data": 1.0}]})
def test_what_is_no_table_is_refused(junk: Any) -> None:
    with pytest.raises(GraphError):
        Graph.from_dict(junk)


def edited(edit: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    table = through_json(Graph((Value(2.0, "x") * Value(3.0, "y")).tanh() + 0.5).to_dict())
    edit(table)
    return table


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda t: t.update(format="x"), "not the table of a graph: expected a dict with format 'chainrule graph'"),
        (lambda t: t.update(nodes={}), "needs a list of 'nodes'"),
        (lambda t: t.update(roots=[9]), "roots: 9 is not the id of an earlier row"),
        (lambda t: t["nodes"][1].update(id=7), "row 1: expected a dict with id 1, got"),
        (lambda t: t["nodes"][1].update(data="three"), "row 1: data must be a number, got 'three'"),
        (lambda t: t["nodes"][1].update(data=True), "row 1: data must be a number, got True"),
        (lambda t: t["nodes"][1].update(data=10**400), "row 1: data must be a number, got 1000"),
        (lambda t: t["nodes"][1].update(grad=[]), "row 1: grad must be a number"),
        (lambda t: t["nodes"][1].update(label=5), "row 1: a label is a string or null, got 5"),
        (lambda t: t["nodes"][2].update(op="evil"), "row 2: there is no operation 'evil'; import the module that"),
        (lambda t: t["nodes"][2].pop("op"), "row 2: it has operands, partials or settings, but no op"),
        (lambda t: t["nodes"][2].pop("operands"), "row 2: operands must be a list, got None"),
        (lambda t: t["nodes"][2].update(operands=[0, 2]), "row 2: 2 is not the id of an earlier row"),
        (lambda t: t["nodes"][2].update(operands=[0, -1]), "row 2: -1 is not the id of an earlier row"),
        (lambda t: t["nodes"][2].update(operands=[0, True]), "row 2: True is not the id of an earlier row"),
        (lambda t: t["nodes"][2].update(operands=[0]), "row 2: mul does not fit its 1 operands and 2 partials"),
        (lambda t: t["nodes"][2].update(partials=[1.0]), "row 2: mul does not fit its 2 operands and 1 partials"),
        (lambda t: t["nodes"][3].update(op="mul"), "row 3: mul does not fit its 1 operands and 1 partials"),
        (lambda t: t["nodes"][4].update(op="polygamma"), "row 4: polygamma does not fit"),
        (lambda t: t["nodes"][3].update(op="dot"), "row 3: dot does not fit its 1 operands and 1 partials"),
        (lambda t: t["nodes"][4]["operands"][1].clear(), "row 4: constant must be a number, got None"),
    ],
)
def test_the_error_names_the_row_and_what_is_wrong(edit: Callable[[dict[str, Any]], Any], words: str) -> None:
    with pytest.raises(GraphError) as error:
        Graph.from_dict(edited(edit))
    assert words in str(error.value)
