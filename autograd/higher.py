"""Gradients that are graphs themselves, and so can be drawn or differentiated again.

They need no second set of rules: the definitions in `ops` are read once more, this time with the operations themselves
as the namespace, so that every local derivative comes out as a node.
"""

from collections.abc import Callable, Sequence
from itertools import compress
from typing import Any

from autograd import modes
from autograd.errors import GraphError
from autograd.namespaces import FLOATS, Definition, ReadableNamespace, find
from autograd.node import Node, follows_from_operands, topological_order
from autograd.op import Op
from autograd.structure import flatten, mapped


class NodeNamespace(ReadableNamespace):
    """Reads definitions with the operations themselves: the results are nodes."""

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
    """Only the branch that was taken enters the graph: the other's infinities cannot leak into the derivative."""
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
    order = topological_order(root)
    leads_to_wrt = set(wrt)
    for node in order:
        if any(parent in leads_to_wrt for parent in node.parents):
            leads_to_wrt.add(node)
    grads: dict[Any, Any] = {root: 1.0}
    with modes.enable_grad():
        for node in reversed(order):
            if node.op is None or node not in grads:
                continue
            upstream, operands = grads[node], node.operands
            if not follows_from_operands(node):
                raise GraphError(
                    f"{node!r} no longer follows from its operands: the data of a node behind it was changed after it "
                    "was computed; compute it anew, or use backward(), which keeps to the numbers of the first time"
                )
            wanted = [isinstance(x, Node) and x in leads_to_wrt for x in operands]
            locals_ = node.op.local_derivatives(NODES, node.op.arranged(operands), node, wanted)
            for parent, local in zip(compress(operands, wanted), locals_, strict=True):
                product = _product(upstream, local)
                grads[parent] = grads[parent] + product if parent in grads else product
    kind: Any = type(root)
    found = [grads.get(node, 0.0) for node in wrt]
    return [grad if isinstance(grad, Node) else kind(grad) for grad in found]


def _product(upstream: Any, local: Any) -> Any:
    """`upstream · local`, without a node for a factor that is the number 1 or -1."""
    for factor, other in ((upstream, local), (local, upstream)):
        if isinstance(factor, float) and factor in (1.0, -1.0):
            return other if factor == 1.0 else -other
    return upstream * local
