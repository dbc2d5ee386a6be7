"""requires_grad: a frozen leaf is a constant wherever it takes part, and what comes of frozen operands is frozen."""

import copy
import pickle
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Graph, GraphError, NonFiniteWarning, Tensor, Value, grad, jvp, no_grad, unroll
from autograd.testing import check_gradients
from autograd.testing.program import OPERATORS, Program
from autograd.testing.strategies import expressions
from autograd.value import FrozenValue
from tests.autograd.array_programs import PROGRAMS, arrays_for
from tests.autograd.ops.sample import weighted
from tests.autograd.tensor_graphs import bits

KINDS = [Value, Tensor]
BINARY = [apply for name, apply in OPERATORS.items() if len(autograd.registry[name].operands) == 2]


def frozen(kind: Any, number: float = 3.0) -> Any:
    return kind(number, "frozen").requires_grad_(False)


def check_freezing(f: Callable[..., Any], leaves: Callable[[], list[Any]], chosen: list[bool]) -> None:
    """The value and the gradients of `f` are the same, to the bit, but None for the chosen leaves, which are frozen."""
    ordinary, others = leaves(), leaves()
    for x, freeze in zip(others, chosen, strict=True):
        x.requires_grad = not freeze
    with warnings.catch_warnings(action="ignore", category=NonFiniteWarning):
        expected, found = f(*ordinary), f(*others)
        assert bits(found.data) == bits(expected.data)
        behind = Graph(expected)
        assert found.requires_grad is any(x in behind for x, freeze in zip(ordinary, chosen, strict=True) if not freeze)
        expected.backward()
        if found.requires_grad:
            found.backward()
    for a, b, freeze in zip(ordinary, others, chosen, strict=True):
        if freeze or a.grad is None:
            assert b.grad is None
        else:
            assert bits(a.grad) == bits(b.grad)


@given(expressions(inputs=3, max_nodes=12), st.lists(st.booleans(), min_size=3, max_size=3))
def test_freezing_leaves_of_an_expression_leaves_the_gradients_of_the_others(
    expression: Program, chosen: list[bool]
) -> None:
    check_freezing(expression, lambda: list(map(Value, expression.point)), chosen)


@pytest.mark.parametrize("name", PROGRAMS)
@given(st.data())
def test_freezing_tensors_leaves_the_gradients_of_the_others(name: str, data: st.DataObject) -> None:
    f, shapes = PROGRAMS[name]
    arrays = data.draw(arrays_for(PROGRAMS[name]))
    chosen = data.draw(st.lists(st.booleans(), min_size=len(shapes), max_size=len(shapes)))
    dtypes = data.draw(st.lists(st.sampled_from(["float64", "float32"]), min_size=len(shapes), max_size=len(shapes)))

    def leaves() -> list[Any]:
        return [Tensor(x, dtype=dtype) for x, dtype in zip(arrays, dtypes, strict=True)]

    check_freezing(lambda *x: weighted(f(*x)), leaves, chosen)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("apply", BINARY)
def test_beside_a_frozen_leaf_only_the_other_operand_is_a_parent(apply: Callable[[Any, Any], Any], kind: Any) -> None:
    x, w = kind(2.0), frozen(kind)
    assert all(parent is x for parent in apply(x, w).parents)
    assert all(parent is x for parent in apply(w, x).parents)
    assert len(apply(x, w).parents) == len(apply(w, x).parents) == 1
    for alone in (apply(w, w), apply(w, 2.0), apply(2.0, w)):
        assert (alone.requires_grad, alone.op, alone.parents) == (False, None, ())


def test_functions_and_lists_take_a_frozen_value_for_its_number() -> None:
    x, w = Value(2.0), frozen(Value)
    for result in (autograd.sum([x, w, 1.0]), autograd.dot([w, x], [x, w]), autograd.clamp(x, max=w)):
        assert all(parent is x for parent in result.parents)
        assert result.requires_grad
    for alone in (w.tanh(), -w, autograd.sum([w, w]), autograd.clamp(w, 0.0, 1.0), np.exp(w)):
        assert type(alone) is FrozenValue


def test_values_and_tensors_freeze_each_other_out() -> None:
    for x, w in ((Value(2.0), frozen(Tensor)), (Tensor([2.0]), frozen(Value))):
        for result in (x * w, w * x):
            assert isinstance(result, Tensor)
            result.sum().backward()
            assert x.grad is not None
            x.grad = None
        assert w.grad is None
    assert not (frozen(Tensor) * frozen(Value)).requires_grad


