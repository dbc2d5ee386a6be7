import subprocess
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.cbook import is_math_text
from matplotlib.figure import Figure
from matplotlib.text import Text

from tests.viz.graphs import HOSTILE
from viz import charts
from viz.charts import paper

STARTS = {".svg": b"<?xml", ".png": b"\x89PNG\r\n\x1a\n", ".pdf": b"%PDF"}

X, Y = np.array([[0.0, 0.0], [1.0, 1.0], [0.5, 0.2], [0.9, 0.4]]), [0, 1, 0, 1]
ONE_OF_EACH: dict[str, Callable[[], charts.Chart]] = {
    "curves": lambda: charts.curves({"loss": [0.9, 0.5, np.nan], "val_loss": [1.0, 0.6, 0.5]}, log=True, title="A run"),
    "boundary": lambda: charts.decision_boundary(lambda p: p[:, 0] - p[:, 1] / 2 - 0.3, X, Y),
    "regions": lambda: charts.decision_boundary(lambda p: np.c_[p, p.sum(axis=1) / 3], X, Y, resolution=9),
    "confusion": lambda: charts.confusion_matrix([[5, 1], [0, 3]], ["cat", "dog"]),
    "histograms": lambda: charts.histograms({"w": np.linspace(-1, 2, 50), "b": [0.0, 1.0, np.inf]}),
    "images": lambda: charts.images(np.linspace(-1, 1, 32).reshape(2, 4, 4), ["a", "b"]),
    "predictions": lambda: charts.predictions([0, 1, 2], [0, 1, 4], [0, 2, np.nan], trained=(0.5, 3)),
}


@pytest.fixture
def chart() -> charts.Chart:
    return charts.curves({"loss": [0.9, 0.5, 0.3]})


def texts(chart: charts.Chart) -> list[str]:
    """All that is written, as the reader sees it; no part of it may be a formula."""
    written = [text.get_text() for text in chart.figure.findobj(Text) if isinstance(text, Text)]
    assert not any(map(is_math_text, written))
    return [text.replace(r"\$", "$") for text in written]


@pytest.mark.parametrize("suffix", STARTS)
@pytest.mark.parametrize("draw", ONE_OF_EACH.values(), ids=ONE_OF_EACH)
def test_every_chart_is_saved_in_every_format_the_same_bytes_twice(
    draw: Callable[[], charts.Chart], suffix: str, tmp_path: Path
) -> None:
    chart, path = draw(), tmp_path / f"chart{suffix}"
    assert chart.save(path) == path
    first = path.read_bytes()
    assert first.startswith(STARTS[suffix])
    chart.save(str(path))
    assert path.read_bytes() == first
    assert draw().save(path).read_bytes() == first
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_another_process_makes_the_same_bytes() -> None:
    code = (
        "import hashlib, viz\n"
        "chart = viz.charts.decision_boundary(lambda p: p @ [[1, 0, 1], [0, 1, 1]], [[0, 0], [1, 2]], [0, 2])\n"
        "print(hashlib.sha256(chart.svg.encode() + chart.png + chart.pdf).hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        )
        for seed in "12"
    ]
    assert runs[0].stdout == runs[1].stdout


def test_no_pyplot_and_no_matplotlib_before_the_first_chart() -> None:
    code = (
        "import sys, viz; print('matplotlib' in sys.modules)\n"
        "viz.charts.curves({'loss': [1.0, 0.5]}).png; print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_the_user_s_settings_do_not_show_and_stay() -> None:
    plain = ONE_OF_EACH["curves"]().png
    with matplotlib.rc_context({"axes.facecolor": "black", "font.size": 30, "text.parse_math": False}):
        assert ONE_OF_EACH["curves"]().png == plain
        assert matplotlib.rcParams["font.size"] == 30


@pytest.mark.parametrize("name", ["chart", "chart.jpeg", "chart.dot", ".svg"])
def test_an_unknown_suffix_is_refused_with_the_known_ones(chart: charts.Chart, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"must end in one of \.svg, \.png, \.pdf"):
        chart.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_chart_that_cannot_be_drawn_leaves_the_old_file(
    chart: charts.Chart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("out of ink")

    path = chart.save(tmp_path / "chart.PNG")
    before = path.read_bytes()
    monkeypatch.setattr(Figure, "savefig", fail)
    with pytest.raises(RuntimeError, match="out of ink"):
        chart.save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_an_error(chart: charts.Chart, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="give a folder that exists"):
        chart.save(tmp_path / "nowhere" / "chart.svg")


def test_notebooks_get_svg_and_png(chart: charts.Chart) -> None:
    assert chart._repr_mimebundle_() == {"text/plain": repr(chart), "image/svg+xml": chart.svg}
    assert chart._repr_png_() == chart.png


def test_show_opens_the_viewer_and_prints_the_path(
    chart: charts.Chart, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    path = chart.show()
    assert path is not None
    assert opened == [path.as_uri()]
    assert path.read_text() == chart.svg
    assert capsys.readouterr().out == f"{path}\n"


def test_the_figure_may_be_changed_before_it_is_saved(chart: charts.Chart) -> None:
    before = chart.png
    chart.figure.axes[0].set_ylabel("nats")
    chart.figure.set_layout_engine("constrained")
    assert chart.png != before
    assert chart.figure.get_tightbbox().x0 > 0


STRANGE = ["$x^2$", r"\$5 and $6", "$\\frac{$", "_hidden", "", "日本 🎉", "a" * 300, *HOSTILE]
TITLED: dict[str, Callable[[str], charts.Chart]] = {
    "curves": lambda text: charts.curves(
        {text: {text: [1.0, 2.0], "val_" + text: [2.0, 1.0]}, "b": {"c": [1.0]}}, title=text
    ),
    "boundary": lambda text: charts.decision_boundary(
        lambda p: p[:, 0], X, Y, labels=[text, "b"], features=(text, text), title=text
    ),
    "confusion": lambda text: charts.confusion_matrix([[1, 2], [3, 4]], [text, "b"], title=text),
    "histograms": lambda text: charts.histograms({text: [1.0, 2.0]}, xlabel=text, title=text),
    "images": lambda text: charts.images([[[0.0, 1.0]]], [text], title=text),
    "predictions": lambda text: charts.predictions([0, 1], [1, 2], {text: [1, 2]}, xlabel=text, title=text),
}


@pytest.mark.parametrize("draw", TITLED.values(), ids=TITLED)
def test_a_user_s_text_is_written_as_it_is(draw: Callable[[str], charts.Chart]) -> None:
    chart = draw("$x^2$ \\alpha_1")
    assert texts(chart).count("$x^2$ \\alpha_1") >= 2
    assert chart.png


@pytest.mark.parametrize("text", STRANGE)
def test_no_text_breaks_a_chart(text: str) -> None:
    chart = TITLED["predictions"](text)
    assert paper.plain(text).replace(r"\$", "$") in texts(chart)
    assert chart.png.startswith(STARTS[".png"])


@pytest.mark.parametrize("draw", TITLED.values(), ids=TITLED)
@pytest.mark.parametrize("text", ["a name", "a_name_that_goes_on_" * 9])
def test_nothing_is_cut_off(draw: Callable[[str], charts.Chart], text: str) -> None:
    figure = draw(text).figure
    drawn = figure.get_tightbbox()
    assert min(drawn.x0, drawn.y0) > -0.02
    assert drawn.x1 < figure.get_figwidth() + 0.02
    assert drawn.y1 < figure.get_figheight() + 0.02
