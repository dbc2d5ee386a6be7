"""A call of an operation on arrays, drawn for a test, and what must hold of its gradient."""

from collections.abc import Callable
from dataclasses import dataclass
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


def _weighted(out: Any) -> Any:
    """The elements of a result in one number, each with a weight of its own."""
    weights = np.cos(np.arange(out.size, dtype=float)).reshape(out.shape)
    return (out * weights).sum()


def check_first_order(sample: Sample) -> None:
    """The gradient that backward finds is that of the values."""

    def value(*arrays: Array) -> float:
        return float(_weighted(np.asarray(sample.call(*arrays))))

    def gradient(*arrays: Array) -> list[Array]:
        tensors = [Tensor(x) for x in arrays]
        _weighted(sample.call(*tensors)).backward()
        return [np.zeros(t.shape) if t.grad is None else t.grad for t in tensors]

    check_gradients(
        value, *sample.arrays, gradient=lambda *x: gradient(*x) if len(x) > 1 else gradient(*x)[0]
    ).assert_ok()


def check_second_order(sample: Sample) -> None:
    """The gradient as a graph is what backward finds, and can be differentiated again."""

    def slopes(*arrays: Array) -> tuple[list[Tensor], Any]:
        tensors = [Tensor(x) for x in arrays]
        found = _weighted(sample.call(*tensors)).gradient(tensors)
        return tensors, sum((_weighted(each.tanh()) for each in found), Tensor(0.0))

    def value(*arrays: Array) -> float:
        return float(slopes(*arrays)[1].item())

    def gradient(*arrays: Array) -> list[Array]:
        tensors, total = slopes(*arrays)
        total.backward()
        return [np.zeros(t.shape) if t.grad is None else t.grad for t in tensors]

    check_gradients(
        value, *sample.arrays, gradient=lambda *x: gradient(*x) if len(x) > 1 else gradient(*x)[0]
    ).assert_ok()
