"""Claim: a function of numbers, and what somebody claims to be its derivatives, as two things to hold side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, product
from typing import Any

import numpy as np

from autograd.tensor import Tensor
from autograd.testing import sweeps
from autograd.testing.arguments import (
    Arguments,
    Point,
    element_names,
    flat,
    flat_like,
    flat_numbers,
    numbers_of,
)
from autograd.testing.sweeps import Array

MOST_JUDGED = 256  # derivatives that are judged one by one
_SEED = 0
_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Claim:
    """The `results` of a function at any point, and what their derivatives are claimed to be at the given one.

    `names` has a name for each result, as the derivatives that were taken already: `("f", "x")` is ∂f/∂x.

    `claimed(rows, weights)` is the gradient, in all numbers, of the sum of these results, each times its weight; and by
    how much that sum may be off, as far as more is known of that than its size shows.
    """

    arguments: Arguments
    order: int
    names: list[tuple[str, ...]]
    results: Callable[[Point], Sequence[float]]
    claimed: Callable[[Sequence[int], Array], tuple[Array, float]]

    def name(self, row: int, column: int) -> str:
        """How the derivative of result `row` in number `column` is written: `∂²f/∂x∂y`."""
        return derivative_name(*self.names[row], self.arguments.names[column])


def from_matrix(jacobian: Array, outputs: Sequence[Any], rows: Sequence[int], weights: Array) -> tuple[Array, float]:
    """What is `claimed` where all derivatives are known. The roundings are those of `outputs`, if these are nodes."""
    noise = sum(sweeps.rounding(slopes) for slopes in sweeps.of_rows(outputs, rows, weights))
    return weights @ jacobian[rows], noise


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


def _output_names(name: str, outputs: Sequence[Any]) -> list[str]:
    return [f"{name}[{i}]" for i in range(len(outputs))] if len(outputs) > 1 else [name]


def _result_names(name: str, outputs: Sequence[Any]) -> list[tuple[str, ...]]:
    each = map(element_names, _output_names(name, outputs), outputs)
    names: list[tuple[str, ...]] = [(element,) for elements in each for element in elements]
    if not names:
        raise TypeError(f"check_gradients: the result of {name} holds no number")
    return names


@dataclass(frozen=True)
class Recorded:
    """A function of Values and Tensors: what it computes, and the derivatives of any order that its graph gives.

    Of more than are judged one by one, the derivatives of one order are summed, with random weights, before those of
    the next are taken.
    """

    f: Callable[..., Any]
    arguments: Arguments
    name: str

    def claim(self, order: int) -> Claim:
        """That the graph's derivatives of this order are those of the order before; of order 0, those of `f` itself."""
        leaves = self.leaves(self.arguments.numbers)
        graphs = self.graphs(order - 1, leaves)
        claimed = partial(_from_graphs, graphs, leaves)
        return Claim(self.arguments, order, self.names(order - 1), partial(self.derivatives, order - 1), claimed)

    def names(self, order: int) -> list[tuple[str, ...]]:
        """The names of all derivatives of this order."""
        if order == 0:
            return _result_names(self.name, self.outputs(self.leaves(self.arguments.numbers)))
        return [(*name, by) for name, by in product(self._names_to_differentiate(order - 1), self.arguments.names)]

    def graph_names(self, order: int) -> list[str]:
        """The names of the `graphs` of this order."""
        if order == 0:
            return _output_names(self.name, self.outputs(self.leaves(self.arguments.numbers)))
        names = self._names_to_differentiate(order - 1)
        return [derivative_name(*name, by) for name, (by, _) in product(names, self.arguments.parts)]

    def _names_to_differentiate(self, order: int) -> list[tuple[str, ...]]:
        names = self.names(order)
        what = "derivatives" if order else "results"
        return [(f"(sum of {len(names):,} {what})",)] if self._are_many(len(names)) else names

    def leaves(self, point: Point) -> list[Any]:
        """A fresh Value for each number, and a fresh Tensor for each Tensor."""
        return self.arguments.handed_out(point, as_values=True)

    def outputs(self, leaves: Sequence[Any]) -> list[Any]:
        """The results for these leaves: nodes, or plain numbers where they depend on none."""
        return flat_numbers(f"the result of {self.name}", self.f(*self.arguments.rebuilt(leaves)))

    def derivatives(self, order: int, point: Point) -> list[Any]:
        """Every derivative of this order at a point; of order 0, the results, also for complex numbers."""
        leaves = self.leaves(point)
        if order == 0 and np.iscomplexobj(point):
            return flat(self.f(*self.arguments.rebuilt(leaves)))
        if order == 0:
            return [number for x in self.outputs(leaves) for number in numbers_of(x)]
        nodes = self._to_differentiate(self.graphs(order - 1, leaves))
        return [number for node in nodes for number in sweeps.in_a_row(sweeps.of_one(node), leaves)]

    def graphs(self, order: int, leaves: Sequence[Any]) -> list[Any]:
        """Every derivative of this order as a graph, those in a Tensor as a Tensor; of order 0, the results."""
        nodes = self.outputs(leaves)
        for _ in range(order):
            nodes = [slope for node in self._to_differentiate(nodes) for slope in sweeps.gradient(node, leaves)]
        return nodes

    def _to_differentiate(self, nodes: Sequence[Any]) -> list[Any]:
        """Nodes of one number: each number by itself, or of very many a sum with random weights."""
        count = sum(sweeps.size(node) for node in nodes)
        if not self._are_many(count):
            return [part for node in nodes for part in sweeps.one_by_one(node)]
        weights = np.random.default_rng(_SEED).uniform(0.5, 1.0, count)
        sums: list[Any] = []
        for node, own in sweeps.with_their_weights(nodes, weights):
            term = (node * own.reshape(node.shape)).sum() if isinstance(node, Tensor) else node * float(own[0])
            sums = [sums[0] + term] if sums else [term]
        return sums

    def _are_many(self, count: int) -> bool:
        return count > 1 and count * len(self.arguments.numbers) > MOST_JUDGED


