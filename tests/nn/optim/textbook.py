"""The optimizers as the papers have them, one parameter at a time in float64: what `nn.optim` is held against."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

Update = Callable[[Any, Any], Any]
"""What gives the new weights for the weights and their gradient."""


def sgd(
    lr: float = 1e-3, momentum: float = 0.0, dampening: float = 0.0, weight_decay: float = 0.0, nesterov: bool = False
) -> Update:
    velocity: Any = None

    def update(w: Any, g: Any) -> Any:
        nonlocal velocity
        g = g + weight_decay * w
        velocity = g if velocity is None or momentum == 0 else momentum * velocity + (1 - dampening) * g
        return w - lr * (g + momentum * velocity if nesterov else velocity)

    return update


def adagrad(
    lr: float = 0.01,
    lr_decay: float = 0.0,
    weight_decay: float = 0.0,
    initial_accumulator_value: float = 0.0,
    eps: float = 1e-10,
) -> Update:
    squares: list[Any] = [initial_accumulator_value]

    def update(w: Any, g: Any) -> Any:
        g = g + weight_decay * w
        squares.append(g**2)
        return w - lr / (1 + (len(squares) - 2) * lr_decay) * g / (np.sqrt(sum(squares)) + eps)

    return update


def rmsprop(
    lr: float = 0.01,
    alpha: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    momentum: float = 0.0,
    centered: bool = False,
) -> Update:
    square: Any = 0.0
    mean: Any = 0.0
    velocity: Any = 0.0

    def update(w: Any, g: Any) -> Any:
        nonlocal square, mean, velocity
        g = g + weight_decay * w
        square = alpha * square + (1 - alpha) * g**2
        mean = alpha * mean + (1 - alpha) * g
        velocity = momentum * velocity + g / (np.sqrt(square - mean**2 if centered else square) + eps)
        return w - lr * velocity

    return update


def adam(
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    decoupled: float = 0.0,
) -> Update:
    m: Any = 0.0
    v: Any = 0.0
    t = 0

    def update(w: Any, g: Any) -> Any:
        nonlocal m, v, t
        t += 1
        g = g + weight_decay * w
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        m_hat, v_hat = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
        return w - lr * decoupled * w - lr * m_hat / (np.sqrt(v_hat) + eps)

    return update


def adamw(weight_decay: float = 1e-2, **settings: Any) -> Update:
    return adam(**settings, decoupled=weight_decay)


TEXTBOOK: dict[str, Callable[..., Update]] = {
    "SGD": sgd,
    "Adagrad": adagrad,
    "RMSprop": rmsprop,
    "Adam": adam,
    "AdamW": adamw,
}

RATES = st.floats(1e-4, 0.1)
DECAYS = st.sampled_from([0.0, 0.01, 0.3])
MOMENTA = st.sampled_from([0.0, 0.5, 0.9])
EPSILONS = st.sampled_from([1e-8, 1e-3])
BETAS = st.tuples(st.sampled_from([0.0, 0.5, 0.9]), st.sampled_from([0.9, 0.99, 0.999]))


def _of(name: str, **settings: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(st.just(name), st.fixed_dictionaries({}, optional={"lr": RATES, **settings}))


SETTINGS: st.SearchStrategy[tuple[str, dict[str, Any]]] = st.one_of(
    _of("SGD", momentum=MOMENTA, dampening=st.sampled_from([0.0, 0.4]), weight_decay=DECAYS),
    _of("SGD", weight_decay=DECAYS).map(lambda drawn: (drawn[0], {**drawn[1], "momentum": 0.9, "nesterov": True})),
    _of(
        "Adagrad",
        lr_decay=st.sampled_from([0.0, 0.1]),
        weight_decay=DECAYS,
        initial_accumulator_value=st.sampled_from([0.0, 0.5]),
        eps=EPSILONS,
    ),
    _of(
        "RMSprop",
        alpha=st.sampled_from([0.5, 0.9, 0.99]),
        eps=EPSILONS,
        weight_decay=DECAYS,
        momentum=MOMENTA,
        centered=st.booleans(),
    ),
    _of("Adam", betas=BETAS, eps=EPSILONS, weight_decay=DECAYS),
    _of("AdamW", betas=BETAS, eps=EPSILONS, weight_decay=DECAYS),
)
"""An optimizer's name with settings for it."""
