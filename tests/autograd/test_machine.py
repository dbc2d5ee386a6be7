"""Whatever is done to Values, in whatever order, their numbers and gradients are those of a naive model.

The model shares nothing with the engine. While its numbers are whole they are ints, which the engine must have exactly.
"""

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, precondition, rule

import autograd
from autograd import GraphError, Value, no_grad

Partials = Sequence[float]

LARGEST = 1e4  # of numbers and gradients, so that whole ones are exact and others keep their digits
MOST_LEAVES, MOST_NODES = 2, 24

# What makes a Value, and what the model expects: the number, and the local derivative for each operand.
OPERATIONS: dict[str, tuple[Callable[..., Any], Callable[..., tuple[float, Partials]]]] = {
    "+": (operator.add, lambda x, y: (x + y, (1, 1))),
    "-": (operator.sub, lambda x, y: (x - y, (1, -1))),
    "*": (operator.mul, lambda x, y: (x * y, (y, x))),
    "/": (operator.truediv, lambda x, y: (x / y, (1 / y, -x / y / y))),
    "**": (operator.pow, lambda x, n: (x**n, (n * x ** (n - 1) if n else 0, math.nan))),  # n is always a constant
    "neg": (operator.neg, lambda x: (-x, (-1,))),
    "relu": (autograd.relu, lambda x: (max(x, 0), (int(x > 0),))),
    "tanh": (autograd.tanh, lambda x: (math.tanh(x), (1 / math.cosh(x) ** 2,))),
    "exp": (autograd.exp, lambda x: (math.exp(x), (math.exp(x),))),
    "sum": (
        lambda *x: autograd.sum(x),
        lambda *x: (sum(x) if {*map(type, x)} == {int} else math.fsum(x), (1,) * len(x)),
    ),
}


@dataclass(eq=False)
class Record:
    """What the model knows of a node: a leaf has no operands, and neither has what was made under no_grad."""

    number: float
    symbol: str = ""
    operands: tuple["Record | float", ...] = ()
    partials: Partials = ()
    is_recorded: bool = True
    grad: float | None = None


def computed(symbol: str, operands: Sequence[Record | float]) -> tuple[float, Partials] | None:
    """The number and the local derivatives for what the operands hold now; None where they do not exist."""
    try:
        return OPERATIONS[symbol][1](*(x.number if isinstance(x, Record) else x for x in operands))
    except ArithmeticError:
        return None


def derivative(records: Iterable[Record], root: Record, wrt: Record, partials: Callable[[Record], Partials]) -> float:
    """d root / d wrt: a small change of `wrt` is followed forward through all records, in the order they were made."""
    change: dict[Record, float] = {}
    for record in records:
        pairs = zip(record.operands, partials(record), strict=True)
        moved = sum(local * change[x] for x, local in pairs if isinstance(x, Record))
        change[record] = 1 if record is wrt else moved
    return change[root]


def behind(records: Iterable[Record], root: Record) -> list[Record]:
    """The records behind `root`, and `root`, in the order they were made."""
    found = {root}
    for record in reversed(list(records)):
        if record in found:
            found.update(x for x in record.operands if isinstance(x, Record))
    return [record for record in records if record in found]


def agrees(got: float | None, expected: float | None) -> bool:
    """Exactly if an int is expected, else up to rounding: terms as large as LARGEST may have cancelled."""
    if got is None or expected is None or isinstance(expected, int):
        return got == expected
    return math.isclose(got, expected, rel_tol=1e-9, abs_tol=1e-13 * LARGEST)


SMALL, SYMBOLS = st.integers(-3, 3), st.sampled_from("+-*/")
FUNCTIONS = st.sampled_from([("neg",), ("relu",), ("tanh",), ("exp",), *(("**", n) for n in (-1, 0, 2, 3))])
MODES = st.sampled_from([*[nullcontext] * 7, no_grad])
has_room = precondition(lambda self: len(self.values) < MOST_NODES)


