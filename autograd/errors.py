"""The exceptions and warnings of chainrule: each says what failed, what was got and what to do."""


class GraphError(ValueError):
    """A graph, or the table of one, cannot be used as asked."""


class LabelError(LookupError):
    """A label names no node of the graph, or more than one."""


class NonFiniteError(ArithmeticError):
    """Under `detect_anomaly`, a result or a gradient came out infinite or not a number."""


class NonFiniteWarning(RuntimeWarning):
    """An operation left its domain or overflowed: the result is the one IEEE 754 prescribes."""


class ExpressionError(ValueError):
    """A text cannot be read as an expression: `line` and `column`, both from 1 and in characters, say where."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message, line, column)
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return str(self.args[0])
