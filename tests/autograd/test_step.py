"""A step on the board: the rule in symbols, then in numbers, then the running sum."""

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
        "  ∂v1/∂x += ∂v1/∂v1 · ∂v1/∂x₂ = 1 · 3 = 3        (x so far: 3 → 6)",
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
        r"\frac{\partial v_{1}}{\partial y} = 0.009866 \cdot 1 = 0.009866",
        r"\end{aligned}",
    ]
    assert step._repr_latex_() == f"$\\displaystyle {step.latex}$"


@pytest.mark.parametrize("label", ["a b", "50%", "x_1_2", "{", "\\end{aligned}", "𝒳", "naïve", "\x1b[0m"])
def test_any_label_is_written_safely(label: str) -> None:
    for step in Stepper(Value(2.0, label) * Value(3.0, label)):
        assert "\x1b" not in repr(step)
        assert is_well_formed(step.latex)
