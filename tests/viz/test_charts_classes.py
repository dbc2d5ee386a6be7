from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_array_equal

import nn
from tests.viz.test_charts_curves import key, note, panels
from viz import charts, theme
from viz.charts import paper
from viz.charts.decisions import leads
from viz.charts.numbers import Array

X, Y = np.array([[0.0, 0.0], [1.0, 1.0], [0.2, 0.3], [0.9, 0.4]]), np.array([0, 1, 0, 1])


def edge(chart: charts.Chart) -> Array:
    """The points of the boundary."""
    lines = [each for each in panels(chart)[0].collections if not each.get_facecolor().size]
    return np.concatenate([path.vertices for line in lines for path in line.get_paths()])


SAME_BOUNDARY: dict[str, Callable[[Array], Any]] = {
    "scores": lambda p: p[:, 0] - 0.6,
    "a column of scores": lambda p: p[:, :1] - 0.6,
    "probabilities": lambda p: 1 / (1 + np.exp(6 - 10 * p[:, 0])),
    "a score for each class": lambda p: np.stack([0.6 - p[:, 0], p[:, 0] - 0.6], axis=1),
    "classes": lambda p: (p[:, 0] > 0.6).astype(int),
    "classes as floats": lambda p: np.where(p[:, 0] > 0.6, 1.0, 0.0),
    "booleans": lambda p: p[:, 0] > 0.6,
    "a list": lambda p: (p[:, 0] - 0.6).tolist(),
}


@pytest.mark.parametrize("predict", SAME_BOUNDARY.values(), ids=SAME_BOUNDARY)
def test_the_boundary_is_where_the_decision_changes_whatever_is_given(predict: Callable[[Array], Any]) -> None:
    vertices = edge(charts.decision_boundary(predict, X, Y))
    assert len(vertices) > 50
    assert np.abs(vertices[:, 0] - 0.6).max() < 0.02


def test_a_threshold_may_be_given() -> None:
    vertices = edge(charts.decision_boundary(lambda p: p[:, 0], X, Y, threshold=0.25))
    assert np.abs(vertices[:, 0] - 0.25).max() < 1e-9


def test_the_later_class_is_blue_where_its_score_is_high() -> None:
    axes = panels(charts.decision_boundary(lambda p: p[:, 0] - 0.5, X, Y, resolution=20))[0]
    (image,) = axes.images
    colors = image.cmap(image.norm(image.get_array()))
    left, right = colors[10, 0], colors[10, -1]
    assert left[0] > left[2]  # orange
    assert right[2] > right[0]  # blue


def test_points_have_the_colours_of_their_classes() -> None:
    chart = charts.decision_boundary(lambda p: p[:, 0] - 0.5, X, np.where(Y, "cat", "ant"), labels=["an ant", "a cat"])
    *_, ants, cats = chart.figure.axes[0].collections
    assert_array_equal(np.asarray(ants.get_offsets()), X[Y == 0])
    assert_array_equal(np.asarray(cats.get_offsets()), X[Y == 1])
    assert key(chart) == ["an ant", "a cat"]


def test_predict_is_called_once_with_the_grid_around_the_points() -> None:
    calls: list[Array] = []

    def predict(points: Array) -> Array:
        calls.append(points)
        return points[:, 0]

    charts.decision_boundary(predict, X, Y, resolution=30)
    (grid,) = calls
    assert grid.shape == (900, 2)
    assert (grid.min(axis=0) < X.min(axis=0)).all()
    assert (grid.max(axis=0) > X.max(axis=0)).all()


def test_points_of_many_classes_without_points_have_regions_too() -> None:
    chart = charts.decision_boundary(lambda p: np.c_[p[:, 0], p[:, 1], 1 - p.sum(axis=1)], X, Y)
    assert key(chart) == ["0", "1", "2"]


def test_where_predict_gives_no_number_is_left_grey_and_counted() -> None:
    chart = charts.decision_boundary(lambda p: np.where(p[:, 0] > 0.5, p[:, 1] - 0.5, np.nan), X, Y, resolution=10)
    assert note(chart) == "Grey: predict gives no number for 50 of 100 points."


def test_a_constant_classifier_has_no_boundary() -> None:
    axes = panels(charts.decision_boundary(lambda p: np.ones(len(p)), X[:1].repeat(4, axis=0), Y))[0]
    assert len(axes.collections) == 2


def test_many_points_and_classes_are_cut_and_the_chart_says_so() -> None:
    x = np.random.default_rng(0).normal(size=(20_000, 2))
    chart = charts.decision_boundary(lambda p: p @ np.ones((2, 20)) * np.arange(20), x, np.arange(20_000) % 20)
    assert len(key(chart)) == 12
    assert note(chart).startswith("12 of 20 classes are named; 10 colours take turns.\n5,000 of 20,000 points")


