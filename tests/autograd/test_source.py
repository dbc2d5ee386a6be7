"""Every character of a text is part of a statement, or the reason for an error that says what to write instead."""

import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.errors import ExpressionError
from autograd.source import Place, Source

LONGEST_TEXT = 50_000


def statements(text: str) -> list[tuple[str | None, str]]:
    source = Source(text)
    return [(statement.name, source[statement.body]) for statement in source.statements]


def refusal(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        Source(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("g = (x + y) * z", [("g", "(x + y) * z")]),
        ("p = x + y; p * z", [("p", "x + y"), (None, "p * z")]),
        ("x=1\n\n  y = 2 ;; # z = 3\n", [("x", "1"), ("y", "2")]),
        ("g = sum([x,  # one\n  y])\nh = g", [("g", "sum([x,  # one\n  y])"), ("h", "g")]),
        ("x = 1\r\ny = 2\rz = 3", [("x", "1"), ("y", "2"), ("z", "3")]),
        ("\ufeffx = 1", [("x", "1")]),
        ("where(x == y, 1, 2)", [(None, "where(x == y, 1, 2)")]),
        ("𝐱 = 1; e\u0301 = 2; हिन्दी = 3", [("x", "1"), ("\u00e9", "2"), ("हिन्दी", "3")]),
    ],
)
def test_a_text_is_split_into_statements(text: str, expected: list[tuple[str | None, str]]) -> None:
    assert statements(text) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [("1_000.5e-3", 1.0005), (".5", 0.5), ("1.", 1.0), ("0x_fF", 255.0), ("0b1", 1.0), ("0O7", 7.0), ("1e-400", 0.0)],
)
def test_numbers_are_written_as_in_python(text: str, number: float) -> None:
    assert Source(text).number(Place(0, len(text))) == number


