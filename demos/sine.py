"""A deep network learns the sine curve from 200 points.

    python -m demos.sine [--quick] [--folder FOLDER] [--seed SEED]

It has seven hidden layers of 256 units, and learns the part beyond x = 10 last. The tutorial trains for 10 epochs of 10
steps, and names its second picture 30_30. Its Keras took all points in every step if `steps_per_epoch` was given. Keras
today cuts them into as many batches, and the same number of steps, each from 20 points, gets less far. Both are done
here, each from three starts.

Needs nothing more.
"""

from itertools import pairwise

import numpy as np

import nn
import viz
from demos.common import Figure, Options, lesson, with_spread

WIDTHS = [1, *[256] * 7, 1]


def network() -> nn.Sequential:
    """The network with the first weights that Keras gives: those of Glorot and Bengio, and biases of 0."""
    layers = [nn.Linear(n_in, n_out) for n_in, n_out in pairwise(WIDTHS)]
    for layer in layers:
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)
    return nn.Sequential(*[module for layer in layers[:-1] for module in (layer, nn.ReLU())], layers[-1])


def main(options: Options) -> list[Figure]:
    """Train, look three times between the points that the network has seen, and draw the first start."""
    x = np.arange(0.0, 20.0, 0.1)[:, np.newaxis]
    y = np.sin(x)
    between = x + 0.05
    truth = np.sin(between)
    looks = {"10 epochs of 10 steps": 100, "30 epochs of 10 steps": 300, "30 epochs of 30 steps": 900}
    seeds = range(options.seed, options.seed + 3)
    if options.quick:
        looks, seeds = {"50 steps": 50, "150 steps": 150}, seeds[:1]

    figures = []
    for batch_size in (200, 20):
        predicted = []  # of each start, by the looks
        for seed in seeds:
            with nn.seed(seed):
                model = network()
                optimizer = nn.Adam(model.parameters())
                done, seen = 0, {}
                for look, steps in looks.items():
                    epochs = (steps - done) * batch_size // 200  # as `fit` counts them: through all points once
                    nn.fit(model, (x, y), nn.MSELoss(), optimizer, epochs=epochs, batch_size=batch_size)
                    seen[look] = nn.predict(model, between)
                    done = steps
                predicted.append(seen)

        chart = viz.charts.predictions(
            between, truth, predicted[0], ylabel="sin x", title=f"{batch_size} points a step"
        )
        chart.figure.axes[0].axvline(10, color="grey", linestyle=":")
        options.save(chart, f"sine_{batch_size}.png")
        for look in looks:
            squares = [(seen[look] - truth) ** 2 for seen in predicted]
            near, far = ([square[part].mean() for square in squares] for part in (between < 10, between > 10))
            name = f"{look}, {batch_size} points each"
            figures.append(Figure(f"MSE up to x = 10, {name}", "—", with_spread(near, ".3f")))
            figures.append(Figure(f"MSE beyond x = 10, {name}", "—", with_spread(far, ".3f")))
    return figures


if __name__ == "__main__":
    lesson(main, __doc__)
