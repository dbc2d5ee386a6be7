import html
import json
import re

import graphviz
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from autograd.labels import display
from tests.viz.graphs import HOSTILE, lecture
from viz import dot, engines
from viz.diagram import diagram
from viz.parts import Box, Diagram, Direction


def records(source: str) -> list[dict[str, str]]:
    """The nodes as Graphviz itself reads them."""
    return list(json.loads(engines.run(source, "json0"))["objects"])


def fields(record: str) -> list[str]:
    """A record label taken apart by Graphviz's rules: what a reader of the drawn record sees."""
    parts, escaped = [""], False
    for c in record:
        if escaped:
            parts[-1] += c
            escaped = False
        elif c == "\\":
            escaped = True
        elif c == "|":
            parts.append("")
        elif c not in "{}":
            parts[-1] += c
    return [html.unescape(part) for part in parts]


def test_the_lecture_example() -> None:
    source = dot.source(diagram([lecture().g]), "LR")
    assert "rankdir=LR" in source
    assert [fields(record["label"]) for record in records(source) if record["shape"] == "record"] == [
        ["x", "data 1", "grad -3"],
        ["y", "data 3", "grad -3"],
        ["p", "data 4", "grad -3"],
        ["z", "data -3", "grad 4"],
        ["g", "data -12", "grad 1"],
    ]
    assert re.search(r'n2 -> op4 \[label=" -3 "', source)


@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_the_fields_of_a_record_stand_in_a_column(direction: Direction) -> None:
    node = records(dot.source(diagram([Value(1.0, label="x")]), direction))[0]
    lefts = {rectangle.split(",")[0] for rectangle in node["rects"].split()}
    assert len(lefts) == 1


@pytest.mark.parametrize("label", HOSTILE)
@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_a_hostile_label_is_one_field_of_one_node(label: str, direction: Direction) -> None:
    (node,) = records(dot.source(diagram([Value(1.0, label=label)]), direction))
    assert fields(node["label"]) == [display(label), "data 1", "grad —"]
    assert len(node["rects"].split()) == 3


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
def test_any_label_is_one_field_of_one_node(label: str) -> None:
    (node,) = records(dot.source(diagram([Value(1.0, label=label)]), "LR"))
    assert fields(node["label"])[0] == display(label)
    assert len(node["rects"].split()) == 3


def test_a_label_that_looks_like_html_or_a_keyword_is_text_in_a_circle_too() -> None:
    for symbol in ("<b>x</b>", "node", "\\N", "&amp;", 'a"b'):
        source = graphviz.Digraph(body=[f"a [label={graphviz.quoting.quote(dot.label_text(symbol))}]\n"]).source
        (node,) = records(source)
        assert html.unescape(node["label"].replace("\\\\", "\\")) == symbol


def test_one_graph_has_one_source() -> None:
    assert dot.source(diagram([lecture().g]), "LR") == dot.source(diagram([lecture().g]), "LR")


def test_a_caption_is_in_the_source() -> None:
    d = Diagram((Box("n0", "x", 1.0, None, True),), (), (), (), caption='folded "so"')
    assert json.loads(engines.run(dot.source(d, "LR"), "json0"))["label"] == 'folded "so"'
