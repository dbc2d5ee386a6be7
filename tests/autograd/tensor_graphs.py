"""Graphs of Tensors for tests: a small network, and every operation on arrays at the calls that its family draws."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from autograd import Node, Tensor, topological_order
from tests.autograd.ops.sample import Sample, weighted
from tests.autograd.ops.test_array_operations import SAMPLES


def network(rows: int = 4, inputs: int = 2, hidden: int = 3, dtype: str = "float64") -> SimpleNamespace:
    """The loss of a network with a hidden layer, and its parts by name."""
    rng = np.random.default_rng(0)
    x = Tensor(rng.standard_normal((rows, inputs)), "x", dtype)
    w1, b1 = Tensor(rng.standard_normal((inputs, hidden)), "w1", dtype), Tensor(np.zeros(hidden), "b1", dtype)
    w2, b2 = Tensor(rng.standard_normal((hidden, 1)), "w2", dtype), Tensor(np.zeros(1), "b2", dtype)
    h = (x @ w1 + b1).tanh()
    out = h @ w2 + b2
    loss = ((out - np.ones((rows, 1))) ** 2).mean()
    h.label, out.label, loss.label = "h", "out", "loss"
    return SimpleNamespace(x=x, w1=w1, b1=b1, w2=w2, b2=b2, h=h, out=out, loss=loss)


def result(sample: Sample) -> Tensor:
    """One number made of what the sample's call gives for Tensors."""
    total: Tensor = weighted(sample.call(*[Tensor(x, f"x{i}") for i, x in enumerate(sample.arrays)]))
    return total


def results(*families: str) -> st.SearchStrategy[Tensor]:
    """Results of one operation on arrays, of any family or of those named."""
    chosen = [name for name in SAMPLES if not families or name.partition(".")[0] in families]
    return st.sampled_from(chosen).flatmap(lambda name: SAMPLES[name]).map(result).filter(_is_recorded)


def _is_recorded(root: Any) -> bool:
    return isinstance(root, Tensor) and root.op is not None


def gradients(root: Node, run: Callable[[], Any]) -> list[Any]:
    """The gradients of all nodes behind `root` that `run` leaves behind, to the bit; they are taken away again."""
    root.zero_grad()
    run()
    found = [None if node.grad is None else bits(node.grad) for node in topological_order(root)]
    root.zero_grad()
    return found


def bits(x: Any) -> Any:
    """A number or array as something that is equal only to the same, also where it is nan."""
    array = np.asarray(x)
    return array.shape, str(array.dtype), array.tobytes()
