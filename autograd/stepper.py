"""Stepper: backpropagation one step at a time, forward and back."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from autograd import reverse
from autograd.errors import GraphError
from autograd.names import named, names_of, unique_names
from autograd.node import Node, check_result, topological_order
from autograd.reverse import Contribution
from autograd.step import Step, heading

Predicate = Callable[[Step], bool]


class Stepper:
    """Backpropagation through the graph behind `root`, one step at a time.

    First come the operations of the forward pass, in the order in which their operands allow; then the backward pass,
    one edge at a time. Each `next()` and `back()` takes the time of one step, however large the graph. No node's own
    `grad` changes before `commit()`. `names=locals()` names what has no label.

    `position` is the number of steps done, `len()` that of all; to iterate is to do what is left. A Stepper has a
    place, as a file has: two threads that want to step need one each.

    Raises GraphError for what is no node, or was computed under `no_grad`.

    >>> from autograd import Value
    >>> x, y, z = Value(1, "x"), Value(3, "y"), Value(-3, "z")
    >>> p = x + y
    >>> g = p * z
    >>> s = Stepper(g, names={"p": p, "g": g})
    >>> s.run_to(x)
    backward 3 of 4    p = x + y
      ∂g/∂x = ∂g/∂p · ∂p/∂x = -3 · 1 = -3        (x so far: 0 → -3)
    >>> s.grad("x"), s.grad("y")
    (-3.0, None)
    """

    def __init__(self, root: Node, *, names: Mapping[str, Any] | None = None) -> None:
        check_result(root, "Stepper")
        order = topological_order(root)
        self.root = root
        self.names = unique_names(order, names_of(names))
        self.breakpoints: list[Predicate] = []
        self.position = 0
        self._operations = [node for node in order if node.op is not None]
        # The node that each step reaches: what is computed forward, and whose gradient changes backward.
        self._reached = [*self._operations, *(parent for node in self._operations[::-1] for parent in node.parents)]
        self._known_from = {node: i for i, node in enumerate(self._operations, 1)}
        self._sweep = reverse.contributions(root)
        self._passed: list[Contribution] = []  # all that the sweep has ever got to, also what was undone since
        self._grads: dict[Node, float] = {}

    @property
    def step(self) -> Step | None:
        """The latest step that was done and not undone; None at the beginning."""
        return self._step(self.position) if self.position else None

    def next(self) -> Step | None:
        """Do the next step and return it; None at the end."""
        if self.position == len(self):
            return None
        self.position += 1
        index = self.position - len(self._operations) - 1
        if index >= 0:
            if index == len(self._passed):
                self._passed.append(next(self._sweep))
            self._grads[self._passed[index].parent] = self._passed[index].total
        return self.step

    def back(self) -> Step | None:
        """Undo the latest step, and return the one that is the latest now; None at the beginning."""
        if self.position > len(self._operations):
            undone = self._passed[self.position - len(self._operations) - 1]
            if undone.before is None:
                del self._grads[undone.parent]
            else:
                self._grads[undone.parent] = undone.before
        self.position = max(0, self.position - 1)
        return self.step

    def run(self) -> Step | None:
        """Do all steps that are left, or those up to the first at which one of the `breakpoints` holds."""
        return self._advance(len(self))

    def run_to(self, target: Node | str | int) -> Step | None:
        """Go on to the next step that reaches a node, given itself or by its label, or go to a position.

        A step reaches the node that it computes or to whose gradient it contributes. If no step ahead does, nothing
        moves, and the result is None. `breakpoints` stop this run too, except one to a position, which may lie behind.

        Raises LabelError for an unknown label, GraphError for a foreign node, ValueError for a position out of range.
        """
        if isinstance(target, int):
            return self._go(target)
        node = self._find(target)
        ahead = (i for i in range(self.position, len(self)) if self._reached[i] is node)
        position = next(ahead, None)
        return None if position is None else self._advance(position + 1)

    def reset(self) -> None:
        """Go back to the beginning; breakpoints stay."""
        self.position = 0
        self._grads.clear()

    def break_when(self, predicate: Predicate) -> None:
        """Let `run` and `run_to` stop after each step for which `predicate(step)` holds: it joins `breakpoints`.

        >>> from autograd import Value
        >>> x = Value(3.0, "x")
        >>> s = Stepper(x * x * x)
        >>> s.break_when(lambda step: step.parent is x)
        >>> s.run().heading, s.run().heading
        ('backward 2 of 4', 'backward 3 of 4')
        """
        if not callable(predicate):
            raise TypeError(f"break_when needs a function of a step, got {predicate!r:.60}")
        self.breakpoints.append(predicate)

    def data(self, target: Node | str) -> float | None:
        """The number that a node holds by now; None if its operation is still ahead."""
        node = self._find(target)
        return node.data if self._known_from.get(node, 0) <= self.position else None

    def grad(self, target: Node | str) -> float | None:
        """The gradient that a node has got so far; None if nothing has reached it: that is not the same as 0."""
        node = self._find(target)
        if node is self.root:
            return 1.0 if self.position >= len(self._operations) else None
        return self._grads.get(node)

    def commit(self) -> None:
        """Write the gradients to the nodes, as `backward()` does: leaves add them to what they have.

        Raises GraphError before the end, when they are not yet complete.
        """
        if self.position < len(self):
            raise GraphError(f"{self!r} is not at the end, and gradients are incomplete: run() first, then commit()")
        reverse.commit({self.root: 1.0, **self._grads})

    def __len__(self) -> int:
        return len(self._reached)

    def __iter__(self) -> Iterator[Step]:
        while (step := self.next()) is not None:
            yield step

    def __repr__(self) -> str:
        done = f"{self._heading(self.position)} done" if self.position else "nothing done yet"
        ahead = f"next is {self._heading(self.position + 1)}" if self.position < len(self) else "nothing left"
        return f"<Stepper at {self.position:,} of {len(self):,}: {done}, {ahead}>"

    def _heading(self, position: int) -> str:
        forward = len(self._operations)
        if position <= forward:
            return heading("forward", position, forward)
        return heading("backward", position - forward, len(self) - forward)

    def _step(self, position: int) -> Step:
        """The step that leads to a position."""
        forward, backward = len(self._operations), len(self) - len(self._operations)
        if position <= forward:
            return Step(position, forward, self._operations[position - 1], self.root, self.names)
        index = position - forward - 1
        return Step.backward(index + 1, backward, self._passed[index], self.root, self.names)

    def _advance(self, position: int) -> Step | None:
        """Do the steps up to a position, or to the first breakpoint on the way."""
        while self.position < position:
            step = self.next()
            if step is not None and any(predicate(step) for predicate in self.breakpoints):
                break
        return self.step

    def _go(self, position: int) -> Step | None:
        if isinstance(position, bool) or not 0 <= position <= len(self):
            raise ValueError(f"a position is a number from 0 to {len(self):,}, got {position!r}")
        while self.position < position:
            self.next()
        while self.position > position:
            self.back()
        return self.step

    def _find(self, target: Node | str) -> Node:
        if not isinstance(target, Node):
            return named(target, self.names)
        if target not in self.names:
            raise GraphError(
                f"{target!r} is no node of this graph: nothing that led to {self.names[self.root]} used it"
            )
        return target
