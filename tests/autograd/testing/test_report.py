"""A report reads as a table, gives programs its verdicts, and raises with all that it knows."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import registry
from autograd.testing import GradientError, Report, check_gradients

LYING = replace(registry["tanh"], name="lying", partials=(lambda m, x, out: 1.0 - x,))
RIGHT = check_gradients(lambda x, y: x * y, 2.0, 3.0)
FALSE = check_gradients(lambda x, y: LYING(x) * y, 0.5, 3.0)
KINK = check_gradients(lambda x, y: autograd.relu(x) * y, 0.0, 3.0)
UNTOLD = check_gradients(autograd.floor, 2.0)
INFINITE = check_gradients(autograd.log, 0.0)


@pytest.mark.parametrize(
    ("report", "verdicts", "ok"),
    [
        (RIGHT, ["correct", "correct"], True),
        (FALSE, ["wrong", "correct"], False),
        (KINK, ["kink", "correct"], True),
        (UNTOLD, ["ill-conditioned"], True),
        (INFINITE, ["non-finite"], False),
    ],
)
def test_a_report_is_ok_unless_a_gradient_is_wrong_or_not_finite(report: Report, verdicts: list[str], ok: bool) -> None:
    assert report.verdicts == verdicts
    assert report.ok is ok
    if ok:
        report.assert_ok()
    else:
        with pytest.raises(AssertionError) as caught:
            report.assert_ok()
        assert isinstance(caught.value, GradientError)
        assert caught.value.report is report
        assert str(caught.value) == str(report)


def test_the_headline_says_it_all() -> None:
    headlines = [str(report).splitlines()[0] for report in (RIGHT, FALSE, KINK, UNTOLD, INFINITE)]
    assert headlines == [
        "the gradient of f is correct",
        "the gradient of f in 2 inputs: correct in 1, wrong in 1",
        "the gradient of f in 2 inputs: correct in 1, kink in 1",
        "the gradient of floor in 1 input: ill-conditioned in 1",
        "the gradient of log in 1 input: non-finite in 1",
    ]


def test_the_table_has_a_row_for_each_derivative() -> None:
    heading, *rows = str(RIGHT).splitlines()[1:]
    assert heading.split() == ["derivative", "claimed", "differences", "±", "error", "digits", "remainder", "verdict"]
    assert [row.split()[0] for row in rows] == ["∂f/∂x", "∂f/∂y"]
    assert [row.split()[1] for row in rows] == ["3", "2"]
    assert all(row.endswith("correct") for row in rows)


def test_a_kink_shows_the_slopes_on_both_sides() -> None:
    assert "kink: 0 to the left, 3 to the right" in str(KINK)


def test_the_printed_report_is_the_report() -> None:
    assert repr(FALSE) == str(FALSE)


def test_of_very_many_rows_the_worst_are_shown() -> None:
    def f(w: Any) -> Any:
        return LYING(w[100]) + autograd.sum(w)

    text = str(check_gradients(f, [0.01 * i for i in range(200)]))
    assert "∂f/∂w[100]" in text.splitlines()[2]
    assert "… 180 more, none of them worse" in text
    assert len(text.splitlines()) < 30


def test_an_input_without_numbers_is_correct() -> None:
    report = check_gradients(lambda x: 1.0, [])
    assert (report.verdicts, report.ok) == (["correct"], True)
    assert str(report) == "f has no derivatives: none of its inputs holds a number"


def test_names_of_inputs_and_function_are_shown_on_one_line() -> None:
    report = check_gradients(lambda x: x, autograd.Value(1.0, "a\nb\x1b[31m"))
    assert "\x1b" not in str(report)
    assert "a↵b" in str(report)


def test_a_report_of_a_gradient_from_elsewhere_has_no_graph() -> None:
    report = check_gradients(np.sin, 0.5, gradient=np.cos)
    assert report.roots == ()
    assert report.verdicts == ["correct"]


def test_a_slope_of_0_with_next_to_no_error_is_printed() -> None:
    assert "wrong" in str(check_gradients(lambda x: x - x, 0.0, gradient=[-1.0]))


def test_the_graphs_have_names() -> None:
    assert [FALSE.names[root] for root in FALSE.roots] == ["f"]
    assert "x" in FALSE.names.values()
