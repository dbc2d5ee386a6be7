"""The demo digits has the tutorial's network, learns digits in a few epochs, and shows the mistakes."""

from pathlib import Path

import numpy as np
import pytest

import nn
import viz
from demos import data, digits
from demos.common import Options, with_spread
from tests.demos import real
from tests.demos.spies import calls_of, fits_of


@pytest.fixture(scope="module")
def figures(folder: Path) -> dict[str, str]:
    return {figure.name: figure.here for figure in digits.main(Options(quick=True, folder=folder))}


def test_the_network_has_as_many_parameters_as_the_tutorial_s(figures: dict[str, str]) -> None:
    assert figures["parameters"] == "269,322"


def test_a_few_epochs_teach_most_digits(figures: dict[str, str]) -> None:
    five, ten, falling = (
        float(figures[f"{name}: accuracy, test"].split("%")[0])
        for name in ("constant rate, 5 epochs", "constant rate, 10 epochs", "falling rate, 10 epochs")
    )
    assert 80 < five <= ten <= (95 if real.IS_HERE else 100)
    assert five <= falling <= (95 if real.IS_HERE else 100)


def test_the_full_run_has_three_starts_with_either_rate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fits = fits_of(monkeypatch, rows=128)
    drawn, curves, images = (
        calls_of(monkeypatch, viz.charts, name) for name in ("confusion_matrix", "curves", "images")
    )
    figures = {figure.name: figure for figure in digits.main(Options(folder=tmp_path, seed=7))}
    assert len(fits) == 6
    assert all(fit.settings["batch_size"] == 128 for fit in fits)
    for fit in fits[:3]:
        assert fit.history["lr"] == [0.001] * 40
    for fit in fits[3:]:
        falling = 0.0005 * (1 + np.cos(np.pi * np.arange(40) / 40))
        np.testing.assert_allclose(fit.history["lr"], falling, rtol=1e-12)
    after_20 = [fit.history["loss"][19] for fit in fits[:3]]
    assert figures["constant rate, 20 epochs: loss in training"].here == with_spread(after_20, ".4f")
    assert figures["constant rate, 20 epochs: loss in training"].tutorial == "0.0515"
    for rate, runs in {"constant": fits[:3], "falling": fits[3:]}.items():
        tested = [fit.history["val_accuracy"][-1] for fit in runs]
        assert figures[f"{rate} rate, 40 epochs: accuracy, test"].here == with_spread(tested, ".2%")
        assert len({fit.model[0].weight.data.tobytes() for fit in runs}) == 3
    assert curves[0].given[0] == {"constant rate": fits[0].history, "falling rate": fits[3].history}

    _, _, x_test, y_test = data.mnist()
    found = nn.predict(fits[3].model, x_test.reshape(-1, 784).astype(np.float32) / 255).argmax(axis=1)
    np.testing.assert_array_equal(drawn[0].given[0], nn.metrics.confusion_matrix(found, y_test))
    wrong = np.flatnonzero(found != y_test)[:40]
    np.testing.assert_array_equal(images[0].given[0], x_test[wrong])
    assert images[0].given[1] == [f"{y_test[i]} → {found[i]}" for i in wrong]


def test_dropout_is_the_tutorial_s() -> None:
    assert [layer.p for layer in digits.network() if isinstance(layer, nn.Dropout)] == [0.45, 0.45]


def test_it_draws_the_curves_the_matrix_and_the_mistakes(figures: dict[str, str], folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    assert {"digits_curves.png", "digits_confusion_matrix.png"} <= names
    assert ("digits_mistakes.png" in names) or not real.IS_HERE


def test_the_weights_begin_as_in_keras() -> None:
    with nn.seed(0):
        model = digits.network()
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            assert (parameter.data == 0).all()
        else:
            bound = np.sqrt(6 / sum(parameter.shape))
            assert 0.9 * bound < np.abs(parameter.data).max() <= bound
