"""Calls of the products of vectors, matrices and tensors, drawn for the tests."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

import autograd
from tests.autograd.ops.sample import Array, Sample

_LENGTHS = st.integers(1, 3)
_SUBSCRIPTS = [
    "ij,jk->ik", "ij,jk", "i,i", "i,j->ji", "ij->ji", "ij->i", "ij->", "ii->i", "ii", "iij->j", "ij,ij->ij",
    "ij,j,jk->k", "bij,bjk->bik", "i,->i", ",->", "...i,i", "i...,i...->...", "...,...", "i...j,j->i...",
    "ij,kl->", "ji,j->",
]  # fmt: skip
_PAIRS: list[tuple[str, str, Any]] = [
    ("a", "b", 0),
    ("ab", "bc", 1),
    ("ab", "ab", 2),
    ("ab", "ba", ([0, -1], [1, 0])),
    ("abc", "cb", ([1], [-1])),
]


@st.composite
def arrays_of(draw: st.DrawFn, *shapes: tuple[int, ...]) -> tuple[Array, ...]:
    """An array of each shape, of ordinary numbers."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return tuple(random.uniform(-2.0, 2.0, shape) for shape in shapes)


def _of_two(name: str, *shapes: str) -> st.SearchStrategy[Sample]:
    """Calls with two operands, each shape written as "ab,bc": its axes, and letters for their lengths."""

    @st.composite
    def sample(draw: st.DrawFn) -> Sample:
        lengths = {letter: draw(_LENGTHS) for letter in "abcd"} | {"1": 1}
        left, right = draw(st.sampled_from(shapes)).split(",")
        given = draw(arrays_of(tuple(lengths[n] for n in left), tuple(lengths[n] for n in right)))
        return Sample(getattr(autograd, name), given, f"{name}(x, y)")

    return sample()


@st.composite
def _einsums(draw: st.DrawFn) -> Sample:
    subscripts = draw(st.sampled_from(_SUBSCRIPTS))
    lengths = {letter: draw(st.integers(1, 2)) for letter in "abijkl"}
    more = draw(st.sampled_from(["", "a", "ab"]))
    terms = [term.replace("...", more) for term in subscripts.partition("->")[0].split(",")]
    given = draw(arrays_of(*[tuple(lengths[letter] for letter in term) for term in terms]))
    return Sample(lambda *x: autograd.einsum(subscripts, *x), given, f"einsum({subscripts!r}, …)")


@st.composite
def _tensordots(draw: st.DrawFn) -> Sample:
    left, right, axes = draw(st.sampled_from(_PAIRS))
    lengths = {letter: draw(st.integers(1, 2)) for letter in "abc"}
    given = draw(arrays_of(tuple(lengths[n] for n in left), tuple(lengths[n] for n in right)))
    return Sample(lambda x, y: autograd.tensordot(x, y, axes), given, f"tensordot(x, y, {axes})")


@st.composite
def _linears(draw: st.DrawFn) -> Sample:
    rows = draw(st.lists(_LENGTHS, max_size=3))
    inputs, outputs = draw(_LENGTHS), draw(_LENGTHS)
    bias = [(outputs,)] if draw(st.booleans()) else []
    given = draw(arrays_of((*rows, inputs), (outputs, inputs), *bias))
    return Sample(autograd.linear, given, f"linear({', '.join(('x', 'weight', 'bias')[: len(given)])})")


SAMPLES: dict[str, st.SearchStrategy[Sample]] = {
    "matmul": _of_two(
        "matmul", "a,a", "ab,b", "a,ab", "ab,bc", "dab,b", "dab,bc", "a,dab", "ab,dbc", "dab,1bc", "1ab,dbc", "dab,dbc"
    ),
    "dot": _of_two("dot", "a,a", "ab,b", "a,ab", "ab,bc", "ab,dbc", "dab,b", ",ab", "ab,", ","),
    "inner": _of_two("inner", "a,a", "ab,cb", "ab,b", "dab,b", ",a", ","),
    "vdot": _of_two("vdot", "a,a", "ab,ab", ","),
    "outer": _of_two("outer", "a,b", "ab,c", ",a"),
    "tensordot": _tensordots(),
    "einsum": _einsums(),
    "linear": _linears(),
}
