"""The README's two lines, and the checks that run them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
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


def test_every_link_of_the_readme_leads_to_a_file() -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", README):
        assert (ROOT / target).exists(), target
