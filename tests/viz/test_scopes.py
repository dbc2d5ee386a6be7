"""Pictures of graphs whose nodes have scopes: a frame around each, and a box for each where there is no room."""

import random
import re
import xml.etree.ElementTree as ET
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
import viz
from autograd import Tensor, Value, scope
from tests.viz.graphs import HOSTILE
from tests.viz.test_svg import only_what_we_draw, texts
from viz import dot, engines
from viz.diagram import diagram
from viz.parts import Diagram
from viz.scopes import homes, levels

NAMES = st.lists(st.sampled_from(["a", "b", "0", "1", "layers", ""]), min_size=1, max_size=9).map(".".join).filter(bool)


def loss_of_mlp(sizes: list[int], samples: int = 1) -> Value:
    model = nn.MLP(2, sizes, rng=0)
    errors = [(model([1.0, i - 2.0]) - 1.0) ** 2 for i in range(samples)]
    loss: Value = autograd.sum(errors) if samples > 1 else errors[0]
    loss.label = "loss"
    loss.backward()
    return loss


def frames(d: Diagram) -> dict[str, tuple[str, ...]]:
    """What lies directly in the frame of each scope, by the whole name of the scope."""
    by_key = {cluster.key: cluster for cluster in d.clusters}
    found = {}
    for cluster in d.clusters:
        name, around = cluster.label, cluster.around
        while around is not None:
            name, around = f"{by_key[around].label}.{name}", by_key[around].around
        found[name] = cluster.members
    return found


@given(NAMES)
def test_the_levels_of_a_scope_are_its_beginnings_and_the_last_is_the_whole_or_six_deep(name: str) -> None:
    found = levels(name)
    assert 1 <= len(found) <= 6
    assert all(f"{inner}.".startswith(f"{outer}.") for outer, inner in pairwise(found))
    assert found[-1] == name or (len(found) == 6 and name.startswith(f"{found[-1]}."))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("0", ("0",)),
        ("net.0", ("net.0",)),
        ("net.0.1", ("net.0", "net.0.1")),
        ("encoder.blocks.12.attention", ("encoder", "encoder.blocks.12", "encoder.blocks.12.attention")),
    ],
)
def test_a_number_belongs_to_the_name_before_it(name: str, expected: tuple[str, ...]) -> None:
    assert levels(name) == expected


def test_a_leaf_lives_with_the_only_scope_that_uses_it() -> None:
    own, shared, free = Value(1.0), Value(2.0), Value(3.0)
    with scope("a"):
        made_here = Value(4.0)
        x = own * shared + made_here
    with scope("b"):
        y = x * shared * made_here
    z = y * free
    found = homes(autograd.topological_order(z))
    assert (found[own], found[made_here], found[x], found[y]) == (("a",), ("a",), ("a",), ("b",))
    assert not {shared, free, z} & found.keys()


def test_a_leaf_that_is_used_outside_too_lives_outside() -> None:
    w = Value(1.0)
    with scope("a"):
        x = w * 2.0
    assert homes(autograd.topological_order(x + w)) == {x: ("a",)}


def test_without_scopes_there_are_no_frames() -> None:
    assert diagram([Value(1.0) * 2.0]).clusters == ()


def test_a_network_has_a_frame_for_each_layer_and_neuron() -> None:
    d = diagram([loss_of_mlp([4, 1])])
    expected = ["layers.0", *[f"layers.0.neurons.{i}" for i in range(4)], "layers.1", "layers.1.neurons.0"]
    assert sorted(frames(d)) == sorted(expected)
    boxes = {box.key: box for box in d.boxes}
    for name, members in frames(d).items():
        held = [boxes[key] for key in members if key in boxes]
        leaves = sum(box.is_leaf for box in held)
        assert (len(held), leaves, len(members)) == {
            8: (0, 0, 0), 18: (6, 3, 9) if name.startswith("layers.0") else (7, 5, 9),
        }[len(name)]  # fmt: skip
    outside = boxes.keys() - {key for members in frames(d).values() for key in members}
    assert [boxes[key].label for key in outside].count("loss") == 1
    assert len(outside) == 2


def test_samples_share_the_frames() -> None:
    one, three = (diagram([loss_of_mlp([2, 1], samples)], fold=False) for samples in (1, 3))
    assert frames(one).keys() == frames(three).keys()
    assert len(frames(three)["layers.0.neurons.1"]) == 3 + 3 * 6  # the leaves once, the results with their circles


