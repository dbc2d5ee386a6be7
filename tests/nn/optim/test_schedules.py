"""Schedules are PyTorch's over 200 steps, and the recursions that their names promise."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from nn import optim
from nn.optim import SGD, Adam, ReduceLROnPlateau, Schedule

STEPS = 200
Make = Callable[[Any, Any], Any]  # from the module of schedules, ours or PyTorch's, and an optimizer

SCHEDULES: dict[str, Make] = {
    "step": lambda m, o: m.StepLR(o, 30),
    "step, other gamma": lambda m, o: m.StepLR(o, step_size=7, gamma=0.5),
    "milestones": lambda m, o: m.MultiStepLR(o, [20, 60, 61, 150], 0.3),
    "exponential": lambda m, o: m.ExponentialLR(o, 0.97),
    "cosine": lambda m, o: m.CosineAnnealingLR(o, 200),
    "cosine, up again": lambda m, o: m.CosineAnnealingLR(o, T_max=33, eta_min=0.001),
    "linear": lambda m, o: m.LinearLR(o),
    "linear, other way": lambda m, o: m.LinearLR(o, 1.0, 0.1, 50),
    "lambda": lambda m, o: m.LambdaLR(o, lambda t: 1.0 / (1.0 + t)),
    "one cycle": lambda m, o: m.OneCycleLR(o, 0.5, STEPS + 1),
    "one cycle, in lines": lambda m, o: m.OneCycleLR(
        o, 0.5, epochs=11, steps_per_epoch=21, pct_start=0.1, anneal_strategy="linear", base_momentum=0.5,
        max_momentum=0.99, div_factor=10.0, final_div_factor=100.0,
    ),
    "one cycle, all down": lambda m, o: m.OneCycleLR(o, 0.5, 2 * STEPS, pct_start=0.0, cycle_momentum=False),
    "warm-up, then cosine": lambda m, o: m.SequentialLR(
        o, [m.LinearLR(o, 0.1, total_iters=10), m.CosineAnnealingLR(o, 190)], [10]
    ),
    "three in a row": lambda m, o: m.SequentialLR(
        o, [m.LinearLR(o), m.ExponentialLR(o, 0.99), m.StepLR(o, 10)], milestones=[8, 100]
    ),
}  # fmt: skip


def rates(schedule: Any, optimizer: Any) -> list[tuple[float, float]]:
    """Learning rate and momentum, at first and after each step."""
    found = [(optimizer.lr, optimizer.momentum)]
    for _ in range(STEPS):
        schedule.step()
        found.append((optimizer.lr, optimizer.momentum))
    return found


@pytest.mark.parametrize("make", SCHEDULES.values(), ids=list(SCHEDULES))
@pytest.mark.parametrize("kind", ["SGD", "Adam"])
@pytest.mark.filterwarnings("ignore:.*epoch parameter in `scheduler.step:UserWarning")
def test_a_schedule_is_pytorch_s(kind: str, make: Make) -> None:
    torch = pytest.importorskip("torch")
    options: dict[str, Any] = {"lr": 0.2, "momentum": 0.9} if kind == "SGD" else {"lr": 0.2, "betas": (0.9, 0.99)}
    ours = getattr(optim, kind)([Value(1.0)], **options)
    found = rates(make(optim, ours), ours)
    theirs = getattr(torch.optim, kind)([torch.nn.Parameter(torch.tensor(1.0))], **options)
    schedule, group = make(torch.optim.lr_scheduler, theirs), theirs.param_groups[0]
    for t in range(STEPS + 1):
        expected = group["lr"], group["momentum"] if kind == "SGD" else group["betas"][0]
        assert found[t] == pytest.approx(expected, rel=1e-12, abs=1e-14), t
        theirs.step()
        if t < STEPS:
            schedule.step()


@pytest.mark.parametrize("make", SCHEDULES.values(), ids=list(SCHEDULES))
@pytest.mark.parametrize("stop", [0, 9, 77])
def test_a_loaded_state_goes_on_with_the_same_rates(make: Make, stop: int) -> None:
    optimizer = SGD([Value(1.0)], lr=0.2, momentum=0.9)
    schedule = make(optim, optimizer)
    for _ in range(stop):
        schedule.step()
    saved = json.loads(json.dumps([optimizer.lr, schedule.state_dict()]))
    resumed = SGD([Value(1.0)], lr=saved[0], momentum=0.9)
    other = make(optim, resumed)
    other.load_state_dict(saved[1])
    assert (resumed.lr, resumed.momentum) == (optimizer.lr, optimizer.momentum)
    while schedule.last_epoch < STEPS:
        schedule.step()
        other.step()
        assert (resumed.lr, resumed.momentum) == (optimizer.lr, optimizer.momentum)


@given(st.integers(1, 50), st.floats(0.1, 1.0), st.lists(st.integers(1, 150), max_size=5))
def test_falls_are_the_recursions_that_multiply_at_each_of_their_steps(
    size: int, gamma: float, milestones: list[int]
) -> None:
    falls: list[tuple[Make, Callable[[int], int]]] = [
        (lambda m, o: m.StepLR(o, size, gamma), lambda t: t % size == 0),
        (lambda m, o: m.MultiStepLR(o, milestones, gamma), milestones.count),
        (lambda m, o: m.ExponentialLR(o, gamma), lambda t: 1),
    ]
    for make, times in falls:
        optimizer = SGD([Value(1.0)], lr=0.2)
        lr = 0.2
        for t, (found, _) in enumerate(rates(make(optim, optimizer), optimizer)):
            lr *= gamma ** times(t) if t else 1.0
            assert found == pytest.approx(lr, rel=1e-12)


def test_a_cycle_starts_low_peaks_and_ends_lowest_with_momentum_the_other_way() -> None:
    optimizer = Adam([Value(1.0)], lr=123.0)
    schedule = optim.OneCycleLR(optimizer, max_lr=1.0, total_steps=100)
    found = [(optimizer.lr, optimizer.momentum)]
    for _ in range(99):
        schedule.step()
        found.append((optimizer.lr, optimizer.momentum))
    assert found[0] == pytest.approx((0.04, 0.95))
    assert found[29] == pytest.approx((1.0, 0.85))
    assert found[99] == pytest.approx((4e-6, 0.95))
    assert max(found)[0] == found[29][0]


@pytest.mark.parametrize("anneal", ["cos", "linear"])
def test_a_cycle_may_be_stepped_after_its_last_batch_too_but_not_again(anneal: Any) -> None:
    optimizer = SGD([Value(1.0)], lr=0.1, momentum=0.9)
    schedule = optim.OneCycleLR(optimizer, max_lr=1.0, total_steps=10, anneal_strategy=anneal)
    for _ in range(10):
        schedule.step()
    assert (optimizer.lr, optimizer.momentum) == pytest.approx((4e-6, 0.95))
    with pytest.raises(ValueError, match="step was called 11 times, but the cycle has 10 steps"):
        schedule.step()
    assert schedule.last_epoch == 10


PLATEAUS: list[dict[str, Any]] = [
    {},
    {"factor": 0.5, "patience": 3},
    {"mode": "max", "patience": 2, "threshold": 0.05},
    {"patience": 2, "threshold": 0.1, "threshold_mode": "abs", "cooldown": 4},
    {"mode": "max", "patience": 0, "threshold_mode": "abs", "cooldown": 1, "factor": 0.7},
    {"patience": 1, "min_lr": 0.01},
    {"patience": 1, "eps": 1e-3},
]


def metrics(seed: int) -> list[float]:
    import numpy as np

    random = np.random.default_rng(seed)
    found = [float(x) for x in 1.0 / (1.0 + np.arange(STEPS) / 20) + 0.1 * random.standard_normal(STEPS)]
    found[50] = math.nan
    return found


@pytest.mark.parametrize("options", PLATEAUS)
def test_a_reduction_on_a_plateau_is_pytorch_s(options: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    for seed in range(5):
        ours = SGD([Value(1.0)], lr=0.2)
        theirs = torch.optim.SGD([torch.nn.Parameter(torch.tensor(1.0))], lr=0.2)
        schedule = ReduceLROnPlateau(ours, **options)
        expected = torch.optim.lr_scheduler.ReduceLROnPlateau(theirs, **options)
        for metric in metrics(seed):
            schedule.step(metric)
            expected.step(metric)
            assert ours.lr == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-14)
        assert ours.lr < 0.2


@given(st.integers(0, 5), st.integers(0, 3), st.lists(st.sampled_from([1.0, 2.0, 3.0]), max_size=40))
def test_the_rate_falls_after_more_than_patience_epochs_without_a_new_best(
    patience: int, cooldown: int, losses: list[float]
) -> None:
    optimizer = SGD([Value(1.0)], lr=1.0)
    schedule = ReduceLROnPlateau(optimizer, factor=0.5, patience=patience, cooldown=cooldown, eps=0.0)
    falls, last = 0, -1  # the epoch after which bad ones are counted: of the last improvement, or of the end of a pause
    for epoch, loss in enumerate(losses):
        if loss < min(losses[:epoch], default=math.inf):
            last = max(last, epoch)
        if epoch - last > patience:
            falls, last = falls + 1, epoch + cooldown
        schedule.step(loss)
        assert optimizer.lr == 0.5**falls


@pytest.mark.parametrize("stop", [0, 20, 100])
def test_a_plateau_s_loaded_state_goes_on_with_the_same_rates(stop: int) -> None:
    def made(lr: float) -> tuple[SGD, ReduceLROnPlateau]:
        optimizer = SGD([Value(1.0)], lr=lr)
        return optimizer, ReduceLROnPlateau(optimizer, factor=0.5, patience=3, cooldown=2)

    optimizer, schedule = made(0.2)
    losses = metrics(0)
    for loss in losses[:stop]:
        schedule.step(loss)
    resumed, other = made(optimizer.lr)
    other.load_state_dict(schedule.state_dict())
    for loss in losses[stop:]:
        schedule.step(loss)
        other.step(loss)
        assert resumed.lr == optimizer.lr


def test_a_schedule_of_one_s_own_is_one_method() -> None:
    class Halving(Schedule):
        def lr_at(self, t: int) -> float:
            return self.base_lr / (t + 1)

    optimizer = SGD([Value(1.0)], lr=0.6)
    schedule = Halving(optimizer)
    schedule.step()
    schedule.step()
    assert optimizer.lr == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda m, o: m.StepLR(None, 3), TypeError, "StepLR: a schedule is for an optimizer, got a NoneType"),
        (lambda m, o: m.ReduceLROnPlateau(None), TypeError, "ReduceLROnPlateau: a schedule is for an optimizer"),
        (lambda m, o: m.StepLR(o, 0), ValueError, "StepLR: step_size is a whole number above 0, got 0"),
        (lambda m, o: m.LinearLR(o, total_iters=2.5), ValueError, "total_iters is a whole number above 0, got 2.5"),
        (lambda m, o: m.CosineAnnealingLR(o, -1), ValueError, "T_max is a whole number above 0"),
        (lambda m, o: m.OneCycleLR(o, 1.0), ValueError, "give total_steps, or epochs and steps_per_epoch"),
        (
            lambda m, o: m.OneCycleLR(o, 1.0, 0, cycle_momentum=False),
            ValueError,
            "total_steps is a whole number above 0",
        ),
        (lambda m, o: m.OneCycleLR(o, 1.0, 9, pct_start=1.5), ValueError, "pct_start is at least 0 and less than 1"),
        (lambda m, o: m.OneCycleLR(o, 1.0, 9, anneal_strategy="sin"), ValueError, "one of .*, got 'sin'"),
        (lambda m, o: m.OneCycleLR(o, 1.0, 9), ValueError, "has no momentum: give it one, or cycle_momentum=False"),
        (lambda m, o: m.OneCycleLR(o, -1.0, 9, cycle_momentum=False), ValueError, "lr is -0.04"),
        (lambda m, o: m.SequentialLR(o, [], []), ValueError, "got 0 schedules and 0 milestones"),
        (
            lambda m, o: m.SequentialLR(o, [m.StepLR(o, 1)], [3]),
            ValueError,
            "got 1 schedules and 1 milestones",
        ),
        (
            lambda m, o: m.SequentialLR(o, [m.StepLR(o, 1)] * 3, [3, 2]),
            ValueError,
            "the milestones are in order",
        ),
        (lambda m, o: m.SequentialLR(o, [m.ReduceLROnPlateau(o)], []), ValueError, "is no schedule"),
        (
            lambda m, o: m.SequentialLR(o, [m.StepLR(SGD([Value(1.0)]), 1)], []),
            ValueError,
            "of this optimizer",
        ),
        (
            lambda m, o: m.ReduceLROnPlateau(o, factor=1.0),
            ValueError,
            "factor is at least 0 and less than 1, got 1.0",
        ),
        (lambda m, o: m.ReduceLROnPlateau(o, mode="least"), ValueError, "mode is 'min' or 'max'"),
        (lambda m, o: m.ReduceLROnPlateau(o, threshold_mode="x"), ValueError, "threshold_mode 'rel' or 'abs'"),
        (lambda m, o: m.StepLR(o, 1).load_state_dict({"best": 1.0}), ValueError, "the state is of another schedule"),
        (lambda m, o: m.ReduceLROnPlateau(o).load_state_dict({}), ValueError, "the state is of another schedule"),
    ],
)
def test_what_does_not_fit_is_refused(make: Make, error: type[Exception], message: str) -> None:
    optimizer = SGD([Value(1.0)], lr=0.1)
    with pytest.raises(error, match=message):
        make(optim, optimizer)
    assert optimizer.lr == 0.1
