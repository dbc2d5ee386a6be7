"""The definitions of all operations, by family: one record each."""

from autograd.ops.activation import *
from autograd.ops.arithmetic import *
from autograd.ops.classification import *
from autograd.ops.contraction import *
from autograd.ops.convolution import *
from autograd.ops.elementary import *
from autograd.ops.indexing import *
from autograd.ops.joining import *
from autograd.ops.layers import *
from autograd.ops.linalg import *
from autograd.ops.losses import *
from autograd.ops.pooling import *
from autograd.ops.reduction import *
from autograd.ops.selection import *
from autograd.ops.shape import *
from autograd.ops.special import *
