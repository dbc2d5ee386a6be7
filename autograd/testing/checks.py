"""Checks: a claim's derivatives, each held against differences; of very many, all at once along a random direction."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from autograd.testing.claims import Claim, Point
from autograd.testing.differences import Array, Function
from autograd.testing.judgement import FAILURES, VERDICTS, Judgement, Verdict, judge

_MOST_JUDGED = 256  # derivatives that are judged one by one
_SEED = 0


@dataclass(frozen=True, slots=True)
class Check:
    """What differences say of the derivative of result `row` in number `column`, or of `count` of them together.

    The number belongs to the input at position `owner`. Of several, `row` and `column` are the first.
    """

    name: str
    order: int
    row: int
    column: int
    owner: int
    count: int
    judgement: Judgement

    @property
    def verdict(self) -> Verdict:
        """What the differences say."""
        return self.judgement.verdict


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of the verdicts; of none, `correct`."""
    return max(verdicts, key=VERDICTS.index, default="correct")


def checked(claim: Claim) -> Iterator[Check]:
    """A check for every derivative of the claim or, where they are very many, for all of them together.

    Then all numbers of an input move at once along a random direction, in which a derivative that is wrong shows;
    halving what moves leads to one that is.
    """
    rows, columns = claim.jacobian.shape
    results = [[row] for row in range(rows)] if rows * columns <= _MOST_JUDGED else [list(range(rows))]
    moving: list[list[int]] = [[column] for column in range(columns)]
    if columns > _MOST_JUDGED:
        owners = claim.arguments.owners
        moving = [[i for i, owner in enumerate(owners) if owner == each] for each in dict.fromkeys(owners)]
    movements = _Movements(claim)
    for numbers in moving:
        for summed in results:
            yield movements.check(summed, numbers)


class _Movements:
    """The results of a claim, with random weights where several are summed, while some of its numbers move."""

    def __init__(self, claim: Claim) -> None:
        random = np.random.default_rng(_SEED)
        rows, columns = claim.jacobian.shape
        self.claim, self.start = claim, np.array(claim.arguments.numbers)
        self.weights = random.uniform(0.5, 1.0, rows)
        self.direction = random.uniform(0.5, 1.0, columns) * random.choice([-1.0, 1.0], columns) * _sizes(claim)
        self._moving: list[int] = []
        self._known: dict[float, Sequence[float]] = {}

    def check(self, summed: list[int], moving: list[int]) -> Check:
        """The check of these results together while these numbers move; if it fails, of one of them that fails."""
        found = self._check(summed, moving)
        while found.verdict in FAILURES and found.count > 1:
            halves = [(summed, half) for half in _halves(moving)] or [(half, moving) for half in _halves(summed)]
            found, (summed, moving) = self._worse(halves)
        return found

    def _worse(self, halves: list[tuple[list[int], list[int]]]) -> tuple[Check, tuple[list[int], list[int]]]:
        """The first half that fails, else the worse one."""
        first = self._check(*halves[0])
        if first.verdict in FAILURES:
            return first, halves[0]
        second = self._check(*halves[1])
        is_first = worst([second.verdict, first.verdict]) != second.verdict
        return (first, halves[0]) if is_first else (second, halves[1])

    def _check(self, summed: list[int], moving: list[int]) -> Check:
        if moving != self._moving:
            self._moving, self._known = moving, {}
        start, direction = (
            (self.claim.arguments.numbers[moving[0]], np.ones(1)) if len(moving) == 1 else (1.0, self.direction[moving])
        )
        weights = self.weights[summed] if len(summed) > 1 else np.ones(1)
        claimed = float(weights @ self.claim.jacobian[np.ix_(summed, moving)] @ direction)
        noise = float(weights @ np.take(self.claim.noises, summed))
        judgement = judge(self._result(summed, weights), start, claimed, noise)
        row, column, count = summed[0], moving[0], len(summed) * len(moving)
        owner = self.claim.arguments.owners[column]
        return Check(self._name(summed, moving), self.claim.order, row, column, owner, count, judgement)

    def _result(self, summed: list[int], weights: Array) -> Function:
        row = summed[0]
        if len(summed) == 1:
            return lambda t: self._results(t)[row]
        return lambda t: float(weights @ np.take(self._results(t), summed))

    def _results(self, t: float) -> Sequence[float]:
        """The results where a single moving number is `t`, and several are `t - 1` along the direction."""
        found = self._known.get(t)
        if found is None:
            self._known[t] = found = self.claim.results(self._point(t))
        return found

    def _point(self, t: float) -> Point:
        if len(self._moving) == 1:
            point = list(self.claim.arguments.numbers)
            point[self._moving[0]] = t
            return point
        moved = self.start.astype(type(t))  # a complex step makes complex numbers
        moved[self._moving] += (t - 1.0) * self.direction[self._moving]
        return moved

    def _name(self, summed: list[int], moving: list[int]) -> str:
        if len(summed) == len(moving) == 1:
            return self.claim.name(summed[0], moving[0])
        names, result = self.claim.arguments, self.claim.names[summed[0]][0]
        below = names.names[moving[0]]
        if len(moving) > 1:
            below = f"{names.inputs[names.owners[moving[0]]]} (all {len(moving):,})"
        above = result if len(summed) == 1 else f"(sum of {len(summed):,} results)"
        return f"∂{above}/∂{below}"


def _halves(items: list[int]) -> list[list[int]]:
    """The two halves of what can be halved."""
    middle = len(items) // 2
    return [items[:middle], items[middle:]] if middle else []


def _sizes(claim: Claim) -> Array:
    """How far each number may move: by its own size or, if that is small, by the typical size in its input."""
    owners, sizes = np.array(claim.arguments.owners, int), np.abs(claim.arguments.numbers)
    typical = np.sqrt(np.bincount(owners, np.square(sizes)) / np.maximum(np.bincount(owners), 1))
    largest: Array = np.maximum(sizes, np.where(typical > 0.0, typical, 1.0)[owners])
    return largest
