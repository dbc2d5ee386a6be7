"""OneCycleLR: the learning rate up and down once, and momentum down and up."""

from collections.abc import Callable
from typing import Literal

from nn.optim.optimizer import Optimizer
from nn.optim.schedules import Schedule, cosine, count


class OneCycleLR(Schedule):
    """A rise from max_lr / div_factor to `max_lr`, and a fall to the start / final_div_factor; momentum the other way.

    `step` is called after each batch, `total_steps` times at most, or epochs · steps_per_epoch.

    Smith and Topin: Super-convergence, very fast training of neural networks using large learning rates (2018).
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float,
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: Literal["cos", "linear"] = "cos",
        cycle_momentum: bool = True,
        base_momentum: float = 0.85,
        max_momentum: float = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
    ) -> None:
        if total_steps is None:
            if epochs is None or steps_per_epoch is None:
                raise ValueError("OneCycleLR: give total_steps, or epochs and steps_per_epoch")
            total_steps = epochs * steps_per_epoch
        if anneal_strategy not in _CURVES:
            raise ValueError(f"OneCycleLR: anneal_strategy is one of {list(_CURVES)}, got {anneal_strategy!r}")
        if not 0.0 <= pct_start < 1.0:
            raise ValueError(f"OneCycleLR: pct_start is at least 0 and less than 1, got {pct_start}")
        if cycle_momentum and not getattr(optimizer, "momentum", 0.0):
            raise ValueError(f"OneCycleLR: {optimizer!r} has no momentum: give it one, or cycle_momentum=False")
        self.total_steps = count(total_steps, "OneCycleLR: total_steps")
        self.top = pct_start * self.total_steps - 1.0
        self.curve, self.cycle_momentum = _CURVES[anneal_strategy], cycle_momentum
        self.base_momentum, self.max_momentum = base_momentum, max_momentum
        self.start_lr, self.max_lr = max_lr / div_factor, max_lr
        self.final_lr = self.start_lr / final_div_factor
        super().__init__(optimizer)

    def lr_at(self, t: int) -> float:
        """From the start to `max_lr`, whose turn is at the share `pct_start` of the steps, and to the end."""
        return self._between(self.start_lr, self.max_lr, self.final_lr, t)

    def apply(self, t: int) -> None:
        """Set the learning rate, and the momentum if it is to cycle, to those after `t` steps."""
        if t > self.total_steps:
            raise ValueError(f"OneCycleLR: step was called {t} times, but the cycle has {self.total_steps} steps")
        super().apply(t)
        if self.cycle_momentum:
            high, low = self.max_momentum, self.base_momentum
            self.optimizer.momentum = self._between(high, low, high, t)  # type: ignore[attr-defined]

    def _between(self, start: float, top: float, end: float, t: int) -> float:
        """What goes from `start` to `top`, and to `end`, where the last batch is; the `step` after that stays there."""
        if t < self.top:
            return self.curve(start, top, t / self.top)
        return self.curve(top, end, min((t - self.top) / (self.total_steps - 1 - self.top), 1.0))


def _linear(start: float, end: float, share: float) -> float:
    return start + (end - start) * share


_CURVES: dict[str, Callable[[float, float, float], float]] = {"cos": cosine, "linear": _linear}
