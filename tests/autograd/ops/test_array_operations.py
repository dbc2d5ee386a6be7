"""Every operation on arrays, in every reading, at calls that each family of operations draws for itself."""

import pkgutil
import warnings
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tests.autograd.ops
from autograd import Node, Tensor, Value, jvp, registry, replay, unroll
from autograd.arrays import NUMPY
from autograd.define import array_registry
from autograd.order import topological_order
from autograd.recording import operand_arrays
from autograd.reverse import contributions
from tests.autograd.ops.sample import Array, Sample, check_first_order, check_second_order, weighted

SAMPLES: dict[str, st.SearchStrategy[Sample]] = {
    f"{module.name.rpartition('_')[2]}.{name}": strategy
    for module in pkgutil.iter_modules(tests.autograd.ops.__path__, "tests.autograd.ops.")
    if ".samples_" in module.name
    for name, strategy in import_module(module.name).SAMPLES.items()
}
SINGLE = np.finfo(np.float32).eps
OF_LISTS = {"softmax", "dot"}  # of Values: on arrays they are other operations
# What NumPy and SciPy lack, or lose digits in, is computed with Python's floats, and rounded.
IN_DOUBLE = {"erfinv", "lgamma", "digamma", "polygamma", "sinc", "spherical_jn"}
each_operation = pytest.mark.parametrize("name", SAMPLES)


def at_samples(most: int) -> Callable[[Any], Any]:
    """Runs a test of a sample at several that are drawn for the operation of the given name."""

    def decorated(test: Callable[[Sample], None]) -> Callable[[str], None]:
        def of_name(name: str) -> None:
            quick = settings(
                max_examples=most, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
            )
            quick(given(SAMPLES[name])(test))()

        of_name.__name__, of_name.__doc__ = test.__name__, test.__doc__
        return each_operation(of_name)

    return decorated


def tensors(sample: Sample, dtype: Any = np.float64) -> list[Tensor]:
    return [Tensor(x, dtype=dtype) for x in sample.arrays]


def gradients(sample: Sample, *, dtype: Any = np.float64) -> tuple[Any, list[Tensor]]:
    """The result, and the Tensors that it was computed from after `backward`."""
    leaves = tensors(sample, dtype)
    out = sample.call(*leaves)
    weighted(out).backward()
    return out, leaves


def own_operations() -> set[str]:
    """The operations that the library defines, and not a test or an example."""
    every = [*registry.values(), *array_registry.values()]
    return {op.name for op in every if op.forward.__module__.startswith("autograd.ops.")}


def test_every_operation_is_sampled() -> None:
    met = {name.partition(".")[2] for name in SAMPLES if name.startswith("elementwise.")}

    def remember(sample: Sample) -> None:
        leaves = tensors(sample)
        total = weighted(sample.call(*leaves))
        roots = [total, *total.gradient(leaves)]
        met.update(node.op.name for node in topological_order(*roots) if node.op is not None)

    for name in SAMPLES:
        if not name.startswith("elementwise."):
            settings(max_examples=10, derandomize=True, deadline=None, database=None)(given(SAMPLES[name])(remember))()
    assert own_operations() - met == OF_LISTS


@at_samples(3)
def test_first_derivatives_are_what_differences_show(sample: Sample) -> None:
    check_first_order(sample)


@at_samples(2)
def test_second_derivatives_are_what_differences_show(sample: Sample) -> None:
    check_second_order(sample)


@at_samples(5)
def test_gradients_have_the_shapes_and_dtypes_of_the_operands(sample: Sample) -> None:
    for dtype in (np.float64, np.float32):
        out, leaves = gradients(sample, dtype=dtype)
        assert out.dtype == dtype
        for leaf, x in zip(leaves, sample.arrays, strict=True):
            assert leaf.grad is None or (leaf.grad.shape, leaf.grad.dtype) == (x.shape, dtype)


@at_samples(5)
def test_single_precision_gives_what_double_does_as_far_as_it_goes(sample: Sample) -> None:
    rounded = Sample(sample.call, tuple(x.astype(np.float32).astype(float) for x in sample.arrays), sample.text)
    moved = [Sample(sample.call, arrays, sample.text) for arrays in _nearby(rounded.arrays)]
    exact, single = _numbers(rounded, np.float64), _numbers(rounded, np.float32)
    others = [_numbers(each, np.float64) for each in moved]
    for i, (x, found) in enumerate(zip(exact, single, strict=True)):
        condition = sum(np.abs(other[i] - x) for other in others)
        allowed = 4.0 * condition + 64.0 * SINGLE * np.abs(x).max(initial=0.0) + 4.0 * SINGLE
        assert np.all(np.abs(found - x) <= allowed), (found, x)


def _nearby(arrays: tuple[Array, ...]) -> Iterator[tuple[Array, ...]]:
    """The arrays with each number some units of single precision off: all away from 0, and in turn to and away."""
    for alternating in (False, True):
        signs = [1.0 - 2.0 * (np.arange(x.size) + i) % 2 if alternating else 1.0 for i, x in enumerate(arrays)]
        yield tuple(
            x * (1.0 + 8.0 * SINGLE * np.reshape(s, x.shape if alternating else ()))
            for x, s in zip(arrays, signs, strict=True)
        )


