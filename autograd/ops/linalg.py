"""Products of matrices and tensors."""

from typing import Any

from autograd.arrays import unbroadcast
from autograd.define import define_array


def _column(m: Any, x: Any) -> Any:
    return m.reshape(x, (*x.shape, 1))


def _row(m: Any, x: Any) -> Any:
    return m.reshape(x, (*x.shape[:-1], 1, x.shape[-1]))


def _swapped(m: Any, x: Any) -> Any:
    """The matrices of `x`, each transposed."""
    axes = len(x.shape)
    return m.transpose(x, (*range(axes - 2), axes - 1, axes - 2)) if axes > 1 else x


def _to_left(m: Any, g: Any, x: Any, y: Any, out: Any) -> Any:
    if len(y.shape) == 1:
        return unbroadcast(m, g * y if len(x.shape) == 1 else _column(m, g) * y, x.shape)
    if len(x.shape) == 1:
        product = m.matmul(y, _column(m, g))
        return unbroadcast(m, m.reshape(product, product.shape[:-1]), x.shape)
    return unbroadcast(m, m.matmul(g, _swapped(m, y)), x.shape)


def _to_right(m: Any, g: Any, x: Any, y: Any, out: Any) -> Any:
    if len(x.shape) == 1:
        return unbroadcast(m, g * x if len(y.shape) == 1 else _column(m, x) * _row(m, g), y.shape)
    if len(x.shape) > 2 and len(y.shape) <= 2:  # one product of two long matrices, and not a sum of many small ones
        x = m.reshape(x, (-1, x.shape[-1]))
        g = m.reshape(g, (-1, *y.shape[1:]))
    if len(y.shape) == 1:
        return m.matmul(g, x)
    return unbroadcast(m, m.matmul(_swapped(m, x), g), y.shape)


matmul = define_array("matmul", lambda m, x, y: m.matmul(x, y), _to_left, _to_right, symbol="@", linear=True)
