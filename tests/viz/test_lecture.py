import html
import webbrowser
from pathlib import Path

import graphviz
import pytest

import viz
from autograd import Value
from tests.viz.graphs import HOSTILE, chain, lecture


def test_it_is_a_digraph_as_in_the_lectures() -> None:
    graph = viz.draw_dot(lecture().g, format="svg", rankdir="TB")
    assert isinstance(graph, graphviz.Digraph)
    assert (graph.format, graph.graph_attr["rankdir"]) == ("svg", "TB")
    assert r'n4 [label="{ g | data\ -12.0000 | grad\ 1.0000 }" shape=record]' in graph.source
    assert "n3 -> op4" in graph.source


@pytest.mark.usefixtures("without_dot")
def test_without_graphviz_it_draws_itself(tmp_path: Path) -> None:
    graph = viz.draw_dot(lecture().g)
    assert "data -12.0000" in html.unescape(graph.pipe(encoding="utf-8")).replace("\xa0", " ")
    assert "<svg" in graph._repr_mimebundle_()["image/svg+xml"]
    assert graph.pipe("png").startswith(b"\x89PNG")
    assert graph.pipe("pdf").startswith(b"%PDF")
    path = Path(graph.render(tmp_path / "g", format="png", cleanup=True))
    assert path.read_bytes().startswith(b"\x89PNG")
    assert [file.name for file in tmp_path.glob("g*")] == [path.name] == ["g.png"]
    with pytest.raises(graphviz.ExecutableNotFound):
        graph.render(tmp_path / "g", engine="neato")


@pytest.mark.usefixtures("without_dot")
def test_it_renders_with_every_ordinary_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    graph = viz.draw_dot(lecture().g)
    assert graph.render(outfile=tmp_path / "z.png") == str(tmp_path / "z.png")
    assert (tmp_path / "z.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "z.gv").exists()
    assert graph.render("q", tmp_path, quiet=True) == str(tmp_path / "q.svg")
    assert opened == []
    paths = [graph.render(tmp_path / "r", None, True), graph.view(tmp_path / "v")]
    assert opened == [Path(path).as_uri() for path in paths]


@pytest.mark.usefixtures("without_dot")
def test_hostile_labels_inject_nothing() -> None:
    svg = viz.draw_dot([Value(1.0, label=label) for label in HOSTILE]).pipe(encoding="utf-8")
    assert "<script" not in svg
    assert svg.count('class="node"') == len(HOSTILE)


def test_a_big_graph_is_folded() -> None:
    graph = viz.draw_dot(chain(5000))
    assert len(graph.body) < 200
    assert "Folded" in graph.source
