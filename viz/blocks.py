"""Block: an array as a picture shows it, whole if it is small, else by its mean and spread."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from autograd.numerals import is_short, numeral, rows, spread


@dataclass(frozen=True, slots=True)
class Block:
    """An array of at least one axis.

    `rows` has its numbers if it is small enough to be shown whole, else it is empty. `rough` is for tables.

    >>> block = Block.of(np.eye(2, dtype=np.float32))
    >>> block.spread, block.rough, block.rows
    ('mean 0.5 ± 0.5', '0.5 ± 0.5', ((1.0, 0.0), (0.0, 1.0)))
    >>> block.text, Block.of(np.ones((9, 9))).described
    ('[[1, 0], [0, 1]]', '(9, 9), all 1')
    """

    dtype: str
    shape: tuple[int, ...]
    spread: str
    rough: str
    mean: float
    rows: tuple[tuple[float, ...], ...] = ()

    @classmethod
    def of(cls, x: Any) -> "Block":
        """The block of an array."""
        array = np.asarray(x)
        with np.errstate(all="ignore"):
            mean = float(array.mean(dtype=np.float64)) if array.size else 0.0
        rough = spread(array, digits=2).removeprefix("mean ")
        return cls(str(array.dtype), array.shape, spread(array), rough, mean, tuple(map(tuple, rows(array))))

    @property
    def text(self) -> str:
        """What a line has room for: the numbers if they are few, else mean and spread."""
        whole = np.reshape(self.rows, self.shape) if self.rows else None
        return numeral(whole) if whole is not None and is_short(whole) else self.spread

    @property
    def described(self) -> str:
        """The same with the shape of an array that is not whole."""
        return self.text if self.text.startswith("[") else f"{self.shape}, {self.spread}"

    @property
    def numbers(self) -> list[float]:
        """What has a colour: each number, or the mean of those that are not shown."""
        return [x for row in self.rows for x in row] if self.rows else [self.mean]


Shown: TypeAlias = float | Block | None
"""What a picture shows of a number or array; None while it is not computed."""


def shown(x: Any) -> Shown:
    """A number, also one in an array without axes, as a float, and an array as a block."""
    if x is None or type(x) is float:
        return x
    return Block.of(x) if np.ndim(x) else float(x)


def numbers(x: Shown) -> list[float | None]:
    """The numbers in it that have a colour."""
    return list(x.numbers) if isinstance(x, Block) else [x]


def typical(x: Shown) -> float | None:
    """The one number that stands for it."""
    return x.mean if isinstance(x, Block) else x


def written(x: Shown) -> str:
    """It in one line."""
    return x.text if isinstance(x, Block) else numeral(x)


def described(x: Shown) -> str:
    """It in one line, with the shape of an array that is not whole."""
    return x.described if isinstance(x, Block) else numeral(x)
