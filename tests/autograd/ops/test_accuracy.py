"""Each operation's value and local derivatives are right to a few units in the last place, at points of its domain.

"Right" allows for the operands' own rounding: the result is within a few ulps of the exact one, or of the exact one for
operands that were moved by a few ulps. No algorithm that works in floats can promise more: next to a zero of sin(πx),
moving x by an ulp changes every digit.
"""

import math
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from autograd import Op
from autograd.testing import domains, strategies
from tests.autograd import oracle

EPSILON = 2.0**-52
FEW = 5
TINY = 1e-300  # where the reference ends

# expm1(u) - u·exp(u) cancels for small u = x/alpha: right only to ulps of u, not of its value, which is near -u²/2.
CANCELS = {("celu", 1): lambda x, alpha: x / alpha}

MOVED = mpf(10) ** -20


def exact_and_sensitivity(f: Callable[[list[Any]], Any], operands: Sequence[float]) -> tuple[Any, Any]:
    """f, and how far it moves, relative to the move, when its operands move by a small part of their size."""
    exact, moves = f(list(operands)), mpf(0)
    for i, x in enumerate(operands):
        if x - x == 0.0 and x != 0.0:
            moved = [*operands[:i], mpf(x) * (1 - MOVED), *operands[i + 1 :]]
            moves += abs(f(moved) - exact) / MOVED
    return exact, moves


def check(op: Op, operands: Sequence[float]) -> None:
    results = [(None, domains.value(op, operands)), *domains.local_derivatives(op, operands).items()]
    for index, ours in results:

        def exactly(x: list[Any], index: int | None = index) -> Any:
            return oracle.value(op, x) if index is None else oracle.derivative(op, x, index)

        if index is None:
            with mp.workdps(60):
                exact, moves = exact_and_sensitivity(exactly, operands)
        else:
            exact, moves = oracle.converged(lambda: exact_and_sensitivity(exactly, operands))
        if abs(exact) > sys.float_info.max:
            assert ours == mp.sign(exact) * math.inf
            continue
        scale = abs(exact) + moves
        if (op.name, index) in CANCELS:
            scale += abs(CANCELS[op.name, index or 0](*operands))
        assert abs(ours - exact) <= FEW * EPSILON * scale + TINY, (op.name, index, operands, ours, exact)


@pytest.mark.parametrize("op", oracle.OPS.values(), ids=lambda op: op.name)
@given(data=st.data())
@settings(max_examples=15, deadline=None, derandomize=True)
def test_value_and_local_derivatives_are_right_to_a_few_ulps(op: Op, data: st.DataObject) -> None:
    check(op, data.draw(strategies.operands(op, bound=20.0, distance=1e-6)))
