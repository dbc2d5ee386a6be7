"""A Stepper is drawn as far as it has got, with its latest step lit."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

import viz
from autograd import Stepper, Value
from tests.viz.graphs import lecture
from viz.parts import Diagram
from viz.theme import LIT


def shown(s: Stepper) -> Diagram:
    return viz.draw(s).diagram


def lit(diagram: Diagram) -> tuple[list[str], list[str]]:
    """The labels of the boxes that are lit, and the ends of the edges that are."""
    labels = {box.key: box.label for box in diagram.boxes} | {circle.key: circle.symbol for circle in diagram.circles}
    edges = [f"{labels[edge.source]}→{labels[edge.target]}" for edge in diagram.edges if edge.mark == "lit"]
    return [box.label for box in diagram.boxes if box.mark == "lit"], edges


def test_what_is_not_computed_yet_is_not_shown() -> None:
    s = Stepper(lecture().g)
    before = shown(s)
    assert {box.label: box.data for box in before.boxes} == {"x": 1, "y": 3, "p": None, "z": -3, "g": None}
    assert {box.grad for box in before.boxes} == {None}
    assert [edge.local for edge in before.edges] == [None] * 6
    s.run_to("x")
    after = shown(s)
    assert {box.label: box.grad for box in after.boxes} == {"x": -3, "y": None, "p": -3, "z": 4, "g": 1}
    assert before.boxes[0].grad is None


def test_the_step_is_lit() -> None:
    s = Stepper(lecture().g)
    seen = [lit(shown(s))]
    while s.next():
        seen.append(lit(shown(s)))
    assert seen == [
        ([], []),
        (["p"], ["x→+", "y→+", "+→p"]),
        (["g"], ["p→*", "z→*", "*→g"]),
        (["p"], ["p→*", "*→g"]),
        (["z"], ["z→*", "*→g"]),
        (["x"], ["x→+", "+→p"]),
        (["y"], ["y→+", "+→p"]),
    ]


def test_what_has_not_come_back_along_an_edge_yet_is_not_drawn_there() -> None:
    s = Stepper(lecture().g)
    s.run_to("x")
    flows = {edge.source: edge.flow for edge in shown(s).edges if edge.local is not None}
    assert list(flows.values()) == [-3, None, -3, 4]  # from x, y, p and z


def test_of_two_edges_to_one_operand_one_is_lit() -> None:
    x = Value(3.0, "x")
    s = Stepper(x * x)
    s.run_to(2)
    assert [edge.mark == "lit" for edge in shown(s).edges] == [True, False, True]
    assert [line.split() for line in viz.draw(s).text.splitlines()[2:]] == [
        ["v1", "x", "*", "x", "9", "1"],
        ["▶", "├─", "x", "3", "3", "3"],
        ["└─", "x", "see", "above", "3"],
    ]


def test_the_picture_says_which_step_it_shows_and_marks_it(tmp_path: Path) -> None:
    s = Stepper(lecture().g)
    plain = viz.draw(s)
    s.run_to("x")
    picture = viz.draw(s)
    assert (plain.diagram.step, LIT in plain.svg) == ("", False)
    assert picture.diagram.step == "backward 3 of 4: ∂g/∂x = ∂g/∂p · ∂p/∂x = -3 · 1 = -3 (x so far: 0 → -3)"
    texts = [element.text for element in ElementTree.fromstring(picture.svg).iter() if element.text]
    assert picture.diagram.step in texts
    assert picture.svg.count(LIT) == 4  # a card, two arrows, the number on one
    assert picture.save(tmp_path / "step.png").read_bytes().startswith(b"\x89PNG")


def test_in_the_terminal_the_row_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    s = Stepper(lecture().g)
    s.run_to("p")
    viz.text(s)
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "  value     made by       data       grad      local",
        "────────────────────────────────────────────────────",
        "  g         p * z            —          —",
        "▶ ├─ p      x + y            4          —",
        "▶ │  ├─ x                    1          —          1",
        "▶ │  └─ y                    3          —          1",
        "  └─ z                      -3          —",
    ]


def test_nodes_have_the_names_that_the_steps_use() -> None:
    x = Value(3.0, "x")
    s = Stepper((x * 2) * (x * 3))
    assert [box.label for box in shown(s).boxes] == list(s.names.values()) == ["x", "v1", "v2", "v3"]
    y = x * x
    assert [box.label for box in shown(Stepper(y, names={"square": y})).boxes] == ["x", "square"]
    with pytest.raises(
        TypeError, match=r"draw: a Stepper has names of its own, given as Stepper\(…, names=locals\(\)\)"
    ):
        viz.draw(Stepper(y), names={"square": y})


def test_the_look_of_lectures_shows_it_too() -> None:
    s = Stepper(lecture().g)
    s.next()
    assert r"{ p | data\ 4.0000 | grad\ — }" in viz.draw_dot(s).source


def test_of_a_graph_too_big_to_read_the_part_behind_the_step_is_drawn() -> None:
    node = Value(1.0, "x")
    for _ in range(500):
        node = node * 1.1
    s = Stepper(node)
    for position in (1, 250, 501, 750, 1000):
        s.run_to(position)
        diagram = shown(s)
        assert len(diagram.boxes) < 120
        assert any(box.mark == "lit" for box in diagram.boxes)
        assert any(edge.mark == "lit" for edge in diagram.edges)
        assert "▶" in viz.draw(s).text


def test_what_no_font_has_is_spelled_out_in_the_note_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from viz import fonts

    monkeypatch.setattr(fonts, "spelled_out", lambda text: text.replace("重", "[U+91CD]"))
    s = Stepper(Value(1.0, "重") * 2)
    s.run()
    assert "[U+91CD]" in viz.draw(s)._printed.svg
    assert "重" not in viz.draw(s)._printed.svg
