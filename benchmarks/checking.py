"""Checking: what the checker says of right rules and of false ones, and how long it takes.

    python -m benchmarks.checking        (needs Hypothesis, as in the extra `testing`)

First every operation of the registry is checked at random points of its domain: ordinary ones, sizes from 1e-300 to
1e300 (shared by the elements of a list), whole numbers, and points right beside kinks and ends. All its rules are
right, so none may be called wrong. Where one is found correct, it is made false by a factor, which has to be caught,
unless the gradient is so small beside the slopes around the point that no difference can see it. Then random
expressions are drawn by `autograd.testing.strategies`, differentiated and checked. All cores work, each in a process of
its own.
"""

import argparse
import math
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from autograd import Op, registry
from autograd.nonfinite import expected
from autograd.testing import check_gradients, domains
from autograd.testing.judgement import VERDICTS, judge
from autograd.testing.program import Program
from autograd.testing.strategies import expressions
from benchmarks.report import Table, report

FACTORS = (1.01, 1.0 + 1e-7)
CHUNK = 500  # expressions, or points, that a process is given at a time
_SPECIAL = (-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0, 6.0)
_MOST_TRIES = 1000


def ordinary(source: random.Random, count: int) -> float:
    """A number that is neither large nor small."""
    return source.uniform(-10.0, 10.0)


def of_any_size(source: random.Random, count: int) -> float:
    """A number between 1e-300 and 1e300 in size; one of several in a list is such that their product is."""
    return source.choice([-1.0, 1.0]) * math.pow(10.0, source.uniform(-300.0, 300.0) / count)


def whole(source: random.Random, count: int) -> float:
    """A whole number."""
    return float(source.randint(-5, 5))


def beside_a_special_one(source: random.Random, count: int) -> float:
    """A number right beside one at which operations have kinks or end."""
    return source.choice(_SPECIAL) + source.choice([-1.0, 1.0]) * math.pow(10.0, source.uniform(-16.0, -1.0))


KINDS: dict[str, Callable[[random.Random, int], float]] = {
    "ordinary": ordinary,
    "of any size": of_any_size,
    "whole numbers": whole,
    "beside kinks and ends": beside_a_special_one,
}


def point(op: Op, kind: str, source: random.Random) -> list[float] | None:
    """A point of the operation's domain, if one is found."""
    for _ in range(_MOST_TRIES):
        length = source.choice(domains.lengths(op))
        domain = domains.intervals(op, length)
        drawn = [KINDS[kind](source, length) if interval else float(source.randint(0, 3)) for interval in domain]
        if domains.is_regular(op, drawn, 0.0):
            return drawn
    return None


def verdicts_at(op: Op, drawn: list[float]) -> Iterable[tuple[str, str]]:
    """The verdicts on the operation's rules at a point and, for each that is correct, on the rule times a factor."""
    for i, gradient in domains.local_derivatives(op, drawn).items():

        def f(x: float, i: int = i) -> float:
            return domains.value(op, [*drawn[:i], x, *drawn[i + 1 :]])

        found = judge(f, drawn[i], gradient)
        yield "right", found.verdict
        if found.verdict == "correct" and gradient:
            for factor in FACTORS:
                yield f"times {factor!r}", judge(f, drawn[i], gradient * factor).verdict


def registry_chunk(number: int) -> Counter[tuple[str, str, str]]:
    """How often each verdict was given at the points of a chunk: by the kind of point and what was done to the rule."""
    source = random.Random(number)
    pairs = product(registry.values(), KINDS)
    turns = islice(cycle(pairs), number * CHUNK, None)  # where the chunk before left off
    counts: Counter[tuple[str, str, str]] = Counter()
    found = ((op, kind, drawn) for op, kind in turns if (drawn := point(op, kind, source)) is not None)
    with expected():
        for op, kind, drawn in islice(found, CHUNK):
            counts[kind, "points", ""] += 1
            counts.update((kind, rule, verdict) for rule, verdict in verdicts_at(op, drawn))
    return counts


def expression_chunk(number: int) -> Counter[tuple[str, str, str]]:
    """How often each verdict was given on the gradients of a chunk of expressions."""
    counts: Counter[tuple[str, str, str]] = Counter()

    @seed(number)
    @settings(
        max_examples=CHUNK,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(expressions(ops=registry.values()))
    def check(expression: Program) -> None:
        found = check_gradients(expression, *expression.point)
        counts["expressions", "points", ""] += 1
        counts["expressions", "operations", ""] += len(expression.steps)
        counts.update(("expressions", "right", verdict) for verdict in found.verdicts)

    check()
    return counts


def run(chunk: Callable[[int], Counter[Any]], total: int) -> tuple[Counter[Any], float]:
    """The counts of all chunks, and the seconds that they took together."""
    start = time.perf_counter()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        counts: Counter[Any] = sum(pool.map(chunk, range(-(-total // CHUNK))), Counter())
    return counts, time.perf_counter() - start


def registry_table(total: int) -> Table:
    """A row for each kind of point, and for each factor that makes rules false."""
    counts, seconds = run(registry_chunk, total)
    rows = []
    for kind in KINDS:
        for rule in ("right", *(f"times {factor!r}" for factor in FACTORS)):
            points = f"{counts[kind, 'points', '']:,}" if rule == "right" else ""
            rows.append((f"{kind}, {rule}", points, *(f"{counts[kind, rule, verdict]:,}" for verdict in VERDICTS)))
    title = f"Every operation of the registry at {sum(counts[kind, 'points', ''] for kind in KINDS):,} random points"
    return Table(f"{title}, in {seconds:,.0f} s", ("rules", "points", *VERDICTS), rows)


def expression_table(total: int) -> Table:
    """One row: the gradients of random expressions."""
    counts, seconds = run(expression_chunk, total)
    count = counts["expressions", "points", ""]
    row = (f"{count:,}", f"{counts['expressions', 'operations', '']:,}", f"{seconds:,.0f}")
    verdicts = (f"{counts['expressions', 'right', verdict]:,}" for verdict in VERDICTS)
    headings = ("expressions", "operations", "seconds", *VERDICTS)
    return Table("The gradients of random expressions", headings, [(*row, *verdicts)])


def main() -> None:
    """Check, print the tables and, if asked, write them to a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=100_000, help="points of the registry (default: 100,000)")
    parser.add_argument("--expressions", type=int, default=100_000, help="random expressions (default: 100,000)")
    parser.add_argument("--markdown", type=Path, help="write the tables to this file too")
    options = parser.parse_args()
    tables = [registry_table(options.points), expression_table(options.expressions)]
    report(__doc__ or "", ("chainrule", "hypothesis", "numpy"), tables, options.markdown)


if __name__ == "__main__":
    main()
