"""The bar of progress, on the screen of a real pseudo-terminal; and nothing of it where nobody looks."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import numpy as np
import pyte
import pytest
from rich.progress import Progress as Bar

import nn
from nn import optim
from nn.training import fit
from nn.training.progress import is_watched
from tests.nn.training.models import data, network

ROOT = Path(__file__).parents[3]
SCRIPT = """
import sys, time
import nn
from nn.training import fit
from tests.nn.training.models import Training, data, network
model = network()
model.register_forward_hook(lambda *_: time.sleep(0.03))
sgd = nn.optim.SGD(model.parameters())
def watch(run):
    print("saw epoch", run.epoch)
    if run.epoch == int(sys.argv[1]):
        raise LookupError("broken")
fit(model, data(), nn.MSELoss(), sgd, epochs=3, batch_size=5, callbacks=[watch], validation=data())
print("done")
"""


class Screen:
    """What a program with a terminal for stderr, and for stdout unless that is a file, has written."""

    def __init__(self, *arguments: str, stdout: int | None = None) -> None:
        keyboard, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 110, 0, 0))
        variables = {name: x for name, x in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}
        program = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, *arguments],
            stdin=inside, stdout=inside if stdout is None else stdout, stderr=inside, start_new_session=True,
            cwd=ROOT, env={**variables, "TERM": "xterm-256color"},
        )  # fmt: skip
        os.close(inside)
        self.received = b""
        while True:
            try:
                self.received += os.read(keyboard, 65536)
            except OSError:  # how Linux says that the other side is closed
                break
        os.close(keyboard)
        self.code = program.wait()
        screen = pyte.Screen(110, 30)
        pyte.ByteStream(screen).feed(self.received)
        self.lines = [line.rstrip() for line in screen.display if line.strip()]
        self.text = self.received.decode()


def test_a_bar_is_drawn_and_a_line_is_left_for_each_epoch() -> None:
    screen = Screen("0")
    assert screen.code == 0
    assert "samples/s  loss " in screen.text
    assert "epoch 2/3" in screen.text
    assert "━" in screen.text
    epochs = [line for line in screen.lines if line.startswith("epoch")]
    assert [line.split()[1] for line in epochs] == ["1/3", "2/3", "3/3"]
    assert all(" s  loss " in line and "  val_loss " in line and "  lr 0.001" in line for line in epochs)
    assert not any("━" in line for line in screen.lines)
    assert screen.lines[-1] == "done"
    assert [line for line in screen.lines if line.startswith("saw")] == ["saw epoch 1", "saw epoch 2", "saw epoch 3"]


def test_it_is_drawn_ten_times_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    now, drawn = 0.0, []

    def work(*_: object) -> None:
        nonlocal now
        now += 0.03

    monkeypatch.setattr("nn.training.progress.perf_counter", lambda: now)
    monkeypatch.setattr(Bar, "refresh", lambda bar: drawn.append(now))
    model = network()
    model.register_forward_hook(work)
    fit(model, data(), nn.MSELoss(), optim.SGD(model.parameters()), epochs=4, batch_size=5, progress=True)
    assert len(drawn) > 4
    assert np.diff(sorted(set(drawn))).min() > 0.0999


def test_an_error_leaves_the_terminal_in_order() -> None:
    screen = Screen("2")
    assert screen.code == 1
    assert screen.lines[-1] == "LookupError: broken"
    assert [line.split()[1] for line in screen.lines if line.startswith("epoch")] == ["1/3", "2/3"]
    assert screen.text.rfind("\x1b[?25h") > screen.text.rfind("\x1b[?25l")  # the cursor is shown again


def test_what_is_printed_into_a_file_stays_out_of_the_bar(tmp_path: Path) -> None:
    with open(tmp_path / "out.txt", "w") as file:
        screen = Screen("0", stdout=file.fileno())
    assert (tmp_path / "out.txt").read_text() == "saw epoch 1\nsaw epoch 2\nsaw epoch 3\ndone\n"
    assert "saw" not in screen.text
    assert "samples/s" in screen.text


def train(progress: bool | None = None) -> None:
    model = network()
    fit(model, data(), nn.MSELoss(), optim.SGD(model.parameters()), epochs=2, progress=progress)


@pytest.mark.parametrize("progress", [None, False])
def test_without_a_terminal_nothing_is_written(progress: bool | None, capsys: pytest.CaptureFixture[str]) -> None:
    train(progress)
    assert capsys.readouterr() == ("", "")


def test_asked_for_it_is_written_without_a_terminal_too(capsys: pytest.CaptureFixture[str]) -> None:
    train(progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split()[1] for line in err.splitlines() if "lr" in line] == ["1/2", "2/2"]


def test_in_a_terminal_it_can_be_switched_off(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    train(progress=False)
    assert capsys.readouterr().err == ""


def test_a_program_without_stderr_is_not_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert not is_watched()
