"""What the command prints, reads and writes, and how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograd import registry
from autograd.cli.command import main

LECTURE = ("g = (x + y) * z", "x=1", "y=3", "z=-3")


def backprop(*arguments: str, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=given, prog_name="backprop")


def in_a_process(*arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "autograd.cli", *arguments]
    return subprocess.run(command, input=given, capture_output=True, env={**os.environ, **environment}, check=False)


LESSON = """\
value     made by       data       grad      local
──────────────────────────────────────────────────
g         v1 * z         -12          1
├─ v1     x + y            4         -3         -3
│  ├─ x                    1         -3          1
│  └─ y                    3         -3          1
└─ z                      -3          4          4

step         operation    chain rule                in numbers
────────────────────────────────────────────────────────────────────────────────────
forward 1    v1 = x + y                             1 + 3 = 4
forward 2    g = v1·z                               4·(-3) = -12

backward 1   g = v1·z     ∂g/∂v1 = ∂g/∂g · ∂g/∂v1   1 · -3 = -3    v1 so far: 0 → -3
backward 2   g = v1·z     ∂g/∂z = ∂g/∂g · ∂g/∂z     1 · 4 = 4      z so far: 0 → 4
backward 3   v1 = x + y   ∂g/∂x = ∂g/∂v1 · ∂v1/∂x   -3 · 1 = -3    x so far: 0 → -3
backward 4   v1 = x + y   ∂g/∂y = ∂g/∂v1 · ∂v1/∂y   -3 · 1 = -3    y so far: 0 → -3
"""


def test_values_gradients_and_every_step() -> None:
    result = backprop(*LECTURE)
    assert (result.output, result.exit_code) == (LESSON, 0)


def test_for_other_programs() -> None:
    result = backprop("p = x + y; g = p * z", *LECTURE[1:], "--json")
    document = json.loads(result.output)
    assert document["values"] == {"x": 1.0, "y": 3.0, "z": -3.0, "p": 4.0, "g": -12.0}
    assert document["gradients"] == {"x": -3.0, "y": -3.0, "z": 4.0, "p": -3.0, "g": 1.0}
    assert [step["pass"] for step in document["steps"]] == ["forward"] * 2 + ["backward"] * 4
    assert document["steps"][0] == {
        "pass": "forward", "number": 1, "node": "p", "operation": "p = x + y", "rule": "p = x + y", "op": "add",
        "operands": ["x", "y"], "value": 4.0, "locals": [1.0, 1.0],
    }  # fmt: skip
    assert document["steps"][-1] == {
        "pass": "backward", "number": 4, "node": "p", "operation": "p = x + y", "rule": "∂g/∂y = ∂g/∂p · ∂p/∂y",
        "operand": "y", "upstream": -3.0, "local": 1.0, "product": -3.0, "before": None, "total": -3.0,
    }  # fmt: skip


def test_json_with_the_ledger_and_the_check() -> None:
    document = json.loads(backprop("g = x*x + x", "x=3", "--json", "--explain", "x", "--check").output)
    assert document["explain"]["x"]["gradient"] == 7.0
    assert document["explain"]["x"]["path_count"] == 3
    assert [c["product"] for c in document["explain"]["x"]["contributions"]] == [1.0, 3.0, 3.0]
    assert document["check"]["x"]["verdict"] == "correct"
    assert document["guilty"] == []


def test_json_has_no_word_that_is_not_json() -> None:
    result = backprop("log(x) + y", "x=0", "y=1", "--json")
    document = json.loads(result.stdout, parse_constant=lambda word: pytest.fail(word))
    assert document["values"]["v1"] == "-Infinity"
    assert document["gradients"]["x"] == "Infinity"
    assert result.stderr == "Warning: log(x) is -inf at x = 0.0\n"


def test_the_ledger_and_the_check() -> None:
    result = backprop("g = x*y + x", "x=2", "y=3", "--explain", "x", "--check")
    assert result.exit_code == 0
    ledger, check = result.output.split("\n\ninput")
    assert ledger.startswith("∂g/∂x = 4, from 2 contributions over 2 paths\n")
    assert [line.split()[0] for line in check.splitlines()[2:]] == ["x", "y"]
    assert [line.split()[-1] for line in check.splitlines()[2:]] == ["correct", "correct"]


def test_a_gradient_found_wrong_is_an_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    from autograd import define, namespaces

    monkeypatch.setattr(namespaces, "operations", namespaces.operations)
    define("lying", lambda m, x: m.sin(x), lambda m, x, out: 1.01 * m.cos(x))
    try:
        result = backprop("lying(x)", "x=1", "--check")
    finally:
        del namespaces.operations["lying"]
    assert result.exit_code == 1
    assert "wrong" in result.output
    assert "lying: partial 0 is 1.01·cos(x) = 0.5457, finite differences say cos(x) = 0.5403" in result.output


def test_pictures_and_the_derivation(tmp_path: Path) -> None:
    files = {kind: tmp_path / f"g.{kind}" for kind in ("svg", "png", "tex")}
    options = [part for kind, path in files.items() for part in (f"--{kind}", str(path))]
    result = backprop(*LECTURE, *options)
    assert (result.exit_code, result.stdout) == (0, LESSON)
    assert result.stderr == "".join(f"Wrote {path}\n" for path in files.values())
    assert ">v1</text>" in files["svg"].read_text(encoding="utf-8")
    assert files["png"].read_bytes().startswith(b"\x89PNG")
    assert r"v_{1} = x + y = 1 + 3 = 4" in files["tex"].read_text(encoding="utf-8")


def test_a_file_the_standard_input_and_several_statements(tmp_path: Path) -> None:
    lesson = tmp_path / "lesson.txt"
    lesson.write_text("# the lecture\nx = 1; y = 3\nz = -3\ng = (x + y) * z\n", encoding="utf-8-sig")
    assert backprop(str(lesson)).output == LESSON
    assert backprop(str(lesson), "z=-3").output == LESSON
    assert backprop("-", given=lesson.read_bytes()).output == LESSON
    assert backprop("-", *LECTURE[1:], given=LECTURE[0]).output == LESSON


def test_an_expression_may_begin_with_a_minus_sign() -> None:
    for arguments in (("-x", "x=2"), ("--", "-x", "x=2"), ("-x", "x=2", "--json"), ("-(x)*1", "x=2")):
        assert backprop(*arguments).exit_code == 0


def test_numbers_are_constant_expressions() -> None:
    values = json.loads(backprop("x+y+z+w", "x=1/4", "y=-1e-3", "z = pi", "w=-(2)", "--json").output)["values"]
    assert [values[name] for name in "xyzw"] == [0.25, -0.001, 3.141592653589793, -2.0]


def test_what_the_result_does_not_depend_on_is_said() -> None:
    result = backprop("q = x*y; g = 2*x", "x=1", "y=2")
    assert result.output.endswith("\n\ng does not depend on y, q.\n")
    document = json.loads(backprop("q = x*y; g = 2*x", "x=1", "y=2", "--json").output)
    assert document["values"]["q"] == 2.0
    assert document["gradients"]["q"] is None
    assert backprop("q = x*y; g = 2*x", "x=1", "y=2", "--explain", "y").output == (
        "g does not depend on y: no path leads from one to the other\n"
    )


@pytest.mark.parametrize("name", registry)
def test_every_function_of_the_registry_can_be_called(name: str) -> None:
    op = registry[name]
    factors = (0.5, 0.25, 0.125)
    numbers = ["1" if partial is None else f"x*{y}" for partial, y in zip(op.partials, factors, strict=False)]
    given = ", ".join(f"[{number}, {number}]" if op.over_lists else number for number in numbers)
    call = f"{name}({given})" if name != "softmax" else f"sum({name}({given}))"
    result = backprop(f"g = {call}", f"x={8 if name == 'acosh' else 1}", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["gradients"]["g"] == 1.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("(x + yy) * z", "x=1", "y=3", "z=-3"), "column 6: 'yy' has no number; did you mean 'y'?"),
        (("g = x +", "x=1"), "something is missing at the end"),
        (("x", "x=1/0"), "in 'x=1/0', column 1: 1/0 is inf"),
        (("x", "x=y"), "in 'x=y', column 1"),
        (("x", "x=1", "q=2"), "nothing is named 'q'"),
        (("x", "x=1", "x=2"), "x is given two numbers: 1 and 2"),
        (("g", "=", "x"), "'=' is no NAME=NUMBER: numbers are given as x=1, and the expression before them goes in"),
        (("lesson.txt",), "there is no file 'lesson.txt', and in an expression no dot follows a name"),
        (("x", "x=1", "--explain", "y"), "--explain y: no node is labelled 'y'"),
        (("x", "x=1", "--svg", "no/such/folder/g.svg"), "no/such/folder/g.svg cannot be written"),
        (("x", "x=1", "--step"), "--step needs a terminal"),
        (("x", "x=1", "--step", "--json"), "--step is a screen of its own"),
        ((), "Missing argument 'EXPRESSION'"),
        (("x", "--jsn"), "No such option"),
        (("__import__('os')",), "a name here does not begin with '__'"),
        (("9**9**9 + x", "x=1"), "9**9**9 is inf"),
        (("(" * 100_000,), "at most"),
        (("sin = 3",), "sin is a function"),
        (("x.real*2", "x=1"), "a dot after a name"),
        (("-", "x=1"), "there is nothing to compute"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_on_the_error_stream(arguments: tuple[str, ...], message: str) -> None:
    result = backprop(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_a_file_that_is_no_text_or_too_long(tmp_path: Path) -> None:
    (tmp_path / "data.bin").write_bytes(b"x = \xff\xfe")
    assert "data.bin is not a text in UTF-8: byte 5" in backprop("data.bin").stderr
    with open(tmp_path / "long.txt", "wb") as file:
        file.truncate(10_000_000)
    assert "at most" in backprop("long.txt").stderr


def test_a_pipe_is_read_like_a_file_and_a_folder_is_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    command = [sys.executable, "-m", "autograd.cli", "./pipe"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=tmp_path) as program:
        (tmp_path / "pipe").write_text("x = 1; y = 3; z = -3; g = (x + y) * z")
        assert program.stdout is not None
        assert program.stdout.read().decode() == LESSON
    (tmp_path / "x").mkdir()
    assert backprop("x", "x=1").exit_code == 0


def test_nothing_is_written_if_the_expression_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "g.svg").write_text("old")
    assert backprop("x +", "x=1", "--svg", "g.svg").exit_code == 2
    assert (tmp_path / "g.svg").read_text() == "old"


def test_help_and_version() -> None:
    for option in ("-h", "--help"):
        shown = backprop(option).output
        assert 'backprop "g = (x + y) * z" x=1 y=3 z=-3' in shown
        assert all(name in shown for name in ("--step", "--svg", "--png", "--tex", "--explain", "--check", "--json"))
    assert backprop("--version").output == "backprop, version 0.1.0\n"


def test_into_a_pipe_there_are_no_colours_unless_they_are_forced() -> None:
    piped = in_a_process(*LECTURE)
    assert piped.stdout.decode() == LESSON
    assert b"\x1b[" in in_a_process(*LECTURE, FORCE_COLOR="1", NO_COLOR="").stdout
    assert in_a_process(*LECTURE, NO_COLOR="1").stdout.decode() == LESSON


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f'"{sys.executable}" -m autograd.cli "{"+".join(["x*x"] * 300)}" x=1 | head -n 1'
    run = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert run.stderr == b""
    assert run.stdout.count(b"\n") == 1


def test_an_encoding_that_knows_no_formulas_gets_escapes() -> None:
    run = in_a_process(*LECTURE, PYTHONIOENCODING="ascii")
    assert run.returncode == 0
    assert run.stdout.isascii()


def test_invalid_bytes_as_an_argument() -> None:
    run = in_a_process(os.fsdecode(b"x + \xff"))
    assert run.returncode == 2
    assert b"Traceback" not in run.stderr


def test_the_program_is_installed_under_its_name() -> None:
    program = Path(sys.executable).with_name("backprop")
    run = subprocess.run([program, *LECTURE], capture_output=True, check=True, text=True, encoding="utf-8")
    assert run.stdout == LESSON
