"""Every optimizer is its paper's recursion, and PyTorch's, over 100 steps, for parameters of all kinds."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn import optim
from tests.nn.optim.textbook import SETTINGS, TEXTBOOK
from tests.nn.optim.training import MIXED, Array, Run, assert_close, gradient, numbers, runs

SPREAD: list[tuple[str, dict[str, Any]]] = [
    ("SGD", {}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.01}),
    ("SGD", {"lr": 0.05, "momentum": 0.9}),
    ("SGD", {"lr": 0.05, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("Adagrad", {}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.05, "weight_decay": 0.1, "initial_accumulator_value": 0.5, "eps": 1e-3}),
    ("RMSprop", {}),
    ("RMSprop", {"lr": 0.02, "alpha": 0.9, "eps": 1e-4, "weight_decay": 0.1}),
    ("RMSprop", {"momentum": 0.9}),
    ("RMSprop", {"centered": True}),
    ("RMSprop", {"alpha": 0.9, "momentum": 0.5, "centered": True, "weight_decay": 0.1}),
    ("Adam", {}),
    ("Adam", {"lr": 0.1, "betas": (0.5, 0.9), "eps": 1e-3, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.1, "betas": (0.0, 0.9)}),
    ("AdamW", {}),
    ("AdamW", {"lr": 0.1, "betas": (0.8, 0.99), "weight_decay": 0.3}),
    ("AdamW", {"weight_decay": 0.0}),
]


def by_the_textbook(name: str, chosen: dict[str, Any], run: Run) -> list[list[Array]]:
    """The parameters after each step, computed in float64."""
    weights = [x.astype(float) for x in run.start()]
    rules = [TEXTBOOK[name](**chosen) for _ in weights]
    path = [weights]
    for noise in run.noise():
        weights = [
            w if x is None else rule(w, gradient(w, x.astype(float)))
            for w, x, rule in zip(weights, noise, rules, strict=True)
        ]
        path.append(weights)
    return path


def assert_by_the_textbook(name: str, chosen: dict[str, Any], run: Run) -> None:
    parameters = run.parameters()
    run.train(parameters, getattr(optim, name)(parameters, **chosen))
    path = by_the_textbook(name, chosen, run)
    largest = [max(float(np.abs(x).max(initial=1.0)) for x in one) for one in zip(*path, strict=True)]
    assert_close(numbers(parameters), path[-1], largest)


@given(SETTINGS, runs)
@settings(max_examples=60, deadline=None)
def test_an_optimizer_is_the_textbook_s_for_any_settings_kinds_and_missing_gradients(
    drawn: tuple[str, dict[str, Any]], run: Run
) -> None:
    assert_by_the_textbook(*drawn, run)


@pytest.mark.parametrize(("name", "chosen"), SPREAD)
def test_an_optimizer_is_the_textbook_s_over_many_chunks(name: str, chosen: dict[str, Any]) -> None:
    shapes = [(300, 60), (5,), (170, 100), (1,)]
    assert_by_the_textbook(
        name, chosen, Run(tuple((dtype, s) for s in shapes for dtype in ("float64", "float32")), 0.1)
    )


@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize(("name", "chosen"), SPREAD)
def test_an_optimizer_is_pytorch_s(name: str, chosen: dict[str, Any], missing: float) -> None:
    torch = pytest.importorskip("torch")
    run = Run(MIXED.kinds, missing)
    ours = run.parameters()
    run.train(ours, getattr(optim, name)(ours, **chosen))
    theirs = [torch.nn.Parameter(torch.tensor(x)) for x in run.start()]
    optimizer = getattr(torch.optim, name)(theirs, **chosen)
    largest = [1.0] * len(theirs)
    for noise in run.noise():
        for parameter, x in zip(theirs, noise, strict=True):
            parameter.grad = None if x is None else torch.tensor(gradient(parameter.detach().numpy(), x))
        optimizer.step()
        largest = [max(size, float(x.detach().abs().max())) for size, x in zip(largest, theirs, strict=True)]
    assert_close(numbers(ours), [x.detach().numpy() for x in theirs], [2 * size for size in largest])


@pytest.mark.parametrize("name", list(TEXTBOOK))
def test_names_defaults_and_order_of_settings_are_pytorch_s(name: str) -> None:
    torch = pytest.importorskip("torch")
    import inspect

    ours = inspect.signature(getattr(optim, name)).parameters
    theirs = inspect.signature(getattr(torch.optim, name)).parameters
    assert list(ours) == [each for each in theirs if each in ours]
    assert [each.default for each in ours.values()] == [theirs[each].default for each in ours]
    positional = [each for each in theirs.values() if each.kind is each.POSITIONAL_OR_KEYWORD]
    left_out = {each.name for each in positional} - set(ours)
    assert left_out <= {"amsgrad", "foreach", "capturable", "maximize", "differentiable"}


def test_a_constant_gradient_leaves_a_centered_rmsprop_finite() -> None:
    parameters = Run((("float32", (50,)), ("float64", (50,)))).parameters()
    optimizer = optim.RMSprop(parameters, alpha=0.5, centered=True)
    gradients = [x.data.copy() for x in parameters]
    for _ in range(200):  # the variance goes to 0, and is rounded to either side of it
        for parameter, each in zip(parameters, gradients, strict=True):
            parameter.grad = each
        optimizer.step()
    assert all(np.isfinite(x).all() for x in numbers(parameters))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: optim.SGD(p, lr=-0.1), "SGD: lr is -0.1"),
        (lambda p: optim.SGD(p, lr=float("nan")), "lr is nan"),
        (lambda p: optim.SGD(p, lr=float("inf")), "lr is inf"),
        (lambda p: optim.SGD(p, momentum=-0.9), "momentum is -0.9"),
        (lambda p: optim.SGD(p, dampening=-1.0), "dampening is -1.0"),
        (lambda p: optim.SGD(p, weight_decay=-1.0), "weight_decay is -1.0"),
        (lambda p: optim.SGD(p, nesterov=True), "nesterov needs a momentum above 0, and no dampening"),
        (lambda p: optim.SGD(p, momentum=0.9, dampening=0.1, nesterov=True), "nesterov needs"),
        (lambda p: optim.Adagrad(p, lr_decay=-1.0), "lr_decay is -1.0"),
        (lambda p: optim.Adagrad(p, initial_accumulator_value=-1.0), "initial_accumulator_value is -1.0"),
        (lambda p: optim.Adagrad(p, eps=-1.0), "eps is -1.0"),
        (lambda p: optim.RMSprop(p, alpha=-1.0), "alpha is -1.0"),
        (lambda p: optim.RMSprop(p, eps=-1.0), "eps is -1.0"),
        (lambda p: optim.RMSprop(p, momentum=-1.0), "momentum is -1.0"),
        (
            lambda p: optim.Adam(p, betas=(1.0, 0.9)),
            r"betas\[0\] is 1.0, and must be finite, at least 0 and less than 1",
        ),
        (lambda p: optim.Adam(p, betas=(0.9, -0.1)), r"betas\[1\] is -0.1"),
        (lambda p: optim.Adam(p, eps=-1.0), "eps is -1.0"),
        (lambda p: optim.AdamW(p, weight_decay=-1.0), "AdamW: weight_decay is -1.0"),
    ],
)
def test_a_setting_out_of_its_range_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make(MIXED.parameters())


@pytest.mark.parametrize("lr", ["0.1", None, True, 1j])
def test_a_setting_that_is_no_number_is_refused(lr: Any) -> None:
    with pytest.raises(TypeError, match="SGD: lr is a number, got"):
        optim.SGD(MIXED.parameters(), lr=lr)


@given(st.sampled_from([np.float32, np.float64]))
def test_a_numpy_number_for_a_rate_does_not_widen_a_float32_model(kind: Any) -> None:
    run = Run((("float32", (3,)),))
    parameters = run.parameters()
    run.train(parameters, optim.AdamW(parameters, lr=kind(0.1), eps=kind(1e-8), weight_decay=kind(0.1)))
    assert parameters[0].dtype == np.float32
