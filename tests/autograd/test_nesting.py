"""Derivatives inside derivatives: no variable of one is taken for a variable of another."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, grad, hessian, jacobian, value_and_grad

SMALL = st.integers(-4, 4).map(float)


@given(SMALL)
def test_perturbations_are_not_confused(x: float) -> None:
    # Siskind and Pearlmutter: Perturbation Confusion and Referential Transparency (2005). d/dx of x·(d/dy of (x + y)).
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(x) == 1.0
    assert grad(lambda x: x * grad(lambda y: x * y)(2.0))(x) == 2 * x
    assert grad(lambda x: grad(lambda y: x * x * y * y)(x))(x) == 6 * x**2  # d/dx of 2·x²·y at y = x
    assert grad(lambda x: grad(lambda y: x * y)(3.0) * grad(lambda x: x**3)(x))(x) == 9 * x**2


@given(SMALL, SMALL)
def test_an_inner_derivative_at_an_outer_variable_is_differentiated_through(x: float, y: float) -> None:
    assert grad(lambda x: grad(lambda v: v**3)(x * x))(x) == 3 * 4 * x**3  # d/dx of 3·(x²)²
    assert grad(lambda x: grad(lambda v: v * x)(7.0))(x) == 1.0
    assert grad(lambda a, b: grad(lambda c: a * b * c * c)(a), (0, 1))(x, y) == (4 * x * y, 2 * x**2)


def test_three_levels_mix() -> None:
    def outer(x: Any) -> Any:
        return grad(lambda y: grad(lambda z: x**2 * y**3 * z**4)(x * y))(x)

    # d/dz = 4·x²y³z³ at z = xy is 4·x⁵y⁶; d/dy of that is 24·x⁵y⁵, at y = x 24·x¹⁰
    assert outer(2.0) == 24 * 2.0**10
    assert grad(outer)(2.0) == 240 * 2.0**9


def test_a_swap_of_derivatives_changes_nothing() -> None:
    def f(x: Any, y: Any) -> Any:
        return x**3 * y**2

    xy = grad(lambda y: grad(lambda x: f(x, y))(2.0))(5.0)
    yx = grad(lambda x: grad(lambda y: f(x, y))(5.0))(2.0)
    assert xy == yx == 3 * 4.0 * 2 * 5.0


@given(st.integers(0, 5), SMALL)
def test_grad_nests_to_any_order(order: int, x: float) -> None:
    def power(x: Any) -> Any:
        return x**5

    derivative, expected = power, 1.0
    for i in range(order):
        derivative, expected = grad(derivative), expected * (5 - i)
    assert derivative(x) == expected * x ** (5 - order)


def test_the_forms_mix() -> None:
    def f(v: Any) -> Any:
        return v[0] ** 2 * v[1] ** 3

    x = [2.0, 3.0]
    assert jacobian(grad(f))(x) == hessian(f)(x) == [[54.0, 108.0], [108.0, 72.0]]
    assert jacobian(lambda v: value_and_grad(f)(v))(x) == ([108.0, 108.0], [[54.0, 108.0], [108.0, 72.0]])
    third = jacobian(hessian(f))(x)
    assert third == [[[0.0, 54.0], [54.0, 72.0]], [[54.0, 72.0], [72.0, 24.0]]]
    assert grad(lambda v: autograd.sum(hessian(f)(v)[0]))(x) == [54.0, 54.0 + 72.0]


def test_a_captured_variable_of_the_caller_is_a_constant_and_gets_no_gradient() -> None:
    w = Value(3.0, "w")
    result = grad(lambda x: w * x * x)(2.0)
    assert (result, type(result), w.grad) == (12.0, float, None)


def test_given_values_the_gradient_is_values_which_flow_on() -> None:
    x, w = Value(2.0, "x"), Value(3.0, "w")
    slope = grad(lambda v: w * v**3)(x)
    assert isinstance(slope, Value)
    slope.backward()
    assert (slope.data, x.grad, w.grad) == (36.0, 36.0, 12.0)
    value, slopes = value_and_grad(lambda v: v[0] * v[1])([x, 5.0])
    assert [type(number) for number in (value, *slopes)] == [Value, Value, Value]
    assert [number.data for number in (value, *slopes)] == [10.0, 5.0, 2.0]


def test_the_argument_used_by_another_way_is_a_constant_there() -> None:
    x = Value(3.0)
    assert grad(lambda v: v * x)(x).data == 3.0
    assert grad(lambda x: grad(lambda v: v * x)(x))(3.0) == 1.0


def test_grad_leaves_no_gradients_behind() -> None:
    x, w = Value(2.0), Value(3.0)
    product = x * w
    product.grad = 99.0
    grad(lambda v: v * product)(x)
    hessian(lambda v: v[0] * v[1] * product)([x, w])
    assert (x.grad, w.grad, product.grad) == (None, None, 99.0)


def test_a_variable_that_outlives_its_call_is_an_ordinary_value() -> None:
    kept: list[Any] = []

    def f(x: Any) -> Any:
        kept.append(x)
        return x * x

    assert grad(f)(2.0) == 4.0
    result = grad(lambda y: y * kept[0])(3.0)
    assert (result, type(result)) == (2.0, float)


def test_a_function_that_fails_leaves_nothing_behind() -> None:
    def fails(x: Any) -> Any:
        raise KeyError(repr(x))

    with pytest.raises(KeyError):
        grad(lambda x: x * grad(fails)(x))(1.0)
    result = grad(lambda x: x * 2)(1.0)
    assert (result, type(result)) == (2.0, float)


def test_newton_s_method_is_differentiated_through() -> None:
    def root(a: Any) -> Any:  # of x² = a
        x: Any = 1.0
        for _ in range(8):
            x = x - (x * x - a) / (grad(lambda v: v * v)(x))
        return x

    assert root(2.0) == pytest.approx(2**0.5)
    assert grad(root)(2.0) == pytest.approx(0.5 / 2**0.5)
    assert grad(grad(root))(2.0) == pytest.approx(-0.25 / 2**1.5)
