"""Conv2d, MaxPool2d and AvgPool2d: what slides over images, (N, C, H, W) or a single one, (C, H, W)."""

import math
from typing import Any

import numpy as np

import autograd
from nn.arguments import whole_number
from nn.layers.inputs import fitting
from nn.layers.linear import drawn
from nn.module import Module
from nn.seeds import Rng, generator


class Conv2d(Module):
    """Filters that slide over images; see `autograd.conv2d` for the settings.

    `weight` has the shape (out_channels, in_channels / groups, height, width), `bias` (out_channels,); both are drawn
    evenly from -1/√n to 1/√n, where a filter takes n numbers at a time.

    >>> layer = Conv2d(3, 8, kernel_size=3, padding=1)
    >>> layer, layer(np.zeros((2, 3, 28, 28))).shape
    (Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1)), (2, 8, 28, 28))
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        *,
        dtype: Any = np.float32,
        rng: Rng = None,
    ) -> None:
        self.in_channels = whole_number(in_channels, "Conv2d: in_channels", 1)
        self.out_channels = whole_number(out_channels, "Conv2d: out_channels", 1)
        self.groups = whole_number(groups, "Conv2d: groups", 1)
        if in_channels % groups or out_channels % groups:
            both = f"{in_channels} channels and {out_channels} filters"
            raise ValueError(f"Conv2d: {both} cannot be split in {groups} groups")
        self.kernel_size, self.stride = _pair(kernel_size, "kernel_size", 1), _pair(stride, "stride", 1)
        self.padding = padding if padding in ("same", "valid") else _pair(padding, "padding", 0)
        self.dilation = _pair(dilation, "dilation", 1)
        shape = (out_channels, in_channels // groups, *self.kernel_size)
        bound, rng = 1.0 / math.sqrt(math.prod(shape[1:])), generator(rng)
        self.weight = drawn(shape, bound, dtype, rng)
        self.bias: Any = drawn(shape[:1], bound, dtype, rng) if bias else None

    def forward(self, x: Any) -> Any:
        """The images, filtered: (N, out_channels, …)."""
        x = fitting(self, x, ("N", self.in_channels, "H", "W"), (self.in_channels, "H", "W"))
        images = x if len(x.shape) == 4 else x[None]
        out = autograd.conv2d(images, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)
        return out if images is x else out[0]

    def extra_repr(self) -> str:
        """The sizes, and the settings that are not the usual ones."""
        shown = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"
        usual = {"padding": (0, 0), "dilation": (1, 1), "groups": 1}
        settings = [f", {name}={getattr(self, name)}" for name, x in usual.items() if getattr(self, name) != x]
        return f"{shown}{''.join(settings)}{', bias=False' if self.bias is None else ''}"


class _Pool(Module):
    """What becomes of each window that slides over images."""

    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0) -> None:
        self.kernel_size, self.padding = kernel_size, padding
        self.stride = kernel_size if stride is None else stride

    def images(self, x: Any) -> Any:
        """`x`, if it is images."""
        return fitting(self, x, ("N", "C", "H", "W"), ("C", "H", "W"))

    def extra_repr(self) -> str:
        """The settings."""
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class MaxPool2d(_Pool):
    """The greatest number of each window; `stride` is the window's size if it is None.

    >>> MaxPool2d(2)(np.arange(16.0).reshape(1, 4, 4))
    array([[[ 5.,  7.],
            [13., 15.]]])
    """

    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1) -> None:
        super().__init__(kernel_size, stride, padding)
        self.dilation = dilation

    def forward(self, x: Any) -> Any:
        """The greatest numbers."""
        return autograd.max_pool2d(self.images(x), self.kernel_size, self.stride, self.padding, self.dilation)

    def extra_repr(self) -> str:
        """The settings."""
        return f"{super().extra_repr()}, dilation={self.dilation}"


class AvgPool2d(_Pool):
    """The mean of each window; zeros that `padding` adds are counted, unless `count_include_pad` is False.

    >>> AvgPool2d(2)(np.arange(16.0).reshape(1, 4, 4))
    array([[[ 2.5,  4.5],
            [10.5, 12.5]]])
    """

    def __init__(
        self, kernel_size: Any, stride: Any = None, padding: Any = 0, *, count_include_pad: bool = True
    ) -> None:
        super().__init__(kernel_size, stride, padding)
        self.count_include_pad = count_include_pad

    def forward(self, x: Any) -> Any:
        """The means."""
        return autograd.avg_pool2d(self.images(x), self.kernel_size, self.stride, self.padding, self.count_include_pad)


def _pair(x: Any, what: str, least: int) -> tuple[int, int]:
    """One number for height and width, or one for each."""
    pair = tuple(x) if isinstance(x, (tuple, list)) else (x, x)
    if len(pair) != 2:
        raise ValueError(f"Conv2d: {what} is a whole number or a pair of them, got {x!r}")
    height, width = (whole_number(n, f"Conv2d: {what}", least) for n in pair)
    return height, width
