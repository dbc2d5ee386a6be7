"""Definitions read with mpmath's numbers give what is exact, to as many digits as are asked for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from autograd import Op, numbers
from autograd.testing import domains
from autograd.testing.precise import FUNCTIONS, PRECISE
from autograd.testing.strategies import operands
from tests.autograd import oracle

# Definitions with a constant that was rounded, such as π, ln 2 or 1/6; tanhshrink's series is one for floats.
ROUNDED = {
    "deg2rad", "rad2deg", "erf", "erfc", "erfinv", "gelu", "gelu_tanh", "hardsigmoid", "hardswish", "selu", "sinc",
    "exp2", "log2", "log10", "logaddexp", "logaddexp2", "tanhshrink",
}  # fmt: skip


def test_every_function_that_definitions_are_written_with_is_there() -> None:
    assert FUNCTIONS.keys() == numbers.FLOATS.keys() == numbers.ARRAYS.keys()


@pytest.mark.parametrize("op", oracle.OPS.values(), ids=lambda op: op.name)
@given(data=st.data())
@settings(max_examples=5)
def test_value_and_local_derivatives_have_the_digits_asked_for(op: Op, data: st.DataObject) -> None:
    floats = data.draw(operands(op, bound=4.0, margin=1e-2))
    digits = 14 if op.name in ROUNDED else 35
    wanted = [interval is not None for interval in domains.intervals(op, len(floats) // len(op.operands))]
    with mp.workdps(150):  # the differences have 50 digits
        arguments = op.arranged([mpf(x) for x in floats])
        value = op.value(PRECISE, arguments)
        assert mp.almosteq(value, oracle.value(op, floats), rel_eps=mpf(10) ** -digits, abs_eps=mpf(10) ** -digits)
        ours = op.local_derivatives(PRECISE, arguments, value, wanted)
        exact = [oracle.derivative(op, floats, i) for i, is_wanted in enumerate(wanted) if is_wanted]
        for x, truth in zip(ours, exact, strict=True):
            assert mp.almosteq(x, truth, rel_eps=mpf(10) ** -digits, abs_eps=mpf(10) ** -digits)


@pytest.mark.parametrize("digits", [20, 50, 100])
def test_the_precision_is_that_of_mpmath_at_the_time(digits: int) -> None:
    with mp.workdps(digits):
        short = PRECISE.tanh(mpf(1))
    with mp.workdps(2 * digits):
        assert 0 < abs(short - mp.tanh(1)) < mpf(10) ** (1 - digits)
