"""A claim is a function and the derivatives that somebody claims, in one order and with one set of names."""

from typing import Any

import numpy as np
import pytest

import autograd
from autograd.testing.arguments import Arguments
from autograd.testing.claims import Claim, Given, Recorded, derivative_name


def f(x: float, y: float) -> list[float]:
    return [x * y, autograd.sin(x)]


ARGUMENTS = Arguments.of(f, (0.5, 2.0))


def jacobian(claim: Claim) -> np.ndarray[Any, Any]:
    """The claimed derivatives, a row for each result."""
    return np.array([claim.claimed([row], np.ones(1))[0] for row in range(len(claim.names))])


def noise(claim: Claim) -> float:
    return claim.claimed([0], np.ones(1))[1]


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ([], "f"),
        (["x"], "∂f/∂x"),
        (["x", "x"], "∂²f/∂x²"),
        (["x", "y"], "∂²f/∂x∂y"),
        (["x", "y", "x"], "∂³f/∂x∂y∂x"),
        (["w[0]", "w[0]", "w[0]"], "∂³f/∂w[0]³"),
    ],
)
def test_a_derivative_is_named_by_what_was_taken(variables: list[str], name: str) -> None:
    assert derivative_name("f", *variables) == name


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_claimed_derivatives_are_the_results_of_the_next_order(order: int) -> None:
    recorded = Recorded(f, ARGUMENTS, "f")
    claim, following = recorded.claim(order), recorded.claim(order + 1)
    assert jacobian(claim).shape == (2 * 2 ** (order - 1), 2)
    assert list(following.results(ARGUMENTS.numbers)) == jacobian(claim).ravel().tolist()
    assert [derivative_name(*name) for name in following.names] == [
        claim.name(row, column) for row in range(len(claim.names)) for column in range(2)
    ]


ROWS = [[2.0, 0.5], [np.cos(0.5), 0.0]]


@pytest.mark.parametrize(
    "gradient",
    [ROWS, tuple(map(tuple, ROWS)), np.array(ROWS), list(np.array(ROWS)), tuple(np.array(ROWS).T[:, :, np.newaxis])],
    ids=["rows", "tuples", "matrix", "rows of arrays", "an array for each input"],
)
def test_a_given_gradient_is_a_matrix_with_a_row_for_each_result(gradient: Any) -> None:
    claim = Given(f, gradient, ARGUMENTS, "f").claim()
    np.testing.assert_array_equal(jacobian(claim), ROWS)
    np.testing.assert_array_equal(jacobian(claim), jacobian(Recorded(f, ARGUMENTS, "f").claim(1)))


def test_dicts_are_matched_by_their_keys() -> None:
    def of_dict(p: dict[str, float]) -> dict[str, float]:
        return {"a": p["w"] * p["b"], "c": p["b"]}

    arguments = Arguments.of(of_dict, ({"w": 2.0, "b": 3.0},))
    given = {"c": {"b": 1.0, "w": 0.0}, "a": {"b": 2.0, "w": 3.0}}
    np.testing.assert_array_equal(jacobian(Given(of_dict, given, arguments, "f").claim()), [[3.0, 2.0], [0.0, 1.0]])
    for false in ({"a": {"w": 1.0, "b": 1.0}}, {"a": {"w": 1.0}, "c": {"w": 1.0}}):
        with pytest.raises(ValueError, match="has the keys"):
            Given(of_dict, false, arguments, "f").claim()


def test_what_was_rounded_on_the_way_is_known_of_a_graph() -> None:
    cancelled = Recorded(lambda x: (1e17 + autograd.sin(x)) - 1e17, Arguments.of(f, (0.3,)), "f").claim(1)
    assert 10.0 < noise(cancelled) < 1000.0
    assert noise(Recorded(lambda x: x * x, Arguments.of(f, (0.3,)), "f").claim(1)) < 1e-16
