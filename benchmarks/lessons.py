"""Three lessons beside PyTorch: time and result of the same networks on the same real data, one thread each.

    python -m benchmarks.lessons [--quick]        (needs PyTorch: pip install -e ".[demos,oracle]")

The networks and the data are those of `demos.sine`, in batches of 20, `demos.churn`, its sigmoid within the loss, and
`demos.digits`, with one learning rate; in float32 and with Adam. Both libraries begin with weights drawn as Glorot and
Bengio propose or, where it says so, with small ones from -0.05 to 0.05, each with numbers of its own. PyTorch is not
slowed by a DataLoader: its batches are taken from one tensor by a random permutation. It runs twice: with
`torch.optim.Adam` as it is by default, and with `fused=True`, which is quicker.

Every engine has a process of its own, and they take turns, an epoch each. The time is that of training alone. The
results are those for data that were not learnt from, after the last epoch: the mean over the seeds, the smallest and
the largest.
"""

import argparse
import json
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from rich.progress import track

from benchmarks.report import Table, report
from benchmarks.steps import LOSSES, MODELS, RATE, Array, Model
from benchmarks.training import network, torch_epoch
from benchmarks.turns import ask, processes
from demos import data
from demos.common import with_spread
from demos.data import Examples, SubstituteWarning
from nn import metrics

Training = tuple[Callable[[], object], Callable[[Array], Array]]  # an epoch of it; what the network then gives

QUICK_ROWS, QUICK_EPOCHS = 1000, 2


def sine() -> Examples:
    """200 points of the curve, and those between them."""
    x = np.arange(0.0, 20.0, 0.1, dtype=np.float32)[:, np.newaxis]
    return x, np.sin(x), x + np.float32(0.05), np.sin(x + np.float32(0.05))


def churn() -> Examples:
    """The bank's customers, split as in the lesson's first run."""
    from sklearn.model_selection import train_test_split

    from demos.churn import encoder

    customers = data.churn()
    left = customers.pop("Exited").to_numpy(np.float32)[:, np.newaxis]
    train, test, y_train, y_test = train_test_split(customers, left, test_size=0.2, random_state=0)
    encode = encoder().fit(train)
    x_train, x_test = (encode.transform(part).astype(np.float32) for part in (train, test))
    return x_train, y_train, x_test, y_test


def digits() -> Examples:
    """MNIST, pixels from 0 to 1."""
    x_train, y_train, x_test, y_test = data.mnist()
    x_train, x_test = (x.reshape(-1, 784).astype(np.float32) / np.float32(255) for x in (x_train, x_test))
    return x_train, y_train.astype(np.int64), x_test, y_test.astype(np.int64)


def glorot(init: Any, weight: Any) -> None:
    """A layer's first weights, by the functions of `nn.init` or `torch.nn.init`."""
    init.xavier_uniform_(weight)


def small(init: Any, weight: Any) -> None:
    """Those of the tutorial on churn."""
    init.uniform_(weight, -0.05, 0.05)


@dataclass(frozen=True)
class Lesson:
    """A network, its first weights and its data, and how long it learns and how it is judged."""

    model: Model
    all_examples: Callable[[], Examples]
    epochs: int
    result: Callable[[Array, Array], float]
    form: str
    draw: Callable[[Any, Any], None] = glorot

    def examples(self, quick: bool) -> Examples:
        """The data, or the first rows of them."""
        x_train, y_train, x_test, y_test = (part[: QUICK_ROWS if quick else None] for part in self.all_examples())
        return x_train, y_train, x_test, y_test


def right(z: Array, y: Array) -> float:
    """The share of customers of whom the score says rightly whether they leave."""
    return metrics.accuracy(z, y, threshold=0)


CHURN, SINE, DIGITS = MODELS[1:4]
LESSONS = {
    "sine, squared error": Lesson(SINE, sine, 30, metrics.mean_squared_error, ".3f"),
    "churn, accuracy": Lesson(CHURN, churn, 50, right, ".3f"),
    "churn from small weights, accuracy": Lesson(CHURN, churn, 50, right, ".3f", small),
    "digits, accuracy": Lesson(DIGITS, digits, 20, metrics.accuracy, ".2%"),
}


def first(module: Any, lesson: Lesson) -> Any:
    """The network as it begins: `module` is `nn` or `torch.nn`."""
    made = network(module, lesson.model)
    for name, parameter in made.named_parameters():
        if name.endswith("bias"):
            module.init.zeros_(parameter)
        else:
            lesson.draw(module.init, parameter)
    return made


