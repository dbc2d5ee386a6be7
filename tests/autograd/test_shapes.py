"""Why shapes do not fit is said with the shapes, the operation and the lengths that differ."""

from typing import Any

import numpy as np
import pytest

import autograd
from autograd.op import Op
from autograd.shapes import mismatch


@pytest.mark.parametrize(
    ("op", "shapes", "words"),
    [
        (autograd.add, [(3, 4), (5,)], "add: (3, 4) + (5,): 4 ≠ 5"),
        (autograd.mul, [(2, 3), (4, 1, 2)], "mul: (2, 3) * (4, 1, 2): 3 ≠ 2"),
        (autograd.matmul, [(3, 4), (5, 2)], "matmul: (3, 4) @ (5, 2): 4 ≠ 5"),
        (autograd.matmul, [(4,), (5,)], "matmul: (4,) @ (5,): 4 ≠ 5"),
        (autograd.matmul, [(2, 3, 4), (5, 4, 1)], "matmul: (2, 3, 4) @ (5, 4, 1): 2 ≠ 5"),
        (autograd.lerp, [(2,), (3,), (2,)], "lerp: (2,), (3,), (2,): 2 ≠ 3"),
    ],
)
def test_the_lengths_that_differ_are_named(op: Op, shapes: list[Any], words: str) -> None:
    assert mismatch(op, [np.zeros(shape) for shape in shapes], ValueError()) == words


def test_another_reason_is_numpys_own() -> None:
    words = mismatch(autograd.matmul, [np.zeros(()), np.zeros(2)], ValueError("it has no axes"))
    assert words == "matmul: () @ (2,): it has no axes"
