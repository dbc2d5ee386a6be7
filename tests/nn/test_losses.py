"""Losses as modules: autograd's functions with PyTorch's names and numbers, and shapes that must agree."""

import copy
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import autograd
import nn
from autograd import Tensor, Value
from autograd.testing import check_gradients
from nn.losses import threshold_of

Array = np.ndarray[Any, Any]
RANDOM = np.random.default_rng(0)
SCORES, NUMBERS = RANDOM.normal(size=(5, 3)), RANDOM.normal(size=(5, 3))
CHANCES, BINARY = RANDOM.uniform(0.1, 0.9, (5, 3)), RANDOM.integers(0, 2, (5, 3)).astype(float)
CLASSES = np.array([0, 2, 1, 1, 0])
WEIGHT = [0.5, 1.0, 2.0]


@dataclass(frozen=True)
class Sample:
    """`make(nn, **reduction)` or `make(torch.nn, …)` is the loss; `function(x, targets, …)` what it is a module of."""

    make: Callable[..., Any]
    x: Array
    targets: Array
    function: Any


SAMPLES = {
    "MSELoss": Sample(lambda nn, **r: nn.MSELoss(**r), SCORES, NUMBERS, autograd.mse_loss),
    "L1Loss": Sample(lambda nn, **r: nn.L1Loss(**r), SCORES, NUMBERS, autograd.l1_loss),
    "HuberLoss": Sample(
        lambda nn, **r: nn.HuberLoss(delta=0.7, **r), SCORES, NUMBERS,
        lambda x, y, **r: autograd.huber_loss(x, y, delta=0.7, **r),
    ),
    "SmoothL1Loss": Sample(
        lambda nn, **r: nn.SmoothL1Loss(beta=0.7, **r), SCORES, NUMBERS,
        lambda x, y, **r: autograd.huber_loss(x, y, delta=0.7, **r) / 0.7,
    ),
    "HingeLoss": Sample(lambda nn, **r: nn.HingeLoss(**r), SCORES, 2.0 * BINARY - 1.0, autograd.hinge_loss),
    "BCELoss": Sample(lambda nn, **r: nn.BCELoss(**r), CHANCES, BINARY, autograd.binary_cross_entropy),
    "BCEWithLogitsLoss": Sample(
        lambda nn, **r: nn.BCEWithLogitsLoss(**r), SCORES, BINARY, autograd.binary_cross_entropy_with_logits
    ),
    "CrossEntropyLoss": Sample(lambda nn, **r: nn.CrossEntropyLoss(**r), SCORES, CLASSES, autograd.cross_entropy),
    "CrossEntropyLoss of shares": Sample(
        lambda nn, **r: nn.CrossEntropyLoss(**r), SCORES, CHANCES, autograd.cross_entropy
    ),
    "CrossEntropyLoss of one sample": Sample(
        lambda nn, **r: nn.CrossEntropyLoss(**r), SCORES[0], np.array(2), autograd.cross_entropy
    ),
    "CrossEntropyLoss, ignored and smoothed": Sample(
        lambda nn, **r: nn.CrossEntropyLoss(ignore_index=1, label_smoothing=0.2, **r), SCORES, CLASSES,
        lambda x, y, **r: autograd.cross_entropy(x, y, ignore_index=1, label_smoothing=0.2, **r),
    ),
    "CrossEntropyLoss of images": Sample(
        lambda nn, **r: nn.CrossEntropyLoss(**r),
        np.stack([SCORES, NUMBERS], -1), np.stack([CLASSES, CLASSES[::-1]], -1),
        lambda x, y, **r: autograd.cross_entropy(x, y, axis=1, **r),
    ),
}  # fmt: skip
every_loss = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
every_reduction = pytest.mark.parametrize("reduction", ["mean", "sum", "none"])


@every_loss
@every_reduction
def test_a_loss_is_its_function_as_a_module(sample: Sample, reduction: str) -> None:
    loss = sample.make(nn, reduction=reduction)
    found = loss(Tensor(sample.x), sample.targets)
    expected = sample.function(Tensor(sample.x), sample.targets, reduction=reduction)
    assert np.array_equal(found.data, expected.data)
    assert (repr(loss), list(loss.parameters())) == (f"{type(loss).__name__}()", [])
    for twin in (copy.deepcopy(loss), pickle.loads(pickle.dumps(loss))):
        assert np.array_equal(twin(Tensor(sample.x), sample.targets).data, expected.data)
    assert np.array_equal(sample.make(nn)(sample.x, sample.targets), sample.function(sample.x, sample.targets))


@every_loss
def test_the_gradient_of_a_loss_is_right(sample: Sample) -> None:
    report = check_gradients(lambda x: sample.make(nn)(x, sample.targets), Tensor(sample.x))
    assert report.verdicts == ["correct"], report


