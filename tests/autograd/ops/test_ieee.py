"""Floats never raise: results are those of IEEE 754, and a warning names the operation that left the finite numbers."""

import math
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import NonFiniteWarning, Op, Value, registry
from autograd.testing import domains
from tests.autograd import oracle

INF, NAN = math.inf, math.nan
all_floats = st.floats() | st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, INF, -INF, NAN, 5e-324, -5e-324, 1e308, -1e308])
each_operation = pytest.mark.parametrize("op", oracle.OPS.values(), ids=lambda op: op.name)

NON_FINITE = [
    ("log", (0.0,), -INF, "log(x0) is -inf at x0 = 0.0"),
    ("log", (-1.0,), NAN, "log(x0) is nan at x0 = -1.0"),
    ("log1p", (-1.0,), -INF, "log1p(x0) is -inf at x0 = -1.0"),
    ("sqrt", (-1.0,), NAN, "sqrt(x0) is nan at x0 = -1.0"),
    ("div", (1.0, 0.0), INF, "div(x0, x1) is inf at x0 = 1.0, x1 = 0.0"),
    ("div", (-1.0, 0.0), -INF, "div(x0, x1) is -inf at x0 = -1.0, x1 = 0.0"),
    ("div", (0.0, 0.0), NAN, "div(x0, x1) is nan at x0 = 0.0, x1 = 0.0"),
    ("reciprocal", (-0.0,), -INF, "reciprocal(x0) is -inf at x0 = -0.0"),
    ("exp", (1000.0,), INF, "exp(x0) is inf at x0 = 1000.0"),
    ("cosh", (-1000.0,), INF, "cosh(x0) is inf at x0 = -1000.0"),
    ("pow", (-8.0, 1 / 3), NAN, "pow(x0, x1) is nan at x0 = -8.0, x1 = 0.3333333333333333"),
    ("pow", (0.0, -1.0), INF, "pow(x0, x1) is inf at x0 = 0.0, x1 = -1.0"),
    ("pow", (1e200, 2.0), INF, "pow(x0, x1) is inf at x0 = 1e+200, x1 = 2.0"),
    ("mul", (1e200, -1e200), -INF, "mul(x0, x1) is -inf at x0 = 1e+200, x1 = -1e+200"),
    ("remainder", (1.0, 0.0), NAN, "remainder(x0, x1) is nan at x0 = 1.0, x1 = 0.0"),
    ("fmod", (1.0, 0.0), NAN, "fmod(x0, x1) is nan at x0 = 1.0, x1 = 0.0"),
    ("atanh", (1.0,), INF, "atanh(x0) is inf at x0 = 1.0"),
    ("acosh", (0.5,), NAN, "acosh(x0) is nan at x0 = 0.5"),
    ("lgamma", (-3.0,), INF, "lgamma(x0) is inf at x0 = -3.0"),
]


def with_leaves(op: Op, operands: list[float]) -> list[Value | float]:
    """The operands as Values, but for those in which the operation has no derivative."""
    partials = [partial for partial in op.partials for _ in range(len(operands) // len(op.operands))]
    return [Value(x) if partial else x for x, partial in zip(operands, partials, strict=True)]


@pytest.mark.parametrize(("name", "point", "result", "message"), NON_FINITE)
def test_a_result_that_is_not_finite_comes_with_a_warning_that_names_it(
    name: str, point: tuple[float, ...], result: float, message: str
) -> None:
    with pytest.warns(NonFiniteWarning) as caught:
        out = registry[name](*[Value(x, f"x{i}") for i, x in enumerate(point)])
    assert [str(warning.message) for warning in caught] == [message]
    assert caught[0].filename == __file__
    assert repr(out.data) == repr(result)


@pytest.mark.parametrize("point", [(0.0, 1.0), (1.0, -1.0)])
def test_python_operators_give_what_the_functions_give(point: tuple[float, float]) -> None:
    x, y = map(Value, point)
    with pytest.warns(NonFiniteWarning):
        quotient = y / x if point[0] == 0.0 else (y**0.5) / x
    assert not math.isfinite(quotient.data)


@pytest.mark.parametrize("x", [INF, -INF, NAN])
def test_operands_that_are_not_finite_themselves_cause_no_warning(x: float) -> None:
    for op in oracle.OPS.values():  # warnings are errors here
        op(*op.arranged(with_leaves(op, [x] * (2 * len(op.operands) if op.over_lists else len(op.operands)))))


def test_a_negative_base_never_gives_a_complex_number() -> None:
    with pytest.warns(NonFiniteWarning):
        assert math.isnan((Value(-8.0) ** (1 / 3)).data)
    with pytest.warns(NonFiniteWarning):
        assert math.isnan(((-8.0) ** Value(1 / 3)).data)
    assert math.isnan(autograd.pow(-8.0, 1 / 3))


@each_operation
@given(data=st.data())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_no_float_raises(op: Op, data: st.DataObject) -> None:
    length = data.draw(st.sampled_from(domains.lengths(op))) * len(op.operands)
    operands = data.draw(st.lists(all_floats, min_size=length, max_size=length))
    assert type(op(*op.arranged(operands))) is float
    assert type(domains.value(op, operands)) is float
    assert {type(d) for d in domains.local_derivatives(op, operands).values()} <= {float}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonFiniteWarning)
        out = op(*op.arranged(with_leaves(op, operands)))
    assert isinstance(out, Value)
    out.backward()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonFiniteWarning)
        slopes = out.gradient([node for node in out.parents if node.is_leaf])
    assert all(isinstance(slope, Value) for slope in slopes)
