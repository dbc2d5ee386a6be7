"""The README's two lines, and the checks that run them."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograd.cli.command import main

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def shell_lines() -> list[str]:
    return re.findall(r"^python3 -m venv .*$", README, flags=re.MULTILINE)


def test_the_readme_has_a_line_for_the_demo_and_one_for_the_tests() -> None:
    demo, tests = shell_lines()
    assert demo.endswith(".venv/bin/python demos/chain_rule.py")
    assert "pytest" in tests


def test_each_line_makes_its_own_environment_with_nothing_but_python_and_pip() -> None:
    for line in shell_lines():
        assert line.startswith(
            "python3 -m venv --without-pip .venv && python3 -m pip --python .venv/bin/python install"
        )


def test_ci_runs_the_test_line_as_the_readme_has_it() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    [pattern] = re.findall(r"grep -m 1 '(.*)' README\.md", script)
    found = next(line for line in README.splitlines() if re.search(pattern, line))
    assert found == shell_lines()[1]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(document: Path) -> None:
    text = re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (document.parent / target).exists(), target


def sessions() -> list[tuple[str, str]]:
    """The commands that documents show, each with the output that they show below it."""
    found = []
    for document in DOCUMENTS:
        for block in re.findall(r"^```console\n(.*?)^```", document.read_text(encoding="utf-8"), re.M | re.S):
            for session in re.split(r"^\$ ", block, flags=re.M)[1:]:
                command, _, output = session.partition("\n")
                found.append((command, output))
    return found


@pytest.mark.parametrize(("command", "output"), sessions())
def test_every_command_that_is_shown_prints_what_is_shown(command: str, output: str) -> None:
    name, *arguments = shlex.split(command)
    assert name == "backprop"
    result = CliRunner().invoke(main, arguments)
    assert result.output.rstrip() == output.rstrip()
    assert result.exit_code == 0


def test_documents_show_commands() -> None:
    assert len(sessions()) >= 2
