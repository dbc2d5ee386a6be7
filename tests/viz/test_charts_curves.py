import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from viz import charts, theme
from viz.charts import paper
from viz.charts.numbers import MOST_POINTS, evenly, peaks

HISTORY = {"loss": [0.9, 0.5, 0.3], "val_loss": [1.0, 0.7, 0.6], "accuracy": [0.5, 0.8, 0.9], "lr": [0.2, 0.1, 0.1]}


def key(chart: charts.Chart) -> list[str]:
    return [text.get_text() for legend in chart.figure.legends for text in legend.get_texts()]


def panels(chart: charts.Chart) -> list[Any]:
    """The panels, of whose parts the types say little that is of use here."""
    return chart.figure.axes


def note(chart: charts.Chart) -> str:
    return chart.figure.get_supxlabel()


def test_a_panel_for_each_quantity_with_training_and_validation_in_it() -> None:
    chart = charts.curves(HISTORY)
    assert [axes.get_title(loc="left") for axes in chart.figure.axes] == ["loss", "accuracy", "lr"]
    training, validation = chart.figure.axes[0].lines
    assert_array_equal(np.asarray(training.get_xydata()), [[1, 0.9], [2, 0.5], [3, 0.3]])
    assert_array_equal(np.asarray(validation.get_xydata()), [[1, 1.0], [2, 0.7], [3, 0.6]])
    assert training.get_color() == validation.get_color()
    assert training.get_linestyle() != validation.get_linestyle()
    assert key(chart) == ["training", "validation"]


def test_epochs_are_whole_numbers_from_1() -> None:
    for epochs in (1, 2, 3, 30, 500):
        axes = charts.curves({"loss": np.linspace(1, 0, epochs)}).figure.axes[0]
        low, high = axes.get_xlim()
        ticks = [tick for tick in axes.get_xticks() if low <= tick <= high]
        assert ticks
        assert all(tick == round(tick) >= 1 for tick in ticks)


def test_what_is_not_measured_by_the_epoch_says_so_and_may_begin_at_0() -> None:
    chart = charts.curves({"cost": [14.0, 2.5, math.nan, 0.2, 0.1]}, unit="iteration", first=0)
    axes = panels(chart)[0]
    low, high = axes.get_xlim()
    assert axes.get_xlabel() == "iteration"
    assert -1 < low < 0 < 4 < high < 5
    assert axes.lines[0].get_xdata()[0] == 0
    assert axes.get_title(loc="right") == "× nan in iteration 2"
    assert repr(chart).startswith("<Chart of cost over 5 iterations")
    _, point = panels(charts.curves({"cost": [14.0]}, unit="iteration", first=0))[0].lines
    assert_array_equal(np.asarray(point.get_xydata()), [[0, 14.0]])
    with pytest.raises(ValueError, match="'b' has 1 iteration, 'a' has 2: give a number for each iteration"):
        charts.curves({"a": [1, 2], "b": [1]}, unit="iteration")


def test_a_single_epoch_is_a_point() -> None:
    _, point = charts.curves({"loss": [0.7]}).figure.axes[0].lines
    assert point.get_marker() == "o"
    assert_array_equal(np.asarray(point.get_xydata()), [[1, 0.7]])


def test_a_learning_rate_that_stays_the_same_has_no_panel_beside_others() -> None:
    still, falling = {"loss": [0.9, 0.5], "lr": [0.1, 0.1]}, {"loss": [0.9, 0.5], "lr": [0.2, 0.1]}
    for history, shown in (
        (still, ["loss"]), ({"lr": [0.1, 0.1]}, ["lr"]), (falling, ["loss", "lr"]),
        ({"a": still, "b": falling}, ["loss", "lr"]), ({"loss": [0.9, 0.5], "f1": [0.5, 0.5]}, ["loss", "f1"]),
    ):  # fmt: skip
        assert [axes.get_title(loc="left") for axes in charts.curves(history).figure.axes] == shown


def test_runs_are_told_apart_by_colour_in_the_same_panels() -> None:
    chart = charts.curves({"Adam": HISTORY, "SGD": {"loss": [0.9] * 5}})
    loss = chart.figure.axes[0]
    assert [line.get_color() for line in loss.lines] == [paper.HUES[0], paper.HUES[0], paper.HUES[1]]
    assert key(chart) == ["Adam", "SGD", "training", "validation"]
    assert repr(chart).startswith("<Chart of loss, accuracy and lr over 5 epochs")


def test_what_is_not_finite_is_a_gap_that_is_marked_and_named() -> None:
    axes = charts.curves({"loss": [0.9, math.nan, 0.8, 0.7, math.inf, math.inf]}).figure.axes[0]
    line, alone, marks = axes.lines
    assert_array_equal(np.asarray(line.get_ydata()), [0.9, np.nan, 0.8, 0.7, np.nan, np.nan])
    assert_array_equal(np.asarray(alone.get_xydata()), [[1, 0.9]])
    assert (marks.get_marker(), marks.get_color()) == ("x", theme.WRONG)
    assert_array_equal(np.asarray(marks.get_xdata()), [2, 5, 6])
    assert axes.get_title(loc="right") == "× nan in epoch 2, × inf in 2 epochs from 5"


