"""Stepper: backpropagation one step at a time, forward and back."""

import operator
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, SupportsIndex

from autograd.errors import GraphError
from autograd.names import Labels, names_of, unique_names
from autograd.node import Node
from autograd.order import topological_order
from autograd.preconditions import check_result
from autograd.reverse import Contribution, commit, passed_on, unshared
from autograd.step import Step, heading, looked_at

Predicate = Callable[[Step], bool]


class Stepper:
    """Backpropagation through the graph behind `root`, one step at a time.

    First come the operations of the forward pass, in the order in which their operands allow; then the backward pass,
    one edge at a time. Each `next()` and `back()` takes the time of one step, however large the graph. No node's own
    `grad` changes before `commit()`. `names=locals()` names what has no label.

    `position` is the number of steps done, `len()` that of all; to iterate is to do what is left. A Stepper has a
    place, as a file has: two threads that want to step need one each.

    Raises GraphError for what is no node, is a Tensor of more than one element, or was computed under `no_grad`.

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
        self._edges = [(node, i) for node in reversed(self._operations) for i in range(len(node.parents))]
        self._edges_to = Counter(node.parents[i] for node, i in self._edges)
        self._known_from = {node: i for i, node in enumerate(self._operations, 1)}
        self._passed: list[Contribution] = []
        self._seed = root.seeded()
        self._grads = {root: self._seed}

    @property
    def step(self) -> Step | None:
        """The latest step that was done and not undone; None at the beginning."""
        return self._latest() if self.position else None

    @property
    def contributions(self) -> list[Contribution]:
        """What was passed along edges so far, one contribution for each step of the backward pass."""
        return list(self._passed)

    def next(self) -> Step | None:
        """Do the next step and return it; None at the end."""
        if self.position == len(self):
            return None
        if self.position >= len(self._operations):
            node, index = self._edges[len(self._passed)]
            self._passed.append(passed_on(node, index, self._grads))
        self.position += 1
        return self.step

    def back(self) -> Step | None:
        """Undo the latest step, and return the one that is the latest now; None at the beginning."""
        if self._passed:
            undone = self._passed.pop()
            if undone.before is None:
                del self._grads[undone.parent]
            else:
                self._grads[undone.parent] = undone.before
        self.position = max(0, self.position - 1)
        return self.step

    def run(self) -> Step | None:
        """Do all steps that are left, or those up to the first at which one of the `breakpoints` holds."""
        return self._advance(len(self))

    def run_to(self, target: Node | str | SupportsIndex) -> Step | None:
        """Go on to the next step that reaches a node, given itself or by its label, or go to a position.

        A step reaches the node that it computes or to whose gradient it contributes. If no step ahead does, nothing
        moves, and the result is None. `breakpoints` stop this run too, except one to a position, which may lie behind.

        Raises LabelError for an unknown label, GraphError for a foreign node, ValueError for a position out of range.
        """
        if not isinstance(target, (Node, str)):
            return self._go(operator.index(target))
        node = self._find(target)
        ahead = (i for i in range(self.position, len(self)) if self._reached(i) is node)
        position = next(ahead, None)
        return None if position is None else self._advance(position + 1)

    def reset(self) -> None:
        """Go back to the beginning; breakpoints stay."""
        self.position = 0
        self._passed, self._grads = [], {self.root: self._seed}

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

    def data(self, target: Node | str) -> Any:
        """The number or array that a node holds by now; None if its operation is still ahead."""
        node = self._find(target)
        return node.data if self._known_from.get(node, 0) <= self.position else None

    def grad(self, target: Node | str) -> Any:
        """The gradient that a node has got so far; None if nothing has reached it: that is not the same as 0."""
        node = self._find(target)
        return looked_at(self._grads.get(node)) if self.position >= len(self._operations) else None

    def commit(self) -> None:
        """Write the gradients to the nodes, as `backward()` does: leaves add them to what they have.

        Raises GraphError before the end, when they are not yet complete.
        """
        if self.position < len(self):
            raise GraphError(f"{self!r} is not at the end, and gradients are incomplete: run() first, then commit()")
        commit(unshared(dict(self._grads)))

    def __len__(self) -> int:
        return len(self._operations) + len(self._edges)

    def __iter__(self) -> Iterator[Step]:
        while (step := self.next()) is not None:
            yield step

    def __copy__(self) -> "Stepper":
        twin = object.__new__(type(self))
        own = {"breakpoints": list(self.breakpoints), "_passed": list(self._passed), "_grads": dict(self._grads)}
        twin.__dict__.update(self.__dict__, **own)
        return twin

    def __repr__(self) -> str:
        done = f"{self._heading(self.position)} done" if self.position else "nothing done yet"
        ahead = f"next is {self._heading(self.position + 1)}" if self.position < len(self) else "nothing left"
        return f"<Stepper at {self.position:,} of {len(self):,}: {done}, {ahead}>"

    def _heading(self, position: int) -> str:
        forward = len(self._operations)
        if position <= forward:
            return heading("forward", position, forward)
        return heading("backward", position - forward, len(self._edges))

    def _reached(self, position: int) -> Node:
        """The node that the step after a position gives a number: its data forward, its gradient backward."""
        if position < len(self._operations):
            return self._operations[position]
        node, index = self._edges[position - len(self._operations)]
        return node.parents[index]

    def _latest(self) -> Step:
        if not self._passed:
            node = self._operations[self.position - 1]
            return Step(self.position, len(self._operations), node, self.root, self.names)
        passed = self._passed[-1]
        number, edges = len(self._passed), self._edges_to[passed.parent]
        return Step.backward(number, len(self._edges), passed, self.root, self.names, edges)

    def _advance(self, position: int) -> Step | None:
        """Do the steps up to a position, or to the first breakpoint on the way."""
        while self.position < position:
            step = self.next()
            if step is not None and any(predicate(step) for predicate in self.breakpoints):
                break
        return self.step

    def _go(self, position: int) -> Step | None:
        if not 0 <= position <= len(self):
            raise ValueError(f"a position is a number from 0 to {len(self):,}, got {position!r}")
        while self.position < position:
            self.next()
        while self.position > position:
            self.back()
        return self.step

    @cached_property
    def _labels(self) -> Labels:
        return Labels(self.names)

    def _find(self, target: Node | str) -> Node:
        if not isinstance(target, Node):
            return self._labels[target]
        if target not in self.names:
            raise GraphError(
                f"{target!r} is no node of this graph: nothing that led to {self.names[self.root]} used it"
            )
        return target