@every_loss
@every_reduction
def test_values_and_gradients_are_pytorch_s(sample: Sample, reduction: str) -> None:
    torch = pytest.importorskip("torch")
    if sample.function is autograd.hinge_loss:  # which PyTorch has not
        return
    t, u = Tensor(sample.x), torch.tensor(sample.x, requires_grad=True)
    found = sample.make(nn, reduction=reduction)(t, sample.targets)
    expected = sample.make(torch.nn, reduction=reduction)(u, torch.tensor(sample.targets))
    np.testing.assert_allclose(found.data, expected.detach().numpy(), rtol=1e-13, atol=1e-15)
    found.backward(np.ones(found.shape))
    expected.backward(torch.ones_like(expected))
    np.testing.assert_allclose(t.grad, u.grad.numpy(), rtol=1e-12, atol=1e-15)


@every_loss
def test_a_hundred_training_steps_end_where_pytorch_s_do(sample: Sample) -> None:
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    if sample.function is autograd.hinge_loss:
        return
    weight = np.random.default_rng(1).normal(size=(sample.x.shape[-1],) * 2)
    t, u = Tensor(weight), torch.tensor(weight, requires_grad=True)
    ours, theirs = sample.make(nn), sample.make(torch.nn)
    x, targets = torch.tensor(sample.x), torch.tensor(sample.targets)
    for _ in range(100):
        scores: list[Any] = [sample.x @ t, x @ u]
        if sample.x is CHANCES:
            scores = [each.sigmoid() for each in scores]
        found, expected = ours(scores[0], sample.targets), theirs(scores[1], targets)
        found.backward()
        expected.backward()
        t.data, t.grad = t.data - 0.1 * t.grad, None
        u.data, u.grad = u.data - 0.1 * u.grad, None
    np.testing.assert_allclose(found.item(), expected.item(), rtol=1e-10)
    np.testing.assert_allclose(t.data, u.detach().numpy(), rtol=1e-9, atol=1e-12)


def test_classes_have_weights() -> None:
    loss = nn.CrossEntropyLoss(weight=WEIGHT)
    expected = autograd.cross_entropy(SCORES, CLASSES, weight=WEIGHT)
    assert loss(SCORES, CLASSES) == expected
    assert expected != nn.CrossEntropyLoss()(SCORES, CLASSES)


@pytest.mark.parametrize("name", ["MSELoss", "L1Loss", "HuberLoss", "SmoothL1Loss", "HingeLoss", "BCEWithLogitsLoss"])
def test_a_column_beside_a_row_is_an_error_and_not_a_square(name: str) -> None:
    loss = getattr(nn, name)()
    for x, targets in (((4, 1), (4,)), ((4,), (4, 1)), ((4, 1), (1, 4))):
        with pytest.raises(ValueError, match="there must be one target for each prediction"):
            loss(Tensor(np.ones(x)), np.ones(targets))
        with pytest.raises(ValueError, match="there must be one target for each prediction"):
            loss(np.ones(x), Tensor(np.ones(targets)))


def test_lists_of_values_are_taken_as_an_mlp_gives_them() -> None:
    xs = [Value(0.5), Value(-2.0)]
    loss = nn.MSELoss()(xs, [1.0, 0.0])
    loss.backward()
    assert loss.item() == (0.25 + 4.0) / 2.0
    assert [x.grad for x in xs] == [-0.5, -2.0]
    assert nn.MSELoss()(Value(3.0), 1.0).item() == 4.0
    rows = [[Value(1.0), Value(2.0)], [Value(0.0), Value(0.5)]]
    found = nn.CrossEntropyLoss()(rows, [1, 0])
    assert found.item() == autograd.cross_entropy(np.array([[1.0, 2.0], [0.0, 0.5]]), np.array([1, 0]))


def test_a_loss_says_above_which_prediction_it_means_class_1() -> None:
    thresholds = {name: threshold_of(sample.make(nn)) for name, sample in SAMPLES.items() if " " not in name}
    assert {name: x for name, x in thresholds.items() if x is not None} == {
        "HingeLoss": 0.0, "BCELoss": 0.5, "BCEWithLogitsLoss": 0.0
    }  # fmt: skip
    for loss in (nn.HingeLoss, nn.BCELoss, nn.BCEWithLogitsLoss, nn.MSELoss):
        assert threshold_of(loss.function) == loss.threshold
    assert threshold_of(lambda outputs, targets: 0.0) is None


def test_settings_that_there_are_not_are_refused() -> None:
    with pytest.raises(TypeError, match="HuberLoss: its settings are reduction, delta; got beta"):
        nn.HuberLoss(beta=1.0)
    with pytest.raises(TypeError):
        nn.MSELoss("sum")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match='mse_loss: reduction is "mean", "sum" or "none", got \'total\''):
        nn.MSELoss(reduction="total")(NUMBERS, NUMBERS)
