import re
import xml.etree.ElementTree as ET
from itertools import chain as chain_of

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
import viz
from autograd import Value
from autograd.labels import display
from tests.viz.graphs import HOSTILE, chain, lecture, network
from viz import dot, engines, theme
from viz.diagram import diagram
from viz.parts import Direction
from viz.svg import Drawing

NAMESPACE = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{NAMESPACE}text")]


def test_the_lecture_example_shows_every_number() -> None:
    shown = texts(viz.draw(lecture().g).svg)
    legend = ["on an arrow: local derivative, ∂ result / ∂ operand"]
    legend.append("gradient: ▼ negative, ▲ positive; strongest at ±4")
    cards = [[label, "data", data, "grad", grad] for label, data, grad in
             [("x", "1", "-3"), ("y", "3", "-3"), ("p", "4", "-3"), ("z", "-3", "4"), ("g", "-12", "1")]]  # fmt: skip
    assert shown == [*chain_of(*cards), "+", "*", "1", "1", "-3", "4", *legend]


def test_gradients_have_the_colour_of_their_sign() -> None:
    svg = viz.draw(lecture().g).svg
    assert svg.count(f'fill="{theme.fill(-3.0, 4.0)}"') >= 3
    assert f'fill="{theme.fill(4.0, 4.0)}"' in svg
    assert theme.POSITIVE_LINE in svg
    assert theme.NEGATIVE_LINE in svg


def test_without_gradients_there_is_a_dash_and_no_scale() -> None:
    shown = texts(viz.draw(Value(1.0) * Value(2.0)).svg)
    assert shown.count("—") == 3
    assert not any("▲" in text for text in shown)


def test_a_folded_picture_says_so() -> None:
    picture = viz.draw(chain(1000))
    assert picture.diagram.caption in texts(picture.svg)
    assert picture.diagram.summaries[0].title in texts(picture.svg)


@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("direction", ["LR", "TB"])
@pytest.mark.parametrize("sizes", [(2, 3, 1), (2, 8, 8, 1), (3, 8, 8, 1), (2, 10, 10, 1), (2, 16, 16, 1), (8,) * 4])
def test_networks_of_any_shape_are_drawn_with_every_edge(
    sizes: tuple[int, ...], direction: Direction, fused: bool
) -> None:
    for batch in (1, 2, 3):
        picture = viz.draw(network(sizes, batch, fused=fused), direction=direction)
        curves = re.findall(r'<path d="M\S+ \S+C', picture.svg)
        assert len(curves) == len(picture.diagram.edges)


def test_an_edge_without_a_route_is_left_out() -> None:
    d = diagram([lecture().g])
    layout = engines.layout(dot.source(d, "LR"))
    whole = Drawing(d, layout).svg
    del layout.routes["e0"]
    assert Drawing(d, layout).svg.count("<path") < whole.count("<path")


def only_what_we_draw(svg: str) -> bool:
    known = {NAMESPACE + name for name in ("svg", "g", "rect", "path", "text", "title")}
    return all(
        element.tag in known and not any(name.lower().startswith("on") for name in element.attrib)
        for element in ET.fromstring(svg).iter()
    )


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_is_that_text_and_nothing_else(label: str) -> None:
    svg = viz.draw(Value(1.0, label=label)).svg
    assert texts(svg)[0] == display(label)
    assert only_what_we_draw(svg)


@given(st.text(st.characters(codec=None), min_size=1, max_size=40))
def test_any_label_is_that_text_and_nothing_else(label: str) -> None:
    svg = viz.draw(Value(1.0, label=label)).svg
    assert texts(svg)[0] == display(label)
    assert only_what_we_draw(svg)
    svg.encode()


@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_nothing_is_drawn_outside_of_its_card_or_of_the_picture(direction: Direction) -> None:
    xs = [Value(10.0 ** (i * 7 - 30) * -1.2345, label="W" * (i + 1)) for i in range(9)]
    root = autograd.sum([x * 0.123456 for x in xs]).tanh()
    root.backward()
    svg = ET.fromstring(viz.draw(root, direction=direction).svg)
    width, height = float(svg.attrib["width"]), float(svg.attrib["height"])
    for group in svg.findall(f"{NAMESPACE}g/{NAMESPACE}g"):
        x, y = map(float, group.attrib["transform"][10:-1].split(","))
        boxes = group.findall(f"{NAMESPACE}rect")
        card = float(boxes[0].attrib["width"])
        assert x >= 0
        assert y >= 0
        assert x + card <= width
        assert y + float(boxes[0].attrib["height"]) <= height
        for text in group.findall(f"{NAMESPACE}text"):
            bold = text.attrib.get("font-weight") == "bold"
            long = theme.text_width(text.text or "", float(text.attrib["font-size"]), bold=bold)
            start = float(text.attrib["x"]) - {"start": 0, "middle": long / 2, "end": long}[text.attrib["text-anchor"]]
            assert start >= 2, text.text
            assert start + long <= card - 2, text.text


def test_the_same_graph_is_the_same_picture_to_the_byte() -> None:
    assert viz.draw(lecture().g).svg == viz.draw(lecture().g).svg


def test_the_whole_label_and_the_whole_numbers_are_in_the_tooltip() -> None:
    x = Value(1 / 3, label="x")
    title = ET.fromstring(viz.draw(x).svg).findtext(f".//{NAMESPACE}g/{NAMESPACE}title")
    assert title == f"x\ndata {1 / 3!r}\ngrad not computed"


def test_a_label_that_is_shortened_is_whole_in_the_tooltip() -> None:
    label = "a very long label indeed, longer than a card"
    assert f"<title>{label}\n" in viz.draw(Value(1.0, label=label)).svg
