import math

import pytest

import autograd
from autograd import GraphError, Value
from tests.viz.graphs import chain, lecture
from viz.diagram import diagram
from viz.operations import operation_text
from viz.parts import Box, Circle, Diagram, Edge


def labels(d: Diagram) -> list[str]:
    return [box.label for box in d.boxes]


def totals(d: Diagram) -> tuple[int, int]:
    """The operations drawn and folded, and the leaves drawn."""
    drawn = sum(not box.is_leaf for box in d.boxes)
    return drawn + sum(sum(s.operations.values()) for s in d.summaries), sum(box.is_leaf for box in d.boxes)


def test_the_lecture_example_is_drawn_node_for_node() -> None:
    d = diagram([lecture().g])
    assert d.boxes == (
        Box("n0", "x", 1.0, -3.0, True),
        Box("n1", "y", 3.0, -3.0, True),
        Box("n2", "p", 4.0, -3.0, False),
        Box("n3", "z", -3.0, 4.0, True),
        Box("n4", "g", -12.0, 1.0, False),
    )
    assert d.circles == (Circle("op2", "+"), Circle("op4", "*"))
    assert d.edges == (
        Edge("n0", "op2", local=1.0, flow=-3.0),
        Edge("n1", "op2", local=1.0, flow=-3.0),
        Edge("op2", "n2"),
        Edge("n2", "op4", local=-3.0, flow=-3.0),
        Edge("n3", "op4", local=4.0, flow=4.0),
        Edge("op4", "n4"),
    )
    assert (d.summaries, d.caption) == ((), "")


def test_a_square_has_two_edges_and_a_shared_node_one_box() -> None:
    x = Value(3.0, label="x")
    d = diagram([x * x])
    assert [(e.source, e.local) for e in d.edges[:2]] == [("n0", 3.0), ("n0", 3.0)]
    assert len(d.boxes) == 2


def test_gradients_that_were_not_computed_are_none() -> None:
    d = diagram([Value(1.0) + Value(2.0)])
    assert [box.grad for box in d.boxes] == [None] * 3
    assert [edge.flow for edge in d.edges] == [None] * 3


def test_constants_stand_in_the_circle() -> None:
    x = Value(2.0)
    nodes = [
        x + 1,
        1 - x,
        x * -0.5,
        2**x,
        autograd.clamp(x, 0, 1),
        autograd.sum([x, 3.0]),
        autograd.dot([x, x], [1, 2]),
    ]
    texts = ["+ 1", "1 -", "* (-0.5)", "2 **", "clamp(·, 0, 1)", "Σ(…, 3)", "dot, 2 constants"]
    assert [operation_text(node) for node in nodes] == texts
    assert labels(diagram([x + 1])) == ["", ""]


def test_a_constant_does_not_look_like_another_number() -> None:
    x = Value(2.0)
    assert [operation_text(node) for node in (x * 1.0000001, x / -1.00001, x + 1 / 3)] == [
        "* 1.0000001", "/ (-1.00001)", "+ ≈0.3333",
    ]  # fmt: skip


def test_several_roots_share_a_picture() -> None:
    x = Value(2.0, label="x")
    assert len(diagram([x + 1, x * 2]).boxes) == 3


def test_a_graph_just_above_the_limit_has_its_operations_merged_into_its_boxes() -> None:
    g = lecture().g
    d = diagram([g], limit=6)
    assert d.circles == ()
    assert [(box.label, box.operation) for box in d.boxes] == [("x", ""), ("y", ""), ("p", "+"), ("z", ""), ("g", "*")]
    assert [(e.source, e.target, e.local) for e in d.edges] == [
        ("n0", "n2", 1.0), ("n1", "n2", 1.0), ("n2", "n4", -3.0), ("n3", "n4", 4.0),
    ]  # fmt: skip
    assert "fold=False" in d.caption
    assert diagram([g], limit=6, fold=False).circles
    assert diagram([g], limit=7).circles


def test_a_long_chain_keeps_its_end_and_its_named_leaf() -> None:
    d = diagram([chain(1000)])
    assert totals(d) == (1000, 1)
    assert "start" in labels(d)
    (summary,) = d.summaries
    assert summary.title == f"… {summary.operations['add']} operations"
    assert len(d.boxes) <= 120
    assert f"{summary.operations['add']} operations" in d.caption
    assert {edge.target for edge in d.edges} | {"n0"} == {box.key for box in d.boxes} | {"s0"}


def test_a_wide_sum_shows_some_operands_and_counts_the_rest() -> None:
    xs = [Value(i / 500) for i in range(500)]
    d = diagram([autograd.sum([x.exp() for x in xs])])
    assert len(d.boxes) <= 30
    (summary,) = d.summaries
    assert summary.operations["exp"] == summary.leaves == 500 - (len(d.boxes) - 1) // 2
    assert summary.details == [f"exp {summary.leaves}", f"on {summary.leaves} leaves"]


