"""Random expressions over the whole registry: value and gradients against mpmath, one sweep against the other.

How far floats may be off is not guessed but summed up, from the graph at hand. If each operation gives what is exact
for operands moved by K ulps, to K ulps (`test_accuracy.py` checks that it does), then to first order

    |error of g| <= K·eps · sum over the nodes v behind g of |dg/dv| · (|v| + sum over v's parents u of |dv/du · u|)

and as a gradient is a graph itself, the same sum over its nodes bounds its own error.
"""

import math
import warnings
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from autograd import Node, NonFiniteWarning, Value, contributions, topological_order
from autograd.reverse import sweep
from autograd.testing.program import Program, Result
from autograd.testing.strategies import expressions
from tests.autograd import oracle

K_EPSILON = 5 * 2.0**-52
TINY = 1e-280
# Beyond this the second-order terms that the bound leaves out could matter; such a graph has lost all its digits.
MOST_RELATIVE_ERROR = 1e-7
small = st.integers(1, 3).flatmap(lambda inputs: expressions(ops=oracle.OPS, inputs=inputs, max_nodes=10))
large = st.integers(1, 3).flatmap(lambda inputs: expressions(ops=oracle.OPS, inputs=inputs, max_nodes=17))
several = settings(max_examples=400, deadline=None, derandomize=True)


def built(expression: Program) -> tuple[list[Value], Value]:
    """The inputs and the output, as Values."""
    variables = [Value(x, name) for x, name in zip(expression.point, expression.inputs, strict=True)]
    return variables, expression(*variables)


def rounding_bound(g: Value, variables: list[Value]) -> float:
    """How far `g` may be from the exact result of its graph; see above. Only the variables are exact from the start."""
    bound = TINY
    for node, upstream in sweep(g).items():
        if node not in set(variables):
            moved = sum(abs(d * parent.data) for parent, d in zip(node.parents, node.partials, strict=True))
            bound += K_EPSILON * abs(upstream) * (abs(node.data) + moved)
    return bound


def exact_gradient(expression: Program) -> list[Any]:
    """The value and the gradient in mpmath: the chain rule over local derivatives that are differences of values."""
    variables = [mpf(x) for x in expression.point]
    results = expression.results(*variables, functions=oracle.ORACLE)
    grads = [mpf(0)] * (len(results) - 1) + [mpf(1)]
    for position in range(len(expression.steps) - 1, -1, -1):
        step, upstream = expression.steps[position], grads[len(variables) + position]
        operands = [results[x.index] if isinstance(x, Result) else mpf(x) for x in step.operands]
        for i, x in enumerate(step.operands):
            if isinstance(x, Result) and upstream:
                grads[x.index] += upstream * oracle.derivative(step.op, operands, i)
    return [results[-1], *grads[: len(variables)]]


@given(small)
@several
def test_value_and_gradients_are_within_their_rounding_of_the_exact_ones(expression: Program) -> None:
    variables, g = built(expression)
    g.backward()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonFiniteWarning)
        found = [g, *g.gradient(variables)]
        bounds = [rounding_bound(node, variables) for node in found]
    # A second derivative may be infinite, or the expression so badly conditioned that the bound says nothing.
    assume(all(bound <= MOST_RELATIVE_ERROR * (1.0 + abs(x.data)) for x, bound in zip(found, bounds, strict=True)))
    with mp.workdps(50):
        exact = oracle.converged(lambda: exact_gradient(expression))
        eager = [g.data, *[x.grad or 0.0 for x in variables]]
        for ours, graph, truth, bound in zip(eager, found, exact, bounds, strict=True):
            off = bound + abs(truth) * mpf(10) ** -25  # the reference has 25 digits
            assert abs(ours - truth) <= off
            assert abs(graph.data - truth) <= off


@given(large)
@several
def test_the_fast_sweep_is_the_sweep_of_events_bit_for_bit(expression: Program) -> None:
    _, g = built(expression)
    totals: dict[Node, float] = {g: 1.0}
    for step in contributions(g):
        assert step.before == totals.get(step.parent)
        assert step.upstream == totals[step.node]
        totals[step.parent] = step.total
    assert {node: x.hex() for node, x in sweep(g).items()} == {node: x.hex() for node, x in totals.items()}


@given(large)
@several
def test_the_gradient_as_a_graph_is_the_sweep_bit_for_bit(expression: Program) -> None:
    variables, g = built(expression)
    grads = sweep(g)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonFiniteWarning)
        for variable, graph in zip(variables, g.gradient(variables), strict=True):
            assert graph.data.hex() == grads.get(variable, 0.0).hex()


@given(small)
@several
def test_floats_give_what_values_give(expression: Program) -> None:
    _, g = built(expression)
    assert expression(*expression.point) == g.data
    assert math.isfinite(g.data)
    assert len(topological_order(g)) <= len(expression.point) + len(expression.steps)


@given(small)
@several
def test_arrays_and_numbers_of_50_digits_give_what_floats_give_within_their_rounding(expression: Program) -> None:
    variables, g = built(expression)
    bound = rounding_bound(g, variables)
    assume(bound <= MOST_RELATIVE_ERROR * (1.0 + abs(g.data)))
    assert np.all(np.abs(expression(*[np.array([x, x]) for x in expression.point]) - g.data) <= 2 * bound)
    with mp.workdps(50):
        assert abs(expression(*map(mpf, expression.point)) - g.data) <= bound
