"""A step changes the parameters that have a gradient and nothing else; what was computed before stays as it was."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import GraphError, Tensor, Value
from nn.optim import SGD, Adam, AdamW, Optimizer, RMSprop
from tests.nn.optim.textbook import SETTINGS, TEXTBOOK
from tests.nn.optim.training import MIXED, STEPS, Array, Run, assert_close, gradient, numbers, runs, set_gradients

Drawn = tuple[str, dict[str, Any]]


def made(drawn: Drawn, parameters: list[Any]) -> Optimizer:
    import nn.optim

    optimizer: Optimizer = getattr(nn.optim, drawn[0])(parameters, **drawn[1])
    return optimizer


def assert_same_bits(found: list[Array], expected: list[Array]) -> None:
    assert [(x.dtype, x.shape, x.tobytes()) for x in found] == [(x.dtype, x.shape, x.tobytes()) for x in expected]


@given(SETTINGS, runs)
@settings(max_examples=20, deadline=None)
def test_the_same_run_gives_the_same_bits(drawn: Drawn, run: Run) -> None:
    results = []
    for _ in range(2):
        parameters = run.parameters()
        run.train(parameters, made(drawn, parameters))
        results.append(numbers(parameters))
    assert_same_bits(*results)


@given(SETTINGS, runs)
@settings(max_examples=20, deadline=None)
def test_optimizers_over_parts_of_a_model_do_what_one_does_over_all_of_it(drawn: Drawn, run: Run) -> None:
    whole, parts = run.parameters(), run.parameters()
    run.train(whole, made(drawn, whole))
    optimizers = [made(drawn, part) for part in (parts[::2], parts[1::2]) if part]
    for noise in run.noise():
        set_gradients(parts, noise)
        for optimizer in optimizers:
            optimizer.step()
    assert_same_bits(numbers(parts), numbers(whole))


@given(SETTINGS, runs, st.integers(0, STEPS))
@settings(max_examples=20, deadline=None)
def test_a_loaded_state_goes_on_bit_for_bit(drawn: Drawn, run: Run, stop: int) -> None:
    parameters = run.parameters()
    optimizer = made(drawn, parameters)
    saved: list[Any] = []

    def save() -> None:
        saved.append((optimizer.state_dict(), numbers(parameters)))

    save()
    run.train(parameters, optimizer, save)
    state, weights = saved[stop]
    others = run.parameters()
    for parameter, x in zip(others, weights, strict=True):
        parameter.data = x
    resumed = made((drawn[0], {**drawn[1], "lr": 0.5}), others)
    resumed.load_state_dict(state)
    for noise in list(run.noise())[stop:]:
        set_gradients(others, noise)
        resumed.step()
    assert_same_bits(numbers(others), numbers(parameters))
    for name, x in resumed.state_dict().items():
        np.testing.assert_array_equal(x, optimizer.state_dict()[name])


@given(SETTINGS, runs, st.data())
@settings(max_examples=25, deadline=None)
def test_what_somebody_assigns_between_steps_is_where_the_next_step_starts(
    drawn: Drawn, run: Run, data: st.DataObject
) -> None:
    parameters = run.parameters()
    optimizer = made(drawn, parameters)
    weights = [x.astype(float) for x in run.start()]
    rules = [TEXTBOOK[drawn[0]](**drawn[1]) for _ in weights]
    largest = [13.0] * len(weights)
    for t, noise in enumerate(run.noise()):
        if t in (0, 1, 2, 50, 51):
            i = data.draw(st.integers(0, len(parameters) - 1))
            parameters[i].data = weights[i] = np.full_like(weights[i], 0.25 * t)
        set_gradients(parameters, noise)
        optimizer.step()
        for i, (x, rule) in enumerate(zip(noise, rules, strict=True)):
            weights[i] = weights[i] if x is None else rule(weights[i], gradient(weights[i], x.astype(float)))
            largest[i] = max(largest[i], float(np.abs(weights[i]).max(initial=0.0)))
    assert_close(numbers(parameters), weights, largest)


HOLD: dict[str, Callable[[Tensor], Any]] = {
    "its data": lambda w: w.data,
    "a view": lambda w: w.data.T,
    "a plain view": lambda w: np.asarray(w.data)[1:],
    "a buffer": lambda w: np.asarray(w.data).data,
    "a row": lambda w: w.data[0],
}


@given(st.lists(st.one_of(st.none(), st.tuples(st.sampled_from(list(HOLD)), st.integers(1, 5))), max_size=12))
@settings(deadline=None)
def test_arrays_that_somebody_holds_never_change(plan: list[tuple[str, int] | None]) -> None:
    w, b = Tensor(np.arange(6.0).reshape(2, 3)), Tensor([1.0, 2.0, 3.0])
    optimizer = Adam([w, b], lr=0.1)
    held: list[tuple[Any, Array, int]] = []
    for t, entry in enumerate(plan):
        if entry is not None:
            array = HOLD[entry[0]](w)
            held.append((array, np.array(array), t + entry[1]))
        ((w * w).sum() + (b * b).sum()).backward()
        optimizer.step()
        for array, copy, _ in held:
            np.testing.assert_array_equal(np.asarray(array), copy)
        held = [each for each in held if each[2] > t]


def test_graphs_of_earlier_steps_keep_their_numbers() -> None:
    w, b = Tensor([[1.0, 2.0], [3.0, 4.0]]), Tensor([1.0, -1.0])
    optimizer = SGD([w, b], lr=0.1, momentum=0.9)
    graphs = []
    for _ in range(6):
        product = w * b
        graphs.append((product, product.operands[0].data.copy(), product.data.copy()))
        product.sum().backward()
        optimizer.step()
        optimizer.zero_grad()
    for product, _, data in graphs:
        np.testing.assert_array_equal(product.data, data)
        with pytest.raises(GraphError, match="changed"):
            product.sum().backward()
    assert not np.array_equal(graphs[0][1], graphs[-1][1])


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=6))
def test_graphs_of_parameters_that_a_step_leaves_alone_can_still_be_differentiated(plan: list[list[bool]]) -> None:
    parameters = [Tensor([1.0, 2.0]), Tensor([3.0]), Tensor([[4.0]])]
    optimizer = SGD(parameters, lr=0.1, momentum=0.9)
    for reached in plan:
        graphs = [(p * p).sum() for p in parameters]
        for p, is_reached in zip(parameters, reached, strict=True):
            p.grad = np.ones_like(p.data) if is_reached else None
        optimizer.step()
        optimizer.zero_grad()
        for p, graph, is_reached in zip(parameters, graphs, reached, strict=True):
            if is_reached:
                with pytest.raises(GraphError, match="changed"):
                    graph.backward()
            else:
                graph.backward()
                np.testing.assert_array_equal(p.grad, 2.0 * p.data)


def nothing(w: Tensor, still: Tensor) -> None:
    pass


def unfrozen_at_first(w: Tensor, still: Tensor) -> None:
    still.grad = np.ones(still.shape) if w.data[0] == 0.0 else None


def assigned_by_somebody(w: Tensor, still: Tensor) -> None:
    still.data = [1.0, 2.0]


@pytest.mark.parametrize("before_each", [nothing, unfrozen_at_first, assigned_by_somebody])
def test_steps_after_the_third_allocate_no_array_of_the_model_s_size(before_each: Callable[..., None]) -> None:
    w, still = Tensor(np.zeros(1_000_000)), Tensor([1.0, 2.0])
    w.grad = np.ones(1_000_000)
    optimizer = AdamW([w, still])

    def step() -> None:
        before_each(w, still)
        optimizer.step()

    for _ in range(3):
        step()
    tracemalloc.start()
    for _ in range(3):
        step()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


def test_a_parameter_without_a_gradient_is_left_alone_and_so_is_its_state() -> None:
    w, x, still = Tensor([1.0, 2.0]), Value(3.0), Tensor([[5.0]])
    optimizer = Adam([w, still, x], lr=0.1, weight_decay=0.1)
    for _ in range(3):
        w.grad, x.grad = np.array([1.0, -1.0]), None
        optimizer.step()
    assert (still.tolist(), x.data) == ([[5.0]], 3.0)
    state = optimizer.state_dict()
    assert state["float64.steps"].tolist() == [3, 0]
    assert state["values.steps"].tolist() == [0]
    assert state["float64.m"][2] == state["values.v"][0] == 0.0


def test_a_step_without_any_gradient_changes_nothing() -> None:
    parameters = MIXED.parameters()
    before = [p.data for p in parameters]
    optimizer = Adam(parameters)
    optimizer.step()
    assert_same_bits(numbers(parameters), [np.array(x) for x in before])
    assert not any(optimizer.state_dict()[f"{kind}.steps"].any() for kind in ("float32", "float64", "values"))


def test_two_optimizers_may_share_a_parameter() -> None:
    w, a, b = Tensor([1.0, 2.0]), Tensor([3.0]), Value(4.0)
    first, second = SGD([w, a], lr=0.5), SGD([w, b], lr=0.25)
    for _ in range(3):
        w.grad, a.grad, b.grad = np.ones(2), np.ones(1), 1.0
        first.step()
        second.step()
    assert (w.tolist(), a.tolist(), b.data) == ([1.0 - 2.25, 2.0 - 2.25], [1.5], 3.25)


def test_empty_tensors_and_tensors_of_no_axes_are_parameters_too() -> None:
    empty, point = Tensor(np.zeros((0, 3))), Tensor(2.0)
    for parameters in ([empty], [empty, point], [point, empty]):
        empty.grad, point.grad, point.data = np.zeros((0, 3)), np.array(1.0), 2.0
        optimizer = SGD(parameters, lr=0.5)
        optimizer.step()
        optimizer.step()
        assert empty.shape == (0, 3)
        assert point.data == (1.0 if len(parameters) == 2 else 2.0)


@pytest.mark.parametrize("layout", [np.asfortranarray, lambda g: g[::-1][::-1], lambda g: g.astype(np.float32)])
def test_a_gradient_may_lie_in_memory_as_it_likes(layout: Callable[[Array], Array]) -> None:
    w = Tensor(np.zeros((2, 3)))
    w.grad = layout(np.arange(6.0).reshape(2, 3))
    SGD([w], lr=1.0).step()
    assert w.tolist() == [[0.0, -1.0, -2.0], [-3.0, -4.0, -5.0]]


def test_zero_grad_forgets_the_gradients_of_all_kinds() -> None:
    parameters = MIXED.parameters()
    set_gradients(parameters, next(MIXED.noise()))
    SGD(parameters).zero_grad()
    assert all(parameter.grad is None for parameter in parameters)


def test_gradients_that_are_not_finite_pass_through_in_silence() -> None:
    w = Tensor([1.0, 2.0, 3.0], dtype=np.float32)
    w.grad = np.array([np.inf, np.nan, 3e38], np.float32)
    Adam([w]).step()
    assert np.isnan(w.data[:2]).all()


def test_a_gradient_of_another_shape_is_refused_before_anything_changes() -> None:
    parameters = MIXED.parameters()
    optimizer = Adam(parameters)
    set_gradients(parameters, next(MIXED.noise()))
    parameters[2].grad = parameters[2].grad[0]
    with pytest.raises(ValueError, match=r"has the shape \(2, 2\), and its gradient \(2,\)"):
        optimizer.step()
    assert_same_bits(numbers(parameters), [np.asarray(x) for x in MIXED.start()])
    assert not optimizer.state_dict()["float32.steps"].any()


@pytest.mark.parametrize(
    ("params", "error", "message"),
    [
        ([], ValueError, "Adam: there are no parameters to change"),
        (Tensor([1.0, 2.0]), TypeError, "params is a list of Tensors or Values, or model.parameters"),
        (Value(1.0), TypeError, "params is a list"),
        (3.0, TypeError, "params is a list.*got a float"),
        ([1.0], TypeError, "parameter 0 is a float, no Tensor or Value"),
        ([np.ones(2)], TypeError, "parameter 0 is a ndarray"),
        ([{"params": [Value(1.0)], "lr": 0.1}], TypeError, "parameter 0 is a dict.*an optimizer for each"),
        ([Value(1.0), Value(2.0) * 3.0], ValueError, "parameter 1, .* is a result; only leaves"),
        ([Tensor([1.0]).tanh()], ValueError, "parameter 0, .* is a result"),
        ([Value(1.0)] * 2, ValueError, "a parameter comes twice"),
    ],
)
def test_what_are_no_parameters_is_refused(params: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Adam(params)


def test_parameters_of_equal_numbers_are_not_the_same_parameter() -> None:
    assert len(SGD([Value(1.0), Value(1.0)]).params) == 2


def changed(state: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**state, **{name.replace("_", ".", 1): x for name, x in changes.items()}}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda state: {}, r"lacks \['float32.ends'"),
        (lambda state: state | {"float16.m": 0.0}, r"has \['float16.m'\] too"),
        (
            lambda state: changed(state, float32_m=state["float32.m"][1:]),
            r"float32.m is to have shape \(8,\) and float32",
        ),
        (lambda state: changed(state, float32_v=state["float32.v"].astype(float)), "got .* float64"),
        (lambda state: changed(state, float32_m=["x"] * 8), "float32.m is to have"),
        (lambda state: changed(state, float32_ends=np.array([2, 8])), r"of other sizes: float32.ends is \[2 8\]"),
        (lambda state: changed(state, float32_steps=np.array([-1, 2])), r"float32.steps is \[-1  2\]"),
        (lambda state: changed(state, values_m=None), "values.m is to have"),
        (lambda state: state | {"lr": -1.0}, "lr is -1.0"),
        (lambda state: state | {"lr": np.nan}, "lr is nan"),
        (lambda state: state | {"momentum": 2.0}, r"betas\[0\] is 2.0"),
        (lambda state: state | {"momentum": -2.0}, "momentum is -2.0"),
    ],
)
def test_a_state_that_does_not_fit_is_refused_and_changes_nothing(spoil: Any, message: str) -> None:
    parameters = MIXED.parameters()
    optimizer = Adam(parameters, lr=0.1)
    MIXED.train(parameters, optimizer)
    state = optimizer.state_dict()
    with pytest.raises(ValueError, match=message):
        optimizer.load_state_dict(spoil(RMSprop(MIXED.parameters()).state_dict() | state | {"lr": 0.7}))
    after = optimizer.state_dict()
    assert after.keys() == state.keys()
    for name, x in after.items():
        np.testing.assert_array_equal(x, state[name])


def test_a_state_is_arrays_and_numbers_and_a_copy() -> None:
    parameters = MIXED.parameters()
    optimizer = Adam(parameters)
    MIXED.train(parameters, optimizer)
    state = optimizer.state_dict()
    assert {type(x) for x in state.values()} == {float, np.ndarray}
    copies = {name: np.array(x) for name, x in state.items()}
    MIXED.train(parameters, optimizer)
    for name, x in state.items():
        np.testing.assert_array_equal(x, copies[name])


def test_an_optimizer_shows_its_settings_and_what_it_changes() -> None:
    optimizer = SGD([Tensor(np.zeros((1000, 2))), Value(1.0)], lr=0.1, momentum=0.9)
    assert repr(optimizer) == (
        "<SGD(lr=0.1, momentum=0.9, dampening=0.0, weight_decay=0.0, nesterov=False) of 2 parameters, 2,001 numbers>"
    )


def test_an_optimizer_of_one_s_own_is_one_method() -> None:
    class Sign(Optimizer):
        def __init__(self, params: Any, lr: float) -> None:
            super().__init__(params, lr, weight_decay=0.0, memory={"previous": 0.0})

        def change(self, w: Array, g: Array, t: int, previous: Array) -> Array:
            delta: Array = self.lr * np.sign(g + previous)
            previous[:] = g
            return delta

    w, x = Tensor([1.0, 2.0]), Value(3.0)
    optimizer = Sign([w, x], lr=0.25)
    for sign in (1.0, -0.5):
        w.grad, x.grad = np.array([sign, -sign]), sign
        optimizer.step()
    assert (w.tolist(), x.data) == ([0.5, 2.5], 2.5)
