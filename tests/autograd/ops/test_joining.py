"""Arrays, Values and numbers put together, taken apart, repeated and given a margin."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Tensor, Value, concatenate, pad, split, stack
from tests.autograd.ops.samples_shape import numbers, shapes


def test_values_in_rows_make_a_tensor_that_passes_each_its_own_gradient() -> None:
    v = [Value(float(i)) for i in range(4)]
    matrix = stack([[v[0], v[1], 7.0], [v[2], v[3], v[0]]])
    assert isinstance(matrix, Tensor)
    assert matrix.tolist() == [[0.0, 1.0, 7.0], [2.0, 3.0, 0.0]]
    matrix.backward([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])
    assert [value.grad for value in v] == [33.0, 2.0, 8.0, 16.0]
    assert all(type(value.grad) is float for value in v)


def test_values_in_a_row_are_the_parents_of_one_node() -> None:
    v, w = Value(1.0), Value(2.0)
    row = stack([v, w, v])
    assert row.parents == (v, w, v)
    assert [each.data for each in (row**3).sum().gradient([v, w])] == [6.0, 12.0]


@given(st.data())
def test_what_is_stacked_comes_back_by_index(data: st.DataObject) -> None:
    shape = data.draw(shapes(0, 2))
    axis = data.draw(st.integers(-len(shape) - 1, len(shape)))
    x = [data.draw(numbers(shape)) for _ in range(2)]
    tensors = [Tensor(each) for each in x]
    together = autograd.moveaxis(stack(tensors, axis), axis, 0)
    for i, expected in enumerate(x):
        assert np.array_equal(together[i].data, expected)
    (together[0] - 2.0 * together[1]).sum().backward()
    assert np.array_equal(tensors[0].grad, np.ones(shape))
    assert np.array_equal(tensors[1].grad, np.full(shape, -2.0))


def test_a_tensor_beside_values_gives_the_dtype() -> None:
    t, v = Tensor(2.0, dtype=np.float32), Value(1.0)
    out = stack([t, v, 0.1])
    assert out.dtype == np.float32
    out.sum().backward()
    assert (t.grad.dtype, v.grad) == (np.float32, 1.0)


@given(st.data())
def test_split_and_concatenate_undo_each_other(data: st.DataObject) -> None:
    x = data.draw(numbers(data.draw(shapes(1, 3))))
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    cuts = sorted(data.draw(st.lists(st.integers(0, x.shape[axis]), max_size=3)))
    t = Tensor(x)
    again = concatenate(split(t, cuts, axis), axis)
    assert np.array_equal(again.data, x)
    again.backward(x)
    assert np.array_equal(t.grad, x)


def test_a_tensor_may_stand_in_several_places() -> None:
    t = Tensor([1.0, 2.0])
    concatenate([t, [5.0], t, np.array([7.0])]).backward(np.arange(6.0))
    assert t.grad.tolist() == [0.0 + 3.0, 1.0 + 4.0]


@pytest.mark.parametrize("mode", ["edge", "reflect", "symmetric", "wrap"])
def test_a_margin_of_own_elements_is_one_operation(mode: str) -> None:
    t = Tensor(np.arange(6.0).reshape(2, 3))
    out = pad(t, ((1, 0), (1, 2)), mode)
    assert out.parents == (t,)
    out.sum().backward()
    copies = np.pad(np.arange(6).reshape(2, 3), ((1, 0), (1, 2)), mode=mode)  # type: ignore[call-overload]
    assert t.grad.ravel().tolist() == np.bincount(copies.ravel()).tolist()


def test_a_margin_may_be_infinite_without_a_warning() -> None:
    t = Tensor([[1.0, -2.0]], dtype=np.float32)
    out = pad(t, 1, constant_values=-np.inf)
    assert out.dtype == np.float32
    assert out.data.max() == 1.0
    assert np.isneginf(out.data).sum() == 10
    out.max().backward()
    assert t.grad.tolist() == [[1.0, 0.0]]


ERRORS: dict[str, Callable[[Tensor], Any]] = {
    "concatenate: (2, 3), (4, 5) along axis 0: 3 ≠ 5": lambda t: concatenate([t, np.zeros((4, 5))]),
    "concatenate: (2, 3), (4, 5) along axis 1: 2 ≠ 4": lambda t: concatenate([t, np.zeros((4, 5))], 1),
    "concatenate: (2, 3), (2, 1) along axis 0: 3 ≠ 1": lambda t: concatenate([t, np.zeros((2, 1))]),
    "concatenate: (2, 3), (3,): all must have as many axes": lambda t: concatenate([t, t[0]]),
    "concatenate: operand 1 is one number: put numbers together by stack": lambda t: concatenate([t, Value(1.0)]),
    "concatenate: there is no axis 2 in an array of 2 dimensions": lambda t: concatenate([t, t], 2),
    "concatenate: got no arrays": lambda t: concatenate([]),
    "concatenate: expected a list of arrays, got 1.0": lambda t: concatenate(1.0),
    "stack: (2, 3), (3,): all shapes must be one": lambda t: stack([t, t[0]]),
    "stack: (2,), (1,): all shapes must be one": lambda t: stack([[Value(1.0), 2.0], [3.0]]),
    "stack: there is no axis 3 in an array of 3 dimensions": lambda t: stack([t, t], 3),
    "split: (2, 3) along axis 1: no 2 equal parts; see array_split": lambda t: split(t, 2, 1),
    "an array of shape (2, 3) is split into at least 1 part, got 0": lambda t: split(t, 0),
    "repeat: (2, 3) along axis 1: 2 repeats for 3 parts": lambda t: t.repeat([1, 2], 1),
    "pad: (2, 3): pad_width is one number, (before, after), or 2 such pairs; got (1, 2, 3)": lambda t: pad(
        t, (1, 2, 3)
    ),
    "pad: (2, 3): index can't contain negative values": lambda t: pad(t, -1),
    "pad: the modes are constant, edge, reflect, symmetric, wrap; got 'mean'": lambda t: pad(t, 1, "mean"),
    "pad: constant_values are plain numbers": lambda t: pad(t, 1, constant_values=Value(1.0)),
}


@pytest.mark.parametrize("message", ERRORS)
def test_an_error_shows_shapes_and_what_was_wrong(message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=re.escape(message)):
        ERRORS[message](Tensor(np.zeros((2, 3))))
