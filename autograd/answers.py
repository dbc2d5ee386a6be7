"""What a student put down in the blanks of a worksheet, and the marks for it."""

import math
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, get_args

from autograd import numbers
from autograd.columns import aligned
from autograd.numerals import numeral

Verdict = Literal["right", "carried", "wrong", "open"]

GAP = "____"
_TOLERANCE = 0.005  # relative: numbers are rounded by hand


@dataclass(frozen=True, slots=True)
class Answer:
    """What a student put down; `half` is half a unit of the last decimal, where it was written with decimals."""

    number: float
    half: float = 0.0

    def agrees(self, x: float) -> bool:
        """Whether this is `x`, but for rounding."""
        if self.number == x or (self.number != self.number and x != x):
            return True
        return math.isfinite(x) and abs(self.number - x) <= max(_TOLERANCE * abs(x), self.half)


def read_answer(x: Any, where: str) -> Answer | None:
    """The answer, or None for a blank left open; `where` begins the error for what is not a number."""
    if x is None or (isinstance(x, str) and not x.strip(" _")):
        return None
    if not isinstance(x, str):
        return Answer(numbers.number(x, where))
    text = x.strip().replace("−", "-")
    try:
        number = float(Fraction(text)) if "/" in text else float(text)
    except (ValueError, ZeroDivisionError, OverflowError):
        raise ValueError(f"{where}: {x!r:.60} is not a number; write one such as -0.25 or 1/3") from None
    mantissa, _, exponent = text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    if not decimals or not number or not math.isfinite(number):  # 0.0 has no digit that says how it was rounded
        return Answer(number)
    return Answer(number, float(f"0.500001e{int(exponent or 0) - decimals}"))  # a little more: 0.43 for 0.425


@dataclass(frozen=True, slots=True)
class Mark:
    """How one blank was answered, with a note on what is not right; `given` is None where it was left open.

    `carried` is what is not right but follows from the student's own earlier answers: the mistake was made there.
    """

    name: str
    verdict: Verdict
    given: float | None
    note: str


@dataclass(frozen=True, slots=True, repr=False)
class Marks:
    """A corrected worksheet: the mark for each blank, by the number of the blank."""

    by_number: dict[int, Mark]

    @property
    def score(self) -> str:
        """How many blanks earn their point, `7 of 10`: the right ones and the carried ones."""
        points = sum(mark.verdict in ("right", "carried") for mark in self.by_number.values())
        return f"{points} of {len(self.by_number)}"

    def __str__(self) -> str:
        verdicts = Counter(mark.verdict for mark in self.by_number.values())
        counted = [f"{verdicts[verdict]} {verdict}" for verdict in get_args(Verdict) if verdicts[verdict]]
        rows = [
            (
                f"({i})",
                f"{mark.name} = {GAP if mark.given is None else numeral(mark.given)}",
                mark.verdict + (f": {mark.note}" if mark.note else ""),
            )
            for i, mark in self.by_number.items()
        ]
        if not rows:
            return f"{self.score}: there was nothing to fill in"
        return "\n".join([f"{self.score}: {', '.join(counted)}", *aligned(rows, "><<")])

    __repr__ = __str__
