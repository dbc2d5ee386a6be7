"""Products of vectors and matrices: NumPy's values, and gradients that are exact where the numbers are whole."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograd
from autograd import Tensor, Value, array_registry, dot, inner, linear, matmul, outer, registry, topological_order, vdot
from autograd.arrays import NUMPY
from autograd.ops.linalg import _dot_of_lists
from tests.autograd.ops.pytorch import assert_same
from tests.autograd.ops.sample import Array

Shape = tuple[int, ...]

to_multiply = hnp.mutually_broadcastable_shapes(signature="(n?,k),(k,m?)->(n?,m?)", max_dims=2, min_side=0, max_side=3)


def whole(*shape: int, seed: int = 0) -> Array:
    """Small whole numbers, with which sums of products are exact in any order."""
    return np.random.default_rng(seed).integers(-4, 5, shape).astype(float)


def ones(*shape: int) -> Tensor:
    return Tensor(np.ones(shape))


def check_bilinear(function: Any, x: Array, y: Array) -> None:
    """The gradients are what carries a change of either operand over to the result: ⟨g, f(dx, y)⟩ = ⟨gradient, dx⟩."""
    tx, ty = Tensor(x), Tensor(y)
    out = function(tx, ty)
    g = whole(*out.shape, seed=1)
    out.backward(g)
    dx, dy = whole(*x.shape, seed=2), whole(*y.shape, seed=3)
    assert (tx.grad.shape, ty.grad.shape) == (x.shape, y.shape)
    assert np.sum(g * function(dx, y)) == np.sum(tx.grad * dx)
    assert np.sum(g * function(x, dy)) == np.sum(ty.grad * dy)
    np.testing.assert_array_equal(out.data, function(x, y))


@given(to_multiply)
def test_matmul_is_numpy_s_for_vectors_matrices_and_batches_of_any_length(shapes: Any) -> None:
    x, y = [whole(*shape, seed=i) for i, shape in enumerate(shapes.input_shapes)]
    product = Tensor(x) @ Tensor(y)
    np.testing.assert_array_equal(product.data, np.matmul(x, y))
    assert product.shape == shapes.result_shape
    check_bilinear(matmul, x, y)


@given(to_multiply)
def test_second_derivatives_of_matmul_are_those_of_a_product(shapes: Any) -> None:
    x, y = [Tensor(whole(*shape, seed=i)) for i, shape in enumerate(shapes.input_shapes)]
    total = (x @ y).sum()
    [slope] = total.gradient([x])
    weight = whole(*x.shape, seed=2)
    [mixed] = (slope * weight).sum().gradient([y])
    expected = Tensor(y.data)
    matmul(weight, expected).sum().backward()
    np.testing.assert_array_equal(mixed.data, expected.grad)


def test_a_weight_of_single_precision_meets_data_of_any_other() -> None:
    w = Tensor(whole(3, 2), dtype=np.float32)
    out: Any = np.ones((4, 3)) @ w
    out.backward(np.ones((4, 2)))
    assert out.dtype == w.grad.dtype == np.float32
    assert [f(w, whole(2)).dtype for f in (dot, inner)] == [np.float32, np.float32]
    assert outer(w, w).dtype == vdot(w, w).dtype == np.float32


PRODUCTS = {"dot": dot, "inner": inner, "outer": outer, "vdot": vdot}
SHAPES: list[tuple[str, Shape, Shape]] = [
    ("dot", (3,), (3,)), ("dot", (2, 3), (3,)), ("dot", (3,), (3, 2)), ("dot", (2, 3), (3, 4)), ("dot", (), (2, 3)),
    ("dot", (2, 3), ()), ("dot", (), ()), ("dot", (2, 3), (4, 3, 2)), ("dot", (3,), (4, 3, 2)), ("dot", (0,), (0,)),
    ("dot", (2, 2, 3), (3,)), ("dot", (2, 2, 3), (4, 3, 2)), ("dot", (2, 0), (0, 3)), ("inner", (3,), (3,)),
    ("inner", (), (2,)), ("inner", (2, 3), (4, 3)), ("inner", (2, 2, 3), (3,)), ("inner", (2, 0), (3, 0)),
    ("outer", (2, 2), (3,)), ("outer", (), (3,)), ("outer", (0,), (3,)), ("vdot", (2, 3), (2, 3)),
    ("vdot", (2, 3), (3, 2)), ("vdot", (), ()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "left", "right"), SHAPES)
def test_the_other_products_are_numpy_s(name: str, left: Shape, right: Shape) -> None:
    x, y = whole(*left), whole(*right, seed=1)
    function, of_numpy = PRODUCTS[name], getattr(np, name)
    expected = of_numpy(x, y)
    for found in (function(x, y), function(Tensor(x), y).data, of_numpy(x, Tensor(y)).data):
        assert np.shape(found) == np.shape(expected)
        np.testing.assert_array_equal(found, expected)
    check_bilinear(function, x, y)


def test_products_are_methods_too() -> None:
    x, y = whole(2, 3), whole(3, 2)
    np.testing.assert_array_equal(Tensor(x).dot(y).data, x @ y)
    np.testing.assert_array_equal(Tensor(x).matmul(y).data, x @ y)


def test_dot_of_lists_is_one_node_and_one_number() -> None:
    x = Value(2.0)
    node = dot([x, 3.0], [x, 1.0])
    assert (node.op, node.data, node.parents) == (registry["dot"], 7.0, (x, x))
    assert type(dot([1, 2], np.array([3.0, 4.0]))) is float
    values = np.array([x, x], dtype=object)
    assert dot(values, np.array([1.0, 2.0])).op is dot(values, values).op is registry["dot"] is _dot_of_lists


def test_dot_takes_a_list_beside_a_matrix_and_values_in_one() -> None:
    x = Value(2.0)
    assert dot(Tensor(whole(2, 3)), [1.0, 0.0, 0.0]).tolist() == whole(2, 3)[:, 0].tolist()
    matrix = np.array([[x, 1.0], [0.0, x]], dtype=object)
    assert dot(matrix, [1.0, 2.0]).tolist() == [4.0, 4.0]
    assert dot(Tensor(whole(2, 3)), [x, x, x]).tolist() == (2.0 * whole(2, 3).sum(1)).tolist()


@pytest.mark.parametrize(
    ("product", "message"),
    [
        (lambda: ones(3, 4) @ ones(5, 2), r"^matmul: \(3, 4\) @ \(5, 2\): 4 ≠ 5$"),
        (lambda: ones(3, 4) @ ones(5), r"^matmul: \(3, 4\) @ \(5,\): 4 ≠ 5$"),
        (lambda: ones(3) @ ones(2, 2), r"^matmul: \(3,\) @ \(2, 2\): 3 ≠ 2$"),
        (lambda: ones(2, 3, 4) @ ones(3, 4, 2), r"^matmul: \(2, 3, 4\) @ \(3, 4, 2\): 2 ≠ 3$"),
        (lambda: ones(3) @ 2.0, r"^matmul: \(3,\) @ \(\): a number has no axis to sum over: multiply with \*$"),
        (lambda: dot(ones(3, 4), ones(5, 2)), r"\(3, 4\) @ \(5, 2\): 4 ≠ 5$"),
        (lambda: dot(ones(3, 4), ones(2, 5, 2)), r"^tensordot: \(3, 4\), \(2, 5, 2\) along axis -1 and -2: 4 ≠ 5$"),
        (lambda: inner(ones(3, 4), ones(5, 2)), r"\(3, 4\), \(5, 2\) along axis -1 and -1: 4 ≠ 2$"),
    ],
)
def test_what_does_not_fit_is_shown_with_its_shapes(product: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        product()


@given(to_multiply.filter(lambda shapes: all(map(all, shapes.input_shapes))), st.integers(0, 100))
def test_gradients_are_pytorch_s(shapes: Any, seed: int) -> None:
    torch = pytest.importorskip("torch")
    x, y = [whole(*shape, seed=seed + i) for i, shape in enumerate(shapes.input_shapes)]
    ours, theirs = [Tensor(x), Tensor(y)], [torch.tensor(each, requires_grad=True) for each in (x, y)]
    autograd.matmul(*ours).sum().backward()
    torch.matmul(*theirs).sum().backward()
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(a.grad, b.grad.numpy())


def check_linear(rows: Shape, inputs: int, outputs: int, *, has_bias: bool) -> None:
    x, weight, bias = whole(*rows, inputs), whole(outputs, inputs, seed=1), whole(outputs, seed=2)
    given = [x, weight, *([bias] if has_bias else [])]
    leaves, others = [Tensor(each) for each in given], [Tensor(each) for each in given]
    out, expected = linear(*leaves), others[0] @ others[1].T + (others[2] if has_bias else 0.0)
    np.testing.assert_array_equal(out.data, expected.data)
    assert len(topological_order(out)) == len(leaves) + 1
    for root in (out, expected):
        root.backward(whole(*rows, outputs, seed=3))
    for a, b in zip(leaves, others, strict=True):
        np.testing.assert_array_equal(a.grad, b.grad)
    for a, before in zip(leaves, given, strict=True):
        np.testing.assert_array_equal(a.data, before)


@given(hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3), st.integers(0, 3), st.integers(0, 3))
def test_linear_is_a_product_with_the_transpose_and_a_sum_in_one_operation(
    rows: Shape, inputs: int, outputs: int
) -> None:
    for has_bias in (False, True):
        check_linear(rows, inputs, outputs, has_bias=has_bias)


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_gradient_of_a_weight_is_a_new_array_by_rows(order: Any) -> None:
    x, weight, g = (np.array(whole(*shape), order=order) for shape in ((4, 3), (2, 3), (4, 2)))
    found = array_registry["linear"].vjp(NUMPY[x.dtype], 1, g, [x, weight], None, {})
    assert found.flags.c_contiguous  # so that an optimizer may read it as one row
    assert found.base is None  # so that the sweep need not copy it


def test_a_bias_of_double_precision_is_added_in_double_precision() -> None:
    x, weight = Tensor(whole(2, 3), dtype="float32"), Tensor(whole(4, 3), dtype="float32")
    bias = Tensor(np.full(4, 0.1))
    out = linear(x, weight, bias)
    np.testing.assert_array_equal(out.data, np.matmul(x.data, weight.data.T) + bias.data)
    assert linear(x, weight, bias.numpy()).dtype == np.float32


@pytest.mark.parametrize(
    "shapes",
    [((), (2, 3)), ((3,), (3,)), ((3,), (2, 4)), ((3,), (2, 3), (3,)), ((3,), (2, 3), ()), ((3,), (2, 3), (1,))],
)
def test_linear_shows_shapes_that_do_not_fit(shapes: tuple[Shape, ...]) -> None:
    got = re.escape(", ".join(map(str, shapes)))
    for kind in (np.asarray, Tensor):
        with pytest.raises(ValueError, match=rf"^linear: x is of shape .* and bias \(out,\); got {got}$"):
            linear(*[kind(np.ones(shape)) for shape in shapes])


@pytest.mark.parametrize("rows", [(), (5,), (2, 3)])
def test_linear_is_pytorch_s(rows: Shape) -> None:
    functional = pytest.importorskip("torch.nn.functional")
    given = whole(*rows, 4), whole(3, 4, seed=1), whole(3, seed=2)
    assert_same(linear, functional.linear, *given)
    assert_same(linear, functional.linear, *given[:2])
