"""Run: a function run with variables of its own in place of its arguments, and what is to become of its results."""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import arrays, higher, modes, numbers, ops, reverse
from autograd.node import Node
from autograd.order import topological_order
from autograd.recording import array_of
from autograd.structure import flatten, mapped
from autograd.tensor import Tensor
from autograd.value import Value

Function = Callable[..., Any]
Argnums = int | Sequence[int]

# The variables of the calls that are under way around this one: a result that depends on one of them has to stay
# differentiable, because the enclosing call will differentiate it.
_enclosing: ContextVar[frozenset[Node]] = ContextVar("_enclosing", default=frozenset())


@dataclass(frozen=True)
class Run:
    """What a function gave, and the variables that it was run with in place of its arguments."""

    output: Any
    variables: Any
    enclosing: frozenset[Node]
    given_nodes: bool

    def is_differentiated_further(self, *nodes: Any) -> bool:
        """Whether what these results lead to has to be a graph."""
        if self.given_nodes:
            return True
        if not self.enclosing:
            return False
        return not self.enclosing.isdisjoint(topological_order(*[x for x in nodes if isinstance(x, Node)]))

    def plain(self, output: Any) -> Any:
        """A result as a float or an array, unless it is to be differentiated further."""
        if not isinstance(output, Node) or self.is_differentiated_further(output):
            return output
        return output.data if isinstance(output, Value) else np.array(output.data)

    def passed_back(self, seeds: Mapping[Node, Any]) -> list[Any]:
        """For each number of the variables, in order, what the results pass back to it, each times its seed."""
        variables = flatten(self.variables)
        if any(isinstance(seed, Node) for seed in seeds.values()) or self.is_differentiated_further(*seeds):
            return higher.gradients(seeds, variables)
        if len(seeds) == 1:
            [(root, seed)] = seeds.items()
            grads = reverse.sweep(root, seed, keep=False)
        else:
            grads = reverse.sweep_from(seeds)
        grads = reverse.unshared({x: grads[x] if x in grads else zero_like(x) for x in variables})
        return [grads[x] for x in variables]


def run(f: Function, args: tuple[Any, ...], kwargs: Mapping[str, Any], argnums: Argnums) -> Run:
    """Run `f` with a fresh variable in place of each number and array of the chosen arguments.

    Raises TypeError for an argument that is not there, and for arguments and results that are no numbers.
    """
    several, chosen = _chosen(argnums)
    for i in chosen:
        if not -len(args) <= i < len(args):
            raise TypeError(f"{name_of(f)} is to be differentiated in argument {i}, got {len(args)} by position")
    enclosing = _enclosing.get()
    with modes.enable_grad():
        given = {i % len(args): mapped(_variable, args[i]) for i in chosen}
        with _differentiating(flatten(list(given.values()))):
            # A copy of the structure: a function may change the lists that it is given.
            output = f(*[mapped(_itself, given[i]) if i in given else x for i, x in enumerate(args)], **kwargs)
    variables = tuple(given[i % len(args)] for i in chosen)
    given_nodes = any(isinstance(x, Node) for i in chosen for x in flatten(args[i]))
    checked = mapped(lambda x: _checked(x, f, given_nodes), output)
    return Run(checked, variables if several else variables[0], enclosing, given_nodes)


def _chosen(argnums: Argnums) -> tuple[bool, Sequence[int]]:
    """Whether several arguments are asked for, and their positions."""
    several = isinstance(argnums, Sequence)
    positions = argnums if isinstance(argnums, Sequence) else [argnums]
    if not all(hasattr(i, "__index__") and not isinstance(i, bool) for i in positions):
        raise TypeError(f"grad: argnums must be the position of an argument or a list of positions, got {argnums!r}")
    return several, [operator.index(i) for i in positions]


def _variable(x: Any) -> Node:
    """A node of its own for an argument: the function may use the argument by another way too, as a constant."""
    if isinstance(x, (Value, Tensor)):
        return x.apply_op(ops.identity, (x,)) if x.requires_grad else x.detach()
    return Tensor(x) if isinstance(x, np.ndarray) else Value(x)


def _checked(output: Any, f: Function, given_nodes: bool) -> Any:
    """A result as a node; what does not depend on the variables as a float or array, unless nodes were given."""
    if isinstance(output, Node):
        return output
    where = f"the result of {name_of(f)}"
    if isinstance(output, np.ndarray) and output.ndim and output.dtype != object:
        return Tensor(output) if given_nodes else array_of(output, where)
    constant = numbers.number(output, where)
    return Value(constant) if given_nodes else constant


def _itself(x: Any) -> Any:
    return x


@contextmanager
def _differentiating(variables: Sequence[Node]) -> Iterator[None]:
    token = _enclosing.set(_enclosing.get() | frozenset(variables))
    try:
        yield
    finally:
        _enclosing.reset(token)


def zero_like(x: Any) -> Any:
    """0 for a number, zeros for a Tensor or an array."""
    data = x.data if isinstance(x, Node) else x
    return np.zeros_like(data, subok=False) if isinstance(data, np.ndarray) else 0.0


def direction(like: Any, given: Any, place: str) -> Any:
    """A tangent or cotangent that goes with `like`: a node as it is, else a float or an array of its dtype.

    Raises TypeError and ValueError, which name its place, for another kind, dtype or shape.
    """
    shape, dtype = arrays.shape(like), getattr(like, "dtype", None)
    if dtype is None and not isinstance(given, Node):
        return numbers.number(given, place)
    if arrays.shape(given) != shape:
        raise ValueError(f"{place} must have the shape {shape}, got {arrays.shape(given)}")
    own = getattr(given, "dtype", None)
    if own is not None and own != dtype and own.kind == "f" and dtype is not None:
        raise TypeError(f"{place} must be of {dtype}, got {own}")
    return given if isinstance(given, Node) else array_of(given, place, dtype)


def name_of(f: Function) -> str:
    """What a function is called in messages."""
    return getattr(f, "__name__", repr(f))
