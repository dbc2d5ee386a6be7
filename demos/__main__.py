"""The lessons, a line each: what they show and what they need.

python -m demos
"""

import ast
from pathlib import Path

from rich.console import Console
from rich.table import Table

NO_LESSONS = ("__init__", "__main__", "common", "data")


def lessons() -> dict[str, tuple[str, str]]:
    """For each lesson what it shows and what it needs, from its docstring, which is read without importing it."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem not in NO_LESSONS:
            doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            shows, *others = (" ".join(paragraph.split()) for paragraph in doc.split("\n\n"))
            needs = next((text for text in others if text.startswith("Needs ")), "")
            found[path.stem] = shows, needs.removeprefix("Needs ")
    return found


def main() -> None:
    """Print the table."""
    table = Table("lesson", "shows", "needs", caption="Run one with: python -m demos.NAME", caption_justify="left")
    for name, (shows, needs) in lessons().items():
        table.add_row(name, shows, needs)
    Console(markup=False).print(table)


if __name__ == "__main__":
    main()
