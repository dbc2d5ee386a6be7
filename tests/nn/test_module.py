"""Module: names, state, hooks, scopes, copies; over Values, over Tensors, and with parameters that are shared."""

import copy
import pickle
import re
import threading
from collections import namedtuple
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Tensor, Value, topological_order

X = np.random.default_rng(0).normal(size=(4, 3))


class Everything(nn.Module):
    """Parameters, modules and buffers as attributes, in lists, tuples and dicts."""

    def __init__(self) -> None:
        self.first = nn.Linear(3, 3, rng=0)
        self.pairs = [Value(1.0), (Value(2.0), {"deep": Tensor([3.0, 4.0])})]
        self.by_name = {"norm": nn.BatchNorm1d(3), "drop": nn.Dropout(0.5, rng=1)}
        self.rows = [Tensor([5.0], dtype=np.float32), (Tensor([6.0], dtype=np.float32),)]
        self.count = np.zeros(2)
        self.title, self.size, self.nothing = "no parameter", 3, None

    def forward(self, x: Any) -> Any:
        return self.by_name["drop"](self.by_name["norm"](self.first(x)))


class Tied(nn.Module):
    """Two layers with one weight, and one layer that is used twice."""

    def __init__(self) -> None:
        self.encode = nn.Linear(3, 3, bias=False, rng=0)
        self.decode = nn.Linear(3, 3, bias=False, rng=0)
        self.decode.weight = self.encode.weight
        self.again = self.encode

    def forward(self, x: Any) -> Any:
        return self.decode(self.again(self.encode(x)))


def test_names_follow_from_the_attributes_in_their_order() -> None:
    model = Everything()
    parameters = ["first.weight", "first.bias", "pairs.0", "pairs.1.0", "pairs.1.1.deep", "by_name.norm.weight"]
    parameters += ["by_name.norm.bias", "rows.0", "rows.1.0"]
    buffers = [f"by_name.norm.{name}" for name in ("running_mean", "running_var", "num_batches_tracked")]
    assert {name for name, _ in model.named_parameters()} == set(parameters)
    assert [name for name, _ in model.named_buffers()] == ["count", *buffers]
    assert [name for name, _ in model.named_children()] == ["first", "by_name.norm", "by_name.drop"]
    assert [name for name, _ in model.named_modules()] == ["", "first", "by_name.norm", "by_name.drop"]
    assert list(model.generators()) == ["by_name.drop.generator"]
    assert set(model.state_dict()) == {*parameters, "count", *buffers}
    assert [p.data for p in model.parameters() if isinstance(p, Value)] == [1.0, 2.0]
    assert list(model.children()) == list(model.modules())[1:]
    assert next(model.buffers()) is model.count


def test_a_result_and_an_array_that_cannot_be_written_to_are_no_state() -> None:
    model = nn.Module()
    model.result = Tensor([1.0]) * 2.0
    model.frozen = np.ones(2)
    model.frozen.flags.writeable = False  # type: ignore[attr-defined]
    assert (model.parameters(), list(model.buffers()), model.state_dict()) == ([], [], {})


def test_names_that_a_subclass_may_take_for_its_own() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            self._state, self._hooks, self._run, self._named, self._place = Value(1.0), "a", None, 2, 0

        def forward(self, x: Any) -> Any:
            return self._state * x

    model = nn.Sequential(Model())
    assert model(2.0).data == 2.0
    assert list(model.state_dict()) == ["0._state"]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_a_state_goes_round(seed: int) -> None:
    model, other = Everything(), Everything()
    rng = np.random.default_rng(seed)
    for parameter in model.parameters():
        drawn = rng.normal(size=np.shape(parameter.data))
        parameter.data = drawn if isinstance(parameter, Tensor) else float(drawn)
    for buffer in model.buffers():
        buffer[...] = rng.integers(1, 9, buffer.shape)
    held = other.parameters(), list(other.buffers())
    other.load_state_dict(model.state_dict())
    assert all(
        np.array_equal(x, y) for x, y in zip(model.state_dict().values(), other.state_dict().values(), strict=True)
    )
    assert all(x is y for x, y in zip(held[0] + held[1], other.parameters() + list(other.buffers()), strict=True))
    assert np.array_equal(model.eval()(X).data, other.eval()(X).data)


