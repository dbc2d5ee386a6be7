"""What a lesson asks of others, written down: of `nn.fit` while it runs on few rows, and of any other function."""

from dataclasses import dataclass
from typing import Any

import pytest

import nn


@dataclass(frozen=True)
class Fit:
    """One training: its model, all of its data, its settings, and what was measured."""

    model: nn.Sequential
    x: Any
    settings: dict[str, Any]
    history: nn.History


def fits_of(monkeypatch: pytest.MonkeyPatch, rows: int) -> list[Fit]:
    """The trainings from here on, each on so many rows of its data."""
    found: list[Fit] = []
    fit = nn.fit

    def on_few_rows(model: nn.Sequential, data: Any, *others: Any, **settings: Any) -> nn.History:
        x, y = data
        short = dict(settings)
        if "validation" in settings:
            short["validation"] = tuple(part[:rows] for part in settings["validation"])
        history = fit(model, (x[:rows], y[:rows]), *others, **short)
        found.append(Fit(model, x, settings, history))
        return history

    monkeypatch.setattr(nn, "fit", on_few_rows)
    return found


@dataclass(frozen=True)
class Call:
    """What a function was given, and what it gave."""

    given: tuple[Any, ...]
    settings: dict[str, Any]
    result: Any


def calls_of(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> list[Call]:
    """The calls of a function from here on."""
    found: list[Call] = []
    function = getattr(owner, name)

    def noted(*given: Any, **settings: Any) -> Any:
        result = function(*given, **settings)
        found.append(Call(given, settings, result))
        return result

    monkeypatch.setattr(owner, name, noted)
    return found
