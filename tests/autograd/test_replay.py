"""replay: recorded graphs computed again by NumPy, by JAX, and by a library that lacks a function."""

import math
import warnings
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Graph, GraphError, NonFiniteWarning, Tensor, Value, replay
from autograd.testing.strategies import expressions
from tests.autograd.array_programs import PROGRAMS, Program, arrays_for
from tests.autograd.ops.sample import weighted

every_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)


@pytest.fixture
def jax() -> Iterator[Any]:
    """JAX with numbers of 64 bits."""
    jax = pytest.importorskip("jax")
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield jax
    jax.config.update("jax_enable_x64", before)


@every_program
@settings(max_examples=10)
@given(st.data())
def test_a_graph_computed_with_other_numbers_is_the_function_of_these(program: Program, data: st.DataObject) -> None:
    f, recorded_at, x = program[0], data.draw(arrays_for(program)), data.draw(arrays_for(program))
    leaves = list(map(Tensor, recorded_at))
    out = f(*leaves)
    np.testing.assert_allclose(replay(out, np, leaves)(*recorded_at), out.data, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(replay(out, np, leaves)(*x), f(*map(Tensor, x)).data, rtol=1e-13, atol=1e-13)


@every_program
def test_jax_compiles_and_differentiates_it(program: Program, jax: Any) -> None:
    f, shapes = program
    generator = np.random.default_rng(0)
    x = [generator.normal(size=shape) for shape in shapes]
    leaves = list(map(Tensor, x))
    out = f(*leaves)
    there = replay(out, jax.numpy, leaves)
    np.testing.assert_allclose(jax.jit(there)(*x), out.data, rtol=1e-12, atol=1e-12)
    every = tuple(range(len(x)))
    gradients = jax.grad(lambda *x: weighted(there(*x)), every)(*x)
    ours = autograd.grad(lambda *x: weighted(f(*x)), every)(*x)
    for found, expected in zip(gradients, ours, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


@settings(max_examples=60)
@given(expressions(inputs=2, max_nodes=8), st.integers(1, 3))
def test_a_graph_of_values_is_computed_with_numbers_and_with_arrays(expression: Any, length: int) -> None:
    variables = [Value(x, name) for x, name in zip(expression.point, expression.inputs, strict=True)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonFiniteWarning)
        out = expression(*variables)
    assume(isinstance(out, Value))
    again = replay(out, np, variables)
    in_arrays = [np.full(length, x) for x in expression.point]
    expected = np.broadcast_to(expression(*in_arrays), length)
    np.testing.assert_allclose(again(*in_arrays), expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(again(*expression.point), expected[0], rtol=1e-9, atol=1e-12)


def test_arrays_take_the_place_of_numbers_element_by_element() -> None:
    x, y = Value(1.0, "x"), Value(2.0, "y")
    out = autograd.dot([x, y, x], [y, 2.0, x]) + autograd.max([x, y, 0.5]) + autograd.softmax([x, y])[0]
    again = replay(out)
    xs, ys = np.array([[1.0], [3.0]]), np.array([2.0, -1.0, 0.25])
    found = again(xs, ys)
    for i, j in np.ndindex(2, 3):
        assert found[i, j] == pytest.approx(float(again(xs[i, 0], ys[j])), rel=1e-14)
    share = np.exp(xs) / (np.exp(xs) + np.exp(ys))
    np.testing.assert_allclose(found, xs * ys + 2 * ys + xs * xs + np.maximum(np.maximum(xs, ys), 0.5) + share)


def test_values_replay_in_jax(jax: Any) -> None:
    x, y = Value(0.5, "x"), Value(2.0, "y")
    out = autograd.logsumexp([x * y, autograd.erf(x), y.lgamma()]) + autograd.polygamma(2.0, y) + autograd.norm([x, y])
    slopes = jax.jit(jax.grad(replay(out, jax.numpy), (0, 1)))(0.5, 2.0)
    out.backward()
    assert [float(slope) for slope in slopes] == pytest.approx([x.grad, y.grad], rel=1e-12)


def test_float32_stays_float32() -> None:
    x = Tensor(np.array([[1.0, -2.0]], np.float32))
    for out in (autograd.softmax(x.relu() * 2.0, axis=1).sum(axis=0), x.sign(), x.sigmoid().max()):
        assert replay(out)(x.data).dtype == np.float32


def test_a_gradient_is_a_graph_and_so_is_replayed_too(jax: Any) -> None:
    x = Tensor([[0.5, -1.0], [2.0, 0.25]], "x")
    gradient = (x[[0, 0, 1]].exp() * x.max(axis=0)).sum().gradient(x)
    for library in (np, jax.numpy):
        np.testing.assert_allclose(replay(gradient, library, [x])(x.data), gradient.data, rtol=1e-13)


def test_chosen_leaves_are_the_arguments_and_the_others_keep_their_numbers() -> None:
    w, x = Tensor([1.0, 2.0], "w"), Tensor([3.0, 4.0], "x")
    product = w * x
    out = product.sum()
    assert replay(out, leaves=[x])([1.0, 1.0]) == 3.0
    assert replay(out, leaves=[x, w])([1.0, 0.0], [5.0, 6.0]) == 5.0
    assert replay(out, leaves=[product])([5.0, 6.0]) == 11.0
    assert replay(out, leaves=())() == 11.0
    assert (w.data.tolist(), x.data.tolist()) == ([1.0, 2.0], [3.0, 4.0])
    assert replay(x)([7.0]).tolist() == [7.0]


def test_a_graph_of_several_roots_gives_a_tuple() -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    again = replay(Graph(x * y, autograd.stack([x, y]).tanh()))
    product, stacked = again(0.5, 4.0)
    assert product == 2.0
    np.testing.assert_allclose(stacked, np.tanh([0.5, 4.0]))


def test_a_wrong_number_of_arrays_is_refused_with_the_names_of_the_leaves() -> None:
    again = replay(Tensor([1.0], "w") * Tensor([2.0]))
    with pytest.raises(TypeError, match=r"the graph is a function of 2 leaves \(w, \?\), got 1"):
        again([1.0])
    for wrong in (3.0, None, [Tensor([1.0])]):
        with pytest.raises(GraphError, match="Graph needs a Value, got"):
            replay(wrong)  # type: ignore[arg-type]
    with pytest.raises(GraphError, match=r"replay, leaves: needs a Value, got the float 1\.0"):
        replay(Value(1.0), leaves=[1.0])  # type: ignore[list-item]


def test_a_function_that_the_library_lacks_is_named_with_its_operation() -> None:
    library = SimpleNamespace(__name__="small", asarray=np.asarray, multiply=np.multiply, exp=np.exp)
    x = Value(1.0)
    assert replay(x.exp() * x, library)(2.0) == pytest.approx(2 * math.exp(2.0))
    with pytest.raises(GraphError, match="replay: gelu cannot be computed by small: it has no erfc"):
        replay(x.gelu(), library)(2.0)
    with pytest.raises(GraphError, match="replay: mean cannot be computed by small: it has no sum"):
        replay(Tensor([1.0]).mean(), library)([2.0])


def test_jax_has_no_spherical_bessel_function(jax: Any) -> None:
    x = Value(1.0)
    with pytest.raises(GraphError, match=r"spherical_jn cannot be computed by jax.numpy: it has no spherical_jn"):
        replay(x.sinc().gradient(x), jax.numpy, [x])(2.0)
