"""curves: loss and metrics over the epochs of training."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd.labels import display
from autograd.numerals import count, numeral
from viz import theme
from viz.charts import paper
from viz.charts.chart import Chart
from viz.charts.numbers import Array, named, peaks, vector

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

VALIDATION = "val_"
DASHES: dict[str, Any] = {"": "-", VALIDATION: (0, (4, 2))}
MOST_PANELS, MOST_RUNS = 12, len(paper.HUES)

Run = Mapping[str, Array]


class _Steps(NamedTuple):
    """What runs along the bottom: so many epochs, or whatever they are called, and the number of the first."""

    unit: str
    first: int
    length: int


def curves(
    history: Mapping[str, Any], *, log: bool = False, title: str = "", unit: str = "epoch", first: int = 1
) -> Chart:
    """Loss and metrics over epochs, a panel for each quantity, with training and validation in it.

    `history` maps names to a number for each epoch; "val_loss" is drawn dashed beside "loss". To compare runs, map
    their names to such histories: `{"Adam": {"loss": …}, "SGD": {"loss": …}}`. `log=True` makes the axes logarithmic.
    A learning rate "lr" that does not change is left out beside others. For what is not measured by the epoch, `unit`
    is its name, such as "iteration", and `first` the number of the first one.

    A number that is not finite, or has no logarithm, leaves a gap, which is marked on the axis and counted.

    Raises TypeError for what is not such a mapping of numbers, ValueError for an empty one and for curves of one run
    that differ in length.

    >>> import viz
    >>> chart = viz.charts.curves({"Adam": {"loss": [0.9, 0.2]}, "SGD": {"loss": [0.9, 0.7, 0.6]}})
    >>> [line.get_ydata().tolist() for line in chart.figure.axes[0].lines]
    [[0.9, 0.2], [0.9, 0.7, 0.6]]
    """
    runs = _runs(history, unit)
    names = dict.fromkeys(name.removeprefix(VALIDATION) for run in runs.values() for name in run)
    quantities = [name for name in names if name != "lr" or _changes(runs, name)] or list(names)
    shown, drawn = quantities[:MOST_PANELS], dict(list(runs.items())[:MOST_RUNS])
    steps = _Steps(unit, first, max(len(values) for run in drawn.values() for values in run.values()))
    with paper.style():
        size = (5.6, 3.6) if len(shown) == 1 else (4.0, 2.9)
        figure, axes = paper.panels(len(shown), paper.columns_of(len(shown), 3), *size)
        for panel, quantity in zip(axes, shown, strict=True):
            _panel(panel, quantity, list(drawn.values()), steps, log)
        notes = []
        if len(quantities) > len(shown):
            notes.append(f"{len(shown)} of {len(quantities)} quantities are shown.")
        if len(runs) > len(drawn):
            notes.append(f"{len(drawn)} of {len(runs)} runs are shown.")
        paper.surround(figure, title, notes, _key(drawn))
    return Chart(figure, f"{_listed(quantities)} over {count(steps.length, unit)}")


def _runs(history: object, unit: str) -> dict[str, Run]:
    """The histories by the names of their runs; that of a single one is empty."""
    entries = named(
        history, f"curves: a history maps names to a number for each {unit}, such as {{'loss': [0.9, 0.5]}}"
    )
    nested = [isinstance(entry, Mapping) for entry in entries.values()]
    if any(nested) and not all(nested):
        raise TypeError("curves: give either one history or several by name, not both in one mapping")
    return {name: _run(name, run, unit) for name, run in (entries.items() if all(nested) else [("", entries)])}


def _run(name: str, run: object, unit: str) -> Run:
    where = f"curves: {name}: " if name else "curves: "
    entries = named(run, f"{where}a history maps names to a number for each {unit}")
    read = {quantity: vector(values, f"{where}{quantity!r:.60}") for quantity, values in entries.items()}
    (first, values), *others = read.items()
    for quantity, other in others:
        if len(other) != len(values):
            raise ValueError(
                f"{where}{quantity!r:.60} has {count(len(other), unit)}, {first!r:.60} has {len(values):,}: "
                f"give a number for each {unit}, nan where there is none"
            )
    return read


def _changes(runs: Mapping[str, Run], name: str) -> bool:
    return any((run[name] != run[name][0]).any() for run in runs.values() if name in run)


def _panel(axes: "Axes", quantity: str, runs: Sequence[Run], steps: _Steps, log: bool) -> None:
    from matplotlib.ticker import MaxNLocator

    gaps: dict[str, list[int]] = {}
    width = 1.7 if steps.length <= 200 else 1.0
    for run, hue in zip(runs, paper.HUES, strict=False):
        for prefix, dashes in DASHES.items():
            if prefix + quantity in run:
                values = run[prefix + quantity]
                _curve(axes, values, steps.first, log, gaps, color=hue, linestyle=dashes, linewidth=width)
    if log:
        _scale_logarithmically(axes)
    room = min(0.02 * (steps.length - 1), 0.9) or 0.5  # less than 1: there is none before the first
    axes.set(xlabel=paper.plain(steps.unit, 150), xlim=(steps.first - room, steps.first + steps.length - 1 + room))
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True, min_n_ticks=1))
    axes.set_title(paper.plain(quantity, 150, paper.SIZE + 2))
    if gaps:
        at = sorted({step for each in gaps.values() for step in each})
        axes.plot(at, [0.0] * len(at), "x", color=theme.WRONG, clip_on=False, transform=axes.get_xaxis_transform())
        axes.set_title(
            _said(gaps, steps.unit), loc="right", fontsize=paper.NOTE_SIZE, fontweight="normal", color=theme.KEY_INK
        )


def _scale_logarithmically(axes: "Axes") -> None:
    from matplotlib.ticker import LogFormatter

    class Plain(LogFormatter):
        """0.05 in place of 5×10⁻², where there is room for a label."""

        def __call__(self, x: float, pos: int | None = None) -> str:
            return numeral(x) if super().__call__(x, pos) else ""

    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(Plain())
    axes.yaxis.set_minor_formatter(Plain())


def _curve(axes: "Axes", values: Array, first: int, log: bool, gaps: dict[str, list[int]], **looks: Any) -> None:
    """Draw one line, and enter the steps at which it has none under what is wrong there."""
    wrong = {"nan": np.isnan(values), "inf": np.isinf(values), "≤ 0": np.isfinite(values) & (values <= 0) & log}
    for what, where in wrong.items():
        if where.any():
            gaps.setdefault(what, []).extend((np.flatnonzero(where) + first).tolist())
    drawn = ~np.any(list(wrong.values()), axis=0)
    values = np.where(drawn, values, np.nan)
    kept = peaks(values)
    axes.plot(kept + first, values[kept], **looks)
    beside = np.pad(drawn, 1)
    alone = drawn & ~beside[:-2] & ~beside[2:]  # a line needs two points
    if alone.any():
        axes.plot(np.flatnonzero(alone) + first, values[alone], "o", markersize=5, color=looks["color"])


def _key(runs: Mapping[str, Run]) -> "list[tuple[Artist, str]]":
    from matplotlib.lines import Line2D

    several = len(runs) > 1
    entries = [(name, hue, "") for name, hue in zip(runs, paper.HUES, strict=False)] if several else []
    if any(name.startswith(VALIDATION) for run in runs.values() for name in run):
        hue = theme.OUTLINE if several else paper.HUES[0]
        entries += [("training", hue, ""), ("validation", hue, VALIDATION)]
    return [(Line2D([], [], color=hue, linestyle=DASHES[prefix]), name) for name, hue, prefix in entries]


def _said(gaps: Mapping[str, Sequence[int]], unit: str) -> str:
    """What the marks mean: × nan in epoch 3."""
    return ", ".join(
        f"× {what} in {unit} {at[0]}" if len(at) == 1 else f"× {what} in {count(len(at), unit)} from {min(at):,}"
        for what, at in gaps.items()
    )


def _listed(names: Sequence[str]) -> str:
    names = [display(name) for name in names]
    if len(names) > 4:
        return f"{len(names)} quantities"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
