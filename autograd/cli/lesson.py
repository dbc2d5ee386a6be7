"""A lesson: an expression computed for some numbers and swept, which all that the command shows is read from."""

from collections.abc import Mapping

from autograd.expression import Expression
from autograd.ledger import Ledger, explain
from autograd.names import named, unique_names
from autograd.node import Node
from autograd.order import topological_order
from autograd.source import normalized
from autograd.step import Step
from autograd.stepper import Stepper
from autograd.testing import Report, check_gradients
from autograd.value import Value


class Lesson:
    """The last result of an expression for the given numbers, with its gradients and the steps that lead to them.

    Raises what `Expression` and its `evaluate` raise.

    >>> lesson = Lesson("g = (x + y) * z", {"x": 1, "y": 3, "z": -3})
    >>> lesson.gradients
    {'x': -3.0, 'y': -3.0, 'z': 4.0, 'v1': -3.0, 'g': 1.0}
    """

    def __init__(self, text: str, numbers: Mapping[str, float]) -> None:
        self.text, self.expression = text, Expression(text)
        values = self.expression.evaluate(numbers)
        self.result, self.root = next(reversed(values.items()))
        self.inputs = {name: values[name] for name in self.expression.inputs}
        # The inputs first, then the graph in order, then what the result does not depend on.
        nodes = dict.fromkeys([*self.inputs.values(), *topological_order(self.root), *values.values()])
        self.names: dict[Node, str] = unique_names(nodes, {})
        self.nodes = {name: node for node, name in self.names.items()}
        stepper = Stepper(self.root, names=self.nodes)
        self.steps: list[Step] = list(stepper)
        stepper.commit()
        self.report: Report | None = None

    @property
    def data(self) -> dict[str, float]:
        """The number of every value by its name."""
        return {name: node.data for node, name in self.names.items()}

    @property
    def gradients(self) -> dict[str, float | None]:
        """The gradient of every value by its name; None for what the result does not depend on."""
        return {name: node.grad for node, name in self.names.items()}

    def ledger(self, name: str) -> Ledger:
        """Where the gradient of a value came from. Raises LabelError for a name that none has."""
        return explain(self.root, named(normalized(name), self.names), names=self.nodes)

    def check(self) -> None:
        """Hold the gradient of each input against finite differences: `report` has what they say."""

        def result(*values: Value) -> Value:
            return self.expression.evaluate(dict(zip(self.inputs, values, strict=True)))[self.result]

        result.__name__ = self.result
        self.report = check_gradients(result, *self.inputs.values())
