"""Numbers as pictures and tables print them: exact where that is short, else rounded to four or five digits."""

_EXACT_LENGTH = 6  # characters of repr that are still quicker to read than a rounded number
_CONSTANT_LENGTH = 10
NOT_COMPUTED = "—"


def numeral(x: float | None) -> str:
    """A number for people: `4` for 4.0, `0.1192` for 0.11920292, `—` for None, which means: not computed.

    >>> [numeral(x) for x in (4.0, -3.0, 0.11920292, 1234.5678, 2e7 / 3, 1e-300, float("nan"), -0.0, None)]
    ['4', '-3', '0.1192', '1234.6', '6.667e6', '1e-300', 'nan', '-0', '—']
    """
    if x is None:
        return NOT_COMPUTED
    exact = tidy(repr(float(x)))
    if len(exact.lstrip("-")) <= _EXACT_LENGTH:
        return exact
    size = abs(x)
    if 1e4 <= size < 1e6:
        return f"{x:.0f}"
    return tidy(f"{x:.5g}" if 1e3 <= size < 1e4 else f"{x:.4g}")


def constant(x: float) -> str:
    """A constant of an operation, where a rounded number would be another one: exact if that is short, else with `≈`.

    >>> [constant(x) for x in (2.0, 1.0000001, 1 / 3, 1e10, float("nan"))]
    ['2', '1.0000001', '≈0.3333', '1e10', 'nan']
    """
    rounded, exact = numeral(x), tidy(repr(float(x)))
    if rounded == exact or float(rounded) == x:
        return rounded
    return exact if len(exact.lstrip("-")) <= _CONSTANT_LENGTH else f"≈{rounded}"


def count(n: int, noun: str) -> str:
    """A counted noun: `1,234 operations`, `1 leaf`.

    >>> count(1234, "operation"), count(1, "leaf"), count(2, "leaf")
    ('1,234 operations', '1 leaf', '2 leaves')
    """
    plural = "leaves" if noun == "leaf" else noun + "s"
    return f"{n:,} {noun if n == 1 else plural}"


def tidy(text: str) -> str:
    """Without what carries no information: a trailing `.0`, and the `+` and the zeros of an exponent."""
    mantissa, e, exponent = text.partition("e")
    mantissa = mantissa.removesuffix(".0")
    return f"{mantissa}e{int(exponent)}" if e else mantissa
