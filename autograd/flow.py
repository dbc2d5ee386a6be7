"""How a gradient flows from a result down to its leaves: the edges that stop it, and its sizes by depth.

The size of an array is its norm.
"""

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from autograd.arrays import NUMPY
from autograd.columns import aligned
from autograd.namespaces import FLOATS
from autograd.node import Node
from autograd.numerals import norm, numeral
from autograd.op import Op
from autograd.reverse import Contribution, contributions

SMALL_SLOPE = 0.01
LARGE_FACTOR = 1e6
FEWEST_OPERATIONS = 8  # over which gradients vanish or explode: one small factor is no matter of depth

_ROWS = 8
_LONGEST_BAR = 20


class Flow:
    """One sweep from `root`: gradients, depths, and the edges where something happens to a gradient that is finite.

    A node's depth is the number of operations on the longest path to it. Local derivatives of 0 are `flat` if the
    definition has no other, else `dead`; of arrays all are 0, or whole `dead_columns`. To each node of `open` leads a
    path without them; for any other, `cuts` has the edge that ends the last of the paths to it.

    >>> from autograd import Value
    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> flow = Flow(x * 0.0 * y + x.floor())
    >>> [step.parent.label for step in flow.dead + flow.flat], flow.depths[x], flow.cuts[x].node.op.name
    (['y', 'x', 'x'], 3, 'mul')
    """

    def __init__(self, root: Node) -> None:
        self.gradients, self.depths = {root: root.seeded()}, {root: 0}
        self.edges = self.deepest_result = 0
        self.first_non_finite: Contribution | None = None
        self.flat: list[Contribution] = []
        self.dead: list[Contribution] = []
        self.dead_columns: list[Contribution] = []
        self.saturated: list[Contribution] = []
        self.open: set[Node] = {root}
        self.cuts: dict[Node, Contribution] = {}
        for step in contributions(root):
            self.edges += 1
            self.deepest_result = max(self.deepest_result, self.depths[step.node])
            self.gradients[step.parent] = step.total
            self.depths[step.parent] = max(self.depths.get(step.parent, 0), self.depths[step.node] + 1)
            self._follow(step)
            if 0.0 < norm(step.upstream) < math.inf:
                self._examine(step)
            if self.first_non_finite is None and not (is_finite(step.product) and is_finite(step.total)):
                self.first_non_finite = step

    def _follow(self, step: Contribution) -> None:
        if step.node not in self.open:
            self.cuts[step.parent] = self.cuts[step.node]
        elif _lets_through(step):
            self.open.add(step.parent)
        else:
            self.cuts[step.parent] = step

    def _examine(self, step: Contribution) -> None:
        if is_zero(step.product):  # also where the product of two tiny numbers underflows
            (self.flat if _is_flat(step) else self.dead).append(step)
        elif type(step.node.data) is not float:
            if dead_columns(step):
                self.dead_columns.append(step)
            if 2 * saturated_elements(step) >= step.node.data.size:
                self.saturated.append(step)
        elif abs(step.local) < SMALL_SLOPE and len(step.node.parents) == 1 and _levels_off(step):
            self.saturated.append(step)


def is_finite(x: Any) -> bool:
    """Whether a number, or every element of an array, is finite."""
    return math.isfinite(x) if type(x) is float else bool(np.isfinite(x).all())


def is_zero(x: Any) -> bool:
    """Whether a number, or every element of an array, is 0."""
    return x == 0.0 if type(x) is float else not np.any(x)


def _lets_through(step: Contribution) -> bool:
    """Whether a gradient can get along the edge: of arrays, whether some element of the one at hand does."""
    if type(step.node.data) is float:
        return bool(step.local)
    return is_zero(step.upstream) or not is_zero(step.product)


def dead_columns(step: Contribution) -> int:
    """In how many columns of a matrix, which are the units of a layer, the local derivatives are 0 in every row."""
    local = step.local
    if len(step.node.operands) > 1 or np.ndim(local) != 2 or len(local) < 2:
        return 0
    return int(np.sum(~local.any(axis=0)))


def saturated_elements(step: Contribution) -> int:
    """How many local derivatives, of an operation on one array element by element, are small where it levels off."""
    op, local, operands = step.node.op, step.local, step.node.operands
    assert op is not None
    if local is None or op.over_lists or len(operands) > 1:
        return 0
    m, twice = NUMPY[step.node.data.dtype], 2.0 * np.asarray(operands[0].data)
    with np.errstate(all="ignore"):
        further = op.array_derivative(m, 0, [twice], op.array_value(m, [twice], {}), {})
        return int(np.sum((local != 0.0) & (np.abs(local) < SMALL_SLOPE) & (3.0 * np.abs(further) < np.abs(local))))


