"""Calls of convolutions and pools, drawn for the tests: small images, and every way to slide over them."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

import autograd
from tests.autograd.ops.sample import Sample
from tests.autograd.ops.samples_linalg import arrays_of


@st.composite
def slid(draw: st.DrawFn, axes: int, longest: int) -> tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]:
    """The lengths of an image and of a window that fits in it, and how this slides."""
    lengths, kernel, stride, padding, dilation = [], [], [], [], []
    for _ in range(axes):
        k, d, p = draw(st.integers(1, 3)), draw(st.integers(1, 2)), draw(st.integers(0, 2))
        reach = d * (k - 1) + 1
        p = min(p, reach // 2)
        least = max(d, reach - 2 * p)  # so that no window of a pool lies in the padding alone
        kernel.append(k)
        stride.append(draw(st.integers(1, 3)))
        padding.append(p)
        dilation.append(d)
        lengths.append(draw(st.integers(least, max(least, longest))))
    settings = {"stride": tuple(stride), "padding": tuple(padding), "dilation": tuple(dilation)}
    return tuple(lengths), tuple(kernel), settings


@st.composite
def convolutions(draw: st.DrawFn, axes: int, longest: int = 3) -> Sample:
    """Of images of few channels, with and without groups and bias."""
    lengths, kernel, settings = draw(slid(axes, longest))
    groups = draw(st.integers(1, 2))
    each, filters = (1, 1) if groups == 2 else (draw(st.integers(1, 2)), draw(st.integers(1, 2)))
    images = draw(st.integers(1, 2)) if groups * each == 1 else 1
    shapes = [(images, groups * each, *lengths), (groups * filters, each, *kernel), (groups * filters,)]
    given = draw(arrays_of(*shapes[: draw(st.integers(2, 3))]))
    function: Any = autograd.conv1d if axes == 1 else autograd.conv2d
    return Sample(
        lambda x, w, *b: function(x, w, *b, **settings, groups=groups),
        given,
        f"conv{axes}d(x, weight, …, **{settings}, groups={groups})",
    )


@st.composite
def _max_pools(draw: st.DrawFn) -> Sample:
    lengths, kernel, settings = draw(slid(2, 4))
    shape = (*draw(st.sampled_from([(), (1,), (1, 2)])), *lengths)
    order = draw(st.permutations(range(int(np.prod(shape)))))  # far from each other: no two are nearly the greatest
    x = np.array(order, float).reshape(shape) / 8.0 - 1.0
    return Sample(lambda x: autograd.max_pool2d(x, kernel, **settings), (x,), f"max_pool2d(x, {kernel}, **{settings})")


@st.composite
def _avg_pools(draw: st.DrawFn) -> Sample:
    lengths, kernel, settings = draw(slid(2, 4))
    lengths = tuple(max(n, k) for n, k in zip(lengths, kernel, strict=True))
    del settings["dilation"]
    settings |= {"padding": tuple(min(p, k // 2) for p, k in zip(settings["padding"], kernel, strict=True))}
    settings |= {"count_include_pad": draw(st.booleans())}
    given = draw(arrays_of((*draw(st.sampled_from([(), (1,), (1, 2)])), *lengths)))
    return Sample(lambda x: autograd.avg_pool2d(x, kernel, **settings), given, f"avg_pool2d(x, {kernel}, **{settings})")


@st.composite
def _windows(draw: st.DrawFn) -> Sample:
    lengths, kernel, settings = draw(slid(draw(st.integers(1, 2)), 3))
    settings |= {"kernel": kernel, "padding": tuple((p, max(0, p - 1)) for p in settings["padding"])}
    lengths = tuple(n + 1 for n in lengths)
    given = draw(arrays_of((*draw(st.sampled_from([(), (2,)])), *lengths)))
    return Sample(lambda x: autograd.windows(x, **settings), given, f"windows(x, **{settings})")


@st.composite
def _folds(draw: st.DrawFn) -> Sample:
    lengths, kernel, settings = draw(slid(1, 4))
    settings |= {"kernel": kernel, "padding": tuple((p, p) for p in settings["padding"]), "shape": (2, *lengths)}
    places = autograd.windows(np.zeros((2, *lengths)), **{k: v for k, v in settings.items() if k != "shape"}).shape
    return Sample(lambda x: autograd.fold(x, **settings), draw(arrays_of(places)), f"fold(x, **{settings})")


SAMPLES: dict[str, st.SearchStrategy[Sample]] = {
    "conv1d": convolutions(1),
    "conv2d": convolutions(2, 2),
    "max_pool2d": _max_pools(),
    "avg_pool2d": _avg_pools(),
    "windows": _windows(),
    "fold": _folds(),
}
