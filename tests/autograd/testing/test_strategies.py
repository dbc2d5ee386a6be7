"""What is drawn is regular and varied, and shrinks to the smallest program that has what is looked for."""

import math
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from autograd import Interval, Op, Value, define, namespaces, registry, topological_order
from autograd.op import REALS
from autograd.testing.domains import intervals, is_regular, lengths
from autograd.testing.program import Program, Result
from autograd.testing.strategies import expressions, operands, programs, scalars
from tests.autograd.oracle import OPS

INF = math.inf
each_operation = pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
many = settings(max_examples=10_000, database=None)


def sample(strategy: st.SearchStrategy[Program], count: int = 300) -> list[Program]:
    drawn = []

    @settings(max_examples=count, phases=[Phase.generate])
    @given(strategy)
    def draw(program: Program) -> None:
        drawn.append(program)

    draw()
    return drawn


def found(strategy: st.SearchStrategy[Program], condition: Callable[[Program], bool]) -> Program:
    return find(strategy, condition, settings=many)


def names(program: Program) -> list[str]:
    return [step.op.name for step in program.steps]


def uses(program: Program) -> Counter[int]:
    """How many times each result is an operand."""
    return Counter(x.index for step in program.steps for x in step.operands if isinstance(x, Result))


def lines(program: Program) -> list[str]:
    """The program as it is printed, without the import."""
    return str(program).splitlines()[1:]


@pytest.mark.parametrize(
    "domain",
    [REALS, Interval(0.0, INF), Interval(-INF, -3.0), Interval(-1.0, 1.0), Interval(1e300, INF), Interval(0.0, 1e-300)],
)
@given(data=st.data())
def test_scalars_are_finite_and_lie_between_the_ends(domain: Interval, data: st.DataObject) -> None:
    x = data.draw(scalars(domain))
    assert type(x) is float
    assert domain.low < x < domain.high


@pytest.mark.parametrize(
    ("domain", "simplest"),
    [
        (REALS, 0.0),
        (Interval(0.0, INF), 1.0),
        (Interval(-INF, 0.0), -1.0),
        (Interval(0.0, 1.0), 0.5),
        (Interval(2.0, 9.0), 3.0),
    ],
)
def test_scalars_shrink_to_simple_numbers(domain: Interval, simplest: float) -> None:
    assert find(scalars(domain), lambda x: True) == simplest
    assert find(scalars(Interval(-1e9, 1e9)), lambda x: x > 41.5) == 42.0


def test_scalars_are_of_any_size() -> None:
    assert find(scalars(), lambda x: x > 1e300, settings=many) > 1e300
    assert abs(find(scalars(), lambda x: 0.0 < abs(x) < 1e-200, settings=many)) < 1e-200


