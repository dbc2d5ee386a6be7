"""Activations: a module for every operation, and settings that are checked."""

import pickle

import numpy as np
import pytest

import autograd
import nn
from autograd import Value


def test_a_module_for_every_operation_on_one_number() -> None:
    for name, op in autograd.registry.items():
        module = nn.activation_module(name)
        assert repr(nn.activation_module(op)) == repr(module)
        if len(op.operands) == len(op.defaults) + 1 and not op.over_lists:
            with np.errstate(all="ignore"):
                expected = op(np.array([0.5, 0.25]))
            assert np.array_equal(module(np.array([0.5, 0.25])), expected, equal_nan=True), name
            assert repr(pickle.loads(pickle.dumps(module))) == repr(module)
    with pytest.raises(ValueError, match="no operation is called 'tahn'"):
        nn.activation_module("tahn")


def test_activations_take_numbers_and_values_too() -> None:
    assert nn.ReLU()(-1.0) == 0.0
    assert nn.LeakyReLU(0.5)(Value(-1.0)).data == -0.5
    assert nn.Tanh()([Value(0.0), 1.0]).data.tolist() == [0.0, np.tanh(1.0)]


def test_settings_that_there_are_not_are_refused() -> None:
    with pytest.raises(TypeError, match=r"ReLU\(\): too many positional arguments"):
        nn.ReLU(0.1)
    with pytest.raises(TypeError, match=r"ELU\(alpha=1.0\): multiple values for argument 'alpha'"):
        nn.ELU(1.0, alpha=2.0)
    with pytest.raises(TypeError, match=r"ELU\(alpha=1.0\): got an unexpected keyword argument 'slope'"):
        nn.ELU(slope=2.0)