def test_a_state_is_a_copy() -> None:
    model = Everything()
    state = model.state_dict()
    before = {name: array.copy() for name, array in state.items()}
    model(X)
    model.first.weight.data = np.ones((3, 3))
    assert all(np.array_equal(state[name], before[name]) for name in state)
    state["count"][:] = 7.0
    assert model.count.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"count": None}, ValueError, "Everything.load_state_dict: missing: count; strict=False takes what there is"),
        ({"extra": np.ones(1)}, ValueError, "unknown: extra"),
        ({"by_name.norm.bias": np.ones(4)}, ValueError, r"by_name.norm.bias: expected the shape \(3,\), got \(4,\)"),
        ({"pairs.0": np.ones(1)}, ValueError, r"pairs.0: expected the shape \(\), got \(1,\)"),
        ({"count": np.array(["a", "b"])}, TypeError, "count: expected real numbers, got an array of <U1"),
        ({"count": np.array([None, None])}, TypeError, "count: expected real numbers, got an array of object"),
        ({"count": np.array([1j, 0])}, TypeError, "count: expected real numbers, got an array of complex128"),
    ],
)
def test_what_cannot_be_loaded_leaves_all_as_it_was(changes: Any, error: type[Exception], message: str) -> None:
    model = Everything()
    before = model.state_dict()
    new = {name: array + 1.0 for name, array in before.items()} | changes
    with pytest.raises(error, match=message):
        model.load_state_dict({name: array for name, array in new.items() if array is not None})
    assert all(np.array_equal(array, before[name]) for name, array in model.state_dict().items())


def test_without_strict_what_there_is_is_taken() -> None:
    model = Everything()
    model.load_state_dict({"count": [5, 6], "unknown": np.ones(3)}, strict=False)
    assert model.count.tolist() == [5.0, 6.0]


def test_tied_weights_are_one_parameter_and_two_names_in_a_state() -> None:
    model = Tied()
    assert [name for name, _ in model.named_parameters()] == ["encode.weight"]
    assert list(model.state_dict()) == ["encode.weight", "decode.weight", "again.weight"]
    assert [name for name, _ in model.named_modules()] == ["", "encode", "decode"]
    out = model(X)
    out.sum().backward()
    w = model.encode.weight.data.astype(float)
    assert np.allclose(out.data, X @ w.T @ w.T @ w.T, atol=1e-5)
    other = Tied()
    other.encode.weight.data = np.zeros((3, 3))
    other.load_state_dict(model.state_dict())
    assert np.array_equal(other(X).data, out.data)


@pytest.mark.parametrize("twin", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model)), lambda m: m.double()])
def test_what_is_shared_stays_shared_in_a_copy(twin: Any) -> None:
    model = twin(Tied())
    assert model.decode.weight is model.encode.weight
    assert model.again is model.encode
    assert len(model.parameters()) == 1


def test_a_copy_is_a_model_of_its_own_without_the_hooks() -> None:
    model, calls = Everything(), []
    model.register_forward_hook(lambda *_: calls.append("hook"))
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert repr(twin) == repr(model)
        twin.eval()(X)
        assert (model.training, calls) == (True, [])
        twin.first.weight.data = np.zeros((3, 3))
        assert model.first.weight.data.any()


def test_a_graph_that_is_pickled_with_its_model_still_belongs_to_it() -> None:
    model = nn.Linear(3, 1, rng=0)
    model, loss = pickle.loads(pickle.dumps((model, model(X).sum())))
    loss.backward()
    assert model.bias.grad.tolist() == [4.0]