@each_operation
@given(data=st.data())
@settings(max_examples=20)
def test_operands_are_regular_and_within_the_bound(op: Op, data: st.DataObject) -> None:
    x = data.draw(operands(op, bound=5.0, distance=0.1, margin=0.05))
    assert is_regular(op, x, 0.1, 0.05)
    assert all(abs(each) <= 5.0 for each in x)
    assert len(x) / len(op.operands) in lengths(op)
    whole = [each for each, interval in zip(x, intervals(op, len(x) // len(op.operands)), strict=True) if not interval]
    assert all(each.is_integer() and each >= 0.0 for each in whole)


@given(programs(ops=OPS, max_nodes=12, inputs=3, outputs=3))
@settings(max_examples=300)
def test_every_step_of_a_program_is_regular_and_finite(program: Program) -> None:
    results = program.results(*program.point)
    for step, result in zip(program.steps, results[3:], strict=True):
        floats = [results[x.index] if isinstance(x, Result) else x for x in step.operands]
        assert is_regular(step.op, floats, 1e-2)
        assert abs(result) <= 1e4
        assert any(isinstance(x, Result) for x in step.operands)


@given(st.data(), st.integers(1, 5), st.integers(1, 12), st.integers(1, 4))
def test_a_program_has_the_inputs_and_at_most_the_nodes_and_outputs_asked_for(
    data: st.DataObject, inputs: int, most_steps: int, outputs: int
) -> None:
    program = data.draw(programs(ops=OPS, inputs=inputs, max_nodes=inputs + most_steps, outputs=outputs))
    assert len(program.inputs) == len(program.point) == inputs
    assert 1 <= len(program.steps) <= most_steps
    assert 1 <= len(program.outputs) <= outputs
    assert sorted(set(program.outputs)) == list(program.outputs)
    assert program.outputs[0] >= inputs
    assert program.outputs[-1] == inputs + len(program.steps) - 1


@given(programs(ops=OPS, outputs=3))
def test_every_step_leads_to_an_output_and_every_operand_comes_before_it(program: Program) -> None:
    needed = set(program.outputs) | set(uses(program))
    assert needed >= {i + 2 for i in range(len(program.steps))}
    for i, step in enumerate(program.steps, 2):
        assert all(x.index < i for x in step.operands if isinstance(x, Result))


@given(expressions(ops=OPS))
def test_an_expression_is_a_program_of_one_output_whose_graph_is_no_larger(expression: Program) -> None:
    root = expression(*map(Value, expression.point))
    assert isinstance(root, Value)
    assert len(topological_order(root)) <= 10


@pytest.mark.parametrize(
    ("inputs", "expected"), [(1, ("x",)), (2, ("x", "y")), (3, ("x", "y", "z")), (4, ("x1", "x2", "x3", "x4"))]
)
def test_inputs_are_called_as_in_a_lesson(inputs: int, expected: tuple[str, ...]) -> None:
    assert find(expressions(ops=["tanh"], inputs=inputs), lambda program: True).inputs == expected


def test_programs_are_varied() -> None:
    drawn = sample(expressions(ops=OPS), 500)
    operands = [step.operands for program in drawn for step in program.steps]
    assert len({name for program in drawn for name in names(program)}) > 0.9 * len(OPS)
    assert sum(len(program.steps) >= 5 for program in drawn) > 200
    assert sum(max(uses(program).values()) > 1 for program in drawn) > 150
    assert sum(isinstance(x[0], float) for x in operands) > 100
    assert sum(isinstance(x[-1], float) for x in operands) > 100
    assert sum(len(program.steps) >= 6 for program in sample(expressions(ops=["tanh"]), 200)) > 60
    assert sum(x in (1.0, 2.0, 3.0, -1.0) for step in operands for x in step if isinstance(x, float)) > 50


@pytest.mark.parametrize("name", OPS)
def test_any_operation_alone_makes_programs(name: str) -> None:
    drawn = sample(expressions(ops=[name], inputs=1), 20)
    assert all(set(names(program)) == {name} for program in drawn)


def test_what_is_defined_later_is_drawn_too(monkeypatch: pytest.MonkeyPatch) -> None:
    strategy = expressions()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(namespaces, "operations", {})
        cube = define("cube", lambda m, x: x * x * x, lambda m, x, out: 3.0 * x * x)
    monkeypatch.setitem(namespaces.operations, "cube", cube)
    assert lines(found(strategy, lambda program: "cube" in names(program)))[-1] == 'g = autograd.registry["cube"](x)'


def test_an_interval_far_from_zero_is_drawn_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespaces, "operations", {})
    far = define("far", lambda m, x: x + 1.0, lambda m, x, out: 1.0, domain=Interval(20.0, 30.0))
    assert all(20.0 < program.point[0] < 30.0 for program in sample(expressions(ops=[far], inputs=1), 20))
    with pytest.raises(ValueError, match=r"no number between 20.0 and 30.0 is within the bound 10.0"):
        operands(far)
    assert 20.0 < find(operands(far, bound=25.0), lambda x: True)[0] < 25.0


def has_exp_of_tanh(program: Program) -> bool:
    return any(
        isinstance(x, Result) and x.index > 1 and program.steps[x.index - 2].op.name == "tanh" and step.op.name == "exp"
        for step in program.steps
        for x in step.operands
    )


X, Y = 'x = autograd.Value(0.0, "x")', 'y = autograd.Value(0.0, "y")'


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (lambda program: "tanh" in names(program), [X, Y, "g = autograd.tanh(x)"]),
        (lambda program: "log" in names(program), [X.replace("0.0", "1.0"), Y, "g = autograd.log(x)"]),
        (lambda program: "relu" in names(program), [X.replace("0.0", "1.0"), Y, "g = autograd.relu(x)"]),
        (lambda program: "acosh" in names(program), [X.replace("0.0", "2.0"), Y, "g = autograd.acosh(x)"]),
        (lambda program: "sum" in names(program), [X, Y, "g = autograd.sum([x])"]),
        (
            lambda program: any(step.op.name == "mul" and len(set(step.operands)) == 1 for step in program.steps),
            [X, Y, "g = x * x"],
        ),
        (
            lambda program: any(
                step.op.name == "mul" and isinstance(step.operands[0], float) for step in program.steps
            ),
            [X, Y, "g = 0.0 * x"],
        ),
        (
            lambda program: any(step.op.name == "add" and step.operands[1] in (2.0, 3.0) for step in program.steps),
            [X, Y, "g = x + 2.0"],
        ),
    ],
)
def test_what_is_looked_for_is_all_that_is_left(condition: Callable[[Program], bool], expected: list[str]) -> None:
    assert lines(found(expressions(ops=OPS), condition)) == expected


