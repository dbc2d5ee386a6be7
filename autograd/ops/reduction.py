"""Operations that fold a row into one number: a list of Values into one node, or an array along its axes.

The definitions are written for a row, in which arithmetic goes element by element; `m.sum(x)` and its like fold it.
A local derivative is a row, or a number that holds for every element.
"""

from typing import Any

from autograd.define import define

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


def shares(m: Any, x: Rows) -> Rows:
    """Each element's exponential as a share of their sum, all less a constant, which cancels, against overflow."""
    exponentials = m.exp(x - m.shift(x))
    return exponentials / m.sum(exponentials)


def _share_of_first_partials(m: Any, x: Rows, out: Any) -> list[Any]:
    # For the first, out·(1 - out): the sum of the others is 1 - out without the cancellation.
    others = shares(m, x)[1:]
    return [out * m.sum(others), *[-out * other for other in others]]


def _deviations(m: Any, x: Rows) -> Rows:
    """How far each element is from the mean."""
    return x - m.sum(x) / m.count(x)


sum = define("sum", lambda m, x: m.sum(x), lambda m, x, out: 1.0, lists=True, symbol="Σ")
prod = define("prod", lambda m, x: m.prod(x), lambda m, x, out: _products_of_others(m, x), lists=True, symbol="Π")
dot = define(
    "dot",
    lambda m, x, y: m.dot(x, y),
    lambda m, x, y, out: y,
    lambda m, x, y, out: x,
    lists=True,
)
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
logsumexp = define("logsumexp", _log_sum_exp, lambda m, x, out: shares(m, x), lists=True, least=1)
_softmax = define("softmax", lambda m, x: shares(m, x)[0], _share_of_first_partials, lists=True, least=1)


def softmax(x: Any) -> list[Any]:
    """exp(x_i) / Σ exp(x_j) for each element of a list: positive numbers that sum to 1.

    Each is one node. The operation gives the share of its first operand, so a node's first parent is its own element.

    >>> softmax([1e10, 1e10])
    [0.5, 0.5]
    """
    [items] = _softmax.checked_lists([x])
    return [_softmax([item, *items[:i], *items[i + 1 :]]) for i, item in enumerate(items)]
