"""The plugin shows, and draws, what tests fail with: a few runs of pytest on the tests that are written out here."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autograd.pytest_plugin import file_name
from viz.theme import WRONG

FAILING = """
import inspect
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings, strategies as st

import autograd
import viz
from autograd.testing import check_gradients as check
from autograd.testing.program import Program, Result, Step
from autograd.testing.strategies import expressions

bad_tanh = replace(autograd.tanh, partials=(lambda m, x, out: 1.0 - x,))
two = Program(("x",), (0.0,), (Step(autograd.exp, (Result(0),)), Step(autograd.exp, (Result(1),))), (1, 2))
repeatable = settings(deadline=None, derandomize=True, database=None, phases=[Phase.generate, Phase.shrink])


def test_error():
    check(lambda x, y: bad_tanh(x) * y, 0.5, 2.0).assert_ok()


def test_error_of_fixture(check_gradients):
    check_gradients(bad_tanh, 0.5).assert_ok()


def test_fixture(check_gradients):
    assert inspect.signature(check_gradients) == inspect.signature(check)
    assert check_gradients(autograd.tanh, 0.5).ok
    assert check_gradients(bad_tanh, 0.5).ok


def test_passes(check_gradients):
    assert not check_gradients(bad_tanh, 0.5).ok


@pytest.mark.xfail
def test_is_expected_to_fail(check_gradients):
    check_gradients(bad_tanh, 0.5).assert_ok()


def test_something_else(check_gradients):
    check_gradients(autograd.tanh, 0.5)
    assert False


@pytest.fixture
def slope():
    check(bad_tanh, 0.5).assert_ok()


def test_setup(slope):
    pass


@repeatable
@given(expressions(ops=["add", "mul", "tanh"]))
def test_property(program):
    assert program.steps[-1].op.name != "tanh"


@repeatable
@given(x=st.floats(-2.0, 2.0))
def test_property_with_fixture(check_gradients, x):
    assert check_gradients(lambda x: bad_tanh(x) + 1.0, x).ok or abs(x) < 1.0


@repeatable
@given(expressions(ops=["tanh", "exp"]))
def test_property_that_fails_twice(program):
    if program.steps[-1].op.name == "exp":
        raise ValueError
    assert not program.steps


@pytest.mark.parametrize("x", ["a/b", "a.b"])
def test_several(check_gradients, x):
    program = same = two
    check_gradients(bad_tanh, 0.5)
    check(bad_tanh, 2.0).assert_ok()


def test_that_cannot_be_drawn(monkeypatch):
    monkeypatch.setattr(viz, "draw", None)
    check(bad_tanh, 0.5).assert_ok()


def test_that_overflows():
    program = Program(("x",), (1000.0,), (Step(autograd.exp, (Result(0),)),), (1,))
    assert program.steps == ()


def test_without_graph():
    check(lambda x: x**3, 2.0, gradient=lambda x: 3 * x).assert_ok()


