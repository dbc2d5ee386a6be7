"""Hooks: functions that a module calls before or after it runs, until they are taken away."""

from collections.abc import Callable
from typing import Any

Hooks = dict["Handle", Callable[..., Any]]


class Handle:
    """What a hook is taken away by."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks

    def remove(self) -> None:
        """Call the hook no more."""
        self._hooks.pop(self, None)


def registered(hooks: Hooks, hook: Callable[..., Any]) -> Handle:
    """Add a hook, and give what it is taken away by."""
    handle = Handle(hooks)
    hooks[handle] = hook
    return handle
