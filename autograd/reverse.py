"""The backward sweep: one fast loop, and the same sweep as a stream of events.

Both visit the nodes in reverse topological order, so that a node's gradient is complete before it is passed on, and
multiply and add in the same order, so that they agree to the last bit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np

from autograd import modes
from autograd.errors import NonFiniteError
from autograd.labels import shown
from autograd.node import Node
from autograd.numerals import numeral
from autograd.order import operations_in_order
from autograd.preconditions import check_result

_commit_lock = Lock()


def sweep(root: Node, seed: Any = 1.0, *, keep: bool = True) -> dict[Node, Any]:
    """d root / d node, times `seed`, for `root` and every node behind it. Changes nothing.

    If the root is a Tensor, and unless they are to be kept, the gradients of all but leaves are let go on the way.
    """
    if modes.is_detecting():
        _check_finite({root: seed})
    if type(root._data) is not float:
        return _sweep_arrays({root: seed}, keep)
    grads = {root: seed}
    order = operations_in_order(root)
    order.reverse()
    for node in order:
        grad = grads[node]
        left = node._left
        if type(left) is not tuple:
            if left in grads:
                grads[left] += grad * node._dleft
            else:
                grads[left] = grad * node._dleft
            right = node._right
            if right is not None:
                if right in grads:
                    grads[right] += grad * node._dright
                else:
                    grads[right] = grad * node._dright
        else:
            for parent, partial in zip(left, node._dleft, strict=True):
                if parent in grads:
                    grads[parent] += grad * partial
                else:
                    grads[parent] = grad * partial
    return grads


def sweep_from(seeds: Mapping[Node, Any]) -> dict[Node, Any]:
    """The same for several results in one sweep, each times its seed, added up; only the leaves' gradients are kept."""
    if modes.is_detecting():
        _check_finite(seeds)
    return _sweep_arrays(dict(seeds), False)


def _sweep_arrays(grads: dict[Node, Any], keep: bool) -> dict[Node, Any]:
    own: set[Node] = set()
    with np.errstate(all="ignore"):
        for node in reversed(operations_in_order(*grads)):
            grad = grads[node] if keep else grads.pop(node)
            node.pass_back(grad, grads, own)
    return grads


@dataclass(frozen=True, slots=True, eq=False)
class Contribution:
    """One step of the sweep: what `node` passes to its parent number `index` along the edge between them.

    `product` is `upstream · local` (of an operation on whole arrays, where `local` is None, what its rule makes of
    `upstream`); with it, the parent's gradient goes from `before` (None: nothing reached it yet)
    to `total`.
    """

    node: Node
    index: int
    parent: Node
    upstream: Any
    local: Any
    product: Any
    before: Any
    total: Any


def contributions(root: Node, seed: Any = None) -> Iterator[Contribution]:
    """The sweep one edge at a time, in the order in which `sweep` does it.

    Raises GraphError for what is no node, or was computed under `no_grad`.

    >>> from autograd import Value
    >>> x, y, z = Value(1, "x"), Value(3, "y"), Value(-3, "z")
    >>> p = x + y
    >>> p.label = "p"
    >>> for step in contributions(p * z):
    ...     print(f"{step.parent.label}: {step.upstream:g} · {step.local:g} = {step.product:g}")
    p: 1 · -3 = -3
    z: 1 · 4 = 4
    x: -3 · 1 = -3
    y: -3 · 1 = -3
    """
    check_result(root, "contributions")
    return _contributions({root: root.seeded(seed)}, operations_in_order(root))


def _contributions(grads: dict[Node, Any], order: list[Node]) -> Iterator[Contribution]:
    for node in reversed(order):
        for index in range(len(node.parents)):
            yield passed_on(node, index, grads)


def passed_on(node: Node, index: int, grads: dict[Node, Any]) -> Contribution:
    """What `node` passes to its parent number `index` of the gradient that it has in `grads`, and entered there."""
    parent, local, upstream = node.parents[index], node.local(index), grads[node]
    product, before = node.product(index, upstream), grads.get(parent)
    if type(product) is float:
        grads[parent] = total = product if before is None else before + product
    else:
        with np.errstate(all="ignore"):
            grads[parent] = total = product if before is None else before + product
    return Contribution(node, index, parent, upstream, local, product, before, total)


def _check_finite(seeds: Mapping[Node, Any]) -> None:
    for step in _contributions(dict(seeds), operations_in_order(*seeds)):
        written = repr if type(step.product) is float else numeral
        if not np.all(np.isfinite(step.product)):
            raise NonFiniteError(
                f"the gradient that {shown(step.node)} passes to its operand {shown(step.parent)} is "
                f"{written(step.upstream)} · {written(step.local)} = {written(step.product)}"
            )
        if not np.all(np.isfinite(step.total)):
            raise NonFiniteError(
                f"the gradient of {shown(step.parent)} is {written(step.before)} + {written(step.product)} = "
                f"{written(step.total)}, the last of it from {shown(step.node)}"
            )


def commit(grads: dict[Node, Any]) -> None:
    """Write a sweep's gradients to the nodes: a leaf adds them to what it has, any other node holds the latest."""
    with _commit_lock:
        for node, grad in grads.items():
            if node.op is None and node.grad is not None:
                total = node.grad + grad
                node.grad = np.asarray(total) if type(grad) is np.ndarray else total  # NumPy gives numbers for 0 axes
            else:
                node.grad = grad


def unshared(grads: dict[Node, Any]) -> dict[Node, Any]:
    """The gradients, each array in memory of its own: `x + y` passes one and the same to both."""
    seen: set[int] = set()
    for node, grad in grads.items():
        if type(node._data) is not float:
            array = np.asarray(grad)
            if array.base is not None or id(array) in seen:
                array = array.copy()
            seen.add(id(array))
            grads[node] = array
    return grads
