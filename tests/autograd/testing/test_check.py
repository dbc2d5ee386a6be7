"""check_gradients takes functions and gradients from anywhere, and says what is wrong with the call where it is."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import autograd
from autograd import Value, detect_anomaly, grad, no_grad
from autograd.testing import check_gradients
from autograd.testing.program import Program
from autograd.testing.strategies import expressions, programs
from tests.autograd.oracle import OPS


@given(expressions(ops=OPS.values()))
@settings(max_examples=100)
def test_random_expressions_are_right_at_first_and_second_order(expression: Program) -> None:
    check_gradients(expression, *expression.point, order=2).assert_ok()


@given(programs(ops=OPS.values(), max_nodes=8))
@settings(max_examples=50)
def test_programs_with_several_results_are_right_in_each(program: Program) -> None:
    report = check_gradients(program, *program.point)
    report.assert_ok()
    assert len(report.checks) == len(program.outputs) * len(program.point)


@given(expressions(ops=OPS.values(), max_nodes=6))
@settings(max_examples=30)
def test_a_gradient_of_ours_given_as_a_function_gets_the_same_verdicts(expression: Program) -> None:
    count = len(expression.point)
    given_ = check_gradients(expression, *expression.point, gradient=grad(expression, argnums=range(count)))
    given_.assert_ok()
    assert [check.name for check in given_.checks] == [
        check.name for check in check_gradients(expression, *expression.point).checks
    ]


@pytest.mark.parametrize("order", [1, 2, 3])
def test_each_order_has_every_derivative_in_every_combination(order: int) -> None:
    report = check_gradients(lambda x, y: autograd.tanh(x) * y**3, 0.5, 2.0, order=order)
    assert report.verdicts == ["correct", "correct"]
    assert len(report.checks) == 2 + (order > 1) * 4 + (order > 2) * 8
    assert {check.order for check in report.checks} == set(range(1, order + 1))


def test_what_is_false_at_order_3_only_is_found_there() -> None:
    from dataclasses import replace

    own = autograd.registry["exp"]

    def slope_of_slope(m: Any, x: Any, out: Any) -> Any:
        return getattr(out, "data", out)

    inner = replace(own, name="inner", partials=(slope_of_slope,))
    outer = replace(own, name="outer", partials=(lambda m, x, out: inner(x) if isinstance(x, Value) else out,))
    assert check_gradients(outer, 0.5, order=2).ok
    report = check_gradients(outer, 0.5, order=3)
    assert report.verdicts == ["wrong"]
    assert report.guilty == ["inner"]


STRUCTURES: list[tuple[Callable[..., Any], tuple[Any, ...], int]] = [
    (lambda w: w[0] * w[1], ([2.0, 3.0],), 2),
    (lambda model, x: model["w"] * x + model["b"], ({"w": 2.0, "b": 3.0}, 1.0), 3),
    (lambda w: np.sum(w * w), (np.arange(6.0).reshape(2, 3),), 6),
    (lambda w: (w @ w.T)[0, 1], (np.ones((2, 2)),), 4),
    (lambda w: np.exp(w), (np.float32(0.5),), 1),
    (lambda x: autograd.softmax([x, 2.0 * x, 1.0]), (0.3,), 3),
    (lambda x: {"a": x * x, "b": [x]}, (0.3,), 2),
    (lambda x: 3.0, (0.3,), 1),
    (lambda x: x, (3,), 1),
    (lambda x: x.tanh(), (Value(0.5),), 1),
    (lambda x, unused: x * 2.0, (0.3, []), 1),
]


@pytest.mark.parametrize(("f", "inputs", "count"), STRUCTURES)
def test_inputs_and_results_may_be_nested_and_arrays(
    f: Callable[..., Any], inputs: tuple[Any, ...], count: int
) -> None:
    report = check_gradients(f, *inputs)
    assert report.verdicts == ["correct"] * len(inputs)
    assert len(report.checks) == count


def numpy_loss(w: Any, b: Any) -> float:
    return float(np.sum(np.tanh(w * 0.5 + b) ** 2))


def numpy_gradient(w: Any, b: Any) -> tuple[Any, float]:
    t = np.tanh(w * 0.5 + b)
    return 2 * t * (1 - t * t) * 0.5, float(np.sum(2 * t * (1 - t * t)))


@pytest.mark.parametrize("shape", [(3,), (2, 3), (30, 40)])
def test_a_numpy_backward_pass(shape: tuple[int, ...]) -> None:
    w = np.random.default_rng(0).normal(size=shape)
    assert check_gradients(numpy_loss, w, 0.3, gradient=numpy_gradient).verdicts == ["correct", "correct"]
    assert check_gradients(numpy_loss, w, 0.3, gradient=numpy_gradient(w, 0.3)).verdicts == ["correct", "correct"]

    def false_in_b(w: Any, b: Any) -> Any:
        return numpy_gradient(w, b)[0], 0.99 * numpy_gradient(w, b)[1]

    assert check_gradients(numpy_loss, w, 0.3, gradient=false_in_b).verdicts == ["correct", "wrong"]


@pytest.mark.parametrize("place", [(0, 0), (17, 23), (29, 39)])
def test_one_false_number_among_a_thousand_is_found(place: tuple[int, int]) -> None:
    w = np.random.default_rng(0).normal(size=(30, 40))

    def false_in_one(w: Any, b: Any) -> Any:
        slopes, slope = numpy_gradient(w, b)
        slopes[place] += 0.1
        return slopes, slope

    report = check_gradients(numpy_loss, w, 0.3, gradient=false_in_one)
    assert report.verdicts == ["wrong", "correct"]
    assert report.checks[0].name == f"∂numpy_loss/∂w[{place[0]}, {place[1]}]"


def test_a_jacobian_from_elsewhere() -> None:
    def f(x: Any) -> Any:
        return [x[0] * x[1], x[0] ** 2]

    def jacobian(x: Any) -> Any:
        return np.array([[x[1], x[0]], [2 * x[0], 0.0]])

    report = check_gradients(f, np.array([2.0, 3.0]), gradient=jacobian)
    assert report.verdicts == ["correct"]
    assert [check.name for check in report.checks][:2] == ["∂f[0]/∂x[0]", "∂f[1]/∂x[0]"]
    assert check_gradients(f, np.array([2.0, 3.0]), gradient=lambda x: jacobian(x).T).verdicts == ["wrong"]


def test_a_function_given_values_with_a_gradient_from_elsewhere() -> None:
    report = check_gradients(lambda x: x.tanh(), Value(0.5), gradient=lambda x: 1.0 - x.tanh() ** 2)
    assert report.verdicts == ["correct"]


def test_the_function_may_change_what_it_is_given() -> None:
    def f(w: Any) -> Any:
        w[0] = w[0] * 2.0
        return w[0] * w[1]

    w = [1.0, 3.0]
    assert check_gradients(f, w).verdicts == ["correct"]
    assert w == [1.0, 3.0]


def test_values_that_are_given_keep_their_gradients() -> None:
    x = Value(2.0, "x")
    (x * x).backward()
    check_gradients(lambda x: x**3, x, order=2)
    assert (x.data, x.grad) == (2.0, 4.0)


def test_modes_of_the_caller_do_not_disturb() -> None:
    with no_grad():
        assert check_gradients(lambda x: x.log(), 1e-3).verdicts == ["correct"]
    with detect_anomaly():
        assert check_gradients(lambda x: x.log(), 1e-3).verdicts == ["correct"]


def test_a_function_may_differentiate_inside() -> None:
    def penalty(x: Any) -> Any:
        y = x**3
        return y.gradient(x) ** 2

    assert check_gradients(penalty, 1.5, order=2).verdicts == ["correct"]


def test_the_same_check_finds_the_same_numbers() -> None:
    w = np.random.default_rng(0).normal(size=(30, 40))
    first, second = (str(check_gradients(numpy_loss, w, 0.3, gradient=numpy_gradient)) for _ in range(2))
    assert first == second


def test_a_gradient_lost_in_plain_numbers_is_told_from_a_false_rule() -> None:
    report = check_gradients(lambda x, y: x * math.sin(y), 2.0, 0.3)
    assert report.verdicts == ["correct", "wrong"]
    assert report.guilty == []
    assert "The result changes with y, but its graph does not reach y" in str(report)
    report = check_gradients(lambda x: x * x.data, 2.0)
    assert report.verdicts == ["wrong"]
    assert "Every operation is right on the numbers that it was tried with" in str(report)


def test_a_function_that_is_not_the_same_twice_is_an_error() -> None:
    random = np.random.default_rng(0)
    with pytest.raises(ValueError, match="for the same inputs; make it depend on its inputs alone"):
        check_gradients(lambda x: x * random.normal(), 2.0)
    with pytest.raises(ValueError, match="for the same inputs"):
        check_gradients(lambda x: x * random.normal(), 2.0, gradient=1.0)


@pytest.mark.parametrize("x", [-800.0, math.inf, math.nan])
def test_what_overflows_on_the_way_is_not_finite(x: float) -> None:
    report = check_gradients(lambda x: 1.0 / (1.0 + autograd.exp(-x)), x)
    assert report.verdicts in (["non-finite"], ["correct"])
    assert report.guilty == []
    assert str(report)


@pytest.mark.parametrize(
    ("f", "x", "gradient"),
    [
        (lambda x: math.exp(x) - 1 - x, 1e-7, math.expm1(1e-7)),
        (lambda x: math.exp(x) - 1 - x, 3e-6, math.expm1(3e-6)),
        (lambda x: (1e14 + x * x) - 1e14, 0.3, 0.6),
        (lambda x: x * x - math.log(1 + x * x), 0.0013, 2 * 0.0013**3 / (1 + 0.0013**2)),
    ],
)
def test_where_digits_cancel_a_right_gradient_is_not_called_wrong(
    f: Callable[[float], float], x: float, gradient: float
) -> None:
    assert check_gradients(f, x, gradient=gradient).ok


def test_a_gradient_of_0_on_a_plateau_of_rounding_is_not_called_correct() -> None:
    assert check_gradients(lambda x: float(np.sin(np.float32(x))), 700.0, gradient=0.0).verdicts != ["correct"]


def test_a_check_within_a_check() -> None:
    def f(x: float) -> float:
        check_gradients(lambda y: 1e16 + y**3, 2.0, gradient=12.0).assert_ok()
        return 1e16 + x**3

    assert check_gradients(f, 2.0, gradient=12.0).verdicts == ["correct"]


def test_an_empty_input_has_no_derivatives_of_any_order() -> None:
    assert check_gradients(lambda w: np.sum(w) * 1.0, np.array([]), order=2).verdicts == ["correct"]


misused: Callable[..., Any] = check_gradients


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: misused(3.0, 1.0), TypeError, "needs a function and its inputs, got 3.0"),
        (lambda: misused(Value(3.0)), TypeError, "needs a function"),
        (lambda: check_gradients(math.sin), TypeError, "needs inputs at which to check"),
        (lambda: check_gradients(math.sin, "1"), TypeError, "check_gradients, x"),
        (lambda: check_gradients(lambda x: "no", 1.0), TypeError, "the result of f"),
        (lambda: check_gradients(lambda x: None, 1.0), TypeError, "did a function forget to return"),
        (lambda: check_gradients(lambda x: x, 1.0, order=0), ValueError, "order must be 1, 2 or 3, got 0"),
        (lambda: check_gradients(lambda x: x, 1.0, order=4), ValueError, "got 4"),
        (lambda: check_gradients(lambda x: x, 1.0, order=True), ValueError, "got True"),
        (lambda: misused(lambda x: x, 1.0, order=2.0), ValueError, "got 2.0"),
        (lambda: misused(lambda x: x, 1.0, order="2"), ValueError, "got '2'"),
        (lambda: check_gradients(lambda x: x, 1.0, gradient=1.0, order=2), ValueError, "order is 1"),
        (lambda: check_gradients(lambda x: x, 1.0, gradient=[1.0, 2.0]), ValueError, "gradient gives 2"),
        (lambda: check_gradients(lambda x: [x, x], 1.0, gradient=1.0), ValueError, "for each of the 2 results"),
        (lambda: check_gradients(lambda x: x, 1.0, gradient="1"), TypeError, "gradient"),
        (lambda: check_gradients(lambda x: [x][1], 1.0), IndexError, "out of range"),
        (lambda: check_gradients(math.sqrt, -1.0, gradient=1.0), ValueError, "math domain|nonnegative"),
    ],
)
def test_what_cannot_be_checked_is_an_error(call: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_none_is_no_gradient() -> None:
    assert check_gradients(lambda x: x**3, 2.0, gradient=None).guilty == []


def test_a_function_without_results_is_an_error() -> None:
    with pytest.raises(TypeError, match="the result of f holds no number"):
        check_gradients(lambda x: [], 1.0)
    with pytest.raises(TypeError, match="the result of f holds no number"):
        check_gradients(lambda x: {}, 1.0, gradient=1.0)
