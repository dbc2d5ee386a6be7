"""diagnose: what is wrong with a gradient, found from the recorded graph alone and said with names and numbers."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any, Literal

import numpy as np

from autograd import flow
from autograd.columns import aligned
from autograd.errors import GraphError
from autograd.flow import Flow, Level, is_finite, is_zero
from autograd.names import names_of, unique_names
from autograd.node import Node
from autograd.numerals import count, norm, numeral
from autograd.order import topological_order
from autograd.preconditions import check_node, check_result
from autograd.reverse import Contribution
from autograd.words import Words

# The worst first.
Kind = Literal["non-finite", "left over", "exploding", "vanishing", "unused", "blocked", "flat", "dead", "saturated"]

_SHOWN_OF_A_KIND = 10


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Finding:
    """One thing that is wrong, and the node where it shows.

    `step` is what the sweep did on the edge where it happens, if on one. `leaves` are those behind a number or gradient
    that is not finite. `expected` is what one sweep gives where a node's `grad` is another.
    """

    kind: Kind
    node: Node
    _words: Callable[[], str]
    step: Contribution | None = None
    leaves: tuple[Node, ...] = ()
    expected: Any = None

    @property
    def message(self) -> str:
        """The finding as a sentence, written when asked for (of many, most are never read) with the nodes' numbers."""
        return self._words()

    def __repr__(self) -> str:
        return f"{self.kind}: {self.message}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Diagnosis:
    """What `diagnose` found, the worst first, and the sizes of the gradients by depth. Printed, it is a report."""

    findings: tuple[Finding, ...]
    profile: tuple[Level, ...]
    edges: int

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def __repr__(self) -> str:
        looked_at = f"{count(sum(level.nodes for level in self.profile), 'node')}, {count(self.edges, 'edge')}"
        if self.ok:
            return f"<no problems in {looked_at}: all finite, {self._sizes()}, nothing dead, nothing left over>"
        rows = [row for kind, found in groupby(self.findings, lambda f: f.kind) for row in _rows(kind, list(found))]
        lines = [
            f"{count(len(self.findings), 'problem')} in {looked_at}:",
            *("  " + row for row in aligned(rows, "<<")),
        ]
        if any(finding.kind in ("exploding", "vanishing") for finding in self.findings):
            lines += ["", *flow.table(self.profile)]
        return "\n".join(lines)

    def _sizes(self) -> str:
        levels = flow.reached(self.profile)
        smallest, largest = min(level.smallest for level in levels), max(level.largest for level in levels)
        zeros = sum(level.zeros for level in self.profile)
        also = f", {zeros:,} exactly 0" if zeros else ""
        return f"gradients from {numeral(smallest)} to {numeral(largest)}{also}"


def _rows(kind: str, findings: Sequence[Finding]) -> list[list[str]]:
    messages = [finding.message for finding in findings[:_SHOWN_OF_A_KIND]]
    if len(findings) > len(messages):
        messages.append(f"… and {len(findings) - len(messages):,} more")
    return [[kind if i == 0 else "", message] for i, message in enumerate(messages)]


