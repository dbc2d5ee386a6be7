"""grad, jacobian, hessian, vjp and hvp of functions of arrays and Tensors, against differences and columns."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Tensor, Value, grad, hessian, hvp, jacobian, value_and_grad, vjp
from autograd.testing import check_gradients
from tests.autograd.array_programs import PROGRAMS, Program, arrays_for, directions_for
from tests.autograd.ops.sample import weighted

every_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


@every_program
@settings(max_examples=8)
@given(st.data())
def test_the_gradient_is_that_of_the_values_in_the_shapes_of_the_arguments(
    program: Program, data: st.DataObject
) -> None:
    f, x = program[0], data.draw(arrays_for(program))
    value, gradient = value_and_grad(lambda *x: weighted(f(*x)), range(len(x)))(*x)
    assert type(value) is float
    assert [(type(g), g.shape, g.dtype) for g in gradient] == [(np.ndarray, a.shape, a.dtype) for a in x]

    def values(*x: Any) -> float:
        return float(weighted(np.asarray(f(*x))))

    check_gradients(values, *x, gradient=list(gradient) if len(x) > 1 else gradient[0]).assert_ok()


@every_program
@settings(max_examples=8)
@given(st.data())
def test_the_jacobian_has_a_gradient_for_each_element(program: Program, data: st.DataObject) -> None:
    f, x = program[0], data.draw(arrays_for(program))
    every = range(len(x))
    found = jacobian(f, every)(*x)
    out = np.asarray(f(*x))
    for j, a in zip(found, x, strict=True):
        assert (type(j), j.shape, j.dtype) == (np.ndarray, out.shape + a.shape, a.dtype)
    for place in np.ndindex(out.shape):
        row = grad(lambda *x, place=place: f(*x)[place], every)(*x)
        for j, g in zip(found, row, strict=True):
            np.testing.assert_array_equal(j[place], g)


@every_program
@settings(max_examples=5)
@given(st.data())
def test_the_hessian_is_symmetric_and_hvp_is_its_product_with_vectors(program: Program, data: st.DataObject) -> None:
    f, x, v = program[0], data.draw(arrays_for(program)), data.draw(directions_for(program))
    every = range(len(x))
    rows = hessian(lambda *x: weighted(f(*x)), every)(*x)
    products = hvp(lambda *x: weighted(f(*x)), x, v)
    for i in every:
        for j in every:
            assert rows[i][j].shape == x[i].shape + x[j].shape
            turned = np.moveaxis(rows[j][i], range(x[j].ndim), range(-x[j].ndim, 0)) if x[j].ndim else rows[j][i]
            np.testing.assert_allclose(rows[i][j], turned, rtol=1e-9, atol=1e-10)
        columns = sum(np.tensordot(rows[i][j], v[j], axes=v[j].ndim) for j in every)
        np.testing.assert_allclose(products[i], columns, rtol=1e-9, atol=1e-10)
        assert (type(products[i]), products[i].shape) == (np.ndarray, x[i].shape)


@every_program
@settings(max_examples=8)
@given(st.data())
def test_vjp_is_the_cotangent_times_the_jacobian_as_often_as_asked(program: Program, data: st.DataObject) -> None:
    f, x = program[0], data.draw(arrays_for(program))
    value, pull_back = vjp(f, *x)
    np.testing.assert_allclose(value, f(*x), rtol=1e-13, atol=1e-13)
    rows = jacobian(f, range(len(x)))(*x)
    for cotangent in (np.ones(value.shape), np.sin(np.arange(float(value.size))).reshape(value.shape)):
        for found, row in zip(pull_back(cotangent), rows, strict=True):
            expected = np.tensordot(cotangent, row, axes=value.ndim)
            np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12 * (1 + np.abs(row).max(initial=0.0)))


@pytest.mark.parametrize("structure", ["of numbers", "of rows", "whole"])
def test_an_array_and_lists_of_its_numbers_have_one_gradient(structure: str) -> None:
    def f(x: Any) -> Any:
        rows = [[x[i][j] for j in range(3)] for i in range(2)]
        return autograd.sum([a.tanh() * b * b for a, b in zip(*rows, strict=True)])

    given = {"of numbers": X.tolist(), "of rows": list(X), "whole": X}[structure]
    found = grad(f)(given)
    np.testing.assert_allclose(np.array(found), [(1 - np.tanh(X[0]) ** 2) * X[1] ** 2, 2 * np.tanh(X[0]) * X[1]])
    assert [type(found), type(found[0])] == {
        "of numbers": [list] * 2,
        "of rows": [list, np.ndarray],
        "whole": [np.ndarray] * 2,
    }[structure]


def test_numbers_arrays_values_and_tensors_mix_in_one_structure() -> None:
    def f(model: Any, x: Any) -> Any:
        return ((x @ model["w"]) * model["scale"] + model["b"][0]).sum()

    w, x = np.ones((3, 2)), X
    plain = grad(f, (0, 1))({"w": w, "scale": 2.0, "b": (np.zeros(2, np.float32),), "unused": np.ones(4)}, x)
    np.testing.assert_equal(
        plain,
        (
            {
                "w": 2.0 * np.stack([X.sum(axis=0)] * 2, axis=1), "scale": 42.0, "b": (np.full(2, 2.0, np.float32),),
                "unused": np.zeros(4),
            },
            np.full((2, 3), 4.0),
        ),
    )  # fmt: skip
    assert (plain[0]["b"][0].dtype, type(plain[0]["scale"])) == (np.float32, float)
    nodes = grad(f)({"w": Tensor(w), "scale": Value(2.0), "b": [np.zeros(2)]}, x)
    assert isinstance(nodes["w"], Tensor)
    assert isinstance(nodes["b"][0], Tensor)
    np.testing.assert_array_equal(nodes["w"].data, plain[0]["w"])
    assert float(nodes["scale"]) == 42.0


def test_float32_stays_float32() -> None:
    x = X.astype(np.float32)
    value, gradient = value_and_grad(lambda x: x.tanh().mean())(x)
    assert (type(value), gradient.dtype) == (float, np.float32)
    assert jacobian(lambda x: x.sum(axis=0))(x).dtype == np.float32
    assert hessian(lambda x: (x**3).sum())(x).dtype == np.float32
    assert vjp(lambda x: x * 2.0, x)[1](x)[0].dtype == np.float32
    assert hvp(lambda x: (x**3).sum(), [x], [x])[0].dtype == np.float32
    assert grad(lambda x: x.sum())(Tensor(x)).dtype == np.float32


def test_whole_numbers_are_taken_for_floats() -> None:
    assert grad(lambda x: (x * x).sum())(np.array([1, 2])).tolist() == [2.0, 4.0]
    assert grad(lambda x: x * x)(np.array(3)) == 6.0


def test_given_tensors_the_gradient_is_a_graph_to_any_order() -> None:
    x, w = Tensor([1.0, 2.0], "x"), Tensor([3.0, 4.0], "w")
    slope = grad(lambda v: (w * v**3).sum())(x)
    assert isinstance(slope, Tensor)
    slope.sum().backward()
    np.testing.assert_array_equal(slope.data, 3 * w.data * x.data**2)
    np.testing.assert_array_equal(x.grad, 6 * w.data * x.data)
    np.testing.assert_array_equal(w.grad, 3 * x.data**2)
    third = grad(lambda x: grad(lambda x: grad(lambda x: (x**4).sum())(x).sum())(x).sum())
    np.testing.assert_array_equal(third(np.array([1.0, 2.0])), [24.0, 48.0])


def test_arrays_of_several_levels_are_not_confused() -> None:
    x = np.array([1.0, 2.0])
    inner = grad(lambda x: (x * grad(lambda y: (x + y).sum())(np.ones(2))).sum())(x)
    np.testing.assert_array_equal(inner, [1.0, 1.0])
    both = grad(lambda x: grad(lambda y: (x * x * y * y).sum())(x).sum())(x)
    np.testing.assert_array_equal(both, 6 * x**2)
    rows = jacobian(lambda x: jacobian(lambda y: x * y)(x))(x)
    expected = np.zeros((2, 2, 2))
    expected[[0, 1], [0, 1], [0, 1]] = 1.0
    np.testing.assert_array_equal(rows, expected)


def test_vjp_can_be_differentiated_in_arguments_and_cotangents() -> None:
    x = np.array([0.5, 2.0])
    found = grad(lambda x: vjp(lambda y: y**3, x)[1](np.ones(2))[0].sum())(x)
    np.testing.assert_allclose(found, 6 * x)
    c = Tensor([1.0, -1.0], "c")
    [product] = vjp(lambda y: y**3, x)[1](c)
    product.sum().backward()
    np.testing.assert_allclose(c.grad, 3 * x**2)


def test_gradients_share_no_memory_with_each_other_or_with_what_was_given() -> None:
    x, y, c = np.ones(2), np.ones(2), np.ones(2)
    first, second = grad(lambda x, y: (x + y).sum(), (0, 1))(x, y)
    [pulled] = vjp(lambda x: x, x)[1](c)
    value = vjp(lambda x: x, x)[0]
    for array in (first, second, pulled, value):
        array += 1.0
    np.testing.assert_array_equal([first, second, pulled, value, x, y, c], [[2.0] * 2] * 4 + [[1.0] * 2] * 3)


def test_results_may_be_nested_and_constant() -> None:
    def f(x: Any) -> Any:
        return {"moved": x[::-1], "number": x.sum(), "constant": [np.ones(2), 3.0], "again": x}

    x = np.array([1.0, 2.0, 3.0])
    found = jacobian(f)(x)
    turned = np.eye(3)[::-1]
    constant = [np.zeros((2, 3)), np.zeros(3)]
    np.testing.assert_equal(found, {"moved": turned, "number": np.ones(3), "constant": constant, "again": np.eye(3)})
    value, pull_back = vjp(f, x)
    np.testing.assert_equal(value["constant"], [np.ones(2), 3.0])
    cotangent = {"moved": x, "number": 10.0, "constant": [np.ones(2), 1.0], "again": 100 * x}
    np.testing.assert_array_equal(pull_back(cotangent)[0], x[::-1] + 10 + 100 * x)
    assert vjp(lambda x: 3.0, 2.0)[1](1.0) == (0.0,)
    assert jacobian(lambda x: autograd.stack([x, x * x]))(3.0).tolist() == [1.0, 6.0]


def test_a_result_given_twice_gets_both_cotangents() -> None:
    def f(x: Any) -> Any:
        y = x * 2.0
        return y, [y, x]

    assert vjp(f, 5.0)[1]((1.0, [10.0, 100.0])) == (2.0 + 20.0 + 100.0,)
    np.testing.assert_array_equal(vjp(f, np.ones(2))[1]((np.ones(2), [np.ones(2), np.ones(2)]))[0], [5.0, 5.0])


def test_more_than_one_number_has_no_gradient_and_the_shape_is_shown() -> None:
    for x in (X, Tensor(X)):
        with pytest.raises(TypeError, match=r"grad: .* must give one number, got an array of shape \(2, 3\).*jacobian"):
            grad(lambda x: x * 2.0)(x)
    with pytest.raises(TypeError, match=r"grad: .* must give one number, got an array of shape \(2,\)"):
        grad(lambda x: np.ones(2))(1.0)
    assert grad(lambda x: x.sum(keepdims=True))(X).tolist() == np.ones((2, 3)).tolist()


@pytest.mark.parametrize(
    ("cotangent", "error", "message"),
    [
        (np.ones(3), TypeError, r"the cotangent must be a dict with the keys \['y'\], got the ndarray"),
        ({"y": np.ones(3)}, TypeError, r"the cotangent\['y'\] must be a list of 2, got the ndarray"),
        ({"y": [np.ones(2), 1.0]}, ValueError, r"the cotangent\['y'\]\[0\] must have the shape \(3,\), got \(2,\)"),
        ({"y": [np.ones(3), None]}, ValueError, r"the cotangent\['y'\]\[1\] must"),
        ({"y": [np.ones(3, np.float32), 1.0]}, TypeError, r"the cotangent\['y'\]\[0\] must be of float64, got float32"),
    ],
)
def test_a_cotangent_that_does_not_fit_is_named(cotangent: Any, error: type[Exception], message: str) -> None:
    pull_back = vjp(lambda x: {"y": [x, x.sum(keepdims=True)]}, np.ones(3))[1]
    with pytest.raises(error, match=message):
        pull_back(cotangent)


@pytest.mark.parametrize("argument", [np.array([True]), np.array(["1"]), np.array([1j]), np.array([None, Value(1.0)])])
def test_arrays_of_other_things_than_numbers_are_refused(argument: Any) -> None:
    with pytest.raises(TypeError, match=r"Tensor: expected real numbers.*, got"):
        grad(lambda x: 1.0)(argument)


@every_program
def test_jacobians_are_jax_s(program: Program) -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    f, shapes = program
    generator = np.random.default_rng(1)
    x = [generator.normal(size=shape) for shape in shapes]
    leaves = list(map(Tensor, x))
    there = autograd.replay(f(*leaves), jax.numpy, leaves)
    every = tuple(range(len(x)))
    for found, expected in zip(jacobian(f, every)(*x), jax.jacrev(there, every)(*x), strict=True):
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)
    second = jax.hessian(lambda *x: weighted(there(*x)), every)(*x)
    for row, expected_row in zip(hessian(lambda *x: weighted(f(*x)), every)(*x), second, strict=True):
        for found, expected in zip(row, expected_row, strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)
