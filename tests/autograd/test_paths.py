"""Paths: as many as a brute-force enumeration finds, the largest first, and together they are the gradient."""

import math
import tracemalloc
from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd
from autograd import GraphError, Node, Value, contributions, registry, topological_order
from autograd.paths import Path, count_paths, largest_paths
from autograd.reverse import sweep
from autograd.testing.program import Program as Expression
from autograd.testing.strategies import expressions
from tests.autograd.oracle import OPS
from tests.autograd.programs import Program, programs

HUNDRED_THOUSAND = 100_000
MOST_ENUMERATED = 2_000


def enumerated(root: Node, node: Node) -> Iterator[tuple[tuple[int, ...], tuple[float, ...]]]:
    """Each path, as its nodes' ids and the local derivatives along it: all edges are tried, to the leaves."""
    stack: list[tuple[Node, tuple[int, ...], tuple[float, ...]]] = [(root, (id(root),), ())]
    while stack:
        end, ids, factors = stack.pop()
        if end is node:
            yield ids, factors
        stack += [(p, (*ids, id(p)), (*factors, d)) for p, d in zip(end.parents, end.partials, strict=True)]


def few(root: Node) -> bool:
    """Whether there are few enough ways to anywhere behind `root` to enumerate them, by a count of its own."""
    ways: dict[Node, int] = {}
    for node in topological_order(root):
        ways[node] = 1 + sum(ways[parent] for parent in node.parents)
    return ways[root] <= MOST_ENUMERATED


def every_path(root: Node, node: Node) -> list[Path]:
    return largest_paths(root, node, count_paths(root, node))


def squared_again_and_again(depth: int) -> tuple[Value, Value]:
    """A leaf, and what `y * y` makes of it in `depth` steps: 2^depth paths."""
    leaf = end = Value(1.0, "x")
    for _ in range(depth):
        end = end * end
    return leaf, end


@given(programs(), st.integers(0, 8))
def test_on_whole_numbers_all_is_exact(program: Program, k: int) -> None:
    values = program.values()
    root = values[-1]
    assume(few(root))
    gradients = sweep(root)
    for node in values:
        products = [math.prod(factors) for _, factors in enumerated(root, node)]
        assert count_paths(root, node) == len(products)
        sizes = sorted(map(abs, products), reverse=True)
        assert [abs(path.product) for path in largest_paths(root, node, k)] == sizes[:k]
        assert math.fsum(path.product for path in every_path(root, node)) == gradients.get(node, 0.0)


@given(expressions(ops=OPS))
def test_the_products_of_all_paths_sum_to_the_gradient(expression: Expression) -> None:
    variables = [Value(x) for x in expression.point]
    root = expression(*variables)
    assume(few(root))
    for node, gradient in sweep(root).items():
        paths = every_path(root, node)
        # Each road rounds a term once for each of at most 8 edges, and the sweep also for each sum on the way, of which
        # there are fewer than edges: by 2^-53 of the term each time. Terms may underflow.
        terms = [path.product for path in paths]
        roundings = 2 * 8 + sum(len(behind.parents) for behind in topological_order(root))
        tolerance = roundings * 2.0**-53 * math.fsum(map(abs, terms)) + 1e-200
        assert abs(math.fsum(terms) - gradient) <= tolerance


@given(programs())
def test_all_paths_are_found_each_once(program: Program) -> None:
    values = program.values()
    root = values[-1]
    assume(few(root))
    for node in values:
        found = [(tuple(map(id, path.nodes)), path.locals) for path in every_path(root, node)]
        assert sorted(found) == sorted(enumerated(root, node))


# Factors whose products overflow, underflow, vanish and spoil each other, on graphs of layers: every node of a layer is
# joined to every node of the next.
FACTORS = st.sampled_from([0.0, -0.0, 1.0, -2.0, 3.0, 1e-300, -1e300, 5e-324, math.inf, -math.inf, math.nan])


def layered(factors: list[list[list[float]]]) -> tuple[Node, Node]:
    """A leaf, and a root that `factors` join to it: layer by layer, node by node, those of its edges."""
    mul = registry["mul"]
    leaf = Node.recorded(1.0, None, (), (), None)
    layer = [leaf]
    for nodes in factors:
        layer = [Node.recorded(1.0, mul, tuple(layer), tuple(edges[: len(layer)]), None) for edges in nodes]
    return layer[0], leaf


