from collections import ChainMap
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Node, Value
from autograd.errors import LabelError
from autograd.labels import visible
from autograd.names import name_of, named, names_of, unique_names


def test_a_label_wins_then_the_first_name_then_the_first_element() -> None:
    x, y, z = Value(1), Value(2), Value(3, label="z label")
    names = names_of({"values": [x, y, z], "first": x, "second": x, "named": z})
    assert names == {x: "first", y: "values[1]", z: "z label"}


def test_private_names_foreign_objects_and_notebook_history_are_ignored() -> None:
    x = Value(1)
    ignored: dict[Any, Any] = {"_": x, "_x": x, "Out": {1: x}, "n": 3, "f": len, 5: x, "s": "x"}
    assert names_of(ignored) == {}


def test_elements_of_nested_containers_are_named_by_their_path() -> None:
    a, b, c = Value(1), Value(2), Value(3)
    names = names_of({"W": [[a], (b,)], "params": {"bias": c}})
    assert [names[node] for node in (a, b, c)] == ["W[0][0]", "W[1][0]", "params['bias']"]


def test_a_list_that_holds_itself_ends() -> None:
    loop: list[Any] = [Value(1)]
    loop.append(loop)
    assert list(names_of({"loop": loop}).values()) == ["loop[0]"]


@pytest.mark.parametrize("mapping", [ChainMap, MappingProxyType])
def test_any_mapping_will_do(mapping: Any) -> None:
    x = Value(1)
    assert names_of(mapping({"x": x})) == {x: "x"}


def test_what_is_no_mapping_is_refused_with_advice() -> None:
    with pytest.raises(TypeError, match=r"locals\(\).*got the list"):
        names_of([Value(1)])  # type: ignore[arg-type]


def test_nodes_of_equal_numbers_are_not_confused() -> None:
    x, y = Value(1), Value(1)
    names = names_of({"x": x, "y": y})
    assert (name_of(x, names), name_of(y, names), name_of(Value(1), names)) == ("x", "y", "")


@given(st.lists(st.sampled_from([None, "", "x", "x#2", "v1", "v2", "a\x1b[31m", "w" * 40, "w" * 41])))
def test_every_node_gets_a_name_fit_to_show_and_no_two_alike(labels: list[str | None]) -> None:
    nodes = [Value(0, label) for label in labels]
    names = unique_names(nodes, {})
    assert list(names) == nodes
    assert len(set(names.values())) == len(nodes)
    for node, name in names.items():
        assert name == visible(name) != ""
        if node.label and len(node.label) < 32:
            assert name.startswith(visible(node.label))


def test_nodes_without_a_name_are_numbered_around_the_labels() -> None:
    nodes = [Value(1), Value(2, "v1"), Value(3), Value(4, "x"), Value(5, "x"), Value(6, "x#2"), Value(7, "x")]
    assert list(unique_names(nodes, {}).values()) == ["v2", "v1", "v3", "x", "x#3", "x#2", "x#4"]


def test_a_node_is_found_by_its_label_and_by_its_name() -> None:
    x, y, same = Value(1, "x"), Value(2), Value(3, "x")
    names: dict[Node, str] = {x: "x", y: "why"}
    assert named("x", names) is x
    assert named("why", names) is y
    assert named("x#2", {**names, same: "x#2"}) is same
    with pytest.raises(LabelError, match=r"no node is labelled 'whi': did you mean 'why'\?"):
        named("whi", names)
    with pytest.raises(LabelError, match=r"^2 nodes are labelled 'x'"):
        named("x", {**names, same: "x#2"})
