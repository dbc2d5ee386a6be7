"""Activations as modules: one row for each operation, and a module for any other function."""

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any, Literal

import autograd
from autograd import Op
from nn.layers.inputs import operand
from nn.module import Module


class Function(Module):
    """Any function as a module, for a place in a `Sequential`.

    >>> Function(autograd.sin)
    Function(sin)
    """

    is_activation = True

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def forward(self, x: Any) -> Any:
        """What the function gives for `x`."""
        return self.function(operand(x))

    def extra_repr(self) -> str:
        """The function's name."""
        return name_of(self.function)


class Activation(Module):
    """An operation on each number. Its other operands are settings, with the operation's names and defaults."""

    is_activation = True
    op: Op
    settings: Signature

    def __init__(self, *given: float, **by_name: float) -> None:
        try:
            bound = self.settings.bind(*given, **by_name)
        except TypeError as error:
            raise TypeError(f"{type(self).__name__}{self.settings}: {error}") from None
        bound.apply_defaults()
        vars(self).update(bound.arguments)

    def forward(self, x: Any) -> Any:
        """The operation's results."""
        return self.op(operand(x), *[getattr(self, name) for name in self.settings.parameters])

    def extra_repr(self) -> str:
        """The settings."""
        return ", ".join(f"{name}={getattr(self, name)}" for name in self.settings.parameters)


def _activation(name: str, op: Op) -> type[Activation]:
    """The class of modules for `op`, under PyTorch's name."""
    settings = [
        Parameter(setting, Parameter.POSITIONAL_OR_KEYWORD, default=default)
        for setting, default in zip(op.operands[1:], op.defaults, strict=True)
    ]
    doc = f"`{op.name}` as a module."
    body = {"op": op, "settings": Signature(settings), "__module__": __name__, "__doc__": doc}
    return type(name, (Activation,), body)


CELU = _activation("CELU", autograd.celu)
ELU = _activation("ELU", autograd.elu)
Hardshrink = _activation("Hardshrink", autograd.hardshrink)
Hardsigmoid = _activation("Hardsigmoid", autograd.hardsigmoid)
Hardswish = _activation("Hardswish", autograd.hardswish)
Hardtanh = _activation("Hardtanh", autograd.hardtanh)
LeakyReLU = _activation("LeakyReLU", autograd.leaky_relu)
LogSigmoid = _activation("LogSigmoid", autograd.logsigmoid)
Mish = _activation("Mish", autograd.mish)
ReLU = _activation("ReLU", autograd.relu)
ReLU6 = _activation("ReLU6", autograd.relu6)
SELU = _activation("SELU", autograd.selu)
SiLU = _activation("SiLU", autograd.silu)
Sigmoid = _activation("Sigmoid", autograd.sigmoid)
Softplus = _activation("Softplus", autograd.softplus)
Softshrink = _activation("Softshrink", autograd.softshrink)
Softsign = _activation("Softsign", autograd.softsign)
Tanh = _activation("Tanh", autograd.tanh)
Tanhshrink = _activation("Tanhshrink", autograd.tanhshrink)


class GELU(Module):
    """x·Φ(x), or with `approximate="tanh"` the approximation by tanh. Hendrycks and Gimpel (2016)."""

    is_activation = True

    def __init__(self, approximate: Literal["none", "tanh"] = "none") -> None:
        if approximate not in ("none", "tanh"):
            raise ValueError(f'GELU: approximate is "none" or "tanh", got {approximate!r}')
        self.approximate = approximate

    def forward(self, x: Any) -> Any:
        """The operation's results."""
        return (autograd.gelu_tanh if self.approximate == "tanh" else autograd.gelu)(operand(x))

    def extra_repr(self) -> str:
        """Which of the two."""
        return f"approximate={self.approximate!r}"


class Softmax(Module):
    """Positive numbers that sum to 1 along the axis `dim`: `autograd.softmax` as a module."""

    is_activation = True

    def __init__(self, dim: int = -1) -> None:
        self.dim = dim

    def forward(self, x: Any) -> Any:
        """The shares."""
        return autograd.softmax(operand(x), self.dim)

    def extra_repr(self) -> str:
        """The axis."""
        return f"dim={self.dim}"


class LogSoftmax(Softmax):
    """The logarithm of `Softmax`, finite also where that is 0."""

    def forward(self, x: Any) -> Any:
        """The logarithms of the shares."""
        return autograd.log_softmax(operand(x), self.dim)


def function_of(activation: Callable[[Any], Any] | str) -> Callable[[Any], Any]:
    """The operation of this name, or the function that is given. Raises ValueError for a name that no operation has."""
    if not isinstance(activation, str):
        return activation
    if activation not in autograd.registry:
        raise ValueError(f"no operation is called {activation!r}: give a name such as 'relu' or 'tanh', or a function")
    return autograd.registry[activation]


def name_of(function: Callable[..., Any]) -> str:
    """What a function, or an operation, is called."""
    return str(getattr(function, "name", getattr(function, "__name__", repr(function))))


def activation_module(activation: Callable[[Any], Any] | str) -> Module:
    """The module for an operation, for its name, or for any function.

    Raises ValueError for a name that no operation has.

    >>> activation_module("relu"), activation_module(autograd.gelu), activation_module(autograd.sin)
    (ReLU(), GELU(approximate='none'), Function(sin))
    """
    function = function_of(activation)
    if function is autograd.gelu or function is autograd.gelu_tanh:
        return GELU("none" if function is autograd.gelu else "tanh")
    kind = next((kind for kind in Activation.__subclasses__() if kind.op is function), None)
    return kind() if kind else Function(function)
