"""Metrics are scikit-learn's, in whatever form the outputs come; what could be read wrongly is an error."""

import functools
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn import metrics as theirs

from autograd import Tensor, Value
from nn.metrics import (
    accuracy,
    confusion_matrix,
    f1,
    mean_absolute_error,
    mean_squared_error,
    precision,
    r2_score,
    recall,
    root_mean_squared_error,
)

Array = np.ndarray[Any, Any]
Metric = Callable[..., Any]
RATIOS = {precision: theirs.precision_score, recall: theirs.recall_score, f1: theirs.f1_score}
ERRORS = {
    mean_squared_error: theirs.mean_squared_error,
    root_mean_squared_error: theirs.root_mean_squared_error,
    mean_absolute_error: theirs.mean_absolute_error,
    r2_score: theirs.r2_score,
}
OF_CLASSES: list[Metric] = [accuracy, confusion_matrix, *RATIOS]
EVERY: list[Metric] = [*OF_CLASSES, *ERRORS]


@st.composite
def classes(draw: st.DrawFn, count: st.SearchStrategy[int] = st.integers(1, 6)) -> tuple[Array, Array]:  # noqa: B008
    """Predicted and actual classes of the same rows."""
    labels, rows = st.integers(0, draw(count) - 1), draw(st.integers(1, 30))
    return draw(arrays.arrays(int, rows, elements=labels)), draw(arrays.arrays(int, rows, elements=labels))


@given(classes())
def test_of_classes_accuracy_and_confusion_are_scikit_learns(pair: tuple[Array, Array]) -> None:
    predicted, actual = pair
    labels = range(6)
    assert accuracy(predicted, actual) == theirs.accuracy_score(actual, predicted)
    expected = theirs.confusion_matrix(actual, predicted, labels=labels)
    assert (confusion_matrix(predicted, actual, labels) == expected).all()
    assert (confusion_matrix(predicted, actual, labels[::-1]) == expected[::-1, ::-1]).all()
    occurring = np.union1d(predicted, actual)
    assert (confusion_matrix(predicted, actual) == expected[np.ix_(occurring, occurring)]).all()


@pytest.mark.parametrize("ours", RATIOS)
@given(pair=classes())
@settings(max_examples=40)
def test_by_class_and_on_average_ratios_are_scikit_learns(ours: Metric, pair: tuple[Array, Array]) -> None:
    predicted, actual = pair
    for average in (None, "macro"):
        expected = RATIOS[ours](actual, predicted, average=average, zero_division=0)
        np.testing.assert_allclose(ours(predicted, actual, average=average), expected, rtol=1e-12)


@pytest.mark.parametrize("ours", RATIOS)
@pytest.mark.parametrize("negative", [0, -1])
@given(pair=classes(st.just(2)))
def test_of_two_classes_ratios_are_those_of_class_1(ours: Metric, negative: int, pair: tuple[Array, Array]) -> None:
    predicted, actual = (np.where(x, 1, negative) for x in pair)
    expected = RATIOS[ours](*pair[::-1], zero_division=0)
    assert ours(predicted, actual) == pytest.approx(expected, rel=1e-12)
    assert type(ours(predicted, actual)) is float


@pytest.mark.parametrize("metric", OF_CLASSES)
@given(pair=classes(st.integers(2, 5)), seed=st.integers(0, 100))
@settings(max_examples=25)
def test_a_column_of_scores_for_each_class_means_the_highest(
    metric: Metric, pair: tuple[Array, Array], seed: int
) -> None:
    actual = pair[1]
    scores = np.random.default_rng(seed).normal(size=(len(actual), 5))
    metric = metric if metric not in RATIOS else functools.partial(metric, average="macro")
    options = {"classes": range(5)} if metric is confusion_matrix else {}
    expected = metric(scores.argmax(axis=1), actual, **options)
    one_hot = np.eye(5)[actual]
    for outputs in (scores, scores.astype(np.float32), Tensor(scores), scores.tolist(), np.exp(scores)):
        for targets in (actual, actual.astype(float), actual[:, None], one_hot, one_hot.astype(int), Tensor(one_hot)):
            assert np.array_equal(metric(outputs, targets), expected)


