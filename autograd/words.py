"""What a diagnosis says of each thing that is wrong: a sentence with the nodes' names and numbers."""

import math
from collections.abc import Iterable
from functools import cache, partial
from typing import Any

import numpy as np

from autograd import board, flow, terms
from autograd.flow import Level, is_finite
from autograd.names import Names
from autograd.namespaces import FLOATS
from autograd.node import Node
from autograd.notation import Formula
from autograd.numerals import brief, count, norm, numeral
from autograd.preconditions import follows_from_operands
from autograd.reverse import Contribution

_LISTED = 3
_MOST_SWEEPS = 1000  # that the ratio of two gradients is taken to count: between huge floats any ratio is whole


class Words:
    """Findings in words: nodes are called by `names`, and `g` is the node that was diagnosed."""

    def __init__(self, names: Names, g: Node) -> None:
        self._names, self._g = names, g
        self._start = g.grad if g.op is not None else None
        # One node may have many operands, and many findings.
        self._derivatives, self._equation = cache(partial(board.local_derivatives, names=names)), cache(self._written)

    def number(self, node: Node, leaves: Iterable[Node]) -> str:
        """A number that is not finite, and the leaves that it was made of."""
        where = _first_not_finite(node.data)
        if node.op is None:
            return f"the leaf {self._equation(node)} is the first number that is not finite{where}{_line(node)}"
        source = self._numbers(leaves)
        return f"{self._equation(node)} is the first number that is not finite{where}, from {source}{_line(node)}"

    def gradient(self, step: Contribution, leaves: Iterable[Node]) -> str:
        """A step of the sweep whose result is not finite, and the leaves behind it."""
        sign, left, right, result = "·", step.upstream, step.local, step.product
        if step.before is not None and math.isfinite(result):
            sign, left, right, result = "+", step.before, step.product, step.total
        gets = terms.equation(terms.chained(sign, terms.number(left), terms.number(right)), terms.number(result))
        source = f"from {self._numbers(leaves)}{_line(step.node)}"
        parent = self._names[step.parent]
        if type(step.node.data) is not float:
            bad = step.total if is_finite(step.product) else step.product
            first = f"the first gradient that is not finite{_first_not_finite(bad)}"
            return f"{self._equation(step.node)}: {parent} gets {brief(bad)}, {first}, {source}"
        return f"{self._derivative(step)}: {parent} gets {gets}, the first gradient that is not finite, {source}"

    def left_over(self, node: Node, found: Any, fresh: Any) -> str:
        """A `grad` that is not what one sweep gives, and how it may have come about."""
        often = _whole_ratio(found, fresh)
        got, due = brief(found), brief(fresh)
        is_scaled = self._start not in (None, 1.0) and bool(np.allclose(found, self._start * fresh, rtol=1e-9, atol=0))
        if often and node.op is None and not is_scaled:
            times = "twice" if often == 2 else f"{often} times"
            cause = f"as if backward() ran {times} without zero_grad()"
            return f"{self._names[node]}.grad is {got}, {times} what one sweep gives, {cause}"
        if got == due:
            got, due = (repr(found), repr(fresh)) if np.ndim(found) == 0 else _told_apart(found, fresh)
        cause = "something else was added before" if node.op is None else "it is of another result's sweep"
        if is_scaled:
            cause = f"left by backward({brief(self._start)}), or by a result made from {self._names[self._g]}"
        return f"{self._names[node]}.grad is {got} where one sweep gives {due}: {cause}"

    def with_depth(self, deepest: Level, factor: float, zeros: int) -> str:
        """The sizes of gradients that grow or fall by `factor` at each operation."""
        changes = "grows" if factor > 1.0 else "falls"
        size = "gradient" if type(self._g.data) is float else "norm of the gradients"
        ignored = f"; gradients of exactly 0 are not counted: {zeros:,}" if zeros else ""
        return (
            f"the median {size} {changes} from 1 to {numeral(deepest.median)} over "
            f"{count(deepest.depth, 'operation')}, ×{numeral(factor)} at each{ignored}"
        )

    def unused(self, leaf: Node) -> str:
        """A leaf that the result does not depend on."""
        name = self._names[self._g]
        return f"{self._equation(leaf)} is not behind {name}: {name} does not depend on it"

    def blocked(self, leaf: Node, cut: Contribution) -> str:
        """A leaf that no gradient reaches, and an edge that stops it."""
        return f"{self._names[leaf]} gets the gradient 0: every path to it is cut, as by {self._equation(cut.node)}"

    def flat(self, step: Contribution) -> str:
        """An edge that no gradient can pass, whatever the numbers."""
        assert step.node.op is not None
        through = f"{step.node.op.name} to {self._names[step.parent]}"
        return f"no gradient passes through {through}: {self._equation(step.node)}; {self._stops(step)}"

    def dead(self, step: Contribution) -> str:
        """An edge that no gradient passes at these numbers."""
        if step.local is None:
            return self.flat(step)
        kink = ", exactly at the kink" if _is_at_kink(step.node) else ""
        return f"{self._derivative(step)}{kink}: {self._stops(step)}"

    def dead_columns(self, step: Contribution) -> str:
        """Units of a layer that no gradient passes in any row."""
        rows, columns = step.local.shape
        dead = f"{flow.dead_columns(step):,} of {count(columns, 'unit')} of {self._made(step.node)} are dead"
        return f"{dead}: in all {rows:,} rows, no gradient gets through to {self._names[step.parent]}{_line(step.node)}"

    def saturated(self, step: Contribution) -> str:
        """An edge that lets little of the gradient through."""
        if type(step.node.data) is not float:
            where = f"{flow.saturated_elements(step):,} of {count(step.node.data.size, 'element')}"
            left = f"of the gradient's norm {numeral(norm(step.upstream))}, {numeral(norm(step.product))} is left"
            return f"{self._made(step.node)} is flat at {where}: {left}{_line(step.node)}"
        return (
            f"{self._derivative(step)}: of the gradient {numeral(step.upstream)} of {self._names[step.node]}, "
            f"{numeral(step.product)} is left{_line(step.node)}"
        )

    def _stops(self, step: Contribution) -> str:
        return f"the gradient {brief(step.upstream)} of {self._names[step.node]} stops there{_line(step.node)}"

    def _made(self, node: Node) -> Formula:
        """`p = x·y`, and of a leaf `x`."""
        by_name = board.operation(node, lambda x: terms.name(self._names[x]))
        return terms.equation(terms.name(self._names[node]), by_name)

    def _written(self, node: Node) -> str:
        """`p = x·y = 2·3 = 6`, and of a leaf `x = 2`."""
        changed = "" if follows_from_operands(node) else " (of numbers that were changed since)"
        return f"{terms.equation(self._made(node), board.in_numbers(node))}{changed}"

    def _derivative(self, step: Contribution) -> str:
        """`∂√(x)/∂x = 0.5/√(x) = inf at x = 0`."""
        derivative = self._derivatives(step.node)[step.index]
        return f"{derivative} at {self._numbers((step.parent, *step.node.parents))}"

    def _numbers(self, nodes: Iterable[Node]) -> str:
        """`x = 0, y = 3, z = -3 and 2 more`."""
        distinct = list(dict.fromkeys(nodes))
        more = f" and {len(distinct) - _LISTED:,} more" if len(distinct) > _LISTED else ""
        return ", ".join(f"{self._names[node]} = {brief(node.data)}" for node in distinct[:_LISTED]) + more


