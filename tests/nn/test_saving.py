"""What was saved is loaded, bit for bit, or an error says why not and the model is as it was."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.files import FileFormatError
from nn.saving import load, save


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))


def same(a: nn.Module, b: nn.Module) -> bool:
    one, other = a.state_dict(), b.state_dict()
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("path", ["m.npz", "m.safetensors", "m"])
@pytest.mark.parametrize("make", [network, lambda: nn.MLP(2, [3, 1]), lambda: nn.LSTM(2, 3)])
def test_a_model_comes_back_bit_for_bit(make: Callable[[], nn.Module], path: str) -> None:
    model, other = make(), make()
    assert not same(model, other)
    written = save(model, path)
    assert written.exists()
    assert load(other, path) is other
    assert same(model, other)


def test_it_computes_as_before_and_can_be_trained_on() -> None:
    model, other = network(), network()
    x = np.ones((5, 3), np.float32)
    load(other, save(model, "m.npz"))
    assert np.array_equal(model(x).data, other(x).data)
    other(x).sum().backward()
    assert all(p.grad is not None for p in other.parameters())


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def _of_another_shape(path: Path) -> None:
    save(nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 2)), path)


def _of_other_names(path: Path) -> None:
    save(nn.MLP(2, [1]), path)


def _with_objects(path: Path) -> None:
    arrays: dict[str, Any] = {**network().state_dict(), "0.weight": np.array([print], dtype=object)}
    with open(path, "wb") as file:
        np.savez(file, **arrays)


def _foreign(path: Path) -> None:
    path.write_bytes(b"\x80\x04\x95 a pickle, or anything")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


DAMAGE = [_truncated, _of_another_shape, _of_other_names, _with_objects, _foreign, _empty, Path.unlink]


@pytest.mark.parametrize("suffix", ["npz", "safetensors"])
@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_a_file_that_does_not_fit_is_an_error_that_names_it_and_the_model_is_as_it_was(
    damage: Callable[[Path], None], suffix: str
) -> None:
    path = save(network(), f"m.{suffix}")
    damage(path)
    model = network()
    before = model.state_dict()
    with pytest.raises(FileFormatError, match=f"m.{suffix}"):
        load(model, path)
    assert all(np.array_equal(before[name], array) for name, array in model.state_dict().items())


def test_an_old_file_stays_whole_where_a_new_one_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(network(), "m.npz")
    before = path.read_bytes()

    def no_room(number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(OSError, match="No space left"):
        save(network(), path)
    assert path.read_bytes() == before
    assert [file.name for file in Path().iterdir()] == ["m.npz"]
