"""What `fit` and `evaluate` are fed with: arrays as batches, or batches as they come."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from nn.arguments import whole_number
from nn.data import Batches
from nn.seeds import Rng

TO_LEARN, TO_MEASURE = 32, 256  # samples in a batch, where nothing is said; the first is Keras' default


class EvenBatches(Batches):
    """The rows of `x` and `y` in so many batches an epoch, whose sizes differ by one at most.

    >>> [len(x) for x, y in EvenBatches(np.zeros(11), np.zeros(11), steps=4)]
    [2, 3, 3, 3]
    """

    def __init__(self, x: Any, y: Any, steps: int, *, shuffle: bool = True, rng: Rng = None) -> None:
        super().__init__(x, y, shuffle=shuffle, rng=rng)
        self.steps = whole_number(steps, "fit: steps_per_epoch", 1)
        if self.steps > len(self.x):
            raise ValueError(f"fit: steps_per_epoch={steps:,}, but there are only {len(self.x):,} samples")

    def bounds(self) -> list[int]:
        """Where batches begin and end in the order of an epoch."""
        return [len(self.x) * i // self.steps for i in range(self.steps + 1)]


def batches_of(
    data: Any,
    where: str,
    *,
    batch_size: int | None = None,
    default: int = TO_LEARN,
    steps_per_epoch: int | None = None,
    shuffle: bool = False,
    rng: Rng = None,
) -> Iterable[tuple[Any, Any]]:
    """The pair of arrays `data` as batches; anything else must give batches itself, anew on each iteration.

    Raises ValueError for no samples, unequal lengths and sizes that contradict each other, TypeError for other data.
    """
    if batch_size is not None and steps_per_epoch is not None:
        raise ValueError(
            f"{where}: batch_size={batch_size} and steps_per_epoch={steps_per_epoch} both say how large a batch is: "
            "give one of them"
        )
    if isinstance(data, tuple):
        if len(data) != 2 or data[1] is None:
            raise TypeError(f"{where}: the data is a pair (x, y), got {'(x, None)' if len(data) == 2 else len(data)}")
        if steps_per_epoch is not None:
            return EvenBatches(*data, steps_per_epoch, shuffle=shuffle, rng=rng)
        return Batches(*data, default if batch_size is None else batch_size, shuffle=shuffle, rng=rng)
    is_list_of_arrays = isinstance(data, list) and not all(isinstance(batch, tuple) for batch in data)
    if not isinstance(data, Iterable) or isinstance(data, np.ndarray) or is_list_of_arrays:
        hint = (
            "; to set a part of the data aside, use scikit-learn's train_test_split" if isinstance(data, float) else ""
        )
        raise TypeError(
            f"{where}: the data is a tuple (x, y), or gives such as batches; got a {type(data).__name__}{hint}"
        )
    if batch_size is not None or steps_per_epoch is not None or rng is not None:
        raise ValueError(
            f"{where}: batch_size, steps_per_epoch and rng are for arrays: this data makes its own batches"
        )
    if isinstance(data, Iterator):
        raise TypeError(
            f"{where}: a {type(data).__name__} is used up after one epoch: give Batches, or a list of batches"
        )
    return data
