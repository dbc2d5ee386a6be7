"""History: loss and metrics, epoch by epoch; it prints and plots itself."""

from collections.abc import Mapping
from typing import Any

from autograd.numerals import numeral

_FIRST, _LAST = 3, 7  # epochs that are printed of a long history


class History(dict[str, list[float]]):
    """What training measured: `history["val_loss"]` is a list with a number for each epoch.

    It is a dict, so `json.dumps` and pandas' `DataFrame` take it.

    The names are Keras': `loss` and the metrics, `val_` before those of the validation data, and `lr`, the learning
    rate of the epoch. `epochs` is how many there are, `seconds` how long they took.

    >>> history = History({"loss": [0.5, 0.25], "val_loss": [0.6, 0.4]})
    >>> history["loss"], history.epochs
    ([0.5, 0.25], 2)
    >>> history
    epoch  loss  val_loss
        1   0.5       0.6
        2  0.25       0.4
    """

    def __init__(self, columns: Mapping[str, list[float]] | None = None, seconds: float = 0.0) -> None:
        super().__init__({name: [float(x) for x in column] for name, column in (columns or {}).items()})
        self.seconds = seconds

    def append(self, measured: Mapping[str, float], seconds: float = 0.0) -> None:
        """Add an epoch."""
        for name, number in measured.items():
            self.setdefault(name, []).append(float(number))
        self.seconds += seconds

    @property
    def epochs(self) -> int:
        """How many epochs there are."""
        return len(next(iter(self.values()), ()))

    def to_dict(self) -> dict[str, list[float]]:
        """The numbers by name, as lists of their own."""
        return {name: list(column) for name, column in self.items()}

    def plot(self, *, log: bool = False) -> Any:
        """The curves, as a `viz.charts.Chart`, which shows and saves itself; `log=True` for a logarithmic axis."""
        from viz import charts

        return charts.curves(self.to_dict(), log=log)

    def __missing__(self, name: str) -> Any:
        raise KeyError(f"{name!r}: the history has {', '.join(self) or 'no epochs yet'}")

    def __repr__(self) -> str:
        rows = [
            ["epoch", *self],
            *([str(i + 1), *(numeral(self[name][i]) for name in self)] for i in range(self.epochs)),
        ]
        if self.epochs > _FIRST + _LAST + 1:
            rows[1 + _FIRST : -_LAST] = [["…"] * len(rows[0])]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join("  ".join(map(str.rjust, row, widths)) for row in rows)

    def _repr_png_(self) -> Any:
        return self.plot()._repr_png_() if self.epochs else None
