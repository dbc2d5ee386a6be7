"""BatchNorm1d, BatchNorm2d and LayerNorm: numbers brought to mean 0 and variance 1, by channel or by sample."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

import autograd
from autograd import Tensor
from nn import init
from nn.arguments import whole_number
from nn.layers.inputs import fitting
from nn.module import Module


class BatchNorm(Module):
    """Each feature less its mean, over √(var + eps), times its `weight`, plus its `bias`. A subclass says of what x.

    In training, mean and variance are those of the batch, towards which `running_mean` and `running_var` move by the
    part `momentum`; after `eval()` these are used. Without `affine` there are no weight and bias, and without
    `track_running_stats` the batch's statistics are always used. Ioffe and Szegedy, Batch Normalization (2015).
    """

    axes: ClassVar[tuple[tuple[str, ...], ...]]  # those that may come after the features

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        dtype: Any = np.float32,
    ) -> None:
        self.num_features = whole_number(num_features, f"{type(self).__name__}: num_features", 1)
        self.eps, self.momentum, self.affine, self.track_running_stats = eps, momentum, affine, track_running_stats
        self.weight, self.bias = _affine(num_features, affine, affine, dtype)
        self.running_mean: Any = np.zeros(num_features, dtype) if track_running_stats else None
        self.running_var: Any = np.ones(num_features, dtype) if track_running_stats else None
        self.num_batches_tracked = np.array(0) if track_running_stats else None

    def forward(self, x: Any) -> Any:
        """`x`, normalized."""
        x = fitting(self, x, *[("N", self.num_features, *axes) for axes in self.axes])
        by_batch = self.training or self.running_mean is None
        if by_batch and x.size == self.num_features:
            raise ValueError(
                f"{self}: a single sample, of shape {x.shape}, has no variance to train with: leave out a last batch "
                "of one by Batches(…, drop_last=True)"
            )
        out = autograd.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, by_batch, self.momentum, self.eps
        )
        if self.training and self.num_batches_tracked is not None:
            self.num_batches_tracked += 1
        return out

    def extra_repr(self) -> str:
        """The number of features, and the settings."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"track_running_stats={self.track_running_stats}"
        )


class BatchNorm1d(BatchNorm):
    """Each feature of x (N, C) or (N, C, L) brought to mean 0 and variance 1 over all samples: see `BatchNorm`.

    >>> layer = BatchNorm1d(2)
    >>> layer(np.array([[1.0, 5.0], [3.0, 9.0]])).data.round(2)
    array([[-1., -1.],
           [ 1.,  1.]], dtype=float32)
    >>> layer.running_mean
    array([0.2, 0.7], dtype=float32)
    """

    axes = (), ("L",)


class BatchNorm2d(BatchNorm):
    """Each channel of images (N, C, H, W) brought to mean 0 and variance 1 over all pixels: see `BatchNorm`.

    >>> BatchNorm2d(3)(np.zeros((5, 3, 8, 8))).shape
    (5, 3, 8, 8)
    """

    axes = (("H", "W"),)


class LayerNorm(Module):
    """Each sample less its mean, over √(var + eps), times `weight`, plus `bias`.

    A sample is the last axes, which have the lengths `normalized_shape`. Ba, Kiros and Hinton, Layer Normalization
    (2016).

    >>> LayerNorm(2)(np.array([[1.0, 5.0], [3.0, 9.0]])).data.round(2)
    array([[-1.,  1.],
           [-1.,  1.]], dtype=float32)
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        *,
        dtype: Any = np.float32,
    ) -> None:
        lengths = [normalized_shape] if isinstance(normalized_shape, int) else normalized_shape
        self.normalized_shape = tuple(whole_number(n, "LayerNorm: normalized_shape", 1) for n in lengths)
        if not self.normalized_shape:
            raise ValueError("LayerNorm: normalized_shape is empty: it is the length of the last axis, or of several")
        self.eps, self.elementwise_affine = eps, elementwise_affine
        self.weight, self.bias = _affine(self.normalized_shape, elementwise_affine, elementwise_affine and bias, dtype)

    def forward(self, x: Any) -> Any:
        """`x`, normalized."""
        x = fitting(self, x, (..., *self.normalized_shape))
        return autograd.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """The shape of a sample, and the settings."""
        shown = f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
        return f"{shown}, bias={self.bias is not None}"


def _affine(shape: Any, weight: bool, bias: bool, dtype: Any) -> tuple[Tensor | None, Tensor | None]:
    """A weight of ones and a bias of zeros, if there are to be any."""
    return (
        Tensor(init.ones(shape), dtype=dtype) if weight else None,
        Tensor(init.zeros(shape), dtype=dtype) if bias else None,
    )
