"""Far out and at the edges, second derivatives of Tensors are those of Values.

A Value's graph holds only the branch of a choice that was taken, a Tensor's holds both: what is infinite in the branch
that was not taken must not get into the derivative as 0·∞.
"""

import warnings
from itertools import product
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import NonFiniteWarning, Op, Tensor, Value
from autograd.testing import domains
from tests.autograd.ops.samples_elementwise import ELEMENTWISE

FAR = [0.0, -0.0, 0.5, 1.0, -1.0, 2.0, -2.0, 90.0, -90.0, 800.0, -800.0, 1e160, -1e160]
FEWER = [0.0, 1.0, -1.0, 800.0, -800.0]  # for each of three operands
FAR_IN_SINGLE = [0.0, 0.5, 1.0, -1.0, 90.0, -90.0]
TINY = 1e-300
# exp(90) is beyond single precision, and here it belongs to the branch that is taken: ∞ - ∞ is what is left of it.
TOO_LARGE_IN_SINGLE = {"celu": [(-90.0, -1.0)]}
each_elementwise = pytest.mark.parametrize("op", ELEMENTWISE.values(), ids=lambda op: op.name)


def points(op: Op, grid: list[float]) -> list[tuple[float, ...]]:
    """All points of the grid; an operand in which the operation has no derivative is 1."""
    return list(product(*[grid if interval else [1.0] for interval in domains.intervals(op, 1)]))


def _total(node: Any) -> Any:
    return node.sum() if isinstance(node, Tensor) else node


def second_derivatives(op: Op, operands: list[Any]) -> list[list[Any]]:
    """The gradient of the gradient in each operand that is a node."""
    nodes = [x for x in operands if not isinstance(x, float)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonFiniteWarning)
        slopes = _total(op(*operands)).gradient(nodes)
        return [[x.data for x in _total(slope).gradient(nodes)] for slope in slopes]


def of_tensors_and_of_values(op: Op, dtype: Any, points: list[tuple[float, ...]]) -> tuple[Any, Any]:
    """The second derivatives at the points: those of Tensors of the dtype, and those of Values, rounded to it."""
    fixed = [interval is None for interval in domains.intervals(op, 1)]

    def nodes(kind: Any, operands: Any) -> list[Any]:
        return [x if is_fixed else kind(x) for x, is_fixed in zip(operands, fixed, strict=True)]

    columns = [
        column[0] if is_fixed else column for column, is_fixed in zip(zip(*points, strict=True), fixed, strict=True)
    ]
    found = second_derivatives(op, nodes(lambda column: Tensor(np.array(column), dtype=dtype), columns))
    each = [second_derivatives(op, nodes(Value, point)) for point in points]
    with np.errstate(over="ignore"):
        return np.array(found), np.moveaxis(np.array(each), 0, -1).astype(dtype)


@each_elementwise
def test_second_derivatives_of_tensors_are_those_of_values(op: Op) -> None:
    grid = points(op, FAR if len(op.operands) < 3 else FEWER)
    found, expected = of_tensors_and_of_values(op, np.float64, grid)
    same = np.isclose(found, expected, rtol=1e-9, atol=TINY, equal_nan=True).all((0, 1))
    assert [point for point, is_same in zip(grid, same, strict=True) if not is_same] == []


@each_elementwise
def test_in_single_precision_none_is_nan_that_has_a_value(op: Op) -> None:
    grid = [point for point in points(op, FAR_IN_SINGLE) if point not in TOO_LARGE_IN_SINGLE.get(op.name, [])]
    found, expected = of_tensors_and_of_values(op, np.float32, grid)
    spoilt = (np.isnan(found) & ~np.isnan(expected)).any((0, 1))
    assert [point for point, is_spoilt in zip(grid, spoilt, strict=True) if is_spoilt] == []


def test_the_hessian_of_a_choice_is_that_of_the_branch_taken() -> None:
    x = np.array([1.0, 800.0])
    assert not np.any(autograd.hessian(lambda x: autograd.sum(autograd.elu(x)))(x))
