"""Operations that fold a row into one number: a list of Values into one node, or an array along its axes.

The definitions are written for a row, in which arithmetic goes element by element; `m.sum(x)` and its like fold it.
A local derivative is a row, or a number that holds for every element.
"""

import builtins
import math
from typing import Any

from autograd.arrays import is_list, normalized
from autograd.define import define, define_array
from autograd.namespaces import find
from autograd.notation import call

Rows = Any


def _products_of_others(m: Any, x: Rows) -> Rows:
    """For each element the product of all others, without dividing: an element may be 0."""
    items = m.items(x)
    before, after = [1.0], [1.0]
    for left, right in zip(items[:-1], items[:0:-1], strict=True):
        before.append(before[-1] * left)
        after.append(after[-1] * right)
    return m.row([left * right for left, right in zip(before, reversed(after), strict=True)], x)


def _shares_of_extreme(m: Any, x: Rows, out: Any) -> Rows:
    """1 for the element that is `out`; elements that tie share it evenly, as all nans do."""
    chosen = m.where((x == out) | (x != x), 1.0, 0.0)
    return chosen / m.sum(chosen)


def _closest_to_extreme(m: Any, x: Rows, extreme: Any) -> Any:
    """The gap between the extreme and the runner-up: 0 where two elements tie."""
    gaps = sorted(m.abs(item - extreme) for item in m.items(x))
    return gaps[1] if len(gaps) > 1 else 1.0


def _log_sum_exp(m: Any, x: Rows) -> Any:
    # One of the exponentials is 1. What the others add to it may be far smaller, so it is log1p that is wanted.
    shift = m.shift(x)
    return shift + m.log1p(m.sum_less_one(m.exp(x - shift)))


def _shares(m: Any, x: Rows) -> Rows:
    """Each element's exponential as a share of their sum, all less a constant, which cancels, against overflow."""
    exponentials = m.exp(x - m.shift(x))
    return exponentials / m.sum(exponentials)


def _share_of_first_partials(m: Any, x: Rows, out: Any) -> list[Any]:
    # For the first, out·(1 - out): the sum of the others is 1 - out without the cancellation.
    others = _shares(m, x)[1:]
    return [out * m.sum(others), *[-out * other for other in others]]


def _log_shares(m: Any, x: Rows) -> Rows:
    """The logarithms of the shares: without dividing, so that a share of 0 has one too."""
    shifted = x - m.shift(x)
    return shifted - m.log1p(m.sum_less_one(m.exp(shifted)))


def _deviations(m: Any, x: Rows) -> Rows:
    """How far each element is from the mean."""
    return x - m.sum(x) / m.count(x)


def _variance(m: Any, x: Rows) -> Any:
    # The mean is rounded, so the deviations have a small mean of their own: without it, equal elements have exactly 0.
    return m.sum(m.square(_deviations(m, _deviations(m, x)))) / m.count(x)


def _over_length(m: Any, x: Rows, length: Any) -> Rows:
    """x / length or, as PyTorch has it, 0 where the length is 0 and has a kink."""
    is_zero = length == 0.0
    return m.where(is_zero, 0.0, x / m.where(is_zero, 1.0, length))


def _rows(m: Any, x: Any, axis: Any) -> Any:
    """The namespace for the rows of an array along `axis`."""
    return m.along(normalized(axis, len(x.shape), "softmax"))


sum = define("sum", lambda m, x: m.sum(x), lambda m, x, out: 1.0, lists=True, symbol="Σ")
prod = define("prod", lambda m, x: m.prod(x), lambda m, x, out: _products_of_others(m, x), lists=True, symbol="Π")
mean = define("mean", lambda m, x: m.sum(x) / m.count(x), lambda m, x, out: 1.0 / m.count(x), lists=True, least=1)
max = define(
    "max",
    lambda m, x: m.max(x),
    _shares_of_extreme,
    lists=True,
    least=1,
    kinks=[lambda m, x: _closest_to_extreme(m, x, m.max(x))],
)
min = define(
    "min",
    lambda m, x: m.min(x),
    _shares_of_extreme,
    lists=True,
    least=1,
    kinks=[lambda m, x: _closest_to_extreme(m, x, m.min(x))],
)
logsumexp = define("logsumexp", _log_sum_exp, lambda m, x, out: _shares(m, x), lists=True, least=1)
_var = define(
    "var",
    _variance,
    lambda m, x, out: 2.0 * _deviations(m, x) / m.count(x),
    lists=True,
    least=1,
)
_std = define(
    "std",
    lambda m, x: m.sqrt(_variance(m, x)),
    lambda m, x, out: _over_length(m, _deviations(m, x) / m.count(x), out),
    lists=True,
    least=1,
    kinks=[_variance],
)
_norm = define(
    "norm",
    lambda m, x: m.norm(x),
    lambda m, x, out: _over_length(m, x, out),
    lists=True,
    kinks=[lambda m, x: m.norm(x)],
)
_softmax = define("softmax", lambda m, x: _shares(m, x)[0], _share_of_first_partials, lists=True, least=1)
_softmax_along = define_array(
    "softmax_along",
    lambda m, x, *, axis=-1: _shares(_rows(m, x, axis), x),
    lambda m, g, x, out, *, axis: out * (g - _rows(m, x, axis).sum(g * out)),
    notation=call("softmax"),
    symbol="softmax",
)
_log_softmax = define_array(
    "log_softmax",
    lambda m, x, *, axis=-1: _log_shares(_rows(m, x, axis), x),
    lambda m, g, x, out, *, axis: g - m.exp(out) * _rows(m, x, axis).sum(g),
)


