"""Dropout: in training, some inputs are 0, by chance."""

from typing import Any

import autograd
from nn.layers.inputs import operand
from nn.module import Module
from nn.seeds import Rng, generator


class Dropout(Module):
    """In training each number is 0 with the probability `p`, and else 1/(1 - p) times itself; `eval()` ends that.

    Chance comes from its `generator`. Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, Dropout (2014).

    >>> layer = Dropout(0.5, rng=1)
    >>> layer([1.0, 1.0, 1.0, 1.0]), layer.eval()([1.0, 1.0])
    (array([2., 0., 2., 2.]), array([1., 1.]))
    """

    def __init__(self, p: float = 0.5, *, rng: Rng = None) -> None:
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"Dropout: p is a probability, from 0 to 1, got {p}")
        self.p, self.generator = p, generator(rng)

    def forward(self, x: Any) -> Any:
        """`x`, thinned out while training."""
        return autograd.dropout(operand(x), self.p, self.training, self.generator)

    def extra_repr(self) -> str:
        """The probability."""
        return f"p={self.p}"
