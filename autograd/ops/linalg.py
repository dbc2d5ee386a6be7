"""Products of vectors, matrices and tensors."""

from collections.abc import Sequence
from math import prod
from string import ascii_letters
from typing import Any

import numpy as np

from autograd.arrays import Shape, applied, as_operand, is_list, normalized, unbroadcast, whole_numbers
from autograd.arrays import shape as _shape
from autograd.define import define, define_array
from autograd.namespaces import find
from autograd.notation import MATRIX_PRODUCT


def _product(m: Any, x: Any, y: Any) -> Any:
    try:
        return m.matmul(x, y)
    except ValueError as error:
        if _shape(x) and _shape(y):
            raise
        raise ValueError("a number has no axis to sum over: multiply with *") from error


def _column(m: Any, x: Any) -> Any:
    return m.reshape(x, (*x.shape, 1))


def _row(m: Any, x: Any) -> Any:
    return m.reshape(x, (*x.shape[:-1], 1, x.shape[-1]))


def _swapped(m: Any, x: Any) -> Any:
    """The matrices of `x`, each transposed."""
    axes = len(x.shape)
    return x.T if axes == 2 else m.transpose(x, (*range(axes - 2), axes - 1, axes - 2))


def _to_left(m: Any, g: Any, x: Any, y: Any, out: Any) -> Any:
    if len(y.shape) == 1:
        return unbroadcast(m, g * y if len(x.shape) == 1 else _column(m, g) * y, x.shape)
    if len(x.shape) > 1:
        return unbroadcast(m, m.matmul(g, _swapped(m, y)), x.shape)
    if len(y.shape) == 2:
        return m.matmul(y, g)
    return unbroadcast(m, m.reshape(m.matmul(y, _column(m, g)), y.shape[:-1]), x.shape)


def _to_right(m: Any, g: Any, x: Any, y: Any, out: Any) -> Any:
    if len(x.shape) == 1:
        return unbroadcast(m, g * x if len(y.shape) == 1 else _column(m, x) * _row(m, g), y.shape)
    if len(x.shape) > 2 and len(y.shape) <= 2:  # one product of two long matrices, and not a sum of many small ones
        rows = prod(x.shape[:-1])
        x = m.reshape(x, (rows, x.shape[-1]))
        g = m.reshape(g, (rows, *y.shape[1:]))
    if len(y.shape) == 1:
        return m.matmul(g, x)
    return unbroadcast(m, m.matmul(_swapped(m, x), g), y.shape)


matmul = define_array("matmul", _product, _to_left, _to_right, symbol="@", notation=MATRIX_PRODUCT, linear=True)
_dot_of_lists = define(
    "dot",
    lambda m, x, y: m.dot(x, y),
    lambda m, x, y, out: y,
    lambda m, x, y, out: x,
    lists=True,
)


def _as_matrix(m: Any, x: Any) -> Any:
    """All rows of an array below each other: one product of two long matrices is quicker than many of small ones."""
    return x if len(x.shape) == 2 else m.reshape(x, (prod(x.shape[:-1]), x.shape[-1]))


def _weighted(m: Any, operands: Sequence[Any]) -> Any:
    x, weight, *bias = operands
    out = m.matmul(_as_matrix(m, x), weight.T)
    if bias and isinstance(out, np.ndarray) and out.dtype == bias[0].dtype:
        out += bias[0]
    elif bias:
        out = out + bias[0]
    return out if len(x.shape) == 2 else m.reshape(out, (*x.shape[:-1], weight.shape[0]))


def _from_weighted(m: Any, g: Any, i: int, operands: Sequence[Any], out: Any) -> Any:
    x, weight = operands[:2]
    g = _as_matrix(m, g)
    if i == 2:
        return m.total(g, (0,), keepdims=False)
    if i == 1:
        return m.matmul(g.T, _as_matrix(m, x))
    product = m.matmul(g, weight)
    return product if len(x.shape) == 2 else m.reshape(product, x.shape)


_linear = define_array("linear", _weighted, _from_weighted, variadic=True)


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """`x @ weightᵀ + bias`, as one operation: `x` is of shape (…, in), `weight` (out, in) and `bias` (out,).

    Raises ValueError, which shows them, for shapes that do not fit.

    >>> linear([1.0, 2.0], [[3.0, 4.0], [5.0, 6.0], [7.0, 8.0]], [0.0, 0.5, 1.0])
    array([11. , 17.5, 24. ])
    """
    operands = tuple(as_operand(each, "linear") for each in (x, weight, bias) if each is not None)
    of_x, of_weight, *of_bias = map(_shape, operands)
    if not of_x or len(of_weight) != 2 or of_x[-1] != of_weight[1] or of_bias not in ([], [of_weight[:1]]):
        got = ", ".join(map(str, (of_x, of_weight, *of_bias)))
        raise ValueError(f"linear: x is of shape (…, in), weight (out, in) and bias (out,); got {got}")
    return applied(_linear, operands, {})


