"""What a classifier says, read from whatever it gives: how clearly each class leads at each point."""

import numpy as np

from viz.charts.numbers import Array, numbers

WHAT = "decision_boundary: what predict gives"


def classes_of(y: object, length: int) -> Array:
    """The class of each point: whole numbers, or names.

    Raises ValueError for another number of them, and for numbers that are not whole.
    """
    classes = np.asarray(y)
    if classes.ndim == 2 and classes.shape[1] == 1:
        classes = classes[:, 0]
    if classes.shape != (length,):
        raise ValueError(f"decision_boundary: y must have a class for each of {length:,} points, got {classes.shape}")
    if classes.dtype.kind in "US":
        return classes
    classes = numbers(classes, "decision_boundary: y")
    if not (classes == np.round(classes)).all():
        raise ValueError("decision_boundary: y must be classes: whole numbers, or names")
    return classes.astype(np.int64)


def leads(output: object, length: int, classes: Array, threshold: float | None) -> tuple[Array, Array]:
    """The classes, and for each point and class by how much its score is above the best of the others: (m, classes).

    Raises ValueError for an output that does not decide between the classes.

    >>> leads([0.25, 1.0], 2, np.array([0, 1]), None)[1].tolist()  # probabilities of class 1
    [[0.25, -0.25], [-0.5, 0.5]]
    """
    given = np.asarray(output)
    if given.ndim == 2 and given.shape[1] == 1:
        given = given[:, 0]
    if given.ndim not in (1, 2) or len(given) != length or 0 in given.shape:
        raise ValueError(
            f"decision_boundary: predict got points of shape ({length}, 2) and gave {given.shape}; it must give a "
            "score or a class for each, (m,) or (m, 1), or a score for each class, (m, classes)"
        )
    classes, scores = _of_each(given, classes) if given.ndim == 2 else _of_one(given, classes, threshold)
    second, best = np.partition(scores, -2, axis=1)[:, -2:].T[..., None]
    with np.errstate(invalid="ignore"):  # inf - inf is nan: no class leads
        return classes, scores - np.where(scores == best, second, best)


def _of_each(given: Array, classes: Array) -> tuple[Array, Array]:
    """A score for each class; numbers from 0 on are its column, else the columns are the classes in sorted order."""
    scores = numbers(given, WHAT)
    columns = np.arange(scores.shape[1])
    if np.isin(classes, columns).all():
        return columns, scores
    if len(classes) != len(columns):
        raise ValueError(f"decision_boundary: predict scores {len(columns)} classes, but y has {len(classes)} others")
    return classes, scores


def _of_one(given: Array, classes: Array, threshold: float | None) -> tuple[Array, Array]:
    """One score for two classes, or the class itself."""
    whole = given.dtype.kind in "biuUS" or (given.dtype.kind == "f" and bool((given == np.round(given)).all()))
    if whole and len(classes) > 1 and np.isin(given, classes).all():
        return classes, (given[:, None] == classes).astype(float)
    scores = numbers(given, WHAT)
    if len(classes) != 2:
        raise ValueError(
            f"decision_boundary: a single score decides between two classes, y has {len(classes)}: "
            "predict must give one of them, or a score for each"
        )
    if threshold is None:
        threshold = 0.5 if np.nanmin(scores) >= 0 and np.nanmax(scores) <= 1 else 0.0
    return classes, np.stack([threshold - scores, scores - threshold], axis=1) / 2
