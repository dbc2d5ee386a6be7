"""EarlyStopping: when it stops, and which weights it gives back, told by looking at all epochs at once."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from nn import optim
from nn.training import Callback, EarlyStopping, Run, fit

LOSSES = st.lists(st.sampled_from([0.0, 1.0, 2.0, 2.5, 3.0, math.nan, math.inf]), min_size=1, max_size=12)


def run(losses: list[float], stopping: EarlyStopping) -> tuple[int, nn.Linear]:
    """A training whose validation losses are given; the weight after epoch n is n. How many epochs it went on."""

    class Told(Callback):
        def on_epoch_end(self, run: Run) -> None:
            run.history["val_loss"][-1] = losses[run.epoch - 1]
            run.model.load_state_dict({"weight": [[float(run.epoch)]]})

    model = nn.Linear(1, 1, bias=False)
    one = np.ones((1, 1), np.float32)
    sgd = optim.SGD(model.parameters(), lr=0.0)
    history = fit(
        model, (one, one), nn.MSELoss(), sgd,
        epochs=len(losses), validation=(one, one), callbacks=[Told(), stopping],
    )  # fmt: skip
    return history.epochs, model


def expected(losses: list[float], patience: int, least: float, sign: float) -> tuple[int, int]:
    """(the epoch after which it stops, the best epoch by then), counted from 1; 0 for none."""
    best = 0
    for n, loss in enumerate(losses, start=1):
        earlier = losses[best - 1] if best else None
        if not math.isnan(loss) and (earlier is None or sign * (earlier - loss) > least):
            best = n
        elif n - best >= patience:
            return n, best
    return len(losses), best


@given(LOSSES, st.integers(0, 4), st.sampled_from([0.0, 0.6]), st.sampled_from(["min", "max"]))
def test_it_stops_after_the_patience_and_gives_back_the_best_weights(
    losses: list[float], patience: int, least: float, mode: Any
) -> None:
    epochs, best = expected(losses, patience, least, 1.0 if mode == "min" else -1.0)
    stopped, model = run(losses, EarlyStopping(patience=patience, min_delta=least, mode=mode))
    assert (stopped, model.weight.item()) == (epochs, best or epochs)
    stopped, model = run(
        losses, EarlyStopping(patience=patience, min_delta=least, mode=mode, restore_best_weights=False)
    )
    assert (stopped, model.weight.item()) == (epochs, epochs)


@pytest.mark.parametrize(
    ("monitor", "mode"),
    [
        *[(name, "min") for name in ("loss", "val_loss", "error", "val_mean_squared_error", "lr")],
        *[(name, "max") for name in ("accuracy", "val_accuracy", "acc", "auc", "val_precision", "recall", "macro_f1")],
        *[(name, "max") for name in ("r2", "val_r2_score")],
    ],
)
def test_auto_knows_what_is_better(monitor: str, mode: Any) -> None:
    assert vars(EarlyStopping(monitor)) == vars(EarlyStopping(monitor, mode=mode))


@pytest.mark.parametrize("monitor", ["val_dice", "inaccuracy", "mcc", "reward"])
def test_of_other_names_one_has_to_say_what_is_better(monitor: str) -> None:
    with pytest.raises(ValueError, match=f"more '{monitor}' or less.*mode='max' or mode='min'"):
        EarlyStopping(monitor)
    EarlyStopping(monitor, mode="max")


def test_one_object_serves_one_training_after_the_other() -> None:
    stopping = EarlyStopping(patience=2)
    assert run([3.0, 1.0, 2.0, 2.0, 2.0], stopping)[0] == 4
    assert run([9.0, 8.0, 7.0, 6.0], stopping)[0] == 4


@pytest.mark.parametrize(
    "wrong", [{"mode": "most"}, {"min_delta": -1.0}, {"min_delta": math.nan}, {"patience": -1}], ids=str
)
def test_settings_out_of_range_are_errors(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        EarlyStopping(**wrong)
