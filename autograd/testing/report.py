"""Report: what a check of gradients found, for people as a table and for programs as verdicts."""

import math
import sys
from collections import Counter
from dataclasses import dataclass

from autograd.columns import aligned
from autograd.names import Names
from autograd.node import Node
from autograd.numerals import count, numeral, tidy
from autograd.testing.checks import Check, worst
from autograd.testing.culprits import Culprit
from autograd.testing.judgement import FAILURES, VERDICTS, Verdict

_HEADINGS = ("derivative", "claimed", "differences", "± error", "digits", "remainder", "verdict")
_MOST_ROWS = 20
_FEWEST_DIGITS = 4


class GradientError(AssertionError):
    """A gradient is wrong, or not finite; `report` has what was found."""

    def __init__(self, report: "Report") -> None:
        super().__init__(str(report))
        self.report = report


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Report:
    """What was found of the gradient of a function in each of its `inputs`; printed, it is a table.

    `checks` has every derivative that was held against differences, `culprits` the operations whose rules are false,
    and `remarks` what else there is to say. `roots` are the graphs that the culprits are in, or that of the function
    itself, whose nodes have `names`; there is none if the gradient came from elsewhere. `viz.draw` shows them.
    """

    name: str
    inputs: tuple[str, ...]
    checks: tuple[Check, ...]
    culprits: tuple[Culprit, ...]
    remarks: tuple[str, ...]
    roots: tuple[Node, ...]
    names: Names

    @property
    def verdicts(self) -> list[Verdict]:
        """For each input the worst verdict on its derivatives; `correct` for an input without numbers."""
        owners = range(len(self.inputs))
        return [worst(check.verdict for check in self.checks if check.owner == owner) for owner in owners]

    @property
    def ok(self) -> bool:
        """Whether no derivative is wrong or non-finite. One that differences cannot tell, or at a kink, passes."""
        return FAILURES.isdisjoint(self.verdicts)

    @property
    def guilty(self) -> list[str]:
        """The names of the operations whose rules are false."""
        return [culprit.op.name for culprit in self.culprits]

    def assert_ok(self) -> None:
        """Raise a GradientError, an AssertionError that shows the report, unless all is `ok`."""
        __tracebackhide__ = True  # pytest shows the line that asked
        if not self.ok:
            raise GradientError(self)

    def __str__(self) -> str:
        return "\n".join([self._headline(), *self._table(), *self._guilt(), *self.remarks])

    __repr__ = __str__

    def _headline(self) -> str:
        found = Counter(self.verdicts)
        if not self.checks:
            return f"{self.name} has no derivatives: none of its inputs holds a number"
        if set(found) == {"correct"}:
            return f"the gradient of {self.name} is correct"
        parts = [f"{verdict} in {found[verdict]}" for verdict in VERDICTS if found[verdict]]
        return f"the gradient of {self.name} in {count(len(self.inputs), 'input')}: {', '.join(parts)}"

    def _table(self) -> list[str]:
        if not self.checks:
            return []
        ranked = sorted(self.checks, key=lambda check: -VERDICTS.index(check.verdict))
        shown = self.checks if len(ranked) <= _MOST_ROWS else ranked[:_MOST_ROWS]
        rows = [_HEADINGS, *map(_row, shown)]
        more = len(self.checks) - len(shown)
        return aligned(rows, "<>>>><<") + ([f"… {more:,} more, none of them worse"] if more else [])

    def _guilt(self) -> list[str]:
        lines = []
        for culprit in self.culprits:
            lines += [str(culprit), *(f"  {line}" for line in culprit.places(self.roots, self.names))]
        return lines


def _row(check: Check) -> tuple[str, ...]:
    found = check.judgement
    best = found.slopes.best
    digits = str(found.digits) if found.digits else "-"
    rate = f"h^{found.rate:.1f}" if found.rate == found.rate else "rounding"
    verdict: str = found.verdict
    if verdict == "kink":
        verdict += f": {numeral(found.slopes.left.value)} to the left, {numeral(found.slopes.right.value)} to the right"
    elif found.complex_step is not None:
        verdict += f": {numeral(found.complex_step)} by a complex step"
    numbers = (_to_the_error(x, best.error) for x in (found.gradient, best.value))
    return (check.name, *numbers, f"{best.error:.0e}", digits, rate, verdict)


def _to_the_error(x: float, error: float) -> str:
    """A number with the digits that it is known to, at least four."""
    has_digits = x != 0.0 and 0.0 < error < math.inf and math.isfinite(x)
    known = math.log10(abs(x)) - math.log10(error) if has_digits else 0.0
    return tidy(f"{x:.{min(max(math.ceil(known), _FEWEST_DIGITS), sys.float_info.dig + 2)}g}")
