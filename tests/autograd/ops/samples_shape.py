"""Calls of the operations that move elements about, drawn with shapes, axes and indices of every kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from hypothesis.strategies import DrawFn, SearchStrategy

import autograd
from autograd.define import array_registry
from tests.autograd.ops.sample import Array, Sample

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Call:
    """A function called by NumPy's name with NumPy's names for what is no operand: with ours, or with NumPy's own."""

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    first: Any = ()  # what comes before the operands, such as a condition
    in_a_list: bool = False
    part: int | None = None  # the one that is looked at, if there are several results

    def __call__(self, *operands: Any) -> Any:
        """The result of the library's function."""
        return self._of(getattr(autograd, self.name, None) or array_registry[self.name], operands)

    def by_numpy(self, *operands: Array) -> Any:
        """What NumPy gives."""
        return self._of(BY_NUMPY.get(self.name) or getattr(np, self.name), operands)

    def _of(self, function: Callable[..., Any], operands: tuple[Any, ...]) -> Any:
        given = (list(operands),) if self.in_a_list else operands
        out = function(*self.first, *given, **self.settings)
        return out if self.part is None else out[self.part]

    def __str__(self) -> str:
        return f"{self.name}({', '.join([*map(str, self.first), 'x'])}, {dict(self.settings)})"


def _scattered(x: Array, index: Any, shape: Shape) -> Array:
    out = np.zeros(shape)
    places = np.arange(out.size).reshape(shape)[index]
    for place, number in zip(places.ravel(), x.ravel(), strict=True):
        out.flat[place] += number
    return out


BY_NUMPY: dict[str, Callable[..., Any]] = {
    "flatten": np.ravel,
    "getitem": lambda x, index: x[index],
    "scatter": _scattered,
}


def shapes(least: int = 0, most: int = 3, side: int = 3, min_side: int = 1) -> SearchStrategy[Shape]:
    """Shapes of few elements."""
    found = hnp.array_shapes(min_dims=least, max_dims=most, min_side=min_side, max_side=side)
    return found.filter(lambda shape: prod(shape) <= 12)