def test_the_array_of_a_frozen_tensor_is_recorded_without_a_copy() -> None:
    x, w = Tensor([1.0, 2.0]), Tensor([3.0, 4.0]).requires_grad_(False)
    assert (x * w).operands[1] is w._data
    w.data = np.array([5.0, 6.0])  # which puts a new array in, and changes nothing that was recorded
    (x * w).sum().backward()
    assert x.grad.tolist() == [5.0, 6.0]


def test_no_derivative_is_computed_in_a_frozen_operand() -> None:
    with warnings.catch_warnings(action="error"):
        for kind in KINDS:
            x, w = kind(-8.0), frozen(kind, 2.0)
            (x**w).sum().backward() if kind is Tensor else (x**w).backward()  # that in w takes the logarithm of -8
            assert float(x.grad) == -16.0


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_frozen_has_no_gradient_and_says_so(kind: Any) -> None:
    x, w = kind(2.0), frozen(kind)
    for root in (w, w * w):
        for ask in (root.backward, lambda root=root: root.gradient(w)):
            with pytest.raises(GraphError, match=r"has no gradient, because it is frozen itself or every operand"):
                ask()
    slope = (x * w).gradient(w)
    assert (type(slope), slope.item()) == (kind, 0.0)
    assert w.grad is None


@pytest.mark.parametrize("kind", KINDS)
def test_freezing_is_undone_and_touches_nothing_else(kind: Any) -> None:
    x = kind(2.0, "x")
    (x * x).backward()
    before, text = x.grad, repr(x)
    assert x.requires_grad
    x.requires_grad = False
    assert not x.requires_grad
    assert x.grad is before
    assert repr(x) == text[:-1] + ", requires_grad=False)"
    result = x * 3.0
    assert repr(result) == repr(kind(6.0))[:-1] + ", requires_grad=False)"
    assert x.requires_grad_() is x
    assert (type(x), repr(x)) == (kind, text)
    (x * result).backward()
    assert float(x.grad) == float(before) + 6.0


@pytest.mark.parametrize("kind", KINDS)
def test_a_leaf_may_be_made_frozen(kind: Any) -> None:
    assert repr(kind(3.0, "frozen", requires_grad=False)) == repr(frozen(kind))
    assert kind(3.0, requires_grad=True).requires_grad


@pytest.mark.parametrize("kind", KINDS)
def test_a_graph_that_was_recorded_before_stays_as_it_is(kind: Any) -> None:
    x = kind(2.0)
    y = x * x
    x.requires_grad = False
    y.backward()
    assert float(x.grad) == 4.0
    assert y.gradient(x).item() == 4.0


@pytest.mark.parametrize("kind", KINDS)
def test_a_result_cannot_be_frozen(kind: Any) -> None:
    y = kind(2.0) * 3.0
    for required in (False, True):
        with pytest.raises(GraphError, match="is a result: requires_grad is set on leaves"):
            y.requires_grad = required
    assert y.requires_grad
    assert not y.detach().requires_grad_(False).requires_grad


@pytest.mark.parametrize("kind", KINDS)
def test_copies_and_pickles_of_what_is_frozen_are_frozen(kind: Any) -> None:
    x = frozen(kind)
    for twin in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert twin is not x
        assert repr(twin) == repr(x)
        assert not twin.requires_grad


@pytest.mark.parametrize("kind", KINDS)
def test_frozen_stays_frozen_under_no_grad_and_what_that_makes_is_not(kind: Any) -> None:
    x, w = kind(2.0), frozen(kind)
    with no_grad():
        assert (x * w).requires_grad
        assert not (w * w).requires_grad


@pytest.mark.parametrize("kind", KINDS)
def test_a_function_is_differentiated_in_an_argument_also_where_that_is_frozen(kind: Any) -> None:
    w = frozen(kind)
    assert grad(lambda v: v * v * w)(w).item() == 18.0
    assert [x.item() for x in jvp(lambda v: v * v * w, [w], [1.0])] == [27.0, 18.0]
    check_gradients(lambda v: v * v, w).assert_ok()


def test_graphs_with_frozen_tensors_are_saved_and_unrolled() -> None:
    x, w = Tensor([1.0, 2.0], dtype="float32"), Tensor([3.0, 4.0]).requires_grad_(False)
    root = (x * w).sum()
    twin = Graph.from_dict(Graph(root).to_dict()).root
    assert (twin.data, twin.data.dtype) == (root.data, np.dtype("float64"))
    assert unroll(root).root.data == 11.0
