"""A step on the board: the rule in symbols, then in numbers, then the running sum."""

import math

import pytest

import autograd
from autograd import Stepper, Value
from tests.autograd.latex import is_well_formed


def board(root: Value, position: int) -> list[str]:
    return repr(Stepper(root).run_to(position)).splitlines()


def test_the_local_derivative_is_shown_where_it_says_more_than_a_number() -> None:
    x = Value(0.5, "x")
    assert board(x.tanh(), 2) == [
        "backward 1 of 1    v1 = tanh(x)",
        "  ∂tanh(x)/∂x = 1 - tanh(x)² = 0.7864",
        "  ∂v1/∂x = ∂v1/∂v1 · ∂v1/∂x = 1 · 0.7864 = 0.7864        (x so far: 0 → 0.7864)",
    ]
    assert board(x + 1, 2) == [
        "backward 1 of 1    v1 = x + 1",
        "  ∂v1/∂x = ∂v1/∂v1 · ∂v1/∂x = 1 · 1 = 1        (x so far: 0 → 1)",
    ]


def test_what_is_added_to_a_gradient_is_written_with_plus_equals() -> None:
    x = Value(3.0, "x")
    assert board(x * x, 3) == [
        "backward 2 of 2    v1 = x·x",
        "  ∂(x₁·x₂)/∂x₂ = x₁ = 3",
        "  ∂v1/∂x += ∂v1/∂v1 · ∂(x₁·x₂)/∂x₂ = 1 · 3 = 3        (x so far: 3 → 6)",
    ]


def test_the_first_of_several_contributions_is_no_equation_either() -> None:
    x = Value(3.0, "x")
    g = x * 2 + x
    assert board(g, 4) == [
        "backward 2 of 3    v2 = v1 + x",
        "  ∂v2/∂x += ∂v2/∂v2 · ∂(v1 + x)/∂x = 1 · 1 = 1        (x so far: 0 → 1)",
    ]


def test_numbers_that_no_longer_belong_together_are_not_passed_off_as_an_equation() -> None:
    x, y = Value(1.0, "x"), Value(3.0, "y")
    p = x + y
    assert len(board(p, 1)) == 3
    x.data = 5.0
    assert board(p, 1)[-1] == "  (v1 was computed before its operands got the numbers they have now)"
    for step in Stepper(p):
        assert is_well_formed(step.latex)


def test_rounded_numbers_that_would_not_add_up_are_written_in_full() -> None:
    assert board(Value(1.0000001, "x") - 1.0, 1)[0].endswith("v1 = x - 1 = 1.0000001 - 1 = 1e-7")


def test_an_operation_whose_definition_cannot_be_read_in_symbols_has_numbers() -> None:
    from autograd import define, namespaces

    tilted = define(
        "tilted",
        lambda m, x, y: math.exp(x) * y,
        lambda m, x, y, out: math.exp(x) * y,
        lambda m, x, y, out: math.exp(x),
    )
    try:
        assert board(tilted(Value(0.0, "x"), Value(2.0, "y")), 1) == [
            "forward 1 of 1    v1 = tilted(x, y) = tilted(0, 2) = 2",
            "  ∂tilted(x, y)/∂x = 2",
            "  ∂tilted(x, y)/∂y = 1",
        ]
    finally:
        del namespaces.operations["tilted"]


def test_a_label_that_is_an_expression_stands_in_parentheses() -> None:
    assert board(Value(2.0, "a + b") * Value(3.0, "c[0]"), 1)[:2] == [
        "forward 1 of 1    v1 = (a + b)·c[0] = 2·3 = 6",
        "  ∂((a + b)·c[0])/∂(a + b) = c[0] = 3",
    ]


def test_of_many_local_derivatives_the_first_are_shown() -> None:
    xs = [Value(i, f"x{i}") for i in range(1000)]
    lines = board(autograd.sum(xs), 1)
    assert lines[0] == "forward 1 of 1    v1 = sum(x0, x1, …, x999) = sum(0, 1, …, 999) = 499500"
    assert lines[-2:] == ["  ∂sum(x0, x1, …, x999)/∂x5 = 1", "  … 994 more"]
    assert len(lines) == 8
    backward = Stepper(autograd.sum(xs)).run_to(1001)
    assert backward is not None
    assert str(backward.rule) == "∂v1/∂x999 = ∂v1/∂v1 · ∂v1/∂x999"


def test_forward_the_fields_of_the_way_back_are_none() -> None:
    x = Value(3.0, "x")
    forward, backward = Stepper(x * 2)
    assert (forward.phase, forward.reached, forward.parent, forward.product, forward.so_far) == (
        "forward", forward.node, None, None, "",
    )  # fmt: skip
    assert forward.local_derivative is None
    assert (backward.phase, backward.reached, backward.local, backward.total) == ("backward", x, 2.0, 2.0)
    assert backward.before is None


def test_a_node_that_holds_zero_is_a_node_all_the_same() -> None:
    zero = Value(0.0, "zero")
    backward = Stepper(zero * 2).run()
    assert backward is not None
    assert (backward.reached, backward.phase) == (zero, "backward")
    assert backward.reached is zero


def test_the_same_in_latex() -> None:
    x, y = Value(1.0, "x"), Value(-3.0, "y")
    step = Stepper((x * y).tanh()).run()
    assert step is not None
    assert step.latex.splitlines() == [
        r"\begin{aligned}",
        r"& v_{1} = x \cdot y \\",
        r"& \frac{\partial \left(x \cdot y\right)}{\partial y} = x = 1 \\",
        r"& \frac{\partial v_{2}}{\partial y} = \frac{\partial v_{2}}{\partial v_{1}} \cdot "
        r"\frac{\partial v_{1}}{\partial y} = 0.009866 \cdot 1 = 0.009866 \qquad (y: 0 \to 0.009866)",
        r"\end{aligned}",
    ]
    assert step._repr_latex_() == f"$\\displaystyle {step.latex}$"


@pytest.mark.parametrize("label", ["a b", "50%", "x_1_2", "{", "\\end{aligned}", "𝒳", "naïve", "\x1b[0m"])
def test_any_label_is_written_safely(label: str) -> None:
    for step in Stepper(Value(2.0, label) * Value(3.0, label)):
        assert "\x1b" not in repr(step)
        assert is_well_formed(step.latex)
