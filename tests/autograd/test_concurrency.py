"""Threads and async tasks don't meet: sums at shared leaves are exact, and no one sees another's switches."""

import asyncio
import pickle
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from autograd import NonFiniteError, Value, detect_anomaly, enable_grad, grad, no_grad

THREADS = 4


def in_threads(work: Callable[[int], None], count: int = THREADS) -> None:
    """Run `work` in threads that all start together; raise what any of them raised."""
    failures: list[BaseException] = []
    barrier = threading.Barrier(count)

    def run(i: int) -> None:
        barrier.wait()
        try:
            work(i)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


@pytest.fixture
def _frequent_switches() -> Any:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_frequent_switches")
def test_threads_that_share_leaves_add_up_exactly() -> None:
    rounds, leaves = 100, [Value(i) for i in range(20)]
    shared = leaves[0] * leaves[1]

    def work(i: int) -> None:
        for _ in range(rounds):
            loss: Any = shared
            for leaf in leaves:
                loss = loss + leaf * (i + 1)
            loss.backward()

    in_threads(work)
    weights = rounds * sum(range(1, THREADS + 1))
    assert leaves[0].grad == weights + THREADS * rounds * 1.0
    assert leaves[1].grad == weights + THREADS * rounds * 0.0
    assert all(leaf.grad == weights for leaf in leaves[2:])
    assert shared.grad == 1.0


class SlowSum(float):
    """A number whose addition gives other threads the time to come between."""

    def __add__(self, other: float) -> "SlowSum":
        time.sleep(0.005)
        return SlowSum(float(self) + other)


def test_no_thread_comes_between_the_reading_and_the_writing_of_a_gradient() -> None:
    leaf = Value(1.0)
    leaf.grad = SlowSum(0.0)
    in_threads(lambda i: leaf.backward(10.0**i))
    assert leaf.grad == 1111.0


@pytest.mark.usefixtures("_frequent_switches")
def test_threads_do_not_see_each_other_s_switches() -> None:
    x, infinite = Value(2.0), Value(float("inf"))

    def work(i: int) -> None:
        for _ in range(200):
            if i % 2:
                with no_grad():
                    assert (x * x).parents == ()
                    assert (infinite + 1).data == float("inf")
            else:
                assert (x * x).parents == (x, x)
                with detect_anomaly(), pytest.raises(NonFiniteError):
                    infinite + 1

    in_threads(work)
    with no_grad():
        seen: list[int] = []
        in_threads(lambda i: seen.append(len((x * x).parents)))
        assert seen == [2] * THREADS


def test_one_switch_may_be_entered_by_many_threads() -> None:
    switch, barrier, x = no_grad(), threading.Barrier(THREADS), Value(2.0)

    def work(i: int) -> None:
        for _ in range(20):
            with switch:
                barrier.wait()
                assert len((x * x).parents) == 0
                barrier.wait()
            assert len((x * x).parents) == 2

    in_threads(work)


@pytest.mark.usefixtures("_frequent_switches")
def test_threads_differentiate_and_pickle_side_by_side() -> None:
    x = Value(2.0, "x")
    shared = x * x * x

    def work(i: int) -> None:
        for _ in range(20):
            assert grad(grad(lambda v: v**3))(float(i)) == 6.0 * i
            twin = pickle.loads(pickle.dumps([shared, x]))
            assert twin[0].gradient(twin[1]).data == 12.0

    in_threads(work)


def test_interleaved_tasks_do_not_see_each_other_s_switches() -> None:
    x = Value(2.0)
    seen: list[bool] = []

    async def task(i: int) -> None:
        switch = [no_grad, enable_grad, detect_anomaly][i % 3]
        for _ in range(5):
            with switch():
                await asyncio.sleep(0)
                seen.append(len((x * x).parents) == (0 if switch is no_grad else 2))
                await asyncio.sleep(0)
            await asyncio.sleep(0)
            seen.append(len((x * x).parents) == 2)

    async def all_tasks() -> None:
        await asyncio.gather(*[task(i) for i in range(9)])

    asyncio.run(all_tasks())
    assert seen == [True] * 90


def test_interleaved_tasks_differentiate_each_its_own_function() -> None:
    async def derivative(n: int) -> float:
        x = Value(2.0)
        y = x
        for _ in range(n - 1):
            await asyncio.sleep(0)
            y = y * x
        y.backward()
        assert x.grad is not None
        return x.grad

    async def all_tasks() -> list[float]:
        return list(await asyncio.gather(*[derivative(n) for n in range(1, 9)]))

    assert asyncio.run(all_tasks()) == [n * 2.0 ** (n - 1) for n in range(1, 9)]
