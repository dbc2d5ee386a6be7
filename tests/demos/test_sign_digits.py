"""The lesson of the signs: the tutorial's costs, which are also those of its formulas in plain NumPy."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.model_selection import train_test_split

import viz
from demos import data, sign_digits
from demos.common import Options
from tests.demos import real
from tests.demos.spies import calls_of


@pytest.fixture(scope="module")
def figures(folder: Path) -> dict[str, str]:
    return {figure.name: figure.here for figure in sign_digits.main(Options(quick=True, folder=folder))}


def by_hand(iterations: int) -> list[float]:
    """The costs of the tutorial's own program: columns are images, and the gradient is written down."""
    images = data.sign_digits()
    x = np.concatenate((images[204:409], images[822:1027])).reshape(410, -1)
    y = np.concatenate((np.zeros(205), np.ones(205))).reshape(410, 1)
    x_train, _, y_train, _ = train_test_split(x, y, test_size=0.15, random_state=42)
    x, y = x_train.T, y_train.T
    w, b, costs = np.full((4096, 1), 0.01), 0.0, []
    for _ in range(iterations):
        y_head = 1 / (1 + np.exp(-(w.T @ x + b)))
        costs.append((-y * np.log(y_head) - (1 - y) * np.log(1 - y_head)).sum() / x.shape[1])
        w = w - 0.01 * (x @ (y_head - y).T) / x.shape[1]
        b = b - 0.01 * (y_head - y).sum() / x.shape[1]
    return costs


def test_the_costs_are_those_of_the_program_by_hand(figures: dict[str, str]) -> None:
    costs = by_hand(11)
    assert figures["cost at iteration 0"] == f"{costs[0]:.6f}"
    assert figures["cost at iteration 10"] == f"{costs[10]:.6f}"


def test_scikit_learn_tells_the_signs_apart(figures: dict[str, str]) -> None:
    shares = {name: float(text.rstrip("%")) for name, text in figures.items() if "accuracy" in name}
    assert len(shares) == 4
    assert all(share > 90 for name, share in shares.items() if "scikit-learn" in name)


def test_it_draws_the_cost_the_graph_and_the_weights(figures: dict[str, str], folder: Path) -> None:
    for name in ("signs.png", "cost.png", "weights.png"):
        assert (folder / f"sign_digits_{name}").read_bytes().startswith(b"\x89PNG")
    graph = (folder / "sign_digits_graph.svg").read_text(encoding="utf-8")
    assert all(f">{text}<" in graph for text in ("w", "b", "z", "sigmoid", "log", "mean", "cost"))


@real.needed
def test_the_figures_are_the_tutorial_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images, curves = (calls_of(monkeypatch, viz.charts, name) for name in ("images", "curves"))
    figures = sign_digits.main(Options(folder=tmp_path))
    assert "14.014151" in [figure.here for figure in figures]
    compared = [figure for figure in figures if figure.tutorial != "—"]
    assert [figure.here for figure in compared] == [figure.tutorial for figure in compared]
    assert [figure.tutorial for figure in compared] == ["14.014222", "2.544689", "1.031919", "0.196168"]
    assert [figure.here for figure in figures if "accuracy" in figure.name] == ["92.8%", "93.5%", "100.0%", "96.8%"]
    signs, weights = images
    np.testing.assert_array_equal(signs.given[0], data.sign_digits()[[260, 900]])
    assert signs.given[1] == ["sign 0", "sign 1"]
    ours, peer = weights.given[0]
    assert np.abs(peer).max() > 3 * np.abs(ours).max()  # it goes on to where no cost is left but its penalty
    assert weights.given[1] == ["here", "scikit-learn"]
    assert curves[0].settings == {"unit": "iteration", "first": 0}
