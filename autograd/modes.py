"""The switches that a block of code can set: whether operations and lines are recorded, what non-finite results do.

They live in one context variable, so threads and async tasks do not see each other's; it is None while all are at rest,
which is all that an operation in a hurry has to look at.
"""

from collections.abc import Callable, Generator
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import Any, TypeVar, cast

from autograd.lines import Line, line_of_caller

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Mode:
    """What differs from the ordinary: `recording` is off, `detecting` of non-finite numbers or `lines` are on."""

    recording: bool = True
    detecting: bool = False
    lines: bool = False


_mode: ContextVar[Mode | None] = ContextVar("mode", default=None)
current = _mode.get
RESTING = Mode()
_outer_modes: ContextVar[tuple[Mode | None, ...]] = ContextVar("outer_modes", default=())


def is_detecting() -> bool:
    """Whether a non-finite number is to raise."""
    mode = current()
    return mode is not None and mode.detecting


def is_recording() -> bool:
    """Whether operations are recorded."""
    mode = current()
    return mode is None or mode.recording


def line_if_recorded() -> Line | None:
    """The user's line that is running, if lines are recorded."""
    mode = current()
    return line_of_caller() if mode is not None and mode.lines else None


class Switch:
    """A context in which switches are set; as a decorator, it sets them while the function runs.

    It may be entered again, also by another thread. A decorated generator has the switches set while it runs, and not
    while it waits; a `with` inside a generator would leave them set, in the caller, at each `yield`.
    """

    def __init__(self, **switches: bool) -> None:
        self._switches = switches

    def __enter__(self) -> None:
        before = current()
        mode = replace(before or RESTING, **self._switches)
        _outer_modes.set((*_outer_modes.get(), before))
        _mode.set(None if mode == RESTING else mode)

    def __exit__(self, *exception: object) -> None:
        *outer, before = _outer_modes.get()
        _outer_modes.set(tuple(outer))
        _mode.set(before)

    def __call__(self, function: Decorated) -> Decorated:
        """The function, decorated: the switches are set while it runs."""
        if isasyncgenfunction(function):
            raise TypeError(f"{function.__name__} is an asynchronous generator: set the switch inside, between yields")
        decorate = self._as_function
        if isgeneratorfunction(function):
            decorate = self._as_generator
        elif iscoroutinefunction(function):
            decorate = self._as_coroutine
        return cast(Decorated, wraps(function)(decorate(function)))

    def _as_function(self, function: Callable[..., Any]) -> Any:
        def switched(*args: Any, **kwargs: Any) -> Any:
            with self:
                return function(*args, **kwargs)

        return switched

    def _as_coroutine(self, function: Callable[..., Any]) -> Any:
        async def switched(*args: Any, **kwargs: Any) -> Any:
            with self:
                return await function(*args, **kwargs)

        return switched

    def _as_generator(self, function: Callable[..., Any]) -> Any:
        def switched(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
            generator = function(*args, **kwargs)
            resume, sent = generator.send, None
            try:
                while True:
                    with self:
                        item = resume(sent)
                    try:
                        resume, sent = generator.send, (yield item)
                    except GeneratorExit:
                        raise
                    except BaseException as error:
                        resume, sent = generator.throw, error
            except StopIteration as end:
                return end.value
            finally:
                with self:
                    generator.close()

        return switched


def no_grad() -> Switch:
    """Within this context, or in a function decorated with it, operations give plain results that remember nothing.

    >>> from autograd import Value, no_grad
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.parents
    ()
    """
    return Switch(recording=False)


def enable_grad() -> Switch:
    """Within this context operations are recorded again, even inside `no_grad`."""
    return Switch(recording=True)


def detect_anomaly() -> Switch:
    """Within this context the first infinite or nan result or gradient raises a NonFiniteError that names its node.

    >>> from autograd import Value, detect_anomaly, log
    >>> with detect_anomaly():
    ...     log(Value(0.0, "x"))
    Traceback (most recent call last):
    autograd.errors.NonFiniteError: log(x) is -inf at x = 0.0: look at where that operand came from
    """
    return Switch(detecting=True)


def record_lines() -> Switch:
    """Within this context every new node knows the line of the program that made it: its `line`.

    >>> from autograd import Value, record_lines
    >>> with record_lines():
    ...     x = Value(3.0)
    >>> x.line is not None, (x * x).line is None
    (True, True)
    """
    return Switch(lines=True)
