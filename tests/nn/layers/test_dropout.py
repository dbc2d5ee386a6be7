"""Dropout: chance in training alone, from a generator of its own."""

import copy
from typing import Any

import numpy as np
import pytest

import nn

X = np.random.default_rng(0).normal(3.0, 2.0, size=(8, 3))


def test_dropout_drops_in_training_alone_and_chance_is_the_generator_s() -> None:
    layer, twin = nn.Dropout(0.25, rng=5), nn.Dropout(0.25, rng=5)
    x = np.ones((100, 100))
    out = layer(x)
    assert set(np.unique(out)) == {0.0, 1.0 / 0.75}
    assert abs(np.mean(out == 0.0) - 0.25) < 0.02
    assert np.array_equal(out, twin(x))
    assert not np.array_equal(out, layer(x))
    assert layer.eval()(x) is x
    assert layer.train()(x) is not x


def test_the_state_of_the_generators_is_all_that_chance_in_a_model_depends_on() -> None:
    model = nn.Sequential(nn.Dropout(), nn.Linear(3, 3), nn.Dropout())
    generators = model.generators()
    assert list(generators) == ["0.generator", "2.generator"]
    before = {name: copy.deepcopy(each.bit_generator.state) for name, each in generators.items()}
    first = model(X).data
    assert not np.array_equal(first, model(X).data)
    for name, each in model.generators().items():
        each.bit_generator.state = before[name]
    assert np.array_equal(first, model(X).data)


def test_within_a_seed_dropouts_differ_from_each_other_and_not_from_run_to_run() -> None:
    def outputs() -> list[Any]:
        with nn.seed(1):
            return [nn.Dropout()(np.ones(64)).tolist() for _ in range(2)]

    assert outputs() == outputs()
    assert outputs()[0] != outputs()[1]


def test_a_probability_is_from_0_to_1() -> None:
    with pytest.raises(ValueError, match=r"Dropout: p is a probability, from 0 to 1, got 1.5"):
        nn.Dropout(1.5)
