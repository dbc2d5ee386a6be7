"""jvp against differences, the reverse mode and JAX; and what it takes and gives."""

import math
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import GraphError, Tensor, Value, grad, hessian, hvp, jacobian, jvp, no_grad
from autograd.testing import check_gradients
from tests.autograd.array_programs import PROGRAMS, Program, arrays_for, directions_for
from tests.autograd.ops.sample import weighted

every_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)


def along(jacobians: Any, tangents: Any) -> Any:
    """The columns of jacobians, each times its number of the tangents, summed."""
    return sum(np.tensordot(j, t, axes=t.ndim) for j, t in zip(jacobians, tangents, strict=True))


@every_program
@settings(max_examples=8)
@given(st.data())
def test_the_tangent_is_the_derivative_along_a_line(program: Program, data: st.DataObject) -> None:
    f, x, v = program[0], data.draw(arrays_for(program)), data.draw(directions_for(program))

    def on_the_line(s: float) -> float:
        return float(weighted(np.asarray(f(*[a + s * b for a, b in zip(x, v, strict=True)]))))

    check_gradients(on_the_line, 0.0, gradient=float(weighted(jvp(f, x, v)[1]))).assert_ok()


@every_program
@settings(max_examples=8)
@given(st.data())
def test_forward_mode_is_the_jacobian_of_reverse_mode_times_the_tangents(program: Program, data: st.DataObject) -> None:
    f, x, v = program[0], data.draw(arrays_for(program)), data.draw(directions_for(program))
    value, tangent = jvp(f, x, v)
    np.testing.assert_allclose(value, f(*x), rtol=1e-13, atol=1e-13)
    assert (type(tangent), tangent.shape, tangent.dtype) == (np.ndarray, value.shape, np.float64)
    columns = along(jacobian(f, range(len(x)))(*x), v)
    np.testing.assert_allclose(tangent, columns, rtol=1e-11, atol=1e-12 * (1 + np.abs(columns).max(initial=0.0)))


@every_program
@settings(max_examples=5)
@given(st.data())
def test_given_tensors_the_tangent_is_a_graph_with_the_same_numbers(program: Program, data: st.DataObject) -> None:
    f, x, v = program[0], data.draw(arrays_for(program)), data.draw(directions_for(program))
    value, tangent = jvp(f, list(map(Tensor, x)), v)
    assert (type(value), type(tangent)) == (Tensor, Tensor)
    np.testing.assert_allclose(tangent.data, jvp(f, x, v)[1], rtol=1e-11, atol=1e-11)


@every_program
@settings(max_examples=5)
@given(st.data())
def test_the_gradient_of_a_tangent_is_the_tangent_of_the_gradient(program: Program, data: st.DataObject) -> None:
    f, x, v = program[0], data.draw(arrays_for(program)), data.draw(directions_for(program))
    every = range(len(x))
    found = grad(lambda *x: weighted(jvp(f, x, v)[1]), every)(*x)
    rows = hessian(lambda *x: weighted(f(*x)), every)(*x)
    for i in every:
        np.testing.assert_allclose(found[i], along(rows[i], v), rtol=1e-9, atol=1e-9)


@given(*[st.integers(-8, 8).map(lambda n: n / 8 + 1 / 64)] * 4)
def test_tangents_of_numbers_are_mpmath_s(x: float, y: float, dx: float, dy: float) -> None:
    def f(x: Any, y: Any) -> Any:
        return {"one": autograd.tanh(x * y) / (3 + y**2), "list": [autograd.logsumexp([x, y, 1.0]), x]}

    value, tangent = jvp(f, (x, y), (dx, dy))
    plain = f(x, y)
    assert value == {"one": plain["one"], "list": [plain["list"][0], x]}
    with mpmath.workdps(40):
        one = mpmath.diff(lambda s: mpmath.tanh((x + s * dx) * (y + s * dy)) / (3 + (y + s * dy) ** 2), 0)
        both = mpmath.diff(lambda s: mpmath.log(mpmath.exp(x + s * dx) + mpmath.exp(y + s * dy) + mpmath.e), 0)
    assert tangent == {"one": pytest.approx(float(one), abs=1e-14), "list": [pytest.approx(float(both), abs=1e-14), dx]}
    assert {type(number) for number in [value["one"], tangent["one"], *tangent["list"]]} == {float}


