"""Models drawn as networks: as data, and as pictures."""

import math
import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
import viz
from autograd import Tensor
from tests.viz.graphs import HOSTILE
from tests.viz.test_svg import NAMESPACE, only_what_we_draw, texts
from viz import theme
from viz.network import Bar, Column, Network, network

MNIST = [nn.Linear(784, 256, rng=0), nn.ReLU(), nn.Dropout(0.45, rng=0), nn.Linear(256, 256, rng=1), nn.ReLU(),
         nn.Dropout(0.45, rng=0), nn.Linear(256, 10, rng=2)]  # fmt: skip


def of(*parts: dict[str, Any], model: str = "model", in_order: bool = True) -> Any:
    """A model that consists of these parts, whatever it is."""
    return SimpleNamespace(wiring=lambda: {"model": model, "parts": list(parts), "in_order": in_order})


def layer(weight: Any, bias: Any = None, activation: str | None = None, name: str = "layer") -> dict[str, Any]:
    return {"name": name, "weight": weight, "bias": bias, "activation": activation}


def lines(svg: str) -> list[ET.Element]:
    """The lines of weights."""
    return [path for path in ET.fromstring(svg).iter(f"{NAMESPACE}path") if "stroke-opacity" in path.attrib]


def columns(shown: Network) -> list[Column]:
    return [part for part in shown.parts if isinstance(part, Column)]


def test_an_mlp_is_a_column_for_its_inputs_and_one_for_each_layer() -> None:
    model = nn.MLP(2, [16, 16, 1], rng=0)
    shown = viz.draw(model).network
    assert [(part.name, part.size, part.activation, part.folded) for part in columns(shown)] == [
        ("input", "2 inputs", "", 0),
        ("layers.0", "16 units", "relu", 0),
        ("layers.1", "16 units", "relu", 0),
        ("layers.2", "1 unit", "linear", 0),
    ]
    weights = {(wire.target[0] - 1, wire.target[1], wire.source[1]): wire.weight for wire in shown.wires}
    assert weights == {
        (i, j, k): w.data
        for i, each in enumerate(model.layers)
        for j, neuron in enumerate(each.neurons)
        for k, w in enumerate(neuron.w)
    }
    assert shown.caption == ()


def test_a_large_model_is_folded_in_the_middle_of_its_columns_and_says_so() -> None:
    model = nn.Sequential(*MNIST)
    shown = viz.draw(model).network
    assert [type(part).__name__ for part in shown.parts] == ["Column", "Column", "Bar", "Column", "Bar", "Column"]
    assert [column.folded for column in columns(shown)] == [768, 240, 240, 0]
    assert [unit.index for unit in columns(shown)[1].units] == [*range(8), *range(248, 256)]
    assert len(shown.wires) == 16 * 16 * 2 + 16 * 10
    weight = model[3].weight.data
    found = {(wire.source[1], wire.target[1]): wire.weight for wire in shown.wires if wire.target[0] == 3}
    assert found[8, 15] == weight[255, 248]
    assert shown.caption[0].startswith("Folded: 1,248 units.")
    assert {"⋮ 768 more", "⋮ 240 more", "Dropout(p=0.45)", "ReLU", shown.caption[0]} <= set(texts(viz.draw(model).svg))


def test_every_unit_that_is_shown_has_its_bias() -> None:
    bias = np.arange(40.0)
    _, column = columns(network(of(layer(np.ones((40, 2)), bias))))
    assert [unit.bias for unit in column.units] == [bias[unit.index] for unit in column.units]


def test_an_activation_stands_under_the_layer_before_it_and_else_by_itself() -> None:
    shown = viz.draw(nn.Sequential(nn.Tanh(), nn.Linear(2, 3), nn.ReLU(), nn.Sigmoid(), nn.Linear(3, 1))).network
    assert [part.title if isinstance(part, Bar) else part.activation for part in shown.parts] == [
        "Tanh()", "", "ReLU", "Sigmoid()", "",
    ]  # fmt: skip


def test_after_what_has_no_units_the_inputs_of_a_layer_have_a_column_of_their_own_unless_they_fit() -> None:
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(18, 4), nn.LayerNorm(4), nn.Linear(4, 2))
    assert [part.note if isinstance(part, Bar) else part.size for part in viz.draw(model).network.parts] == [
        "20 parameters", "", "18 values", "4 units", "8 parameters", "2 units",
    ]  # fmt: skip
    shown = viz.draw(nn.Sequential(nn.Linear(2, 3), nn.Embedding(5, 4), nn.Flatten(), nn.Linear(12, 1))).network
    assert [column.size for column in columns(shown)] == ["2 inputs", "3 units", "12 values", "1 unit"]


