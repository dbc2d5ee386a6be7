"""Engines that take turns, each in a process of its own with one thread."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from statistics import median
from typing import Any

Step = Callable[[], float]

_WARM_UP, _SECONDS, _MOST_STEPS = 5, 0.1, 300
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def timed(step: Step) -> tuple[float, float]:
    """Microseconds for a step, and the loss after the first few."""
    for _ in range(_WARM_UP):
        loss = step()
    start = time.perf_counter()
    for done in count(1):
        step()
        elapsed = time.perf_counter() - start
        if elapsed > _SECONDS or done == _MOST_STEPS:
            return elapsed / done * 1e6, loss
    raise AssertionError


def serve(step_of: Callable[[Any], Step]) -> None:
    """Time what is asked for on standard input, a line each, as JSON: `step_of(job)` is the step to be timed."""
    for line in sys.stdin:
        print(json.dumps(timed(step_of(json.loads(line)))), flush=True)


@contextmanager
def processes(module: str, engines: Sequence[str]) -> Iterator[dict[str, "subprocess.Popen[str]"]]:
    """A process for each engine, `python -m module --serve engine`, which serves on its pipes."""
    started = {
        engine: subprocess.Popen(
            [sys.executable, "-m", module, "--serve", engine],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **_ONE_THREAD},
        )
        for engine in engines
    }
    try:
        yield started
    finally:
        for process in started.values():
            process.kill()
            process.communicate()


def ask(process: "subprocess.Popen[str]", job: Any) -> Any:
    """What a process that serves answers to a job."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(job) + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def measured(module: str, job: Any, engines: Sequence[str], rounds: int, *, agree: bool) -> dict[str, float]:
    """The median time of each engine, which take turns. Ends the program if the losses, asked to agree, do not."""
    times: dict[str, list[float]] = {engine: [] for engine in engines}
    losses: dict[str, float] = {}
    with processes(module, engines) as started:
        for _ in range(rounds):
            for engine, process in started.items():
                microseconds, losses[engine] = ask(process, job)
                times[engine].append(microseconds)
    if agree and max(losses.values()) - min(losses.values()) > 1e-3 * abs(max(losses.values())):
        raise SystemExit(f"the engines disagree on the loss: {losses}")
    return {engine: median(each) for engine, each in times.items()}
