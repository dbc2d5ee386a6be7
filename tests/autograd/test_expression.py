"""An expression means what Python takes it to mean, and is nothing but arithmetic; names are inputs or results."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Graph, LabelError, Value, no_grad, registry
from autograd.errors import ExpressionError
from autograd.expression import Expression, read_number


def numbers(values: Mapping[str, Value]) -> dict[str, float]:
    return {name: value.data for name, value in values.items()}


@pytest.mark.parametrize(
    ("text", "inputs", "results"),
    [
        ("g = (x + y) * z", ["x", "y", "z"], ["g"]),
        ("p = x + y; g = p * z", ["x", "y", "z"], ["p", "g"]),
        ("z = -3; x = 2 * pi\ng = y * x * z", ["z", "x", "y"], ["g"]),
        ("y * x + y", ["y", "x"], ["result"]),
        ("result = x; result * y", ["x", "y"], ["result", "result_"]),
        ("result_ = x; result + result_", ["x", "result"], ["result_", "result__"]),
        ("3", [], ["result"]),
        ("x = 1; y = x", ["x"], ["y"]),
        ("x = 1", ["x"], []),
        ("x = -e; y = pi", ["x", "y"], []),
        ("g = x * e + pi", ["x"], ["g"]),
        ("e = 3; g = e * x", ["e", "x"], ["g"]),
        ("e = x; g = e * pi", ["x"], ["e", "g"]),
        ("α = été * _x1", ["été", "_x1"], ["α"]),
        ("where(a > b, c, 1)", ["a", "b", "c"], ["result"]),
    ],
)
def test_names_are_inputs_or_results(text: str, inputs: list[str], results: list[str]) -> None:
    expression = Expression(text)
    assert expression.inputs == tuple(inputs)
    assert expression.results == tuple(results)


def test_the_values_are_a_graph_with_the_names_as_labels() -> None:
    values = Expression("x = 1; y = 3\np = x + y\ng = p * z").evaluate({"z": -3})
    assert list(values) == ["x", "y", "z", "p", "g"]
    assert numbers(values) == {"x": 1.0, "y": 3.0, "z": -3.0, "p": 4.0, "g": -12.0}
    assert [value.label for value in values.values()] == list(values)
    graph = Graph(values["g"])
    assert all(graph[name] is value for name, value in values.items())
    assert repr(graph) == "<Graph of 5 nodes: 3 leaves, 2 operations (add 1, mul 1), depth 2>"


def test_each_evaluation_is_a_graph_of_its_own() -> None:
    expression = Expression("x ** 2")
    first, second = expression.evaluate({"x": 3}), expression.evaluate({"x": 4})
    second["result"].backward()
    assert (first["result"].data, first["x"].grad) == (9.0, None)
    assert (second["result"].data, second["x"].grad) == (16.0, 8.0)


def test_a_given_number_comes_before_that_of_the_text() -> None:
    expression = Expression("x = 1; y = 2 * 3; g = x + y")
    assert numbers(expression.evaluate()) == {"x": 1.0, "y": 6.0, "g": 7.0}
    assert numbers(expression.evaluate({"y": np.float64(0.5)})) == {"x": 1.0, "y": 0.5, "g": 1.5}


def test_a_name_that_is_given_a_number_is_no_constant() -> None:
    assert numbers(Expression("e = 3; e * pi").evaluate()) == {"e": 3.0, "result": 3.0 * math.pi}
    expression = Expression("x = 2 * e; g = x * e")
    assert numbers(expression.evaluate()) == {"x": 2 * math.e, "g": 2 * math.e * math.e}
    with pytest.raises(LabelError, match="'e' is a constant here: to give it another number, write e = … in the text"):
        expression.evaluate({"e": 3.0})
    with pytest.raises(ExpressionError, match="polygamma has no derivative in n"):
        Expression("polygamma(x - x, 2)").evaluate({"x": 1.0})


def test_a_name_for_a_name_is_a_node_of_its_own() -> None:
    values = Expression("p = x; q = (p)").evaluate({"x": 3.0})
    assert [value.label for value in values.values()] == ["x", "p", "q"]
    assert [value.op and value.op.name for value in values.values()] == [None, "identity", "identity"]
    values["q"].backward()
    assert values["x"].grad == 1.0


def test_letters_that_python_holds_for_one_are_one() -> None:
    assert numbers(Expression("𝐱 * 2 + x").evaluate({"𝐱": 3.0})) == {"x": 3.0, "result": 9.0}
    assert Expression("e\u0301 + \u00e9").inputs == ("\u00e9",)


def test_under_no_grad_nothing_is_recorded() -> None:
    with no_grad():
        values = Expression("p = x; g = p * 2").evaluate({"x": 3.0})
    assert [(value.data, value.label, value.parents) for value in values.values()] == [
        (3.0, "x", ()), (3.0, "p", ()), (6.0, "g", ()),
    ]  # fmt: skip


REFUSED_NAMES: list[tuple[str, dict[str, float], int, str]] = [
    ("x = 1; x = 2", {}, 8, "x is computed already: choose another name"),
    ("g = x; g = y", {}, 8, "g is computed already: choose another name"),
    ("g = x * y; x = 3", {}, 5, "x is used before it is computed"),
    ("x = x + 1", {}, 5, "x is used before it is computed"),
    ("g = p + x; p = x", {}, 5, "p is used before it is computed"),
    ("x + y; x * y", {}, 1, "this has no name, so nothing can use it: write name = … in front"),
    ("sin = 3", {}, 1, "sin is a function: choose another name"),
    ("g = (x + yy) * z", {"x": 1, "y": 3, "z": -3}, 10, "'yy' has no number; did you mean 'y'?"),
    ("g = x * w10 + w11", {"x": 1, "w10": 1}, 15, "'w11' has no number; did you mean 'w10'?"),
    ("x * y", {}, 1, "'x' has no number: give it one, as in x=1"),
]


@pytest.mark.parametrize(("text", "given", "column", "message"), REFUSED_NAMES)
def test_a_name_that_cannot_be_is_refused_at_its_place(
    text: str, given: dict[str, float], column: int, message: str
) -> None:
    with pytest.raises(
        ExpressionError, match=f"^column {column}: {re.escape(message)}\n  {re.escape(text)}\n"
    ) as caught:
        Expression(text).evaluate(given)
    assert (caught.value.line, caught.value.column) == (1, column)


@pytest.mark.parametrize(
    ("text", "given", "message"),
    [
        (
            "x * y",
            {"x": 1, "y": 1, "result": 1},
            "'result' is computed, so it cannot be given a number: the inputs are x, y",
        ),
        ("3", {"result": 1}, "'result' is computed, so it cannot be given a number: the inputs are none"),
        ("weight * x", {"x": 1, "weight": 1, "wieght": 1}, "nothing is named 'wieght'; did you mean 'weight'?"),
        ("x * y", {"x": 1, "y": 1, "q": 1}, "nothing is named 'q': the inputs are x, y"),
    ],
)
def test_a_number_for_what_is_no_input_is_refused(text: str, given: dict[str, float], message: str) -> None:
    with pytest.raises(LabelError, match=f"^{re.escape(message)}$"):
        Expression(text).evaluate(given)


def test_the_place_of_a_name_is_where_it_is_first_used() -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression("x = 1\ng = x + yy\nh = g * yy").evaluate({"y": 2})
    assert (caught.value.line, caught.value.column) == (2, 9)
    assert str(caught.value) == ("line 2, column 9: 'yy' has no number; did you mean 'y'?\n  g = x + yy\n          ^^")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("3", r"^x: expected a number or a Value, got the str '3'; convert it with float\(\.\.\.\)"),
        (True, "^x: expected a number or a Value, got the bool True; write 1.0 or 0.0"),
    ],
)
def test_a_number_is_a_number(number: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        Expression("x * 2").evaluate({"x": number})


def test_an_input_that_is_given_a_value_is_that_value() -> None:
    x = Value(3.0, "speed")
    values = Expression("g = x * x + y").evaluate({"x": x, "y": 1})
    assert values["x"] is x
    assert x.label == "speed"
    assert values["g"].gradient(x).data == 6.0


@given(st.floats())
def test_a_number_is_read_as_it_is_printed(x: float) -> None:
    assert repr(read_number(repr(x))) == repr(x)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3.0), ("-1e-3", -0.001), ("1/3", 1 / 3), ("pi/2", math.pi / 2), ("sqrt(2)", math.sqrt(2)), ("+e", math.e),
        ("2**-1", 0.5), ("-2**2", -4.0), ("7 % 4 # three", 3.0), ("where(1 < 2, 3, 4)", 3.0), ("sum([1, 2])", 3.0),
        ("-0", -0.0), ("-inf", -math.inf), ("NaN", math.nan),
    ],
)  # fmt: skip
def test_a_number_may_be_computed(text: str, number: float) -> None:
    found = read_number(text)
    assert (type(found), repr(found)) == (float, repr(number))


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 1, "there is nothing to compute: write, for example, g = (x + y) * z"),
        ("2 * pii", 5, "a number is expected here, not the name 'pii'"),
        ("x = 3", 5, "one number is expected here, and nothing else"),
        ("1; 2", 1, "one number is expected here, and nothing else"),
        ("1/0", 1, "1/0 is inf, not a finite number"),
        ("[1, 2]", 1, "this is a list, where one number is needed"),
    ],
)
def test_what_is_no_number_is_refused(text: str, column: int, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read_number(text)
    assert str(caught.value).partition("\n")[0] == f"column {column}: {message}"


# Pieces of text that are put together without a thought of what binds how tightly: Python is asked what they mean.
_SPACES = st.sampled_from(["", "", " ", "  "])
_ATOMS = st.sampled_from(["x", "y", "z", "2.0", "0.5", ".25", "3.0e-1", "-1.5", "7.0%4.0", "2.0**3.0", "1.0/3.0"])
_UNARY = ["tanh", "exp", "sin", "abs", "sigmoid", "log"]


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def written(*parts: str | st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(*[st.just(x) if isinstance(x, str) else x for x in parts]).map("".join)

    infix = st.sampled_from(["+", "-", "*", "/", "%", "**"])
    return st.one_of(
        written(inner, _SPACES, infix, _SPACES, inner),
        written(inner, infix, st.sampled_from(["-", "+", "--"]), inner),
        written(st.sampled_from(["-", "+", "- -"]), inner),
        written("(", _SPACES, inner, "\n)"),
        written(st.sampled_from(_UNARY), "(", inner, ")"),
        written("hypot(", inner, ", \n", inner, ",)"),
        written("clamp(", inner, ", max=", inner, ")"),
        written("sum([", inner, ", ", inner, "])"),
        written("max(softmax([", inner, ",", inner, "]))"),
        written(
            "where(", inner, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), inner, ",", inner, ",", inner, ")"
        ),
    )


EXPRESSIONS = st.recursive(_ATOMS, _grown, max_leaves=12)


def in_python(text: str, variables: dict[str, Value]) -> Any:
    """What Python makes of the text: nan where its floats raise an error or become complex."""
    try:
        result = eval(f"({text})", {name: getattr(autograd, name) for name in registry}, variables)
    except (ArithmeticError, TypeError):
        return math.nan
    return math.nan if isinstance(result, complex) else result


@pytest.mark.filterwarnings("ignore::autograd.NonFiniteWarning")
@settings(max_examples=400)
@given(EXPRESSIONS, st.tuples(*[st.floats(-3.0, 3.0)] * 3))
def test_python_reads_the_same_in_the_same_text(text: str, point: tuple[float, ...]) -> None:
    expression = Expression(f"result = {text}")
    variables = {name: Value(x) for name, x in zip("xyz", point, strict=True)}
    expected = in_python(text, variables)
    try:
        values = expression.evaluate({name: variables[name].data for name in expression.inputs if name in variables})
    except ExpressionError:
        assume(False)  # a constant that is not finite
    assert repr(values["result"].data) == repr(float(expected))  # the same to the last bit
    if isinstance(expected, Value):
        expected.backward()
        values["result"].backward()
        for name, variable in variables.items():
            assert repr(variable.grad) == repr(values[name].grad if name in values else None)


# Valid texts, and pieces to put into them that belong elsewhere, or nowhere.
VALID = [
    "g = (x + y) * z",
    "x = 3; y = -1e-3\np = where(x < y, x, 2) # choose\ng = p ** 2 / tanh(x)",
    "sum([x, y, softplus(z)]) - max(softmax([x, 2 * pi]))",
    "clamp(x, min=-1, max=y) % hypot(y=x, x=2)",
]
PIECES = [
    *"()[]{}+-*/%=,;.:<>!#'\\^²·α\n\r\t \0\u200b\ufeff\ud800", "**", "//", "==", ":=", "...", "x", "e", "pi", "inf",
    "sin", "where", "softmax", "max", "sum([", "clamp(", "min=", "1", "2.5", "1e999", "0x", "1j", "lambda", "if", "__x",
]  # fmt: skip


@st.composite
def mutilated(draw: st.DrawFn, pieces: Sequence[str]) -> str:
    text = draw(st.sampled_from(VALID))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 3)))
        text = text[:start] + draw(st.sampled_from(pieces)) + text[end:]
    return text


@pytest.mark.filterwarnings("ignore::autograd.NonFiniteWarning")
@settings(max_examples=1000)
@given(mutilated(PIECES) | st.text(st.characters(codec=None)) | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_evaluated_or_refused(text: str) -> None:
    refusal = None
    try:
        expression = Expression(text)
        values = expression.evaluate(dict.fromkeys(expression.inputs, 0.5))
    except ExpressionError as error:
        refusal = error
    if refusal is None:
        assert tuple(values) == expression.inputs + expression.results
        assert [value.label for value in values.values()] == list(values)
    else:
        lines = re.split("\r\n|\r|\n", text.removeprefix("\ufeff"))
        assert 1 <= refusal.column <= len(lines[refusal.line - 1]) + 1
        assert str(refusal).startswith(("column ", "line "))


REFUSED = [
    ("x +", 4, "something is missing at the end"),
    ("x + * y", 5, "'*' is not expected here"),
    ("x * ()", 5, "there is nothing in these brackets"),
    ("2(x + y)", 1, "only functions can be called: to multiply, write *"),
    ("x(y + z)", 1, "no function is named 'x'; to multiply, write *"),
    ("2 * tanhh(x)", 5, "no function is named 'tanhh'; did you mean 'tanh'?"),
    ("eval(x)", 1, "no function is named 'eval'; to multiply, write *"),
    ("x[0]", 1, "nothing is indexed here: give each number a name of its own, such as w0"),
    ("x.grad", 1, "a dot after a name has no place here: write tanh(x), not x.tanh() or math.tanh(x)"),
    ("x // y", 1, "'//' has no place here: write floor(x / y)"),
    ("(x := 3)", 2, "':=' has no place here: write x = … as a statement of its own"),
    ("x, y", 1, "a comma has no place here: several results are several statements, with ; between them"),
    ("sum([*x])", 6, "a star has no place before an operand"),
    ("tanh(**x)", 1, "a star has no place before an operand"),
    ("x + tanh", 5, "tanh is a function: write tanh(…)"),
    ("where(x < y < z, 1, 2)", 7, "comparisons are not chained: put one where(…) inside the other"),
    ("...", 1, "this has no place in arithmetic"),
    ("sum([" + "x," * 251 + "])", 5, "a list of 251 numbers: at most 250 are read"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column", "message"), REFUSED, ids=[text[:20] for text, _, _ in REFUSED])
def test_what_is_not_on_the_list_is_refused_at_its_place(text: str, column: int, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression(text)
    assert str(caught.value).partition("\n")[0] == f"column {column}: {message}"


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("9**9**9", 1, "9**9**9 is inf, not a finite number"),
        ("x + log(0)", 5, "log(0) is -inf, not a finite number"),
        ("x > 0", 1, "this is a comparison, where one number is needed"),
        ("softmax([x, 1])", 1, "this is a list, where one number is needed"),
        ("2 * max(x, 1)", 5, "max(x): got 2 operands by position; write max([…]), or maximum(…, …)"),
        ("clamp(x, mn=1)", 1, "clamp(x, min, max): got 1 operands by position and mn by name"),
        ("max([])", 1, "max of an empty list is not defined: give it at least 1 number"),
    ],
)
def test_what_cannot_be_computed_is_refused_at_its_place(text: str, column: int, message: str) -> None:
    expression = Expression(text)
    with pytest.raises(ExpressionError) as caught:
        expression.evaluate(dict.fromkeys(expression.inputs, 1.0))
    assert str(caught.value).partition("\n")[0] == f"column {column}: {message}"


def test_columns_are_counted_in_characters() -> None:
    for text, column in (("ναι + x.grad", 7), ("(ναι +\n  é*x.grad)", 5), ("重み + sum([*x])", 11)):
        with pytest.raises(ExpressionError) as caught:
            Expression(text)
        assert caught.value.column == column


def test_a_number_that_is_given_need_not_be_finite() -> None:
    assert Expression("x * 2").evaluate({"x": math.inf})["result"].data == math.inf


def test_a_sum_of_a_thousand_terms_is_read() -> None:
    values = Expression("+".join(["x"] * 1000)).evaluate({"x": 1.0})
    values["result"].backward()
    assert (values["result"].data, values["x"].grad) == (1000.0, 1000.0)


def test_a_bracket_may_go_on_over_lines_and_end_with_a_comma() -> None:
    text = """
    g = sum([      # of
        x * (2     # twice x
             + 1),
        y,
    ]); h = clamp(
        g, max=5.0,)
    """
    values = Expression(text).evaluate({"x": 1.0, "y": 0.5})
    assert (values["g"].data, values["h"].data) == (3.5, 3.5)


def test_where_a_choice_is_between_numbers_the_result_is_one() -> None:
    values = Expression("where(x > 0, 1, 2)").evaluate({"x": 3.0})
    assert (values["result"].data, values["result"].label, values["result"].parents) == (1.0, "result", ())


def test_what_a_user_defines_can_be_called() -> None:
    from autograd import define, namespaces

    define("thrice", lambda m, x: 3.0 * x, lambda m, x, out: 3.0)
    try:
        assert Expression("thrice(x)").evaluate({"x": 2.0})["result"].data == 6.0
    finally:
        del namespaces.operations["thrice"]
