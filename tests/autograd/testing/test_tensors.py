"""Functions of Tensors are checked like those of Values: every derivative, in both precisions, to the third order."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Tensor, Value, no_grad, registry
from autograd.namespaces import find
from autograd.testing import Report, check_gradients
from tests.autograd.testing.false_array_rules import FALSE_ARRAY_RULES, FalseArrayRule

random = np.random.default_rng(0)
X, W, B = random.normal(size=(2, 3)), random.normal(size=(3, 2)), random.normal(size=2)
LYING: Any = replace(registry["tanh"], name="lying", partials=(lambda m, x, out: 1.0 - x,))


def layer(x: Any, w: Any, b: Any) -> Any:
    return autograd.tanh(x @ w + b)


def in_a_graph(rule: FalseArrayRule) -> Report:
    """The check of a function with one false operation among right ones."""

    def f(*x: Any) -> Any:
        return (rule.call(*[autograd.sin(each) for each in x]) * 0.5).tanh().sum() + x[0].sum()

    return check_gradients(f, *map(Tensor, rule.arrays), order=rule.order)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_every_element_of_a_result_is_checked_in_every_number(order: int) -> None:
    x, b = Tensor([0.5, -0.3], "x"), Tensor(0.25, "b")
    report = check_gradients(lambda x, b: (x * b).tanh(), x, b, order=order)
    assert report.verdicts == ["correct", "correct"]
    assert len(report.checks) == sum(2 * 3**k for k in range(1, order + 1))
    assert [check.name for check in report.checks[:4]] == [
        "∂f[0]/∂x[0]", "∂f[1]/∂x[0]", "∂f[0]/∂x[1]", "∂f[1]/∂x[1]",
    ]  # fmt: skip


STRUCTURES: list[tuple[Callable[..., Any], tuple[Any, ...], int]] = [
    (lambda x, w, b: layer(x, w, b), (Tensor(X), Tensor(W), Tensor(B)), 4 * 14),
    (lambda x, b: x * b, (Tensor([1.0, 2.0]), 3.0), 2 * 3),
    (lambda x, b: x * b, (Tensor([1.0, 2.0]), Value(3.0)), 2 * 3),
    (lambda x, b: [x.sum() * b, b * 2.0], (Tensor([1.0, 2.0]), 3.0), 2 * 3),
    (lambda model, x: model["w"] @ x + model["b"][0], ({"w": Tensor(W), "b": [Tensor(0.5)]}, Tensor(B)), 3 * 9),
    (lambda v, t: np.sum(v) * t, (np.array([1.0, 2.0]), Tensor(B)), 2 * 4),
    (lambda x: x[0], (Tensor([[1.0, 2.0], [3.0, 4.0]]),), 2 * 4),
    (lambda x: x.sum(), (Tensor(np.ones((2, 0))),), 0),
    (lambda x, y: y * 2.0, (Tensor(np.ones((2, 0))), 3.0), 1),
    (lambda x: {"a": x, "b": x.sum()}, (Tensor([1.0, 2.0]),), 3 * 2),
]


@pytest.mark.parametrize(("f", "inputs", "count"), STRUCTURES)
def test_tensors_mix_with_numbers_values_arrays_and_structures(
    f: Callable[..., Any], inputs: tuple[Any, ...], count: int
) -> None:
    report = check_gradients(f, *inputs)
    assert report.verdicts == ["correct"] * len(inputs)
    assert len(report.checks) == count


def test_f_is_handed_fresh_tensors_of_the_same_dtype_and_label() -> None:
    given_ = Tensor([1.0, 2.0], "weights", dtype=np.float32)
    seen: list[Tensor] = []

    def f(w: Tensor) -> Any:
        seen.append(w)
        return w.sum()

    check_gradients(f, given_)
    assert all(x is not given_ and x.label == "weights" and x.dtype == np.float32 for x in seen)
    assert given_.grad is None
    np.testing.assert_array_equal(given_.data, [1.0, 2.0])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("factor", [0.0, 0.99, 1.01, -1.0])
def test_one_per_cent_is_found_in_either_precision(dtype: Any, factor: float) -> None:
    own = registry["tanh"].partials[0]
    assert own is not None
    false = replace(registry["tanh"], name="false", partials=(lambda m, x, out: factor * own(m, x, out),))

    def f(x: Any, w: Any) -> Any:
        return false(x @ w).sum()

    x, w = Tensor(0.3 * X, dtype=dtype), Tensor(W, dtype=dtype)
    report = check_gradients(f, x, w)
    assert report.verdicts == ["wrong", "wrong"]
    assert report.guilty == ["false"]
    assert check_gradients(lambda x, w: autograd.tanh(x @ w).sum(), x, w).verdicts == ["correct", "correct"]


@given(st.integers(0, 10_000), st.sampled_from([1, 2]))
@settings(max_examples=10)
def test_in_single_precision_a_right_gradient_is_never_wrong(seed: int, order: int) -> None:
    random = np.random.default_rng(seed)
    arrays = [random.normal(size=shape) * 10.0 ** random.integers(-3, 2) for shape in ((2, 3), (3, 2), (2,))]
    report = check_gradients(layer, *[Tensor(x, dtype=np.float32) for x in arrays], order=order)
    assert report.ok


def test_what_single_precision_cannot_tell_is_ill_conditioned() -> None:
    def f(x: Any) -> Any:
        return (1e6 + x.sin()) - 1e6

    assert check_gradients(f, Tensor(0.3)).verdicts == ["correct"]
    assert check_gradients(f, Tensor(0.3, dtype=np.float32)).verdicts == ["ill-conditioned"]


def test_of_many_numbers_all_move_at_once_and_a_false_one_is_found() -> None:
    w = Tensor(random.normal(size=(30, 40)), "w")

    def f(w: Any) -> Any:
        return ((w * 0.5).tanh() ** 2).sum()

    def backward(w: Any) -> Any:
        t = np.tanh(w.data * 0.5)
        return t * (1.0 - t * t)

    def forgetful(w: Any) -> Any:
        slopes = backward(w)
        slopes[17, 23] = 0.0
        return slopes

    [check] = check_gradients(f, w).checks
    assert (check.count, check.verdict) == (1200, "correct")
    assert check_gradients(f, w, gradient=backward).verdicts == ["correct"]
    report = check_gradients(f, w, gradient=forgetful)
    assert [check.name for check in report.checks if check.verdict == "wrong"] == ["∂f/∂w[17, 23]"]


def test_of_many_results_and_numbers_no_matrix_is_made() -> None:
    x, w = Tensor(random.normal(size=(100, 50))), Tensor(random.normal(size=(50, 100)))
    report = check_gradients(lambda x, w: (x @ w).tanh(), x, w)
    assert [(check.count, check.verdict) for check in report.checks] == [(10_000 * 5_000, "correct")] * 2


def test_of_many_results_the_second_derivatives_are_those_of_a_sum() -> None:
    report = check_gradients(lambda x: (x @ x).tanh(), Tensor(random.normal(size=(6, 6))), order=2)
    assert report.verdicts == ["correct"]
    assert report.checks[0].name == "∂(sum of 36 results)/∂x[0, 0]"
    assert report.checks[-1].name == "∂(sum of 36 results)/∂x[5, 5]"


def test_a_gradient_given_for_tensors_may_be_an_array_or_a_tensor() -> None:
    def f(x: Any, w: Any) -> Any:
        return (x @ w).sum()

    x, w = Tensor(X), Tensor(W)
    right = (np.ones((2, 2)) @ W.T, X.T @ np.ones((2, 2)))
    assert check_gradients(f, x, w, gradient=right).verdicts == ["correct", "correct"]
    assert check_gradients(f, x, w, gradient=[Tensor(each) for each in right]).verdicts == ["correct", "correct"]
    assert check_gradients(f, x, w, gradient=(right[0], 1.01 * right[1])).verdicts == ["correct", "wrong"]
    with pytest.raises(ValueError, match="gradient gives 6"):
        check_gradients(f, x, w, gradient=right[0])


def test_a_jacobian_given_for_a_tensor_has_the_axes_of_the_result_first() -> None:
    x, w = Tensor(B), Tensor(W)
    matrix = np.einsum("ij,jk->ijk", np.eye(3), np.broadcast_to(B, (3, 2)))  # ∂(w @ x)[i] / ∂w[i, k] = x[k]
    assert check_gradients(lambda x, w: w @ x, x, w, gradient=(W, matrix)).verdicts == ["correct", "correct"]
    assert check_gradients(lambda w: w @ B, w, gradient=matrix).verdicts == ["correct"]
    assert check_gradients(lambda w: w @ B, w, gradient=2.0 * matrix).verdicts == ["wrong"]


def test_a_gradient_lost_on_the_way_is_told_from_a_false_rule() -> None:
    report = check_gradients(lambda x, w: (x * np.sin(w.data)).sum(), Tensor(B, "x"), Tensor(B, "w"))
    assert report.verdicts == ["correct", "wrong"]
    assert report.guilty == []
    assert "The result changes with w, but its graph does not reach w" in str(report)


def test_modes_of_the_caller_do_not_disturb() -> None:
    with no_grad():
        assert check_gradients(layer, Tensor(X), Tensor(W), Tensor(B)).verdicts == ["correct"] * 3


def test_kinks_are_seen_by_element() -> None:
    report = check_gradients(lambda x: x.relu().sum(), Tensor([1.0, 0.0, -1.0], "x"))
    assert [check.verdict for check in report.checks] == ["correct", "kink", "correct"]


def test_there_are_enough_false_rules() -> None:
    assert len(FALSE_ARRAY_RULES) >= 20
    assert sum(rule.order == 2 for rule in FALSE_ARRAY_RULES) >= 3


@pytest.mark.parametrize("rule", FALSE_ARRAY_RULES, ids=str)
def test_a_false_rule_is_wrong_and_named_with_its_operand(rule: FalseArrayRule) -> None:
    report = in_a_graph(rule)
    assert "wrong" in report.verdicts
    assert report.guilty == [rule.op.name]
    [culprit] = report.culprits
    assert culprit.check.order == rule.order
    assert culprit.parent == rule.place
    assert "test_tensors.py" in str(report) or "false_array_rules.py" in str(report)


@pytest.mark.parametrize("rule", [rule for rule in FALSE_ARRAY_RULES if rule.order == 2], ids=str)
def test_what_is_false_at_order_2_is_right_at_order_1(rule: FalseArrayRule) -> None:
    report = in_a_graph(replace(rule, order=1))
    assert set(report.verdicts) == {"correct"}


@pytest.mark.parametrize("rule", FALSE_ARRAY_RULES, ids=str)
def test_the_same_operation_with_its_own_rule_is_right(rule: FalseArrayRule) -> None:
    report = in_a_graph(replace(rule, op=find(rule.op.name), order=2))
    assert set(report.verdicts) == {"correct"}


def test_the_evidence_has_the_element_the_place_and_the_path() -> None:
    def loss(x: Any, w: Any) -> Any:
        return (LYING(x * w) * w).sum()

    text = str(check_gradients(loss, Tensor([[0.5, 1.0]], "x"), Tensor([3.0, 2.0], "w")))
    assert "lying: partial 0 is 1 - x = -0.5, finite differences say 1 - tanh(x)² = 0.1807 ± " in text
    assert "at v2 (1, 2) = lying(v1 (1, 2)), where tanh(1.5) = 0.9051" in text
    assert "return (LYING(x * w) * w).sum()" in text
    assert "on the path loss → v3 → v2" in text


def test_the_evidence_of_an_operation_on_whole_arrays_has_the_operand_and_the_derivative() -> None:
    rule = next(rule for rule in FALSE_ARRAY_RULES if str(rule) == "transposed factor: matmul")
    text = str(in_a_graph(rule))
    assert "matmul: operand y: ∂matmul[" in text
    assert "at v3 (2, 2) = matmul(v1 (2, 2), v2 (2, 2))" in text


def test_a_false_rule_in_a_large_tensor_is_found() -> None:
    x, w = Tensor(random.normal(size=(64, 32)), "x"), Tensor(random.normal(size=(32, 16)), "w")
    report = check_gradients(lambda x, w: autograd.sum(LYING(x @ w)), x, w)
    assert report.guilty == ["lying"]


def test_a_false_rule_met_with_values_and_tensors_is_named_once() -> None:
    report = check_gradients(lambda t, v: LYING(t).sum() * LYING(v), Tensor([0.5, 0.25]), 0.5)
    assert report.guilty == ["lying"]
