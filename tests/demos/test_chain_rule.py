"""The demo chain_rule prints the lesson's figures and writes its pictures."""

import runpy
import subprocess
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


def test_each_stage_has_a_picture_with_the_gradients_that_are_known_by_then(printed: str) -> None:
    known = {"1_forward": 0, "2_seed": 1, "3_through_times": 3, "4_through_plus": 5}
    for stage, gradients in known.items():
        path = Path("pictures") / f"chain_rule_{stage}.svg"
        assert f"Wrote {path}" in printed
        assert texts(path).count("—") == 5 - gradients


def test_a_folder_may_be_given_by_name_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in (["here"], ["--folder", "there", "--quick", "--seed", "1"]):
        monkeypatch.setattr(sys, "argv", ["chain_rule.py", *arguments])
        runpy.run_path(str(ROOT / "demos" / "chain_rule.py"), run_name="__main__")
    assert Path("here/chain_rule.svg").read_bytes() == Path("there/chain_rule.svg").read_bytes()


def test_it_needs_only_what_chainrule_needs() -> None:
    code = "import sys, demos.chain_rule; print(sys.modules.keys() & {'sklearn', 'pandas', 'h5py', 'pooch'})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout == "set()\n"


def texts(picture: Path) -> list[str]:
    return sorted(text for text in ElementTree.parse(picture).getroot().itertext() if text.strip())
