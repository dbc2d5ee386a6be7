"""The engines that are timed do the same: equal losses, step by step, and a table with a row for each network."""

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from benchmarks import tensor
from benchmarks.steps import CONVOLUTIONS, MODELS, STEPS, Model

SMALL = [
    Model("logistic", (3, 4, 1), 5, "logistic"),
    Model("squared error", (3, 4, 2), 5, "squared error"),
    Model("cross-entropy", (3, 4, 4, 5), 6, "cross-entropy"),
]


@pytest.mark.parametrize("model", SMALL, ids=lambda model: model.loss)
def test_chainrule_and_numpy_by_hand_take_the_same_steps(model: Model) -> None:
    ours, by_hand = STEPS["chainrule"](model), STEPS["NumPy by hand"](model)
    losses = np.array([(ours(), by_hand()) for _ in range(20)])
    np.testing.assert_allclose(losses[:, 0], losses[:, 1], rtol=1e-4)
    assert losses[-1, 0] < losses[0, 0]


@pytest.mark.parametrize("model", SMALL, ids=lambda model: model.loss)
def test_pytorch_takes_the_same_steps_too(model: Model) -> None:
    pytest.importorskip("torch")
    for name in ("PyTorch", "PyTorch, fused Adam"):
        ours, theirs = STEPS["chainrule"](model), STEPS[name](model)
        np.testing.assert_allclose([ours() for _ in range(20)], [theirs() for _ in range(20)], rtol=1e-4)


def test_dropout_leaves_out_its_share_and_the_loss_falls() -> None:
    step = STEPS["chainrule"](Model("dropout", (3, 32, 5), 8, "cross-entropy", 0.45))
    losses = [step() for _ in range(200)]
    assert np.mean(losses[-20:]) < np.mean(losses[:20])


def test_a_process_answers_with_a_time_and_a_loss() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.tensor", "--serve", "NumPy by hand"],
        input="0\n1\n", capture_output=True, text=True, check=True,
    )  # fmt: skip
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == 2
    assert all(time > 0.0 and 0.0 < loss < 10.0 for time, loss in answers)


def test_the_tables_have_a_row_for_each_network_and_the_ratios_to_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def measured(module: str, job: Any, engines: list[str], rounds: int, *, agree: bool) -> dict[str, float]:
        return {engine: 100.0 * i for i, engine in enumerate(engines, 1)}

    monkeypatch.setattr(tensor, "measured", measured)
    training, convolution = tensor.training_table(3), tensor.convolution_table(3)
    assert [row[0] for row in training.rows] == [model.name for model in MODELS]
    assert training.rows[0][1:] == ("100", "200", "300", "400", "2.00", "3.00")
    assert convolution.rows[0][1:] == ("100", "200", "0.50")
    assert len(CONVOLUTIONS) == 2
