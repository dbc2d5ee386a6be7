"""Run: where a training stands, with all that it takes to go on from there."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nn.arguments import whole_number
from nn.module import Module
from nn.state import copied, load
from nn.training.callbacks import Callback
from nn.training.history import History


class Means:
    """Means over samples, from means over batches of them.

    >>> means = Means(["loss"])
    >>> means.add(3, [1.0])
    >>> means.add(1, [5.0])
    >>> means.samples, means.now()
    (4, {'loss': 2.0})
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(names)
        self.samples = 0
        self._totals = [0.0] * len(self.names)

    def add(self, samples: int, means: Iterable[float]) -> None:
        """Count in a batch of so many samples."""
        self.samples += samples
        self._totals = [total + samples * x for total, x in zip(self._totals, means, strict=True)]

    def now(self) -> dict[str, float]:
        """The means over what was counted, by name."""
        return {name: total / self.samples for name, total in zip(self.names, self._totals, strict=True)}


@dataclass(eq=False)
class Run:
    """Where a training stands. Callbacks get it, and stop the training by `run.stop = True`.

    `epoch` counts the epochs that are done, `batch` the batches of the one under way; `means` are the loss and the
    metrics over these, and `history` has those of the epochs. `names` are the history's. The modules in `resting` stay
    in `eval` mode.
    """

    model: Module
    optimizer: Any
    schedule: Any
    batches: Any
    validation: Any
    epochs: int
    names: list[str]
    callbacks: list[Callback]
    means: Means
    resting: list[Module] = field(default_factory=list)
    epoch: int = 0
    batch: int = 0
    stop: bool = False
    history: History = field(default_factory=History)

    def train(self) -> None:
        """Set the model to train, but for the modules that rest."""
        self.model.train()
        for module in self.resting:
            module.training = False

    def generators(self) -> dict[str, np.random.Generator]:
        """The generators of random numbers that training draws from, by name."""
        found = {f"model.{name}": rng for name, rng in self.model.generators().items()}
        sources = {"data": self.batches, "validation": self.validation}
        data = {name: getattr(source, "rng", None) for name, source in sources.items()}
        return found | {name: rng for name, rng in data.items() if isinstance(rng, np.random.Generator)}

    def state_dict(self) -> dict[str, Any]:
        """The whole state at the end of an epoch: arrays, numbers, strings, and dicts and lists of them."""
        return {
            "epoch": self.epoch,
            "history": self.history.to_dict(),
            "seconds": self.history.seconds,
            "model": self.model.state_dict(),
            "others": {name: copied(parameter) for name, parameter in self._others().items()},
            "frozen": [name for name, parameter in self._parameters().items() if not parameter.requires_grad],
            "optimizer": {type(self.optimizer).__name__: self.optimizer.state_dict()},
            "schedule": {type(self.schedule).__name__: self.schedule.state_dict()} if self.schedule else {},
            "callbacks": {name: callback.state_dict() for name, callback in self._callbacks().items()},
            "generators": {name: rng.bit_generator.state for name, rng in self.generators().items()},
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` gave. Raises ValueError for what does not fit, and then changes nothing."""
        before = self.state_dict()
        if before.keys() != state.keys():
            raise ValueError("it does not hold the state of a training")
        epoch, measured = whole_number(state["epoch"], "its epoch", 0), state["history"]
        if epoch > self.epochs:
            raise ValueError(f"it is of epoch {epoch}, and training is to end with epoch {self.epochs}")
        if epoch and set(measured) != set(self.names):
            then, now = ", ".join(measured), ", ".join(self.names)
            raise ValueError(f"it measured {then}, and now it is {now}: give the same metrics and validation")
        if any(len(column) != epoch for column in measured.values()) or not 0.0 <= state["seconds"] < math.inf:
            raise ValueError(f"it is of epoch {epoch}, and its history of another")
        try:
            self._load(state)
            for callback in self.callbacks:
                callback.on_resume(self)
        except BaseException:
            self._load(before)
            raise

    def _load(self, state: Mapping[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        load(self._others(), state["others"], strict=True, where="the optimizer's other parameters")
        _check_parts(self.state_dict(), state)
        if unknown := set(state["frozen"]) - self._parameters().keys():
            raise ValueError(f"frozen: there are no parameters {', '.join(sorted(unknown)):.60}")
        for name, parameter in self._parameters().items():
            parameter.requires_grad = name not in state["frozen"]
        if self.schedule:
            self.schedule.load_state_dict(*state["schedule"].values())
        self.optimizer.load_state_dict(*state["optimizer"].values())  # after the schedule, which sets `lr` too
        for name, rng in self.generators().items():
            rng.bit_generator.state = state["generators"][name]
        self.history, self.epoch = History(state["history"], state["seconds"]), state["epoch"]
        for name, callback in self._callbacks().items():
            callback.load_state_dict(state["callbacks"][name])

    def _others(self) -> dict[str, Any]:
        """The parameters that the optimizer changes and that are none of the model's, such as a loss's."""
        own = {id(parameter) for parameter in self.model.parameters()}
        return {f"params[{i}]": x for i, x in enumerate(self.optimizer.params) if id(x) not in own}

    def _parameters(self) -> dict[str, Any]:
        return dict(self.model.named_parameters()) | self._others()

    def _callbacks(self) -> dict[str, Callback]:
        """Those callbacks that have a state, by name."""
        stateful = [each for each in self.callbacks if type(each).state_dict is not Callback.state_dict]
        return {f"{type(callback).__name__} {i}": callback for i, callback in enumerate(stateful)}


def _check_parts(own: Mapping[str, Any], state: Mapping[str, Any]) -> None:
    """Raise ValueError unless the state is of the same parts: optimizer, schedule, callbacks, generators."""
    for part in ("optimizer", "schedule", "callbacks", "generators"):
        now, then = (", ".join(sorted(each[part])) or "none" for each in (own, state))
        if now != then:
            raise ValueError(f"{part}: it was written with {then}, and now there is {now}")
