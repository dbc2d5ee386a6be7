"""A loss that is not finite stops the training before the step, and says where it began."""

import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd
import nn
from autograd import NonFiniteError, NonFiniteWarning, Tensor
from nn import optim
from nn.data import Batches
from nn.training import Checkpoint, fit
from tests.nn.training.models import Array, data, network, same

LOSS = nn.MSELoss()


class Exp(nn.Module):
    def forward(self, x: Any) -> Any:
        return autograd.exp(x)


def model() -> nn.Sequential:
    return nn.Sequential(nn.Linear(3, 4, rng=0), nn.Sequential(Exp()), nn.Linear(4, 1, rng=1))


def failure(model: nn.Module, data: Any, lr: float = 0.01, **settings: Any) -> str:
    """What the error says; the weights are as they were before the batch that it came in."""
    weights = [model.state_dict()]  # and buffers
    model.register_forward_pre_hook(lambda module, args: weights.append(module.state_dict()))
    sgd = optim.SGD(model.parameters(), lr=lr)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonFiniteWarning)
        with pytest.raises(NonFiniteError) as caught:
            fit(model, data, LOSS, sgd, **settings)
    assert same(weights[-1], model.state_dict())
    return str(caught.value)


def test_an_operation_is_named_by_its_scope_with_epoch_and_batch() -> None:
    x, y = data()
    x[33] = 1e4
    message = failure(model(), (x, y), batch_size=8, shuffle=False)
    assert message.startswith("epoch 1, batch 5: the loss is nan: exp in 1.0 gives inf")


def test_the_loss_itself_is_named() -> None:
    x, y = data()
    y[3] = 1e30
    assert "mse_loss gives inf" in failure(model(), (x, y))


def test_an_epoch_is_counted_from_one() -> None:
    x, y = data()

    def grown(rows: Array, rng: np.random.Generator) -> Array:
        batches.count += 1
        return rows * 1e4 if batches.count == 9 else rows

    class Counting(Batches):
        count = 0

    batches = Counting(x, y, 10, rng=0, augment=grown)
    assert failure(model(), batches, epochs=3).startswith("epoch 2, batch 4:")


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("make", [model, lambda: nn.MLP(3, [2, 1], "tanh", rng=0)], ids=["tensors", "values"])
def test_a_row_of_the_data_is_named(make: Callable[[], nn.Module], shuffle: bool) -> None:
    x, y = data()
    x[17, 2] = np.nan
    x[40, 1] = np.inf
    message = failure(make(), (x, y), batch_size=8, shuffle=shuffle, rng=0)
    assert "row 17 of x in the data, the first of 2 such rows, is not finite" in message


def test_a_row_of_the_targets_is_named() -> None:
    x, y = data()
    y[21] = np.nan
    assert "row 21 of y in the data is not finite" in failure(model(), (x, y))
    assert "row 1 of y in this batch is not finite" in failure(model(), [(x[20:25], y[20:25])])


def test_a_parameter_that_an_earlier_step_has_spoilt_is_named() -> None:
    spoilt = nn.Sequential(nn.Linear(3, 1, rng=0))
    message = failure(spoilt, data(), lr=3e38, batch_size=10, rng=0)
    assert re.search(r"batch 2: .*the parameter '0\.(weight|bias)' is not finite, since an earlier step", message)


def test_what_a_bad_batch_did_to_buffers_is_undone() -> None:
    x, y = data()
    x[17] = np.nan
    assert "row 17" in failure(network(), (x, y), batch_size=10)


def test_where_warnings_are_errors_it_is_the_same_error() -> None:
    spoilt = model()
    before = spoilt.state_dict()
    x, y = data()
    x[0] = 1e4
    with pytest.raises(NonFiniteError, match=r"epoch 1, batch 1: exp.* is inf"):
        fit(spoilt, (x, y), LOSS, optim.SGD(spoilt.parameters()), shuffle=False)
    assert same(before, spoilt.state_dict())


def test_the_last_checkpoint_stays_whole() -> None:
    def run(limit: int, epochs: int) -> nn.Module:
        calls = 0

        def loss(outputs: Any, targets: Any) -> Any:
            nonlocal calls
            calls += 1
            return LOSS(outputs, targets) * (np.inf if calls == limit else 1.0)

        net = network()
        sgd = optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
        checkpoint = Checkpoint("run.npz")
        fit(net, data(), loss, sgd, epochs=epochs, batch_size=10, rng=0, callbacks=[checkpoint], resume="run.npz")
        return net

    with pytest.raises(NonFiniteError, match="epoch 3, batch 2"):
        run(limit=12, epochs=4)
    resumed = run(limit=0, epochs=4)
    straight = network()
    sgd = optim.SGD(straight.parameters(), lr=0.1, momentum=0.9)
    fit(straight, data(), LOSS, sgd, epochs=4, batch_size=10, rng=0)
    assert same(resumed.state_dict(), straight.state_dict())


class Root(nn.Module):
    """√|w|, whose derivative at w = 0 is infinite, while the value is 0."""

    def __init__(self) -> None:
        self.w = Tensor(np.zeros(1))

    def forward(self, x: Any) -> Any:
        return autograd.sqrt(self.w * self.w) + x


def test_a_gradient_that_is_not_finite_is_found_before_the_step_when_clipping() -> None:
    model = Root()
    with pytest.raises(NonFiniteError, match="norm"):
        fit(model, (np.zeros((1, 1)), np.ones((1, 1))), LOSS, optim.SGD(model.parameters(), lr=0.1), clip=1.0)
    assert model.w.data.tolist() == [0.0]


def test_a_parameter_that_is_not_finite_at_the_end_of_an_epoch_is_no_checkpoint() -> None:
    model = network()
    sgd = optim.SGD(model.parameters(), lr=0.01)
    checkpoint = Checkpoint("run.npz")
    fit(model, data(), LOSS, sgd, callbacks=[checkpoint])
    whole = Path("run.npz").read_bytes()
    last = data(4)
    model[4].weight.data = model[4].weight.data * np.nan
    with pytest.raises(NonFiniteError, match=r"left the parameter '4\.weight' not finite"):
        fit(model, last, lambda out, y: (model[0].weight * 1.0).sum(), sgd, callbacks=[checkpoint])
    assert Path("run.npz").read_bytes() == whole
