"""What the lessons share: the command line, the table, the list of lessons."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from demos import __main__ as listing
from demos.common import Figure, Options, lesson, with_spread
from demos.data import MissingDataError

ROOT = Path(__file__).parents[2]


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Options:
    """The options that a lesson gets for a command line."""
    given: list[Options] = []

    def main(options: Options) -> list[Figure]:
        assert options.folder.is_dir()
        given.append(options)
        return []

    monkeypatch.setattr(sys, "argv", ["lesson", *arguments])
    lesson(main, "A lesson.")
    return given[0]


def test_the_command_line_gives_the_options(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch) == Options(quick=False, folder=Path("pictures"), seed=0)
    assert run(monkeypatch, "--quick", "--folder", "a/b", "--seed", "7") == Options(True, Path("a/b"), 7)
    assert run(monkeypatch, "c") == Options(folder=Path("c"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--seed", "-1"], "a seed is a whole number from 0 to 2147483647, got -1"),
        (["--seed", "1.5"], "a seed is a whole number from 0 to 2147483647, got 1.5"),
        (["--seed", "2147483648"], "got 2147483648"),
        (["--folder", "a", "b"], "not allowed with"),
    ],
)
def test_a_command_line_that_makes_no_sense_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(monkeypatch, *arguments)
    assert told in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(SystemExit, match="1"):
        run(monkeypatch, "--folder", "file")
    assert "file" in capsys.readouterr().err


def test_the_table_has_the_figures_as_they_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["lesson"])
    lesson(lambda options: [Figure("confusion", "[[1, 2]]", "[a]")], "A lesson.")
    cells = [re.split(r"\s*[│┃]\s*", line)[1:-1] for line in capsys.readouterr().out.splitlines() if line[0] in "│┃"]
    assert cells == [["", "tutorial", "here"], ["confusion", "[[1, 2]]", "[a]"]]


def test_missing_data_ends_the_lesson_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def main(options: Options) -> list[Figure]:
        raise MissingDataError("put it there")

    monkeypatch.setattr(sys, "argv", ["lesson"])
    with pytest.raises(SystemExit, match="1"):
        lesson(main, "A lesson.")
    assert capsys.readouterr().err == "put it there\n"


def test_a_lesson_whose_libraries_are_not_installed_says_how_to_install_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def main(options: Options) -> list[Figure]:
        import sklearn

        return [sklearn]

    monkeypatch.setattr(sys, "argv", ["lesson"])
    monkeypatch.setitem(sys.modules, "sklearn", None)  # as if it were not installed
    with pytest.raises(SystemExit, match="1"):
        lesson(main, "A lesson.")
    told = 'This lesson needs sklearn: install the extra "demos", pip install -e ".[demos]"\n'
    assert capsys.readouterr().err == told


def test_a_mistake_in_the_library_is_not_blamed_on_what_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def main(options: Options) -> list[Figure]:
        raise ModuleNotFoundError("No module named 'viz.chart'", name="viz.chart")

    monkeypatch.setattr(sys, "argv", ["lesson"])
    with pytest.raises(ModuleNotFoundError, match=r"viz\.chart"):
        lesson(main, "A lesson.")


@pytest.mark.parametrize("name", listing.lessons())
def test_every_lesson_is_there_without_the_libraries_of_the_extra(name: str) -> None:
    code = (
        "import importlib, sys; sys.modules |= dict.fromkeys(('sklearn', 'pandas', 'pooch', 'h5py'));"
        "importlib.import_module('demos.' + sys.argv[1])"
    )
    subprocess.run([sys.executable, "-c", code, name], check=True, cwd=ROOT)


def test_runs_are_summed_up_by_mean_and_extremes() -> None:
    assert with_spread([0.983, 0.981, 0.982], ".1%") == "98.2% (98.1% to 98.3%)"


def test_every_lesson_is_listed_with_what_it_shows_and_needs() -> None:
    listed = listing.lessons()
    assert set(listed) == {path.stem for path in (ROOT / "demos").glob("*.py")} - set(listing.NO_LESSONS)
    assert all(shows and needs for shows, needs in listed.values())
    assert listed["hypotenuse"][1] == "Needs nothing but chainrule."
    assert listed["moons"][1] == 'Needs the extra demos: pip install -e ".[demos]"'


def test_the_list_is_printed_without_importing_the_lessons() -> None:
    code = (
        "import runpy, sys; runpy.run_module('demos', run_name='__main__');"
        "print(sys.modules.keys() & {'numpy', 'viz', 'nn', 'sklearn', 'pandas'})"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert "sign_digits   Does a hand sign 0 or 1? Logistic regression written out." in printed
    assert "Needs the Sign Language Digits (33.8 MB) and the extra demos." in printed
    assert "[demos]" in printed
    assert len(printed.splitlines()) == 2 * len(listing.lessons()) + 4  # two lines each, which fit in a terminal
    assert printed.endswith("set()\n")
