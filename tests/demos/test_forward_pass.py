"""The lesson of the forward pass: the guide's two outputs, and the one that its code should have printed."""

import math
from pathlib import Path

import pytest

from demos import forward_pass
from demos.common import Options


def test_the_figures_are_the_guide_s_but_for_the_node_that_it_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    relu, tanh, lacking = forward_pass.main(Options(folder=tmp_path))
    assert relu.here == relu.tutorial == "-3"
    assert lacking.here == lacking.tutorial == "0.9950548"
    assert tanh.here == f"{2 * math.tanh(3) - math.tanh(9):.7f}" == "0.9901095"
    assert "array(0.99505475)" in capsys.readouterr().out


def test_every_node_comes_after_those_that_it_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    forward_pass.main(Options(folder=tmp_path))
    printed = capsys.readouterr().out
    nodes = [line.split(":")[0].strip() for line in printed.splitlines() if line.startswith("    ")]
    assert nodes == ["node_0", "node_1", "output"] * 2
    assert "output: 3·2 + 9·-1 = -3, and gives -3" in printed


def test_it_draws_each_node_in_a_frame(tmp_path: Path) -> None:
    forward_pass.main(Options(folder=tmp_path))
    for activation in ("relu", "tanh"):
        drawn = (tmp_path / f"forward_pass_{activation}.svg").read_text(encoding="utf-8")
        assert drawn.count(">node_0<") == 2  # the frame, and what comes out
        assert f">{activation}<" in drawn