def test_two_steps_that_are_looked_for_are_all_that_is_left() -> None:
    few = ["add", "mul", "div", "exp", "log", "tanh", "relu", "sum"]  # of all, hardly two meet
    expected = [X, Y, "v1 = autograd.tanh(x)", "g = autograd.exp(v1)"]
    assert lines(found(expressions(ops=few), has_exp_of_tanh)) == expected


@pytest.mark.parametrize("count", [1, 3, 8])
def test_a_number_of_steps_shrinks_to_that_many_of_one_operand(count: int) -> None:
    program = found(expressions(ops=OPS), lambda program: len(program.steps) >= count)
    assert [step.operands for step in program.steps] == [(Result(0),), *((Result(i + 1),) for i in range(1, count))]
    assert program.point == (0.0, 0.0)


def test_a_step_that_is_used_twice_shrinks_to_two_steps() -> None:
    program = found(expressions(ops=OPS), lambda program: any(n > 1 for i, n in uses(program).items() if i > 1))
    assert len(program.steps) == 2
    assert program.steps[1].operands == (Result(2), Result(2))


def test_several_outputs_shrink_to_two() -> None:
    program = found(programs(ops=["tanh", "exp"], outputs=4), lambda program: len(program.outputs) > 1)
    assert program.outputs == (2, 3)
    assert len(program.steps) == 2


@pytest.mark.parametrize("name", ["expressions", "programs"])
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"ops": ["add", "sigmoyd"]}, LookupError, "no operation is named 'sigmoyd'; did you mean 'sigmoid'?"),
        ({"ops": ["add", math.tanh]}, TypeError, "it has the builtin_function_or_method <built-in function tanh>"),
        ({"ops": "tanh"}, TypeError, "ops is a list of operations or their names, such as ['add', 'tanh']: got 'tanh'"),
        ({"ops": registry["neg"]}, TypeError, "ops is a list of operations or their names"),
        ({"ops": []}, ValueError, "ops has no operations"),
        ({"inputs": 0}, ValueError, "inputs must be at least 1, got 0"),
        ({"inputs": 4, "max_nodes": 4}, ValueError, "max_nodes must be at least 5, got 4"),
        ({"max_nodes": 2.5}, TypeError, "'float' object cannot be interpreted as an integer"),
    ],
)
def test_bad_arguments_raise_at_the_call(
    name: str, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as raised:
        {"expressions": expressions, "programs": programs}[name](**arguments)
    assert message in str(raised.value)


UNTYPED: list[Any] = [(0.0, 1.0), "tanh"]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: programs(outputs=0), ValueError, "outputs must be at least 1, got 0"),
        (lambda: scalars(UNTYPED[0]), TypeError, "expected an Interval such as Interval(0.0, 1.0), got (0.0, 1.0)"),
        (lambda: scalars(Interval(1.0, 1.0)), ValueError, "there is no float between 1.0 and 1.0"),
        (lambda: scalars(Interval(0.0, 5e-324)), ValueError, "there is no float between 0.0 and 5e-324"),
        (lambda: scalars(Interval(math.nan, 1.0)), ValueError, "there is no float between nan and 1.0"),
        (lambda: scalars(Interval(sys.float_info.max, INF)), ValueError, "there is no float between"),
        (lambda: operands(UNTYPED[1]), TypeError, "expected an operation such as autograd.tanh, got 'tanh'"),
    ],
)  # fmt: skip
def test_bad_arguments_say_what_was_got(call: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error) as raised:
        call()
    assert message in str(raised.value)


def test_an_example_is_printed_as_lines_to_paste() -> None:
    @settings(max_examples=200, database=None)
    @given(expressions(ops=["tanh", "exp"]))
    def never_tanh(expression: Program) -> None:
        assert "tanh" not in names(expression)

    with pytest.raises(AssertionError) as raised:
        never_tanh()
    assert f"\n{X}\n{Y}\ng = autograd.tanh(x)\n" in "\n".join(raised.value.__notes__)


def test_the_numbers_of_a_small_domain_are_not_tiny() -> None:
    small = replace(registry["log"], name="small", domain=(Interval(0.0, 1e-3),))

    @given(expressions(ops=[small], inputs=1, max_nodes=2))
    def test(program: Program) -> None:
        assert 1e-30 <= program.point[0] < 1e-3

    test()
