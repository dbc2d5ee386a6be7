"""Convolutions: what naive loops give, exact gradients, PyTorch's meaning of every setting, and errors with shapes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate

from autograd import Tensor, Value, conv1d, conv2d, fold, windows
from autograd.namespaces import Namespace
from autograd.ops import convolution
from tests.autograd.ops.sample import Array
from tests.autograd.ops.samples_convolution import convolutions, slid
from tests.autograd.ops.test_linalg import ones, whole

Shape = tuple[int, ...]


def by_loops(x: Array, w: Array, b: Array, stride: Any, padding: Any, dilation: Any, groups: int) -> Array:
    """A convolution of images, as it is defined, number by number."""
    x = np.pad(x, [(0, 0), (0, 0), *[(p, p) for p in padding]])
    reach = [d * (k - 1) + 1 for d, k in zip(dilation, w.shape[2:], strict=True)]
    places = [(n - r) // s + 1 for n, r, s in zip(x.shape[2:], reach, stride, strict=True)]
    out = np.zeros((len(x), len(w), *places))
    own = len(w) // groups
    for n, o, i, j in np.ndindex(*out.shape):
        out[n, o, i, j] = b[o]
        for c, k, m in np.ndindex(*w.shape[1:]):
            channel = o // own * w.shape[1] + c
            out[n, o, i, j] += (
                w[o, c, k, m] * x[n, channel, i * stride[0] + k * dilation[0], j * stride[1] + m * dilation[1]]
            )
    return out


@st.composite
def calls(draw: st.DrawFn, axes: int = 2) -> tuple[Array, Array, Array, dict[str, Any]]:
    """Images, filters and a bias of whole numbers, and settings."""
    lengths, kernel, sliding = draw(slid(axes, 6))
    groups, each, own = (draw(st.integers(1, 3)) for _ in range(3))
    x = whole(draw(st.integers(0, 3)), groups * each, *lengths)
    w, b = whole(groups * own, each, *kernel, seed=1), whole(groups * own, seed=2)
    return x, w, b, {**sliding, "groups": groups}


def convolved(operands: list[Tensor], sliding: dict[str, Any]) -> Any:
    x, w, b = operands
    return conv2d(x, w, b, **sliding)


@given(calls())
def test_conv2d_is_what_loops_give(call: Any) -> None:
    x, w, b, sliding = call
    expected = by_loops(x, w, b, **sliding)
    np.testing.assert_array_equal(conv2d(x, w, b, **sliding), expected)
    node = conv2d(Tensor(x), w, Tensor(b), **sliding)
    np.testing.assert_array_equal(node.data, expected)
    assert [type(parent.op) for parent in node.parents] == [type(None)] * 2  # one node, and nothing between


@given(calls(axes=1))
def test_conv1d_is_conv2d_of_images_of_one_row(call: Any) -> None:
    x, w, b, sliding = call
    groups = sliding.pop("groups")
    of_images = {"stride": 1, "padding": 0, "dilation": 1}
    widened = {key: (of_images[key], *value) for key, value in sliding.items()}
    expected = conv2d(x[:, :, None], w[:, :, None], b, **widened, groups=groups)[:, :, 0]
    np.testing.assert_array_equal(conv1d(Tensor(x), w, b, **sliding, groups=groups).data, expected)


@given(st.integers(0, 2**32), st.sampled_from(["valid", "same"]))
def test_it_is_the_correlation_of_signal_processing(seed: int, padding: str) -> None:
    x, w = np.random.default_rng(seed).normal(size=(6, 5)), np.random.default_rng(seed + 1).normal(size=(3, 3))
    [[found]] = conv2d(x[None, None], w[None, None], padding=padding)
    np.testing.assert_allclose(found, correlate(x, w, mode=padding), rtol=1e-9, atol=1e-12)


@given(calls())
def test_gradients_carry_a_change_of_any_operand_over_to_the_result(call: Any) -> None:
    x, w, b, sliding = call
    tensors = [Tensor(each) for each in (x, w, b)]
    out = convolved(tensors, sliding)
    g = whole(*out.shape, seed=3)
    out.backward(g)
    dx, dw, db = (whole(*each.shape, seed=4) for each in (x, w, b))
    nothing = np.zeros_like(b)
    moved = [conv2d(dx, w, nothing, **sliding), conv2d(x, dw, nothing, **sliding), db[:, None, None] + 0.0 * g]
    for tensor, change, of_result in zip(tensors, (dx, dw, db), moved, strict=True):
        assert tensor.grad.shape == tensor.shape
        assert np.sum(tensor.grad * change) == np.sum(g * of_result)


@given(calls())
def test_images_taken_few_at_a_time_give_the_same(call: Any) -> None:
    x, w, b, sliding = call
    every: list[Array] = []
    found: list[Array] = []
    for size, results in ((2**30, every), (1, found)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(convolution, "_IN_CACHE", size)
            tensors = [Tensor(each) for each in (x, w, b)]
            out = convolved(tensors, sliding)
            out.backward(whole(*out.shape, seed=3))
            results += [out.data, *[tensor.grad for tensor in tensors]]
    for a, c in zip(every, found, strict=True):
        np.testing.assert_array_equal(a, c)


def test_padding_the_same_keeps_the_lengths_and_puts_what_is_odd_behind() -> None:
    x = whole(1, 1, 5, 6)
    assert conv2d(x, whole(1, 1, 3, 5), padding="same", dilation=(2, 1)).shape == x.shape
    np.testing.assert_array_equal(conv1d(x[0, :1, :1], np.ones((1, 1, 2)), padding="same")[0, 0, -1:], x[0, 0, 0, -1:])
    assert conv2d(x, whole(1, 1, 2, 2), padding="valid").shape == (1, 1, 4, 5)


def test_single_precision_stays_single() -> None:
    x, w, b = (Tensor(each, dtype=np.float32) for each in (whole(2, 2, 4, 4), whole(2, 1, 3, 3), whole(2)))
    out = conv2d(x, w, b, padding=1, groups=2)
    out.sum().backward()
    assert {each.dtype for each in (out, x.grad, w.grad, b.grad)} == {np.dtype(np.float32)}
    [slope] = out.tanh().sum().gradient([x])
    assert slope.dtype == np.float32


@given(convolutions(2, 2))
def test_arrays_of_values_give_the_graph_number_by_number(sample: Any) -> None:
    values = [np.vectorize(Value, otypes=[object])(x) for x in sample.arrays]
    total = np.sum(np.tanh(sample.call(*values)))
    tensors = [Tensor(x) for x in sample.arrays]
    sample.call(*tensors).tanh().sum().backward()
    total.backward()
    for each, tensor in zip(values, tensors, strict=True):
        slopes = [0.0 if value.grad is None else value.grad for value in each.flat]  # a stride may pass a number by
        np.testing.assert_allclose(np.reshape(slopes, each.shape), tensor.grad, rtol=1e-12, atol=1e-12)


@given(slid(2, 6), st.booleans())
def test_fold_adds_back_what_windows_copied(drawn: Any, is_wider_behind: bool) -> None:
    lengths, kernel, sliding = drawn
    sliding |= {"kernel": kernel, "padding": tuple((p, p + is_wider_behind) for p in sliding["padding"])}
    x = whole(2, *lengths)
    copied = windows(x, **sliding)
    g = whole(*copied.shape, seed=1)
    folded = fold(g, shape=x.shape, **sliding)
    assert np.sum(copied * g) == np.sum(x * folded)
    times = fold(np.ones(copied.shape), shape=x.shape, **sliding)  # how many windows each number is in
    np.testing.assert_array_equal(fold(copied, shape=x.shape, **sliding), x * times)


class Frozen:
    """An array of a library whose arrays cannot be written to."""

    def __init__(self, array: Array) -> None:
        self.array, self.shape, self.dtype = array, array.shape, array.dtype

    def __getitem__(self, index: Any) -> "Frozen":
        return Frozen(self.array[index])

    def __add__(self, other: "Frozen") -> "Frozen":
        return Frozen(self.array + other.array)


def _scattered(x: Frozen, index: Any, like: Shape) -> Frozen:
    out = np.zeros(like, x.dtype)
    out[index] = x.array
    return Frozen(out)


@given(slid(2, 4))
def test_fold_needs_no_array_that_can_be_written_to(drawn: Any) -> None:
    lengths, kernel, sliding = drawn
    sliding |= {"kernel": kernel, "padding": tuple((p, p) for p in sliding["padding"]), "shape": lengths}
    x = whole(*windows(np.zeros(lengths), **{key: value for key, value in sliding.items() if key != "shape"}).shape)
    found = fold.forward(Namespace({"scatter": _scattered}), Frozen(x), **sliding)
    np.testing.assert_array_equal(found.array, fold(x, **sliding))


@pytest.mark.parametrize(
    ("x", "weight", "given_", "message"),
    [
        ((64, 4, 8, 8), (16, 3, 3, 3), {}, r"^conv2d: x \(64, 4, 8, 8\), weight \(16, 3, 3, 3\): the .* 4 ≠ 3$"),
        ((1, 4, 8, 8), (6, 1, 3, 3), {"groups": 2}, r"the channels differ: 4 ≠ 1 · 2 groups$"),
        ((1, 4, 8, 8), (5, 2, 3, 3), {"groups": 2}, r"5 filters cannot be split in 2 groups$"),
        ((4, 8, 8), (6, 4, 3, 3), {}, r"x is \(N, C, H, W\), weight \(O, C / groups, KH, KW\); .*x\[None\]$"),
        ((1, 4, 2, 2), (6, 4, 3, 3), {}, r"^conv2d: \(1, 4, 2, 2\) is smaller than the window \(3, 3\): take"),
        (
            (1, 4, 2, 2), (6, 4, 2, 2), {"padding": 1, "dilation": 4},
            r"with its padding \(1, 4, 4, 4\), is smaller than the window \(2, 2\), which with .* over \(5, 5\): take",
        ),
        ((1, 4, 2, 2), (6, 4, 0, 2), {}, r"the filters are empty$"),
        ((1, 4, 2, 2), (6, 4, 1, 1), {"bias": ones(4)}, r"bias \(4,\): the bias is a number for each filter: \(6,\)$"),
        ((1, 4, 2, 2), (6, 4, 1, 1), {"stride": 0}, r"stride is a whole number from 1 up, or 2 of them, got 0$"),
        ((1, 4, 2, 2), (6, 4, 1, 1), {"padding": -1}, r"padding is a whole number from 0 up, or 2 of them, got -1$"),
        ((1, 4, 2, 2), (6, 4, 1, 1), {"dilation": (1, 1, 1)}, r"dilation is a whole .* got \(1, 1, 1\)$"),
        ((1, 4, 2, 2), (6, 4, 1, 1), {"padding": "full"}, r'padding is a number or 2 of them, "same" or "valid", got'),
        ((1, 4, 2, 2), (6, 4, 1, 1), {"padding": "same", "stride": 2}, r'"same" goes with a stride of 1, got 2$'),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_shown_with_its_shapes(x: Shape, weight: Shape, given_: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        conv2d(ones(*x), ones(*weight), **given_)


def test_settings_are_whole_numbers_and_the_error_names_the_function() -> None:
    wrong: list[dict[str, Any]] = [{"stride": 1.5}, {"groups": 1.5}, {"dilation": "wide"}]
    for settings_ in wrong:
        [name] = settings_
        with pytest.raises(TypeError, match=f"^conv1d, {name}: expected whole numbers, got "):
            conv1d(ones(1, 1, 4), ones(1, 1, 2), **settings_)
    with pytest.raises(ValueError, match=r"^conv1d: .*: x is \(N, C, L\), weight \(O, C / groups, K\)"):
        conv1d(ones(1, 1, 4, 4), ones(1, 1, 2))


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths:UserWarning")
@settings(max_examples=50)
@given(calls(), st.booleans())
def test_values_and_gradients_are_pytorch_s(call: Any, keeps_the_lengths: bool) -> None:
    torch = pytest.importorskip("torch")
    *operands, sliding = call
    if keeps_the_lengths:
        sliding |= {"stride": 1, "padding": "same"}
    ours, theirs = [Tensor(each) for each in operands], [torch.tensor(each, requires_grad=True) for each in operands]
    out, expected = convolved(ours, sliding), torch.nn.functional.conv2d(*theirs, **sliding)
    np.testing.assert_array_equal(out.data, expected.detach().numpy())
    out.backward(whole(*out.shape, seed=3))
    expected.backward(torch.tensor(whole(*out.shape, seed=3)))
    for a, c in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(a.grad, c.grad.numpy())
