"""The switches that a block of code can set: whether operations are recorded, and whether non-finite results raise.

They live in one context variable, so threads and async tasks do not see each other's; it is None while all are at rest,
which is all that an operation in a hurry has to look at.
"""

from collections.abc import Iterator
from contextlib import _GeneratorContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Mode:
    """What differs from the ordinary: `recording` is off, or `detecting` of non-finite numbers is on."""

    recording: bool = True
    detecting: bool = False


_mode: ContextVar[Mode | None] = ContextVar("mode", default=None)
current = _mode.get
RESTING = Mode()
Switch = _GeneratorContextManager[None]


def is_detecting() -> bool:
    """Whether a non-finite number is to raise."""
    mode = current()
    return mode is not None and mode.detecting


@contextmanager
def _set(**switches: bool) -> Iterator[None]:
    mode = replace(current() or RESTING, **switches)
    token = _mode.set(None if mode == RESTING else mode)
    try:
        yield
    finally:
        _mode.reset(token)


def no_grad() -> Switch:
    """Within this context, or in a function decorated with it, operations give plain results that remember nothing.

    >>> from autograd import Value, no_grad
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.parents
    ()
    """
    return _set(recording=False)


def enable_grad() -> Switch:
    """Within this context operations are recorded again, even inside `no_grad`."""
    return _set(recording=True)


def detect_anomaly() -> Switch:
    """Within this context the first infinite or nan result or gradient raises a NonFiniteError that names its node.

    >>> from autograd import Value, detect_anomaly, log
    >>> with detect_anomaly():
    ...     log(Value(0.0, "x"))
    Traceback (most recent call last):
    autograd.errors.NonFiniteError: log(x) is -inf at x = 0.0: look at where that operand came from
    """
    return _set(detecting=True)
