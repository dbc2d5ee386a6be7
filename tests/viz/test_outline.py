import io
import unicodedata

import pytest
from rich.console import Console

import autograd
import viz
from autograd import Value
from tests.viz.graphs import HOSTILE, chain, lecture, network
from viz.outline import Outline

LECTURE = """\
value     made by       data       grad      local
──────────────────────────────────────────────────
g         p * z          -12          1
├─ p      x + y            4         -3         -3
│  ├─ x                    1         -3          1
│  └─ y                    3         -3          1
└─ z                      -3          4          4
"""


def test_the_lecture_example(capsys: pytest.CaptureFixture[str]) -> None:
    viz.text(lecture().g)
    printed = capsys.readouterr().out
    assert [line.rstrip() for line in printed.splitlines()] == LECTURE.splitlines()
    assert viz.draw(lecture().g).text == LECTURE


def test_a_shared_value_is_written_out_once() -> None:
    x = Value(2.0, label="x")
    y = x * x
    y.label = "y"
    rows = Outline([y + y], {}).rows
    assert [(row.name, row.formula) for row in rows] == [
        ("v1", "y + y"), ("y", "x * x"), ("x", ""), ("x", "see above"), ("y", "see above"),
    ]  # fmt: skip


def test_formulas_are_written_with_names_and_constants() -> None:
    x, ys = Value(2.0, label="x"), [Value(float(i), label=f"y{i}") for i in range(9)]
    for node, formula in [
        (x**2, "x ** 2"), (1 / x, "1 / x"), (x.tanh(), "tanh(x)"), (autograd.clamp(x, 0, 1), "clamp(x, 0, 1)"),
        (autograd.sum(ys), "Σ(y0, y1, y2, y3, … 5 more)"), (autograd.sum(ys[:2]), "Σ(y0, y1)"), (-x, "-(x)"),
    ]:  # fmt: skip
        assert Outline([node], {}).rows[0].formula == formula


def test_numbers_stay_whole_on_a_narrow_terminal() -> None:
    xs = [Value(0.123456, label=f"a_rather_long_name_{i}") for i in range(9)]
    root = autograd.sum(xs)
    root.backward()
    file = io.StringIO()
    Console(file=file, width=70).print(Outline([root], {}))
    lines = file.getvalue().splitlines()
    assert max(map(len, lines)) <= 70
    assert sum("0.1235" in line for line in lines) == 9


def test_formulas_are_wrapped_not_cut_on_a_narrow_terminal() -> None:
    outline = Outline([network((2, 3, 1), fused=False)], {})
    file = io.StringIO()
    Console(file=file, width=72).print(outline)
    printed = file.getvalue()
    assert max(map(len, printed.splitlines())) <= 72
    assert "…" not in printed


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_reaches_the_terminal_as_text(label: str) -> None:
    file = io.StringIO()
    Console(file=file, width=200, force_terminal=True, color_system=None).print(Outline([Value(1.0, label=label)], {}))
    line = file.getvalue().splitlines()[2]
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in line)
    name = line.split("  ")[0]
    if label.startswith(("[bold", "{", "<", "&", "ש", "م", "日")):
        assert label[:20] == name or (len(label) > 20 and name.startswith(label[:11]))


def test_a_terminal_that_knows_only_ascii_gets_only_ascii() -> None:
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    Console(file=file, width=100).print(Outline([Value(1.0, label="Σ") * 2], {}))
    file.seek(0)
    assert r"`- \u03a3" in file.read()


def test_colours_only_on_a_terminal_that_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")

    def printed() -> str:
        file = io.StringIO()
        Console(file=file, force_terminal=True, width=80).print(Outline([lecture().g], {}))
        return file.getvalue()

    assert "\x1b[34m" in printed()
    assert "\x1b" not in viz.draw(lecture().g).text
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[34m" not in printed()


def test_a_deep_graph_is_a_list_without_indentation() -> None:
    outline = Outline([chain(50)], {})
    assert len(outline.rows) == 51
    assert {row.guides for row in outline.rows} == {""}
    assert "local" not in str(outline)


def test_a_big_graph_is_folded_and_says_so() -> None:
    text = str(Outline([chain(100_000)], {}))
    assert len(text.splitlines()) < 60
    assert "operands folded" in text
    assert "of 100,001." in text


def test_of_more_results_than_can_be_read_some_are_shown() -> None:
    outline = Outline([Value(float(i)) for i in range(500)], {})
    assert len(outline.rows) == 120
    assert outline.caption == "Folded: 380 values of 500."


def test_shared_nodes_do_not_multiply() -> None:
    value = Value(1.0)
    for _ in range(13):
        value = value + value
    assert len(Outline([value], {}).rows) == 27
