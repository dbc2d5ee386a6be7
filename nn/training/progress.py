"""Progress: a bar for the epoch under way, and a line for each that is done, in a terminal or notebook."""

import sys
from time import perf_counter
from typing import Any, Self

from autograd.numerals import numeral
from nn.training.callbacks import Callback
from nn.training.run import Run

_INTERVAL = 0.1  # seconds between two pictures: drawing one takes as long as many a step


class Progress(Callback):
    """Shows where a training stands, within its context."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        text = TextColumn("{task.fields[text]}", markup=False)
        columns = TextColumn("{task.description}"), BarColumn(bar_width=20), MofNCompleteColumn(), text
        console = Console(stderr=True)
        # What is printed meanwhile is drawn above the bar, unless it goes elsewhere.
        here = sys.stdout.isatty()
        self._bar = Bar(*columns, console=console, auto_refresh=False, transient=True, redirect_stdout=here)
        self._task: Any = None
        self._lines: list[str] = []
        self._shown = self._began = 0.0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._print()
        self._bar.stop()

    def on_train_begin(self, run: Run) -> None:
        """Begin with an empty bar."""
        total = len(run.batches) if hasattr(run.batches, "__len__") else None
        self._task = self._bar.add_task("", total=total, text="")
        self._began = perf_counter()

    def on_batch_end(self, run: Run) -> None:
        """Draw the bar, if the last picture is old enough."""
        now = perf_counter()
        if now - self._shown < _INTERVAL:
            return
        self._print()
        rate = run.means.samples / (now - self._began)
        text = f"{rate:,.0f} samples/s  {_written(run.means.now())}"
        self._bar.update(
            self._task, description=_epoch(run, run.epoch + 1), completed=run.batch, text=text, refresh=True
        )
        self._shown = perf_counter()

    def on_epoch_end(self, run: Run) -> None:
        """Print the epoch's line; if the last picture is too young, with the next one."""
        now = perf_counter()
        last = {name: column[-1] for name, column in run.history.items()}
        self._lines.append(f"{_epoch(run, run.epoch)}  {now - self._began:.1f} s  {_written(last)}")
        self._began = now
        if now - self._shown >= _INTERVAL:
            self._print()
            self._shown = now

    def _print(self) -> None:
        if self._lines:
            self._bar.console.print("\n".join(self._lines), highlight=False, markup=False)
            self._lines.clear()


def is_watched() -> bool:
    """Whether somebody sees what is drawn: in a terminal or a Jupyter notebook."""
    return "ipykernel" in sys.modules or bool(sys.stderr and sys.stderr.isatty())


def _epoch(run: Run, epoch: int) -> str:
    return f"epoch {epoch:>{len(str(run.epochs))}}/{run.epochs}"


def _written(numbers: dict[str, float]) -> str:
    return "  ".join(f"{name} {numeral(x)}" for name, x in numbers.items())
