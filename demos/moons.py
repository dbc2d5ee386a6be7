"""Two half moons told apart by a small network of single numbers: the lesson that micrograd made known.

    python -m demos.moons [--folder FOLDER]        (needs the extra: pip install -e ".[demos]")

An MLP of 2 inputs, two layers of 16 neurons and 1 output learns 100 points in 100 steps. Then its twin over Tensors,
with the same weights, says which side every point of the plane is on. Pictures of that and of the network are written
to FOLDER, ./pictures.
"""

import argparse
import random
from pathlib import Path

import numpy as np
from rich.progress import track
from sklearn.datasets import make_moons

import viz
from autograd import Value
from nn import MLP

STEPS = 100


def points() -> tuple[np.ndarray, np.ndarray]:
    """100 points of two half moons, and for each the moon it is of, -1 or 1; the same every time."""
    x, y = make_moons(n_samples=100, noise=0.1, random_state=1337)
    return x, y * 2 - 1


def loss_and_accuracy(model: MLP, x: np.ndarray, y: np.ndarray) -> tuple[Value, float]:
    """The hinge loss with the squares of the weights, and the share of points on their right side."""
    inputs = [list(map(Value, row)) for row in x]
    scores = list(map(model, inputs))

    losses = [(1 + -yi * score).relu() for yi, score in zip(y, scores, strict=True)]
    data_loss = sum(losses) * (1.0 / len(losses))
    regularization = 1e-4 * sum(p * p for p in model.parameters())

    right = [(yi > 0) == (score.data > 0) for yi, score in zip(y, scores, strict=True)]
    return data_loss + regularization, sum(right) / len(right)


def main(folder: Path) -> None:
    """Train, print how it goes, and draw the boundary."""
    random.seed(1337)
    model = MLP(2, [16, 16, 1])
    x, y = points()
    print(f"{model}: {len(model.parameters())} parameters")

    for k in track(range(STEPS), "training", transient=True):
        loss, accuracy = loss_and_accuracy(model, x, y)
        model.zero_grad()
        loss.backward()
        rate = 1.0 - 0.9 * k / STEPS
        for p in model.parameters():
            p.data -= rate * p.grad
        if k % 10 == 0 or k == STEPS - 1:
            print(f"step {k:2}   loss {loss.data:.6f}   accuracy {accuracy:.0%}")

    twin = model.twin()
    folder.mkdir(parents=True, exist_ok=True)
    chart = viz.charts.decision_boundary(lambda rows: twin(rows).data, x, y)
    print(f"Wrote {chart.save(folder / 'moons.png')}")
    print(f"Wrote {viz.draw(model).save(folder / 'network.svg')}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path("pictures"), help="where the pictures go")
    main(parser.parse_args().folder)
