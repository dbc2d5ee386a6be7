"""Clipping scales or limits gradients of all kinds, by norms that cannot overflow."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import NonFiniteError, Tensor, Value
from nn.optim import clip_grad_norm_, clip_grad_value_
from tests.nn.optim.training import MIXED, Array, Run, runs, set_gradients

NORMS = st.sampled_from([0.5, 1.0, 2.0, 3.0, math.inf])


def with_gradients(run: Run) -> list[Any]:
    parameters = run.parameters()
    set_gradients(parameters, next(run.noise()))
    return parameters


def gradients(parameters: list[Any]) -> list[Array]:
    return [np.array(p.grad) for p in parameters if p.grad is not None]


def norm(arrays: list[Array], p: float) -> float:
    flat = np.concatenate([np.zeros(1), *[x.ravel().astype(float) for x in arrays]])
    return float(np.linalg.norm(flat, p))


@given(runs, NORMS, st.floats(0.01, 10.0))
def test_the_gradients_are_scaled_to_the_norm_if_theirs_is_larger(run: Run, p: float, max_norm: float) -> None:
    parameters = with_gradients(run)
    before = gradients(parameters)
    total = clip_grad_norm_(parameters, max_norm, p)
    assert type(total) is float
    assert total == pytest.approx(norm(before, p), rel=1e-5)
    after = gradients(parameters)
    scale = min(1.0, max_norm / (total + 1e-6))
    for x, y in zip(before, after, strict=True):
        assert x.dtype == y.dtype
        np.testing.assert_allclose(y, x * scale, rtol=1e-6)
    assert norm(after, p) <= max_norm * (1 + 1e-5)


@given(st.lists(st.floats(-1.7e308, 1.7e308), min_size=1, max_size=5))
def test_the_norm_of_values_is_exact_at_every_size(numbers: list[float]) -> None:
    values = [Value(0.0) for _ in numbers]
    for value, x in zip(values, numbers, strict=True):
        value.grad = x
    exact = sum((Fraction(x) ** 2 for x in numbers), Fraction(0))
    total = clip_grad_norm_(values, math.inf)
    if math.isinf(total):
        assert exact > Fraction(1.79e308) ** 2
    else:
        off = Fraction(total) * Fraction(2e-15) + Fraction(5e-324)
        assert max(Fraction(total) - off, Fraction(0)) ** 2 <= exact <= (Fraction(total) + off) ** 2


@pytest.mark.parametrize("size", [1e-40, 1e-30, 1e25, 3e38])
def test_gradients_of_float32_neither_overflow_nor_vanish_in_their_norm(size: float) -> None:
    w = Tensor(np.zeros(100), dtype=np.float32)
    w.grad = np.full(100, size, np.float32)
    assert clip_grad_norm_(w, 1.0) == pytest.approx(10 * float(np.float32(size)), rel=1e-6)
    assert w.grad == pytest.approx(min(size, 0.1), rel=1e-5)


@given(runs, st.floats(0.01, 2.0))
def test_each_number_of_a_gradient_is_limited(run: Run, limit: float) -> None:
    parameters = with_gradients(run)
    before = gradients(parameters)
    clip_grad_value_(parameters, limit)
    for x, y in zip(before, gradients(parameters), strict=True):
        assert x.dtype == y.dtype
        np.testing.assert_array_equal(y, np.minimum(np.maximum(x, x.dtype.type(-limit)), x.dtype.type(limit)))


@pytest.mark.parametrize("clip", [lambda p: clip_grad_norm_(p, 0.1), lambda p: clip_grad_value_(p, 0.1)])
def test_gradients_are_assigned_anew_of_the_kind_that_they_were(clip: Any) -> None:
    parameters = with_gradients(MIXED)
    before = [p.grad for p in parameters]
    copies = gradients(parameters)
    clip(iter(parameters))
    assert [type(p.grad) for p in parameters] == [type(x) for x in before]
    for x, copy in zip(before, copies, strict=True):
        np.testing.assert_array_equal(x, copy)
    assert not any(np.array_equal(x, y) for x, y in zip(gradients(parameters), copies, strict=True))


def test_gradients_that_are_none_stay_so() -> None:
    w, x = Tensor([1.0]), Value(2.0)
    assert clip_grad_norm_([w, x], 1.0) == 0.0
    clip_grad_value_([w, x], 1.0)
    assert w.grad is x.grad is None


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_norm_that_is_not_finite_raises_on_request_and_changes_nothing(bad: float) -> None:
    w, x = Tensor([1.0, 2.0]), Value(2.0)
    w.grad, x.grad = np.array([1.0, 3.0]), bad
    with pytest.raises(NonFiniteError, match=f"the norm of the gradients is {bad}; nothing was changed"):
        clip_grad_norm_([w, x], 1.0, error_if_nonfinite=True)
    assert (w.grad.tolist(), repr(x.grad)) == ([1.0, 3.0], repr(bad))


@pytest.mark.parametrize("p", [1.0, 2.0, 3.0, math.inf])
@pytest.mark.parametrize("bad", [None, math.nan, math.inf])
def test_clipping_is_pytorch_s(p: float, bad: float | None) -> None:
    torch = pytest.importorskip("torch")
    for max_norm in (0.0, 0.5, 100.0):
        ours = with_gradients(MIXED)
        if bad is not None:
            ours[1].grad = bad
        theirs = [torch.nn.Parameter(torch.tensor(x)) for x in MIXED.start()]
        for parameter, each in zip(theirs, ours, strict=True):
            parameter.grad = torch.tensor(each.grad, dtype=parameter.dtype)
        found = clip_grad_norm_(ours, max_norm, p)
        expected = torch.nn.utils.clip_grad_norm_(theirs, max_norm, p)
        np.testing.assert_allclose(found, float(expected), rtol=1e-6)
        clip_grad_value_(ours, 0.1)
        torch.nn.utils.clip_grad_value_(theirs, 0.1)
        for each, parameter in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(each.grad, parameter.grad.numpy(), rtol=2e-6, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: clip_grad_norm_([Value(1.0)], -1.0), ValueError, "max_norm is at least 0, got -1.0"),
        (lambda: clip_grad_norm_([Value(1.0)], math.nan), ValueError, "max_norm is at least 0, got nan"),
        (lambda: clip_grad_norm_([Value(1.0)], 1.0, 0.0), ValueError, "norm_type is above 0, got 0.0"),
        (lambda: clip_grad_norm_(3.0, 1.0), TypeError, "clip_grad_norm_: expected Tensors or Values, got a float"),
        (lambda: clip_grad_norm_([np.ones(2)], 1.0), TypeError, "expected Tensors or Values, got a ndarray"),
        (lambda: clip_grad_value_([Value(1.0)], -1.0), ValueError, "clip_value is at least 0, got -1.0"),
        (lambda: clip_grad_value_(["w"], 1.0), TypeError, "clip_grad_value_: expected Tensors or Values, got a str"),
    ],
)
def test_what_cannot_be_clipped_is_refused(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()
