"""What is known of each node when it is drawn: what it holds or, where a Stepper stands, what is known by then."""

from collections.abc import Sequence
from typing import Protocol

from autograd import Contribution, Node, Step, Stepper

READABLE = 60  # values, with a circle for each operation


class View(Protocol):
    """A number and a gradient for each node, None while it is not computed; and the step that is lit.

    A `Stepper` is one.
    """

    def data(self, node: Node, /) -> float | None:
        """The number that the node holds."""

    def grad(self, node: Node, /) -> float | None:
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

    def data(self, node: Node) -> float | None:
        """The number that the node holds."""
        return float(node.data)

    def grad(self, node: Node) -> float | None:
        """The gradient that the latest `backward()` left."""
        return node.grad


AS_RECORDED = AsRecorded()


def is_lit(view: View, node: Node) -> bool:
    """Whether the step that is shown gives this node a number."""
    return view.step is not None and view.step.reached is node


def is_lit_edge(view: View, node: Node, index: int) -> bool:
    """Whether the step that is shown goes along the edge from `node` to its operand number `index`.

    Forward, it goes along all of the node's edges.
    """
    step = view.step
    return step is not None and step.node is node and step.index in (index, None)


def shown_root(stepper: Stepper) -> Node:
    """Where to begin to draw: at the result or, where that graph is too big to be read, at the latest step."""
    step = stepper.step
    return stepper.root if step is None or len(stepper.names) <= READABLE else step.node