@pytest.mark.parametrize("metric", OF_CLASSES)
@pytest.mark.parametrize("negative", [0, -1])
@given(pair=classes(st.just(2)), seed=st.integers(0, 100))
@settings(max_examples=25)
def test_one_score_for_each_row_is_held_against_the_threshold(
    metric: Metric, negative: int, pair: tuple[Array, Array], seed: int
) -> None:
    actual = np.where(pair[1], 1, negative)
    assume(negative in actual)  # else nothing tells 0 and 1 from -1 and 1
    logits = np.random.default_rng(seed).normal(size=len(actual))
    probabilities = 1.0 / (1.0 + np.exp(-logits))
    expected = metric(np.where(logits > 0, 1, negative), actual)
    for targets in (actual, actual.astype(np.float32), actual[:, None], Tensor(actual[:, None]), actual.tolist()):
        for form in (np.asarray, Tensor, np.ndarray.tolist, lambda x: x[:, None], lambda x: Tensor(x[:, None])):
            assert np.array_equal(metric(form(logits), targets, threshold=0), expected)
            assert np.array_equal(metric(form(probabilities), targets), expected)
            assert np.array_equal(metric(form(probabilities), targets, threshold=0.5), expected)
        assert np.array_equal(metric([Value(x) for x in logits], targets, threshold=0), expected)
        assert np.array_equal(metric(logits > 0, targets), expected)
        assert np.array_equal(metric((logits > 0)[:, None], targets), expected)


def test_a_score_on_the_threshold_is_not_above_it() -> None:
    assert accuracy([0.5, 0.0], [0, 0]) == 1.0
    assert accuracy([0.0, -0.1], [-1, -1], threshold=0) == 1.0


def test_whole_numbers_are_scores_if_a_threshold_is_given() -> None:
    assert accuracy([-3, 7], [-1, 1], threshold=0) == 1.0


def test_the_columns_are_the_classes_of_the_table_also_those_that_do_not_occur() -> None:
    assert confusion_matrix(np.eye(4)[[0, 0, 2]], [0, 0, 2]).tolist() == np.diag([2, 0, 1, 0]).tolist()
    assert precision(np.eye(4)[[0, 0, 2]], [0, 0, 2], average=None).tolist() == [1.0, 0.0, 1.0, 0.0]
    assert precision(np.eye(4)[[0, 0, 2]], [0, 0, 2], average="macro") == 1.0


numbers = st.floats(-100, 100).map(lambda x: round(x, 3))


@st.composite
def columns(draw: st.DrawFn) -> tuple[Array, Array]:
    """Outputs and targets, of one column or several."""
    shape = (draw(st.integers(2, 8)), *draw(st.sampled_from([(), (1,), (3,)])))
    return draw(arrays.arrays(float, shape, elements=numbers)), draw(arrays.arrays(float, shape, elements=numbers))


@pytest.mark.parametrize("ours", ERRORS)
@given(pair=columns())
@settings(max_examples=40)
def test_errors_are_scikit_learns(ours: Metric, pair: tuple[Array, Array]) -> None:
    x, y = pair
    for targets in (y, np.zeros_like(y), x):  # also targets that are all the same, and outputs without an error
        expected = ERRORS[ours](targets, x)
        for form in (np.asarray, Tensor, np.ndarray.tolist):
            assert ours(form(x), form(targets)) == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert type(ours(x, y)) is float


@pytest.mark.parametrize("ours", ERRORS)
@given(pair=columns())
@settings(max_examples=40)
def test_a_column_counts_as_its_numbers_and_is_never_spread_out(ours: Metric, pair: tuple[Array, Array]) -> None:
    x, y = (z.reshape(-1) for z in pair)
    assert ours(x[:, None], y) == ours(x, y[:, None]) == ours(x[:, None], y[:, None]) == ours(x, y)


@pytest.mark.parametrize("ours", ERRORS)
def test_an_error_of_nan_is_nan(ours: Metric) -> None:
    assert np.isnan(ours([1.0, np.nan], [1.0, 2.0]))
    assert np.isnan(ours([1.0, 2.0], [1.0, np.nan]))


def test_images_count_as_rows_of_pixels() -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 5, 3, 4))
    for ours, expected in ERRORS.items():
        assert ours(x, y) == pytest.approx(expected(y.reshape(5, -1), x.reshape(5, -1)))


@pytest.mark.parametrize("metric", EVERY)
@pytest.mark.parametrize(
    ("outputs", "targets"),
    [
        (np.zeros(3), np.zeros(4)), (np.zeros((3, 1)), np.zeros(4)), (np.zeros((1, 3)), np.zeros(3)),
        (np.zeros(3), np.zeros((1, 3))), (np.zeros((3, 2)), np.zeros((3, 3))), (np.zeros(()), np.zeros(())),
        (np.zeros(3), np.zeros(())), (np.zeros(()), np.zeros(3)), (np.zeros((3, 1, 1)), np.zeros(3)),
    ],
)  # fmt: skip
def test_shapes_that_do_not_fit_are_errors_and_never_spread_out(metric: Metric, outputs: Array, targets: Array) -> None:
    with pytest.raises(ValueError, match=rf"^{metric.__name__}: .*\("):
        metric(outputs, targets)