def test_modes_reach_all_modules_and_so_do_zero_grad_and_freezing() -> None:
    model = Everything()
    assert model.train(False) is model
    assert {module.training for module in model.modules()} == {False}
    assert {module.training for module in model.eval().train().modules()} == {True}
    model(X).sum().backward()
    assert model.first.weight.grad is not None
    model.zero_grad()
    assert {p.grad for p in model.parameters()} == {None}
    assert {p.requires_grad for p in model.requires_grad_(False).parameters()} == {False}
    assert {p.requires_grad for p in model.requires_grad_().parameters()} == {True}


def test_a_frozen_part_is_not_trained_and_the_rest_gets_the_gradient_that_it_gets_anyway() -> None:
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh(), nn.Linear(4, 1, rng=1))
    model(X).sum().backward()
    expected = [p.grad for p in model[2].parameters()]
    model.zero_grad()
    model[0].requires_grad_(False)
    out = model(X)
    out.sum().backward()
    assert [p.grad for p in model[0].parameters()] == [None, None]
    assert all(np.array_equal(p.grad, g) for p, g in zip(model[2].parameters(), expected, strict=True))
    assert not set(model[0].parameters()) & set(topological_order(out))


def test_the_dtype_of_a_model_is_chosen_anew() -> None:
    model = Everything()
    model.first.requires_grad_(False)
    before = model.state_dict()
    assert model.double() is model
    kinds = {name: array.dtype for name, array in model.state_dict().items()}
    assert kinds.pop("by_name.norm.num_batches_tracked") == np.int64
    assert set(kinds.values()) == {np.dtype(float)}
    assert all(np.array_equal(array, before[name]) for name, array in model.state_dict().items())
    assert [p.requires_grad for p in model.first.parameters()] == [False, False]
    pairs: Any = model.pairs
    assert pairs[1][1]["deep"] is dict(model.named_parameters())["pairs.1.1.deep"]
    assert model.float()(X).dtype == np.float32
    assert model.count.dtype == np.float32


def test_hooks_see_and_change_what_goes_in_and_out() -> None:
    layer = nn.ReLU()
    seen: list[Any] = []
    first = layer.register_forward_pre_hook(lambda module, args: seen.append((module, args)))
    second = layer.register_forward_pre_hook(lambda module, args: args[0] * 2.0)
    third = layer.register_forward_hook(lambda module, args, out: seen.append((module, args, out)))
    fourth = layer.register_forward_hook(lambda module, args, out: out + 1.0)
    assert layer(3.0) == 7.0
    assert seen == [(layer, (3.0,)), (layer, (6.0,), 6.0)]
    for handle in (first, second, third, fourth, fourth):
        handle.remove()
    assert layer(3.0) == 3.0
    layer.register_forward_pre_hook(lambda module, args: (args[0] - 4.0,))
    assert (layer(3.0), type(layer(3.0))) == (0.0, float)


def test_a_hook_may_remove_itself() -> None:
    layer, calls = nn.ReLU(), []

    def once(*_: Any) -> None:
        calls.append(1)
        handle.remove()

    handle = layer.register_forward_hook(once)
    layer(1.0)
    layer(1.0)
    assert calls == [1]


def scopes(root: Any) -> list[str | None]:
    return [node.scope for node in topological_order(root) if node.op is not None]


def test_every_node_carries_the_name_of_the_part_that_made_it() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Sequential(nn.Tanh(), nn.Linear(4, 1)))
    assert scopes(model(X)) == ["0", "1.0", "1.1"]
    assert scopes(model(X).sum()) == ["0", "1.0", "1.1", None]
    assert scopes(model[1](Tensor(np.ones((2, 4))))) == ["0", "1"]
    with autograd.scope("net"):
        assert scopes(model(X)) == ["net.0", "net.1.0", "net.1.1"]


