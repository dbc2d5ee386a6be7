"""The moons lesson is timed only while all engines come to the same losses."""

import pytest

from benchmarks import moons


def test_values_and_tensors_take_the_steps_of_micrograd() -> None:
    table = moons.table(2)
    assert [row[0] for row in table.rows] == ["micrograd", "chainrule, Values", "chainrule, Tensors"]
    assert table.rows[0][2] == "1.0"


def test_engines_that_disagree_are_not_compared() -> None:
    with pytest.raises(SystemExit, match="disagree on the loss of step 1"):
        moons.timed({"one": lambda rate: rate, "other": lambda rate: 1.0}, 2)
