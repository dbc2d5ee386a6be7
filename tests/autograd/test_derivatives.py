"""grad, value_and_grad, jacobian and hessian of numbers against mpmath's, whatever the arguments' structure."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, grad, hessian, jacobian, no_grad, value_and_grad

Function = Callable[..., Any]
# Smooth functions of one number: as the library takes them, and as mpmath does.
SMOOTH: dict[str, tuple[Function, Function]] = {
    "x⁵ - 2x³": (lambda x: x**5 - 2 * x**3, lambda x: x**5 - 2 * x**3),
    "sin(x)·exp(-x)": (lambda x: autograd.sin(x) * autograd.exp(-x), lambda x: mpmath.sin(x) * mpmath.exp(-x)),
    "tanh(x²)": (lambda x: (x * x).tanh(), lambda x: mpmath.tanh(x * x)),
    "log(1 + x²)": (lambda x: autograd.log(1 + x * x), lambda x: mpmath.log(1 + x * x)),
    "1/(2 + cos(x))": (lambda x: 1 / (2 + autograd.cos(x)), lambda x: 1 / (2 + mpmath.cos(x))),
    "3^x": (lambda x: 3**x, lambda x: mpmath.mpf(3) ** x),
    "(2 + sin(x))^x": (lambda x: (2 + autograd.sin(x)) ** x, lambda x: (2 + mpmath.sin(x)) ** x),
    "sigmoid(x)": (autograd.sigmoid, lambda x: 1 / (1 + mpmath.exp(-x))),
    "logsumexp(x, x², 1)": (
        lambda x: autograd.logsumexp([x, x * x, 1.0]),
        lambda x: mpmath.log(mpmath.exp(x) + mpmath.exp(x * x) + mpmath.e),
    ),
}


@pytest.mark.parametrize(("f", "reference"), SMOOTH.values(), ids=SMOOTH)
@given(st.floats(-1.5, 1.5))
def test_derivatives_of_every_order_are_mpmath_s(f: Function, reference: Function, x: float) -> None:
    derivative = f
    with mpmath.workdps(60):
        expected = [float(mpmath.diff(reference, mpmath.mpf(x), order)) for order in range(5)]
    for order in range(1, 5):
        derivative = grad(derivative)
        result = derivative(x)
        assert type(result) is float
        assert result == pytest.approx(expected[order], rel=1e-9, abs=1e-9)


# Smooth functions of three numbers.
FIELDS: dict[str, tuple[Function, Function]] = {
    "x²y + sin(yz)": (
        lambda v: v[0] ** 2 * v[1] + autograd.sin(v[1] * v[2]),
        lambda x, y, z: x**2 * y + mpmath.sin(y * z),
    ),
    "tanh(x·y)/(3 + z²)": (
        lambda v: autograd.tanh(v[0] * v[1]) / (3 + v[2] ** 2),
        lambda x, y, z: mpmath.tanh(x * y) / (3 + z**2),
    ),
    "softmax(x, y, z)·(1, 2, 3)": (
        lambda v: autograd.dot(autograd.softmax(v), [1.0, 2.0, 3.0]),
        lambda x, y, z: (
            (mpmath.exp(x) + 2 * mpmath.exp(y) + 3 * mpmath.exp(z)) / (mpmath.exp(x) + mpmath.exp(y) + mpmath.exp(z))
        ),
    ),
}
POINTS = st.tuples(*[st.integers(-8, 8).map(lambda n: n / 8 + 1 / 64)] * 3)


@pytest.mark.parametrize(("f", "reference"), FIELDS.values(), ids=FIELDS)
@settings(max_examples=40)
@given(POINTS)
def test_gradient_and_hessian_are_mpmath_s_and_the_hessian_is_symmetric(
    f: Function, reference: Function, point: tuple[float, float, float]
) -> None:
    units = [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    with mpmath.workdps(40):
        exact = tuple(map(mpmath.mpf, point))
        slope = [float(mpmath.diff(reference, exact, unit)) for unit in units]
        curvature = [
            [float(mpmath.diff(reference, exact, tuple(map(sum, zip(a, b, strict=True))))) for b in units]
            for a in units
        ]
    assert value_and_grad(f)(list(point)) == (f(list(point)), pytest.approx(slope, abs=1e-12))
    matrix = hessian(f)(list(point))
    for i in range(3):
        assert matrix[i] == pytest.approx(curvature[i], abs=1e-12)
        assert matrix[i] == pytest.approx([row[i] for row in matrix], abs=1e-14)


class Layer(NamedTuple):
    """A structure with names."""

    weights: list[Any]
    bias: Any


def test_the_gradient_has_the_structure_of_the_argument() -> None:
    def f(model: Any) -> Any:
        first, rest = model["first"], model["rest"]
        return autograd.dot(first.weights, [1.0, 2.0]) + first.bias * rest[0] + rest[1][0][0] ** 2

    model = {"first": Layer([3.0, 4.0], 5.0), "rest": (6.0, [[7.0], []]), "unused": 8}
    gradient = grad(f)(model)
    assert gradient == {"first": Layer([1.0, 2.0], 6.0), "rest": (5.0, [[14.0], []]), "unused": 0.0}
    assert [type(gradient["first"]), type(gradient["rest"])] == [Layer, tuple]
    assert model["first"] == Layer([3.0, 4.0], 5.0)


def test_the_jacobian_has_the_structure_of_the_result_with_gradients_in_it() -> None:
    def f(v: Any) -> Any:
        return {"sum": v[0] + v[1], "others": (v[0] * v[1], [3.0, v[1]])}

    expected = {"sum": [1.0, 1.0], "others": ([5.0, 2.0], [[0.0, 0.0], [0.0, 1.0]])}
    assert jacobian(f)([2.0, 5.0]) == expected
    assert jacobian(lambda x: x**3)(2.0) == 12.0
    assert hessian(lambda x: x**3)(2.0) == 12.0
    assert jacobian(lambda x: [])(2.0) == []


def test_argnums_choose_the_arguments() -> None:

    def f(x: Any, y: Any, z: Any) -> Any:
        return x * y**2 * z**3

    x, y, z = 2.0, 3.0, 5.0
    by_x, by_y, by_z = y**2 * z**3, 2 * x * y * z**3, 3 * x * y**2 * z**2
    cases: dict[Any, Any] = {
        0: by_x, 1: by_y, 2: by_z, -1: by_z, -3: by_x, (0,): (by_x,), (0, 2): (by_x, by_z), (2, 0): (by_z, by_x),
        (-1, 0): (by_z, by_x), (): (), (1, 1): (by_y, by_y),
    }  # fmt: skip
    for argnums, expected in cases.items():
        assert grad(f, argnums)(x, y, z) == expected
        assert value_and_grad(f, argnums=argnums)(x, y, z) == (f(x, y, z), expected)
    assert grad(f, [0, 1])(x, y, z) == (by_x, by_y)
    number: Any = np.int64(1)
    assert grad(f, number)(x, y, z) == by_y
    mixed = hessian(f, (0, 1))(x, y, z)
    assert mixed == ((0.0, 2 * y * z**3), (2 * y * z**3, 2 * x * z**3))


@pytest.mark.parametrize("argnums", [1, -2, (0, 5)])
def test_an_argument_that_is_not_there_cannot_be_asked_for(argnums: Any) -> None:
    with pytest.raises(TypeError, match=r"double is to be differentiated in argument -?\d, got 1 by position"):
        grad(double, argnums)(1.0)


@pytest.mark.parametrize("argnums", ["x", 1.0, True, (0, "y"), None, {0: 1}])
def test_argnums_are_positions(argnums: Any) -> None:
    with pytest.raises(TypeError, match="argnums must be the position of an argument or a list of positions, got"):
        grad(double, argnums)(1.0)


def double(x: Any, *, by: Any = 2.0) -> Any:
    """Double it."""
    return by * x


def test_other_arguments_pass_through_and_the_name_is_kept() -> None:
    assert grad(double)(3.0) == 2.0
    assert grad(double)(3.0, by=7.0) == 7.0
    assert grad(lambda text, x: x * len(text), 1)("four", 2.0) == 4.0
    assert (grad(double).__name__, jacobian(double).__doc__) == ("double", "Double it.")


@pytest.mark.parametrize("constant", [3, 3.0, np.float32(3.0), np.int8(3), np.array(3.0)])
def test_a_constant_has_the_gradient_0(constant: Any) -> None:
    value, gradient = value_and_grad(lambda x: constant)([1.0, 2.0])
    assert (value, gradient) == (3.0, [0.0, 0.0])
    assert {type(number) for number in [value, *gradient]} == {float}
    assert grad(grad(lambda x: constant))(1.0) == 0.0
    value, gradient = value_and_grad(lambda x: constant)(Value(1.0))
    assert [repr(value), repr(gradient)] == ["Value(3.0)", "Value(0.0)"]


@pytest.mark.parametrize("result", [[1.0], (), {"x": 1.0}])
def test_the_gradient_of_several_numbers_is_refused_with_the_name_of_what_takes_them(result: Any) -> None:
    with pytest.raises(TypeError, match=r"must give one number, got the .* for several numbers use jacobian"):
        grad(lambda x: result)(1.0)


@pytest.mark.parametrize("result", [None, True, "s", 1j, np.array([Value(1.0)], dtype=object)])
def test_a_result_that_is_no_number_is_refused(result: Any) -> None:
    for derivative in (grad, jacobian, hessian):
        with pytest.raises(TypeError, match=r"the result of .* expected a number or a Value, got"):
            derivative(lambda x: result)(1.0)


@pytest.mark.parametrize("argument", [True, "1", None, 1j])
def test_an_argument_that_is_no_number_is_refused(argument: Any) -> None:
    with pytest.raises(TypeError, match="expected a number or a Value"):
        grad(lambda x: 1.0)(argument)


def test_numbers_of_every_kind_are_differentiated() -> None:
    for number in (3, 3.0, np.float32(3), np.int64(3), np.array(3.0)):
        assert value_and_grad(lambda x: x * x)(number) == (9.0, 6.0)
    assert math.isnan(grad(lambda x: x * x)(math.nan))
    assert grad(lambda x: x * 2)(math.inf) == 2.0


def test_a_function_that_records_nothing_inside_is_constant_there() -> None:
    def f(x: Any) -> Any:
        with no_grad():
            frozen = x * x
        return frozen * x

    assert grad(f)(3.0) == 9.0
    assert grad(lambda x: x.detach() * x)(3.0) == 3.0
    assert grad(lambda x: float(x) * x)(3.0) == 3.0


def test_a_function_may_change_the_lists_that_it_is_given() -> None:
    def doubling(x: list[Any]) -> Any:
        x[0] = x[0] * 2
        return x.pop() * x[0]

    given = [1.0, 5.0]
    assert grad(doubling)(given) == [10.0, 2.0]
    assert given == [1.0, 5.0]
