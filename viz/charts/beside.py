"""predictions: what a model predicts, beside the data."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from autograd.numerals import count
from viz import theme
from viz.charts import paper
from viz.charts.chart import Chart
from viz.charts.numbers import MOST_POINTS, Array, evenly, peaks, vector

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

MOST_MODELS = len(paper.HUES)
NEW = "#fbeccb"  # behind what a model was not trained on


def predictions(
    x: object,
    truth: object,
    predicted: object,
    *,
    trained: tuple[float, float] | None = None,
    xlabel: str = "x",
    ylabel: str = "y",
    title: str = "",
) -> Chart:
    """Predictions as lines over x, beside the data as points.

    `x`, `truth` and `predicted` have shape (n,) or (n, 1), in any order of x; `predicted` may map names to several such
    arrays. `trained` is the range of x that the model was trained on: what lies outside is shaded.

    Where a prediction is not finite its line has a gap; such numbers are counted below.

    Raises TypeError for what is not numbers, ValueError for other shapes and lengths, x that is not finite, and a range
    that is none.

    >>> import viz
    >>> chart = viz.charts.predictions([0, 1, 2], [0, 1, 4], {"line": [0, 2, 4], "parabola": [0, 1, 4]})
    >>> [text.get_text() for text in chart.figure.legends[0].get_texts()]
    ['data', 'line', 'parabola']
    """
    places = vector(x, "predictions: x")
    if not np.isfinite(places).all():
        raise ValueError("predictions: x has numbers that are not finite: leave those points out")
    data = vector(truth, "predictions: truth", len(places))
    given = predicted if isinstance(predicted, Mapping) else {"prediction": predicted}
    if not given:
        raise ValueError("predictions: predicted maps names to arrays, got an empty mapping")
    models = {str(name): vector(line, f"predictions: {name!r:.60}", len(places)) for name, line in given.items()}
    if trained is not None and not trained[0] < trained[1]:
        raise ValueError(f"predictions: trained must be a range of x, (low, high), got {trained!r:.60}")
    kept = evenly(len(places), MOST_POINTS)
    shown = dict(list(models.items())[:MOST_MODELS])
    with paper.style():
        figure, (axes,) = paper.panels(1, 1, 6.4, 3.9)
        size = 16 if len(kept) <= 500 else 5
        points = axes.scatter(places[kept], data[kept], s=size, color=theme.OUTLINE, linewidths=0)
        lines = [_line(axes, places, line, hue) for line, hue in zip(shown.values(), paper.HUES, strict=False)]
        new = _shade(axes, *trained) if trained is not None else []
        axes.set(xlabel=paper.plain(xlabel), ylabel=paper.plain(ylabel))
        key = [(points, "data"), *zip(lines, shown, strict=True), *((area, "not trained on") for area in new[:1])]
        paper.surround(figure, title, _notes({"data": data, **models}, len(kept), len(shown)), key)
    return Chart(figure, f"{count(len(models), 'prediction')} beside {count(len(places), 'point')}")


def _line(axes: "Axes", x: Array, y: Array, hue: str) -> "Artist":
    order = np.argsort(x, kind="stable")
    drawn = order[peaks(y[order])]
    (line,) = axes.plot(x[drawn], np.where(np.isfinite(y[drawn]), y[drawn], np.nan), color=hue, zorder=3)
    return line


def _shade(axes: "Axes", low: float, high: float) -> "list[Artist]":
    """Shade what the axis shows beyond the range, on either side."""
    left, right = axes.get_xlim()
    axes.set_xlim(left, right)
    sides = [(left, min(low, right)), (max(high, left), right)]
    return [axes.axvspan(*side, color=NEW, linewidth=0, zorder=0) for side in sides if side[0] < side[1]]


def _notes(series: Mapping[str, Array], points: int, lines: int) -> list[str]:
    missing = {name: int((~np.isfinite(values)).sum()) for name, values in series.items()}
    notes = [f"{paper.plain(name)}: {count(n, 'number')} not finite." for name, n in missing.items() if n]
    if points < len(series["data"]):
        notes.append(f"{points:,} of {len(series['data']):,} points are shown.")
    if lines < len(series) - 1:
        notes.append(f"{lines} of {len(series) - 1} predictions are shown.")
    return notes
