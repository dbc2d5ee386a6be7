"""What the command prints for people: the values, the steps, and the check, as tables."""

import io
from collections.abc import Iterable, Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograd.cli.lesson import Lesson
from autograd.ledger import Ledger
from autograd.numerals import numeral
from autograd.step import Step
from autograd.testing import Report
from viz.outline import Outline

_UNLIMITED_WIDTH = 100_000
_MOST_STEPS = 1000
_PLAIN = str.maketrans({"├": "|", "└": "`", "│": "|", "─": "-", "…": "...", "—": "-", "∂": "d", "·": "*", "→": "->"})
_VERDICT_STYLES = {"correct": "green", "wrong": "bold red"}


def show(reports: Iterable[RenderableType]) -> None:
    """Print reports, a blank line between them: in colour on a terminal that wants it, elsewhere as wide as need be."""
    terminal = Console(highlight=False)
    file = terminal.file if terminal.is_terminal else io.StringIO()
    console = terminal if terminal.is_terminal else Console(file=file, highlight=False, width=_UNLIMITED_WIDTH)
    for i, report in enumerate(reports):
        if i:
            console.print()
        console.print(report)
    if isinstance(file, io.StringIO):
        text = "\n".join(line.rstrip() for line in file.getvalue().splitlines())
        print(text if _can_print(terminal.encoding, "├─∂·→") else text.translate(_PLAIN))


def _can_print(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def overview(lesson: Lesson) -> Iterator[RenderableType]:
    """The graph with its numbers and gradients, then a table of every step."""
    yield Outline((lesson.root,), lesson.names)
    if lesson.steps:
        yield steps(lesson.steps)
    unused = [name for name, gradient in lesson.gradients.items() if gradient is None]
    if unused:
        yield Text(f"{lesson.result} does not depend on {', '.join(unused)}.")


def ledger(found: Ledger) -> RenderableType:
    """The ledger as it prints itself."""
    return Text(str(found))


def steps(done: Sequence[Step]) -> Table:
    """A row for each step: the operation, and what is done in symbols and in numbers; of very many the ends."""
    table = _table("step", "operation", "chain rule", "in numbers", "")
    hidden = range(_MOST_STEPS // 2, len(done) - _MOST_STEPS // 2)
    for i, step in enumerate(done):
        if i in hidden:
            if i == hidden.start:
                table.add_row(f"… {len(hidden):,} more")
            continue
        rule = "" if step.phase == "forward" else str(step.rule)
        cells = (f"{step.phase} {step.number}", str(step.statement), rule, str(step.numbers), step.so_far)
        table.add_row(*map(Text, cells), end_section=step.phase == "forward" and step.number == step.of)
    return table


def check(report: Report) -> RenderableType:
    """A row for each input: its gradient, and what finite differences make of it; then the operations to blame."""
    table = _table("input", "gradient", "finite difference", "± error", "verdict")
    for name, check in zip(report.inputs, report.checks, strict=True):
        slope = check.judgement.slopes.best
        numbers = (repr(check.judgement.gradient), repr(slope.value), numeral(slope.error))
        verdict = Text(check.verdict, style=_VERDICT_STYLES.get(check.verdict, "yellow"))
        table.add_row(Text(name), *map(Text, numbers), verdict)
    blamed = Text("\n".join(["", *map(str, report.culprits)])) if report.culprits else ""
    return Group(table, blamed) if blamed else table


def _table(*headings: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
