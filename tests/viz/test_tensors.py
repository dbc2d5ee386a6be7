"""Pictures of graphs of Tensors, as data: small arrays whole, large ones by shape, dtype, mean and spread."""

import re
import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import autograd
import viz
from autograd import GraphError, Stepper, Tensor, Value
from autograd.numerals import numeral, spread
from tests.autograd.tensor_graphs import network, results
from tests.viz.graphs import HOSTILE
from viz import dot, measure, theme
from viz.blocks import Block, numbers, shown
from viz.diagram import diagram
from viz.operations import operation_text
from viz.parts import Box, Circle, Edge

some = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def block(x: object) -> Block:
    found = shown(np.asarray(x, np.float64))
    assert isinstance(found, Block)
    return found


def test_a_product_of_matrices_is_drawn_with_its_arrays_whole() -> None:
    a, b = Tensor([[1.0, 2.0]], "a"), Tensor([[3.0], [4.0]], "b")
    c = a @ b
    c.backward()
    d = diagram([c])
    assert d.boxes == (
        Box("n0", "a", block([[1.0, 2.0]]), block([[3.0, 4.0]]), True),
        Box("n1", "b", block([[3.0], [4.0]]), block([[1.0], [2.0]]), True),
        Box("n2", "", block([[11.0]]), None, False),
    )
    assert d.circles == (Circle("op2", "@"),)
    assert d.edges == (Edge("n0", "op2"), Edge("n1", "op2"), Edge("op2", "n2"))
    assert d.boxes[0].data == Block("float64", (1, 2), "mean 1.5 ± 0.5", "1.5 ± 0.5", 1.5, ((1.0, 2.0),))


def test_a_large_array_is_its_shape_dtype_mean_and_spread() -> None:
    g = network(rows=128, hidden=64, dtype="float32")
    g.loss.backward(keep_grads=True)
    box = next(box for box in diagram([g.loss]).boxes if box.label == "h")
    assert isinstance(box.data, Block)
    assert (box.data.dtype, box.data.shape, box.data.rows) == ("float32", (128, 64), ())
    assert box.data.spread == spread(g.h.data)
    assert isinstance(box.grad, Block)
    assert box.grad.spread == spread(g.h.grad)


def test_an_array_without_axes_is_a_number_like_any_other() -> None:
    x = Tensor(3.0, "x")
    y = x * x
    y.backward()
    as_values = Value(3.0, "x")
    z = as_values * as_values
    z.backward()
    tensors, values = diagram([y]), diagram([z])
    assert (tensors.boxes[0], tensors.circles, tensors.edges[0].local) == (values.boxes[0], values.circles, 3.0)


def test_arrows_have_local_derivatives_where_these_are_numbers_or_short() -> None:
    x, b = Tensor([[1.0, 2.0], [3.0, 4.0]], "x"), Tensor([1.0, 1.0], "b")
    assert [edge.local for edge in diagram([x + b]).edges[:2]] == [1.0, 1.0]
    assert diagram([b.exp()]).edges[0].local == block(np.exp([1.0, 1.0]))
    assert diagram([x.mean()]).edges[0].local == 0.25
    assert diagram([Tensor(np.ones((9, 9))).tanh()]).edges[0].local is None
    assert diagram([Tensor([0.1, 0.2, 0.3, 0.4]).tanh()]).edges[0].local is None
    assert diagram([x @ b]).edges[0].local is None


def test_circles_show_settings_and_constants() -> None:
    x = Tensor(np.ones((2, 3)), "x")
    nodes = [
        x.sum(axis=0), x.mean(), x.max(axis=1, keepdims=True), x.reshape((3, 2)), x @ np.ones((3, 3)), x[0, 1:],
        x - np.ones(3), x * np.ones((2, 3)), autograd.concatenate([x, x], axis=1), x[np.array([True, False])],
    ]  # fmt: skip
    assert [operation_text(node) for node in nodes] == [
        "Σ axis=0", "mean", "max axis=1, keepdims=True", "reshape (3, 2)", "@ array (3, 3)", "[0, 1:]", "- [1, 1, 1]",
        "* array (2, 3)", "concatenate axis=1", "[[True, False]]",
    ]  # fmt: skip


@given(results())
@some
def test_every_operation_can_be_drawn_and_printed(root: Tensor) -> None:
    root.zero_grad()
    root.backward(keep_grads=True)
    picture = viz.draw(root)
    nodes = autograd.topological_order(root)
    assert [box.data for box in picture.diagram.boxes] == [shown(node.data) for node in nodes]
    assert [box.grad for box in picture.diagram.boxes] == [shown(node.grad) for node in nodes]
    assert dot.source(picture.diagram, "LR").count("shape=record") == len(nodes)
    assert len(picture.text.splitlines()) >= len(nodes)


