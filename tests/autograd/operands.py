"""Points at which an operation may be tested: within its domain, and away from its kinks."""

import math
from collections.abc import Sequence

from hypothesis import strategies as st

from autograd import Interval, Op
from autograd.op import FLOATS

NOT_TINY = 1e-30
WHOLE_NUMBERS = st.sampled_from([0.0, 1.0, 2.0, 3.0])


def value(op: Op, operands: Sequence[float]) -> float:
    """The operation's value for its operands in one flat list."""
    return float(op.value(FLOATS, op.arranged(operands)))


def local_derivatives(op: Op, operands: Sequence[float]) -> dict[int, float]:
    """The local derivatives by the index of the operand, for each operand that has one."""
    length = len(operands) // len(op.operands)
    wanted = [partial is not None for partial in op.partials for _ in range(length)]
    found = op.local_derivatives(FLOATS, op.arranged(operands), value(op, operands), wanted)
    return dict(zip([i for i, w in enumerate(wanted) if w], found, strict=True))


def lengths(op: Op) -> st.SearchStrategy[int]:
    """How many elements each list of an operation over lists may have; 1 for any other operation."""
    return st.integers(op.least or 1, 4) if op.over_lists else st.just(1)


def intervals(op: Op, length: int) -> list[Interval | None]:
    """For each operand in one flat list the interval it is drawn from; None if it takes whole numbers only."""
    each = [d if p else None for d, p in zip(op.domain, op.partials, strict=True)]
    return [interval for interval in each for _ in range(length)]


def numbers(interval: Interval | None, bound: float = 10.0) -> st.SearchStrategy[float]:
    """Floats of an open interval that are no greater than `bound` in size, and not tiny."""
    if interval is None:
        return WHOLE_NUMBERS
    low, high = max(interval.low, -bound, NOT_TINY if interval.low == 0.0 else -bound), min(interval.high, bound)
    within = st.floats(low, high, exclude_min=low == interval.low, exclude_max=high == interval.high)
    return within.map(lambda x: x if math.fabs(x) >= NOT_TINY else 0.0)


def kinks(op: Op, operands: Sequence[float]) -> list[float]:
    """The operation's kink functions: 0 where a derivative is a choice."""
    return [float(FLOATS.evaluate(kink, *op.arranged(operands))) for kink in op.kinks]


def is_regular(op: Op, operands: Sequence[float], distance: float, margin: float = 0.0) -> bool:
    """Whether the operands lie in the domain, `margin` from its ends, and at least `distance` away from its kinks."""
    domain = intervals(op, len(operands) // len(op.operands))
    inside = all(d is None or d.low + margin < x < d.high - margin for d, x in zip(domain, operands, strict=True))
    return inside and all(math.fabs(k) >= distance for k in kinks(op, operands))


@st.composite
def operands(draw: st.DrawFn, op: Op, bound: float = 10.0, distance: float = 1e-2, margin: float = 0.0) -> list[float]:
    """Operands for `op` in one flat list, no greater than `bound`, at which it `is_regular`."""
    domain = intervals(op, draw(lengths(op)))
    choice = st.tuples(*[numbers(d, bound) for d in domain]).filter(lambda x: is_regular(op, x, distance, margin))
    return list(draw(choice))
