"""jvp, forward mode: derivatives along a direction, carried through the recorded graph in the order of its computation.

No rule is written a second time. Element by element the local derivatives of the definitions are what is multiplied
with; an operation that is linear is applied to the tangents themselves; and for any other operation on whole arrays the
pullback, which is linear in its gradient, is differentiated in that.
"""

import operator
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np

from autograd import higher, modes, ops, reverse
from autograd.arrayop import ArrayOp, Reduction
from autograd.arrays import NUMPY, shape
from autograd.higher import NODES
from autograd.node import Node
from autograd.nonfinite import expected
from autograd.op import scaled
from autograd.order import operations_in_order
from autograd.recording import operand_arrays
from autograd.runs import Function, direction, run, zero_like
from autograd.structure import flatten, mapped, paired
from autograd.tensor import Tensor
from autograd.value import Value


def jvp(f: Function, args: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """What `f` gives for the arguments, and how fast it changes as these move along `tangents`.

    `tangents` has the structure, shapes and dtypes of `args`, and what comes back those of the result. The function is
    run once and its graph passed through once, whatever the number of arguments and results; nothing is swept back.
    Given Values or Tensors, or inside a function that is being differentiated, the result can be differentiated again.

    Raises TypeError and ValueError, which name the place, for tangents that do not fit.

    >>> jvp(lambda x, y: [x * y, x + y], (2.0, 3.0), (1.0, 0.5))
    ([6.0, 5.0], [4.0, 1.5])
    >>> jvp(lambda x: x**2, [np.array([1.0, 2.0])], [np.array([1.0, 10.0])])
    (array([1., 4.]), array([ 2., 40.]))
    """
    ran = run(f, tuple(args), {}, range(len(args)))
    moving = {x: direction(x, given, place) for place, x, given in paired(ran.variables, tangents, "tangents")}
    outputs = [x for x in flatten(ran.output) if isinstance(x, Node)]
    as_graph = ran.is_differentiated_further(*outputs) or any(isinstance(t, Node) for t in moving.values())
    carried = _carried_as_graph(outputs, moving) if as_graph else _carried(outputs, moving)

    def tangent(output: Any) -> Any:
        found = carried.get(output) if isinstance(output, Node) else None
        if as_graph and isinstance(output, Node):
            return higher.as_node(found, output)
        if isinstance(found, np.ndarray):
            return found.copy()  # it may be a view, or that of another result too
        return zero_like(output) if found is None else found

    return mapped(lambda x: x if as_graph else ran.plain(x), ran.output), mapped(tangent, ran.output)


def _carried(outputs: Sequence[Node], tangents: Mapping[Node, Any]) -> dict[Node, Any]:
    """The tangent of every node behind the outputs that moves with the given ones, as floats and arrays."""
    found = dict(tangents)
    with np.errstate(all="ignore"):
        for node in operations_in_order(*outputs):
            if node in found or not any(parent in found for parent in node.parents):
                continue
            if type(node._data) is float:
                pairs = zip(node.parents, node.partials, strict=True)
                found[node] = _total([found[x] * local for x, local in pairs if x in found])
            else:
                found[node] = _of_array(NUMPY[node._data.dtype], node, operand_arrays(node), node._data, found)
    return found


def _carried_as_graph(outputs: Sequence[Node], tangents: Mapping[Node, Any]) -> dict[Node, Any]:
    """The same with tangents that are nodes where they depend on any, computed anew from what the nodes hold."""
    found = {x: higher.as_node(tangent, x) for x, tangent in tangents.items()}
    with modes.enable_grad(), np.errstate(all="ignore"):
        for node in operations_in_order(*outputs):
            if node in found or not any(parent in found for parent in node.parents):
                continue
            if type(node._data) is float:
                locals_ = higher.local_derivatives(node, found)
                found[node] = _total([higher.product(found[x], local) for x, local in locals_])
            else:
                node.check_operands()
                found[node] = _of_array(NODES, node, node.operands, node, found)
    return found


def _of_array(m: Any, node: Any, operands: Sequence[Any], out: Any, found: Mapping[Node, Any]) -> Any:
    """The tangent of a Tensor: `m` reads its operation's definition, `operands` and `out` are as `m` has them."""
    op, settings = node.op, node.settings
    tangents = [_as_array(found[x]) if isinstance(x, Node) and x in found else None for x in node.operands]
    if isinstance(op, ArrayOp) and op.is_linear:
        tangent = _linear(m, op, tangents, operands, settings)
    elif isinstance(op, ArrayOp):
        tangent = _transposed(op, tangents, operands, out, settings)
    else:
        moving = [i for i, t in enumerate(tangents) if t is not None]
        tangent = _total([scaled(tangents[i], op.array_derivative(m, i, operands, out, settings)) for i in moving])
        if isinstance(op, Reduction):
            tangent = ops.sum(tangent, **settings)
    if shape(tangent) != node.shape:
        tangent = m.broadcast_to(tangent, node.shape)
    return tangent if isinstance(tangent, Node) else np.asarray(tangent, node.dtype)


def _as_array(tangent: Any) -> Any:
    """The tangent of an operand that may be a Value, as an array or a Tensor."""
    if isinstance(tangent, Value):
        return ops.reshape(ops.stack([tangent]), ())
    return np.asarray(tangent) if isinstance(tangent, float) else tangent


def _linear(m: Any, op: ArrayOp, tangents: Sequence[Any], operands: Sequence[Any], settings: Mapping[str, Any]) -> Any:
    """The operation itself with an operand's tangent in its place, summed; a list of operands is replaced whole."""
    if op.is_variadic:
        replaced = [[np.zeros(shape(x)) if t is None else t for x, t in zip(operands, tangents, strict=True)]]
    else:
        replaced = [[*operands[:i], t, *operands[i + 1 :]] for i, t in enumerate(tangents) if t is not None]
    if m is NODES:
        return _total([op(each, **settings) if op.is_variadic else op(*each, **settings) for each in replaced])
    return _total([op.array_value(m, each, settings) for each in replaced])


def _transposed(
    op: ArrayOp, tangents: Sequence[Any], operands: Sequence[Any], out: Any, settings: Mapping[str, Any]
) -> Any:
    """The pullback of each operand, which is linear in its gradient, differentiated in that along the tangent."""
    found = []
    with modes.enable_grad(), expected():
        for i, tangent in enumerate(tangents):
            if tangent is not None:
                gradient = Tensor(np.ones(shape(out)), dtype=out.dtype)
                product = op.vjp(NODES, i, gradient, operands, out, settings)
                if not isinstance(product, Node):  # it does not depend on the gradient: the operation is flat here
                    continue
                if isinstance(out, Node):
                    found += higher.gradients({product: tangent}, [gradient])
                else:
                    found.append(reverse.sweep_from({product: tangent})[gradient])
    return _total(found) if found else np.zeros(shape(out))


def _total(terms: Sequence[Any]) -> Any:
    """The sum, which starts from the first: 0 + -0 would lose a sign."""
    return reduce(operator.add, terms)
