"""What a lesson asks of `nn.fit`, written down while it runs on few rows."""

from dataclasses import dataclass
from typing import Any

import pytest

import nn


@dataclass(frozen=True)
class Fit:
    """One training: its model, its settings, and what was measured."""

    model: nn.Sequential
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
        found.append(Fit(model, settings, history))
        return history

    monkeypatch.setattr(nn, "fit", on_few_rows)
    return found
