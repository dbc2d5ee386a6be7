"""Which customers leave a bank? A small network on five splits.

    python -m demos.churn [--quick] [--folder FOLDER] [--seed SEED]

A network of 11, 6, 6 and 1 units learns from 8,000 customers, and is asked about 2,000 others. The tutorial has one
split into customers to learn from and others; here there are five, to see what is chance. From the tutorial's first
weights, which are small, most runs stop at a worse network than the one it prints, here as in PyTorch. So all five are
done again with those of Glorot and Bengio, the usual ones in Keras. The best of the five, whose confusion matrix is
shown, is the best on the others: by chance too.

Needs the bank's customers (0.7 MB) and the extra demos: pip install -e ".[demos]"
"""

from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

import nn
import viz
from demos import data
from demos.common import Figure, Options, epochs, lesson, with_spread

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

# The tutorial describes the first of these, a woman in Spain. With the numbers that it writes for her, counting columns
# by hand, it asks about the second, a man in France.
DESCRIBED = {
    "CreditScore": 500, "Geography": "Spain", "Gender": "Female", "Age": 40, "Tenure": 3,
    "Balance": 50_000.0, "NumOfProducts": 2, "HasCrCard": 1, "IsActiveMember": 1, "EstimatedSalary": 40_000.0,
}  # fmt: skip
ENCODED = DESCRIBED | {"Geography": "France", "Gender": "Male"}
CLASSES = ["stayed", "left"]
SMALL, GLOROT = "small weights", "Glorot's weights"


def encoder() -> "Pipeline":
    """What makes the 11 numbers of a customer: country and gender as numbers, then all with mean 0 and deviation 1.

    Of the three countries two get a column of their own, for the third is where both are 0. Columns are named, so that
    a new customer is encoded as the others were. Those that only say who it is are dropped.
    """
    from sklearn.compose import make_column_transformer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    encode = make_column_transformer(
        ("drop", ["RowNumber", "CustomerId", "Surname"]),
        (OneHotEncoder(drop="first"), ["Geography"]),
        (OrdinalEncoder(), ["Gender"]),
        remainder="passthrough",
    )
    return make_pipeline(encode, StandardScaler())


def network(start: str) -> nn.Sequential:
    """The network with the first weights of the tutorial, or with Keras' usual ones; biases are 0."""
    model = nn.Sequential(nn.Linear(11, 6), nn.ReLU(), nn.Linear(6, 6), nn.ReLU(), nn.Linear(6, 1), nn.Sigmoid())
    for layer in model:
        if isinstance(layer, nn.Linear):
            nn.init.zeros_(layer.bias)
            if start == SMALL:
                nn.init.uniform_(layer.weight, -0.05, 0.05)
            else:
                nn.init.xavier_uniform_(layer.weight)
    return model


def main(options: Options) -> list[Figure]:
    """Learn on five splits from either start, predict the tutorial's customer, and show the best split's matrix."""
    import pandas as pd
    from sklearn.model_selection import train_test_split

    customers, splits = data.churn(), 5
    if options.quick:
        customers, splits = customers[:1000], 2
    left = customers.pop("Exited").to_numpy(np.float32)[:, np.newaxis]

    figures: list[Figure] = []
    curves: dict[str, nn.History] = {}  # of the first split
    best: dict[str, np.ndarray] = {}  # the confusion matrix of the split with the highest accuracy in the test
    for start in (SMALL, GLOROT):
        losses, accuracies, test_accuracies, matrices, answers = [], [], [], [], []
        for seed in range(options.seed, options.seed + splits):
            train, test, y_train, y_test = train_test_split(customers, left, test_size=0.2, random_state=seed)
            encode = encoder().fit(train)
            with nn.seed(seed), epochs(50, f"{start}, split {seed}") as bar:
                model = network(start)
                history = nn.fit(
                    model, (encode.transform(train), y_train), nn.BCELoss(), nn.Adam(model.parameters()),
                    epochs=50, batch_size=10, metrics=nn.metrics.accuracy, callbacks=bar, progress=False,
                )  # fmt: skip
            curves.setdefault(start, history)
            losses.append(history["loss"][-1])
            accuracies.append(history["accuracy"][-1])
            probabilities = nn.predict(model, encode.transform(test))
            test_accuracies.append(nn.metrics.accuracy(probabilities, y_test))
            matrices.append(nn.metrics.confusion_matrix(probabilities, y_test, classes=[0, 1]))
            answers.append(nn.predict(model, encode.transform(pd.DataFrame([DESCRIBED, ENCODED]))))

        best[start] = matrices[int(np.argmax(test_accuracies))]
        described, encoded = np.hstack(answers)
        each = ", ".join(f"{accuracy:.3f}" for accuracy in test_accuracies)
        figures += [
            Figure(f"{start}: loss in training, last epoch", "0.3384", with_spread(losses, ".4f")),
            Figure(f"{start}: accuracy in training, last epoch", "0.8605", with_spread(accuracies, ".4f")),
            Figure(f"{start}: accuracy, test", "0.858", with_spread(test_accuracies, ".3f")),
            Figure(f"{start}: accuracy, test, each split", "—", each),
            Figure(f"{start}: confusion matrix, best split", "[[1541, 54], [230, 175]]", str(best[start].tolist())),
            Figure(f"{start}: the described customer leaves", "—", with_spread(described, ".1%")),
            Figure(f"{start}: the encoded customer leaves", "—", with_spread(encoded, ".1%")),
        ]

    title = f"{GLOROT}, best split"
    table = Table(title, *(f"predicted: {name}" for name in CLASSES))
    for name, row in zip(CLASSES, best[GLOROT], strict=True):
        table.add_row(f"true: {name}", *map(str, row))
    Console().print(table)
    options.save(viz.charts.confusion_matrix(best[GLOROT], CLASSES, title=title), "churn_confusion_matrix.png")
    options.save(viz.charts.curves(curves, title="The first split"), "churn_curves.png")
    return figures


if __name__ == "__main__":
    lesson(main, __doc__)
