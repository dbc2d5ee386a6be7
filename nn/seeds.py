"""Where random numbers come from: a generator that is given, or one that `seed(n)` provides."""

from contextvars import ContextVar
from typing import Any, TypeAlias

import numpy as np

Rng: TypeAlias = int | np.integer[Any] | np.random.Generator | None
"""A seed, a generator, or None for one that follows from `seed(n)`, if that was called, and else a fresh one."""

_surrounding: ContextVar[np.random.Generator | None] = ContextVar("surrounding", default=None)


class seed:  # noqa: N801 - it is called like a function, and entered like a context
    """From here on whatever draws random numbers, and is given no `rng`, draws those that follow from `n`.

    As a context, `with seed(n):`, it holds within that only. Each that asks gets a generator of its own, in the order
    in which they ask. Threads and async tasks do not meet.

    >>> import nn
    >>> with nn.seed(7):
    ...     first = nn.Linear(3, 2)
    >>> with nn.seed(7):
    ...     second = nn.Linear(3, 2)
    >>> bool((first.weight == second.weight).all())
    True
    """

    def __init__(self, n: int) -> None:
        self._token = _surrounding.set(generator(n))

    def __enter__(self) -> None:
        """The seed holds already."""

    def __exit__(self, *exception: object) -> None:
        _surrounding.reset(self._token)


def generator(rng: Rng) -> np.random.Generator:
    """The generator that `rng` stands for. Raises TypeError and ValueError for what is no seed."""
    if isinstance(rng, np.random.Generator):
        return rng
    if rng is None:
        surrounding = _surrounding.get()
        return np.random.default_rng() if surrounding is None else surrounding.spawn(1)[0]
    if isinstance(rng, bool) or not isinstance(rng, (int, np.integer)):
        raise TypeError(f"expected a seed, a numpy.random.Generator or None, got the {type(rng).__name__} {rng!r:.60}")
    if rng < 0:
        raise ValueError(f"a seed is a whole number from 0 up, got {rng}")
    return np.random.default_rng(int(rng))


def is_seeded() -> bool:
    """Whether `seed(n)` holds here."""
    return _surrounding.get() is not None
