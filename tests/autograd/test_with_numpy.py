"""NumPy's functions and object arrays take Values; an array of numbers, where one number is due, is refused."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value
from autograd.testing import check_gradients
from tests.autograd.ops.sample import weighted

UNARY = {
    np.exp: "exp", np.exp2: "exp2", np.expm1: "expm1", np.log: "log", np.log2: "log2", np.log10: "log10",
    np.log1p: "log1p", np.sqrt: "sqrt", np.cbrt: "cbrt", np.square: "square", np.reciprocal: "reciprocal",
    np.sin: "sin", np.cos: "cos", np.tan: "tan", np.arcsin: "asin", np.arccos: "acos", np.arctan: "atan",
    np.sinh: "sinh", np.cosh: "cosh", np.tanh: "tanh", np.arcsinh: "asinh", np.arctanh: "atanh",
    np.negative: "neg", np.positive: "identity", np.absolute: "abs", np.fabs: "abs", np.sign: "sign",
    np.floor: "floor", np.ceil: "ceil", np.trunc: "trunc", np.rint: "round", np.deg2rad: "deg2rad",
    np.rad2deg: "rad2deg", np.radians: "deg2rad", np.degrees: "rad2deg",
}  # fmt: skip
BINARY = {
    np.add: "add", np.subtract: "sub", np.multiply: "mul", np.divide: "div", np.true_divide: "div",
    np.power: "pow", np.float_power: "pow", np.remainder: "remainder", np.mod: "remainder", np.fmod: "fmod",
    np.maximum: "maximum", np.minimum: "minimum", np.fmax: "fmax", np.fmin: "fmin", np.hypot: "hypot",
    np.arctan2: "atan2", np.copysign: "copysign", np.logaddexp: "logaddexp", np.logaddexp2: "logaddexp2",
}  # fmt: skip


@pytest.mark.parametrize("ufunc", UNARY, ids=lambda ufunc: ufunc.__name__)
def test_a_function_of_numpy_is_the_operation_of_that_meaning(ufunc: Any) -> None:
    x = Value(0.375)
    result = ufunc(x)
    assert result.op is autograd.registry[UNARY[ufunc]]
    assert result.parents == (x,)
    assert result.data == pytest.approx(float(ufunc(0.375)), rel=1e-15)


@pytest.mark.parametrize("ufunc", BINARY, ids=lambda ufunc: ufunc.__name__)
def test_a_function_of_two_operands_takes_values_and_numbers(ufunc: Any) -> None:
    x, y = Value(2.5), Value(0.75)
    for operands in [(x, y), (x, 0.75), (2.5, y), (np.float32(2.5), y), (x, np.array(0.75))]:
        result = ufunc(*operands)
        assert isinstance(result, Value)
        assert result.op is autograd.registry[BINARY[ufunc]]
        assert result.parents == tuple(operand for operand in operands if isinstance(operand, Value))
        assert result.data == pytest.approx(float(ufunc(2.5, 0.75)), rel=1e-15)


def test_what_numpy_has_and_the_library_has_not_is_refused() -> None:
    x: Any = Value(1.0)
    for call in (
        lambda: np.spacing(x),
        lambda: np.modf(x),
        lambda: np.exp(x, out=np.zeros(())),
        lambda: np.add.reduce(x),
        lambda: np.multiply.outer(x, x),
    ):
        with pytest.raises(TypeError):
            call()


def array_of(*values: Value) -> Any:
    return np.array(values, dtype=object)


@pytest.mark.parametrize("apply", [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow])
def test_arrays_of_values_compute_elementwise(apply: Callable[[Any, Any], Any]) -> None:
    x, y, z = Value(2.0), Value(3.0), Value(4.0)
    assert [type(item) for item in np.array([x, y])] == [Value, Value]
    pairs = [
        (apply(array_of(x, y), z), [(2.0, 4.0), (3.0, 4.0)]),
        (apply(z, array_of(x, y)), [(4.0, 2.0), (4.0, 3.0)]),
        (apply(array_of(x, y), array_of(z, x)), [(2.0, 4.0), (3.0, 2.0)]),
        (apply(array_of(x, y), np.array([5.0, 6.0])), [(2.0, 5.0), (3.0, 6.0)]),
        (apply(7, array_of(x, y)), [(7.0, 2.0), (7.0, 3.0)]),
    ]
    for result, operands in pairs:
        assert [item.data for item in result] == [apply(*pair) for pair in operands]


def test_reductions_of_arrays_of_values_are_differentiable() -> None:
    x, y = Value(2.0), Value(3.0)
    result = np.exp(array_of(x, y) @ array_of(x, y) / 13) + np.sum(array_of(x, y)) + np.mean(array_of(x, y))
    result.backward()
    assert result.data == pytest.approx(np.exp(1.0) + 5.0 + 2.5)
    assert [x.grad, y.grad] == pytest.approx([np.exp(1.0) * 4 / 13 + 1.5, np.exp(1.0) * 6 / 13 + 1.5])


def test_comparisons_with_arrays_are_elementwise() -> None:
    x: Any = Value(2.0)
    numbers = np.array([1.0, 2.0, 3.0])
    assert (x < numbers).tolist() == (numbers > x).tolist() == [False, False, True]
    assert (x == numbers).tolist() == (numbers == x).tolist() == [False, True, False]
    assert (array_of(x, Value(3.0)) >= 3).tolist() == [False, True]


def test_arrays_of_floats_are_made_of_values_on_request() -> None:
    x: Any = Value(2.0)
    assert np.asarray([x, x * 2], dtype=float).tolist() == [2.0, 4.0]
    assert np.float64(x) == 2.0


@pytest.mark.parametrize("numbers", [np.ones(3), np.ones(1), np.ones((2, 2), dtype=int), np.array([True])])
@pytest.mark.parametrize("apply", [operator.add, operator.mul, operator.pow, np.multiply, autograd.maximum])
def test_an_array_of_numbers_is_refused_with_a_hint(apply: Any, numbers: Any) -> None:
    for operands in ((Value(2.0), numbers), (numbers, Value(2.0))):
        with pytest.raises(TypeError, match=r"got an array of shape \(.*take one element, or make a Value of each"):
            apply(*operands)


def test_lists_of_an_operation_may_be_arrays() -> None:
    w, x = array_of(Value(2.0), Value(3.0)), np.array([5.0, 7.0])
    assert autograd.dot(w, x).data == 31.0
    assert autograd.max(x) == 7.0


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "mean": autograd.mean,
    "mean of rows": lambda x: autograd.mean(x, axis=1),
    "softmax": lambda x: autograd.softmax(x, axis=1),
    "norm": lambda x: autograd.norm(x, 1, axis=0),
    "matmul": lambda x: autograd.matmul(x, x),
    "einsum": lambda x: autograd.einsum("ij,kj->", x, x),
    "reshape": lambda x: autograd.reshape(x, (4,)),
    "concatenate": lambda x: autograd.concatenate([x, np.ones((1, 2))]),
    "stack": autograd.stack,
    "gelu": autograd.gelu,
    "where": lambda x: autograd.where([[True, False], [False, True]], x, 0.0),
    "layer_norm": autograd.layer_norm,
    "mse_loss": lambda x: autograd.mse_loss(x, np.ones((2, 2))),
    "cross_entropy": lambda x: autograd.cross_entropy(x, [0, 1]),
    "a Tensor before": lambda x: Tensor(np.ones((2, 2))) - x,
    "a Tensor after": lambda x: x @ Tensor(np.ones((2, 2))),
    "ufunc with a Tensor": lambda x: np.hypot(x, Tensor(np.ones((2, 2)))),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_operation_on_arrays_takes_values_in_an_array_or_list_as_it_takes_a_tensor(name: str) -> None:
    numbers = np.array([[0.5, -1.0], [2.0, 3.0]])
    tensor = Tensor(numbers)
    expected = FUNCTIONS[name](tensor)
    weighted(expected).backward()
    values = [Value(number) for number in numbers.ravel()]
    found = FUNCTIONS[name](np.array(values).reshape(2, 2))
    weighted(found).backward()
    np.testing.assert_array_equal(found.data, expected.data)
    assert tensor.grad is not None
    assert [value.grad for value in values] == tensor.grad.ravel().tolist()


def test_a_gradient_through_a_loss_of_an_array_of_values_is_right() -> None:
    check_gradients(lambda w: autograd.mse_loss(w, np.ones(2)), np.array([0.3, 0.2])).assert_ok()


def test_targets_may_be_an_array_of_values() -> None:
    target = Value(0.5)
    autograd.hinge_loss(np.array([0.25]), array_of(target)).backward()
    assert target.grad == -0.25
    with pytest.raises(ValueError, match="one target for each prediction"):
        autograd.mse_loss(np.ones(2), np.array(target))


def test_a_tensor_beside_an_array_of_values_keeps_its_gradient() -> None:
    t, x = Tensor([1.0, 2.0]), Value(3.0)
    (array_of(x, x) * t).sum().backward()
    assert t.grad is not None
    assert (t.grad.tolist(), x.grad) == ([3.0, 3.0], 3.0)


def test_a_row_of_values_is_a_list_and_gives_values() -> None:
    row = array_of(Value(1.0), Value(2.0))
    for out in (autograd.sum(row), autograd.dot(row, row), *autograd.softmax(row)):
        assert type(out) is Value
    assert type(autograd.sum(row, axis=0)) is Tensor


@pytest.mark.parametrize("apply", [np.asarray, list], ids=["array", "list"])
def test_tensors_are_put_together_by_stack_alone(apply: Any) -> None:
    tensors = np.empty(2, object)
    tensors[:] = Tensor(1.0), Tensor(2.0)
    with pytest.raises(
        TypeError, match=r"a list or array that holds Tensors: put them together by stack\(\[…\]\) first"
    ):
        autograd.mse_loss(apply(tensors), np.ones(2))


def test_a_leaf_is_not_made_of_values() -> None:
    with pytest.raises(TypeError, match=r"Tensor: the numbers of a leaf are plain ones, got Values: put them together"):
        Tensor([Value(1.0)])
    for objects in (array_of(Value(1.0)), np.array([1.0], object)):
        with pytest.raises(
            TypeError, match=r"got object; Values are put together by stack\(\[…\]\), numbers converted"
        ):
            Tensor(objects)


def test_arrays_of_values_know_numpy_s_own_names() -> None:
    x = np.array([Value(0.5), Value(-0.25)])
    for name in ("arctan", "arcsin", "arctanh", "rint", "degrees", "absolute", "exp"):
        ours, theirs = getattr(np, name)(x), getattr(np, name)(x.astype(float))
        assert [value.data for value in ours] == pytest.approx(list(theirs), rel=1e-15)
