"""A real pseudo-terminal with a program in it: keys go in, and the screen is read as a person would see it."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import pyte

RIGHT, LEFT, UP, DOWN = "\x1b[C", "\x1b[D", "\x1b[A", "\x1b[B"
HOME, END, ENTER, ESCAPE, CONTROL_C = "\x1b[H", "\x1b[F", "\r", "\x1b", "\x03"
_PATIENCE = 30.0  # seconds until a program counts as stuck


class Terminal:
    """`backprop` with some arguments, in a terminal of so many rows and columns."""

    def __init__(
        self, *arguments: str, rows: int = 24, columns: int = 80, environment: Mapping[str, str] | None = None
    ) -> None:
        self._keyboard, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        variables = {name: x for name, x in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}
        self.program = subprocess.Popen(
            [sys.executable, "-m", "autograd.cli", *arguments],
            stdin=inside, stdout=inside, stderr=inside, start_new_session=True,
            env={**variables, "TERM": "xterm-256color", **(environment or {})},
        )  # fmt: skip
        os.close(inside)
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.received = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.program.kill()
        self.program.wait()
        os.close(self._keyboard)

    @property
    def lines(self) -> list[str]:
        """What stands on the screen."""
        return [line.rstrip() for line in self.screen.display]

    def press(self, *keys: str) -> None:
        """Send keys."""
        os.write(self._keyboard, "".join(keys).encode())

    def wait_for(self, *texts: str) -> list[str]:
        """The screen's lines as soon as all of the texts stand on it."""
        deadline = time.monotonic() + _PATIENCE
        while not all(any(text in line for line in self.lines) for text in texts):
            shown = "\n".join(self.lines)
            assert time.monotonic() < deadline, f"{texts} never came; there is\n{shown}"
            assert self._read() or self.program.poll() is None, f"ended without {texts}:\n{shown}"
        return self.lines

    def ends(self) -> int:
        """The exit code of the program, once it has ended."""
        while self._read():
            pass
        return self.program.wait(_PATIENCE)

    def is_lit(self, text: str) -> bool:
        """Whether the text stands in reversed colours somewhere between the first line and the last."""
        return any(
            line.startswith(text, column) and all(self.screen.buffer[row][column + i].reverse for i in range(len(text)))
            for row, line in list(enumerate(self.screen.display))[1:-1]
            for column in range(len(line))
        )

    def _read(self) -> bool:
        """Take what the program has written; whether it may write more."""
        if not select.select([self._keyboard], [], [], 0.5)[0]:
            return self.program.poll() is None
        try:
            data = os.read(self._keyboard, 65536)
        except OSError:  # how Linux says that the other side is closed
            return False
        self.received += data
        self._stream.feed(data)
        return bool(data)
