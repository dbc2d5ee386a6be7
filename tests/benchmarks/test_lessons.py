"""The lessons that are timed beside PyTorch are the lessons, begin alike, and are trained by every engine."""

import json
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import nn
from benchmarks import lessons
from benchmarks.lessons import ENGINES, LESSONS
from demos import churn, digits, sine


@pytest.mark.parametrize(
    ("name", "network"),
    [
        ("sine, squared error", sine.network),
        ("churn, accuracy", lambda: churn.network(churn.GLOROT)),
        ("churn from small weights, accuracy", lambda: churn.network(churn.SMALL)),
        ("digits, accuracy", digits.network),
    ],
)
def test_the_networks_are_those_of_the_lessons(name: str, network: Any) -> None:
    with nn.seed(0):
        ours = lessons.first(nn, LESSONS[name])
    with nn.seed(0):
        lesson = network()
    assert [p.shape for p in ours.parameters()] == [p.shape for p in lesson.parameters()]
    assert [type(layer) for layer in ours] == [type(layer) for layer in lesson if not isinstance(layer, nn.Sigmoid)]
    for p, q in zip(ours.parameters(), lesson.parameters(), strict=True):
        assert np.abs(p.data).max(initial=0) == pytest.approx(np.abs(q.data).max(initial=0), rel=0.5)


@pytest.mark.parametrize("name", LESSONS)
def test_the_data_fit_the_network(name: str) -> None:
    lesson = LESSONS[name]
    x_train, y_train, x_test, y_test = lesson.examples(quick=True)
    assert len(x_train) == len(y_train) <= lessons.QUICK_ROWS
    assert len(x_test) == len(y_test) <= lessons.QUICK_ROWS
    assert x_train.shape[1:] == x_test.shape[1:] == lesson.model.sizes[:1]
    assert x_train.dtype == x_test.dtype == np.float32
    assert np.abs(x_train).max() > 0.9


def test_the_points_that_are_asked_about_lie_between_the_others() -> None:
    x, _, between, truth = lessons.sine()
    assert (x[:-1] < between[:-1]).all()
    assert (between[:-1] < x[1:]).all()
    np.testing.assert_array_equal(truth, np.sin(between))


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_begins_as_glorot_and_bengio_propose_and_learns(engine: str) -> None:
    if engine != "chainrule":
        pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    y = rng.integers(0, 10, 1000)
    x = rng.standard_normal((1000, 784), dtype=np.float32)
    x[np.arange(1000), y] += 10
    epoch, outputs = ENGINES[engine](LESSONS["digits, accuracy"], x[:800], y[:800], 0)
    assert 0.5 < outputs(x).std() < 1.5  # about 0.9 with those weights, and 0.1 with a linear layer's usual ones
    for _ in range(6):
        epoch()
    assert nn.metrics.accuracy(outputs(x[800:]), y[800:]) > 0.8


def test_a_process_trains_on_while_it_is_asked_for_the_same_and_else_begins_anew() -> None:
    jobs = [["sine, squared error", seed, True] for seed in (0, 0, 1, 0)]
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.lessons", "--serve", "chainrule"],
        input="".join(json.dumps(job) + "\n" for job in jobs), capture_output=True, text=True, check=True,
    )  # fmt: skip
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert all(seconds > 0 for seconds, _ in answers)
    first, second, other, again = (result for _, result in answers)
    assert first == again
    assert all(a != b for a, b in pairwise([first, second, other]))


def test_the_tables_have_a_row_for_each_lesson_ratios_to_ours_and_spreads(monkeypatch: pytest.MonkeyPatch) -> None:
    def measured(name: str, seeds: Sequence[int], quick: bool) -> tuple[dict[str, float], dict[str, list[float]]]:
        return {engine: float(i) for i, engine in enumerate(ENGINES, 1)}, {engine: [0.5, 0.7] for engine in ENGINES}

    monkeypatch.setattr(lessons, "measured", measured)
    times, results = lessons.tables(range(2), quick=False)
    assert [row[0] for row in results.rows] == list(LESSONS)
    assert times.rows[0][1:] == ("1.000", "2.000", "3.000", "2.00", "3.00")
    assert [row[0] for row in times.rows][-1] == "digits: 784-256-256-10, dropout 0.45, 128 rows"
    assert results.rows[-1][1] == "60.00% (50.00% to 70.00%)"
