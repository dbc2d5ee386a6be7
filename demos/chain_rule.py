"""p = x + y, g = p * z: the chain rule, one edge at a time.

    python -m demos.chain_rule [--folder FOLDER]

Needs nothing but chainrule.
"""

import viz
from autograd import Stepper, Value, contributions
from demos.common import Figure, Options, lesson


def main(options: Options) -> list[Figure]:
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

    # The same as pictures. Two operations forward, then two edges through *, then two through +.
    stepper = Stepper(g)
    pictures = {"1_forward": viz.draw(g)}
    for name, position in {"2_seed": 2, "3_through_times": 4, "4_through_plus": 6}.items():
        stepper.run_to(position)
        pictures[name] = viz.draw(stepper)

    g.backward()
    print("Gradients: how much g changes for a small change of each.")
    for node in (p, z, x, y):
        print(f"    dg/d{node.label} = {node.grad:g}")

    whole = viz.draw(g)
    options.save(whole, "chain_rule.svg")
    options.save(whole, "chain_rule.png")
    for name, picture in pictures.items():
        options.save(picture, f"chain_rule_{name}.svg")

    return [
        Figure("p = x + y", "4", f"{p.data:g}"),
        Figure("g = p * z", "-12", f"{g.data:g}"),
        Figure("∂g/∂p", "-3", f"{p.grad:g}"),
        Figure("∂g/∂z", "4", f"{z.grad:g}"),
        Figure("∂g/∂x", "-3", f"{x.grad:g}"),
        Figure("∂g/∂y", "-3", f"{y.grad:g}"),
    ]


if __name__ == "__main__":
    lesson(main, __doc__)
