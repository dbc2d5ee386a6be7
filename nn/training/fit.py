"""fit: train a model."""

import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from time import perf_counter
from typing import Any

from autograd import NonFiniteWarning
from nn.arguments import whole_number
from nn.modes import training_mode
from nn.module import Module
from nn.optim import OneCycleLR, Optimizer, ReduceLROnPlateau, clip_grad_norm_
from nn.seeds import Rng
from nn.training.callbacks import AtEpochEnd, Callback
from nn.training.checkpoint import checkpoints_last
from nn.training.checkpoint import resume as resume_from
from nn.training.checks import check_function, check_loss, check_optimizer, check_shapes
from nn.training.evaluate import array_of_outputs, evaluate, outputs_of
from nn.training.feeding import TO_MEASURE, batches_of
from nn.training.history import History
from nn.training.interrupt import Interruption
from nn.training.measuring import Metric, Metrics, measured, metrics_by_name
from nn.training.nonfinite import check_finite, non_finite_error, warned_error
from nn.training.progress import Progress, is_watched
from nn.training.run import Means, Run

Loss = Callable[[Any, Any], Any]
OneCallback = Callback | Callable[[Run], object]


def fit(
    model: Module,
    data: Any,
    loss: Loss,
    optimizer: Optimizer,
    *,
    epochs: int = 1,
    batch_size: int | None = None,
    steps_per_epoch: int | None = None,
    validation: Any = None,
    metrics: Metrics = None,
    callbacks: OneCallback | Iterable[OneCallback] = (),
    schedule: Any = None,
    clip: float | None = None,
    shuffle: bool = True,
    rng: Rng = None,
    resume: str | os.PathLike[str] | None = None,
    progress: bool | None = None,
) -> History:
    """Train `model` on `data` for so many epochs, and return what was measured in each.

    `data` is a pair of arrays (x, y), a row a sample, or `Batches`, or whatever gives such pairs as batches anew on
    each iteration. Arrays are shuffled by `rng` and given in batches of `batch_size`, 32 if nothing is said, or in
    `steps_per_epoch` batches of about equal size. `validation` is data that is measured, and not learnt from, after
    each epoch.

    `loss(outputs, targets)` gives the mean over a batch. `metrics` are functions of the same two, as arrays, or a dict
    of them by name. Their numbers for the training data are means over the batches while the weights change; those for
    the validation data are of all of it at once. A metric with a `threshold`, as those of `nn.metrics` have, gets that
    of the loss: 0 for `BCEWithLogitsLoss` and `HingeLoss`, which are computed of scores, and 0.5 for `BCELoss`.

    `schedule` goes on after each epoch, `OneCycleLR` after each batch. `clip` is the most that the norm of all
    gradients together may be. `callbacks` are `Callback`s, or functions that get the `Run` after each epoch; or one.
    `progress` shows a bar, by default in terminals and notebooks.

    `resume` is the path of a checkpoint to go on from. If it is that of a `Checkpoint` among the callbacks, and not
    there yet, training starts from the beginning, so that one and the same call starts and goes on.

    Ctrl-C takes effect after the batch under way; a second one at once. The KeyboardInterrupt has the `history` of the
    epochs so far. The model is in `train` mode meanwhile, but for parts of it that were in `eval` mode, such as a
    frozen one with a BatchNorm.

    Raises ValueError and TypeError for what does not go together, and NonFiniteError, which names the first bad node,
    for a loss that is not finite: both before a step is taken. At the end of an epoch, and before a checkpoint is
    written, NonFiniteError also for a parameter that is not finite.

    >>> import numpy as np, nn
    >>> x = np.linspace(-1.0, 1.0, 64)[:, None]
    >>> model = nn.Linear(1, 1, rng=0)
    >>> history = fit(model, (x, 3 * x - 1), nn.MSELoss(), nn.optim.SGD(model.parameters(), lr=0.3), epochs=20, rng=0)
    >>> model.weight.data.round(3), history.epochs
    (array([[3.]], dtype=float32), 20)
    """
    check_function(loss, "fit")
    check_optimizer(model, loss, optimizer, schedule)
    functions = metrics_by_name(metrics, loss)
    batches = batches_of(data, "fit", batch_size=batch_size, steps_per_epoch=steps_per_epoch, shuffle=shuffle, rng=rng)
    if validation is not None:
        validation = batches_of(validation, "fit: validation", default=TO_MEASURE)
    names = ["loss", *functions]
    run = Run(
        model, optimizer, schedule, batches, validation,
        epochs=whole_number(epochs, "fit: epochs", 0),
        names=[*names, *(f"val_{name}" for name in names if validation is not None), "lr"],
        callbacks=checkpoints_last(_as_callbacks(callbacks)),
        means=Means(names),
        resting=[part for part in model.modules() if model.training and not part.training],
    )  # fmt: skip
    train = _step(run, loss, functions, clip)
    with ExitStack() as stack:
        stack.enter_context(training_mode(model, True))
        interruption = stack.enter_context(Interruption(run))
        if progress or (progress is None and is_watched()):
            run.callbacks.insert(0, stack.enter_context(Progress()))
        for callback in run.callbacks:
            callback.on_train_begin(run)
        if resume is not None:
            resume_from(run, resume)
        while run.epoch < run.epochs and not run.stop:
            _epoch(run, train, loss, functions, interruption)
        for callback in run.callbacks:
            callback.on_train_end(run)
    return run.history


