"""Calls of normalization, dropout and embedding, with and without weights."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograd
from tests.autograd.ops.sample import Array, Sample
from tests.autograd.ops.samples_shape import numbers, shapes

EPS = 0.01


def _affine(draw: st.DrawFn, shape: tuple[int, ...]) -> tuple[list[str], list[Array]]:
    """The names of weights, if there are any, and the weights."""
    names = draw(st.sampled_from([[], ["weight"], ["bias"], ["weight", "bias"]]))
    return names, [draw(numbers(shape)) + 1.0 for _ in names]


@st.composite
def layer_norms(draw: st.DrawFn) -> Sample:
    """Rows of one axis or several."""
    x = draw(shapes(1).filter(lambda shape: shape[-1] > 1).flatmap(numbers))
    lengths = x.shape[-draw(st.integers(1, x.ndim)) :]
    names, weights = _affine(draw, lengths)
    return Sample(
        lambda x, *given: autograd.layer_norm(x, lengths, **dict(zip(names, given, strict=True)), eps=EPS),
        (x, *weights),
        f"layer_norm(x, {lengths}, {names})",
    )


@st.composite
def batch_norms(draw: st.DrawFn) -> Sample:
    """Channels with any number of axes beside them, in training and after it."""
    x = draw(shapes(2).filter(lambda shape: np.prod(shape) > shape[1]).flatmap(numbers))
    names, weights = _affine(draw, x.shape[1:2])
    training, running = draw(st.booleans()), np.arange(1.0, x.shape[1] + 1.0)

    def call(x: Any, *given: Any) -> Any:
        affine = dict(zip(names, given, strict=True))
        return autograd.batch_norm(x, running / 4.0, running.copy(), **affine, training=training, eps=EPS)

    return Sample(call, (x, *weights), f"batch_norm(x, {names}, training={training})")


@st.composite
def dropouts(draw: st.DrawFn) -> Sample:
    """Any part of the numbers, none and all of them."""
    x = draw(shapes().flatmap(numbers))
    p, seed = draw(st.sampled_from([0.0, 0.25, 0.5, 1.0])), draw(st.integers(0, 9))
    return Sample(lambda x: autograd.dropout(x, p, rng=seed), (x,), f"dropout(x, {p}, rng={seed})")


@st.composite
def embeddings(draw: st.DrawFn) -> Sample:
    """Rows that are named once, more than once, and not at all."""
    weight = draw(shapes(1).flatmap(numbers))
    indices = draw(hnp.arrays(int, shapes(0, 2, 2), elements=st.integers(0, len(weight) - 1)))
    return Sample(lambda weight: autograd.embedding(indices, weight), (weight,), f"embedding({indices}, weight)")


@st.composite
def own_dtypes(draw: st.DrawFn) -> Sample:
    """A change to the dtype that it has."""
    x = draw(shapes(0).flatmap(numbers))
    return Sample(lambda x: autograd.astype(x, x.dtype), (x,), "astype(x, x.dtype)")


SAMPLES: dict[str, st.SearchStrategy[Sample]] = {
    "layer_norm": layer_norms(),
    "batch_norm": batch_norms(),
    "dropout": dropouts(),
    "embedding": embeddings(),
    "astype": own_dtypes(),
}
