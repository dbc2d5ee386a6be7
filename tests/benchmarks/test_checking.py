"""The checker's benchmark visits every kind of point, counts every verdict, and finds no right rule wrong."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from autograd import registry
from autograd.testing.domains import is_regular
from autograd.testing.judgement import VERDICTS
from benchmarks import checking
from tests.autograd.oracle import OPS

Counts = Counter[Any]


@pytest.fixture(autouse=True)
def _few_and_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(chunk: Callable[[int], Counts], total: int) -> tuple[Counts, float]:
        return sum(map(chunk, range(total // checking.CHUNK)), Counter()), 1.0

    monkeypatch.setattr(checking, "CHUNK", 20)
    monkeypatch.setattr(checking, "registry", OPS)  # documents define operations that are false
    monkeypatch.setattr(checking, "run", run)


@pytest.mark.parametrize("kind", checking.KINDS)
def test_a_point_lies_in_the_domain(kind: str) -> None:
    source = random.Random(0)
    for name in ("log", "erfinv", "polygamma", "sum", "tanh"):
        drawn = checking.point(registry[name], kind, source)
        assert drawn is None or is_regular(registry[name], drawn, 0.0)


def test_a_right_rule_is_right_and_times_a_factor_it_is_wrong() -> None:
    found = Counter(checking.verdicts_at(registry["mul"], [0.5, 2.0]))
    assert found["right", "correct"] == 2
    assert {(rule, verdict) for rule, verdict in found if rule != "right"} == {
        (f"times {factor!r}", "wrong") for factor in checking.FACTORS
    }


def test_the_registry_has_a_row_for_each_kind_of_point_and_factor() -> None:
    table = checking.registry_table(60)
    rows = {row[0]: row for row in table.rows}
    assert list(rows) == [
        f"{kind}, {rule}"
        for kind in checking.KINDS
        for rule in ("right", *(f"times {factor!r}" for factor in checking.FACTORS))
    ]
    assert sum(int(row[1]) for row in table.rows if row[1]) == 60
    for kind in checking.KINDS:
        right = rows[f"{kind}, right"]
        assert int(right[1]) > 0
        assert right[2 + VERDICTS.index("wrong")] == "0"


def test_expressions_are_counted() -> None:
    [row] = checking.expression_table(20).rows
    assert row[0] == "20"
    assert int(row[1]) >= 20
    assert sum(map(int, row[3:])) == 40