@given(arrays(np.float64, array_shapes(max_dims=2, max_side=4), elements=st.floats(-1e4, 1e4)))
@some
def test_the_cells_of_an_array_fill_its_card_in_rows_and_columns(x: np.ndarray[Any, Any]) -> None:
    box = Box("n0", "x", shown(x), shown(x), True)
    size = measure.box_size(box)
    assert isinstance(box.data, Block)
    if not box.data.rows:
        return
    rows, columns = np.atleast_2d(x).shape
    widths = measure.columns(box.data)
    texts = [numeral(float(each)) for each in x.ravel()]
    assert len(widths) == columns
    assert size.height == measure.HEADER + measure.ROW + 2 * (measure.ROW + measure.LINE * (rows - 1))
    assert sum(widths) + theme.text_width("grad", theme.NUMBER_SIZE) + 2 * measure.PADDING < size.width
    for i, text in enumerate(texts):
        assert theme.text_width(text, theme.NUMBER_SIZE) < widths[i % columns]


def drawn(svg: str) -> list[tuple[str, float, float]]:
    """Each text of a picture with the place where it ends."""
    texts = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return [(text.text or "", float(text.get("x", "nan")), float(text.get("y", "nan"))) for text in texts]


def test_the_columns_of_a_small_array_are_aligned() -> None:
    x = Tensor([[1.0, -200.0], [30.5, 4.0]], "x")
    texts = {text: (end, y) for text, end, y in drawn(viz.draw(x).svg)}
    assert texts["1"][0] == texts["30.5"][0] < texts["-200"][0] == texts["4"][0]
    assert texts["1"][1] == texts["-200"][1] < texts["30.5"][1] == texts["4"][1]
    assert {"float64", "(2, 2)", "data", "grad", "—"} <= texts.keys()


def test_each_gradient_of_a_small_array_has_a_colour_of_its_own() -> None:
    x = Tensor([1.0, 2.0, 3.0], "x")
    (x * np.array([1.0, -1.0, 0.0])).sum().backward()
    svg = viz.draw(x).svg
    for share in (1.0, -1.0, 0.0):
        assert f'height="{measure.LINE:g}" fill="{theme.fill(share, 1.0)}"' in svg
    large = Tensor(np.ones((5, 5)), "large")
    (large * -2.0).sum().backward()
    assert "of a large array, its mean" in viz.draw(large).svg
    assert theme.fill(-2.0, 2.0) in viz.draw(large).svg
    assert numbers(shown(large.grad)) == [-2.0]


def test_numbers_that_are_not_finite_are_said() -> None:
    x = Tensor([[np.nan] * 5, [1.0] * 5, [-np.inf] * 5], "x")
    x.grad = np.full((3, 5), np.nan)
    picture = viz.draw(x)
    assert "all else 1, 5 nan, 5 -inf" in picture.svg
    assert "all nan" in picture.svg
    assert "all else 1, 5 nan, 5 -inf" in picture.text


@pytest.mark.parametrize("label", HOSTILE)
def test_labels_are_text_wherever_they_stand(label: str) -> None:
    x = Tensor([[1.0, 2.0]], label)
    picture = viz.draw(x.sum(axis=0))
    ET.fromstring(picture.svg)
    assert "<script" not in picture.svg
    assert picture.source.count("->") == 2
    assert viz.draw_dot(x.sum(axis=0)).source.count("->") == 2


def test_a_stepper_is_drawn_as_far_as_it_got() -> None:
    g = network(rows=2)
    s = Stepper(g.loss)
    s.run_to(3)
    boxes = {box.label: box for box in viz.draw(s).diagram.boxes}
    assert boxes["loss"].data is None
    assert boxes["h"].data == shown(g.h.data)
    s.run()
    s.run_to(len(s) - 1)
    picture = viz.draw(s)
    boxes = {box.label: box for box in picture.diagram.boxes}
    assert boxes["h"].grad == shown(s.grad("h"))
    assert boxes["w1"].grad is None
    assert picture.diagram.step.startswith("backward 11 of 12: ∂loss/∂x = ∂loss/∂v1 @ w1ᵀ = ")
    assert boxes["x"].mark == "lit"


def test_a_graph_whose_operand_was_changed_is_drawn_all_the_same() -> None:
    x = Tensor([1.0, 2.0], "x")
    y = x.exp()
    x.data = [3.0, 4.0]
    with pytest.raises(GraphError):
        y.local(0)
    assert diagram([y]).edges[0].local is None


def test_the_table_in_the_terminal_has_shapes_and_fits_its_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    g = network()
    g.loss.backward(keep_grads=True)
    viz.text(g.loss)
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    [line] = [line for line in text.splitlines() if re.search(r"─ h ", line)]
    assert "tanh(v2)" in line
    assert line.rstrip().endswith(spread(g.h.grad, digits=2).removeprefix("mean "))
    assert f"(4, 3) {spread(g.h.data, digits=2).removeprefix('mean ')}" in line


def test_pictures_of_tensors_are_made_in_every_format() -> None:
    g = network()
    picture = viz.draw(g.loss)
    assert picture.png.startswith(b"\x89PNG")
    assert picture.pdf.startswith(b"%PDF")
    assert "float64" in picture.source
