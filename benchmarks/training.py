"""Whole epochs of training beside PyTorch: `nn.fit` and PyTorch's usual loop, one thread each.

    python -m benchmarks.training        (needs PyTorch: pip install -e ".[oracle]")

The networks are those of `benchmarks.tensor`, as `nn.Sequential` in both, from the same first weights. An epoch
shuffles the samples and takes them batch by batch: forward, loss, backward and Adam, in float32. PyTorch is not slowed
by a DataLoader: its batches are taken from one tensor, by a random permutation, as `nn.Batches` does. Every engine has
a process of its own, and they take turns: each figure is the median over the rounds of the mean time of an epoch in a
round, in milliseconds; a call of `fit` trains for 1 to 50 epochs, and its beginning counts. PyTorch's figure is that of
`torch.optim.Adam` as it is by default; with `fused=True`, which is quicker, it stands in a column of its own. Where an
epoch is one batch and nothing is dropped, the engines must come to the same loss.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.report import Table, report
from benchmarks.steps import LOSSES, MODELS, RATE, Model
from benchmarks.turns import Step, measured, serve


@dataclass(frozen=True)
class Job:
    """A network, how many batches an epoch of its training has, and how many epochs a training."""

    model: Model
    batches: int
    epochs: int


BATCHES = (1, 100, 10, 20, 1, 1)
EPOCHS = (50, 1, 5, 2, 20, 20)
JOBS = tuple(Job(*each) for each in zip(MODELS, BATCHES, EPOCHS, strict=True))


def network(module: Any, model: Model) -> Any:
    """The network, made of the layers that `nn` and `torch.nn` have alike."""
    layers = [module.Linear(n_in, n_out) for n_in, n_out in pairwise(model.sizes)]
    between = [module.ReLU, *([lambda: module.Dropout(model.dropout)] if model.dropout else [])]
    return module.Sequential(*[x for layer in layers[:-1] for x in (layer, *(make() for make in between))], layers[-1])


def first_weights(names: Any, model: Model) -> dict[str, Any]:
    """The weights that every engine begins with, by the names of its parameters."""
    return dict(zip(names, (w.T for w in model.weights()), strict=True))


def chainrule_training(job: Job) -> Step:
    """A training by `nn.fit`, which gives the loss of the last epoch."""
    import autograd
    import nn

    model = network(nn, job.model)
    model.load_state_dict(first_weights(model.state_dict(), job.model))
    optimizer = nn.Adam(model.parameters(), lr=RATE)
    batches = nn.Batches(*job.model.data(job.batches), batch_size=job.model.rows)
    loss = getattr(autograd, LOSSES[job.model.loss])
    train = partial(nn.fit, model, batches, loss, optimizer, epochs=job.epochs, progress=False)
    return lambda: float(train()["loss"][-1])


def torch_epoch(model: Any, data: tuple[Any, Any], like: Model, **options: Any) -> Step:
    """An epoch of PyTorch's usual loop, which gives the mean loss; `options` are those of its Adam."""
    import torch

    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, **options)
    inputs, targets = map(torch.from_numpy, data)
    loss_function = getattr(torch.nn.functional, LOSSES[like.loss])

    def epoch() -> float:
        total = 0.0
        batches = torch.randperm(len(inputs)).split(like.rows)
        for chosen in batches:
            loss = loss_function(model(inputs[chosen]), targets[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        return total / len(batches)

    return epoch


def torch_training(job: Job, **options: Any) -> Step:
    """The same with PyTorch, which gives the mean loss of the last epoch; `options` are those of its Adam."""
    import torch

    torch.set_num_threads(1)
    model = network(torch.nn, job.model)
    first = first_weights(model.state_dict(), job.model)
    model.load_state_dict({name: torch.from_numpy(w.copy()) for name, w in first.items()})
    epoch = torch_epoch(model, job.model.data(job.batches), job.model, **options)
    return lambda: [epoch() for _ in range(job.epochs)][-1]


ENGINES: dict[str, Callable[[Job], Step]] = {
    "chainrule": chainrule_training,
    "PyTorch": torch_training,
    "PyTorch, fused Adam": lambda job: torch_training(job, fused=True),
}


def table(rounds: int) -> Table:
    """The epochs, a row for each network."""
    rows = []
    for number, job in enumerate(JOBS):
        agree = job.batches == 1 and not job.model.dropout
        found = measured("benchmarks.training", number, list(ENGINES), rounds, agree=agree)
        found = {engine: time / job.epochs for engine, time in found.items()}
        ours, *theirs = found.values()
        ratios = [f"{time / ours:.2f}" for time in theirs]
        times = [f"{time / 1e3:,.2f}" for time in found.values()]
        rows.append((job.model.name, str(job.batches), *times, *ratios))
    headings = ("network", "batches", *ENGINES, "times as fast as PyTorch", "as with fused Adam")
    return Table(f"An epoch: milliseconds, median of {rounds} rounds", headings, rows)


def main() -> None:
    """Measure, print the table and, if asked, write it to a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="turns of each engine (default: 15)")
    parser.add_argument("--markdown", type=Path, help="write the table to this file too")
    parser.add_argument("--serve", choices=ENGINES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(lambda number: ENGINES[options.serve](JOBS[number]))
        return
    report(__doc__ or "", ("chainrule", "numpy", "torch"), [table(options.rounds)], options.markdown)


if __name__ == "__main__":
    main()