def _is_flat(step: Contribution) -> bool:
    """Whether the definition gives the local derivative as 0, whatever the operands."""
    op = step.node.op
    assert op is not None
    if step.local is None or not is_zero(step.local):
        return False
    flat = _flat_operands(op)
    if not flat:
        return False
    operands = step.node.operands
    place = [i for i, x in enumerate(operands) if isinstance(x, Node)][step.index]
    return op.operands[place * len(op.operands) // len(operands)] in flat


@cache
def _flat_operands(op: Op) -> frozenset[str]:
    return frozenset(name.rstrip("₁₂") for name, formula in op.derivative_formulas().items() if formula.text == "0")


def _levels_off(step: Contribution) -> bool:
    """Whether the operation, of one node, has at twice the operand less than a third of the slope that it has here.

    So it has if it goes to a limit exponentially (tanh, exp of negative numbers) or as 1/x does. A straight line has
    the same slope there, a logarithm half of it; and around a minimum the slope grows.
    """
    op, operands = step.node.op, step.node.operands
    assert op is not None
    arguments = op.arranged([2.0 * x.data if isinstance(x, Node) else x for x in operands])
    is_node = [isinstance(x, Node) for x in operands]
    [further] = op.local_derivatives(FLOATS, arguments, op.value(FLOATS, arguments), is_node)
    return 3.0 * math.fabs(further) < math.fabs(step.local)


class Level(NamedTuple):
    """The sizes of the gradients at one depth.

    `smallest`, `median` and `largest` are of those that are finite and not 0 (of an even number, the upper median); 0
    if there are none. Of the `nodes` there, `zeros` have a gradient of exactly 0.
    """

    depth: int
    smallest: float
    median: float
    largest: float
    zeros: int
    nodes: int


def by_depth(gradients: Mapping[Node, Any], depths: Mapping[Node, int]) -> tuple[Level, ...]:
    """The level of each depth, from the result down."""
    levels: list[list[float]] = [[] for _ in range(1 + max(depths.values()))]
    for node, depth in depths.items():
        levels[depth].append(norm(gradients[node]))
    return tuple(_level(depth, sizes) for depth, sizes in enumerate(levels))


def _level(depth: int, sizes: Sequence[float]) -> Level:
    measured = sorted(size for size in sizes if 0.0 < size < math.inf) or [0.0]
    return Level(depth, measured[0], measured[len(measured) // 2], measured[-1], sizes.count(0.0), len(sizes))


def reached(profile: Sequence[Level]) -> list[Level]:
    """The levels that have gradients other than 0, infinities and nan."""
    return [level for level in profile if level.largest]


def factor(profile: Sequence[Level]) -> float | None:
    """What the median is multiplied by at each operation on the way down; None unless it is `LARGE_FACTOR` in all."""
    deepest = reached(profile)[-1]
    total = math.log(deepest.median) - math.log(profile[0].median)
    if deepest.depth < FEWEST_OPERATIONS or abs(total) < math.log(LARGE_FACTOR):
        return None
    return math.exp(total / deepest.depth)


def table(profile: Sequence[Level]) -> list[str]:
    """Some of the levels that a gradient reaches, as lines of text, with bars for the logarithms of their medians.

    Not all medians may be the same.

    >>> for line in table([Level(0, 1, 1, 1, 0, 1), Level(1, 0.1, 0.1, 0.1, 1, 2), Level(2, 0.001, 0.01, 1, 0, 3)]):
    ...     print(line)
    depth  smallest  median  largest  zero
        0         1       1        1  0 of 1  ████████████████████
        1       0.1     0.1      0.1  1 of 2  ██████████
        2     0.001    0.01        1  0 of 3
    """
    levels = reached(profile)
    logs = [math.log(level.median) for level in levels]
    lowest, scale = min(logs), _LONGEST_BAR / (max(logs) - min(logs))
    rows = [["depth", "smallest", "median", "largest", "zero", ""]]
    for i in sorted({row * (len(levels) - 1) // (_ROWS - 1) for row in range(_ROWS)}):
        level, bar = levels[i], "█" * round((logs[i] - lowest) * scale)
        sizes = map(numeral, (level.smallest, level.median, level.largest))
        rows.append([str(level.depth), *sizes, f"{level.zeros:,} of {level.nodes:,}", bar])
    return aligned(rows, ">>>><<")
