"""Graphs that the tests draw."""

import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import autograd
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


def network(sizes: Sequence[int], batch: int = 1, *, fused: bool) -> Value:
    """The loss of a network of neurons whose sums are one operation each if fused, else many."""
    rng = random.Random(0)
    layers = [[[Value(rng.random()) for _ in range(a)] for _ in range(b)] for a, b in pairwise(sizes)]
    weigh: Callable[..., Any] = autograd.dot if fused else _plain_dot
    losses = []
    for _ in range(batch):
        row: list[Any] = [Value(rng.random()) for _ in range(sizes[0])]
        for layer in layers:
            row = [weigh(weights, row).tanh() for weights in layer]
        losses.append(row[0] ** 2)
    loss: Value = sum(losses[1:], start=losses[0])
    return loss


def _plain_dot(weights: Sequence[Value], xs: Sequence[Any]) -> Any:
    return sum(w * x for w, x in zip(weights, xs, strict=True))


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
