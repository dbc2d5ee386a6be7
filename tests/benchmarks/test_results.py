"""The script that records the lessons' figures runs them and writes their tables."""

import re
import sys
from pathlib import Path

import pytest

from benchmarks import results


def test_the_figures_of_a_lesson_are_written_with_seconds_and_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["results", "forward_pass", "--quick", "--markdown", "results.md"])
    results.main()
    written = Path("results.md").read_text(encoding="utf-8")
    assert re.search(r"^## forward_pass, \d+ s$", written, re.MULTILINE)
    assert "| figure | tutorial | here |" in written
    assert "0.9901095" in written
    assert "Measured with" in written
