from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle
from numpy.testing import assert_allclose, assert_array_equal

from tests.viz.test_charts_curves import note, panels
from viz import charts, theme
from viz.charts import paper
from viz.charts.numbers import Array


def bars(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_height()]


def caption(axes: Axes) -> str:
    (text,) = axes.texts
    return text.get_text().replace("\n", " ")


def test_bars_count_the_numbers_blue_above_0_and_orange_below() -> None:
    array = np.concatenate([-np.linspace(0.1, 1, 30), np.linspace(0.1, 2, 50)])
    axes = charts.histograms({"w": array}).figure.axes[0]
    assert sum(bar.get_height() for bar in bars(axes)) == 80
    for bar in bars(axes):
        negative = bar.get_x() < -1e-9
        assert bar.get_facecolor() == to_rgba(paper.NEGATIVE if negative else paper.POSITIVE)
        inside = (array >= bar.get_x() - 1e-9) & (array < bar.get_x() + bar.get_width() - 1e-9)
        assert abs(inside.sum() - bar.get_height()) <= 1  # one may lie on the edge


def test_the_caption_has_mean_spread_zeros_and_what_is_not_finite() -> None:
    chart = charts.histograms({"relu": [[0.0, 0.0], [0.0, 4.0]], "odd": [1.0, 3.0, np.nan, np.inf, -np.inf, np.nan]})
    relu, odd = chart.figure.axes
    assert caption(relu) == "mean 1 ± 1.73, 75% zeros"
    assert sum(bar.get_height() for bar in bars(relu)) == 1
    assert caption(odd) == "mean 2 ± 1, 2 nan, 1 inf, 1 -inf"


@settings(max_examples=25, deadline=None)
@given(
    arrays(np.float64, st.integers(1, 40), elements=st.floats() | st.sampled_from([0.0, 1.0, 3.0, -2.5, 1e-310, 1e308]))
)
def test_every_number_is_in_a_bar_or_in_the_caption(array: Array) -> None:
    axes = charts.histograms({"w": array}).figure.axes[0]
    drawn = int(sum(bar.get_height() for bar in bars(axes)))
    beyond = int((np.isfinite(array) & (array != 0)).sum()) - drawn
    assert beyond >= 0
    assert (f"{beyond} farther out" in caption(axes)) == (beyond > 0)


def test_one_far_number_does_not_make_all_others_one_bar() -> None:
    axes = charts.histograms({"w": np.append(np.linspace(-1, 1, 999), 1e6)}).figure.axes[0]
    assert len(bars(axes)) > 20
    assert caption(axes).endswith("1 farther out")


def test_panels_share_their_axis_where_that_can_be_read() -> None:
    numbers = np.linspace(-1, 1, 100)
    shared = charts.histograms({"a": numbers, "b": 2 * numbers})
    assert shared.figure.axes[0].get_xlim() == shared.figure.axes[1].get_xlim()
    assert note(shared) == "All panels have the same axis across."
    own = charts.histograms({"a": numbers, "b": numbers / 1000})
    assert own.figure.axes[0].get_xlim()[1] > 100 * own.figure.axes[1].get_xlim()[1]
    assert note(own) == "Each panel has an axis of its own."


