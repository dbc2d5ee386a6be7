"""Pooling: what naive loops give, whom the gradient goes to, and PyTorch's meaning of every setting."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograd import Tensor, Value, avg_pool2d, max_pool2d
from tests.autograd.ops.sample import Array
from tests.autograd.ops.samples_convolution import slid
from tests.autograd.ops.test_linalg import ones, whole

NAN, INF = float("nan"), float("inf")


def by_loops(x: Array, kernel: Any, stride: Any, padding: Any, dilation: Any, fill: float, fold: Any) -> Array:
    """What `fold` makes of the numbers in each window, place by place, the array padded with `fill`."""
    margins = [(0, 0)] * (x.ndim - 2) + [(p, p) for p in padding]
    x = np.pad(x, margins, constant_values=fill)
    reach = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    places = [(n - r) // s + 1 for n, r, s in zip(x.shape[-2:], reach, stride, strict=True)]
    out = np.zeros((*x.shape[:-2], *places))
    for i, j in np.ndindex(*places):
        rows, columns = [slice(a * s, a * s + r, d) for a, s, r, d in zip((i, j), stride, reach, dilation, strict=True)]
        out[..., i, j] = fold(x[..., rows, columns])
    return out


@st.composite
def calls(draw: st.DrawFn) -> tuple[Array, tuple[int, ...], dict[str, Any]]:
    lengths, kernel, sliding = draw(slid(2, 6))
    x = whole(*draw(st.sampled_from([(), (2,), (2, 3), (0, 3)])), *lengths, seed=draw(st.integers(0, 100)))
    return x, kernel, sliding


@given(calls())
def test_max_pool2d_is_what_loops_give(call: Any) -> None:
    x, kernel, sliding = call
    expected = by_loops(x, kernel, **sliding, fill=-INF, fold=lambda window: window.max((-1, -2)))
    np.testing.assert_array_equal(max_pool2d(x, kernel, **sliding), expected)
    np.testing.assert_array_equal(max_pool2d(Tensor(x), kernel, **sliding).data, expected)


@given(calls(), st.booleans())
def test_avg_pool2d_is_what_loops_give(call: Any, count_include_pad: bool) -> None:
    x, kernel, sliding = call
    sliding["padding"] = tuple(min(p, k // 2) for p, k in zip(sliding["padding"], kernel, strict=True))
    assume(all(n + 2 * p >= k for n, p, k in zip(x.shape[-2:], sliding["padding"], kernel, strict=True)))
    sliding["dilation"] = (1, 1)
    fill, mean = (0.0, np.mean) if count_include_pad else (NAN, np.nanmean)
    expected = by_loops(x, kernel, **sliding, fill=fill, fold=lambda window: mean(window, axis=(-1, -2)))
    found = avg_pool2d(Tensor(x), kernel, sliding["stride"], sliding["padding"], count_include_pad)
    np.testing.assert_allclose(found.data, expected, rtol=1e-15, atol=1e-15)


@given(calls(), st.booleans())
def test_gradients_carry_a_change_over_to_the_mean(call: Any, count_include_pad: bool) -> None:
    x, kernel, sliding = call
    sliding = {"stride": sliding["stride"], "count_include_pad": count_include_pad}
    x = x.repeat(3, axis=-1).repeat(3, axis=-2)
    tensor = Tensor(x)
    out = avg_pool2d(tensor, kernel, padding=tuple(k // 2 for k in kernel), **sliding)
    g, change = whole(*out.shape, seed=1), whole(*x.shape, seed=2)
    out.backward(g)
    moved = avg_pool2d(change, kernel, padding=tuple(k // 2 for k in kernel), **sliding)
    assert np.sum(tensor.grad * change) == pytest.approx(np.sum(g * moved), rel=1e-12, abs=1e-11)


def test_the_stride_is_the_size_of_the_window_unless_it_is_given() -> None:
    x = whole(1, 1, 6, 6)
    for pool in (max_pool2d, avg_pool2d):
        assert pool(x, (2, 3)).shape == (1, 1, 3, 2)
        assert pool(x, (2, 3), 1).shape == (1, 1, 5, 4)


def gradient(pool: Any, x: Array, *given_: Any) -> Any:
    tensor = Tensor(x)
    pool(tensor, *given_).sum().backward()
    return tensor.grad.tolist()


def test_of_equal_numbers_the_first_gets_the_gradient() -> None:
    assert gradient(max_pool2d, np.zeros((2, 4)), 2) == [[1, 0, 1, 0], [0, 0, 0, 0]]
    assert gradient(max_pool2d, np.array([[0.0, 1.0, 1.0]]), (1, 2), 1) == [[0, 2, 0]]
    [slope] = max_pool2d(x := Tensor(np.zeros((2, 2))), 2).sum().gradient([x])
    assert slope.tolist() == [[1, 0], [0, 0]]


def test_padding_gets_none_of_it_whatever_the_numbers() -> None:
    assert gradient(max_pool2d, np.full((1, 2), -INF), (1, 2), 2, (0, 1)) == [[1, 1]]
    assert gradient(max_pool2d, np.zeros((1, 2)), (1, 2), 2, (0, 1)) == [[1, 1]]


@pytest.mark.filterwarnings("ignore::autograd.NonFiniteWarning")
def test_nan_is_the_greatest_and_the_first_of_them_gets_the_gradient() -> None:
    x = np.array([[1.0, NAN], [NAN, 2.0]])
    assert np.isnan(max_pool2d(x, 2)).all()
    assert gradient(max_pool2d, x, 2) == [[0, 1], [0, 0]]


def test_single_precision_stays_single() -> None:
    x = Tensor(whole(1, 1, 5, 5), dtype=np.float32)
    for out in (max_pool2d(x, 2, padding=1), avg_pool2d(x, 2, padding=1), avg_pool2d(x, 2, 1, 1, False)):
        x.grad = None
        out.sum().backward()
        assert (out.dtype, x.grad.dtype) == (np.float32, np.float32)
    assert avg_pool2d(x.numpy(), 2, 1, 1, False).dtype == np.float32


def test_whole_numbers_are_taken_as_floats() -> None:
    x = np.arange(16).reshape(4, 4)
    assert max_pool2d(x, 3, padding=1).tolist() == [[5.0, 7.0], [13.0, 15.0]]
    assert avg_pool2d(x, 4).tolist() == [[7.5]]


def test_arrays_of_values_are_pooled_too() -> None:
    x = np.vectorize(Value, otypes=[object])(np.arange(9.0).reshape(3, 3))
    assert max_pool2d(x, 2, 1, 1).data[-1, -1] == 8.0
    mean = avg_pool2d(x, 3)[0, 0]
    mean.backward()
    assert (mean.data, x[0, 0].grad) == (4.0, pytest.approx(1 / 9))
    assert avg_pool2d(x, 2, 2, 1, False).data.round(9).tolist() == [[0.0, 1.5], [4.5, 6.0]]


@pytest.mark.parametrize(
    ("pool", "message"),
    [
        (lambda: max_pool2d(ones(4), 2), r"^max_pool2d: \(4,\): expected images \(N, C, H, W\), or at"),
        (lambda: max_pool2d(ones(1, 1, 4, 4), 5), r"^max_pool2d: \(1, 1, 4, 4\) is smaller than the window \(5, 5\)"),
        (
            lambda: max_pool2d(ones(4, 4), 2, padding=2),
            r"\(4, 4\): with padding 2 a window \(2, 2\) would lie in",
        ),
        (
            lambda: max_pool2d(ones(1, 1), 2, 1, 1, 2),
            r"\(1, 1\): with padding 1 a window \(2, 2\) would lie in",
        ),
        (lambda: avg_pool2d(ones(4, 4), (2, 0)), r"^avg_pool2d: kernel_size is a whole number from 1 up, or 2"),
        (
            lambda: avg_pool2d(ones(4, 4), 2, (1, 2, 3)),
            r"^avg_pool2d: stride is a whole number from 1 up, or 2",
        ),
    ],
)
def test_what_does_not_fit_is_shown_with_its_shapes(pool: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pool()


@settings(max_examples=50)
@given(calls(), st.booleans())
def test_values_and_gradients_are_pytorch_s_ties_included(call: Any, count_include_pad: bool) -> None:
    torch = pytest.importorskip("torch")
    x, kernel, sliding = call
    x = np.clip(x.reshape(-1, *x.shape[-2:]), -1.0, 1.0)  # many numbers are equal
    sliding["padding"] = tuple(min(p, k // 2) for p, k in zip(sliding["padding"], kernel, strict=True))
    reach = [d * (k - 1) + 1 for d, k in zip(sliding["dilation"], kernel, strict=True)]
    assume(all(n + 2 * p >= r for n, p, r in zip(x.shape[-2:], sliding["padding"], reach, strict=True)))
    assume(len(x))
    of_torch = torch.nn.functional
    of_means = {"stride": sliding["stride"], "padding": sliding["padding"], "count_include_pad": count_include_pad}
    assume(all(n + 2 * p >= k for n, p, k in zip(x.shape[-2:], sliding["padding"], kernel, strict=True)))
    pools = [(max_pool2d, of_torch.max_pool2d, sliding), (avg_pool2d, of_torch.avg_pool2d, of_means)]
    for ours, theirs, given_ in pools:
        mine, other = Tensor(x), torch.tensor(x, requires_grad=True)
        out, expected = ours(mine, kernel, **given_), theirs(other, kernel, **given_)
        np.testing.assert_allclose(out.data, expected.detach().numpy(), rtol=1e-14, atol=1e-15)
        out.backward(whole(*out.shape, seed=3))
        expected.backward(torch.tensor(whole(*out.shape, seed=3)))
        np.testing.assert_allclose(mine.grad, other.grad.numpy(), rtol=1e-14, atol=1e-14)