def test_a_loss_too_big_to_draw_shows_its_layers_and_itself() -> None:
    d = diagram([loss_of_mlp([16, 16, 1])])
    assert [summary.title for summary in d.summaries] == [
        "layers.0 · 48 operations, 48 leaves",
        "layers.1 · 48 operations, 272 leaves",
        "layers.2 · 2 operations, 17 leaves",
    ]
    assert d.summaries[0].details == ["add 16, dot 16, relu 16"]
    assert [box.label for box in d.boxes] == ["", "loss"]
    assert [circle.symbol for circle in d.circles] == ["- 1", "** 2"]
    assert [(edge.source, edge.target) for edge in d.edges if "s" in edge.source] == [
        ("s0", "s1"), ("s1", "s2"), ("s2", "op0"),
    ]  # fmt: skip
    assert "98 operations and 337 leaves" in d.caption
    assert d.clusters == ()


def test_a_root_within_a_scope_is_drawn_in_its_frame_beside_the_rest() -> None:
    d = diagram([nn.MLP(2, [16, 16, 1], rng=0)([1.0, 2.0])])
    assert [summary.scope for summary in d.summaries] == ["layers.0", "layers.1", "layers.2"]
    assert frames(d) == {"layers.2": ("s2",), "layers.2.neurons.0": ("n0", "op0")}


def test_of_a_model_within_one_scope_the_scopes_within_are_folded() -> None:
    with scope("net"):
        loss = loss_of_mlp([16, 16, 1])
    d = diagram([loss])
    assert [summary.scope for summary in d.summaries] == ["net.layers.0", "net.layers.1", "net.layers.2"]
    assert {"s0", "s1", "s2"} < set(frames(d)["net"])


def test_a_single_scope_is_folded_itself() -> None:
    with scope("f"):
        x = Value(1.0)
        for _ in range(200):
            x = x * 1.01
    d = diagram([x + 1.0])
    assert [summary.title for summary in d.summaries] == ["f · 200 operations, 1 leaf"]


def test_a_scope_of_one_node_is_not_folded() -> None:
    x = Value(1.0)
    for i in range(60):
        with scope(f"a.{i}"):
            x = x * 1.01 if i else (x * 1.01).tanh()
    assert [summary.scope for summary in diagram([x + 1.0], limit=62).summaries] == ["a.0"]


def test_leaves_that_the_reader_knows_are_drawn_beside_the_scope_that_uses_them() -> None:
    x = Tensor([1.0, 2.0], "x")
    for i in range(40):
        with scope(f"{i}"):
            x = (x * 1.01).tanh()
    d = diagram([x.sum()], limit=45)
    assert [box.label for box in d.boxes] == ["x", ""]
    assert frames(d) == {"0": ("n0", "s0")}


def test_what_has_no_scope_is_folded_as_ever_where_the_scopes_were_not_enough() -> None:
    d = diagram([loss_of_mlp([16, 1], samples=100)])
    assert [summary.scope for summary in d.summaries] == ["layers.0", "layers.1", ""]
    assert len(d.boxes) < 20
    ends = {(edge.source, edge.target) for edge in d.edges}
    assert {("s0", "s1"), ("s1", "s2")} < ends
    assert any(source == "s2" and target.startswith("n") for source, target in ends)


@st.composite
def scoped(draw: st.DrawFn) -> tuple[list[Value], int]:
    """A random graph of Values in random scopes, with a limit."""
    rng = random.Random(draw(st.integers(0, 10_000)))
    names = draw(st.lists(NAMES, max_size=4))
    values = [Value(rng.random(), label=rng.choice([None, None, "v"])) for _ in range(draw(st.integers(1, 12)))]
    for _ in range(draw(st.integers(0, 60))):
        chosen = rng.choices(values[-20:], k=2)
        if names and rng.random() < 0.8:
            with scope(rng.choice(names)):
                values.append(chosen[0] * chosen[1] if rng.random() < 0.7 else Value(rng.random()))
        else:
            values.append(autograd.sum(chosen))
    return rng.sample(values, draw(st.integers(1, min(3, len(values))))), draw(st.integers(1, 150))


