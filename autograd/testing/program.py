"""Program: operations on earlier results and constants, as data; printed as source, and run on any kind of number."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import ops
from autograd.define import registry
from autograd.namespaces import ARRAYS
from autograd.op import Op
from autograd.value import Value

# The operations that Python has an operator for, or a builtin that asks for a special method.
OPERATORS: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
    "remainder": operator.mod,
    "neg": operator.neg,
    "abs": operator.abs,
}

Apply = Callable[[Op, Sequence[Any]], Any]
Functions = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True, slots=True)
class Result:
    """An operand that is an input of the program or the result of a step; the inputs have the first indices."""

    index: int


@dataclass(frozen=True, slots=True)
class Step:
    """An operation and its operands, in one flat list; a float is a constant."""

    op: Op
    operands: tuple[Result | float, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Program:
    """Steps that compute outputs from inputs, with a point at which to do so.

    `inputs` are names, and `point` has a number for each; `outputs` are indices as in `Result`. What is printed is
    Python's own source, which computes the same and makes the same graph.

    Called with a number for each input, the program gives its output, or a tuple of them if there are several. What
    kind of numbers the inputs are decides how it is run:

    - floats, ints and Values: with chainrule's operations, of Values with Python's operators where there is one.
    - NumPy's arrays: element by element, broadcast against each other.
    - mpmath's numbers: with `PRECISE`, at mpmath's current precision.
    - anything else, such as another library's objects: with Python's operators and, where there is none, the first
      operand's method of the operation's name.

    `functions` maps names of operations to what is called in their place.

    Raises TypeError for too few or too many inputs, and for an object that lacks the method.

    >>> from autograd import registry
    >>> square = Step(registry["mul"], (Result(0), Result(0)))
    >>> program = Program(("x",), (0.5,), (square, Step(registry["tanh"], (Result(1),))), (2,))
    >>> program
    import autograd
    x = autograd.Value(0.5, "x")
    v1 = x * x
    g = autograd.tanh(v1)
    >>> program(0.5) == program(*program.point) == registry["tanh"](0.25)
    True
    >>> program(0.5, functions={"tanh": lambda x: 10 * x})
    2.5
    """

    inputs: tuple[str, ...]
    point: tuple[float, ...]
    steps: tuple[Step, ...]
    outputs: tuple[int, ...]

    def __call__(self, *inputs: Any, functions: Functions | None = None) -> Any:
        """The output for these inputs, or a tuple of the outputs if there are several."""
        results = self.results(*inputs, functions=functions)
        outputs = tuple(results[index] for index in self.outputs)
        return outputs[0] if len(outputs) == 1 else outputs

    def results(self, *inputs: Any, functions: Functions | None = None) -> list[Any]:
        """The inputs, and what every step gives."""
        if len(inputs) != len(self.inputs):
            raise TypeError(f"the program has the inputs {', '.join(self.inputs)}: got {len(inputs)} numbers")
        number, apply = _reading(inputs)
        results = [number(x) for x in inputs]
        for step in self.steps:
            operands = [results[x.index] if isinstance(x, Result) else number(x) for x in step.operands]
            if functions and step.op.name in functions:
                results.append(functions[step.op.name](*step.op.arranged(operands)))
            else:
                results.append(apply(step.op, operands))
        return results

    def __str__(self) -> str:
        names = [*self.inputs, *(f"v{i}" for i in range(1, len(self.steps) + 1))]
        for i, index in enumerate(self.outputs, 1):
            names[index] = "g" if len(self.outputs) == 1 else f"g{i}"
        lines = ["import autograd"]
        for name, x in zip(self.inputs, self.point, strict=True):
            lines.append(f'{name} = autograd.Value({_literal(x)}, "{name}")')
        for name, step in zip(names[len(self.inputs) :], self.steps, strict=True):
            lines.append(f"{name} = {_source(step, names)}")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(f"\n{self}\n")  # Hypothesis writes an example behind other text; its lines begin at the margin


def pruned(program: Program) -> Program:
    """The program without the steps that no output depends on; its inputs stay.

    >>> from autograd import registry
    >>> tanh, exp = (Step(registry[name], (Result(0),)) for name in ("tanh", "exp"))
    >>> pruned(Program(("x",), (0.0,), (tanh, exp), (2,)))
    import autograd
    x = autograd.Value(0.0, "x")
    g = autograd.exp(x)
    """
    inputs = len(program.inputs)
    needed = {*range(inputs), *program.outputs}
    for i, step in reversed(list(enumerate(program.steps, inputs))):
        if i in needed:
            needed.update(x.index for x in step.operands if isinstance(x, Result))
    moved = {i: Result(new) for new, i in enumerate(sorted(needed))}
    steps = []
    for i, step in enumerate(program.steps, inputs):
        if i in needed:
            operands = tuple(moved[x.index] if isinstance(x, Result) else x for x in step.operands)
            steps.append(Step(step.op, operands))
    return Program(program.inputs, program.point, tuple(steps), tuple(moved[i].index for i in program.outputs))


def _source(step: Step, names: Sequence[str]) -> str:
    """The step as Python writes it."""
    op = step.op
    operands = [names[x.index] if isinstance(x, Result) else _literal(x) for x in step.operands]
    if _operator(op) and op.name != "abs":
        operands = [f"({x})" if x.startswith("-") else x for x in operands]
        return f" {op.symbol} ".join(operands) if len(operands) == 2 else f"-{operands[0]}"
    arguments = [f"[{', '.join(x)}]" for x in op.arranged(operands)] if op.over_lists else operands
    return f"{_function(op)}({', '.join(arguments)})"


def _function(op: Op) -> str:
    """What source calls the operation: one that only has the name of another in the registry, by its bare name."""
    if registry.get(op.name, op) is not op:
        return op.name
    # `where` and `softmax` are functions around their operations.
    return f"autograd.{op.name}" if getattr(ops, op.name, None) is op else f'autograd.registry["{op.name}"]'


def _literal(x: float) -> str:
    text = repr(float(x))
    return text if np.isfinite(x) else f'float("{text}")'


def _reading(inputs: Sequence[Any]) -> tuple[Callable[[Any], Any], Apply]:
    """What inputs and constants are turned into, and how an operation is applied to them."""
    if any(isinstance(x, np.ndarray) for x in inputs):
        return _as_floats, _elementwise
    if any(type(x).__module__.startswith("mpmath.") for x in inputs):
        from autograd.testing.precise import PRECISE, number  # mpmath need not be installed

        return number, lambda op, operands: number(op.value(PRECISE, op.arranged(operands)))
    kinds = set(map(type, inputs))
    if all(issubclass(kind, (Value, float, int, np.number)) for kind in kinds):
        return _as_it_is, _on_values if kinds == {Value} else _on_floats
    return _as_it_is, _by_methods


def _as_it_is(x: Any) -> Any:
    return x


def _as_floats(x: Any) -> Any:
    return x.astype(float) if isinstance(x, np.ndarray) and x.dtype.kind in "biu" else x


def _operator(op: Op) -> Callable[..., Any] | None:
    """Python's operator for the operation, unless it only has that one's name."""
    return OPERATORS.get(op.name) if registry.get(op.name) is op else None


def _on_floats(op: Op, operands: Sequence[Any]) -> Any:
    return op(*op.arranged(operands))


def _on_values(op: Op, operands: Sequence[Any]) -> Any:
    apply = _operator(op)
    if apply:
        return apply(*operands)
    value = next((x for x in operands if isinstance(x, Value)), None)
    return value.apply_op(op, tuple(operands)) if value is not None else _on_floats(op, operands)


def _elementwise(op: Op, operands: Sequence[Any]) -> Any:
    with np.errstate(all="ignore"):  # of the two sides of a choice both are computed
        if not op.over_lists:
            return op.value(ARRAYS, operands)
        # NumPy's sum of a list of arrays is one number.
        return np.vectorize(lambda *x: op.value(ARRAYS, op.arranged(x)), otypes=[float])(*operands)


def _by_methods(op: Op, operands: Sequence[Any]) -> Any:
    """The operation as another library has it."""
    apply = _operator(op)
    if apply:
        return apply(*operands)
    first, *others = operands
    method = None if op.over_lists else getattr(first, op.name, None)
    if method is None:
        kind = next((type(x) for x in operands if not isinstance(x, float)), float)
        what = op.name + (" of a list" if op.over_lists else " of a constant" if isinstance(first, float) else "")
        hint = f"give functions={{{op.name!r}: …}} or draw with ops=[…]"
        raise TypeError(f"{kind.__module__}.{kind.__qualname__} has no {what}: {hint}")
    return method(*others)
