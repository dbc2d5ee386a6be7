"""Where an operation may be tested: its value, derivatives and domain for operands that stand in one flat list."""

import math
from collections.abc import Sequence

from autograd.namespaces import FLOATS
from autograd.op import Interval, Op

_LONGEST_LIST = 4


def lengths(op: Op) -> range:
    """How many elements each list of an operation over lists is given in a test; 1 for any other operation.

    >>> from autograd import registry
    >>> lengths(registry["mean"]), lengths(registry["tanh"])
    (range(1, 5), range(1, 2))
    """
    return range(op.least or 1, (_LONGEST_LIST if op.over_lists else 1) + 1)


def value(op: Op, operands: Sequence[float]) -> float:
    """The operation's value.

    >>> from autograd import registry
    >>> value(registry["dot"], [1.0, 2.0, 10.0, 100.0])
    210.0
    """
    return float(op.value(FLOATS, op.arranged(operands)))


def local_derivatives(op: Op, operands: Sequence[float]) -> dict[int, float]:
    """The local derivatives by the index of the operand, for each operand that has one.

    >>> from autograd import registry
    >>> local_derivatives(registry["mul"], [2.0, 3.0])
    {0: 3.0, 1: 2.0}
    """
    wanted = [interval is not None for interval in intervals(op, _length(op, operands))]
    found = op.local_derivatives(FLOATS, op.arranged(operands), value(op, operands), wanted)
    return dict(zip([i for i, w in enumerate(wanted) if w], found, strict=True))


def intervals(op: Op, length: int) -> list[Interval | None]:
    """For each operand the interval in which it may lie; None if it takes whole numbers only.

    >>> from autograd import registry
    >>> intervals(registry["polygamma"], 1)
    [None, Interval(low=0.0, high=inf)]
    """
    each = [interval if partial else None for interval, partial in zip(op.domain, op.partials, strict=True)]
    return [interval for interval in each for _ in range(length)]


def kinks(op: Op, operands: Sequence[float]) -> list[float]:
    """The operation's kink functions: 0 where a derivative is a choice or does not exist.

    >>> from autograd import registry
    >>> kinks(registry["maximum"], [5.0, 3.0])
    [2.0]
    """
    return [float(FLOATS.evaluate(kink, *op.arranged(operands))) for kink in op.kinks]


def is_regular(op: Op, operands: Sequence[float], distance: float, margin: float = 0.0) -> bool:
    """Whether the operands lie in the domain, `margin` from its ends, and at least `distance` away from its kinks.

    >>> from autograd import registry
    >>> is_regular(registry["relu"], [0.5], 0.1), is_regular(registry["relu"], [0.05], 0.1)
    (True, False)
    """
    domain = intervals(op, _length(op, operands))
    inside = all(d is None or d.low + margin < x < d.high - margin for d, x in zip(domain, operands, strict=True))
    return inside and all(math.fabs(k) >= distance for k in kinks(op, operands))


def _length(op: Op, operands: Sequence[float]) -> int:
    return len(operands) // len(op.operands)