def _numbers(sample: Sample, dtype: Any) -> list[Array]:
    """The value and the gradients, in double precision."""
    out, leaves = gradients(sample, dtype=dtype)
    return [out.numpy().astype(float), *(np.asarray(x.grad, float) for x in leaves if x.grad is not None)]


@at_samples(5)
def test_the_contributions_sum_to_what_backward_finds_bit_for_bit(sample: Sample) -> None:
    leaves = tensors(sample)
    total = weighted(sample.call(*leaves))
    found: dict[Node, Any] = {step.parent: step.total for step in contributions(total)}
    total.backward()
    for leaf in leaves:
        assert (leaf.grad is None) == (leaf not in found)
        assert leaf.grad is None or np.array_equal(leaf.grad, found[leaf])


@at_samples(5)
def test_the_gradient_as_a_graph_has_the_numbers_of_backward(sample: Sample) -> None:
    leaves = tensors(sample)
    total = weighted(sample.call(*leaves))
    found = total.gradient(leaves)
    total.backward()
    for leaf, slope in zip(leaves, found, strict=True):
        assert (slope.shape, slope.dtype) == (leaf.shape, leaf.dtype)
        expected = np.zeros(leaf.shape) if leaf.grad is None else leaf.grad
        np.testing.assert_allclose(slope.data, expected, rtol=1e-13, atol=1e-13 * np.abs(expected).max(initial=1.0))


@at_samples(5)
def test_plain_arrays_give_the_numbers_of_tensors(sample: Sample) -> None:
    for dtype in (np.float64, np.float32):
        plain = sample.call(*[x.astype(dtype) for x in sample.arrays])
        recorded = sample.call(*tensors(sample, dtype))
        assert not isinstance(plain, Node)
        if isinstance(plain, float):  # an array without axes is a number to operations element by element
            epsilon = float(np.finfo(dtype).eps)
            assert plain == pytest.approx(recorded.item(), rel=64.0 * epsilon, abs=epsilon)
        else:
            assert plain.dtype == dtype
            np.testing.assert_array_equal(plain, recorded.data)


@at_samples(5)
def test_at_ordinary_points_nothing_warns(sample: Sample) -> None:
    with warnings.catch_warnings(), np.errstate(all="warn"):
        warnings.simplefilter("error")
        for dtype in (np.float64, np.float32):
            gradients(sample, dtype=dtype)
            total = weighted(sample.call(*tensors(sample, dtype)))
            total.gradient(list(topological_order(total)))


@at_samples(3)
def test_forward_mode_and_backward_agree_in_every_direction(sample: Sample) -> None:
    _, leaves = gradients(sample)
    directions = [np.cos(1.0 + np.arange(x.size)).reshape(x.shape) for x in leaves]
    _, tangent = jvp(lambda *x: weighted(sample.call(*x)), leaves, directions)
    products = [float((x.grad * d).sum()) for x, d in zip(leaves, directions, strict=True) if x.grad is not None]
    scale = sum(abs(each) for each in products)
    assert float(tangent) == pytest.approx(sum(products), rel=1e-10, abs=1e-10 * (1.0 + scale))


@at_samples(3)
def test_a_replayed_graph_gives_the_same_numbers(sample: Sample) -> None:
    leaves = tensors(sample)
    out = sample.call(*leaves)
    if out.op is not None:
        found, size = replay(out, np, leaves)(*sample.arrays), np.abs(out.data).max(initial=1.0)
        np.testing.assert_allclose(found, out.data, rtol=1e-12, atol=1e-12 * size)


@at_samples(3)
def test_the_unrolled_graph_has_the_same_value_and_gradients(sample: Sample) -> None:
    leaves = tensors(sample)
    total = weighted(sample.call(*leaves))
    total.backward()
    unrolled = unroll(total)
    assert float(unrolled.root) == pytest.approx(total.item(), rel=1e-10, abs=1e-10)
    if not isinstance(unrolled.root, Value):  # the same whatever the leaves hold
        return
    unrolled.root.backward()
    for leaf in leaves:
        if leaf.grad is not None:
            found = [0.0 if x.grad is None else x.grad for x in unrolled.leaves[leaf].ravel()]
            scale = np.abs(leaf.grad).max(initial=1.0)
            np.testing.assert_allclose(found, leaf.grad.ravel(), rtol=1e-10, atol=1e-10 * scale)


@at_samples(3)
def test_what_is_single_is_computed_in_single_precision(sample: Sample) -> None:
    for node in topological_order(weighted(sample.call(*tensors(sample, np.float32)))):
        if node.op is None or node.op.name in IN_DOUBLE or not isinstance(node, Tensor):
            continue
        m, operands, out = NUMPY[np.dtype(np.float32)], operand_arrays(node), np.asarray(node.data)
        with np.errstate(all="ignore"):
            assert np.asarray(node.op.array_value(m, operands, node.settings)).dtype == np.float32
            for i, x in enumerate(node.operands):
                if isinstance(x, Tensor):
                    product = node.op.vjp(m, i, np.ones(out.shape, out.dtype), operands, out, node.settings)
                    assert np.asarray(product).dtype == np.float32
