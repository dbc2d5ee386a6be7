"""A training that is interrupted: `python interrupted.py [where] [when]` leaves its weights in `weights.npz`."""

import os
import signal
import sys
from typing import Any

from nn.files import write_arrays
from nn.training import Callback, Checkpoint, Run
from tests.nn.training.models import Training

EPOCHS = 4  # of 7 batches each


class ControlC(Callback):
    """Presses Ctrl-C while the model runs for the n-th time, or at the end of an epoch or of all, or twice.

    Or in a training within the training, after its n-th epoch; or, "failing", before an error.
    """

    def __init__(self, where: str, when: int) -> None:
        self._where, self._left = where, when

    def on_train_begin(self, run: Run) -> None:
        if self._where in ("forward", "twice"):
            run.model.register_forward_pre_hook(self._press)

    def on_train_end(self, run: Run) -> None:
        if self._where == "end":
            self._press()

    def on_epoch_end(self, run: Run) -> None:
        if self._where in ("epoch", "failing"):
            self._press()
        if self._where == "failing" and not self._left:
            raise RuntimeError("something else")
        if self._where == "within":
            Training().run(2, ControlC("epoch", self._left), AtEnd("the training within is done"))
        print(f"epoch {run.epoch}", flush=True)

    def _press(self, *_: Any) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGINT)
            if self._where == "twice":
                os.kill(os.getpid(), signal.SIGINT)


class AtEnd(Callback):
    """Prints a text at the end."""

    def __init__(self, text: str) -> None:
        self._text = text

    def on_train_end(self, run: Run) -> None:
        print(self._text, flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell may have switched off for its children
    where, when = sys.argv[1:] or ("nowhere", "0")
    training = Training()
    try:
        training.run(EPOCHS, ControlC(where, int(when)), Checkpoint("run.npz"), resume="run.npz")
    finally:
        handler = signal.getsignal(signal.SIGINT)
        assert handler is signal.default_int_handler, handler
        assert training.model.training
        write_arrays("weights.npz", training.model.state_dict())
