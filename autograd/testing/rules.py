"""What the rule of an operation says in symbols: as it is defined, and as it follows from the value's definition."""

import math
from collections.abc import Sequence
from typing import Any

from autograd import board, reverse
from autograd.higher import NODES
from autograd.namespaces import SYMBOLS
from autograd.node import Node
from autograd.notation import Formula
from autograd.op import Op
from autograd.order import topological_order
from autograd.testing.differences import Estimate
from autograd.value import Value

_LONGEST_FORMULA = 100


def operand_names(op: Op, count: int) -> list[str]:
    """The operands' names in the definition; those of lists are numbered."""
    if not op.over_lists:
        return list(op.operands)
    length = count // len(op.operands)
    return [f"{name}[{i}]" for name in op.operands for i in range(length)]


def as_defined(op: Op, operands: Sequence[Node | float], place: int) -> Formula | None:
    """The derivative in the operand at `place`, as the definition has it; None if it is fit for numbers alone."""
    names = [Formula.name(name) for name in operand_names(op, len(operands))]
    wanted = [i == place for i in range(len(operands))]
    try:
        [written] = op.local_derivatives(SYMBOLS, op.arranged(names), op.notation.write(*names), wanted)
    except (TypeError, AttributeError):
        return None
    return _short(Formula.of(written))


def from_value(op: Op, operands: Sequence[Node | float], place: int, shown: Estimate) -> Formula | None:
    """The derivative that the chain rule finds in the definition of the value, if it is what differences show.

    None too if the definition is fit for numbers alone, or is that of a function that is this operation itself.
    """
    leaves = [Value(x.data if isinstance(x, Node) else x) for x in operands]
    names = map(Formula.name, operand_names(op, len(operands)))
    try:
        out = NODES.evaluate(op.forward, *op.arranged(leaves))
        if not isinstance(out, Node) or any(inner.op is op for inner in topological_order(out)):
            return None
        written = _swept(out, dict(zip(leaves, names, strict=True))).get(leaves[place], 0.0)
    except (TypeError, AttributeError):
        return None
    slope = reverse.sweep(out).get(leaves[place], 0.0)
    agrees = math.isclose(slope, shown.value, rel_tol=1e-9, abs_tol=4.0 * shown.error)
    return _short(Formula.of(written)) if agrees else None


def _swept(out: Node, written: dict[Node, Formula]) -> dict[Node, Any]:
    """The backward sweep in symbols: for each node behind `out` its gradient as a formula, or as a number."""
    order = topological_order(out)
    for node in order:
        if node not in written:
            written[node] = Formula.of(node.data) if node.op is None else board.operation(node, written.__getitem__)
    grads: dict[Node, Any] = {out: 1.0}
    for node in reversed(order):
        if node.op is None or node not in grads:
            continue
        operands = [written[x] if isinstance(x, Node) else x for x in node.operands]
        is_node = [isinstance(x, Node) for x in node.operands]
        locals_ = node.op.local_derivatives(SYMBOLS, node.op.arranged(operands), written[node], is_node)
        for parent, local in zip(node.parents, locals_, strict=True):
            product = _product(grads[node], local)
            grads[parent] = grads[parent] + product if parent in grads else product
    return grads


def _product(upstream: Any, local: Any) -> Any:
    return local if isinstance(upstream, float) and upstream == 1.0 else upstream * local


def _short(formula: Formula) -> Formula | None:
    return formula if len(formula.text) <= _LONGEST_FORMULA else None
