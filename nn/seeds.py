"""Where random numbers come from: a generator that is given, or one that `with seed(n)` provides."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

import numpy as np

Rng: TypeAlias = int | np.random.Generator | None
"""What `rng` may be: a seed, a generator, or None for that of the surrounding `with seed(n)`, else a fresh one."""

_surrounding: ContextVar[np.random.Generator | None] = ContextVar("seed", default=None)


@contextmanager
def seed(n: int) -> Iterator[None]:
    """Within this context whatever draws random numbers, and is given no `rng`, draws those that follow from `n`.

    Each that asks gets a generator of its own, in the order in which they ask. Threads and async tasks do not meet.

    >>> import nn
    >>> with nn.seed(7):
    ...     first = nn.Linear(3, 2)
    >>> with nn.seed(7):
    ...     second = nn.Linear(3, 2)
    >>> bool((first.weight == second.weight).all())
    True
    """
    token = _surrounding.set(generator(n))
    try:
        yield
    finally:
        _surrounding.reset(token)


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
    """Whether a `with seed(n)` surrounds the caller."""
    return _surrounding.get() is not None
