"""unroll: the graph of Values that a graph of Tensors stands for, number by number.

The Tensor's graph is computed once more, with arrays of Values in place of its leaves: an operation element by element
makes a node for each element, a sum or another fold one for each row, a product of matrices a `dot` for each element.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import Any

import numpy as np

from autograd import modes
from autograd.along import AlongAxes
from autograd.arrayop import ArrayOp, Reduction
from autograd.arrays import Array, ArrayNamespace, Shape, normalized
from autograd.define import registry
from autograd.graph import Graph
from autograd.node import Node
from autograd.numerals import count
from autograd.op import Op
from autograd.preconditions import check_node
from autograd.replay import computed
from autograd.value import Value


@dataclass(frozen=True, eq=False)
class Unrolled:
    """A graph of Values, and where each number of the graph of Tensors that it was made of is found in it.

    `root` is a Value or, for a result of several numbers, an array of them. `nodes` has for every Tensor of the graph
    an array of its shape with the Values of its elements in it, and `leaves` the same for the leaves alone. An element
    that is the same whatever the leaves hold is a float there.
    """

    root: Any
    leaves: Mapping[Node, Array]
    nodes: Mapping[Node, Array]

    def __repr__(self) -> str:
        values = [x for x in np.ravel(self.root) if isinstance(x, Value)]
        return f"<Unrolled {count(len(self.nodes), 'Tensor')}: {Graph(*values)!r}>"


def unroll(tensor: Node) -> Unrolled:
    """The scalar graph that a Tensor's graph stands for: to be drawn, stepped through and checked number by number.

    The Values of a leaf `W` are labelled `W[0, 1]`; those of a leaf without a label have none. Each has the scope of
    its Tensor. Values that the Tensors were made of stand in the new graph themselves.

    Raises GraphError for what is no node.

    >>> from autograd import Tensor
    >>> W, x = Tensor([[1.0, 2.0], [3.0, 4.0]], "W"), Tensor([0.5, -0.5], "x")
    >>> unrolled = unroll((W @ x).sum())
    >>> unrolled
    <Unrolled 4 Tensors: <Graph of 9 nodes: 6 leaves, 3 operations (dot 2, sum 1), depth 2>>
    >>> unrolled.root.backward()
    >>> unrolled.leaves[W][0, 1], unrolled.leaves[x][1].grad
    (Value(2.0, label='W[0, 1]', grad=-0.5), 6.0)
    """
    check_node(tensor, "unroll")
    graph = Graph(tensor)
    values: dict[Node, Any] = {node: np.array(node, object) for node in graph.nodes if isinstance(node, Value)}
    found = computed(graph, values, _computed, _values_of)
    nodes = {node: np.asarray(found[node]) for node in graph.nodes if node not in values}
    root = np.asarray(found[tensor])
    return Unrolled(root if root.ndim else root[()], {x: a for x, a in nodes.items() if x.op is None}, nodes)


def _values_of(leaf: Node) -> Array:
    """A new Value for each element of a leaf."""
    array = np.empty(leaf.data.shape, object)
    with modes.Switch(scope=leaf.scope):
        for place in np.ndindex(array.shape):
            array[place] = Value(float(leaf.data[place]), leaf.label and leaf.label + _subscript(place))
    return array


def _subscript(place: Shape) -> str:
    return f"[{', '.join(map(str, place))}]" if place else ""


def _computed(node: Any, operands: list[Any]) -> Array:
    """What a Tensor's operation gives for arrays of Values."""
    op = node.op
    given = [_as_objects(x) for x in operands]
    with modes.Switch(scope=node.scope):
        if isinstance(op, ArrayOp):
            result = _as_objects(op.array_value(_OBJECTS, given, node.settings))
        elif isinstance(op, Reduction):
            result = _folded(op, *given, **node.settings)
        else:
            result = _element_by_element(op, *given)
    if node.label and not (isinstance(op, ArrayOp) and op.rearranges):
        for place in np.ndindex(result.shape):
            element: Any = result[place]
            if isinstance(element, Value):
                element.label = node.label + _subscript(place)
    return result


class _Objects(np.ndarray[Any, Any]):
    """An array of Values and floats; what is computed from one without axes is an array too, and no Value."""

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        return array.view(_Objects)


