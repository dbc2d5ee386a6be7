"""no_grad and enable_grad: as contexts, decorators, nested, in generators and coroutines, and after exceptions."""

import asyncio
from collections.abc import AsyncIterator, Generator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import GraphError, Value, enable_grad, grad, modes, no_grad


def is_recording() -> bool:
    """Whether operations of every kind are recorded, or none of them."""
    x: Any = Value(2.0)
    results = [x * x, x * 2, 2 * x, -x, x.tanh(), autograd.sum([x, x]), autograd.clamp(x, 0.0, 1.0), x**x]
    recorded = {len(result.parents) > 0 for result in results}
    assert len(recorded) == 1
    assert [result.op is not None for result in results] == [len(result.parents) > 0 for result in results]
    return recorded.pop()


def test_under_no_grad_results_are_the_same_numbers_and_remember_nothing() -> None:
    x = Value(2.0)
    with no_grad():
        result = x * 3 + x.tanh()
    assert repr(result) == f"Value({(x * 3 + x.tanh()).data!r})"
    assert (result.op, result.parents, result.partials) == (None, (), ())


@given(st.lists(st.booleans(), max_size=6), st.integers(0, 6))
def test_the_innermost_of_nested_switches_counts_and_each_ends_with_its_block(nested: list[bool], fails: int) -> None:
    def enter(depth: int) -> None:
        assert is_recording() is (nested[depth - 1] if depth else True)
        if depth == fails:
            raise KeyError
        if depth < len(nested):
            try:
                with enable_grad() if nested[depth] else no_grad():
                    enter(depth + 1)
            finally:
                assert is_recording() is (nested[depth - 1] if depth else True)

    if fails <= len(nested):
        with pytest.raises(KeyError):
            enter(0)
    else:
        enter(0)
    assert modes.current() is None


def test_a_switch_may_be_kept_entered_again_and_entered_twice() -> None:
    switch = no_grad()
    for _ in range(2):
        with switch:
            assert not is_recording()
            with enable_grad(), switch:
                assert not is_recording()
            assert not is_recording()
        assert is_recording()


def test_a_decorated_function_runs_without_recording() -> None:
    @no_grad()
    def predict(x: Value, *, scale: float = 1.0) -> tuple[bool, Value]:
        """Predict."""
        return is_recording(), x * scale

    recorded, result = predict(Value(2.0), scale=3.0)
    assert (recorded, result.data, result.parents) == (False, 6.0, ())
    assert (predict.__name__, predict.__doc__) == ("predict", "Predict.")
    assert is_recording()

    @no_grad()
    def fails() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert is_recording()


def test_a_decorated_function_may_call_itself() -> None:
    @no_grad()
    def countdown(n: int) -> list[bool]:
        return [is_recording(), *(countdown(n - 1) if n else [])]

    assert countdown(3) == [False] * 4
    assert is_recording()


def test_a_decorated_generator_records_nothing_while_it_runs_and_its_caller_does() -> None:
    closed: list[bool] = []

    @no_grad()
    def averages(n: int) -> Generator[bool, str, str]:
        try:
            for _ in range(n):
                try:
                    sent = yield is_recording()
                except KeyError:
                    sent = "caught"
                closed.append(is_recording())
                assert sent in ("sent", "caught")
        finally:
            closed.append(is_recording())
        return "done"

    generator = averages(3)
    assert next(generator) is False
    assert is_recording()
    assert generator.send("sent") is False
    assert is_recording()
    assert generator.throw(KeyError()) is False
    with pytest.raises(StopIteration) as end:
        generator.send("sent")
    assert end.value.value == "done"
    abandoned = averages(3)
    next(abandoned)
    abandoned.close()
    failing = averages(1)
    next(failing)
    with pytest.raises(RuntimeError):
        failing.throw(RuntimeError())
    assert closed == [False] * 6
    assert is_recording()


def test_a_decorated_coroutine_records_nothing_and_other_tasks_do() -> None:
    seen: list[tuple[str, bool]] = []

    @no_grad()
    async def quiet() -> str:
        for _ in range(3):
            seen.append(("quiet", is_recording()))
            await asyncio.sleep(0)
        return "done"

    async def loud() -> None:
        for _ in range(3):
            seen.append(("loud", is_recording()))
            await asyncio.sleep(0)

    async def both() -> list[Any]:
        return list(await asyncio.gather(quiet(), loud(), quiet()))

    assert asyncio.run(both())[0] == "done"
    assert set(seen) == {("quiet", False), ("loud", True)}
    assert len(seen) == 9


def test_an_asynchronous_generator_is_refused_with_advice() -> None:
    async def stream() -> AsyncIterator[int]:
        yield 1

    with pytest.raises(TypeError, match="stream is an asynchronous generator: set the switch inside"):
        no_grad()(stream)


def test_a_result_made_without_recording_is_a_constant_later() -> None:
    x = Value(3.0)
    with no_grad():
        frozen = x * x
    (frozen * x).backward()
    assert (x.grad, frozen.grad) == (9.0, 3.0)


def test_backward_and_gradients_work_inside_no_grad() -> None:
    x = Value(3.0)
    square = x * x
    with no_grad():
        square.backward()
        assert square.gradient(x).gradient(x).data == 2.0
        assert grad(grad(lambda v: v * v * v))(2.0) == 12.0
        assert not is_recording()
    assert x.grad == 6.0


def test_at_rest_there_is_no_mode_to_look_at_and_an_ordinary_one_where_recording_is_on_again() -> None:
    assert modes.current() is None
    with no_grad(), enable_grad():
        mode = modes.current()
        assert mode is not None
        assert mode.ordinary
    assert modes.current() is None


def test_what_was_not_recorded_has_no_gradients_and_says_so() -> None:
    x = Value(3.0)
    with no_grad():
        y = x * x
    for ask in (y.backward, lambda: y.gradient(x)):
        with pytest.raises(GraphError, match=r"computed under no_grad\(\)"):
            ask()
    (y * x).backward()
    assert x.grad == 9.0
