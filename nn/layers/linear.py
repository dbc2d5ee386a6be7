"""Linear: every output a weighted sum of all inputs."""

import math
from typing import Any

import numpy as np

import autograd
from autograd import Tensor
from nn import init
from nn.arguments import whole_number
from nn.layers.inputs import fitting
from nn.module import Module
from nn.seeds import Rng, generator


class Linear(Module):
    """x Wᵀ + b, for x of shape (…, in_features): one sample, or any number of them.

    `weight` has the shape (out_features, in_features), `bias` (out_features,); both are drawn evenly from
    -1/√in_features to 1/√in_features. `dtype` is float32 or float64.

    >>> layer = Linear(3, 2, rng=0)
    >>> layer, layer(np.zeros((5, 3))).shape
    (Linear(in_features=3, out_features=2, bias=True), (5, 2))
    """

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, *, dtype: Any = np.float32, rng: Rng = None
    ) -> None:
        self.in_features = whole_number(in_features, "Linear: in_features", 1)
        self.out_features = whole_number(out_features, "Linear: out_features", 1)
        if not isinstance(bias, bool):
            raise TypeError(
                f"Linear: bias is True or False, got {bias!r:.60}; an activation is a module that comes after"
            )
        bound, rng = 1.0 / math.sqrt(in_features), generator(rng)
        self.weight = drawn((out_features, in_features), bound, dtype, rng)
        self.bias: Any = drawn((out_features,), bound, dtype, rng) if bias else None

    def forward(self, x: Any) -> Any:
        """The outputs, (…, out_features)."""
        return autograd.linear(fitting(self, x, (..., self.in_features)), self.weight, self.bias)

    def units(self) -> dict[str, Any]:
        """Every output is a unit."""
        bias = None if self.bias is None else self.bias.data
        return {"weight": self.weight.data, "bias": bias, "activation": None}

    def extra_repr(self) -> str:
        """The sizes."""
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


def drawn(shape: tuple[int, ...], bound: float, dtype: Any, rng: np.random.Generator) -> Tensor:
    """A parameter drawn evenly from -bound to bound."""
    return Tensor(init.uniform(shape, -bound, bound, rng=rng), dtype=dtype)
