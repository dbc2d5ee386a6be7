"""The operations to blame for a wrong gradient: each that took part is checked alone, on the numbers that it met."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import board, modes
from autograd.labels import display
from autograd.names import Names
from autograd.namespaces import FLOATS
from autograd.node import Node, topological_order
from autograd.notation import Formula
from autograd.numerals import numeral
from autograd.op import Op
from autograd.paths import largest_paths
from autograd.testing import rules
from autograd.testing.arguments import Arguments
from autograd.testing.checks import Check, checked
from autograd.testing.claims import Claim, Point, Recorded, derivative_name
from autograd.testing.judgement import Judgement
from autograd.value import Value

_MOST_MEETINGS = 100  # of an operation with different numbers at which it is tried
_MOST_OPERANDS = 8  # of a list whose derivatives are written down


@dataclass(frozen=True, slots=True, eq=False)
class Culprit:
    """An operation whose rule is false: `check` failed for it alone, at the operands that `node` has.

    `rule` is the derivative as its definition has it, and `right` the one that follows from the definition of its
    value, if that is what the differences show; each is None where it cannot be written down.
    """

    op: Op
    node: Node
    partial: int
    operand: str
    check: Check
    rule: Formula | None
    right: Formula | None

    def __str__(self) -> str:
        found, rule = self.check.judgement, ""
        if self.rule is not None and self.rule.text != numeral(found.gradient):
            rule = f"{self.rule} = "
        what = "" if self.check.order == 1 else f" is right, but its own derivative {self.check.name}"
        said = f"{numeral(found.slopes.best.value)} ± {found.slopes.best.error:.0e}"
        if found.slopes.differ:
            said = (
                f"{numeral(found.slopes.left.value)} to the left and {numeral(found.slopes.right.value)} to the right"
            )
        elif self.right is not None and self.right.text != numeral(found.slopes.best.value):
            said = f"{self.right} = {said}"
        which = f"partial {self.partial}" + (f", in {self.operand}," if self.op.over_lists else "")
        return f"{self.op.name}: {which}{what} is {rule}{numeral(found.gradient)}, finite differences say {said}"

    def places(self, roots: Sequence[Node], names: Names) -> Iterator[str]:
        """Where it was met: its result, its operands' numbers and, if known, the program's line; and the way there."""
        made = board.operation(self.node, lambda operand: board.name(names[operand]))
        yield f"at {board.equation(board.name(names[self.node]), made)} = {board.in_numbers(self.node)}"
        if self.node.line:
            yield f"in {self.node.line}: {display(self.node.line.text)}"
        way = next(path for root in roots for path in largest_paths(root, self.node, 1))
        if len(way.nodes) > 1:
            yield f"on the path {way.written(names)}"


def search(subject: Recorded, order: int) -> tuple[dict[Node, str], tuple[Culprit, ...]]:
    """The graphs that make up the derivatives of this order, by name, and the operations in them that are false.

    A derivative of order 2 is wrong if the rule of an operation behind it gives a wrong number, those that the first
    derivative's graph is made of among them; or if it gives the right one, but does not follow the operands. So the
    operations are tried alone at order 1, then at order 2. Each is named at the first place where it is false.
    """
    leaves = subject.leaves(subject.arguments.numbers)
    with modes.record_lines():
        for alone in range(1, order + 1):
            roots = _roots(subject, order - alone, leaves)
            culprits = tuple(_false(topological_order(*roots), alone))
            if culprits:
                return roots, culprits
    return _roots(subject, 0, leaves), ()


def _roots(subject: Recorded, order: int, leaves: Sequence[Value]) -> dict[Node, str]:
    graphs = subject.graphs(order, leaves)
    names = subject.names(order, len(graphs))
    return {x: derivative_name(*name) for x, name in zip(graphs, names, strict=True) if isinstance(x, Node)}


def _false(nodes: Sequence[Node], order: int) -> Iterator[Culprit]:
    """Each operation that has a false derivative of this order, at the first node tried at which that is so."""
    meetings: dict[Op, dict[tuple[Any, ...], Node]] = {}
    for node in nodes:
        if node.op is not None:
            numbers = tuple(x.data if isinstance(x, Node) else (x,) for x in node.operands)
            meetings.setdefault(node.op, {}).setdefault(numbers, node)
    for op, met in meetings.items():
        tried = list(met.values())[:: -(-len(met) // _MOST_MEETINGS)]
        checks = ((node, check) for node in tried for check in checked(_alone(node, op, order)))
        false = next(((node, check) for node, check in checks if _is_false(check.judgement)), None)
        if false is not None:
            yield _culprit(op, *false)


def _is_false(found: Judgement) -> bool:
    """Whether the rule is to blame: it is wrong, or not a number where differences see one."""
    sees = found.slopes.best.error <= 1e-3 * max(abs(found.slopes.best.value), found.slopes.best.steepness)
    return found.verdict == "wrong" or (found.verdict == "non-finite" and sees)


def _alone(node: Node, op: Op, order: int) -> Claim:
    """What the node's operation claims to be its derivatives: of order 1, the numbers that the node recorded."""
    operands = node.operands
    places = [i for i, x in enumerate(operands) if isinstance(x, Node)]
    numbers = tuple(parent.data for parent in node.parents)
    names = rules.operand_names(op, len(operands))
    owners = tuple(place * len(op.operands) // len(operands) for place in places)
    arguments = Arguments(numbers, op.operands, tuple(names[place] for place in places), numbers, owners)

    def filled(point: Sequence[Any] | Point) -> Sequence[Any]:
        every: list[Any] = list(operands)
        for place, x in zip(places, point, strict=True):
            every[place] = x
        return op.arranged(every)

    def values(point: Point) -> list[float]:
        return [op.value(FLOATS, filled(point))]

    if order == 1:
        return Claim(arguments, 1, [(op.name,)], values, np.array([node.partials]), [0.0])
    return Recorded(lambda *point: op(*filled(point)), arguments, op.name).claim(order)


def _culprit(op: Op, node: Node, check: Check) -> Culprit:
    operands = node.operands
    places = [i for i, x in enumerate(operands) if isinstance(x, Node)]
    rule = right = None
    # At order 2 and 3, the rows are the derivatives of one order less, in all combinations of operands.
    place = places[check.column if check.order == 1 else check.row // len(places) ** (check.order - 2)]
    if check.order == 1 and len(operands) <= _MOST_OPERANDS:
        rule = rules.as_defined(op, operands, place)
        right = rules.from_value(op, operands, place, check.judgement.slopes.best)
    operand = rules.operand_names(op, len(operands))[place]
    return Culprit(op, node, place * len(op.operands) // len(operands), operand, check, rule, right)
