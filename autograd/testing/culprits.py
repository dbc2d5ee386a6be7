"""The operations to blame for a wrong gradient: each that took part is checked alone, on the numbers that it met."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograd import arrays, board, modes, terms
from autograd.arrayop import ArrayOp
from autograd.labels import display
from autograd.names import Names
from autograd.namespaces import FLOATS
from autograd.node import Node
from autograd.notation import Formula
from autograd.numerals import numeral
from autograd.op import Op
from autograd.order import topological_order
from autograd.paths import largest_paths
from autograd.tensor import Tensor
from autograd.testing import rules
from autograd.testing.arguments import Arguments, Point
from autograd.testing.checks import Check, checked
from autograd.testing.claims import Claim, Recorded, from_matrix
from autograd.testing.judgement import Judgement
from autograd.value import Value

_MOST_MEETINGS = 100  # of an operation with different numbers at which it is tried
_SHOWN_AT_EACH_END = 3  # of a long path
_MOST_OPERANDS = 8  # of a list whose derivatives are written down


@dataclass(frozen=True, slots=True, eq=False)
class Culprit:
    """An operation whose rule is false: `check` failed for it alone, at the operands that `node` has.

    `partial` is the place of the operand among those of the definition, and `parent` among the node's parents.

    `rule` is the derivative as its definition has it, and `right` the one that follows from the definition of its
    value, if that is what the differences show; each is None where it cannot be written down. Of a Tensor, `element` is
    the element at which the check failed, computed alone; None if the operation mixes elements.
    """

    op: Op
    node: Node
    partial: int
    operand: str
    parent: int
    check: Check
    rule: Formula | None
    right: Formula | None
    element: Node | None

    def __str__(self) -> str:
        found, rule = self.check.judgement, ""
        if self.rule is not None and self.rule.text != numeral(found.gradient):
            rule = f"{self.rule} = "
        said = f"{numeral(found.slopes.best.value)} ± {found.slopes.best.error:.0e}"
        if found.slopes.differ:
            said = (
                f"{numeral(found.slopes.left.value)} to the left and {numeral(found.slopes.right.value)} to the right"
            )
        elif self.right is not None and self.right.text != numeral(found.slopes.best.value):
            said = f"{self.right} = {said}"
        return f"{self.op.name}: {self._what()} is {rule}{numeral(found.gradient)}, finite differences say {said}"

    def _what(self) -> str:
        """Which derivative is false: a partial, as in the definition, or an element of one."""
        which, name = f"partial {self.partial}", self.check.name
        if isinstance(self.node, Tensor) and self.element is None:
            which = f"operand {self.operand}"
        elif self.op.over_lists:
            which += f", in {self.operand},"
        if self.check.order > 1:
            return f"{which} is right, but its own derivative {name}"
        return f"{which}: {name}" if isinstance(self.node, Tensor) and self.element is None else which

    def places(self, roots: Sequence[Node], names: Names) -> Iterator[str]:
        """Where it was met: its result, its operands' numbers and, if known, the program's line; and the way there."""
        yield f"at {self._at(names)}"
        if self.node.line:
            yield f"in {self.node.line}: {display(self.node.line.text)}"
        if any(isinstance(root, Tensor) for root in roots):
            yield from self._way(roots, names)
            return
        way = next(path for root in roots for path in largest_paths(root, self.node, 1))
        if len(way.nodes) > 1:
            yield f"on the path {way.written(names)}"

    def _way(self, roots: Sequence[Node], names: Names) -> Iterator[str]:
        """A path through Tensors. It has no product: what an operation that mixes elements passes back is no number."""
        order = topological_order(*roots)
        users = {parent: node for node in order for parent in node.parents}
        way: Node | None = self.node
        found = []
        while way is not None:
            found.append(names[way])
            way = users.get(way)
        if len(found) > 2 * _SHOWN_AT_EACH_END + 1:
            found[_SHOWN_AT_EACH_END:-_SHOWN_AT_EACH_END] = ["…"]
        if len(found) > 1:
            yield f"on the path {' → '.join(reversed(found))}"

    def _at(self, names: Names) -> str:
        if not isinstance(self.node, Tensor):
            made = board.operation(self.node, lambda operand: terms.name(names[operand]))
            return f"{terms.equation(terms.name(names[self.node]), made)} = {board.in_numbers(self.node)}"
        operands = [f"{names[x]} {x.shape}" if isinstance(x, Tensor) else names[x] for x in self.node.parents]
        settings = [f"{key}={value!r:.40}" for key, value in self.node.settings.items()]
        whole = f"{names[self.node]} {self.node.shape} = {self.op.name}({', '.join([*operands, *settings])})"
        return whole if self.element is None else f"{whole}, where {board.in_numbers(self.element)}"


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


def _roots(subject: Recorded, order: int, leaves: Sequence[Any]) -> dict[Node, str]:
    graphs = zip(subject.graphs(order, leaves), subject.graph_names(order), strict=True)
    return {x: name for x, name in graphs if isinstance(x, Node)}


def _false(nodes: Sequence[Node], order: int) -> Iterator[Culprit]:
    """Each operation that has a false derivative of this order, at the first node tried at which that is so."""
    meetings: dict[Op, dict[tuple[Any, ...], Node]] = {}
    for node in nodes:
        if isinstance(node, Tensor) and node.op is not None:
            meetings.setdefault(node.op, {})[(id(node),)] = node
        elif node.op is not None:
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
    """What the node's operation claims to be its derivatives: of order 1 of a Value, the numbers that it recorded."""
    operands, places = node.operands, _places(node)
    names = _operand_names(node, op)
    parents = [x.detach() if isinstance(x, Tensor) else x.data for x in node.parents]
    arguments = Arguments.named([names[place] for place in places], parents)

    def filled(point: Sequence[Any] | Point) -> list[Any]:
        every: list[Any] = list(operands)
        for place, x in zip(places, point, strict=True):
            every[place] = x
        return every

    def values(point: Point) -> list[float]:
        return [op.value(FLOATS, op.arranged(filled(point)))]

    if isinstance(node, Tensor):
        settings = node.settings
        return Recorded(lambda *point: arrays.applied(op, tuple(filled(point)), settings), arguments, op.name).claim(
            order
        )
    if order == 1:
        return Claim(arguments, 1, [(op.name,)], values, partial(from_matrix, np.array([node.partials]), [0.0]))
    return Recorded(lambda *point: op(*op.arranged(filled(point))), arguments, op.name).claim(order)


