"""Sizes that layers are given: the wrong ones are refused with what is expected; and how layers are shown."""

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

import nn


@pytest.mark.parametrize(
    ("layer", "shape", "expected"),
    [
        (nn.Linear(3, 2), (5, 4), r"Linear\(in_features=3, out_features=2, bias=True\): .* \(…, 3\), got \(5, 4\)"),
        (nn.Linear(3, 2), (), r"expected an array of shape \(…, 3\), got \(\)"),
        (nn.LayerNorm((4, 3)), (3,), r"LayerNorm\(\(4, 3\), .*: expected an array of shape \(…, 4, 3\), got \(3,\)"),
        (nn.BatchNorm1d(3), (5, 4), r"expected an array of shape \(N, 3\) or \(N, 3, L\), got \(5, 4\)"),
        (nn.BatchNorm2d(3), (5, 3, 4), r"BatchNorm2d\(3, .* \(N, 3, H, W\), got \(5, 3, 4\)"),
        (nn.Conv2d(3, 2, 2), (5, 4, 6, 6), r"Conv2d\(3, 2, .* \(N, 3, H, W\) or \(3, H, W\), got \(5, 4, 6, 6\)"),
        (nn.MaxPool2d(2), (4, 4), r"MaxPool2d\(.* \(N, C, H, W\) or \(C, H, W\), got \(4, 4\)"),
        (nn.AvgPool2d(2), (4, 4), r"AvgPool2d\(.* \(N, C, H, W\) or \(C, H, W\), got \(4, 4\)"),
        (nn.Flatten(), (3,), r"Flatten\(start_dim=1, end_dim=-1\): an array of shape \(3,\) has no such axes"),
        (nn.Flatten(2, 1), (3, 3, 3), "has no such axes, the first before the last"),
    ],
)
def test_the_wrong_sizes_are_refused_with_what_is_expected(layer: nn.Module, shape: Any, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        layer(np.zeros(shape))


class Table:
    """What makes an array of itself, as tables of pandas do; of objects, if its columns are of different dtypes."""

    shape = (2, 3)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array([[True, 1.5, 2], [False, 0.5, 3]], dtype=object)


@pytest.mark.parametrize("layer", [nn.Linear(3, 2, rng=0), nn.BatchNorm1d(3), nn.Flatten(), nn.ReLU(), nn.Softmax(1)])
def test_tables_are_taken(layer: nn.Module) -> None:
    expected = layer(np.array([[1.0, 1.5, 2.0], [0.0, 0.5, 3.0]]))
    assert np.array_equal(np.asarray(layer(Table())), np.asarray(expected))


@pytest.mark.parametrize("layer", [nn.RNN(3, 3, 4), nn.LSTM(3, 3, 4), nn.GRU(3, 3, 4)])
@pytest.mark.parametrize("after", [nn.Linear(3, 2), nn.ReLU(), nn.MSELoss()])
def test_a_state_beside_the_outputs_is_no_input(layer: nn.Module, after: nn.Module) -> None:
    given = layer(np.zeros((4, 4, 3)))  # as many steps as layers: outputs and state could be stacked
    with pytest.raises(TypeError, match=r"RNN, LSTM and GRU give \(outputs, state\): take \[0\]"):
        after(given, given[0]) if isinstance(after, nn.MSELoss) else after(given)


@pytest.mark.parametrize("x", [None, "text", {"a": 1.0}, csr_array(np.eye(3))])
def test_what_are_no_numbers_is_a_type_error(x: Any) -> None:
    with pytest.raises(TypeError, match=r"^the input: expected numbers, got"):
        nn.Linear(3, 2)(x)


def test_sizes_of_layers_are_whole_numbers() -> None:
    with pytest.raises(ValueError, match="Linear: in_features must be at least 1, got 0"):
        nn.Linear(0, 2)
    with pytest.raises(TypeError, match=r"Linear: out_features must be a whole number, got 2.5"):
        nn.Linear(1, 2.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="Conv2d: 3 channels and 4 filters cannot be split in 2 groups"):
        nn.Conv2d(3, 4, 2, groups=2)
    with pytest.raises(ValueError, match=r"Conv2d: kernel_size is a whole number or a pair of them, got \(1, 2, 3\)"):
        nn.Conv2d(3, 4, (1, 2, 3))
    with pytest.raises(ValueError, match="LayerNorm: normalized_shape is empty"):
        nn.LayerNorm(())
    with pytest.raises(TypeError, match="a Tensor is of float64 or float32, got int64"):
        nn.Linear(2, 2, dtype=np.int64)


def test_layers_are_shown_with_their_settings() -> None:
    shown = {
        nn.Linear(2, 3, bias=False): "Linear(in_features=2, out_features=3, bias=False)",
        nn.Conv2d(2, 4, 3, padding=1, groups=2): (
            "Conv2d(2, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), groups=2)"
        ),
        nn.Conv2d(2, 4, (1, 2), padding="same", bias=False): (
            "Conv2d(2, 4, kernel_size=(1, 2), stride=(1, 1), padding=same, bias=False)"
        ),
        nn.MaxPool2d(2): "MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1)",
        nn.AvgPool2d(3, 2): "AvgPool2d(kernel_size=3, stride=2, padding=0)",
        nn.Embedding(9, 2, padding_idx=0): "Embedding(9, 2, padding_idx=0)",
        nn.LSTM(2, 3, 2, bidirectional=True): "LSTM(2, 3, num_layers=2, bidirectional=True)",
        nn.GRU(2, 3, bias=False, batch_first=True): "GRU(2, 3, bias=False, batch_first=True)",
        nn.LayerNorm(3): "LayerNorm((3,), eps=1e-05, elementwise_affine=True, bias=True)",
        nn.LeakyReLU(): "LeakyReLU(negative_slope=0.01)",
        nn.Softmax(dim=1): "Softmax(dim=1)",
        nn.Dropout(0.1): "Dropout(p=0.1)",
    }
    assert {module: repr(module) for module in shown} == shown
