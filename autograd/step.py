"""A step of backpropagation: an operation of the forward pass, or one edge of the backward pass.

Printed, a step is what a teacher writes on the board; its attributes hold the numbers in full.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np

from autograd import board, terms
from autograd.board import LocalDerivative
from autograd.names import Names
from autograd.node import Node
from autograd.notation import Formula, escaped
from autograd.numerals import brief, is_short
from autograd.preconditions import follows_from_operands
from autograd.readonly import handed_out
from autograd.reverse import Contribution

Phase = Literal["forward", "backward"]

_DERIVATIVES_SHOWN = 6


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Step:
    """Step `number` of the `of` steps of its pass: what happens at `node`.

    Forward, the operation that made `node` computes it from its operands. Backward, `node` passes to its `parent`
    number `index` its own gradient, `upstream`, times the `local` derivative: with this `product`, the parent's
    gradient goes from `before` (None: nothing had reached it) to `total`. Forward, all these are None. In a graph of
    Tensors they are arrays, and `local` is None where the operation mixes their elements.
    """

    number: int
    of: int
    node: Node
    root: Node
    names: Names
    index: int | None = None
    parent: Node | None = None
    upstream: Any = None
    local: Any = None
    product: Any = None
    before: Any = None
    total: Any = None
    is_one_of_several: bool = False  # contributions to the parent's gradient

    @classmethod
    def backward(cls, number: int, of: int, passed: Contribution, root: Node, names: Names, edges: int) -> Self:
        """The step of the backward pass in which this contribution, of the parent's `edges`, is made."""
        factors = looked_at(passed.upstream), looked_at(passed.local), looked_at(passed.product)
        sums = looked_at(passed.before), looked_at(passed.total)
        return cls(number, of, passed.node, root, names, passed.index, passed.parent, *factors, *sums, edges > 1)

    @property
    def phase(self) -> Phase:
        """The pass that the step belongs to."""
        return "forward" if self.parent is None else "backward"

    @property
    def reached(self) -> Node:
        """The node that the step gives a number: forward its data, backward its gradient."""
        return self.node if self.parent is None else self.parent

    @property
    def statement(self) -> Formula:
        """The operation at which it happens: `p = x + y`."""
        return terms.equation(self._name(self.node), board.operation(self.node, self._name))

    @property
    def rule(self) -> Formula:
        """What is done, in symbols: forward `p = x + y`, backward `∂g/∂x = ∂g/∂p · ∂p/∂x`.

        Of arrays, what the operation's definition makes of the gradient: `∂L/∂W = xᵀ @ ∂L/∂h`. A gradient that is the
        sum of several contributions gets each by `+=`. From the result to an operand that it depends on in other ways
        too, the local derivative is not ∂g/∂x: it is that of the operation, ∂(x + y)/∂x.
        """
        if self.parent is None:
            return self.statement
        root, node = self._name(self.root), self._name(self.node)
        if type(self.node.data) is not float:
            return self._rule_of_arrays(terms.derivative(root, self._name(self.parent)), terms.derivative(root, node))
        derivative = self.local_derivative
        assert derivative is not None
        of = derivative.operation if self.is_one_of_several and self.node is self.root else node
        product = terms.chained("·", terms.derivative(root, node), terms.derivative(of, derivative.operand))
        return terms.chained(self._sign, terms.derivative(root, self._name(self.parent)), product)

    @property
    def _sign(self) -> str:
        return "+=" if self.is_one_of_several else "="

    def _rule_of_arrays(self, gradient: Formula, upstream: Formula) -> Formula:
        assert self.index is not None
        assert self.node.op is not None
        found = board.passed_back(self.node, self.index, terms.in_a_product(upstream), self._name)
        if found is not None:
            return terms.chained(self._sign, gradient, found)
        by_rule = f"by the rule of {self.node.op.name}"
        return Formula.name(
            f"{gradient} from {upstream} {by_rule}",
            rf"{gradient.latex} \text{{ from }} {upstream.latex} \text{{ {escaped(by_rule)}}}",
        )

    @property
    def numbers(self) -> Formula:
        """What is done, in numbers: forward `1 + 3 = 4`, backward `-3 · 1 = -3`; of large arrays, what comes out."""
        if self.parent is None:
            return board.in_numbers(self.node)
        upstream, product = terms.number(self.upstream), terms.number(self.product)
        if type(self.node.data) is float:
            return terms.equation(terms.chained("·", upstream, terms.number(self.local)), product)
        if not all(map(is_short, (self.upstream, self.node.data, *(x.data for x in self.node.parents)))):
            return product
        if np.shape(self.upstream) == np.shape(self.local) == np.shape(self.product):
            return terms.equation(terms.chained("⊙", upstream, terms.number(self.local)), product)
        assert self.index is not None
        factors = board.passed_back(self.node, self.index, upstream, lambda x: terms.number(x.data))
        return product if factors is None else terms.equation(factors, product)

    @property
    def local_derivative(self) -> LocalDerivative | None:
        """That on the edge to `parent`; None in the forward pass, and where elements of arrays are mixed."""
        if self.index is None:
            return None
        return next(iter(board.local_derivatives(self.node, self.names, [self.index])), None)

    @property
    def heading(self) -> str:
        """Where in its pass the step is: `backward 3 of 4`."""
        return heading(self.phase, self.number, self.of)

    @property
    def so_far(self) -> str:
        """How the parent's gradient changes: `x so far: 0 → -3`; empty in the forward pass."""
        if self.parent is None:
            return ""
        if self.before is None and np.ndim(self.total):
            return f"{self.names[self.parent]} so far: this"
        before = 0.0 if self.before is None else self.before
        return f"{self.names[self.parent]} so far: {brief(before)} → {brief(self.total)}"

    @property
    def equations(self) -> list[Formula]:
        """The lines on the board: the operation, the local derivatives that matter here, the chain rule."""
        return list(self._forward() if self.parent is None else self._backward())

    def _forward(self) -> Iterator[Formula]:
        yield terms.equation(self.statement, self.numbers)
        edges = len(self.node.parents)
        derivatives = board.local_derivatives(self.node, self.names, range(min(edges, _DERIVATIVES_SHOWN)))
        for derivative in derivatives:
            yield derivative.equation
        if derivatives and edges > _DERIVATIVES_SHOWN:
            yield _remark(f"… {edges - _DERIVATIVES_SHOWN:,} more")

    def _backward(self) -> Iterator[Formula]:
        yield self.statement
        derivative = self.local_derivative
        if derivative is not None and derivative.formula is not None:
            yield derivative.equation
        yield terms.equation(self.rule, self.numbers)

    @property
    def remarks(self) -> list[Formula]:
        """What is to be said beside the equations."""
        if follows_from_operands(self.node):
            return []
        return [_remark(f"({self.names[self.node]} was computed before its operands got the numbers they have now)")]

    def __repr__(self) -> str:
        first, *others = [equation.text for equation in self.equations]
        if self.so_far:
            others[-1] += f"        ({self.so_far})"
        others += [remark.text for remark in self.remarks]
        return "\n".join([f"{self.heading}    {first}", *[f"  {line}" for line in others]])

    @property
    def latex(self) -> str:
        """The same lines in LaTeX, in an `aligned` environment."""
        lines = [equation.latex for equation in [*self.equations, *self.remarks]]
        if self.parent is not None:
            before = terms.number(0.0 if self.before is None else self.before).latex
            total = terms.number(self.total).latex
            lines[-1 - len(self.remarks)] += rf" \qquad ({self._name(self.parent).latex}: {before} \to {total})"
        rows = " \\\\\n".join(f"& {line}" for line in lines)
        return f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"

    def _name(self, node: Node) -> Formula:
        return terms.name(self.names[node])


def looked_at(x: Any) -> Any:
    """A number or an array, which cannot be written to: the steps that follow need it."""
    return handed_out(x) if isinstance(x, np.ndarray) else x


def heading(phase: Phase, number: int, of: int) -> str:
    """Where in its pass a step is: `backward 3 of 4`."""
    return f"{phase} {number:,} of {of:,}"


def _remark(text: str) -> Formula:
    return Formula.name(text, rf"\text{{{escaped(text)}}}")