def test_nodes_of_an_mlp_carry_layer_and_neuron() -> None:
    model = nn.MLP(2, [2, 1], rng=0)
    found = scopes(model([1.0, 2.0]))
    names = ["layers.0.neurons.0", "layers.0.neurons.1", "layers.1.neurons.0"]
    assert found == [names[0]] * 3 + [names[1]] * 3 + [names[2]] * 2


def test_a_module_that_is_used_twice_has_its_first_name_and_one_that_is_no_part_its_class() -> None:
    relu = nn.ReLU()
    assert scopes(nn.Sequential(relu, nn.Linear(3, 3), relu)(Tensor(X))) == ["0", "1", "0"]

    class Outside(nn.Module):
        def forward(self, x: Any) -> Any:
            return relu(nn.Tanh()(x))

    assert scopes(Outside()(Tensor(X))) == ["Tanh", "ReLU"]


def test_a_module_deep_within_that_is_called_directly_has_its_whole_name() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            self.block = nn.Sequential(nn.Tanh())
            self.last = self.block[0]

        def forward(self, x: Any) -> Any:
            return self.block[0](x)

    model = Model()
    assert scopes(model(Tensor(X))) == ["last"]
    del model.last
    assert scopes(copy.copy(model)(Tensor(X))) == ["block.0"]


def test_a_module_in_two_models_has_the_name_of_the_one_that_runs_it() -> None:
    shared = nn.Tanh()
    one, other = nn.Sequential(shared), nn.Sequential({"last": shared})
    for _ in range(2):
        assert scopes(one(Tensor(X))) == ["0"]
        assert scopes(other(Tensor(X))) == ["last"]


def test_after_an_error_the_scope_and_the_running_module_are_those_from_before() -> None:
    model = nn.Sequential(nn.Tanh(), nn.Linear(2, 1))
    with pytest.raises(ValueError, match="expected an array of shape"):
        model(Tensor(X))
    assert scopes(model[0](Tensor(X))) == [None]


def test_threads_do_not_see_each_other_s_scopes() -> None:
    model = nn.Sequential(nn.Linear(3, 3), nn.Tanh())
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.extend(scopes(model(X)) for _ in range(30))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["0", "1"]] * 120


def test_a_module_within_itself_is_walked_once() -> None:
    model = nn.Sequential(nn.Linear(2, 2))
    model.me = [model]
    assert len(list(model.modules())) == 2
    assert list(model.state_dict()) == ["0.weight", "0.bias"]


def test_a_module_is_shown_with_those_within() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            self.layers = [nn.Linear(2, 1), nn.Sequential(nn.ReLU())]

    lines = [
        "Model(",
        "  (layers.0): Linear(in_features=2, out_features=1, bias=True)",
        "  (layers.1): Sequential(",
        "    (0): ReLU()",
        "  )",
        ")",
    ]
    assert repr(Model()) == "\n".join(lines)


def test_a_module_without_forward_says_so() -> None:
    with pytest.raises(NotImplementedError, match=r"Module has no method forward\(self, x\)"):
        nn.Module()(1.0)


def test_seeds_nest_and_end_with_their_block() -> None:
    def drawn() -> float:
        return float(nn.Linear(1, 1).weight.item())

    with nn.seed(1):
        first = drawn()
        with nn.seed(2):
            inner = drawn()
        second = drawn()
    with nn.seed(1):
        assert (drawn(), drawn()) == (first, second)
    with nn.seed(2):
        assert drawn() == inner
    assert drawn() != drawn()
    assert len({first, second, inner}) == 3


