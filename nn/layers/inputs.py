"""What layers and losses are given: arrays, Tensors, Values and lists of these; and whether its shape fits."""

from numbers import Number
from typing import Any

import numpy as np

import autograd
from nn.arguments import array_of

_AS_IT_IS = (autograd.Tensor, np.ndarray, autograd.Value, Number, np.generic)


def operand(x: Any) -> Any:
    """A Tensor, Value, array or number as it is; a list or table of numbers as an array; a list of Values as a Tensor.

    Raises TypeError for what are no numbers, and for a tuple with Tensors: what a recurrent layer gives.

    >>> operand([1.0, 2.0]), operand([autograd.Value(1.0), 2.0])
    (array([1., 2.]), Tensor([1., 2.], op=stack))
    """
    if isinstance(x, _AS_IT_IS):
        return x
    if isinstance(x, tuple) and any(isinstance(each, autograd.Tensor) for each in x):
        raise TypeError("expected one array, got a tuple: RNN, LSTM and GRU give (outputs, state): take [0]")
    return autograd.stack(x) if isinstance(x, (list, tuple)) else array_of(x, "the input")


def fitting(module: Any, x: Any, *shapes: tuple[Any, ...]) -> Any:
    """`x` as an operand, if its shape is one of `shapes`, in which a letter is any length, and `...` any axes before.

    Raises ValueError, which shows the module and what it expects, if it is not.

    >>> fitting("Linear(3, 2)", [1.0, 2.0], (..., 3))
    Traceback (most recent call last):
    ValueError: Linear(3, 2): expected an array of shape (…, 3), got (2,)
    """
    x = operand(x)
    found = getattr(x, "shape", ())
    if not any(_fits(found, shape) for shape in shapes):
        expected = " or ".join(_written(shape) for shape in shapes)
        raise ValueError(f"{module}: expected an array of shape {expected}, got {found}")
    return x


def _fits(found: tuple[int, ...], shape: tuple[Any, ...]) -> bool:
    if shape[0] is ...:
        shape = shape[1:]
        found = found[max(0, len(found) - len(shape)) :]
    return len(found) == len(shape) and all(
        n == wanted or isinstance(wanted, str) for n, wanted in zip(found, shape, strict=True)
    )


def _written(shape: tuple[Any, ...]) -> str:
    lengths = ["…" if n is ... else str(n) for n in shape]
    return f"({', '.join(lengths)}{',' * (len(lengths) == 1)})"
