"""The command itself: its arguments and options, what it reads and writes, and its exit codes."""

import os
import re
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from autograd.cli.lesson import Lesson
from autograd.errors import ExpressionError, LabelError, NonFiniteWarning
from autograd.expression import read_number
from autograd.ledger import Ledger

_MOST_BYTES = 1_000_000  # far more than the longest text that is read
_MOST_CHECKED = 100
_FILE_NAME = re.compile(r"[^\s()*+=;]+\.[A-Za-z]{1,5}")

_FILE = click.Path(dir_okay=False, path_type=Path)


class _Command(click.Command):
    """A command whose expression may begin with a minus sign: -h is its only option of one letter."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f" {arg}" if re.match(r"-(?!-|h?$)", arg) else arg for arg in args])


class _Failure(click.ClickException):
    """Something that cannot be read, computed or written."""

    exit_code = 2


@click.command(cls=_Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("expression")
@click.argument("numbers", nargs=-1, metavar="[NAME=NUMBER]...")
@click.option("--step", is_flag=True, help="Step through both passes with the keys, forward and back.")
@click.option(
    "--explain", "explained", multiple=True, metavar="NAME", help="Show where the gradient of NAME came from."
)
@click.option("--check", "checked", is_flag=True, help="Hold the gradients against finite differences.")
@click.option("--json", "as_json", is_flag=True, help="Print values, gradients and steps as JSON.")
@click.option("--svg", type=_FILE, help="Write a picture of the graph.")
@click.option("--png", type=_FILE, help="Write a picture of the graph.")
@click.option("--tex", type=_FILE, help="Write the derivation, step by step, as LaTeX.")
@click.version_option(package_name="chainrule", prog_name="backprop")
def main(
    expression: str,
    numbers: tuple[str, ...],
    step: bool,
    explained: tuple[str, ...],
    checked: bool,
    as_json: bool,
    svg: Path | None,
    png: Path | None,
    tex: Path | None,
) -> None:
    r"""Backpropagation through an expression: values, gradients, and every step between them.

    EXPRESSION is one statement or several, separated by semicolons or newlines, such as "p = x + y; g = p * z"; or the
    name of a file that holds them; or - for the standard input. The last that computes something is the result. Put it
    in quotes: the shell has plans of its own for stars and brackets. Every function of the library may be called by
    its name: tanh(x), max([x, y]), clamp(x, 0, 1), where(x > 0, x, 0).

    \b
    Examples:
      backprop "g = (x + y) * z" x=1 y=3 z=-3
      backprop "o = tanh(w*x + b)" w=0.5 x=2 b=-1 --step
      backprop "g = x*y + sin(x)" x=1 y=2 --explain x --check
      backprop lesson.txt --svg g.svg --tex g.tex
      echo "y = x**2" | backprop - x=3 --json

    Exit codes: 0, or 1 if --check finds a gradient wrong, or 2 for what cannot be read, computed or written.
    """
    if step and (as_json or explained or checked):
        raise click.UsageError("--step is a screen of its own: leave out --json, --explain and --check")
    if step and not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError("--step needs a terminal with keys; without it every step is printed")
    _let_any_terminal_print()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", NonFiniteWarning)
        lesson = _lesson(expression, numbers)
        ledgers = [_found(lesson, name) for name in explained]
        if checked and lesson.inputs:
            if len(lesson.inputs) > _MOST_CHECKED:
                raise _Failure(f"--check is for up to {_MOST_CHECKED} inputs, and here are {len(lesson.inputs):,}")
            lesson.check()
    for warning in caught:
        click.echo(f"Warning: {warning.message}", err=True)
    _write_files(lesson, svg, png, tex)
    if step:
        from autograd.cli.screen import run

        run(lesson)
    elif as_json:
        from autograd.cli import documents

        click.echo(documents.as_json(lesson, ledgers))
    else:
        from autograd.cli import reports

        asked_for = [reports.ledger(found) for found in ledgers] + (
            [reports.check(lesson.report)] if lesson.report else []
        )
        reports.show(asked_for or reports.overview(lesson))
    if lesson.report and "wrong" in lesson.report.verdicts:
        raise SystemExit(1)


def _lesson(expression: str, assignments: Sequence[str]) -> Lesson:
    text = _text(expression.removeprefix(" "))
    numbers: dict[str, float] = {}
    for assignment in assignments:
        name, equals, number = (part.strip() for part in assignment.partition("="))
        if not (name and equals):
            hint = "numbers are given as x=1, and the expression before them goes in quotes"
            raise click.UsageError(f"{assignment!r} is no NAME=NUMBER: {hint}")
        if name in numbers:
            raise click.UsageError(f"{name} is given two numbers: {numbers[name]:g} and {number}")
        try:
            numbers[name] = read_number(number)
        except ExpressionError as error:
            raise _Failure(f"in {assignment!r}, {error}") from None
    try:
        return Lesson(text, numbers)
    except (ExpressionError, LabelError) as error:
        raise _Failure(str(error)) from None


def _found(lesson: Lesson, name: str) -> Ledger:
    try:
        return lesson.ledger(name)
    except LabelError as error:
        raise _Failure(f"--explain {name}: {error}") from None


def _text(expression: str) -> str:
    """The expression itself, or what stands in the file or comes from the standard input."""
    try:
        if expression == "-":
            if sys.stdin is None:
                raise _Failure("there is no standard input to read")
            data = sys.stdin.buffer.read(_MOST_BYTES)
        elif ("." in expression or "/" in expression) and os.path.exists(expression) and not os.path.isdir(expression):
            with open(expression, "rb") as file:
                data = file.read(_MOST_BYTES)
        elif _FILE_NAME.fullmatch(expression):
            raise _Failure(f"there is no file {expression!r}, and in an expression no dot follows a name")
        else:
            return expression
        return data.decode(errors="ignore" if len(data) == _MOST_BYTES else "strict")
    except UnicodeDecodeError as error:
        raise _Failure(f"{expression} is not a text in UTF-8: byte {error.start + 1} cannot be read") from None
    except OSError as error:
        raise _Failure(f"{expression} cannot be read: {error.strerror}") from None


def _write_files(lesson: Lesson, svg: Path | None, png: Path | None, tex: Path | None) -> None:
    if not (svg or png or tex):
        return
    import viz
    from autograd.cli import documents
    from autograd.files import write_whole

    picture = viz.draw(lesson.root, names=lesson.nodes)
    wanted: list[tuple[Path | None, Callable[[], bytes]]] = [
        (svg, lambda: picture.svg.encode()),
        (png, lambda: picture.png),
        (tex, lambda: documents.as_latex(lesson).encode()),
    ]
    for path, content in wanted:
        if path is not None:
            if not path.name:
                raise _Failure("a picture or derivation needs the name of a file")
            try:
                write_whole(path, content())
            except OSError as error:
                raise _Failure(f"{path} cannot be written: {error.strerror}") from None
            click.echo(f"Wrote {path}", err=True)


def _let_any_terminal_print() -> None:
    """A terminal or pipe that does not know ∂ gets an escape in its place."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
