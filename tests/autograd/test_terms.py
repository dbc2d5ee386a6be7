"""Names and numbers as they stand in formulas, in text and in LaTeX."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.terms import chained, equation, name, number
from tests.autograd.latex import is_well_formed


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("x", "x"), ("x1", "x_{1}"), ("w_12", "w_{12}"), ("loss", r"\mathit{loss}"), ("h_out", "h_{out}"),
        ("α", r"\alpha"), ("λ2", r"\lambda_{2}"), ("W[0]", r"\text{W[0]}"), ("50% & $", r"\text{50\% \& \$}"),
        ("a_b_c", r"\text{a\_b\_c}"), (r"\input{x}", r"\text{\textbackslash{}input\{x\}}"), ("x#2", r"\text{x\#2}"),
    ],
)  # fmt: skip
def test_names_in_latex(text: str, latex: str) -> None:
    assert name(text).latex == latex
    assert name(text).text == text


@pytest.mark.parametrize(
    ("x", "latex"),
    [
        (4.0, "4"), (-0.5, "-0.5"), (2e7 / 3, r"6.667 \times 10^{6}"), (-1e-300, r"-1 \times 10^{-300}"),
        (math.inf, r"\infty"), (-math.inf, r"-\infty"), (math.nan, r"\text{nan}"), (None, "—"),
    ],
)  # fmt: skip
def test_numbers_in_latex(x: float | None, latex: str) -> None:
    assert number(x).latex == latex


@given(st.text(min_size=1))
def test_any_name_is_well_formed_latex(text: str) -> None:
    assert is_well_formed(name(text).latex)


def test_an_equation_does_not_say_the_same_twice() -> None:
    assert str(equation(name("y"), number(-3.0), number(-3.0))) == "y = -3"
    assert str(chained("·", number(2.0), number(-3.0))) == "2 · -3"
