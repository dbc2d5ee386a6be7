"""Einstein's summation: sums of products over axes that are named by letters."""

from collections import Counter
from string import ascii_letters
from typing import Any

import numpy as np

from autograd.arrays import Shape, as_operand, unbroadcast
from autograd.arrays import shape as _shape
from autograd.define import define_array
from autograd.numerals import count


def _to_factor(m: Any, g: Any, i: int, x: Any, out: Any, *, subscripts: str) -> Any:
    """The gradient times the other factors, summed over what this one lacks."""
    inputs, _, result = subscripts.partition("->")
    terms, like = inputs.split(","), _shape(x[i])
    others = [*terms[:i], *terms[i + 1 :]]
    # An axis that only this factor has was summed alone: the gradient is the same all along it.
    shared = "".join(letter for letter in terms[i] if any(letter in term for term in (result, *others)))
    found = m.einsum(f"{','.join((result, *others))}->{shared}", g, *x[:i], *x[i + 1 :])
    lengths = dict(zip(shared, found.shape, strict=True))
    whole = unbroadcast(m, m.reshape(found, tuple(lengths.get(letter, 1) for letter in terms[i])), like)
    return whole if whole.shape == like else m.broadcast_to(whole, like)


_einsum = define_array(
    "einsum", lambda m, x, *, subscripts: m.einsum(subscripts, *x), _to_factor, variadic=True, symbol="Σ·"
)


def einsum(subscripts: str, *operands: Any) -> Any:
    """Einstein's summation, as `numpy.einsum` has it: a letter names an axis of each operand and of the result.

    The products are summed over the letters that the result lacks. Without `->` these are the ones that occur twice,
    and the others come in alphabetical order. `...` stands for any further axes, which are broadcast. A letter that
    occurs twice in one operand takes its diagonal.

    Raises ValueError, with the shapes, for subscripts that do not fit the operands or each other.

    >>> einsum("ij,jk->ik", np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]))
    array([[11.]])
    >>> float(einsum("ii", np.array([[1.0, 2.0], [3.0, 4.0]])))
    5.0
    """
    if not isinstance(subscripts, str):
        raise TypeError(f"einsum: the subscripts come first, a string such as 'ij,jk->ik', got {subscripts!r:.60}")
    given = [as_operand(x, "einsum") for x in operands]
    terms, result = _terms(subscripts, [_shape(x) for x in given])
    for i, term in enumerate(terms):
        if len(set(term)) < len(term):
            letters = "".join(dict.fromkeys(term))
            places = np.ix_(*[np.arange(_shape(given[i])[term.index(letter)]) for letter in letters])
            given[i] = given[i][tuple(places[letters.index(letter)] for letter in term)]
            terms[i] = letters
    return _einsum(given, subscripts=f"{','.join(terms)}->{result}")


def _terms(subscripts: str, shapes: list[Shape]) -> tuple[list[str], str]:
    """The letters of each operand and of the result, with letters for the axes that `...` stands for."""
    inputs, arrow, result = subscripts.replace(" ", "").partition("->")
    terms = inputs.split(",")
    problem = f"einsum {subscripts!r}: {', '.join(map(str, shapes))}"
    if not set(inputs + result) <= {*ascii_letters, ",", "."} or "," in result:
        raise ValueError(f"{problem}: subscripts are letters, commas between operands, '->' and '...'")
    if len(terms) != len(shapes):
        raise ValueError(f"{problem}: the subscripts are for {count(len(terms), 'operand')}, got {len(shapes)}")
    fresh = [letter for letter in ascii_letters if letter not in subscripts]
    more = [len(of) - len(term.replace("...", "")) for term, of in zip(terms, shapes, strict=True)]
    for term, of, extra in zip(terms, shapes, more, strict=True):
        if "." in term.replace("...", "", 1) or extra < 0 or (extra > 0 and "..." not in term):
            raise ValueError(f"{problem}: {term!r} does not fit {of}")
    widest = max([n for n, term in zip(more, terms, strict=True) if "..." in term], default=0)
    ellipsis = "".join(fresh[:widest])
    expanded = [term.replace("...", ellipsis[widest - n :]) for term, n in zip(terms, more, strict=True)]
    if not arrow:
        once = sorted(letter for letter, n in Counter(inputs).items() if n == 1 and letter.isalpha())
        result = ("..." if "..." in inputs else "") + "".join(once)
    result = result.replace("...", ellipsis, 1)
    if not set(ellipsis) <= set(result):
        raise ValueError(f"{problem}: the result needs '...' for the axes that it stands for")
    _check_lengths(problem, expanded, shapes, result, ellipsis)
    return expanded, result


def _check_lengths(problem: str, terms: list[str], shapes: list[Shape], result: str, ellipsis: str) -> None:
    """Raise ValueError for axes of one letter that differ in length, unless broadcast, and for a strange result."""
    lengths: dict[str, int] = {}
    for term, of in zip(terms, shapes, strict=True):
        for letter, n in zip(term, of, strict=True):
            known, first = lengths.get(letter, 1), of[term.index(letter)]
            if n != first or 1 != n != known != 1:
                wrong = first if n != first else known
                raise ValueError(f"{problem}: {'...' if letter in ellipsis else letter}: {wrong} ≠ {n}")
            lengths[letter] = n if known == 1 else known
    for letter in result:
        if letter not in lengths or result.count(letter) > 1:
            raise ValueError(f"{problem}: {letter!r} of the result must stand in an operand, and once in the result")
