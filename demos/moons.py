"""Two half moons told apart by neurons: micrograd's lesson.

    python -m demos.moons [--quick] [--folder FOLDER] [--seed SEED]

An MLP of 2 inputs, two layers of 16 neurons and 1 output learns 100 points in 100 steps. Then its twin over Tensors,
with the same weights, says which side every point of the plane is on.

Needs the extra demos: pip install -e ".[demos]"
"""

import random

import numpy as np

import viz
from autograd import Value
from demos.common import Figure, Options, lesson, steps
from nn import MLP


def points() -> tuple[np.ndarray, np.ndarray]:
    """100 points of two half moons, and for each the moon it is of, -1 or 1; the same every time."""
    from sklearn.datasets import make_moons

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


def main(options: Options) -> list[Figure]:
    """Train, print how it goes, and draw the boundary."""
    random.seed(1337 + options.seed)  # the lesson's own, unless another is wanted
    model = MLP(2, [16, 16, 1])
    x, y = points()
    print(f"{model}: {len(model.parameters())} parameters")

    last = 19 if options.quick else 99
    losses = []
    for k in steps(last + 1, "training"):
        loss, accuracy = loss_and_accuracy(model, x, y)
        losses.append(loss.data)
        model.zero_grad()
        loss.backward()
        rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= rate * p.grad
        if k % 10 == 0 or k == last:
            print(f"step {k:2}   loss {loss.data:.6f}   accuracy {accuracy:.0%}")

    twin = model.twin()
    chart = viz.charts.decision_boundary(lambda rows: twin(rows).data, x, y)
    options.save(chart, "moons.png")
    options.save(viz.draw(model), "network.svg")

    return [
        Figure("parameters", "337", str(len(model.parameters()))),
        Figure("loss at step 0", "0.895844", f"{losses[0]:.6f}"),
        Figure(f"loss at step {last}", "—" if options.quick else "0.010978", f"{losses[-1]:.6f}"),
        Figure(f"accuracy at step {last}", "—" if options.quick else "100%", f"{accuracy:.0%}"),
    ]


if __name__ == "__main__":
    lesson(main, __doc__)