def test_a_logarithmic_axis_marks_what_has_no_logarithm() -> None:
    axes = charts.curves({"loss": [0.9, 0.0, -1.0, 0.05]}, log=True).figure.axes[0]
    assert axes.get_yscale() == "log"
    assert axes.get_title(loc="right") == "× ≤ 0 in 2 epochs from 2"
    written = [label.get_text() for label in axes.get_yticklabels(which="both") if label.get_text()]
    assert "0.1" in written
    assert not any("$" in label for label in written)


def test_very_many_are_cut_and_the_chart_says_so() -> None:
    many = charts.curves({f"m{i}": [0.5, 0.4] for i in range(40)})
    assert len(many.figure.axes) == 12
    assert note(many) == "12 of 40 quantities are shown."
    runs = charts.curves({f"run {i}": {"loss": [0.5, 0.4]} for i in range(12)})
    assert note(runs) == "10 of 12 runs are shown."
    (line,) = panels(charts.curves({"loss": np.arange(100_000) % 7}))[0].lines
    assert len(line.get_xdata()) <= MOST_POINTS


@pytest.mark.parametrize(
    ("history", "error", "message"),
    [
        ([0.9, 0.5], TypeError, "a history maps names to a number for each epoch.*got a list"),
        ({}, ValueError, "got an empty one"),
        ({"loss": []}, ValueError, "'loss' is empty"),
        ({"loss": ["a"]}, TypeError, "'loss' must be real numbers"),
        ({"loss": [1j]}, TypeError, "must be real numbers, got complex128"),
        ({"loss": [[1, 2], [3, 4]]}, ValueError, r"must have shape \(n,\) or \(n, 1\), got \(2, 2\)"),
        ({"loss": [[1], [2, 3]]}, ValueError, "different lengths"),
        ({"loss": [1, 2], "val_loss": [1]}, ValueError, "'val_loss' has 1 epoch, 'loss' has 2: give a number for each"),
        ({"Adam": {"loss": [1]}, "loss": [1]}, TypeError, "either one history or several"),
        ({"Adam": {}}, ValueError, "curves: Adam: .* got an empty one"),
    ],
)
def test_a_history_of_another_kind_is_refused(history: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        charts.curves(history)


def test_predictions_are_lines_in_the_order_of_x_beside_points() -> None:
    chart = charts.predictions([2, 0, 1], [[4], [0], [1]], {"line": [4, 0, 2], "flat": [1, 1, 1]})
    axes = chart.figure.axes[0]
    assert_array_equal(np.asarray(axes.collections[0].get_offsets()), [[2, 4], [0, 0], [1, 1]])
    assert_array_equal(np.asarray(axes.lines[0].get_xydata()), [[0, 0], [1, 2], [2, 4]])
    assert key(chart) == ["data", "line", "flat"]


def test_what_lies_beyond_the_training_data_is_shaded() -> None:
    def shaded(trained: tuple[float, float]) -> int:
        chart = charts.predictions([0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3], trained=trained)
        assert (key(chart)[-1] == "not trained on") == bool(chart.figure.axes[0].patches)
        return len(chart.figure.axes[0].patches)

    assert [shaded((1, 2)), shaded((-5, 2)), shaded((1, 9)), shaded((-5, 9))] == [2, 1, 1, 0]


def test_a_prediction_that_is_not_finite_is_a_gap_and_counted() -> None:
    chart = charts.predictions([0, 1, 2], [0, 1, np.inf], [0, np.nan, 2])
    assert_array_equal(np.asarray(chart.figure.axes[0].lines[0].get_ydata()), [0, np.nan, 2])
    assert note(chart) == "data: 1 number not finite.\nprediction: 1 number not finite."


def test_a_million_points_are_thinned() -> None:
    x = np.arange(100_000)
    chart = charts.predictions(x, x, {f"model {i}": x for i in range(12)})
    assert len(panels(chart)[0].collections[0].get_offsets()) == MOST_POINTS
    assert note(chart) == "5,000 of 100,000 points are shown.\n10 of 12 predictions are shown."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], [], []), "x is empty"),
        (([0, 1], [0], [0, 1]), "truth must have 2 numbers, one for each x, got 1"),
        (([0, 1], [0, 1], {"a": [0]}), "'a' must have 2 numbers"),
        (([0, 1], [0, 1], {}), "got an empty mapping"),
        (([0, np.nan], [0, 1], [0, 1]), "x has numbers that are not finite"),
        (([[0, 1]], [0, 1], [0, 1]), r"x must have shape"),
    ],
)
def test_predictions_of_other_shapes_are_refused(arguments: tuple[Any, Any, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        charts.predictions(*arguments)


def test_a_range_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"trained must be a range of x, \(low, high\)"):
        charts.predictions([0, 1], [0, 1], [0, 1], trained=(2, 1))


@given(st.lists(st.floats(-10, 10) | st.just(math.nan), min_size=1, max_size=60), st.integers(2, 20))
def test_thinning_keeps_the_peaks(values: list[float], most: int) -> None:
    y = np.array(values)
    kept = peaks(y, most)
    assert len(kept) <= max(most, 2)
    assert (np.diff(kept) > 0).all()
    if np.isfinite(y).any():
        assert np.nanmin(y[kept]) == np.nanmin(y)
        assert np.nanmax(y[kept]) == np.nanmax(y)


@given(st.integers(1, 200), st.integers(2, 50))
def test_an_even_choice_has_both_ends_and_no_index_twice(count: int, most: int) -> None:
    chosen = evenly(count, most)
    assert len(chosen) == min(count, most)
    assert (chosen[0], chosen[-1]) == (0, count - 1)
    assert (np.diff(chosen) > 0).all()
