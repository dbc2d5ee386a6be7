"""The demo digits has the tutorial's network, learns digits in a few epochs, and shows the mistakes."""

from pathlib import Path

import numpy as np
import pytest

import nn
from demos import digits
from demos.common import Options
from tests.demos import real


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def figures(folder: Path) -> dict[str, str]:
    return {figure.name: figure.here for figure in digits.main(Options(quick=True, folder=folder))}


def test_the_network_has_as_many_parameters_as_the_tutorial_s(figures: dict[str, str]) -> None:
    assert figures["parameters"] == "269,322"


def test_a_few_epochs_teach_most_digits_and_more_with_the_falling_rate(figures: dict[str, str]) -> None:
    constant, falling = (
        float(figures[name].split("%")[0]) for name in ("accuracy, test", "accuracy, test, falling rate and 40 epochs")
    )
    assert 80 < constant <= falling <= (95 if real.IS_HERE else 100)


def test_it_draws_the_curves_the_confusions_and_the_mistakes(figures: dict[str, str], folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    assert {"digits_curves.png", "digits_confusions.png"} <= names
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
