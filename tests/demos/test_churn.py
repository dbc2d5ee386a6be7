"""The demo churn encodes customers as they are described, and tells who leaves better than a guess."""

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import LabelEncoder

import nn
from demos import churn, data
from demos.common import Figure, Options
from tests.demos import real
from tests.demos.spies import fits_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def figures(folder: Path) -> dict[str, Figure]:
    return {figure.name: figure for figure in churn.main(Options(quick=True, folder=folder))}


@pytest.mark.parametrize("start", [churn.SMALL, churn.GLOROT])
def test_the_matrix_is_that_of_the_best_split(figures: dict[str, Figure], start: str) -> None:
    matrix = np.array(ast.literal_eval(figures[f"{start}: confusion matrix, best split"].here))
    accuracies = [float(accuracy) for accuracy in figures[f"{start}: accuracy, test, each split"].here.split(", ")]
    assert len(accuracies) == 2
    assert round(matrix.trace() / matrix.sum(), 3) == max(accuracies)
    assert matrix.sum() == (200 if real.IS_HERE else 80)


def test_it_draws_the_matrix_and_the_curves(figures: dict[str, Figure], folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {"churn_confusion_matrix.png", "churn_curves.png"}


def test_the_full_run_has_five_splits_from_either_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fits = fits_of(monkeypatch, rows=20)
    figures = {figure.name: figure for figure in churn.main(Options(folder=tmp_path))}
    assert len(fits) == 10
    assert all(fit.settings["batch_size"] == 10 and fit.history.epochs == 50 for fit in fits)
    for start in (churn.SMALL, churn.GLOROT):
        assert len(figures[f"{start}: accuracy, test, each split"].here.split(", ")) == 5


def test_customers_are_encoded_as_in_the_tutorial_but_for_the_order_of_columns() -> None:
    customers = data.churn().drop(columns="Exited")
    encode = churn.encoder().fit(customers)

    columns = customers.iloc[:, 3:13].copy()
    columns["Gender"] = LabelEncoder().fit_transform(columns["Gender"])
    columns = pd.get_dummies(columns, columns=["Geography"], drop_first=True, dtype=float)
    scale = columns.std(ddof=0)
    order = ["Geography_Germany", "Geography_Spain", "Gender", *columns.columns.drop("Gender")[:-2]]
    expected = ((columns - columns.mean()) / scale)[order]
    np.testing.assert_allclose(encode.transform(customers), expected, rtol=1e-9, atol=1e-12)

    person = {**churn.DESCRIBED, "Gender": 0, "Geography_Germany": 0, "Geography_Spain": 1}  # "Female" is before "Male"
    described = [(person[name] - columns[name].mean()) / scale[name] for name in order]
    np.testing.assert_allclose(encode.transform(pd.DataFrame([churn.DESCRIBED]))[0], described, rtol=1e-9)


@pytest.mark.parametrize(("start", "bound"), [(churn.SMALL, 0.05), (churn.GLOROT, None)])
def test_the_network_begins_with_small_weights_or_glorot_s(start: str, bound: float | None) -> None:
    with nn.seed(0):
        model = churn.network(start)
    assert nn.summary(model).parameters == 11 * 6 + 6 + 6 * 6 + 6 + 6 + 1
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            assert (parameter.data == 0).all()
        else:
            most = bound or np.sqrt(6 / sum(parameter.shape))
            assert 0.6 * most < np.abs(parameter.data).max() <= most


@real.needed
def test_from_either_start_it_is_right_more_often_than_who_says_that_all_stay(figures: dict[str, Figure]) -> None:
    stayed = 1 - data.churn()["Exited"][:1000].mean()
    small, glorot = (
        float(figures[f"{start}: accuracy, test"].here.split()[0]) for start in (churn.SMALL, churn.GLOROT)
    )
    assert stayed < small < 0.83
    assert stayed < glorot < 0.87


@real.needed
def test_the_described_customer_is_another_than_the_encoded_one(figures: dict[str, Figure]) -> None:
    described, encoded = (
        figures[f"{churn.GLOROT}: the {which} customer leaves"].here for which in ("described", "encoded")
    )
    assert float(encoded.split("%")[0]) < float(described.split("%")[0]) < 50
