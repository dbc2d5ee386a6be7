"""A call of an operation on arrays, drawn for a test, and what must hold of its gradient."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from autograd import Tensor
from autograd.testing import check_gradients

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, repr=False)
class Sample:
    """What is called, with a Tensor or an array for each of `arrays`, and how to write it down."""

    call: Callable[..., Any]
    arrays: tuple[Array, ...]
    text: str

    def __repr__(self) -> str:
        given = ", ".join(np.array2string(x, separator=", ", precision=17) for x in self.arrays)
        return f"{self.text} at {given}"


def weights(shape: tuple[int, ...]) -> Array:
    """A weight for each element of a result of this shape, no two alike."""
    places = np.arange(prod(shape), dtype=float)
    return np.asarray(np.cos(places)).reshape(shape)


def weighted(out: Any) -> Any:
    """The elements of a result in one number, each with a weight of its own."""
    return (out * weights(out.shape)).sum()


def _tensors(sample: Sample) -> list[Tensor]:
    return [Tensor(x, f"x{i}") for i, x in enumerate(sample.arrays)]


def check_first_order(sample: Sample) -> None:
    """The gradient that backward finds is that of the values."""
    check_gradients(lambda *x: weighted(sample.call(*x)), *_tensors(sample)).assert_ok()


def check_second_order(sample: Sample) -> None:
    """The gradient as a graph is what backward finds, and can be differentiated again."""

    def slopes(*x: Tensor) -> Any:
        found = weighted(sample.call(*x)).gradient(list(x))
        return sum((weighted(each.tanh()) for each in found), Tensor(0.0))

    check_gradients(slopes, *_tensors(sample)).assert_ok()
