"""Gradients that are graphs themselves, and so can be drawn or differentiated again.

They need no second set of rules: the definitions in `ops` are read once more, this time with the operations themselves
as the namespace, so that every local derivative comes out as a node.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from itertools import compress
from typing import Any

import numpy as np

from autograd import modes
from autograd.along import AlongAxes, along
from autograd.arrays import Shape, applied
from autograd.errors import GraphError
from autograd.labels import shown
from autograd.namespaces import FLOATS, Definition, ReadableNamespace, find
from autograd.node import Node
from autograd.op import Op
from autograd.order import topological_order
from autograd.preconditions import check_node, follows_from_operands
from autograd.structure import flatten, mapped, rebuilt


class NodeNamespace(ReadableNamespace):
    """Reads definitions with the operations themselves: the results are nodes."""

    def total(self, x: Any, axes: Shape, *, keepdims: bool = True) -> Any:
        """The sum along axes, which stay with length 1."""
        if isinstance(x, float):  # a choice between plain numbers at a Tensor without axes
            return x
        return self.sum(x, axis=axes, keepdims=keepdims)

    def along(self, axes: Shape) -> AlongAxes:
        """The namespace for definitions written for rows, where the rows lie along these axes."""
        return along(self, axes)

    def einsum(self, subscripts: str, *x: Any) -> Any:
        """The operation, given its operands as NumPy's function is."""
        return find("einsum")(x, subscripts=subscripts)

    def read(self, op: Op) -> Callable[..., Any]:
        """The operation itself: applied to nodes it makes a node."""
        return op

    def evaluate(self, definition: Definition, *arguments: Any) -> Any:
        """What the definition gives for `arguments`, at least one of which is a node."""
        try:
            return definition(self, *arguments)
        except ArithmeticError:
            # Two constants met in an operator of Python's, which raises where IEEE 754 has an answer; nodes do not.
            kind: Any = next(type(x) for x in flatten(arguments) if isinstance(x, Node))
            return definition(self, *mapped(lambda x: x if isinstance(x, Node) else kind(x), arguments))


def _chosen(condition: Any, x: Any, y: Any) -> Any:
    """For numbers, only the branch that was taken enters the graph: the other's infinities cannot leak into it."""
    if isinstance(condition, Node):
        condition = condition.data
    if isinstance(condition, np.ndarray):
        recorded = isinstance(x, Node) or isinstance(y, Node)
        return applied(find("where"), (condition, x, y), {}) if recorded else np.where(condition, x, y)
    return x if condition else y


def _shift(x: Sequence[Any]) -> Any:
    """A plain number: the derivative does not depend on it."""
    return FLOATS.shift([item.data if isinstance(item, Node) else item for item in x])


NODES = NodeNamespace({"where": _chosen, "shift": _shift, "sum_less_one": lambda x: find("sum")([*x, -1.0])})


def gradient(root: Node, wrt: Sequence[Node]) -> list[Any]:
    """d root / d node for each node of `wrt`, each a node with a graph of its own. Nothing is written to any `grad`.

    A node that `root` does not depend on has the gradient 0. The local derivatives are computed anew, from the numbers
    that the nodes hold.

    Raises GraphError if one of these was changed since it was used.
    """
    return gradients({root: root.seeded()}, wrt)


def gradient_in(root: Node, wrt: Sequence[Any], where: str) -> Any:
    """The same for one node, several, or a structure of nodes; the gradients come in the same form.

    Raises GraphError, which names `where` it happened, for what is no node.
    """
    structure = wrt[0] if len(wrt) == 1 else wrt
    nodes = flatten(structure)
    for node in nodes:
        check_node(node, where)
    return rebuilt(structure, gradient(root, nodes))


def gradients(seeds: Mapping[Node, Any], wrt: Sequence[Node]) -> list[Any]:
    """The same for several results at once, each times its seed, added up. The seeds may be nodes themselves."""
    order = topological_order(*seeds)
    leads_to_wrt = set(wrt)
    for node in order:
        if any(parent in leads_to_wrt for parent in node.parents):
            leads_to_wrt.add(node)
    grads: dict[Any, Any] = dict(seeds)
    with modes.enable_grad(), np.errstate(all="ignore"):
        for node in reversed(order):
            if node.op is None or node not in grads:
                continue
            passed = _by_value if type(node._data) is float else _by_array
            for parent, product in passed(node, grads[node], leads_to_wrt):
                grads[parent] = grads[parent] + product if parent in grads else product
    return [as_node(grads.get(node), node) for node in wrt]


def _by_value(node: Node, upstream: Any, leads_to_wrt: set[Node]) -> Iterator[tuple[Node, Any]]:
    """The parents of a Value that lead to `wrt`, each with what the node passes to it of its gradient."""
    for parent, local in local_derivatives(node, leads_to_wrt):
        yield parent, product(upstream, local)


def local_derivatives(node: Node, wanted: Container[Node]) -> Iterator[tuple[Node, Any]]:
    """The parents of a Value that are `wanted`, each with the local derivative on its edge, as a graph.

    Raises GraphError if the number of the node is no longer what its operands give.
    """
    if not follows_from_operands(node):
        raise GraphError(
            f"{shown(node)} no longer follows from its operands: the data of a node behind it was changed after it was "
            "computed; compute it anew, or use backward(), which keeps to the numbers of the first time"
        )
    op, operands = node.op, node.operands
    assert op is not None
    chosen = [isinstance(x, Node) and x in wanted for x in operands]
    locals_ = op.local_derivatives(NODES, op.arranged(operands), node, chosen)
    return zip(compress(operands, chosen), locals_, strict=True)


def _by_array(node: Any, upstream: Any, leads_to_wrt: set[Node]) -> Iterator[tuple[Node, Any]]:
    """The same for a Tensor."""
    node.check_operands()
    if not isinstance(upstream, Node) and any(type(x._data) is float for x in node.parents):
        upstream = type(node)(upstream)  # a plain array cannot be multiplied by a Value
    operands, settings = node.operands, node.settings
    for index, x in enumerate(operands):
        if isinstance(x, Node) and x in leads_to_wrt:
            product = node.op.vjp(NODES, index, upstream, operands, node, settings)
            dtype = getattr(x, "dtype", product.dtype)
            yield x, product if product.dtype == dtype else NODES.astype(product, dtype.name)


def as_node(gradient: Any, like: Any) -> Any:
    """A gradient as a node: it may be a plain number or array, or None where there is none."""
    if isinstance(gradient, Node):
        return gradient
    return like._kind(np.zeros_like(like.data) if gradient is None else gradient)


def product(upstream: Any, local: Any) -> Any:
    """`upstream · local`, without a node for a factor that is the number 1 or -1."""
    for factor, other in ((upstream, local), (local, upstream)):
        if isinstance(factor, float) and factor in (1.0, -1.0):
            return other if factor == 1.0 else -other
    return upstream * local
