"""Calls of every operation element by element, with shapes that broadcast, and of every reduction, along axes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograd import Op
from autograd.arrayop import Reduction
from autograd.testing import domains
from tests.autograd.ops.sample import Array, Sample
from tests.autograd.oracle import OPS

_BOUND, _DISTANCE, _MARGIN = 3.0, 0.05, 0.05  # of numbers: in size, from kinks, from the ends of the domain
_NOT_TINY = 0.05

ELEMENTWISE = {name: op for name, op in OPS.items() if type(op) is Op}
# The operation `softmax` gives the share of the first of a list: arrays have one of their own.
REDUCTIONS = {
    name: op for name, op in OPS.items() if isinstance(op, Reduction) and len(op.operands) == 1 and name != "softmax"
}


def is_regular(op: Op, arrays: Sequence[Any]) -> bool:
    """Whether the operation may be tested at each of the points that broadcasting makes of these operands."""
    rows = zip(*[x.ravel().tolist() for x in np.broadcast_arrays(*arrays)], strict=True)
    return all(domains.is_regular(op, row, _DISTANCE, _MARGIN) for row in rows)


def numbers(interval: Any) -> st.SearchStrategy[float]:
    """Numbers of an interval to test an operation at: neither large nor tiny."""
    low, high = max(interval.low + _MARGIN, -_BOUND), min(interval.high - _MARGIN, _BOUND + max(interval.low, 0.0))
    return st.floats(low, high).filter(lambda x: abs(x) >= _NOT_TINY)


def filled(draw: st.DrawFn, shape: tuple[int, ...], elements: st.SearchStrategy[float]) -> Array:
    """An array of this shape, each element drawn."""
    size = int(np.prod(shape, dtype=int))
    return np.array(draw(st.lists(elements, min_size=size, max_size=size)), float).reshape(shape)


def elementwise(op: Op) -> st.SearchStrategy[Sample]:
    """A call with an array for each operand in which the operation has a derivative, and a whole number for others."""
    intervals = domains.intervals(op, 1)
    count = sum(interval is not None for interval in intervals)

    @st.composite
    def sample(draw: st.DrawFn) -> Sample:
        shapes = draw(
            npst.mutually_broadcastable_shapes(num_shapes=count, min_dims=0, max_dims=2, min_side=1, max_side=2)
        ).input_shapes
        arrays = [
            filled(draw, shape, numbers(interval))
            for shape, interval in zip(shapes, (each for each in intervals if each), strict=True)
        ]
        constants = [float(draw(st.integers(0, 2))) if interval is None else None for interval in intervals]

        def arranged(*given: Any) -> list[Any]:
            remaining = iter(given)
            return [next(remaining) if constant is None else constant for constant in constants]

        return Sample(
            lambda *x: op(*arranged(*x)), tuple(arrays), f"{op.name}({', '.join(map(str, arranged(*op.operands)))})"
        )

    def has_regular_points(sample: Sample) -> bool:
        remaining = iter(sample.arrays)
        return is_regular(op, [next(remaining) if interval else np.array(1.0) for interval in intervals])

    return sample().filter(has_regular_points)


@st.composite
def along_axes(draw: st.DrawFn, op: Op) -> Sample:
    """A call along one axis, several or all, with elements that lie apart."""
    shape = draw(npst.array_shapes(min_dims=0, max_dims=3, max_side=3).filter(lambda shape: np.prod(shape) <= 8))
    steps = draw(st.permutations(range(1, int(np.prod(shape, dtype=int)) + 1)))
    signs = draw(st.lists(st.sampled_from([-1.0, 1.0]), min_size=len(steps), max_size=len(steps)))
    x = (np.array(steps) * np.array(signs) * 0.3 + 0.01 * np.arange(len(steps))).reshape(shape)
    axes = st.integers(-len(shape), len(shape) - 1) | npst.valid_tuple_axes(len(shape)) if shape else st.none()
    chosen: dict[str, Any] = {"axis": draw(st.none() | axes), "keepdims": draw(st.booleans())}
    return Sample(lambda x: op(x, **chosen), (x,), f"{op.name}(x, {chosen})")


def _reduced(op: Op) -> st.SearchStrategy[Sample]:
    def is_away_from_kinks(sample: Sample) -> bool:
        # A row of one element has a spread of 0, which is a kink of the standard deviation.
        [x] = sample.arrays
        out = sample.call(x)
        return op.name != "std" or bool(np.all(np.asarray(out) > _DISTANCE))

    return along_axes(op).filter(is_away_from_kinks)


SAMPLES: dict[str, st.SearchStrategy[Sample]] = {
    **{name: elementwise(op) for name, op in ELEMENTWISE.items()},
    **{name: _reduced(op) for name, op in REDUCTIONS.items()},
}
