"""check_gradients: whether a gradient is right, and if it is not, which operation lies."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import modes
from autograd.names import unique_names
from autograd.nonfinite import expected
from autograd.op import Op
from autograd.order import topological_order
from autograd.testing.arguments import Arguments, Point
from autograd.testing.checks import Check, checked
from autograd.testing.claims import Given, Recorded
from autograd.testing.culprits import search
from autograd.testing.judgement import FAILURES
from autograd.testing.report import Report

_HIGHEST_ORDER = 3


def check_gradients(f: Callable[..., Any], *inputs: Any, gradient: Any = None, order: int = 1) -> Report:
    """Whether the derivatives of `f` at `inputs` are right, up to the given order, 1, 2 or 3.

    `inputs` are numbers, arrays of them, Tensors, and lists, tuples and dicts of these. `f` is handed a Tensor for each
    Tensor, of the same dtype, a Value for each number, and for an array one of Values; it gives a Value or a Tensor, or
    several. Each derivative that its graph gives is held against differences of the order below, whose error
    is estimated: the report has a verdict for each input, and names the operations whose rules are false.

    `gradient` checks one from elsewhere: a function of the same inputs, or what it gave for them. It has the structure
    of the input, and for several inputs is a list of such; for several results of `f` it is a list of that, as
    `autograd.jacobian` gives it, or as JAX does a tuple with an array for each input, the results first. `f` is then
    called with plain numbers, unless an input is a Value, and with Tensors where the inputs are.

    Raises TypeError for an input or result that is no number, and ValueError for a gradient of another size, or if `f`
    gives another result when it is called again. What `f` raises at the inputs themselves is raised; elsewhere it
    counts as not finite.

    >>> from autograd import tanh
    >>> report = check_gradients(lambda x, y: tanh(x) * y, 0.5, 2.0)
    >>> report.verdicts
    ['correct', 'correct']
    >>> check_gradients(lambda x: x**3, 2.0, gradient=lambda x: 3 * x).verdicts
    ['wrong']
    >>> check_gradients(abs, 0.0, order=2).ok
    True
    """
    _check_call(f, inputs, gradient, order)
    arguments = Arguments.of(f, inputs)
    name = _name(f)
    with modes.Switch(recording=True, detecting=False), expected(), np.errstate(all="ignore"):
        if gradient is not None:
            given = Given(f, gradient, arguments, name)
            _check_steady(name, given.results, arguments)
            checks = tuple(checked(given.claim())) if arguments.numbers else ()
            return Report(name, arguments.inputs, checks, (), (), (), {})
        subject = Recorded(f, arguments, name)
        return _report(subject, order)


def _report(subject: Recorded, order: int) -> Report:
    _check_steady(subject.name, lambda point: subject.derivatives(0, point), subject.arguments)
    orders = range(1, order + 1) if subject.arguments.numbers else ()
    checks = [check for each in orders for check in checked(subject.claim(each))]
    failed = [check for check in checks if check.verdict in FAILURES]
    roots, culprits = search(subject, min((check.order for check in failed), default=0))
    nodes = topological_order(*roots)
    remarks: tuple[str, ...] = ()
    if not culprits and any(check.verdict == "wrong" for check in failed):
        remarks = _lost(subject.arguments, failed, {node.label for node in nodes if node.op is None})
    names = unique_names(nodes, roots)
    return Report(subject.name, subject.arguments.inputs, tuple(checks), culprits, remarks, tuple(roots), names)


def _check_steady(name: str, results: Callable[[Point], Sequence[float]], arguments: Arguments) -> None:
    first, second = results(arguments.numbers), results(arguments.numbers)
    if not np.array_equal(first, second, equal_nan=True):
        hint = "make it depend on its inputs alone, for example by seeding its generator anew"
        raise ValueError(f"check_gradients: {name} gives {second} where it gave {first} for the same inputs; {hint}")


def _lost(arguments: Arguments, failed: Sequence[Check], reached: set[str | None]) -> tuple[str, ...]:
    """Where a gradient went missing, if all operations are right."""
    plain = "as a plain number, by .data, float(…) or a function of math, or under no_grad()"
    names = [arguments.handed_out_as(check.column) for check in failed if check.count == 1]
    lost = [name for name in dict.fromkeys(names) if name not in reached]
    if lost:
        return tuple(
            f"The result changes with {name}, but its graph does not reach {name}: is it used {plain}?" for name in lost
        )
    return (f"Every operation is right on the numbers that it was tried with: is one of them used {plain}, too?",)


def _check_call(f: object, inputs: Sequence[Any], gradient: Any, order: Any) -> None:
    if not callable(f):
        raise TypeError(f"check_gradients needs a function and its inputs, got {f!r:.60}; write lambda x: … around it")
    if not inputs:
        raise TypeError("check_gradients needs inputs at which to check, as in check_gradients(f, 2.0)")
    if not isinstance(order, int) or isinstance(order, bool) or not 1 <= order <= _HIGHEST_ORDER:
        raise ValueError(f"check_gradients: order must be 1, 2 or {_HIGHEST_ORDER}, got {order!r}")
    if gradient is not None and order != 1:
        hint = "check the gradient as a function of its own: check_gradients(h, x, gradient=…)"
        raise ValueError(f"check_gradients: the graph of a gradient from elsewhere is not known, so order is 1; {hint}")


def _name(f: Callable[..., Any]) -> str:
    name = f.name if isinstance(f, Op) else getattr(f, "__name__", "")
    return name if name.isidentifier() else "f"
