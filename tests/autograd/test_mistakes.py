"""wrong_backward: each mistake as its literal form makes it, and the first step at which it is one."""

import math
from collections.abc import Callable
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import GraphError, Value, no_grad, topological_order
from autograd.mistakes import Mistake, wrong_backward
from tests.autograd.programs import OPERATORS, Program, behind, derivative, programs

MISTAKES: tuple[Mistake, ...] = get_args(Mistake)

# The mistakes as a student writes them. Each gives the gradients, and a trace of (node, index, upstream, total).
Trace = list[tuple[Value, int, float, float]]


def edges_of(node: Value) -> list[tuple[int, Value, float]]:
    return [(i, *edge) for i, edge in enumerate(zip(node.parents, node.partials, strict=True))]


def in_order(root: Value) -> list[Value]:
    order: list[Value] = []
    seen: set[Value] = set()

    def visit(node: Value) -> None:
        if node not in seen:
            seen.add(node)
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(root)
    return order


def unordered(root: Value) -> tuple[dict[Value, float], Trace]:
    grads, trace, queue = {root: 1.0}, [], [root]
    for node in queue:
        for index, parent, local in edges_of(node):
            if all(parent is not met for met in queue):
                queue.append(parent)
            grads[parent] = grads.get(parent, 0.0) + grads[node] * local
            trace.append((node, index, grads[node], grads[parent]))
    return grads, trace


def overwrite(root: Value) -> tuple[dict[Value, float], Trace]:
    grads, trace = {root: 1.0}, []
    for node in reversed(in_order(root)):
        for index, parent, local in edges_of(node):
            grads[parent] = grads[node] * local
            trace.append((node, index, grads[node], grads[parent]))
    return grads, trace


def not_zeroed(root: Value) -> tuple[dict[Value, float], Trace]:
    grads: dict[Value, float] = {}
    for _ in range(2):
        grads, trace = {root: 1.0} | {node: grad for node, grad in grads.items() if node.is_leaf}, []
        for node in reversed(in_order(root)):
            for index, parent, local in edges_of(node):
                grads[parent] = grads.get(parent, 0.0) + grads[node] * local
                trace.append((node, index, grads[node], grads[parent]))
    return grads, trace


def per_path(root: Value) -> tuple[dict[Value, float], Trace]:
    grads: dict[Value, float] = {root: 1.0}
    trace: Trace = []

    def backward(node: Value) -> None:
        for index, parent, local in edges_of(node):
            grads[parent] = grads.get(parent, 0.0) + grads[node] * local
            trace.append((node, index, grads[node], grads[parent]))
            backward(parent)

    backward(root)
    return grads, trace


NAIVE: dict[Mistake, Callable[[Value], tuple[dict[Value, float], Trace]]] = {
    "unordered": unordered, "overwrite": overwrite, "not_zeroed": not_zeroed, "per_path": per_path,
}  # fmt: skip


def first_wrong(trace: Trace, right: dict[Value, int]) -> int | None:
    """The first step that passes on another number than the node's gradient, or leaves its parent with another number
    than the sum, over the edges that were taken, of what each passes on in a right sweep.
    """
    due: dict[Value, dict[tuple[int, int], float]] = {}
    for number, (node, index, upstream, total) in enumerate(trace, 1):
        parent = node.parents[index]
        due.setdefault(parent, {})[id(node), index] = right[node] * node.partials[index]
        if upstream != right[node] or total != sum(due[parent].values()):
            return number
    return None


def exact_gradients(program: Program, values: list[Value]) -> dict[Value, int]:
    records, root = program.records(), len(values) - 1
    return {values[i]: derivative(records, root, i) for i in behind(records, root)}


@pytest.mark.parametrize("mistake", MISTAKES)
@given(program=programs())
def test_a_mistake_gives_what_its_literal_form_gives_and_parts_where_that_is_first_wrong(
    mistake: Mistake, program: Program
) -> None:
    values = program.values()
    grads, trace = NAIVE[mistake](values[-1])
    comparison = wrong_backward(values[-1], mistake)
    right = exact_gradients(program, values)
    assert comparison.wrong == grads
    assert comparison.right == right
    assert comparison.step == first_wrong(trace, right)
    if comparison.step is None:
        assert comparison.parting is None
        assert comparison.wrong == comparison.right
        assert "the mistake does no harm" in comparison.remark
    else:
        parting = comparison.parting
        assert parting is not None
        assert (parting.node, parting.index, parting.upstream, parting.total) == trace[comparison.step - 1]
        assert parting.node is trace[comparison.step - 1][0]
        assert parting.parent is parting.node.parents[parting.index]
        assert comparison.remark.startswith(f"step {comparison.step}: ")
    assert [value.grad for value in values] == [None] * len(values)


@given(programs())
def test_not_zeroed_is_what_two_calls_of_backward_leave(program: Program) -> None:
    values = program.values()
    wrong = wrong_backward(values[-1], "not_zeroed").wrong
    values[-1].backward()
    values[-1].backward()
    assert wrong == {node: node.grad for node in topological_order(values[-1])}


