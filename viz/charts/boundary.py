"""decision_boundary: which class a classifier gives each point of the plane."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd.numerals import count
from viz import theme
from viz.charts import paper
from viz.charts.chart import Chart
from viz.charts.decisions import classes_of, leads
from viz.charts.numbers import MOST_POINTS, Array, evenly, numbers

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

FINEST = 500
MOST_NAMED = 12
UNKNOWN = "#d5dae1"  # where predict gives no number


class _Plane(NamedTuple):
    """A grid, and for each class by how much it leads over the best other one there: (classes, up, across)."""

    across: Array
    up: Array
    leads: Array


def decision_boundary(
    predict: Callable[[Array], Any],
    x: object,
    y: object,
    *,
    threshold: float | None = None,
    labels: Sequence[object] | None = None,
    features: tuple[str, str] = ("x₁", "x₂"),
    resolution: int = 100,
    title: str = "",
) -> Chart:
    """The regions into which a classifier divides the plane, their boundary, and the points by class.

    `x` has shape (n, 2); `y` has a class for each of its rows: whole numbers or names. `predict` is called once, with
    an array of shape (resolution², 2), and gives

    - scores or probabilities, (m,) or (m, 1): above the threshold it is the later of two classes in sorted order. The
      threshold is 0.5 if all lie from 0 to 1, else 0, unless one is given;
    - or a score for each class, (m, classes): the highest has it;
    - or classes themselves, as they are in `y`.

    Of two classes, the strength of the colour says how clear the decision is. `labels` are the classes' names in sorted
    order, `features` those of the axes.

    Raises TypeError and ValueError for data of other kinds and shapes, what `predict` gives among them.

    >>> import viz
    >>> x, y = [[0.0, 0.0], [1.0, 1.0], [0.0, 1.0]], [0, 1, 1]
    >>> viz.charts.decision_boundary(lambda points: points.sum(axis=1) - 0.5, x, y)
    <Chart of 3 points of 2 classes: .show() it, or .save("chart.svg" or .png, .pdf)>
    """
    points = numbers(x, "decision_boundary: x")
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"decision_boundary: x must have shape (n, 2), points in the plane, got {points.shape}")
    if not np.isfinite(points).all():
        raise ValueError("decision_boundary: x has numbers that are not finite: leave those points out")
    if not 2 <= resolution <= FINEST:
        raise ValueError(f"decision_boundary: resolution must be from 2 to {FINEST}, got {resolution!r}")
    if hasattr(predict, "named_parameters"):
        raise TypeError(
            f"decision_boundary: predict is a function, got the module {type(predict).__name__}, which might run as "
            "in training: give lambda x: nn.predict(model, x)"
        )
    given = classes_of(y, len(points))
    across, up = _axes_of(points, resolution)
    grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    classes, lead = leads(predict(grid), len(grid), np.unique(given), threshold)
    if labels is not None and len(labels) != len(classes):
        raise ValueError(f"decision_boundary: {count(len(labels), 'label')} for {len(classes)} classes: give one each")
    plane = _Plane(across, up, lead.T.reshape(-1, resolution, resolution))
    hues = [paper.NEGATIVE, paper.POSITIVE] if len(classes) == 2 else list(paper.HUES)
    kept = evenly(len(points), MOST_POINTS)
    with paper.style():
        figure, (axes,) = paper.panels(1, 1, 5.6, 4.8)
        axes.set(xlim=across[[0, -1]], ylim=up[[0, -1]], autoscale_on=False)
        _draw_regions(axes, plane, hues)
        colors = [hues[i % len(hues)] for i in range(len(classes))]
        handles = [
            _draw_points(axes, points[kept][given[kept] == c], hue) for c, hue in zip(classes, colors, strict=True)
        ]
        axes.grid(visible=False)
        axes.set_facecolor(UNKNOWN)
        axes.set(xlabel=paper.plain(features[0]), ylabel=paper.plain(features[1]))
        names = [str(name) for name in (classes.tolist() if labels is None else labels)]
        key = list(zip(handles, names, strict=True))[:MOST_NAMED]
        paper.surround(figure, title, _notes(plane, len(kept), len(points)), key)
    return Chart(figure, f"{count(len(points), 'point')} of {len(classes)} classes")


def _axes_of(points: Array, resolution: int) -> tuple[Array, Array]:
    """The places of the grid along both axes, with some room around the points."""
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.where(high > low, (high - low) * 0.08, 0.5)
    across, up = np.linspace(low - room, high + room, resolution).T
    return across, up


def _draw_regions(axes: "Axes", plane: _Plane, hues: Sequence[str]) -> None:
    finite = np.abs(plane.leads[np.isfinite(plane.leads)])
    largest = max(finite.max(initial=0.0), 1e-300)
    lead = np.ma.masked_invalid(np.clip(plane.leads, -largest, largest))
    extent = (plane.across[0], plane.across[-1], plane.up[0], plane.up[-1])
    if len(lead) == 2:
        scale = np.quantile(finite, 0.9) if finite.size else 1.0
        axes.imshow(
            lead[1] / (scale or 1.0), cmap=paper.pale(), vmin=-1, vmax=1, extent=extent,
            origin="lower", aspect="auto", interpolation="bilinear",
        )  # fmt: skip
        lead = lead[1:]  # the other's boundary is the same
    for i, each in enumerate(lead):
        if each.max() > 0 and each.min() < 0:
            axes.contour(plane.across, plane.up, each, [0.0], colors=theme.INK, linewidths=1.2)
        if len(lead) > 1 and each.max() > 0:
            axes.contourf(plane.across, plane.up, each, [0.0, 2 * largest], colors=[_tint(hues[i % len(hues)])])


def _tint(hue: str) -> tuple[float, ...]:
    from matplotlib.colors import to_rgb

    return tuple(1 - 0.25 * (1 - part) for part in to_rgb(hue))


def _draw_points(axes: "Axes", points: Array, color: str) -> "Artist":
    size = 26 if len(points) <= 500 else 9
    return axes.scatter(
        points[:, 0], points[:, 1], s=size, color=color, edgecolors=theme.PAPER, linewidths=0.6, zorder=3
    )


def _notes(plane: _Plane, shown: int, points: int) -> list[str]:
    classes, *sides = plane.leads.shape
    undecided = int(np.isnan(plane.leads).any(axis=0).sum())
    notes = []
    if undecided:
        notes.append(f"Grey: predict gives no number for {undecided:,} of {sides[0] * sides[1]:,} points.")
    if classes > MOST_NAMED:
        notes.append(f"{MOST_NAMED} of {classes:,} classes are named; {len(paper.HUES)} colours take turns.")
    if shown < points:
        notes.append(f"{shown:,} of {points:,} points are shown.")
    return notes
