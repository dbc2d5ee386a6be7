"""Imports run strictly downwards: each module imports only from those below it, and the packages keep apart."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# From the bottom up. A module may import those before it, and no other.
LAYERS = [
    "errors",
    "columns",
    "labels",
    "files",
    "lines",
    "numerals",
    "notation",
    "special",
    "numbers",
    "structure",
    "rows",
    "namespaces",
    "along",
    "arrays",
    "sliding",
    "totals",
    "op",
    "arrayop",
    "define",
    "ops",
    "modes",
    "node",
    "preconditions",
    "order",
    "names",
    "symbols",
    "terms",
    "board",
    "nonfinite",
    "ufuncs",
    "reverse",
    "higher",
    "kernels",
    "graphmethods",
    "methods",
    "value",
    "shapes",
    "readonly",
    "recording",
    "arraymethods",
    "tensor",
    "mistakes",
    "answers",
    "blanks",
    "worksheets",
    "step",
    "stepper",
    "flow",
    "words",
    "diagnosis",
    "paths",
    "ledger",
    "plain",
    "table",
    "graph",
    "replay",
    "unroll",
    "runs",
    "forward",
    "derivatives",
    "source",
    "expression",
    "testing",
    "__init__",
    "cli",
    "pytest_plugin",
]
NN_LAYERS = [
    "tree",
    "seeds",
    "arguments",
    "state",
    "wiring",
    "hooks",
    "module",
    "modes",
    "init",
    "layers",
    "losses",
    "neuron",
    "activations",
    "summaries",
    "formats",
    "files",
    "saving",
    "data",
    "augment",
    "metrics",
    "optim",
    "training",
    "__init__",
]
PACKAGES = {"autograd": LAYERS, "nn": NN_LAYERS}
ABOVE_VIZ = ["cli", "pytest_plugin"]
PLOTS_ITSELF = ROOT / "nn" / "training" / "history.py"
BUILT_ON_AUTOGRAD = ["nn", "viz"]
PUBLIC = ["autograd", "autograd.testing"]
FOR_TESTING = {"autograd/testing/strategies.py": {"hypothesis"}, "autograd/testing/precise.py": {"mpmath"}}
SHARED = ["autograd.files", "autograd.labels", "autograd.names", "autograd.numerals"]  # what is not autograd alone


def modules(package: str) -> Iterator[tuple[Path, str]]:
    """The files of a package, with the name of the module or subpackage of it that each belongs to."""
    for path in sorted((ROOT / package).rglob("*.py")):
        yield path, path.relative_to(ROOT / package).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[tuple[str, str, bool]]:
    """(module, name or "", whether it is for the type checker only) of each import, wherever in the file it stands."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, "", id(node) in for_types
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            for alias in node.names:
                yield str(node.module), alias.name, id(node) in for_types


def parts_of(package: str, path: Path) -> Iterator[str]:
    """The parts of a package that a file of it imports when it runs."""
    for module, name, for_types in imported(path):
        top, _, inner = module.partition(".")
        if top == package and not for_types:
            assert inner or name, f"{path}: import what is needed from the modules below, not the whole package"
            yield inner.partition(".")[0] or name


@pytest.mark.parametrize("package", PACKAGES)
def test_the_layers_are_all_the_modules_there_are(package: str) -> None:
    layers = PACKAGES[package]
    assert {name for _, name in modules(package)} == set(layers)
    assert len(set(layers)) == len(layers)


@pytest.mark.parametrize(("package", "layer"), [(package, each) for package in PACKAGES for each in PACKAGES[package]])
def test_a_module_imports_only_from_the_layers_below(package: str, layer: str) -> None:
    layers = PACKAGES[package]
    below = set(layers[: layers.index(layer)])
    for path in [path for path, name in modules(package) if name == layer]:
        siblings = {layer} if path.parent.name == layer else set()
        upward = set(parts_of(package, path)) - below - siblings
        assert not upward, f"{path.name} imports {upward}, which stand beside or above it"


def test_the_architecture_has_a_row_for_every_module_in_the_order_of_the_layers() -> None:
    document = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `((?:autograd|viz)/[^|]*) \|", document, flags=re.MULTILINE)
    named = [f"{row.partition('/')[0]}.{name}" for row in rows for name in re.findall(r"(\w+)(?:\.py|/`)", row)]
    layers = [name for name in LAYERS if name not in ("testing", "__init__")]
    assert [name.removeprefix("autograd.") for name in named if name.removeprefix("autograd.") in layers] == layers
    drawing = {f"viz.{path.stem}" for path, _ in modules("viz") if path.name != "__init__.py"}
    assert {name for name in named if name.startswith("viz.")} == drawing
    rows = re.findall(r"^\| `nn/([^|]*) \|", document, flags=re.MULTILINE)
    assert [name for row in rows for name in re.findall(r"(\w+)(?:\.py|/`)", row)] == NN_LAYERS[:-1]


def test_the_families_of_operations_do_not_import_each_other() -> None:
    for path, name in modules("autograd"):
        if name == "ops" and path.name != "__init__.py":
            assert "ops" not in set(parts_of("autograd", path)), path.name


@pytest.mark.parametrize("package", BUILT_ON_AUTOGRAD)
def test_nn_and_viz_use_autograd_s_public_names_only(package: str) -> None:
    from autograd import registry

    for path, _ in modules(package):
        for module, name, _ in imported(path):
            if module.partition(".")[0] == "autograd" and module not in SHARED:
                assert module in PUBLIC, f"{path}: import from {' or '.join(PUBLIC)}, not from {module}"
                public = name == "" or name in import_module(module).__all__ or name in registry
                assert public, f"{path}: {name} is not a public name of {module}"


@pytest.mark.parametrize(("package", "other"), [("nn", "viz"), ("viz", "nn"), ("autograd", "nn"), ("autograd", "viz")])
def test_packages_do_not_import_what_stands_beside_or_above_them(package: str, other: str) -> None:
    for path, name in modules(package):
        if not (other == "viz" and (name in ABOVE_VIZ or path == PLOTS_ITSELF)):
            for module, _, _ in imported(path):
                assert module.partition(".")[0] not in (other, "demos", "tests", "benchmarks"), path


def test_the_engine_needs_nothing_but_numpy_and_scipy() -> None:
    for path, name in modules("autograd"):
        if name not in ABOVE_VIZ:
            tops = {module.partition(".")[0] for module, _, _ in imported(path)}
            allowed = {"autograd", "numpy", "scipy"} | FOR_TESTING.get(path.relative_to(ROOT).as_posix(), set())
            assert tops - sys.stdlib_module_names <= allowed, path


def test_the_tools_for_testing_come_without_hypothesis_and_mpmath() -> None:
    code = "import sys, autograd.testing; print(sys.modules.keys() & {'hypothesis', 'mpmath'})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_the_reader_of_imports_sees_every_form(tmp_path: Path) -> None:
    file = tmp_path / "sample.py"
    file.write_text(
        "import a.b\nfrom c import d, e\ndef f():\n    from g.h import i\nif TYPE_CHECKING:\n    import j\n"
    )
    expected = [("a.b", "", False), ("c", "d", False), ("c", "e", False), ("g.h", "i", False), ("j", "", True)]
    assert sorted(imported(file)) == expected