def _epoch(
    run: Run, train: Callable[[Any, Any], None], loss: Loss, metrics: dict[str, Metric], interruption: Interruption
) -> None:
    """One epoch: all batches, validation, the schedule, the callbacks."""
    began = perf_counter()
    run.train()  # a callback may have left the model in another mode
    run.batch, run.means = 0, Means(run.means.names)
    watching = [each.on_batch_end for each in run.callbacks if type(each).on_batch_end is not Callback.on_batch_end]
    for x, y in run.batches:
        train(x, y)
        run.batch += 1
        for on_batch_end in watching:
            on_batch_end(run)
        interruption.raise_if_pending()
    if not run.means.samples:
        raise ValueError("fit: the data gave no batch")
    found = run.means.now()
    check_finite(run)
    if run.validation is not None:
        of_validation = evaluate(run.model, run.validation, loss, metrics)
        found |= {f"val_{name}": number for name, number in of_validation.items()}
    run.history.append(found | {"lr": run.optimizer.lr}, perf_counter() - began)
    run.epoch, run.batch = run.epoch + 1, 0
    if isinstance(run.schedule, ReduceLROnPlateau):
        run.schedule.step(found.get("val_loss", found["loss"]))
    elif run.schedule is not None and not isinstance(run.schedule, OneCycleLR):
        run.schedule.step()
    for callback in run.callbacks:
        callback.on_epoch_end(run)
    interruption.raise_if_pending()


def _step(run: Run, loss: Loss, metrics: dict[str, Metric], clip: float | None) -> Callable[[Any, Any], None]:
    """The function that takes a training step on a batch."""
    model, optimizer = run.model, run.optimizer
    schedule = run.schedule if isinstance(run.schedule, OneCycleLR) else None
    buffers = list(model.buffers())
    is_checked = False

    def forward(x: Any, y: Any) -> tuple[Any, list[float]]:
        """The loss as a node, and the numbers of the loss and the metrics."""
        nonlocal is_checked
        outputs = outputs_of(model, x)
        value = loss(outputs, y)
        if not is_checked:
            check_loss(value)
            check_shapes(loss, outputs, y, "fit")
            is_checked = True
        number = value.item()
        if number - number != 0.0:
            raise non_finite_error(run, value, x, y)
        found = measured(metrics, array_of_outputs(outputs), y) if metrics else {}
        return value, [number, *found.values()]

    def step(x: Any, y: Any) -> None:
        before = [buffer.copy() for buffer in buffers]
        try:
            value, means = forward(x, y)
            optimizer.zero_grad()
            value.backward()
            if clip is not None:
                clip_grad_norm_(optimizer.params, clip, error_if_nonfinite=True)
        except BaseException as error:
            for buffer, array in zip(buffers, before, strict=True):
                buffer[...] = array
            if isinstance(error, NonFiniteWarning):  # where warnings are errors
                raise warned_error(run, error) from error
            raise
        optimizer.step()
        if schedule is not None:
            schedule.step()
        run.means.add(len(x), means)

    return step


def _as_callbacks(callbacks: Any) -> list[Callback]:
    is_one = isinstance(callbacks, Callback) or callable(callbacks)
    return [_as_callback(each) for each in ([callbacks] if is_one else callbacks)]


def _as_callback(callback: Any) -> Callback:
    if isinstance(callback, Callback):
        return callback
    if callable(callback) and not isinstance(callback, type):
        return AtEpochEnd(callback)
    raise TypeError(f"fit: a callback is a Callback, or a function of the run, got {callback!r:.60}")
