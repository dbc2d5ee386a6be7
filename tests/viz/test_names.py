from collections import ChainMap
from types import MappingProxyType
from typing import Any

import pytest

from autograd import Value
from viz.names import name_of, names_of


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