@st.composite
def numbers(draw: DrawFn, shape: Shape) -> Array:
    """An array of numbers of which no two are close to each other or to 0."""
    places = np.array(draw(st.permutations(range(prod(shape)))), dtype=float)
    return ((places - places.size // 2) * 0.37 + 0.11).reshape(shape)


Settings = Callable[[DrawFn, Array], Mapping[str, Any]]


def of_one(name: str, settings: Settings, least: int = 0, most: int = 3, part: bool = False) -> SearchStrategy[Sample]:
    """Calls of a function of one array, whose settings are drawn to fit it."""

    @st.composite
    def samples(draw: DrawFn) -> Sample:
        x = draw(numbers(draw(shapes(least, most))))
        given = settings(draw, x)
        parts = len(Call(name, given).by_numpy(x)) if part else 0
        call = Call(name, given, part=draw(st.integers(0, parts - 1)) if part else None)
        return Sample(call, (x,), str(call))

    return samples()


def axis_of(draw: DrawFn, ndim: int) -> int:
    """One axis, counted from either end."""
    return draw(st.integers(-ndim, ndim - 1))


def _axis(draw: DrawFn, x: Array) -> dict[str, Any]:
    return {"axis": axis_of(draw, x.ndim)}


def _axis_or_none(draw: DrawFn, x: Array) -> dict[str, Any]:
    return {"axis": draw(st.none() | st.integers(-x.ndim, x.ndim - 1)) if x.ndim else None}


def _axes_or_none(draw: DrawFn, x: Array) -> dict[str, Any]:
    return {"axis": draw(st.none() | hnp.valid_tuple_axes(x.ndim))}


def _new_shape(draw: DrawFn, x: Array) -> dict[str, Any]:
    lengths = [i for i in range(1, x.size + 1) if x.size % i == 0]
    shape = draw(st.sampled_from([s for n in range(4) for s in product(lengths, repeat=n) if prod(s) == x.size]))
    left_open = draw(st.none() | st.integers(0, len(shape) - 1)) if shape else None
    return {"shape": tuple(-1 if i == left_open else n for i, n in enumerate(shape))}


def _order(draw: DrawFn, x: Array) -> dict[str, Any]:
    order = draw(st.none() | st.permutations(range(x.ndim)).map(tuple))
    negative = draw(st.booleans())
    return {"axes": tuple(axis - x.ndim for axis in order) if negative and order is not None else order}


def _moved(draw: DrawFn, x: Array) -> dict[str, Any]:
    source = draw(hnp.valid_tuple_axes(x.ndim))
    places = draw(st.permutations(range(-x.ndim, 0)))
    return {"source": source, "destination": tuple(places[: len(source)])}


def _larger(draw: DrawFn, x: Array) -> dict[str, Any]:
    stretched = tuple(draw(st.integers(0, 3)) if n == 1 else n for n in x.shape)
    return {"shape": draw(st.sampled_from([(), (2,), (1,)])) + stretched}


def _shifts(draw: DrawFn, x: Array) -> dict[str, Any]:
    if not x.ndim or draw(st.booleans()):
        return {"shift": draw(st.integers(-4, 4)), "axis": None}
    axes = tuple(draw(st.lists(st.integers(-x.ndim, x.ndim - 1), min_size=1, max_size=3)))
    return {"shift": tuple(draw(st.integers(-4, 4)) for _ in axes), "axis": axes}


def _repeats(draw: DrawFn, x: Array) -> dict[str, Any]:
    axis = draw(st.none() | st.integers(-x.ndim, x.ndim - 1)) if x.ndim else None
    times = st.integers(0, 2)
    length = x.size if axis is None else x.shape[axis]
    return {"repeats": draw(times | st.lists(times, min_size=length, max_size=length)), "axis": axis}


def _margins(draw: DrawFn, x: Array) -> dict[str, Any]:
    side = st.integers(0, 2)
    pairs = st.tuples(side, side)
    width = draw(side | pairs | st.lists(pairs, min_size=x.ndim, max_size=x.ndim)) if x.ndim else 1
    modes = [{}, {"constant_values": 1.5}, *({"mode": mode} for mode in ("edge", "reflect", "symmetric", "wrap"))]
    return {"pad_width": width, **draw(st.sampled_from(modes))}


def _cuts(draw: DrawFn, x: Array) -> dict[str, Any]:
    axis = axis_of(draw, x.ndim)
    length = x.shape[axis]
    counts = st.sampled_from([n for n in range(1, length + 1) if length % n == 0])
    return {"indices_or_sections": draw(counts | st.lists(st.integers(-2, length + 1), max_size=3)), "axis": axis}


def _matrix_axes(draw: DrawFn, x: Array) -> dict[str, Any]:
    axis1, axis2 = draw(hnp.valid_tuple_axes(x.ndim, min_size=2, max_size=2))
    return {"offset": draw(st.integers(-3, 3)), "axis1": axis1, "axis2": axis2}


def _taken(draw: DrawFn, x: Array) -> dict[str, Any]:
    axis = draw(st.none() | st.integers(-x.ndim, x.ndim - 1)) if x.ndim else None
    length = x.size if axis is None else x.shape[axis]
    places = hnp.arrays(int, shapes(0, 2), elements=st.integers(-length, length - 1))
    return {"indices": draw(places), "axis": axis}


def _taken_along(draw: DrawFn, x: Array) -> dict[str, Any]:
    axis = axis_of(draw, x.ndim)
    lengths = [draw(st.sampled_from([1, n])) for n in x.shape]
    lengths[axis] = draw(st.integers(1, 3))
    length = x.shape[axis]
    return {"indices": draw(hnp.arrays(int, tuple(lengths), elements=st.integers(-length, length - 1))), "axis": axis}


def _bounds(draw: DrawFn, x: Array) -> dict[str, Any]:
    between = st.integers(-8, 8).map(lambda i: i * 0.37 - 0.07)
    low, high = sorted(draw(st.lists(between, min_size=2, max_size=2, unique=True)))
    return draw(st.sampled_from([{"a_min": low, "a_max": high}, {"a_min": None, "a_max": high}, {"min": low}]))


@st.composite
def indices(draw: DrawFn, shape: Shape) -> Any:
    """What NumPy allows between the brackets: whole numbers, slices, ..., None, masks and arrays with repeats."""
    if draw(st.booleans()):
        return draw(hnp.basic_indices(shape, allow_newaxis=True))
    if shape and draw(st.integers(0, 3)) == 0:
        mask = draw(hnp.arrays(bool, shape[: draw(st.integers(1, len(shape)))]))
        return draw(st.sampled_from([mask, mask.tolist()]))
    together = draw(st.integers(1, 3))  # how many places the arrays name, that is, they broadcast to this length
    parts: list[Any] = []
    for n in shape:
        kinds: list[SearchStrategy[Any]] = [st.slices(n)]
        if n:
            places = st.lists(st.integers(-n, n - 1), min_size=together, max_size=together)
            kinds += [places, places.map(np.array), st.lists(places, min_size=2, max_size=2), st.integers(-n, n - 1)]
        if n >= together:
            kinds.append(st.permutations([i < together for i in range(n)]).map(np.array))
        parts.append(draw(st.one_of(kinds)))
    start, stop = sorted(draw(st.lists(st.integers(0, len(parts)), min_size=2, max_size=2)))
    if draw(st.booleans()):
        parts[start:stop] = [Ellipsis]
    else:
        parts = parts[:stop]
    if draw(st.booleans()):
        parts.insert(draw(st.integers(0, len(parts))), None)
    return tuple(parts)


@st.composite
def _scattering(draw: DrawFn) -> Sample:
    shape = draw(shapes(1, 2))
    index = draw(indices(shape))
    x = draw(numbers(np.zeros(shape)[index].shape))
    # The operation itself takes an index as it is recorded, in which lists are arrays.
    parts = tuple(np.array(part) if isinstance(part, list) else part for part in np.index_exp[index])
    call = Call("scatter", {"index": parts, "shape": shape})
    return Sample(call, (x,), str(call))


@st.composite
def _stacked(draw: DrawFn) -> Sample:
    shape = draw(shapes(0, 2, side=2))
    call = Call("stack", {"axis": axis_of(draw, len(shape) + 1)}, in_a_list=True)
    return Sample(call, tuple(draw(numbers(shape)) for _ in range(draw(st.integers(1, 3)))), str(call))


@st.composite
def _concatenated(draw: DrawFn) -> Sample:
    shape = draw(shapes(1, 2))
    axis = draw(st.none() | st.integers(-len(shape), len(shape) - 1))
    places = range(len(shape))
    along = 0 if axis is None else axis % len(shape)
    own = [tuple(draw(st.integers(1, 2)) if i == along else shape[i] for i in places) for _ in range(2)]
    call = Call("concatenate", {"axis": axis}, in_a_list=True)
    return Sample(call, tuple(draw(numbers(each)) for each in own), str(call))


@st.composite
def _chosen(draw: DrawFn) -> Sample:
    three = draw(hnp.mutually_broadcastable_shapes(num_shapes=3, min_dims=0, max_dims=2, max_side=3)).input_shapes
    call = Call("where", first=(draw(hnp.arrays(bool, three[0])),))
    return Sample(call, tuple(draw(numbers(shape)) for shape in three[1:]), str(call))


SAMPLES: dict[str, SearchStrategy[Sample]] = {
    "reshape": of_one("reshape", _new_shape),
    "ravel": of_one("ravel", lambda draw, x: {}),
    "flatten": of_one("flatten", lambda draw, x: {}),
    "transpose": of_one("transpose", _order),
    "swapaxes": of_one("swapaxes", lambda draw, x: {f"axis{i}": axis_of(draw, x.ndim) for i in (1, 2)}, least=1),
    "moveaxis": of_one("moveaxis", _moved),
    "matrix_transpose": of_one("matrix_transpose", lambda draw, x: {}, least=2),
    "expand_dims": of_one("expand_dims", lambda draw, x: {"axis": axis_of(draw, x.ndim + 1)}),
    "squeeze": of_one("squeeze", lambda draw, x: {}),
    "broadcast_to": of_one("broadcast_to", _larger),
    "flip": of_one("flip", _axes_or_none),
    "roll": of_one("roll", _shifts),
    "tile": of_one("tile", lambda draw, x: {"reps": draw(st.lists(st.integers(0, 2), max_size=3))}, most=2),
    "repeat": of_one("repeat", _repeats),
    "pad": of_one("pad", _margins, most=2),
    "stack": _stacked(),
    "concatenate": _concatenated(),
    "split": of_one("split", _cuts, least=1, part=True),
    "array_split": of_one("array_split", lambda draw, x: {"indices_or_sections": 2, **_axis(draw, x)}, 1, part=True),
    "getitem": of_one("getitem", lambda draw, x: {"index": draw(indices(x.shape))}),
    "scatter": _scattering(),
    "take": of_one("take", _taken),
    "take_along_axis": of_one("take_along_axis", _taken_along, least=1),
    "sort": of_one("sort", _axis_or_none, least=1),
    "diagonal": of_one("diagonal", _matrix_axes, least=2),
    "trace": of_one("trace", _matrix_axes, least=2),
    "tril": of_one("tril", lambda draw, x: {"k": draw(st.integers(-3, 3))}, least=2),
    "triu": of_one("triu", lambda draw, x: {"k": draw(st.integers(-3, 3))}, least=2),
    "cumsum": of_one("cumsum", _axis_or_none),
    "where": _chosen(),
    "clip": of_one("clip", _bounds),
}
