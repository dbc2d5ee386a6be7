"""Results are those of IEEE 754, with a warning at the caller's line; detect_anomaly turns the first into an error."""

import math
import warnings
from collections.abc import Callable
from inspect import currentframe
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import NonFiniteError, NonFiniteWarning, Value, contributions, detect_anomaly

NAN, INF = math.nan, math.inf
BIG = 1e308

# A call on x, the number x holds, the result, and the warning.
CASES: list[tuple[Callable[[Any], Any], float, float, str]] = [
    (lambda x: x.log(), 0.0, -INF, "log(x) is -inf at x = 0.0"),
    (lambda x: autograd.log(x), -1.0, NAN, "log(x) is nan at x = -1.0"),
    (lambda x: autograd.sqrt(x), -4.0, NAN, "sqrt(x) is nan at x = -4.0"),
    (lambda x: np.exp(x), 1000.0, INF, "exp(x) is inf at x = 1000.0"),
    (lambda x: 1 / x, 0.0, INF, "div(1, x) is inf at x = 0.0"),
    (lambda x: 1 / x, -0.0, -INF, "div(1, x) is -inf at x = -0.0"),
    (lambda x: x / 0, -2.0, -INF, "div(x, 0) is -inf at x = -2.0"),
    (lambda x: x / x, 0.0, NAN, "div(x, x) is nan at x = 0.0"),
    (lambda x: x * 10, BIG, INF, "mul(x, 10) is inf at x = 1e+308"),
    (lambda x: x + x, BIG, INF, "add(x, x) is inf at x = 1e+308"),
    (lambda x: -x - BIG, BIG, -INF, "sub(-1e+308, 1e+308) is -inf"),
    (lambda x: x % 0, 1.0, NAN, "remainder(x, 0) is nan at x = 1.0"),
    (lambda x: x**0.5, -1.0, NAN, "pow(x, 0.5) is nan at x = -1.0"),
    (lambda x: x**-1, 0.0, INF, "pow(x, -1) is inf at x = 0.0"),
    (lambda x: 10**x, 400.0, INF, "pow(10, x) is inf at x = 400.0"),
    (lambda x: x.tanh().atanh(), 50.0, INF, "atanh(1) is inf"),
    (lambda x: autograd.sum([x, x, 1, x]), BIG, INF, "sum(x, x, 1, …) is inf at x = 1e+308"),
    (lambda x: autograd.asin(Value(2.0)) + x, 1.0, NAN, "asin(2) is nan"),
]


@pytest.mark.parametrize(("call", "at", "result", "words"), CASES, ids=[words for *_, words in CASES])
def test_a_result_beyond_the_floats_is_ieee_s_and_a_warning_names_operation_and_operand(
    call: Callable[[Any], Any], at: float, result: float, words: str
) -> None:
    x = Value(at, "x")
    with pytest.warns(NonFiniteWarning) as caught:
        y = call(x)
    assert repr(y.data) == repr(result)
    assert [(str(warning.message), warning.filename) for warning in caught] == [(words, __file__)]
    with detect_anomaly(), pytest.raises(NonFiniteError, match="look at where that operand came from") as error:
        call(x)
    assert str(error.value).startswith(words)


def test_the_warning_is_shown_at_the_caller_s_line() -> None:
    x: Any = Value(0.0)
    frame: Any = currentframe()
    lines = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        lines.append(frame.f_lineno + 1)
        _ = 1 / x
        lines.append(frame.f_lineno + 1)
        x.log()
        lines.append(frame.f_lineno + 1)
        autograd.log(x)
        lines.append(frame.f_lineno + 1)
        np.log(x)
        lines.append(frame.f_lineno + 1)
        autograd.logsumexp([x, Value(INF) - 1, Value(BIG) * 10])
        lines.append(frame.f_lineno + 1)
        autograd.grad(autograd.log)(0.0)
    assert [(warning.filename, warning.lineno) for warning in caught] == [(__file__, line) for line in lines]
    assert issubclass(NonFiniteWarning, RuntimeWarning)


def test_non_finite_operands_pass_on_in_silence() -> None:
    infinity, nan = Value(INF), Value(NAN)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (infinity + 1).data == INF
        assert math.isnan((infinity - infinity).data)
        assert math.isnan((nan * 2.0).data)
        assert autograd.exp(-infinity).data == 0.0
        assert autograd.sum([nan, 1.0, 2.0]).op is autograd.registry["sum"]


def test_backward_passes_on_non_finite_derivatives_in_silence() -> None:
    x = Value(0.0)
    y = autograd.sqrt(x)
    y.backward()
    assert (y.data, y.partials, x.grad) == (0.0, (INF,), INF)
    (y * 0.0).backward()
    assert x.grad is not None
    assert math.isnan(x.grad)


@pytest.mark.parametrize("number", [INF, -INF, NAN])
def test_detect_anomaly_raises_for_every_non_finite_result(number: float) -> None:
    x = Value(number, "x")
    with detect_anomaly():
        calls: list[Callable[[], Value]] = [
            lambda: x + 1.0,
            lambda: 1.0 + x,
            lambda: x * x,
            lambda: -x,
            lambda: autograd.mean([1.0, x]),
        ]
        for call in calls:
            with pytest.raises(NonFiniteError, match=f"x = {number}"):
                call()
        assert (Value(2.0) * 3).data == 6.0


def test_detect_anomaly_names_the_edge_on_which_a_gradient_is_lost_and_writes_nothing() -> None:
    x = Value(0.0, "x")
    loss = x * 1.0
    loss = loss + x.sqrt()
    x.grad, loss.grad = 7.0, 8.0
    with detect_anomaly(), pytest.raises(NonFiniteError) as error:
        loss.backward()
    message = str(error.value)
    assert message == (
        "the gradient that Value(0.0, op=sqrt) passes to its operand Value(0.0, label='x', grad=7.0) is 1.0 · inf = inf"
    )
    assert (x.grad, loss.grad, loss.parents[0].grad) == (7.0, 8.0, None)


def test_detect_anomaly_sees_a_sum_of_gradients_overflow() -> None:
    x = Value(0.5, "x")
    loss = x * BIG + x * BIG
    with (
        detect_anomaly(),
        pytest.raises(NonFiniteError, match=r"the gradient of Value\(0\.5, label='x'\) is 1e\+308 \+ 1e\+308 = inf"),
    ):
        loss.backward()
    assert x.grad is None
    assert sum(step.product for step in contributions(loss) if step.parent is x) == INF


def test_detect_anomaly_reaches_gradients_that_are_graphs() -> None:
    x = Value(0.0, "x")
    y = x.sqrt()
    with detect_anomaly(), pytest.raises(NonFiniteError, match="div"):
        y.gradient(x)


def test_detect_anomaly_ends_with_its_block_and_works_as_a_decorator() -> None:
    x = Value(INF)
    with detect_anomaly():
        pass
    assert (x + 1).data == INF

    @detect_anomaly()
    def doubled() -> Any:
        return x * 2

    with pytest.raises(NonFiniteError):
        doubled()
    assert (x * 2).data == INF


def test_detect_anomaly_and_no_grad_go_together() -> None:
    x = Value(0.0, "x")
    with detect_anomaly(), autograd.no_grad():
        assert (x + 1).parents == ()
        with pytest.raises(NonFiniteError):
            x.log()
    with autograd.no_grad(), pytest.warns(NonFiniteWarning):
        assert x.log().parents == ()
