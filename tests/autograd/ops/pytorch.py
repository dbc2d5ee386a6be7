"""Functions of Tensors held against PyTorch's, where that is installed."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Tensor
from tests.autograd.ops.sample import Array, weights


def assert_same(
    ours: Callable[..., Any], theirs: Callable[..., Any], *arrays: Array, rtol: float = 1e-13, atol: float = 1e-15
) -> None:
    """Values, and gradients in all operands to ten times the tolerance, are those of PyTorch."""
    torch = pytest.importorskip("torch")
    tensors, others = [Tensor(x) for x in arrays], [torch.tensor(x, requires_grad=True) for x in arrays]
    found, expected = ours(*tensors), theirs(*others)
    np.testing.assert_allclose(found.data, expected.detach().numpy(), rtol=rtol, atol=atol)
    found.backward(weights(found.shape))
    expected.backward(torch.tensor(weights(found.shape)))
    for t, other in zip(tensors, others, strict=True):
        np.testing.assert_allclose(t.grad, other.grad.numpy(), rtol=10 * rtol, atol=10 * atol)
