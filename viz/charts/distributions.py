"""histograms: how the numbers of each layer are distributed."""

import math
import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from autograd.numerals import count, spread
from viz import theme
from viz.charts import paper
from viz.charts.chart import Chart
from viz.charts.numbers import Array, evenly, named, numbers, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_PANELS = 24
BARS = 40
COMPARABLE = 10  # scales this many times apart are still readable on one axis
_LARGEST = 1e300  # beyond, the width of a bar overflows


def histograms(arrays: Mapping[str, object], *, xlabel: str = "", title: str = "") -> Chart:
    """The distribution of activations, gradients or weights, a panel for each named array of any shape.

    Under each name are the mean and standard deviation, how many numbers are exactly 0, as those of a unit that relu
    has switched off, and how many are not finite; neither kind is in the bars. Positive numbers are blue, negative
    ones orange. The panels share their axis across where the spreads are comparable, within a factor of 10.

    Raises TypeError for what is not a mapping of real numbers, ValueError for an empty one or an empty array.

    >>> import viz
    >>> chart = viz.charts.histograms({"layers.0": [[-1.0, 0.0], [2.0, 3.0]]})
    >>> chart.figure.axes[0].get_title(loc="left")
    'layers.0'
    """
    entries = named(arrays, "histograms: the arrays are a mapping of names, such as {'layers.0': array}")
    read = [(name, numbers(array, f"histograms: {name!r:.60}").ravel()) for name, array in entries.items()]
    shown = [read[i] for i in evenly(len(read), MOST_PANELS)]
    ranges = [_range(array) for _, array in shown]
    shared = _shared(ranges)
    columns = paper.columns_of(len(shown), 4)
    with paper.style():
        figure, axes = paper.panels(len(shown), columns, *((5.2, 3.4) if len(shown) == 1 else (3.1, 2.2)))
        for panel, (name, array), span in zip(axes, shown, ranges, strict=True):
            _panel(panel, name, array, span)
            if shared:
                panel.update_datalim([(shared[0], 0), (shared[1], 0)])
        for panel in axes[-columns:]:  # those with none below
            panel.set_xlabel(paper.plain(xlabel))
        notes = []
        if len(shown) > 1:
            notes.append("All panels have the same axis across." if shared else "Each panel has an axis of its own.")
        if len(shown) < len(read):
            notes.append(f"{len(shown)} of {len(read)} arrays are shown, evenly chosen.")
        paper.surround(figure, title, notes)
    return Chart(figure, count(len(read), "histogram"))


def _bars(array: Array) -> Array:
    """The numbers that the bars show."""
    bars: Array = array[np.isfinite(array) & (array != 0)]
    return bars


def _range(array: Array) -> tuple[float, float]:
    """From where to where the numbers are; a few that are far out are left out, for the others would be one bar."""
    inner = np.clip(_bars(array), -_LARGEST, _LARGEST)
    if not inner.size:
        return -1.0, 1.0
    low, high = np.quantile(inner, [0.005, 0.995])
    room = 0.5 * (high - low) or 0.1 * abs(high)
    if inner.min() < inner.max():
        return max(inner.min(), low - room), min(inner.max(), high + room)
    return low - room, high + room


def _shared(ranges: list[tuple[float, float]]) -> tuple[float, float] | None:
    """One range for all, or None where some would then be a single bar."""
    widths = [high - low for low, high in ranges]
    lows, highs = zip(*ranges, strict=True)
    low, high = min(lows), max(highs)
    return (low, high) if 0 < high - low <= COMPARABLE * min(widths) else None


def _panel(axes: "Axes", name: str, array: Array, span: tuple[float, float]) -> None:
    low, high = span
    step = (high - low) / BARS
    edges = np.arange(math.floor(low / step), math.ceil(high / step) + 1) * step  # 0 is an edge: a bar has one sign
    edges[[0, -1]] = min(edges[0], low), max(edges[-1], high)  # as they are in spite of rounding
    bars = _bars(array)
    heights, _ = np.histogram(bars, edges)
    hues = [paper.NEGATIVE if left < -step / 2 else paper.POSITIVE for left in edges[:-1]]
    axes.bar(edges[:-1], heights, step, align="edge", color=hues, linewidth=0)
    axes.set_ylim(0, max(heights.max() * 1.05, 1))
    axes.grid(visible=False, axis="x")
    axes.locator_params(axis="x", nbins=5)
    axes.locator_params(axis="y", nbins=4, integer=True)
    caption = textwrap.wrap(_caption(array, bars.size - int(heights.sum())), 44)
    axes.set_title(paper.plain(name, 190, paper.SIZE + 2), pad=7 + 10 * len(caption))
    axes.annotate(
        "\n".join(caption), (0, 1), xytext=(0, 4), xycoords="axes fraction", textcoords="offset points",
        fontsize=paper.NOTE_SIZE, color=theme.KEY_INK,
    )  # fmt: skip


def _caption(array: Array, beyond: int) -> str:
    """Mean and standard deviation, and the numbers that are not in the bars."""
    parts = [spread(array)]
    zeros = int((array == 0).sum())
    if zeros:
        parts.append(f"{percent(zeros / array.size)} zeros")
    if beyond:
        parts.append(f"{beyond:,} farther out")
    return ", ".join(parts)
