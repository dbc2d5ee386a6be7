"""What a run's state holds: whatever training changes goes on, bit for bit; what does not fit changes nothing."""

import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor
from nn import optim
from nn.files import read_arrays, write_arrays
from nn.metrics import r2_score
from nn.training import Callback, Checkpoint, EarlyStopping, History, Run, fit
from tests.nn.training.models import Training, checkpointed, data, same


def assert_pause_makes_no_difference(run: Callable[..., dict[str, Any]], epochs: int = 5) -> None:
    """`run(epochs, *callbacks, resume=…)` gives the weights at its end."""
    straight = run(epochs)
    for pause in range(1, epochs):
        run(pause, Checkpoint("run.npz"))
        assert same(run(epochs, resume="run.npz"), straight)


def unrestored() -> Training:
    """A training that ends with the weights of its last epoch."""
    training = Training()
    training.stopping.restore_best_weights = False
    return training


def by_callback(change: Callable[[Run], object]) -> Callable[..., dict[str, Any]]:
    """Trainings in which this is called after each epoch."""

    def run(epochs: int, *callbacks: Callback, resume: str | None = None) -> dict[str, Any]:
        class Changing(Callback):
            def on_epoch_end(self, run: Run) -> None:
                change(run)

        training = unrestored()
        training.run(epochs, Changing(), *callbacks, resume=resume)
        return training.model.state_dict()

    return run


def unfreeze(run: Run) -> None:
    for name, parameter in run.model.named_parameters():
        parameter.requires_grad = run.epoch >= 3 or not name.startswith("0.")


def halve_the_rate(run: Run) -> None:
    run.optimizer.lr *= 0.5


def momentum_from_the_second_epoch(run: Run) -> None:
    run.optimizer.momentum = 0.5 if run.epoch < 2 else 0.9


@pytest.mark.parametrize("change", [unfreeze, halve_the_rate, momentum_from_the_second_epoch])
def test_what_a_callback_changes_is_resumed(change: Callable[[Run], object]) -> None:
    assert_pause_makes_no_difference(by_callback(change))


class Weighted(nn.Module):
    """A loss that learns how much it trusts the targets."""

    def __init__(self) -> None:
        self.weight = Tensor([0.5])

    def forward(self, outputs: Any, targets: Any) -> Any:
        return ((outputs - targets) ** 2).mean() * (-self.weight).exp().sum() + self.weight.sum()


def test_parameters_of_the_loss_are_resumed() -> None:
    def run(epochs: int, *callbacks: Callback, resume: str | None = None) -> dict[str, Any]:
        model, loss = nn.Linear(3, 1, rng=0), Weighted()
        adam = optim.Adam([*loss.parameters(), *model.parameters()], lr=0.1)
        fit(model, data(), loss, adam, epochs=epochs, rng=0, callbacks=callbacks, resume=resume)
        return model.state_dict() | {"loss": loss.weight.data}

    assert_pause_makes_no_difference(run)


class Late(Callback):
    """Remembers nothing before the second epoch; then it slows training down once."""

    seen: float | None = None

    def on_epoch_end(self, run: Run) -> None:
        if run.epoch == 2:
            self.seen = run.history["loss"][-1]
        elif run.epoch == 4:
            run.optimizer.momentum = float(np.tanh(self.seen or 0.0))

    def state_dict(self) -> dict[str, Any]:
        return {} if self.seen is None else {"seen": self.seen}

    def load_state_dict(self, state: Any) -> None:
        self.seen = state.get("seen")


def test_a_callback_that_remembers_nothing_at_first_is_resumed() -> None:
    def run(epochs: int, *callbacks: Callback, resume: str | None = None) -> dict[str, Any]:
        training = unrestored()
        training.run(epochs, Late(), *callbacks, resume=resume)
        return training.model.state_dict()

    assert_pause_makes_no_difference(run)


class OneByOne:
    """Data of one's own, with something else called `rng`."""

    def __init__(self, rng: Any) -> None:
        self.rng = rng

    def __iter__(self) -> Any:
        x, y = data()
        return ((x[i : i + 10], y[i : i + 10]) for i in range(0, len(x), 10))


@pytest.mark.parametrize("rng", [42, None, np.random.RandomState(0), time], ids=["int", "None", "old", "module"])
def test_data_may_call_anything_rng(rng: Any) -> None:
    def run(epochs: int, *callbacks: Callback, resume: str | None = None) -> dict[str, Any]:
        model = nn.Linear(3, 1, rng=0)
        sgd = optim.SGD(model.parameters(), lr=0.1)
        fit(model, OneByOne(rng), nn.MSELoss(), sgd, epochs=epochs, callbacks=callbacks, resume=resume)
        return model.state_dict()

    assert_pause_makes_no_difference(run, epochs=2)


class TimeLimit(Callback):
    """Stops a training two epochs after it began."""

    def on_train_begin(self, run: Run) -> None:
        self.left = 2

    def on_epoch_end(self, run: Run) -> None:
        self.left -= 1
        run.stop = run.stop or self.left == 0


def test_a_training_that_ran_out_of_time_goes_on_when_it_is_resumed() -> None:
    straight = unrestored()
    straight.run(5)
    for epochs in (2, 4, 5):
        training = unrestored()
        history = training.run(5, TimeLimit(), Checkpoint("run.npz"), resume="run.npz")
        assert history.epochs == epochs
    assert same(training.model.state_dict(), straight.model.state_dict())


