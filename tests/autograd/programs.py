"""Random programs of +, - and * on small whole numbers, and their derivatives by a second, slower road.

A program is a list of records, each made from earlier ones. Whole numbers stay exact in floats, so what the engine
computes backward must equal, to the last bit, what the chain rule gives forward, one node at a time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import add, mul, sub
from typing import Any

from hypothesis import strategies as st

from autograd import Value

LARGEST_EXACT = 2**53
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {"+": add, "-": sub, "*": mul}
LOCAL: dict[str, Callable[[int, int], tuple[int, int]]] = {
    "+": lambda x, y: (1, 1),
    "-": lambda x, y: (1, -1),
    "*": lambda x, y: (y, x),
}


@dataclass(frozen=True)
class Operand:
    """The record of this index or, without one, a plain number."""

    number: int
    index: int | None = None


@dataclass(frozen=True)
class Record:
    """A leaf, or what `symbol` made of two operands; `edges` are (index of a parent, local derivative)."""

    number: int
    symbol: str | None = None
    edges: tuple[tuple[int, int], ...] = ()


def combined(symbol: str, left: Operand, right: Operand) -> Record:
    """The record of `left symbol right`."""
    pairs = zip((left, right), LOCAL[symbol](left.number, right.number), strict=True)
    edges = tuple((operand.index, local) for operand, local in pairs if operand.index is not None)
    return Record(OPERATORS[symbol](left.number, right.number), symbol, edges)


def derivative(records: Sequence[Record], root: int, wrt: int, weight: Callable[[int], int] = int) -> int:
    """d record `root` / d record `wrt`: a small change of `wrt` is followed forward to the root."""
    change = [0] * (root + 1)
    change[wrt] = 1
    for i in range(wrt + 1, root + 1):
        change[i] = sum(weight(local) * change[parent] for parent, local in records[i].edges)
    return change[root]


def behind(records: Sequence[Record], root: int) -> set[int]:
    """The indices of the records behind `root`, and `root`."""
    found = {root}
    for i in range(root, -1, -1):
        if i in found:
            found.update(parent for parent, _ in records[i].edges)
    return found


def is_exact(records: Sequence[Record], root: int) -> bool:
    """Whether no number on the way, forward or backward, is too large for a float to hold exactly."""
    sizes = [derivative(records, root, i, weight=abs) for i in range(root + 1)]
    return max(*sizes, *(abs(record.number) for record in records)) < LARGEST_EXACT


@dataclass(frozen=True)
class Program:
    """Leaves, and steps `(symbol, left, right)`, in which an int is an index and a str a plain number."""

    leaves: tuple[int, ...]
    steps: tuple[tuple[str, int | str, int | str], ...]

    def records(self) -> list[Record]:
        """What the program computes, in exact arithmetic."""
        records = [Record(number) for number in self.leaves]
        for symbol, *operands in self.steps:
            left, right = (Operand(int(x)) if isinstance(x, str) else Operand(records[x].number, x) for x in operands)
            records.append(combined(symbol, left, right))
        return records

    def values(self) -> list[Value]:
        """What the program computes, in Values."""
        values = [Value(number, f"x{i}") for i, number in enumerate(self.leaves)]
        for symbol, *operands in self.steps:
            left, right = (int(x) if isinstance(x, str) else values[x] for x in operands)
            values.append(OPERATORS[symbol](left, right))
        return values


@st.composite
def programs(draw: st.DrawFn, most_steps: int = 12) -> Program:
    """Programs of at least one step, all of whose numbers are exact."""
    leaves = tuple(draw(st.lists(st.integers(-3, 3), min_size=1, max_size=3)))
    steps: list[tuple[str, int | str, int | str]] = []
    for _ in range(draw(st.integers(1, most_steps))):
        node = st.integers(0, len(leaves) + len(steps) - 1)
        left, right = draw(node), draw(node | st.integers(-3, 3).map(str))
        operands = (left, right) if draw(st.booleans()) else (right, left)
        longer = Program(leaves, (*steps, (draw(st.sampled_from("+-*")), *operands)))
        if is_exact(longer.records(), len(leaves) + len(steps)):
            steps = list(longer.steps)
    return Program(leaves, tuple(steps or [("+", 0, 0)]))
