"""The ledger: its products sum to the sweep's gradient bit for bit, and its text says so at any size."""

import math
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import GraphError, LabelError, Value, no_grad, record_lines
from autograd.labels import visible
from autograd.ledger import Ledger, explain
from autograd.paths import count_paths, largest_paths
from autograd.reverse import sweep
from autograd.testing.program import Program as Expression
from autograd.testing.strategies import expressions
from tests.autograd.oracle import OPS
from tests.autograd.programs import Program, programs


def bits(x: float) -> str:
    """Tells 0.0 and -0.0 apart, and nan from all else."""
    return x.hex()


def summed(ledger: Ledger) -> Any:
    """The products, added up from the first."""
    first, *others = [step.product for step in ledger.contributions]
    for product in others:
        first += product
    return first


def grads(values: list[Any]) -> list[float | None]:
    return [value.grad for value in values]


def lesson() -> dict[str, Value]:
    """The numbers of a small lesson, by name: dg/dx = z + 5 = 2."""
    x, y, z = Value(1), Value(3), Value(-3)
    p = x + y
    q = x * 5
    r = p * z
    return {"x": x, "y": y, "z": z, "p": p, "q": q, "r": r, "g": r + q}


def doubled(times: int) -> tuple[Value, Value]:
    """A leaf 0, and what `times` additions to itself make of it: 2^times paths, each of product 1."""
    leaf = end = Value(0.0, "x")
    for _ in range(times):
        end = end + end
    return leaf, end


@given(expressions(ops=OPS))
def test_the_products_summed_in_order_are_the_gradient_to_the_last_bit(expression: Expression) -> None:
    nodes = expression.results(*map(Value, expression.point))
    root = nodes[-1]
    for node, gradient in sweep(root).items():
        ledger = explain(root, node)
        assert bits(ledger.gradient) == bits(gradient)
        if node is not root:
            assert bits(summed(ledger)) == bits(gradient)
            assert all(step.parent is node for step in ledger.contributions)


@given(programs(), st.integers(0, 6))
def test_the_ledger_of_every_node_agrees_with_the_sweep_and_with_the_paths(program: Program, top: int) -> None:
    values = program.values()
    root, gradients = values[-1], sweep(values[-1])
    for node in values:
        ledger = explain(root, node, top=top)
        assert ledger.gradient == gradients.get(node, 0.0)
        assert bool(ledger.contributions) == (node in gradients and node is not root)
        assert ledger.path_count == count_paths(root, node)
        assert [p.locals for p in ledger.paths] == [p.locals for p in largest_paths(root, node, top)]
        assert ledger.root is root
        assert ledger.node is node
        assert ledger.names.keys() >= {root, node}


@given(programs(), st.booleans())
def test_explaining_and_printing_touch_no_gradient(program: Program, after_backward: bool) -> None:
    values = program.values()
    if after_backward:
        values[-1].backward()
    before = grads(values)
    for node in values:
        assert str(explain(values[-1], node, names={"values": values}))
    assert grads(values) == before


@given(programs())
def test_so_far_runs_from_the_first_product_to_the_gradient(program: Program) -> None:
    values = program.values()
    for node in values:
        total: float | None = None
        for step in explain(values[-1], node).contributions:
            assert step.before == total
            total = step.total


def test_the_text_is_a_table_and_the_paths() -> None:
    names = lesson()
    ledger = explain(names["g"], names["x"], names=names)
    assert str(ledger) == repr(ledger)
    assert str(ledger).splitlines() == [
        "∂g/∂x = 2, from 2 contributions over 2 paths",
        "through    upstream  local  product  so far",
        "q = x·5           1      5        5       5",
        "p = x + y        -3      1       -3       2",
        "",
        "paths, largest first",
        "g → q → x: 1 · 5 = 5",
        "g → r → p → x: 1 · -3 · 1 = -3",
    ]


def test_lines_are_shown_where_they_were_recorded() -> None:
    x = Value(3.0, "x")
    with record_lines():
        p = x * 2
        g = p * x
    line = p.line
    assert line is not None
    rows = str(explain(g, x, names={"p": p, "g": g})).splitlines()[1:4]
    assert rows == [
        "through  upstream  local  product  so far  line",
        f"g = p·x         1      6        6       6  test_ledger.py:{line.number + 1}  g = p * x",
        f"p = x·2         3      2        6      12  test_ledger.py:{line.number}  p = x * 2",
    ]
    later = g + x
    without, *others = str(explain(later, x, names={"p": p, "g": g, "later": later})).splitlines()[2:5]
    assert without == "later = g + x         1      1        1       1"
    assert [row.split("  ")[-1] for row in others] == ["g = p * x", "p = x * 2"]


