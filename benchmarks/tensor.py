"""Tensors beside PyTorch: training steps of small networks, and a convolution, one thread each.

    python -m benchmarks.tensor        (needs PyTorch: pip install -e ".[oracle]")

Every engine has a process of its own with one thread, and they take turns: each figure is the median over the rounds of
the mean time of a step in a round, in microseconds. A step is forward, loss, backward and Adam, in float32, and
starts each round from the same weights; where there is no dropout the engines must come to the same loss.
PyTorch's figure is that of `torch.optim.Adam` as it is by default; with `fused=True`, which is quicker, it stands in a
column of its own. By hand means the same gradient, and Adam, written in NumPy for this network alone.

The convolution is of 64 images of 3 × 32 × 32 with 16 filters of 3 × 3, padded by 1: forward, and backward to images,
filters and bias.
"""

import argparse
from pathlib import Path
from typing import Any

from benchmarks.report import Table, report
from benchmarks.steps import CONVOLUTIONS, MODELS, STEPS
from benchmarks.turns import Step, measured, serve

MODULE = "benchmarks.tensor"


def step_of(engine: str, job: Any) -> Step:
    """The step of an engine: of the model of this number, or of the convolution."""
    return CONVOLUTIONS[engine]() if job == "convolution" else STEPS[engine](MODELS[job])


def training_table(rounds: int) -> Table:
    """The training steps, a row for each network."""
    rows = []
    for number, model in enumerate(MODELS):
        found = measured(MODULE, number, list(STEPS), rounds, agree=not model.dropout)
        ours = found["chainrule"]
        ratios = [f"{found[name] / ours:.2f}" for name in ("PyTorch", "PyTorch, fused Adam")]
        rows.append((model.name, *(f"{found[name]:,.0f}" for name in STEPS), *ratios))
    headings = ("network", *STEPS, "times as fast as PyTorch", "as with fused Adam")
    return Table(f"A training step: microseconds, median of {rounds} rounds", headings, rows)


def convolution_table(rounds: int) -> Table:
    """The convolution."""
    found = measured(MODULE, "convolution", list(CONVOLUTIONS), rounds, agree=True)
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
        serve(lambda job: step_of(options.serve, job))
        return
    tables = [training_table(options.rounds), convolution_table(options.rounds)]
    report(__doc__ or "", ("chainrule", "numpy", "torch"), tables, options.markdown)


if __name__ == "__main__":
    main()
