"""The benchmark compares engines that compute the same, and its tables are written as they are measured."""

from pathlib import Path

import pytest

pytest.importorskip("micrograd", reason="the benchmark's other engine is an extra")

from benchmarks import eager
from benchmarks.report import Table, report


def test_the_contenders_agree_on_loss_and_gradients_work() -> None:
    losses = [contender.run() for contender in eager.contenders()]
    assert losses[1] == pytest.approx(losses[0], rel=1e-12)
    assert losses[2] == pytest.approx(losses[0], rel=1e-12)


def test_times_are_given_for_each_node_of_the_plain_network() -> None:
    contender = eager.Contender(
        "three runs", loss=lambda: None, forward=[1e-6, 2e-6, 9e-6], backward=[1e-6, 1e-6, 1e-6]
    )
    assert contender.nanoseconds(nodes=10) == pytest.approx((200.0, 100.0, 300.0))


def test_a_report_names_the_machine_the_versions_and_every_figure() -> None:
    table = Table("Speed", ("engine", "time"), [("ours", "1"), ("theirs", "10")])
    report("A title.\n\nAn introduction.", ("numpy",), [table], Path("report.md"))
    text = Path("report.md").read_text(encoding="utf-8")
    assert text.startswith("# A title.\n\nAn introduction.")
    assert "Python" in text
    assert "numpy" in text
    assert "## Speed\n\n| engine | time |\n| --- | ---: |\n| ours | 1 |\n| theirs | 10 |" in text
