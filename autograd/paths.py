"""The paths from a result to a node behind it: how many there are, and which of them weigh most.

A gradient is the sum, over all paths, of the product of the local derivatives along each. There may be 2^1000 paths:
nothing here enumerates them.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, NamedTuple, TypeVar

from autograd.names import Names, unique_names
from autograd.node import Node
from autograd.numerals import numeral
from autograd.order import operations_in_order
from autograd.preconditions import check_node, check_of_numbers

_SHOWN_AT_EACH_END = 3

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Path:
    """A way from a result back to a node: `nodes`, result first, and the local derivative on each edge between them."""

    nodes: tuple[Node, ...]
    locals: tuple[float, ...]

    @property
    def product(self) -> float:
        """What the path adds to the gradient: its local derivatives, multiplied from the result on."""
        return math.prod(self.locals, start=1.0)

    def written(self, names: Names) -> str:
        """The path and its product on one line; of a long path the two ends.

        >>> from autograd import Value
        >>> x = Value(3.0)
        >>> [path] = largest_paths((-x).square(), x, 5)
        >>> print(path.written({x: "x", path.nodes[1]: "p", path.nodes[0]: "g"}))
        g → p → x: -6 · -1 = 6
        """
        product = numeral(self.product)
        factors = f"{' · '.join(_ends(self.locals, numeral))} = " if len(self.locals) > 1 else ""
        return f"{' → '.join(_ends(self.nodes, lambda node: names[node]))}: {factors}{product}"

    def __str__(self) -> str:
        return self.written(unique_names(self.nodes, {}))

    __repr__ = __str__


def count_paths(root: Node, node: Node) -> int:
    """How many paths lead from `root` back to `node`, edge by edge: exactly, however many they are.

    From a node to itself there is one, which has no edges.

    >>> from autograd import Value
    >>> x = y = Value(1.0)
    >>> for _ in range(100):
    ...     y = y * y
    >>> count_paths(y, x) == 2**100
    True
    """
    check_node(root, "count_paths")
    check_node(node, "count_paths")
    counts = {root: 1}
    for child, edges in _steps(root, node):
        count = counts.pop(child)  # a hundred thousand counts of thirty thousand digits would not fit in memory
        for parent, _ in edges:
            counts[parent] = counts.get(parent, 0) + count
    return counts.get(node, 0)


def largest_paths(root: Node, node: Node, k: int) -> list[Path]:
    """The `k` paths from `root` back to `node` whose products are largest in size, largest first.

    A product that is nan comes before all others, as it decides the sum, then infinite factors, and 0 comes last. Sizes
    are compared as if a float had no largest and no smallest number. Paths of equal size come in the sweep's order.

    Raises ValueError unless `k` is a whole number, at least 0, and GraphError for Tensors: there is no product of
    numbers along their paths.

    >>> from autograd import Value
    >>> x, y = Value(2.0, "x"), Value(3.0, "y")
    >>> p = x * y
    >>> for path in largest_paths(p * x + x, x, 2):
    ...     print(path)
    v1 → v2 → x: 1 · 6 = 6
    v1 → v2 → v3 → x: 1 · 2 · 3 = 6
    """
    check_of_numbers(root, "largest_paths")
    check_node(node, "largest_paths")
    if not isinstance(k, int) or k < 0:
        raise ValueError(f"the number of paths to list must be a whole number, 0 or more; got {k!r}")
    best = {root: [_Prefix(root, 1.0, None, *math.frexp(1.0))]}
    for child, edges in _steps(root, node):
        prefixes = best.pop(child)
        for parent, local in edges:
            longer = [prefix.followed_by(parent, local) for prefix in prefixes]
            best[parent] = _kept(best.get(parent, []) + longer, k)
    return [prefix.path() for prefix in best.get(node, [])[:k]]


class _Prefix(NamedTuple):
    """A path from the root as far as `node`; |product| is mantissa · 2^exponent, which does not overflow."""

    node: Node
    local: float
    before: "_Prefix | None"
    mantissa: float
    exponent: int

    def followed_by(self, parent: Node, local: float) -> "_Prefix":
        """This path and one edge more."""
        factor, shift = math.frexp(abs(local))
        mantissa, carry = math.frexp(self.mantissa * factor)
        return _Prefix(parent, local, self, mantissa, self.exponent + shift + carry)

    def size(self) -> tuple[int, int, float]:
        """What paths are ranked by: nan, inf, the finite numbers by size, 0."""
        if 0.0 < self.mantissa < 1.0:
            return 1, self.exponent, self.mantissa
        return 3 if math.isnan(self.mantissa) else 2 if self.mantissa else 0, 0, 0.0

    def path(self) -> Path:
        """The path that the links back to the root spell."""
        steps = [self]
        while (before := steps[-1].before) is not None:
            steps.append(before)
        steps.reverse()
        return Path(tuple(step.node for step in steps), tuple(step.local for step in steps[1:]))


def _kept(prefixes: list[_Prefix], k: int) -> list[_Prefix]:
    """The `k` largest, which stay so whatever follows, and `k` that are 0: an infinite factor would make them nan."""
    ranked = sorted(prefixes, key=_Prefix.size, reverse=True)
    zeros = [prefix for prefix in ranked if prefix.mantissa == 0.0]
    return ranked[: len(ranked) - len(zeros)][:k] + zeros[:k]


def _steps(root: Node, node: Node) -> Iterator[tuple[Node, list[tuple[Node, Any]]]]:
    """The nodes between `root` and `node`, in the sweep's order, each with its edges that lead on to `node`.

    Those of Tensors come without local derivatives.
    """
    leading, between = {node}, []
    for child in operations_in_order(root):
        if not leading.isdisjoint(child.parents):
            leading.add(child)
            between.append(child)
    for child in reversed(between):
        partials = child.partials if type(root.data) is float else repeat(None)
        yield (
            child,
            [(parent, local) for parent, local in zip(child.parents, partials, strict=False) if parent in leading],
        )


def _ends(items: Sequence[_T], text: Callable[[_T], str]) -> list[str]:
    hidden = len(items) - 2 * _SHOWN_AT_EACH_END
    if hidden <= 1:
        return [text(item) for item in items]
    first, last = items[:_SHOWN_AT_EACH_END], items[-_SHOWN_AT_EACH_END:]
    return [*map(text, first), f"… {hidden:,} more …", *map(text, last)]
