"""Metrics: how good outputs are beside their targets, in one number, by class or as a table.

Outputs and targets are arrays, Tensors or lists, a row for each sample; a column (n, 1) counts as (n,). For classes,
`targets` are whole numbers (0, 1, 2, …, or -1 and 1), or rows with a single 1 among zeros; `outputs` may be

- whole numbers: the classes themselves;
- a column for each class, of scores, logits or probabilities: the class is that of the highest;
- one float or bool in each row: the class is 1 above `threshold`, else 0, or -1 if there is -1 among the targets. By
  default they must be probabilities, and the threshold is 0.5; give `threshold=0` for logits and other scores.
  `nn.fit` and `nn.evaluate` give the one that goes with the loss.

What cannot be read so raises ValueError, as do shapes that do not fit, no rows at all, and a score that is NaN. Names
and values are scikit-learn's.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np

from nn.arguments import Array, array_of

Average: TypeAlias = Literal["binary", "macro"] | None


def accuracy(outputs: Any, targets: Any, *, threshold: float | None = None) -> float:
    """The part of the rows whose class is right.

    >>> accuracy([[0.1, 2.0], [3.0, 0.5], [0.2, 0.3]], [1, 0, 0])
    0.6666666666666666
    >>> accuracy([[-0.5], [2.0]], [-1, 1], threshold=0)
    1.0
    """
    predicted, actual, _ = _classes("accuracy", outputs, targets, threshold)
    return float((predicted == actual).mean())


def confusion_matrix(
    outputs: Any, targets: Any, classes: Sequence[int] | None = None, *, threshold: float | None = None
) -> Array:
    """How many rows of each class (down) were taken for each class (across).

    `classes` says which, in what order; by default one for each column of the outputs, else those that occur, sorted.
    Raises ValueError for a class that occurs and is not among them.

    >>> confusion_matrix([0, 2, 2, 1], [0, 1, 2, 1], classes=range(3))
    array([[1, 0, 0],
           [0, 1, 1],
           [0, 0, 1]])
    """
    predicted, actual, found = _classes("confusion_matrix", outputs, targets, threshold)
    return _table(predicted, actual, found if classes is None else array_of(classes, "confusion_matrix: classes"))


def precision(outputs: Any, targets: Any, *, average: Average = "binary", threshold: float | None = None) -> Any:
    """Of the rows that were taken for a class, the part that is of it; 0 for a class that none was taken for.

    With `average` "binary" it is a float for class 1; with "macro" the mean over the classes that occur; with None an
    array with each class's, in the order of `confusion_matrix`.

    >>> precision([1, 1, 0, 1], [1, 0, 0, 1])
    0.6666666666666666
    """
    return _by_class("precision", outputs, targets, average, threshold, lambda hits, taken, actual: (hits, taken))


def recall(outputs: Any, targets: Any, *, average: Average = "binary", threshold: float | None = None) -> Any:
    """Of the rows of a class, the part that was taken for it; 0 for a class without rows. `average`: see `precision`.

    >>> recall([0, 2, 2, 1], [0, 1, 2, 1], average=None)
    array([1. , 0.5, 1. ])
    """
    return _by_class("recall", outputs, targets, average, threshold, lambda hits, taken, actual: (hits, actual))


def f1(outputs: Any, targets: Any, *, average: Average = "binary", threshold: float | None = None) -> Any:
    """The harmonic mean of precision and recall; 0 for a class without hits. `average`: see `precision`.

    >>> f1([1, 1, 0, 1], [1, 0, 0, 1])
    0.8
    """
    return _by_class("f1", outputs, targets, average, threshold, lambda hits, taken, actual: (2 * hits, taken + actual))


def mean_squared_error(outputs: Any, targets: Any) -> float:
    """The mean of the squared differences.

    >>> mean_squared_error([[1.0], [2.0]], [1.0, 4.0])
    2.0
    """
    x, y = _columns("mean_squared_error", outputs, targets)
    return float(np.square(x - y).mean())


def root_mean_squared_error(outputs: Any, targets: Any) -> float:
    """The root of the mean squared difference, in the targets' unit; for several columns the mean of their roots.

    >>> root_mean_squared_error([1.0, 2.0], [4.0, 6.0])
    3.5355339059327378
    """
    x, y = _columns("root_mean_squared_error", outputs, targets)
    return float(np.sqrt(np.square(x - y).mean(axis=0)).mean())


def mean_absolute_error(outputs: Any, targets: Any) -> float:
    """The mean of the differences without their sign.

    >>> mean_absolute_error([1.0, 2.0], [1.0, 4.0])
    1.0
    """
    x, y = _columns("mean_absolute_error", outputs, targets)
    return float(np.abs(x - y).mean())


def r2_score(outputs: Any, targets: Any) -> float:
    """R², the part of the targets' variance that the outputs explain: 1 is perfect, 0 as good as the targets' mean.

    For several columns it is the mean of theirs. If all targets are the same it is 1 for equal outputs, else 0. Raises
    ValueError for fewer than two rows, which have no variance.

    >>> r2_score([1.0, 2.0, 3.0], [1.0, 2.0, 4.0])
    0.7857142857142857
    """
    x, y = _columns("r2_score", outputs, targets)
    if len(x) < 2:
        raise ValueError("r2_score: a single row has no variance to explain; give two rows or more")
    unexplained, total = np.square(x - y).sum(axis=0), np.square(y - y.mean(axis=0)).sum(axis=0)
    parts = np.divide(unexplained, total, out=(unexplained != 0.0).astype(float), where=total != 0.0)
    return float((1.0 - parts).mean())


def _as_rows(name: str, outputs: Any, targets: Any) -> tuple[Array, Array]:
    """Both as arrays, a single column as (n,). Raises ValueError unless both have the same rows, at least one."""
    arrays = array_of(outputs, f"{name}: outputs"), array_of(targets, f"{name}: targets")
    x, y = (a[:, 0] if a.ndim == 2 and a.shape[1] == 1 else a for a in arrays)
    if x.ndim == 0 or x.shape[:1] != y.shape[:1]:
        raise ValueError(f"{name}: outputs {arrays[0].shape} and targets {arrays[1].shape} must have a row per sample")
    if x.size == 0:
        raise ValueError(f"{name}: there are no outputs, their shape is {arrays[0].shape}")
    return x, y


def _columns(name: str, outputs: Any, targets: Any) -> tuple[Array, Array]:
    """Both as floats of the shape (rows, columns), which must be the same."""
    x, y = _as_rows(name, outputs, targets)
    if x.shape != y.shape:
        raise ValueError(f"{name}: outputs and targets must have the same shape, got {x.shape} and {y.shape}")
    return x.astype(float).reshape(len(x), -1), y.astype(float).reshape(len(y), -1)


def _classes(name: str, outputs: Any, targets: Any, threshold: float | None) -> tuple[Array, Array, Array]:
    """The class of each row by the outputs, and by the targets; and which classes there are."""
    x, y = _as_rows(name, outputs, targets)
    if (x != x).any():
        raise ValueError(f"{name}: the outputs hold NaN, first in row {np.argwhere(x != x)[0, 0]}, which is no score")
    actual = _actual(name, y, x.shape)
    if x.ndim == 1:
        predicted = _of_single_column(name, x, actual, threshold)
        return predicted, actual, np.union1d(predicted, actual)
    if x.ndim > 2 or threshold is not None:
        given = f"the shape {x.shape}" + ("" if threshold is None else f", and threshold={threshold}")
        raise ValueError(f"{name}: takes outputs (n, classes), or (n,) with a threshold; got {given}")
    if actual.min() < 0 or actual.max() >= x.shape[1]:
        extent = f"from {actual.min()} to {actual.max()}"
        raise ValueError(f"{name}: outputs of {x.shape[1]} columns are for targets from 0 up; got targets {extent}")
    return x.argmax(axis=1), actual, np.arange(x.shape[1])


def _actual(name: str, targets: Array, shape: tuple[int, ...]) -> Array:
    """The targets as whole numbers, also if they are rows with a single 1."""
    whole = np.isfinite(targets) & (np.trunc(targets) == targets)
    if not whole.all():
        raise ValueError(f"{name}: targets are classes, whole numbers; got {targets[~whole][0]}")
    if targets.ndim == 1:
        return targets.astype(int)
    if targets.shape != shape or ((targets == 1).sum(axis=1) != 1).any() or np.count_nonzero(targets) != len(targets):
        raise ValueError(
            f"{name}: targets are one class for each row, or rows like the outputs' {shape} with a single 1 among "
            f"zeros; got the shape {targets.shape}"
        )
    return np.nonzero(targets)[1]


def _of_single_column(name: str, x: Array, actual: Array, threshold: float | None) -> Array:
    """The class of each row: the number itself, or what it says by the threshold."""
    negative = -1 if (actual == -1).any() else 0
    two_classes = bool(np.isin(actual, (negative, 1)).all())
    if x.dtype.kind in "iu" and threshold is None:
        labels = set(np.unique(x).tolist())
        if two_classes and negative in actual and negative not in labels and labels | {negative, 1} == {-1, 0, 1}:
            raise ValueError(f"{name}: the targets are {negative} and 1, and the outputs {-1 - negative} and 1")
        return x
    if not two_classes:
        raise ValueError(
            f"{name}: one {x.dtype} in a row tells two classes apart, 0 or -1 from 1, and there is the target "
            f"{actual[~np.isin(actual, (negative, 1))][0]}; give classes as whole numbers, or a column for each"
        )
    if threshold is None and (x.min() < 0 or x.max() > 1):
        raise ValueError(
            f"{name}: outputs from {x.min():.4g} to {x.max():.4g} are no probabilities; give threshold=0 for logits "
            f"and scores, or classes as whole numbers"
        )
    return np.where(x > (0.5 if threshold is None else threshold), 1, negative)


def _table(predicted: Array, actual: Array, classes: Array) -> Array:
    order = np.argsort(classes)
    places = []
    for found in (actual, predicted):
        at = order[np.searchsorted(classes, found, sorter=order).clip(max=len(classes) - 1)]
        if (classes[at] != found).any():
            missing = found[classes[at] != found][0]
            raise ValueError(f"confusion_matrix: the class {missing} is not among classes={classes.tolist()}")
        places.append(at)
    return np.bincount(places[0] * len(classes) + places[1], minlength=len(classes) ** 2).reshape(len(classes), -1)


def _by_class(
    name: str,
    outputs: Any,
    targets: Any,
    average: Average,
    threshold: float | None,
    parts: Callable[[Array, Array, Array], tuple[Array, Array]],
) -> Any:
    """A ratio for class 1, for each class, or the mean of those; `parts` are its numerators and denominators."""
    predicted, actual, classes = _classes(name, outputs, targets, threshold)
    table = _table(predicted, actual, classes)
    taken, there = table.sum(axis=0), table.sum(axis=1)
    above, below = parts(table.diagonal(), taken, there)
    ratios = np.divide(above, below, out=np.zeros(len(classes)), where=below > 0)
    if average is None:
        return ratios
    if average == "macro":
        return float(ratios[taken + there > 0].mean())
    if average != "binary":
        raise ValueError(f"{name}: average must be 'binary', 'macro' or None, got {average!r:.60}")
    if not (set(classes.tolist()) <= {0, 1} or set(classes.tolist()) <= {-1, 1}):
        raise ValueError(
            f"{name}: there are the classes {classes.tolist()!s:.60}; give average='macro', or None for each"
        )
    return float(ratios[classes == 1].sum())
