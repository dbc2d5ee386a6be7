"""Checks: a claim's derivatives, each held against differences; of very many, all at once along a random direction."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autograd.testing.arguments import Point
from autograd.testing.claims import MOST_JUDGED, Claim
from autograd.testing.differences import Array, Function
from autograd.testing.judgement import FAILURES, VERDICTS, Judgement, Verdict, judge

_MOST_GROUPS = 128  # judged to find one of them among many that fails
_MOST_UNTOLD = 16  # of these, ill-conditioned, that are still halved: what is all rounding has no better parts
_LEAST = 2.0**-6  # movement, relative to the typical size in an input
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

    Then all numbers of an input move at once along a random direction, in which a derivative that is wrong shows.
    Where that does not show all to be correct, halves are moved, and halves of these: until one is found that fails by
    itself, or what remains is one by one what it is, or that has taken too long.
    """
    rows, columns = len(claim.names), len(claim.arguments.numbers)
    results = [[row] for row in range(rows)] if rows * columns <= MOST_JUDGED else [list(range(rows))]
    moving: list[list[int]] = [[column] for column in range(columns)]
    if columns > MOST_JUDGED:
        owners = claim.arguments.owners
        moving = [[i for i, owner in enumerate(owners) if owner == each] for each in dict.fromkeys(owners)]
    movements = _Movements(claim)
    for numbers in moving:
        for summed in results:
            yield from movements.checks(summed, numbers)


class _Movements:
    """The results of a claim, with random weights where several are summed, while some of its numbers move."""

    def __init__(self, claim: Claim) -> None:
        random = np.random.default_rng(_SEED)
        rows, columns = len(claim.names), len(claim.arguments.numbers)
        self.claim, self.start = claim, np.array(claim.arguments.numbers)
        self.weights = random.uniform(0.5, 1.0, rows)
        self.direction = random.uniform(0.5, 1.0, columns) * random.choice([-1.0, 1.0], columns) * _sizes(claim)
        self._moving: list[int] = []
        self._known: dict[float, Sequence[float]] = {}
        self._claimed: dict[tuple[int, ...], tuple[Array, float]] = {}

    def checks(self, summed: list[int], moving: list[int]) -> list[Check]:
        """The check of these results together while these numbers move; where that is not correct, those of parts."""
        found: list[Check] = []
        failing: list[Check] = []
        untold = 0
        groups = [(summed, moving)]  # a stack, so that the first to fail by itself is soon found
        for _ in range(_MOST_GROUPS):
            if not groups:
                break
            summed, moving = groups.pop()
            check = self._check(summed, moving)
            if check.count == 1 and check.verdict in FAILURES:
                return [check]
            failing += [check] if check.verdict in FAILURES else []
            untold += check.verdict == "ill-conditioned"
            is_settled = check.verdict == "correct" or (check.verdict == "ill-conditioned" and untold > _MOST_UNTOLD)
            halves = [] if is_settled else _halves(summed, moving)
            groups += reversed(halves)
            found += [] if halves else [check]
        found += [self._check(*group) for group in groups]
        if any(check.verdict == "kink" for check in found):
            return [_untold(check) for check in found]
        return failing[-1:] + found  # what a whole showed is not undone by its parts

    def _check(self, summed: list[int], moving: list[int]) -> Check:
        if moving != self._moving:
            self._moving, self._known = moving, {}
        start, direction = (
            (self.claim.arguments.numbers[moving[0]], np.ones(1)) if len(moving) == 1 else (1.0, self.direction[moving])
        )
        weights = self.weights[summed] if len(summed) > 1 else np.ones(1)
        gradient, noise = self._claimed_of(summed, weights)
        judgement = judge(self._result(summed, weights), start, float(gradient[moving] @ direction), noise)
        row, column, count = summed[0], moving[0], len(summed) * len(moving)
        owner = self.claim.arguments.owners[column]
        return Check(self._name(summed, moving), self.claim.order, row, column, owner, count, judgement)

    def _claimed_of(self, summed: list[int], weights: Array) -> tuple[Array, float]:
        found = self._claimed.get(tuple(summed))
        if found is None:
            self._claimed[tuple(summed)] = found = self.claim.claimed(summed, weights)
        return found

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
            owner = names.owners[moving[0]]
            below = f"{names.inputs[owner]} ({len(moving):,} of {names.owners.count(owner):,})"
        above = result if len(summed) == 1 else f"(sum of {len(summed):,} results)"
        return f"∂{above}/∂{below}"


def _untold(check: Check) -> Check:
    """The check of a group near kinks, where choices that are right may mix to what fails."""
    if check.verdict not in FAILURES:
        return check
    return replace(check, judgement=replace(check.judgement, verdict="ill-conditioned"))


def _halves(summed: list[int], moving: list[int]) -> list[tuple[list[int], list[int]]]:
    """A group in two halves: of the numbers that move or, where it is one, of the results; of a single one, none."""
    if len(moving) > 1:
        middle = len(moving) // 2
        return [(summed, moving[:middle]), (summed, moving[middle:])]
    middle = len(summed) // 2
    return [(summed[:middle], moving), (summed[middle:], moving)] if middle else []


def _sizes(claim: Claim) -> Array:
    """How far each number may move: by its own size, so that none changes its sign, or a little if it is very small."""
    owners, sizes = np.array(claim.arguments.owners, int), np.abs(claim.arguments.numbers)
    typical = np.sqrt(np.bincount(owners, np.square(sizes)) / np.maximum(np.bincount(owners), 1))
    least = np.where(typical > 0.0, _LEAST * typical, 1.0)[owners]
    largest: Array = np.maximum(sizes, least)
    return largest