def test_arguments_and_results_are_nested_as_they_like() -> None:
    def f(model: Any, x: Any) -> Any:
        return [model["w"] @ x, {"scaled": (model["b"][0] * x, 5.0, np.ones(2))}]

    model = {"w": np.eye(2), "b": [2.0]}
    value, tangent = jvp(f, [model, np.array([3.0, 4.0])], ({"b": (0.5,), "w": np.ones((2, 2))}, np.zeros(2)))
    np.testing.assert_equal(value, [np.array([3.0, 4.0]), {"scaled": (np.array([6.0, 8.0]), 5.0, np.ones(2))}])
    np.testing.assert_equal(tangent, [np.array([7.0, 7.0]), {"scaled": (np.array([1.5, 2.0]), 0.0, np.zeros(2))}])


def test_numbers_stand_beside_arrays() -> None:
    def f(x: Any, k: Any) -> Any:
        return autograd.mse_loss(x * k, autograd.stack([k, k * k]))

    x, v = np.array([0.5, -1.0]), np.array([1.0, 2.0])
    value, tangent = jvp(f, [x, 3.0], [v, 0.5])
    moved = v * 3.0 + x * 0.5 - np.array([0.5, 3.0])
    assert float(value) == pytest.approx(np.mean((x * 3.0 - [3.0, 9.0]) ** 2))
    assert float(tangent) == pytest.approx(np.mean(2 * (x * 3.0 - [3.0, 9.0]) * moved))
    assert jvp(f, [Tensor(x), Value(3.0)], [v, 0.5])[1].item() == pytest.approx(float(tangent))
    one, its_tangent = jvp(autograd.mse_loss, [np.array(2.0), 0.5], [np.array(1.0), 3.0])
    assert (float(one), float(its_tangent)) == (2.25, -6.0)


def test_float32_stays_float32() -> None:
    x = np.array([1.0, 2.0], np.float32)
    for f in (autograd.tanh, lambda x: x.sum(), lambda x: autograd.stack([x, np.ones(2)]), autograd.softmax):
        value, tangent = jvp(f, [x], [x])
        assert (value.dtype, tangent.dtype) == (np.float32, np.float32)


def test_the_function_is_run_once_and_nothing_is_left_on_its_nodes() -> None:
    runs = []

    def f(x: Any, w: Any) -> Any:
        runs.append(x)
        return (x @ w).tanh()

    w = Tensor(np.eye(3), "w")
    jvp(lambda x: f(x, w), [np.ones((2, 3))], [np.ones((2, 3))])
    assert (len(runs), runs[0].grad, w.grad) == (1, None, None)


def test_variables_of_several_levels_are_not_confused() -> None:
    assert jvp(lambda x: x * jvp(lambda y: x + y, [1.0], [1.0])[1], [5.0], [1.0]) == (5.0, 1.0)
    assert jvp(lambda x: x * jvp(lambda y: x * y, [2.0], [1.0])[1], [5.0], [1.0]) == (25.0, 10.0)
    assert grad(lambda x: jvp(lambda y: x * y**2, [3.0], [1.0])[1])(2.0) == 6.0
    assert grad(lambda x: jvp(lambda y: y**3, [3.0], [x])[1])(2.0) == 27.0
    assert jvp(lambda x: grad(lambda y: x * y**2)(3.0), [2.0], [1.0]) == (12.0, 6.0)
    x = np.array([1.0, 2.0])
    found = grad(lambda x: jvp(lambda y: (x * y**2).sum(), [x], [np.ones(2)])[1])(x)
    np.testing.assert_array_equal(found, 4 * x)  # of Σ 2·x·y at y = x, where both x and y are the outer variable


def test_tangents_nest_to_third_order() -> None:
    def twice(f: Any) -> Any:
        return lambda x: jvp(f, [x], [1.0])[1]

    assert twice(twice(twice(lambda x: x**5)))(2.0) == 60 * 2.0**2
    assert twice(grad(twice(lambda x: x**5)))(2.0) == 60 * 2.0**2


def test_tangents_may_be_nodes_and_the_result_is_linear_in_them() -> None:
    v = Tensor([1.0, -1.0], "v")
    tangent = jvp(lambda x: x.exp() * x, [np.array([0.0, 1.0])], [v])[1]
    tangent.sum().backward()
    np.testing.assert_allclose(v.grad, [1.0, 2.0 * math.e])
    k = Value(2.0)
    assert jvp(lambda x: x**3, [2.0], [k])[1].gradient(k).data == 12.0


