"""A formula read from a pullback means what the pullback computes: run as a program, it gives the same."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

import autograd
from autograd import Tensor, ops
from autograd.arrayop import ArrayOp
from autograd.board import operation, passed_back
from autograd.define import array_registry
from autograd.namespaces import find
from autograd.notation import Formula
from autograd.order import topological_order
from autograd.symbols import SHAPED, Symbol
from autograd.terms import name
from tests.autograd.tensor_graphs import results

READ_AS = {
    "⊙": "*",
    "·": "*",
    "ᵀ": ".swapaxes(-1, -2)",
    "²": "**2",
    "^": "**",
    "…": "...",
    " = ": " == ",
    " ≠ ": " != ",
    "≤": "<=",
    "≥": ">=",
}
UNREADABLE = re.compile(r"array \(|(int64|bool) \(| and | or |≈|[√∛⌊|]|take_along_axis|(scatter|getitem)\(.*:")
OURS = {
    **{each: getattr(ops, each) for each in dir(ops) if not each.startswith("_")},
    **array_registry,  # called as they are written: the operands, and then the settings
    "inf": np.inf,
}


def value(formula: str, names: dict[str, Any]) -> Any:
    """What the formula gives as a program in NumPy's words."""
    for sign, word in READ_AS.items():
        formula = formula.replace(sign, word)
    return eval(formula, {"__builtins__": {}, **OURS}, names)


@given(results("shape", "linalg", "reduction"))
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_the_rule_in_symbols_computes_what_the_sweep_passes_on(root: Tensor) -> None:
    order = topological_order(root)
    names = {node: f"n{i}" for i, node in enumerate(order)}
    data = {names[node]: np.asarray(node.data) for node in order}
    checked = 0
    for node in order:
        for index in range(len(node.parents)):
            gradient = np.cos(np.arange(node.data.size)).reshape(node.data.shape)
            rule = passed_back(node, index, name("g"), lambda x: name(names[x]))
            if rule is not None and not UNREADABLE.search(rule.text):
                expected = node.product(index, gradient)
                got = np.broadcast_to(value(rule.text, {**data, "g": gradient}), np.shape(expected))
                np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-4, err_msg=rule.text)
                checked += 1
    assume(checked)


@given(results("shape", "linalg", "reduction"))
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_the_operation_in_symbols_computes_its_result(root: Tensor) -> None:
    order = topological_order(root)
    names = {node: f"n{i}" for i, node in enumerate(order)}
    data = {names[node]: np.asarray(node.data) for node in order}
    for node in order:
        written = operation(node, lambda x: name(names[x])).text
        if node.op is not None and not UNREADABLE.search(written) and "Σ" not in written:
            np.testing.assert_allclose(value(written, data), node.data, rtol=1e-4, atol=1e-4, err_msg=written)


@pytest.mark.parametrize(
    ("shapes", "index", "rule"),
    [
        (((4, 2), (2, 3)), 0, "g @ bᵀ"),
        (((4, 2), (2, 3)), 1, "aᵀ @ g"),
        (((5, 4, 2), (5, 2, 3)), 1, "aᵀ @ g"),
        (((2,), (2,)), 0, "g·b"),
    ],
)
def test_a_product_of_matrices(shapes: tuple[Any, Any], index: int, rule: str) -> None:
    a, b = (Symbol(Formula.name(each), shape) for each, shape in zip("ab", shapes, strict=True))
    out = SHAPED.matmul(a, b)
    found = find("matmul").vjp(SHAPED, index, Symbol(Formula.name("g"), out.shape), [a, b], out, {})
    assert (str(found.formula), found.shape) == (rule, shapes[index])


def test_broadcasting_is_undone_by_sums_in_the_formula_too() -> None:
    x, b, c = Symbol(Formula.name("x"), (4, 3)), Symbol(Formula.name("b"), (3,)), Symbol(Formula.name("c"), (4, 1))
    g = Symbol(Formula.name("g"), (4, 3))
    add, mul = find("add"), find("mul")
    assert str(add.vjp(SHAPED, 0, g, [x, b], g, {}).formula) == "g"
    assert str(add.vjp(SHAPED, 1, g, [x, b], g, {}).formula) == "sum(g, axis=0)"
    assert str(mul.vjp(SHAPED, 1, g, [x, c], g, {}).formula) == "sum(g ⊙ x, axis=1, keepdims=True)"


@pytest.mark.parametrize(
    ("call", "statement", "rule"),
    [
        (lambda x: x.reshape((3, 2)), "reshape(x, (3, 2))", "reshape(g, (2, 3))"),
        (lambda x: x.T, "xᵀ", "gᵀ"),
        (lambda x: x.sum(axis=0), "sum(x, axis=0)", "broadcast_to(reshape(g, (1, 3)), (2, 3))"),
        (lambda x: x.mean(), "mean(x)", "broadcast_to(g·0.166667, (2, 3))"),
        (lambda x: x[1], "x[1]", "scatter(g, (1,), (2, 3))"),
        (lambda x: x[:, 1:], "x[:, 1:]", "scatter(g, (:, 1:), (2, 3))"),
        (lambda x: x.tanh(), "tanh(x)", "g ⊙ (1 - tanh(x)²)"),
        (lambda x: x * np.full((2, 3), 2.0), "x ⊙ array (2, 3)", "g ⊙ array (2, 3)"),
        (lambda x: x / 4.0, "x/4", "g·0.25"),
        (lambda x: x.broadcast_to((4, 2, 3)), "broadcast_to(x, (4, 2, 3))", "sum(g, axis=0)"),
        (lambda x: autograd.concatenate([x, x], axis=1), "concatenate([x, x], axis=1)", "g[:, 0:3]"),
    ],
)
def test_the_rules_that_everyone_meets(call: Callable[[Tensor], Tensor], statement: str, rule: str) -> None:
    y = call(Tensor(np.ones((2, 3)), "x"))
    assert str(operation(y, lambda node: name(node.label or ""))) == statement
    assert str(passed_back(y, 0, name("g"), lambda node: name(node.label or ""))) == rule


def test_what_symbols_cannot_say_is_left_unsaid() -> None:
    op = ArrayOp(
        **{each: getattr(find("reshape"), each) for each in find("reshape").__dataclass_fields__}
        | {"pullbacks": (lambda m, g, x, out, *, shape: g.no_such_thing,)}
    )
    x = Tensor([1.0, 2.0], "x")
    y = Tensor.recorded(x._data, op, (x,), (x._data,), None)
    y._settings = {"shape": (2,)}
    assert passed_back(y, 0, name("g"), lambda node: name(node.label or "y")) is None