def _as_objects(x: Any) -> Array:
    """An array of objects: bools among them as the numbers 1 and 0, which is how Values take a condition."""
    if not isinstance(x, np.ndarray):
        x = np.array(x, object)
    elif x.dtype != object:
        x = x.astype(float).astype(object)
    objects: Array = x.view(_Objects)
    return objects


def _element_by_element(op: Op, *operands: Any) -> Array:
    """The operation for each element, NumPy's broadcasting included."""
    given = [_as_objects(x) for x in operands]
    with np.errstate(all="ignore"):  # what is not finite, the operation itself reports
        return _as_objects(np.frompyfunc(op, len(given), 1)(*given))


def _folded(op: Op, *operands: Any, axis: Any = None, keepdims: bool = False) -> Array:
    """An operation over lists for each row along the axes."""
    axes = normalized(axis, operands[0].ndim, op.name)
    others = [i for i in range(operands[0].ndim) if i not in axes]
    lengths = [operands[0].shape[i] for i in others]
    rows = [x.transpose(*others, *axes).reshape(*lengths, prod(x.shape[i] for i in axes)) for x in operands]
    result = np.empty(lengths, object)
    for place in np.ndindex(*lengths):
        result[place] = op(*[list(x[place]) for x in rows])
    return _as_objects(np.expand_dims(result, axes) if keepdims else result)


def _matmul(x: Array, y: Array) -> Array:
    """The product of matrices as NumPy has it, with one `dot` for each element."""
    left = x if x.ndim > 1 else x[np.newaxis]
    right = y if y.ndim > 1 else y[:, np.newaxis]
    rows, columns = np.broadcast_arrays(left[..., :, np.newaxis, :], np.swapaxes(right, -1, -2)[..., np.newaxis, :, :])
    product = _folded(registry["dot"], rows, columns, axis=-1)
    product = product if y.ndim > 1 else product[..., 0]
    return product if x.ndim > 1 else product[..., 0, :] if y.ndim > 1 else product[..., 0]


class _ObjectNamespace(ArrayNamespace):
    """Reads definitions with arrays of Values: NumPy moves them about, and the operations compute with them."""

    def __init__(self) -> None:
        super().__init__(object)
        for name, op in registry.items():
            self.__dict__[name] = partial(_folded if op.over_lists else _element_by_element, op)
        del self.__dict__["where"]  # for the method of the class, which chooses
        self.matmul = _matmul

    def where(self, condition: Any, x: Any, y: Any) -> Any:
        """`x` where the condition holds, else `y`: of two Values the one that is chosen, and no node."""
        return _as_objects(np.where(np.asarray(condition, bool), _as_objects(x), _as_objects(y)))

    @staticmethod
    def cast(x: Any, dtype: Any) -> Any:
        """The Values as they are: they have one precision."""
        return x

    @staticmethod
    def total(x: Any, axes: Shape, *, keepdims: bool = True) -> Any:
        """The sum along axes."""
        return _folded(registry["sum"], x, axis=axes, keepdims=keepdims)

    @staticmethod
    def scatter(x: Array, index: Any, like: Shape) -> Array:
        """Zeros of the shape `like` with the elements of `x` at `index`; those that meet at one place are one sum."""
        places = np.arange(prod(like)).reshape(like)[index]
        meeting = defaultdict(list)
        for place, element in zip(np.ravel(places), x.ravel(), strict=True):
            meeting[place].append(element)
        out = np.full(like, 0.0, object)
        for place, elements in meeting.items():
            out.flat[place] = elements[0] if len(elements) == 1 else registry["sum"](elements)
        return _as_objects(out)

    def along(self, axes: Shape) -> "_RowsOfObjects":
        """The namespace for definitions written for rows, where the rows lie along these axes."""
        return _RowsOfObjects(self, axes)


def _fold(name: str) -> Callable[[Any, Any], Any]:
    """The method of that name: the operation for each row, which stays with length 1."""
    return lambda self, x: _folded(registry[name], x, axis=self.axes, keepdims=True)


class _RowsOfObjects(AlongAxes):
    """Reads definitions written for rows with arrays of Values."""

    max, min = _fold("max"), _fold("min")  # type: ignore[assignment]
    prod, norm = _fold("prod"), _fold("norm")  # type: ignore[assignment]

    def shift(self, x: Any) -> Any:
        """Plain numbers: the derivative does not depend on them."""
        return super().shift(x.astype(float))


_OBJECTS = _ObjectNamespace()
