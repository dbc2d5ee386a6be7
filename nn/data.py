"""Batches: data in pieces of a few rows, in a new order each epoch."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from nn.arguments import Array, array_of, whole_number
from nn.seeds import Rng, generator

Augment: TypeAlias = Callable[[Array, np.random.Generator], Array]
"""What makes a new batch of a batch, by chance: those of `nn.augment`, or any function."""


class Batches:
    """The rows of `x`, and of `y` beside them, in batches of `batch_size`; each iteration over it is one epoch.

    It gives pairs (rows of x, rows of y), in a new order each epoch unless `shuffle` is False; without `y` the second
    is None. The last batch is smaller if the rows do not come out even, or with `drop_last` left out. `augment` is
    called with the rows of x and the generator, and gives what takes their place. Arrays, Tensors and lists are taken,
    and keep their dtype.

    The batches cannot be written to, so that Tensors need not copy them. Chance comes from the generator `rng`, so
    setting its state continues with the same epochs.

    Raises ValueError for no rows, for `x` and `y` of different lengths, and if there would be no batch.

    >>> batches = Batches([[0.0], [0.1], [0.2], [0.3], [0.4]], [0, 1, 2, 3, 4], batch_size=2, rng=0)
    >>> [y.tolist() for x, y in batches], [y.tolist() for x, y in batches], len(batches)
    ([[2, 4], [3, 0], [1]], [[4, 1], [2, 0], [3]], 3)
    """

    def __init__(
        self,
        x: Any,
        y: Any = None,
        batch_size: int = 32,
        *,
        shuffle: bool = True,
        drop_last: bool = False,
        rng: Rng = None,
        augment: Augment | None = None,
    ) -> None:
        self.x = _rows(x, "x")
        self.y = None if y is None else _rows(y, "y")
        if self.y is not None and len(self.x) != len(self.y):
            raise ValueError(
                f"Batches: every row of x needs one of y, got {len(self.x):,} of x and {len(self.y):,} of y"
            )
        self.batch_size = whole_number(batch_size, "Batches: batch_size", 1)
        if drop_last and self.batch_size > len(self.x):
            raise ValueError(
                f"Batches: {len(self.x):,} rows make no batch of {batch_size:,}; take a smaller one, or drop_last=False"
            )
        self.shuffle, self.drop_last, self.augment = shuffle, drop_last, augment
        self.rng = generator(rng)

    def bounds(self) -> list[int]:
        """Where batches begin and end in the order of an epoch: the first from bounds[0] to bounds[1], and so on."""
        n, size = len(self.x), self.batch_size
        rest = [n] if n % size and not self.drop_last else []
        return [*range(0, n - n % size + 1, size), *rest]

    def __len__(self) -> int:
        return len(self.bounds()) - 1

    def __iter__(self) -> Iterator[tuple[Array, Any]]:
        order = self.rng.permutation(len(self.x)) if self.shuffle else None
        for start, stop in pairwise(self.bounds()):
            batch = slice(start, stop)
            rows = batch if order is None else order[batch]
            yield self._augmented(_taken(self.x, rows)), None if self.y is None else _taken(self.y, rows)

    def _augmented(self, x: Array) -> Array:
        if self.augment is None:
            return x
        new = np.asarray(self.augment(x, self.rng))
        if new.shape[:1] != x.shape[:1]:
            raise ValueError(f"Batches: augment must keep the {len(x)} rows of a batch, and gave the shape {new.shape}")
        new.flags.writeable = False
        return new


def _rows(x: Any, name: str) -> Array:
    array = array_of(x, f"Batches: {name}")
    if array.ndim == 0 or len(array) == 0:
        raise ValueError(f"Batches: {name} has no rows, its shape is {array.shape}")
    return array


def _taken(array: Array, rows: Array | slice) -> Array:
    """These rows as an array that cannot be written to: a view for a slice, which freezes the view alone."""
    taken = array[rows] if isinstance(rows, slice) else array.take(rows, axis=0)
    taken.flags.writeable = False
    return taken
