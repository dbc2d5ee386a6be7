"""Classic mistakes in the backward sweep, run beside the right one, up to the step at which they part."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from autograd.columns import aligned
from autograd.errors import GraphError
from autograd.names import Names, names_of, unique_names
from autograd.node import Node
from autograd.numerals import numeral
from autograd.order import topological_order
from autograd.preconditions import check_of_numbers
from autograd.reverse import Contribution, contributions, passed_on, sweep

Mistake = Literal["unordered", "overwrite", "not_zeroed", "per_path"]

_MOST_VISITS = 1_000_000
_COUNTED_TO = 10**100  # beyond it a count of visits has more digits than anyone reads
_WRITTEN_OUT_TO = 10**24
_MOST_ROWS = 12


def wrong_backward(g: Node, mistake: Mistake, *, names: Mapping[str, Any] | None = None) -> "Comparison":
    """The gradients that a sweep from `g` gives with a classic mistake in it, beside the right ones.

    The mistakes are `unordered` (no topological order), `overwrite` (`=` for `+=`), `not_zeroed` (a second sweep on
    top of the first) and `per_path` (recursion along every path). No node's `grad` changes. `names` may be `locals()`.

    Raises ValueError for another mistake, and GraphError for Tensors, a leaf, or where `per_path` would take too long.

    >>> from autograd import Value
    >>> x, y = Value(3, "x"), Value(-2, "y")
    >>> q = x * y
    >>> wrong_backward(q + x, "overwrite", names={"q": q})
    overwrite: each contribution replaces the gradient: = in place of +=
    step 3: x had 1, and the -2 from q replaces it: -2 in place of -1
    node  wrong  right
    x        -2     -1
    """
    check_of_numbers(g, "wrong_backward")
    if not isinstance(mistake, str) or mistake not in _KINDS:
        known = "".join(f"\n  {name}: {kind.description}" for name, kind in _KINDS.items())
        raise ValueError(f"wrong_backward knows no mistake {mistake!r}; it knows{known}")
    if not g.parents:
        raise GraphError(f"wrong_backward needs the result of an operation, got {g!r}, which has nothing behind it")
    unique = unique_names(topological_order(g), names_of(names))
    kind, books = _KINDS[mistake], _Books(g)
    wrong, parting, number, fault, is_exposed = {g: 1.0}, None, None, "", False
    for i, step in enumerate(kind.steps(g), 1):
        wrong[step.parent] = step.total
        if parting is None:
            is_exposed |= books.is_early(step.node) if kind.is_of_order else step.before is not None
            fault = books.fault(step, kind, unique)
            if fault:
                parting, number = step, i
    remark = f"step {number}: {fault}" if fault else _harmless(kind, is_exposed)
    return Comparison(mistake, wrong, books.right, parting, number, remark, unique)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Comparison:
    """Gradients with a mistake and without, and the first step at which the two sweeps part.

    `parting` is that step as the mistaken sweep takes it, and `step` its number, from 1. Both are None if none of its
    steps is wrong; `remark` says why, or what went wrong at the parting.
    """

    mistake: Mistake
    wrong: dict[Node, float]
    right: dict[Node, float]
    parting: Contribution | None
    step: int | None
    remark: str
    names: Names

    def __str__(self) -> str:
        return "\n".join([f"{self.mistake}: {_KINDS[self.mistake].description}", self.remark, *self._table()])

    __repr__ = __str__

    def _table(self) -> list[str]:
        """The nodes whose gradients differ, in the order of the right sweep."""
        rows = [
            (self.names[node], *_told_apart(self.wrong[node], right))
            for node, right in self.right.items()
            if not _same(self.wrong[node], right)
        ]
        if not rows:
            return ["In the end every gradient is right all the same."] if self.parting else []
        lines = [] if self.parting else ["The gradients differ in how sums were rounded, added up in another order:"]
        lines += aligned([("node", "wrong", "right"), *rows[:_MOST_ROWS]], "<>>")
        return lines + ([f"… {len(rows) - _MOST_ROWS:,} more"] if len(rows) > _MOST_ROWS else [])


class _Books:
    """What has honestly arrived at each node so far: every edge counts once, however often it is taken."""

    def __init__(self, g: Node) -> None:
        self.right = sweep(g)
        self.due = Counter(parent for node in self.right for parent in node.parents)
        self.arrived: Counter[Node] = Counter()
        self.taken: Counter[Node] = Counter()
        self.sums: dict[Node, float] = {g: 1.0}

    def is_early(self, node: Node) -> bool:
        """Whether contributions to the node are still to come."""
        return self.arrived[node] < self.due[node]

    def fault(self, step: Contribution, kind: "_Kind", names: Names) -> str:
        """What is wrong with this step, as long as nothing was before it; nothing if it is right."""
        node, parent = step.node, step.parent
        if self.is_early(node) and not _same(step.upstream, self.right[node]):
            upstream, right = _told_apart(step.upstream, self.right[node])
            arrived = f"only {self.arrived[node]} of its {self.due[node]} contributions had arrived"
            return f"{names[node]} passes on {upstream}, but {arrived}: its gradient is {right}"
        self.taken[node] += 1
        if self.taken[node] <= len(node.parents):  # later ones take the same edges again
            self.arrived[parent] += 1
            self.sums[parent] = self.sums[parent] + step.product if parent in self.sums else step.product
        if _same(step.total, self.sums[parent]):
            return ""
        total, right = _told_apart(step.total, self.sums[parent])
        before, product = numeral(step.before), numeral(step.product)
        said = kind.said.format(node=names[node], parent=names[parent], before=before, product=product)
        return f"{said}: {total} in place of {right}"


def _harmless(kind: "_Kind", is_exposed: bool) -> str:
    """Why no step was wrong: the graph gave the mistake no occasion or, if it did, the numbers hid it."""
    if is_exposed:
        why = "what came late, or twice, adds nothing" if kind.is_of_order else "what was there before adds nothing"
        return f"with these numbers the mistake does no harm, by accident: {why}"
    why = "each node has its whole gradient when it passes it on" if kind.is_of_order else "no node is used twice"
    return f"on this graph the mistake does no harm: {why}"


def _same(x: float, y: float) -> bool:
    return x == y or (x != x and y != y)


def _told_apart(x: float, y: float) -> tuple[str, str]:
    """Two different numbers, rounded unless they would look the same."""
    return (numeral(x), numeral(y)) if numeral(x) != numeral(y) else (repr(x), repr(y))


def _unordered(g: Node) -> Iterator[Contribution]:
    grads, queue = {g: 1.0}, deque([g])
    while queue:
        node = queue.popleft()
        for index in range(len(node.parents)):
            step = passed_on(node, index, grads)
            if step.before is None:
                queue.append(step.parent)
            yield step


def _overwrite(g: Node) -> Iterator[Contribution]:
    grads: dict[Node, float] = {g: 1.0}
    for right in contributions(g):
        step = passed_on(right.node, right.index, grads)
        grads[step.parent] = step.product
        yield replace(step, total=step.product)


def _not_zeroed(g: Node) -> Iterator[Contribution]:
    left = sweep(g)
    for step in contributions(g):
        if step.parent.op is None:
            old = left[step.parent]
            step = replace(step, before=old if step.before is None else old + step.before, total=old + step.total)
        yield step


def _per_path(g: Node) -> Iterator[Contribution]:
    _check_visits(g)
    grads = {g: 1.0}
    edges = _edges_last_first(g)  # a stack: those of the node just reached come before what is left of earlier ones
    while edges:
        step = passed_on(*edges.pop(), grads)
        yield step
        edges += _edges_last_first(step.parent)


def _edges_last_first(node: Node) -> list[tuple[Node, int]]:
    return [(node, index) for index in reversed(range(len(node.parents)))]


def _check_visits(g: Node) -> None:
    """Raise a GraphError if there are too many paths to walk: a node is visited once for each path to it."""
    paths, visits, order = Counter({g: 1}), 0, topological_order(g)
    for node in reversed(order):
        here = paths.pop(node)
        visits += here
        if visits > _COUNTED_TO:
            break
        for parent in node.parents:
            paths[parent] += here
    if visits > max(_MOST_VISITS, len(order)):
        many = f"{visits:,}" if visits < _WRITTEN_OUT_TO else f"more than 10^{len(str(visits)) - 1}"
        raise GraphError(
            f"per_path would make {many} visits, one for each path to each node, where the sweep makes {len(order):,}, "
            "one for each node: that is what the topological order is for; compare on a smaller graph"
        )


@dataclass(frozen=True, slots=True)
class _Kind:
    """A mistake: its steps, and what is said of one that leaves a wrong total.

    A mistake is either of order, so that nodes pass on too early, or of how a contribution is added.
    """

    description: str
    steps: Callable[[Node], Iterator[Contribution]]
    is_of_order: bool
    said: str = ""


_KINDS: dict[Mistake, _Kind] = {
    "unordered": _Kind(
        "nodes pass on in the order in which they are met from the result, not in topological order",
        _unordered,
        is_of_order=True,
    ),
    "overwrite": _Kind(
        "each contribution replaces the gradient: = in place of +=",
        _overwrite,
        is_of_order=False,
        said="{parent} had {before}, and the {product} from {node} replaces it",
    ),
    "not_zeroed": _Kind(
        "a second sweep adds to what the first one left in the leaves: no zero_grad() between them",
        _not_zeroed,
        is_of_order=False,
        said="{parent} still has {before} from the first sweep, and the {product} from {node} is added to it",
    ),
    "per_path": _Kind(
        "each node passes on what it has whenever it is reached, once for every path",
        _per_path,
        is_of_order=True,
        said="{node} is reached again and passes {product} on to {parent} once more",
    ),
}
