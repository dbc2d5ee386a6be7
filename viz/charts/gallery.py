"""images: weights, filters and pictures, each as an image."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from autograd.numerals import count, numeral
from viz import theme
from viz.charts import paper
from viz.charts.chart import Chart
from viz.charts.numbers import Array
from viz.charts.rasters import images_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

MOST_IMAGES = 100
WIDTH, HEIGHT = 6.4, 8.0  # inches, of all images
GAP = 0.09  # inches, between one image and the next


def images(
    arrays: object,
    titles: Sequence[object] | None = None,
    *,
    shape: tuple[int, ...] | None = None,
    columns: int | None = None,
    title: str = "",
) -> Chart:
    """Numbers as images: pictures in grey or colour, or, if any number is negative, weights in blue and orange.

    `arrays` is one of

    - a list of images, each (height, width), or in colour (height, width, 3) or (3, height, width);
    - an array of such images along its first axis;
    - the weights of a convolution, (out, in, height, width): a row for each of `out`;
    - a matrix: one image; or, with the `shape` of an image, one for each of its rows, as for the weights of a layer
      that sees images.

    All images have one scale. That of weights is symmetric about 0; that of pictures goes from 0 to 1, or for larger
    numbers to the largest, in colour to 255. `titles` has one for each image, such as "4 → 9".

    Raises TypeError for what is not numbers, ValueError for other shapes and another number of titles.

    >>> import viz
    >>> chart = viz.charts.images([[[0, 1], [1, 0]], [[1, 1], [0, 0]]], ["4 → 9", "7 → 1"])
    >>> [panel.get_title(loc="center") for panel in chart.figure.axes]
    ['4 → 9', '7 → 1']
    """
    read, natural = images_in(arrays, shape)
    if titles is not None and len(titles) != len(read):
        raise ValueError(f"images: {count(len(titles), 'title')} for {count(len(read), 'image')}: give one each")
    if columns is not None and columns < 1:
        raise ValueError(f"images: columns must be at least 1, got {columns!r}")
    shown = read[:MOST_IMAGES]
    columns = min(columns or natural or math.ceil(math.sqrt(1.5 * len(shown))), len(shown))
    scale = _Scale(shown)
    with paper.style():
        rows, (height, width) = math.ceil(len(shown) / columns), shown[0].shape[:2]
        ratio = min(max(height / width, 0.2), 5.0)
        cell = min(WIDTH / columns, (HEIGHT if rows > 1 else HEIGHT / 2) / (rows * ratio))
        beside, above = (0.9 if scale.signed else 0.0), (0.35 if title else 0.0)
        tall = cell * ratio + (0.24 if titles else GAP) + above / rows
        figure, axes = paper.panels(len(shown), columns, cell + GAP + beside / columns, tall)
        figure.set_layout_engine("compressed")
        drawn = [scale.draw(panel, image) for panel, image in zip(axes, shown, strict=True)]
        for panel, text in zip(axes, titles or (), strict=False):
            shortened = paper.plain(text, cell * paper.POINTS_PER_INCH - 4)
            panel.set_title(shortened, loc="center", fontsize=paper.SIZE, fontweight="normal", pad=3)
        for panel in axes:
            panel.axis("off")
            panel.set_aspect("equal" if ratio == height / width else "auto")
        if scale.signed:
            figure.colorbar(drawn[0], ax=axes, shrink=min(1.0, 3.0 / figure.get_figheight()), aspect=25)
        cut = [f"{len(shown)} of {len(read):,} images are shown."] if len(shown) < len(read) else []
        paper.surround(figure, title, [*scale.notes, *cut])
    return Chart(figure, count(len(read), "image"))


class _Scale:
    """How numbers become colours: one way for all images of a chart."""

    def __init__(self, images: Sequence[Array]) -> None:
        finite = np.concatenate([image[np.isfinite(image)] for image in images])
        colored = any(image.ndim == 3 for image in images)
        self.signed = bool((finite < 0).any())
        if self.signed and colored:
            raise ValueError("images: pictures in colour must not have negative numbers: undo their standardization")
        largest = float(np.abs(finite).max(initial=0.0))
        self.largest = largest if self.signed else max(largest, 255.0 if colored and largest > 1 else 1.0)
        missing = sum(image.size for image in images) - finite.size
        self.notes = [f"Pink: {count(missing, 'number')} not finite."] if missing else []
        if not self.signed and self.largest not in (1.0, 255.0):
            self.notes.append(f"White is {numeral(self.largest)}.")

    def draw(self, axes: "Axes", image: Array) -> "AxesImage":
        from matplotlib import colormaps
        from matplotlib.colors import to_rgb

        if image.ndim == 3:
            known = np.isfinite(image).all(axis=2, keepdims=True)
            return axes.imshow(np.where(known, image / self.largest, to_rgb(theme.WRONG)))
        colors = paper.signed() if self.signed else colormaps["gray"].with_extremes(bad=theme.WRONG)
        low = -self.largest if self.signed else 0.0
        return axes.imshow(np.ma.masked_invalid(image), cmap=colors, vmin=low, vmax=self.largest)
