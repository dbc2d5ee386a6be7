"""Is it a cat? Logistic regression on photographs in colour.

    python -m demos.cats [--quick] [--folder FOLDER] [--seed SEED]

It learns from 209 photographs of 64 by 64 pixels in three colours, 12,288 numbers each, and is asked about 50 others.

Needs the cat photographs (3.2 MB) and the extra demos: pip install -e ".[demos]"
"""

import numpy as np

import autograd
import viz
from autograd import Tensor
from demos import data
from demos.common import Figure, Options, lesson, steps, with_spread
from nn import metrics

RATE = 0.005


def main(options: Options) -> list[Figure]:
    """Learn from three starts, a seed each, and draw what the first has learned."""
    photos, y_train, photos_test, y_test = data.cats()
    x_train, x_test = photos.reshape(len(photos), -1) / 255, photos_test.reshape(len(photos_test), -1) / 255
    x = Tensor(x_train, "x", requires_grad=False)  # a constant: we ask for the gradients of w and b alone
    y = y_train.astype(np.float64)[:, np.newaxis]

    curves, weights = {}, []
    train_accuracy, test_accuracy = [], []
    for seed in (options.seed, options.seed + 1, options.seed + 2):
        w = Tensor(np.random.default_rng(seed).standard_normal((64 * 64 * 3, 1)) * 0.01, "w")
        b = Tensor(0.0, "b")
        costs = []
        for _ in steps(100 if options.quick else 2000, f"seed {seed}"):
            # The mean of -log(sigmoid(z)) for cats and of -log(1 - sigmoid(z)) for others, safe for any z.
            cost = autograd.binary_cross_entropy_with_logits(x @ w + b, y)
            costs.append(cost.item())
            w.zero_grad()
            b.zero_grad()
            cost.backward()
            w.data -= RATE * w.grad
            b.data -= RATE * b.grad
        curves[f"seed {seed}"] = {"cost": costs}
        weights.append(w.data.reshape(64, 64, 3))
        train_accuracy.append(metrics.accuracy(x_train @ w.data + b.data, y_train, threshold=0))
        test_accuracy.append(metrics.accuracy(x_test @ w.data + b.data, y_test, threshold=0))

    # A weight for each pixel and colour is an image too: in colour, where grey is 0, and each colour for itself.
    in_color = weights[0] / (2 * np.abs(weights[0]).max()) + 0.5
    cat, other = photos[y_train == 1][0], photos[y_train == 0][0]
    colors = list(np.moveaxis(weights[0], 2, 0))
    options.save(viz.charts.images([cat, other], ["cat", "no cat"]), "cats_photographs.png")
    options.save(viz.charts.curves(curves, unit="iteration", first=0), "cats_cost.png")
    options.save(viz.charts.images([in_color], ["weights, 0 is grey"]), "cats_weights_in_color.png")
    options.save(viz.charts.images(colors, ["red", "green", "blue"], columns=3), "cats_weights.png")

    final_costs = [curve["cost"][-1] for curve in curves.values()]
    return [
        Figure("accuracy, train", "about 99%", with_spread(train_accuracy, ".1%")),
        Figure("accuracy, test", "about 70%", with_spread(test_accuracy, ".1%")),
        Figure("last cost", "—", with_spread(final_costs, ".4f")),
    ]


if __name__ == "__main__":
    lesson(main, __doc__)
