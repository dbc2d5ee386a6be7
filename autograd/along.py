"""Definitions written for rows, read with arrays whose rows lie along some of their axes."""

from collections.abc import Callable
from functools import cache
from math import prod
from typing import Any

import numpy as np

from autograd.namespaces import Namespace

Axes = tuple[int, ...]


class AlongAxes(Namespace):
    """Reads definitions written for rows with arrays: what folds a row leaves its axes with length 1."""

    def __init__(self, base: Namespace, axes: Axes) -> None:
        super().__init__({})
        self.base, self.axes = base, axes

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function: Callable[..., Any] = getattr(self.base, name)
        self.__dict__[name] = function
        return function

    def count(self, x: Any) -> float:
        """How many elements a row has."""
        return float(prod(x.shape[axis] for axis in self.axes))

    def items(self, x: Any) -> list[Any]:
        """The first element of each row, the second of each, and so on."""
        lengths = [x.shape[axis] for axis in self.axes]
        every = [slice(None)] * len(x.shape)
        found = []
        for place in np.ndindex(*lengths):
            for axis, i in zip(self.axes, place, strict=True):
                every[axis] = slice(i, i + 1)
            found.append(self.base.getitem(x, index=tuple(every)))
        return found

    def row(self, items: list[Any], like: Any) -> Any:
        """The rows that have these `items`, where those of the array `like` lie."""
        if len(items) == 1:
            return items[0]
        for axis in reversed(self.axes):
            length = like.shape[axis]
            chunks = [items[i : i + length] for i in range(0, len(items), length)]
            items = [self.base.concatenate(chunk, axis=axis) for chunk in chunks]
        return items[0]

    def sum(self, x: Any) -> Any:
        """The sum of each row."""
        return self.base.total(x, self.axes)

    def sum_less_one(self, x: Any) -> Any:
        """The sum of each row, less 1."""
        return self.sum(x) - 1.0

    def max(self, x: Any) -> Any:
        """The greatest of each row."""
        return np.maximum.reduce(x, axis=self.axes, keepdims=True)

    def min(self, x: Any) -> Any:
        """The least of each row."""
        return np.minimum.reduce(x, axis=self.axes, keepdims=True)

    def prod(self, x: Any) -> Any:
        """The product of each row."""
        return np.multiply.reduce(x, axis=self.axes, keepdims=True)

    def norm(self, x: Any) -> Any:
        """The length of each row; where squares would overflow or vanish, the row is scaled first."""
        squares, limits = self.sum(x * x), np.finfo(x.dtype)
        if ((squares > limits.tiny / limits.eps) & (squares < np.inf)).all():
            return np.sqrt(squares)
        greatest = self.shift(np.abs(x))
        scale = np.where(greatest == 0.0, x.dtype.type(1.0), greatest)
        return scale * np.sqrt(self.sum(np.square(x / scale)))

    def shift(self, x: Any) -> Any:
        """What to subtract from each row, so that exp cannot overflow: its greatest number, if that is finite."""
        greatest = np.maximum.reduce(np.asarray(x), axis=self.axes, keepdims=True, initial=-np.inf)
        return np.where(np.isfinite(greatest), greatest, greatest.dtype.type(0.0))


@cache
def along(base: Namespace, axes: Axes) -> AlongAxes:
    """The namespace `base` for rows along these axes, made once."""
    return AlongAxes(base, axes)
