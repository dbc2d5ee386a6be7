"""chainrule's engine: arithmetic that remembers how it was done, and the chain rule run over that memory."""

from autograd import ops
from autograd.ops import *
from autograd.value import Value
from autograd.modes import no_grad, enable_grad, detect_anomaly