@pytest.mark.parametrize(
    ("predict", "x", "y", "message"),
    [
        (len, X[:, :1], Y, r"x must have shape \(n, 2\)"),
        (len, [], [], "x is empty"),
        (len, X * np.nan, Y, "not finite"),
        (len, X, Y[:3], r"y must have a class for each of 4 points, got \(3,\)"),
        (len, X, [0.5, 1, 2, 3], "y must be classes: whole numbers, or names"),
        (lambda p: p[:, 0], X, [0, 1, 2, 3], "a single score decides between two classes, y has 4"),
        (lambda p: p[:, 0], X, [1, 1, 1, 1], "a single score decides between two classes, y has 1"),
        (lambda p: p[:5], X, Y, r"predict got points of shape \(10000, 2\) and gave \(5, 2\)"),
        (lambda p: 1.0, X, Y, r"gave \(\)"),
        (lambda p: p, X, [5, 6, 7, 8], "predict scores 2 classes, but y has 4 others"),
    ],
)
def test_what_does_not_fit_is_refused(predict: Any, x: Any, y: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        charts.decision_boundary(predict, x, y)


def test_settings_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="resolution must be from 2 to 500, got 1"):
        charts.decision_boundary(lambda p: p[:, 0], X, Y, resolution=1)
    with pytest.raises(ValueError, match="1 label for 2 classes"):
        charts.decision_boundary(lambda p: p[:, 0], X, Y, labels=["a"])
    with pytest.raises(TypeError, match="what predict gives must be real numbers"):
        charts.decision_boundary(lambda p: ["cat"] * len(p), X, Y)


def test_a_module_is_refused_before_it_runs_as_in_training() -> None:
    model = nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 1))
    with pytest.raises(TypeError, match=r"got the module Sequential, .* lambda x: nn.predict\(model, x\)"):
        charts.decision_boundary(model, X, Y)
    charts.decision_boundary(lambda x: nn.predict(model, x), X, Y, resolution=5)
    assert not model[0].running_mean.any()


@given(arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(2, 5)), elements=st.floats(-9, 9)))
def test_a_class_leads_by_what_it_is_above_the_best_other(scores: Array) -> None:
    classes, lead = leads(scores, len(scores), np.arange(scores.shape[1]), None)
    for i, row in enumerate(scores):
        for j in classes:
            assert lead[i, j] == row[j] - max(row[k] for k in classes if k != j)


def test_the_true_class_is_the_row_and_each_cell_has_its_share_of_it() -> None:
    axes = panels(charts.confusion_matrix([[999, 1, 0], [1, 1, 2], [0, 0, 0]], ["a", "b", "c"]))[0]
    written = {text.get_position()[::-1]: text.get_text() for text in axes.texts}
    assert [written[0, j] for j in range(3)] == ["999\n>99%", "1\n<1%", "0"]
    assert [written[1, j] for j in range(3)] == ["1\n25%", "1\n25%", "2\n50%"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b", "c"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted", "true")
    assert axes.get_ylim() == (2.5, -0.5)  # the first row is on top


def test_right_is_blue_wrong_is_orange_and_the_numbers_can_be_read() -> None:
    (image,) = panels(charts.confusion_matrix([[90, 10], [60, 40]]))[0].images
    colors = image.cmap(image.norm(image.get_array()))
    assert (colors[[0, 1], [0, 1], 2] > colors[[0, 1], [0, 1], 0]).all()
    assert (colors[[0, 1], [1, 0], 2] < colors[[0, 1], [1, 0], 0]).all()
    assert colors[1, 0, 2] < colors[0, 1, 2]  # more mistakes, stronger
    assert image.cmap == paper.pale()


def test_the_note_counts_what_is_right() -> None:
    assert note(charts.confusion_matrix([[90, 10], [60, 40]])) == "130 of 200 right, 65.0%."
    assert note(charts.confusion_matrix([[0]])) == "0 of 0 right."


def test_cells_too_small_for_numbers_have_colours_only() -> None:
    chart = charts.confusion_matrix(np.eye(300, dtype=int))
    axes = chart.figure.axes[0]
    assert len(axes.texts) == 0
    assert len(axes.get_xticks()) == 40
    assert note(chart).endswith("The stronger a colour, the larger the share of its row.")


def test_large_counts_are_written_smaller_not_over_each_other() -> None:
    axes = panels(charts.confusion_matrix(np.full((8, 8), 12_345_678)))[0]
    boxes = {text.get_position(): text.get_window_extent() for text in axes.texts}
    for (x, y), box in boxes.items():
        if (x + 1, y) in boxes:
            assert box.x1 < boxes[x + 1, y].x0
        if (x, y + 1) in boxes:
            assert box.y0 > boxes[x, y + 1].y1


@pytest.mark.parametrize(
    ("matrix", "labels", "error", "message"),
    [
        ([[1, 2, 3], [4, 5, 6]], None, ValueError, r"must be square, \(classes, classes\), got \(2, 3\)"),
        ([1, 2], None, ValueError, r"must be square.*got \(2,\)"),
        ([], None, ValueError, "is empty"),
        ([[0.9, 0.1], [0.2, 0.8]], None, ValueError, "must be counts"),
        ([[1, -1], [0, 1]], None, ValueError, "must be counts"),
        ([[np.nan]], None, ValueError, "must be counts"),
        ([["a"]], None, TypeError, "must be real numbers"),
        ([[1, 0], [0, 1]], ["a"], ValueError, "1 label for 2 classes: give one each"),
    ],
)
def test_what_is_no_confusion_matrix_is_refused(matrix: Any, labels: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        charts.confusion_matrix(matrix, labels)


def test_zeros_are_written_softly() -> None:
    axes = panels(charts.confusion_matrix([[3, 0], [0, 3]]))[0]
    assert {text.get_text(): text.get_color() for text in axes.texts} == {"3\n100%": theme.INK, "0": theme.OUTLINE}
