"""Rules on Tensors that are false in the ways in which people get them wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd import Op, registry
from autograd.arrayop import ArrayOp, Reduction
from autograd.define import array_registry

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class FalseArrayRule:
    """An operation with a false rule for the operand at a place, the arrays to call it with, and its settings."""

    kind: str
    op: Op
    shapes: Sequence[tuple[int, ...]]
    settings: dict[str, Any]
    order: int = 1
    place: int = 0

    def __str__(self) -> str:
        return f"{self.kind}: {self.op.name}"

    @property
    def arrays(self) -> list[Array]:
        """Numbers between 0.2 and 0.9, which every operation here takes."""
        random = np.random.default_rng(1)
        return [random.uniform(0.2, 0.9, shape) for shape in self.shapes]

    def call(self, *x: Any) -> Any:
        """The operation on these Tensors."""
        if isinstance(self.op, ArrayOp) and self.op.is_variadic:
            return self.op(list(x), **self.settings)
        return self.op(*x, **self.settings)


def elementwise(kind: str, name: str, *partials: Any, shapes: Any = ((2, 3), (3,)), order: int = 1) -> FalseArrayRule:
    """The operation element by element with the given partials in place of its own; None leaves one as it is."""
    op = registry[name]
    own = tuple(new or old for new, old in zip(partials, op.partials, strict=True))
    place = next(i for i, partial in enumerate(partials) if partial)
    return FalseArrayRule(kind, replace(op, partials=own), shapes[: len(own)], {}, order, place)


def reduction(kind: str, name: str, partial: Any, *, order: int = 1, **settings: Any) -> FalseArrayRule:
    """The reduction with another local derivative."""
    op = registry[name]
    assert isinstance(op, Reduction)
    return FalseArrayRule(kind, replace(op, in_rows=(op.in_rows[0], (partial,))), [(2, 3)], settings, order)


def array(
    kind: str, name: str, *pullbacks: Any, shapes: Sequence[tuple[int, ...]], order: int = 1, **settings: Any
) -> FalseArrayRule:
    """The operation on whole arrays with other pullbacks; None leaves one as it is."""
    op = array_registry[name]
    own = tuple(new or old for new, old in zip(pullbacks, op.pullbacks, strict=True))
    place = next(i for i, pullback in enumerate(pullbacks) if pullback)
    return FalseArrayRule(kind, replace(op, pullbacks=own), shapes, settings, order, place)


def plain(x: Any) -> Any:
    """The numbers of a node, which follow its operands no more."""
    return np.asarray(x.data) if hasattr(x, "op") else x


def detached(pullback: Callable[..., Any]) -> Callable[..., Any]:
    """The pullback with operands that are plain numbers: right at order 1 and constant at order 2."""
    return lambda m, g, *x, **settings: pullback(m, g, *map(plain, x), **settings)


_matmul = array_registry["matmul"].pullbacks

FALSE_ARRAY_RULES = [
    elementwise("forgotten term", "tanh", lambda m, x, out: 1.0 - x),
    elementwise("wrong sign", "sub", None, lambda m, x, y, out: 1.0),
    elementwise("swapped operands", "div", lambda m, x, y, out: -out / y, lambda m, x, y, out: 1.0 / y),
    elementwise("times 1.01", "exp", lambda m, x, out: 1.01 * out),
    elementwise("times 1.000001", "mul", None, lambda m, x, y, out: 1.000001 * x),
    elementwise("wrong branch", "relu", lambda m, x, out: m.where(x > 0.5, 1.0, 0.0)),
    elementwise("right, but not at order 2", "sin", lambda m, x, out: m.cos(plain(x)), order=2),
    reduction("forgotten 1/n", "mean", lambda m, x, out: 1.0, axis=0),
    reduction("1/n of all axes", "mean", lambda m, x, out: 1.0 / x.size, axis=1, keepdims=True),
    reduction("missing factor", "var", lambda m, x, out: 2.0 * (x - m.sum(x) / m.count(x)), axis=1),
    reduction("forgotten denominator", "logsumexp", lambda m, x, out: m.exp(x), axis=-1),
    reduction("wrong branch", "max", lambda m, x, out: 1.0, axis=1),
    reduction("right, but not at order 2", "prod", lambda m, x, out: plain(out) / plain(x), axis=0, order=2),
    array("transposed factor", "matmul", None, lambda m, g, x, y, out: m.matmul(x, g), shapes=[(2, 2), (2, 2)]),
    array(
        "transposed gradient",
        "matmul",
        lambda m, g, x, y, out: m.matmul(y, g),
        None,
        shapes=[(2, 2), (2, 2)],
    ),
    array(
        "missing sum over a broadcast axis",
        "matmul",
        None,
        lambda m, g, x, y, out: m.getitem(m.matmul(m.transpose(x, (0, 2, 1)), g), index=0),
        shapes=[(2, 2, 3), (3, 2)],
    ),
    array("right, but not at order 2", "matmul", detached(_matmul[0]), None, shapes=[(2, 2), (2, 2)], order=2),
    array(
        "missing sum over a broadcast axis",
        "broadcast_to",
        lambda m, g, x, out, *, shape: m.getitem(g, index=0),
        shapes=[(3,)],
        shape=(2, 3),
    ),
    array(
        "elements in another order",
        "reshape",
        lambda m, g, x, out, *, shape: m.transpose(g, (1, 0)),
        shapes=[(2, 3)],
        shape=(3, 2),
    ),
    array(
        "the same axes, not their inverse",
        "transpose",
        lambda m, g, x, out, *, axes: m.transpose(g, axes),
        shapes=[(2, 2, 2)],
        axes=(1, 2, 0),
    ),
    array("not turned back", "flip", lambda m, g, x, out, *, axis: g, shapes=[(2, 3)], axis=1),
    array("not turned round", "cumsum", lambda m, g, x, out, *, axis: m.cumsum(g, axis=axis), shapes=[(3,)], axis=0),
    array(
        "swapped parts",
        "concatenate",
        lambda m, g, i, x, out, *, axis: m.getitem(g, index=slice(2 * (i == 0), 2 * (i == 0) + 2)),
        shapes=[(2, 2), (2, 2)],
        axis=0,
    ),
    array(
        "forgotten sum of the row",
        "softmax_along",
        lambda m, g, x, out, *, axis: g * out * (1.0 - out),
        shapes=[(2, 3)],
        axis=-1,
    ),
]
