"""Chart: what the functions of this package return, to be shown, saved and displayed by notebooks."""

import io
from typing import TYPE_CHECKING

from viz.charts import paper
from viz.picture import Image

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What would make two files of one chart differ: the date and the version of the library.
_LEFT_OUT = {"svg": "Date", "png": "Software", "pdf": "CreationDate"}


class Chart(Image):
    """A chart, as a Matplotlib figure that belongs to no window; the same data gives the same bytes.

    `figure` may be changed before it is saved; `figure.set_layout_engine("constrained")` makes room for what was added.

    >>> import viz
    >>> chart = viz.charts.curves({"loss": [0.9, 0.5, 0.3]})
    >>> chart.figure.axes[0].get_xlabel()
    'epoch'
    >>> chart.svg[:5]
    '<?xml'
    """

    def __init__(self, figure: "Figure", subject: str) -> None:
        self.figure, self._subject = figure, subject

    @property
    def svg(self) -> str:
        """The chart as SVG, its text as outlines, which look the same wherever they are read."""
        return self._rendered("svg").decode()

    @property
    def png(self) -> bytes:
        """The chart as PNG, two pixels to a point."""
        return self._rendered("png")

    @property
    def pdf(self) -> bytes:
        """The chart as a PDF of one page."""
        return self._rendered("pdf")

    def _rendered(self, kind: str) -> bytes:
        file = io.BytesIO()
        with paper.style():
            self.figure.savefig(file, format=kind, metadata={_LEFT_OUT[kind]: None})
        return file.getvalue()

    def _repr_png_(self) -> bytes:
        return self.png

    def __repr__(self) -> str:
        return f'<Chart of {self._subject}: .show() it, or .save("chart.svg" or .png, .pdf)>'
