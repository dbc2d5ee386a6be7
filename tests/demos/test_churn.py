"""The demo churn encodes customers as they are described, and tells who leaves better than a guess."""

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn import model_selection
from sklearn.preprocessing import LabelEncoder

import nn
import viz
from demos import churn, data
from demos.common import Figure, Options, with_spread
from tests.demos import real
from tests.demos.spies import calls_of, fits_of


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
    fits, splits = fits_of(monkeypatch, rows=20), calls_of(monkeypatch, model_selection, "train_test_split")
    drawn, curves = (calls_of(monkeypatch, viz.charts, name) for name in ("confusion_matrix", "curves"))
    figures = {figure.name: figure for figure in churn.main(Options(folder=tmp_path))}

    assert len(fits) == 10
    for fit in fits:
        assert (fit.settings["batch_size"], fit.history.epochs) == (10, 50)
        np.testing.assert_allclose(fit.x.mean(axis=0), 0, atol=1e-9)  # scaled by what it learns from, and no others
        assert [type(layer) for layer in fit.model] == [nn.Linear, nn.ReLU, nn.Linear, nn.ReLU, nn.Linear, nn.Sigmoid]
    assert [split.settings["random_state"] for split in splits] == [0, 1, 2, 3, 4] * 2
    assert all(split.settings["test_size"] == 0.2 for split in splits)
    for start, own in {churn.SMALL: fits[:5], churn.GLOROT: fits[5:]}.items():
        accuracies = [float(text) for text in figures[f"{start}: accuracy, test, each split"].here.split(", ")]
        losses = [fit.history["loss"][-1] for fit in own]
        assert len(accuracies) == 5
        assert figures[f"{start}: loss in training, last epoch"].here == with_spread(losses, ".4f")
        matrix = np.array(ast.literal_eval(figures[f"{start}: confusion matrix, best split"].here))
        left = int(splits[int(np.argmax(accuracies))].result[3].sum())
        assert matrix.sum(axis=1).tolist() == [matrix.sum() - left, left]  # a row for each true class
    np.testing.assert_array_equal(drawn[0].given[0], matrix)
    assert curves[0].given[0] == {churn.SMALL: fits[0].history, churn.GLOROT: fits[5].history}


def test_the_described_customer_is_the_tutorial_s_and_its_code_s_another() -> None:
    described = ["Spain", "Female", 500, 40, 3, 50_000.0, 2, 1, 1, 40_000.0]
    names = ["Geography", "Gender", "CreditScore", "Age", "Tenure", "Balance", "NumOfProducts", "HasCrCard"]
    names += ["IsActiveMember", "EstimatedSalary"]
    assert dict(zip(names, described, strict=True)) == churn.DESCRIBED
    assert churn.ENCODED == churn.DESCRIBED | {"Geography": "France", "Gender": "Male"}


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
