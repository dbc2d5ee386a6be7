"""Claim: a function of numbers, and what somebody claims to be its derivatives, as two things to hold side by side."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, product
from typing import Any

import numpy as np

from autograd import higher, reverse
from autograd.node import Node
from autograd.testing.arguments import Arguments, flat, flat_like, flat_numbers
from autograd.value import Value

Point = Sequence[float] | np.ndarray[Any, Any]
_ULPS = 2  # by which an operation may be off
_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Claim:
    """The `results` of a function at any point, and at the given one the matrix of their claimed derivatives.

    `names` has a name for each result, as the derivatives that were taken already: `("f", "x")` is ∂f/∂x. `noises` says
    by how much each may be off, as far as more is known of that than its size shows.
    """

    arguments: Arguments
    order: int
    names: list[tuple[str, ...]]
    results: Callable[[Point], Sequence[float]]
    jacobian: np.ndarray[Any, np.dtype[np.float64]]
    noises: Sequence[float]

    def name(self, row: int, column: int) -> str:
        """How the derivative of result `row` in number `column` is written: `∂²f/∂x∂y`."""
        return derivative_name(*self.names[row], self.arguments.names[column])


def derivative_name(result: str, *variables: str) -> str:
    """The derivative of `result` in `variables`, one after another.

    >>> derivative_name("f", "x"), derivative_name("f", "x", "y"), derivative_name("f", "x", "x", "w[0]")
    ('∂f/∂x', '∂²f/∂x∂y', '∂³f/∂x²∂w[0]')
    >>> derivative_name("f")
    'f'
    """
    if not variables:
        return result
    runs = [(name, len(list(run))) for name, run in groupby(variables)]
    below = "".join(f"∂{name}{_power(times)}" for name, times in runs)
    return f"∂{_power(len(variables))}{result}/{below}"


def _power(exponent: int) -> str:
    return str(exponent).translate(_POWERS) if exponent > 1 else ""


def _result_names(name: str, count: int) -> list[tuple[str, ...]]:
    if not count:
        raise TypeError(f"check_gradients: the result of {name} holds no number")
    return [(name,)] if count == 1 else [(f"{name}[{i}]",) for i in range(count)]


@dataclass(frozen=True)
class Recorded:
    """A function of Values: what it computes, and the derivatives of any order that its graph gives."""

    f: Callable[..., Any]
    arguments: Arguments
    name: str

    def claim(self, order: int) -> Claim:
        """That the graph's derivatives of this order are those of the order before; of order 0, those of `f` itself."""
        point = self.arguments.numbers
        graphs = self.graphs(order - 1, self.leaves(point))
        noises = [_rounding(node) if isinstance(node, Node) else 0.0 for node in graphs]
        jacobian = np.reshape(self.derivatives(order, point), (len(graphs), len(point)))
        names = self.names(order - 1, len(graphs))
        return Claim(self.arguments, order, names, partial(self.derivatives, order - 1), jacobian, noises)

    def names(self, order: int, count: int) -> list[tuple[str, ...]]:
        """The names of all `count` derivatives of this order."""
        taken = list(product(self.arguments.names, repeat=order))
        results = _result_names(self.name, count // len(taken))
        return [result + by for result, by in product(results, taken)]

    def leaves(self, point: Point) -> list[Value]:
        """A fresh Value for each number."""
        return [Value(x, name) for x, name in zip(point, self.arguments.names, strict=True)]

    def outputs(self, leaves: Sequence[Value]) -> list[Any]:
        """The results for these leaves: Values, or plain numbers where they depend on none."""
        return flat_numbers(f"the result of {self.name}", self.f(*self.arguments.rebuilt(leaves)))

    def derivatives(self, order: int, point: Point) -> list[Any]:
        """Every derivative of this order at a point; of order 0, the results, also for complex numbers."""
        if order == 0 and np.iscomplexobj(point):
            return flat(self.f(*self.arguments.rebuilt(point)))
        leaves = [Value(x) for x in point]
        if order == 0:
            return [_plain(x) for x in self.outputs(leaves)]
        found = []
        for node in self.graphs(order - 1, leaves):
            slopes = reverse.sweep(node) if isinstance(node, Node) else {}
            found += [slopes.get(leaf, 0.0) for leaf in leaves]
        return found

    def graphs(self, order: int, leaves: Sequence[Value]) -> list[Any]:
        """Every derivative of this order as a graph; of order 0, the results."""
        nodes = self.outputs(leaves)
        for _ in range(order):
            nodes = [slope for node in nodes for slope in _gradient(node, leaves)]
        return nodes


@dataclass(frozen=True)
class Given:
    """A function of plain numbers or of Values, and a gradient from elsewhere."""

    f: Callable[..., Any]
    gradient: Any
    arguments: Arguments
    name: str

    def claim(self) -> Claim:
        """That the gradient is the one of `f`: a matrix, if `f` gives several numbers.

        Raises ValueError if it has not as many numbers as `f` has derivatives.
        """
        point = self.arguments.numbers
        found = self.f(*self._given(point))
        names = _result_names(self.name, len(flat(found)))
        given = self.gradient(*self._given(point)) if callable(self.gradient) else self.gradient
        rows = self._rows(found, given) if len(names) > 1 else [given]
        claimed = [_plain(x) for row in rows for x in self._row(row)]
        if len(claimed) != len(names) * len(point):
            each = f" for each of the {len(names)} results" if len(names) > 1 else ""
            raise ValueError(
                f"check_gradients: {self.name} has {len(names) * len(point)} derivatives, one{each} in every number of "
                f"{', '.join(self.arguments.inputs)}, and gradient gives {len(claimed)}"
            )
        jacobian = np.reshape(np.array(claimed, float), (len(names), len(point)))
        return Claim(self.arguments, 1, names, self.results, jacobian, [0.0] * len(names))

    def _rows(self, found: Any, given: Any) -> Sequence[Any]:
        """The gradients of several results, one after another: as `jacobian` has them, or in JAX's and NumPy's form.

        That is, for several inputs, a tuple with an array for each, whose first axis is that of the results.
        """
        inputs = self.arguments.structures
        if isinstance(found, dict) and isinstance(given, dict):
            if found.keys() != given.keys():
                raise ValueError(f"check_gradients: gradient has the keys {list(given)}, and not {list(found)}")
            return [given[key] for key in found]
        by_input = isinstance(given, tuple) and len(given) == len(inputs) > 1
        if by_input and all(np.shape(each)[:1] == (len(found),) and isinstance(each, np.ndarray) for each in given):
            return [[each[i] for each in given] for i in range(len(found))]
        return given if isinstance(given, (list, tuple)) else [given]

    def _row(self, given: Any) -> list[Any]:
        """The gradient of one result in all inputs, in a row."""
        structures = self.arguments.structures
        return flat_like("gradient", structures[0] if len(structures) == 1 else structures, given)

    def results(self, point: Point) -> list[Any]:
        """What `f` gives at a point, also for complex numbers."""
        found = self.f(*self._given(point))
        if np.iscomplexobj(point):
            return flat(found)
        return [_plain(x) for x in flat_numbers(f"the result of {self.name}", found)]

    def _given(self, point: Point) -> tuple[Any, ...]:
        """The arguments as the caller gave them: Values if one of them was one."""
        return self.arguments.rebuilt([Value(x) for x in point] if self.arguments.has_values else point)


def _gradient(node: Any, leaves: Sequence[Value]) -> list[Any]:
    return higher.gradient(node, leaves) if isinstance(node, Node) else [0.0] * len(leaves)


def _rounding(root: Node) -> float:
    """The roundings of all results behind `root`, each as large as it is by the time that it has come there."""
    slopes = reverse.sweep(root).items()
    moved: list[float] = [abs(slope) * _ULPS * math.ulp(node.data) for node, slope in slopes if node.op is not None]
    return sum(x for x in moved if x == x)


def _plain(x: Any) -> float:
    return float(x.data) if isinstance(x, Node) else x
