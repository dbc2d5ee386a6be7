"""The scalar engine beside micrograd: an MLP [2, 16, 16, 1] over a batch of 100, forward and backward, in one run.

    python -m benchmarks.eager        (needs the extra: pip install -e ".[bench]")

Each figure is the median of several runs, the engines taking turns. The network is written with plain `+` and `*` for
both, and once more with our fused `dot`. Python's garbage collector is on, as it is in use; micrograd's graphs are
reference cycles, which it alone can free, so it is run between the timings, not within them. A second table says what
remains of the difference when the collector is off.

The last table is about growth, which is linear in itself: without the collector the time a node stays the same. The
collector looks at all that is alive each time that it has grown by a quarter; that is what makes a node of a graph of
a million dearer than one of ten thousand.
"""

import argparse
import gc
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import autograd
from benchmarks.report import Table, report

try:
    import micrograd.engine
except ImportError:
    raise SystemExit("benchmarks.eager measures against micrograd: pip install 'chainrule[bench]'") from None

SIZES, BATCH = (2, 16, 16, 1), 100
Neuron = Callable[[list[Any], Any, list[Any]], Any]


def plain(weights: list[Any], bias: Any, inputs: list[Any]) -> Any:
    """A neuron's sum of products, an operation at a time."""
    total = bias
    for w, x in zip(weights, inputs, strict=True):
        total = total + w * x
    return total


def fused(weights: list[Any], bias: Any, inputs: list[Any]) -> Any:
    """A neuron's sum of products as one node."""
    return autograd.dot(weights, inputs) + bias


def network(value: Callable[[float], Any], neuron: Neuron) -> Callable[[], Any]:
    """The function that runs the MLP over the batch and gives the sum of squared outputs; the same for each engine."""
    draw = random.Random(0).uniform
    layers = [
        [([value(draw(-1, 1)) for _ in range(n_in)], value(0.0)) for _ in range(n_out)]
        for n_in, n_out in pairwise(SIZES)
    ]
    batch = [[value(draw(-1, 1)) for _ in range(SIZES[0])] for _ in range(BATCH)]

    def loss() -> Any:
        total = value(0.0)
        for row in batch:
            for layer in layers:
                sums = [neuron(weights, bias, row) for weights, bias in layer]
                row = [s.relu() for s in sums] if layer is not layers[-1] else sums
            total = total + row[0] * row[0]
        return total

    return loss


@dataclass
class Contender:
    """An engine's network, and what was measured of it."""

    name: str
    loss: Callable[[], Any]
    forward: list[float] = field(default_factory=list)
    backward: list[float] = field(default_factory=list)

    def run(self) -> float:
        """Time one forward and one backward pass; the loss."""
        start = time.perf_counter()
        loss = self.loss()
        middle = time.perf_counter()
        loss.backward()
        end = time.perf_counter()
        self.forward.append(middle - start)
        self.backward.append(end - middle)
        return float(loss.data)

    def nanoseconds(self, nodes: int) -> tuple[float, float, float]:
        """The medians of forward, backward and both, for each node of the plain network."""
        both = [f + b for f, b in zip(self.forward, self.backward, strict=True)]
        forward, backward, total = (
            statistics.median(times) / nodes * 1e9 for times in (self.forward, self.backward, both)
        )
        return forward, backward, total


def contenders() -> list[Contender]:
    """micrograd, ours with the same operations, and ours with fused products."""
    return [
        Contender("micrograd, + and *", network(micrograd.engine.Value, plain)),
        Contender("chainrule, + and *", network(autograd.Value, plain)),
        Contender("chainrule, fused dot", network(autograd.Value, fused)),
    ]


