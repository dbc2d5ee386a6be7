"""Ctrl-C while a model trains: it takes effect after the batch under way, so that no update is left half done."""

import signal
import threading
from types import FrameType
from typing import Any, Self

from nn.training.checkpoint import Checkpoint
from nn.training.run import Run


class Interruption:
    """A context in which the first Ctrl-C is only noted, in `pending`; the second interrupts at once.

    Within another one, that of a training whose callback trains, it shares what that notes, so that both stop. It does
    nothing in other threads than the main one, which alone gets signals, and where somebody has put a handler for
    Ctrl-C other than Python's.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._noting = self  # whose handler is installed: that of a training around this one, if there is one
        self._pressed = self._installed = False

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            handler = signal.getsignal(signal.SIGINT)
            outer = getattr(handler, "__self__", None)
            if isinstance(outer, Interruption):
                self._noting = outer
            elif handler is signal.default_int_handler:
                signal.signal(signal.SIGINT, self._note)
                self._installed = True
        return self

    @property
    def pending(self) -> bool:
        """Whether Ctrl-C was pressed, here or in a training around this one."""
        return self._noting._pressed

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, *rest: object) -> None:
        if self._installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if isinstance(error, KeyboardInterrupt):
            vars(error)["history"] = self._run.history
        else:
            self.raise_if_pending(error)

    def _note(self, number: int, frame: FrameType | None) -> Any:
        if self._pressed:
            signal.default_int_handler(number, frame)
        self._pressed = True

    def raise_if_pending(self, error: BaseException | None = None) -> None:
        """Raise KeyboardInterrupt, with a note of where the training stands, from `error`, if Ctrl-C was pressed."""
        if self.pending:
            interrupt = KeyboardInterrupt()
            interrupt.add_note(_note_of(self._run))
            vars(interrupt)["history"] = self._run.history
            raise interrupt from error


def _note_of(run: Run) -> str:
    where = f"after batch {run.batch} of epoch {run.epoch + 1}" if run.batch else f"after epoch {run.epoch}"
    note = f"Training was stopped {where} (of {run.epochs}); the model has the weights of that moment."
    note += " The exception's `history` has the epochs so far: sys.last_value.history."
    for checkpoint in run.callbacks:
        if isinstance(checkpoint, Checkpoint):
            path = str(checkpoint.path)
            if checkpoint.epoch is None:
                note += f" This training has not written {path!r} yet."
            else:
                note += f" {path!r} has the state after epoch {checkpoint.epoch}: resume={path!r} goes on from there."
    return note