def edges(width: int) -> st.SearchStrategy[list[list[float]]]:
    return st.lists(st.lists(FACTORS, min_size=3, max_size=3), min_size=width, max_size=width)


def rank(factors: tuple[float, ...]) -> tuple[int, float]:
    """nan, inf, the finite by the logarithm of their size, 0."""
    zero, infinite = 0.0 in factors, any(map(math.isinf, factors))
    if any(map(math.isnan, factors)) or (zero and infinite):
        return 3, 0.0
    return (2, 0.0) if infinite else (0, 0.0) if zero else (1, sum(math.log2(abs(x)) for x in factors))


@given(st.lists(edges(3), min_size=1, max_size=3), edges(1), st.integers(0, 12))
def test_nan_comes_first_then_inf_then_the_finite_by_size_then_0(
    inner: list[list[list[float]]], last: list[list[float]], k: int
) -> None:
    root, leaf = layered([*inner, last])
    expected = sorted((rank(factors) for _, factors in enumerated(root, leaf)), reverse=True)[:k]
    found = [rank(path.locals) for path in largest_paths(root, leaf, k)]
    assert [kind for kind, _ in found] == [kind for kind, _ in expected]
    # sizes that lie closer together than their logarithms are exact differ by a rounding themselves: 1e-300·1e300 and 1
    assert [log for _, log in found] == pytest.approx([log for _, log in expected], abs=1e-6)


def test_a_path_that_an_infinite_factor_makes_nan_is_found_behind_larger_ones() -> None:
    x = Value(1.0)
    p = x * math.inf
    root = autograd.sum([p, p * 2.0, p * 0.0, p * 3.0])
    assert [str(path.product) for path in largest_paths(root, x, 1)] == ["nan"]
    assert [path.product for path in largest_paths(root, p, 4)] == [3.0, 2.0, 1.0, 0.0]


def test_a_product_is_multiplied_from_the_root_on() -> None:
    x = Value(1.0)
    [path] = largest_paths(((x * 0.3) * 0.2) * 0.1, x, 5)
    assert path.locals == (0.1, 0.2, 0.3)
    assert path.product == (0.1 * 0.2) * 0.3 != 0.1 * (0.2 * 0.3)


def test_from_a_node_to_itself_leads_the_path_without_edges() -> None:
    x = Value(2.0, "x")
    for node in (x, x * x):
        assert count_paths(node, node) == 1
        [path] = largest_paths(node, node, 5)
        assert (path.nodes[0] is node, len(path.nodes), path.locals, path.product) == (True, 1, (), 1.0)
    assert str(largest_paths(x, x, 1)) == "[x: 1]"


def test_no_path_leads_forward_or_across() -> None:
    x, y = Value(2.0), Value(2.0)
    for root, node in ((x, x * y), (x * x, y), (x, y)):
        assert count_paths(root, node) == 0
        assert largest_paths(root, node, 5) == []


def test_an_operand_that_occurs_twice_makes_two_paths() -> None:
    x = Value(3.0)
    square = x * x
    assert count_paths(square, x) == len(largest_paths(square, x, 5)) == 2
    assert count_paths(autograd.sum([x] * 7), x) == 7


def test_what_a_choice_passes_over_is_a_path_of_product_0_and_comes_last() -> None:
    x = Value(3.0, "x")
    products = [path.product for path in largest_paths(autograd.maximum(5 * x, x * 0.5 + 7) + x, x, 9)]
    assert products == [5.0, 1.0, 0.0]


def test_paths_of_equal_size_come_in_the_sweep_s_order() -> None:
    x = Value(1.0)
    root = autograd.sum([-x if i % 2 else x + i for i in range(6)])
    visited = [step.node for step in contributions(root) if step.parent is x]
    assert [id(path.nodes[1]) for path in largest_paths(root, x, 4)] == [id(node) for node in visited[:4]]


