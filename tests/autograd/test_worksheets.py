"""worksheet: its solution is right, a mistake is marked once, where it was made, and explained."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd
from autograd import GraphError, LabelError, Node, Value, contributions, no_grad, topological_order
from autograd.testing.program import Program as Expression
from autograd.testing.strategies import expressions
from autograd.worksheets import Worksheet, worksheet
from tests.autograd.oracle import OPS
from tests.autograd.programs import LOCAL, OPERATORS, Program, behind, derivative, programs

TOLERANCE = 0.005


def labelled(program: Program) -> list[Value]:
    values = program.values()
    for i, value in enumerate(values):
        value.label = f"n{i}"
    return values


@dataclass(frozen=True)
class Place:
    """What a blank asks for: the value of record `i`, the local derivative on its edge `edge`, or its gradient."""

    kind: str
    i: int
    edge: int = 0


def places(values: list[Value], sheet: Worksheet) -> list[Place]:
    index: dict[Node, int] = {value: i for i, value in enumerate(values)}
    made = [index[node] for node in topological_order(values[-1]) if node.op is not None]
    edges = [Place("local", i, edge) for i in made for edge in range(len(values[i].parents))]
    gradients = [
        Place("gradient", int(blank.name.rpartition("n")[2])) for blank in sheet.blanks[len(made) + len(edges) :]
    ]
    return [*[Place("value", i) for i in made], *edges, *gradients]


@given(programs())
def test_the_solution_is_what_exact_arithmetic_gives(program: Program) -> None:
    values, records = labelled(program), program.records()
    sheet, root = worksheet(values[-1]), len(values) - 1
    right: dict[str, Callable[[Place], int]] = {
        "value": lambda place: records[place.i].number,
        "local": lambda place: records[place.i].edges[place.edge][1],
        "gradient": lambda place: derivative(records, root, place.i),
    }
    expected = [right[place.kind](place) for place in places(values, sheet)]
    assert sheet.solution == dict(enumerate(expected, 1))
    gradients = {place.i for place in places(values, sheet) if place.kind == "gradient"}
    assert gradients == behind(records, root) - {root}


@given(programs())
def test_every_number_follows_from_those_before_it(program: Program) -> None:
    values, records = labelled(program), program.records()
    done: set[int] = set()
    for place in reversed(places(values, worksheet(values[-1]))):
        if place.kind == "gradient":
            assert not {parent for parent, _ in records[place.i].edges} - done
            done.add(place.i)


@given(programs())
def test_the_solution_gets_full_marks_by_number_by_name_in_order_and_as_printed(program: Program) -> None:
    sheet = worksheet(labelled(program)[-1])
    n, numbers = len(sheet.blanks), list(sheet.solution.values())
    names = [blank.name for blank in sheet.blanks]
    by_name = {name: x for name, x in zip(names, numbers, strict=True) if names.count(name) == 1}
    printed = [line.rpartition(" = ")[2] for line in sheet.filled_in.splitlines() if line.startswith(" ")]
    assert sheet.check(sheet.solution).score == f"{n} of {n}"
    assert sheet.check(numbers).score == f"{n} of {n}"
    assert sheet.check(printed).score == f"{n} of {n}"
    assert sheet.check(by_name).score == f"{len(by_name)} of {n}"
    assert sheet.check({name.replace("∂", "d").replace("·", "*"): x for name, x in by_name.items()}) == sheet.check(
        by_name
    )
    assert {mark.verdict for mark in sheet.check(numbers).by_number.values()} == {"right"}
    assert {mark.verdict for mark in sheet.check([]).by_number.values()} == {"open"}


@given(expressions(ops=OPS))
def test_any_operation_makes_a_worksheet_whose_solution_is_right(expression: Expression) -> None:
    root = expression(*map(Value, expression.point))
    sheet = worksheet(root)
    assert {mark.verdict for mark in sheet.check(sheet.solution).by_number.values()} <= {"right"}


@given(programs(), st.data())
def test_one_blank_changed_is_one_wrong_and_spoils_no_other(program: Program, data: st.DataObject) -> None:
    sheet = worksheet(labelled(program)[-1])
    i = data.draw(st.sampled_from(list(sheet.solution)))
    changed = sheet.solution[i] + data.draw(st.sampled_from([-1, 1])) * (1 + abs(sheet.solution[i]))
    marks = sheet.check({**sheet.solution, i: changed}).by_number
    assert [j for j, mark in marks.items() if mark.verdict == "wrong"] == [i]
    assert {mark.verdict for j, mark in marks.items() if j != i} <= {"right"}
    assert (marks[i].given, bool(marks[i].note)) == (changed, True)


def with_a_slip(program: Program, values: list[Value], all_places: list[Place], slip: int) -> list[float]:
    """The answers of a student who makes a mistake at blank `slip`, and goes on from there without another."""
    records, root = program.records(), len(values) - 1
    data: dict[int, float] = dict(enumerate(program.leaves))
    local: dict[tuple[int, int], float] = {}
    grad: dict[int, float] = {root: 1}
    answers: list[float] = []
    for number, place in enumerate(all_places, 1):
        if place.kind == "gradient":
            x = sum(
                grad[i] * local[i, edge]
                for i in sorted(grad, reverse=True)
                for edge, (parent, _) in enumerate(records[i].edges)
                if parent == place.i
            )
        else:
            symbol, *operands = program.steps[place.i - len(program.leaves)]
            left, right = (float(operand) if isinstance(operand, str) else data[operand] for operand in operands)
            slopes = LOCAL[symbol](left, right)  # type: ignore[arg-type]
            of_nodes = [slope for slope, operand in zip(slopes, operands, strict=True) if isinstance(operand, int)]
            x = OPERATORS[symbol](left, right) if place.kind == "value" else of_nodes[place.edge]
        x += (1 + abs(x)) * (number == slip)
        {"value": data, "gradient": grad}.get(place.kind, {})[place.i] = x
        local |= {(place.i, place.edge): x} if place.kind == "local" else {}
        answers.append(x)
    return answers


@given(programs(), st.data())
def test_what_follows_from_a_slip_is_carried_and_not_marked_again(program: Program, data: st.DataObject) -> None:
    values = labelled(program)
    sheet = worksheet(values[-1])
    slip = data.draw(st.sampled_from(list(sheet.solution)))
    answers = with_a_slip(program, values, places(values, sheet), slip)
    marks = sheet.check(answers)
    for i, mark in marks.by_number.items():
        is_right = abs(answers[i - 1] - sheet.solution[i]) <= TOLERANCE * abs(sheet.solution[i])
        assert mark.verdict == ("wrong" if i == slip else "right" if is_right else "carried")
    n = len(answers)
    assert marks.score == f"{n - 1} of {n}"


def likely_mistakes(root: Value, node: Value) -> Iterator[tuple[str, Node, float]]:
    """The mistakes at one edge in the order in which they are looked for: what is said, of which node, the number."""
    steps = [step for step in contributions(root) if step.parent is node]
    n = len(steps)

    def with_instead(k: int, x: float) -> float:
        return sum(x if i == k else step.product for i, step in enumerate(steps))

    yield from (("you left out", steps[k].node, with_instead(k, 0.0)) for k in range(n))
    if n > 2:
        yield "replaced the rest: = in place of +=", steps[-1].node, steps[-1].product
    yield from (("has the wrong sign", steps[k].node, with_instead(k, -steps[k].product)) for k in range(n))
    yield from (("you forgot the local", steps[k].node, with_instead(k, steps[k].upstream)) for k in range(n))
    yield from (("you forgot the upstream", steps[k].node, with_instead(k, steps[k].local)) for k in range(n))


def close(x: float, y: float) -> bool:
    return abs(x - y) <= TOLERANCE * abs(y)


@given(programs(), st.data())
def test_a_wrong_gradient_is_traced_to_the_edge_it_comes_from(program: Program, data: st.DataObject) -> None:
    values = labelled(program)
    sheet = worksheet(values[-1])
    gradients = [(i, place) for i, place in enumerate(places(values, sheet), 1) if place.kind == "gradient"]
    i, place = data.draw(st.sampled_from(gradients))
    mistakes = list(likely_mistakes(values[-1], values[place.i]))
    *_, planted = data.draw(st.sampled_from(mistakes))
    assume(not close(planted, sheet.solution[i]))
    mark = sheet.check({i: planted}).by_number[i]
    said, node, _ = next(mistake for mistake in mistakes if close(planted, mistake[2]))
    assert mark.verdict == "wrong"
    assert said in mark.note
    assert f"through {node.label} = " in mark.note


def lecture() -> tuple[Worksheet, Value]:
    x, y, z = Value(1, "x"), Value(3, "y"), Value(-3, "z")
    p = x + y
    g = p * z
    return worksheet(g, names={"p": p, "g": g}), x


def diamond() -> Worksheet:
    """Contributions of 5, 12, 14 and 14 reach v, by way of a, b and c."""
    v = Value(2, "v")
    a, b, c = v * 5, v * 3, v * v
    g = a + 4 * b + c * 7
    return worksheet(g, names={"a": a, "b": b, "c": c, "g": g})


LECTURE = """\
Given: x = 1, y = 3, z = -3
Forward
   (1) p = x + y = {}
   (2) g = p·z = {}
