"""The interactive screen, driven by keys in a real pseudo-terminal."""

import pytest

from tests.autograd.cli.terminal import CONTROL_C, END, ENTER, ESCAPE, HOME, LEFT, RIGHT, Terminal

LECTURE = ("p = x + y; g = p * z", "x=1", "y=3", "z=-3", "--step")


def test_a_session_forward_and_back() -> None:
    with Terminal(*LECTURE) as t:
        start = t.wait_for("step 0 of 6", "Nothing is done yet")
        assert start[1:8] == [
            "  value     made by       data       grad      local",
            "────────────────────────────────────────────────────",
            "  g         p * z            —          —",
            "  ├─ p      x + y            —          —",
            "  │  ├─ x                    1          —",
            "  │  └─ y                    3          —",
            "  └─ z                      -3          —",
        ]
        t.press(RIGHT)
        t.wait_for("step 1 of 6", "forward 1 of 2    p = x + y = 1 + 3 = 4", "∂(x + y)/∂y = 1")
        assert t.is_lit("p")
        t.press(RIGHT, RIGHT, RIGHT, RIGHT)
        shown = t.wait_for("step 5 of 6", "∂g/∂x = ∂g/∂p · ∂p/∂x = -3 · 1 = -3        (x so far: 0 → -3)")
        assert "▶ │  ├─ x                    1         -3          1" in shown
        assert t.is_lit("x")
        assert not t.is_lit("y")
        t.press(LEFT)
        back = t.wait_for("step 4 of 6", "backward 2 of 4    g = p·z")
        assert "  │  ├─ x                    1          —          1" in back
        t.press("q")
        assert t.ends() == 0


def test_to_the_end_and_to_the_beginning() -> None:
    with Terminal(*LECTURE) as t:
        t.wait_for("step 0 of 6")
        t.press(END)
        t.wait_for("step 6 of 6", "backward 4 of 4")
        t.press(RIGHT)
        t.wait_for("step 6 of 6", "backward 4 of 4")
        t.press(HOME)
        t.wait_for("step 0 of 6", "Nothing is done yet")
        t.press(LEFT, "n")
        t.wait_for("step 1 of 6")
        t.press(CONTROL_C)
        assert t.ends() == 0


def test_running_to_a_name() -> None:
    with Terminal(*LECTURE) as t:
        t.wait_for("step 0 of 6")
        t.press("/")
        t.wait_for("run to:")
        t.press("x", ENTER)
        t.wait_for("step 5 of 6", "backward 3 of 4")
        t.press("/", "x", ENTER)
        t.wait_for("No step ahead reaches x: go back, or reset.")
        t.press("/", "zz", ENTER)
        t.wait_for("no node is labelled 'zz': did you mean 'z'?")
        t.press(LEFT)
        t.wait_for("step 4 of 6", "backward 2 of 4")
        t.press("/", "q")
        t.wait_for("run to: q")
        t.press(ESCAPE)
        t.wait_for("step 4 of 6")
        t.press("q")
        assert t.ends() == 0


def test_a_small_terminal_shows_the_step_and_scrolls_to_what_is_lit() -> None:
    with Terminal("x*x*x*x*x*x*x*x*x*x*x*x", "x=1.1", "--step", rows=12, columns=60) as t:
        t.wait_for("step 0 of")
        t.press(END)
        t.wait_for("backward 22 of 22")
        assert any(line.startswith("▶") for line in t.lines)


def test_a_graph_too_big_to_read_is_shown_around_the_step() -> None:
    with Terminal("+".join(["x*x"] * 200), "x=1", "--step") as t:
        t.wait_for("step 0 of")
        t.press(RIGHT)
        t.wait_for("forward 1 of 399", "▶")
        t.press(END)
        t.wait_for("backward 798 of 798", "▶")
        t.press("q")
        assert t.ends() == 0


def test_no_color_is_heeded() -> None:
    with Terminal(*LECTURE, environment={"NO_COLOR": "1"}) as t:
        t.wait_for("step 0 of 6")
        t.press(END)
        t.wait_for("step 6 of 6")
        assert {cell.fg for row in t.screen.buffer.values() for cell in row.values()} == {"default"}
    with Terminal(*LECTURE) as t:
        t.wait_for("step 0 of 6")
        t.press(END)
        t.wait_for("step 6 of 6")
        assert {cell.fg for row in t.screen.buffer.values() for cell in row.values()} > {"default"}


@pytest.mark.parametrize("label", ["naïve", "α", "日本"])
def test_names_of_any_script(label: str) -> None:
    with Terminal(f"g = {label} * 2", f"{label}=1", "--step") as t:
        t.wait_for("step 0 of 2")
        t.press(END)
        t.wait_for("backward 1 of 1")
        assert any(line.replace(" ", "").startswith(f"▶└─{label}") for line in t.lines)
