"""Derivatives from values alone: finite differences over a ladder of steps, and how far off they may be.

A difference over a long step suffers from the curvature of f, one over a short step from the rounding of its values;
which steps are long is for f to say. So many are taken, each about half the one before, and three ideas choose:

- What curvature does to the slopes over two steps is in a known ratio, so that both together cancel it: one power of
  the step after another, in a table (Richardson, Phil. Trans. R. Soc. A 210 (1911) 307; Ridders, Advances in
  Engineering Software 4 (1982) 75, who takes the entry with the least error).
- Rounding moves a slope by noise/step. So differences between neighbours in a column, times the step, show the noise.
- A shorter step sees the derivative more closely, were it not for the noise. So a slope may be off by as much as it
  lies outside of what all shorter steps allow (Lepskii, Theory of Probability and Its Applications 35 (1990) 454).

What is finer than the shortest steps, or changes f by less than its rounding does, no difference can see.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Function = Callable[[float], float]
Array = npt.NDArray[np.float64]

ULPS = 4  # by which a value of f may be off: one of `math` by one, one of several operations by several

# The ladder, in powers of its ratio: from a seventh of the size of x, and of 1, down to a few units in the last place.
# Were the ratio 2, steps would keep in time with a periodic f or with the rounding of its values.
_RATIO, _LONGEST, _SHORTEST = 1.9, -3, -54
_COLUMNS = 8
_FEWEST = 4  # slopes in a column, below which they show nothing
_NOISY = 7  # differences between the shortest steps, which are all noise

_SINGLE = 2.0**-24  # the rounding of single precision, in which f may have been computed
_SHORT = 2.0**-10  # steps, relative to the longest, that can be too short to see past a coarse rounding
_APART = 4.0  # errors, by which short steps and long ones may differ
_SETTLED = 0.01  # the error of what long steps see, relative to the slopes that they see
_KINK = 16.0  # errors, by which the slopes on the two sides of a kink differ
_ALLOWANCE = 4.0  # what a slope allows, in its noise: few differences may show less noise than there is
_SLOWEST = 63 / 64  # the ratio of a slope's changes from which on the sum of all is not told from two of them


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


NOTHING = Estimate(math.nan, math.inf, math.nan, math.nan, math.nan)


class Slopes(NamedTuple):
    """What differences show around a point, to its left and to its right."""

    central: Estimate
    left: Estimate
    right: Estimate

    @property
    def best(self) -> Estimate:
        """The slope around the point or, at the end of a domain, that of the better side."""
        if math.isfinite(self.central.error):
            return self.central
        return min(self.left, self.right, key=lambda side: side.error)

    @property
    def differ(self) -> bool:
        """Whether the slopes on the two sides are farther apart than they may be off."""
        return abs(self.right.value - self.left.value) > _KINK * (self.left.error + self.right.error)


class Differences:
    """The values of `f` at and around `x`, and the `slopes` that they show there.

    Where `f` raises an exception, or gives a complex number, it counts as not finite; then only shorter steps are
    taken. Values are taken to be off by a few units in their last place, or by `noise` if that is
    more, or by what they show themselves to be. Of the ladder's steps only each `every`-th is taken.

    >>> slope = Differences(math.sin, 0.0).slopes.central
    >>> abs(slope.value - 1.0) <= slope.error < 1e-12
    True
    >>> slopes = Differences(abs, 0.0).slopes
    >>> slopes.left.value, slopes.right.value
    (-1.0, 1.0)
    """

    def __init__(self, f: Function, x: float, noise: float = 0.0, every: int = 1) -> None:
        self.x, self.y = float(x), _value(f, float(x))
        with np.errstate(all="ignore"):
            self.before, self.after = _around(self.x, every)
            self.y_before, self.y_after = (
                np.array([_value(f, at) for at in points.tolist()]) for points in (self.before, self.after)
            )
            before, here, after = (self.before, self.y_before), (self.x, self.y), (self.after, self.y_after)
            ends: list[tuple[_End, _End]] = [(before, after), (before, here), (here, after)]
            rungs = [_rungs(start, end, self.x, self.y, noise) for start, end in ends]
            self.slopes = Slopes(*_estimates(rungs, (2.0, 1.0, 1.0)))


def _value(f: Function, x: float) -> float:
    if not math.isfinite(x):
        return math.nan
    try:
        y = f(x)
    except Exception:  # whatever f does not like: the point may lie where it is not defined
        return math.nan
    return math.nan if isinstance(y, complex) else float(y)  # (-1.0) ** 0.5 is complex


def _around(x: float, every: int) -> tuple[Array, Array]:
    """Points before and after x, at equal distances: exactly so where the distance is smaller than x.

    The point that is farther from 0 is rounded, and sets the distance; the other, nearer to 0, is then a float.
    """
    if not math.isfinite(x):
        return np.empty(0), np.empty(0)
    sizes = {math.floor(math.log(size, _RATIO)) for size in (abs(x), max(abs(x), 1.0)) if 0.0 < size < math.inf}
    powers = sorted({size + k for size in sizes for k in range(_SHORTEST, _LONGEST + 1)})
    outer = x + np.copysign(np.float_power(_RATIO, powers), x)
    outer = outer[np.append(outer[0] != x, outer[1:] != outer[:-1])]
    outer = outer[::every]
    inner = x - (outer - x)
    return (inner, outer) if math.copysign(1.0, x) > 0.0 else (outer, inner)


_End = tuple[Array, Array] | tuple[float, float]  # of steps: where they end, and the values of f there


class _Rungs(NamedTuple):
    """The slopes over a ladder of steps, the shortest first, and how much of each may be due to the rounding of f."""

    slope: Array
    rounding: Array
    coarse_rounding: Array
    step: Array
    steepness: Array


def _rungs(before: _End, after: _End, x: float, y: float, noise: float) -> _Rungs:
    """The slopes over all steps that are shorter than any at which f is not finite.

    A value of f is good to some units in its last place, and no better than x is. Where terms cancelled it is worse:
    the smallest change that f shows is its grain. Where it shows none, it may be as coarse as single precision.
    """
    step = np.subtract(after[0], before[0])
    low, high = np.broadcast_arrays(before[1], after[1])
    finite = np.logical_and.accumulate(np.isfinite(low) & np.isfinite(high) & np.isfinite(step))
    step, low, high = step[finite], low[finite], high[finite]
    change = np.maximum(np.abs(low - y), np.abs(high - y))
    coarse = ULPS * _SINGLE * np.abs(high[low != high]).max(initial=0.0)
    grain = min(change[change > 0.0].min(initial=math.inf), coarse)
    ulps = np.spacing(np.abs(low)) + np.spacing(np.abs(high)) + math.ulp(x) * (change / step)
    rounding = np.maximum(ULPS * ulps, noise) + np.where(change > 0.0, grain, coarse)
    columns = ((high - low) / step, rounding / step, (rounding + coarse) / step, step, change / step)
    readable = np.isfinite(columns[0] + columns[-1])
    return _Rungs(*[column[readable] for column in columns])


def _estimates(sides: list[_Rungs], powers: tuple[float, ...]) -> Iterator[Estimate]:
    """What each ladder shows, if the error of its slopes is a series in step**power.

    Where short steps decide, coarse rounding within f may hide from them what long ones see: then they have to agree.
    """
    coarse = [side._replace(rounding=side.coarse_rounding) for side in sides]
    best = _best([*sides, *coarse], [*powers, *powers])
    for side, fine, other in zip(sides, best, best[len(sides) :], strict=False):
        apart = abs(fine.value - other.value)
        is_short = side.step.size and fine.step < _SHORT * side.step[-1]
        is_settled = other.error <= _SETTLED * max(abs(other.value), other.steepness)
        hides = is_short and is_settled and apart > _APART * (fine.error + other.error)
        yield replace(fine, error=fine.error + apart) if hides else fine


def _best(ladders: list[_Rungs], powers: list[float]) -> list[Estimate]:
    """For each ladder the entry of least error in its table. The tables are made together, a row of arrays for each."""
    lengths = np.array([[ladder.step.size] for ladder in ladders])
    rungs = np.full((len(_Rungs._fields), len(ladders), int(lengths.max())), math.nan)
    for i, ladder in enumerate(ladders):
        rungs[:, i, : ladder.step.size] = ladder
    slope, rounding, _, step, steepness = rungs
    found = []
    for order, (slopes, roundings) in enumerate(_table(slope, rounding, step, np.array(powers)[:, np.newaxis])):
        width = slopes.shape[1]
        errors = _errors(slopes, roundings, step[:, :width])
        errors[np.isnan(errors) | (lengths < _FEWEST + order)] = math.inf
        found.append(np.array([slopes, errors, step[:, :width], steepness[:, :width], roundings]))
    if not found:
        return [NOTHING] * len(ladders)
    entries = np.concatenate(found, axis=2)
    least = entries[1].argmin(axis=1)
    return [_entry(entries[:, i, place].tolist()) for i, place in enumerate(least)]


def _entry(entry: list[float]) -> Estimate:
    return Estimate(*entry) if entry[1] < math.inf else NOTHING


def _table(slopes: Array, roundings: Array, steps: Array, powers: Array) -> Iterator[tuple[Array, Array]]:
    """The columns of Neville's table. Each entry is made from a run of steps, and stands at the shortest of them.

    The error of the slopes is a series in step**power. Through two entries, of which one leaves out the longest step of
    the run and one the shortest, passes a line; where it meets step 0 is the entry of the next column.
    """
    for order in range(1, _COLUMNS + 1):
        if slopes.shape[1] < _FEWEST:
            return
        yield slopes, roundings
        ratio = (steps[:, :-order] / steps[:, order:]) ** powers
        weight = ratio / (1.0 - ratio)
        slopes = slopes[:, :-1] + weight * (slopes[:, :-1] - slopes[:, 1:])
        roundings = roundings[:, :-1] + weight * (roundings[:, :-1] + roundings[:, 1:])


def _errors(slopes: Array, roundings: Array, steps: Array) -> Array:
    """How far off each slope of a column may be: its noise, and beyond it what the shorter steps show."""
    changes = np.abs(slopes[:, 1:] - slopes[:, :-1])
    noise = np.empty_like(slopes)
    noise[:, 1:] = changes * steps[:, :-1]
    noise[:, 0] = np.fmax.reduce(noise[:, 1 : _NOISY + 1], axis=1)
    random = np.maximum.accumulate(noise, axis=1) / steps + roundings
    allowed = _ALLOWANCE * random
    lowest = np.maximum.accumulate(slopes - allowed, axis=1)[:, :-1]
    highest = np.minimum.accumulate(slopes + allowed, axis=1)[:, :-1]
    beyond = np.maximum(lowest - slopes[:, 1:], slopes[:, 1:] - highest)
    random[:, 1:] += np.maximum(beyond, _remaining(changes))
    return random


def _remaining(changes: Array) -> Array:
    """The sum of a slope's changes down to step 0, as a geometric series; changes that do not decrease are noise."""
    shorter = np.zeros_like(changes)
    shorter[:, 1:] = changes[:, :-1]
    series = changes / (1.0 - np.minimum(shorter / changes, _SLOWEST))
    return np.where(shorter < changes, series, changes)
