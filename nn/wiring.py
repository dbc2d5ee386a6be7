"""wiring: what a model consists of, part by part, as plain data from which a picture of it can be drawn."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from nn.module import Module

Forward = TypeVar("Forward", bound=Callable[..., Any])


def in_order(forward: Forward) -> Forward:
    """Mark a method `forward` that runs the module's children one after the other, each on what the last one gave."""
    forward.runs_in_order = True  # type: ignore[attr-defined]
    return forward


def wiring(model: "Module") -> dict[str, Any]:
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
    known = is_whole(model) or _runs_in_order(model)
    parts = _parts("", model) if known else _children(model)
    return {"model": _title(model), "parts": list(parts), "in_order": known}


def is_whole(module: "Module") -> bool:
    """Whether the module is one part of a model, with none within it that count."""
    return next(module.children(), None) is None or module.units() is not None


def _parts(name: str, module: "Module") -> Iterator[dict[str, Any]]:
    units = module.units()
    if units is not None:
        yield {"name": name, **units}
    elif module.is_activation:
        yield {"name": name, "title": repr(module), "activation": repr(module).removesuffix("()")}
    elif _runs_in_order(module):
        for key, child in module.named_children():
            yield from _parts(f"{name}.{key}" if name else key, child)
    else:
        yield _block(name, module)


def _children(module: "Module") -> Iterator[dict[str, Any]]:
    """The parts of a module that runs its children in an order of its own, and what it has beside them."""
    for name, child in module.named_children():
        yield _block(name, child)
    own = _size(module) - sum(map(_size, module.children()))
    if own > 0:
        yield {"name": "", "title": f"{type(module).__name__} itself", "parameters": own}


def _block(name: str, module: "Module") -> dict[str, Any]:
    return {"name": name, "title": _title(module), "parameters": _size(module)}


def _runs_in_order(module: "Module") -> bool:
    return getattr(type(module).forward, "runs_in_order", False)


def _title(module: "Module") -> str:
    shown = repr(module)
    return f"{type(module).__name__}(…)" if "\n" in shown else shown


def _size(module: "Module") -> int:
    """How many numbers its parameters hold."""
    return sum(np.size(parameter.data) for parameter in module.parameters())
