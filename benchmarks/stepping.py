"""Stepping: what a step costs on graphs of growing size.

    python -m benchmarks.stepping        (needs nothing but chainrule)

A chain y = y * 0.999 + x is stepped from end to end, forward and backward, and back again. Each figure is the median
of several runs; that of a single step is the median over all steps of a run, and its slowest one is given too, where
the garbage collector has its turn. A step costs the same whatever the size of the graph, and memory grows with it.
"""

import argparse
import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from autograd import Stepper, Value, topological_order
from benchmarks.report import Table, report

LENGTHS = (10**3, 10**4, 10**5)


def chain(operations: int) -> Value:
    """A chain of so many operations, each result on the way to the next."""
    x = y = Value(1.0, "x")
    for _ in range(operations // 2):
        y = y * 0.999 + x
    return y


def each(move: Callable[[], object], times: int) -> list[float]:
    """How long each of so many moves takes, in nanoseconds."""
    durations = []
    for _ in range(times):
        start = time.perf_counter_ns()
        move()
        durations.append(float(time.perf_counter_ns() - start))
    return durations


def times(operations: int) -> tuple[float, ...]:
    """Nanoseconds: to make a Stepper, for each node; for a step on and one back, the median and the slowest."""
    root = chain(operations)
    gc.collect()
    start = time.perf_counter_ns()
    stepper = Stepper(root)
    made = (time.perf_counter_ns() - start) / operations
    on, back = each(stepper.next, len(stepper)), each(stepper.back, len(stepper))
    return made, statistics.median(on), max(on), statistics.median(back), max(back)


def memory(operations: int) -> float:
    """The bytes for each node that a Stepper at the end of its way holds beside the graph."""
    root = chain(operations)
    nodes = len(topological_order(root))
    gc.collect()
    tracemalloc.start()
    stepper = Stepper(root)
    stepper.run()
    held = tracemalloc.get_traced_memory()[0] / nodes
    tracemalloc.stop()
    return held


def stepping_table(repeats: int) -> Table:
    """A row for each size."""
    rows = []
    for length in LENGTHS:
        runs = [times(length) for _ in range(repeats)]
        figures = [statistics.median(column) for column in zip(*runs, strict=True)]
        rows.append((f"{length:,}", *(f"{figure:,.0f}" for figure in figures), f"{memory(length):,.0f}"))
    headings = ("operations", "made, ns a node", "next, ns", "slowest", "back, ns", "slowest", "bytes a node")
    return Table(f"Stepping a chain from end to end and back, median of {repeats}", headings, rows)


def main() -> None:
    """Measure, print the table and, if asked, write it to a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, help="runs of each size (default: 5)")
    parser.add_argument("--markdown", type=Path, help="write the table to this file too")
    options = parser.parse_args()
    report(__doc__ or "", ("chainrule",), [stepping_table(options.repeats)], options.markdown)


if __name__ == "__main__":
    main()
