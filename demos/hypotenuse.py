"""c = (a² + b²)^½ as a graph, forward and back.

    python -m demos.hypotenuse [--folder FOLDER]

Needs nothing but chainrule.
"""

import viz
from autograd import Stepper, Value
from demos.common import Figure, Options, lesson


def main(options: Options) -> list[Figure]:
    """Compute c for the sides 3 and 4, go back through it a step at a time, and draw it."""
    a, b = Value(3, "a"), Value(4, "b")
    a_squared = a**2
    b_squared = b**2
    total = a_squared + b_squared
    c = total**0.5

    names = {"a²": a_squared, "b²": b_squared, "a² + b²": total, "c": c}
    for step in Stepper(c, names=names):
        print(step)

    c.backward()
    options.save(viz.draw(c, names=names), "hypotenuse.svg")

    # The steps end in ∂c/∂a = 2a · 1/(2c) = a/c: how much of c's direction is a's.
    return [
        Figure("c = (a² + b²)^½", "—", f"{c.data:g}"),
        Figure("∂c/∂a = a/c", "—", f"{a.grad:g}"),
        Figure("∂c/∂b = b/c", "—", f"{b.grad:g}"),
    ]


if __name__ == "__main__":
    lesson(main, __doc__)
