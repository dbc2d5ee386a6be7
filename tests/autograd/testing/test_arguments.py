"""Arguments in any nesting are one list of named numbers, and come back as they were."""

from collections import namedtuple
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, Value
from autograd.testing.arguments import Arguments, flat, flat_numbers

Pair = namedtuple("Pair", "left right")


def f(x: Any, w: Any, *rest: Any) -> None:
    """A function whose parameters have names."""


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ((1.0,), ["x"]),
        ((1, 2.5), ["x", "w"]),
        ((1.0, 2.0, 3.0, 4.0), ["x", "w", "x3", "x4"]),
        ((Value(1.0, "a"), Value(2.0, "a")), ["a", "a#2"]),
        (([1.0, (2.0, {"b": 3.0})],), ["x[0]", "x[1][0]", "x[1][1]['b']"]),
        ((np.ones((2, 2)), np.float32(0.5)), ["x[0, 0]", "x[0, 1]", "x[1, 0]", "x[1, 1]", "w"]),
        ((np.array(3.0), []), ["x"]),
        ((Pair(1.0, 2.0),), ["x[0]", "x[1]"]),
        ((Value(1.0, "speed"), Value(2.0)), ["speed", "w"]),
        ((Tensor([[1.0, 2.0]]), Tensor(3.0)), ["x[0, 0]", "x[0, 1]", "w"]),
        ((Tensor([1.0, 2.0], "speed"), {"b": Tensor([3.0])}), ["speed[0]", "speed[1]", "w['b'][0]"]),
        ((Tensor(np.ones((2, 0))), 1.0), ["w"]),
    ],
)
def test_every_number_has_a_name(given: tuple[Any, ...], names: list[str]) -> None:
    arguments = Arguments.of(f, given)
    assert list(arguments.names) == names
    assert len(arguments.numbers) == len(arguments.owners) == len(names)
    assert all(type(x) is float for x in arguments.numbers)


@pytest.mark.parametrize(
    "given",
    [(1.0,), ([1.0, (2.0, {"b": 3.0})], 4.0), (Pair(1.0, 2.0),), ([], {}, 1.0), ({"w": [1.0], "b": 2.0},)],
)
def test_numbers_come_back_in_their_structure(given: tuple[Any, ...]) -> None:
    arguments = Arguments.of(f, given)
    assert arguments.rebuilt(arguments.numbers) == given
    assert [type(x) for x in arguments.rebuilt(arguments.numbers)] == [type(x) for x in given]


@pytest.mark.parametrize("array", [np.arange(6.0).reshape(2, 3), np.zeros((0, 3)), np.array(2.0), np.arange(3)])
def test_arrays_come_back_with_their_shape_and_as_copies(array: np.ndarray[Any, Any]) -> None:
    arguments = Arguments.of(f, (array, 1.0))
    [back, _] = arguments.rebuilt(arguments.numbers)
    np.testing.assert_array_equal(back, array)
    assert back.dtype == float
    assert back is not array


def test_arrays_of_values_are_arrays_of_objects() -> None:
    arguments = Arguments.of(f, (np.ones(2),))
    [back] = arguments.rebuilt([Value(1.0), Value(2.0)])
    assert back.dtype == object
    assert np.sum(back).data == 3.0


def test_numbers_are_handed_out_as_they_were_given_tensors_as_fresh_ones() -> None:
    given = (Tensor([1.0, 2.0], "speed", dtype=np.float32), [3.0, Tensor([[4.0]])])
    arguments = Arguments.of(f, given)
    [x, [three, y]] = arguments.rebuilt(arguments.handed_out([5.0, 6.0, 7.0, 8.0]))
    assert (x.tolist(), x.dtype, x.label) == ([5.0, 6.0], np.float32, "speed")
    assert (three, y.tolist(), y.dtype, y.label) == (7.0, [[8.0]], np.float64, "w[1]")
    [_, [three, _]] = arguments.rebuilt(arguments.handed_out([5.0, 6.0, 7.0, 8.0], as_values=True))
    assert isinstance(three, Value)
    assert [arguments.handed_out_as(column) for column in range(4)] == ["speed", "speed", "w[0]", "w[1]"]


def test_complex_numbers_are_handed_out_in_plain_arrays() -> None:
    arguments = Arguments.of(f, (Tensor([1.0, 2.0]), Value(3.0)))
    [x, w] = arguments.handed_out(np.array([1.0 + 1j, 2.0, 3.0]), as_values=True)
    assert (x.tolist(), w) == ([1.0 + 1j, 2.0], 3.0)


def test_functions_that_do_not_tell_their_parameters_get_names_too() -> None:
    assert Arguments.of(max, (1.0, 2.0)).names == ("x1", "x2")
    assert Arguments.of(lambda *x: None, (1.0,)).names == ("x",)


@pytest.mark.parametrize("wrong", ["3", None, True, 1j, np.array(["a"]), object()])
def test_what_is_no_number_is_an_error_that_names_it(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"check_gradients, w\[1\]"):
        Arguments.of(f, (1.0, [2.0, wrong]))


def test_flat_keeps_what_stands_there_and_flat_numbers_makes_floats_of_it() -> None:
    x = Value(1.0)
    assert flat([x, (2, np.array([3j]))]) == [x, 2, 3j]
    assert flat_numbers("f", [x, (2, np.array([3]))]) == [x, 2.0, 3.0]
    with pytest.raises(TypeError, match=r"check_gradients, f\[0\]"):
        flat_numbers("f", ["no"])