NOTHING = "there is nothing to compute: write, for example, g = (x + y) * z"
REFUSED = [
    ("", 1, NOTHING),
    ("# x + y", 1, NOTHING),
    (" ;; ", 1, NOTHING),
    ("x × y", 3, "'×' has no meaning here: write * instead"),
    ("x·y", 2, "'·' has no meaning here: write * instead"),
    ("x^2", 2, "'^' has no meaning here: write ** instead"),
    ("x − y", 3, "'−' has no meaning here: write - instead"),
    ("x ÷ y", 3, "'÷' has no meaning here: write / instead"),
    ("x²", 2, "'²' has no meaning here: write **2 instead"),
    ("√2", 1, "'√' has no meaning here: write sqrt(…) instead"),
    ("{x}", 1, "'{' has no meaning here: write ( instead"),
    ("x $ y", 3, "'$' has no meaning here: write names, numbers and + - * / % ** ( )"),
    ("👍", 1, "'👍' has no meaning here: write names, numbers and + - * / % ** ( )"),
    ("x\ud800", 2, r"'\ud800' has no meaning here: write names, numbers and + - * / % ** ( )"),
    ("x\u200by", 2, "an invisible character stands here, U+200B (zero width space): delete it"),
    ("x\u202ey", 2, "an invisible character stands here, U+202E (right-to-left override): delete it"),
    ("x\0", 2, "an invisible character stands here, U+0000 (a control character): delete it"),
    ("x\x0b", 2, "an invisible character stands here, U+000B (a control character): delete it"),
    ("'x'", 1, "text in quotes has no place here: there are only numbers"),
    ('3 + "x"', 5, "text in quotes has no place here: there are only numbers"),
    ("lambda: x", 1, "'lambda' has no place here: write out what the function computes"),
    ("x if x > 0 else 0", 3, "'if' has no place here: write where(condition, x, y) for a choice"),
    ("not x", 1, "'not' has no place here: put one where(…) inside the other"),
    ("await x", 1, "'await' has no place here: it is a word of Python's own"),
    ("True", 1, "'True' has no place here: write 1"),
    ("import os", 1, "'import' has no place here: the functions are there, by name, as in tanh(x)"),
    ("[x for x in y]", 4, "'for' has no place here: write out every term"),
    ("𝐢𝐟", 1, "'if' has no place here: write where(condition, x, y) for a choice"),
    ("__import__('os')", 1, "a name here does not begin with '__'"),
    ("2x", 1, "'2x' is not a number: to multiply, write 2*x"),
    ("1is x", 1, "'1is' is not a number: to multiply, write 1*is"),
    ("3 + 1j", 5, "'1j' is not a number: to multiply, write 1*j"),
    ("1.2.3", 1, "'1.2.3' is not a number"),
    ("x y", 3, "an operator is missing before 'y': to multiply, write *"),
    ("tanh(x) y", 9, "an operator is missing before 'y': to multiply, write *"),
    ("x = 1e999", 5, "1e999 is beyond the largest float, 1.8e308"),
    ("9" * 40_000, 1, f"{'9' * 24}…{'9' * 15} is beyond the largest float, 1.8e308"),
    ("0x" + "f" * 40_000, 1, f"0x{'f' * 22}…{'f' * 15} is beyond the largest float, 1.8e308"),
    ("(x + y", 1, "this '(' is never closed"),
    ("sum([x, ; y])", 5, "this '[' is never closed"),
    ("x + y)", 6, "this ')' was never opened"),
    ("(x + y]", 7, "']' cannot close '('"),
    ("(" * 40_000, 101, "brackets are nested more than 100 deep: split this into several statements"),
    ("max([" * 8_000, 254, "brackets are nested more than 100 deep: split this into several statements"),
    ("x @ y", 3, "'@' has no meaning here: write dot([…], […]) instead"),
    ("~x", 1, "'~' has no meaning here: write names, numbers and + - * / % ** ( )"),
    ("x⁴ = 3", 2, "'⁴' has no meaning here: write names, numbers and + - * / % ** ( )"),
    ("a" * 101, 1, "this name has 101 letters: at most 100"),
    ("-" * 40_000 + "x", 1001, "more than 1,000 operators: split this into statements, or use sum([…])"),
    ("+".join("x" * 20_000), 2002, "more than 1,000 operators: split this into statements, or use sum([…])"),
    ("g =", 3, "nothing follows '=': write what g is"),
    ("2 = x", 3, "one name alone stands before '=', once in a statement"),
    ("a = b = 1", 7, "one name alone stands before '=', once in a statement"),
    ("a, b = 1, 2", 6, "one name alone stands before '=', once in a statement"),
    ("= 3", 1, "one name alone stands before '=', once in a statement"),
    ("x\u00a0+ y", 2, "an invisible character stands here, U+00A0 (no-break space): delete it"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column", "message"), REFUSED, ids=[text[:20] for text, _, _ in REFUSED])
def test_what_cannot_be_read_is_refused_at_its_place(text: str, column: int, message: str) -> None:
    error = refusal(text)
    assert (error.line, error.column) == (1, column)
    assert str(error).partition("\n")[0] == f"column {column}: {message}"


@given(st.text(st.characters(codec=None)))
def test_any_text_is_statements_or_an_error_in_it(text: str) -> None:
    error = None
    try:
        found = Source(text).statements
    except ExpressionError as caught:
        error = caught
    if error is None:
        assert found
    else:
        lines = re.split("\r\n|\r|\n", text.removeprefix("\ufeff"))
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1
        assert str(error).encode().decode().count("\n") in (0, 2)


def test_an_error_shows_its_line_with_carets_below_its_place() -> None:
    source = Source("x = 1\n\tg = (x + 重み) * z\r\n")
    assert str(source.error("what is this?", Place(16, 18))) == (
        "line 2, column 11: what is this?\n   g = (x + 重み) * z\n            ^^^^"
    )
    assert str(Source("x = y\n").error("no", Place(4, 5))) == "column 5: no\n  x = y\n      ^"
    assert str(Source("(x +\ny)").error("no", Place(0, 7))) == "line 1, column 1: no\n  (x +\n  ^^^^"


def test_the_line_of_an_error_is_counted_as_editors_do() -> None:
    for ending in ("\n", "\r\n", "\r"):
        error = refusal(ending.join(["x = 1", "# what is to come:", "\tg = x $ y", ""]))
        assert (error.line, error.column) == (3, 8)
        assert str(error).startswith("line 3, column 8: ")


def test_of_a_long_line_a_window_is_shown() -> None:
    message, shown, carets = str(refusal("x + " * 100 + "? " + "+ x" * 100)).splitlines()
    assert message.startswith("column 401: ")
    assert (shown[:3], shown[-1], len(shown)) == ("  …", "…", 2 + 1 + 70 + 1)
    assert shown[carets.index("^")] == "?"


def test_what_cannot_be_shown_is_written_out_and_the_carets_stay_below_it() -> None:
    _, shown, carets = str(refusal("x\x1b[31m\0\u202e")).splitlines()
    assert (shown, carets) == (r"  x\x1b[31m\x00\u202e", "   ^^^^")


def test_a_text_may_be_so_long_and_no_longer() -> None:
    assert statements("x" + " " * (LONGEST_TEXT - 1)) == [(None, "x")]
    for length in (LONGEST_TEXT + 1, 10_000_000):
        error = refusal("x" * length)
        assert error.column == LONGEST_TEXT + 1
        assert str(error).startswith(f"column 50001: the text has {length:,} characters, and at most 50,000 are read\n")
        assert len(str(error)) < 250


def test_only_a_text_is_read() -> None:
    with pytest.raises(TypeError, match=r"expected a text such as 'g = \(x \+ y\) \* z', got the int 3"):
        Source(3)  # type: ignore[arg-type]


def test_an_error_survives_pickling() -> None:
    error = refusal("x\n + ?")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.line, again.column) == (str(error), 2, 4)
