"""Ctrl-C while a model trains: it takes effect after the batch under way, so that no update is left half done."""

import signal
import threading
from types import FrameType
from typing import Any, Self

from nn.training.checkpoint import Checkpoint
from nn.training.run import Run


class Interruption:
    """A context in which the first Ctrl-C is only noted, in `pending`; the second interrupts at once.

    It does nothing in other threads than the main one, which alone gets signals, and where somebody has put a handler
    for Ctrl-C other than Python's.
    """

    def __init__(self, run: Run) -> None:
        self.pending = False
        self._run = run
        self._installed = False

    def __enter__(self) -> Self:
        in_main_thread = threading.current_thread() is threading.main_thread()
        if in_main_thread and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._note)
            self._installed = True
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if self._installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if kind is None:
            self.raise_if_pending()

    def _note(self, number: int, frame: FrameType | None) -> Any:
        if self.pending:
            signal.default_int_handler(number, frame)
        self.pending = True

    def raise_if_pending(self) -> None:
        """Raise KeyboardInterrupt, with a note of where the training stands, if Ctrl-C was pressed."""
        if self.pending:
            interrupt = KeyboardInterrupt()
            interrupt.add_note(_note_of(self._run))
            raise interrupt


def _note_of(run: Run) -> str:
    where = f"after batch {run.batch} of epoch {run.epoch + 1}" if run.batch else f"after epoch {run.epoch}"
    note = f"Training was stopped {where} (of {run.epochs}); the model has the weights of that moment."
    for checkpoint in run.callbacks:
        if isinstance(checkpoint, Checkpoint):
            path = str(checkpoint.path)
            if checkpoint.epoch is None:
                note += f" This training has not written {path!r} yet."
            else:
                note += f" {path!r} has the state after epoch {checkpoint.epoch}: resume={path!r} goes on from there."
    return note
