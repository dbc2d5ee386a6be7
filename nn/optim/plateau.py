"""ReduceLROnPlateau: a lower learning rate when training no longer helps."""

import math
from collections.abc import Mapping
from typing import Any, Literal

from nn.optim.optimizer import Optimizer
from nn.optim.schedules import check_names, checked_optimizer


class ReduceLROnPlateau:
    """Multiplies the optimizer's `lr` by `factor` when a metric has not improved for more than `patience` epochs.

    `mode` "min" or "max" says what is better; it has to be better than the best by `threshold`, a share of that
    ("rel") or a difference ("abs"). After that, `cooldown` epochs are not counted. A change of less than `eps`
    is not made.

    >>> from autograd import Value
    >>> from nn.optim.rules import SGD
    >>> sgd = SGD([Value(1.0)], lr=0.4)
    >>> schedule = ReduceLROnPlateau(sgd, factor=0.5, patience=1)
    >>> for loss in [3.0, 2.0, 2.0, 2.0, 2.0]:
    ...     schedule.step(loss)
    ...     print(sgd.lr, end=" ")
    0.4 0.4 0.4 0.2 0.2
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: Literal["min", "max"] = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: Literal["rel", "abs"] = "rel",
        cooldown: int = 0,
        min_lr: float = 0.0,
        eps: float = 1e-8,
    ) -> None:
        if not 0.0 <= factor < 1.0:
            raise ValueError(f"ReduceLROnPlateau: factor is at least 0 and less than 1, got {factor}")
        if mode not in ("min", "max") or threshold_mode not in ("rel", "abs"):
            modes = f"{mode!r} and {threshold_mode!r}"
            raise ValueError(f"ReduceLROnPlateau: mode is 'min' or 'max', threshold_mode 'rel' or 'abs', got {modes}")
        self.optimizer = checked_optimizer(optimizer, "ReduceLROnPlateau")
        self.mode, self.threshold, self.threshold_mode = mode, threshold, threshold_mode
        self.factor, self.min_lr, self.eps = factor, min_lr, eps
        self.patience, self.cooldown = patience, cooldown
        self.best = math.inf if mode == "min" else -math.inf
        self.bad_epochs = self.cooling = 0

    def step(self, metric: float) -> None:
        """Take note of an epoch's metric, and reduce the learning rate if it is time."""
        metric = float(metric)
        if self._is_better(metric):
            self.best, self.bad_epochs = metric, 0
        else:
            self.bad_epochs += 1
        if self.cooling:
            self.cooling, self.bad_epochs = self.cooling - 1, 0
        if self.bad_epochs > self.patience:
            lr = max(self.optimizer.lr * self.factor, self.min_lr)
            if self.optimizer.lr - lr > self.eps:
                self.optimizer.lr = lr
            self.cooling, self.bad_epochs = self.cooldown, 0

    def _is_better(self, metric: float) -> bool:
        sign = -1.0 if self.mode == "min" else 1.0
        limit = self.best * (1.0 + sign * self.threshold)
        if self.threshold_mode == "abs":
            limit = self.best + sign * self.threshold
        return sign * metric > sign * limit

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint needs, beside the optimizer's `lr`, in order to go on from here: names with numbers."""
        return {"best": self.best, "bad_epochs": self.bad_epochs, "cooling": self.cooling}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` gave for such a schedule. Raises ValueError for other names."""
        check_names(state, self.state_dict(), "ReduceLROnPlateau.load_state_dict")
        best, bad_epochs, cooling = float(state["best"]), int(state["bad_epochs"]), int(state["cooling"])
        self.best, self.bad_epochs, self.cooling = best, bad_epochs, cooling
