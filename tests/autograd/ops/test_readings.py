"""One definition, several readings: arrays, symbols and nodes give what floats give, in value and local derivatives."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograd import Op, Value
from autograd.namespaces import ARRAYS, FLOATS
from autograd.testing import domains, strategies
from tests.autograd import oracle
from tests.autograd.formulas import number

EPSILON = 2.0**-52
at_random_points = settings(max_examples=10, deadline=None, derandomize=True)
OPS = list(oracle.OPS.values())
SCALAR_OPS = [op for op in OPS if not op.over_lists]
each_operation = pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
each_scalar_operation = pytest.mark.parametrize("op", SCALAR_OPS, ids=lambda op: op.name)


@each_operation
@given(data=st.data())
@at_random_points
def test_a_printed_formula_comes_to_the_local_derivative(op: Op, data: st.DataObject) -> None:
    length = 2 if op.over_lists else 1
    drawn = strategies.operands(op, bound=3.0, distance=1e-2).filter(lambda x: len(x) >= length * len(op.operands))
    lists = op.arranged(data.draw(drawn))
    operands = [x for items in lists for x in items[:length]] if op.over_lists else list(lists)
    assume(domains.is_regular(op, operands, 1e-2))
    names = [name + subscript for name in op.operands for subscript in ("₁₂" if op.over_lists else [""])]
    at = dict(zip([name.replace("₁", "1").replace("₂", "2") for name in names], operands, strict=True))
    at["c"] = max(operands)  # what is subtracted before exp, against overflow
    formulas = op.derivative_formulas()
    for i, ours in domains.local_derivatives(op, operands).items():
        formula = formulas[names[i]].text.replace("₁", "1").replace("₂", "2")
        # printed constants have six digits
        assert number(formula, at) == pytest.approx(ours, rel=1e-4, abs=1e-6), formula


@each_operation
def test_formulas_are_written_for_each_operand_in_text_and_latex(op: Op) -> None:
    for name, formula in op.derivative_formulas().items():
        assert name.rstrip("₁₂") in op.operands
        assert formula.text.count("(") == formula.text.count(")")
        assert formula.latex.count("{") == formula.latex.count("}")
        assert formula.latex.count(r"\left") == formula.latex.count(r"\right")
        assert "<" not in formula.text or "where" in formula.text


@each_scalar_operation
@given(data=st.data())
@at_random_points
def test_arrays_give_elementwise_what_floats_give(op: Op, data: st.DataObject) -> None:
    rows = data.draw(st.lists(strategies.operands(op, bound=5.0, distance=1e-3), min_size=1, max_size=4))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    with np.errstate(all="ignore"):  # of the two sides of a choice both are computed
        out = op.value(ARRAYS, columns)
        wanted = [partial is not None for partial in op.partials]
        partials = op.local_derivatives(ARRAYS, columns, out, wanted)
    floats = [[domains.value(op, row), *domains.local_derivatives(op, row).values()] for row in rows]
    for array, expected in zip([out, *partials], zip(*floats, strict=True), strict=True):
        assert np.broadcast_to(array, len(rows)) == pytest.approx(
            np.array(expected), rel=64 * EPSILON, abs=64 * EPSILON
        )


@each_operation
@given(data=st.data())
@at_random_points
def test_nodes_give_what_floats_give_to_the_bit(op: Op, data: st.DataObject) -> None:
    operands = data.draw(strategies.operands(op, bound=5.0, distance=1e-3))
    expected = domains.local_derivatives(op, operands)
    leaves = [Value(x) if i in expected else x for i, x in enumerate(operands)]
    out = op(*op.arranged(leaves))
    variables = [leaves[i] for i in expected]
    assert out.data == domains.value(op, operands)
    assert list(out.partials) == list(expected.values())
    assert [slope.data for slope in out.gradient(variables)] == list(expected.values())


def test_where_python_raises_the_definition_is_read_with_numpy() -> None:
    assert FLOATS.evaluate(lambda m, x: 1.0 / x, 0.0) == float("inf")
    assert type(FLOATS.evaluate(lambda m, x: m.exp(x), 1e4)) is float
