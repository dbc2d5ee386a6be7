"""Batches for training: every sample once an epoch, in as many batches as asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.training.feeding import EvenBatches


@given(st.integers(1, 80), st.data(), st.booleans(), st.integers(0, 3))
def test_an_epoch_has_all_samples_in_so_many_even_batches(
    n: int, given: st.DataObject, shuffle: bool, rng: int
) -> None:
    steps = given.draw(st.integers(1, n))
    batches = EvenBatches(np.arange(n), -np.arange(n), steps, shuffle=shuffle, rng=rng)
    epoch = list(batches)
    sizes = [len(x) for x, _ in epoch]
    assert len(epoch) == len(batches) == steps
    assert max(sizes) - min(sizes) <= 1
    x = np.concatenate([x for x, _ in epoch])
    assert (sorted(x) if shuffle else x.tolist()) == list(range(n))
    assert all((x == -y).all() and not x.flags.writeable for x, y in epoch)


def test_its_order_follows_from_the_seed_and_changes_with_each_epoch() -> None:
    epochs = [[x.tolist() for x, _ in EvenBatches(np.arange(9), np.arange(9), 2, rng=seed)] for seed in (0, 0, 1)]
    assert epochs[0] == epochs[1] != epochs[2]
    twice = EvenBatches(np.arange(9), np.arange(9), 2, rng=0)
    assert [x.tolist() for x, _ in twice] != [x.tolist() for x, _ in twice]


def test_more_batches_than_samples_are_an_error() -> None:
    with pytest.raises(ValueError, match="only 9 samples"):
        EvenBatches(np.arange(9), np.arange(9), 10)
