"""What layers and losses are given: arrays, Tensors, Values and lists of these; and whether its shape fits."""

from typing import Any

import autograd


def operand(x: Any) -> Any:
    """A Tensor, Value, array or number as it is; a list of numbers as an array; one with Values in it as a Tensor.

    >>> operand([1.0, 2.0]), operand([autograd.Value(1.0), 2.0])
    (array([1., 2.]), Tensor([1., 2.], op=stack))
    """
    return autograd.stack(x) if isinstance(x, (list, tuple)) else x


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
