"""What a block of code can set: whether operations and lines are recorded, what non-finite results do, a scope's name.

It all lives in one context variable, so threads and async tasks do not see each other's; that is None outside of all
such blocks, and an operation in a hurry has to look at nothing else.
"""

from collections.abc import Callable, Generator
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import Any, TypeVar, cast

from autograd.lines import Line, line_of_caller

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
Place = tuple[Line | None, str | None]


@dataclass(frozen=True, slots=True, eq=False)
class Mode:
    """What holds in a block: `recording`, `detecting` of non-finite numbers, `lines`, `scope`, and the mode around it.

    It is `ordinary` if at most the scope differs from what holds without a mode; every new node then has this `place`.
    """

    recording: bool = True
    detecting: bool = False
    lines: bool = False
    scope: str | None = None
    outer: "Mode | None" = None
    ordinary: bool = field(init=False)
    place: Place | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ordinary", self.recording and not (self.detecting or self.lines))
        object.__setattr__(self, "place", None if self.scope is None else (None, self.scope))


_mode: ContextVar[Mode | None] = ContextVar("mode", default=None)
current = _mode.get
RESTING = Mode()


def is_detecting() -> bool:
    """Whether a non-finite number is to raise."""
    mode = current()
    return mode is not None and mode.detecting


def is_recording() -> bool:
    """Whether operations are recorded."""
    mode = current()
    return mode is None or mode.recording


def place() -> Place | None:
    """Where a new node is made: the user's line, if lines are recorded, and the scope; None if there is neither."""
    mode = current()
    if mode is None:
        return None
    return (line_of_caller(), mode.scope) if mode.lines else mode.place


class Switch:
    """A context in which switches are set; as a decorator, it sets them while the function runs.

    It may be entered again, also by another thread. A decorated generator has the switches set while it runs, and not
    while it waits; a `with` inside a generator would leave them set, in the caller, at each `yield`.
    """

    def __init__(self, **switches: Any) -> None:
        self._switches = switches
        self._latest: Mode | None = None  # most are entered again within the same mode

    def __enter__(self) -> None:
        outer, mode = current(), self._latest
        if mode is None or mode.outer is not outer:
            self._latest = mode = replace(outer or RESTING, outer=outer, **self._within(outer))
        _mode.set(mode)

    def __exit__(self, *exception: object) -> None:
        mode = current()
        _mode.set(mode and mode.outer)

    def _within(self, outer: Mode | None) -> dict[str, Any]:
        """What is set, where `outer` is the mode around."""
        return self._switches

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


class _Scope(Switch):
    """The switch that sets the scope, to which that of an inner one is joined."""

    def _within(self, outer: Mode | None) -> dict[str, Any]:
        name = self._switches["scope"]
        return {"scope": name if outer is None or outer.scope is None else f"{outer.scope}.{name}"}


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


def scope(name: str) -> Switch:
    """Within this context every new node carries the name of the part of a model that made it: its `scope`.

    The name of a scope within a scope follows after a dot. Outside of all scopes `node.scope` is None. To keep the
    object that this returns, and to enter that again, is cheap.

    Raises TypeError for what is no string, and ValueError for an empty one.

    >>> from autograd import Value, scope
    >>> with scope("layers.0"):
    ...     x = Value(3.0)
    ...     with scope("neurons.3"):
    ...         y = x * x
    >>> x.scope, y.scope, (x * y).scope
    ('layers.0', 'layers.0.neurons.3', None)
    """
    if not isinstance(name, str):
        raise TypeError(f"scope: the name is a string, got the {type(name).__name__} {name!r:.60}")
    if not name:
        raise ValueError("scope: the name is empty: give one, such as 'layers.0'")
    return _Scope(scope=name)
