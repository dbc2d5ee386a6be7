"""training_mode: a model in training or not, for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

from nn.module import Module


@contextmanager
def training_mode(model: Module, training: bool) -> Iterator[None]:
    """Within this context the model is in this mode; then each of its modules is in the one that it was in before."""
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, mode in before:
            module.training = mode
