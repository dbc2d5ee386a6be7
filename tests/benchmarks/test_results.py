"""The script that records the lessons' figures runs them and writes their tables."""

import re
import sys
from pathlib import Path

import pytest

from benchmarks import results
from demos.__main__ import lessons


def test_the_figures_of_a_lesson_are_written_with_seconds_and_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["results", "--markdown", "results.md"])
    monkeypatch.setattr(results, "lessons", lambda: {"forward_pass": ("", "")})
    results.main()
    written = Path("results.md").read_text(encoding="utf-8")
    assert re.search(r"^## forward_pass, \d+ s$", written, re.MULTILINE)
    assert "| figure | tutorial | here |" in written
    assert "0.9901095" in written
    assert "Measured with" in written


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ("forward_pass", "name none"),
        ("--quick", "leave --quick out"),
        ("backward_pass", "there is no lesson backward_pass"),
    ],
)
def test_a_part_of_the_lessons_does_not_replace_the_document(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], argument: str, told: str
) -> None:
    Path("results.md").write_text("all", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["results", argument, "--markdown", "results.md"])
    with pytest.raises(SystemExit, match="2"):
        results.main()
    assert told in capsys.readouterr().err
    assert Path("results.md").read_text(encoding="utf-8") == "all"


def test_the_recorded_document_has_every_lesson() -> None:
    recorded = (Path(__file__).parents[2] / "docs" / "results.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+), \d+ s$", recorded, re.MULTILINE) == list(lessons())
