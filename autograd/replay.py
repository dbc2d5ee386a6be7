"""replay: a recorded graph as a function of its leaves, computed by NumPy or by another library with NumPy's names."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from autograd import numbers
from autograd.along import AlongAxes
from autograd.arrays import ArrayNamespace, Shape
from autograd.errors import GraphError
from autograd.graph import Graph
from autograd.namespaces import Namespace
from autograd.node import Node
from autograd.preconditions import check_node

# What the definitions take from NumPy when they are read with arrays, they take from the library.
_TAKEN = {name for name in dir(ArrayNamespace(np.float64)) if hasattr(np, name) or name in numbers.ARRAYS} - {"dtype"}
_IN_SCIPY = {"lgamma": "gammaln"}
_SPECIAL = {"jax.numpy": "jax.scipy.special"}


def replay(root: Node | Graph, namespace: Any = np, leaves: Sequence[Node] | None = None) -> Callable[..., Any]:
    """The recorded graph as a function: it takes an array for each leaf, and computes what was recorded with those.

    `namespace` is what computes it: NumPy, or a module with NumPy's names such as `jax.numpy`, whose functions can
    then be compiled and differentiated by their library. The arrays come in the order of `Graph.leaves`, or of
    `leaves`; a leaf that is not among these keeps the numbers that it has now. A graph of several roots gives a tuple.

    Shapes, axes and indices are those that were recorded; where the numbers chose a path in the program that recorded
    the graph, it is that path. A graph of Values takes numbers, or arrays to be computed with element by element.
    A library that differentiates the function differentiates the values as they are defined, not our derivatives: at
    kinks and ties it may choose otherwise.

    Raises GraphError for what is no node and, when it is called, for an operation that the library has no function for.

    >>> from autograd import Tensor
    >>> w, x = Tensor([1.0, 2.0], "w"), Tensor([3.0, 4.0], "x")
    >>> again = replay((w * x).sum())
    >>> [float(again(w, np.array([3.0, 4.0]))) for w in np.eye(2)]
    [3.0, 4.0]
    """
    graph = root if isinstance(root, Graph) else Graph(root)
    given = graph.leaves if leaves is None else tuple(leaves)
    for leaf in given:
        check_node(leaf, "replay, leaves:")
    m = Library(namespace)

    def function(*numbers_of_leaves: Any) -> Any:
        if len(numbers_of_leaves) != len(given):
            names = ", ".join(leaf.label or "?" for leaf in given)
            raise TypeError(
                f"replay: the graph is a function of {len(given)} leaves ({names}), got {len(numbers_of_leaves)}"
            )
        known = {x: namespace.asarray(a) for x, a in zip(given, numbers_of_leaves, strict=True)}
        with np.errstate(all="ignore"):
            found = computed(graph, known, m.computed, lambda leaf: np.asarray(leaf.data))
        results = tuple(found[each] for each in graph.roots)
        return results if len(results) > 1 else results[0]

    return function


def computed(
    graph: Graph,
    known: Mapping[Node, Any],
    compute: Callable[[Node, list[Any]], Any],
    of_leaf: Callable[[Node], Any],
) -> dict[Node, Any]:
    """What every node of the graph is where some are `known`: `compute` is given a node and what its operands are."""
    found = dict(known)
    for node in graph.nodes:
        if node not in found:
            operands = [found[x] if isinstance(x, Node) else x for x in node.operands]
            found[node] = of_leaf(node) if node.op is None else compute(node, operands)
    return found


class Library(Namespace):
    """Reads definitions with the functions of a library that has NumPy's names, and changes no array in place."""

    def __init__(self, library: Any) -> None:
        super().__init__({})
        self.library = library

    def computed(self, node: Any, operands: list[Any]) -> Any:
        """What the node's operation gives for other operands."""
        op = node.op
        try:
            if type(node._data) is not float:
                out = op.array_value(self, operands, node.settings)
                # Where a definition has two plain numbers to choose from, NumPy makes them float64.
                return out.astype(node.dtype) if node.dtype == np.float32 and out.dtype != np.float32 else out
            if not op.over_lists:
                return op.value(self, operands)
            lists = [self._row(items) for items in op.arranged(operands)]
            return self.reshape(op.in_rows[0](self.along((0,)), *lists), lists[0].shape[1:])
        except _MissingError as error:
            raise GraphError(f"replay: {op.name} cannot be computed by {self.library.__name__}: {error}") from error

    def _row(self, items: Sequence[Any]) -> Any:
        """The operands of an operation over lists in one array, along a first axis."""
        return self.stack(self._taken("broadcast_arrays")(*items))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in _TAKEN:
            return super().__getattr__(name)
        function = self.__dict__[name] = self._taken(name)
        return function

    def _taken(self, name: str) -> Callable[..., Any]:
        """The library's function; the special functions it may keep apart from NumPy's."""
        found = getattr(self.library, name, None)
        if found is None and self.library is np:
            found = numbers.ARRAYS.get(name)
        elif found is None and self.library.__name__ in _SPECIAL:
            found = getattr(import_module(_SPECIAL[self.library.__name__]), _IN_SCIPY.get(name, name), None)
        if found is None:
            raise _MissingError(f"it has no {name}")
        function: Callable[..., Any] = found
        return function

    def cast(self, x: Any, dtype: Any) -> Any:
        """The same numbers in another dtype."""
        return x.astype(dtype)

    def total(self, x: Any, axes: Shape, *, keepdims: bool = True) -> Any:
        """The sum along axes, which stay with length 1."""
        return self.sum(x, axis=axes, keepdims=keepdims)

    def scatter(self, x: Any, index: Any, like: Shape) -> Any:
        """Zeros of the shape `like` with the elements of `x` at `index`; those that meet at one place are summed."""
        zeros = self._taken("zeros")(like, x.dtype)
        if hasattr(zeros, "at"):
            return zeros.at[index].add(x)
        add: Any = self._taken("add")
        add.at(zeros, index, x)
        return zeros

    def polygamma(self, n: Any, x: Any) -> Any:
        """The derivative number `n` of digamma: a whole number, which libraries want as such."""
        return self._taken("polygamma")(np.asarray(n).astype(int), x)

    def along(self, axes: Shape) -> "_RowsOfLibrary":
        """The namespace for definitions written for rows, where the rows lie along these axes."""
        return _RowsOfLibrary(self, axes)


