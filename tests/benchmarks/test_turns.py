"""Engines that take turns are compared only if they do the same."""

import json
import subprocess

import pytest

from benchmarks import turns


def test_engines_that_disagree_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    class Liar:
        def __init__(self, engine: str) -> None:
            self.stdin = self
            self.stdout = self
            self.loss = len(engine)

        def write(self, text: str) -> None: ...

        def flush(self) -> None: ...

        def readline(self) -> str:
            return json.dumps([1.0, self.loss])

        def kill(self) -> None: ...

        def communicate(self) -> None: ...

    monkeypatch.setattr(subprocess, "Popen", lambda command, **options: Liar(command[-1]))
    with pytest.raises(SystemExit, match="disagree on the loss"):
        turns.measured("benchmarks.tensor", 0, ["chainrule", "PyTorch"], 1, agree=True)
