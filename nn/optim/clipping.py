"""Gradient clipping, between `backward` and an optimizer's `step`."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd import Node, NonFiniteError
from nn.arguments import Array


def clip_grad_norm_(
    parameters: Any, max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False
) -> float:
    """Scale the gradients of the parameters so that the norm of all together is at most `max_norm`; return what it was.

    `parameters` are Tensors and Values, or one. `norm_type` is p of the p-norm, and may be `math.inf`. Each `grad`
    is a new array; those that are None stay so. As in PyTorch, a norm that is not finite makes the gradients 0 or nan:
    with `error_if_nonfinite` it raises NonFiniteError, and nothing is changed.

    Pascanu, Mikolov and Bengio: On the difficulty of training recurrent neural networks (2013).

    >>> from autograd import Tensor
    >>> w = Tensor([3.0, 4.0])
    >>> (w * w).sum().backward()
    >>> clip_grad_norm_([w], max_norm=5.0)
    10.0
    >>> w.grad.round(6)
    array([3., 4.])
    """
    _check_limit("clip_grad_norm_", "max_norm", max_norm)
    if not norm_type > 0.0:
        raise ValueError(f"clip_grad_norm_: norm_type is above 0, got {norm_type}")
    reached = _with_gradient(parameters, "clip_grad_norm_")
    norms = [abs(p.grad) if type(p.grad) is float else _norm(p.grad, norm_type) for p in reached]
    total = _norm(np.array(norms), norm_type)
    if error_if_nonfinite and not math.isfinite(total):
        raise NonFiniteError(f"clip_grad_norm_: the norm of the gradients is {total}; nothing was changed")
    scale = max_norm / (total + 1e-6)
    if not scale >= 1.0:
        with np.errstate(all="ignore"):
            for parameter in reached:
                _assign(parameter, parameter.grad * scale)
    return total


def clip_grad_value_(parameters: Any, clip_value: float) -> None:
    """Limit each number of the gradients of the parameters to -clip_value … clip_value.

    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> (x * x).backward()
    >>> clip_grad_value_(x, 0.5)
    >>> x.grad
    0.5
    """
    _check_limit("clip_grad_value_", "clip_value", clip_value)
    for parameter in _with_gradient(parameters, "clip_grad_value_"):
        _assign(parameter, np.clip(parameter.grad, -clip_value, clip_value))


def _norm(x: Array, p: float) -> float:
    """(Σ |x|ᵖ)^(1/p), of numbers divided by the largest: their powers cannot overflow."""
    x = np.abs(x)
    largest = float(x.max(initial=0.0))
    if p == math.inf or largest == 0.0 or not math.isfinite(largest):
        return largest
    x /= largest
    x **= p
    return float(largest * float(x.sum()) ** (1.0 / p))


def _with_gradient(parameters: Any, where: str) -> list[Any]:
    """The parameters that have a gradient, of one or several."""
    is_one = isinstance(parameters, Node) or not isinstance(parameters, Iterable)
    several = [parameters] if is_one else list(parameters)
    for parameter in several:
        if not isinstance(parameter, Node):
            raise TypeError(f"{where}: expected Tensors or Values, got a {type(parameter).__name__}")
    return [parameter for parameter in several if parameter.grad is not None]


def _assign(parameter: Any, gradient: Any) -> None:
    """Give a Value a float, a Tensor an array, also one of no axes, from which NumPy makes scalars."""
    parameter.grad = float(gradient) if type(parameter.grad) is float else np.asarray(gradient)


def _check_limit(where: str, name: str, limit: float) -> None:
    if not limit >= 0.0:
        raise ValueError(f"{where}: {name} is at least 0, got {limit}")
