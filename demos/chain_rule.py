"""p = x + y, g = p * z: the chain rule one edge at a time, and its picture.

python demos/chain_rule.py [FOLDER]      pictures go to FOLDER, or to ./pictures
"""

import sys
from pathlib import Path

import viz
from autograd import Value, contributions


def main(folder: Path) -> None:
    """Compute g, walk back through it, and draw what was found."""
    x, y, z = Value(1, label="x"), Value(3, label="y"), Value(-3, label="z")
    p = x + y
    p.label = "p"
    g = p * z
    g.label = "g"

    print("Forward: every operation keeps its operands and the local derivative on each edge.")
    print(f"    p = x + y = {x.data:g} + {y.data:g} = {p.data:g}")
    print(f"    g = p * z = {p.data:g} * {z.data:g} = {g.data:g}")

    print("Backward: from dg/dg = 1, every edge passes on its node's gradient times its local derivative.")
    for step in contributions(g):
        result, operand = step.node.label, step.parent.label
        rule = f"dg/d{operand} = dg/d{result} * d{result}/d{operand}"
        print(f"    {rule} = {step.upstream:g} * {step.local:g} = {step.product:g}")

    g.backward()
    print("Gradients: how much g changes for a small change of each.")
    for node in (p, z, x, y):
        print(f"    dg/d{node.label} = {node.grad:g}")

    folder.mkdir(parents=True, exist_ok=True)
    picture = viz.draw(g)
    for name in ("chain_rule.svg", "chain_rule.png"):
        print(f"Wrote {picture.save(folder / name)}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "pictures"))
