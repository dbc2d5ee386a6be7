"""A graph of Tensors is saved as strict JSON and comes back bit for bit, to be differentiated like the old one."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import autograd
from autograd import Graph, GraphError, Tensor, Value, plain
from tests.autograd.tensor_graphs import bits, network, results

some = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def through_json(data: Any) -> Any:
    return json.loads(json.dumps(data, allow_nan=False))


@given(results())
@some
def test_every_operation_comes_back_and_can_be_differentiated_like_the_old(root: Tensor) -> None:
    root.zero_grad()
    root.backward(keep_grads=True)
    graph = Graph(root)
    again = Graph.from_dict(through_json(graph.to_dict()))
    assert again.to_dict() == graph.to_dict()
    assert [bits(node.data) for node in again] == [bits(node.data) for node in graph]
    assert isinstance(again.root, Tensor)
    again.root.zero_grad()
    again.root.backward(keep_grads=True)
    assert [bits(node.grad) for node in again] == [bits(node.grad) for node in graph]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_network_keeps_its_dtype_labels_and_gradients(dtype: str) -> None:
    g = network(dtype=dtype)
    g.loss.backward()
    again = Graph.from_dict(through_json(Graph(g.loss).to_dict()))
    w1 = again["w1"]
    assert isinstance(w1, Tensor)
    assert (str(w1.dtype), bits(w1.data), bits(w1.grad)) == (dtype, bits(g.w1.data), bits(g.w1.grad))
    assert again["h"].grad is None


def test_the_table_is_the_one_described() -> None:
    x, v = Tensor([[1.0, np.nan]], "x"), Value(2.0, "v")
    y = (x * np.array([3.0, np.inf]))[:, 0] * v
    assert Graph(y).to_dict()["nodes"] == [
        {"id": 0, "label": "x", "data": {"shape": [1, 2], "dtype": "float64", "values": [1.0, "nan"]}, "grad": None},
        {
            "id": 1,
            "label": None,
            "data": {"shape": [1, 2], "dtype": "float64", "values": [3.0, "nan"]},
            "grad": None,
            "op": "mul",
            "operands": [0, {"constant": {"shape": [2], "dtype": "float64", "values": [3.0, "inf"]}}],
            "settings": {},
        },
        {
            "id": 2,
            "label": None,
            "data": {"shape": [1], "dtype": "float64", "values": [3.0]},
            "grad": None,
            "op": "getitem",
            "operands": [1],
            "settings": {"index": {"tuple": [{"slice": [None, None, None]}, 0]}},
        },
        {"id": 3, "label": "v", "data": 2.0, "grad": None},
        {
            "id": 4,
            "label": None,
            "data": {"shape": [1], "dtype": "float64", "values": [6.0]},
            "grad": None,
            "op": "mul",
            "operands": [2, 3],
            "settings": {},
        },
    ]


def edited(edit: Callable[[Any], Any]) -> Any:
    """The table of a sum of rows, with one thing wrong in it."""
    x, w = Tensor([[1.0, 2.0], [3.0, 4.0]], "x"), Tensor([1.0, -1.0], "w")
    root = (x * w).sum(axis=1).reshape((2, 1)) + Value(1.0, "v")
    table = through_json(Graph(root).to_dict())
    edit(table["nodes"])
    return table


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda n: n[0]["data"].update(shape=[3]), "row 0: data has 4 values, which do not fill the shape [3]"),
        (lambda n: n[0]["data"].update(shape=[-2, -2]), "row 0: data has 4 values, which do not fill the shape [-2"),
        (lambda n: n[0]["data"].update(shape=[True, 4]), "row 0: data has 4 values"),
        (lambda n: n[0]["data"].update(dtype="object"), "row 0: data must be of float64, float32, got 'object'"),
        (lambda n: n[0]["data"].update(dtype="int64"), "row 0: data must be of float64, float32, got 'int64'"),
        (lambda n: n[0]["data"].update(dtype=[]), "row 0: data must be of float64, float32, got []"),
        (lambda n: n[0]["data"].update(values=[1, 2, 3, "four"]), "row 0: data must be a number, got 'four'"),
        (lambda n: n[0]["data"].update(more=1), "row 0: data must be a number or have a shape, a dtype and values"),
        (lambda n: n[0]["data"].pop("values"), "row 0: data must be a number or have a shape, a dtype and values"),
        (lambda n: n[0].update(data=[1.0]), "row 0: data must be a number, got [1.0]"),
        (lambda n: n[0].update(settings={}), "row 0: it has operands, partials or settings, but no op"),
        (lambda n: n[1].update(grad=1.0), "row 1: grad must have the shape and dtype of data"),
        (lambda n: n[1].update(grad={**n[0]["data"]}), "row 1: grad must have the shape and dtype of data"),
        (lambda n: n[1].update(grad={**n[1]["data"], "dtype": "float32"}), "row 1: grad must have the shape and dtype"),
        (lambda n: n[2].update(op="evil"), "row 2: there is no operation 'evil'"),
        (lambda n: n[2].update(operands=[0]), "row 2: mul does not fit its 1 operands"),
        (lambda n: n[2].update(operands=[{"constant": 1.0}, {"constant": 2.0}]), "row 2: mul does not fit its 2"),
        (lambda n: n[2].pop("settings"), "row 2: the settings of mul are none, got None"),
        (lambda n: n[2].update(data=n[1]["data"]), "row 2: mul of its operands is float64 of shape (2, 2)"),
        (lambda n: n[2]["data"].update(dtype="float32"), "row 2: mul of its operands is float64 of shape"),
        (lambda n: n[2].update(data=1.0, partials=[1.0, 1.0]), "row 2: mul of arrays gives an array"),
        (lambda n: n[3].update(settings={"axis": 1}), "row 3: the settings of sum are axis, keepdims"),
        (lambda n: n[3]["settings"].update(axis=5), "row 3: sum does not fit its operands and settings: "),
        (lambda n: n[3]["settings"].update(axis="one"), "row 3: sum does not fit its operands and settings: "),
        (lambda n: n[3]["settings"].update(axis={"code": "1"}), "row 3: sum, axis: there is no setting {'code': '1'}"),
        (lambda n: n[3].update(operands=[2, 2]), "row 3: sum does not fit its 2 operands"),
        (lambda n: n[4]["settings"].update(shape={"tuple": [3, 3]}), "row 4: reshape does not fit its operands and"),
        (lambda n: n[4]["settings"].update(shape={"tuple": 3}), "row 4: reshape, shape: there is no setting"),
        (lambda n: n[4].update(data=5.0, partials=[1.0]), "row 4: reshape does not fit its 1 operands and 1 partials"),
    ],
)  # fmt: skip
def test_the_error_names_the_row_and_what_is_wrong(edit: Callable[[Any], Any], words: str) -> None:
    table = edited(edit)
    with pytest.raises(GraphError) as error:
        Graph.from_dict(table)
    assert words in str(error.value)


def test_a_changed_operand_cannot_be_saved_for_what_used_it_would_be_false() -> None:
    g = network()
    g.w1.data = g.w1.data + 1.0
    with pytest.raises(GraphError, match="the data of w1 was changed after matmul had used it"):
        Graph(g.loss).to_dict()


SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | st.text(max_size=3) | st.just(...)
SETTINGS = st.recursive(
    SCALARS
    | st.slices(5)
    | arrays(st.sampled_from([np.int64, np.bool_, np.float64, np.uint8]), array_shapes(min_side=0, max_dims=2)),
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=6,
)


@given(SETTINGS)
def test_every_setting_comes_back(x: Any) -> None:
    assert same(plain.read_setting(through_json(plain.setting(x, "here")), "here"), x)


def same(x: Any, y: Any) -> bool:
    if type(x) is not type(y):
        return False
    if isinstance(x, np.ndarray):
        return bool(bits(x) == bits(y))
    if isinstance(x, (list, tuple)):
        return len(x) == len(y) and all(map(same, x, y))
    return repr(x) == repr(y)


@pytest.mark.parametrize("x", [len, object(), {"a": 1}, np.array(["text"]), np.array([object()]), 1j, b"bytes"])
def test_what_is_no_plain_data_cannot_be_written(x: Any) -> None:
    with pytest.raises(GraphError, match=r"row 3: op, mode: the .* cannot be written as plain data"):
        plain.setting(x, "row 3: op, mode")


def test_lists_that_are_hostile_are_refused() -> None:
    nested: Any = 1
    for _ in range(50):
        nested = {"tuple": [nested]}
    with pytest.raises(GraphError, match="here: there is no setting"):
        plain.read_setting(nested, "here")
    for written in ({"array": {"shape": [1], "dtype": "int8", "values": [300]}}, {"slice": [1]}, {"ellipsis": 1}, {}):
        with pytest.raises(GraphError, match="here: "):
            plain.read_setting(written, "here")


def test_a_graph_of_many_rows_takes_no_recursion() -> None:
    x = Tensor([1.0, 2.0], "x")
    y = x
    for _ in range(10_000):
        y = y + x
    again = Graph.from_dict(Graph(y.sum()).to_dict())
    assert isinstance(again.root, Tensor)
    again.root.backward()
    assert again["x"].grad.tolist() == [10_001.0, 10_001.0]


def test_stacked_values_come_back_as_values() -> None:
    v = Value(3.0, "v")
    again = Graph.from_dict(through_json(Graph(autograd.stack([v, v * v]).sum()).to_dict()))
    assert isinstance(again.root, Tensor)
    again.root.backward()
    assert (type(again["v"]), again["v"].grad) == (Value, 7.0)
