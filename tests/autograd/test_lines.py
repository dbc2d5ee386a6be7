"""Each node knows the line that made it, while lines are recorded."""

import copy
import pickle
import sys
from pathlib import Path
from types import FrameType

import numpy as np

import autograd
from autograd import Graph, Value, detect_anomaly, enable_grad, no_grad, record_lines, topological_order


def here() -> int:
    frame: FrameType | None = sys._getframe(1)
    assert frame is not None
    return frame.f_lineno


def test_every_kind_of_node_knows_its_line() -> None:
    x = Value(2.0)
    with record_lines():
        made = [Value(1), x + x, x * 2, 2 - x, -x, x**2.0, x.tanh(), autograd.sum([x, 1.0]), np.exp(x), x.pow(3)]
        made += [autograd.clamp(x, 0, 1), *autograd.softmax([x, x]), autograd.where(x > 0, x, 0.0), x.detach()]
        number = here()
    assert {(node.line.file, node.line.number) for node in made[10:] if node.line} == {(__file__, number - 1)}
    assert {(node.line.file, node.line.number) for node in made[:10] if node.line} == {(__file__, number - 2)}
    assert all(node.line for node in made)
    assert len({id(node.line) for node in made[:10]}) == 1


def test_nothing_is_recorded_before_and_after() -> None:
    x = Value(1)
    with record_lines():
        pass
    assert [node.line for node in topological_order(Value(2) * x + x)] == [None] * 4


def test_a_function_of_the_users_is_shown_not_its_caller() -> None:
    def double(x: Value) -> Value:
        return x + x

    with record_lines():
        line = double(Value(3.0)).line
    assert line is not None
    assert line.text == "return x + x"
    assert str(line) == f"test_lines.py:{line.number}"


def test_lines_and_the_other_switches_do_not_disturb_each_other() -> None:
    x = Value(1)
    with record_lines(), no_grad():
        y = x * 2
        with enable_grad(), detect_anomaly():
            z = x * 2
    assert y.line is not None
    assert (y.parents, z.parents) == ((), (x,))
    assert z.line is not None


def test_as_a_decorator_it_records_the_lines_of_the_function() -> None:
    @record_lines()
    def f(x: Value) -> Value:
        return x * x

    line = f(Value(1)).line
    assert line is not None
    assert line.text == "return x * x"


def test_gradients_that_are_graphs_are_made_where_they_were_asked_for() -> None:
    x = Value(3.0)
    with record_lines():
        slope = (x**3).gradient(x)
    lines = {node.line for node in topological_order(slope) if node is not x}
    assert len(lines) == 1
    [line] = lines
    assert line is not None
    assert line.text == "slope = (x**3).gradient(x)"


def test_copies_keep_the_line() -> None:
    with record_lines():
        y = Value(1) * 2
    for other in (copy.copy(y), copy.deepcopy(y), pickle.loads(pickle.dumps(y))):
        assert other.line == y.line
    assert Graph.from_dict(Graph(y).to_dict()).root.line is None


def test_the_text_of_a_line_that_cannot_be_read_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "gone.py"
    path.write_text("y = x * 2\n")
    names = {"x": Value(3.0)}
    with record_lines():
        exec(compile(path.read_text(), str(path), "exec"), names)
    path.unlink()
    line = names["y"].line
    assert line is not None
    assert (line.text, str(line)) == ("", "gone.py:1")


def test_code_of_this_library_is_passed_over_and_no_other() -> None:
    for name, passed_over in (("autograd.inner", True), ("autograd_user", False), ("nn", False)):
        scope = {"__name__": name, "Value": Value}
        exec("def make():\n    return Value(1)", scope)
        with record_lines():
            line = scope["make"]().line  # type: ignore[operator]
        assert (line.file == __file__) is passed_over