@pytest.mark.parametrize("metric", EVERY)
@pytest.mark.parametrize("shape", [(0,), (0, 1), (0, 3), (3, 0)])
def test_nothing_is_an_error(metric: Metric, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=rf"^{metric.__name__}: there are no outputs, their shape is "):
        metric(np.zeros(shape), np.zeros(shape))


@pytest.mark.parametrize("metric", EVERY)
def test_texts_are_a_type_error(metric: Metric) -> None:
    with pytest.raises(TypeError, match="outputs: expected numbers"):
        metric(["cat", "dog"], [0, 1])
    with pytest.raises(TypeError, match="targets: expected numbers"):
        metric([0, 1], ["cat", "dog"])


@pytest.mark.parametrize("metric", OF_CLASSES)
@pytest.mark.parametrize(
    ("outputs", "targets", "words"),
    [
        ([0.2, 1.4], [0, 1], "outputs from 0.2 to 1.4 are no probabilities; give threshold=0"),
        ([-0.2, 0.4], [0, 1], "outputs from -0.2 to 0.4 are no probabilities; give threshold=0"),
        ([0.0, 1.0, 2.0], [0, 1, 2], "one float64 in a row tells two classes apart, .* the target 2; give classes as"),
        ([0.0, 1.0, 1.0], [-1, 0, 1], "one float64 in a row tells two classes apart, .* the target 0; give classes as"),
        ([True, False], [2, 1], "one bool in a row tells two classes apart"),
        ([0, 1, 1], [-1, 1, 1], "the targets are -1 and 1, and the outputs 0 and 1"),
        ([-1, 1, 1], [0, 1, 1], "the targets are 0 and 1, and the outputs -1 and 1"),
        ([0, 0], [-1, -1], "the targets are -1 and 1, and the outputs 0 and 1"),
        ([[0.1, 0.9], [0.2, 0.8]], [-1, 1], "outputs of 2 columns are for targets from 0 up; got targets from -1 to 1"),
        ([[0.1, 0.9], [0.2, 0.8]], [1, 2], "outputs of 2 columns are for targets from 0 up; got targets from 1 to 2"),
        ([0.3, np.nan], [0, 1], "the outputs hold NaN, first in row 1"),
        ([[0.3, 0.1], [0.1, 0.2], [np.nan, 1]], [0, 1, 1], "the outputs hold NaN, first in row 2"),
        ([0.3, 0.4], [0.0, 0.5], "targets are classes, whole numbers; got 0.5"),
        ([0.3, 0.4], [1.0, np.nan], "targets are classes, whole numbers; got nan"),
        ([0.3, 0.4], [1.0, np.inf], "targets are classes, whole numbers; got inf"),
        ([[0.3, 0.4]], [[1, 1]], "rows like the outputs' .* with a single 1"),
        ([[0.3, 0.4]], [[0, 2]], "rows like the outputs' .* with a single 1"),
        ([[0.3, 0.4, 0.1]], [[1, 0]], "rows like the outputs' .* with a single 1"),
        (np.zeros((2, 3, 4)), [0, 1], r"takes outputs \(n, classes\), or \(n,\) with a threshold; got the shape"),
    ],
)
def test_what_could_be_read_wrongly_is_an_error(metric: Metric, outputs: Any, targets: Any, words: str) -> None:
    with pytest.raises(ValueError, match=f"^{metric.__name__}: .*{words}"):
        metric(outputs, targets)


def test_a_threshold_has_no_meaning_for_a_column_for_each_class() -> None:
    with pytest.raises(ValueError, match=r"or .* with a threshold; got the shape .* and threshold=0"):
        accuracy(np.zeros((2, 2)), [0, 1], threshold=0)


@pytest.mark.parametrize("classes", [[0, 1], [5, 0], [2]])
def test_a_class_that_is_not_among_those_of_the_table_is_an_error(classes: list[int]) -> None:
    with pytest.raises(ValueError, match=r"the class \d is not among classes="):
        confusion_matrix([0, 1, 2], [0, 2, 1], classes)


@pytest.mark.parametrize("ratio", RATIOS)
def test_the_ratio_of_more_than_two_classes_must_be_asked_for_by_class_or_on_average(ratio: Metric) -> None:
    with pytest.raises(ValueError, match=r"there are the classes \[0, 1, 2\]; give average='macro'"):
        ratio([0, 1, 2], [0, 2, 1])
    with pytest.raises(ValueError, match="average must be 'binary', 'macro' or None, got 'micro'"):
        ratio([0, 1, 2], [0, 2, 1], average="micro")


def test_a_single_row_has_no_r2() -> None:
    with pytest.raises(ValueError, match="r2_score: a single row has no variance"):
        r2_score([1.0], [1.0])


def test_a_class_without_rows_has_the_ratio_0_and_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [ratio([0, 0], [0, 0]) for ratio in RATIOS] == [0.0, 0.0, 0.0]
