"""The lesson of the cats learns as the tutorial's own program does, and draws what it has learned."""

from pathlib import Path

import numpy as np
import pytest

import viz
from demos import cats, data
from demos.common import Options, with_spread
from tests.demos import real
from tests.demos.spies import calls_of

SEED = 3


@pytest.fixture(scope="module")
def figures(folder: Path) -> dict[str, str]:
    return {figure.name: figure.here for figure in cats.main(Options(quick=True, folder=folder, seed=SEED))}


def by_hand(seed: int) -> tuple[float, float, float]:
    """The accuracies and the last cost of the tutorial's own program, for the same first weights."""
    x_train, y_train, x_test, y_test = data.cats()
    x, x_test = x_train.reshape(len(x_train), -1).T / 255, x_test.reshape(len(x_test), -1).T / 255
    w, b, cost = np.random.default_rng(seed).standard_normal((len(x), 1)) * 0.01, 0.0, 0.0
    for _ in range(100):
        a = 1 / (1 + np.exp(-(w.T @ x + b)))
        cost = -(y_train * np.log(a) + (1 - y_train) * np.log(1 - a)).mean()
        w, b = w - 0.005 * x @ (a - y_train).T / x.shape[1], b - 0.005 * (a - y_train).mean()
    right = (((w.T @ x + b > 0) == y_train).mean(), ((w.T @ x_test + b > 0) == y_test).mean())
    return float(right[0]), float(right[1]), float(cost)


def test_three_seeds_come_to_what_the_program_by_hand_comes_to(figures: dict[str, str]) -> None:
    train, test, costs = zip(*map(by_hand, (SEED, SEED + 1, SEED + 2)), strict=True)
    assert figures == {
        "accuracy, train": with_spread(train, ".1%"),
        "accuracy, test": with_spread(test, ".1%"),
        "last cost": with_spread(costs, ".4f"),
    }
    assert len(set(costs)) == 3


def test_it_draws_photographs_the_cost_and_the_weights(figures: dict[str, str], folder: Path) -> None:
    for name in ("photographs", "cost", "weights", "weights_in_color"):
        assert (folder / f"cats_{name}.png").read_bytes().startswith(b"\x89PNG")


@real.needed
def test_the_full_run_is_as_often_right_as_the_tutorial_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images = calls_of(monkeypatch, viz.charts, "images")
    figures = {figure.name: figure.here for figure in cats.main(Options(folder=tmp_path))}
    photographs, labels, _, _ = data.cats()
    for photograph, title in zip(*images[0].given, strict=True):
        shown = next(i for i, each in enumerate(photographs) if (each == photograph).all())
        assert title == ["no cat", "cat"][labels[shown]]
    train, test = (float(figures[f"accuracy, {part}"].split("%")[0]) for part in ("train", "test"))
    assert 98.5 < train < 99.5
    assert 66 < test < 74
