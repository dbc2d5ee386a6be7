"""A derivative from values alone, by central differences over a ladder of steps, with an estimate of its error.

Ridders: Accurate computation of F'(x) and F'(x) F''(x), Advances in Engineering Software 4 (1982). Each step of the
ladder is half the one before; Richardson's extrapolation removes one even power of the step after another. Long steps
suffer from truncation, short ones from rounding; the entry with which its neighbours agree best has least of both.
"""

from collections.abc import Callable

EPSILON = 2.0**-52
RUNGS = 12


def derivative(f: Callable[[float], float], x: float, longest_step: float) -> tuple[float, float]:
    """f'(x), and how far off it may be: what the neighbours in the table differ by, and the rounding of f."""
    best, least_error = 0.0, float("inf")
    above: list[float] = []
    for rung in range(RUNGS):
        ahead, behind = x + longest_step / 2**rung, x - longest_step / 2**rung
        high, low = f(ahead), f(behind)
        rounding = EPSILON * (abs(high) + abs(low)) / (ahead - behind)
        row = [(high - low) / (ahead - behind)]
        for power, coarser in enumerate(above, start=1):
            finer = row[-1]
            row.append(finer + (finer - coarser) / (4.0**power - 1.0))
            error = max(abs(row[-1] - finer), abs(row[-1] - coarser)) + 4.0 * rounding
            if error < least_error:
                best, least_error = row[-1], error
        above = row
    return best, least_error
