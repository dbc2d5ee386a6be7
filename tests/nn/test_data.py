"""An epoch has every row once, beside its target, in an order that the generator decides."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor
from nn.data import Batches

Array = np.ndarray[Any, Any]
sizes = st.integers(1, 40)


@given(rows=sizes, batch_size=sizes, shuffle=st.booleans(), seed=st.integers(0, 100))
def test_an_epoch_has_every_row_once_beside_its_target(rows: int, batch_size: int, shuffle: bool, seed: int) -> None:
    x = np.arange(2.0 * rows).reshape(rows, 2)
    batches = Batches(x, np.arange(rows), batch_size, shuffle=shuffle, rng=seed)
    epoch = list(batches)
    seen = np.concatenate([y for _, y in epoch])
    assert sorted(seen) == list(range(rows))
    assert (np.concatenate([part for part, _ in epoch]) == x[seen]).all()
    assert len(batches) == len(epoch)
    assert all(len(part) == batch_size for part, _ in epoch[:-1])
    if not shuffle:
        assert list(seen) == list(range(rows))


@given(rows=sizes, batch_size=sizes)
def test_drop_last_leaves_out_only_what_fills_no_batch(rows: int, batch_size: int) -> None:
    if batch_size > rows:
        with pytest.raises(ValueError, match="make no batch"):
            Batches(np.arange(rows), None, batch_size, drop_last=True)
        return
    batches = Batches(np.arange(rows), None, batch_size, shuffle=False, drop_last=True)
    assert np.concatenate([x for x, _ in batches]).tolist() == list(range(rows - rows % batch_size))
    assert len(batches) == len(list(batches)) == rows // batch_size


def test_without_targets_the_second_of_each_pair_is_none() -> None:
    assert [y for _, y in Batches([1.0, 2.0, 3.0], batch_size=2)] == [None, None]


def order(batches: Batches) -> list[float]:
    return [number for x, _ in batches for number in x.tolist()]


def test_the_order_is_a_permutation_that_the_generator_draws() -> None:
    assert order(Batches(np.arange(50.0), batch_size=7, rng=3)) == np.random.default_rng(3).permutation(50).tolist()


def test_epochs_differ_and_follow_from_the_seed() -> None:
    first, second = (Batches(np.arange(50.0), rng=3) for _ in range(2))
    epochs = [order(first) for _ in range(3)]
    assert epochs == [order(second) for _ in range(3)]
    assert epochs[0] != epochs[1]
    assert epochs[1] != epochs[2]


def test_setting_the_generators_state_continues_with_the_same_epochs() -> None:
    batches = Batches(np.arange(50.0), rng=3, augment=lambda x, rng: x + rng.random(x.shape))
    order(batches)
    state = batches.rng.bit_generator.state
    expected = [order(batches) for _ in range(2)]
    another = Batches(np.arange(50.0), augment=batches.augment)
    another.rng.bit_generator.state = state
    assert [order(another) for _ in range(2)] == expected


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.uint8, bool])
def test_dtypes_stay_what_they_are(dtype: type, shuffle: bool) -> None:
    for x, y in Batches(np.ones((5, 2), dtype), np.ones(5, dtype), 2, shuffle=shuffle):
        assert x.dtype == y.dtype == dtype


@pytest.mark.parametrize("shuffle", [True, False])
def test_batches_are_frozen_and_the_users_arrays_are_not(shuffle: bool) -> None:
    x, y = np.zeros((5, 2)), np.zeros(5)
    for batch in Batches(x, y, 2, shuffle=shuffle, augment=lambda images, rng: images + 1.0):
        assert [part.flags.writeable for part in batch] == [False, False]
    for part, _ in Batches(x, batch_size=2, shuffle=shuffle):
        assert not part.flags.writeable
    x[0] = y[0] = 1.0


def test_what_is_not_shuffled_is_not_copied() -> None:
    x = np.zeros((5, 2))
    assert all(np.shares_memory(part, x) for part, _ in Batches(x, batch_size=2, shuffle=False))


def test_an_augmentation_that_writes_into_the_users_data_is_stopped() -> None:
    def careless(x: Array, rng: np.random.Generator) -> Array:
        x += 1.0
        return x

    with pytest.raises(ValueError, match="read-only"):
        next(iter(Batches(np.zeros((5, 2)), shuffle=False, augment=careless)))


def test_an_augmentation_makes_new_inputs_and_leaves_the_targets() -> None:
    for x, y in Batches(np.arange(10), np.arange(10), 3, augment=lambda x, rng: -x[:, None]):
        assert (x[:, 0] == -y).all()


def test_an_augmentation_that_loses_rows_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"augment must keep the 4 rows of a batch, and gave the shape \(3,\)"):
        next(iter(Batches(np.arange(4), augment=lambda x, rng: x[1:])))


def test_tensors_and_lists_are_data_too() -> None:
    [(x, y)] = Batches(Tensor([[1.0], [2.0]]), [0, 1], shuffle=False)
    assert x.tolist() == [[1.0], [2.0]]
    assert y.dtype == np.int64


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (np.zeros((3, 2)), np.zeros(4), "every row of x needs one of y, got 3 of x and 4 of y"),
        ([], None, "x has no rows"),
        (np.zeros((0, 2)), np.zeros(0), r"x has no rows, its shape is \(0, 2\)"),
        (1.0, None, r"x has no rows, its shape is \(\)"),
        ([1.0], 2.0, "y has no rows"),
        ([[1.0], [1.0, 2.0]], None, "x: rows of different lengths"),
    ],
)
def test_data_that_make_no_rows_are_an_error(x: Any, y: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Batches(x, y)


@pytest.mark.parametrize("size", [0, -1])
def test_a_batch_has_at_least_one_row(size: int) -> None:
    with pytest.raises(ValueError, match="batch_size must be at least 1"):
        Batches([1.0], None, size)


@pytest.mark.parametrize("size", [True, 2.0, float("nan"), "2", None])
def test_a_batch_has_a_whole_number_of_rows(size: Any) -> None:
    with pytest.raises(TypeError, match="batch_size must be a whole number"):
        Batches([1.0], None, size)
