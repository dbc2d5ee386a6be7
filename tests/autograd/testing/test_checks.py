"""Few derivatives are checked one by one, many all at once, and then a false one is found by halving."""

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd.testing import check_gradients
from autograd.testing.arguments import Arguments, Point
from autograd.testing.checks import Check, checked, worst
from autograd.testing.claims import Claim, from_matrix

Array = np.ndarray[Any, np.dtype[np.float64]]


def linear(matrix: Array, claimed: Array, *, kinked: bool = False) -> list[Check]:
    """The checks of the claim that `claimed` is the derivative of `matrix` times x, or times |x|, at x = 0.5, or 0."""
    start = 0.0 if kinked else 0.5

    def results(point: Point) -> list[float]:
        found: list[float] = (matrix @ (np.abs(point) if kinked else np.array(point))).tolist()
        return found

    rows, columns = matrix.shape
    arguments = Arguments.of(results, ([start] * columns,))
    names: list[tuple[str, ...]] = [(f"f[{i}]",) for i in range(rows)]
    return list(checked(Claim(arguments, 1, names, results, partial(from_matrix, claimed, [0.0] * rows))))


def test_few_are_checked_one_by_one() -> None:
    matrix = np.arange(12.0).reshape(3, 4)
    checks = linear(matrix, matrix)
    assert [(check.row, check.column, check.count, check.verdict) for check in checks] == [
        (row, column, 1, "correct") for column in range(4) for row in range(3)
    ]


def test_of_many_results_a_sum_is_checked_for_each_number() -> None:
    matrix = np.random.default_rng(0).normal(size=(100, 5))
    checks = linear(matrix, matrix)
    assert [(check.count, check.verdict) for check in checks] == [(100, "correct")] * 5
    assert checks[0].name == "∂(sum of 100 results)/∂point[0]"


def test_of_many_numbers_all_are_moved_at_once() -> None:
    matrix = np.random.default_rng(0).normal(size=(2, 1000))
    [check] = linear(matrix, matrix)
    assert (check.count, check.verdict) == (2000, "correct")
    assert "(1,000 of 1,000)" in check.name


@given(st.integers(0, 49), st.integers(0, 299), st.sampled_from([1.01, 0.0, -1.0, np.nan, np.inf]))
@settings(max_examples=40)
def test_the_one_that_is_false_is_found(row: int, column: int, factor: float) -> None:
    matrix = np.random.default_rng(0).uniform(0.5, 1.0, size=(50, 300))
    claimed = matrix.copy()
    claimed[row, column] *= factor
    [check] = linear(matrix, claimed)
    assert check.verdict == ("wrong" if np.isfinite(factor) else "non-finite")
    assert (check.row, check.column, check.count) == (row, column, 1)


def test_choices_at_kinks_that_mix_to_something_impossible_are_no_mistake() -> None:
    matrix = np.where(np.arange(300) % 2, 1.0, -1.0)[np.newaxis]
    claimed = np.random.default_rng(1).uniform(-1.0, 1.0, size=(1, 300))
    checks = linear(matrix, claimed, kinked=True)
    assert {check.verdict for check in checks} <= {"kink", "ill-conditioned"}


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [([], "correct"), (["kink", "correct"], "kink"), (["ill-conditioned", "kink"], "ill-conditioned")],
)
def test_the_worst_verdict_counts(verdicts: list[Any], expected: str) -> None:
    assert worst(verdicts) == expected
    assert worst([*verdicts, "wrong", "non-finite"]) == "wrong"


def many(f: Any, slopes: Array, w: Array) -> list[Check]:

    return list(check_gradients(f, w, gradient=slopes).checks)


def test_a_mistake_that_only_the_whole_shows_stays_one() -> None:
    """In single precision a part may show less than the whole: what was found is not dropped."""
    w = np.random.default_rng(5).normal(size=1000)
    slopes = 2.0 * w
    slopes[700] *= 1.5
    checks = many(lambda w: float((w.astype(np.float32) ** 2).sum()), slopes, w)
    assert any(check.verdict == "wrong" for check in checks)


def test_one_kink_hides_no_mistake() -> None:
    w = np.random.default_rng(0).normal(size=300)
    w[3] = 0.0
    checks = many(lambda w: 1000.0 * abs(w[3]) + (w * w).sum(), 0.0 * w, w)
    assert [check.verdict for check in checks] == ["wrong"]


@pytest.mark.parametrize("factor", [1.01, 2.0, 0.0])
def test_many_kinks_nearby_hide_no_mistake(factor: float) -> None:
    w = np.random.default_rng(5).normal(size=1000)
    right = (w > 0.0).astype(float)
    assert {check.verdict for check in many(lambda w: np.maximum(w, 0.0).sum(), right, w)} == {"correct"}
    checks = many(lambda w: np.maximum(w, 0.0).sum(), factor * right, w)
    assert any(check.verdict == "wrong" for check in checks)


def test_where_all_numbers_stand_at_kinks_each_is_told() -> None:
    checks = many(lambda w: np.abs(w).sum(), np.full(300, 1.5), np.zeros(300))
    assert [check.verdict for check in checks] == ["wrong"]
