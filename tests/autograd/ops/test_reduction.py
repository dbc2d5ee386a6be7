"""What folds axes gives NumPy's and SciPy's numbers along any axes, and right gradients at zeros and ties too."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograd
from autograd import Tensor, Value
from tests.autograd.ops import pytorch
from tests.autograd.ops.samples_reduction import SAMPLES
from tests.autograd.ops.samples_shape import numbers, shapes

THEIRS: dict[str, Callable[..., Any]] = {
    "sum": np.sum,
    "mean": np.mean,
    "prod": np.prod,
    "max": np.max,
    "min": np.min,
    "var": np.var,
    "std": np.std,
    "norm": lambda x, axis, keepdims: np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims)),
    "logsumexp": lambda x, axis, keepdims: np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims)),
}
SHARES: dict[str, Callable[..., Any]] = {"softmax": scipy.special.softmax, "log_softmax": scipy.special.log_softmax}
of_any_shape = st.one_of(shapes(0, min_side=1), shapes(1)).flatmap(numbers)
each_reduction = pytest.mark.parametrize("name", THEIRS)
each_share = pytest.mark.parametrize("name", SHARES)


def axes_of(data: st.DataObject, x: Any) -> Any:
    """None, one axis from either end, or several."""
    axis = st.none() | hnp.valid_tuple_axes(x.ndim)
    return data.draw(axis | st.integers(-x.ndim, x.ndim - 1) if x.ndim else axis)


def gradient(function: Callable[[Any], Any], x: Any) -> Any:
    """What `backward` finds for a function of one Tensor."""
    t = Tensor(x)
    function(t).backward()
    return t.grad


@each_reduction
@given(data=st.data(), x=of_any_shape, keepdims=st.booleans(), dtype=st.sampled_from([np.float64, np.float32]))
def test_along_any_axes_the_values_are_numpy_s(
    name: str, data: st.DataObject, x: Any, keepdims: bool, dtype: Any
) -> None:
    x, axis = x.astype(dtype), axes_of(data, x)
    ours: Any = getattr(autograd, name)
    expected = THEIRS[name](x, axis=axis, keepdims=keepdims)
    recorded, plain = ours(Tensor(x), axis=axis, keepdims=keepdims), ours(x, axis=axis, keepdims=keepdims)
    assert (recorded.op.name, len(recorded.parents)) == (name, 1)
    assert recorded.dtype == plain.dtype == dtype
    assert recorded.shape == plain.shape == np.shape(expected)
    np.testing.assert_allclose(recorded.data, expected, rtol=8 * np.finfo(dtype).eps, atol=4 * np.finfo(dtype).eps)
    assert np.array_equal(plain, recorded.data)


@each_share
@given(data=st.data(), x=of_any_shape, dtype=st.sampled_from([np.float64, np.float32]))
def test_shares_along_any_axes_are_scipy_s_in_one_node(name: str, data: st.DataObject, x: Any, dtype: Any) -> None:
    x, axis = x.astype(dtype), axes_of(data, x)
    out = getattr(autograd, name)(Tensor(x), axis=axis)
    assert (out.op.symbol, len(out.parents), out.parents[0].op) == (name, 1, None)
    assert (out.shape, out.dtype) == (x.shape, dtype)
    np.testing.assert_allclose(out.data, SHARES[name](x, axis=axis), rtol=0, atol=8 * np.finfo(dtype).eps)
    assert np.array_equal(out.data, getattr(Tensor(x), name)(axis).data)


@pytest.mark.parametrize("name", [*THEIRS, "softmax", "log_softmax"])
@given(x=st.integers(1, 5).map(lambda n: (n,)).flatmap(numbers))
def test_a_row_of_an_array_has_the_numbers_of_a_list(name: str, x: Any) -> None:
    function: Any = getattr(autograd, name)
    weights = np.cos(np.arange(x.size))
    t, values = Tensor(np.stack([x, x])), [Value(each) for each in x]
    of_array, of_list = function(t, axis=1), function(values)
    if isinstance(of_list, list):
        of_array, of_list = (of_array * weights).sum(1), autograd.dot(of_list, weights)
    of_array[1].backward()
    of_list.backward()
    slopes: Any = [np.zeros(x.size), [v.grad for v in values]]
    assert of_array.data[0] == pytest.approx(of_list.data, rel=1e-14, abs=1e-14)
    np.testing.assert_allclose(t.grad, slopes, rtol=1e-13, atol=1e-13)


@given(x=st.integers(2, 5).map(lambda n: (2, n)).flatmap(numbers), ddof=st.sampled_from([0, 0.5, 1]))
def test_the_divisor_of_a_variance_is_numpy_s_or_pytorch_s(x: Any, ddof: float) -> None:
    for name in ("var", "std"):
        ours, theirs = getattr(autograd, name), getattr(np, name)
        expected = theirs(x, axis=1, ddof=ddof)
        assert ours(Tensor(x), axis=1, ddof=ddof).data == pytest.approx(expected, rel=1e-14)
        assert ours(Tensor(x), 1, correction=ddof).data == pytest.approx(expected, rel=1e-14)
        assert theirs(Tensor(x), axis=1, ddof=ddof).data == pytest.approx(expected, rel=1e-14)
        assert ours([Value(each) for each in x[0]], ddof=ddof).data == pytest.approx(expected[0], rel=1e-14)


@given(data=st.data(), x=shapes(1, min_side=1).flatmap(numbers), order=st.sampled_from([None, 1, 2, np.inf]))
def test_a_norm_along_an_axis_is_numpy_s(data: st.DataObject, x: Any, order: float | None) -> None:
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    expected = np.linalg.norm(x, order, axis, keepdims=True)
    assert autograd.norm(Tensor(x), order, axis, keepdims=True).data == pytest.approx(expected, rel=1e-14)
    assert np.linalg.norm(Tensor(x), order, axis).data == pytest.approx(expected.squeeze(axis), rel=1e-14)


def test_a_norm_of_a_matrix_by_order_is_refused_since_numpy_means_another() -> None:
    x = np.ones((2, 3))
    assert autograd.norm(Tensor(x)).data == np.linalg.norm(x)
    with pytest.raises(ValueError, match=r"norm: ord=2 of an array of shape \(2, 3\) along several axes would be"):
        autograd.norm(Tensor(x), 2)
    with pytest.raises(ValueError, match="norm: ord is 1, 2 or inf, got 3"):
        autograd.norm(Tensor(x), 3, axis=0)


def test_norms_of_lists_take_values() -> None:
    x = [Value(3.0), Value(-4.0)]
    assert [autograd.norm(x, order).data for order in (None, 1, 2, math.inf)] == [5.0, 7.0, 5.0, 4.0]
    autograd.norm(x, 1).backward()
    assert [v.grad for v in x] == [1.0, -1.0]


@pytest.mark.parametrize("x", [np.zeros(3), np.full(3, 0.1)])
@pytest.mark.parametrize("name", ["norm", "std"])
def test_where_a_length_is_0_its_gradients_are_0_at_every_order(name: str, x: Any) -> None:
    function: Any = getattr(autograd, name)
    x = x - x if name == "norm" else x
    for leaves in (Tensor(x), [Value(each) for each in x]):
        slope = function(leaves).gradient(leaves)
        total: Any = autograd.sum(slope)
        second = total.gradient(leaves)
        for found in (slope, second):
            assert [float(getattr(each, "data", each)) for each in found] == [0.0, 0.0, 0.0]
    assert gradient(function, x).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("scale", [1e200, 1e-200, 1e-310])
def test_the_squares_of_a_norm_neither_overflow_nor_vanish(scale: float) -> None:
    x = np.array([[3.0, -4.0], [3.0, 0.0]]) * scale
    assert autograd.norm(Tensor(x), axis=1).data == pytest.approx(np.array([5.0, 3.0]) * scale)
    assert gradient(lambda t: autograd.norm(t, axis=1).sum(), x) == pytest.approx(np.array([[0.6, -0.8], [1.0, 0.0]]))
    single = autograd.norm(Tensor([3e30, -4e30], dtype=np.float32))
    assert (single.dtype, single.item()) == (np.float32, pytest.approx(5e30))


def test_large_numbers_overflow_no_exponential() -> None:
    x = Tensor([[1e4, 0.0, -1e4], [1000.0, 1000.0, -np.inf]])
    assert autograd.softmax(x).data.tolist() == [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0]]
    assert autograd.log_softmax(x).data[0].tolist() == [0.0, -1e4, -2e4]
    assert gradient(lambda t: autograd.log_softmax(t)[0, 1], x.data[:1]).tolist() == [[-1.0, 1.0, 0.0]]
    assert x.logsumexp(axis=1).data == pytest.approx([1e4, 1000.0 + math.log(2.0)])


@pytest.mark.parametrize("x", [[2.0, 0.0, 5.0], [0.0, 0.0, 5.0], [2.0, 3.0, 5.0]])
def test_the_gradient_of_a_product_is_the_product_of_the_others(x: list[float]) -> None:
    others = [math.prod(x[:i] + x[i + 1 :]) for i in range(3)]
    assert gradient(autograd.prod, x).tolist() == others
    assert gradient(lambda t: autograd.prod(t, axis=1).sum(), [x, x]).tolist() == [others, others]
    t = Tensor(x)
    assert t.prod().gradient(t).sum().gradient(t).data.tolist() == [x[1] + x[2], x[0] + x[2], x[0] + x[1]]


def test_the_product_of_very_many_numbers_has_a_gradient() -> None:
    x = np.exp(1e-3 * np.sin(np.arange(100_000.0)))
    t = Tensor(x)
    t.prod().backward()
    np.testing.assert_allclose(t.grad, np.prod(x) / x, rtol=1e-9)


def test_elements_that_tie_share_the_gradient() -> None:
    x = [[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]]
    assert gradient(lambda t: autograd.max(t, axis=1).sum(), x).tolist() == [[0.0, 0.5, 0.5], [1 / 3] * 3]
    assert gradient(autograd.min, x).tolist() == [[1.0, 0.0, 0.0], [0.0] * 3]


def test_no_elements_sum_to_0_and_multiply_to_1() -> None:
    for name, result in (("sum", 0.0), ("prod", 1.0), ("norm", 0.0)):
        t = Tensor(np.zeros((2, 0)))
        out = getattr(autograd, name)(t, axis=1)
        assert out.data.tolist() == [result, result]
        out.backward(np.ones(2))
        assert np.shape(t.grad) == (2, 0)


@pytest.mark.parametrize("name", ["mean", "max", "min", "var", "std", "logsumexp"])
def test_what_needs_elements_says_that_there_are_none(name: str) -> None:
    function: Any = getattr(autograd, name)
    assert function(Tensor(np.zeros((2, 0))), axis=0).shape == (0,)
    with pytest.raises(ValueError, match=rf"{name} of no elements is not defined: the array has the shape \(2, 0\)"):
        function(Tensor(np.zeros((2, 0))), axis=1)


@each_share
@pytest.mark.parametrize("axis", [0, 1, None])
def test_the_shares_of_nothing_are_none(name: str, axis: int | None) -> None:
    t = Tensor(np.zeros((2, 0)))
    out = getattr(autograd, name)(t, axis)
    out.sum().backward()
    assert out.shape == np.shape(t.grad) == (2, 0)


def test_a_variance_of_too_few_elements_says_so() -> None:
    for x in ([1.0], np.ones((3, 1)), Tensor(np.ones((3, 1)))):
        with pytest.raises(ValueError, match="var: of 1 elements, ddof=1 leaves none to divide by"):
            autograd.var(x, ddof=1) if isinstance(x, list) else autograd.var(x, axis=1, ddof=1)


def test_axes_that_there_are_not_are_named() -> None:
    with pytest.raises(IndexError, match="softmax: there is no axis 2 in an array of 2 dimensions"):
        autograd.softmax(Tensor(np.ones((2, 2))), axis=2)
    with pytest.raises(IndexError, match="log_softmax: there is no axis 1 in an array of 1 dimensions"):
        autograd.log_softmax([1.0, 2.0], axis=1)
    with pytest.raises(IndexError, match="std: there is no axis 1 in an array of 1 dimensions"):
        autograd.std(Tensor([1.0, 2.0]), axis=1, ddof=1)


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
def test_values_and_gradients_are_pytorch_s(name: str, data: st.DataObject) -> None:
    torch = pytest.importorskip("torch")
    x = data.draw(shapes(1, min_side=2).flatmap(numbers))
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    calls: dict[str, Callable[[Any], Any]] = {
        "softmax_along": lambda t: t.softmax(axis),
        "log_softmax": lambda t: t.log_softmax(axis),
        "var": lambda t: t.var(axis, correction=1),
        "std": lambda t: t.std(axis, correction=1),
        "norm": lambda t: t.norm(axis=axis),
    }
    theirs = (lambda t: torch.linalg.vector_norm(t, dim=axis)) if name == "norm" else calls[name]
    pytorch.assert_same(calls[name], theirs, x)
