"""The benchmark steps from end to end and back, and says what it measured."""

import pytest

from benchmarks import stepping


def test_every_size_has_a_row_of_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepping, "LENGTHS", (10, 100))
    table = stepping.stepping_table(repeats=2)
    assert [row[0] for row in table.rows] == ["10", "100"]
    assert all(float(figure.replace(",", "")) > 0 for row in table.rows for figure in row)
    assert {len(row) for row in table.rows} == {len(table.headings)}


def test_each_move_is_timed() -> None:
    moves: list[int] = []
    assert len(stepping.each(lambda: moves.append(1), 5)) == len(moves) == 5
