"""Where random numbers come from: a seed that is given, or the one that holds."""

import threading
from typing import Any

import numpy as np
import pytest

import nn
from nn.seeds import generator, is_seeded


def draw() -> float:
    return float(generator(None).random())


def test_within_a_seed_the_same_is_drawn_each_time_and_each_asker_has_its_own() -> None:
    with nn.seed(3):
        first = [draw(), draw()]
    with nn.seed(3):
        assert [draw(), draw()] == first
    assert first[0] != first[1]
    assert not is_seeded()
    assert draw() != draw()


def test_a_seed_that_is_called_holds_from_there_on() -> None:
    def body() -> None:
        nn.seed(3)
        drawn.append(draw())

    drawn: list[float] = []
    for _ in range(2):
        thread = threading.Thread(target=body)
        thread.start()
        thread.join()
    assert drawn[0] == drawn[1]
    assert not is_seeded()  # a thread's seed is its own


def test_an_inner_seed_gives_way_to_the_outer_one() -> None:
    with nn.seed(1):
        expected = [draw(), draw()]
    with nn.seed(1):
        found = [draw()]
        with nn.seed(2):
            draw()
        assert [*found, draw()] == expected


@pytest.mark.parametrize(("rng", "error"), [(True, TypeError), (1.5, TypeError), ("7", TypeError), (-1, ValueError)])
def test_what_is_no_seed_is_an_error_and_changes_nothing(rng: Any, error: type[Exception]) -> None:
    for function in (generator, nn.seed):
        with pytest.raises(error, match="seed"):
            function(rng)
    assert not is_seeded()


def test_a_generator_is_taken_as_it_is_and_a_seed_makes_one() -> None:
    rng = np.random.default_rng(0)
    assert generator(rng) is rng
    assert generator(5).random() == generator(np.int64(5)).random() == np.random.default_rng(5).random()