def test_elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    check(bad_tanh, 0.5).assert_ok()
"""

DRAWN = [
    "test_elsewhere",
    "test_error",
    "test_error_of_fixture",
    "test_fixture",
    "test_property",
    "test_property_that_fails_twice",
    "test_property_that_fails_twice-2",
    "test_property_with_fixture",
    "test_setup",
    "test_that_overflows",
    *(f"{file_name(f'test_it.py::test_several[{x}]')[11:]}{end}" for x in ("a.b", "a/b") for end in ("", "-2", "-3")),
]
SAVE = "--autograd-report=new/pictures"


@dataclass
class Run:
    """What a run of pytest printed, and the pictures that it saved, by the names of the tests."""

    status: int
    printed: str
    pictures: dict[str, str]

    def of(self, test: str) -> str:
        """What was printed of a test that failed."""
        found = re.search(
            rf"^_+ (ERROR at setup of )?{test} _+$(.*?)(?=^_{{5}}|^autograd: |^=====)", self.printed, re.M | re.S
        )
        assert found, self.printed
        return found[2]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """Runs pytest, with these options, in a folder with FAILING and with a file called `file`; each only once."""
    done: dict[tuple[str, ...], Run] = {}

    def run(*options: str) -> Run:
        if options not in done:
            folder = tmp_path_factory.mktemp("run")
            (folder / "test_it.py").write_text(FAILING)
            (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
            (folder / "file").write_text("")
            command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
            environment = os.environ | {"PYTHONUTF8": "1", "PYTEST_ADDOPTS": "", "COLUMNS": "120"}
            it = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
            )
            pictures = {path.stem[11:]: path.read_text("utf-8") for path in folder.rglob("test_it-py-*.svg")}
            done[options] = Run(it.returncode, it.stdout + it.stderr, pictures)
        return done[options]

    return run


def texts(svg: str) -> list[str]:
    """What a picture has in words, in order."""
    return [element.text or "" for element in ElementTree.fromstring(svg).iter() if element.tag.endswith("}text")]


def test_every_test_that_fails_with_something_to_draw_is_drawn_and_no_other(run: Callable[..., Run]) -> None:
    result = run(SAVE)
    assert sorted(result.pictures) == sorted(DRAWN)
    assert "13 failed, 1 passed, 1 xfailed, 1 error" in result.printed
    [line] = re.findall(r"^autograd: saved (.*)$", result.printed, re.M)
    noun, _, paths = line.partition(": ")
    assert noun == f"{len(DRAWN)} graphs"
    assert sorted(paths.split(", ")) == sorted(str(Path("new", "pictures", f"test_it-py-{name}.svg")) for name in DRAWN)


def test_workers_draw_the_same_pictures_and_their_names_are_printed(run: Callable[..., Run]) -> None:
    alone, together = run(SAVE), run(SAVE, "-n2")
    assert together.pictures == alone.pictures
    assert f"autograd: saved {len(DRAWN)} graphs: " in together.printed


def test_nothing_is_drawn_unless_that_is_asked_for(run: Callable[..., Run]) -> None:
    result = run()
    assert (result.pictures, "autograd: saved" in result.printed) == ({}, False)
    assert "13 failed, 1 passed, 1 xfailed, 1 error" in result.printed


def test_what_an_error_carries_is_drawn_with_its_mark(run: Callable[..., Run]) -> None:
    svg = run(SAVE).pictures["test_error"]
    assert WRONG in svg
    assert "tanh: partial 0 is 1 - x = 0.5, finite differences say 1 - tanh(x)² = 0.7864 ± 9e-14" in texts(svg)


def test_what_the_fixture_found_is_shown_unless_the_error_is_just_that(run: Callable[..., Run]) -> None:
    table = r"^the gradient of \w+ in 1 input: wrong in 1\nderivative .*verdict\n∂"
    for result in (run(), run(SAVE)):
        assert re.search("-- check_gradients --+\n" + table[1:], result.of("test_fixture"))
        assert not re.search(table, result.of("test_error_of_fixture"), re.M)
        assert re.search(r"^E +derivative ", result.of("test_error_of_fixture"), re.M)
        assert "-- check_gradients --" not in result.of("test_something_else")


def test_of_a_property_the_simplest_example_is_drawn(run: Callable[..., Run]) -> None:
    pictures = run(SAVE).pictures
    assert texts(pictures["test_property"])[:11] == [
        "x", "data", "0", "grad", "1", "data", "0", "grad", "1", "tanh", "1",
    ]  # fmt: skip
    assert texts(pictures["test_property_with_fixture"])[:3] == ["x", "data", "1"]


def test_each_failure_of_a_property_is_drawn(run: Callable[..., Run]) -> None:
    pictures = run(SAVE).pictures
    names = ("test_property_that_fails_twice", "test_property_that_fails_twice-2")
    assert {op for name in names for op in texts(pictures[name]) if op in ("exp", "tanh")} == {"exp", "tanh"}


def test_what_cannot_be_drawn_hides_no_failure(run: Callable[..., Run]) -> None:
    printed = run(SAVE).of("test_that_cannot_be_drawn")
    assert "GradientError: the gradient of" in printed
    assert re.search(r"--- autograd ---+\n\S+test_that_cannot_be_drawn.svg was not saved: .*not callable", printed)
    assert "autograd ---" not in run(SAVE).of("test_without_graph")


def test_a_folder_that_cannot_be_written_is_refused_at_the_start(run: Callable[..., Run]) -> None:
    result = run("--autograd-report=file/pictures")
    assert result.status == pytest.ExitCode.USAGE_ERROR
    assert re.fullmatch(
        r"ERROR: --autograd-report: \S+pictures: .*; give a folder that you may write to\s*", result.printed
    )


def test_file_names_are_safe_and_not_too_long() -> None:
    ids = ["a.py::t[../x]", "a.py::t[..\\x]", "a.py::t[\ud800]", "a.py::t[" + "x" * 500 + "]", "a.py::t" + "x" * 500]
    names = [file_name(nodeid) for nodeid in ids]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,180}", name) for name in names)
