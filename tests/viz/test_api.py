from typing import Any

import pytest

import viz
from autograd import Graph, GraphError, Value
from tests.viz.graphs import chain, lecture

FUNCTIONS = [viz.draw, viz.draw_dot, viz.text]
_LIMITS = [(0, ValueError), (-1, ValueError), (10**6, ValueError), (1.5, TypeError), (True, TypeError)]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("wrong", [3.0, "x", None, [], [3.0], [Value(1), "x"], {"x": Value(1)}, Value])
def test_what_is_no_node_is_refused_with_advice(function: Any, wrong: Any) -> None:
    with pytest.raises(TypeError, match=f"{function.__name__} needs a Value"):
        function(wrong)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(("limit", "error"), _LIMITS)
def test_a_limit_is_a_number_of_boxes(function: Any, limit: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="limit"):
        function(Value(1), limit=limit)


@pytest.mark.parametrize("wrong", ["lr", "BT", "", None, 3])
def test_an_unknown_direction_is_refused_with_the_known_ones(wrong: Any) -> None:
    with pytest.raises(ValueError, match="direction must be 'LR' or 'TB'"):
        viz.draw(Value(1), direction=wrong)
    with pytest.raises(ValueError, match="rankdir must be 'LR' or 'TB'"):
        viz.draw_dot(Value(1), rankdir=wrong)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format"):
        viz.draw_dot(Value(1), format="docx-ish")


def test_directions_differ() -> None:
    g = lecture().g
    wide, tall = viz.draw(g)._drawing, viz.draw(g, direction="TB")._drawing
    assert wide.width > wide.height
    assert tall.height > tall.width


def test_names_name_what_has_no_label() -> None:
    x, ws = Value(1), [Value(2), Value(3)]
    root = x * ws[0] + ws[1]
    boxes = viz.draw(root, names=locals()).diagram.boxes
    assert [box.label for box in boxes] == ["x", "ws[0]", "", "ws[1]", "root"]
    assert "ws[1]" in viz.draw(root, names=locals()).text
    assert "ws[1]" in viz.draw_dot(root, names=locals()).source


def test_several_results_are_drawn_together_and_twice_is_once() -> None:
    x = Value(2.0, label="x")
    y = x * 3
    assert len(viz.draw([y, x + 1, y]).diagram.boxes) == 3


def test_a_graph_is_drawn_from_its_roots() -> None:
    x = Value(2.0, label="x")
    y, z = x * 3, x + 1
    assert viz.draw(Graph(y, z, y)).source == viz.draw([y, z]).source
    assert viz.draw_dot(Graph(y)).source == viz.draw_dot(y).source


def test_a_graph_too_big_to_be_drawn_whole_is_refused() -> None:
    with pytest.raises(GraphError, match="fold=False"):
        viz.draw(chain(3000), fold=False)


def test_the_largest_graph_that_is_not_refused_is_drawn() -> None:
    assert viz.draw(chain(749), fold=False).svg.count("<g ") > 1000


def test_drawing_changes_nothing() -> None:
    example = lecture()
    before = [(node.data, node.grad, node.label) for node in vars(example).values()]
    viz.draw(example.g).save  # noqa: B018
    viz.text(example.g)
    assert [(node.data, node.grad, node.label) for node in vars(example).values()] == before
