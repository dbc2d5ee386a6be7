"""What a picture shows of each node, and what it marks: where a Stepper stands, or what a report found to be false."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

from autograd import Contribution, Node, Step, Stepper, contributions
from autograd.labels import shortened

if TYPE_CHECKING:
    from autograd.testing import Report

READABLE = 60  # values, with a circle for each operation
_LONGEST_NOTE = 160

Mark = Literal["lit", "wrong"]
"""How a part of a picture stands out: as what the step that is shown does, or as what is false."""


class View(Protocol):
    """A number or array and a gradient for each node, None while it is not computed; and the step that is lit.

    A `Stepper` is one.
    """

    def data(self, node: Node, /) -> Any:
        """The number that the node holds."""

    def grad(self, node: Node, /) -> Any:
        """The gradient that the node has."""

    @property
    def step(self) -> Step | None:
        """The step that is shown, if any."""

    @property
    def contributions(self) -> Sequence[Contribution] | None:
        """What was passed back along edges so far; None if whatever can be was."""


class AsRecorded:
    """The numbers and gradients that the nodes hold; no step is lit."""

    step = None
    contributions = None

    def data(self, node: Node) -> Any:
        """The number that the node holds."""
        return node.data

    def grad(self, node: Node) -> Any:
        """The gradient that the latest `backward()` left."""
        return node.grad


AS_RECORDED = AsRecorded()


class Checked(AsRecorded):
    """What a report found: `false` are the edges whose local derivatives are, `verdict` says so of the first."""

    def __init__(self, report: "Report") -> None:
        self.false = dict.fromkeys((culprit.node, culprit.parent) for culprit in report.culprits)
        self.verdict = str(report.culprits[0]) if report.culprits else ""
        self._grads = _gradients(report.roots)

    def grad(self, node: Node) -> Any:
        """The gradient of the function's only result; of several results there is none."""
        return self._grads.get(node)


def _gradients(roots: Sequence[Node]) -> Mapping[Node, Any]:
    """What a sweep finds, without being written to the nodes."""
    if len(roots) != 1 or np.size(roots[0].data) != 1:
        return {}
    [root] = roots
    passed = () if root.is_leaf else contributions(root)
    return {root: root.seeded()} | {each.parent: each.total for each in passed}


def mark(view: View, node: Node) -> Mark | None:
    """Whether the step that is shown gives this node a number, or the operation that made it is false."""
    if view.step is not None and view.step.reached is node:
        return "lit"
    return operation_mark(view, node)


def edge_mark(view: View, node: Node, index: int) -> Mark | None:
    """Whether the step that is shown goes along the edge from `node` to its operand number `index`, or that is false.

    Forward, it goes along all of the node's edges.
    """
    step = view.step
    if step is not None and step.node is node and step.index in (index, None):
        return "lit"
    return "wrong" if (node, index) in _false(view) else None


def operation_mark(view: View, node: Node) -> Mark | None:
    """Whether the operation that made `node` is false."""
    return "wrong" if any(node is each for each, _ in _false(view)) else None


def result_mark(view: View, node: Node) -> Mark | None:
    """Whether the step that is shown goes between `node` and the operation that made it."""
    return "lit" if view.step is not None and view.step.node is node else None


def in_focus(view: View) -> list[Node]:
    """What must be seen of a graph however big: where an operation is false, its result and its operand."""
    return [node for result, index in _false(view) for node in (result, result.parents[index])]


def in_words(view: View) -> str:
    """What is marked: what the step does, or in what an operation is false."""
    if isinstance(view, Checked):
        return shortened(view.verdict, _LONGEST_NOTE)
    step = view.step
    if step is None:
        return ""
    equation = f"{step.equations[0 if step.phase == 'forward' else -1]}"
    return f"{step.heading}: {equation}" + (f" ({step.so_far})" if step.so_far else "")


def _false(view: View) -> Collection[tuple[Node, int]]:
    return view.false if isinstance(view, Checked) else ()


def shown_root(stepper: Stepper) -> Node:
    """Where to begin to draw: at the result or, where that graph is too big to be read, at the latest step."""
    step = stepper.step
    return stepper.root if step is None or len(stepper.names) <= READABLE else step.node
