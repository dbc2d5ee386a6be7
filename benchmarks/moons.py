"""The moons lesson beside micrograd: 100 steps of an MLP [2, 16, 16, 1] on 100 points, from the same weights.

    python -m benchmarks.moons        (needs the extras: pip install -e ".[bench,demos]")

Both run the code of the lesson, `demos/moons.py`, with their own `Value` and `MLP`; they take turns, a step each. A
step is forward, loss, backward and the update of the 337 weights, in milliseconds; the collector of garbage is on, as
it is in use. After every step the losses must agree to 1e-9. The last row has the same steps as an array program: the
twin over Tensors.
"""

import argparse
import gc
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track
from sklearn.datasets import make_moons

import autograd
import nn
from benchmarks.report import Table, report

try:
    import micrograd.engine
    import micrograd.nn
except ImportError:
    raise SystemExit("benchmarks.moons measures against micrograd: pip install 'chainrule[bench,demos]'") from None

Step = Callable[[float], float]


def points() -> tuple[Any, Any]:
    """100 points of two half moons, and for each the moon it is of, -1 or 1."""
    x, y = make_moons(n_samples=100, noise=0.1, random_state=1337)
    return x, y * 2 - 1


def lesson(value: Callable[[float], Any], mlp: Callable[..., Any]) -> Step:
    """A step of the lesson at a learning rate, with the Value and the MLP of either engine; gives the loss."""
    random.seed(1337)
    model = mlp(2, [16, 16, 1])
    x, y = points()

    def step(rate: float) -> float:
        inputs = [list(map(value, row)) for row in x]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * score).relu() for yi, score in zip(y, scores, strict=True)]
        loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= rate * p.grad
        return float(loss.data)

    return step


def lesson_with_arrays() -> Step:
    """The same step with Tensors, from the same weights."""
    random.seed(1337)
    model = nn.MLP(2, [16, 16, 1]).twin()
    x, y = points()
    targets = y[:, np.newaxis].astype(float)
    optimizer = nn.SGD(model.parameters(), lr=1.0)

    def step(rate: float) -> float:
        loss = autograd.relu(1.0 - targets * model(x)).mean()
        loss += 1e-4 * sum((p * p).sum() for p in model.parameters())
        optimizer.zero_grad()
        loss.backward()
        optimizer.lr = rate
        optimizer.step()
        return float(loss.item())

    return step


def timed(steps: dict[str, Step], count: int) -> dict[str, list[float]]:
    """Seconds for each step of each, taking turns. Ends the program if the losses do not agree."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for k in track(range(count), "steps", transient=True):
        losses = []
        for name, step in steps.items():
            gc.collect()
            start = time.perf_counter()
            losses.append(step(1.0 - 0.9 * k / count))
            times[name].append(time.perf_counter() - start)
        if max(losses) - min(losses) > 1e-9 * max(losses):
            raise SystemExit(f"the engines disagree on the loss of step {k}: {losses}")
    return times


def table(count: int) -> Table:
    """The time of a step for each, and how many times as fast as micrograd that is."""
    steps = {
        "micrograd": lesson(micrograd.engine.Value, micrograd.nn.MLP),
        "chainrule, Values": lesson(autograd.Value, nn.MLP),
        "chainrule, Tensors": lesson_with_arrays(),
    }
    medians = {name: statistics.median(times) for name, times in timed(steps, count).items()}
    first = medians["micrograd"]
    rows = [(name, f"{seconds * 1e3:,.2f}", f"{first / seconds:,.1f}") for name, seconds in medians.items()]
    return Table(f"A step: milliseconds, median of {count}", ("engine", "a step", "times as fast"), rows)


def main() -> None:
    """Measure, print the table and, if asked, write it to a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=100, help="steps of each engine (default: 100)")
    parser.add_argument("--markdown", type=Path, help="write the table to this file too")
    options = parser.parse_args()
    report(__doc__ or "", ("chainrule", "micrograd", "numpy"), [table(options.steps)], options.markdown)


if __name__ == "__main__":
    main()
