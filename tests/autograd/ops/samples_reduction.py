"""Calls of what folds axes by several operations, and of softmax, along axes of every kind."""

from collections.abc import Callable, Mapping
from math import inf
from typing import Any

from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograd
from tests.autograd.ops.sample import Sample
from tests.autograd.ops.samples_shape import numbers, shapes

Settings = Callable[[st.DrawFn, tuple[int, ...]], Mapping[str, Any]]


def _along(name: str, settings: Settings, least: int = 1) -> st.SearchStrategy[Sample]:
    """Calls of a function of one array, whose settings are drawn to fit its shape."""

    @st.composite
    def samples(draw: st.DrawFn) -> Sample:
        shape = draw(shapes(least, min_side=1))
        given = settings(draw, shape)
        return Sample(lambda x: getattr(autograd, name)(x, **given), (draw(numbers(shape)),), f"{name}(x, {given})")

    return samples()


def _axes(draw: st.DrawFn, shape: tuple[int, ...]) -> dict[str, Any]:
    one = st.integers(-len(shape), len(shape) - 1)
    return {"axis": draw(one | st.none() | hnp.valid_tuple_axes(len(shape)))}


def _spread(draw: st.DrawFn, shape: tuple[int, ...]) -> dict[str, Any]:
    long = [i for i, n in enumerate(shape) if n > 1]
    if not long:
        return {"axis": None}
    ddof = draw(st.sampled_from([0.0, 0.5, 1.0]))
    return {"axis": draw(st.sampled_from(long)), "ddof": ddof, "keepdims": draw(st.booleans())}


def _order(draw: st.DrawFn, shape: tuple[int, ...]) -> dict[str, Any]:
    axis = draw(st.integers(-len(shape), len(shape) - 1))
    return {"axis": axis, "ord": draw(st.sampled_from([None, 1, 2, inf])), "keepdims": draw(st.booleans())}


SAMPLES: dict[str, st.SearchStrategy[Sample]] = {
    "softmax_along": _along("softmax", _axes),
    "log_softmax": _along("log_softmax", _axes),
    "var": _along("var", _spread),
    "std": _along("std", _spread).filter(lambda sample: sample.arrays[0].size > 1),
    "norm": _along("norm", _order),
}
