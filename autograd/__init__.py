"""chainrule's engine: arithmetic that remembers how it was done, and the chain rule run over that memory."""

import builtins as _builtins

from autograd import ops as _ops
from autograd.answers import Marks
from autograd.arrayop import ArrayOp
from autograd.define import array_registry, define, define_array, registry
from autograd.derivatives import grad, hessian, hvp, jacobian, value_and_grad, vjp
from autograd.diagnosis import Diagnosis, Finding, diagnose
from autograd.errors import GraphError, LabelError, NonFiniteError, NonFiniteWarning
from autograd.forward import jvp
from autograd.graph import Graph
from autograd.ledger import Ledger, explain
from autograd.mistakes import Comparison, wrong_backward
from autograd.modes import detect_anomaly, enable_grad, no_grad, record_lines, scope
from autograd.node import Node
from autograd.op import Interval, Op
from autograd.ops import *
from autograd.order import topological_order
from autograd.replay import replay
from autograd.reverse import Contribution, contributions
from autograd.step import Step
from autograd.stepper import Stepper
from autograd.tensor import Tensor
from autograd.unroll import Unrolled, unroll
from autograd.value import Value
from autograd.worksheets import Worksheet, worksheet

__all__ = [
    "ArrayOp",
    "Comparison",
    "Contribution",
    "Diagnosis",
    "Finding",
    "Graph",
    "GraphError",
    "Interval",
    "LabelError",
    "Ledger",
    "Marks",
    "Node",
    "NonFiniteError",
    "NonFiniteWarning",
    "Op",
    "Step",
    "Stepper",
    "Tensor",
    "Unrolled",
    "Value",
    "Worksheet",
    "array_registry",
    "contributions",
    "define",
    "define_array",
    "detect_anomaly",
    "diagnose",
    "enable_grad",
    "explain",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "no_grad",
    "record_lines",
    "registry",
    "replay",
    "scope",
    "topological_order",
    "unroll",
    "value_and_grad",
    "vjp",
    "worksheet",
    "wrong_backward",
]
# `from autograd import *` brings every operation but those, such as sum and max, that would hide a builtin.
__all__ += [
    name
    for name, value in vars(_ops).items()
    if (isinstance(value, Op) or getattr(value, "__module__", "").startswith("autograd.ops."))
    and not (name.startswith("_") or hasattr(_builtins, name))
]
