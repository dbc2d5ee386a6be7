"""fit: the loop that one would write by hand, bit for bit, whatever the model is made of."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest

import nn
from nn import optim
from nn.data import Batches
from nn.training import Callback, Run, fit
from tests.nn.training.models import Array, Training, data, network, same

LOSS = nn.MSELoss()
ROOT = Path(__file__).parents[3]


def by_hand(model: nn.Module, optimizer: optim.Optimizer, epochs: int, batches: Batches) -> None:
    for _ in range(epochs):
        for x, y in batches:
            loss = LOSS(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def sgd(model: nn.Module, lr: float = 0.1) -> optim.SGD:
    return optim.SGD(model.parameters(), lr=lr, momentum=0.9)


@pytest.mark.parametrize("make", [network, lambda: nn.MLP(3, [4, 1], "tanh", rng=0)], ids=["tensors", "values"])
def test_it_is_the_loop_that_one_would_write_by_hand(make: Callable[[], nn.Module]) -> None:
    models = make(), make()
    by_hand(models[0], sgd(models[0]), 3, Batches(*data(), batch_size=8, rng=5))
    fit(models[1], data(), LOSS, sgd(models[1]), epochs=3, batch_size=8, rng=5)
    assert same(models[0].state_dict(), models[1].state_dict())


def test_values_and_tensors_of_the_same_weights_learn_the_same() -> None:
    values = nn.MLP(3, [4, 1], "tanh", rng=0)
    tensors = values.twin()
    losses = [fit(model, data(), LOSS, sgd(model), epochs=3, rng=5)["loss"] for model in (values, tensors)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)
    assert losses[0][-1] < losses[0][0]


def test_batches_and_any_iterable_of_batches_serve_as_data() -> None:
    class Halves:
        def __iter__(self) -> Iterator[tuple[Array, Array]]:
            x, y = data()
            yield x[:25], y[:25]
            yield x[25:], y[25:]

    models = [network() for _ in range(4)]
    sources: list[Any] = [Halves(), list(Halves()), Batches(*data(), 25, shuffle=False)]
    for model, source in zip(models, sources, strict=False):
        fit(model, source, LOSS, sgd(model), epochs=2)
    fit(models[3], data(), LOSS, sgd(models[3]), epochs=2, batch_size=25, shuffle=False)
    assert all(same(models[0].state_dict(), model.state_dict()) for model in models[1:])


def test_the_loss_of_an_epoch_is_the_mean_over_its_samples() -> None:
    model = network()
    x, y = data()
    history = fit(model, (x, y), lambda outputs, targets: (outputs * 0.0 + targets).mean(), sgd(model), batch_size=32)
    assert history["loss"] == pytest.approx([y.mean()], abs=1e-6)  # batches of 32 and 18


def error(outputs: Any, targets: Any) -> float:
    return float(np.abs(outputs - targets).mean())


def test_the_history_has_keras_names() -> None:
    model = network()
    x, y = data()
    history = fit(model, (x, y), LOSS, sgd(model), epochs=2, validation=(x[:5], y[:5]), metrics=[error])
    assert list(history) == ["loss", "error", "val_loss", "val_error", "lr"]
    assert all(len(history[name]) == history.epochs == 2 for name in history)
    evaluated = nn.training.evaluate(model, (x[:5], y[:5]), LOSS, {"error": error})
    assert (history["val_loss"][-1], history["val_error"][-1]) == (evaluated["loss"], evaluated["error"])


def test_steps_per_epoch_is_the_number_of_batches_whose_sizes_differ_by_one_at_most() -> None:
    sizes: list[int] = []
    model = network()
    model.register_forward_pre_hook(lambda module, args: sizes.append(len(args[0])))
    fit(model, data(47), LOSS, sgd(model), steps_per_epoch=10)
    assert sorted(sizes) == [4] * 3 + [5] * 7


class Modes(Callback):
    """Notes in which mode the model is, batch by batch."""

    def __init__(self) -> None:
        self.seen: list[bool] = []

    def on_train_begin(self, run: Run) -> None:
        run.model.register_forward_pre_hook(lambda model, args: self.seen.append(model.training))


def test_the_model_trains_in_train_mode_is_validated_in_eval_mode_and_left_as_it_was() -> None:
    model = network().eval()
    model[0].train()
    modes = Modes()
    fit(model, data(), LOSS, sgd(model), epochs=2, batch_size=25, validation=data(), callbacks=[modes])
    assert modes.seen == [True, True, False] * 2
    assert [module.training for module in model.modules()] == [False, True, False, False, False, False]


def test_a_callback_that_forgets_train_mode_does_no_harm() -> None:
    model = network()
    modes = Modes()
    fit(model, data(), LOSS, sgd(model), epochs=2, batch_size=50, callbacks=[modes, lambda run: run.model.eval()])
    assert modes.seen == [True, True]


def test_the_mode_is_left_as_it_was_after_an_error_too() -> None:
    model = network().eval()

    def broken(run: Run) -> None:
        raise LookupError("broken")

    with pytest.raises(LookupError, match="broken"):
        fit(model, data(), LOSS, sgd(model), callbacks=[broken])
    assert not any(module.training for module in model.modules())


def test_validation_does_not_change_what_is_learnt() -> None:
    models = network(), network()
    fit(models[0], data(), LOSS, sgd(models[0]), epochs=3, rng=0)
    fit(models[1], data(), LOSS, sgd(models[1]), epochs=3, rng=0, validation=data(), metrics={"error": error})
    assert same(models[0].state_dict(), models[1].state_dict())


def test_frozen_parts_stay_bit_for_bit_what_they_were() -> None:
    model = network()
    optimizer = optim.AdamW(model.parameters(), lr=0.1)
    model[0].requires_grad_(False)
    before = model.state_dict()
    fit(model, data(), LOSS, optimizer, epochs=2)
    after = model.state_dict()
    changed = {name for name in before if not same({name: before[name]}, {name: after[name]})}
    assert changed == before.keys() - {"0.weight", "0.bias"}


def test_clip_is_the_most_that_the_norm_of_the_gradients_may_be() -> None:
    model = network()
    before = np.concatenate([p.data.ravel() for p in model.parameters()])
    fit(model, data(), LOSS, optim.SGD(model.parameters(), lr=1.0), batch_size=50, clip=0.01)
    after = np.concatenate([p.data.ravel() for p in model.parameters()])
    assert np.linalg.norm(after - before) == pytest.approx(0.01, rel=1e-3)


def test_schedules_go_on_after_each_epoch() -> None:
    model = network()
    optimizer = sgd(model, lr=0.4)
    schedule = optim.StepLR(optimizer, step_size=2, gamma=0.5)
    history = fit(model, data(), LOSS, optimizer, epochs=5, schedule=schedule)
    assert history["lr"] == [0.4, 0.4, 0.2, 0.2, 0.1]
    assert schedule.last_epoch == 5


def test_one_cycle_goes_on_after_each_batch() -> None:
    model = network()
    optimizer = sgd(model)
    schedule = optim.OneCycleLR(optimizer, max_lr=1.0, epochs=2, steps_per_epoch=4)
    fit(model, data(), LOSS, optimizer, epochs=2, steps_per_epoch=4, schedule=schedule)
    assert schedule.last_epoch == 8


def test_a_plateau_of_the_validation_loss_reduces_the_learning_rate() -> None:
    model = network()
    optimizer = sgd(model, lr=1.0)
    schedule = optim.ReduceLROnPlateau(optimizer, patience=0, threshold=1e9, threshold_mode="abs", factor=0.5)
    history = fit(model, data(), LOSS, optimizer, epochs=4, schedule=schedule, validation=data())
    assert history["lr"] == [1.0, 1.0, 0.5, 0.25]  # nothing is better than the first by 1e9
    assert schedule.best == history["val_loss"][0]


def test_a_function_is_called_after_each_epoch_and_can_stop_the_training() -> None:
    seen = []

    def watch(run: Run) -> None:
        seen.append((run.epoch, len(run.history["loss"])))
        run.stop = run.epoch == 3

    model = network()
    history = fit(model, data(), LOSS, sgd(model), epochs=9, callbacks=[watch])
    assert seen == [(1, 1), (2, 2), (3, 3)]
    assert history.epochs == 3


def test_no_epochs_are_no_change() -> None:
    model = network()
    before = model.state_dict()
    assert fit(model, data(), LOSS, sgd(model), epochs=0).epochs == 0
    assert same(model.state_dict(), before)


def test_the_same_seed_gives_the_same_weights_and_another_seed_others() -> None:
    states = []
    for seed in (3, 3, 4):
        training = Training()
        training.run(3, rng=seed)
        states.append(training.model.state_dict())
    assert same(states[0], states[1])
    assert not same(states[0], states[2])


def test_a_seed_that_surrounds_everything_decides_everything() -> None:
    states = []
    for _ in range(2):
        with nn.seed(5):
            model = nn.Sequential(nn.Linear(3, 4), nn.Dropout(), nn.Linear(4, 1))
            fit(model, data(), LOSS, sgd(model), epochs=2)
        states.append(model.state_dict())
    assert same(states[0], states[1])


SCRIPT = """
from tests.nn.training.models import Training
training = Training()
training.run(3)
print({name: array.tobytes().hex() for name, array in training.model.state_dict().items()})
"""


def test_the_same_seed_gives_the_same_weights_in_another_process() -> None:
    training = Training()
    training.run(3)
    here = {name: array.tobytes().hex() for name, array in training.model.state_dict().items()}
    there = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, cwd=ROOT)
    assert there.stdout.strip() == str(here)
    assert there.stderr == ""  # no bar where there is no terminal


def test_two_models_that_learn_in_two_threads_learn_what_each_learns_alone() -> None:
    alone, together = [], [Training("SGD"), Training("Adam")]
    for optimizer in ("SGD", "Adam"):
        training = Training(optimizer)
        training.run(4)
        alone.append(training.model.state_dict())
    threads = [Thread(target=training.run, args=(4,)) for training in together]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(same(state, training.model.state_dict()) for state, training in zip(alone, together, strict=True))


def test_a_part_in_eval_mode_stays_so_and_a_model_in_eval_mode_is_trained() -> None:
    model = network()
    norm = model[1].requires_grad_(False).eval()
    before = norm.state_dict()
    modes = []
    fit(model, data(), LOSS, sgd(model), epochs=2, callbacks=lambda run: modes.append([m.training for m in model]))
    assert same(before, norm.state_dict())
    assert modes == [[True, False, True, True, True]] * 2 == [[m.training for m in model]] * 2
    model.eval()
    model.register_forward_pre_hook(lambda module, args: modes.append([m.training for m in model]))
    fit(model, data(), LOSS, sgd(model))
    assert modes[-1] == [True] * 5
    assert not model.training


def test_a_schedule_that_waits_for_a_rise_is_not_fed_with_the_loss() -> None:
    model = network()
    optimizer = sgd(model)
    schedule = optim.ReduceLROnPlateau(optimizer, mode="max")
    with pytest.raises(ValueError, match="ReduceLROnPlateau is stepped with the loss, which falls"):
        fit(model, data(), LOSS, optimizer, schedule=schedule)
