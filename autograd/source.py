"""A text of statements such as "p = x + y; g = p * z", taken apart, and errors that point at a place in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from keyword import iskeyword
from unicodedata import category, decomposition, normalize
from unicodedata import name as unicodedata_name

from autograd.columns import width
from autograd.errors import ExpressionError
from autograd.labels import shortened, visible

_LONGEST_TEXT = 50_000
_MOST_BRACKETS = 100  # one within another
_SHOWN_BEFORE, _SHOWN_AFTER = 30, 40  # characters of the line around an error
_LONGEST_QUOTE = 40
_LONGEST_NAME = 100
_MOST_OPERATORS = 1000  # in a statement: Python's parser goes as deep as they are many

_TOKEN = re.compile(
    r"""(?P<space>[ \t]+)
      | (?P<number>0[xXoObB]\w*|(?:\d|\.\d)(?:[eE][+-](?=\d)|[\w.])*)
      | (?P<name>[\w\u0080-\U0010ffff]+)
      | (?P<end>[\n;])
      | (?P<bracket>[()\[\]])
      | (?P<assignment>=(?!=))
      | (?P<symbol>\*\*|[<>=!]=|[-+*/%<>,.:=])
      | (?P<other>.)""",
    re.VERBOSE,
)
_CLOSING = {"(": ")", "[": "]"}
_WORDS = {  # of Python's own, with what to write instead
    "if": "write where(condition, x, y) for a choice", "else": "write where(condition, x, y) for a choice",
    **dict.fromkeys(("and", "or", "not"), "put one where(…) inside the other"),
    **dict.fromkeys(("lambda", "def", "return"), "write out what the function computes"),
    **dict.fromkeys(("import", "from"), "the functions are there, by name, as in tanh(x)"),
    **dict.fromkeys(("for", "while"), "write out every term"), "True": "write 1", "False": "write 0",
}  # fmt: skip
_WRITE_INSTEAD = {
    **dict.fromkeys("×·⋅∙•∗", "*"), **dict.fromkeys("−–—", "-"), **dict.fromkeys("÷∕⁄", "/"),
    "^": "**", "@": "dot([…], […])",
    "²": "**2", "³": "**3", "√": "sqrt(…)", "{": "(", "}": ")", "≤": "<=", "≥": ">=", "≠": "!=",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a text: from the character `start` up to the character `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What a statement says is to be computed, and the name that it gives to the result, if it gives one."""

    name: str | None
    name_place: Place
    body: Place


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    place: Place


