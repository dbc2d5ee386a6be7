"""The ledger of a gradient: every contribution that it is the sum of, and the paths they came by."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.board import operation
from autograd.columns import aligned
from autograd.labels import display, shortened
from autograd.names import Names, named, names_of, unique_names
from autograd.node import Node
from autograd.numerals import brief, count, numeral
from autograd.order import topological_order
from autograd.paths import Path, count_paths, largest_paths
from autograd.preconditions import check_node, check_result
from autograd.reverse import Contribution, contributions
from autograd.terms import derivative, equation, name, number

_SHOWN_AT_EACH_END = 5  # contributions
_WRITTEN_OUT = 10**15  # from here on a number of paths is rounded


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ledger:
    """Where the gradient of `node` in `root` comes from; printed, it is a table.

    `contributions` are the steps of the sweep that reach `node`, in its order. `paths` are the largest of the
    `path_count` paths from `root` to `node`, largest first; none in a graph of Tensors. `names` has a name for every
    node behind `root`.
    """

    root: Node
    node: Node
    names: Names
    contributions: tuple[Contribution, ...]
    path_count: int
    paths: tuple[Path, ...]

    @property
    def gradient(self) -> Any:
        """What the sweep finds, to the last bit: the contributions' sum, the seed 1 at `root` itself, or 0 for none."""
        if self.contributions:
            return self.contributions[-1].total
        if self.node is self.root:
            return self.root.seeded()
        return 0.0 if type(self.node.data) is float else np.zeros_like(self.node.data)

    def __str__(self) -> str:
        root, node = self.names[self.root], self.names[self.node]
        if self.node is self.root:
            return f"{root} is the result itself: its gradient is the 1 that backpropagation starts from"
        if not self.contributions:
            return f"{root} does not depend on {node}: no path leads from one to the other"
        gradient = equation(derivative(name(root), name(node)), number(self.gradient))
        terms = count(len(self.contributions), "contribution")
        headline = f"{gradient}, from {terms} over {_number_of_paths(self.path_count)}"
        return "\n".join([headline, *self._table(), *self._largest_paths()])

    __repr__ = __str__

    def _table(self) -> list[str]:
        steps, hidden = self.contributions, len(self.contributions) - 2 * _SHOWN_AT_EACH_END
        if hidden > 1:
            steps = steps[:_SHOWN_AT_EACH_END] + steps[-_SHOWN_AT_EACH_END:]
        through = {node: self._made(node) for node in {step.node for step in steps}}  # a long sum is written once
        rows = [["through", "upstream", "local", "product", "so far"]]
        for step in steps:
            local = "" if step.local is None else brief(step.local)
            rows.append([through[step.node], brief(step.upstream), local, brief(step.product), brief(step.total)])
        if any(step.node.line for step in steps):
            places = [["line", ""], *(_place(step.node) for step in steps)]
            rows = [row + place for row, place in zip(rows, places, strict=True)]
        if hidden > 1:
            more = [f"… {hidden:,} more", *[""] * (len(rows[0]) - 1)]
            rows.insert(1 + _SHOWN_AT_EACH_END, more)
        return aligned(rows, "<>>>><<")

    def _made(self, node: Node) -> str:
        return shortened(f"{self.names[node]} = {operation(node, lambda operand: name(self.names[operand]))}")

    def _largest_paths(self) -> list[str]:
        if not self.paths:
            return []
        shown = len(self.paths)
        heading = "paths, largest first" if shown > 1 else "the only path"
        if shown < self.path_count:
            heading = f"the {f'{shown:,} ' if shown > 1 else ''}largest of {_number_of_paths(self.path_count)}"
        return ["", heading, *(path.written(self.names) for path in self.paths)]


def explain(g: Node, x: Node | str, *, names: Mapping[str, Any] | None = None, top: int = 5) -> Ledger:
    """The ledger of d g / d x: what the sweep adds up to it, and the `top` largest of the paths from `g` to `x`.

    In a graph of Tensors the numbers are arrays, and paths are only counted: operations that mix elements have no local
    derivative that could be multiplied along a path.

    `x` is a node, or the label or name of one behind `g`. `names`, such as `locals()`, names nodes that have no label.
    No node's `grad` is read or changed.

    Raises GraphError for what is not a node, or was computed under `no_grad`; LabelError for a name that no node, or
    several, have; ValueError for a `top` below 0.

    >>> from autograd import Value
    >>> x, y, z = Value(1), Value(3), Value(-3)
    >>> p = x + y
    >>> q = x * 5
    >>> r = p * z
    >>> g = r + q
    >>> explain(g, x, names=locals())
    ∂g/∂x = 2, from 2 contributions over 2 paths
    through    upstream  local  product  so far
    q = x·5           1      5        5       5
    p = x + y        -3      1       -3       2
    <BLANKLINE>
    paths, largest first
    g → q → x: 1 · 5 = 5
    g → r → p → x: 1 · -3 · 1 = -3
    """
    check_result(g, "explain")
    given = names_of(names)
    shown = unique_names(topological_order(g), given)
    node = named(x, shown) if isinstance(x, str) else x
    check_node(node, "explain")
    if node not in shown:
        shown = unique_names([*shown, node], given)
    reaching = tuple(step for step in contributions(g) if step.parent is node)
    paths = largest_paths(g, node, top) if type(g.data) is float else ()
    return Ledger(g, node, shown, reaching, count_paths(g, node), tuple(paths))


def _place(node: Node) -> list[str]:
    return [display(str(node.line)), display(node.line.text)] if node.line else ["", ""]


def _number_of_paths(n: int) -> str:
    """`1,024 paths`, `about 1.153e18 paths (exactly 2^60)`: never all digits, of which there may be thousands."""
    if n < _WRITTEN_OUT:
        return count(n, "path")
    exactly = f" (exactly 2^{n.bit_length() - 1})" if n & (n - 1) == 0 else ""
    return f"about {_rounded(n)} paths{exactly}"


def _rounded(n: int) -> str:
    """A whole number of any size, as `numeral` writes what a float can hold."""
    shift = max(int(math.log10(n)) - 17, 0)  # some 18 digits are left: more than enough to round
    mantissa, _, exponent = numeral(float(n // 10**shift)).partition("e")
    return f"{mantissa}e{int(exponent) + shift}"
