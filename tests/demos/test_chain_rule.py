"""The demo chain_rule prints the lesson's figures and writes its pictures."""

import runpy
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setattr(sys, "argv", ["chain_rule.py"])
    runpy.run_path(str(ROOT / "demos" / "chain_rule.py"), run_name="__main__")
    return capsys.readouterr().out


@pytest.mark.parametrize(
    "line",
    [
        "p = x + y = 1 + 3 = 4",
        "g = p * z = 4 * -3 = -12",
        "dg/dp = dg/dg * dg/dp = 1 * -3 = -3",
        "dg/dz = dg/dg * dg/dz = 1 * 4 = 4",
        "dg/dx = dg/dp * dp/dx = -3 * 1 = -3",
        "dg/dy = dg/dp * dp/dy = -3 * 1 = -3",
        "dg/dp = -3",
        "dg/dz = 4",
        "dg/dx = -3",
        "dg/dy = -3",
    ],
)
def test_it_prints_values_steps_and_gradients(printed: str, line: str) -> None:
    assert line in [printed_line.strip() for printed_line in printed.splitlines()]


def test_it_writes_the_picture_as_svg_and_png_and_says_where(printed: str) -> None:
    for name, start in {"chain_rule.svg": b"<svg", "chain_rule.png": b"\x89PNG\r\n"}.items():
        path = Path("pictures") / name
        assert f"Wrote {path}" in printed
        assert path.read_bytes().startswith(start)


def test_the_picture_in_the_readme_shows_what_the_demos_shows(printed: str) -> None:
    shown = ROOT / "docs" / "pictures" / "chain_rule.svg"
    assert texts(shown) == texts(Path("pictures/chain_rule.svg"))


def texts(picture: Path) -> list[str]:
    return sorted(text for text in ElementTree.parse(picture).getroot().itertext() if text.strip())