@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3), st.integers(1, 5))
def test_not_zeroed_doubles_every_leaf_to_the_last_bit(numbers: list[float], uses: int) -> None:
    leaves = [Value(x) for x in numbers]
    x, y, z = leaves
    g = x * y
    for _ in range(uses):
        g = g * z + x * y
    comparison = wrong_backward(g, "not_zeroed")
    assert [comparison.wrong[leaf] for leaf in leaves] == [2 * comparison.right[leaf] for leaf in leaves]


@st.composite
def trees(draw: st.DrawFn, deepest: int = 4) -> Value:
    """Expressions in which nothing is used twice."""
    if not deepest or draw(st.booleans()):
        return Value(draw(st.integers(-9, 9)))
    return OPERATORS[draw(st.sampled_from("+-*"))](draw(trees(deepest - 1)), draw(trees(deepest - 1)))  # type: ignore[no-any-return]


@pytest.mark.parametrize("mistake", ["unordered", "overwrite", "per_path"])
@given(tree=trees())
def test_where_nothing_is_used_twice_only_a_second_sweep_does_harm(mistake: Mistake, tree: Value) -> None:
    comparison = wrong_backward(tree * Value(2), mistake)
    assert comparison.parting is None
    assert comparison.wrong == comparison.right
    assert comparison.remark.startswith("on this graph the mistake does no harm: ")


def lecture() -> tuple[Value, dict[str, Value]]:
    x, y, z = Value(1, "x"), Value(3, "y"), Value(-3, "z")
    p = x + y
    return p * z, {"p": p}


def diamond() -> tuple[Value, dict[str, Value]]:
    """`v` is used three times, once near the result and twice far from it; so is the leaf `x`, through it."""
    x = Value(2, "x")
    v = x * 3
    a, b = v * 5, v + 1
    c = a * b
    return v + c, {"v": v, "a": a, "b": b, "c": c}


HEADINGS = {
    "unordered": "unordered: nodes pass on in the order in which they are met from the result, "
    "not in topological order",
    "overwrite": "overwrite: each contribution replaces the gradient: = in place of +=",
    "not_zeroed": "not_zeroed: a second sweep adds to what the first one left in the leaves: "
    "no zero_grad() between them",
    "per_path": "per_path: each node passes on what it has whenever it is reached, once for every path",
}

ALL_IN_TIME = "on this graph the mistake does no harm: each node has its whole gradient when it passes it on"
SHOWN: list[tuple[Callable[[], tuple[Value, dict[str, Value]]], Mistake, str]] = [
    (lecture, "unordered", ALL_IN_TIME),
    (lecture, "overwrite", "on this graph the mistake does no harm: no node is used twice"),
    (lecture, "not_zeroed", """\
step 2: z still has 4 from the first sweep, and the 4 from v1 is added to it: 8 in place of 4
node  wrong  right
z         8      4
x        -6     -3
y        -6     -3"""),
    (lecture, "per_path", ALL_IN_TIME),
    (diamond, "unordered", """\
step 3: v passes on 1, but only 1 of its 3 contributions had arrived: its gradient is 66
node  wrong  right
x         3    198"""),
    (diamond, "overwrite", """\
step 5: v had 1, and the 30 from b replaces it: 30 in place of 31
node  wrong  right
v        35     66
x       105    198"""),
    (diamond, "not_zeroed", """\
step 7: x still has 198 from the first sweep, and the 198 from v is added to it: 396 in place of 198
node  wrong  right
x       396    198"""),
    (diamond, "per_path", """\
step 2: v passes on 1, but only 1 of its 3 contributions had arrived: its gradient is 66
node  wrong  right
x       309    198"""),
]  # fmt: skip


@pytest.mark.parametrize(("graph", "mistake", "expected"), SHOWN)
def test_the_lecture_s_example_and_a_diamond_in_a_teacher_s_words(
    graph: Callable[[], tuple[Value, dict[str, Value]]], mistake: Mistake, expected: str
) -> None:
    g, names = graph()
    comparison = wrong_backward(g, mistake, names=names)
    assert str(comparison) == repr(comparison) == f"{HEADINGS[mistake]}\n{expected}"


def test_a_node_that_is_reached_again_passes_on_twice() -> None:
    x, y = Value(3, "x"), Value(7, "y")
    q = x * y
    g = q * 2 + q * 0
    assert str(wrong_backward(g, "per_path", names={"q": q})).splitlines()[1:] == [
        "step 7: q is reached again and passes 14 on to x once more: 28 in place of 14",
        "node  wrong  right",
        "x        28     14",
        "y        12      6",
    ]


BY_ACCIDENT = "with these numbers the mistake does no harm, by accident: "


