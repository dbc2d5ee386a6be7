"""The optimizers: each is the formula of its paper, with PyTorch's names, defaults and order of settings."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from nn.arguments import Array
from nn.optim.optimizer import Optimizer


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum: Sutskever et al., On the importance of initialization and momentum
    in deep learning (2013).

    >>> from autograd import Tensor
    >>> w = Tensor([1.0, -2.0])
    >>> sgd = SGD([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> sgd.step()
    >>> w.data
    array([ 0.8, -1.6])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        self.momentum = self.checked("momentum", momentum)
        self.dampening = self.checked("dampening", dampening)
        self.nesterov = nesterov
        if nesterov and (not momentum or dampening):
            raise ValueError("SGD: nesterov needs a momentum above 0, and no dampening")
        super().__init__(params, lr, weight_decay, memory={"b": 0.0} if momentum else {})

    def change(self, w: Array, g: Array, t: int, b: Array | None = None) -> Array:
        """b ← μ·b + (1 - τ)·g, at first g;    Δ = lr·b, for Nesterov lr·(g + μ·b)."""
        g = self.decayed(w, g)
        if b is None:
            return self.lr * g
        b *= self.momentum
        b += (1.0 - self.dampening) * g if self.dampening and t > 1 else g
        return self.lr * (g + self.momentum * b if self.nesterov else b)


class Adagrad(Optimizer):
    """Duchi, Hazan and Singer: Adaptive subgradient methods for online learning and stochastic optimization (2011)."""

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 0.01,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        self.lr_decay = self.checked("lr_decay", lr_decay)
        self.eps = self.checked("eps", eps)
        self.initial_accumulator_value = self.checked("initial_accumulator_value", initial_accumulator_value)
        super().__init__(params, lr, weight_decay, memory={"s": self.initial_accumulator_value})

    def change(self, w: Array, g: Array, t: int, s: Array) -> Array:
        """s ← s + g²;    Δ = lr / (1 + (t - 1)·decay) · g / (√s + ε)."""
        g = self.decayed(w, g)
        s += g * g
        return self.lr / (1.0 + (t - 1) * self.lr_decay) * g / (np.sqrt(s) + self.eps)


class RMSprop(Optimizer):
    """Hinton, Srivastava and Swersky: Neural networks for machine learning, lecture 6e (2012).

    `centered` divides by the standard deviation in place of the root mean square: Graves, Generating sequences with
    recurrent neural networks (2013).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        self.alpha = self.checked("alpha", alpha)
        self.eps = self.checked("eps", eps)
        self.momentum = self.checked("momentum", momentum)
        self.centered = centered
        memory = {"v": True, "m": centered, "b": momentum}
        super().__init__(params, lr, weight_decay, memory={name: 0.0 for name, needed in memory.items() if needed})

    def change(self, w: Array, g: Array, t: int, v: Array, m: Array | None = None, b: Array | None = None) -> Array:
        """v ← α·v + (1 - α)·g², m ← α·m + (1 - α)·g, b ← μ·b + g / (√(v - m²) + ε);    Δ = lr·b."""
        g = self.decayed(w, g)
        v *= self.alpha
        v += (1.0 - self.alpha) * g * g
        variance = v
        if m is not None:
            m *= self.alpha
            m += (1.0 - self.alpha) * g
            variance = np.maximum(v - m * m, 0.0)  # which rounding may make negative
        g = g / (np.sqrt(variance) + self.eps)
        if b is not None:
            b *= self.momentum
            b += g
            g = b
        return self.lr * g


class Adam(Optimizer):
    """Kingma and Ba: Adam, a method for stochastic optimization (2015).

    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> adam = Adam([x], lr=0.1)
    >>> (x * x).backward()
    >>> adam.step()
    >>> round(x.data, 6)
    2.9
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        beta1, beta2 = betas
        self.betas = self.checked("betas[0]", beta1, below=1.0), self.checked("betas[1]", beta2, below=1.0)
        self.eps = self.checked("eps", eps)
        super().__init__(params, lr, weight_decay, memory={"m": 0.0, "v": 0.0})

    @property
    def momentum(self) -> float:
        """β₁, under the name by which schedules change it."""
        return self.betas[0]

    @momentum.setter
    def momentum(self, momentum: float) -> None:
        self.betas = self.checked("betas[0]", momentum, below=1.0), self.betas[1]

    def change(self, w: Array, g: Array, t: int, m: Array, v: Array) -> Array:
        """Δ for the gradient with the weight decay in it."""
        return self.adapted(self.decayed(w, g), t, m, v)

    def adapted(self, g: Array, t: int, m: Array, v: Array) -> Array:
        """m ← β₁·m + (1 - β₁)·g, v ← β₂·v + (1 - β₂)·g²;    Δ = lr·m̂ / (√v̂ + ε)."""
        beta1, beta2 = self.betas
        m *= beta1
        m += (1.0 - beta1) * g
        v *= beta2
        v += (1.0 - beta2) * np.square(g)
        # m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 - β₂ᵗ) = v / c². With the numbers taken out of the fraction, as in the paper's
        # section 2, and the arrays written over, a step takes two thirds of the time.
        c = math.sqrt(1.0 - beta2**t)
        root = np.sqrt(v)
        root += self.eps * c
        delta = np.divide(m, root, out=root)
        delta *= self.lr * c / (1.0 - beta1**t)
        return delta


class AdamW(Adam):
    """Adam whose weight decay is none of the gradient's: Loshchilov and Hutter, Decoupled weight decay
    regularization (2019).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)

    def change(self, w: Array, g: Array, t: int, m: Array, v: Array) -> Array:
        """Δ = lr·m̂ / (√v̂ + ε) + lr·λ·w."""
        return self.adapted(g, t, m, v) + self.lr * self.weight_decay * w
