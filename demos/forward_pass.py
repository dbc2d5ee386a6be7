"""A forward pass: a network of five nodes, in topological order.

    python -m demos.forward_pass [--folder FOLDER]

Two inputs, two hidden nodes and an output. The guide prints -3 for it with relu, and 0.9950548 with tanh. The first is
right; the second lacks a node.

Needs nothing but chainrule.
"""

from collections.abc import Callable
from graphlib import TopologicalSorter

import numpy as np

import autograd
import viz
from autograd import Value
from demos.common import Figure, Options, lesson

INPUTS = {"input_0": -1, "input_1": 2}
WEIGHTS = {  # of each node: where its inputs come from, and what they are multiplied by
    "node_0": {"input_0": 3, "input_1": 3},
    "node_1": {"input_0": 1, "input_1": 5},
    "output": {"node_0": 2, "node_1": -1},
}


def forward(activation: Callable[[Value], Value]) -> dict[str, Value]:
    """What comes out of every node. The output is a weighted sum, without an activation."""
    out = {name: Value(x, name) for name, x in INPUTS.items()}
    for node in TopologicalSorter(WEIGHTS).static_order():  # each after those that it needs
        if node in INPUTS:
            continue
        inputs = [out[name] for name in WEIGHTS[node]]
        weights = [Value(w, f"w{i}") for i, w in enumerate(WEIGHTS[node].values())]
        with autograd.scope(node):
            total = autograd.dot(inputs, weights)
            out[node] = total if node == "output" else activation(total)
        out[node].label = node
        products = " + ".join(f"{x.data:g}·{w.data:g}" for x, w in zip(inputs, weights, strict=True))
        print(f"    {node}: {products} = {total.data:g}, and gives {out[node].data:.7g}")
    return out


def main(options: Options) -> list[Figure]:
    """Evaluate the network with both activations, find what the guide left out, and draw it."""
    print("relu:")
    relu = forward(autograd.relu)
    print("tanh:")
    tanh = forward(autograd.tanh)

    # The guide writes np.array(node_0_output, node_1_output). But the second argument of np.array is the dtype, and a
    # NumPy number given for it stands for its own dtype, float64. So this is an array of node_0 alone, and times the
    # weights (2, -1) it gives tanh(3)·2 + tanh(3)·(-1).
    node_0, node_1 = np.float64(tanh["node_0"].data), np.float64(tanh["node_1"].data)
    lacking = np.array(node_0, dtype=node_1.dtype)
    print(f"The guide's array of both nodes is {lacking!r}: node_1 was taken for the dtype.")
    print(f"It should be {np.array([node_0, node_1])!r}.")

    for name, out in {"relu": relu, "tanh": tanh}.items():
        out["output"].backward()
        options.save(viz.draw(out["output"], unfold=True), f"forward_pass_{name}.svg")

    return [
        Figure("relu: 2·3 − 9", "-3", f"{relu['output'].data:g}"),
        Figure("tanh: 2·tanh 3 − tanh 9", "—", f"{tanh['output'].data:.7f}"),
        Figure("tanh without node_1: tanh 3·(2 − 1)", "0.9950548", f"{(lacking * [2, -1]).sum():.7f}"),
    ]


if __name__ == "__main__":
    lesson(main, __doc__)