def test_sixty_diamonds_have_2_to_the_60_paths_and_the_largest_is_found_among_them() -> None:
    x = end = Value(1.0)
    for _ in range(60):
        end = end * 2 + end * 3
    assert count_paths(end, x) == 2**60
    products = [path.product for path in largest_paths(end, x, 62)]
    # all factors are 3; one is 2, in any of 60 places; two are 2
    assert products == pytest.approx([3.0**60, *[3.0**59 * 2] * 60, 3.0**58 * 4], rel=60 * 2.0**-52)


def test_paths_that_overflow_and_underflow_on_the_way_are_compared_by_their_size() -> None:
    x = Value(0.0)
    large, small, middle = x, x, x
    for factor in (1e-300, 1e-300, 1e300, 1e300):
        small, large, middle = small * (1 / factor), large * factor, middle * 1.0
    root = autograd.sum([middle * 3.0, large * 2.0, small * 4.0])
    assert [path.nodes[1].partials[0] for path in largest_paths(root, x, 3)] == [4.0, 3.0, 2.0]


def test_a_chain_of_a_hundred_thousand_is_one_path() -> None:
    x = end = Value(1.0, "x")
    for _ in range(HUNDRED_THOUSAND):
        end = end * -1.0
    assert count_paths(end, x) == 1
    [path] = largest_paths(end, x, 5)
    assert (len(path.nodes), path.product) == (HUNDRED_THOUSAND + 1, 1.0)
    factors = "-1 · -1 · -1 · … 99,994 more … · -1 · -1 · -1 = 1"
    assert str(path) == f"v1 → v2 → v3 → … 99,995 more … → v99999 → v100000 → x: {factors}"


def test_2_to_the_100000_paths_are_counted_and_the_largest_found() -> None:
    x, end = squared_again_and_again(HUNDRED_THOUSAND)
    assert count_paths(end, x) == 2**HUNDRED_THOUSAND
    assert [path.product for path in largest_paths(end, x, 2)] == [1.0, 1.0]


def test_counting_keeps_no_count_of_a_node_that_it_has_passed_or_that_leads_nowhere() -> None:
    depth = 40_000
    x = end = Value(0.0)
    for _ in range(depth):
        end = autograd.sum([end, end, Value(0.0)])
    tracemalloc.start()
    assert count_paths(end, x) == 2**depth
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    all_counts = sum(n // 8 for n in range(depth))  # 100 MB
    assert peak < all_counts / 4


def test_a_path_is_written_with_the_names_given_or_with_its_labels() -> None:
    x = Value(2.0, "x")
    p = x * -0.5
    [path] = largest_paths(p * 4.0, x, 1)
    assert str(path) == repr(path) == "v1 → v2 → x: 4 · -0.5 = -2"
    assert path.written({path.nodes[0]: "g", p: "p", x: "x"}) == "g → p → x: 4 · -0.5 = -2"
    assert str(largest_paths(p, x, 1)[0]) == "v1 → x: -0.5"


@pytest.mark.parametrize(("length", "hidden"), [(6, 0), (7, 2), (10, 5)])
def test_of_a_long_path_the_ends_are_shown(length: int, hidden: int) -> None:
    x = end = Value(1.0, "x")
    for _ in range(length):
        end = -end
    [path] = largest_paths(end, x, 1)
    names, _, _ = str(path).partition(":")
    assert names.count("→") == (6 if hidden else length)
    assert (f" … {hidden} more … " in names) == ("more" in names) == bool(hidden)


def test_what_is_not_a_node_is_refused() -> None:
    x, no_node = Value(1.0), cast(Any, 2.0)
    for root, node in ((x, no_node), (no_node, x)):
        with pytest.raises(GraphError, match=r"^count_paths needs a Value, got the float 2\.0"):
            count_paths(root, node)
        with pytest.raises(GraphError, match=r"^largest_paths needs a Value, got the float 2\.0"):
            largest_paths(root, node, 1)


@pytest.mark.parametrize("k", [-1, 2.0, None, "all"])
def test_the_number_of_paths_to_list_is_whole_and_not_negative(k: Any) -> None:
    x = Value(1.0)
    with pytest.raises(ValueError, match=r"must be a whole number, 0 or more; got"):
        largest_paths(x * x, x, k)