@pytest.mark.parametrize("patience", [0, 1, 2, 4, 100])
def test_a_training_that_was_stopped_early_goes_on_as_with_the_patience_it_now_has(patience: int) -> None:
    straight = Training(patience=patience)
    expected = straight.run(30)
    assert checkpointed("run.npz", 30, patience=1).stopping.best_epoch < 29
    resumed = Training(patience=patience)
    history = resumed.run(30, resume="run.npz")
    assert history.to_dict() == expected.to_dict()
    assert same(resumed.model.state_dict(), straight.model.state_dict())


def observed(metrics: Any, validation: Any, epochs: int, resume: str | None = None) -> History:
    model = nn.Linear(3, 1, rng=0)
    sgd = optim.SGD(model.parameters(), lr=0.1)
    return fit(
        model, data(), nn.MSELoss(), sgd,
        epochs=epochs, rng=0, metrics=metrics, validation=validation,
        callbacks=[Checkpoint("run.npz")], resume=resume,
    )  # fmt: skip


MEASURED: dict[str, tuple[Any, Any]] = {
    "loss, lr": (None, None),
    "loss, val_loss, lr": (None, data(9)),
    "loss, r2_score, lr": ([r2_score], None),
    "loss, r2_score, val_loss, val_r2_score, lr": ([r2_score], data(9)),
}


@pytest.mark.parametrize("now", MEASURED)
@pytest.mark.parametrize("then", MEASURED)
def test_a_history_has_the_same_columns_in_all_epochs(then: str, now: str) -> None:
    observed(*MEASURED[then], epochs=1)
    if then == now:
        assert {len(column) for column in observed(*MEASURED[now], epochs=2, resume="run.npz").values()} == {2}
    else:
        with pytest.raises(ValueError, match=f"it measured {then}, and now it is {now}: give the same metrics"):
            observed(*MEASURED[now], epochs=2, resume="run.npz")


def test_early_stoppings_do_not_take_each_other_s_state() -> None:
    def run(epochs: int, monitors: list[str], resume: str | None = None) -> None:
        stoppings = [EarlyStopping(monitor, patience=9) for monitor in monitors]
        Training().run(epochs, *stoppings, Checkpoint("run.npz"), resume=resume)

    run(1, ["loss", "lr"])
    with pytest.raises(ValueError, match="EarlyStopping of 'lr' cannot go on from that of 'loss'"):
        run(2, ["lr", "loss"], "run.npz")
    run(2, ["loss", "lr"], "run.npz")


def test_weights_are_given_back_only_if_that_is_asked_for_now() -> None:
    straight, resumed = Training(patience=1), Training(patience=1)
    straight.stopping.restore_best_weights = False
    straight.run(30)
    checkpointed("run.npz", 2, patience=1)
    resumed.stopping.restore_best_weights = False
    resumed.run(30, resume="run.npz")
    assert same(resumed.model.state_dict(), straight.model.state_dict())


def states_of_generators(training: Training) -> list[Any]:
    return [rng.bit_generator.state for rng in training.model.generators().values()]


DAMAGES: dict[str, tuple[str, Any, str]] = {
    "half an epoch": ("epoch", 2.0, "its epoch must be a whole number, got 2.0"),
    "a name for seconds": ("seconds", "long", "it is damaged: TypeError"),
    "seconds below none": ("seconds", -1.0, "its history of another"),
    "a name for a loss": ("history/loss", [0.5, "low"], "could not convert string to float: 'low'"),
    "a generator out of range": ("generators/data/state/state", 2**200, "it is damaged: OverflowError"),
    "a generator below its range": ("generators/data/state/inc", -1, "it is damaged: OverflowError"),
    "a frozen parameter of another model": ("frozen", ["head.weight"], "no parameters head.weight"),
    "other parameters": ("others", {"params[0]": [1.0]}, r"unknown: params\[0\]"),
    "a schedule before its beginning": (
        "schedule/ExponentialLR/last_epoch",
        -1,
        "last_epoch must be at least 0, got -1",
    ),
    "half a step of a schedule": (
        "schedule/ExponentialLR/last_epoch",
        1.5,
        "last_epoch must be a whole number, got 1.5",
    ),
    "a best epoch that is yet to come": (
        "callbacks/EarlyStopping 0/best_epoch",
        3,
        "the best epoch is 3, after epoch 2",
    ),
    "a name for the best epoch": (
        "callbacks/EarlyStopping 0/best_epoch",
        "two",
        "best_epoch must be a whole number, got 'two'",
    ),
    "no best weights": ("callbacks/EarlyStopping 0/weights", {}, "missing: "),
    "a number for the best weights": ("callbacks/EarlyStopping 0/weights", 3, "it is damaged: "),
    "a best weight of another shape": (
        "callbacks/EarlyStopping 0/weights/0.bias",
        [1.0],
        r"0.bias: expected the shape \(8,\), got \(1,\)",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_field_is_found_before_anything_is_changed(damage: str) -> None:
    place, spoilt, message = DAMAGES[damage]
    checkpointed("run.npz", 2)
    arrays, texts = read_arrays("run.npz")
    state = inner = json.loads(texts["training"])
    *path, last = place.split("/")
    for name in path:
        inner = inner[name]
    assert last in inner
    inner[last] = spoilt
    write_arrays("run.npz", arrays, {"training": json.dumps(state)})
    training = Training()
    before = training.model.state_dict(), training.optimizer.state_dict(), training.schedule.state_dict()
    with pytest.raises(ValueError, match=rf"run\.npz is no checkpoint of this training: .*{message}"):
        training.run(4, resume="run.npz")
    assert same(training.model.state_dict(), before[0])
    assert same(training.optimizer.state_dict(), before[1])
    assert training.schedule.state_dict() == before[2]
    assert states_of_generators(training) == states_of_generators(Training())
    assert training.stopping.best_epoch == 0
