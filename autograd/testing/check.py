"""check_gradients: whether a gradient is right, and if it is not, which operation lies."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import modes
from autograd.names import unique_names
from autograd.node import topological_order
from autograd.nonfinite import expected
from autograd.op import Op
from autograd.testing.arguments import Arguments
from autograd.testing.checks import Check, checked
from autograd.testing.claims import Given, Recorded
from autograd.testing.culprits import search
from autograd.testing.judgement import FAILURES
from autograd.testing.report import Report

_HIGHEST_ORDER = 3


def check_gradients(f: Callable[..., Any], *inputs: Any, gradient: Any = None, order: int = 1) -> Report:
    """Whether the derivatives of `f` at `inputs` are right, up to the given order, 1, 2 or 3.

    `f` is a function of Values that gives a Value, or several; `inputs` are numbers, arrays of them, and lists, tuples
    and dicts of these. Each derivative that its graph gives is held against differences of the order below, whose error
    is estimated: the report has a verdict for each input, and names the operations whose rules are false.

    `gradient` checks one from elsewhere: a function of the same inputs, or what it gave for them. It has the structure
    of the input, and for several inputs is a list of such, or for several results of `f` the matrix of derivatives. `f`
    is then called with plain numbers, unless an input is a Value.

    Raises TypeError for an input or result that is no number, and ValueError for a gradient of another size. What `f`
    raises at the inputs themselves is raised; elsewhere it counts as not finite.

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
            remarks = _unsteady(given.results, arguments)
            return Report(name, arguments.inputs, tuple(checked(given.claim())), (), remarks, (), {})
        subject = Recorded(f, arguments, name)
        return _report(subject, order)


def _report(subject: Recorded, order: int) -> Report:
    checks = [check for each in range(1, order + 1) for check in checked(subject.claim(each))]
    failed = [check for check in checks if check.verdict in FAILURES]
    roots, culprits = search(subject, min((check.order for check in failed), default=0))
    nodes = topological_order(*roots)
    remarks = _unsteady(lambda point: subject.derivatives(0, point), subject.arguments)
    if not culprits and any(check.verdict == "wrong" for check in failed):
        remarks += _lost(subject.arguments, failed, {node.label for node in nodes if node.op is None})
    names = unique_names(nodes, roots)
    return Report(subject.name, subject.arguments.inputs, tuple(checks), culprits, remarks, tuple(roots), names)


def _unsteady(results: Callable[[Sequence[float]], Sequence[float]], arguments: Arguments) -> tuple[str, ...]:
    """That the function gives another result when it is called again, which no difference can see through."""
    first, second = results(arguments.numbers), results(arguments.numbers)
    if np.array_equal(first, second, equal_nan=True):
        return ()
    return ("The function gives another result when it is called again: make it depend on its inputs alone.",)


def _lost(arguments: Arguments, failed: Sequence[Check], reached: set[str | None]) -> tuple[str, ...]:
    """Where a gradient went missing, if all operations are right."""
    plain = "as a plain number, by .data, float(…) or a function of math"
    names = [arguments.names[check.column] for check in failed if check.count == 1]
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
    if order not in range(1, _HIGHEST_ORDER + 1) or isinstance(order, bool):
        raise ValueError(f"check_gradients: order must be 1, 2 or {_HIGHEST_ORDER}, got {order!r}")
    if gradient is not None and order != 1:
        hint = "check the gradient as a function of its own: check_gradients(h, x, gradient=…)"
        raise ValueError(f"check_gradients: the graph of a gradient from elsewhere is not known, so order is 1; {hint}")


def _name(f: Callable[..., Any]) -> str:
    name = f.name if isinstance(f, Op) else getattr(f, "__name__", "")
    return name if name.isidentifier() else "f"
