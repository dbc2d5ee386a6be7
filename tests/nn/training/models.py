"""Small models, data and trainings, always the same, for the tests of training."""

from collections.abc import Mapping
from typing import Any

import numpy as np

import nn
from nn import optim
from nn.training import Callback, Checkpoint, EarlyStopping, History, fit

Array = np.ndarray[Any, Any]

SAMPLES = 50


def data(samples: int = SAMPLES) -> tuple[Array, Array]:
    """Points, and a number for each that is no straight function of it."""
    x = np.random.default_rng(0).standard_normal((samples, 3)).astype(np.float32)
    return x, np.sin(x[:, :1]) * x[:, 1:2]


def network(seed: int = 0) -> nn.Sequential:
    """A network with all that training changes: weights, the generator of a Dropout, the buffers of a BatchNorm."""
    rng = np.random.default_rng(seed)
    first, last = nn.Linear(3, 8, rng=rng), nn.Linear(8, 1, rng=rng)
    return nn.Sequential(first, nn.BatchNorm1d(8), nn.Tanh(), nn.Dropout(0.2, rng=seed), last)


class Training:
    """A training whose every part has a state."""

    def __init__(self, optimizer: str = "SGD", patience: int = 100) -> None:
        self.model = network()
        self.optimizer: optim.Optimizer = optim.Adam(self.model.parameters(), lr=0.05)
        if optimizer == "SGD":
            self.optimizer = optim.SGD(self.model.parameters(), lr=0.1, momentum=0.9)
        self.schedule = optim.ExponentialLR(self.optimizer, gamma=0.8)
        self.stopping = EarlyStopping(patience=patience)

    def run(self, epochs: int, *callbacks: Callback, resume: str | None = None, rng: int = 1) -> History:
        """Train, with early stopping, to the end of this epoch."""
        x, y = data()
        return fit(
            self.model, (x, y), nn.MSELoss(), self.optimizer,
            epochs=epochs, batch_size=8, validation=(x[:9], y[:9]), schedule=self.schedule,
            callbacks=[*callbacks, self.stopping], rng=rng, resume=resume,
        )  # fmt: skip


def checkpointed(path: str, epochs: int, **settings: Any) -> Training:
    """A training of so many epochs that leaves a checkpoint."""
    training = Training(**settings)
    training.run(epochs, Checkpoint(path))
    return training


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two states are the same, bit for bit."""
    return one.keys() == other.keys() and all(
        np.asarray(x).dtype == np.asarray(other[name]).dtype
        and np.asarray(x).tobytes() == np.asarray(other[name]).tobytes()
        for name, x in one.items()
    )
