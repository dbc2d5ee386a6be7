"""The definitions of all operations, by family: one record each."""

from autograd.ops.activation import *
from autograd.ops.arithmetic import *
from autograd.ops.elementary import *
from autograd.ops.linalg import *
from autograd.ops.reduction import *
from autograd.ops.selection import *
from autograd.ops.shape import *
from autograd.ops.special import *
