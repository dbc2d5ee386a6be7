import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz import theme

floats = st.floats()


def luminance(color: str) -> float:
    """Relative luminance, by WCAG 2."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@given(floats, st.floats(min_value=5e-324, allow_infinity=False, allow_nan=False))
def test_text_reads_on_every_fill(x: float, largest: float) -> None:
    color = theme.fill(x, largest)
    assert len(color) == 7
    for ink in (theme.INK, theme.KEY_INK):
        assert (luminance(color) + 0.05) / (luminance(ink) + 0.05) > 4.5


def test_marks_differ_in_brightness_too_and_text_reads_on_them() -> None:
    lit, wrong = (luminance(theme.MARKS[mark]) for mark in ("lit", "wrong"))
    assert wrong < 0.5 * lit
    assert wrong < 0.7 * min(luminance(theme.fill(x, 1.0)) for x in (-1.0, 1.0))
    assert (wrong + 0.05) / (luminance(theme.INK) + 0.05) > 4.5


def test_positive_is_blue_and_negative_orange_and_more_is_stronger() -> None:
    def blue_less_red(x: float) -> int:
        color = theme.fill(x, 10.0)
        return int(color[5:], 16) - int(color[1:3], 16)

    assert blue_less_red(10) > blue_less_red(0.1) > blue_less_red(0) > blue_less_red(-0.1) > blue_less_red(-10)


def test_what_has_no_sign_is_neutral() -> None:
    assert {theme.fill(x, 1.0) for x in (None, 0.0, -0.0, math.nan)} == {theme.NEUTRAL_FILL}
    assert {theme.line(x) for x in (None, 0.0, -0.0, math.nan)} == {theme.NEUTRAL_LINE}
    assert theme.fill(math.inf, 1.0) == theme.fill(1.0, 1.0)


def test_one_outlier_leaves_the_others_their_colours() -> None:
    assert theme.strength(1.0, 100.0) == pytest.approx(0.5)
    assert theme.largest([None, math.inf, math.nan, -3.0, 2.0]) == 3.0
    assert theme.largest([None]) == 1.0


def test_widths_are_those_of_the_font() -> None:
    import matplotlib
    from matplotlib.ft2font import FT2Font, LoadFlags

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for bold, name in ((False, "DejaVuSans.ttf"), (True, "DejaVuSans-Bold.ttf")):
        font = FT2Font(folder / name)
        font.set_size(1000, 72)
        for c in [*map(chr, range(32, 127)), *"Σ∂·Π√αω−אם↵é×—▲"]:
            drawn = font.load_char(ord(c), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536
            assert theme.text_width(c, 1000, bold=bold) >= drawn - 1, c
