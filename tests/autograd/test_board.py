"""What is written on the board is the operations' own definitions, with names and with numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Op, Value, topological_order
from autograd.board import local_derivatives, operation
from autograd.names import unique_names
from autograd.terms import name
from autograd.testing import domains, strategies
from tests.autograd import formulas
from tests.autograd.latex import is_well_formed
from tests.autograd.oracle import OPS


def written(node: Value) -> str:
    names = unique_names(topological_order(node), {})
    return str(operation(node, lambda each: name(names[each])))


def derivatives(node: Value) -> list[str]:
    return [str(each) for each in local_derivatives(node, unique_names(topological_order(node), {}))]


X, Y, Z = Value(1.5, "x"), Value(3.0, "y"), Value(-3.0, "z")
W = [Value(i, f"w{i}") for i in range(1, 8)]


@pytest.mark.parametrize(
    ("node", "lines"),
    [
        (X + Y, ["∂(x + y)/∂x = 1", "∂(x + y)/∂y = 1"]),
        (X * Z, ["∂(x·z)/∂x = z = -3", "∂(x·z)/∂z = x = 1.5"]),
        (X**2, ["∂(x^2)/∂x = 2·x = 3"]),
        (Z**3, ["∂(z^3)/∂z = 3·z^2 = 27"]),
        (2**X, ["∂(2^x)/∂x = 2^x·log(2) = 1.961"]),
        (X / 0.5, ["∂(x/0.5)/∂x = 2"]),
        (1 / X, ["∂(1/x)/∂x = -(1/x)/x = -0.4444"]),
        (X.tanh(), ["∂tanh(x)/∂x = 1 - tanh(x)² = 0.1807"]),
        (X.relu(), ["∂relu(x)/∂x = where(x ≤ 0, 0, 1) = 1"]),
        (abs(Z), ["∂|z|/∂z = sign(z) = -1"]),
        (autograd.clamp(X, 0, 1), ["∂clamp(x, 0, 1)/∂x = where(x ≥ 0 and x ≤ 1, 1, 0) = 0"]),
        (autograd.where(X > 0, X, 2.0), ["∂where(1, x, 2)/∂x = 1"]),
        (autograd.xlogy(0.0, X), ["∂xlogy(0, x)/∂x = 0/x = 0"]),
        (X * X, ["∂(x₁·x₂)/∂x₁ = x₂ = 1.5", "∂(x₁·x₂)/∂x₂ = x₁ = 1.5"]),
        (autograd.prod([X, Y, Z]), [
            "∂prod(x, y, z)/∂x = z·y = -9", "∂prod(x, y, z)/∂y = x·z = -4.5", "∂prod(x, y, z)/∂z = x·y = 4.5",
        ]),
        (autograd.dot([X, 2.0], [Y, Z]), [
            "∂dot([x, 2], [y, z])/∂x = y = 3", "∂dot([x, 2], [y, z])/∂y = x = 1.5", "∂dot([x, 2], [y, z])/∂z = 2",
        ]),
        (Y, []),
    ],
    ids=lambda case: written(case) if isinstance(case, Value) else "",
)  # fmt: skip
def test_local_derivatives_in_symbols_and_numbers(node: Value, lines: list[str]) -> None:
    assert derivatives(node) == lines


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
@given(data=st.data())
@settings(max_examples=10, deadline=None, derandomize=True)
def test_the_formula_comes_to_the_number_beside_it(op: Op, data: st.DataObject) -> None:
    """Of any operation, whichever of its operands are nodes and whichever plain numbers."""
    floats = data.draw(strategies.operands(op, bound=3.0, distance=1e-2))
    differentiable = domains.local_derivatives(op, floats)
    are_nodes = data.draw(st.sets(st.sampled_from(sorted(differentiable)), min_size=1))
    leaves = [Value(x, f"x{i}") if i in are_nodes else x for i, x in enumerate(floats)]
    node = op(*op.arranged(leaves))
    at = {f"x{i}": x for i, x in enumerate(floats)} | {"c": max(floats)}
    for local in local_derivatives(node, unique_names(topological_order(node), {})):
        assert is_well_formed(local.equation.latex)
        if local.formula is not None:
            # printed constants have four to six digits
            came_to = formulas.number(local.formula.text, at)
            assert came_to == pytest.approx(local.value, rel=2e-3, abs=1e-3), str(local)


def test_numbers_with_many_operands_are_listed_by_their_ends() -> None:
    assert written(autograd.sum(W)) == "sum(w1, w2, …, w7)"
    assert written(autograd.dot(W, W[::-1])) == "dot([w1, w2, …, w7], [w7, w6, …, w1])"
    assert written(autograd.sum(W[:4])) == "sum(w1, w2, w3, w4)"


def test_very_many_operands_have_numbers_only() -> None:
    many = [Value(i) for i in range(1000)]
    assert (
        derivatives(autograd.dot(many, many))[1999]
        == "∂dot([v1₁, v2₁, …, v1000₁], [v1₂, v2₂, …, v1000₂])/∂v1000₂ = 999"
    )


def test_a_formula_too_long_to_read_is_left_out() -> None:
    [line] = derivatives(Value(0.5, "x").gelu_tanh())
    assert line == "∂gelu_tanh(x)/∂x = 0.8674"