@dataclass(frozen=True)
class Given:
    """A function of plain numbers, of Values or of Tensors, and a gradient from elsewhere."""

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
        outputs = flat_numbers(f"the result of {self.name}", found)
        names = _result_names(self.name, outputs)
        given = self.gradient(*self._given(point)) if callable(self.gradient) else self.gradient
        rows = self._rows(found, given) if len(names) > 1 else [given]
        claimed = [number for row in rows for x in self._row(row) for number in numbers_of(x)]
        if len(claimed) != len(names) * len(point):
            each = f" for each of the {len(names)} results" if len(names) > 1 else ""
            raise ValueError(
                f"check_gradients: {self.name} has {len(names) * len(point)} derivatives, one{each} in every number of "
                f"{', '.join(self.arguments.inputs)}, and gradient gives {len(claimed)}"
            )
        jacobian = np.reshape(np.array(claimed, float), (len(names), len(point)))
        return Claim(self.arguments, 1, names, self.results, partial(from_matrix, jacobian, outputs))

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
        shape = found.shape if isinstance(found, (Tensor, np.ndarray)) else (len(found),)
        arrays = [each for each in given if isinstance(each, np.ndarray)] if by_input else []
        if len(arrays) == len(inputs) and all(each.shape[: len(shape)] == shape for each in arrays):
            return [[each[index] for each in arrays] for index in np.ndindex(shape)]
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
        return [number for x in flat_numbers(f"the result of {self.name}", found) for number in numbers_of(x)]

    def _given(self, point: Point) -> tuple[Any, ...]:
        """The arguments as the caller gave them: Values if one of them was one."""
        return self.arguments.rebuilt(self.arguments.handed_out(point, as_values=self.arguments.has_values))


def _from_graphs(
    graphs: Sequence[Any], leaves: Sequence[Any], rows: Sequence[int], weights: Array
) -> tuple[Array, float]:
    """What is `claimed` by graphs: a sweep through each gives both the gradient and the roundings."""
    slopes = list(sweeps.of_rows(graphs, rows, weights))
    gradient: Array = np.sum([sweeps.in_a_row(each, leaves) for each in slopes or [{}]], axis=0)
    return gradient, sum(map(sweeps.rounding, slopes))
