"""Embedding: padding that stays what it is, and words that there are not."""

import numpy as np
import pytest

import nn


def test_padding_is_zeros_and_stays_what_it_is() -> None:
    layer = nn.Embedding(5, 3, padding_idx=-2, dtype=np.float64)
    assert layer.padding_idx == 3
    assert layer.weight.data[3].tolist() == [0.0, 0.0, 0.0]
    layer([[3, 1], [1, 4]]).sum().backward()
    assert layer.weight.grad.tolist() == [[0.0] * 3, [2.0] * 3, [0.0] * 3, [0.0] * 3, [1.0] * 3]
    layer.weight.data = np.ones((5, 3))
    assert layer([3]).data.tolist() == [[1.0, 1.0, 1.0]]
    with pytest.raises(ValueError, match="Embedding: there is no row 5 among 5 for padding_idx"):
        nn.Embedding(5, 3, padding_idx=5)


def test_words_that_there_are_not_are_refused() -> None:
    with pytest.raises(IndexError, match="there is no row 5 among 5"):
        nn.Embedding(5, 3)([5])
    with pytest.raises(TypeError, match="indices are whole numbers, got float64"):
        nn.Embedding(5, 3)(np.array([1.0]))
