"""Names, numbers and derivatives as formulas, and the signs that join formulas into lines."""

import re
import unicodedata
from typing import Any

import numpy as np

from autograd.notation import ATOM, OR, POW, Formula, escaped
from autograd.numerals import is_short, numeral, rows

_ATOM = re.compile(r"[^\W\d][\w.#'\"\[\]]*")
_IDENTIFIER = re.compile(r"(?P<stem>[^\W\d_]+)(_?(?P<digits>\d+)|_(?P<word>[^\W_]+))?")
_GREEK = {
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
}  # fmt: skip


def name(text: str) -> Formula:
    r"""A variable: `x1` has a subscript in LaTeX, `loss` is one word, and what is no identifier is plain text.

    >>> [name(text).latex for text in ("x", "w12", "h_out", "loss", "α", "W[0]", "50%")]
    ['x', 'w_{12}', 'h_{out}', '\\mathit{loss}', '\\alpha', '\\text{W[0]}', '\\text{50\\%}']
    """
    parts = _IDENTIFIER.fullmatch(text)
    if parts is None or not (text.isascii() or (len(parts["stem"]) == 1 and _letter(parts["stem"]).isascii())):
        latex = rf"\text{{{escaped(text)}}}"
        return Formula(text, latex, ATOM if _ATOM.fullmatch(text) else OR)  # in a formula, `a + b` gets parentheses
    stem, subscript = parts["stem"], parts["digits"] or parts["word"]
    latex = _letter(stem) if len(stem) == 1 else rf"\mathit{{{stem}}}"
    return Formula.name(text, f"{latex}_{{{subscript}}}" if subscript else latex)


def _letter(letter: str) -> str:
    """A letter as LaTeX has it: small Greek ones by name."""
    greek = unicodedata.name(letter, "").replace("LAMDA", "LAMBDA").lower().removeprefix("greek small letter ")
    return rf"\{greek}" if greek in _GREEK else letter


def number(x: Any) -> Formula:
    r"""A number or array, rounded as in pictures.

    >>> number(-2e7 / 3).latex
    '-6.667 \\times 10^{6}'
    >>> print(number(np.array([1.0, 1 / 3])).latex)
    \begin{bmatrix}1 & 0.3333\end{bmatrix}
    """
    if np.ndim(x):
        lines = [" & ".join(number(each).latex for each in row) for row in rows(x)] if is_short(x) else []
        text, all_rows = numeral(x), r" \\ ".join(lines)
        return Formula(text, rf"\begin{{bmatrix}}{all_rows}\end{{bmatrix}}" if lines else rf"\text{{{escaped(text)}}}")
    return Formula.number(numeral(x))


def derivative(of: Formula, by: Formula) -> Formula:
    """∂ `of` / ∂ `by`."""
    (top, latex_top), (bottom, latex_bottom) = of.bound(ATOM), by.bound(ATOM)
    return Formula.name(f"∂{top}/∂{bottom}", rf"\frac{{\partial {latex_top}}}{{\partial {latex_bottom}}}")


def in_a_product(fraction: Formula) -> Formula:
    """A derivative as a factor: it gets parentheses where it is transposed or a part is taken of it."""
    return Formula(fraction.text, fraction.latex, POW)


def equation(*sides: Formula) -> Formula:
    """The sides joined by equals signs, those left out that look like the one before."""
    return chained("=", *[side for i, side in enumerate(sides) if not i or side.text != sides[i - 1].text])


def chained(sign: str, *parts: Formula) -> Formula:
    """The parts with a sign such as `=` or `·` between them."""
    latex = {"·": r"\cdot", "⊙": r"\odot", "+=": r"\mathrel{+}="}.get(sign, sign)
    return Formula.name(f" {sign} ".join(p.text for p in parts), f" {latex} ".join(p.latex for p in parts))
