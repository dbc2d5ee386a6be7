"""The error function, the gamma function and their relatives.

Sources: NIST Digital Library of Mathematical Functions, 7.2 (erf), 5.2 and 5.15 (gamma), 10.51 (spherical Bessel).
"""

import math

from autograd.define import define
from autograd.notation import ATOM, COMPARE, Notation
from autograd.op import POSITIVE, Interval

erf = define("erf", lambda m, x: m.erf(x), lambda m, x, out: 2.0 / math.sqrt(math.pi) * m.exp(-x * x))
erfc = define("erfc", lambda m, x: m.erfc(x), lambda m, x, out: -2.0 / math.sqrt(math.pi) * m.exp(-x * x))
erfinv = define(
    "erfinv",
    lambda m, x: m.erfinv(x),
    lambda m, x, out: 0.5 * math.sqrt(math.pi) * m.exp(out * out),
    domain=Interval(-1.0, 1.0),
)

lgamma = define("lgamma", lambda m, x: m.lgamma(x), lambda m, x, out: m.digamma(x), domain=POSITIVE)
digamma = define("digamma", lambda m, x: m.digamma(x), lambda m, x, out: m.polygamma(1.0, x), domain=POSITIVE)
polygamma = define(
    "polygamma",
    lambda m, n, x: m.polygamma(n, x),
    None,
    lambda m, n, x, out: m.polygamma(n + 1.0, x),
    notation=Notation("ψ⁽{0}⁾({1})", r"\psi^{{\left({0}\right)}}\left({1}\right)", ATOM, (COMPARE,)),
    domain=POSITIVE,
)

# sinc(x) = sin(πx)/(πx) is the spherical Bessel function j₀(πx). The textbook's (cos(πx) - sinc(x))/x cancels near 0
# and has no derivative at 0; j₁ and its own derivatives are smooth there.
sinc = define(
    "sinc",
    lambda m, x: m.where(x == 0.0, 1.0, m.sin(math.pi * x) / (math.pi * m.where(x == 0.0, 1.0, x))),
    lambda m, x, out: math.pi * m.spherical_jn(1.0, -math.pi * x),
)
spherical_jn = define(
    "spherical_jn",
    lambda m, n, x: m.spherical_jn(n, x),
    None,
    lambda m, n, x, out: (
        (n * m.spherical_jn(m.maximum(n - 1.0, 0.0), x) - (n + 1.0) * m.spherical_jn(n + 1.0, x)) / (2.0 * n + 1.0)
    ),
    notation=Notation("j_{0}({1})", r"j_{{{0}}}\left({1}\right)", ATOM, (ATOM, COMPARE)),
)

# Near 1/2 the first form is exact, elsewhere the second.
logit = define(
    "logit",
    lambda m, x: m.where(m.abs(x - 0.5) < 0.25, 2.0 * m.atanh(2.0 * x - 1.0), m.log(x) - m.log1p(-x)),
    lambda m, x, out: 1.0 / (x * (1.0 - x)),
    domain=Interval(0.0, 1.0),
)
entr = define(
    "entr",
    lambda m, x: m.where(x < 0.0, -math.inf, m.where(x == 0.0, 0.0, -x * m.log(x))),
    lambda m, x, out: -1.0 - m.log(x),
    domain=POSITIVE,
)
