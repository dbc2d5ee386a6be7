"""Results and their gradients in rows of numbers: sweeps of several results at once, and the roundings behind them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograd import higher, reverse
from autograd.node import Node
from autograd.tensor import Tensor

Array = np.ndarray[Any, np.dtype[np.float64]]
_ULPS = 2  # by which an operation may be off


def gradient(node: Any, leaves: Sequence[Any]) -> list[Any]:
    """The derivatives in each leaf as graphs; zeros where the result is no node."""
    if isinstance(node, Node):
        return higher.gradient(node, leaves)
    return [Tensor(np.zeros(leaf.shape)) if isinstance(leaf, Tensor) else 0.0 for leaf in leaves]


def size(node: Any) -> int:
    """How many numbers a result or a leaf holds."""
    return node.size if isinstance(node, Tensor) else 1


def one_by_one(node: Any) -> list[Any]:
    """The numbers of a node, each as a node of its own."""
    return [node[index] for index in np.ndindex(node.shape)] if size(node) != 1 else [node]


def with_their_weights(nodes: Sequence[Any], weights: Array) -> Iterator[tuple[Any, Array]]:
    """Each node with the weights of its numbers, but those whose weights are all 0."""
    start = 0
    for node in nodes:
        own = weights[start : start + size(node)]
        start += size(node)
        if own.any():
            yield node, own


def of_rows(nodes: Sequence[Any], rows: Sequence[int], weights: Array) -> Iterator[Mapping[Node, Any]]:
    """The gradients, of all nodes behind, of the weighted results that stand in these rows: a sweep for each node."""
    every = np.zeros(sum(map(size, nodes)))
    every[rows] = weights
    for node, own in with_their_weights(nodes, every):
        yield of_one(node, own)


def of_one(node: Any, weights: Array | None = None) -> Mapping[Node, Any]:
    """The gradients of all nodes behind a result, of which each number has a weight, 1 if it is the only one."""
    if not isinstance(node, Node):
        return {}
    if isinstance(node, Tensor):
        return reverse.sweep(node, node.seeded(None if weights is None else weights.reshape(node.shape)))
    return reverse.sweep(node, 1.0 if weights is None else float(weights[0]))


def in_a_row(slopes: Mapping[Node, Any], leaves: Sequence[Any]) -> list[float]:
    """What a sweep found for all leaves, in a row; 0 where it did not come."""
    row: list[float] = []
    for leaf in leaves:
        slope = slopes.get(leaf)
        row += [0.0] * size(leaf) if slope is None else np.ravel(slope).tolist()
    return row


def rounding(slopes: Mapping[Node, Any]) -> float:
    """The roundings of all results behind a root, each as large as it is by the time that it has come there.

    Those of a Tensor stand for what happens to its numbers within the operation that takes them, too.
    """
    moved = 0.0
    for node, slope in slopes.items():
        if isinstance(node, Tensor):
            each = np.abs(slope) * np.where(node.data == 0.0, 0.0, np.spacing(np.abs(node.data)))
            moved += _ULPS * float(each[each == each].sum())
        elif node.op is not None:
            by = abs(slope) * _ULPS * math.ulp(node.data)
            moved += by if by == by else 0.0
    return moved
