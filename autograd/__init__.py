"""chainrule's engine: arithmetic that remembers how it was done, and the chain rule run over that memory."""

from autograd import ops
from autograd.errors import GraphError, LabelError, NonFiniteError, NonFiniteWarning
from autograd.modes import detect_anomaly, enable_grad, no_grad
from autograd.node import Node, topological_order
from autograd.op import Interval, Op, define, registry
from autograd.ops import *
from autograd.reverse import Contribution, contributions
from autograd.value import Value