def test_a_line_of_hostile_text_steers_nothing(tmp_path: Path) -> None:
    file = tmp_path / "lesson\u202e.py"
    file.write_text("g = x * 2  # \x1b[31m\tred\n", encoding="utf-8")
    scope: dict[str, Any] = {"x": Value(1.0, "x")}
    with record_lines():
        exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), scope)
    row = str(explain(scope["g"], "x")).splitlines()[2]
    assert row.endswith(r"  lesson\u202e.py:1  g = x * 2  # \x1b[31m red")


def test_the_result_itself_has_the_seed() -> None:
    x = Value(3.0, "x")
    square = x * x
    square.label = "g"
    for node, written in ((square, "g"), (x, "x")):
        ledger = explain(node, node)
        assert (ledger.gradient, ledger.path_count, ledger.contributions, len(ledger.paths)) == (1.0, 1, (), 1)
        seed = "its gradient is the 1 that backpropagation starts from"
        assert str(ledger) == f"{written} is the result itself: {seed}"


def test_a_node_that_is_not_behind_the_result_has_no_ledger() -> None:
    x, y = Value(3.0, "x"), Value(3.0)
    for g in (x * 2, x):
        ledger = explain(g, y, names={"g": g, "y": y})
        assert (ledger.gradient, ledger.path_count, ledger.contributions, ledger.paths) == (0.0, 0, (), ())
        name = g.label or "g"
        assert str(ledger) == f"{name} does not depend on y: no path leads from one to the other"
    assert str(explain(x, x * 2)) == "x does not depend on v1: no path leads from one to the other"


def test_a_node_is_named_by_its_label_its_name_or_what_the_ledger_calls_it() -> None:
    names = lesson()
    x, g = names["x"], names["g"]
    assert explain(g, "x", names=names).node is x
    assert explain(g, "v2").node is names["y"]  # the second in topological order
    x.label = "input"
    assert explain(g, "input").node is x
    with pytest.raises(LabelError, match="no node is labelled 'inptu': did you mean 'input'"):
        explain(g, "inptu")
    with pytest.raises(LabelError, match="no node is labelled 'g'"):
        explain(names["p"], "g", names={"g": g})
    names["y"].label = "input"
    with pytest.raises(LabelError, match="2 nodes are labelled 'input'"):
        explain(g, "input")


def test_what_is_no_node_or_was_not_recorded_is_refused() -> None:
    x, no_node = Value(1.0), cast(Any, 2.0)
    for g, wrt in ((no_node, x), (x, no_node)):
        with pytest.raises(GraphError, match=r"^explain needs a Value, got the float 2\.0"):
            explain(g, wrt)
    with no_grad():
        unrecorded = x * 2
    with pytest.raises(GraphError, match=r"computed under no_grad\(\)"):
        explain(unrecorded, x)
    with pytest.raises(ValueError, match="whole number, 0 or more; got -1"):
        explain(x, x, top=-1)
    with pytest.raises(TypeError, match=r"locals\(\)"):
        explain(x, x, names=cast(Any, [x]))


@pytest.mark.parametrize(
    ("top", "heading"),
    [
        (0, None),
        (1, "the largest of 8 paths"),
        (3, "the 3 largest of 8 paths"),
        (8, "paths, largest first"),
        (9, "paths, largest first"),
    ],
)
def test_the_text_says_whether_all_paths_are_shown(top: int, heading: str | None) -> None:
    x, end = doubled(3)
    text = str(explain(end, x, top=top))
    assert text.startswith("∂v3/∂x = 8, from 2 contributions over 8 paths\n")
    _, separator, paths = text.partition("\n\n")
    assert bool(separator) == (heading is not None)
    if heading:
        assert paths.splitlines() == [heading, *["v3 → v2 → v1 → x: 1 · 1 · 1 = 1"] * min(top, 8)]


def test_one_path_is_the_only_one() -> None:
    x = Value(3.0, "x")
    assert str(explain(-x, x)).endswith("\n\nthe only path\nv1 → x: -1")
    assert str(explain(-x, x)).startswith("∂v1/∂x = -1, from 1 contribution over 1 path\n")


