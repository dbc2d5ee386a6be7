"""confusion_matrix: which classes are taken for which."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from autograd.numerals import count
from viz import theme
from viz.charts import paper
from viz.charts.chart import Chart
from viz.charts.numbers import Array, evenly, numbers, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LARGEST = 8.0  # inches, of the square
SMALLEST_TYPE = 5.0
MOST_NAMES = 40


def confusion_matrix(matrix: object, labels: Sequence[object] | None = None, *, title: str = "") -> Chart:
    r"""Counts of examples by their true class, in rows, and the class that was predicted, in columns.

    `matrix` is square, as scikit-learn's `confusion_matrix` gives it. Each cell has its count and the share of its
    row. It is blue where the two classes are the same, orange where they are not, the stronger the larger that share.
    Where the cells are too small for numbers there are colours only.

    Raises TypeError for what is not numbers, ValueError for a matrix that is not square, entries that are not counts,
    or another number of labels.

    >>> import viz
    >>> chart = viz.charts.confusion_matrix([[9, 1], [0, 5]], ["cat", "dog"])
    >>> [text.get_text() for text in chart.figure.axes[0].texts]
    ['9\n90%', '1\n10%', '0', '5\n100%']
    """
    counts = _counts(matrix)
    names = [str(name) for name in (range(len(counts)) if labels is None else labels)]
    if len(names) != len(counts):
        raise ValueError(f"confusion_matrix: {count(len(names), 'label')} for {len(counts)} classes: give one each")
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.zeros_like(counts), where=totals > 0)
    cell = min(max(0.62, 2.4 / len(counts)), LARGEST / len(counts))  # inches
    with paper.style():
        texts = [paper.plain(name, 90, paper.NOTE_SIZE) for name in names]
        widest = max(theme.text_width(text, paper.NOTE_SIZE) for text in texts) / paper.POINTS_PER_INCH
        upright = widest > 0.9 * cell
        side = cell * len(counts)
        figure, (axes,) = paper.panels(
            1, 1, side + widest + 0.45, side + (widest if upright else 0.15) + (1.0 if title else 0.65)
        )
        written = _write(axes, counts, shares, cell * paper.POINTS_PER_INCH)
        strength = np.sqrt(shares)  # for a few mistakes in a hundred are much
        colors = paper.pale() if written else paper.signed()
        axes.imshow(np.where(np.eye(len(counts)), strength, -strength), cmap=colors, vmin=-1, vmax=1)
        _name(axes, texts, upright)
        right, total = counts.trace(), counts.sum()
        notes = [f"{right:,.0f} of {total:,.0f} right{f', {right / total:.1%}' if total else ''}."]
        if not written:
            notes.append("The stronger a colour, the larger the share of its row.")
        paper.surround(figure, title, notes)
    return Chart(figure, f"the confusions of {len(counts)} by {len(counts)} classes")


def _counts(matrix: object) -> Array:
    counts = numbers(matrix, "confusion_matrix: the matrix")
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"confusion_matrix: the matrix must be square, (classes, classes), got {counts.shape}")
    if not (np.isfinite(counts) & (counts >= 0) & (counts == np.round(counts))).all():
        raise ValueError("confusion_matrix: the entries must be counts: whole numbers from 0 on")
    return counts


def _write(axes: "Axes", counts: Array, shares: Array, room: float) -> bool:
    """Write the numbers into the cells, if they are large enough for type that can be read."""
    written = {at: f"{n:,.0f}\n{percent(float(shares[at]))}" if n else "0" for at, n in np.ndenumerate(counts)}
    widest = max(theme.text_width(line, 1.0) for text in written.values() for line in text.split("\n"))
    size = min(paper.SIZE, 0.85 * room / widest, 0.35 * room)
    if size < SMALLEST_TYPE:
        return False
    for (i, j), text in written.items():
        axes.text(
            j, i, text, ha="center", va="center", fontsize=size, color=theme.OUTLINE if text == "0" else theme.INK
        )
    return True


def _name(axes: "Axes", texts: Sequence[str], upright: bool) -> None:
    shown = evenly(len(texts), MOST_NAMES)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks(shown, [texts[i] for i in shown])
    axes.tick_params(length=0)
    axes.tick_params(axis="x", labelrotation=90 if upright else 0)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.set(xlabel="predicted", ylabel="true")
