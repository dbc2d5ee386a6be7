"""The lesson of the hypotenuse: its length, and what of it each side is good for."""

from pathlib import Path

from demos import hypotenuse
from demos.common import Figure, Options


def test_the_sides_three_and_four_give_five(tmp_path: Path) -> None:
    assert hypotenuse.main(Options(folder=tmp_path)) == [
        Figure("c = (a² + b²)^½", "—", "5"),
        Figure("∂c/∂a = a/c", "—", "0.6"),
        Figure("∂c/∂b = b/c", "—", "0.8"),
    ]


def test_it_draws_the_graph_with_its_gradients(tmp_path: Path) -> None:
    hypotenuse.main(Options(folder=tmp_path))
    drawn = (tmp_path / "hypotenuse.svg").read_text(encoding="utf-8")
    assert all(f">{text}<" in drawn for text in ("a²", "b²", "a² + b²", "0.6", "0.8"))
