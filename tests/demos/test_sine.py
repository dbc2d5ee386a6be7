"""The demo sine begins as Keras does, learns the curve from the left, and draws what it predicts."""

from pathlib import Path

import numpy as np
import pytest

import nn
import viz
from demos import sine
from demos.common import Figure, Options
from tests.demos.spies import calls_of


@pytest.fixture(scope="module")
def figures(folder: Path) -> list[Figure]:
    return sine.main(Options(quick=True, folder=folder))


def test_the_curve_is_learnt_from_the_left_and_further_from_all_points_at_once(figures: list[Figure]) -> None:
    means = {figure.name: float(figure.here.split()[0]) for figure in figures}
    near, far = "MSE up to x = 10", "MSE beyond x = 10"
    after_10, after_30 = "10 epochs of 10 steps", "30 epochs of 10 steps"
    assert means[f"{sine.ALL}, {after_30}: {near}"] < 0.05 < 0.1 < means[f"{sine.ALL}, {after_10}: {near}"]
    assert means[f"{sine.ALL}, {after_30}: {far}"] < means[f"{sine.ALL}, {after_10}: {far}"]
    assert means[f"{sine.ALL}, {after_30}: {near}"] < means[f"{sine.SOME}, {after_30}: {near}"]
    assert means[f"{sine.ALL}, {after_30}: {far}"] > 0.4


def test_three_starts_are_asked_halfway_between_the_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sine, "TRAININGS", [(1, 2), (1, 3)])
    charts = calls_of(monkeypatch, viz.charts, "predictions")
    asked = calls_of(monkeypatch, nn, "predict")
    sine.main(Options(folder=tmp_path))
    assert len(asked) == 2 * 2 * 3
    assert len({call.result.tobytes() for call in asked}) == 12
    for call in asked:
        np.testing.assert_allclose(call.given[1].ravel(), np.arange(200) / 10 + 0.05)
    for chart, first in zip(charts, (asked[:6], asked[6:]), strict=True):
        x, truth, drawn = chart.given
        np.testing.assert_array_equal(truth, np.sin(x))
        assert list(drawn) == ["1 epochs of 2 steps", "1 epochs of 3 steps"]
        for predicted, call in zip(drawn.values(), first[::3], strict=True):
            np.testing.assert_array_equal(predicted, call.result)


def test_it_draws_a_picture_for_each_reading_of_the_tutorial(figures: list[Figure], folder: Path) -> None:
    assert {path.name: path.read_bytes()[:4] for path in folder.iterdir()} == {
        "sine_all.png": b"\x89PNG",
        "sine_some.png": b"\x89PNG",
    }


def test_the_network_has_seven_hidden_layers_and_begins_as_keras_does() -> None:
    with nn.seed(0):
        model = sine.network()
    assert [type(layer).__name__ for layer in model] == [*["Linear", "ReLU"] * 7, "Linear"]
    weights = [layer.weight.data for layer in model if isinstance(layer, nn.Linear)]
    assert [w.shape for w in weights] == [(256, 1), *[(256, 256)] * 6, (1, 256)]
    for w in weights:
        bound = np.sqrt(6 / sum(w.shape))
        assert 0.9 * bound < np.abs(w).max() <= bound
    assert all((parameter.data == 0).all() for name, parameter in model.named_parameters() if name.endswith("bias"))
