from collections.abc import Iterator

import pytest

import viz
from autograd import Value
from viz import engines, fonts
from viz.fonts import spelled_out


@pytest.fixture
def no_system_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("matplotlib.font_manager.findSystemFonts", list)
    fonts._system_characters.cache_clear()
    yield
    fonts._system_characters.cache_clear()


@pytest.mark.usefixtures("no_system_fonts")
def test_what_no_font_has_is_written_as_its_code_point() -> None:
    assert spelled_out("emoji 🎉") == "emoji [U+1F389]"
    assert spelled_out("日本") == "[U+65E5][U+672C]"
    assert spelled_out("👩\u200d👧") == "[U+1F469]\u200d[U+1F467]"


@pytest.mark.usefixtures("no_system_fonts")
def test_what_a_font_has_stays_as_it_is() -> None:
    for text in ("x", "Σ∂·Π√αω−אם↵é×—▲", "שלום", "مرحبا"):
        assert spelled_out(text) == text


def test_ordinary_pictures_look_for_no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_system_characters", None)
    assert viz.draw(Value(1.0, label="Σ∂")).png


@pytest.mark.usefixtures("no_system_fonts")
def test_a_printed_picture_spells_out_what_its_svg_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[str] = []
    monkeypatch.setattr(engines, "png", printed.append)
    picture = viz.draw(Value(1.0, label="日本 🎉"))
    _ = picture.png
    assert "[U+65E5][U+672C] [U+1F389]" in printed[0]
    assert "日本 🎉" in picture.svg
    assert b"/Subtype /Image" not in picture.pdf


@pytest.mark.usefixtures("no_system_fonts", "without_dot")
def test_a_lecture_graph_is_spelled_out_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "png", lambda svg: svg.encode())
    assert b"[U+1F389]" in viz.draw_dot(Value(1.0, label="🎉")).pipe("png")
