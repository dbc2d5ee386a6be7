"""A graph as plain data: boxes for values, circles for operations, edges, and what was folded.

Nothing here knows of colours, fonts or layout, so what a picture shows can be tested without drawing it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from autograd import GraphError, Node, topological_order
from autograd.labels import shortened
from autograd.names import Names, name_of
from autograd.numerals import constant, count, is_short
from viz import folding
from viz.blocks import Block, Shown, shown
from viz.view import AS_RECORDED, Mark, View, edge_mark, in_focus, in_words, mark, operation_mark, result_mark

Direction = Literal["LR", "TB"]

READABLE = 120  # boxes and circles that a picture can hold before it is folded
LARGEST = 1500  # boxes and circles that a layout engine places within seconds

_LONGEST_OPERATION, _LONGEST_LOCAL = 40, 24  # characters
_MERGED = "Each operation stands in the box of its result; fold=False draws it as a circle."


@dataclass(frozen=True, slots=True)
class Box:
    """A value. `operation` is empty unless the operation that made it was merged into the box.

    It has a `mark`, as the parts below have, if it is to stand out.
    """

    key: str
    label: str
    data: Shown
    grad: Shown
    is_leaf: bool
    operation: str = ""
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Circle:
    """An operation, with the constants that take part in it: `+`, `** 2`, `tanh`."""

    key: str
    symbol: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A part of the graph folded into one box: how many operations of each name, and how many leaves they use."""

    key: str
    operations: Mapping[str, int]
    leaves: int

    @property
    def title(self) -> str:
        """What the box says first."""
        total = sum(self.operations.values())
        return f"… {count(total, 'operation')}" if total else f"… {count(self.leaves, 'leaf')}"

    @property
    def details(self) -> list[str]:
        """The lines under the title: the commonest operations, and the leaves."""
        if not self.operations:
            return []
        commonest = sorted(self.operations.items(), key=lambda item: (-item[1], item[0]))
        parts = [f"{name} {n:,}" for name, n in commonest[:3]]
        if len(commonest) > 3:
            parts.append(f"{len(commonest) - 3} more kinds" if len(commonest) > 4 else "1 more kind")
        return [", ".join(parts), f"on {count(self.leaves, 'leaf')}"] if self.leaves else [", ".join(parts)]


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow from operand to result.

    `local` is the derivative of the result in that operand, and `flow` the part of the operand's gradient that comes
    back along the edge: the result's gradient times `local`. Both are None on an edge that is part of no chain rule:
    from a circle to its result, and to or from a summary. Of arrays, `local` is None unless it is a number or short,
    and so is `flow`.
    """

    source: str
    target: str
    local: Shown = None
    flow: float | None = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Diagram:
    """What a picture shows; `step` says in words what is marked."""

    boxes: tuple[Box, ...]
    circles: tuple[Circle, ...]
    summaries: tuple[Summary, ...]
    edges: tuple[Edge, ...]
    caption: str = ""
    step: str = ""


def diagram(
    roots: Sequence[Node],
    names: Names | None = None,
    *,
    view: View = AS_RECORDED,
    fold: bool = True,
    limit: int = READABLE,
) -> Diagram:
    """The diagram of all nodes behind `roots`, folded if it would have more than `limit` boxes and circles.

    Folding goes only as far as it must: first every operation moves into the box of its result; if that is not
    enough, only what is nearest to the roots and to what is marked as wrong stays, and the rest is summed up.

    Raises GraphError if it is not to be folded and no layout engine could place it.

    >>> from autograd import Value
    >>> x = Value(3.0, label="x")
    >>> d = diagram([x**2])
    >>> [box.label for box in d.boxes], [circle.symbol for circle in d.circles], d.edges[0]
    (['x', ''], ['** 2'], Edge(source='n0', target='op1', local=6.0, flow=None, mark=None))
    """
    known = names or {}
    order = topological_order(*roots)
    operations = sum(node.op is not None for node in order)
    total = len(order) + operations
    if total <= limit or not fold:
        if total > LARGEST:
            raise GraphError(
                f"this graph has {count(operations, 'operation')} on {count(len(order) - operations, 'leaf')}, "
                f"more than a picture can hold ({LARGEST:,} boxes and circles): leave out fold=False to have it folded"
            )
        return _Builder(order, known, view, circles=True).diagram()
    if len(order) <= limit:
        return _Builder(order, known, view, circles=False).diagram(caption=_MERGED)
    # A box with its operation merged into it counts for the two that it stands for.
    nearest_to = [*in_focus(view), *roots]
    kept, groups = folding.fold(order, nearest_to, lambda node: bool(name_of(node, known)), max(1, limit // 2))
    return _Builder(kept, known, view, circles=False).diagram(groups, _caption(order, kept, total))


def _caption(order: Sequence[Node], kept: Iterable[Node], total: int) -> str:
    hidden = set(order).difference(kept)
    operations = sum(node.op is not None for node in hidden)
    leaves = len(hidden) - operations
    parts = [count(n, noun) for n, noun in ((operations, "operation"), (leaves, "leaf")) if n]
    if not parts:
        return _MERGED
    remedy = "limit=… draws more" + (", fold=False all" if total <= LARGEST else "")
    return f"Folded into the dashed boxes: {' and '.join(parts)}. {remedy}."


class _Builder:
    def __init__(self, nodes: Sequence[Node], names: Names, view: View, *, circles: bool) -> None:
        self.nodes, self.names, self.view, self.circles = nodes, names, view, circles
        self.keys = {node: f"n{i}" for i, node in enumerate(nodes)}
        done = view.contributions
        self.passed = None if done is None else {(each.node, each.index) for each in done}

    def diagram(self, groups: Sequence[folding.Group] = (), caption: str = "") -> Diagram:
        made = [node for node in self.nodes if node.op is not None]
        summaries = tuple(Summary(f"s{i}", dict(group.operations), len(group.leaves)) for i, group in enumerate(groups))
        edges = [edge for node in made for edge in self._edges_into(node)]
        for summary, group in zip(summaries, groups, strict=True):
            edges += [Edge(self.keys[node], summary.key) for node in group.operands]
            edges += [Edge(summary.key, self.keys[node]) for node in group.results]
        circles = tuple(self._circle(node) for node in made) if self.circles else ()
        boxes = tuple(self._box(node) for node in self.nodes)
        return Diagram(boxes, circles, summaries, tuple(edges), caption, in_words(self.view))

    def _box(self, node: Node) -> Box:
        merged = "" if self.circles or node.op is None else operation_text(node)
        label = name_of(node, self.names)
        numbers = (shown(self.view.data(node)), shown(self.view.grad(node)))
        return Box(self.keys[node], label, *numbers, node.op is None, merged, mark(self.view, node))

    def _circle(self, node: Node) -> Circle:
        return Circle(self._target(node), operation_text(node), operation_mark(self.view, node))

    def _target(self, node: Node) -> str:
        """Where edges to the operation that made `node` end."""
        key = self.keys[node]
        return "op" + key[1:] if self.circles else key

    def _edges_into(self, node: Node) -> list[Edge]:
        target = self._target(node)
        grad, is_computed = self.view.grad(node), self.view.data(node) is not None
        edges = []
        for index, parent in enumerate(node.parents):
            if parent in self.keys:
                local = local_derivative(node, index)
                is_passed = self.passed is None or (node, index) in self.passed
                flow = _flow(grad, local, parent) if is_passed else None
                marked = edge_mark(self.view, node, index)
                edges.append(Edge(self.keys[parent], target, local if is_computed else None, flow, marked))
        if self.circles:
            edges.append(Edge(target, self.keys[node], mark=result_mark(self.view, node)))
        return edges


def local_derivative(node: Node, index: int) -> Shown:
    """The local derivative in parent number `index`; None of an array too long for an arrow, or no longer known."""
    try:
        local = node.local(index)
    except GraphError:  # the data of a Tensor's operand was changed
        return None
    found = shown(local) if is_short(local) else None
    return None if isinstance(found, Block) and len(found.text) > _LONGEST_LOCAL else found


def _flow(grad: Any, local: Shown, parent: Node) -> float | None:
    """What comes back along an edge, if it is a number."""
    is_number = grad is not None and isinstance(local, float) and np.ndim(grad) == np.ndim(parent.data) == 0
    return float(grad * local) if is_number else None


def operation_text(node: Node) -> str:
    """The symbol of the operation that made `node`, with its settings, and its constants where they stand.

    >>> from autograd import Value, clamp
    >>> x = Value(3.0)
    >>> [operation_text(node) for node in (x + x, x**2, 1 / x, clamp(x, 0, 1))]
    ['+', '** 2', '1 /', 'clamp(·, 0, 1)']
    """
    assert node.op is not None
    symbol, operands, settings = node.op.symbol, node.operands, ", ".join(node.op.written_settings(node.settings))
    if settings:
        told = symbol.replace("…", settings.strip("(,)")) if "…" in symbol else f"{symbol} {settings}"
        return shortened(told, _LONGEST_OPERATION)
    constants = [constant(x) for x in operands if not isinstance(x, Node)]
    if not constants:
        return symbol
    if node.op.over_lists:
        return f"{symbol}(…, {constants[0]})" if len(constants) == 1 else f"{symbol}, {len(constants)} constants"
    if len(operands) == 2 and not symbol[0].isalpha():
        only = f"({constants[0]})" if constants[0].startswith("-") else constants[0]
        return f"{symbol} {only}" if isinstance(operands[0], Node) else f"{only} {symbol}"
    return f"{symbol}({', '.join('·' if isinstance(x, Node) else constant(x) for x in operands)})"