def var(x: Any, axis: Any = None, keepdims: bool = False, *, ddof: float = 0, correction: float | None = None) -> Any:
    """The mean square of the deviations from the mean, for a list, or along axes of an array.

    It is divided by n - `ddof` in place of the number n of elements, as in NumPy; `correction` is PyTorch's name for
    `ddof` (whose default there is 1). Raises ValueError where nothing is left to divide by.

    >>> var([1.0, 2.0, 6.0, 7.0]), var([1.0, 2.0, 6.0, 7.0], ddof=2)
    (6.5, 13.0)
    """
    factor = _correction("var", x, axis, ddof if correction is None else correction)
    found = _var(x, **_along(axis, keepdims))
    return found if factor == 1.0 else found * factor


def std(x: Any, axis: Any = None, keepdims: bool = False, *, ddof: float = 0, correction: float | None = None) -> Any:
    """The root of `var`, with the same arguments. Its gradient is 0 where all elements are equal, as in PyTorch.

    >>> std([1.0, 7.0])
    3.0
    """
    factor = math.sqrt(_correction("std", x, axis, ddof if correction is None else correction))
    found = _std(x, **_along(axis, keepdims))
    return found if factor == 1.0 else found * factor


def norm(x: Any, ord: float | None = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002
    """The length of a list, or of the vectors along axes of an array: √Σx², for `ord` 1 Σ|x|, for `ord` inf max|x|.

    At the zero vector, where it has a kink, the gradient is 0, as in PyTorch. Without `axis`, all of an array is one
    vector. NumPy's `ord` means something else for matrices, so together with `ord` one axis must be given.

    Raises ValueError for another `ord`, and for several axes with `ord`.

    >>> norm([3.0, -4.0]), norm([3.0, -4.0], 1), norm([3.0, -4.0], math.inf)
    (5.0, 7.0, 4.0)
    """
    if ord not in (None, 1, 2, math.inf):
        raise ValueError(f"norm: ord is 1, 2 or inf, got {ord!r}")
    shape, settings = getattr(x, "shape", (0,)), _along(axis, keepdims)
    if ord is not None and len(normalized(axis, len(shape), "norm")) > 1:
        raise ValueError(
            f"norm: ord={ord} of an array of shape {shape} along several axes would be the norm of a matrix: give one "
            "axis, or ravel the array"
        )
    if ord in (None, 2):
        return _norm(x, **settings)
    sizes = abs(x) if hasattr(x, "shape") else [abs(item) for item in x]
    return (sum if ord == 1 else max)(sizes, **settings)


def _along(axis: Any, keepdims: bool) -> dict[str, Any]:
    """The settings that are not the defaults: a list of Values takes none."""
    return {**({} if axis is None else {"axis": axis}), **({"keepdims": True} if keepdims else {})}


def _correction(name: str, x: Any, axis: Any, ddof: float) -> float:
    """n/(n - ddof) for the number n of elements in a row."""
    if not ddof:
        return 1.0
    shape = getattr(x, "shape", None) or (len(x),)
    n = math.prod(shape[i] for i in normalized(axis, len(shape), name))
    if n <= ddof:
        raise ValueError(f"{name}: of {n} elements, ddof={ddof} leaves none to divide by")
    return n / (n - ddof)


def _is_array(x: Any) -> bool:
    """Whether this is an array or a Tensor; a row of Values is a list of them."""
    return hasattr(x, "dtype") and not is_list(x)


def _stacked(x: Any) -> Any:
    """A list that has a Tensor in it as one Tensor."""
    holds_tensors = isinstance(x, (list, tuple)) and builtins.any(hasattr(each, "ndim") for each in x)
    return find("stack")(x) if holds_tensors else x


def softmax(x: Any, axis: Any = -1) -> Any:
    """exp(x_i) / Σ exp(x_j) for each element of a list, or along an axis of an array: positive numbers that sum to 1.

    For a list each is one node. The operation gives the share of its first operand, so a node's first parent is its own
    element. For an array all are one node.

    >>> softmax([1e10, 1e10])
    [0.5, 0.5]
    """
    x = _stacked(x)
    if _is_array(x):
        return _softmax_along(x, axis=axis)
    [items] = _softmax.checked_lists([x])
    normalized(axis, 1, "softmax")
    return [_softmax([item, *items[:i], *items[i + 1 :]]) for i, item in enumerate(items)]


def log_softmax(x: Any, axis: Any = -1) -> Any:
    """The logarithm of `softmax`, finite also where that is 0.

    >>> log_softmax([0.0, 1000.0])
    [-1000.0, 0.0]
    """
    x = _stacked(x)
    if _is_array(x):
        return _log_softmax(x, axis=axis)
    [items] = _softmax.checked_lists([x])
    normalized(axis, 1, "log_softmax")
    total = logsumexp(items)
    return [item - total for item in items]
