"""Tensors beside PyTorch: training steps of small networks, and a convolution, one thread each.

    python -m benchmarks.tensor        (needs PyTorch: pip install -e ".[oracle]")

Every engine has a process of its own with one thread, and they take turns: each figure is the median over the rounds of
the mean time of a step in a round, in microseconds. A step is forward, loss, backward and Adam, in float32, and
starts each round from the same weights; where there is no dropout the engines must come to the same loss.
PyTorch's figure is that of `torch.optim.Adam` as it is by default; with `fused=True`, which is quicker, it stands in a
column of its own. By hand means the same gradient written in NumPy for this network alone, with the same Adam as ours.

The convolution is of 64 images of 3 × 32 × 32 with 16 filters of 3 × 3, padded by 1: forward, and backward to images,
filters and bias.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.report import Table, report
from benchmarks.training import CONVOLUTIONS, MODELS, STEPS, Step

_WARM_UP, _SECONDS, _MOST_STEPS = 5, 0.1, 300
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def timed(step: Step) -> tuple[float, float]:
    """Microseconds for a step, and the loss after the first few."""
    for _ in range(_WARM_UP):
        loss = step()
    start = time.perf_counter()
    for done in count(1):
        step()
        elapsed = time.perf_counter() - start
        if elapsed > _SECONDS or done == _MOST_STEPS:
            return elapsed / done * 1e6, loss
    raise AssertionError


def serve(engine: str) -> None:
    """Time what is asked for on standard input, a line each: the number of a model, or `convolution`."""
    for line in sys.stdin:
        job = json.loads(line)
        step = CONVOLUTIONS[engine]() if job == "convolution" else STEPS[engine](MODELS[job])
        print(json.dumps(timed(step)), flush=True)


@contextmanager
def processes(engines: list[str]) -> Iterator[dict[str, "subprocess.Popen[str]"]]:
    """A process for each engine, which serves on its pipes."""
    started = {
        engine: subprocess.Popen(
            [sys.executable, "-m", "benchmarks.tensor", "--serve", engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **_ONE_THREAD},
        )
        for engine in engines
    }
    try:
        yield started
    finally:
        for process in started.values():
            process.kill()
            process.communicate()


def measured(job: Any, engines: list[str], rounds: int, *, agree: bool) -> dict[str, float]:
    """The median time of each engine, which take turns."""
    times: dict[str, list[float]] = {engine: [] for engine in engines}
    losses: dict[str, float] = {}
    with processes(engines) as started:
        for _ in range(rounds):
            for engine, process in started.items():
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write(json.dumps(job) + "\n")
                process.stdin.flush()
                microseconds, losses[engine] = json.loads(process.stdout.readline())
                times[engine].append(microseconds)
    if agree and max(losses.values()) - min(losses.values()) > 1e-3 * abs(max(losses.values())):
        raise SystemExit(f"the engines disagree on the loss: {losses}")
    return {engine: median(each) for engine, each in times.items()}


def training_table(rounds: int) -> Table:
    """The training steps, a row for each network."""
    rows = []
    for number, model in enumerate(MODELS):
        found = measured(number, list(STEPS), rounds, agree=not model.dropout)
        ours = found["chainrule"]
        ratios = [f"{found[name] / ours:.2f}" for name in ("PyTorch", "PyTorch, fused Adam")]
        rows.append((model.name, *(f"{found[name]:,.0f}" for name in STEPS), *ratios))
    headings = ("network", *STEPS, "times as fast as PyTorch", "as with fused Adam")
    return Table(f"A training step: microseconds, median of {rounds} rounds", headings, rows)


def convolution_table(rounds: int) -> Table:
    """The convolution."""
    found = measured("convolution", list(CONVOLUTIONS), rounds, agree=True)
    ratio = f"{found['chainrule'] / found['PyTorch']:.2f}"
    row = ("64×3×32×32 with 16 filters 3×3", *(f"{found[name]:,.0f}" for name in CONVOLUTIONS), ratio)
    headings = ("convolution", *CONVOLUTIONS, "times PyTorch's")
    return Table(f"A convolution, forward and backward: microseconds, median of {rounds} rounds", headings, [row])


def main() -> None:
    """Measure, print the tables and, if asked, write them to a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="turns of each engine (default: 15)")
    parser.add_argument("--markdown", type=Path, help="write the tables to this file too")
    parser.add_argument("--serve", choices=STEPS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        return
    tables = [training_table(options.rounds), convolution_table(options.rounds)]
    report(__doc__ or "", ("chainrule", "numpy", "torch"), tables, options.markdown)


if __name__ == "__main__":
    main()
