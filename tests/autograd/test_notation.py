"""A formula has the parentheses that it needs: read by the rules of arithmetic, it means what it was built from."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd.notation import MINUS_SIGN, MODULO, OVER, POWER, SQUARE, Formula, call

AT = {"a": Fraction(2), "b": Fraction(-3), "c": Fraction(5), "d": Fraction(7, 2)}
Pair = tuple[Formula, Any]

names: st.SearchStrategy[Pair] = st.sampled_from([(Formula.name(name), x) for name, x in AT.items()])


def _combined(parts: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    """Formulas made of two formulas or one, beside the numbers that they stand for."""

    def of_two(left: Pair, right: Pair, symbol: str) -> Pair:
        (f, x), (g, y) = left, right
        if symbol in "/%" and y == 0:
            symbol = "+"
        made = {"+": f + g, "-": f - g, "·": f * g, "/": f / g, "%": f % g}[symbol]
        return made, {"+": x + y, "-": x - y, "·": x * y, "/": x / (y or 1), "%": x % (y or 1)}[symbol]

    def of_one(part: Pair, kind: str) -> Pair:
        f, x = part
        powers = {"cube": (POWER.write(f, 3), x**3), "square": (SQUARE.write(f), x**2), "negative": (-f, -x)}
        return powers[kind]

    twos = st.builds(of_two, parts, parts, st.sampled_from("+-·/%"))
    return twos | st.builds(of_one, parts, st.sampled_from(["negative", "square", "cube"]))


def _meaning(formula: str) -> Any:
    for written, meant in {"·": "*", "^3": "**_3", "²": "**_2", "≥": ">=", " = ": " == "}.items():
        formula = formula.replace(written, meant)
    return eval(formula, {"__builtins__": {}}, {**AT, "_3": 3, "_2": 2})


@given(st.recursive(names, _combined, max_leaves=10))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_a_formula_means_what_it_was_built_from(pair: Pair) -> None:
    formula, number = pair
    assert _meaning(formula.text) == number
    assert formula.latex.count("{") == formula.latex.count("}")
    assert formula.latex.count(r"\left(") == formula.latex.count(r"\right)")


@given(st.recursive(names, _combined, max_leaves=10))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_latex_has_parentheses_where_text_has_them_or_a_fraction_bar(pair: Pair) -> None:
    formula, _ = pair
    assert formula.latex.count(r"\left(") <= formula.text.count("(")
    if r"\frac" not in formula.latex:
        assert formula.latex.count(r"\left(") == formula.text.count("(")


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("third", [False, True])
def test_conditions_are_grouped(first: bool, second: bool, third: bool) -> None:
    a, b, c = (Formula.name("a"), Formula.name("b"), Formula.name("c"))
    p, q, r = (
        f < 0 if holds == (x < 0) else f >= 0
        for f, x, holds in zip((a, b, c), AT.values(), (first, second, third), strict=False)
    )
    for formula, meant in [
        (p & (q | r), first and (second or third)),
        ((p & q) | r, (first and second) or third),
        (p | (q & r), first or (second and third)),
        ((p | q) & r, (first or second) and third),
    ]:
        assert _meaning(formula.text) is meant, formula.text


def test_parentheses_are_left_out_where_they_say_nothing() -> None:
    x, y, z = map(Formula.name, "xyz")
    assert str(x + y + z) == str(x + (y + z)) == "x + y + z"
    assert str(x - y - z) == "x - y - z"
    assert str(x - (y - z)) == "x - (y - z)"
    assert str(x * y / z) == "x·y/z"
    assert str(x / (y * z)) == "x/(y·z)"
    assert str(-(x * x)) == "-x²"
    assert str(SQUARE.write(-x)) == "(-x)²"
    assert str(POWER.write(POWER.write(x, y), z)) == "(x^y)^z"
    assert str(POWER.write(x, POWER.write(y, z))) == "x^y^z"
    assert str(MODULO.write(x, y) * z) == "(x % y)·z"
    assert str(call("atan2").write(x + y, z)) == "atan2(x + y, z)"


def test_latex_uses_fractions_and_known_functions() -> None:
    x, y = Formula.name("x"), Formula.name("y")
    assert OVER.write(x + 1, x * y).latex == r"\frac{x + 1}{x \cdot y}"
    assert POWER.write(x, y - 1).latex == "x^{y - 1}"
    assert SQUARE.write(x / y).latex == r"\left(\frac{x}{y}\right)^{2}"
    assert call("tanh").write(x).latex == r"\tanh\left(x\right)"
    assert call("leaky_relu").write(x).latex == r"\operatorname{leaky\_relu}\left(x\right)"
    assert (x * y).latex == r"x \cdot y"
    assert (x * y)._repr_latex_() == r"$x \cdot y$"


def test_numbers_are_short() -> None:
    assert str(Formula.name("x") * 0.1) == "x·0.1"
    assert str(2.0 * Formula.name("x")) == "2·x"
    assert str(Formula.name("x") * 1.0000001) == "x·1.0000001"
    assert str(Formula.name("x") * 1e-7) == "x·1e-7"
    assert (Formula.name("x") ** 1e10).text == "x^(1e10)"
    assert (Formula.of(1e10) ** 2).latex == r"\left(1 \times 10^{10}\right)^{2}"
    assert Formula.of(float("inf")).latex == r"\infty"


def test_two_signs_do_not_stand_side_by_side() -> None:
    x = Formula.name("x")
    assert str(x - -1.5) == "x - (-1.5)"
    assert str(x * -x) == "x·(-x)"
    assert str(x / -2.0) == "x/(-2)"
    assert str(MINUS_SIGN.write(-x)) == "-(-x)"
    assert str(-Formula.of(-0.0)) == "-(-0)"
    assert str(-2.0 * x) == "-2·x"
    assert (x * -x).latex == r"x \cdot \left(-x\right)"
    assert (x / -x).latex == r"\frac{x}{-x}"
    assert str(x > -1.0) == "x > -1"


def test_what_is_equal_to_itself_is_not_written_down() -> None:
    x, y = Formula.name("x"), Formula.name("y")
    assert (x == x) is True
    assert ((x > y) | (y != y)).text == "x > y"
    assert (x - 0.0) is x
