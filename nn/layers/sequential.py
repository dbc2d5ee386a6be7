"""Sequential: modules one after the other; and two that stand between others: Flatten and Identity."""

import math
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from nn.layers.inputs import operand
from nn.module import Module
from nn.wiring import in_order


class Sequential(Module):
    """Modules of which each is given what the one before it gives. Their names are "0", "1", …, or those of a dict.

    Raises TypeError for what is no Module, and ValueError for a name that is taken, or that no attribute can have.

    >>> import nn
    >>> model = Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    >>> model[1], len(model), len(model[:2])
    (ReLU(), 3, 2)
    >>> Sequential({"hidden": nn.Linear(3, 4), "activation": nn.Tanh()})
    Sequential(
      (hidden): Linear(in_features=3, out_features=4, bias=True)
      (activation): Tanh()
    )
    """

    def __init__(self, *modules: Any) -> None:
        named = modules[0] if len(modules) == 1 and isinstance(modules[0], Mapping) else dict(enumerate(modules))
        for name, module in named.items():
            self._add(str(name), module)

    def _add(self, name: str, module: Any) -> None:
        if not isinstance(module, Module):
            hint = "a function is made one by nn.activation_module(…)"
            raise TypeError(f"Sequential: expected modules, got the {type(module).__name__} {module!r:.60}; {hint}")
        if not name or "." in name or hasattr(self, name):
            raise ValueError(f"Sequential: a module cannot be called {name!r}: it is taken, or has a dot, or is empty")
        setattr(self, name, module)

    def append(self, module: Module) -> "Sequential":
        """Add a module at the end, named by its number, or the next that is free."""
        name = next(str(i) for i in count(len(self)) if not hasattr(self, str(i)))
        self._add(name, module)
        return self

    @in_order
    def forward(self, x: Any) -> Any:
        """What the last module gives."""
        for module in self:
            x = module(x)
        return x

    def _modules(self) -> dict[str, Module]:
        return {name: x for name, x in vars(self).items() if isinstance(x, Module)}

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules().values())

    def __len__(self) -> int:
        return len(self._modules())

    def __getitem__(self, index: int | slice) -> Any:
        """The module at this place; for a slice a Sequential of those there, which keep their names."""
        if isinstance(index, slice):
            return Sequential(dict(list(self._modules().items())[index]))
        return list(self)[index]


class Flatten(Module):
    """The axes from `start_dim` to `end_dim` in one: of images (N, C, H, W) rows (N, C·H·W).

    >>> import numpy as np
    >>> Flatten()(np.zeros((5, 3, 8, 8))).shape
    (5, 192)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, x: Any) -> Any:
        """`x` in its new shape. Raises ValueError if it has not these axes."""
        x = operand(x)
        axes = range(x.ndim)
        try:
            start, end = axes[self.start_dim], axes[self.end_dim]
        except IndexError:
            start, end = 1, 0
        if start > end:
            raise ValueError(f"{self}: an array of shape {x.shape} has no such axes, the first before the last")
        if start == end:
            return x
        return x.reshape(*x.shape[:start], math.prod(x.shape[start : end + 1]), *x.shape[end + 1 :])

    def extra_repr(self) -> str:
        """The axes."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Identity(Module):
    """What it is given: in the place of a module that is to do nothing.

    >>> Identity()(1.5)
    1.5
    """

    def forward(self, x: Any) -> Any:
        """`x`."""
        return x
