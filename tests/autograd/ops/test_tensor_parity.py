"""What an operation gives for the elements of a Tensor it gives for Values; and PyTorch, if installed, agrees."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Op, Tensor, Value
from autograd.testing import domains, strategies
from tests.autograd.ops.samples_elementwise import ELEMENTWISE, REDUCTIONS

FEW = 32 * 2.0**-52  # units in the last place, relative to a number or to 1
each_elementwise = pytest.mark.parametrize("op", ELEMENTWISE.values(), ids=lambda op: op.name)
each_reduction = pytest.mark.parametrize("op", REDUCTIONS.values(), ids=lambda op: op.name)
at_random_points = settings(max_examples=5, derandomize=True, deadline=None)

SAME = 1e-7  # PyTorch's hardsigmoid divides by a 6 of single precision, and its sinc cancels near 0
NOT_IN_TORCH = {"gelu_tanh", "identity", "power_slope", "cbrt", "sech2", "spherical_jn"}


def columns(op: Op, points: list[list[float]]) -> list[Any]:
    """For each operand a Tensor of what it is at the points; numbers, the first, where it is not differentiable."""
    arrays = [np.array(column) for column in zip(*points, strict=True)]
    wanted = domains.intervals(op, 1)
    return [Tensor(x) if interval else float(x[0]) for x, interval in zip(arrays, wanted, strict=True)]


def drawn(op: Op) -> st.SearchStrategy[list[list[float]]]:
    """Points that agree in the operands in which the operation is not differentiable."""
    points = st.lists(strategies.operands(op, bound=5.0, distance=1e-3), min_size=1, max_size=4)
    fixed = [i for i, interval in enumerate(domains.intervals(op, 1)) if interval is None]

    def agreeing(points: list[list[float]]) -> list[list[float]]:
        return [[points[0][i] if i in fixed else x for i, x in enumerate(point)] for point in points]

    return points.map(agreeing)


def assert_close(found: Any, expected: Any) -> None:
    assert np.asarray(found) == pytest.approx(np.array(expected, float), rel=FEW, abs=FEW)


@each_elementwise
@given(data=st.data())
@at_random_points
def test_elements_are_what_values_are_with_their_gradients(op: Op, data: st.DataObject) -> None:
    points = data.draw(drawn(op))
    operands = columns(op, points)
    out = op(*operands)
    out.sum().backward()
    wanted = [isinstance(x, Tensor) for x in operands]
    leaves = [[Value(x) if is_wanted else x for x, is_wanted in zip(point, wanted, strict=True)] for point in points]
    values = [op(*point) for point in leaves]
    for value in values:
        value.backward()
    assert_close(out.data, [value.data for value in values])
    for i, operand in enumerate(operands):
        if isinstance(operand, Tensor):
            assert_close(operand.grad, [point[i].grad for point in leaves])  # type: ignore[union-attr]


@each_reduction
@given(data=st.data())
@at_random_points
def test_rows_are_folded_as_lists_of_values_are(op: Callable[..., Any], data: st.DataObject) -> None:
    row = data.draw(strategies.operands(cast(Op, op), bound=5.0, distance=1e-2).filter(bool))
    rows = [row, [2.0 * x for x in row]]
    x = Tensor(rows)
    out = op(x, axis=1)
    out.sum().backward()
    lists = [[Value(item) for item in each] for each in rows]
    values = [op(each) for each in lists]
    for value in values:
        value.backward()
    assert_close(out.data, [value.data for value in values])
    assert_close(x.grad, [[item.grad for item in each] for each in lists])


def assert_same_as_in_torch(ours: Callable[..., Any], theirs: Callable[..., Any], operands: list[Any]) -> None:
    """Value and gradients for these Tensors and numbers agree."""
    torch = pytest.importorskip("torch")
    leaves = [x for x in operands if isinstance(x, Tensor)]
    others = [torch.tensor(x.numpy(), requires_grad=True) if isinstance(x, Tensor) else x for x in operands]
    out, other = ours(*operands), theirs(*others)
    out.sum().backward()
    assert out.data == pytest.approx(other.detach().numpy(), rel=SAME, abs=SAME)
    if other.requires_grad:
        other.sum().backward()
    for leaf, like in zip(leaves, [x for x in others if isinstance(x, torch.Tensor)], strict=True):
        slope = np.zeros(leaf.shape) if like.grad is None else like.grad.numpy()
        assert leaf.grad == pytest.approx(slope, rel=SAME, abs=SAME)


def is_regular_by_default(op: Op, operands: list[Any]) -> bool:
    """Whether the points are away from the kinks that the operation has with its defaults."""
    rows = zip(*[x.tolist() for x in operands], strict=True)
    return all(domains.is_regular(op, [*row, *op.defaults], 1e-3) for row in rows)


def in_torch(op: Op) -> Callable[..., Any] | None:
    """PyTorch's function of the same name, for operands as ours takes them."""
    torch = pytest.importorskip("torch")
    if op.name == "where":
        return lambda condition, x, y: torch.where(condition != 0.0, x, y)
    if op.name == "polygamma":
        return lambda n, x: torch.polygamma(int(n), x)
    homes = (torch, torch.nn.functional, torch.special)
    return next((getattr(home, op.name) for home in homes if hasattr(home, op.name)), None)


@each_elementwise
def test_pytorch_agrees_element_by_element(op: Op) -> None:
    theirs = in_torch(op)
    if theirs is None:
        assert op.name in NOT_IN_TORCH
        return
    # Slopes and thresholds are plain numbers in PyTorch, with the same defaults.
    count = len(op.operands) - (0 if op.name == "clamp" else len(op.defaults))

    @given(st.data())
    @at_random_points
    def at_points(data: st.DataObject) -> None:
        operands = columns(op, data.draw(drawn(op)))[:count]
        if count == len(op.operands) or is_regular_by_default(op, operands):
            assert_same_as_in_torch(op, theirs, operands)

    at_points()


ALONG_AXES_IN_TORCH: dict[str, tuple[str, dict[str, Any]]] = {
    "max": ("amax", {}),
    "min": ("amin", {}),
    "var": ("var", {"correction": 0}),
    "std": ("std", {"correction": 0}),
}


@each_reduction
@pytest.mark.parametrize("axis", [0, 1, -1, (0, 2)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_pytorch_agrees_along_axes(op: Op, axis: Any, keepdims: bool) -> None:
    torch = pytest.importorskip("torch")
    if op.name == "prod" and isinstance(axis, tuple):
        return  # PyTorch's product is along one axis
    name, more = ALONG_AXES_IN_TORCH.get(op.name, (op.name, {}))
    theirs = torch.linalg.vector_norm if name == "norm" else getattr(torch, name)
    assert_same_as_in_torch(
        lambda x: op(x, axis=axis, keepdims=keepdims),
        lambda x: theirs(x, dim=axis, keepdim=keepdims, **more),
        [Tensor(np.random.default_rng(0).normal(size=(2, 3, 4)))],
    )
