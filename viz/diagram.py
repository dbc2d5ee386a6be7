"""The diagram of a graph: which of its nodes are drawn, and the parts that they become."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np

from autograd import GraphError, Node, topological_order
from autograd.names import Names, name_of
from autograd.numerals import count
from viz import folding, scopes, unfolding
from viz.blocks import Shown, shown
from viz.operations import local_derivative, operation_text
from viz.parts import Box, Circle, Diagram, Edge, Summary
from viz.scopes import Home
from viz.view import AS_RECORDED, View, edge_mark, in_focus, in_words, mark, operation_mark, result_mark

READABLE = 120  # boxes and circles that a picture can hold before it is folded
LARGEST = 1500  # boxes and circles that a layout engine places within seconds

Groups: TypeAlias = Mapping[Node, folding.Group]

_WHOLE = "There is no room to unfold dot products."
_MERGED = "Each operation stands in the box of its result; fold=False draws it as a circle."


def diagram(
    roots: Sequence[Node],
    names: Names | None = None,
    *,
    view: View = AS_RECORDED,
    fold: bool = True,
    limit: int = READABLE,
    unfold: bool = False,
) -> Diagram:
    """The diagram of all nodes behind `roots`, folded if it would have more than `limit` boxes and circles.

    Folding goes only as far as it must: first every operation moves into the box of its result; if that is not
    enough, every outermost scope becomes one box; and if that is not, only what is nearest to the roots and to what is
    marked as wrong stays, and the rest is summed up. With `unfold`, dot products of Values are drawn as products and a
    sum, where there is room.

    Raises GraphError if it is not to be folded and no layout engine could place it.

    >>> from autograd import Value
    >>> x = Value(3.0, label="x")
    >>> d = diagram([x**2])
    >>> [box.label for box in d.boxes], [circle.symbol for circle in d.circles], d.edges[0]
    (['x', ''], ['** 2'], Edge(source='n0', target='op1', local=6.0, flow=None, mark=None))
    """
    known = names or {}
    order = topological_order(*roots)
    homes = scopes.homes(order)
    sums = unfolding.sums(order) if unfold else {}
    nodes = [each for node in order for each in ((*sums[node].parents, node) if node in sums else (node,))]
    homes |= {product: homes[node] for node, total in sums.items() if node in homes for product in total.parents}
    operations = sum(node.op is not None for node in nodes)
    total = len(nodes) + operations
    if total <= limit or not fold:
        if total > LARGEST:
            raise GraphError(
                f"this graph has {count(operations, 'operation')} on {count(len(nodes) - operations, 'leaf')}, "
                f"more than a picture can hold ({LARGEST:,} boxes and circles): leave out fold=False to have it folded"
            )
        return _Builder(nodes, known, view, homes, sums, circles=True).diagram()
    if len(nodes) <= limit:
        return _Builder(nodes, known, view, homes, sums, circles=False).diagram(_MERGED)
    folded = _folded(order, roots, known, view, homes, limit)
    return replace(folded, caption=f"{folded.caption} {_WHOLE}") if sums else folded


def _folded(
    order: Sequence[Node], roots: Sequence[Node], names: Names, view: View, homes: Mapping[Node, Home], limit: int
) -> Diagram:
    """The diagram with scopes folded and, if these are not enough, all but what is nearest to what must be seen."""
    nearest_to = [*in_focus(view), *roots]

    def is_named(node: Node) -> bool:
        return bool(name_of(node, names))

    groups: Groups = {}
    if homes:
        drawn = {*nearest_to[: max(1, limit // 2)], *folding.known_leaves(order, is_named)}
        groups = folding.by_scope(order, homes, drawn)
    kept = [node for node in order if node not in groups]
    boxes = len(kept) + len(set(groups.values()))
    if boxes > limit:
        # A box with its operation merged into it counts for the two that it stands for.
        kept, rest = folding.fold(kept, nearest_to, is_named, max(1, limit // 2), groups)
        groups = {**groups, **rest}
    has_room = boxes + sum(node.op is not None for node in kept) <= limit
    builder = _Builder(kept, names, view, homes, {}, circles=has_room)
    return builder.diagram(_caption(order, kept), order, groups)


def _caption(order: Sequence[Node], kept: Iterable[Node]) -> str:
    hidden = set(order).difference(kept)
    operations = sum(node.op is not None for node in hidden)
    leaves = len(hidden) - operations
    parts = [count(n, noun) for n, noun in ((operations, "operation"), (leaves, "leaf")) if n]
    if not parts:
        return _MERGED
    total = len(order) + sum(node.op is not None for node in order)
    remedy = "limit=… draws more" + (", fold=False all" if total <= LARGEST else "")
    return f"Folded into the dashed boxes: {' and '.join(parts)}. {remedy}."


class _Builder:
    """Makes the parts for `nodes`. The node that is a key of `sums` is drawn as the result of the operation there."""

    def __init__(
        self,
        nodes: Sequence[Node],
        names: Names,
        view: View,
        homes: Mapping[Node, Home],
        sums: Mapping[Node, Node],
        *,
        circles: bool,
    ) -> None:
        self.nodes, self.names, self.view, self.homes, self.sums = nodes, names, view, homes, sums
        self.circles = circles
        self.keys = {node: f"n{i}" for i, node in enumerate(nodes)}
        done = view.contributions
        self.passed = None if done is None else {(each.node, each.index) for each in done}

    def diagram(self, caption: str = "", order: Sequence[Node] = (), groups: Groups | None = None) -> Diagram:
        """The diagram; nodes of `order` that have a group are part of its summary."""
        made = [node for node in self.nodes if node.op is not None]
        boxes = tuple(self._box(node) for node in self.nodes)
        circles = tuple(self._circle(node) for node in made) if self.circles else ()
        edges = [edge for node in made for edge in self._edges_into(node)]
        members = {self.keys[node]: self.homes.get(node, ()) for node in self.nodes}
        members |= {self._target(node): self.homes.get(node, ()) for node in made}
        summaries = []
        if groups:
            keys = {group: f"s{i}" for i, group in enumerate(dict.fromkeys(groups.values()))}
            summaries = [Summary(key, dict(g.operations), len(g.leaves), *g.home[-1:]) for g, key in keys.items()]
            edges += self._edges_of(order, groups, keys)
            drawn = {scope for home in members.values() for scope in home}
            for group, key in keys.items():
                members[key] = group.home if drawn.issuperset(group.home) else group.home[:-1]
        parts = (boxes, circles, tuple(summaries), tuple(edges))
        return Diagram(*parts, caption, in_words(self.view), scopes.clusters(members))

    def _box(self, node: Node) -> Box:
        merged = "" if self.circles or node.op is None else operation_text(self._made(node))
        label = name_of(node, self.names)
        numbers = (shown(self.view.data(node)), shown(self.view.grad(node)))
        return Box(self.keys[node], label, *numbers, node.op is None, merged, mark(self.view, node))

    def _circle(self, node: Node) -> Circle:
        return Circle(self._target(node), operation_text(self._made(node)), operation_mark(self.view, node))

    def _made(self, node: Node) -> Node:
        """The node with the operation that is drawn for the one that made it."""
        return self.sums.get(node, node)

    def _target(self, node: Node) -> str:
        """Where edges to the operation that made `node` end."""
        key = self.keys[node]
        return "op" + key[1:] if self.circles else key

    def _edges_into(self, node: Node) -> list[Edge]:
        target, made = self._target(node), self._made(node)
        grad, is_computed = self.view.grad(node), self.view.data(node) is not None
        edges = []
        for index, parent in enumerate(made.parents):
            if parent in self.keys:
                local = local_derivative(made, index)
                is_passed = self.passed is None or (node, index) in self.passed
                flow = _flow(grad, local, parent) if is_passed else None
                marked = edge_mark(self.view, node, index)
                edges.append(Edge(self.keys[parent], target, local if is_computed else None, flow, marked))
        if self.circles:
            edges.append(Edge(target, self.keys[node], mark=result_mark(self.view, node)))
        return edges

    def _edges_of(self, order: Sequence[Node], groups: Groups, keys: Mapping[folding.Group, str]) -> list[Edge]:
        """The edges to and from summaries, one for all that run between the same two parts."""
        found: dict[tuple[str, str], None] = {}
        for node in order:
            group = groups.get(node)
            for parent in node.parents:
                source = groups.get(parent)
                # A hidden leaf is counted in every group that uses it.
                if source is not group and (group is None or parent not in group.leaves):
                    start = keys[source] if source else self.keys[parent]
                    found[start, keys[group] if group else self._target(node)] = None
        return [Edge(*ends) for ends in found]


def _flow(grad: Any, local: Shown, parent: Node) -> float | None:
    """What comes back along an edge, if it is a number."""
    is_number = grad is not None and isinstance(local, float) and np.ndim(grad) == np.ndim(parent.data) == 0
    return float(grad * local) if is_number else None
