"""Derivatives from values alone: finite differences over a ladder of steps, and how far off they may be.

A difference over a long step suffers from the curvature of f, one over a short step from the rounding of its values;
which steps are long is for f to say. So many are taken, each half the one before, and three ideas choose among them:

- What curvature does to the slopes over two steps is in a known ratio, so that both together cancel it: one power of
  the step after another, in a table (Richardson, Phil. Trans. R. Soc. A 210 (1911) 307; Ridders, Advances in
  Engineering Software 4 (1982) 75, who takes the entry with the least error).
- Rounding moves a slope by noise/step. So differences between neighbours in a column, times the step, show the noise.
- A shorter step sees the derivative more closely, were it not for the noise. So a slope may be off by as much as it
  lies outside of what all shorter steps allow (Lepskii, Theory of Probability and Its Applications 35 (1990) 454).

What is finer than the shortest steps, or changes f by less than its rounding does, no difference can see.
"""

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, takewhile
from typing import Literal, NamedTuple

Function = Callable[[float], float]
Verdict = Literal["correct", "wrong", "kink", "ill-conditioned", "non-finite"]

# The ladder, in powers of two: from 1/8 of the size of x, and of 1, down to a few units in the last place. With a third
# more than a power of two, steps keep in time neither with a periodic f nor with the rounding of x.
_LONGEST, _SHORTEST, _MORE = -3, -50, 4 / 3
_COLUMNS = 8
_FEWEST = 4  # slopes in a column, below which they show nothing
_NOISY = 7  # differences between the shortest steps, which are all noise

_ULPS = 4  # by which a value of f may be off: one of `math` by one, one of several operations by several
_SINGLE = 2.0**-24  # the rounding of single precision, in which f may have been computed
_ALLOWANCE = 4.0  # what a slope allows, in its noise: few differences may show less noise than there is
_SLOWEST = 63 / 64  # the ratio of a slope's changes from which on the sum of all is not told from two of them

# The true error is found to be below `Estimate.error` for smooth functions, and below twice that for noisy ones. So no
# gradient that is right is off by 4 errors; and one that is 1% off is, where an error is below 0.1% of it.
_FACTOR = 4.0
_TELLING = 1e-3  # the error of an estimate that decides, relative to the slopes around x
_SETTLED = 0.1  # that of the slopes on the two sides, which must be there, but need not be known as well
_APART = 16.0  # errors, by which the slopes on the two sides of a kink differ
_OWN_ROUNDING = 64 * sys.float_info.epsilon  # of the gradient, relative to the slopes around x


@dataclass(frozen=True, slots=True)
class Estimate:
    """A derivative as differences show it: `value`, give or take `error`; nan and infinity where they show nothing.

    `step` is the distance between the nearest points that it was made from, and `steepness` the slope from x to the one
    whose value differs more. `rounding` is the part of the error that the rounding of f accounts for.
    """

    value: float
    error: float
    step: float
    steepness: float
    rounding: float