def test_what_does_not_depend_on_the_arguments_does_not_move() -> None:
    with no_grad():
        frozen = Tensor([1.0, 2.0])
    value, tangent = jvp(lambda x: (frozen, 3, x.detach() * 2.0), [np.ones(2)], [np.ones(2)])
    np.testing.assert_equal(value, (np.array([1.0, 2.0]), 3.0, np.array([2.0, 2.0])))
    np.testing.assert_equal(tangent, (np.zeros(2), 0.0, np.zeros(2)))


@pytest.mark.parametrize(
    ("args", "tangents", "error", "message"),
    [
        ([1.0, 2.0], [1.0], TypeError, r"tangents must be a tuple of 2, got the list \[1.0\]"),
        ([[1.0, 2.0]], [1.0], TypeError, r"tangents\[0\] must be a list of 2, got the float 1.0"),
        ([1.0], [[1.0]], TypeError, r"tangents\[0\] must be one number or array, got the list \[1.0\]"),
        ([{"w": 1.0}], [{"v": 1.0}], TypeError, r"tangents\[0\] has the keys \['v'\], and not 'w'"),
        ([{"w": [1.0]}], [{"w": "1"}], TypeError, r"tangents\[0\]\['w'\] must be a list of 1, got the str '1'"),
        ([1.0], [None], TypeError, r"tangents\[0\]: expected a number or a Value, got the NoneType"),
        ([np.ones(2)], [np.ones(3)], ValueError, r"tangents\[0\] must have the shape \(2,\), got \(3,\)"),
        ([np.ones(2)], [1.0], ValueError, r"tangents\[0\] must have the shape \(2,\), got \(\)"),
        ([np.ones(2, np.float32)], [np.ones(2)], TypeError, r"tangents\[0\] must be of float32, got float64"),
        ([np.ones(2)], [Tensor(np.ones(2, np.float32))], TypeError, r"tangents\[0\] must be of float64, got float32"),
        ([np.ones(2)], [np.ones(2) > 0], TypeError, r"tangents\[0\]: expected real numbers.*, got bool"),
    ],
)
def test_a_tangent_that_does_not_fit_is_named(args: Any, tangents: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        jvp(lambda *x: 1.0, args, tangents)


def test_whole_numbers_are_taken_for_tangents() -> None:
    assert jvp(lambda x: x * x, [np.ones(2)], [np.array([1, 2])])[1].tolist() == [2.0, 4.0]
    assert jvp(lambda x: x * x, [3], [1]) == (9.0, 6.0)


def test_an_operand_that_was_changed_is_named() -> None:
    w = Tensor([1.0], "w")

    def f(x: Any) -> Any:
        y = x * w
        w.data = [2.0]
        return y

    for x in (np.ones(1), Tensor(np.ones(1))):
        with pytest.raises(GraphError, match="the data of w was changed after mul had used it"):
            jvp(f, [x], [np.ones(1)])


def test_a_long_chain_is_walked() -> None:
    def f(x: Any) -> Any:
        for _ in range(20_000):
            x = x * 1.0
        return x

    assert jvp(f, [2.0], [3.0]) == (2.0, 3.0)
    assert jvp(f, [np.ones(1)], [np.ones(1)])[1].tolist() == [1.0]
    assert jvp(f, [Value(2.0)], [3.0])[1].data == 3.0


@every_program
def test_tangents_are_jax_s(program: Program) -> None:
    jax = pytest.importorskip("jax")
    generator = np.random.default_rng(0)
    f, shapes = program
    x, v = ([generator.normal(size=shape) for shape in shapes] for _ in range(2))
    recorded = f(*(leaves := list(map(Tensor, x))))
    there = autograd.replay(recorded, jax.numpy, leaves)
    jax.config.update("jax_enable_x64", True)
    np.testing.assert_allclose(jvp(f, x, v)[1], jax.jvp(there, tuple(x), tuple(v))[1], rtol=1e-10, atol=1e-12)


def test_what_comes_back_is_memory_of_its_own_that_can_be_written_to() -> None:
    ones = np.ones(3)
    [product] = hvp(lambda x: x.sum() ** 2, [ones], [ones])
    product *= 2.0
    assert product.tolist() == [12.0, 12.0, 12.0]
    _, (first, second) = jvp(lambda x: [x, x.T], [ones], [ones])
    first += 1.0
    assert second.tolist() == [1.0, 1.0, 1.0]
