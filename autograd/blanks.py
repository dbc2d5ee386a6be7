"""The blanks of a worksheet: the right number, what follows from earlier answers, which mistake explains another."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from autograd import board, terms
from autograd.answers import Answer
from autograd.board import LocalDerivative
from autograd.names import Names
from autograd.namespaces import FLOATS
from autograd.node import Node
from autograd.numerals import numeral
from autograd.reverse import Contribution, contributions


@dataclass(frozen=True, slots=True)
class Numbers:
    """The student's own numbers so far."""

    data: dict[Node, float]
    local: "dict[_Local, float]"
    grad: dict[Node, float]

    def operands(self, node: Node) -> Sequence[Any]:
        """The operands of the operation that made `node`, as its definition takes them."""
        assert node.op is not None
        return node.op.arranged([self.data[x] if isinstance(x, Node) else x for x in node.operands])


@dataclass(frozen=True, slots=True, eq=False)
class Blank(ABC):
    """A number to fill in: its name, the line that it ends, the right number, and what else it may be called."""

    name: str
    line: str
    right: float
    alias: str

    @abstractmethod
    def follows(self, own: Numbers) -> float:
        """The number that follows from those the student has so far."""

    @abstractmethod
    def enter(self, x: float, own: Numbers) -> None:
        """Let the student have `x` here."""

    @abstractmethod
    def explained(self, answer: Answer, own: Numbers) -> str:
        """What is wrong with the answer."""


@dataclass(frozen=True, slots=True, eq=False)
class _Forward(Blank):
    """The value of a node, and how it comes about in numbers."""

    node: Node

    def follows(self, own: Numbers) -> float:
        assert self.node.op is not None
        return float(self.node.op.value(FLOATS, own.operands(self.node)))

    def enter(self, x: float, own: Numbers) -> None:
        own.data[self.node] = x

    def explained(self, answer: Answer, own: Numbers) -> str:
        return str(board.in_numbers(self.node))


@dataclass(frozen=True, slots=True, eq=False)
class _Local(Blank):
    """The local derivative on an edge; `upstream` is the name of the gradient that comes to it."""

    step: Contribution
    derivative: LocalDerivative
    through: str
    upstream: str

    def follows(self, own: Numbers) -> float:
        node = self.step.node
        assert node.op is not None
        wanted = [isinstance(x, Node) for x in node.operands]
        derivatives = node.op.local_derivatives(FLOATS, own.operands(node), own.data[node], wanted)
        return float(derivatives[self.step.index])

    def enter(self, x: float, own: Numbers) -> None:
        own.local[self] = x

    def explained(self, answer: Answer, own: Numbers) -> str:
        return str(self.derivative)


@dataclass(frozen=True, slots=True, eq=False)
class _Gradient(Blank):
    """The gradient of a node, with the edges that it comes by."""

    node: Node
    edges: tuple[_Local, ...]

    def follows(self, own: Numbers) -> float:
        return sum(product for *_, product in self._parts(own))

    def enter(self, x: float, own: Numbers) -> None:
        own.grad[self.node] = x

    def explained(self, answer: Answer, own: Numbers) -> str:
        for x, mistake in self._mistakes(own):
            if answer.agrees(x):
                return mistake
        parts = "; ".join(
            f"through {edge.through}: {_product(edge.step.upstream, edge.step.local)}" for edge in self.edges
        )
        return f"{parts}; together {numeral(self.right)}" if len(self.edges) > 1 else parts

    def _parts(self, own: Numbers) -> list[tuple[_Local, float, float, float]]:
        """The edges with the student's upstream gradients, local derivatives and their products."""
        factors = [(edge, own.grad[edge.step.node], own.local[edge]) for edge in self.edges]
        return [(edge, upstream, local, upstream * local) for edge, upstream, local in factors]

    def _mistakes(self, own: Numbers) -> Iterator[tuple[float, str]]:
        """The mistakes that one may make at one edge, the likeliest first, each with the number that it leads to."""
        parts = self._parts(own)
        products = [product for *_, product in parts]

        def total(i: int, instead: float = 0.0) -> float:
            return sum((*products[:i], instead, *products[i + 1 :]))

        last = parts[-1][0].through
        for i, (edge, *_) in enumerate(parts):
            of_two = f", or {last} replaced it: = in place of +=" if len(parts) == 2 and i == 0 else ""
            yield total(i), f"you left out what comes through {edge.through}{of_two}"
        if len(parts) > 2:
            yield products[-1], f"what comes through {last} replaced the rest: = in place of +="
        for i, (edge, upstream, local, product) in enumerate(parts):
            right = _product(upstream, local)
            yield total(i, -product), f"what comes through {edge.through} has the wrong sign: {right}"
        for i, (edge, upstream, local, _) in enumerate(parts):
            forgotten = f"the local derivative {edge.name} = {numeral(local)}"
            yield total(i, upstream), f"you forgot {forgotten} on the way through {edge.through}"
        for i, (edge, upstream, local, _) in enumerate(parts):
            forgotten = f"the upstream gradient {edge.upstream} = {numeral(upstream)}"
            yield total(i, local), f"you forgot {forgotten} on the way through {edge.through}"


def sections(g: Node, order: Sequence[Node], names: Names) -> tuple[tuple[Blank, ...], ...]:
    """The values, local derivatives and gradients to fill in, each after those from which its number follows."""
    leaving: dict[Node, list[_Local]] = {node: [] for node in order}
    arriving: dict[Node, list[_Local]] = {}
    for step in contributions(g):
        edge = _local(step, g, names)
        leaving[step.node].append(edge)
        arriving[step.parent] = [*arriving.pop(step.parent, []), edge]  # last again: gradients as they are completed
    forward = [_forward(node, names) for node in order if node.op is not None]
    backward = [_gradient(node, edges, g, names) for node, edges in arriving.items()]
    return tuple(forward), tuple(chain(*leaving.values())), tuple(backward)


def _forward(node: Node, names: Names) -> _Forward:
    written = board.operation(node, lambda x: terms.name(names[x]))
    return _Forward(names[node], f"{names[node]} = {written}", node.data, "", node)


def _local(step: Contribution, g: Node, names: Names) -> _Local:
    derivative = board.local_derivatives(step.node, names)[step.index]
    title = str(terms.derivative(derivative.operation, derivative.operand))
    through = f"{names[step.node]} = {derivative.operation}"
    if sum(x is step.parent for x in step.node.parents) > 1:
        through += f", at {derivative.operand}"
    on_the_board = str(terms.derivative(terms.name(names[step.node]), derivative.operand))
    return _Local(title, title, step.local, on_the_board, step, derivative, through, ratio(g, step.node, names))


def _gradient(node: Node, edges: Sequence[_Local], g: Node, names: Names) -> _Gradient:
    title = ratio(g, node, names)
    return _Gradient(title, title, edges[-1].step.total, "", node, tuple(edges))


def ratio(g: Node, node: Node, names: Names) -> str:
    """The gradient of a node as a worksheet writes it."""
    return str(terms.derivative(terms.name(names[g]), terms.name(names[node])))


def _product(x: float, y: float) -> str:
    return f"{numeral(x)}·{numeral(y)} = {numeral(x * y)}"
