"""What the lessons share and is not the lesson: the command line, bars, and the table "tutorial | here".

A lesson is a module with `main(options)`, which gives its figures, and a docstring: first what it shows, then how it
is run, then a paragraph that begins "Needs": the data and the extra, or "Needs nothing but chainrule."
`python -m demos` lists the first and the last.
"""

import argparse
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from demos.data import MissingDataError

EXTRA = ("h5py", "pandas", "pooch", "sklearn")  # the modules that the lessons import of the extra


class Picture(Protocol):
    """What viz draws: a `Picture` or a `Chart`."""

    def save(self, path: Path) -> Path:
        """Write a file, in the format that its name says."""
        ...


@dataclass(frozen=True)
class Options:
    """What the command line says: a short run or a full one, where pictures go, and where chance begins."""

    quick: bool = False
    folder: Path = Path("pictures")
    seed: int = 0

    def save(self, picture: Picture, name: str) -> None:
        """Put a picture into the folder, and say so."""
        print(f"Wrote {picture.save(self.folder / name)}")


@dataclass(frozen=True)
class Figure:
    """One figure, as the tutorial prints it and as it came out here; "—" where there is none."""

    name: str
    tutorial: str
    here: str


def lesson(main: Callable[[Options], list[Figure]], doc: str | None) -> None:
    """Run a lesson from the command line, in a folder that is made for its pictures, and print its table."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a short run: fewer steps or less data")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--folder", default=Options.folder, help="where the pictures go (./pictures)")
    where.add_argument("folder", nargs="?", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=_seed, default=Options.seed, help="where chance begins (0)")
    given = parser.parse_args()
    options = Options(given.quick, Path(given.folder), given.seed)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # what a terminal cannot show is no reason to stop
    try:
        options.folder.mkdir(parents=True, exist_ok=True)
        figures = main(options)
    except (MissingDataError, OSError) as error:
        parser.exit(1, f"{error}\n")
    except ModuleNotFoundError as error:
        if error.name not in EXTRA:
            raise
        parser.exit(1, f'This lesson needs {error.name}: install the extra "demos", pip install -e ".[demos]"\n')
    Console(markup=False).print(table(figures))
    if options.quick:
        print("This was a short run; the tutorial's figures are those of a full one.")


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 2**31):
        raise argparse.ArgumentTypeError(f"a seed is a whole number from 0 to 2147483647, got {text}")
    return int(text)


@contextmanager
def epochs(n: int, what: str) -> Iterator[Callable[[object], None]]:
    """A bar in the terminal for the epochs of `nn.fit`, in place of its own bar and lines: a callback for it."""
    with Progress(transient=True, disable=not sys.stdout.isatty()) as bar:
        task = bar.add_task(what, total=n)
        yield lambda run: bar.advance(task)


def steps(n: int, what: str) -> Iterator[int]:
    """0, 1, … n - 1, with a bar that shows in a terminal how far it is."""
    with epochs(n, what) as done:
        for i in range(n):
            yield i
            done(i)


def table(figures: Sequence[Figure]) -> Table:
    """The figures as a table, "tutorial | here"."""
    rows = Table("", "tutorial", "here")
    for figure in figures:
        rows.add_row(figure.name, figure.tutorial, figure.here)
    return rows


def with_spread(numbers: Sequence[float], form: str) -> str:
    """What several runs gave: the mean, the smallest and the largest.

    >>> with_spread([0.983, 0.981, 0.982], ".1%"), with_spread([0.983], ".1%")
    ('98.2% (98.1% to 98.3%)', '98.3%')
    """
    mean = f"{sum(numbers) / len(numbers):{form}}"
    return mean if len(numbers) == 1 else f"{mean} ({min(numbers):{form}} to {max(numbers):{form}})"
