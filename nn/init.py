"""Initialisers: the numbers that parameters begin with, as in `torch.nn.init`.

Each comes in two spellings: `xavier_uniform(shape)` gives an array, and `xavier_uniform_(tensor)` puts such numbers in
a Tensor that there is. `rng` is a seed or a generator; see `nn.seeds`. The shape of a weight is (out, in), or (out, in,
height, width) of a convolution, as of all layers here.
"""

import math
from collections.abc import Callable, Sequence
from typing import Concatenate, Literal, ParamSpec, TypeAlias

import numpy as np

from autograd import Tensor
from nn.arguments import Array
from nn.seeds import Rng, generator

Shape: TypeAlias = int | Sequence[int]
P = ParamSpec("P")

_GAINS = {"linear": 1.0, "conv2d": 1.0, "sigmoid": 1.0, "tanh": 5.0 / 3.0, "relu": math.sqrt(2.0), "selu": 0.75}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor on the weights before a nonlinearity that keeps the size of the signals from layer to layer.

    `param` is the slope of "leaky_relu" for negative numbers, 0.01 by default. Raises ValueError for another name.

    >>> calculate_gain("tanh")
    1.6666666666666667
    """
    if nonlinearity == "leaky_relu":
        return math.sqrt(2.0 / (1.0 + (0.01 if param is None else param) ** 2))
    if nonlinearity not in _GAINS:
        raise ValueError(f"calculate_gain: known are leaky_relu, {', '.join(_GAINS)}; got {nonlinearity!r}")
    return _GAINS[nonlinearity]


def zeros(shape: Shape) -> Array:
    """Zeros."""
    return np.zeros(shape)


def ones(shape: Shape) -> Array:
    """Ones."""
    return np.ones(shape)


def constant(shape: Shape, val: float) -> Array:
    """The number `val` everywhere."""
    return np.full(shape, float(val))


def uniform(shape: Shape, a: float = 0.0, b: float = 1.0, *, rng: Rng = None) -> Array:
    """Numbers drawn evenly from `a` to `b`.

    >>> uniform((2, 2), -1.0, 1.0, rng=0).round(3)
    array([[ 0.274, -0.46 ],
           [-0.918, -0.967]])
    """
    return generator(rng).uniform(a, b, shape)


def normal(shape: Shape, mean: float = 0.0, std: float = 1.0, *, rng: Rng = None) -> Array:
    """Numbers drawn from the normal distribution with this mean and standard deviation."""
    return generator(rng).normal(mean, std, shape)


def xavier_uniform(shape: Shape, gain: float = 1.0, *, rng: Rng = None) -> Array:
    """Drawn evenly, with the variance gain²·2/(fan_in + fan_out).

    Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010).
    """
    return _evenly(shape, _xavier_std(shape, gain), rng)


def xavier_normal(shape: Shape, gain: float = 1.0, *, rng: Rng = None) -> Array:
    """As `xavier_uniform`, normally distributed."""
    return normal(shape, 0.0, _xavier_std(shape, gain), rng=rng)


def kaiming_uniform(
    shape: Shape,
    a: float = 0.0,
    mode: Literal["fan_in", "fan_out"] = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    rng: Rng = None,
) -> Array:
    """Drawn evenly, with the variance gain²/fan: the fan_in keeps the size of signals, the fan_out that of gradients.

    The gain is that of `nonlinearity`, of which `a` is the slope for negative numbers. He, Zhang, Ren and Sun, Delving
    Deep into Rectifiers (2015).
    """
    return _evenly(shape, _kaiming_std(shape, a, mode, nonlinearity), rng)


def kaiming_normal(
    shape: Shape,
    a: float = 0.0,
    mode: Literal["fan_in", "fan_out"] = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    rng: Rng = None,
) -> Array:
    """As `kaiming_uniform`, normally distributed."""
    return normal(shape, 0.0, _kaiming_std(shape, a, mode, nonlinearity), rng=rng)


def orthogonal(shape: Shape, gain: float = 1.0, *, rng: Rng = None) -> Array:
    """`gain` times rows at right angles to each other, of length 1; or columns, if there are fewer of these.

    Further axes count as part of the second. Saxe, McClelland and Ganguli, Exact solutions to the nonlinear dynamics of
    learning in deep linear neural networks (2014). Raises ValueError for fewer than two axes.

    >>> w = orthogonal((2, 3), rng=0)
    >>> np.allclose(w @ w.T, np.eye(2))
    True
    """
    lengths = _of_weight(shape)
    rows, columns = lengths[0], math.prod(lengths[1:])
    q, r = np.linalg.qr(normal((max(rows, columns), min(rows, columns)), rng=rng))
    q *= np.where(np.diag(r) < 0.0, -1.0, 1.0)  # without which not all directions would be equally likely
    return gain * (q if rows >= columns else q.T).reshape(lengths)


def _of_weight(shape: Shape) -> tuple[int, ...]:
    lengths = (shape,) if isinstance(shape, int) else tuple(shape)
    if len(lengths) < 2:
        raise ValueError(f"the shape of a weight is (out, in) or (out, in, …), got {lengths}")
    return lengths


def _fans(shape: Shape) -> tuple[int, int]:
    """How many numbers an output is computed from, and how many an input goes into."""
    n_out, n_in, *kernel = _of_weight(shape)
    return n_in * math.prod(kernel), n_out * math.prod(kernel)


def _evenly(shape: Shape, std: float, rng: Rng) -> Array:
    bound = math.sqrt(3.0) * std
    return uniform(shape, -bound, bound, rng=rng)


def _xavier_std(shape: Shape, gain: float) -> float:
    return gain * math.sqrt(2.0 / sum(_fans(shape)))


def _kaiming_std(shape: Shape, a: float, mode: str, nonlinearity: str) -> float:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f'the mode is "fan_in" or "fan_out", got {mode!r}')
    fan = _fans(shape)[mode == "fan_out"]
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


def _in_place(initialiser: Callable[Concatenate[Shape, P], Array]) -> Callable[Concatenate[Tensor, P], Tensor]:
    """The initialiser for a Tensor that there is: it gets new numbers, in its dtype, and is returned."""

    def fill(tensor: Tensor, /, *args: P.args, **kwargs: P.kwargs) -> Tensor:
        tensor.data = initialiser(tensor.shape, *args, **kwargs)
        return tensor

    fill.__name__ = fill.__qualname__ = f"{initialiser.__name__}_"
    fill.__doc__ = f"`{initialiser.__name__}` for a Tensor that there is, which is returned."
    return fill


zeros_, ones_, constant_ = _in_place(zeros), _in_place(ones), _in_place(constant)
uniform_, normal_, orthogonal_ = _in_place(uniform), _in_place(normal), _in_place(orthogonal)
xavier_uniform_, xavier_normal_ = _in_place(xavier_uniform), _in_place(xavier_normal)
kaiming_uniform_, kaiming_normal_ = _in_place(kaiming_uniform), _in_place(kaiming_normal)
