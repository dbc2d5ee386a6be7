"""Value.gradient: derivatives that are graphs of Values, with respect to any nodes, of any order."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Graph, GraphError, Value, topological_order
from tests.autograd.programs import Program, behind, derivative, programs


@given(programs())
def test_the_gradient_in_every_node_is_what_backward_gives(program: Program) -> None:
    values, records = program.values(), program.records()
    root = len(values) - 1
    reached = behind(records, root)
    gradient = values[-1].gradient(values)
    assert [slope.data for slope in gradient] == [
        derivative(records, root, i) if i in reached else 0.0 for i in range(len(values))
    ]
    assert all(isinstance(slope, Value) for slope in gradient)
    assert {value.grad for value in values} == {None}


def polynomial(program: Program) -> dict[tuple[int, ...], int]:
    """The last result as a polynomial in the leaves, expanded: {exponents: coefficient}."""
    n = len(program.leaves)
    known: list[dict[tuple[int, ...], int]] = [{tuple(int(i == j) for j in range(n)): 1} for i in range(n)]
    for symbol, *operands in program.steps:
        left, right = ({(0,) * n: int(x)} if isinstance(x, str) else known[x] for x in operands)
        terms: dict[tuple[int, ...], int] = {}
        if symbol == "*":
            for a, p in left.items():
                for b, q in right.items():
                    exponents = tuple(map(sum, zip(a, b, strict=True)))
                    terms[exponents] = terms.get(exponents, 0) + p * q
        else:
            for sign, side in ((1, left), (1 if symbol == "+" else -1, right)):
                for exponents, coefficient in side.items():
                    terms[exponents] = terms.get(exponents, 0) + sign * coefficient
        known.append(terms)
    return known[-1]


def differentiated(terms: dict[tuple[int, ...], int], wrt: int) -> dict[tuple[int, ...], int]:
    """The polynomial's derivative in variable `wrt`, by the power rule."""
    return {(*e[:wrt], e[wrt] - 1, *e[wrt + 1 :]): c * e[wrt] for e, c in terms.items() if e[wrt]}


def value_at(terms: dict[tuple[int, ...], int], point: tuple[int, ...]) -> int:
    total = 0
    for exponents, coefficient in terms.items():
        for x, n in zip(point, exponents, strict=True):
            coefficient *= x**n
        total += coefficient
    return total


@settings(max_examples=60)
@given(programs(most_steps=6), st.lists(st.integers(0, 2), min_size=1, max_size=4))
def test_derivatives_of_every_order_are_those_of_the_expanded_polynomial(program: Program, path: list[int]) -> None:
    values, terms = program.values(), polynomial(program)
    result: Any = values[-1]
    for wrt in path:
        wrt %= len(program.leaves)
        result, terms = result.gradient(values[wrt]), differentiated(terms, wrt)
    assert result.data == pytest.approx(value_at(terms, program.leaves), rel=1e-12)


def test_the_gradient_has_the_structure_it_was_asked_in() -> None:
    x, y = Value(2.0), Value(3.0)
    product = x * y
    assert product.gradient(x).data == 3.0
    assert [slope.data for slope in product.gradient(x, y)] == [3.0, 2.0]
    assert isinstance(product.gradient(x, y), tuple)
    both = product.gradient({"a": [x], "b": (y, y)})
    assert (both["a"][0].data, [slope.data for slope in both["b"]]) == (3.0, [2.0, 2.0])


def test_the_gradient_in_itself_is_1_and_in_what_it_does_not_depend_on_0() -> None:
    x, y = Value(2.0), Value(3.0)
    product = x * 2
    assert (product.gradient(product).data, product.gradient(y).data, y.gradient(product).data) == (1.0, 0.0, 0.0)
    assert x.gradient(x).data == 1.0


def test_the_gradient_in_an_interior_node_holds_the_rest_fixed() -> None:
    x = Value(3.0)
    square = x * x
    result = square * square * x
    assert result.gradient(square).data == 2 * 9 * 3.0
    assert result.gradient(square).gradient(square).data == 2 * 3.0
    assert result.gradient(square).gradient(x).data == 2 * (2 * 3.0) * 3.0 + 2 * 9.0  # of 2·square·x
    by_both = result.gradient(square, x)
    assert [slope.data for slope in by_both] == [54.0, 5 * 3.0**4]


def test_the_gradient_is_a_graph_on_the_same_leaves() -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    slope = (x**3 * y).gradient(x)
    assert Graph(slope)["x"] is x
    slope.backward()
    assert (slope.data, x.grad, y.grad) == (36.0, 36.0, 12.0)


def test_the_graph_has_no_idle_nodes() -> None:
    x = Value(3.0, "x")
    assert repr(Graph((x * x).gradient(x))) == "<Graph of 2 nodes: 1 leaf, 1 operation (add 1), depth 1>"
    assert Graph((x**2).gradient(x)).counts == {"mul": 1}
    assert len(topological_order((x + 1.0).gradient(x))) == 1


def test_only_what_leads_to_the_variable_is_differentiated() -> None:
    x, n = Value(2.0), Value(-2.0)
    power = n**2.0 * x  # d(n²)/dn would be harmless, d(n^y)/dy of a variable exponent is the log of a negative number
    exponent = Value(3.0)
    assert power.gradient(x).data == 4.0
    assert (n**exponent * x).gradient(x).data == -8.0
    assert (n**exponent).gradient(n).data == 12.0


def test_a_gradient_of_numbers_that_were_changed_since_is_refused_where_backward_keeps_to_the_first() -> None:
    x = Value(2.0)
    square = x * x
    x.data = 5.0
    with pytest.raises(GraphError, match=r"Value\(4.0, op=mul\) no longer follows from its operands.*compute it anew"):
        square.gradient(x)
    square.backward()
    assert x.grad == 4.0


def test_the_gradient_of_logsumexp_grows_with_its_list_and_not_with_the_square() -> None:
    x = [Value(0.001 * i) for i in range(2000)]
    slopes = autograd.logsumexp(x).gradient(x)
    assert math.fsum(slope.data for slope in slopes) == pytest.approx(1.0, rel=1e-12)
    assert len(Graph(*slopes)) < 10 * len(x)


def test_the_gradient_of_a_fused_operation_is_a_graph() -> None:
    w, x = [Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]
    result = autograd.dot(w, x).tanh() * 0.0 + autograd.dot(w, x) ** 2
    slopes = result.gradient(w)
    assert [slope.data for slope in slopes] == [2 * 11 * 3.0, 2 * 11 * 4.0]
    assert slopes[0].gradient(w[1]).data == 2 * 3.0 * 4.0
    assert slopes[0].gradient(x[0]).data == 2 * 1.0 * 3.0 + 2 * 11.0
