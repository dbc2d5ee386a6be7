"""Models for tests of optimizers: parameters of any kinds, with the gradients of a run that is the same each time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from autograd import Tensor, Value
from nn.optim import Optimizer

Array = np.ndarray[Any, Any]
Kind = str | tuple[str, tuple[int, ...]]  # "Value", or a dtype and a shape
STEPS = 100


@dataclass(frozen=True)
class Run:
    """Parameters of these kinds, in whose run of 100 steps every so many gradients are None."""

    kinds: tuple[Kind, ...]
    missing: float = 0.0
    seed: int = 0

    def start(self) -> list[Array]:
        """The numbers of the parameters at the start."""
        random = np.random.default_rng(self.seed)
        found = []
        for kind in self.kinds:
            dtype, shape = ("float64", ()) if isinstance(kind, str) else kind
            found.append(np.asarray(random.standard_normal(shape), dtype))
        return found

    def parameters(self) -> list[Any]:
        """New Tensors and Values."""
        pairs = zip(self.start(), self.kinds, strict=True)
        return [Value(float(x)) if kind == "Value" else Tensor(x) for x, kind in pairs]

    def noise(self) -> Iterator[list[Array | None]]:
        """Step by step, what is added to half the parameters to give their gradients; None for those without one."""
        random = np.random.default_rng(self.seed + 1)
        for _ in range(STEPS):
            arrays = [np.asarray(random.standard_normal(x.shape), x.dtype) for x in self.start()]
            yield [None if random.random() < self.missing else x for x in arrays]

    def train(self, parameters: Sequence[Any], optimizer: Optimizer, each: Callable[[], Any] = lambda: None) -> None:
        """The 100 steps; `each` is called after each."""
        for noise in self.noise():
            set_gradients(parameters, noise)
            optimizer.step()
            each()


def set_gradients(parameters: Sequence[Any], noise: Sequence[Array | None]) -> None:
    for parameter, x in zip(parameters, noise, strict=True):
        parameter.grad = None if x is None else gradient(np.asarray(parameter.data), x)
        if isinstance(parameter, Value) and x is not None:
            parameter.grad = float(parameter.grad)


def gradient(w: Array, noise: Array) -> Array:
    """That of |w|² / 4 with noise: also far from the start it depends on where the weights are."""
    return np.asarray(w.dtype.type(0.5) * w + noise)


def numbers(parameters: Sequence[Any]) -> list[Array]:
    """What the parameters hold, copied."""
    return [np.array(parameter.data) for parameter in parameters]


def assert_close(found: Sequence[Array], expected: Sequence[Array], largest: Sequence[float]) -> None:
    """Equal to 1e-10 in float64; in float32 each step may be off by a few roundings of the largest number so far."""
    for x, y, size in zip(found, expected, largest, strict=True):
        if x.dtype == np.float32:
            np.testing.assert_allclose(x, y, rtol=0, atol=STEPS * 2 * 2.0**-24 * size)
        else:
            np.testing.assert_allclose(x, y, rtol=1e-10, atol=1e-12)


shapes = st.lists(st.integers(0, 4), max_size=3).map(tuple)
kinds: st.SearchStrategy[Kind] = st.one_of(st.just("Value"), st.tuples(st.sampled_from(["float32", "float64"]), shapes))
runs = st.builds(
    Run, st.lists(kinds, min_size=1, max_size=6).map(tuple), st.sampled_from([0.0, 0.0, 0.3]), st.integers(0, 1000)
)
MIXED = Run((("float32", (3, 2)), "Value", ("float64", (2, 2)), ("float32", (2,)), ("float64", ()), "Value"))
