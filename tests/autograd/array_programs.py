"""Functions of arrays for tests, as the library takes them, with the shapes that they are for."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograd

Array = np.ndarray[Any, Any]
Program = tuple[Callable[..., Any], tuple[tuple[int, ...], ...]]

FIXED = np.array([[0.5, -1.5], [2.0, 0.25], [-0.75, 1.0]])

# NumPy's functions, which on plain arrays are NumPy's own.
PROGRAMS: dict[str, Program] = {
    "a number": (lambda x: x * np.tanh(x) + x, ((),)),
    "broadcasting": (lambda x, y: x * np.exp(y) - y / (2.0 + x * x), ((2, 1), (3,))),
    "an array beside": (lambda x: (2.0 - x) @ FIXED / 3.0 + FIXED[0], ((2, 3),)),
    "a layer": (lambda x, w, b: np.tanh(x @ w + b), ((2, 3), (3, 2), (2,))),
    "two layers": (lambda x, w, v: autograd.logsumexp(np.sin(x @ w) @ v, axis=0), ((2, 3), (3, 3), (3, 2))),
    "matrix and vector": (lambda x, v: np.exp(x @ v) * (v @ v), ((3, 2), (2,))),
    "sums and means": (lambda x: np.sum(x, axis=0) * np.sin(np.mean(x, axis=1, keepdims=True)), ((2, 3),)),
    "products": (lambda x: np.prod(x, axis=-1) + np.prod(x), ((2, 2),)),
    "greatest and least": (lambda x: x.max(axis=0) * x.min(), ((3, 2),)),
    "softmax": (lambda x: autograd.softmax(x, axis=0) ** 2, ((3, 2),)),
    "indices that repeat": (lambda x: x[[0, 1, 0]] * x[1:, ::-1], ((2, 3),)),
    "turned and cut": (lambda x: np.cos(np.transpose(x).reshape((2, 3))[..., 1]), ((2, 3),)),
    "put together": (lambda x, y: np.stack([x, np.tanh(y), x * y]), ((2,), (2,))),
    "joined": (lambda x, y: np.exp(np.concatenate([x, y * y], axis=1)), ((2, 1), (2, 2))),
    "one of two moves": (lambda x: np.concatenate([np.exp(x), np.ones(2)]), ((2,),)),
    "used again and again": (lambda x: (x * x + x) * x / (1.0 + x * x), ((3,),)),
    "nothing": (lambda x: np.sum(np.exp(x), axis=0), ((0, 2),)),
}

# Distinct eighths, so that no two elements tie, and none is at a kink.
_places = st.integers(-12, 12).map(lambda n: n / 8 + 1 / 64)


def arrays_for(program: Program) -> st.SearchStrategy[tuple[Array, ...]]:
    """Arguments for a program."""
    shapes = program[1]
    return st.tuples(*[hnp.arrays(np.float64, shape, elements=_places, unique=True) for shape in shapes])


def directions_for(program: Program) -> st.SearchStrategy[tuple[Array, ...]]:
    """Tangents for its arguments."""
    elements = st.integers(-8, 8).map(lambda n: n / 4)
    return st.tuples(*[hnp.arrays(np.float64, shape, elements=elements) for shape in program[1]])
