"""Derivatives of functions: grad, value_and_grad, jacobian, hessian, vjp and hvp, nested to any order."""

from collections.abc import Iterator, Sequence
from functools import wraps
from math import prod
from typing import Any

import numpy as np

from autograd import arrays, ops
from autograd.forward import jvp
from autograd.node import Node
from autograd.runs import Argnums, Function, Run, direction, name_of, run, zero_like
from autograd.structure import flatten, mapped, paired, rebuilt
from autograd.tensor import Tensor
from autograd.value import Value


def grad(f: Function, argnums: Argnums = 0) -> Function:
    """The function that computes the gradient of `f`, whose result is one number, in its argument `argnums`.

    The argument may be a number, an array, or nested lists, tuples and dicts of them; the gradient has the same
    structure, and each array of it the shape and dtype of its own. With a sequence of `argnums` it is a tuple of
    gradients. Given floats and arrays it gives floats and arrays; given Values and Tensors, or called inside a
    function that is being differentiated, it gives Values and Tensors, so that it can be nested to any order.

    Raises TypeError if `f` does not give a single number.

    >>> grad(lambda x: x**3)(2.0), grad(grad(grad(lambda x: x**3)))(2.0)
    (12.0, 6.0)
    >>> grad(lambda w, x: w[0] * x + w[1])([2.0, 1.0], 3.0)
    [3.0, 1.0]
    >>> grad(lambda model: (model["w"] ** 2).sum() * model["b"])({"w": np.array([1.0, 2.0]), "b": 3.0})
    {'w': array([ 6., 12.]), 'b': 5.0}
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
        ran = run(f, args, kwargs, argnums)
        output = ran.output
        if isinstance(output, (list, tuple, dict)) or prod(arrays.shape(output)) != 1:
            got = f"the {type(output).__name__} {output!r}"
            if hasattr(output, "shape"):
                got = f"an array of shape {output.shape}: take its .sum() or .mean()"
            raise TypeError(f"grad: {name_of(f)} must give one number, got {got}; for several numbers use jacobian")
        value = ran.plain(output)
        gradient = ran.passed_back({output: output.seeded()} if isinstance(output, Node) else {})
        return value if isinstance(value, Node) else np.asarray(value).item(), rebuilt(ran.variables, gradient)

    return value_and_gradient_of_f


def jacobian(f: Function, argnums: Argnums = 0) -> Function:
    """The function that computes the derivatives of all numbers that `f` gives: its result, with a gradient for each.

    For a result of shape s, the derivative in an argument of shape t is an array of shape s + t.

    >>> jacobian(lambda x: [x[0] * x[1], x[0] + x[1]])([2.0, 3.0])
    [[3.0, 2.0], [1.0, 1.0]]
    >>> jacobian(lambda x: x**2)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """

    @wraps(f)
    def jacobian_of_f(*args: Any, **kwargs: Any) -> Any:
        ran = run(f, args, kwargs, argnums)
        return mapped(lambda output: rebuilt(ran.variables, _derivatives(ran, output)), ran.output)

    return jacobian_of_f


def hessian(f: Function, argnums: Argnums = 0) -> Function:
    """The function that computes the second derivatives of `f`: the jacobian of its gradient.

    >>> hessian(lambda x: x[0] ** 2 * x[1])([2.0, 3.0])
    [[6.0, 4.0], [4.0, 0.0]]
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([2.0, 3.0]))
    array([[6., 4.],
           [4., 0.]])
    """
    return jacobian(grad(f, argnums), argnums)


def vjp(f: Function, *args: Any) -> tuple[Any, Function]:
    """What `f` gives for the arguments, and the function that brings a cotangent of it back to them.

    That function takes what has the structure, shapes and dtypes of the result, and gives a tuple: for each argument
    the sum of all numbers of the result, each times its cotangent, differentiated in it. Each call is one sweep.

    Its errors for a cotangent that does not fit name the place in the result.

    >>> value, pull_back = vjp(lambda x, y: [x * y, x + y], 2.0, 3.0)
    >>> value, pull_back([1.0, 0.0]), pull_back([0.0, 1.0])
    ([6.0, 5.0], (3.0, 2.0), (1.0, 1.0))
    """
    ran = run(f, args, {}, range(len(args)))

    def pull_back(cotangent: Any) -> Any:
        seeds: dict[Node, Any] = {}
        for place, output, given in paired(ran.output, cotangent, "the cotangent"):
            seed = direction(output, given, place)
            if isinstance(output, Node):
                seeds[output] = seeds[output] + seed if output in seeds else seed
        return rebuilt(ran.variables, ran.passed_back(seeds))

    return mapped(ran.plain, ran.output), pull_back


def hvp(f: Function, args: Sequence[Any], vectors: Sequence[Any]) -> Any:
    """The hessian of `f`, whose result is one number, times `vectors`: a tuple with the structure of the arguments.

    The gradient is computed once and differentiated forward along `vectors`, so that it takes a small multiple of the
    time of `f`, however many numbers there are. `vectors` are as the tangents of `jvp`, and so are the errors.

    >>> hvp(lambda x: x[0] ** 2 * x[1], [[2.0, 3.0]], [[1.0, 0.0]])
    ([6.0, 4.0],)
    """
    return jvp(grad(f, range(len(args))), args, vectors)[1]


def _derivatives(ran: Run, output: Any) -> list[Any]:
    """d output / d variable for each number and array of the variables."""
    variables, shape = flatten(ran.variables), arrays.shape(output)
    if isinstance(output, Node):
        rows = [ran.passed_back({output: unit}) for unit in _units(output)]
    else:
        rows = [list(map(zero_like, variables)) for _ in range(prod(shape))]
    if shape == ():
        return rows[0]
    further = ran.is_differentiated_further(output)
    return [_stacked([row[i] for row in rows], shape + arrays.shape(x), further) for i, x in enumerate(variables)]


def _units(output: Node) -> Iterator[Any]:
    """What backpropagation starts from at each element of a result alone."""
    if isinstance(output, Value):
        yield 1.0
    else:
        for i in range(output.data.size):
            unit = np.zeros_like(output.data, subok=False)
            unit.flat[i] = 1.0
            yield unit


def _stacked(rows: list[Any], shape: arrays.Shape, further: bool) -> Any:
    """The gradients of a result's elements as one array, or as one Tensor."""
    if further:
        return ops.reshape(ops.stack(rows), shape) if rows else Tensor(np.zeros(shape))
    return np.reshape(rows, shape)
