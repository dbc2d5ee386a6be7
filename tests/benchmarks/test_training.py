"""The epochs that are timed train the same networks, and there is a table with a row for each."""

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from benchmarks import training
from benchmarks.steps import Model
from benchmarks.training import ENGINES, JOBS, Job

SMALL = [
    Job(Model("logistic", (3, 4, 1), 5, "logistic"), 1, 1),
    Job(Model("squared error", (3, 4, 2), 5, "squared error"), 1, 2),
    Job(Model("cross-entropy", (3, 4, 4, 5), 6, "cross-entropy"), 1, 3),
]


@pytest.mark.parametrize("job", SMALL, ids=lambda job: job.model.loss)
def test_pytorch_comes_to_the_same_losses(job: Job) -> None:
    pytest.importorskip("torch")
    epochs = [make(job) for make in ENGINES.values()]
    losses = np.array([[epoch() for epoch in epochs] for _ in range(20)])
    np.testing.assert_allclose(losses[:, 1:], losses[:, :1].repeat(2, axis=1), rtol=1e-4)


def test_an_epoch_goes_through_all_batches_and_the_loss_falls() -> None:
    epoch = ENGINES["chainrule"](Job(Model("dropout", (3, 32, 5), 8, "cross-entropy", 0.1), 4, 1))
    losses = [epoch() for _ in range(60)]
    assert np.mean(losses[-10:]) < np.mean(losses[:10])


def test_a_process_answers_with_a_time_and_a_loss() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.training", "--serve", "chainrule"],
        input="0\n", capture_output=True, text=True, check=True,
    )  # fmt: skip
    time, loss = json.loads(run.stdout)
    assert time > 0.0
    assert 0.0 < loss < 10.0


def test_the_table_has_a_row_for_each_network_and_the_ratios_to_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def measured(module: str, job: Any, engines: list[str], rounds: int, *, agree: bool) -> dict[str, float]:
        return {engine: 1000.0 * i for i, engine in enumerate(engines, 1)}

    monkeypatch.setattr(training, "measured", measured)
    table = training.table(3)
    assert [row[0] for row in table.rows] == [job.model.name for job in JOBS]
    assert table.rows[1][1:] == ("100", "1.00", "2.00", "3.00", "2.00", "3.00")
    assert table.rows[0][2] == "0.02"
