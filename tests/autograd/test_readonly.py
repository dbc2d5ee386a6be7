"""What a Tensor hands out is a view that behaves like an array, but for being written to."""

import copy
import pickle

import numpy as np
import pytest

from autograd.readonly import ReadOnly, handed_out


def view() -> ReadOnly:
    return handed_out(np.array([[1.0, 2.0], [3.0, 4.0]]))


def test_it_is_a_view_that_looks_like_an_array() -> None:
    array = np.array([1.0, 2.0])
    handed = handed_out(array)
    assert isinstance(handed, np.ndarray)
    assert np.shares_memory(handed, array)
    assert array.flags.writeable
    assert repr(view()) == "array([[1., 2.],\n       [3., 4.]])"
    assert str(view()) == "[[1. 2.]\n [3. 4.]]"


def test_parts_and_transposes_cannot_be_written_to_either() -> None:
    for part in (view()[0], view().T, view().reshape(4), np.asarray(view())):
        with pytest.raises(ValueError, match=r"in place|read-only"):
            part[...] = 0.0


def test_copies_can_be_written_to() -> None:
    for mine in (np.array(view()), pickle.loads(pickle.dumps(view())), view() + 0.0):
        mine[0, 0] = 5.0
        assert type(mine) is np.ndarray
        assert mine[0, 0] == 5.0
    assert copy.deepcopy(view()).tolist() == [[1.0, 2.0], [3.0, 4.0]]
