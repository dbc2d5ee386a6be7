"""Methods: the operations on numbers as methods of a node, the same for a Value and for every element of a Tensor."""

import operator
from collections.abc import Callable
from typing import Any

from autograd import ops, ufuncs
from autograd.define import registry
from autograd.graphmethods import GraphMethods
from autograd.node import Node
from autograd.op import Op


def method(op: Callable[..., Any]) -> Callable[..., Any]:
    """The operation, or a function made of several, as a method: the node is its first operand."""

    def unary(self: Any) -> Any:
        return self.apply_op(op, (self,))

    def general(self: Any, *others: Any, **settings: Any) -> Any:
        return op(self, *others, **settings)

    return named(unary if type(op) is Op and len(op.operands) == 1 else general, op)


def named(function: Callable[..., Any], op: Any) -> Callable[..., Any]:
    """The function with the name of the operation that it stands for."""
    name = op.name if isinstance(op, Op) else op.__name__
    function.__name__ = function.__qualname__ = name
    said = f"The operation {name}({', '.join(op.operands)})." if isinstance(op, Op) else op.__doc__ or ""
    function.__doc__ = said.partition("\n")[0]
    return function


def _compared(compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda self, other: compare(self._data, other._data if isinstance(other, Node) else other)


class Methods(GraphMethods):
    """A node with the operations on numbers as methods, and comparisons, which compare the numbers."""

    __slots__ = ()

    __lt__ = _compared(operator.lt)
    __le__ = _compared(operator.le)
    __gt__ = _compared(operator.gt)
    __ge__ = _compared(operator.ge)
    __eq__ = _compared(operator.eq)
    __ne__ = _compared(operator.ne)
    __hash__ = object.__hash__

    __neg__, __pos__, __abs__ = method(ops.neg), method(ops.identity), method(ops.abs)

    abs, neg, reciprocal, square = method(ops.abs), method(ops.neg), method(ops.reciprocal), method(ops.square)
    sqrt, rsqrt, cbrt, pow = method(ops.sqrt), method(ops.rsqrt), method(ops.cbrt), method(ops.pow)
    exp, exp2, expm1 = method(ops.exp), method(ops.exp2), method(ops.expm1)
    log, log2, log10, log1p = method(ops.log), method(ops.log2), method(ops.log10), method(ops.log1p)
    sin, cos, tan = method(ops.sin), method(ops.cos), method(ops.tan)
    asin, acos, atan, atan2 = method(ops.asin), method(ops.acos), method(ops.atan), method(ops.atan2)
    sinh, cosh, tanh = method(ops.sinh), method(ops.cosh), method(ops.tanh)
    asinh, acosh, atanh = method(ops.asinh), method(ops.acosh), method(ops.atanh)
    sigmoid, logsigmoid, softplus = method(ops.sigmoid), method(ops.logsigmoid), method(ops.softplus)
    relu, relu6, leaky_relu = method(ops.relu), method(ops.relu6), method(ops.leaky_relu)
    elu, celu, selu = method(ops.elu), method(ops.celu), method(ops.selu)
    gelu, gelu_tanh, silu, mish = method(ops.gelu), method(ops.gelu_tanh), method(ops.silu), method(ops.mish)
    hardtanh, hardsigmoid, hardswish = method(ops.hardtanh), method(ops.hardsigmoid), method(ops.hardswish)
    softsign, tanhshrink = method(ops.softsign), method(ops.tanhshrink)
    softshrink, hardshrink = method(ops.softshrink), method(ops.hardshrink)
    erf, erfc, erfinv = method(ops.erf), method(ops.erfc), method(ops.erfinv)
    lgamma, digamma, sinc = method(ops.lgamma), method(ops.digamma), method(ops.sinc)
    logit, deg2rad, rad2deg = method(ops.logit), method(ops.deg2rad), method(ops.rad2deg)
    sign, floor, ceil = method(ops.sign), method(ops.floor), method(ops.ceil)
    round, trunc = method(ops.round), method(ops.trunc)
    maximum, minimum, fmax, fmin = method(ops.maximum), method(ops.minimum), method(ops.fmax), method(ops.fmin)
    clamp, clip, lerp = method(ops.clamp), method(ops.clip), method(ops.lerp)
    hypot, copysign = method(ops.hypot), method(ops.copysign)
    fmod, remainder, xlogy = method(ops.fmod), method(ops.remainder), method(ops.xlogy)
    logaddexp, logaddexp2 = method(ops.logaddexp), method(ops.logaddexp2)


for _alias, _name in ufuncs.NAMES.items():  # arrays of objects ask their elements for NumPy's names
    if _name in registry and not hasattr(Methods, _alias):
        setattr(Methods, _alias, method(registry[_name]))
