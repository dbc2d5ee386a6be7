"""Parts of arrays by index, order and place: gradients come back to where the elements were taken, and add up there."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograd
from autograd import Tensor, Value
from tests.autograd.ops.sample import Array
from tests.autograd.ops.samples_shape import indices, numbers, shapes


def added_up(gradient: Array, index: Any, shape: tuple[int, ...]) -> Array:
    """The gradient of `x[index]` in `x`, one element after the other."""
    out = np.zeros(shape)
    taken = np.arange(out.size).reshape(shape)[index]
    for place, number in zip(np.ravel(taken), np.ravel(gradient), strict=True):
        out.flat[place] += number
    return out


@given(st.data())
def test_the_gradient_of_a_part_adds_up_where_it_was_taken(data: st.DataObject) -> None:
    x = data.draw(numbers(data.draw(shapes(0, 3, min_side=0))))
    index = data.draw(indices(x.shape))
    t = Tensor(x)
    part = t[index]
    assert isinstance(part, Tensor)
    assert np.array_equal(part.data, x[index])
    gradient = np.arange(1.0, part.size + 1).reshape(part.shape)
    part.backward(gradient)
    assert np.array_equal(t.grad, added_up(gradient, index, x.shape))
    [slope] = [(t[index] * gradient).sum().gradient(t)]
    assert np.array_equal(slope.data, t.grad)


@pytest.mark.parametrize("rows", [3, 50, 4000])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_rows_of_a_table_add_up_however_many_are_taken(rows: int, dtype: Any) -> None:
    generator = np.random.default_rng(rows)
    words = generator.integers(-40, 40, (rows, 2))
    table = Tensor(np.zeros((40, 5)), dtype=dtype)
    gradient = generator.integers(-9, 9, (rows, 2, 5)).astype(float)  # sums of whole numbers are exact
    table[words].backward(gradient)
    expected = np.zeros((40, 5))
    np.add.at(expected, words, gradient)
    assert table.grad.dtype == dtype
    assert np.array_equal(table.grad, expected)


def test_a_single_element_is_a_tensor_without_axes() -> None:
    t = Tensor([[1.0, 2.0], [3.0, 4.0]])
    corner = t[1, -1]
    assert (type(corner), corner.shape, corner.item()) == (Tensor, (), 4.0)
    assert [row.tolist() for row in t] == [[1.0, 2.0], [3.0, 4.0]]
    corner.backward()
    assert t.grad.tolist() == [[0.0, 0.0], [0.0, 1.0]]


def test_what_is_recorded_is_a_copy_of_the_index() -> None:
    places, mask, along = np.array([0, 2]), np.array([True, False, True]), np.array([2, 2])
    t = Tensor([1.0, 2.0, 3.0])
    results = [t[places], t[mask], autograd.where(mask, t, 0.0), t.take(places), autograd.take_along_axis(t, along)]
    before = [node.data.copy() for node in results]
    expected = [[1.0, 0.0, 1.0]] * 4 + [[0.0, 0.0, 2.0]]
    places[:], mask[:], along[:] = 1, False, 0
    for node, numbers_then, slope in zip(results, before, expected, strict=True):
        assert np.array_equal(node.data, numbers_then)
        t.zero_grad()
        node.sum().backward()
        assert t.grad.tolist() == slope
        assert node.sum().gradient(t).tolist() == slope


def test_an_index_is_recorded_in_plain_kinds() -> None:
    t = Tensor(np.zeros((3, 3, 3, 3)))
    ends = np.int32(1), np.array(3)
    [given] = t[np.int64(-1), slice(*ends), ..., [True, False, True]].settings.values()
    assert given[:3] == (-1, slice(1, 3, None), Ellipsis)
    assert [type(part) for part in (given[0], given[1].start, given[1].stop)] == [int, int, int]
    assert given[3].dtype == bool
    assert not given[3].flags.writeable
    assert t[np.array([1], dtype=np.uint8)].settings["index"][0].dtype == np.intp
    assert t[np.array(1)].settings == t[1].settings == {"index": (1,)}
    assert t[True].settings == t[np.True_].settings == {"index": (True,)}


ERRORS: dict[str, Callable[[Tensor], Any]] = {
    "and a Tensor holds floats": lambda t: t[Tensor([0.0, 1.0])],
    "and a Value holds floats": lambda t: t[0, Value(1.0)],
    "an index is made of whole numbers, slices, ..., None or bools, got 1.5": lambda t: t[1.5],
    "an index is made of whole numbers, slices, ..., None or bools, got array([0., 1.])": lambda t: t[
        np.array([0.0, 1.0])
    ],
    "an index is made of whole numbers, slices, ..., None or bools, got 'a'": lambda t: t["a"],
    "index 2 is out of bounds for axis 0 with size 2": lambda t: t[2],
    "too many indices": lambda t: t[0, 0, 0],
    "boolean index did not match": lambda t: t[[True]],
    "take: there is no axis 2 in an array of 2 dimensions": lambda t: t.take([0], axis=2),
    "take_along_axis: (2, 3): indices are an array of whole numbers with as many axes, got the shape (2,)": (
        lambda t: autograd.take_along_axis(t, np.array([0, 0]))
    ),
    "sort: there is no axis 2 in an array of 2 dimensions": lambda t: t.sort(2),
    "diagonal: axis (0, -2) names one axis twice": lambda t: t.diagonal(0, 0, -2),
    "tril: needs at least two axes, got the shape (3,)": lambda t: t[0].tril(),
    "where: (2, 2), (2, 3), (): 2 ≠ 3": lambda t: autograd.where([[True, False]] * 2, t, 0.0),
    "clip: a bound is given once": lambda t: autograd.clip(t, 1.0, min=0.0),
}


@pytest.mark.parametrize("message", ERRORS)
def test_an_error_says_what_was_wrong_with_the_index(message: str) -> None:
    with pytest.raises((IndexError, TypeError, ValueError), match=re.escape(message)):
        ERRORS[message](Tensor(np.zeros((2, 3))))


def test_elements_that_tie_keep_their_order_and_their_gradients() -> None:
    t = Tensor([2.0, 1.0, 2.0, 1.0])
    assert t.argsort().tolist() == [1, 3, 0, 2]
    t.sort().backward([1.0, 2.0, 3.0, 4.0])
    assert t.grad.tolist() == [3.0, 1.0, 4.0, 2.0]


@given(hnp.arrays(float, hnp.array_shapes(min_dims=1, max_dims=3, max_side=4), elements=st.integers(0, 3)), st.data())
def test_orders_and_questions_are_plain_arrays(x: Array, data: st.DataObject) -> None:
    t = Tensor(x)
    axis = data.draw(st.none() | st.integers(-x.ndim, x.ndim - 1))
    keepdims = data.draw(st.booleans())
    for name in ("argmax", "argmin", "any", "all"):
        found, expected = getattr(t, name)(axis, keepdims=keepdims), getattr(np, name)(x, axis, keepdims=keepdims)
        assert np.array_equal(found, expected)
        assert np.array_equal(getattr(autograd, name)(x, axis, keepdims=keepdims), expected)
        assert type(found) is type(expected)
    assert np.array_equal(t.argsort(axis), np.argsort(x, axis, kind="stable"))


def test_a_choice_leaves_constants_and_condition_as_they_are() -> None:
    t = Tensor([1.0, -2.0, 3.0], dtype=np.float32)
    out = autograd.where(t > 0, t, 0.0)
    condition, x, y = out.operands
    assert (out.dtype, condition.dtype, x is t, y) == (np.float32, bool, True, 0.0)
    assert autograd.where(t.data > 0, np.asarray(t.data), 0.0).dtype == np.float32
    out.sum().backward()
    assert t.grad.tolist() == [1.0, 0.0, 1.0]


@pytest.mark.parametrize("condition", [True, np.True_, np.array(True), 1, np.array(1.0), Value(2.0), Tensor(2.0)])
def test_a_single_condition_chooses_the_whole(condition: Any) -> None:
    t = Tensor([1.0, 2.0])
    out = autograd.where(condition, t, 0.0)
    assert out.tolist() == [1.0, 2.0]
    out.sum().backward()
    assert t.grad.tolist() == [1.0, 1.0]
    assert autograd.where(condition, 3.0, 4.0) == 3.0


def test_a_condition_may_be_a_tensor_of_numbers_which_gets_no_gradient() -> None:
    condition, t = Tensor([0.0, 2.0, -1.0]), Tensor([1.0, 2.0, 3.0])
    out = autograd.where(condition, t, [7.0, 8.0, 9.0])
    assert out.tolist() == [7.0, 2.0, 3.0]
    assert out.parents == (t,)


def test_bounds_have_numpy_s_names_and_get_gradients_too() -> None:
    t, low, v = Tensor([-1.0, 0.5, 2.0]), Tensor([0.0, 0.0, 0.0]), Value(3.0)
    out = t.clip(low, 1.0)
    assert out.tolist() == t.clip(min=0.0, max=1.0).tolist() == np.clip(t.data, 0.0, 1.0).tolist()
    out.sum().backward()
    assert (t.grad.tolist(), low.grad.tolist()) == ([0.0, 1.0, 0.0], [1.0, 0.0, 0.0])
    assert autograd.clip(0.5, None, 0.25) == 0.25
    assert v.clip(a_max=2.0).op is autograd.clamp


def test_a_tuple_names_parts_to_take_and_not_axes() -> None:
    t = Tensor([[1.0, 2.0], [3.0, 4.0]])
    assert t.take((0, 3)).tolist() == np.take(t.data, (0, 3)).tolist() == [1.0, 4.0]
    assert t.take((1, 0), axis=1).tolist() == [[2.0, 1.0], [4.0, 3.0]]
