"""What a picture of a graph shows, as plain data: boxes for values, circles for operations, edges, and what was folded.

Nothing here knows of colours, fonts or layout, so what a picture shows can be tested without drawing it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from autograd.labels import display
from autograd.numerals import count
from viz.blocks import Shown
from viz.scopes import Cluster
from viz.view import Mark

Direction = Literal["LR", "TB"]


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
    """A part of the graph folded into one box: how many operations of each name, and how many leaves they use.

    `scope` is the scope that it is, if it is one.
    """

    key: str
    operations: Mapping[str, int]
    leaves: int
    scope: str = ""

    @property
    def title(self) -> str:
        """What the box says first."""
        total = sum(self.operations.values())
        if self.scope:
            parts = [count(n, noun) for n, noun in ((total, "operation"), (self.leaves, "leaf")) if n]
            return f"{display(self.scope)} · {', '.join(parts)}"
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
        return [", ".join(parts), *([f"on {count(self.leaves, 'leaf')}"] if self.leaves and not self.scope else [])]


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
    clusters: tuple[Cluster, ...] = ()
