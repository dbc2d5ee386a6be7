"""Graphs that the tests draw."""

from types import SimpleNamespace

from autograd import Value


def lecture() -> SimpleNamespace:
    """The example that everyone learns backpropagation from, its gradients computed."""
    x, y, z = Value(1, "x"), Value(3, "y"), Value(-3, "z")
    p = x + y
    g = p * z
    p.label, g.label = "p", "g"
    g.backward()
    return SimpleNamespace(x=x, y=y, z=z, p=p, g=g)


def chain(length: int) -> Value:
    value = Value(1.0, "start")
    for _ in range(length):
        value = value + 1e-9
    return value


HOSTILE = [
    '"quoted" \\"twice\\"',
    "<script>alert(1)</script>",
    "<b>bold</b>",
    "]]><!--",
    "&lt;&amp;&#65;",
    "{a|b}",
    "<f0> port | {x}",
    "back\\slash",
    "ends in \\",
    "\\N \\G \\E \\T \\H \\L \\l \\r \\n",
    "two\nlines\r\n",
    "שלום עולם",
    "مرحبا",
    "🔥 👩‍👩‍👧",
    "日本語",
    "[bold red]rich[/] :smile:",
    "a   b ",
    "\x1b[31mred\x1b[0m \x07\x9b",
    "\u202etxt.exe\u2066",
    "nul\x00 \ufffe \ud800",
    "%s {0} ${x}",
    "subgraph",
    "x" * 5000,
]
