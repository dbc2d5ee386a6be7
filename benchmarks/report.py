"""Tables of measurements: printed on the terminal and written as Markdown, with versions and the machine."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import rich.table
from rich.console import Console


@dataclass(frozen=True)
class Table:
    """A titled table; its first column holds names, the others numbers."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]

    def printed(self) -> rich.table.Table:
        """The table for a terminal."""
        table = rich.table.Table(title=self.title, title_justify="left")
        for i, heading in enumerate(self.headings):
            table.add_column(heading, justify="right" if i else "left")
        for row in self.rows:
            table.add_row(*row)
        return table

    def markdown(self) -> str:
        """The table for a document."""
        lines = [self.headings, ["---", *["---:"] * (len(self.headings) - 1)], *self.rows]
        return f"## {self.title}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """The machine and its Python, in a line."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores"


def report(introduction: str, packages: Sequence[str], tables: Sequence[Table], file: Path | None) -> None:
    """Print the tables and, if a file is given, write them there below the introduction."""
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    console = Console()
    console.print(f"{machine()}; {versions}")
    for table in tables:
        console.print(table.printed())
    if file is not None:
        title, _, rest = introduction.strip().partition("\n")
        parts = [
            f"# {title}",
            rest.strip("\n"),
            f"Measured with {machine()}; {versions}.",
            *[t.markdown() for t in tables],
        ]
        file.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
