"""RNN, LSTM and GRU against loops over single numbers' vectors in NumPy; their states; and how many nodes a step is."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd import Tensor, topological_order

Array = np.ndarray[Any, Any]


def squashed(x: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-x))


def rnn_by_hand(x: Array, w: dict[str, Array], h: Array, c: Array) -> tuple[Array, Array]:
    return np.tanh(w["weight_ih"] @ x + w["bias_ih"] + w["weight_hh"] @ h + w["bias_hh"]), c


def lstm_by_hand(x: Array, w: dict[str, Array], h: Array, c: Array) -> tuple[Array, Array]:
    i, f, g, o = np.split(w["weight_ih"] @ x + w["bias_ih"] + w["weight_hh"] @ h + w["bias_hh"], 4)
    c = squashed(f) * c + squashed(i) * np.tanh(g)
    return squashed(o) * np.tanh(c), c


def gru_by_hand(x: Array, w: dict[str, Array], h: Array, c: Array) -> tuple[Array, Array]:
    of_x, of_h = np.split(w["weight_ih"] @ x + w["bias_ih"], 3), np.split(w["weight_hh"] @ h + w["bias_hh"], 3)
    r, z = squashed(of_x[0] + of_h[0]), squashed(of_x[1] + of_h[1])
    return (1.0 - z) * np.tanh(of_x[2] + r * of_h[2]) + z * h, c


def parts(state: Any) -> list[Any]:
    return list(state) if isinstance(state, tuple) else [state]


BY_HAND = {"RNN": rnn_by_hand, "LSTM": lstm_by_hand, "GRU": gru_by_hand}


def run_by_hand(kind: str, layer: Any, x: Array, first: list[Array], both: bool) -> tuple[Array, list[Array]]:
    """The outputs for one sequence, and the last h and c of all layers and directions."""
    state, place, ends = layer.state_dict(), 0, []
    for number in range(layer.num_layers):
        sides = []
        for suffix in ("", "_reverse") if both else ("",):
            w = {key: state[f"{key}_l{number}{suffix}"] for key in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}
            h, c = first[0][place], first[1][place]
            outputs = []
            for step in x[::-1] if suffix else x:
                h, c = BY_HAND[kind](step, w, h, c)
                outputs.append(h)
            sides.append(outputs[::-1] if suffix else outputs)
            ends.append((h, c))
            place += 1
        x = np.concatenate(sides, axis=-1)
    return x, [np.stack(each) for each in zip(*ends, strict=True)]


@pytest.mark.parametrize("kind", BY_HAND)
@settings(deadline=None, max_examples=25)
@given(
    length=st.integers(1, 6), count=st.integers(1, 3), layers=st.integers(1, 3), both=st.booleans(),
    batch_first=st.booleans(), seed=st.integers(0, 99),
)  # fmt: skip
def test_all_outputs_and_states_are_those_of_loops_by_hand(
    kind: str, length: int, count: int, layers: int, both: bool, batch_first: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    layer = getattr(nn, kind)(3, 2, layers, bidirectional=both, batch_first=batch_first, dtype=np.float64, rng=rng)
    x, first = rng.normal(size=(length, count, 3)), rng.normal(size=(2, layers * (1 + both), count, 2))
    given_x = x.swapaxes(0, 1) if batch_first else x
    outputs, last = layer(given_x, tuple(first) if kind == "LSTM" else first[0])
    outputs = outputs.data.swapaxes(0, 1) if batch_first else outputs.data
    for i in range(count):
        expected, ends = run_by_hand(kind, layer, x[:, i], list(first[:, :, i]), both)
        np.testing.assert_allclose(outputs[:, i], expected, rtol=1e-12, atol=1e-14)
        for found, end in zip(parts(last), ends, strict=False):
            np.testing.assert_allclose(found.data[:, i], end, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("kind", BY_HAND)
def test_a_sequence_in_two_parts_with_the_state_between_is_the_whole(kind: str) -> None:
    layer, x = getattr(nn, kind)(3, 2, 2, dtype=np.float64, rng=0), np.random.default_rng(1).normal(size=(7, 4, 3))
    whole, last = layer(x)
    first, state = layer(x[:3])
    second, end = layer(x[3:], state)
    np.testing.assert_allclose(np.concatenate([first.data, second.data]), whole.data, rtol=1e-13)
    for one, other in zip(
        np.atleast_1d(end) if kind == "LSTM" else [end], last if kind == "LSTM" else [last], strict=True
    ):
        np.testing.assert_allclose(one.data, other.data, rtol=1e-13)


@pytest.mark.parametrize("kind", BY_HAND)
def test_one_sequence_is_a_batch_of_one_and_nothing_is_no_state(kind: str) -> None:
    layer, x = getattr(nn, kind)(3, 2, 2, batch_first=True, rng=0), np.random.default_rng(1).normal(size=(5, 3))
    alone, in_batch = layer(x)[0], layer(x[None])[0]
    assert np.array_equal(alone.data, in_batch.data[0])
    zeros = np.zeros((2, 1, 2))
    assert np.array_equal(layer(x[None], (zeros, zeros) if kind == "LSTM" else zeros)[0].data, in_batch.data)


@pytest.mark.parametrize(("kind", "nodes"), [("RNN", 4), ("LSTM", 16), ("GRU", 16)])
def test_a_step_is_a_few_nodes_and_the_input_is_multiplied_once(kind: str, nodes: int) -> None:
    def operations(length: int) -> list[str]:
        outputs, _ = getattr(nn, kind)(3, 2)(Tensor(np.ones((length, 4, 3))))
        return [node.op.name for node in topological_order(outputs) if node.op]

    assert len(operations(9)) - len(operations(8)) == nodes
    assert operations(8).count("linear") == 1 + 8


@pytest.mark.parametrize("kind", BY_HAND)
def test_the_wrong_sizes_are_refused_before_anything_is_computed(kind: str) -> None:
    layer = getattr(nn, kind)(3, 2)
    with pytest.raises(
        ValueError, match=rf"{kind}\(3, 2\): expected an array of shape \(L, N, 3\) or \(L, 3\), got \(5, 4\)"
    ):
        layer(np.zeros((5, 4)))
    with pytest.raises(ValueError, match=r"expected at least one step, got the shape \(0, 2, 3\)"):
        layer(np.zeros((0, 2, 3)))
    wrong = np.zeros((1, 5, 2))
    with pytest.raises(ValueError, match=r"expected an array of shape \(1, 4, 2\), got \(1, 5, 2\)"):
        layer(np.zeros((6, 4, 3)), (wrong, wrong) if kind == "LSTM" else wrong)
    with pytest.raises(ValueError, match=f"{kind}: hidden_size must be at least 1, got 0"):
        getattr(nn, kind)(3, 0)


def test_the_state_of_an_lstm_is_a_pair() -> None:
    with pytest.raises(ValueError, match=r"LSTM\(3, 2\): expected the state as a pair \(h, c\), got ndarray"):
        nn.LSTM(3, 2)(np.zeros((6, 4, 3)), np.zeros((1, 4, 2)))


def test_gradients_flow_into_the_first_state() -> None:
    h, c = Tensor(np.zeros((1, 4, 2))), Tensor(np.ones((1, 4, 2)))
    nn.LSTM(3, 2, rng=0)(np.ones((6, 4, 3)), (h, c))[0].sum().backward()
    assert np.abs(h.grad).min() > 0.0
    assert np.abs(c.grad).min() > 0.0
