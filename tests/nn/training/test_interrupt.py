"""Ctrl-C: a real signal at any moment leaves a model between two updates, a whole checkpoint and a way to go on."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from nn.files import read_arrays
from nn.training import Callback, Run
from nn.training.interrupt import Interruption
from tests.nn.training.interrupted import ControlC
from tests.nn.training.models import Training, same

ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).with_name("interrupted.py")
BATCHES, EPOCHS = 7, 4
FORWARD = BATCHES + 1  # runs of the model in an epoch, the last of them for the validation


def started(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def trained(epochs: int) -> dict[str, Any]:
    training = Training()
    training.run(epochs)
    return training.model.state_dict()


class AfterBatch(Callback):
    """Keeps the weights as they are after the n-th batch."""

    def __init__(self, n: int) -> None:
        self.n, self.weights = n, dict[str, Any]()

    def on_batch_end(self, run: Run) -> None:
        self.n -= 1
        if self.n == 0:
            self.weights = run.model.state_dict()


def finished(expected: str = "") -> None:
    """Run it to its end, from the checkpoint that there is: the weights are those of a training without a pause."""
    process = started()
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out.startswith(expected)
    assert same(read_arrays("weights.npz")[0], trained(EPOCHS))


@pytest.mark.parametrize("when", [1, BATCHES - 1, FORWARD + 1, 2 * FORWARD + 4, 3 * FORWARD + BATCHES])
def test_in_a_batch_it_takes_effect_after_it_and_the_training_can_go_on(when: int) -> None:
    epoch, batch = divmod(when - 1, FORWARD)
    process = started("forward", str(when))
    _, err = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert f"Training was stopped after batch {batch + 1} of epoch {epoch + 1} (of {EPOCHS})" in err
    straight, after = Training(), AfterBatch(epoch * BATCHES + batch + 1)
    straight.run(EPOCHS, after)
    assert same(read_arrays("weights.npz")[0], after.weights)
    if epoch:
        assert f"'run.npz' has the state after epoch {epoch}: resume='run.npz' goes on from there" in err
    else:
        assert "This training has not written 'run.npz' yet" in err
    finished(f"epoch {epoch + 1}\n")


@pytest.mark.parametrize(("where", "when"), [("epoch", 2), ("forward", 2 * FORWARD)], ids=["callbacks", "validation"])
def test_between_two_epochs_it_waits_for_the_checkpoint(where: str, when: int) -> None:
    process = started(where, str(when))
    _, err = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert "Training was stopped after epoch 2 (of 4)" in err
    assert "'run.npz' has the state after epoch 2" in err
    assert "`history` has the epochs so far: sys.last_value.history" in err
    assert same(read_arrays("weights.npz")[0], unrestored(2))
    finished("epoch 3\n")


def unrestored(epochs: int) -> dict[str, Any]:
    """The weights after so many epochs, and not those of the best of them."""
    training = Training()
    training.stopping.restore_best_weights = False
    training.run(epochs)
    return training.model.state_dict()


def test_at_the_end_of_the_last_epoch_it_is_not_lost() -> None:
    process = started("epoch", str(EPOCHS))
    _, err = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert "Training was stopped after epoch 4 (of 4)" in err
    finished()


def test_when_all_is_done_it_is_not_lost_either() -> None:
    process = started("end", "1")
    _, err = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert "Training was stopped after epoch 4 (of 4)" in err
    assert same(read_arrays("weights.npz")[0], trained(EPOCHS))


def test_pressed_twice_it_takes_effect_at_once() -> None:
    process = started("twice", str(FORWARD + 3))
    _, err = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert "Training was stopped" not in err
    assert "in _press" in err  # where it was pressed
    finished("epoch 2\n")


@pytest.mark.parametrize(
    ("where", "when", "epochs"),
    [("epoch", 2, 2), ("forward", 2 * FORWARD + 3, 2), ("twice", 2 * FORWARD + 3, 2), ("end", 1, EPOCHS)],
)
def test_the_exception_has_the_history_of_the_epochs_that_are_done(where: str, when: int, epochs: int) -> None:
    expected = Training().run(epochs)
    own = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt) as caught:
            Training().run(EPOCHS, ControlC(where, when))
    finally:
        signal.signal(signal.SIGINT, own)
    assert vars(caught.value)["history"] == expected


def test_another_exception_does_not_hide_it() -> None:
    process = started("failing", "2")
    _, err = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert "RuntimeError: something else" in err
    assert "Training was stopped after epoch 2 (of 4)" in err
    finished("epoch 2\n")


def test_in_a_training_within_a_training_it_stops_both() -> None:
    process = started("within", "1")
    out, err = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert out == "epoch 1\n"  # of the one within
    assert "Training was stopped after epoch 1 (of 2)" in err
    finished()


def test_pressed_by_another_process_it_does_the_same() -> None:
    process = started()
    assert process.stdout is not None
    assert process.stdout.readline() == "epoch 1\n"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    if process.returncode == 0:  # it was done before the signal came
        assert same(read_arrays("weights.npz")[0], trained(EPOCHS))
    else:
        assert process.returncode == -signal.SIGINT
        finished()


def test_the_handler_of_somebody_else_and_other_threads_are_left_alone() -> None:
    handlers = []
    run: Any = None

    def look() -> None:
        with Interruption(run):
            handlers.append(signal.getsignal(signal.SIGINT))

    own = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        thread = Thread(target=look)
        thread.start()
        thread.join()
        assert handlers == [signal.default_int_handler]
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        look()
        assert handlers[1] == signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, own)
