"""A report is drawn with what it found to be false marked."""

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

import autograd
import viz
from autograd import Tensor, Value, no_grad
from autograd.testing import Report, check_gradients
from viz.parts import Diagram
from viz.theme import LIT, WRONG

FUNCTIONS = [viz.draw, viz.draw_dot, viz.text]

bad_tanh = replace(autograd.tanh, partials=(lambda m, x, out: 1.0 - x,))
bad_sub = replace(autograd.sub, partials=(autograd.sub.partials[0], lambda m, x, y, out: 1.0))


def bad_sum(wrong: int) -> Callable[..., Any]:
    """The sum of a list, with a derivative that is false in one operand."""
    partial = lambda m, xs, out: [2.0 if i == wrong else 1.0 for i in range(len(xs))]  # noqa: E731
    return replace(autograd.sum, partials=(partial,))


def twice(m: Any, x: Any, out: Any) -> Any:
    """What x² has as its derivative, but as a number that follows x no more."""
    number = getattr(x, "data", x)
    return number + number


def lecture() -> Report:
    return check_gradients(lambda x, y: (bad_tanh(x * y) + y) * x, 0.5, 2.0)


def shown(report: Report, **options: Any) -> Diagram:
    return viz.draw(report, **options).diagram


def wrong(diagram: Diagram) -> tuple[list[str], list[str], list[str]]:
    """The boxes and circles that are marked as wrong, and the ends of the edges that are."""
    labels = {box.key: box.label for box in diagram.boxes} | {circle.key: circle.symbol for circle in diagram.circles}
    marked: Sequence[Sequence[Any]] = [
        [part for part in parts if part.mark == "wrong"] for parts in (diagram.boxes, diagram.circles, diagram.edges)
    ]
    boxes, circles, edges = marked
    ends = [f"{labels[edge.source]}→{labels[edge.target]}" for edge in edges]
    return [box.label for box in boxes], [circle.symbol for circle in circles], ends


def test_the_operation_that_is_false_is_marked_with_its_result_and_the_false_edge() -> None:
    assert wrong(shown(lecture())) == (["v2"], ["tanh"], ["v1→tanh"])


def test_of_two_operands_only_the_one_in_which_it_is_false_is_marked() -> None:
    report = check_gradients(lambda x, y: bad_sub(x, y) * 2.0, 0.5, 2.0)
    assert wrong(shown(report)) == (["v1"], ["-"], ["y→-"])
    assert wrong(shown(check_gradients(lambda x: bad_sub(x, x), 0.5))) == (["f"], ["-"], ["x→-"])


def test_in_a_graph_of_tensors_the_operand_in_which_an_operation_is_false_is_marked() -> None:
    report = check_gradients(lambda x, y: autograd.sum(bad_sub(x, y)), Tensor([0.5, 1.0]), Tensor([2.0, 3.0]))
    assert wrong(shown(report)) == (["v1"], ["-"], ["y→-"])
    assert "✗" in viz.draw(report).text


def test_what_is_right_is_drawn_without_marks() -> None:
    picture = viz.draw(check_gradients(lambda x, y: x * y, 0.5, 2.0))
    assert wrong(picture.diagram) == ([], [], [])
    assert (picture.diagram.step, WRONG in picture.svg, "✗" in picture.text) == ("", False, False)


def test_two_operations_that_are_false_are_both_marked() -> None:
    report = check_gradients(lambda x: bad_sub(2.0, bad_tanh(x)), 0.5)
    assert wrong(shown(report)) == (["v1", "f"], ["tanh", "2 -"], ["x→tanh", "v1→2 -"])
    assert shown(report).step == str(report.culprits[0])


def test_a_second_derivative_s_graph_is_marked_too() -> None:
    detached_square = replace(autograd.square, partials=(twice,))
    report = check_gradients(lambda x: detached_square(x) * x, 3.0, order=2)
    assert report.guilty == ["square"]
    assert wrong(shown(report))[1:] == (["²"], ["x→²"])


@given(st.floats(-2.0, 2.0), st.floats(-2.0, 2.0))
@settings(max_examples=20)
def test_the_gradients_are_those_of_backward_and_nothing_is_written_to_the_nodes(a: float, b: float) -> None:
    def f(x: Any, y: Any) -> Any:
        return (bad_tanh(x * y) + y) * x

    report = check_gradients(f, a, b)
    x, y = Value(a, "x"), Value(b, "y")
    out = f(x, y)
    out.backward()
    diagram = shown(report)
    assert [box.grad for box in diagram.boxes] == [node.grad for node in autograd.topological_order(out)]
    assert [edge.flow for edge in diagram.edges] == [edge.flow for edge in viz.draw(out).diagram.edges]
    assert {node.grad for node in autograd.topological_order(*report.roots)} == {None}


def test_of_several_results_there_is_no_gradient() -> None:
    diagram = shown(check_gradients(lambda x: [bad_tanh(x), x * 2.0], 0.5))
    assert {box.grad for box in diagram.boxes} == {None}
    assert wrong(diagram)[1:] == (["tanh"], ["x→tanh"])


