"""Schedules of the learning rate, each as a formula lr(t): PyTorch's names, defaults and order of settings."""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nn.arguments import whole_number
from nn.optim.optimizer import Optimizer


class Schedule:
    """Sets an optimizer's `lr` to `lr_at(t)` after `t` calls of `step`, which is called after each epoch.

    A schedule of your own needs no more than the method `lr_at`.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = checked_optimizer(optimizer, type(self).__name__)
        if not hasattr(optimizer, "initial_lr"):
            optimizer.initial_lr = optimizer.lr
        self.last_epoch = 0
        self.apply(0)

    @property
    def base_lr(self) -> float:
        """What the schedule starts from: the `lr` that the optimizer had when its first schedule was made."""
        return self.optimizer.initial_lr

    def lr_at(self, t: int) -> float:
        """The learning rate after `t` steps."""
        raise NotImplementedError

    def apply(self, t: int) -> None:
        """Set what the schedule sets to its value after `t` steps."""
        self.optimizer.lr = self.lr_at(t)

    def step(self) -> None:
        """Go on to the next epoch."""
        self.apply(self.last_epoch + 1)
        self.last_epoch += 1

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint needs in order to go on from here: names with numbers."""
        return {"last_epoch": self.last_epoch, "base_lr": self.base_lr}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` gave for such a schedule. Raises ValueError or TypeError for another's."""
        check_names(state, self.state_dict(), f"{type(self).__name__}.load_state_dict")
        last_epoch = whole_number(state["last_epoch"], f"{type(self).__name__}: last_epoch", 0)
        self.optimizer.initial_lr = float(state["base_lr"])
        self.apply(last_epoch)
        self.last_epoch = last_epoch


class LambdaLR(Schedule):
    """Any function of t that you give."""

    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[[int], float]) -> None:
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def lr_at(self, t: int) -> float:
        """base · lr_lambda(t)."""
        return self.base_lr * self.lr_lambda(t)


class StepLR(Schedule):
    """A fall by the factor `gamma` after every `step_size` epochs."""

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        self.step_size, self.gamma = count(step_size, "StepLR: step_size"), gamma
        super().__init__(optimizer)

    def lr_at(self, t: int) -> float:
        """base · gamma^⌊t / step_size⌋."""
        return self.base_lr * self.gamma ** (t // self.step_size)


class MultiStepLR(Schedule):
    """A fall by the factor `gamma` at each of the `milestones`."""

    def __init__(self, optimizer: Optimizer, milestones: Iterable[int], gamma: float = 0.1) -> None:
        self.milestones, self.gamma = sorted(milestones), gamma
        super().__init__(optimizer)

    def lr_at(self, t: int) -> float:
        """base · gamma^(how many milestones are at most t)."""
        return self.base_lr * self.gamma ** bisect_right(self.milestones, t)


class ExponentialLR(Schedule):
    """A fall by the factor `gamma` after every epoch."""

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        self.gamma = gamma
        super().__init__(optimizer)

    def lr_at(self, t: int) -> float:
        """base · gammaᵗ."""
        return self.base_lr * self.gamma**t


class LinearLR(Schedule):
    """A line from base · start_factor to base · end_factor in `total_iters` epochs, level after that: a warm-up.

    >>> from autograd import Value
    >>> from nn.optim.rules import SGD
    >>> sgd = SGD([Value(1.0)], lr=0.4)
    >>> warm_up = LinearLR(sgd, start_factor=0.25, total_iters=3)
    >>> for epoch in range(5):
    ...     print(f"{sgd.lr:.1f}", end=" ")
    ...     warm_up.step()
    0.1 0.2 0.3 0.4 0.4
    """

    def __init__(
        self, optimizer: Optimizer, start_factor: float = 1.0 / 3.0, end_factor: float = 1.0, total_iters: int = 5
    ) -> None:
        self.start_factor, self.end_factor = start_factor, end_factor
        self.total_iters = count(total_iters, "LinearLR: total_iters")
        super().__init__(optimizer)

    def lr_at(self, t: int) -> float:
        """base · (start + (end - start)·t / total_iters)."""
        done = min(t / self.total_iters, 1.0)
        return self.base_lr * (self.start_factor + (self.end_factor - self.start_factor) * done)


class CosineAnnealingLR(Schedule):
    """Half a wave of the cosine, from base down to `eta_min` in `T_max` epochs; after that it rises again.

    Loshchilov and Hutter: SGDR, stochastic gradient descent with warm restarts (2017), here without restarts.
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:  # noqa: N803
        self.T_max, self.eta_min = count(T_max, "CosineAnnealingLR: T_max"), eta_min
        super().__init__(optimizer)

    def lr_at(self, t: int) -> float:
        """eta_min + (base - eta_min)·(1 + cos(π·t / T_max)) / 2."""
        return cosine(self.base_lr, self.eta_min, t / self.T_max)


class SequentialLR(Schedule):
    """One schedule after the other: the next begins at each of the `milestones`. So a warm-up is followed by a decay.

    >>> from autograd import Value
    >>> from nn.optim.rules import SGD
    >>> sgd = SGD([Value(1.0)], lr=0.4)
    >>> warm_up, decay = LinearLR(sgd, start_factor=0.5, total_iters=2), ExponentialLR(sgd, gamma=0.5)
    >>> schedule = SequentialLR(sgd, [warm_up, decay], milestones=[2])
    >>> for epoch in range(5):
    ...     print(f"{sgd.lr:.1f}", end=" ")
    ...     schedule.step()
    0.2 0.3 0.4 0.2 0.1
    """

    def __init__(self, optimizer: Optimizer, schedulers: Sequence[Schedule], milestones: Sequence[int]) -> None:
        if not schedulers or len(milestones) != len(schedulers) - 1:
            counts = f"{len(schedulers)} schedules and {len(milestones)} milestones"
            raise ValueError(f"SequentialLR: between schedules there is one milestone each, got {counts}")
        if list(milestones) != sorted(milestones):
            raise ValueError(f"SequentialLR: the milestones are in order, got {list(milestones)}")
        for each in schedulers:
            if not isinstance(each, Schedule) or each.optimizer is not optimizer:
                raise ValueError(f"SequentialLR: {each!r} is no schedule lr(t) of this optimizer")
        self.schedulers, self.milestones = list(schedulers), list(milestones)
        super().__init__(optimizer)

    def lr_at(self, t: int) -> float:
        """That of the schedule whose turn it is, which counts from its milestone."""
        schedule, since = self._turn(t)
        return schedule.lr_at(since)

    def apply(self, t: int) -> None:
        """Set what the schedule whose turn it is sets."""
        schedule, since = self._turn(t)
        schedule.apply(since)

    def _turn(self, t: int) -> tuple[Schedule, int]:
        i = bisect_right(self.milestones, t)
        return self.schedulers[i], t - [0, *self.milestones][i]


def cosine(start: float, end: float, share: float) -> float:
    """The point of half a wave from `start` to `end` after this share of the way."""
    return end + (start - end) / 2.0 * (1.0 + math.cos(math.pi * share))


def checked_optimizer(optimizer: Any, where: str) -> Optimizer:
    """The optimizer. Raises TypeError for what is none."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{where}: a schedule is for an optimizer, got a {type(optimizer).__name__}")
    return optimizer


def check_names(state: Mapping[str, Any], own: Mapping[str, Any], where: str) -> None:
    """Raise ValueError if the state that is to be loaded has other names than the schedule's own."""
    if state.keys() != own.keys():
        raise ValueError(f"{where}: the state is of another schedule: expected {list(own)}, got {list(state)}")


def count(n: int, what: str) -> int:
    """The number. Raises ValueError unless it is a whole one above 0."""
    if n != int(n) or n < 1:
        raise ValueError(f"{what} is a whole number above 0, got {n}")
    return int(n)
