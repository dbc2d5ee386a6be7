"""wiring: what a model consists of, part by part, as plain data from which a picture of it can be drawn."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from nn.layers import GELU, Function, Linear, Sequential, Softmax
from nn.layers.activation import Activation
from nn.module import Module
from nn.neuron import MLP, Layer, Neuron

IN_ORDER = (Sequential.forward, MLP.forward)  # what runs its children one after the other


def wiring(model: Module) -> dict[str, Any]:
    """The `model` in words, its `parts`, and whether it is known that data flows through them `in_order`.

    A part has a `name`. One with units of its own has their `weight`, an array (outputs, inputs), their `bias` or None,
    and the name of their `activation` or None. Any other part has a `title` and the number of its `parameters`, or, if
    it is an activation, a `title` and an `activation`.

    >>> import nn
    >>> for part in nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Dropout(0.1)).wiring()["parts"]:
    ...     print({key: getattr(x, "shape", x) for key, x in part.items()})
    {'name': '0', 'weight': (2, 3), 'bias': (2,), 'activation': None}
    {'name': '1', 'title': 'ReLU()', 'activation': 'ReLU'}
    {'name': '2', 'title': 'Dropout(p=0.1)', 'parameters': 0}
    """
    in_order = _is_whole(model) or _runs_in_order(model)
    parts = _parts("", model) if in_order else _children(model)
    return {"model": _title(model), "parts": list(parts), "in_order": in_order}


def _parts(name: str, module: Module) -> Iterator[dict[str, Any]]:
    if isinstance(module, (Linear, Layer, Neuron)):
        yield {"name": name, **_units(module)}
    elif isinstance(module, (Activation, Function, GELU, Softmax)):
        yield {"name": name, "title": repr(module), "activation": repr(module).removesuffix("()")}
    elif _runs_in_order(module):
        for key, child in module.named_children():
            yield from _parts(f"{name}.{key}" if name else key, child)
    else:
        yield _block(name, module)


def _children(module: Module) -> Iterator[dict[str, Any]]:
    """The parts of a module that runs its children in an order of its own, and what it has beside them."""
    for name, child in module.named_children():
        yield _block(name, child)
    own = _size(module) - sum(map(_size, module.children()))
    if own > 0:
        yield {"name": "", "title": f"{type(module).__name__} itself", "parameters": own}


def _units(module: Linear | Layer | Neuron) -> dict[str, Any]:
    if isinstance(module, Linear):
        bias = None if module.bias is None else module.bias.data
        return {"weight": module.weight.data, "bias": bias, "activation": None}
    neurons = module.neurons if isinstance(module, Layer) else [module]
    weight = np.array([[w.data for w in neuron.w] for neuron in neurons]).reshape(len(neurons), -1)
    _, _, activation = neurons[0].extra_repr().partition(", ")
    return {"weight": weight, "bias": np.array([neuron.b.data for neuron in neurons]), "activation": activation}


def _block(name: str, module: Module) -> dict[str, Any]:
    return {"name": name, "title": _title(module), "parameters": _size(module)}


def _runs_in_order(module: Module) -> bool:
    return type(module).forward in IN_ORDER


def _is_whole(module: Module) -> bool:
    return isinstance(module, Layer) or next(module.children(), None) is None


def _title(module: Module) -> str:
    return repr(module) if _is_whole(module) or isinstance(module, MLP) else f"{type(module).__name__}(…)"


def _size(module: Module) -> int:
    """How many numbers its parameters hold."""
    return sum(np.size(parameter.data) for parameter in module.parameters())