def dot(a: Any, b: Any) -> Any:
    """Σ a_i·b_i for two lists of numbers and Values, as one node; for arrays and Tensors, NumPy's product.

    That is the product of two vectors or matrices, and of a number with anything; with more axes, the sum over the last
    axis of `a` and the last but one of `b`.

    >>> dot([1.0, 2.0], [3.0, 4.0])
    11.0
    >>> import numpy as np
    >>> dot(np.array([[1.0, 2.0], [3.0, 4.0]]), [1.0, -1.0])
    array([-1., -1.])
    """
    if not _are_arrays(a, b):
        return _dot_of_lists(a, b)
    a, b = as_operand(a, "dot"), as_operand(b, "dot")
    axes = len(_shape(a)), len(_shape(b))
    if not all(axes):
        return a * b
    return matmul(a, b) if axes[1] <= 2 else tensordot(a, b, (-1, -2))


def inner(a: Any, b: Any) -> Any:
    """The sum of the products over the last axis of both; of numbers, their product.

    >>> inner([[1.0, 2.0], [3.0, 4.0]], [1.0, -1.0])
    array([-1., -1.])
    """
    a, b = as_operand(a, "inner"), as_operand(b, "inner")
    return tensordot(a, b, (-1, -1)) if _shape(a) and _shape(b) else a * b


def vdot(a: Any, b: Any) -> Any:
    """The sum of the products of all elements, both arrays taken as one row.

    >>> float(vdot([[1.0, 2.0], [3.0, 4.0]], [[1.0, 1.0], [1.0, 1.0]]))
    10.0
    """
    return matmul(_row_of_all(a, "vdot"), _row_of_all(b, "vdot"))


def outer(a: Any, b: Any) -> Any:
    """The products of every element of `a` with every element of `b`, in a matrix.

    >>> outer([1.0, 2.0], [3.0, 4.0, 5.0])
    array([[ 3.,  4.,  5.],
           [ 6.,  8., 10.]])
    """
    return _einsum("i,j->ij", _row_of_all(a, "outer"), _row_of_all(b, "outer"))


def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """The sum of the products over axes of both: the last of `a` and first of `b`, or two lists that name the pairs.

    The axes of `a` that remain are followed by those of `b`. Raises ValueError for axes that differ in length.

    >>> import numpy as np
    >>> tensordot(np.ones((2, 3, 4)), np.ones((4, 3)), ([1, 2], [1, 0])).shape
    (2,)
    """
    a, b = as_operand(a, "tensordot"), as_operand(b, "tensordot")
    left, right = _pairs(_shape(a), _shape(b), axes)
    of_a = ascii_letters[: len(_shape(a))]
    of_b = list(ascii_letters[len(of_a) : len(of_a) + len(_shape(b))])
    for i, j in zip(left, right, strict=True):
        of_b[j] = of_a[i]
    kept = [letter for letter in (*of_a, *of_b) if not (letter in of_a and letter in of_b)]
    return _einsum(f"{of_a},{''.join(of_b)}->{''.join(kept)}", a, b)


def _pairs(a: Shape, b: Shape, axes: Any) -> tuple[Shape, Shape]:
    """The axes of `a` and of `b` over which tensordot sums, each from 0 up."""
    if isinstance(axes, (tuple, list)):
        if len(axes) != 2:
            raise ValueError(f"tensordot: axes are a number, or two lists of as many axes, got {axes!r}")
        left, right = (whole_numbers(each, "tensordot, axes") for each in axes)
    else:
        [many] = whole_numbers(axes, "tensordot, axes")
        if not 0 <= many <= min(len(a), len(b)):
            raise ValueError(f"tensordot: {a}, {b}: there are no {many} axes in both to sum over")
        left, right = tuple(range(len(a) - many, len(a))), tuple(range(many))
    found = normalized(left, len(a), "tensordot"), normalized(right, len(b), "tensordot")
    lengths = tuple(a[i] for i in found[0]), tuple(b[j] for j in found[1])
    if lengths[0] != lengths[1]:
        one = len(left) == len(right) == 1
        along = f"axis {left[0]} and {right[0]}" if one else f"axes {left} and {right}"
        both = " ≠ ".join(str(n[0] if one else n) for n in lengths)
        raise ValueError(f"tensordot: {a}, {b} along {along}: {both}")
    return found


def _einsum(subscripts: str, *x: Any) -> Any:
    return find("einsum")(x, subscripts=subscripts)


def _row_of_all(x: Any, where: str) -> Any:
    return find("reshape")(as_operand(x, where), shape=(-1,))


def _are_arrays(a: Any, b: Any) -> bool:
    """Whether NumPy's `dot` is meant: of a Tensor, of more or fewer axes than one, or of two arrays of numbers."""
    given = [x for x in (a, b) if hasattr(x, "shape")]
    if any(hasattr(x, "apply_op") or len(x.shape) != 1 for x in given):
        return True
    return len(given) == 2 and not any(map(is_list, given))
