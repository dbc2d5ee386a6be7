"""Does a hand sign 0 or 1? Logistic regression written out.

    python -m demos.sign_digits [--quick] [--folder FOLDER]

It learns from 348 photographs of 64 by 64 pixels, and is asked about 62 others. The tutorial's page prints no cost:
those in its column are from public notebooks that run its program.

Needs the Sign Language Digits (33.8 MB) and the extra demos: pip install -e ".[demos]"
"""

from typing import Any

import numpy as np

import autograd
import viz
from autograd import Tensor
from demos import data
from demos.common import Figure, Options, lesson, steps
from nn import metrics

RATE = 0.01
PRINTED = {0: "14.014222", 10: "2.544689", 90: "1.031919", 140: "0.196168"}  # by iteration


def written_out(z: Any, y: np.ndarray) -> Any:
    """The cost as the tutorial writes it, of an array or of a Tensor."""
    y_head = autograd.sigmoid(z)
    return (-y * np.log(y_head) - (1 - y) * np.log(1 - y_head)).mean()


def main(options: Options) -> list[Figure]:
    """Learn the weight of each of 4,096 pixels, and set scikit-learn's LogisticRegression beside it."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import train_test_split

    images = data.sign_digits()
    signs = np.concatenate([images[204:409], images[822:1027]])  # 205 of sign 0, then 205 of sign 1
    x = signs.reshape(410, 64 * 64).astype(np.float64)
    y = np.repeat([0.0, 1.0], 205)[:, np.newaxis]
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.15, random_state=42)

    w, b = Tensor(np.full((64 * 64, 1), 0.01), "w"), Tensor(0.0, "b")
    # At first z is 23 to 34, and sigmoid(z) so close to 1 that 1 - sigmoid(z) keeps few digits: the cost 14.014222 is
    # really 14.014151, and its graph has gradients up to 1e12 there. For z > 37 it would be log(0).
    z = x_train @ w + b
    cost = written_out(z, y_train)
    cost.backward(keep_grads=True)
    graph = viz.draw(cost, names={"z": z, "cost": cost}, direction="TB")

    costs, as_written = [], {}
    for i in steps(21 if options.quick else 150, "training"):
        z = x_train @ w + b
        # The same cost without that subtraction. It is what to differentiate: its gradient in z, (sigmoid(z) - y)/n, is
        # the one that the tutorial writes down.
        cost = autograd.binary_cross_entropy_with_logits(z, y_train)
        costs.append(cost.item())
        if i in PRINTED:
            as_written[i] = written_out(z.data, y_train)
        w.zero_grad()
        b.zero_grad()
        cost.backward()
        w.data -= RATE * w.grad
        b.data -= RATE * b.grad

    def accuracy(x: np.ndarray, y: np.ndarray) -> float:
        return metrics.accuracy(x @ w.data + b.data, y, threshold=0)  # sigmoid(z) > 0.5 where z > 0

    peer = LogisticRegression(random_state=42, max_iter=150).fit(x_train, y_train.ravel())

    weights = np.stack([w.data.ravel(), peer.coef_.ravel()])
    options.save(viz.charts.images(images[[260, 900]], ["sign 0", "sign 1"]), "sign_digits_signs.png")
    options.save(graph, "sign_digits_graph.svg")
    options.save(viz.charts.curves({"cost": costs}, unit="iteration", first=0), "sign_digits_cost.png")
    options.save(viz.charts.images(weights, ["here", "scikit-learn"], shape=(64, 64)), "sign_digits_weights.png")

    return [
        *(Figure(f"cost at iteration {i}", PRINTED[i], f"{cost:.6f}") for i, cost in as_written.items()),
        Figure("cost at iteration 0, without 1 - sigmoid(z)", "—", f"{costs[0]:.6f}"),
        Figure("accuracy, train", "—", f"{accuracy(x_train, y_train):.1%}"),
        Figure("accuracy, test", "—", f"{accuracy(x_test, y_test):.1%}"),
        Figure("scikit-learn's accuracy, train", "—", f"{peer.score(x_train, y_train):.1%}"),
        Figure("scikit-learn's accuracy, test", "—", f"{peer.score(x_test, y_test):.1%}"),
    ]


if __name__ == "__main__":
    lesson(main, __doc__)