def test_what_the_numbers_hide_is_said_to_be_hidden_by_them() -> None:
    x = Value(3.0, "x")
    factor = x - 3
    hidden = x * factor  # 0 reaches x first, so that it does not matter that it is replaced
    assert str(wrong_backward(hidden, "overwrite")) == (
        f"{HEADINGS['overwrite']}\n{BY_ACCIDENT}what was there before adds nothing"
    )
    zeros = Value(0.0) * Value(0.0)
    assert wrong_backward(zeros, "not_zeroed").remark == BY_ACCIDENT + "what was there before adds nothing"
    v = x * 0
    late = v + v * 5 * 0
    assert wrong_backward(late, "unordered").remark == BY_ACCIDENT + "what came late, or twice, adds nothing"
    assert wrong_backward(late, "per_path").remark == BY_ACCIDENT + "what came late, or twice, adds nothing"


def test_a_step_may_be_wrong_and_every_gradient_right_in_the_end() -> None:
    x = Value(0.0, "x")
    v = x * 0
    lines = str(wrong_backward(v + v * 4, "unordered", names={"v": v})).splitlines()
    assert lines[1:] == [
        "step 3: v passes on 1, but only 1 of its 2 contributions had arrived: its gradient is 5",
        "In the end every gradient is right all the same.",
    ]


def test_rounding_is_not_taken_for_the_mistake() -> None:
    x = Value(1.0, "x")
    g = x * 0.3 + (x * 0.2 + x * 0.1)
    comparison = wrong_backward(g, "unordered")
    assert (comparison.parting, comparison.step) == (None, None)
    assert str(comparison).splitlines()[1:] == [
        ALL_IN_TIME,
        "The gradients differ in how sums were rounded, added up in another order:",
        "node  wrong               right",
        "x       0.6  0.6000000000000001",
    ]
    v = x * 1
    in_one_sum = wrong_backward(autograd.sum([v * 0.3, v * 0.2, v * 0.1]), "unordered")
    assert in_one_sum.wrong[v] != in_one_sum.right[v]
    assert in_one_sum.parting is None


def test_a_gradient_that_is_not_a_number_differs_from_none_such() -> None:
    x, y = Value(math.inf, "x"), Value(2.0, "y")
    comparison = wrong_backward(x * y * Value(0.0, "z"), "not_zeroed")
    assert math.isnan(comparison.right[y])
    assert "y" not in [line.split()[0] for line in str(comparison).splitlines()[2:]]


def lattice(rows: int) -> Value:
    """As many doublings: 2^n paths lead to node number n from the end."""
    node = Value(0.0, "x")
    for _ in range(rows):
        node = node + node
    return node


def test_a_long_table_is_cut() -> None:
    lines = str(wrong_backward(lattice(60), "overwrite")).splitlines()
    assert lines[3].split() == ["v59", "1", "2"]
    assert len(lines) == 3 + 12 + 1
    assert lines[-1] == "… 48 more"
    assert "more" not in str(wrong_backward(lattice(12), "overwrite"))


def test_what_would_take_too_long_is_counted_instead() -> None:
    message = (
        "^per_path would make 2,305,843,009,213,693,951 visits, one for each path to each node, where the sweep makes "
        "61, one for each node: that is what the topological order is for; compare on a smaller graph$"
    )
    with pytest.raises(GraphError, match=message):
        wrong_backward(lattice(60), "per_path")
    assert wrong_backward(lattice(16), "per_path").step == 2
    with pytest.raises(GraphError, match=r"^per_path would make 1,048,575 visits, .* where the sweep makes 20,"):
        wrong_backward(lattice(19), "per_path")
    with pytest.raises(GraphError, match=r"^per_path would make more than 10\^100 visits, .* makes 20,001,"):
        wrong_backward(lattice(20_000), "per_path")


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_long_chain_is_swept_without_recursion(mistake: Mistake) -> None:
    x = Value(1.0)
    node = x
    for _ in range(20_000):
        node = node + 1
    comparison = wrong_backward(node, mistake)
    assert comparison.right[x] == 1.0
    assert comparison.wrong[x] == (2.0 if mistake == "not_zeroed" else 1.0)


@pytest.mark.parametrize("mistake", ["overwritten", "", None, ["overwrite"], 3])
def test_an_unknown_mistake_is_answered_with_those_there_are(mistake: Any) -> None:
    with pytest.raises(ValueError, match=r"^wrong_backward knows no mistake ") as error:
        wrong_backward(lecture()[0], mistake)
    first, *known = str(error.value).splitlines()
    assert first == f"wrong_backward knows no mistake {mistake!r}; it knows"
    assert known == [f"  {HEADINGS[each]}" for each in MISTAKES]


def test_what_has_no_steps_is_refused() -> None:
    with pytest.raises(GraphError, match=r"^wrong_backward needs the result of an operation, got Value\(3\.0\), which"):
        wrong_backward(Value(3.0), "overwrite")
    number: Any = 3.0
    with pytest.raises(GraphError, match=r"^wrong_backward needs a Value, got the float 3\.0"):
        wrong_backward(number, "overwrite")
    with no_grad():
        unrecorded = Value(3.0) * 2
    with pytest.raises(GraphError, match=r"computed under no_grad\(\)"):
        wrong_backward(unrecorded, "overwrite")