Local derivatives
   (3) ∂(x + y)/∂x = {}
   (4) ∂(x + y)/∂y = {}
   (5) ∂(p·z)/∂p = {}
   (6) ∂(p·z)/∂z = {}
Backward, starting from ∂g/∂g = 1
   (7) ∂g/∂p = {}
   (8) ∂g/∂z = {}
   (9) ∂g/∂x = {}
  (10) ∂g/∂y = {}"""


def test_the_lecture_s_example_on_paper() -> None:
    sheet, _ = lecture()
    assert str(sheet) == repr(sheet) == LECTURE.format(*["____"] * 10)
    assert sheet.filled_in == LECTURE.format(4, -12, 1, 1, -3, 4, -3, 4, -3, -3)
    assert list(sheet.solution) == list(range(1, 11))


def test_the_lecture_s_example_corrected() -> None:
    sheet, _ = lecture()
    marks = sheet.check([5, "-15", 2, 1, -3, 5, "-3.0", None, -6, 1])
    assert marks.score == "6 of 10"
    assert (
        str(marks)
        == repr(marks)
        == (
            """\
6 of 10: 3 right, 3 carried, 3 wrong, 1 open
 (1)  p = 5            wrong: 1 + 3 = 4
 (2)  g = -15          carried: it follows from your own earlier numbers; the right one is -12
 (3)  ∂(x + y)/∂x = 2  wrong: ∂(x + y)/∂x = 1
 (4)  ∂(x + y)/∂y = 1  right
 (5)  ∂(p·z)/∂p = -3   right
 (6)  ∂(p·z)/∂z = 5    carried: it follows from your own earlier numbers; the right one is 4
 (7)  ∂g/∂p = -3       right
 (8)  ∂g/∂z = ____     open
 (9)  ∂g/∂x = -6       carried: it follows from your own earlier numbers; the right one is -3