def with_chainrule(lesson: Lesson, x: Array, y: Array, seed: int) -> Training:
    """Training by `nn.fit`."""
    import autograd
    import nn

    with nn.seed(seed):
        made = first(nn, lesson)
        batches = nn.Batches(x, y, batch_size=lesson.model.rows)
    optimizer = nn.Adam(made.parameters(), lr=RATE)
    loss = getattr(autograd, LOSSES[lesson.model.loss])
    return lambda: nn.fit(made, batches, loss, optimizer, progress=False), lambda x: nn.predict(made, x)


def with_torch(lesson: Lesson, x: Array, y: Array, seed: int, **options: Any) -> Training:
    """Training by PyTorch's usual loop; `options` are those of its Adam."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    made = first(torch.nn, lesson)
    train = torch_epoch(made, (x, y), lesson.model, **options)

    def epoch() -> None:
        made.train()
        train()

    def outputs(x: Array) -> Array:
        made.eval()
        with torch.no_grad():
            found: Array = made(torch.from_numpy(x)).numpy()
        return found

    return epoch, outputs


ENGINES: dict[str, Callable[[Lesson, Array, Array, int], Training]] = {
    "chainrule": with_chainrule,
    "PyTorch": with_torch,
    "PyTorch, fused Adam": lambda *job: with_torch(*job, fused=True),
}


def serve(engine: str) -> None:
    """Train an epoch for each line of standard input, [lesson, seed, quick]; anew where that is another than before.

    Each is answered by a line, [seconds, result].
    """
    warnings.simplefilter("error", SubstituteWarning)  # results on other data are none
    current = None
    for line in sys.stdin:
        if line != current:
            current = line
            name, seed, quick = json.loads(line)
            lesson = LESSONS[name]
            x, y, x_test, y_test = lesson.examples(quick)
            epoch, outputs = ENGINES[engine](lesson, x, y, seed)
        start = time.perf_counter()
        epoch()
        seconds = time.perf_counter() - start
        print(json.dumps([seconds, lesson.result(outputs(x_test), y_test)]), flush=True)


def measured(name: str, seeds: Sequence[int], quick: bool) -> tuple[dict[str, float], dict[str, list[float]]]:
    """The median seconds of an epoch, and the last result for each seed, by engine."""
    times: dict[str, list[float]] = {engine: [] for engine in ENGINES}
    results: dict[str, dict[int, float]] = {engine: {} for engine in ENGINES}
    epochs = QUICK_EPOCHS if quick else LESSONS[name].epochs
    turns = [seed for seed in seeds for _ in range(epochs)]
    with processes("benchmarks.lessons", list(ENGINES)) as started:
        for seed in track(turns, name, transient=True):
            for engine, process in started.items():
                seconds, results[engine][seed] = ask(process, [name, seed, quick])
                times[engine].append(seconds)
    medians = {engine: median(each) for engine, each in times.items()}
    return medians, {engine: list(by_seed.values()) for engine, by_seed in results.items()}


def tables(seeds: Sequence[int], quick: bool) -> list[Table]:
    """The times and the results, a row for each lesson."""
    times, results = [], []
    for name, lesson in LESSONS.items():
        seconds, found = measured(name, seeds, quick)
        ours, *theirs = seconds.values()
        ratios = [f"{each / ours:.2f}" for each in theirs]
        what, _, _ = name.partition(",")
        times.append((f"{what}: {lesson.model.name}", *(f"{each:.3f}" for each in seconds.values()), *ratios))
        results.append((name, *(with_spread(each, lesson.form) for each in found.values())))
    headings = ("lesson", *ENGINES, "times as fast as PyTorch", "as with fused Adam")
    return [
        Table("An epoch: seconds, median", headings, times),
        Table(f"After the last epoch, seeds: {len(seeds)}", ("lesson", *ENGINES), results),
    ]


def main() -> None:
    """Measure, print the tables and, if asked, write them to a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a short run, on part of the data")
    parser.add_argument("--markdown", type=Path, help="write the tables to this file too")
    parser.add_argument("--serve", choices=ENGINES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        return
    if options.quick and options.markdown:
        parser.error("--markdown records full runs: leave --quick out")
    found = tables(range(1 if options.quick else 3), options.quick)
    report(__doc__ or "", ("chainrule", "numpy", "torch"), found, options.markdown)


if __name__ == "__main__":
    main()
