"""Module: a function with parameters, made of smaller ones; over Values and over Tensors alike."""

from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from itertools import chain
from reprlib import recursive_repr
from textwrap import indent
from typing import Any, Self
from weakref import ref

import numpy as np

from autograd import Tensor, Value, scope
from nn import state
from nn.arguments import Array
from nn.hooks import Handle, Hooks, registered
from nn.tree import exchanged, leaves
from nn.wiring import wiring

Parameter = Value | Tensor

_running: ContextVar["Module | None"] = ContextVar("running", default=None)


class Module:
    """A function with parameters. A subclass sets them in `__init__`, and computes in `forward`.

    Every attribute that is a leaf, Value or Tensor, is a parameter; every Module is a child; a NumPy array of numbers
    that can be written to is a buffer: state that is saved but not trained. They may stand in lists, tuples and dicts.
    Names follow from the attributes, as in PyTorch: `layers.0.weight`. What `forward` stores under a new name is none
    of these.

    What runs within `forward` carries the module's name as its `scope`, by which pictures group it.

    >>> import nn
    >>> class Scale(nn.Module):
    ...     def __init__(self):
    ...         self.factor = Tensor([2.0, 3.0])
    ...     def forward(self, x):
    ...         return self.factor * x
    >>> model = nn.Sequential(Scale(), nn.ReLU())
    >>> model(np.array([1.0, -1.0])).data, list(model.named_parameters())
    (array([2., 0.]), [('0.factor', Tensor([2., 3.]))])
    """

    # Beside the attributes, so that those in `vars(module)` are all the user's, who may take any names for them.
    __slots__ = ("__dict__", "__hooks", "__place", "__pre_hooks", "__stored", "__weakref__")
    __hooks: Hooks
    __pre_hooks: Hooks
    __stored: set[str]  # the names of what `forward` stored
    __place: tuple[Any, Any]  # the module that ran this one last, and the scope it has there
    training: bool = True
    is_activation: bool = False

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """A module that can be used before, and without, a call of `Module.__init__`."""
        module = super().__new__(cls)
        module.__hooks, module.__pre_hooks, module.__place, module.__stored = {}, {}, (None, None), set()
        return module

    def __setattr__(self, name: str, x: Any) -> None:
        """Set an attribute. Raises TypeError for what would take the place of a parameter without being one."""
        if _is_parameter(vars(self).get(name)) and not (x is None or isinstance(x, Parameter)):
            raise TypeError(
                f"{type(self).__name__}.{name} is a parameter, and the {type(x).__name__} would not be trained: assign "
                f"to .{name}.data, or a Tensor"
            )
        if _running.get() is self and name not in vars(self):
            self.__stored.add(name)
        if isinstance(x, Module):
            x.__place = (None, None)  # it may have another name now
        super().__setattr__(name, x)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes. Call the module itself: that also runs the hooks and names the nodes."""
        raise NotImplementedError(f"{type(self).__name__} has no method forward(self, x)")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """`forward`, within the module's scope, with its hooks."""
        outer = _running.get()
        token = _running.set(self)
        try:
            if outer is None:
                return self.__run(args, kwargs)
            place, own = self.__place
            with own if place is not None and place() is outer else self.__scope_in(outer):
                return self.__run(args, kwargs)
        finally:
            _running.reset(token)

    def __run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        for hook in tuple(self.__pre_hooks.values()):
            changed = hook(self, args)
            if changed is not None:
                args = changed if isinstance(changed, tuple) else (changed,)
        out = self.forward(*args, **kwargs)
        for hook in tuple(self.__hooks.values()):
            changed = hook(self, args, out)
            out = out if changed is None else changed
        return out

    def __scope_in(self, outer: "Module") -> Any:
        """The scope named as `outer` names this module; by its class, if it is no part of that."""
        parts = chain(outer.named_children(), outer.named_modules(remove_duplicate=False))  # the first is mostly enough
        own = scope(next((name for name, module in parts if module is self), None) or type(self).__name__)
        self.__place = ref(outer), own
        return own

    def __attributes(self) -> Iterator[tuple[str, Any]]:
        for name, x in vars(self).items():
            if name not in self.__stored:
                yield from leaves(name, x)

    def named_children(self) -> Iterator[tuple[str, "Module"]]:
        """(name, module) for each module that is an attribute, or in a list or dict that is one."""
        return ((name, x) for name, x in self.__attributes() if isinstance(x, Module))

    def children(self) -> Iterator["Module"]:
        """The modules that are attributes, or in lists and dicts that are."""
        return (module for _, module in self.named_children())

    def named_modules(self, prefix: str = "", remove_duplicate: bool = True) -> Iterator[tuple[str, "Module"]]:
        """(name, module) for this module, whose name is `prefix`, and all within it; each once, by its first name."""
        yield from self.__walk(prefix, set() if remove_duplicate else None, ())

    def __walk(self, name: str, seen: set[int] | None, above: tuple[int, ...]) -> Iterator[tuple[str, "Module"]]:
        if id(self) in (above if seen is None else seen):
            return
        if seen is not None:
            seen.add(id(self))
        yield name, self
        for key, child in self.named_children():
            yield from child.__walk(f"{name}.{key}" if name else key, seen, (*above, id(self)))

    def modules(self) -> Iterator["Module"]:
        """This module and all within it."""
        return (module for _, module in self.named_modules())

    def __named(self, kind: Callable[[Any], bool], remove_duplicate: bool = True) -> Iterator[tuple[str, Any]]:
        seen: set[int] = set()
        for path, module in self.named_modules(remove_duplicate=remove_duplicate):
            for name, x in module.__attributes():
                if kind(x) and id(x) not in seen:
                    if remove_duplicate:
                        seen.add(id(x))
                    yield f"{path}.{name}" if path else name, x

    def named_parameters(self) -> Iterator[tuple[str, Any]]:
        """(name, leaf) for each parameter of this module and of all within it; a shared one once, by its first name."""
        return self.__named(_is_parameter)

    def parameters(self) -> list[Any]:
        """The parameters of this module and of all within it, Values or Tensors."""
        return [parameter for _, parameter in self.named_parameters()]

    def named_buffers(self) -> Iterator[tuple[str, Array]]:
        """(name, array) for each buffer of this module and of all within it."""
        return self.__named(_is_buffer)

    def buffers(self) -> Iterator[Array]:
        """The buffers of this module and of all within it."""
        return (buffer for _, buffer in self.named_buffers())

    def generators(self) -> dict[str, np.random.Generator]:
        """The generators of random numbers in this module and in all within it, by name."""
        return dict(self.__named(lambda x: isinstance(x, np.random.Generator)))

    def train(self, mode: bool = True) -> Self:
        """Set `training` here and in all modules within: Dropout drops, BatchNorm takes its mean from the batch."""
        self.training = mode
        for child in self.children():
            child.train(mode)
        return self

    def eval(self) -> Self:
        """Set the modules to compute what they have learnt: `train(False)`."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.grad = None

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Freeze all parameters, with False, so that they are constants; or have them trained again."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def double(self) -> Self:
        """Hold all parameters and buffers in float64. They are new ones, so an optimizer is made afterwards."""
        return self.__converted(np.float64)

    def float(self) -> Self:
        """Hold all parameters and buffers in float32. They are new ones, so an optimizer is made afterwards."""
        return self.__converted(np.float32)

    def __converted(self, dtype: Any) -> Self:
        old = [*self.parameters(), *self.buffers()]
        new = {id(x): state.converted(x, dtype) for x in old}
        for module in list(self.modules()):
            vars(module).update({name: exchanged(x, new) for name, x in vars(module).items()})
        return self

    def state_dict(self) -> dict[str, Array]:
        """All parameters and buffers by name, as arrays: copies, which training leaves alone."""
        return {name: state.copied(x) for name, x in self.__state().items()}

    def load_state_dict(self, arrays: Mapping[str, Any], strict: bool = True) -> None:
        """Take over parameters and buffers by name, from `state_dict()`, or from PyTorch's.

        Raises ValueError for names that are missing or unknown, unless `strict` is False, and for an array of another
        shape, TypeError for what are no numbers; the module is then as it was.
        """
        state.load(self.__state(), arrays, strict=strict, where=f"{type(self).__name__}.load_state_dict")

    def __state(self) -> dict[str, Any]:
        named = self.__named(lambda x: _is_parameter(x) or _is_buffer(x), remove_duplicate=False)
        return state.by_name(named, type(self).__name__)

    def register_forward_hook(self, hook: Callable[["Module", tuple[Any, ...], Any], Any]) -> Handle:
        """Call `hook(module, args, output)` after every call; what it returns, if not None, is the output instead."""
        return registered(self.__hooks, hook)

    def register_forward_pre_hook(self, hook: Callable[["Module", tuple[Any, ...]], Any]) -> Handle:
        """Call `hook(module, args)` before every call; what it returns, if not None, are the arguments instead."""
        return registered(self.__pre_hooks, hook)

    def units(self) -> dict[str, Any] | None:
        """Of a layer of units: their `weight`, an array (outputs, inputs), `bias` and `activation`, for pictures."""
        return None

    def wiring(self) -> dict[str, Any]:
        """What the module consists of, as plain data: `viz.draw(model)` asks for it. See `nn.wiring`."""
        return wiring(self)

    def extra_repr(self) -> str:
        """What stands between the parentheses when the module is shown."""
        return ""

    @recursive_repr("…")
    def __repr__(self) -> str:
        children = "".join(f"\n{indent(f'({name}): {child!r}', '  ')}" for name, child in self.named_children())
        return f"{type(self).__name__}({self.extra_repr()}{children}{chr(10) if children else ''})"

    def __getstate__(self) -> tuple[dict[str, Any], set[str]]:
        return vars(self), self.__stored  # hooks stay behind when a module is copied

    def __setstate__(self, given: tuple[dict[str, Any], set[str]]) -> None:
        attributes, self.__stored = given
        vars(self).update(attributes)


def _is_parameter(x: Any) -> bool:
    return isinstance(x, Parameter) and x.is_leaf


def _is_buffer(x: Any) -> bool:
    return isinstance(x, np.ndarray) and x.flags.writeable and x.dtype.kind in "biuf"
