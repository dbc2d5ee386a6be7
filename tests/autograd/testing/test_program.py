"""A program is data: it is run on any kind of number, and printed as source that makes the same graph."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from micrograd.engine import Value as Micrograd
from mpmath import mp, mpf

import autograd
from autograd import Node, Op, Value, namespaces, registry, topological_order
from autograd.testing.program import OPERATORS, Program, Result, Step, pruned
from autograd.testing.strategies import expressions, programs
from tests.autograd.oracle import OPS

IN_MICROGRAD = ["add", "sub", "mul", "div", "neg", "relu"]
X, Y = Result(0), Result(1)


def applied(name: str, *operands: Result | float) -> Program:
    """The program of one step, on two inputs."""
    return Program(("x", "y"), (2.0, 0.25), (Step(registry[name], operands),), (2,))


def structure(*roots: Value) -> list[tuple[Op | None, str, list[int | str]]]:
    """Each node behind `roots`: its operation, its bits, and its operands as indices of nodes or a constant's bits."""
    order = topological_order(*roots)
    index = {node: i for i, node in enumerate(order)}
    return [
        (node.op, node.data.hex(), [index[x] if isinstance(x, Node) else x.hex() for x in node.operands])
        for node in order
    ]


def executed(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(source, names)
    return names


@given(programs(ops=OPS, outputs=3, inputs=4))
@settings(max_examples=300)
def test_what_is_printed_makes_the_same_graph_to_the_bit(program: Program) -> None:
    names = executed(str(program))
    inputs = [names[name] for name in program.inputs]
    count = len(program.outputs)
    printed = [names["g"]] if count == 1 else [names[f"g{i}"] for i in range(1, count + 1)]
    computed = program.results(*map(Value, program.point))
    assert [x.label for x in inputs] == list(program.inputs)
    assert [x.data.hex() for x in inputs] == [x.hex() for x in program.point]
    assert structure(*printed) == structure(*[computed[i] for i in program.outputs])


@pytest.mark.parametrize(
    ("program", "line"),
    [
        (applied("add", X, Y), "x + y"), (applied("sub", 1.0, Y), "1.0 - y"), (applied("mul", X, -2.0), "x * (-2.0)"),
        (applied("div", X, Y), "x / y"), (applied("pow", -2.0, X), "(-2.0) ** x"),
        (applied("remainder", X, Y), "x % y"),
        (applied("neg", X), "-x"), (applied("abs", X), "autograd.abs(x)"), (applied("tanh", Y), "autograd.tanh(y)"),
        (applied("clamp", X, -math.inf, math.inf), 'autograd.clamp(x, float("-inf"), float("inf"))'),
        (applied("sum", X, Y, -1.0), "autograd.sum([x, y, -1.0])"),
        (applied("dot", X, Y, 1.0, X), 'autograd.registry["dot"]([x, y], [1.0, x])'),
        (applied("where", X, Y, 2.0), 'autograd.registry["where"](x, y, 2.0)'),
        (applied("softmax", X, Y), 'autograd.registry["softmax"]([x, y])'),
    ],
)  # fmt: skip
def test_each_step_is_a_line_of_python(program: Program, line: str) -> None:
    assert str(program).splitlines() == [
        "import autograd", 'x = autograd.Value(2.0, "x")', 'y = autograd.Value(0.25, "y")', f"g = {line}",
    ]  # fmt: skip
    assert structure(executed(str(program))["g"]) == structure(program(*map(Value, program.point)))


@given(programs(ops=OPS))
def test_floats_give_what_values_give_to_the_bit(program: Program) -> None:
    values = program.results(*map(Value, program.point))
    assert [x.hex() for x in program.results(*program.point)] == [x.data.hex() for x in values]


@given(programs(ops=OPS, outputs=3))
def test_the_outputs_are_results_one_alone_or_several_in_a_tuple(program: Program) -> None:
    results, outputs = program.results(*program.point), program(*program.point)
    assert isinstance(outputs, tuple) is (len(program.outputs) > 1)
    assert np.atleast_1d(outputs).tolist() == [results[i] for i in program.outputs]


@given(expressions(ops=["add", "sub", "mul", "maximum", "sum", "dot", "max", "where", "clamp", "floor"]), st.data())
def test_arrays_are_computed_element_by_element_and_broadcast(expression: Program, data: st.DataObject) -> None:
    numbers = st.integers(-3, 3).map(float)
    x, y = (data.draw(st.lists(numbers, min_size=1, max_size=3)) for _ in expression.inputs)
    table = np.broadcast_to(expression(np.array(x)[:, np.newaxis], np.array(y)), (len(x), len(y)))
    # NumPy rounds after each product of a dot, and the floats are rounded once.
    assert table == pytest.approx(
        np.array([[expression(each, other) for other in y] for each in x]), rel=1e-9, abs=1e-9
    )


def test_an_array_may_leave_the_domain_without_a_warning() -> None:
    assert str(applied("log", X)(np.array([1.0, 0.0, -1.0]), 0.0)) == "[  0. -inf  nan]"


@given(programs(ops=OPS))
@settings(max_examples=30)
def test_with_mpmath_every_result_is_one_of_its_numbers(program: Program) -> None:
    assert {type(x) for x in program.results(*map(mpf, program.point))} == {mpf}


def test_with_mpmath_nothing_is_rounded_to_a_float() -> None:
    with mp.workdps(50):
        assert abs(3 * applied("div", 1.0, X)(mpf(3), 0.0) - 1) < mpf(10) ** -49
        assert applied("div", X, Y)(1, mpf(3)) == mpf(1) / 3
        assert applied("dot", X, 0.1, Y, 0.1)(mpf(3), 0.0) == mpf(0.1) * mpf(0.1) != 0.1 * 0.1


@given(expressions(ops=IN_MICROGRAD))
def test_another_library_s_objects_are_computed_with_their_own_operators_and_methods(expression: Program) -> None:
    theirs, ours = expression(*map(Micrograd, expression.point)), expression(*map(Value, expression.point))
    assert isinstance(theirs, Micrograd)
    assert theirs.data == pytest.approx(ours.data, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("program", "missing", "function"),
    [
        (applied("tanh", X), "tanh", "tanh"),
        (applied("maximum", X, Y), "maximum", "maximum"),
        (applied("atan2", 1.0, X), "atan2 of a constant", "atan2"),
        (applied("sum", X, Y), "sum of a list", "sum"),
    ],
)
def test_what_another_library_lacks_is_named_with_the_remedies(program: Program, missing: str, function: str) -> None:
    with pytest.raises(TypeError) as raised:
        program(Micrograd(1.0), Micrograd(2.0))
    hint = f"give functions={{'{function}': …}} or draw with ops=[…]"
    assert str(raised.value) == f"micrograd.engine.Value has no {missing}: {hint}"
    assert program(Micrograd(1.0), Micrograd(2.0), functions={function: lambda *operands: len(operands)}) > 0


def test_a_method_that_sums_an_object_s_own_elements_is_not_taken_for_the_sum_of_a_list() -> None:
    class Tensor:
        def sum(self, axis: object = None) -> str:
            return "the sum of its own elements"

    with pytest.raises(TypeError, match=r"Tensor has no sum of a list"):
        applied("sum", X, Y)(Tensor(), Tensor())


@pytest.mark.parametrize("number", [float, Value, mpf, np.array, Micrograd])
def test_functions_take_the_place_of_operations_for_any_kind_of_number(number: Any) -> None:
    x = number(3.0)
    dot = applied("dot", X, 1.0, X, 2.0)
    [[first, one], [again, two]] = dot(x, number(4.0), functions={"dot": lambda *lists: lists, "mul": max})
    assert first is again
    assert first == x
    assert [one, two] == [1.0, 2.0]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_too_few_or_too_many_inputs_are_refused(count: int) -> None:
    with pytest.raises(TypeError, match=rf"has the inputs x, y: got {count} numbers"):
        applied("add", X, Y)(*[1.0] * count)


def test_the_operators_are_python_s_own_and_those_of_the_registry() -> None:
    for name, operator in OPERATORS.items():
        operands = [7.5, 2.0][: len(registry[name].operands)]
        assert operator(*operands) == registry[name](*operands)


def test_pruning_keeps_what_the_outputs_need_and_the_inputs() -> None:
    tanh, exp, product = (Step(registry[n], (X,) * k) for n, k in (("tanh", 1), ("exp", 1), ("mul", 2)))
    last = Step(registry["add"], (Result(3), 1.0))
    program = pruned(Program(("x", "y"), (0.5, 0.25), (tanh, exp, product, last), (5,)))
    assert program == Program(("x", "y"), (0.5, 0.25), (exp, Step(registry["add"], (Result(2), 1.0))), (3,))


def test_what_the_library_does_not_export_is_printed_from_the_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespaces, "operations", dict(registry))  # what is defined here is forgotten
    cube = autograd.define("cube_in_test", lambda m, x: x * x * x, lambda m, x, out: 3.0 * x * x)
    program = Program(("x",), (0.5,), (Step(cube, (X,)),), (1,))
    assert str(program).endswith('g = autograd.registry["cube_in_test"](x)')


def test_an_operation_that_only_has_a_known_name_is_itself() -> None:
    own = replace(registry["add"], forward=lambda m, x, y: 10.0 * x + y)
    program = Program(("x", "y"), (1.0, 2.0), (Step(own, (Result(0), Result(1))),), (2,))
    assert str(program).splitlines()[-1] == "g = add(x, y)"
    assert program(1.0, 2.0) == program(Value(1.0), Value(2.0)).data == 12.0
    assert program(Value(1.0), Value(2.0)).op is own


def test_arrays_of_whole_numbers_are_arrays_of_floats() -> None:
    power = Program(("x", "y"), (2.0, -1.0), (Step(registry["pow"], (Result(0), Result(1))),), (2,))
    np.testing.assert_array_equal(power(np.array([2, 3]), np.array([-1, 2])), [0.5, 9.0])
    square = Program(("x",), (2.0,), (Step(registry["mul"], (Result(0), Result(0))),), (1,))
    np.testing.assert_array_equal(square(np.array([10**10])), [1e20])