def _line(node: Node) -> str:
    return f" ({node.line})" if node.line else ""


def _first_not_finite(x: Any) -> str:
    """Of an array, how many elements are not finite, and where the first of them is."""
    if not np.ndim(x):
        return ""
    places = np.argwhere(~np.isfinite(x))
    first = ", ".join(map(str, places[0]))
    return f" ({len(places):,} of {count(x.size, 'element')}, the first at [{first}])"


def _told_apart(found: Any, fresh: Any) -> tuple[str, str]:
    """Two arrays that look alike when they are rounded."""
    i = tuple(np.argwhere(np.asarray(found != fresh))[0])
    place = f"[{', '.join(map(str, i))}]"
    return f"{float(found[i])!r} at {place}", repr(float(fresh[i]))


def _whole_ratio(found: Any, fresh: Any) -> int:
    """How many sweeps the gradient `found` is, if it is a whole number of them; else 0."""
    size = norm(fresh)
    ratio = norm(found) / size if size else 0.0
    if not 1.5 < ratio < _MOST_SWEEPS:
        return 0
    precision = 1e-5 if getattr(found, "dtype", None) == np.float32 else 1e-12
    return round(ratio) if np.allclose(found, round(ratio) * fresh, rtol=precision, atol=0) else 0


def _is_at_kink(node: Node) -> bool:
    """Whether the operation's one operand is exactly where its derivative is a choice."""
    op = node.op
    assert op is not None
    is_number = len(node.operands) == 1 and type(node.data) is float
    return is_number and any(FLOATS.evaluate(kink, node.parents[0].data) == 0.0 for kink in op.kinks)
