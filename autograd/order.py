"""The nodes behind a node, in order: each after those that it was made from.

Every walk over a graph is a loop, never a recursion: a chain of a million operations is walked like any other.
"""

from collections.abc import Iterator

from autograd.node import Node
from autograd.preconditions import check_node


def operations_in_order(*roots: Node, seen: set[Node] | None = None) -> list[Node]:
    """The nodes behind `roots` (and these) that an operation made, each after those it was made from.

    Those in `seen`, and what is behind them, are passed over; the others are added to it.
    """
    order: list[Node] = []
    seen = set() if seen is None else seen
    stack: list[Node | None] = [root for root in reversed(roots) if root.op is not None]
    push, pop, append, enter = stack.append, stack.pop, order.append, seen.add
    while stack:
        node = pop()
        if node is None:  # everything behind the node below the marker is in order
            append(pop())  # type: ignore[arg-type]
            continue
        if node in seen:
            continue
        enter(node)
        push(node)
        push(None)
        left = node._left
        if type(left) is tuple:
            for parent in reversed(left):
                if parent.op is not None and parent not in seen:
                    push(parent)
        else:
            right = node._right
            if right is not None and right.op is not None and right not in seen:
                push(right)
            if left.op is not None and left not in seen:
                push(left)
    return order


def topological_order(*roots: Node) -> list[Node]:
    """All nodes behind `roots` (and these), each after its parents; a leaf stands just before its first use.

    >>> from autograd import Value
    >>> x, y, z = Value(1, "x"), Value(3, "y"), Value(-3, "z")
    >>> [node.label or node.op.name for node in topological_order((x + y) * z)]
    ['x', 'y', 'add', 'z', 'mul']
    """
    for root in roots:
        check_node(root, "topological_order")
    return list(with_leaves(roots, set()))


def with_leaves(roots: tuple[Node, ...], seen: set[Node]) -> Iterator[Node]:
    """The same one by one, less those in `seen` and what is behind them; the others are added to it."""
    for node in operations_in_order(*roots, seen=seen):
        for parent in node.parents:
            if parent.op is None and parent not in seen:
                seen.add(parent)
                yield parent
        yield node
    for root in roots:
        if root.op is None and root not in seen:
            seen.add(root)
            yield root