class Values(RuleBasedStateMachine):
    """The model's records, in the order they were made, each with the Value that it is to agree with."""

    nodes = Bundle("nodes")
    results = Bundle("results")

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[Record, Value] = {}

    @precondition(lambda self: sum(not record.operands for record in self.values) < MOST_LEAVES)
    @rule(target=nodes, number=SMALL)
    def make_a_leaf(self, number: int) -> Record:
        record = Record(number)
        self.values[record] = Value(number)
        return record

    @has_room
    @rule(targets=(nodes, results), symbol=SYMBOLS, x=nodes, y=nodes | SMALL, is_left=st.booleans(), mode=MODES)
    def combine_two(self, symbol: str, x: Record, y: Record | int, is_left: bool, mode: Any) -> Any:
        return self._apply(mode, symbol, *((x, y) if is_left else (y, x)))

    @has_room
    @rule(targets=(nodes, results), function=FUNCTIONS, x=nodes, mode=MODES)
    def apply_a_function(self, function: tuple[Any, ...], x: Record, mode: Any) -> Any:
        symbol, *exponent = function
        return self._apply(mode, symbol, x, *exponent)

    @has_room
    @rule(targets=(nodes, results), others=st.lists(nodes | SMALL, min_size=1, max_size=3), x=nodes, mode=MODES)
    def add_up_a_list(self, others: list[Record | int], x: Record, mode: Any) -> Any:
        return self._apply(mode, "sum", *others, x)

    def _apply(self, mode: Any, symbol: str, *operands: Record | int) -> Any:
        """The record of a new node; none where a number or a gradient does not exist or is large."""
        result = computed(symbol, operands)
        if result is None:
            return multiple()
        made = Record(result[0], symbol, operands, result[1])
        record = Record(made.number, is_recorded=False) if mode is no_grad else made
        records = [*self.values, made]
        sizes = [derivative(records, made, wrt, lambda x: [abs(local) for local in x.partials]) for wrt in records]
        if not all(abs(size) <= LARGEST for size in [made.number, *sizes]):  # False for nan
            return multiple()
        with mode():
            self.values[record] = OPERATIONS[symbol][0](
                *(self.values[x] if isinstance(x, Record) else x for x in operands)
            )
        return record

    @rule(node=nodes, number=SMALL)
    def overwrite_data(self, node: Record, number: int) -> None:
        self.values[node].data = number
        node.number = number

    @precondition(lambda self: any(record.operands for record in self.values))
    @rule(root=results | nodes, seed=st.lists(SMALL, max_size=1), mode=MODES)
    def sweep_backward(self, root: Record, seed: list[int], mode: Any) -> None:
        with mode(), nullcontext() if root.is_recorded else pytest.raises(GraphError, match="under no_grad"):
            self.values[root].backward(*seed)
        for record in behind(self.values, root) if root.is_recorded else ():
            grad = math.prod(seed) * derivative(self.values, root, record, lambda x: x.partials)
            record.grad = grad if record.operands or record.grad is None else record.grad + grad

    @rule(root=nodes)
    def forget_gradients(self, root: Record) -> None:
        self.values[root].zero_grad()
        for record in behind(self.values, root):
            record.grad = None

    @rule(root=results, wrt=nodes, mode=MODES)
    def ask_for_a_gradient(self, root: Record, wrt: Record, mode: Any) -> None:
        """Computed from the numbers held now; refused if an operation from `wrt` to `root` gives others by now."""
        between = [x for x in behind(self.values, root) if x is root or wrt in behind(self.values, x)]
        anew = {x: computed(x.symbol, x.operands) for x in between if x.operands}
        held = {x: result[1] for x, result in anew.items() if result and math.isclose(result[0], x.number)}
        is_refused = not root.is_recorded or len(held) < len(anew)
        with mode(), pytest.raises(GraphError) if is_refused else nullcontext():
            slope = self.values[root].gradient(self.values[wrt])
            assert agrees(slope.data, derivative(self.values, root, wrt, lambda x: held.get(x, x.partials)))

    @invariant()
    def engine_and_model_agree(self) -> None:
        for record, value in self.values.items():
            assert agrees(value.data, record.number)
            assert agrees(value.grad, record.grad)
            pairs = zip(record.operands, record.partials, strict=True)
            edges = [(self.values[x], local) for x, local in pairs if isinstance(x, Record)]
            assert list(map(id, value.parents)) == [id(parent) for parent, _ in edges]
            assert all(agrees(got, local) for got, (_, local) in zip(value.partials, edges, strict=True))


TestValues = Values.TestCase
TestValues.settings = settings(max_examples=200, stateful_step_count=60)


def test_the_model_knows_the_chain_rule() -> None:
    x, y = Record(2), Record(3)
    product = Record(6, "*", (x, y), (3, 2))
    result = Record(8, "+", (product, x), (1, 1))
    square = Record(64, "*", (result, result), (8, 8))  # (x·y + x)²
    records = [x, y, product, result, square]
    grads = [derivative(records, square, wrt, lambda record: record.partials) for wrt in records]
    assert grads == [2 * 8 * 4, 2 * 8 * 2, 16, 16, 1]