def test_a_result_that_nothing_led_to_is_drawn() -> None:
    with no_grad():
        constant = Value(3.0) * 1.0
    assert [(box.data, box.grad) for box in shown(check_gradients(lambda x: constant, 0.5)).boxes] == [(3.0, 1.0)]


def test_the_picture_says_what_is_false_and_marks_it() -> None:
    report = lecture()
    picture = viz.draw(report)
    assert picture.diagram.step == str(report.culprits[0])
    texts = [element.text for element in ElementTree.fromstring(picture.svg).iter() if element.text]
    assert "tanh: partial 0 is 1 - x = 0, finite differences say 1 - tanh(x)² = 0.42 ± 1e-13" in texts
    assert picture.svg.count(WRONG) == 4  # a card, a circle, an arrow, the number on it
    assert LIT not in picture.svg
    assert picture.png.startswith(b"\x89PNG")


def test_what_is_false_is_said_on_one_line_however_long() -> None:
    lengthy = replace(bad_tanh, name="tanh_" * 100)
    step = shown(check_gradients(lengthy, 0.5)).step
    assert len(step) <= 160
    assert step.startswith("tanh_tanh_")
    assert step.endswith("finite differences say 1 - tanh(x)² = 0.7864 ± 9e-14")


def test_in_the_terminal_the_rows_are_marked(capsys: pytest.CaptureFixture[str]) -> None:
    viz.text(lecture())
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "  value           made by         data       grad      local",
        "────────────────────────────────────────────────────────────",
        "  f               v3 * x         1.381          1",
        "  ├─ v3           v2 + y         2.762        0.5        0.5",
        "✗ │  ├─ v2        tanh(v1)      0.7616        0.5          1",
        "✗ │  │  └─ v1     x * y              1          0          0",
        "  │  │     ├─ x                    0.5      2.762          2",
        "  │  │     └─ y                      2        0.5        0.5",
        "  │  └─ y         see above                                1",
        "  └─ x            see above                            2.762",
    ]


def test_in_ascii_the_mark_is_a_letter() -> None:
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    Console(file=file, width=100).print(viz.draw(lecture())._outline)
    file.seek(0)
    marked = [line for line in file if line.startswith("x ")]
    assert ["v2" in marked[0], "v1" in marked[1], len(marked)] == [True, True, 2]


def test_graphviz_s_own_drawings_mark_it_too() -> None:
    report = lecture()
    for source in (viz.draw(report).source, viz.draw_dot(report).source):
        marked = [line.split("[")[0].split() for line in source.splitlines() if WRONG in line]
        assert marked == [["n3"], ["op3"], ["n2", "->", "op3"]]


def chain(x: Any, length: int) -> Any:
    for _ in range(length):
        x = x * 1.001 + 0.001
    return x


@pytest.mark.parametrize(("before", "after"), [(200, 0), (200, 200), (0, 200)])
@pytest.mark.parametrize("limit", [6, 20, 120])
def test_what_is_false_survives_in_a_folded_graph(before: int, after: int, limit: int) -> None:
    report = check_gradients(lambda x: chain(bad_tanh(chain(x, before)), after), 0.5)
    result = report.culprits[0].node
    operand = result.parents[0]
    picture = viz.draw(report, limit=limit)
    boxes, _, edges = wrong(picture.diagram)
    name, under = report.names[result], report.names[operand]
    assert (boxes, edges) == ([name], [f"{under}→{name}"])
    assert picture.diagram.summaries
    assert len(picture.diagram.boxes) <= limit
    marked = [line.split() for line in picture.text.splitlines() if line.startswith("✗")]
    assert [name in marked[0], under in marked[-1]] == [True, True]


@pytest.mark.parametrize("place", [0, 30, 59])
def test_one_false_operand_of_many_is_drawn(place: int) -> None:
    names = [f"x{i}" for i in range(1, 61)]
    add = bad_sum(place)
    report = check_gradients(lambda *xs: add(list(xs)), *map(float, range(60)))
    assert wrong(shown(report, limit=20))[2] == [f"{names[place]}→f"]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_any_limit_works(limit: int) -> None:
    report = check_gradients(lambda x: chain(bad_tanh(chain(x, 50)), 50), 0.5)
    picture = viz.draw(report, limit=limit)
    assert len(picture.diagram.boxes) <= limit + 2
    assert picture.text


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_report_without_a_graph_is_refused_with_the_reason(function: Any) -> None:
    for report in (check_gradients(math.sin, 0.5, gradient=math.cos), check_gradients(lambda x: 3.0, 0.5)):
        with pytest.raises(TypeError, match=f"{function.__name__}: this report has no graph, for the gradient of "):
            function(report)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_report_has_names_of_its_own(function: Any) -> None:
    with pytest.raises(TypeError, match=f"{function.__name__}: a report has names of its own"):
        function(lecture(), names={"x": Value(1.0)})
