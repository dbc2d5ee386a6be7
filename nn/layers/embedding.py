"""Embedding: a row of numbers for each word."""

from typing import Any

import numpy as np

import autograd
from autograd import Tensor
from nn import init
from nn.arguments import whole_number
from nn.layers.inputs import operand
from nn.module import Module
from nn.seeds import Rng


class Embedding(Module):
    """The rows of `weight` at whole numbers, which may stand in an array of any shape.

    `weight` has the shape (num_embeddings, embedding_dim), normally distributed. The row at `padding_idx` begins as
    zeros, and gets no gradient.

    >>> layer = Embedding(10, 4, rng=0)
    >>> layer([[1, 2, 3], [3, 2, 1]]).shape
    (2, 3, 4)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        *,
        dtype: Any = np.float32,
        rng: Rng = None,
    ) -> None:
        self.num_embeddings = whole_number(num_embeddings, "Embedding: num_embeddings", 1)
        self.embedding_dim = whole_number(embedding_dim, "Embedding: embedding_dim", 1)
        rows = init.normal((num_embeddings, embedding_dim), rng=rng)
        self.padding_idx = padding_idx
        if padding_idx is not None:
            if not -num_embeddings <= padding_idx < num_embeddings:
                raise ValueError(f"Embedding: there is no row {padding_idx} among {num_embeddings} for padding_idx")
            self.padding_idx = padding_idx % num_embeddings
            rows[self.padding_idx] = 0.0
        self.weight = Tensor(rows, dtype=dtype)

    def forward(self, indices: Any) -> Any:
        """The rows, (…, embedding_dim)."""
        indices = operand(indices)
        rows = autograd.embedding(indices, self.weight)
        if self.padding_idx is None:
            return rows
        is_padding = np.expand_dims(indices == self.padding_idx, -1)
        return autograd.where(is_padding, self.weight.data[self.padding_idx], rows)

    def extra_repr(self) -> str:
        """The sizes."""
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"