class _RowsOfLibrary(AlongAxes):
    """Reads definitions written for rows with a library's arrays."""

    def _folded(self, name: str, x: Any) -> Any:
        return getattr(self.base, name)(x, axis=self.axes, keepdims=True)

    def max(self, x: Any) -> Any:
        """The greatest of each row."""
        return self._folded("max", x)

    def min(self, x: Any) -> Any:
        """The least of each row."""
        return self._folded("min", x)

    def prod(self, x: Any) -> Any:
        """The product of each row."""
        return self._folded("prod", x)

    def dot(self, x: Any, y: Any) -> Any:
        """The sum of the products of two rows."""
        return self.sum(x * y)

    def norm(self, x: Any) -> Any:
        """The length of each row, which is scaled, so that no square overflows or vanishes."""
        greatest = self.shift(self.base.abs(x))
        scale = self.base.where(greatest == 0.0, 1.0, greatest)
        return scale * self.base.sqrt(self.sum(self.base.square(x / scale)))

    def shift(self, x: Any) -> Any:
        """What to subtract from each row, so that exp cannot overflow: its greatest number, if that is finite."""
        greatest = self.base.max(x, axis=self.axes, keepdims=True, initial=-np.inf)
        return self.base.where(greatest - greatest == 0.0, greatest, 0.0)


class _MissingError(AttributeError):
    """The library has no such function."""