@pytest.mark.parametrize(
    ("times", "paths"),
    [
        (10, "1,024 paths"),
        (49, "562,949,953,421,312 paths"),
        (50, "about 1.126e15 paths (exactly 2^50)"),
        (60, "about 1.153e18 paths (exactly 2^60)"),
        (1023, "about 8.988e307 paths (exactly 2^1023)"),
        (1024, "about 1.798e308 paths (exactly 2^1024)"),
        (10_000, "about 1.995e3010 paths (exactly 2^10000)"),
        (100_000, "about 9.99e30102 paths (exactly 2^100000)"),
    ],
)
def test_any_number_of_paths_is_counted_and_printed(times: int, paths: str) -> None:
    x, end = doubled(times)
    ledger = explain(end, x, top=3)
    assert ledger.path_count == 2**times
    assert f"from 2 contributions over {paths}\n" in str(ledger)
    assert f"\nthe 3 largest of {paths}\n" in str(ledger)


@pytest.mark.parametrize(
    ("factors", "paths"),
    [
        ([9] + [10] * 14, "900,000,000,000,000 paths"),
        ([10] * 15, "about 1e15 paths"),
        ([9, 41, 271] + [10] * 11, "about 1e16 paths"),  # 9.9999e15
        ([3] * 200, "about 2.656e95 paths"),
        ([3] * 10_000, "about 1.631e4771 paths"),
    ],
)
def test_a_number_of_paths_is_called_a_power_of_two_only_if_it_is_one(factors: list[int], paths: str) -> None:
    x = end = Value(0.0, "x")
    for factor in factors:
        end = autograd.sum([end] * factor)
    ledger = explain(end, x)
    assert ledger.path_count == math.prod(factors)
    assert str(ledger).splitlines()[0].endswith(f"contributions over {paths}")


@pytest.mark.parametrize(("uses", "more"), [(11, None), (12, "… 2 more"), (10_000, "… 9,990 more")])
def test_of_many_contributions_the_text_shows_the_first_and_the_last(uses: int, more: str | None) -> None:
    weight = Value(1.0, "w")
    total = autograd.sum([weight * i for i in range(uses)])
    ledger = explain(total, weight)
    assert len(ledger.contributions) == uses
    table = str(ledger).partition("\n\n")[0].splitlines()[2:]
    shown = ledger.contributions
    if more:
        assert table.pop(5) == more
        shown = shown[:5] + shown[-5:]
    assert [row.split()[0] for row in table] == [ledger.names[step.node] for step in shown]
    assert [float(row.split()[-2]) for row in table] == [step.product for step in shown]


def test_zero_with_its_sign_and_nan_are_shown() -> None:
    x = Value(1.0, "x")
    g = x * -0.0 + x * math.nan
    g.label = "g"
    ledger = explain(g, x)
    assert math.isnan(ledger.gradient)
    text = str(ledger)
    assert text.startswith("∂g/∂x = nan, from 2 contributions")
    assert text.endswith("\ng → v2 → x: 1 · nan = nan\ng → v1 → x: 1 · -0 = -0")
    assert bits(explain(x * -0.0, x).gradient) == bits(-0.0)
    assert str(explain(x * -0.0, x)).startswith("∂v1/∂x = -0, ")


@given(st.lists(st.text(), min_size=3, max_size=3))
def test_labels_of_any_text_come_out_as_visible_lines(labels: list[str]) -> None:
    x, p = Value(2.0, labels[0]), Value(3.0, labels[1])
    g = x * p + autograd.sum([x, p, p, x, x])
    g.label = labels[2]
    text = str(explain(g, x))
    lines = text.splitlines()
    assert len(lines) == 1 + 1 + 4 + 2 + 4
    assert all(line == visible(line) for line in lines)


def test_the_text_of_a_long_operation_is_shortened() -> None:
    x, others = Value(2.0, "x"), [Value(0.0, c * 40) for c in "abc"]
    g = autograd.sum([x, *others])
    row = str(explain(g, x)).splitlines()[2]
    assert len(row) < 100
    assert row.startswith("v1 = sum(x, ")
    assert "…" in row
    assert row.endswith("  1      1        1       1")


def test_a_ledger_of_a_chain_of_a_hundred_thousand_is_printed() -> None:
    x = end = Value(1.0, "x")
    for _ in range(100_000):
        end = end * -1.0
    ledger = explain(end, x)
    assert (ledger.gradient, ledger.path_count) == (1.0, 1)
    assert all(len(line) < 200 for line in str(ledger).splitlines())
