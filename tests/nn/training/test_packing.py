"""Packing: nested state, taken apart into arrays and text and put together again, is what it was."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nn.training.packing import packed, unpacked

NAMES = st.text(alphabet="ab.0$", max_size=4)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    | arrays(st.sampled_from([np.float32, np.int64]), st.tuples(st.integers(0, 3)))
)  # fmt: skip
STATES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3))


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return bool(one.dtype == other.dtype and one.tobytes() == other.tobytes())
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(x, other[name]) for name, x in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and repr(one) == repr(other)


@given(STATES)
def test_what_is_packed_comes_back(state: Any) -> None:
    found, text = packed(state)
    json.loads(text)
    assert same(unpacked(found, text), state)


def test_numbers_of_numpy_and_tuples_become_plain_ones() -> None:
    assert unpacked(*packed({"a": np.float32(0.5), "b": (1, np.int64(2))})) == {"a": 0.5, "b": [1, 2]}


def test_names_with_dots_do_not_meet_the_names_of_inner_dicts() -> None:
    state = {"a.b": np.zeros(1), "a": {"b": np.ones(1)}}
    assert same(unpacked(*packed(state)), state)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"seen": [1, {2}]}, "seen.1 is a set"),
        ({"a": {"b": object()}}, "a.b is a object"),
        ({"z": np.complex64(1j)}, "z is a complex"),
        ({"a": {1: 2.0}}, "keys of a are to be strings.*got 1"),
        ({None: 2.0}, "keys of a state are to be strings.*got None"),
        ({"a": {"$array": "w"}}, r"keys of a .*not '\$array'"),
    ],
)
def test_what_would_not_come_back_is_refused_with_its_place(state: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        packed(state)


@pytest.mark.parametrize("text", ["", "{", '{"$array": "w"}'])
def test_text_that_does_not_fit_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"Expecting|'w' is missing"):
        unpacked({}, text)
