"""One training step of small networks, for chainrule, for PyTorch and by hand with NumPy: the same numbers in each.

A step is forward, loss, backward and Adam. `STEPS[engine](model)` gives a function that does one step and returns the
loss. PyTorch is imported by its own function alone, so that each engine can have a process of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from benchmarks.turns import Step

Array = np.ndarray[Any, Any]
Loss = Literal["squared error", "logistic", "cross-entropy"]

LOSSES: dict[Loss, str] = {  # as the functions are called, ours and PyTorch's
    "squared error": "mse_loss",
    "logistic": "binary_cross_entropy_with_logits",
    "cross-entropy": "cross_entropy",
}
RATE, DECAY, SQUARE_DECAY, EPSILON = 1e-3, 0.9, 0.999, 1e-8
_CHUNK = 8192  # numbers that Adam handles at a time: few enough to stay in the cache from one operation to the next


@dataclass(frozen=True)
class Model:
    """A network of linear layers with ReLU between them, all in float32."""

    name: str
    sizes: tuple[int, ...]
    rows: int
    loss: Loss
    dropout: float = 0.0

    def weights(self) -> list[Array]:
        """Weights and biases, layer by layer."""
        random = np.random.default_rng(0)
        found: list[Array] = []
        for n_in, n_out in pairwise(self.sizes):
            found.append((random.standard_normal((n_in, n_out)) * np.sqrt(2.0 / n_in)).astype(np.float32))
            found.append(np.zeros(n_out, np.float32))
        return found

    def data(self, batches: int = 1) -> tuple[Array, Array]:
        """The inputs, a row each, and what the network is to give for them."""
        random, rows = np.random.default_rng(1), self.rows * batches
        inputs = random.standard_normal((rows, self.sizes[0])).astype(np.float32)
        if self.loss == "cross-entropy":
            return inputs, random.integers(0, self.sizes[-1], rows)
        targets = random.standard_normal((rows, self.sizes[-1])).astype(np.float32)
        return inputs, targets if self.loss == "squared error" else (targets > 0.0).astype(np.float32)


MODELS = (
    Model("2-16-16-1, 100 rows", (2, 16, 16, 1), 100, "logistic"),
    Model("11-6-6-1, 10 rows", (11, 6, 6, 1), 10, "logistic"),
    Model("1-256×7-1, 20 rows", (1, *[256] * 7, 1), 20, "squared error"),
    Model("784-256-256-10, dropout 0.45, 128 rows", (784, 256, 256, 10), 128, "cross-entropy", 0.45),
    Model("logistic regression, 348 × 4,096", (4096, 1), 348, "logistic"),
    Model("logistic regression, 209 × 12,288", (12288, 1), 209, "logistic"),
)


class Adam:
    """Kingma and Ba: Adam (2015), for all weights in one flat array."""

    def __init__(self, weights: list[Array]) -> None:
        self.flat = np.concatenate([w.ravel() for w in weights])
        self.mean, self.square, self._work = (np.zeros_like(self.flat) for _ in range(3))
        self.shapes = [w.shape for w in weights]
        self.ends = np.cumsum([w.size for w in weights]).tolist()
        self.steps = 0

    def weights(self) -> list[Array]:
        """The weights as views of the flat array."""
        starts = [0, *self.ends]
        return [self.flat[a:b].reshape(shape) for a, b, shape in zip(starts, self.ends, self.shapes, strict=False)]

    def step(self, gradients: list[Array]) -> list[Array]:
        """The weights after a step, in a new array."""
        self.steps += 1
        gradient, new = self._work, np.empty_like(self.flat)
        np.concatenate([g.ravel() for g in gradients], out=gradient)
        # The means are kept without the factors 1 - decay, which go into the rate and epsilon.
        unbiased = np.sqrt((1.0 - SQUARE_DECAY**self.steps) / (1.0 - SQUARE_DECAY))
        rate = np.float32(RATE * (1.0 - DECAY) / (1.0 - DECAY**self.steps) * unbiased)
        epsilon = np.float32(EPSILON * unbiased)
        for start in range(0, len(gradient), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            g, m, v = gradient[chunk], self.mean[chunk], self.square[chunk]
            m *= np.float32(DECAY)
            m += g
            g *= g
            v *= np.float32(SQUARE_DECAY)
            v += g
            np.sqrt(v, out=g)
            g += epsilon
            np.divide(m, g, out=g)
            g *= rate
            np.subtract(self.flat[chunk], g, out=new[chunk])
        self.flat = new
        return self.weights()


def chainrule_step(model: Model) -> Step:
    """The step with Tensors."""
    import autograd
    import nn
    from autograd import Tensor

    inputs, targets = model.data()
    inputs.flags.writeable = targets.flags.writeable = False  # so that a Tensor need not copy what it remembers
    parameters = [Tensor(w) for w in model.weights()]
    layers = list(zip(parameters[::2], parameters[1::2], strict=True))
    adam = nn.Adam(parameters, lr=RATE)
    random = np.random.default_rng(2)
    loss_function = getattr(autograd, LOSSES[model.loss])

    def step() -> float:
        x: Any = inputs
        for i, (weight, bias) in enumerate(layers):
            if i:
                x = x.relu()
                if model.dropout:
                    x = autograd.dropout(x, model.dropout, rng=random)
            x = x @ weight + bias
        adam.zero_grad()
        loss = loss_function(x, targets)
        loss.backward()
        adam.step()
        return float(loss.item())

    return step


def torch_step(model: Model, **options: Any) -> Step:
    """The step with PyTorch; `options` are those of its Adam."""
    import torch
    from torch.nn import functional

    torch.set_num_threads(1)
    inputs, targets = map(torch.from_numpy, model.data())
    parameters = [torch.from_numpy(w).requires_grad_() for w in model.weights()]
    layers = list(zip(parameters[::2], parameters[1::2], strict=True))
    adam = torch.optim.Adam(parameters, lr=RATE, **options)
    loss_function = getattr(functional, LOSSES[model.loss])

    def step() -> float:
        x = inputs
        for i, (weight, bias) in enumerate(layers):
            if i:
                x = functional.relu(x)
                if model.dropout:
                    x = functional.dropout(x, model.dropout)
            x = torch.addmm(bias, x, weight)
        adam.zero_grad()
        loss = loss_function(x, targets)
        loss.backward()
        adam.step()
        return float(loss.item())

    return step


def numpy_step(model: Model) -> Step:
    """The step with the gradient written by hand."""
    inputs, targets = model.data()
    adam = Adam(model.weights())
    random = np.random.default_rng(2)
    weights = adam.weights()

    def step() -> float:
        nonlocal weights
        x, kept, layers = inputs, [], list(zip(weights[::2], weights[1::2], strict=True))
        for i, (weight, bias) in enumerate(layers):
            mask: Array | None = None
            if i:
                mask = x > 0.0
                if model.dropout:
                    mask &= random.random(x.shape, np.float32) >= model.dropout
                x = x * (mask * np.float32(1.0 / (1.0 - model.dropout)))
            kept.append((x, mask))
            x = x @ weight
            x += bias
        loss, g = _loss_and_slope(model.loss, x, targets)
        gradients: list[Array] = []
        for (x, mask), (weight, _) in zip(reversed(kept), reversed(layers), strict=True):
            gradients += [g.sum(axis=0), x.T @ g]
            if mask is not None:
                g = g @ weight.T
                g *= mask * np.float32(1.0 / (1.0 - model.dropout))
        weights = adam.step(gradients[::-1])
        return loss

    return step


def _loss_and_slope(loss: Loss, x: Array, targets: Array) -> tuple[float, Array]:
    """The mean loss of the outputs `x`, and its derivative in them."""
    if loss == "squared error":
        off = x - targets
        return float(np.vdot(off, off)) / x.size, off * np.float32(2.0 / x.size)
    if loss == "logistic":
        small = np.exp(-np.abs(x))
        total = np.maximum(x, 0.0) - x * targets + np.log1p(small)
        sigmoid = np.where(x >= 0.0, np.float32(1.0), small) / (1.0 + small)
        return float(total.mean()), (sigmoid - targets) / np.float32(x.size)
    shares = np.exp(x - x.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    rows = np.arange(len(x))
    loss_value = -float(np.log(shares[rows, targets]).mean())
    shares[rows, targets] -= 1.0
    shares /= np.float32(len(x))
    return loss_value, shares


STEPS: dict[str, Callable[[Model], Step]] = {
    "chainrule": chainrule_step,
    "PyTorch": torch_step,
    "PyTorch, fused Adam": lambda model: torch_step(model, fused=True),
    "NumPy by hand": numpy_step,
}


def chainrule_convolution() -> Step:
    """A convolution, forward and backward, with Tensors."""
    import autograd
    from autograd import Tensor

    images, filters, bias = map(Tensor, _convolved())

    def step() -> float:
        for each in (images, filters, bias):
            each.grad = None
        loss = autograd.conv2d(images, filters, bias, padding=1).sum()
        loss.backward()
        return float(loss.item())

    return step


def torch_convolution() -> Step:
    """The same with PyTorch."""
    import torch

    torch.set_num_threads(1)
    images, filters, bias = (torch.from_numpy(x).requires_grad_() for x in _convolved())

    def step() -> float:
        for each in (images, filters, bias):
            each.grad = None
        loss = torch.nn.functional.conv2d(images, filters, bias, padding=1).sum()
        loss.backward()
        return float(loss.item())

    return step


def _convolved() -> list[Array]:
    random = np.random.default_rng(0)
    return [random.standard_normal(shape, np.float32) for shape in ((64, 3, 32, 32), (16, 3, 3, 3), (16,))]


CONVOLUTIONS: dict[str, Callable[[], Step]] = {"chainrule": chainrule_convolution, "PyTorch": torch_convolution}
