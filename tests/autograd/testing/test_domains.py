"""Operands in one flat list mean what the operation's own arguments mean, and regular points are where it is smooth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Op, Value, registry
from autograd.testing.domains import intervals, is_regular, kinks, lengths, local_derivatives, value
from autograd.testing.strategies import operands
from tests.autograd.oracle import OPS

each_operation = pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)


@each_operation
@given(data=st.data())
def test_value_and_local_derivatives_are_those_of_a_graph(op: Op, data: st.DataObject) -> None:
    floats = data.draw(operands(op, bound=4.0, margin=1e-2))
    derivatives = local_derivatives(op, floats)
    leaves = [Value(x) if i in derivatives else x for i, x in enumerate(floats)]
    node = op(*op.arranged(leaves))
    assert isinstance(node, Value)
    assert node.data == value(op, floats)
    assert node.partials == tuple(derivatives.values())


@each_operation
def test_there_is_an_interval_for_each_operand_and_none_where_there_is_no_derivative(op: Op) -> None:
    for length in lengths(op):
        domain = intervals(op, length)
        assert len(domain) == length * len(op.operands)
        assert [interval is None for interval in domain[::length]] == [partial is None for partial in op.partials]


def test_a_list_has_at_least_the_elements_that_the_operation_needs() -> None:
    assert [lengths(registry[name])[0] for name in ("sum", "max", "add")] == [1, 1, 1]
    assert all(len(lengths(op)) == (4 if op.over_lists else 1) for op in OPS.values())


@pytest.mark.parametrize(
    ("name", "point", "distance", "margin", "regular"),
    [
        ("log", [0.5], 0.0, 0.0, True), ("log", [0.0], 0.0, 0.0, False), ("log", [-1.0], 0.0, 0.0, False),
        ("log", [0.5], 0.0, 0.4, True), ("log", [0.5], 0.0, 0.6, False),
        ("erfinv", [0.9], 0.0, 0.2, False), ("erfinv", [-0.9], 0.0, 0.2, False),
        ("abs", [-0.1], 0.05, 0.0, True), ("abs", [-0.1], 0.2, 0.0, False),
        ("clamp", [0.5, 0.0, 1.0], 0.4, 0.0, True), ("clamp", [0.5, 0.0, 0.6], 0.4, 0.0, False),
        ("max", [1.0, 3.0, 2.5], 0.5, 0.0, True), ("max", [1.0, 3.0, 2.6], 0.5, 0.0, False),
        ("polygamma", [-7.0, 1.0], 0.0, 0.0, True),
    ],
)  # fmt: skip
def test_a_point_is_regular_within_the_domain_and_away_from_the_kinks(
    name: str, point: list[float], distance: float, margin: float, regular: bool
) -> None:
    assert is_regular(registry[name], point, distance, margin) is regular


def test_kinks_are_zero_where_the_derivative_is_a_choice() -> None:
    assert kinks(registry["relu"], [0.0]) == [0.0]
    assert kinks(registry["clamp"], [2.0, 2.0, 5.0]) == [0.0, -3.0, -3.0]
    assert kinks(registry["max"], [3.0, 1.0, 3.0]) == [0.0]
    assert kinks(registry["tanh"], [0.0]) == []