def _places(node: Node) -> list[int]:
    """The place of each parent among the operands."""
    return [i for i, x in enumerate(node.operands) if isinstance(x, Node)]


def _operand_names(node: Node, op: Op) -> list[str]:
    """The names of the operands in the definition; those that a list or a variadic operation takes are numbered."""
    count = len(node.operands)
    if isinstance(op, ArrayOp) and op.is_variadic:
        return [f"{op.operands[0]}[{i}]" for i in range(count)]
    return list(op.operands) if isinstance(node, Tensor) else rules.operand_names(op, count)


def _culprit(op: Op, node: Node, check: Check) -> Culprit:
    count, places = len(node.operands), _places(node)
    parent = check.owner
    if check.order > 1:
        # The rows are the derivatives of one order less, in all combinations of numbers: which is the first of these?
        sizes = [x.size if isinstance(x, Tensor) else 1 for x in node.parents]
        first = check.row // sum(sizes) ** (check.order - 2) % sum(sizes)
        parent = int(np.searchsorted(np.cumsum(sizes), first, side="right"))
    place = places[parent]
    rule = right = None
    spot = _element(op, node, check) if isinstance(node, Tensor) else node
    if spot is not None and check.order == 1 and count <= _MOST_OPERANDS:
        rule = rules.as_defined(op, spot.operands, place)
        right = rules.from_value(op, spot.operands, place, check.judgement.slopes.best)
    element = spot if isinstance(node, Tensor) else None
    partial_ = place * len(op.operands) // count
    return Culprit(op, node, partial_, _operand_names(node, op)[place], parent, check, rule, right, element)


def _element(op: Op, node: Tensor, check: Check) -> Node | None:
    """The Value that stands for the element at which the check of an operation element by element failed."""
    if type(op) is not Op or check.order > 1 or check.count > 1:
        return None
    index = np.unravel_index(check.row, node.shape)
    try:
        given = [x.data if isinstance(x, Node) else x for x in node.operands]
        at = [np.broadcast_to(x, node.shape)[index].item() for x in given]
        leaves = [Value(x, name) for x, name in zip(at, op.operands, strict=True)]
        found = op(*[leaf if isinstance(x, Node) else leaf.data for leaf, x in zip(leaves, node.operands, strict=True)])
    except (TypeError, AttributeError, ValueError):  # a user's definition may be fit for arrays alone
        return None
    return found
