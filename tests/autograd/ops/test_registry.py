"""Every operation that NumPy's and PyTorch's users expect is there: one record, a function of floats and a method."""

import math
import pickle

import pytest

import autograd
from autograd import Op, Value, registry
from autograd.testing import domains
from autograd.testing.program import OPERATORS
from tests.autograd import oracle

# fmt: off
SCALAR_FUNCTIONS = [
    "abs", "neg", "reciprocal", "square", "sqrt", "rsqrt", "cbrt", "exp", "exp2", "expm1", "log", "log2", "log10",
    "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
    "sigmoid", "logsigmoid", "softplus", "relu", "relu6", "leaky_relu", "elu", "celu", "selu", "gelu", "gelu_tanh",
    "silu", "mish", "hardtanh", "hardsigmoid", "hardswish", "softsign", "tanhshrink", "softshrink", "hardshrink",
    "erf", "erfc", "erfinv", "lgamma", "digamma", "sinc", "logit", "entr", "deg2rad", "rad2deg", "sign", "floor",
    "ceil", "round", "trunc", "pow", "atan2", "hypot", "maximum", "minimum", "fmax", "fmin", "fmod", "remainder",
    "where", "clamp", "xlogy", "xlog1py", "logaddexp", "logaddexp2", "copysign", "lerp",
]
# fmt: on
FUSED = ["sum", "prod", "dot", "mean", "var", "std", "norm", "max", "min", "logsumexp", "softmax"]
NOT_METHODS = {"where", "entr", "xlog1py"}  # a function of a condition; and two that PyTorch has as functions only


def some_operands(op: Op) -> list[float]:
    """Numbers that lie in the domain of every operand of `op`."""
    if op.name == "acosh":
        return [1.5]
    return [0.25, 0.75, 0.625][: len(op.operands)]


def test_there_are_78_scalar_functions() -> None:
    assert len(set(SCALAR_FUNCTIONS)) == 78
    assert set(SCALAR_FUNCTIONS) | {"add", "sub", "mul", "div"} <= set(registry)


def test_the_reference_covers_the_registry_exactly() -> None:
    assert set(oracle.ORACLE) == set(oracle.OPS)


@pytest.mark.parametrize("name", SCALAR_FUNCTIONS)
def test_a_function_takes_floats_and_values(name: str) -> None:
    op = registry[name]
    x = some_operands(op)
    plain = getattr(autograd, name)(*x)
    recorded = getattr(autograd, name)(*map(Value, x))
    assert type(plain) is float
    assert plain == domains.value(op, x)
    assert recorded.data == plain
    if name != "where":  # a function around the operation: its condition is never differentiated
        assert getattr(autograd, name) is op
        assert len(recorded.parents) == len(op.operands)


@pytest.mark.parametrize("name", sorted(set(SCALAR_FUNCTIONS) - NOT_METHODS))
def test_a_function_is_a_method_too(name: str) -> None:
    first, *others = some_operands(registry[name])
    out = getattr(Value(first), name)(*others)
    assert out.op is registry[name]
    assert out.data == registry[name](first, *others)


@pytest.mark.parametrize("name", [name for name in OPERATORS if len(registry[name].operands) == 2])
def test_an_operator_makes_the_operation_from_either_side(name: str) -> None:
    apply, op = OPERATORS[name], registry[name]
    for x, y in [(5.5, 2.5), (0.3, 2.0), (7.0, 3.0)]:
        results = [apply(Value(x), Value(y)), apply(Value(x), y), apply(x, Value(y))]
        assert all(isinstance(out, Value) and out.op is op and out.data == apply(x, y) for out in results)


@pytest.mark.parametrize(("x", "y"), [(7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (-7.5, -2.0)])
def test_percent_is_pythons_and_fmod_is_cs(x: float, y: float) -> None:
    assert (Value(x) % y).data == x % y
    assert (x % Value(y)).data == x % y
    assert autograd.fmod(x, y) == math.fmod(x, y)


def test_negation_is_an_operator() -> None:
    x = Value(2.0)
    assert (-x).op is registry["neg"]
    assert (-x).data == -2.0


@pytest.mark.parametrize("name", FUSED)
def test_a_fused_sum_is_one_node_over_a_list(name: str) -> None:
    lists = [[0.5, -1.5, 2.0], [3.0, 0.25, 1.0]][: 2 if name == "dot" else 1]
    plain = getattr(autograd, name)(*lists)
    recorded = getattr(autograd, name)(*[[Value(x) for x in items] for items in lists])
    for number, node in zip(*([plain], [recorded]) if name != "softmax" else (plain, recorded), strict=True):
        assert type(number) is float
        assert node.data == number
        assert len(node.parents) == 3 * len(lists)
        assert all(parent.is_leaf for parent in node.parents)


@pytest.mark.parametrize("op", oracle.OPS.values(), ids=lambda op: op.name)
def test_an_operation_survives_pickling_and_says_what_it_is(op: Op) -> None:
    assert pickle.loads(pickle.dumps(op)) is op
    assert repr(op).startswith(f"<op {op.name}(")
