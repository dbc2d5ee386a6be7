"""Sequential: a list of modules with names."""

import numpy as np
import pytest

import autograd
import nn

X = np.random.default_rng(0).normal(3.0, 2.0, size=(8, 3))


def test_a_sequential_is_a_list_of_modules_with_names() -> None:
    first, second, third = nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 1)
    model = nn.Sequential(first, second).append(third)
    assert (len(model), model[0], model[-1]) == (3, first, third)
    assert list(model) == [first, second, third]
    assert list(model[1:]) == [second, third]
    assert [name for name, _ in model[1:].named_parameters()] == ["2.weight", "2.bias"]
    assert list(model.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert np.array_equal(model(X).data, third(second(first(X))).data)
    with pytest.raises(IndexError):
        model[3]
    assert nn.Sequential()(X) is X


def test_the_modules_of_a_sequential_may_be_named() -> None:
    model = nn.Sequential({"hidden": nn.Linear(3, 2), "out": nn.Tanh()})
    assert list(model.state_dict()) == ["hidden.weight", "hidden.bias"]
    for name in ("forward", "training", "a.b", ""):
        with pytest.raises(ValueError, match="a module cannot be called"):
            nn.Sequential({name: nn.Tanh()})
    with pytest.raises(TypeError, match=r"expected modules, got the Op .*; a function is made one by"):
        nn.Sequential(autograd.tanh)


def test_flatten_keeps_the_batch_be_it_empty() -> None:
    for count in (0, 1, 3):
        assert nn.Flatten()(np.zeros((count, 2, 4))).shape == (count, 8)
    row = np.zeros((3, 2))
    assert nn.Flatten()(row) is row


def test_an_identity_in_a_sequential_changes_nothing() -> None:
    linear = nn.Linear(3, 2)
    assert nn.Identity()(X) is X
    assert np.array_equal(nn.Sequential(nn.Identity(), linear, nn.Identity())(X).data, linear(X).data)


def test_a_slice_can_be_appended_to_under_the_next_name_that_is_free() -> None:
    model = nn.Sequential(nn.Tanh(), nn.Tanh(), nn.Tanh())[1:].append(nn.ReLU())
    assert [name for name, _ in model.named_children()] == ["1", "2", "3"]
    assert isinstance(model[2], nn.ReLU)
