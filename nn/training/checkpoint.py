"""Checkpoint: the whole state of a training in a file, from which `fit` goes on as if it had never stopped."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nn.arguments import whole_number
from nn.files import MissingFileError, check_arrays, read_arrays, write_arrays
from nn.training.callbacks import Callback
from nn.training.packing import packed, unpacked
from nn.training.run import Run

_TRAINING = "training"  # the name of the JSON among the file's texts


class Checkpoint(Callback):
    """Write the state of the training to `path` after every so many epochs, and after the last.

    `fit(…, resume=path)` goes on from there, to the same weights, bit for bit, as without a pause; an epoch that was
    interrupted is done anew. The suffix says the format, as for `nn.save`. The file is replaced whole, so there is
    always one that can be read.

    It holds the weights that training goes on from. To keep the best or the last for use, `nn.save` the model.
    Resumed, a training that a callback has stopped goes on, unless `EarlyStopping` stops it again.

    The state is that of the model, of all parameters of the optimizer, frozen or not, of the optimizer with `lr` and
    `momentum`, the schedule, the history, the callbacks, and the generators of the model and of data that has one as
    its `rng`, as `Batches` do. Not in it are other settings of the optimizer, where other data stands, and what a loss
    has beside parameters of the optimizer.
    """

    def __init__(self, path: str | os.PathLike[str], every: int = 1) -> None:
        self.path = Path(path)
        self.every = whole_number(every, "Checkpoint: every", 1)
        self.epoch: int | None = None  # that of the file, once this training has written it

    def on_train_begin(self, run: Run) -> None:
        """Raise ValueError, TypeError or OSError if there could be no such file: better now than after hours."""
        self.epoch = None
        check_arrays(self.path, *_content(run))

    def on_epoch_end(self, run: Run) -> None:
        """Write the file, if it is time."""
        if run.epoch % self.every == 0 or run.epoch == run.epochs or run.stop:
            write_arrays(self.path, *_content(run))
            self.epoch = run.epoch


def _content(run: Run) -> tuple[dict[str, Any], dict[str, str]]:
    arrays, text = packed(run.state_dict())
    return arrays, {_TRAINING: text}


def resume(run: Run, path: str | os.PathLike[str]) -> None:
    """Set the run to the state in the file; leave it at its beginning if a Checkpoint is yet to write this file.

    Raises ValueError, and changes nothing, if the file is damaged, no checkpoint or that of another training, and
    FileNotFoundError if there is none and no Checkpoint writes it.
    """
    ours = [each for each in run.callbacks if isinstance(each, Checkpoint) and each.path == Path(path)]
    try:
        arrays, texts = read_arrays(path)
    except MissingFileError:
        if ours:
            return
        raise
    try:
        run.load_state_dict(unpacked(arrays, texts.get(_TRAINING, "{}")))
    except Exception as error:  # whatever the file may hold
        what = error if isinstance(error, ValueError) else f"it is damaged: {error!r}"
        raise ValueError(f"fit: {path} is no checkpoint of this training: {what}") from error
    for checkpoint in ours:
        checkpoint.epoch = run.epoch


def checkpoints_last(callbacks: Iterable[Any]) -> list[Any]:
    """The callbacks in order, but the checkpoints after the others, whose state they write."""
    return sorted(callbacks, key=lambda callback: isinstance(callback, Checkpoint))
