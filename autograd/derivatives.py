"""Derivatives of functions: grad, value_and_grad, jacobian and hessian, nested to any order."""

import operator
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any

from autograd import higher, modes, numbers, ops, reverse
from autograd.node import Node, topological_order
from autograd.structure import flatten, mapped, rebuilt
from autograd.value import Value

Function = Callable[..., Any]
Argnums = int | Sequence[int]

# The variables of the calls that are under way around this one: a result that depends on one of them has to stay
# differentiable, because the enclosing call will differentiate it.
_enclosing: ContextVar[frozenset[Node]] = ContextVar("_enclosing", default=frozenset())


def grad(f: Function, argnums: Argnums = 0) -> Function:
    """The function that computes the gradient of `f`, whose result is one number, in its argument `argnums`.

    The argument may be a number or nested lists, tuples and dicts of numbers; the gradient has the same structure. With
    a sequence of `argnums` it is a tuple of gradients. Given floats it gives floats; given Values, or called inside a
    function that is being differentiated, it gives Values, so that it can be nested to any order.

    Raises TypeError if `f` does not give a single number.

    >>> grad(lambda x: x**3)(2.0), grad(grad(grad(lambda x: x**3)))(2.0)
    (12.0, 6.0)
    >>> grad(lambda w, x: w[0] * x + w[1])([2.0, 1.0], 3.0)
    [3.0, 1.0]
    """
    both = value_and_grad(f, argnums)

    @wraps(f)
    def gradient_of_f(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return gradient_of_f


def value_and_grad(f: Function, argnums: Argnums = 0) -> Function:
    """The function that computes `f` and its gradient, as `grad` does, in one run.

    >>> value_and_grad(lambda x, y: x * y, argnums=(0, 1))(2.0, 3.0)
    (6.0, (3.0, 2.0))
    """

    @wraps(f)
    def value_and_gradient_of_f(*args: Any, **kwargs: Any) -> Any:
        run = _run(f, args, kwargs, argnums)
        if isinstance(run.output, (list, tuple, dict)):
            raise TypeError(
                f"grad: {_name(f)} must give one number, got the {type(run.output).__name__} {run.output!r}; "
                "for several numbers use jacobian"
            )
        output = run.checked(run.output)
        return run.plain(output), run.gradient(output)

    return value_and_gradient_of_f


def jacobian(f: Function, argnums: Argnums = 0) -> Function:
    """The function that computes the derivatives of all numbers that `f` gives: its result, with a gradient for each.

    >>> jacobian(lambda x: [x[0] * x[1], x[0] + x[1]])([2.0, 3.0])
    [[3.0, 2.0], [1.0, 1.0]]
    """

    @wraps(f)
    def jacobian_of_f(*args: Any, **kwargs: Any) -> Any:
        run = _run(f, args, kwargs, argnums)
        return mapped(run.gradient, mapped(run.checked, run.output))

    return jacobian_of_f


def hessian(f: Function, argnums: Argnums = 0) -> Function:
    """The function that computes the second derivatives of `f`: the jacobian of its gradient.

    >>> hessian(lambda x: x[0] ** 2 * x[1])([2.0, 3.0])
    [[6.0, 4.0], [4.0, 0.0]]
    """
    return jacobian(grad(f, argnums), argnums)


@dataclass(frozen=True)
class _Run:
    """A function's output, and the variables it was run with in place of its arguments."""

    f: Function
    output: Any
    variables: Any
    enclosing: frozenset[Node]
    given_values: bool

    def checked(self, output: Any) -> Any:
        """A number of the output: a Value, or a float for what does not depend on the variables."""
        if isinstance(output, Value):
            return output
        constant = numbers.number(output, f"the result of {_name(self.f)}")
        return Value(constant) if self.given_values else constant

    def gradient(self, output: Any) -> Any:
        """d output / d variables, in their structure."""
        variables = flatten(self.variables)
        if not isinstance(output, Value):
            return rebuilt(self.variables, [0.0] * len(variables))
        if self._is_differentiated_further(output):
            return rebuilt(self.variables, higher.gradient(output, variables))
        grads = reverse.sweep(output)
        return rebuilt(self.variables, [grads.get(variable, 0.0) for variable in variables])

    def plain(self, output: Any) -> Any:
        """The output as a float, unless it is to be differentiated further."""
        if isinstance(output, Value):
            return output if self._is_differentiated_further(output) else output.data
        return float(output)

    def _is_differentiated_further(self, output: Value) -> bool:
        if self.given_values:
            return True
        return bool(self.enclosing) and not self.enclosing.isdisjoint(topological_order(output))


def _run(f: Function, args: tuple[Any, ...], kwargs: dict[str, Any], argnums: Argnums) -> _Run:
    """Run `f` with a fresh variable in place of each number of the chosen arguments."""
    several, chosen = _chosen(argnums)
    for i in chosen:
        if not -len(args) <= i < len(args):
            raise TypeError(f"grad: {_name(f)} is to be differentiated in argument {i}, got {len(args)} by position")
    enclosing = _enclosing.get()
    with modes.enable_grad():
        given = {i % len(args): mapped(_variable, args[i]) for i in chosen}
        with _differentiating(flatten(list(given.values()))):
            # A copy of the structure: a function may change the lists that it is given.
            output = f(*[mapped(_itself, given[i]) if i in given else x for i, x in enumerate(args)], **kwargs)
    variables = tuple(given[i % len(args)] for i in chosen)
    given_values = any(isinstance(x, Value) for i in chosen for x in flatten(args[i]))
    return _Run(f, output, variables if several else variables[0], enclosing, given_values)


def _chosen(argnums: Argnums) -> tuple[bool, Sequence[int]]:
    """Whether several arguments are asked for, and their positions."""
    several = isinstance(argnums, Sequence)
    positions = argnums if isinstance(argnums, Sequence) else [argnums]
    if not all(hasattr(i, "__index__") and not isinstance(i, bool) for i in positions):
        raise TypeError(f"grad: argnums must be the position of an argument or a list of positions, got {argnums!r}")
    return several, [operator.index(i) for i in positions]


def _variable(x: Any) -> Value:
    """A node of its own for an argument: the function may use the argument by another way too, as a constant."""
    return ops.identity(x) if isinstance(x, Value) else Value(x)


def _itself(x: Any) -> Any:
    return x


@contextmanager
def _differentiating(variables: Sequence[Node]) -> Iterator[None]:
    token = _enclosing.set(_enclosing.get() | frozenset(variables))
    try:
        yield
    finally:
        _enclosing.reset(token)


def _name(f: Function) -> str:
    return getattr(f, "__name__", repr(f))
