"""The paper of charts: Matplotlib's style while they are drawn, their colours, and what is written on them."""

import math
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from autograd.labels import display
from viz import theme
from viz.fonts import own_characters

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

POINTS_PER_INCH = 72
NARROWEST, LOWEST = 2.8, 1.4  # inches, into which a title, a scale and a note fit
TITLE_SIZE, SIZE, NOTE_SIZE = 12.0, 9.0, 8.0  # of type, in points
POSITIVE, NEGATIVE = theme.POSITIVE_LINE, theme.NEGATIVE_LINE
# Hues for what has no sign, from the pair that all kinds of colour blindness keep apart; after the last, the first.
HUES = (POSITIVE, NEGATIVE, "#1a8a6a", "#8e4fae", "#c93f6f", "#8a7a12", "#2b9fb5", "#7b4a2b", "#5a6675", "#1b2430")
_STYLE = {
    "agg.path.chunksize": 10_000,  # long noisy lines fail without
    "axes.axisbelow": True,
    "axes.edgecolor": theme.OUTLINE,
    "axes.grid": True,
    "axes.labelcolor": theme.INK,
    "axes.labelsize": SIZE,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": SIZE + 1,
    "axes.titleweight": "bold",
    "figure.dpi": 2 * POINTS_PER_INCH,
    "figure.titlesize": TITLE_SIZE,
    "figure.titleweight": "bold",
    "font.family": theme.FONT,
    "font.size": SIZE,
    "grid.color": "#e4e8ed",
    "grid.linewidth": 0.7,
    "legend.fontsize": SIZE,
    "legend.frameon": False,
    "lines.linewidth": 1.7,
    "pdf.fonttype": 42,  # text that can be searched
    "savefig.facecolor": theme.PAPER,
    "svg.hashsalt": "chainrule",  # names in the file that are not drawn by lot
    "text.color": theme.INK,
    "xtick.color": theme.OUTLINE,
    "xtick.labelcolor": theme.KEY_INK,
    "xtick.labelsize": NOTE_SIZE,
    "ytick.color": theme.OUTLINE,
    "ytick.labelcolor": theme.KEY_INK,
    "ytick.labelsize": NOTE_SIZE,
}


@contextmanager
def style() -> Iterator[None]:
    """Matplotlib's own settings and ours in place of the user's, which are put back after."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)  # type: ignore[arg-type, unused-ignore]
        yield


def panels(count: int, columns: int, width: float, height: float) -> "tuple[Figure, list[Axes]]":
    """A figure, and its panels row by row, each of about the given size in inches."""
    from matplotlib.figure import Figure

    rows = math.ceil(count / columns)
    figure = Figure(figsize=(max(columns * width, NARROWEST), max(rows * height, LOWEST)), layout="constrained")
    axes = list(figure.subplots(rows, columns, squeeze=False).flat)
    for panel in axes[:count]:
        panel.tick_params(labelsize=NOTE_SIZE)  # said once more, for how many ticks fit is asked again when it is drawn
    for unused in axes[count:]:
        unused.remove()
    return figure, axes[:count]


def columns_of(count: int, most: int) -> int:
    """Into how many columns to put that many panels."""
    return 2 if count == 4 else min(count, 3 if count <= 9 else most)


def plain(text: object, room: float = math.inf, size: float = SIZE) -> str:
    r"""A user's text as one line that Matplotlib writes as it is, shortened to the room that there is in points.

    No part of it is read as a formula, and a character that the font lacks is written as its code point.

    >>> print(plain("$5 & 日\n"), plain("a_name_that_goes_on_for_ever", room=60))
    \$5 & [U+65E5]↵ a_name…ver
    """
    line = "".join(c if ord(c) in own_characters() else f"[U+{ord(c):04X}]" for c in display(str(text)))
    shown = line
    while len(shown) > 1 and theme.text_width(shown, size) > room:
        keep = len(shown) - 2
        shown = line[: keep - keep * 2 // 5] + "…" + line[len(line) - keep * 2 // 5 :]
    return shown.replace("$", r"\$")


def surround(figure: "Figure", title: str, notes: Sequence[str] = (), key: "Sequence[tuple[Artist, str]]" = ()) -> None:
    """Write the title and the key to the colours above the panels, and notes below; then place everything for good."""
    room = figure.get_figwidth() * POINTS_PER_INCH - 16
    title = plain(title, room / 1.3, TITLE_SIZE)  # bold type is wider
    if key:
        _write_key(figure, title, key, room)
    elif title:
        figure.suptitle(title, x=0.01, ha="left")
    if notes:
        characters = int(room / (0.56 * NOTE_SIZE))
        text = "\n".join(textwrap.fill(note, characters) for note in notes)
        figure.supxlabel(text, x=0.01, ha="left", fontsize=NOTE_SIZE, color=theme.SOFT_INK)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # placed anew at each drawing, things would move a little each time


def _write_key(figure: "Figure", title: str, key: "Sequence[tuple[Artist, str]]", room: float) -> None:
    names = [plain(name, min(160.0, room - 60)) for _, name in key]
    widest = max(theme.text_width(name, SIZE) for name in names) + 45
    legend = figure.legend(
        [handle for handle, _ in key],
        ["-"] * len(key),  # Matplotlib leaves out a name that begins with "_", unless it comes to know it later
        title=title or None,  # both in one, for Matplotlib would draw one over the other
        title_fontproperties={"size": TITLE_SIZE, "weight": "bold"},
        alignment="left",
        loc="outside upper left",
        ncols=max(1, min(len(key), int(room // widest))),
    )
    for text, name in zip(legend.get_texts(), names, strict=True):
        text.set_text(name)


def signed() -> "Colormap":
    """From orange through white to blue, for numbers with a sign, -1 to 1; what is not finite is pink."""
    from matplotlib.colors import LinearSegmentedColormap

    dark = ("#7d3503", NEGATIVE, theme.fill(-1, 1), "#ffffff", theme.fill(1, 1), POSITIVE, "#0d3c69")
    return LinearSegmentedColormap.from_list("signed", dark).with_extremes(bad=theme.WRONG)


def pale() -> "Colormap":
    """The same in tones on which dark text is readable."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("pale", (theme.fill(-1, 1), "#ffffff", theme.fill(1, 1)))
