"""Dot products of Values unfolded: the products and the sum that each of them stands for."""

from collections.abc import Sequence
from typing import Any

from autograd import Node, Op, Value, registry


def sums(order: Sequence[Node]) -> dict[Node, Node]:
    """For each dot product of Values the sum of products that it stands for.

    The sum passes on all of its gradient, so the local derivatives of the products are those of the dot product.

    >>> from autograd import dot
    >>> w, x = Value(2.0, "w"), Value(3.0, "x")
    >>> [total] = sums([dot([w, 1.0], [x, w])]).values()
    >>> [(product.data, product.partials) for product in total.parents]
    [(6.0, (3.0, 2.0)), (2.0, (1.0,))]
    """
    return {node: _sum(node, node.op) for node in order if node.op is registry["dot"] and isinstance(node, Value)}


def _sum(dot: Node, op: Op) -> Node:
    partials = iter(dot.partials)
    factors = [(x, next(partials)) if isinstance(x, Node) else (x, None) for x in dot.operands]
    terms = [_product(pair) for pair in zip(*op.arranged(factors), strict=True)]
    for term in terms:
        if isinstance(term, Node):
            term.grad = dot.grad
    total: Node = _result(dot.data, "sum", [(term, 1.0) for term in terms])
    return total


def _product(factors: Sequence[tuple[Any, float | None]]) -> Any:
    """The product of two factors, each with its local derivative if it is a node; a number if none is."""
    x, y = (factor.data if isinstance(factor, Node) else factor for factor, _ in factors)
    return _result(x * y, "mul", factors)


def _result(data: float, name: str, operands: Sequence[tuple[Any, float | None]]) -> Any:
    nodes = [(x, local) for x, local in operands if isinstance(x, Node)]
    if not nodes:
        return data
    constants = None if len(nodes) == len(operands) else tuple(None if isinstance(x, Node) else x for x, _ in operands)
    parents, partials = zip(*nodes, strict=True)
    return Value.recorded(data, registry[name], parents, partials, constants)
