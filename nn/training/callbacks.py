"""Callback: what is called while a model trains; and EarlyStopping."""

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from nn.arguments import whole_number
from nn.state import fitted

if TYPE_CHECKING:
    from nn.training.run import Run

_THE_LESS_THE_BETTER = ("loss", "error", "lr")
_THE_MORE_THE_BETTER = ("accuracy", "acc", "auc", "precision", "recall", "f1", "r2_score", "r2")


class Callback:
    """Something to be done while a model trains: a subclass overrides the methods that it needs.

    Each gets the `Run`, which says where the training stands, and can be stopped by `run.stop = True`. A callback that
    remembers something gives it in `state_dict`, so that checkpoints hold it.
    """

    def on_train_begin(self, run: "Run") -> None:
        """Before the first epoch, and before a checkpoint is taken over. What it raises stops the training here."""

    def on_resume(self, run: "Run") -> None:
        """After a checkpoint was taken over. What it raises undoes that, and stops the training here."""

    def on_batch_end(self, run: "Run") -> None:
        """After each step of the optimizer."""

    def on_epoch_end(self, run: "Run") -> None:
        """After each epoch and its validation: `run.history` has their numbers."""

    def on_train_end(self, run: "Run") -> None:
        """After the last epoch, unless an exception ended the training."""

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint needs to hold: arrays, numbers, strings, and dicts and lists of them."""
        return {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` gave."""


class AtEpochEnd(Callback):
    """A function of the run that is called after each epoch."""

    def __init__(self, function: "Callable[[Run], object]") -> None:
        self._function = function

    def on_epoch_end(self, run: "Run") -> None:
        """Call the function."""
        self._function(run)


class EarlyStopping(Callback):
    """Stop when `monitor` has not become better, by more than `min_delta`, for `patience` epochs.

    `monitor` is a name of the history. `mode` says whether "min" or "max" is better; "auto" knows it of the loss and
    the usual metrics, and raises ValueError for other names. At the end the model gets back the weights of the best
    epoch, unless `restore_best_weights` is False, also if training was not stopped early.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0.0,
        patience: int = 0,
        *,
        mode: Literal["auto", "min", "max"] = "auto",
        restore_best_weights: bool = True,
    ) -> None:
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"EarlyStopping: mode is 'auto', 'min' or 'max', got {mode!r}")
        if not 0.0 <= min_delta < math.inf:
            raise ValueError(f"EarlyStopping: min_delta is a number from 0 up, got {min_delta}")
        self.monitor, self.min_delta = monitor, float(min_delta)
        self.patience = whole_number(patience, "EarlyStopping: patience", 0)
        self.restore_best_weights = restore_best_weights
        self._sign = -1.0 if (_better(monitor) if mode == "auto" else mode) == "max" else 1.0
        self._begin()

    def _begin(self) -> None:
        self.best: float | None = None
        self.best_epoch = 0
        self._weights: dict[str, Any] | None = None

    def on_train_begin(self, run: "Run") -> None:
        """Forget an earlier training. Raises ValueError if `monitor` is nothing that is measured."""
        if self.monitor not in run.names:
            hint = "give validation=(x, y), or " if self.monitor.startswith("val_") else ""
            raise ValueError(
                f"EarlyStopping: {self.monitor!r} is not measured: {hint}let it watch one of {', '.join(run.names)}"
            )
        self._begin()

    def on_epoch_end(self, run: "Run") -> None:
        """Keep the weights if they are the best so far; stop if none have been for too long."""
        now = run.history[self.monitor][-1]
        if not math.isnan(now) and (self.best is None or self._sign * (self.best - now) > self.min_delta):
            self.best, self.best_epoch = now, run.epoch
            if self.restore_best_weights:
                self._weights = run.model.state_dict()
        self._stop_if_over(run)

    def _stop_if_over(self, run: "Run") -> None:
        waited = run.epoch - self.best_epoch
        run.stop = run.stop or waited >= max(self.patience, 1)

    def on_train_end(self, run: "Run") -> None:
        """Give the model the best weights."""
        if self._weights is not None:
            run.model.load_state_dict(self._weights)

    def state_dict(self) -> dict[str, Any]:
        """Which epoch was the best so far, and its weights; the history has the rest."""
        return {"monitor": self.monitor, "best_epoch": self.best_epoch, "weights": self._weights}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from there. Raises ValueError for the state of one that watches something else."""
        if state["monitor"] != self.monitor:
            raise ValueError(f"EarlyStopping of {self.monitor!r} cannot go on from that of {state['monitor']!r:.60}")
        self.best_epoch = whole_number(state["best_epoch"], "EarlyStopping: best_epoch", 0)
        self._weights = state["weights"] if self.restore_best_weights else None

    def on_resume(self, run: "Run") -> None:
        """Stop at once if the patience is over by now. Raises ValueError for an epoch or weights that cannot be."""
        if self.best_epoch > run.epoch:
            raise ValueError(f"EarlyStopping: the best epoch is {self.best_epoch}, after epoch {run.epoch}")
        self.best = run.history[self.monitor][self.best_epoch - 1] if self.best_epoch else None
        if self._weights is not None:
            where = f"{type(run.model).__name__}.load_state_dict"
            fitted(run.model.state_dict(), self._weights, strict=True, where=where)
        self._stop_if_over(run)


def _better(monitor: str) -> str:
    for mode, names in (("min", _THE_LESS_THE_BETTER), ("max", _THE_MORE_THE_BETTER)):
        if any(f"_{monitor}".endswith(f"_{name}") for name in names):
            return mode
    raise ValueError(f"EarlyStopping: which is better, more {monitor!r} or less? Give mode='max' or mode='min'")