def diagnose(g: Node, *, leaves: Iterable[Node] = (), names: Mapping[str, Any] | None = None) -> Diagnosis:
    """What is wrong with the gradient of `g`: one walk and one sweep over its graph, which change nothing.

    `leaves` are nodes, such as a model's parameters, that `g` should depend on; `names` is for example `locals()`.

    - non-finite: the first number, and the first step of the sweep, that is infinite or nan.
    - left over: a `grad`, other than None and 0, that is not what one sweep from `g` gives.
    - exploding, vanishing: from `g` to the deepest results that a gradient reaches, which are at least 8 operations
      away, the median size changes by a factor of a million or more.
    - unused, blocked: a leaf that is not behind `g`, or to which only paths with a local derivative of 0 lead.
    - flat, dead: a local derivative of 0 that stops a gradient, in an operation that has no other (floor), or has
      others elsewhere (relu, a product with 0).
    - saturated: a local derivative below 0.01 of an operation of one node that levels off, as tanh does far out: at
      twice the operand it is less than a third of that.

    Of a Tensor, the size of a gradient is its norm. An edge is dead if it stops all elements, or in every row those of
    one column (a unit of a layer), and saturated if at least half of its elements are.

    Raises GraphError for what is no node, is a Tensor of more than one element, or was computed under `no_grad`.

    >>> from autograd import Value, relu
    >>> x, w = Value(2.0, "x"), Value(-3.0, "w")
    >>> diagnose(x * w)
    <no problems in 3 nodes, 2 edges: all finite, gradients from 1 to 3, nothing dead, nothing left over>
    >>> diagnose(relu(x * w) + x)
    2 problems in 5 nodes, 5 edges:
      blocked  w gets the gradient 0: every path to it is cut, as by v2 = relu(v1) = relu(-6) = 0
      dead     ∂relu(v1)/∂v1 = where(v1 ≤ 0, 0, 1) = 0 at v1 = -6: the gradient 1 of v2 stops there
    """
    check_result(g, "diagnose")
    if isinstance(leaves, Node):
        raise GraphError(f"diagnose: leaves must be a list or the like, such as [x, y], got {leaves!r}")
    wanted = list(leaves)
    for leaf in wanted:
        check_node(leaf, "diagnose, for each of its leaves,")
    order = topological_order(g)
    behind = set(order)
    unused = [leaf for leaf in dict.fromkeys(wanted) if leaf not in behind]
    words = Words(unique_names([*order, *unused], names_of(names)), g)
    sweep = Flow(g)
    profile = flow.by_depth(sweep.gradients, sweep.depths)
    findings = (
        *_non_finite(order, sweep.first_non_finite, words),
        *_left_over(order, sweep.gradients, words),
        *_with_depth(sweep, profile, words),
        *(Finding("unused", leaf, partial(words.unused, leaf)) for leaf in unused),
        *_blocked(order, sweep, words),
        *_on_edges("flat", sweep.flat, words.flat),
        *_on_edges("dead", sweep.dead, words.dead),
        *_on_edges("dead", sweep.dead_columns, words.dead_columns),
        *_on_edges("saturated", sweep.saturated, words.saturated),
    )
    return Diagnosis(findings, profile, sweep.edges)


def _non_finite(order: Sequence[Node], step: Contribution | None, words: Words) -> Iterator[Finding]:
    node = next((node for node in order if not is_finite(node.data)), None)
    if node is not None:
        leaves = _leaves_behind(node)
        yield Finding("non-finite", node, partial(words.number, node, leaves), leaves=leaves)
    if step is not None:
        leaves = _leaves_behind(step.node)
        yield Finding("non-finite", step.parent, partial(words.gradient, step, leaves), step, leaves)


def _leaves_behind(node: Node) -> tuple[Node, ...]:
    return tuple(each for each in topological_order(node) if each.op is None)


def _left_over(order: Iterable[Node], gradients: Mapping[Node, Any], words: Words) -> Iterator[Finding]:
    for node in order:
        found, fresh = node.grad, gradients[node]
        if found is not None and not is_zero(found) and not _same(found, fresh):
            yield Finding("left over", node, partial(words.left_over, node, found, fresh), expected=fresh)


def _same(x: Any, y: Any) -> bool:
    if type(x) is float:
        return bool(x == y or (x != x and y != y))
    return np.array_equal(x, y, equal_nan=True)


def _with_depth(sweep: Flow, profile: Sequence[Level], words: Words) -> Iterator[Finding]:
    # A leaf may be deep and used near the result too, as the weights of a recurrent network are: it tells nothing.
    results = profile[: sweep.deepest_result + 1]
    factor = flow.factor(results)
    if factor is not None:
        deepest = flow.reached(results)[-1]
        there = (node for node, depth in sweep.depths.items() if depth == deepest.depth)
        node = next(node for node in there if 0.0 < norm(sweep.gradients[node]) < math.inf)
        zeros = sum(level.zeros for level in profile)
        kind: Kind = "exploding" if factor > 1.0 else "vanishing"
        yield Finding(kind, node, partial(words.with_depth, deepest, factor, zeros))


def _blocked(order: Iterable[Node], sweep: Flow, words: Words) -> Iterator[Finding]:
    for leaf in order:
        if leaf.op is None and leaf not in sweep.open and norm(sweep.gradients[leaf]) == 0.0:
            cut = sweep.cuts[leaf]
            yield Finding("blocked", leaf, partial(words.blocked, leaf, cut), cut)


def _on_edges(kind: Kind, steps: list[Contribution], words: Callable[[Contribution], str]) -> Iterator[Finding]:
    for step in sorted(steps, key=lambda step: -norm(step.upstream)):
        yield Finding(kind, step.node, partial(words, step), step)
