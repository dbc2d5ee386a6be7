"""Calls of losses, with targets of every kind: constants, whole numbers, Tensors."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

import autograd
from tests.autograd.ops.sample import Array, Sample
from tests.autograd.ops.samples_shape import axis_of, numbers, shapes

REDUCTIONS = st.sampled_from(["mean", "sum", "none"])
Pair = Callable[[st.DrawFn, tuple[int, ...]], tuple[Array, Array]]


def _of_pairs(name: str, pair: Pair, **settings: st.SearchStrategy[Any]) -> st.SearchStrategy[Sample]:
    """Calls of a loss whose targets are a Tensor or an array."""

    @st.composite
    def samples(draw: st.DrawFn) -> Sample:
        x, targets = pair(draw, draw(shapes()))
        given = {key: draw(strategy) for key, strategy in settings.items()} | {"reduction": draw(REDUCTIONS)}
        loss = getattr(autograd, name)
        if draw(st.booleans()):
            return Sample(lambda x, targets: loss(x, targets, **given), (x, targets), f"{name}(x, targets, {given})")
        return Sample(lambda x: loss(x, targets, **given), (x,), f"{name}(x, {targets.tolist()}, {given})")

    return samples()


def _apart(draw: st.DrawFn, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """Two arrays of which no elements are close to each other."""
    x = draw(numbers(shape))
    return x, x - draw(numbers(shape))


def _scores(draw: st.DrawFn, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """Scores away from the margin, and signs."""
    x = 0.9 * draw(numbers(shape))
    return x, np.where(draw(numbers(shape)) > 0.0, 1.0, -1.0)


def _shares(draw: st.DrawFn, shape: tuple[int, ...]) -> Array:
    shares: Array = 1.0 / (1.0 + np.exp(-draw(numbers(shape))))
    return shares


@st.composite
def cross_entropies(draw: st.DrawFn, by_number: bool) -> Sample:
    """Calls with numbers of classes or with shares, along any axis, with all settings."""
    x = draw(shapes(1).flatmap(numbers))
    axis = axis_of(draw, x.ndim)
    length, classes = x.shape[axis], np.delete(x.shape, axis)
    settings: dict[str, Any] = {"axis": axis, "reduction": draw(REDUCTIONS)}
    if draw(st.booleans()):
        settings["weight"] = np.arange(1.0, length + 1.0)
    if draw(st.booleans()):
        settings["label_smoothing"] = draw(st.sampled_from([0.1, 1.0]))
    if not by_number:
        shares = _shares(draw, x.shape)
        return Sample(
            lambda x, shares: autograd.cross_entropy(x, shares, **settings),
            (x, shares),
            f"cross_entropy(x, shares, {settings})",
        )
    every = st.lists(st.integers(0, length - 1), min_size=int(np.prod(classes)), max_size=int(np.prod(classes)))
    targets = np.array(draw(every), int).reshape(classes)
    if targets.size > 1 and draw(st.booleans()):
        targets.flat[0] = settings["ignore_index"] = -100
    return Sample(
        lambda x: autograd.cross_entropy(x, targets, **settings), (x,), f"cross_entropy(x, {targets}, {settings})"
    )


SAMPLES: dict[str, st.SearchStrategy[Sample]] = {
    "mse_loss": _of_pairs("mse_loss", _apart),
    "l1_loss": _of_pairs("l1_loss", _apart),
    "huber_loss": _of_pairs("huber_loss", _apart, delta=st.sampled_from([0.3, 1.0, 5.0])),
    "hinge_loss": _of_pairs("hinge_loss", _scores),
    "binary_cross_entropy": _of_pairs(
        "binary_cross_entropy", lambda draw, shape: (_shares(draw, shape), _shares(draw, shape))
    ),
    "binary_cross_entropy_with_logits": _of_pairs(
        "binary_cross_entropy_with_logits", lambda draw, shape: (draw(numbers(shape)), _shares(draw, shape))
    ),
    "cross_entropy_of_classes": cross_entropies(by_number=True),
    "cross_entropy_of_shares": cross_entropies(by_number=False),
}
