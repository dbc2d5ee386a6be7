"""Where in the user's program something happens: the nearest line outside this library."""

import linecache
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a program: its file, and its number from 1.

    >>> line = Line("lessons/first.py", 12)
    >>> print(line)
    first.py:12
    """

    file: str
    number: int

    @property
    def text(self) -> str:
        """What stands there, without indentation; empty if the file cannot be read any more."""
        return linecache.getline(self.file, self.number).strip()

    def __str__(self) -> str:
        return f"{Path(self.file).name}:{self.number}"


@lru_cache(maxsize=4096)
def _line(file: str, number: int) -> Line:
    """One object for all nodes that a line makes."""
    return Line(file, number)


def line_of_caller() -> Line:
    """The line outside this library that led here."""
    frame = sys._getframe(frames_to_caller())
    return _line(frame.f_code.co_filename, frame.f_lineno)


def frames_to_caller() -> int:
    """How many frames lie between the function that asks and the first one outside this library."""
    frame, level = sys._getframe(1), 0
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "autograd":
        frame, level = frame.f_back, level + 1
    return level