def test_a_dot_product_shows_weights_as_well_as_what_they_weigh() -> None:
    weights, inputs = [Value(0.1) for _ in range(200)], [Value(0.2).tanh() for _ in range(200)]
    root = autograd.dot(weights, inputs)
    d = diagram([root])
    into_root = {edge.source for edge in d.edges if edge.target == d.boxes[-1].key}
    assert {box.operation for box in d.boxes if box.key in into_root} == {"", "tanh"}


def test_each_sample_of_a_batch_is_folded_by_itself() -> None:
    w = [Value(0.1 * i) for i in range(40)]
    losses = []
    for sample in range(4):
        hidden = [(v * sample).tanh() for v in w]
        while len(hidden) > 1:
            hidden = [a + b for a, b in zip(hidden[::2], hidden[1::2], strict=False)] + hidden[len(hidden) & ~1 :]
        losses.append(hidden[0] ** 2)
    d = diagram([autograd.sum(losses)], limit=60)
    assert len(d.summaries) >= 4
    summaries = {summary.key for summary in d.summaries}  # which have leaves in common
    assert not any(edge.source in summaries and edge.target in summaries for edge in d.edges)
    assert totals(d)[0] == 4 * (80 + 39 + 1) + 1


def test_what_would_be_a_summary_of_one_is_drawn() -> None:
    d = diagram([autograd.sum([(Value(float(i)) + 1) ** 2 for i in range(6)])], limit=18)
    assert len(d.boxes) == 19  # one more than the limit, but no six summaries in place of six boxes
    assert d.summaries == ()
    assert "Folded" not in d.caption


def test_every_edge_of_a_folded_diagram_leads_somewhere() -> None:
    values = [Value(0.5, label=f"v{i}") for i in range(30)]
    for i in range(3000):
        values.append((values[-1 - i % 7] * values[-1 - i % 23]).tanh() + values[i % 30])
    d = diagram([values[-1]])
    keys = (
        [box.key for box in d.boxes] + [circle.key for circle in d.circles] + [summary.key for summary in d.summaries]
    )
    assert len(keys) == len(set(keys))
    assert {edge.source for edge in d.edges} | {edge.target for edge in d.edges} == set(keys)
    assert totals(d)[0] == len({*autograd.topological_order(values[-1])}) - 30


def test_many_roots_are_folded_too() -> None:
    roots = [Value(float(i)) + 1 for i in range(1000)]
    d = diagram(roots)
    assert totals(d)[0] == 1000
    assert len(d.boxes) <= 120


def test_hidden_roots_lead_to_no_drawn_ones() -> None:
    d = diagram([Value(float(i)) * 2 for i in range(500)])
    hidden = [s for s in d.summaries if not any(edge.source == s.key for edge in d.edges)]
    assert len(hidden) == 1
    assert hidden[0].operations == {"mul": totals(d)[0] - sum(not box.is_leaf for box in d.boxes)}


def test_a_leaf_among_hidden_roots_is_counted() -> None:
    d = diagram([Value(float(i)) for i in range(1000)])
    assert len(d.boxes) + d.summaries[0].leaves == 1000


@pytest.mark.parametrize("limit", [1, 2, 3, 10, 1500])
def test_any_limit_works(limit: int) -> None:
    d = diagram([chain(2000)], limit=limit)
    assert len(d.boxes) <= limit + 2
    assert d.summaries or limit == 1500


def test_what_no_engine_could_place_is_refused_when_it_may_not_be_folded() -> None:
    with pytest.raises(GraphError, match=r"2,000 operations on 1 leaf.*leave out fold=False"):
        diagram([chain(2000)], fold=False)


def test_a_diamond_has_as_many_boxes_as_values_not_as_paths() -> None:
    value = Value(1.0)
    for _ in range(60):
        value = value + value
    d = diagram([value], limit=200)
    assert (len(d.boxes), len(d.circles), d.boxes[-1].data) == (61, 60, 2.0**60)


@pytest.mark.parametrize("shape", ["chain", "fan"])
def test_a_million_nodes_are_folded(shape: str) -> None:
    root = chain(1_000_000) if shape == "chain" else autograd.sum([Value(1.0)] + [Value(1.0) for _ in range(999_999)])
    d = diagram([root])
    assert len(d.boxes) < 120
    assert "999,9" in d.caption


def test_extreme_numbers_pass() -> None:
    root = Value(math.inf) * 1 + Value(math.nan)
    root.backward()
    data = diagram([root]).boxes[-1].data
    assert isinstance(data, float)
    assert math.isnan(data)
