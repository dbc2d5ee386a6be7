import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from autograd.labels import LONGEST, display, visible


def test_ordinary_text_of_any_script_stays_as_it_is() -> None:
    for text in ("w[0]", "<script>", "{|}", "a\\b", "Σ∂", "שלום", "👩‍👩‍👧", "[bold]"):
        assert visible(text) == text


def test_controls_are_written_out() -> None:
    assert visible("\x1b[31m\x00\x9b\u202e\ud800\ufffe") == r"\x1b[31m\x00\x9b\u202e\ud800\ufffe"
    assert visible("a\nb\tc\r") == r"a↵b c\r"


@given(st.text(st.characters(codec=None)))
def test_a_label_is_one_short_line_without_controls_that_any_file_can_hold(text: str) -> None:
    shown = display(text)
    assert len(shown) <= LONGEST
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in shown)
    assert len(shown.encode().decode().splitlines()) <= 1


def test_a_long_label_keeps_its_beginning_and_its_end() -> None:
    shown = display("layers.0.neurons.17.weights.with.a.very.long.name.and.another[3]")
    assert shown.startswith("layers.0.neurons")
    assert shown.endswith("another[3]")
    assert "…" in shown