(10)  ∂g/∂y = 1        wrong: you forgot the upstream gradient ∂g/∂p = -3 on the way through p = x + y"""
        )
    )


DIAMOND = """\
Given: v = 2
Forward
   (1) a = v·5 = 10
   (2) b = v·3 = 6
   (3) v1 = 4·b = 24
   (4) v2 = a + v1 = 34
   (5) c = v·v = 4
   (6) v3 = c·7 = 28
   (7) g = v2 + v3 = 62
Local derivatives
   (8) ∂(v·5)/∂v = 5
   (9) ∂(v·3)/∂v = 3
  (10) ∂(4·b)/∂b = 4
  (11) ∂(a + v1)/∂a = 1
  (12) ∂(a + v1)/∂v1 = 1
  (13) ∂(v₁·v₂)/∂v₁ = 2
  (14) ∂(v₁·v₂)/∂v₂ = 2
  (15) ∂(c·7)/∂c = 7
  (16) ∂(v2 + v3)/∂v2 = 1
  (17) ∂(v2 + v3)/∂v3 = 1
Backward, starting from ∂g/∂g = 1
  (18) ∂g/∂v2 = 1
  (19) ∂g/∂v3 = 1
  (20) ∂g/∂c = 7
  (21) ∂g/∂a = 1
  (22) ∂g/∂v1 = 1
  (23) ∂g/∂b = 4
  (24) ∂g/∂v = 45"""


def test_a_diamond_on_paper() -> None:
    assert diamond().filled_in == DIAMOND


@pytest.mark.parametrize(
    ("answer", "note"),
    [
        (40, "you left out what comes through a = v·5"),
        (31, "you left out what comes through c = v₁·v₂, at v₁"),
        (33, "you left out what comes through b = v·3"),
        (5, "what comes through a = v·5 replaced the rest: = in place of +="),
        (35, "what comes through a = v·5 has the wrong sign: 1·5 = 5"),
        (21, "what comes through b = v·3 has the wrong sign: 4·3 = 12"),
        (41, "you forgot the local derivative ∂(v·5)/∂v = 5 on the way through a = v·5"),
        (36, "you forgot the upstream gradient ∂g/∂b = 4 on the way through b = v·3"),
        (100, "through c = v₁·v₂, at v₁: 7·2 = 14; through c = v₁·v₂, at v₂: 7·2 = 14; through b = v·3: 4·3 = 12; "
         "through a = v·5: 1·5 = 5; together 45"),
    ],
)  # fmt: skip
def test_a_diamond_s_wrong_gradients_in_a_teacher_s_words(answer: float, note: str) -> None:
    assert diamond().check({"dg/dv": answer}).by_number[24].note == note


def test_of_two_contributions_one_alone_may_also_have_replaced_the_other() -> None:
    x = Value(3.0, "x")
    q = x * 5
    sheet = worksheet(q + x, names={"q": q})
    notes = [sheet.check({"dv1/dx": answer}).by_number[7].note for answer in (5, 1)]
    assert notes == [
        "you left out what comes through v1 = q + x, or q = x·5 replaced it: = in place of +=",
        "you left out what comes through q = x·5",
    ]


def test_of_three_contributions_the_last_alone_has_replaced_the_others() -> None:
    x = Value(3.0, "x")
    q, r = x * 5, x * 7
    sheet = worksheet(q + r + x, names={"q": q, "r": r})
    assert (
        sheet.check({"dv2/dx": 5}).by_number[14].note
        == "what comes through q = x·5 replaced the rest: = in place of +="
    )


def test_a_wrong_upstream_is_carried_and_the_next_mistake_is_traced_with_it() -> None:
    sheet, _ = lecture()
    marks = sheet.check({"dg/dp": 9, "dg/dx": 9, "dg/dy": -9}).by_number
    assert [marks[i].verdict for i in (7, 9, 10)] == ["wrong", "carried", "wrong"]
    assert marks[10].note == "what comes through p = x + y has the wrong sign: 9·1 = 9"


def test_a_formula_explains_a_wrong_local_derivative() -> None:
    a = Value(1.0, "a")
    sheet = worksheet(autograd.tanh(a))
    assert sheet.check({"∂tanh(a)/∂a": 0.58}).by_number[2].note == "∂tanh(a)/∂a = 1 - tanh(a)² = 0.42"


RIGHT_ANSWERS: list[tuple[float, Any]] = [
    (0.419974, 0.42), (0.419974, "0.42"), (0.419974, " 0.4 "), (0.0123, "0.01"), (0.425, "0.43"), (-0.25, "−0.25"),
    (1234567.0, 1.23e6), (1.26e-9, "1.3e-9"), (1e300, "1.0e300"), (0.0, 0), (0.0, "-0.0"), (3.0, "3"), (3.0, True + 2),
    (math.inf, "inf"), (-math.inf, -math.inf), (math.nan, "nan"), (3.0, np.float32(3)),
]  # fmt: skip
WRONG_ANSWERS: list[tuple[float, Any]] = [
    (0.419974, 0.43), (0.419974, "0.43"), (0.419974, 0.4), (0.419974, "0"), (0.04, "0.0"), (0.6, "1"), (12.4, "12"),
    (0.0, 1e-9), (0.0, "0.01"), (1e300, math.inf), (1e300, "1.0e400"), (math.inf, 1e300), (math.inf, -math.inf),
    (math.nan, 0), (1.0, "nan"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("right", "answer", "verdict"),
    [*((*each, "right") for each in RIGHT_ANSWERS), *((*each, "wrong") for each in WRONG_ANSWERS)],
)
def test_answers_are_right_to_half_a_percent_or_to_their_decimals(right: float, answer: Any, verdict: str) -> None:
    sheet = worksheet(Value(right) + Value(0.0))
    assert sheet.check([answer]).by_number[1].verdict == verdict


@pytest.mark.parametrize("gap", [None, "", "  ", "____"])
def test_a_gap_is_open(gap: str | None) -> None:
    mark = lecture()[0].check([gap]).by_number[1]
    assert (mark.verdict, mark.given, mark.note) == ("open", None, "")


def test_names_are_typed_as_they_are_printed_or_on_a_plain_keyboard() -> None:
    sheet = diamond()
    for key in ("∂(v₁·v₂)/∂v₁", "d(v1*v2)/dv1", " ∂( v₁·v₂ ) / ∂v₁ ", 13):
        assert sheet.check({key: 2}).by_number[13].verdict == "right"


def refused(sheet: Worksheet, answers: Any) -> str:
    with pytest.raises((LabelError, ValueError, TypeError, OverflowError)) as error:
        sheet.check(answers)
    return f"{type(error.value).__name__}: {error.value}"


def test_answers_that_cannot_be_read_are_refused_with_advice() -> None:
    sheet, x = lecture()
    number = "expected a number or a Value, got the"
    assert [refused(sheet, each) for each in ({"dg/dxx": 1}, {"?": 1}, {0: 1}, {11: 1})] == [
        "LabelError: no blank is called 'dg/dxx': did you mean '∂g/∂x'?",
        "LabelError: no blank is called '?': they are p, g, ∂(x + y)/∂x, ∂(x + y)/∂y, ∂(p·z)/∂p, ∂(p·z)/∂z, ∂g/∂p, "
        "∂g/∂z, ∂g/∂x, ∂g/∂y",
        "LabelError: there is no blank 0: they are numbered from 1 to 10",
        "LabelError: there is no blank 11: they are numbered from 1 to 10",
    ]
    assert [refused(sheet, each) for each in ({"p": "3 apples"}, {"dg/dx": "0,42"}, [True], [x], {10: [1]})] == [
        "ValueError: check: blank (1) p: '3 apples' is not a number; write one such as -0.25 or 1/3",
        "ValueError: check: blank (9) ∂g/∂x: '0,42' is not a number; write one such as -0.25 or 1/3",
        f"TypeError: check: blank (1) p: {number} bool True; write 1.0 or 0.0",
        "TypeError: check: blank (1) p: expected a plain number, got Value(1.0, label='x'); take its .data",
        f"TypeError: check: blank (10) ∂g/∂y: {number} list [1]; an operand is one number; sum, dot, max and their "
        "like take one flat list",
    ]
    assert [refused(sheet, each) for each in ({1: 4, " p": 4}, [1] * 11, "4, -12", b"4", 4)] == [
        "ValueError: check: blank (1) p is answered twice: give it one answer",
        "ValueError: check: got 11 answers for 10 blanks: give one for each, or fewer",
        "TypeError: check: answers are a list, or a dict such as {1: 4, 'dg/dx': -3}; got the str '4, -12'",
        "TypeError: check: answers are a list, or a dict such as {1: 4, 'dg/dx': -3}; got the bytes b'4'",
        "TypeError: check: answers are a list, or a dict such as {1: 4, 'dg/dx': -3}; got the int 4",
    ]


def test_a_name_of_two_blanks_is_not_guessed() -> None:
    x, y = Value(2.0, "x"), Value(3.0, "y")
    sheet = worksheet((x + y) * (x + y))
    assert refused(sheet, {"d(x+y)/dx": 1}) == (
        "LabelError: 'd(x+y)/dx' is the name of the blanks 4, 6: answer by number"
    )


def test_a_leaf_alone_has_no_blanks() -> None:
    sheet = worksheet(Value(3, "x"))
    assert str(sheet) == sheet.filled_in == "Given: x = 3\nNothing to fill in: x is a leaf, and ∂x/∂x = 1"
    assert sheet.solution == {}
    assert str(sheet.check({})) == "0 of 0: there was nothing to fill in"
    assert refused(sheet, {1: 3}) == "LabelError: there is no blank 1: there is nothing to fill in"
    assert refused(sheet, [3]) == "ValueError: check: got 1 answer for 0 blanks: give one for each, or fewer"


def test_given_numbers_have_all_their_digits() -> None:
    x, y = Value(0.8813735870195432, "x"), Value(1e22, "y")
    assert str(worksheet(x + y)).startswith("Given: x = 0.8813735870195432, y = 1e22\n")


def test_numbers_that_are_not_finite_are_corrected_like_others() -> None:
    x, y = Value(math.inf, "x"), Value(0.0, "y")
    sheet = worksheet(x * y)
    assert str(sheet.check(["nan", 0, "inf", 0, 1])).splitlines() == [
        "4 of 5: 4 right, 1 wrong",
        "(1)  v1 = nan         right",
        "(2)  ∂(x·y)/∂x = 0    right",
        "(3)  ∂(x·y)/∂y = inf  right",
        "(4)  ∂v1/∂x = 0       right",
        "(5)  ∂v1/∂y = 1       wrong: you forgot the local derivative ∂(x·y)/∂y = inf on the way through v1 = x·y",
    ]


def test_the_sheet_keeps_the_numbers_it_was_made_of() -> None:
    sheet, x = lecture()
    x.data = 100.0
    assert str(sheet) == LECTURE.format(*["____"] * 10)
    assert sheet.check({"p": 103}).by_number[1].verdict == "wrong"


def test_numbers_that_no_longer_follow_from_each_other_make_no_worksheet() -> None:
    x, y = Value(1.0, "x"), Value(3.0, "y")
    p = x + y
    x.data = 10.0
    message = (
        r"^worksheet: p = 4 no longer follows from its operands: a \.data was changed after it was used; "
        "compute the graph again$"
    )
    with pytest.raises(GraphError, match=message):
        worksheet(p * x, names={"p": p})


def test_a_fraction_is_a_number() -> None:
    sheet, _ = lecture()
    assert sheet.check({"p": "8/2", "g": "-24/2"}).score == "2 of 10"
    with pytest.raises(ValueError, match="'1/0' is not a number"):
        sheet.check({"p": "1/0"})


def test_a_local_derivative_may_be_called_as_the_board_calls_it() -> None:
    sheet, _ = lecture()
    marks = sheet.check({"dp/dx": 1, "∂p/∂y": 7})
    assert [mark.name for mark in marks.by_number.values() if mark.verdict != "open"] == ["∂(x + y)/∂x", "∂(x + y)/∂y"]


def test_a_worksheet_is_no_longer_than_a_student_s_patience() -> None:
    node = x = Value(1.0, "x")
    for _ in range(66):
        node = node + 1
    assert len(worksheet(node).blanks) == 198
    with pytest.raises(
        GraphError, match=r"^a worksheet of 201 blanks is too long to fill in by hand, the limit is 200"
    ):
        worksheet(node + 1)
    assert len(worksheet(autograd.sum([x] * 197)).blanks) == 199
    for _ in range(20_000):
        node = node + 1
    with pytest.raises(GraphError, match="a worksheet of 60,198 blanks"):
        worksheet(node)


def test_what_is_no_result_is_refused() -> None:
    number: Any = 3.0
    with pytest.raises(GraphError, match=r"^worksheet needs a Value, got the float 3\.0"):
        worksheet(number)
    with no_grad():
        unrecorded = Value(3.0) * 2
    with pytest.raises(GraphError, match=r"computed under no_grad\(\)"):
        worksheet(unrecorded)


def test_no_gradient_is_touched() -> None:
    x = Value(2.0, "x")
    g = x * x
    sheet = worksheet(g)
    sheet.check(sheet.solution)
    assert (x.grad, g.grad) == (None, None)