_NOTHING = Estimate(math.nan, math.inf, math.nan, math.nan, math.nan)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What differences say of a gradient, with the slopes that they show around the point, to its left and its right.

    `digits` is the number of decimal digits in which the gradient agrees with them, as far as they can tell.
    """

    gradient: float
    verdict: Verdict
    central: Estimate
    left: Estimate
    right: Estimate
    digits: int


def central(f: Function, x: float) -> Estimate:
    """The derivative of `f` at `x`, from points at equal distances on both sides.

    Where `f` raises ArithmeticError or ValueError it counts as not finite; then only shorter steps are taken.

    >>> estimate = central(math.sin, 0.0)
    >>> abs(estimate.value - 1.0) <= estimate.error < 1e-12
    True
    """
    return _Samples(f, x).central()


def forward(f: Function, x: float) -> Estimate:
    """The derivative of `f` at `x` to the right, from x and points beyond it; otherwise like `central`.

    >>> forward(abs, 0.0).value
    1.0
    """
    return _Samples(f, x).right()


def backward(f: Function, x: float) -> Estimate:
    """The derivative of `f` at `x` to the left, from x and points before it; otherwise like `central`.

    >>> backward(abs, 0.0).value
    -1.0
    """
    return _Samples(f, x).left()


def judge(f: Function, x: float, gradient: float) -> Judgement:
    """Whether `gradient` is the derivative of `f` at `x`, as far as differences can tell.

    - correct: within a few errors of the differences, and these are small.
    - wrong: farther off than that, or outside of the slopes on the two sides of a kink.
    - kink: the slopes on the two sides differ, and the gradient is one of them or lies between.
    - ill-conditioned: the error is too large, or f jumps: differences cannot tell.
    - non-finite: the gradient or f(x) is infinite or nan.

    >>> judge(math.sin, 0.0, 1.0).verdict, judge(math.sin, 0.0, 1.0000001).verdict, judge(abs, 0.0, 0.5).verdict
    ('correct', 'wrong', 'kink')
    """
    samples = _Samples(f, x)
    around, left, right = samples.central(), samples.left(), samples.right()
    best = around if math.isfinite(around.error) else min(left, right, key=lambda side: side.error)
    verdict = _verdict(gradient, best, left, right) if math.isfinite(samples.here.y) else "non-finite"
    if verdict == "wrong" and samples.may_hide(gradient, best):
        verdict = "ill-conditioned"
    compared = (around, left, right) if verdict == "kink" else (best,)
    return Judgement(gradient, verdict, around, left, right, max(_digits(slope, gradient) for slope in compared))


def _verdict(gradient: float, best: Estimate, left: Estimate, right: Estimate) -> Verdict:
    if not math.isfinite(gradient):
        return "non-finite"
    sides = [side for side in (left, right) if math.isfinite(side.error)]
    apart = abs(right.value - left.value) if len(sides) == 2 else 0.0
    visible = max(abs(gradient), apart)
    if not all(_tells(side, gradient, visible, _SETTLED) for side in sides):
        return "ill-conditioned"
    if apart > _APART * (left.error + right.error):
        low, high = sorted(sides, key=lambda side: side.value)
        between = low.value - _FACTOR * low.error <= gradient <= high.value + _FACTOR * high.error
        return "kink" if between else "wrong"
    if not _tells(best, gradient, visible, _TELLING):
        return "ill-conditioned"
    tolerance = _FACTOR * best.error + _OWN_ROUNDING * max(abs(best.value), best.steepness)
    return "correct" if abs(gradient - best.value) <= tolerance else "wrong"


def _tells(slope: Estimate, gradient: float, visible: float, share: float) -> bool:
    """Whether the error is a small share of the slopes around x, or there is nothing to tell, as where both are 0.

    An error that is all rounding is one to trust, however small the slopes: one the size of `visible` would show.
    """
    size = max(abs(slope.value), slope.steepness)
    if slope.error <= _FACTOR * slope.rounding:
        size = max(size, visible)
    return slope.error <= share * size or gradient == slope.value


def _digits(slope: Estimate, gradient: float) -> int:
    off = max(abs(gradient - slope.value), slope.error)
    size = max(abs(gradient), abs(slope.value), slope.steepness)
    share = off / size if size else 0.0
    return sum(share <= 10.0**-digit for digit in range(1, sys.float_info.dig + 1))


class _Point(NamedTuple):
    x: float
    y: float


class _Samples:
    """`f` at x, and at pairs of points on both sides, the nearest first."""

    def __init__(self, f: Function, x: float) -> None:
        self.here = _at(f, float(x))
        self.pairs = [(_at(f, before), _at(f, after)) for before, after in _around(float(x))]

    def central(self) -> Estimate:
        return _estimate(self.pairs, self.here, 2)

    def left(self) -> Estimate:
        return _estimate([(before, self.here) for before, _ in self.pairs], self.here, 1)

    def right(self) -> Estimate:
        return _estimate([(self.here, after) for _, after in self.pairs], self.here, 1)

    def may_hide(self, gradient: float, slope: Estimate) -> bool:
        """Whether the gradient may be right all the same.

        It may be 0 on a plateau so narrow that it passes for a coarse rounding. And where floats are more than 1 apart,
        f may run through all its values from one to the next.
        """
        if gradient == 0.0:
            rounding = 4 * _ULPS * math.ulp(self.here.y)
            return any(p.y == self.here.y == q.y and abs(slope.value) * (q.x - p.x) > rounding for p, q in self.pairs)
        apart = math.ulp(self.here.x)
        largest = max((abs(y) for pair in self.pairs for _, y in pair if math.isfinite(y)), default=0.0)
        return apart > 1.0 and 0.0 < largest < abs(gradient) * apart


def _at(f: Function, x: float) -> _Point:
    try:
        y = f(x)
    except (ArithmeticError, ValueError):
        return _Point(x, math.nan)
    return _Point(x, math.nan if isinstance(y, complex) else float(y))  # (-1.0) ** 0.5 is complex


def _around(x: float) -> Iterator[tuple[float, float]]:
    """Pairs of points at equal distances from x: exactly so where the distance is smaller than x.

    The point that is farther from 0 is rounded, and sets the distance; the other, nearer to 0, is then a float.
    """
    sizes = {math.frexp(size)[1] - 1 for size in (abs(x), max(abs(x), 1.0)) if size}
    outer = x
    for exponent in sorted({size + k for size in sizes for k in range(_SHORTEST, _LONGEST + 1)}):
        shorter, outer = outer, x + math.copysign(math.ldexp(_MORE, exponent), x)
        if outer != shorter and math.isfinite(outer):
            inner = x - (outer - x)
            yield min(inner, outer), max(inner, outer)


class _Difference(NamedTuple):
    slope: float
    rounding: float
    step: float
    steepness: float


def _differences(pairs: Sequence[tuple[_Point, _Point]], here: _Point) -> Iterator[_Difference]:
    """The slopes between pairs of points, and how much of each may be due to the rounding of f.

    A value of f is good to some units in its last place, and no better than x is. Where terms cancelled it is worse:
    the smallest change that f shows is its grain. Where it shows none, it may be as coarse as single precision.
    """
    changes = [max(abs(p.y - here.y), abs(q.y - here.y)) for p, q in pairs]
    sizes = (abs(y) for pair in pairs for _, y in pair if math.isfinite(y) and y != here.y)
    coarse = _ULPS * _SINGLE * max(sizes, default=0.0)
    grain = min((change for change in changes if change > 0.0), default=0.0)
    for change, (p, q) in zip(changes, pairs, strict=True):
        step = q.x - p.x
        ulps = math.ulp(p.y) + math.ulp(q.y) + math.ulp(here.x) * change / step
        rounding = _ULPS * ulps + (min(grain, coarse) if change else coarse)
        yield _Difference((q.y - p.y) / step, rounding / step, step, change / step)


class _Entry(NamedTuple):
    slope: float
    rounding: float


def _estimate(pairs: Sequence[tuple[_Point, _Point]], here: _Point, power: int) -> Estimate:
    """The entry of least error in the table over all steps that are shorter than any at which f is not finite."""
    rungs = list(takewhile(lambda rung: math.isfinite(rung.slope + rung.steepness), _differences(pairs, here)))
    best = _NOTHING
    for column in _table(rungs, power):
        for entry, rung, error in zip(column, rungs, _errors(column, [rung.step for rung in rungs]), strict=False):
            if error < best.error:
                best = Estimate(entry.slope, error, rung.step, rung.steepness, entry.rounding)
    return best


def _table(rungs: Sequence[_Difference], power: int) -> Iterator[list[_Entry]]:
    """The columns of Neville's table. Each entry is made from a run of steps, and stands at the shortest of them.

    The error of the slopes is a series in step**power. Through two entries, of which one leaves out the longest step of
    the run and one the shortest, passes a line; where it meets step 0 is the entry of the next column.
    """
    column = [_Entry(rung.slope, rung.rounding) for rung in rungs]
    for order in range(1, _COLUMNS + 1):
        if len(column) < _FEWEST:
            return
        yield column
        ends = zip(rungs, rungs[order:], strict=False)
        ratios = [(shortest.step / longest.step) ** power for shortest, longest in ends]
        column = [_at_step_0(near, far, ratio) for (near, far), ratio in zip(pairwise(column), ratios, strict=True)]


def _at_step_0(near: _Entry, far: _Entry, ratio: float) -> _Entry:
    weight = ratio / (1.0 - ratio)
    slope = near.slope + weight * (near.slope - far.slope)
    return _Entry(slope, near.rounding + weight * (near.rounding + far.rounding))


def _errors(column: Sequence[_Entry], steps: Sequence[float]) -> Iterator[float]:
    """How far off each slope of a column may be: its noise, and beyond it what the shorter steps show."""
    changes = [abs(far.slope - near.slope) for near, far in pairwise(column)]
    noises = [change * step for change, step in zip(changes, steps, strict=False)]
    largest = accumulate([max(noises[:_NOISY]), *noises], max)
    remaining = [0.0, *map(_remaining, changes, [0.0, *changes])]
    lowest, highest = -math.inf, math.inf
    for (slope, rounding), noise, curvature, step in zip(column, largest, remaining, steps, strict=False):
        random = noise / step + rounding
        yield random + max(lowest - slope, slope - highest, curvature)
        lowest, highest = max(lowest, slope - _ALLOWANCE * random), min(highest, slope + _ALLOWANCE * random)


def _remaining(change: float, next_change: float) -> float:
    """The sum of a slope's changes down to step 0, as a geometric series; changes that do not decrease are noise."""
    return change / (1.0 - min(next_change / change, _SLOWEST)) if next_change < change else change