def test_the_parts_of_a_model_with_an_order_of_its_own_are_not_joined() -> None:
    class Two(nn.Module):
        def __init__(self) -> None:
            self.one, self.other = nn.Linear(2, 2), nn.LSTM(2, 3)

    picture = viz.draw(Two())
    assert [(part.name, type(part)) for part in picture.network.parts] == [("one", Bar), ("other", Bar)]
    assert "order of the model's attributes" in picture.network.caption[0]
    assert "<path" not in picture.svg
    assert "<path" in viz.draw(nn.Sequential(nn.Flatten(), nn.LSTM(2, 3))).svg


SMALL = [
    of(layer(np.ones((1, 0)), [0.0])),
    nn.Neuron(3),
    nn.Layer(2, 1),
    nn.Linear(3, 2, bias=False),
    nn.ReLU(),
    nn.Sequential(),
    nn.Sequential(nn.ReLU(), nn.Dropout(0.5)),
    nn.GRU(2, 3),
    nn.MLP(1, [1]),
]


@pytest.mark.parametrize("model", SMALL)
def test_small_and_empty_models_are_drawn(model: nn.Module, tmp_path: Path) -> None:
    picture = viz.draw(model)
    for suffix, start in ((".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF")):
        assert picture.save(tmp_path / f"n{suffix}").read_bytes().startswith(start)
    assert len(lines(picture.svg)) == len(picture.network.wires)


def test_a_line_has_the_colour_of_its_sign_and_the_strength_of_its_size() -> None:
    svg = viz.draw(of(layer([[2.0, -1.0, 0.0, 0.5]]))).svg
    found = [(float(line.attrib["stroke-width"]), line.attrib["stroke"]) for line in lines(svg)]
    assert found == sorted(found, key=lambda each: each[0])  # the strongest last, on top
    assert [color for _, color in found] == [
        theme.NEUTRAL_LINE, theme.POSITIVE_LINE, theme.NEGATIVE_LINE, theme.POSITIVE_LINE,
    ]  # fmt: skip
    opacities = [float(line.attrib["stroke-opacity"]) for line in lines(svg)]
    assert opacities == sorted(set(opacities))


def test_one_huge_weight_leaves_the_others_visible() -> None:
    shown = network(of(layer([[1e9, 0.5, -0.6, 0.7, 0.1]])))
    assert 0.7 < shown.strongest < 10
    widths = [float(line.attrib["stroke-width"]) for line in lines(viz.draw(of(layer([[1e9, 0.5, 0.1]]))).svg)]
    assert widths[2] > widths[1] > 1.5 * widths[0]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=16))
def test_the_strongest_line_is_for_the_largest_weight_or_a_few_times_the_typical_one(weights: list[float]) -> None:
    strongest = network(of(layer([weights] if weights else np.ones((1, 0))))).strongest
    sizes = sorted(abs(w) for w in weights if w)
    assert strongest > 0
    assert not sizes or sizes[len(sizes) // 2] <= strongest <= sizes[-1]


def test_numbers_that_are_not_finite_stand_out_and_are_counted() -> None:
    shown = of(layer([[math.nan, 1.0], [-math.inf, 2.0]], [math.inf, 0.5]))
    picture = viz.draw(shown)
    assert picture.network.not_finite == 3
    assert picture.svg.count(theme.WRONG) == 3
    assert picture.network.strongest == 2.0
    assert "bright pink: not finite, 3 of the numbers shown" in texts(picture.svg)
    assert theme.WRONG not in viz.draw(nn.Layer(2, 2)).svg


def test_the_fill_of_a_circle_is_its_bias() -> None:
    svg = viz.draw(of(layer([[1.0], [1.0], [1.0]], [0.5, -0.25, 0.0]))).svg
    for color in (theme.fill(0.5, 0.5), theme.fill(-0.25, 0.5), theme.NEUTRAL_FILL):
        assert f'fill="{color}" stroke="{theme.OUTLINE}"/></g>' in svg
    assert "circle: the bias" in svg
    assert "circle: the bias" not in viz.draw(nn.Layer(2, 2)).svg  # all are 0


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_text(words: str, tmp_path: Path) -> None:
    parts = [layer([[1.0]], [1.0], words, words), {"name": words, "title": words}]
    picture = viz.draw(of(*parts, model=words))
    assert only_what_we_draw(picture.svg)
    assert "\x1b" not in repr(picture)
    picture.save(tmp_path / "n.png")


WIDE = [
    nn.MLP(2, [16, 3], rng=0),
    nn.Sequential(*MNIST),
    of({"name": "W" * 50, "title": "W" * 90}, layer([[1.0]], None, "W" * 50, "W" * 50)),
    nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(18, 4), nn.BatchNorm1d(4)),
]