@pytest.mark.parametrize(
    ("rng", "error", "message"),
    [
        (True, TypeError, "expected a seed, a numpy.random.Generator or None, got the bool True"),
        (1.5, TypeError, "got the float 1.5"),
        ("0", TypeError, "got the str '0'"),
        (-1, ValueError, "a seed is a whole number from 0 up, got -1"),
    ],
)
def test_what_is_no_seed_is_refused(rng: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        nn.Linear(2, 2, rng=rng)
    with pytest.raises(error, match=message), nn.seed(rng):
        pass


def test_what_forward_stores_is_neither_parameter_nor_buffer() -> None:
    class Remembering(nn.Module):
        def __init__(self) -> None:
            self.inner = nn.Linear(2, 1)

        def forward(self, x: Any) -> Any:
            self.last, self.norm = x, np.zeros(3)
            return self.inner(x)

    model = Remembering()
    names = list(model.state_dict())
    model(Tensor(np.ones((4, 2))))
    assert list(model.state_dict()) == names == [name for name, _ in model.named_parameters()]
    assert list(copy.deepcopy(model).state_dict()) == names
    assert model.last.shape == (4, 2)


def test_nothing_but_a_parameter_takes_the_place_of_a_parameter() -> None:
    layer = nn.Linear(2, 1)
    weight = layer.weight
    with pytest.raises(TypeError, match=r"Linear.weight is a parameter, and the ndarray would not be trained"):
        layer.weight = np.zeros((1, 2))  # type: ignore[assignment]
    assert layer.weight is weight
    layer.weight, layer.bias = Tensor(np.zeros((1, 2))), None
    assert [name for name, _ in layer.named_parameters()] == ["weight"]


def test_a_module_that_overrides_train_decides_for_what_is_within_it() -> None:
    class Fixed(nn.Module):
        def __init__(self) -> None:
            self.norm = nn.BatchNorm1d(2)

        def train(self, mode: bool = True) -> "Fixed":
            return super().train(False)

    model = nn.Sequential(Fixed(), nn.Dropout(0.5))
    model.train()
    assert [module.training for module in model.modules()] == [True, False, False, True]


def test_an_array_that_holds_no_numbers_is_no_state() -> None:
    model = nn.Sequential()
    model.classes = np.array(["cat", "dog"])
    assert model.state_dict() == {}


def test_two_parts_of_one_name_are_an_error_and_nothing_is_dropped() -> None:
    model: Any = nn.Sequential()
    model.parts = {"a.b": nn.Linear(2, 1), "a": {"b": nn.Linear(2, 1)}}
    for use in (model.state_dict, lambda: model.load_state_dict({})):
        with pytest.raises(ValueError, match=r"two parts are called 'parts\.a\.b\.weight'"):
            use()


def test_a_child_that_refers_to_its_parent_does_not_send_anything_in_circles() -> None:
    model: Any = nn.Sequential(nn.Linear(2, 1))
    model[0].parent = model
    assert repr(model).count("Linear") == 1
    assert [name for name, _ in model.named_parameters()] == ["0.weight", "0.bias"]
    assert nn.summary(model).parameters == 3


def test_modules_that_change_places_change_their_scopes() -> None:
    model: Any = nn.Sequential({"a": nn.Linear(2, 2), "b": nn.Linear(2, 2)})
    model(X[:, :2])
    model.a, model.b = model.b, model.a
    out = model(X[:, :2])
    assert [out.scope, out.parents[0].scope] == ["b", "a"]


def test_a_named_tuple_stays_one_when_a_model_is_converted() -> None:
    Pair = namedtuple("Pair", "first second")
    model: Any = nn.Sequential()
    model.pair = Pair(nn.Linear(2, 1), Tensor([1.0]))
    model.float()
    assert isinstance(model.pair, Pair)
    assert model.pair.second.dtype == np.float32


@pytest.mark.parametrize(("number", "dtype"), [(1e300, "float32"), (np.nan, "int64"), (1.5, "int64")])
def test_a_number_that_does_not_fit_is_not_taken_over(number: float, dtype: str) -> None:
    model: Any = nn.Sequential()
    model.counts = np.zeros(2, dtype)
    with pytest.raises(ValueError, match=rf"counts: {re.escape(str(number))} is no number of {dtype}"):
        model.load_state_dict({"counts": np.array([0.0, number])})
    assert model.counts.tolist() == [0, 0]
