"""Hypothesis strategies: numbers, operands of an operation, expressions and programs of many.

Whatever is drawn shrinks: a test that fails is shown with the fewest steps and the simplest numbers that make it fail.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice, product
from operator import index

try:
    from hypothesis import assume
    from hypothesis import strategies as st
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("the strategies need Hypothesis: pip install 'chainrule[testing]'") from error

from autograd.define import registry
from autograd.op import REALS, Interval, Op
from autograd.source import did_you_mean
from autograd.testing.domains import intervals, is_regular, lengths, value
from autograd.testing.program import Program, Result, Step, pruned

_NOT_TINY = 1e-30
_WHOLE_NUMBERS = st.sampled_from([0.0, 1.0, 2.0, 3.0])

# What the numbers of a program are: simple ones to read, and others that are neither large nor small.
_SIMPLE = (0.0, 1.0, 2.0, 3.0, -1.0, -2.0, -3.0, 0.5)
_RANGES = (Interval(1e-2, 4.0), Interval(-4.0, -1e-2))
_DISTANCE = 1e-2  # from the kinks of a step
_LARGEST = 1e4  # result of a step
_FAR = 1e300  # where the domain has no numbers but very large ones
_MOST_MOVES = 100  # of inputs, to where a step is regular
_STEPS_TO_A_GAP = 15  # to a step that is left out


def scalars(domain: Interval = REALS) -> st.SearchStrategy[float]:
    """Finite floats of an open interval, of any size.

    Raises ValueError for an interval in which there is no float.

    >>> from autograd import registry
    >>> from hypothesis import find
    >>> find(scalars(*registry["log"].domain), lambda x: True)
    1.0
    """
    if not isinstance(domain, Interval):
        raise TypeError(f"scalars: expected an Interval such as Interval(0.0, 1.0), got {domain!r}")
    if not math.nextafter(domain.low, math.inf) < domain.high:
        raise ValueError(f"scalars: there is no float between {domain.low} and {domain.high}")
    low, high = (end if math.isfinite(end) else None for end in (domain.low, domain.high))
    return st.floats(
        low, high, exclude_min=low is not None, exclude_max=high is not None, allow_nan=False, allow_infinity=False
    )


@cache
def _bounded_numbers(interval: Interval | None, bound: float) -> st.SearchStrategy[float]:
    """Floats of an open interval that are no greater than `bound` in size, and not tiny."""
    if interval is None:
        return _WHOLE_NUMBERS
    low, high = max(interval.low, -bound, _NOT_TINY if interval.low == 0.0 else -bound), min(interval.high, bound)
    if not low < high:
        raise ValueError(f"operands: no number between {interval.low} and {interval.high} is within the bound {bound}")
    within = st.floats(low, high, exclude_min=low == interval.low, exclude_max=high == interval.high)
    return within.map(lambda x: x if math.fabs(x) >= _NOT_TINY else 0.0)


def operands(
    op: Op, bound: float = 10.0, distance: float = 1e-2, margin: float = 0.0
) -> st.SearchStrategy[list[float]]:
    """Operands for `op` in one flat list, no greater than `bound`, within its domain and away from its kinks.

    `margin` is how far they are from the ends of the domain, `distance` from the kinks. An operand in which `op` has no
    derivative is a whole number.

    Raises ValueError for a bound that leaves nothing of the domain.

    >>> from autograd import relu
    >>> from hypothesis import find
    >>> find(operands(relu), lambda x: True)
    [1.0]
    """
    if not isinstance(op, Op):
        raise TypeError(f"operands: expected an operation such as autograd.tanh, got {op!r}")

    def of_length(length: int) -> st.SearchStrategy[list[float]]:
        drawn = st.tuples(*[_bounded_numbers(interval, bound) for interval in intervals(op, length)]).map(list)
        return drawn.filter(lambda x: is_regular(op, x, distance, margin))

    return st.one_of([of_length(length) for length in lengths(op)])


def expressions(
    *, ops: Iterable[Op | str] | None = None, max_nodes: int = 10, inputs: int = 2
) -> st.SearchStrategy[Program]:
    """Programs of one output; see `programs`.

    >>> from hypothesis import find
    >>> find(expressions(ops=["exp", "log"]), lambda program: program.steps[-1].op.name == "log")
    import autograd
    x = autograd.Value(1.0, "x")
    y = autograd.Value(0.0, "y")
    g = autograd.log(x)
    """
    return programs(ops=ops, max_nodes=max_nodes, inputs=inputs, outputs=1)


def programs(
    *, ops: Iterable[Op | str] | None = None, max_nodes: int = 10, inputs: int = 2, outputs: int = 2
) -> st.SearchStrategy[Program]:
    """Programs over the operations `ops`, or their names: by default all that are defined when a program is drawn.

    They share results and have constants on any side. At their point every step lies within its domain, 0.01 away from
    its kinks, and gives no number beyond 1e4. There are at most `max_nodes` inputs and steps together, and at most
    `outputs` outputs. The inputs need not all be used, but every step is.

    Raises LookupError for an unknown name, and ValueError for no operations or too few nodes for a single step.

    >>> from hypothesis import find
    >>> find(programs(ops=["tanh"], inputs=1), lambda program: len(program.outputs) == 2)
    import autograd
    x = autograd.Value(0.0, "x")
    g1 = autograd.tanh(x)
    g2 = autograd.tanh(g1)
    """
    chosen = None if ops is None else _checked(ops)
    inputs, outputs = _at_least(1, "inputs", inputs), _at_least(1, "outputs", outputs)
    max_nodes = _at_least(inputs + 1, "max_nodes", max_nodes)

    @st.composite
    def program(draw: st.DrawFn) -> Program:  # a closure, for Hypothesis may print the arguments of a strategy
        return _drawn(draw, chosen or tuple(registry.values()), max_nodes, inputs, outputs)

    return program()


def _checked(ops: Iterable[Op | str]) -> tuple[Op, ...]:
    """The operations, those given by name looked up."""
    if isinstance(ops, (str, Op)):
        raise TypeError(f"ops is a list of operations or their names, such as ['add', 'tanh']: got {ops!r}")
    found = []
    for op in ops:
        if not isinstance(op, (str, Op)):
            raise TypeError(f"ops is a list of operations or their names: it has the {type(op).__name__} {op!r}")
        if isinstance(op, str) and op not in registry:
            raise LookupError(f"no operation is named {op!r}{did_you_mean(op, list(registry))}")
        found.append(registry[op] if isinstance(op, str) else op)
    if not found:
        raise ValueError("ops has no operations: give at least one, or leave it out for all there are")
    return tuple(found)


def _at_least(least: int, name: str, given: int) -> int:
    if index(given) < least:
        raise ValueError(f"{name} must be at least {least}, got {given}")
    return index(given)


@dataclass
class _Draft:
    """A program as far as it is drawn: what each input and step comes to, and which of them no step uses."""

    inputs: int
    numbers: list[float]
    unused: set[int]
    steps: list[Step] = field(default_factory=list)

    def fitting(self, interval: Interval) -> list[int]:
        """What lies in an interval, or may be moved there: steps, the latest first, and then inputs."""
        latest_first = [*range(len(self.numbers) - 1, self.inputs - 1, -1), *range(self.inputs)]
        return [i for i in latest_first if self._is_movable(i) or interval.low < self.numbers[i] < interval.high]

    def add(self, op: Op, operands: Sequence[Result | float]) -> None:
        """Add a step, if it uses a result and is regular, for which inputs may be moved.

        Were they not, an example such as log(sigmoid(x)) at 0 could not shrink to log(x), which is regular at 1.
        """
        used = {x.index for x in operands if isinstance(x, Result)}
        movable = sorted(filter(self._is_movable, used))
        for moved in islice(product(*((self.numbers[i], *_SIMPLE) for i in movable)), _MOST_MOVES if used else 0):
            numbers = self.numbers.copy()
            for i, x in zip(movable, moved, strict=True):
                numbers[i] = x
            floats = [numbers[x.index] if isinstance(x, Result) else x for x in operands]
            if is_regular(op, floats, _DISTANCE) and math.fabs(result := value(op, floats)) <= _LARGEST:
                self.unused = (self.unused - used) | {len(numbers)}
                self.numbers = [*numbers, result]
                self.steps.append(Step(op, tuple(operands)))
                return

    def _is_movable(self, i: int) -> bool:
        """Whether this is an input on which no step depends."""
        return i < self.inputs and i in self.unused


def _drawn(draw: st.DrawFn, ops: tuple[Op, ...], max_nodes: int, inputs: int, outputs: int) -> Program:
    domains = _domains(ops)
    numbers = [draw(_easy_numbers(domains[draw(st.integers(0, len(domains) - 1))])) for _ in range(inputs)]
    draft = _Draft(inputs, numbers, unused=set(range(inputs)))
    step = _step(draft, ops * math.ceil(_STEPS_TO_A_GAP / len(ops)), max_nodes)
    for _ in range(max_nodes - inputs):
        draw(step)
    assume(draft.steps)
    last = len(draft.numbers) - 1
    before_last = st.integers(0, len(draft.steps) - 1)
    chosen = {last, *(last - draw(before_last) for _ in range(outputs - 1))}
    names = tuple("xyz"[:inputs]) if inputs <= 3 else tuple(f"x{i + 1}" for i in range(inputs))
    return pruned(Program(names, tuple(draft.numbers[:inputs]), tuple(draft.steps), tuple(sorted(chosen))))


@cache
def _domains(ops: tuple[Op, ...]) -> list[Interval]:
    return [interval for op in ops for interval in intervals(op, 1) if interval] or [REALS]


@st.composite
def _step(draw: st.DrawFn, draft: _Draft, ops: tuple[Op, ...], max_nodes: int) -> None:
    """Add a step to the draft or, as the simplest choice, none: so any step can be shrunk away."""
    choice = draw(st.integers(0, len(ops)))
    if choice == 0:
        return
    op = ops[choice - 1]
    sizes = lengths(op)
    domain = intervals(op, draw(st.integers(sizes[0], sizes[-1])) if op.over_lists else 1)
    last = max((i for i, interval in enumerate(domain) if interval), default=None)
    operands: list[Result | float] = []
    for i, interval in enumerate(domain):
        if interval is None:
            operands.append(draw(_WHOLE_NUMBERS))
            continue
        used = [x.index for x in operands if isinstance(x, Result)]
        fitting = draft.fitting(interval)
        choice = draw(st.integers(0, 4 * max_nodes - 1))
        if not fitting or (choice >= 3 * max_nodes and (used or i != last)):
            operands.append(draw(_easy_numbers(interval)))
        else:
            # As a rule it is the latest result that nothing uses yet: steps that nothing uses are lost.
            unused = [j for j in fitting if j in draft.unused and j not in used]
            operands.append(Result(unused[0] if unused and choice >= max_nodes else fitting[choice % len(fitting)]))
    draft.add(op, operands)


@cache
def _easy_numbers(interval: Interval) -> st.SearchStrategy[float]:
    """Numbers of an interval for a program: simple ones, and others that are neither large nor small."""
    low, high = interval.low, interval.high
    simple = [x for x in _SIMPLE if low < x < high]
    within = [Interval(max(low, each.low), min(high, each.high)) for each in _RANGES]
    ranges = [scalars(each) for each in within if each.low < each.high] or [_bounded_numbers(interval, _FAR)]
    return st.one_of([st.sampled_from(simple), *ranges] if simple else ranges)