@pytest.mark.parametrize("model", WIDE)
def test_nothing_is_drawn_outside_of_the_picture_or_over_a_neighbour(model: Any) -> None:
    picture = viz.draw(model)
    svg = ET.fromstring(picture.svg)
    width, height = float(svg.attrib["width"]), float(svg.attrib["height"])
    drawing = next(group for group in svg.findall(f"{NAMESPACE}g"))
    left = float(drawing.attrib["transform"][10:].split(",")[0])
    spans: dict[float, list[tuple[float, float]]] = {}
    for text in drawing.findall(f"{NAMESPACE}text"):
        long = theme.text_width(text.text or "", float(text.attrib["font-size"]), bold="font-weight" in text.attrib)
        start = left + float(text.attrib["x"]) - long / 2
        assert start >= 0
        assert start + long <= width
        spans.setdefault(float(text.attrib["y"]), []).append((start, start + long))
    for row in spans.values():
        assert all(end < start for (_, end), (start, _) in zip(sorted(row), sorted(row)[1:], strict=False))
    for group in drawing.findall(f"{NAMESPACE}g"):
        x, y = map(float, group.attrib["transform"][10:-1].split(","))
        rect = group.find(f"{NAMESPACE}rect")
        assert rect is not None
        assert 0 <= left + x <= width - float(rect.attrib["width"])
        assert 0 <= y <= height - float(rect.attrib["height"])
        for words in group.findall(f"{NAMESPACE}g/{NAMESPACE}text"):  # of a bar, turned
            assert theme.text_width(words.text or "", float(words.attrib["font-size"])) < float(rect.attrib["height"])


def test_the_same_model_is_the_same_picture_to_the_byte_and_a_picture_is_of_its_moment() -> None:
    model = nn.Sequential(nn.Linear(2, 2, rng=0))
    picture = viz.draw(model)
    assert picture.svg == viz.draw(model).svg
    model[0].weight.data = np.zeros((2, 2))
    assert picture.network != viz.draw(model).network


@pytest.mark.parametrize(
    "part", [layer(np.ones(3)), layer(np.ones((2, 3)), np.ones(3)), layer(np.ones((1, 2, 3))), layer(1.0)]
)
def test_weights_that_are_no_layer_are_refused_by_name(part: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"draw: layer: expected a weight of shape \(outputs, inputs\)"):
        viz.draw(of(part))


@pytest.mark.parametrize(
    "options", [{"names": {}}, {"direction": "TB"}, {"fold": False}, {"limit": 3}, {"unfold": True}]
)
def test_options_for_graphs_are_refused(options: dict[str, Any]) -> None:
    model: Any = nn.MLP(2, [1])
    with pytest.raises(TypeError, match="are for graphs; leave them out for a model"):
        viz.draw(model, **options)


def test_a_class_is_no_model_and_a_model_is_no_graph() -> None:
    pairs: list[tuple[Any, Any]] = [(viz.draw, nn.MLP), (viz.text, nn.MLP(2, [1])), (viz.draw_dot, nn.MLP(2, [1]))]
    for function, wrong in pairs:
        with pytest.raises(TypeError, match="needs a Value"):
            function(wrong)


def test_it_is_displayed_by_notebooks_and_says_what_it_is() -> None:
    picture = viz.draw(nn.MLP(2, [1]))
    assert picture._repr_mimebundle_() == {"image/svg+xml": picture.svg, "text/plain": repr(picture)}
    assert repr(picture).startswith("<Picture of MLP(2, [1], linear): .show() it")
    with pytest.raises(ValueError, match=r"\.svg, \.png, \.pdf"):
        picture.save("network.dot")


def test_a_tensor_s_network_is_drawn_from_what_it_holds() -> None:
    model = nn.Sequential(nn.Linear(2, 1, dtype=np.float64))
    model[0].weight = Tensor([[3.0, -4.0]])
    assert [wire.weight for wire in viz.draw(model).network.wires] == [3.0, -4.0]
