"""What functions ask of a node before they begin: that it is one, and that what led to it is recorded and unchanged."""

import math
from contextlib import suppress

from autograd.errors import GraphError
from autograd.labels import shown
from autograd.namespaces import FLOATS
from autograd.node import UNRECORDED, Node


def check_node(x: object, function: str) -> None:
    """Raise a GraphError, naming the function that was called, unless `x` is a node."""
    if not isinstance(x, Node):
        hint = "did the function return a plain number, or was it run under no_grad()?"
        raise GraphError(f"{function} needs a Value, got the {type(x).__name__} {x!r:.60}; {hint}")


def check_result(x: object, function: str) -> None:
    """Raise a GraphError unless `x` is a node that knows what led to it."""
    check_node(x, function)
    if isinstance(x, Node) and not x.requires_grad:
        raise GraphError(
            f"{function}: {shown(x)} has no gradient, because it is frozen itself or every operand that led to it is: "
            "set requires_grad = True on a leaf, and compute it anew"
        )
    if isinstance(x, Node) and x._constants is UNRECORDED:
        raise GraphError(f"{shown(x)} was computed under no_grad(): nothing that led to it was recorded")


def check_of_numbers(x: object, function: str) -> None:
    """Raise a GraphError, naming the function that was called, unless `x` is a result in a graph of numbers."""
    check_result(x, function)
    if isinstance(x, Node) and type(x._data) is not float:
        raise GraphError(
            f"{function} is for graphs of single numbers, got {shown(x)}: autograd.unroll gives the graph of Values "
            "that a graph of Tensors stands for"
        )


def follows_from_operands(node: Node) -> bool:
    """Whether the operation gives the node's number for what its operands hold now, which may have been changed.

    The last digits may differ: a graph may come from a machine with another mathematical library.
    """
    if node.op is None:
        return True
    if type(node._data) is not float:
        with suppress(GraphError):
            node.check_operands()
            return True
        return False
    operands = [x.data if isinstance(x, Node) else x for x in node.operands]
    now = node.op.value(FLOATS, node.op.arranged(operands))
    return math.isclose(now, node.data, rel_tol=1e-9) or (now != now and node.data != node.data)
