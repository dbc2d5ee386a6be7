"""Shapes in words: why an operation cannot be applied to arrays of the shapes that it was given."""

from collections.abc import Sequence
from typing import Any

from autograd.arrays import Shape, shape
from autograd.op import Op


def mismatch(op: Op, operands: Sequence[Any], error: Exception) -> str:
    """What to say of an operation that NumPy refused: its name, all shapes, and the lengths that do not fit.

    >>> import autograd, numpy as np
    >>> mismatch(autograd.add, [np.zeros((3, 4)), np.zeros(5)], ValueError())
    'add: (3, 4) + (5,): 4 ≠ 5'
    """
    shapes = [shape(x) for x in operands]
    lengths = _unequal(op, shapes)
    why = " ≠ ".join(map(str, lengths)) if lengths else str(error)
    between = f" {op.symbol} " if not op.symbol[0].isalpha() else ", "
    return f"{op.name}: {between.join(map(str, shapes))}: {why}"


def _unequal(op: Op, shapes: Sequence[Shape]) -> tuple[int, ...]:
    """The lengths that ought to be equal, or 1, and are not; none if it is not these that the operation refused."""
    if op.name == "matmul" and all(shapes):
        left, right = shapes
        inner = left[-1], right[-2 if len(right) > 1 else 0]
        if inner[0] != inner[1]:
            return inner
        shapes = [left[:-2], right[:-2]]
    for lengths in zip(*[reversed((1,) * 64 + each) for each in shapes], strict=False):
        different = dict.fromkeys(n for n in lengths if n != 1)
        if len(different) > 1:
            return tuple(different)
    return ()
