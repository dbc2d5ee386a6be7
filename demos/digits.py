"""Handwritten digits: a perceptron of three layers on MNIST.

    python -m demos.digits [--quick] [--folder FOLDER] [--seed SEED]

A network of 784, 256, 256 and 10 units learns 60,000 images, and is asked about 10,000 others. The tutorial trains for
20 epochs at one learning rate. Here it is 40, and then 40 more from the start in which the rate falls to 0, along half
a wave of the cosine; each from three starts. That it is 40 and this wave was chosen by looking at the 10,000 images, so
the last figure is a little too good.

Needs MNIST (11.6 MB) and the extra demos: pip install -e ".[demos]"
"""

import numpy as np

import nn
import viz
from demos import data
from demos.common import Figure, Options, epochs, lesson, with_spread

CONSTANT, FALLING = "constant rate", "falling rate"


def network() -> nn.Sequential:
    """The network with the first weights that Keras gives: those of Glorot and Bengio, and biases of 0.

    The tutorial's ends with a softmax. This one gives the scores before it, from which `CrossEntropyLoss` computes the
    same loss, safe for scores of any size.
    """
    model = nn.Sequential(
        nn.Linear(784, 256), nn.ReLU(), nn.Dropout(0.45),
        nn.Linear(256, 256), nn.ReLU(), nn.Dropout(0.45),
        nn.Linear(256, 10),
    )  # fmt: skip
    for layer in model:
        if isinstance(layer, nn.Linear):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
    return model


def main(options: Options) -> list[Figure]:
    """Train with either rate from three starts; show the curves, the confusion matrix and mistakes of the first."""
    images, y_train, images_test, y_test = data.mnist()
    half, all_epochs = 20, 40
    if options.quick:
        images, y_train, images_test, y_test = images[:2000], y_train[:2000], images_test[:500], y_test[:500]
        half, all_epochs = 5, 10
    x_train, x_test = (part.reshape(-1, 784).astype(np.float32) / 255 for part in (images, images_test))
    summary = nn.summary(network())
    print(summary)

    histories: dict[str, list[nn.History]] = {CONSTANT: [], FALLING: []}
    scores: dict[str, np.ndarray] = {}  # of the first start
    for rate, runs in histories.items():
        for seed in (options.seed, options.seed + 1, options.seed + 2):
            with nn.seed(seed), epochs(all_epochs, f"{rate}, seed {seed}") as bar:
                model = network()
                optimizer = nn.Adam(model.parameters())
                schedule = nn.optim.CosineAnnealingLR(optimizer, T_max=all_epochs) if rate == FALLING else None
                # The images of the test are measured for the curves alone: the last weights are kept, not the best.
                history = nn.fit(
                    model, (x_train, y_train), nn.CrossEntropyLoss(), optimizer, epochs=all_epochs, batch_size=128,
                    validation=(x_test, y_test), metrics=nn.metrics.accuracy, schedule=schedule,
                    callbacks=bar, progress=False,
                )  # fmt: skip
            runs.append(history)
            scores.setdefault(rate, nn.predict(model, x_test))

    found = scores[FALLING].argmax(axis=1)
    wrong = np.flatnonzero(found != y_test)[:40]
    matrix = nn.metrics.confusion_matrix(scores[FALLING], y_test)
    curves = viz.charts.curves(
        {rate: runs[0] for rate, runs in histories.items()}, title="validation: the images of the test"
    )
    options.save(curves, "digits_curves.png")
    options.save(viz.charts.confusion_matrix(matrix), "digits_confusion_matrix.png")
    if len(wrong):
        titles = [f"{y_test[i]} → {found[i]}" for i in wrong]
        options.save(viz.charts.images(images_test[wrong], titles, columns=8), "digits_mistakes.png")

    def after(epoch: int, rate: str, name: str, form: str) -> str:
        return with_spread([history[name][epoch - 1] for history in histories[rate]], form)

    return [
        Figure("parameters", "269,322", f"{summary.parameters:,}"),
        Figure(f"{CONSTANT}, {half} epochs: loss in training", "0.0515", after(half, CONSTANT, "loss", ".4f")),
        Figure(f"{CONSTANT}, {half} epochs: accuracy in training", "98.35%", after(half, CONSTANT, "accuracy", ".2%")),
        Figure(f"{CONSTANT}, {half} epochs: accuracy, test", "98.4%", after(half, CONSTANT, "val_accuracy", ".2%")),
        *(
            Figure(f"{rate}, {all_epochs} epochs: accuracy, test", "—", after(all_epochs, rate, "val_accuracy", ".2%"))
            for rate in histories
        ),
    ]


if __name__ == "__main__":
    lesson(main, __doc__)
