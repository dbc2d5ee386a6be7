"""Reporting results that are infinite or nan: a warning at the caller's line, or an error that names the operation."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from autograd import modes
from autograd.errors import NonFiniteError, NonFiniteWarning
from autograd.lines import frames_to_caller
from autograd.node import Node
from autograd.op import Op

_expected: ContextVar[bool] = ContextVar("expected", default=False)


@contextmanager
def expected() -> Iterator[None]:
    """Within this context non-finite results are what is looked for, and not reported."""
    token = _expected.set(True)
    try:
        yield
    finally:
        _expected.reset(token)


def report_non_finite(op: Op, operands: tuple[Any, ...], floats: list[float], out: float) -> None:
    """Warn, as NumPy does, of a non-finite result of finite operands; under `detect_anomaly` raise at any."""
    raising = modes.is_detecting()
    if _expected.get() or (not raising and not all(x - x == 0.0 for x in floats)):
        return
    given = list(zip(operands, floats, strict=True))[:3]
    names = [x.label if isinstance(x, Node) and x.label else f"{number:g}" for x, number in given]
    shown = [f"{name} = {x!r}" for name, (_, x) in zip(names, given, strict=True) if name != f"{x:g}"]
    at = ", ".join(dict.fromkeys(shown))
    more = ", …" if len(operands) > 3 else ""
    message = f"{op.name}({', '.join(names)}{more}) is {out}" + (f" at {at}" if at else "")
    if raising:
        raise NonFiniteError(f"{message}: look at where that operand came from")
    warnings.warn(message, NonFiniteWarning, stacklevel=1 + frames_to_caller())


def report_non_finite_array(op: Op, operands: Sequence[Any], given: Sequence[Any], out: Any) -> None:
    """The same for an array: it says how many elements are not finite and where the first of them is."""
    raising = modes.is_detecting()
    finite = np.isfinite(out)
    if _expected.get() or finite.all() or (not raising and not all(np.isfinite(x).all() for x in given)):
        return
    names = [x.label if isinstance(x, Node) and x.label else f"{np.shape(x)}" for x in operands][:3]
    first = tuple(map(int, np.argwhere(~finite)[0]))
    count = int(out.size - finite.sum())
    message = f"{op.name}({', '.join(names)}) is {out[first]} at {list(first)}"
    message += f", and not finite in {count:,} of {out.size:,} elements" if out.size > 1 else ""
    if all(isinstance(x, float) or np.shape(x) == out.shape for x in given):
        at = (f"{name} = {x[first] if np.ndim(x) else x}" for name, x in zip(names, given, strict=False))
        message += f"; there {', '.join(at)}"
    if raising:
        raise NonFiniteError(f"{message}: look at where that operand came from")
    warnings.warn(message, NonFiniteWarning, stacklevel=1 + frames_to_caller())
