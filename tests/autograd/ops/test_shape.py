"""What moves elements about does it as NumPy does, whatever the shape, and brings each gradient back to its place."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Tensor, Value
from tests.autograd.ops.sample import Array, Sample
from tests.autograd.ops.samples_shape import BY_NUMPY, SAMPLES, numbers, shapes

EMPTY: dict[str, Callable[[Any], Any]] = {
    "reshape": lambda t: autograd.reshape(t, (3, 0)),
    "ravel": lambda t: autograd.ravel(t),
    "transpose": lambda t: autograd.transpose(t),
    "moveaxis": lambda t: autograd.moveaxis(t, 0, -1),
    "expand_dims": lambda t: autograd.expand_dims(t, 0),
    "flip": lambda t: autograd.flip(t, 0),
    "roll": lambda t: autograd.roll(t, 1),
    "tile": lambda t: autograd.tile(t, (2, 2)),
    "repeat": lambda t: autograd.repeat(t, 2, 1),
    "pad": lambda t: autograd.pad(t, 1),
    "broadcast_to": lambda t: autograd.broadcast_to(t, (2, 0, 3)),
    "concatenate": lambda t: autograd.concatenate([t, np.ones((2, 3))]),
    "stack": lambda t: autograd.stack([t, t]),
    "split": lambda t: autograd.split(t, 1)[0],
    "slice": lambda t: t[:, ::-1],
    "no index": lambda t: t[[]],
    "sort": lambda t: autograd.sort(t),
    "cumsum": lambda t: autograd.cumsum(t, 0),
    "diagonal": lambda t: autograd.diagonal(t),
    "trace": lambda t: autograd.trace(t),
    "triu": lambda t: autograd.triu(t),
    "where": lambda t: autograd.where(np.zeros((1, 3), bool), t, 1.0),
    "clip": lambda t: autograd.clip(t, 0.0, 1.0),
}


def gradient_of(function: Callable[[Tensor], Tensor], x: Any, dtype: Any = None) -> Array:
    """What the gradient 1, 2, 3, … of the result is in the operand."""
    t = Tensor(x, dtype=dtype)
    out = function(t)
    out.backward(np.arange(1.0, out.size + 1).reshape(out.shape))
    return np.asarray(t.grad)


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
def test_the_values_are_numpy_s(name: str, data: st.DataObject) -> None:
    sample: Sample = data.draw(SAMPLES[name])
    call: Any = sample.call
    expected = call.by_numpy(*sample.arrays)
    recorded, plain = call(*map(Tensor, sample.arrays)), call(*sample.arrays)
    assert isinstance(recorded, Tensor)
    assert recorded.shape == np.shape(plain) == np.shape(expected)
    assert np.array_equal(recorded.data, expected)
    assert np.array_equal(plain, expected)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in BY_NUMPY])
@given(data=st.data())
def test_numpy_s_functions_do_the_same_with_tensors(name: str, data: st.DataObject) -> None:
    sample: Sample = data.draw(SAMPLES[name])
    call: Any = sample.call
    tensors = [Tensor(x) for x in sample.arrays]
    theirs, ours = call.by_numpy(*tensors), call(*tensors)
    assert isinstance(theirs, Tensor)
    assert np.array_equal(theirs.data, ours.data)
    assert theirs.op is ours.op


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
def test_float32_stays_and_a_gradient_has_its_operand_s_shape(name: str, data: st.DataObject) -> None:
    sample: Sample = data.draw(SAMPLES[name])
    tensors = [Tensor(x, dtype=np.float32) for x in sample.arrays]
    out = sample.call(*tensors)
    assert out.dtype == np.float32
    out.backward(np.ones(out.shape))
    for t in tensors:
        if t.grad is not None:
            assert (t.grad.shape, t.grad.dtype) == (t.shape, np.float32)


@pytest.mark.parametrize("name", EMPTY)
def test_an_axis_may_have_no_length(name: str) -> None:
    x = np.zeros((0, 3))
    t = Tensor(x)
    out = EMPTY[name](t)
    assert np.array_equal(out.data, EMPTY[name](x))
    out.backward(np.ones(out.shape))
    assert t.grad.shape == (0, 3)
    assert EMPTY[name](t).sum().gradient(t).shape == (0, 3)


@given(st.data())
def test_what_only_moves_elements_is_undone_by_its_gradient(data: st.DataObject) -> None:
    x = data.draw(numbers(data.draw(shapes(2, 3))))
    moves: list[Callable[[Tensor], Tensor]] = [
        lambda t: t.ravel(), lambda t: t.T, lambda t: t.mT, lambda t: t.flip(), lambda t: t.roll(1),
        lambda t: t.sort(None),
    ]  # fmt: skip
    for move in moves:
        t = Tensor(x)
        out = move(t)
        out.backward(out.data)
        assert np.array_equal(t.grad, x)


def test_methods_take_numbers_or_a_tuple() -> None:
    t = Tensor(np.arange(24.0).reshape(2, 3, 4))
    assert t.reshape(4, -1).shape == t.reshape((4, 6)).shape == t.reshape([4, 6]).shape == (4, 6)
    assert t.reshape(-1).shape == t.ravel().shape == t.flatten().shape == (24,)
    assert t.transpose(2, 0, 1).shape == t.transpose((2, 0, 1)).shape == (4, 2, 3)
    assert t.transpose().shape == t.T.shape == (4, 3, 2)
    assert t.mT.shape == t.swapaxes(1, -1).shape == (2, 4, 3)
    assert t.moveaxis(0, -1).shape == (3, 4, 2)
    assert t[None].squeeze(0).shape == t.shape
    assert np.array_equal(t.flip(0, 1).data, np.flip(t.data, (0, 1)))
    assert t.tile(2, 1, 1).shape == (4, 3, 4)
    assert t.broadcast_to((2, 2, 3, 4)).shape == (2, 2, 3, 4)


def test_a_result_shares_memory_with_its_operand_and_neither_can_be_changed() -> None:
    t = Tensor(np.arange(6.0).reshape(2, 3))
    for view in (t.ravel(), t.T, t[0], t.flip(), t.broadcast_to((4, 2, 3))):
        assert np.shares_memory(view.data, t.data)
        with pytest.raises(ValueError, match="cannot be changed in place"):
            view.data[...] = 1.0


def test_the_settings_that_are_recorded_are_no_longer_the_caller_s() -> None:
    shape, axes, axis = [3, 2], [1, 0], [0]
    t = Tensor(np.arange(6.0).reshape(2, 3))
    results = [t.reshape(shape), t.transpose(axes), t.flip(axis)]
    shape[0], axes[0], axis[0] = 7, 7, 7
    assert [node.settings for node in results] == [{"shape": (3, 2)}, {"axes": (1, 0)}, {"axis": (0,)}]
    for node in results:
        node.sum().backward()


def test_a_value_is_an_array_without_axes() -> None:
    v = Value(3.0)
    row = autograd.broadcast_to(v, (2, 2)) * np.arange(4.0).reshape(2, 2)
    row.backward(np.ones((2, 2)))
    assert v.grad == 6.0
    for out in (autograd.reshape(v, (1, 1)), autograd.expand_dims(v, 0), autograd.ravel(v), autograd.tile(v, 2)):
        assert isinstance(out, Tensor)
        assert out.sum().gradient(v).data == out.size


ERRORS: dict[str, Callable[[Tensor], Any]] = {
    "reshape: (2, 3): cannot reshape array of size 6 into shape (4,2)": lambda t: t.reshape(4, 2),
    "reshape, shape: expected whole numbers, got 2.5": lambda t: t.reshape(2.5),
    "reshape, shape: expected whole numbers, got (2.0, 3)": lambda t: t.reshape(2.0, 3),
    "transpose: (2, 3): name every axis once, got (1,)": lambda t: t.transpose(1),
    "transpose: axis (0, 0) names one axis twice": lambda t: t.transpose(0, 0),
    "swapaxes: there is no axis 2 in an array of 2 dimensions": lambda t: t.swapaxes(0, 2),
    "moveaxis: 1 axes cannot go to 2 places": lambda t: t.moveaxis(0, (0, 1)),
    "expand_dims: there is no axis 3 in an array of 3 dimensions": lambda t: autograd.expand_dims(t, 3),
    "squeeze: (2, 3): only an axis of length 1 can be left out, got axis 1": lambda t: t.squeeze(1),
    "broadcast_to: (2, 3) to (4, 3): 2 ≠ 4": lambda t: t.broadcast_to((4, 3)),
    "broadcast_to: (2, 3) to (3,): 2 axes cannot become 1": lambda t: t.broadcast_to(3),
    "flip: there is no axis 2 in an array of 2 dimensions": lambda t: t.flip(2),
    "roll: 2 shifts for 3 axes": lambda t: t.roll((1, 2), (0, 1, 0)),
    "flip: got a list or array that holds Tensors: put them together by stack": lambda t: autograd.flip([t, t]),
}


@pytest.mark.parametrize("message", ERRORS)
def test_an_error_shows_shapes_and_what_was_wrong(message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=re.escape(message)):
        ERRORS[message](Tensor(np.zeros((2, 3))))


PYTORCH: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Any], Any]]] = {
    "flip": (lambda t: t.flip(0, 2), lambda t: t.flip(0, 2)),
    "roll": (lambda t: t.roll((1, -2), (0, 1)), lambda t: t.roll((1, -2), (0, 1))),
    "moveaxis": (lambda t: t.moveaxis(0, 2), lambda t: t.moveaxis(0, 2)),
    "tile": (lambda t: t.tile(2, 1, 2), lambda t: t.tile(2, 1, 2)),
    "repeat": (lambda t: t.repeat(2, 1), lambda t: t.repeat_interleave(2, 1)),
    "cumsum": (lambda t: t.cumsum(1), lambda t: t.cumsum(1)),
    "tril": (lambda t: t.tril(-1), lambda t: t.tril(-1)),
    "triu": (lambda t: t.triu(1), lambda t: t.triu(1)),
    "diagonal": (lambda t: t.diagonal(1, 0, 2), lambda t: t.diagonal(1, 0, 2)),
    "sort": (lambda t: t.sort(1), lambda t: t.sort(dim=1, stable=True).values),
    # Between the elements: at a bound itself PyTorch 2.13 gave 1, as we do (edge_points.md), and PyTorch 2.15 gives 0.
    "clip": (lambda t: t.clip(1.5, 3.5), lambda t: t.clip(1.5, 3.5)),
    "repeats": (lambda t: t[[1, 0, 1], ..., [2, 2, 2]], lambda t: t[[1, 0, 1], ..., [2, 2, 2]]),
    "mask": (lambda t: t[t > 2.0], lambda t: t[t > 2.0]),
    "None": (lambda t: t[..., None, 1], lambda t: t[..., None, 1]),
    "where": (lambda t: autograd.where(t > 2.0, t, 0.0), lambda t: t.where(t > 2.0, t.new_zeros(()))),
}


@pytest.mark.parametrize("name", PYTORCH)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_values_and_gradients_are_pytorch_s(name: str, dtype: str) -> None:
    torch = pytest.importorskip("torch")
    ours, theirs = PYTORCH[name]
    x = np.random.default_rng(0).integers(0, 6, (2, 3, 4)).astype(dtype)  # with ties
    t = torch.tensor(x, requires_grad=True)
    out = theirs(t)
    out.backward(torch.arange(1.0, out.numel() + 1, dtype=out.dtype).reshape(out.shape))
    assert np.array_equal(ours(Tensor(x)).data, out.detach().numpy())
    assert np.array_equal(gradient_of(ours, x), t.grad.numpy())