def test_of_very_many_layers_some_are_shown_evenly() -> None:
    chart = charts.histograms({f"layer {i}": [1.0, 2.0] for i in range(40)})
    titles = [axes.get_title(loc="left") for axes in chart.figure.axes]
    assert len(titles) == 24
    assert (titles[0], titles[-1]) == ("layer 0", "layer 39")
    assert note(chart).endswith("24 of 40 arrays are shown, evenly chosen.")


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        ({}, ValueError, "got an empty one"),
        ([[1.0]], TypeError, "a mapping of names.*got a list"),
        ({"w": []}, ValueError, "'w' is empty"),
        ({"w": ["a"]}, TypeError, "'w' must be real numbers"),
        ({"w": None}, TypeError, "'w' must be real numbers, got the NoneType None"),
    ],
)
def test_what_has_no_histogram_is_refused(data: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        charts.histograms(data)


def pixels(chart: charts.Chart) -> list[Array]:
    """The colours of each image, as they are drawn."""
    return [image.to_rgba(image.get_array())[..., :3] for axes in panels(chart) for image in axes.images]


@pytest.mark.parametrize(
    ("array", "shape", "sizes"),
    [
        (np.ones((4, 6)), None, [(4, 6)]),
        ([[0, 1], [1, 0]], None, [(2, 2)]),
        (np.ones((5, 4, 6)), None, [(4, 6)] * 5),
        (np.ones((3, 24)), (4, 6), [(4, 6)] * 3),
        (np.ones((3, 72)), (3, 4, 6), [(4, 6)] * 3),
        (-np.ones((2, 3, 4, 6)), None, [(4, 6)] * 6),
        (np.ones((2, 3, 4, 6)), None, [(4, 6)] * 2),
        (np.ones((2, 4, 6, 3)), None, [(4, 6)] * 2),
        (np.ones((2, 5, 4, 6)), None, [(4, 6)] * 10),
        ([np.ones((4, 6)), np.ones((1, 2, 2)), np.ones((7, 5, 3))], None, [(4, 6), (2, 2), (7, 5)]),
    ],
)
def test_arrays_are_read_as_images(array: Any, shape: Any, sizes: list[tuple[int, int]]) -> None:
    assert [image.shape[:2] for image in pixels(charts.images(array, shape=shape))][: len(sizes)] == sizes


def test_weights_are_blue_and_orange_on_one_scale_symmetric_about_0() -> None:
    chart = charts.images([[[2.0, -1.0]], [[0.0, -2.0]]])
    (positive, negative), (zero, strongest) = (image[0] for image in pixels(chart)[:2])
    assert positive[2] > positive[0]
    assert negative[0] > negative[2]
    assert strongest.sum() < negative.sum()
    assert_allclose(zero, 1.0, atol=0.01)
    assert chart.figure.axes[-1].get_ylim() == (-2, 2)  # the scale beside them


def test_filters_have_a_row_for_each_output() -> None:
    chart = charts.images(np.random.default_rng(0).normal(size=(2, 5, 3, 3)))
    heights = [round(axes.get_position().y0, 3) for axes in panels(chart) if axes.images]
    assert len(set(heights[:5])) == len(set(heights[5:])) == 1
    assert heights[0] > heights[5]


@pytest.mark.parametrize(("largest", "white"), [(1.0, 1.0), (0.5, 1.0), (16.0, 16.0), (255.0, 255.0)])
def test_pictures_in_grey_go_from_black_to_white(largest: float, white: float) -> None:
    chart = charts.images([[[0.0, largest]]])
    assert_allclose(pixels(chart)[0][0], [[0.0] * 3, [largest / white] * 3], atol=0.01)
    assert note(chart) == ("White is 16." if largest == 16 else "")


def test_colours_are_those_of_the_picture() -> None:
    picture = np.zeros((3, 2, 2))
    picture[0] = 255.0
    picture[2, 0, 0] = 51.0
    (drawn,) = pixels(charts.images([picture]))
    assert_allclose(drawn[1, 1], [1, 0, 0])
    assert_allclose(drawn[0, 0], [1, 0, 0.2])


def test_what_is_not_finite_is_pink_and_counted() -> None:
    for array in (np.array([[1.0, np.nan]]), np.array([[-1.0, np.inf]]), np.ones((1, 2, 3)) * [[[1], [np.nan]]]):
        chart = charts.images([array])
        assert_allclose(pixels(chart)[0][0, 1], to_rgba(theme.WRONG)[:3])
        assert note(chart).startswith("Pink: ")


def test_titles_stand_over_their_images() -> None:
    chart = charts.images(np.ones((3, 2, 2)), ["4 → 9", 7, "$a$"], columns=2)
    assert [axes.get_title(loc="center") for axes in chart.figure.axes] == ["4 → 9", "7", r"\$a\$"]
    tops = [axes.get_position().y1 for axes in chart.figure.axes]
    assert_array_equal(np.array(tops) > tops[2] + 0.1, [True, True, False])


@pytest.mark.parametrize(
    ("count", "shape", "columns", "titled"),
    [(40, (28, 28), 8, True), (2, (64, 64), None, True), (1, (5, 5), None, False), (100, (8, 8), 10, True)],
)
def test_the_images_fill_the_chart(count: int, shape: tuple[int, int], columns: int | None, titled: bool) -> None:
    titles = ["4 → 9"] * count if titled else None
    figure = charts.images(np.ones((count, *shape)), titles, columns=columns).figure
    renderer: Any = figure._get_renderer()  # type: ignore[attr-defined]
    boxes: list[Any] = [panel.get_tightbbox(renderer) for panel in figure.axes]
    left, right = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
    low, high = min(box.y0 for box in boxes), max(box.y1 for box in boxes)
    width, height = figure.bbox.width, figure.bbox.height
    assert all(empty < 0.15 * figure.dpi for empty in (left, width - right, low, height - high))


def test_of_very_many_the_first_are_shown() -> None:
    chart = charts.images(np.ones((400, 2, 2)))
    assert len(chart.figure.axes) == 100
    assert note(chart) == "100 of 400 images are shown."


@pytest.mark.parametrize(
    ("array", "options", "error", "message"),
    [
        ([], {}, ValueError, "is empty"),
        ([1.0, 2.0], {}, ValueError, r"shape \(2,\) is neither an image nor several"),
        (np.ones((1, 1, 1, 1, 1)), {}, ValueError, "neither an image nor several"),
        ([np.ones((4, 6, 2))], {}, ValueError, r"image 0 must have shape .* got \(4, 6, 2\)"),
        ([-np.ones((4, 6, 3))], {}, ValueError, "must not have negative numbers"),
        (np.ones((3, 25)), {"shape": (4, 6)}, ValueError, r"rows of shape \(4, 6\) make a matrix \(n, 24\)"),
        (np.ones((3, 2, 2)), {"titles": ["a"]}, ValueError, "1 title for 3 images: give one each"),
        (np.ones((3, 2, 2)), {"columns": 0}, ValueError, "columns must be at least 1, got 0"),
        ([["a", "b"]], {}, TypeError, "must be real numbers"),
    ],
)
def test_what_is_no_image_is_refused(array: Any, options: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        charts.images(array, **options)
