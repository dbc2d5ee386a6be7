"""At kinks and at the edges of domains, values and gradients are those of edge_points.md, signs of zeros included."""

import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import autograd
from autograd import NonFiniteWarning, Value
from tests.autograd.oracle import OPS

NAN, INF = math.nan, math.inf

# Where we differ from PyTorch, and why. PyTorch and JAX disagree with each other in every one of these rows.
DELIBERATE: dict[tuple[str, str], tuple[float, list[float], str]] = {
    ("digamma(x)", "x=-1"): (NAN, [INF], "the pole of trigamma is infinite; PyTorch's 6.6e32 is sin(π) rounded"),
    ("logit(x)", "x=-0.5"): (NAN, [-4 / 3], "the derivative's formula has a value there, as for log(-1), atanh(2)"),
    ("relu(x)*relu(-x)", "x=0"): (-0.0, [-0.0], "-0 · 0 is -0: the edge multiplies, where PyTorch selects"),
}


@dataclass(frozen=True)
class Row:
    """What PyTorch gives for an expression at a point; `agreed` if JAX gives the same."""

    expression: str
    at: str
    value: float
    gradients: list[float]
    agreed: bool

    @property
    def point(self) -> dict[str, float]:
        pairs = (item.split("=") for item in self.at.split(","))
        return {name.strip(): float(number) for name, number in pairs}


def table() -> Iterator[Row]:
    text = Path(__file__).with_name("edge_points.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| topic"):
            _, expression, at, value, gradients, jax, _ = (cell.strip() for cell in line.strip("|").split("|"))
            yield Row(expression, at, float(value), [float(g) for g in gradients.split(",")], jax == "same")


ROWS = list(table())


def measured(row: Row) -> tuple[float, list[float]]:
    """The value and the gradients that autograd gives."""
    leaves = {name: Value(number, name) for name, number in row.point.items()}
    names: dict[str, Any] = {name: getattr(autograd, name) for name in OPS} | leaves
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonFiniteWarning)
        out = eval(row.expression, {"__builtins__": {}}, names)
    out.backward()
    return out.data, [NAN if leaf.grad is None else leaf.grad for leaf in leaves.values()]


def is_same(ours: float, theirs: float) -> bool:
    """Equal to the six digits that the table prints, and alike in sign where both are 0."""
    if math.isnan(theirs) or math.isinf(theirs) or theirs == 0.0:
        return repr(ours) == repr(theirs)
    return math.isclose(ours, theirs, rel_tol=1e-5)


def test_the_table_is_read_whole() -> None:
    assert len(ROWS) == 223
    assert {(row.expression, row.at) for row in ROWS} >= set(DELIBERATE)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.expression} at {row.at}")
def test_value_and_gradient_follow_the_table(row: Row) -> None:
    value, gradients = row.value, row.gradients
    if (row.expression, row.at) in DELIBERATE:
        assert not row.agreed
        value, gradients, _ = DELIBERATE[row.expression, row.at]
    ours, our_gradients = measured(row)
    assert is_same(ours, value), f"value {ours}, expected {value}"
    assert all(map(is_same, our_gradients, gradients)), f"gradients {our_gradients}, expected {gradients}"