@given(scoped())
@settings(deadline=None)
def test_nothing_is_lost_and_everything_is_in_its_frame(example: tuple[list[Value], int]) -> None:
    roots, limit = example
    order = autograd.topological_order(*roots)
    d = diagram(roots, limit=limit)
    operations = Counter(node.op.name for node in order if node.op)
    folded = sum((Counter(summary.operations) for summary in d.summaries), Counter())
    assert folded.total() + sum(not box.is_leaf for box in d.boxes) == operations.total()
    assert folded <= operations
    keys = [*(box.key for box in d.boxes), *(each.key for each in d.circles), *(each.key for each in d.summaries)]
    assert len(keys) == len(set(keys))
    assert {end for edge in d.edges for end in (edge.source, edge.target)} <= set(keys)
    of_summaries = [(edge.source, edge.target) for edge in d.edges if "s" in edge.source + edge.target]
    assert len(of_summaries) == len(set(of_summaries))
    members = [key for cluster in d.clusters for key in cluster.members]
    assert len(members) == len(set(members))
    assert set(members) <= set(keys)
    if not d.summaries:
        where = homes(order)
        home_of = {key: name for name, those in frames(d).items() for key in those}
        for box, node in zip(d.boxes, order, strict=True):
            assert home_of.get(box.key, "") == where.get(node, ("",))[-1]


@given(scoped())
@settings(max_examples=15, deadline=None)
def test_any_picture_with_frames_is_drawn_with_everything_inside_its_frame(example: tuple[list[Value], int]) -> None:
    roots, limit = example
    d = diagram(roots, limit=limit)
    for direction in ("LR", "TB"):
        layout = engines.layout(dot.source(d, direction))
        places = layout.places
        for cluster in d.clusters:
            inner = [*cluster.members, *(other.key for other in d.clusters if other.around == cluster.key)]
            frame = places[cluster.key]
            assert inner
            for key in inner:
                assert abs(places[key].x - frame.x) <= (frame.width - places[key].width) / 2
                assert abs(places[key].y - frame.y) <= (frame.height - places[key].height) / 2
            for key in {part.key for part in d.boxes}.difference(_within(d, cluster.key)):
                apart = abs(places[key].x - frame.x) >= (frame.width + places[key].width) / 2 - 0.1
                assert apart or abs(places[key].y - frame.y) >= (frame.height + places[key].height) / 2 - 0.1


def _within(d: Diagram, key: str) -> set[str]:
    """The keys of all that lies in a cluster, however deep."""
    found, inner = set[str](), {key}
    for cluster in d.clusters:
        if cluster.key in inner or cluster.around in inner:
            inner.add(cluster.key)
            found.update(cluster.members)
    return found


def test_the_frames_are_drawn_behind_everything_with_their_labels() -> None:
    picture = viz.draw(loss_of_mlp([2, 1]))
    assert texts(picture.svg)[:5] == ["layers.0", "neurons.0", "neurons.1", "layers.1", "neurons.0"]
    assert picture.source.count("subgraph cluster") == 5
    assert viz.draw_dot(loss_of_mlp([2, 1])).source.count("subgraph cluster") == 5


@pytest.mark.parametrize("name", [*HOSTILE, "a." * 3000 + "b", "..", "W" * 59, "日本語" * 19])
def test_a_hostile_scope_is_text_that_stays_in_its_frame(name: str) -> None:
    with scope(name):
        y = Value(1.0) * 2.0
    for limit in (1, 120):
        picture = viz.draw(y, limit=limit)
        svg = ET.fromstring(picture.svg)
        assert only_what_we_draw(picture.svg)
        for group in svg.findall("*/{*}g"):
            width = float(group.findall("{*}rect")[0].attrib["width"])
            for text in group.findall("{*}text"):
                assert viz.theme.text_width(text.text or "", float(text.attrib["font-size"])) <= width
        assert re.search(r"node|subgraph", picture.source)
        assert viz.draw_dot(y, limit=limit).source


def test_the_table_tells_scopes_where_there_is_room() -> None:
    loss = loss_of_mlp([2, 1])
    assert "layers.0.neurons.1" in viz.draw(loss).text
    assert "scope" not in viz.draw(Value(1.0) * 2.0).text


def test_a_narrow_terminal_keeps_its_room_for_numbers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for columns, told in (("80", False), ("120", True)):
        monkeypatch.setenv("COLUMNS", columns)
        viz.text(loss_of_mlp([2, 1]))
        assert ("layers.0.neurons.1" in capsys.readouterr().out) is told