class Source:
    """A text that was looked through: numbers, names, operators, and brackets that fit each other.

    Raises ExpressionError for anything else.

    >>> [(each.name, each.body) for each in Source("p = x + y; p * z").statements]
    [('p', Place(start=4, end=9)), (None, Place(start=11, end=16))]
    """

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"expected a text such as 'g = (x + y) * z', got the {type(text).__name__} {text!r:.60}")
        self.text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        if len(self.text) > _LONGEST_TEXT:
            message = f"the text has {len(self.text):,} characters, and at most {_LONGEST_TEXT:,} are read"
            raise self.error(message, Place(_LONGEST_TEXT, _LONGEST_TEXT))
        self.code = re.sub(r"#[^\n]*", lambda comment: " " * len(comment[0]), self.text)  # without its comments
        self.statements = tuple(map(self._statement, self._split()))
        if not self.statements:
            raise self.error("there is nothing to compute: write, for example, g = (x + y) * z", Place(0, 0))

    def __getitem__(self, place: Place) -> str:
        return self.text[place.start : place.end]

    def quoted(self, place: Place) -> str:
        """What stands at a place, fit to show in a message."""
        return shortened(visible(self[place]), _LONGEST_QUOTE)

    def error(self, message: str, place: Place) -> ExpressionError:
        """The error that says `message`, and shows the place in its line."""
        start = self.text.rfind("\n", 0, place.start) + 1
        line = self.text[start:].partition("\n")[0]
        number, column = self.text.count("\n", 0, start) + 1, place.start - start
        where = f"line {number}, column {column + 1}" if "\n" in self.text.strip() else f"column {column + 1}"
        first = max(0, column - _SHOWN_BEFORE)
        before, after = (visible(part) for part in (line[first:column], line[column : column + _SHOWN_AFTER]))
        before = ("…" if first else "") + before
        marks = "^" * max(1, min(width(after), width(visible(self[place].partition("\n")[0]))))
        after += "…" if column + _SHOWN_AFTER < len(line) else ""
        picture = f"\n  {before}{after}\n  {' ' * width(before)}{marks}" if line.strip() else ""
        return ExpressionError(f"{where}: {message}{picture}", number, column + 1)

    def _split(self) -> Iterator[list[_Token]]:
        """The tokens of each statement."""
        tokens: list[_Token] = []
        open_brackets: list[_Token] = []
        for token in self._tokens():
            if token.kind == "bracket":
                self._match(token, open_brackets)
            if token.kind != "end":
                tokens.append(token)
                if len(tokens) > _MOST_OPERATORS and sum(each.kind == "symbol" for each in tokens) > _MOST_OPERATORS:
                    message = f"more than {_MOST_OPERATORS:,} operators: split this into statements, or use sum([…])"
                    raise self.error(message, token.place)
            elif tokens and not (open_brackets and token.text == "\n"):
                self._check_closed(open_brackets)
                yield tokens
                tokens = []
        self._check_closed(open_brackets)
        if tokens:
            yield tokens

    def _tokens(self) -> Iterator[_Token]:
        previous = ""
        for found in _TOKEN.finditer(self.code):
            token = _Token(str(found.lastgroup), found[0], Place(*found.span()))
            if token.kind == "space":
                continue
            if token.kind == "number":
                self.number(token.place)
            elif token.kind == "name" and len(token.text) > _LONGEST_NAME:
                raise self.error(f"this name has {len(token.text):,} letters: at most {_LONGEST_NAME}", token.place)
            elif token.kind == "other" or (token.kind == "name" and not _is_name(token.text)):
                raise self._misplaced(token)
            elif token.kind == "name":
                self._check_name(token)
            if token.kind in ("name", "number") and previous in ("name", "number", ")", "]"):
                message = f"an operator is missing before '{self.quoted(token.place)}': to multiply, write *"
                raise self.error(message, token.place)
            previous = token.text if token.kind == "bracket" else token.kind
            yield token

    def number(self, place: Place) -> float:
        """The number that is written at a place."""
        text = self[place]
        try:
            number = float(int(text, 0) if text[1:2].isalpha() and text[0] == "0" and text[1] not in "eE" else text)
        except OverflowError:
            number = float("inf")
        except ValueError:
            leading = re.match(r"[\d_]*\.?[\d_]*", text)
            digits, rest = (leading[0], text[leading.end() :]) if leading else ("", "")
            hint = f": to multiply, write {digits}*{rest}" if digits and rest.isidentifier() and len(text) < 20 else ""
            raise self.error(f"'{self.quoted(place)}' is not a number{hint}", place) from None
        if number == float("inf"):
            raise self.error(f"{self.quoted(place)} is beyond the largest float, 1.8e308", place)
        return number

    def _check_name(self, token: _Token) -> None:
        name = normalized(token.text)
        if iskeyword(name):
            hint = _WORDS.get(name, "it is a word of Python's own")
            raise self.error(f"'{name}' has no place here: {hint}", token.place)
        if name.startswith("__"):
            raise self.error("a name here does not begin with '__'", token.place)

    def _misplaced(self, token: _Token) -> ExpressionError:
        """The error for the first character that is neither part of a name nor an operator."""
        index = next((i for i, c in enumerate(token.text) if not _is_name(f"a{c}")), 0)
        character = token.text[index]
        place = Place(token.place.start + index, token.place.start + index + 1)
        if character in "'\"“”„‘’":
            return self.error("text in quotes has no place here: there are only numbers", place)
        if category(character) in ("Cc", "Cf", "Mn", "Zs") or character == "\u3164":
            what = unicodedata_name(character, "a control character").lower()
            return self.error(f"an invisible character stands here, U+{ord(character):04X} ({what}): delete it", place)
        instead = _WRITE_INSTEAD.get(character)
        hint = f"write {instead} instead" if instead else "write names, numbers and + - * / % ** ( )"
        return self.error(f"'{visible(character)}' has no meaning here: {hint}", place)

    def _match(self, token: _Token, open_brackets: list[_Token]) -> None:
        if token.text in _CLOSING:
            open_brackets.append(token)
            if len(open_brackets) > _MOST_BRACKETS:
                message = f"brackets are nested more than {_MOST_BRACKETS} deep: split this into several statements"
                raise self.error(message, token.place)
        elif not open_brackets:
            raise self.error(f"this '{token.text}' was never opened", token.place)
        elif _CLOSING[open_brackets[-1].text] != token.text:
            raise self.error(f"'{token.text}' cannot close '{open_brackets[-1].text}'", token.place)
        else:
            open_brackets.pop()

    def _check_closed(self, open_brackets: list[_Token]) -> None:
        if open_brackets:
            raise self.error(f"this '{open_brackets[-1].text}' is never closed", open_brackets[-1].place)

    def _statement(self, tokens: list[_Token]) -> Statement:
        first, depth = tokens[0], 0
        for i, token in enumerate(tokens):
            depth += (token.text in _CLOSING) - (token.text in _CLOSING.values())
            if token.kind == "assignment" and not depth and (i != 1 or first.kind != "name"):
                raise self.error("one name alone stands before '=', once in a statement", token.place)
        if len(tokens) == 1 or tokens[1].kind != "assignment":
            return Statement(None, first.place, Place(first.place.start, tokens[-1].place.end))
        if len(tokens) == 2:
            raise self.error(f"nothing follows '=': write what {self.quoted(first.place)} is", tokens[1].place)
        body = Place(tokens[2].place.start, tokens[-1].place.end)
        return Statement(normalized(first.text), first.place, body)


def _is_name(text: str) -> bool:
    is_raised = any(decomposition(c).startswith(("<super>", "<sub>", "<circle>")) for c in text)
    return normalized(text).isidentifier() and not is_raised and not any(c in _WRITE_INSTEAD for c in text)


def normalized(name: str) -> str:
    """The name as Python reads it: `ｘ` is `x`."""
    return normalize("NFKC", name)


def did_you_mean(name: str, known: list[str]) -> str:
    """`; did you mean 'tanh'?`, or nothing if no known name is like this one."""
    close = get_close_matches(name[:_LONGEST_QUOTE], known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
