"""The ledger of a gradient of a Tensor: contributions that sum to it exactly, and paths that are counted."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from autograd import GraphError, Node, Tensor, explain, topological_order, worksheet, wrong_backward
from autograd.numerals import numeral, spread
from autograd.paths import count_paths, largest_paths
from tests.autograd.tensor_graphs import bits, network, results

some = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def walked(root: Node, node: Node) -> int:
    """The number of paths, each of them walked."""
    return 1 if root is node else sum(walked(parent, node) for parent in root.parents)


@given(results())
@some
def test_the_contributions_sum_to_the_gradient_to_the_bit_and_paths_are_counted(root: Tensor) -> None:
    root.zero_grad()
    root.backward(keep_grads=True)
    for node in topological_order(root):
        ledger = explain(root, node)
        assert bits(ledger.gradient) == bits(node.grad)
        assert ledger.path_count == walked(root, node)
        assert ledger.paths == ()
        total = None
        for step in ledger.contributions:
            total = step.product if total is None else total + step.product
            assert bits(step.total) == bits(total)


def test_a_ledger_is_a_table_with_small_arrays_whole_and_large_ones_summed_up() -> None:
    x, w = Tensor([1.0, 2.0], "x"), Tensor(np.arange(14.0).reshape(2, 7), "w")
    h = x @ w
    text = str(explain((h * h).sum(), x, names={"h": h}))
    lines = text.splitlines()
    upstream = 2.0 * h.data
    assert lines[0] == f"∂v2/∂x = {numeral(upstream @ w.data.T)}, from 1 contribution over 2 paths"
    assert lines[1].split() == ["through", "upstream", "local", "product", "so", "far"]
    assert lines[2].startswith("h = x @ w")
    assert spread(upstream) in lines[2]
    assert len(lines) == 3


def test_what_does_not_depend_on_a_tensor_gives_it_zeros() -> None:
    g = network()
    ledger = explain(g.loss, Tensor([[1.0, 2.0]], "other"))
    assert ledger.gradient.tolist() == [[0.0, 0.0]]
    assert str(ledger) == "loss does not depend on other: no path leads from one to the other"


def test_no_product_of_numbers_leads_along_a_path_through_arrays() -> None:
    g = network()
    assert count_paths(g.loss, g.w1) == 1
    with pytest.raises(GraphError, match=r"largest_paths is for graphs of single numbers.*autograd\.unroll"):
        largest_paths(g.loss, g.w1, 3)


@pytest.mark.parametrize("call", [worksheet, lambda g: wrong_backward(g, "overwrite")])
def test_exercises_for_paper_are_for_graphs_of_numbers(call: object) -> None:
    assert callable(call)
    with pytest.raises(
        GraphError, match=r"is for graphs of single numbers.*autograd\.unroll gives the graph of Values"
    ):
        call(network().loss)
