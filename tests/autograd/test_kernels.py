"""The methods that are written out give, bit for bit, what the definitions give by the general path."""

import math
import struct
import warnings
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograd import NonFiniteWarning, Op, Value, kernels, modes, ops, registry
from autograd.testing import program
from autograd.value import _apply, _list_methods, _unary_methods

OPERATORS: dict[Op, Callable[[Any, Any], Any]] = {
    registry[name]: apply for name, apply in program.OPERATORS.items() if len(registry[name].operands) == 2
}
LISTS = [op for op in registry.values() if op.over_lists]
UNARY = [op for op in registry.values() if len(op.operands) == 1 and not op.over_lists]

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.0, math.inf, -math.inf, math.nan, 5e-324, -5e-324, 2.0**-1022]
SPECIAL += [1.7976931348623157e308, -1.7976931348623157e308, 709.8, -745.2, 1e-8, math.pi, 2.0**53]
FLOATS = st.floats() | st.sampled_from(SPECIAL) | st.floats(-10.0, 10.0)


def bits(x: float) -> bytes:
    """The float's bits; all nans count as one."""
    assert type(x) is float
    return b"nan" if math.isnan(x) else struct.pack("<d", x)


def everything(node: Value) -> tuple[Any, ...]:
    operands = [x if isinstance(x, float) else id(x) for x in node.operands]
    parents = [id(parent) for parent in node.parents]
    written = [x if isinstance(x, int) else bits(x) for x in operands]
    return bits(node.data), node.op, parents, written, list(map(bits, node.partials)), node.grad, node.label


def warned(call: Callable[[], Any]) -> tuple[Any, list[str]]:
    """What a call gives, and the warnings that it gives."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = call()
    assert all(warning.category is NonFiniteWarning and warning.filename == __file__ for warning in caught)
    return result, [str(warning.message) for warning in caught]


def check(op: Op, call: Callable[[], Any], operands: tuple[Any, ...]) -> None:
    written_out, said = warned(call)
    general, general_said = warned(lambda: _apply(op, operands))
    assert everything(written_out) == everything(general)
    assert said == general_said


@pytest.mark.parametrize("op", OPERATORS, ids=lambda op: op.name)
@given(FLOATS, FLOATS)
@example(0.0, 0.0)
@example(-8.0, 1 / 3)
@example(0.0, -1.0)
@example(1e308, 1e308)
def test_operators(op: Op, x: float, y: float) -> None:
    apply = OPERATORS[op]
    a, b = Value(x, "a"), Value(y, "b")
    check(op, lambda: apply(a, b), (a, b))
    check(op, lambda: apply(a, a), (a, a))
    check(op, lambda: apply(a, y), (a, y))
    check(op, lambda: apply(x, b), (x, b))


@pytest.mark.parametrize("op", OPERATORS, ids=lambda op: op.name)
@given(FLOATS, st.integers(-(2**70), 2**70))
def test_operators_with_an_integer(op: Op, x: float, number: int) -> None:
    apply = OPERATORS[op]
    a = Value(x, "a")
    check(op, lambda: apply(a, number), (a, number))
    check(op, lambda: apply(number, a), (number, a))


@pytest.mark.parametrize("op", UNARY, ids=lambda op: op.name)
@given(x=FLOATS)
def test_operations_of_one_operand(op: Op, x: float) -> None:
    a = Value(x, "a")
    check(op, lambda: op(a), (a,))
    assert op in _unary_methods


@pytest.mark.parametrize("op", LISTS, ids=lambda op: op.name)
@given(st.lists(st.tuples(FLOATS, FLOATS), min_size=1, max_size=4))
@example([(1e308, 10.0), (-1e308, 10.0)])
@example([(-0.0, 1.0), (-0.0, 1.0)])
def test_operations_over_lists(op: Op, rows: list[tuple[float, float]]) -> None:
    lists = [[Value(x) for x in column] for column in zip(*rows, strict=True)][: len(op.operands)]
    check(op, lambda: op(*lists), tuple(chain.from_iterable(lists)))
    check(
        op,
        lambda: op(*[[items[0], *items] for items in lists]),
        tuple(x for items in lists for x in (items[0], *items)),
    )
    assert op in _list_methods


def test_sums_are_written_out_and_what_does_more_than_fold_is_not() -> None:
    for op in (ops.sum, ops.mean, registry["dot"]):
        assert kernels.written_out_for_lists(op, {}) is not None  # type: ignore[arg-type]
    for op in (ops.logsumexp, ops.max, ops.prod):
        assert kernels.written_out_for_lists(op, {}) is None  # type: ignore[arg-type]


def test_an_operation_over_lists_whose_rule_was_replaced_computes_with_that() -> None:
    x = [Value(1.0), Value(2.0), Value(3.0)]
    false = replace(ops.sum, partials=(lambda m, x, out: [1.0, 5.0, 1.0],))
    assert false(x).partials == (1.0, 5.0, 1.0)


@pytest.mark.parametrize("mode", [None, modes.Mode(scope="part")])
def test_the_written_method_is_the_one_that_runs(mode: modes.Mode | None) -> None:
    scope: dict[str, Any] = {"current": lambda: mode, "new": object.__new__, "Value": Value}
    for template in (kernels.OPERATOR, kernels.REFLECTED):
        method = kernels.written_out(template, ops.mul, scope)
        assert repr(method(Value(3.0), 2.0)) == "Value(6.0, op=mul)"
    assert repr(kernels.written_out(kernels.UNARY, ops.tanh, scope)(Value(0.0))) == "Value(0.0, op=tanh)"
    assert (Value.__mul__.__name__, Value.__mul__.__qualname__) == ("mul", "mul")


@pytest.mark.parametrize("number", [0.1, -0.0, 5e-324, math.inf, -math.inf, math.nan])
def test_a_number_in_a_definition_is_written_with_every_digit(number: float) -> None:
    assert bits(eval(kernels.Source.of(number))) == bits(number)