def timed(repeats: int, *, collecting: bool) -> tuple[list[Contender], int]:
    """The contenders after `repeats` turns each, and the number of nodes of the plain network."""
    racers = contenders()
    nodes = len(autograd.Graph(racers[1].loss()))
    for _ in range(repeats):
        losses = []
        for racer in racers:
            gc.collect()
            if not collecting:
                gc.disable()
            losses.append(racer.run())
            gc.enable()
        if max(losses) - min(losses) > 1e-9 * abs(losses[0]):
            raise SystemExit(f"the engines disagree on the loss: {losses}")
    return racers, nodes


def bytes_per_node(loss: Callable[[], Any], nodes: int) -> tuple[float, float]:
    """Memory of the recorded graph, and of the same graph after backward, for each node."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    root = loss()
    recorded = tracemalloc.get_traced_memory()[0] - before
    root.backward()
    gc.collect()
    swept = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return recorded / nodes, swept / nodes


def chain(length: int, *, collecting: bool) -> tuple[float, float]:
    """Nanoseconds a node, forward and backward, for a chain of `length` operations."""
    gc.collect()
    if not collecting:
        gc.disable()
    x = autograd.Value(1.0)
    start = time.perf_counter()
    y = x
    for _ in range(length // 2):
        y = y * 0.999 + x
    middle = time.perf_counter()
    y.backward()
    end = time.perf_counter()
    gc.enable()
    return (middle - start) / length * 1e9, (end - middle) / length * 1e9


def speed_table(title: str, repeats: int, *, collecting: bool) -> Table:
    """The times, and how many times as fast as micrograd each contender is."""
    racers, nodes = timed(repeats, collecting=collecting)
    baseline = racers[0].nanoseconds(nodes)[2]
    rows = []
    for racer in racers:
        forward, backward, both = racer.nanoseconds(nodes)
        rows.append((racer.name, f"{forward:,.0f}", f"{backward:,.0f}", f"{both:,.0f}", f"{baseline / both:.1f}"))
    title = f"{title}: nanoseconds for each of the plain network's {nodes:,} nodes, median of {repeats}"
    return Table(title, ("engine", "forward", "backward", "both", "times as fast"), rows)


def memory_table() -> Table:
    """The bytes a node of the plain network."""
    racers = contenders()
    nodes = len(autograd.Graph(racers[1].loss()))
    measured = [bytes_per_node(racer.loss, nodes) for racer in racers]
    rows = []
    for racer, (recorded, swept) in zip(racers, measured, strict=True):
        shares = f"{recorded / measured[0][0]:.2f}", f"{swept / measured[0][1]:.2f}"
        rows.append((racer.name, f"{recorded:.0f}", shares[0], f"{swept:.0f}", shares[1]))
    headings = ("engine", "recorded", "of micrograd's", "after backward", "of micrograd's")
    return Table("Memory: bytes for each node of the plain network", headings, rows)


def growth_table(repeats: int) -> Table:
    """The times for chains of growing length: growth is linear where they stay the same."""
    rows = []
    for length in (10**4, 10**5, 10**6):
        row = [f"{length:,}"]
        for collecting in (True, False):
            runs = [chain(length, collecting=collecting) for _ in range(repeats)]
            row += [f"{statistics.median(column):,.0f}" for column in zip(*runs, strict=True)]
        rows.append(row)
    title = f"Growth: y = y * 0.999 + x, nanoseconds a node, median of {repeats}"
    return Table(title, ("nodes", "forward", "backward", "forward, no collector", "backward, no collector"), rows)


def main() -> None:
    """Measure, print the tables and, if asked, write them to a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=9, help="runs of each engine (default: 9)")
    parser.add_argument("--markdown", type=Path, help="write the tables to this file too")
    options = parser.parse_args()
    tables = [
        memory_table(),
        speed_table("Speed", options.repeats, collecting=True),
        speed_table("Speed without the garbage collector", options.repeats, collecting=False),
        growth_table(min(options.repeats, 5)),
    ]
    report(__doc__ or "", ("chainrule", "micrograd", "numpy"), tables, options.markdown)


if __name__ == "__main__":
    main()
