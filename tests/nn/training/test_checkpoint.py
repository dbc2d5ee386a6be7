"""Checkpoints: a resumed training ends with the weights of one that was never stopped, bit for bit."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn import optim
from nn.data import Batches
from nn.files import read_arrays, write_arrays
from nn.training import Callback, Checkpoint, Run, fit
from tests.nn.training.models import Array, Training, checkpointed, data, network, same


def assert_same(one: Training, other: Training) -> None:
    assert same(one.model.state_dict(), other.model.state_dict())
    assert same(one.optimizer.state_dict(), other.optimizer.state_dict())
    assert one.schedule.state_dict() == other.schedule.state_dict()
    assert (one.stopping.best, one.stopping.best_epoch) == (other.stopping.best, other.stopping.best_epoch)


@pytest.mark.parametrize(("optimizer", "suffix"), [("SGD", ".npz"), ("Adam", ".safetensors")])
@pytest.mark.parametrize("pause", range(7))
def test_to_pause_after_any_epoch_makes_no_difference(pause: int, optimizer: str, suffix: str) -> None:
    straight, resumed = Training(optimizer), Training(optimizer)
    history = straight.run(6)
    if pause:
        checkpointed(f"run{suffix}", pause, optimizer=optimizer)
    continued = resumed.run(6, Checkpoint(f"run{suffix}"), resume=f"run{suffix}", rng=99 if pause else 1)
    assert_same(straight, resumed)
    assert continued.to_dict() == history.to_dict()


def test_the_last_epoch_is_written_whatever_every_says() -> None:
    written = []

    class Noting(Checkpoint):
        def on_epoch_end(self, run: Run) -> None:
            super().on_epoch_end(run)
            written.append(self.epoch)

    Training().run(5, Noting("run.npz", every=2))
    assert written == [None, 2, 2, 4, 5]


def test_a_training_that_was_stopped_early_is_over_when_it_is_resumed() -> None:
    straight = Training(patience=1)
    history = straight.run(50)
    assert history.epochs < 50
    checkpointed("run.npz", 50, patience=1)
    resumed = Training(patience=1)
    assert resumed.run(50, resume="run.npz").to_dict() == history.to_dict()
    assert same(resumed.model.state_dict(), straight.model.state_dict())


def test_networks_of_values_are_resumed_too() -> None:
    def run(epochs: int, resume: str | None = None) -> nn.Module:
        model = nn.MLP(3, [4, 1], rng=0)
        adam = optim.Adam(model.parameters(), lr=0.1)
        fit(
            model, data(), nn.MSELoss(), adam,
            epochs=epochs, rng=0, callbacks=[Checkpoint("values.npz")], resume=resume,
        )  # fmt: skip
        return model

    straight = run(4)
    run(2)
    assert same(run(4, "values.npz").state_dict(), straight.state_dict())


def noisy(x: Array, rng: np.random.Generator) -> Array:
    return x + rng.standard_normal(x.shape, np.float32)


def test_a_generator_that_data_and_model_share_is_resumed_as_one() -> None:
    def run(epochs: int, resume: str | None = None) -> nn.Module:
        rng = np.random.Generator(np.random.MT19937(0))  # whose state holds an array
        model = nn.Sequential(nn.Linear(3, 8, rng=rng), nn.Dropout(0.5, rng=rng), nn.Linear(8, 1, rng=rng))
        batches = Batches(*data(), 8, rng=rng, augment=noisy)
        sgd = optim.SGD(model.parameters(), lr=0.1)
        fit(model, batches, nn.MSELoss(), sgd, epochs=epochs, callbacks=[Checkpoint("run.npz")], resume=resume)
        return model

    straight = run(4)
    run(2)
    assert same(run(4, "run.npz").state_dict(), straight.state_dict())


def test_a_checkpoint_that_is_not_there_yet_is_a_start_only_where_it_will_be_written() -> None:
    training, fresh = Training(), Training()
    with pytest.raises(FileNotFoundError, match=r"rum\.npz"):
        training.run(2, Checkpoint("run.npz"), resume="rum.npz")
    training.run(2, Checkpoint("run.npz"), resume="run.npz")
    fresh.run(2)
    assert_same(training, fresh)


def other_model() -> Training:
    training = Training()
    training.model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Linear(4, 1, rng=0))
    training.optimizer = optim.SGD(training.model.parameters(), momentum=0.9)
    training.schedule = optim.ExponentialLR(training.optimizer, gamma=0.8)
    return training


def without_momentum() -> Training:
    training = Training()
    training.optimizer = optim.SGD(training.model.parameters())
    training.schedule = optim.ExponentialLR(training.optimizer, gamma=0.8)
    return training


def other_schedule() -> Training:
    training = Training()
    training.schedule = optim.StepLR(training.optimizer, 2)  # type: ignore[assignment]
    return training


OTHERS = {
    "another model": (other_model, 6, "unknown: 1.num_batches_tracked"),
    "another optimizer": (lambda: Training("Adam"), 6, "written with SGD, and now there is Adam"),
    "an optimizer without momentum": (without_momentum, 6, "state is of another optimizer"),
    "another schedule": (other_schedule, 6, "written with ExponentialLR, and now there is StepLR"),
    "fewer epochs": (Training, 2, "of epoch 3, and training is to end with epoch 2"),
}


@pytest.mark.parametrize("other", OTHERS)
def test_a_checkpoint_of_another_training_is_refused_and_changes_nothing(other: str) -> None:
    make, epochs, message = OTHERS[other]
    checkpointed("run.npz", 3)
    training = make()
    before = training.model.state_dict(), training.optimizer.state_dict(), training.schedule.state_dict()
    written = Path("run.npz").read_bytes()
    with pytest.raises(ValueError, match=message):
        training.run(epochs, Checkpoint("run.npz"), resume="run.npz")
    assert same(training.model.state_dict(), before[0])
    assert same(training.optimizer.state_dict(), before[1])
    assert training.schedule.state_dict() == before[2]
    assert Path("run.npz").read_bytes() == written


def damaged(text: str) -> dict[str, str]:
    return {
        "no text": "",
        "another text": "[1, 2]",
        "no state": "{}",
        "no arrays": text,
        "a history too long": text.replace('"loss": [', '"loss": [0.0, '),
        "a name for a number": text.replace('"epoch": 2', '"epoch": "two"'),
        "a list for a generator": text.replace('"PCG64"', '"MT19937"'),
        "very deep": "[" * 100_000,
    }


@pytest.mark.parametrize("damage", damaged(""))
def test_a_damaged_or_foreign_file_is_refused_and_changes_nothing(damage: str) -> None:
    checkpointed("run.npz", 2)
    arrays, texts = read_arrays("run.npz")
    kept = {} if damage == "no arrays" else arrays
    write_arrays("run.npz", kept, {"training": damaged(texts["training"])[damage]})
    training = Training()
    before = training.model.state_dict(), training.optimizer.state_dict()
    with pytest.raises(ValueError, match=r"run\.npz is no checkpoint of this training"):
        training.run(4, resume="run.npz")
    assert same(training.model.state_dict(), before[0])
    assert same(training.optimizer.state_dict(), before[1])


def test_saved_weights_are_no_checkpoint() -> None:
    write_arrays("weights.npz", network().state_dict(), {})
    with pytest.raises(ValueError, match="is no checkpoint"):
        Training().run(2, resume="weights.npz")


@pytest.mark.parametrize("path", ["nowhere/run.npz", "run.pt"])
def test_a_path_that_cannot_be_written_is_an_error_before_the_first_batch(path: str) -> None:
    training = Training()
    before = training.model.state_dict()
    with pytest.raises((OSError, ValueError), match=r"nowhere|end in"):
        training.run(2, Checkpoint(path))
    assert same(training.model.state_dict(), before)
    assert not list(Path().iterdir())


def test_a_training_touches_no_file_but_the_checkpoint_s() -> None:
    for name in ("run-trial.npz", "other.npz", ".run.npz", "run.tmp"):
        Path(name).write_text(name)
    Training().run(1, Checkpoint("run.npz"))
    assert {each.name for each in Path().iterdir()} == {"run-trial.npz", "other.npz", ".run.npz", "run.tmp", "run.npz"}
    assert Path("run-trial.npz").read_text() == "run-trial.npz"


def test_the_folder_that_counts_is_that_of_the_file_behind_a_link() -> None:
    Path("run.npz").symlink_to("nowhere/run.npz")
    with pytest.raises(FileNotFoundError, match=r"give a folder that exists.*'run\.npz'"):
        Training().run(1, Checkpoint("run.npz"))


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"seen": {1, 2}}, "callbacks.Remembering 0.seen is a set"),
        ({1: "one"}, "keys of callbacks.Remembering 0 are to be strings"),
        ({"words": np.array(["text"])}, "only arrays of numbers"),
    ],
)
def test_a_state_that_no_file_can_hold_is_an_error_before_the_first_batch(state: Any, message: str) -> None:
    class Remembering(Callback):
        def state_dict(self) -> Any:
            return state

    training = Training()
    before = training.model.state_dict()
    with pytest.raises((TypeError, ValueError), match=message):
        training.run(2, Remembering(), Checkpoint("run.npz"))
    assert same(training.model.state_dict(), before)
    assert not list(Path().iterdir())


def test_what_callbacks_remember_is_written_whatever_their_order() -> None:
    training, resumed = Training(), Training()
    history = training.run(3, Checkpoint("run.npz"))  # which stands before the early stopping
    resumed.run(3, resume="run.npz")
    assert resumed.stopping.best == min(history["val_loss"])
