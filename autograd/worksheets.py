"""Worksheet: backpropagation as an exercise on paper, with its solution and the correction of a student's answers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from autograd import numerals
from autograd.answers import GAP, Answer, Mark, Marks, read_answer
from autograd.blanks import Blank, Numbers, ratio, sections
from autograd.errors import GraphError, LabelError
from autograd.names import Names, names_of, unique_names
from autograd.node import Node
from autograd.numerals import numeral
from autograd.order import topological_order
from autograd.preconditions import check_of_numbers, follows_from_operands

_MOST_BLANKS = 200
_AS_TYPED = str.maketrans("∂*₀₁₂₃₄₅₆₇₈₉", "d·0123456789")


def worksheet(g: Node, *, names: Mapping[str, Any] | None = None) -> "Worksheet":
    """The graph behind `g` as an exercise: its values, local derivatives and gradients are blanks to fill in.

    `names` may be `locals()`. Raises GraphError for Tensors, for more than 200 blanks, and where a `.data` was changed
    after it was used, so that the numbers no longer follow from those given.

    >>> from autograd import Value
    >>> x = Value(3, "x")
    >>> sheet = worksheet(5 * x)
    >>> sheet
    Given: x = 3
    Forward
      (1) v1 = 5·x = ____
    Local derivatives
      (2) ∂(5·x)/∂x = ____
    Backward, starting from ∂v1/∂v1 = 1
      (3) ∂v1/∂x = ____
    >>> sheet.check({"v1": 16, "dv1/dx": 5})
    1 of 3: 1 right, 1 wrong, 1 open
    (1)  v1 = 16           wrong: 5·3 = 15
    (2)  ∂(5·x)/∂x = ____  open
    (3)  ∂v1/∂x = 5        right
    """
    check_of_numbers(g, "worksheet")
    order = topological_order(g)
    length = sum((node is not g) + (node.op is not None) + len(node.parents) for node in order)
    if length > _MOST_BLANKS:
        raise GraphError(
            f"a worksheet of {length:,} blanks is too long to fill in by hand, the limit is {_MOST_BLANKS}: "
            "make one of a smaller graph, such as that behind an inner node"
        )
    unique = unique_names(order, names_of(names))
    given = {node: node.data for node in order if node.op is None}
    sheet = Worksheet(g, unique, given, sections(g, order, unique))
    for node in order:
        if not follows_from_operands(node):
            raise GraphError(
                f"worksheet: {unique[node]} = {numeral(node.data)} no longer follows from its operands: a .data was "
                "changed after it was used; compute the graph again"
            )
    return sheet


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Worksheet:
    """Blanks in three sections, of values, local derivatives and gradients; they are numbered from 1."""

    root: Node
    names: Names
    given: dict[Node, float]
    sections: "tuple[tuple[Blank, ...], ...]"

    @property
    def blanks(self) -> "tuple[Blank, ...]":
        """What is to be filled in: the first has the number 1."""
        return tuple(chain(*self.sections))

    @property
    def solution(self) -> dict[int, float]:
        """The right number for each blank, by the number of the blank."""
        return {i: blank.right for i, blank in enumerate(self.blanks, 1)}

    @property
    def filled_in(self) -> str:
        """The text with the right numbers in place, rounded as in pictures."""
        return self._text({i: numeral(x) for i, x in self.solution.items()})

    def __str__(self) -> str:
        return self._text({})

    __repr__ = __str__

    def _text(self, answers: Mapping[int, str]) -> str:
        start = f"{ratio(self.root, self.root, self.names)} = 1"
        lines = ["Given: " + ", ".join(f"{self.names[leaf]} = {_exact(x)}" for leaf, x in self.given.items())]
        if self.root.op is None:
            return f"{lines[0]}\nNothing to fill in: {self.names[self.root]} is a leaf, and {start}"
        numbered, width = count(1), len(f"({len(self.blanks)})")
        headings = ("Forward", "Local derivatives", f"Backward, starting from {start}")
        for heading, blanks in zip(headings, self.sections, strict=True):
            lines.append(heading)
            for blank, i in zip(blanks, numbered, strict=False):
                lines.append(f"  {f'({i})':>{width}} {blank.line} = {answers.get(i, GAP)}")
        return "\n".join(lines)

    def check(self, answers: Mapping[Any, Any] | Sequence[Any]) -> "Marks":
        """The answers corrected: a list in the order of the blanks, or a mapping from their numbers or names.

        A name is typed as it is printed, with `d` or `∂`: `"p"`, `"dg/dx"`; a local derivative also as `"dp/dx"`. An
        answer is a number, or a string such as `"0.42"` or `"1/3"`; None and `""` leave the blank open. It counts if it
        is right to 0.5%, or rounds to the decimals that the string has.

        Raises LabelError for an unknown or ambiguous name; ValueError or TypeError for what is not a number, for two
        answers to one blank, and for more answers than blanks.
        """
        given = self._by_number(answers)
        worked = self._worked_through(given)
        return Marks({i: _marked(blank, given.get(i), follows, own) for i, blank, follows, own in worked})

    def _worked_through(self, given: "Mapping[int, Answer]") -> "Iterator[tuple[int, Blank, float, Numbers]]":
        """Each blank with the number that follows from the answers before it, which stands in for one left open."""
        own = Numbers(dict(self.given), {}, {self.root: 1.0})
        for i, blank in enumerate(self.blanks, 1):
            follows = blank.follows(own)
            yield i, blank, follows, own
            blank.enter(given[i].number if i in given else follows, own)

    def _by_number(self, answers: Mapping[Any, Any] | Sequence[Any]) -> "dict[int, Answer]":
        if isinstance(answers, Mapping):
            pairs = [(self._number(key), x) for key, x in answers.items()]
        elif isinstance(answers, Sequence) and not isinstance(answers, str | bytes):
            pairs = list(enumerate(answers, 1))
        else:
            got = f"the {type(answers).__name__} {answers!r:.60}"
            raise TypeError(f"check: answers are a list, or a dict such as {{1: 4, 'dg/dx': -3}}; got {got}")
        blanks = self.blanks
        if len(pairs) > len(blanks):
            got = numerals.count(len(pairs), "answer")
            raise ValueError(
                f"check: got {got} for {numerals.count(len(blanks), 'blank')}: give one for each, or fewer"
            )
        for i, times in Counter(i for i, _ in pairs).items():
            if times > 1:
                raise ValueError(f"check: blank ({i}) {blanks[i - 1].name} is answered twice: give it one answer")
        answered = {i: read_answer(x, f"check: blank ({i}) {blanks[i - 1].name}") for i, x in pairs}
        return {i: answer for i, answer in answered.items() if answer is not None}

    def _number(self, key: object) -> int:
        """The number of the blank that `key` is the number or the name of."""
        names = [blank.name for blank in self.blanks]
        if isinstance(key, int) and 1 <= key <= len(names):
            return key
        if isinstance(key, int) or not names:
            numbered = f"they are numbered from 1 to {len(names)}" if names else "there is nothing to fill in"
            raise LabelError(f"there is no blank {key!r}: {numbered}")
        typed = [_typed(name) for name in names]
        found = [i for i, each in enumerate(typed, 1) if each == _typed(str(key))]
        found = found or [i for i, blank in enumerate(self.blanks, 1) if _typed(blank.alias) == _typed(str(key))]
        if len(found) == 1:
            return found[0]
        if found:
            raise LabelError(f"{key!r} is the name of the blanks {', '.join(map(str, found))}: answer by number")
        from difflib import get_close_matches  # seldom needed, and slow to import

        close = get_close_matches(_typed(str(key)), typed, n=1)
        hint = f"did you mean {names[typed.index(close[0])]!r}?" if close else f"they are {', '.join(names[:10])}"
        raise LabelError(f"no blank is called {key!r}: {hint}")


def _marked(blank: Blank, answer: Answer | None, follows: float, own: Numbers) -> "Mark":
    if answer is None:
        return Mark(blank.name, "open", None, "")
    if answer.agrees(blank.right):
        return Mark(blank.name, "right", answer.number, "")
    if answer.agrees(follows):
        note = f"it follows from your own earlier numbers; the right one is {numeral(blank.right)}"
        return Mark(blank.name, "carried", answer.number, note)
    return Mark(blank.name, "wrong", answer.number, blank.explained(answer, own))


def _exact(x: float) -> str:
    """The number with all its digits, for what follows from it hangs on them."""
    return numeral(x) if float(numeral(x)) == x else repr(x)


def _typed(name: str) -> str:
    """A blank's name as a keyboard has it."""
    return "".join(name.split()).translate(_AS_TYPED)
