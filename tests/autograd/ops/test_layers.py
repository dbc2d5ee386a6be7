"""Normalization, dropout and embedding: PyTorch's numbers and gradients, and chance that is fair and repeatable."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Tensor, Value
from tests.autograd.ops import pytorch
from tests.autograd.ops.samples_shape import numbers, shapes

EPS = 0.01
of_rows = shapes(1, min_side=1).flatmap(numbers)
of_channels = shapes(2, min_side=1).filter(lambda shape: np.prod(shape) > shape[1]).flatmap(numbers)


@given(data=st.data(), x=of_rows, dtype=st.sampled_from([np.float64, np.float32]))
def test_a_row_is_brought_to_mean_0_and_variance_1(data: st.DataObject, x: Any, dtype: Any) -> None:
    count = data.draw(st.integers(1, x.ndim))
    lengths, axes = x.shape[-count:], tuple(range(-count, 0))
    weight, bias = data.draw(numbers(lengths)), data.draw(numbers(lengths))
    expected = (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + EPS)
    t = Tensor(x, dtype=dtype)
    for given_, affine in (({}, expected), ({"weight": weight, "bias": bias}, expected * weight + bias)):
        out = autograd.layer_norm(t, lengths, **given_, eps=EPS)
        assert (out.op.name, out.dtype, len(out.parents)) == ("layer_norm", dtype, 1)
        tolerance = 200 * np.finfo(dtype).eps
        np.testing.assert_allclose(out.data, affine, rtol=tolerance, atol=tolerance)
    assert np.array_equal(autograd.layer_norm(t, x.shape[-1]).data, autograd.layer_norm(t).data)


@given(x=of_channels)
def test_a_channel_is_brought_to_mean_0_and_variance_1(x: Any) -> None:
    axes = tuple(i for i in range(x.ndim) if i != 1)
    expected = (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + EPS)
    out = autograd.batch_norm(Tensor(x), training=True, eps=EPS)
    assert (out.op.name, len(out.parents)) == ("batch_norm", 1)
    np.testing.assert_allclose(out.data, expected, rtol=1e-13, atol=1e-13)


def test_training_moves_the_running_statistics_in_place_and_only_training() -> None:
    x = np.array([[1.0, 10.0], [3.0, 30.0]])
    mean, var = np.zeros(2, np.float32), np.ones(2, np.float32)
    autograd.batch_norm(Tensor(x), mean, var, training=True, momentum=0.5)
    assert (mean.tolist(), var.tolist()) == ([1.0, 10.0], [1.5, 100.5])
    out = autograd.batch_norm(Tensor(x), mean, var, Tensor([1.0, 2.0]), Tensor([0.0, 5.0]), eps=0.0)
    assert (mean.tolist(), var.tolist()) == ([1.0, 10.0], [1.5, 100.5])
    np.testing.assert_allclose(out.data, (x - [1.0, 10.0]) / np.sqrt([1.5, 100.5]) * [1.0, 2.0] + [0.0, 5.0])
    assert autograd.batch_norm(Tensor(x), training=True, eps=0.0).data.tolist() == [[-1.0, -1.0], [1.0, 1.0]]


@pytest.mark.parametrize("dtype", [int, np.uint8, bool])
def test_numbers_that_are_no_floats_are_normalized_as_floats(dtype: Any) -> None:
    x = np.array([[0, 1], [1, 0]], dtype)
    mean, var = np.array([0.5, 0.25]), np.array([0.25, 0.5])
    expected = autograd.batch_norm(x.astype(float), mean, var)
    found = autograd.batch_norm(x, mean, var)
    assert found.dtype == np.float64
    assert np.array_equal(found, expected)


def test_a_failed_call_leaves_the_running_statistics_alone() -> None:
    mean, var = np.zeros(2), np.ones(2)
    with pytest.raises(ValueError, match=r"batch_norm: weight must have the shape \(2,\), got \(3,\)"):
        autograd.batch_norm(Tensor(np.ones((4, 2))), mean, var, np.ones(3), training=True)
    assert (mean.tolist(), var.tolist()) == ([0.0, 0.0], [1.0, 1.0])


@pytest.mark.parametrize("p", [0.001, 0.25, 0.45, 0.9])
def test_dropout_drops_with_the_probability_asked_for(p: float) -> None:
    x = Tensor(np.full((1000, 1000), 3.0, np.float32))
    out = autograd.dropout(x, p, rng=0)
    dropped = np.mean(out.data == 0.0)
    assert abs(dropped - p) < 5.0 * np.sqrt(p * (1.0 - p) / x.size)
    kept = np.float32(1.0 / (1.0 - p))
    assert out.dtype == np.float32
    assert set(np.unique(out.data)) == {np.float32(0.0), np.float32(3.0) * kept}
    out.backward(np.ones(x.shape))
    assert np.array_equal(x.grad, np.where(out.data == 0.0, np.float32(0.0), kept))


@pytest.mark.parametrize("p", [2.0**-16, 3.0 * 2.0**-18, 1.0 - 2.0**-17])
def test_dropout_is_fair_beyond_its_16_bits(p: float) -> None:
    dropped = sum(int(np.sum(autograd.dropout(np.ones(2**20), p, rng=seed) == 0.0)) for seed in range(20))
    assert abs(dropped - 20 * 2**20 * p) < 5.0 * np.sqrt(20 * 2**20 * p * (1.0 - p))


def test_places_are_dropped_independently_of_each_other() -> None:
    kept = (autograd.dropout(np.ones(2**20), 0.5, rng=0) > 0.0).astype(float) - 0.5
    for distance in (1, 2, 3, 4, 8, 64):
        assert abs(np.mean(kept[distance:] * kept[:-distance]) * 4.0) < 5.0 / np.sqrt(kept.size)


@settings(max_examples=20)
@given(x=shapes(0).flatmap(numbers), p=st.floats(0.0, 1.0), seed=st.integers(0, 2**32))
def test_a_seed_gives_the_same_choice_and_a_generator_goes_on(x: Any, p: float, seed: int) -> None:
    first, again = (autograd.dropout(Tensor(x), p, rng=seed).data for _ in range(2))
    assert np.array_equal(first, again)
    ours, theirs = np.random.default_rng(seed), np.random.default_rng(seed)
    for _ in range(2):
        assert np.array_equal(autograd.dropout(x, p, rng=ours), autograd.dropout(Tensor(x), p, rng=theirs).data)


def test_a_generator_s_choices_differ_and_so_do_those_of_no_generator() -> None:
    x, rng = np.ones(200), np.random.default_rng(0)
    assert not np.array_equal(autograd.dropout(x, rng=rng), autograd.dropout(x, rng=rng))
    assert not np.array_equal(autograd.dropout(x), autograd.dropout(x))


def test_where_nothing_is_dropped_nothing_is_done() -> None:
    x = Tensor([1.0, 2.0])
    assert autograd.dropout(x, 0.5, training=False) is x
    assert autograd.dropout(x, 0.0) is x
    assert autograd.dropout(x, 1.0).data.tolist() == [0.0, 0.0]
    assert autograd.dropout(Value(3.0), 1.0).data == 0.0


@given(data=st.data(), weight=shapes(2, 2, min_side=1).flatmap(numbers))
def test_an_embedding_is_rows_and_each_gets_the_gradients_of_all_its_places(data: st.DataObject, weight: Any) -> None:
    rows = st.integers(0, len(weight) - 1)
    indices = np.array(data.draw(st.lists(st.lists(rows, min_size=2, max_size=2), max_size=4)), int).reshape(-1, 2)
    t = Tensor(weight)
    out = autograd.embedding(indices, t)
    assert np.array_equal(out.data, weight[indices])
    assert out.op.name == "getitem"
    g = np.arange(1.0, out.size + 1.0).reshape(out.shape)
    out.backward(g)
    one_hot = (indices[..., None] == np.arange(len(weight))) * 1.0
    np.testing.assert_allclose(t.grad, np.einsum("ijr,ijk->rk", one_hot, g))


X = Tensor(np.ones((2, 3)))
WRONG: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "another row": (
        lambda: autograd.layer_norm(X, 2),
        ValueError,
        "layer_norm: normalized_shape must be the end of the array's shape, (2, 3); got (2,)",
    ),
    "weights of another row": (
        lambda: autograd.layer_norm(X, 3, np.ones((2, 3))),
        ValueError,
        "layer_norm: weight must have the shape (3,), got (2, 3)",
    ),
    "no channels": (
        lambda: autograd.batch_norm(Tensor([1.0, 2.0]), training=True),
        ValueError,
        "batch_norm: x has the shape (samples, channels, …), got (2,)",
    ),
    "one number in a channel": (
        lambda: autograd.batch_norm(Tensor(np.ones((1, 3))), training=True),
        ValueError,
        "batch_norm: training needs more than one number in each channel, got the shape (1, 3)",
    ),
    "nothing to normalize with": (
        lambda: autograd.batch_norm(X),
        ValueError,
        "batch_norm: without training, it takes running_mean and running_var to normalize with",
    ),
    "running statistics in a Tensor": (
        lambda: autograd.batch_norm(X, Tensor(np.zeros(3)), np.ones(3)),  # type: ignore[arg-type]
        TypeError,
        "batch_norm: running_mean and running_var are NumPy's arrays, changed in place; got a Tensor",
    ),
    "running statistics of whole numbers": (
        lambda: autograd.batch_norm(X, np.zeros(3, int), np.ones(3)),
        ValueError,
        "batch_norm: running_mean and running_var are arrays of floats of shape (3,), got (3,) of int64",
    ),
    "no probability": (lambda: autograd.dropout(X, 45), ValueError, "dropout: p is a probability, from 0 to 1, got 45"),
    "no row": (
        lambda: autograd.embedding([0, 2], X),
        IndexError,
        "embedding: there is no row 2 among 2, which count from 0",
    ),
    "a row from the end": (
        lambda: autograd.embedding(-1, X),
        IndexError,
        "embedding: there is no row -1 among 2, which count from 0",
    ),
    "rows that are floats": (
        lambda: autograd.embedding([0.0], X),
        TypeError,
        "embedding: indices are whole numbers, got float64",
    ),
    "rows of a number": (
        lambda: autograd.embedding([0], Tensor(1.0)),
        ValueError,
        "embedding: weight has a row for each index, got a single number",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_error_shows_what_was_got(name: str) -> None:
    call, kind, message = WRONG[name]
    with pytest.raises(kind, match=re.escape(message)):
        call()


@given(data=st.data(), x=of_rows)
def test_layer_norm_is_pytorch_s(data: st.DataObject, x: Any) -> None:
    functional = pytest.importorskip("torch.nn.functional")
    lengths = x.shape[-data.draw(st.integers(1, x.ndim)) :]
    affine = data.draw(numbers(lengths)), data.draw(numbers(lengths))
    pytorch.assert_same(
        lambda x, w, b: autograd.layer_norm(x, lengths, w, b, eps=EPS),
        lambda x, w, b: functional.layer_norm(x, lengths, w, b, eps=EPS),
        x,
        *affine,
        rtol=1e-12,
        atol=1e-12,
    )


@given(data=st.data(), x=of_channels, training=st.booleans())
def test_batch_norm_is_pytorch_s(data: st.DataObject, x: Any, training: bool) -> None:
    torch = pytest.importorskip("torch")
    channels = (x.shape[1],)
    affine = data.draw(numbers(channels)), data.draw(numbers(channels))
    mean, var = data.draw(numbers(channels)), np.abs(data.draw(numbers(channels)))
    theirs = [torch.tensor(each) for each in (mean, var)]
    options: dict[str, Any] = {"training": training, "momentum": 0.25, "eps": EPS}
    pytorch.assert_same(
        lambda *x: autograd.batch_norm(x[0], mean, var, *x[1:], **options),
        lambda *x: torch.nn.functional.batch_norm(x[0], *theirs, *x[1:], **options),
        x,
        *affine,
        rtol=1e-12,
        atol=1e-12,
    )
    for ours, other in zip((mean, var), theirs, strict=True):
        np.testing.assert_allclose(ours, other.numpy(), rtol=1e-13, atol=1e-15)
