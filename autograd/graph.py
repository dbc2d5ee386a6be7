"""Graph: the nodes behind a result, in order, counted, found by label, and saved as a flat table."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Self

from autograd import table
from autograd.names import named
from autograd.node import Node
from autograd.numerals import count
from autograd.order import topological_order
from autograd.preconditions import check_node


class Graph:
    """The nodes behind one or more results, each after its parents.

    Raises GraphError for what is not a node.

    >>> from autograd import Value
    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> graph = Graph(x * y + x)
    >>> graph
    <Graph of 4 nodes: 2 leaves, 2 operations (mul 1, add 1), depth 2>
    >>> graph["x"] is x
    True
    """

    def __init__(self, *roots: Node) -> None:
        for root in roots or (None,):
            check_node(root, "Graph")
        self.roots = roots
        self.nodes = tuple(topological_order(*roots))

    @property
    def root(self) -> Node:
        """The result, or the last of several."""
        return self.roots[-1]

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        """The nodes that no operation made, in the order of their first use."""
        return tuple(node for node in self.nodes if node.op is None)

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each operation occurs, by name."""
        return Counter(node.op.name for node in self.nodes if node.op is not None)

    @cached_property
    def depth(self) -> int:
        """The number of operations on the longest path from a leaf to a root."""
        depths: dict[Node, int] = {}
        for node in self.nodes:
            depths[node] = 1 + max(depths[parent] for parent in node.parents) if node.parents else 0
        return max(depths.values())

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __contains__(self, node: object) -> bool:
        return any(node is known for known in self.nodes)

    def __getitem__(self, label: str) -> Node:
        return named(label, dict.fromkeys(self.nodes, ""))

    def __repr__(self) -> str:
        counts = ", ".join(f"{name} {count}" for name, count in self.counts.most_common())
        operations = count(self.counts.total(), "operation") + (f" ({counts})" if counts else "")
        leaves = count(len(self.leaves), "leaf")
        return f"<Graph of {count(len(self), 'node')}: {leaves}, {operations}, depth {self.depth}>"

    def to_dict(self) -> dict[str, Any]:
        """The graph as a table that `json.dumps` takes as it is; its columns are described in `autograd.table`.

        >>> from autograd import Value
        >>> graph = Graph(Value(2.0, "x") * 3.0)
        >>> Graph.from_dict(graph.to_dict()).root
        Value(6.0, op=mul)
        """
        return table.of_nodes(self.nodes, self.roots)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The graph that such a table describes, with new nodes that can be differentiated like the old.

        Raises GraphError, which names the row, for a table that is not well formed.
        """
        return cls(*table.to_roots(data))
