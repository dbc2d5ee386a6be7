"""The lessons: a line each, and what they need.

python -m demos
"""

import ast
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

NO_LESSONS = ("__init__", "__main__", "common", "data")


def lessons() -> dict[str, tuple[str, str]]:
    """For each lesson what it shows and what it needs, from its docstring, which is read without importing it."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem not in NO_LESSONS:
            doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            shows, *others = (" ".join(paragraph.split()) for paragraph in doc.split("\n\n"))
            found[path.stem] = shows, next((text for text in others if text.startswith("Needs ")), "")
    return found


def main() -> None:
    """Print the list."""
    table = Table.grid(padding=(0, 2))
    for name, (shows, needs) in lessons().items():
        what, _, _ = needs.partition(":")
        table.add_row(Text(name, "bold"), Text.assemble(shows, "\n", (what.rstrip(".") + ".", "dim")))
    console = Console(markup=False, highlight=False)
    console.print(table)
    console.print("\nRun one with: python -m demos.NAME [--quick] [--help]")
    console.print('The extra "demos" is installed with: pip install -e ".[demos]"')


if __name__ == "__main__":
    main()
