"""Initialisers: the spread that the papers ask for, in both spellings, and the same numbers from the same seed."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd import Tensor
from nn import init

SHAPE = (200, 300)
CONVOLUTION = (60, 40, 3, 5)  # fan_in 40·15 = 600, fan_out 60·15 = 900
DRAWN: dict[str, tuple[Any, tuple[int, ...], float]] = {  # (initialiser, shape, the standard deviation it is to have)
    "uniform": (lambda shape, rng: init.uniform(shape, -3.0, 3.0, rng=rng), SHAPE, math.sqrt(3.0)),
    "normal": (lambda shape, rng: init.normal(shape, 0.0, 2.0, rng=rng), SHAPE, 2.0),
    "xavier_uniform": (lambda shape, rng: init.xavier_uniform(shape, 3.0, rng=rng), SHAPE, math.sqrt(18.0 / 500.0)),
    "xavier_normal": (lambda shape, rng: init.xavier_normal(shape, rng=rng), SHAPE, math.sqrt(2.0 / 500.0)),
    "xavier_normal of filters": (
        lambda shape, rng: init.xavier_normal(shape, rng=rng), CONVOLUTION, math.sqrt(2.0 / 1500.0)
    ),
    "kaiming_uniform": (lambda shape, rng: init.kaiming_uniform(shape, rng=rng), SHAPE, math.sqrt(2.0 / 300.0)),
    "kaiming_uniform, fan_out": (
        lambda shape, rng: init.kaiming_uniform(shape, mode="fan_out", nonlinearity="tanh", rng=rng),
        SHAPE, 5.0 / 3.0 / math.sqrt(200.0),
    ),
    "kaiming_normal": (lambda shape, rng: init.kaiming_normal(shape, a=1.0, rng=rng), SHAPE, math.sqrt(1.0 / 300.0)),
    "kaiming_normal of filters": (
        lambda shape, rng: init.kaiming_normal(shape, nonlinearity="relu", rng=rng), CONVOLUTION, math.sqrt(2.0 / 600.0)
    ),
    "orthogonal": (lambda shape, rng: init.orthogonal(shape, 2.0, rng=rng), SHAPE, 2.0 / math.sqrt(300.0)),
}  # fmt: skip


@pytest.mark.parametrize(("initialiser", "shape", "std"), DRAWN.values(), ids=DRAWN)
def test_the_numbers_have_the_mean_and_spread_that_are_asked_for(initialiser: Any, shape: Any, std: float) -> None:
    x = initialiser(shape, 0)
    assert (x.shape, x.dtype) == (shape, np.float64)
    assert abs(x.mean()) < 5.0 * std / math.sqrt(x.size)
    assert abs(x.std() / std - 1.0) < 5.0 / math.sqrt(x.size)
    assert np.array_equal(x, initialiser(shape, 0))
    assert np.array_equal(x, initialiser(shape, np.random.default_rng(0)))
    assert not np.array_equal(x, initialiser(shape, 1))


@pytest.mark.parametrize(
    ("initialiser", "bound"), [(init.xavier_uniform, 0.109544512), (init.kaiming_uniform, 0.141421356)]
)
def test_even_numbers_reach_the_bound_and_no_farther(initialiser: Any, bound: float) -> None:
    x = initialiser(SHAPE, rng=0)
    assert 0.999 * bound < np.abs(x).max() < bound


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 3), st.integers(0, 9), st.floats(0.1, 4.0))
def test_rows_or_columns_are_orthogonal(rows: int, columns: int, kernel: int, seed: int, gain: float) -> None:
    x = init.orthogonal((rows, columns, kernel), gain, rng=seed).reshape(rows, -1)
    product = x @ x.T if rows <= x.shape[1] else x.T @ x
    np.testing.assert_allclose(product, gain**2 * np.eye(len(product)), atol=1e-12 * gain**2)


def test_all_directions_of_an_orthogonal_matrix_are_equally_likely() -> None:
    signs = [np.sign(init.orthogonal((3, 3), rng=seed)) for seed in range(400)]
    assert np.abs(np.mean(signs, axis=0)).max() < 5.0 / math.sqrt(400.0)


def test_constants_are_what_they_say() -> None:
    assert init.zeros((2, 1)).tolist() == [[0.0], [0.0]]
    assert init.ones(2).tolist() == [1.0, 1.0]
    assert init.constant(2, 3).tolist() == [3.0, 3.0]


SPELLINGS = ["zeros", "ones", "uniform", "normal", "orthogonal"]
SPELLINGS += [f"{name}_{kind}" for name in ("xavier", "kaiming") for kind in ("uniform", "normal")]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", SPELLINGS)
def test_a_tensor_is_given_the_same_numbers_in_place_and_keeps_its_dtype(name: str, dtype: Any) -> None:
    t = Tensor(np.full((3, 4), 7.0), dtype=dtype)
    drawn = {} if name in ("zeros", "ones") else {"rng": 5}
    assert getattr(init, f"{name}_")(t, **drawn) is t
    assert t.dtype == dtype
    assert np.array_equal(t.data, getattr(init, name)((3, 4), **drawn).astype(dtype))
    assert init.constant_(t, 2.0).data.tolist() == [[2.0] * 4] * 3


def test_within_a_seed_the_numbers_follow_from_it_and_differ_from_call_to_call() -> None:
    def two() -> list[Any]:
        with nn.seed(3):
            return [init.normal((2, 2)).tolist() for _ in range(2)]

    assert two() == two()
    assert two()[0] != two()[1]


@pytest.mark.parametrize("name", ["linear", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu", "selu"])
def test_gains_are_pytorch_s(name: str) -> None:
    torch = pytest.importorskip("torch")
    assert init.calculate_gain(name) == torch.nn.init.calculate_gain(name)
    assert init.calculate_gain("leaky_relu", 0.3) == torch.nn.init.calculate_gain("leaky_relu", 0.3)


def test_what_has_no_fans_or_no_such_name_is_refused() -> None:
    for function in (init.xavier_normal, init.kaiming_uniform, init.orthogonal):
        with pytest.raises(ValueError, match=r"the shape of a weight is \(out, in\) or \(out, in, …\), got \(3,\)"):
            function(3)
    with pytest.raises(ValueError, match='the mode is "fan_in" or "fan_out", got \'fan\''):
        init.kaiming_normal(SHAPE, mode="fan")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"calculate_gain: known are leaky_relu, linear, .*; got 'swish'"):
        init.calculate_gain("swish")
    with pytest.raises(ValueError, match="a seed is a whole number from 0 up, got -1"):
        init.normal((2, 2), rng=-1)
