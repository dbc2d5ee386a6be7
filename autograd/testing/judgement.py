"""A verdict on a gradient, from what differences show and how far they may be off; there is no fixed tolerance."""

import math
import sys
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

import numpy as np

from autograd.testing.complex_steps import complex_step
from autograd.testing.differences import ULPS, Differences, Estimate, Function, Slopes

Verdict = Literal["correct", "kink", "ill-conditioned", "non-finite", "wrong"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
"""The verdicts, from the best to the worst."""
FAILURES: frozenset[Verdict] = frozenset({"non-finite", "wrong"})

# The true error is found to be below `Estimate.error` for smooth functions, and below twice that for noisy ones. So no
# gradient that is right is off by 4 errors; and one that is 1% off is, where an error is below 0.1% of it.
_FACTOR = 4.0
_TELLING = 1e-3  # the error of an estimate that decides, relative to the slopes around x
_SETTLED = 0.1  # that of the slopes on the two sides, which must be there, but need not be known as well
_OWN_ULPS = 64  # of the slopes around x, by which the gradient may be off
_NEGLIGIBLE = 1e-290  # slope, of an f that is 0
_FINE = 2.0**-40  # steps, relative to x or 1, over which f may stand still because terms have cancelled
_KNOWN = 8.0  # times the noise, relative to f, that such steps may be due to
_BESIDE = 64.0  # ulps, of x or 1, by which f may round x beside a larger number
_EVERY = 4  # of the steps, which are enough to confirm a gradient; it takes all to condemn one
_CERTAIN = 8  # digits, of a gradient that is confirmed with some of the steps
_NARROW = 1 / 32  # such a step, from which on a plateau of width 1 may not show
_NEAR, _NEAREST = 7, 3  # points on a side; to the first three, a smooth f changes far less than over all seven
_REMAINDER = 64.0  # times what it may be off, from which on a remainder shows something
_RATES = 6  # remainders whose rate is taken


@dataclass(frozen=True, slots=True)
class Judgement:
    """What differences say of a gradient, with the slopes that they show around the point, to its left and its right.

    `digits` is the number of decimal digits in which the gradient agrees with them, as far as they can tell. `rate` is
    the power of h with which the Taylor remainder f(x + h) - f(x) - h·gradient falls: 2 where the gradient is right, 1
    where it is not, and more than 2 where f is straighter than a parabola; nan if it is all rounding. `complex_step` is
    the derivative by a step in the imaginary direction, where differences could not tell and f takes complex numbers.
    """

    gradient: float
    verdict: Verdict
    slopes: Slopes
    digits: int
    rate: float
    complex_step: float | None


def judge(f: Function, x: float, gradient: float, noise: float = 0.0) -> Judgement:
    """Whether `gradient` is the derivative of `f` at `x`, as far as differences can tell.

    - correct: within a few errors of the differences, and these are small.
    - kink: the slopes on the two sides differ, and the gradient is one of them or lies between.
    - ill-conditioned: the error is too large, or f jumps: differences cannot tell.
    - non-finite: the gradient or f(x) is infinite or nan.
    - wrong: farther off than a few errors, or outside of the slopes on the two sides of a kink.

    `noise` is by how much values of f are off, where that is known to be more than a few units in their last place.

    >>> judge(math.sin, 0.0, 1.0).verdict, judge(math.sin, 0.0, 1.0000001).verdict, judge(abs, 0.0, 0.5).verdict
    ('correct', 'wrong', 'kink')
    """
    f = cache(f)
    shown = Differences(f, x, noise, every=_EVERY)
    if _verdict(gradient, shown) != "correct" or _digits(shown.slopes.best, gradient) < _CERTAIN:
        shown = Differences(f, x, noise)
    verdict, stepped = _verdict(gradient, shown), None
    if verdict == "wrong" and _may_hide(gradient, shown, noise):
        verdict = "ill-conditioned"
    if verdict == "ill-conditioned":
        stepped = complex_step(f, shown.x, shown.y)
        if stepped is not None and _is_confirmed(gradient, stepped, shown.slopes.best):
            verdict = "correct"
    compared = shown.slopes if verdict == "kink" else [shown.slopes.best]
    digits = 0 if verdict == "non-finite" else max(_digits(slope, gradient) for slope in compared)
    if verdict == "correct" and stepped is not None:
        digits = sys.float_info.dig
    return Judgement(gradient, verdict, shown.slopes, digits, _remainder_rate(gradient, shown), stepped)


def _verdict(gradient: float, shown: Differences) -> Verdict:
    if not (math.isfinite(gradient) and math.isfinite(shown.y)):
        return "non-finite"
    left, right, best = shown.slopes.left, shown.slopes.right, shown.slopes.best
    sides = [side for side in (left, right) if math.isfinite(side.error)]
    visible = max(abs(gradient), abs(right.value - left.value) if len(sides) == 2 else 0.0)
    if gradient == 0.0:
        visible = max(visible, abs(shown.y) / max(1.0, abs(shown.x)), _NEGLIGIBLE)
    if not all(_tells(side, gradient, visible, _SETTLED) for side in sides):
        return "ill-conditioned"
    if shown.slopes.differ:
        low, high = sorted(sides, key=lambda side: side.value)
        between = low.value - _FACTOR * low.error <= gradient <= high.value + _FACTOR * high.error
        return "kink" if between else "wrong"
    if not _tells(best, gradient, visible, _TELLING):
        return "ill-conditioned"
    own = max(_OWN_ULPS * math.ulp(max(abs(best.value), best.steepness)), sys.float_info.min)
    tolerance = _FACTOR * best.error + own
    return "correct" if abs(gradient - best.value) <= tolerance else "wrong"


def _tells(slope: Estimate, gradient: float, visible: float, share: float) -> bool:
    """Whether the error is a small share of the slopes around x.

    An error that is all rounding is one to trust, however small the slopes: one the size of `visible` would show. That
    is the gradient or, where this is 0, what would be a slope to speak of for an f of this size.
    """
    size = max(abs(slope.value), slope.steepness)
    if slope.error <= _FACTOR * slope.rounding:
        size = max(size, visible)
    return slope.error <= share * size


def _is_confirmed(gradient: float, stepped: float, best: Estimate) -> bool:
    """Whether a complex step gives the gradient, and the differences, as far as they go, do not speak against it.

    It can confirm a gradient, never condemn one: only differences see what f does on the real line.
    """
    contradicted = abs(stepped - best.value) > _FACTOR * best.error
    return math.isclose(gradient, stepped, rel_tol=_OWN_ULPS * sys.float_info.epsilon) and not contradicted


def _may_hide(gradient: float, shown: Differences, noise: float) -> bool:
    """Whether the gradient may be right all the same.

    It may be 0 on a plateau that is narrow enough to pass for a coarse rounding, yet wider than most roundings; and
    those of a function to whole numbers are too narrow where x is large. Or it is 0 at the bottom of a valley, where f
    may have rounded x beside a larger number, as (2 - (2 - x))² does: then the slope is that of the valley's side, some
    ulps away. And f may run through all its values from one float to the next: where these are more than 1 apart, or f
    jumps between them by far more than its rounding. Where the slope around x is not the mean of those on the two
    sides, one of them is farther off than it seems.
    """
    around, left, right = shown.slopes
    if abs(around.value - (left.value + right.value) / 2.0) > _FACTOR * (around.error + left.error + right.error):
        return True
    if _may_be_quantized(gradient, shown):
        return True
    if gradient == 0.0:
        known = _KNOWN * noise / abs(shown.y) if shown.y else 0.0  # of single precision a plateau is no news
        fine, change = max(_FINE, known) * max(1.0, abs(shown.x)), 4 * max(ULPS * math.ulp(shown.y), noise)
        still = (shown.after - shown.before)[(shown.y_before == shown.y) & (shown.y_after == shown.y)]
        steep = abs(shown.slopes.best.value) * still > change
        whole = fine > _NARROW and np.all(np.mod(shown.y_after, 1.0) == 0.0)
        curvature = 4.0 * around.steepness / around.step  # of a parabola, of which these are c·h and 2·h
        valley = abs(around.value) <= _BESIDE * math.ulp(max(1.0, abs(shown.x))) * curvature
        return bool(whole or valley or np.any(steep & (still > fine)))
    changes = np.abs(np.concatenate([shown.y_before, shown.y_after]).reshape(2, -1)[:, :_NEAR] - shown.y)
    most = np.fmax.reduce(changes, axis=None, initial=0.0)
    jumps = np.fmax.reduce(changes[:, :_NEAREST], axis=None, initial=0.0) > most / _NEAR
    if math.ulp(shown.x) > 1.0:
        most = np.abs(shown.y_after[np.isfinite(shown.y_after)]).max(initial=0.0)
    elif not (jumps and most > _REMAINDER * ULPS * math.ulp(shown.y)):
        return False
    return bool(0.0 < most < abs(gradient) * math.ulp(shown.x))


def _may_be_quantized(gradient: float, shown: Differences) -> bool:
    """Whether f stands still around x, changes farther off on both sides, and need not have changed before.

    Then it may have been rounded to so few digits that only long steps show anything.
    """
    changes = np.abs([shown.y_before - shown.y, shown.y_after - shown.y])
    moves = changes > 0.0
    if not moves.any(axis=1).all():
        return False
    still = int(moves.any(axis=0).argmax())
    width = abs(float(shown.after[still - 1] - shown.x)) if still else 0.0
    is_inside = shown.slopes.best.value == 0.0 and shown.slopes.best.step <= 2.0 * width
    return bool(is_inside and abs(gradient) * width <= changes[moves].min())


def _digits(slope: Estimate, gradient: float) -> int:
    if not math.isfinite(slope.error):
        return 0
    off = max(abs(gradient - slope.value), slope.error)
    size = max(abs(gradient), abs(slope.value), slope.steepness)
    share = off / size if size else 0.0
    return sum(share <= 10.0**-digit for digit in range(1, sys.float_info.dig + 1))


def _remainder_rate(gradient: float, shown: Differences) -> float:
    """The slope of log |remainder| against log step, over the shortest steps that show more than they may be off."""
    with np.errstate(all="ignore"):
        steps = shown.after - shown.x
        remainders = np.abs(shown.y_after - shown.y - steps * gradient)
        rounding = np.spacing(np.abs(shown.y_after)) + math.ulp(shown.y) + np.spacing(np.abs(steps * gradient))
        unsure = np.maximum(ULPS * rounding, shown.slopes.best.error * steps)
        shows = np.isfinite(remainders) & (remainders > _REMAINDER * unsure)
        steps, remainders = np.log(steps[shows][:_RATES]), np.log(remainders[shows][:_RATES])
        rates = (remainders[1:] - remainders[:-1]) / (steps[1:] - steps[:-1])
    return float(np.median(rates)) if rates.size else math.nan
