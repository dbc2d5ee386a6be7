"""ArrayMethods: NumPy's operators, attributes and methods on a node that holds an array."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self

import numpy as np

from autograd import arrays, modes, ops, ufuncs
from autograd.arrays import Array, Shape
from autograd.methods import Methods, method, named
from autograd.node import Node
from autograd.op import Op

NO_SETTINGS: Mapping[str, Any] = {}
Method = Callable[..., Any]


def _operator(op: Op) -> Method:
    """The method for `tensor <op> other`."""

    def method(self: Any, other: Any) -> Any:
        return arrays.record(op, (self, other), NO_SETTINGS) if _can_take_part(other) else NotImplemented

    return named(method, op)


def _reflected(op: Op) -> Method:
    """The method for `other <op> tensor`."""

    def method(self: Any, other: Any) -> Any:
        return arrays.record(op, (other, self), NO_SETTINGS) if _can_take_part(other) else NotImplemented

    return named(method, op)


def _in_place(op: Op) -> Method:
    """The method for `tensor <op>= other`: a new Tensor or, under `no_grad`, new data in a leaf."""

    def method(self: Any, other: Any) -> Any:
        result = arrays.record(op, (self, other), NO_SETTINGS)
        if modes.is_recording() or self.op is not None:
            return result
        self.data = result.data
        return self

    return named(method, op)


def _spread(function: Method) -> Method:
    """The function as a method that also takes its tuple number by number: `t.reshape(2, 3)`."""

    def method(self: Any, *numbers: Any, **settings: Any) -> Any:
        return function(self, *((numbers,) if len(numbers) > 1 else numbers), **settings)

    return named(method, function)


def _can_take_part(x: Any) -> bool:
    return isinstance(x, (Node, float, int, np.ndarray, np.generic, list, tuple)) or hasattr(x, "__array__")


class ArrayMethods(Methods):
    """A node that holds an array, with NumPy's operators, attributes and methods."""

    __slots__ = ()

    __pandas_priority__ = 5000  # above a DataFrame's 4000, so that `series - tensor` asks the Tensor

    _data: Any

    @property
    def shape(self) -> Shape:
        """The length of each axis."""
        shape: Shape = self._data.shape
        return shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """float64 or float32."""
        dtype: np.dtype[Any] = self._data.dtype
        return dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self._data.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        size: int = self._data.size
        return size

    @property
    def T(self) -> Self:  # noqa: N802
        """The Tensor with its axes in reverse order."""
        return self.transpose()  # type: ignore[no-any-return]

    @property
    def mT(self) -> Self:  # noqa: N802
        """The matrices in the last two axes, each transposed."""
        return self.swapaxes(-1, -2)  # type: ignore[no-any-return]

    def item(self) -> float:
        """The only element, as a float."""
        return float(self._data.item())

    def tolist(self) -> Any:
        """The numbers as nested lists of floats."""
        return self._data.tolist()

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """NumPy's functions on a Tensor: `np.exp(x)` is `x.exp()`, and `array @ x` records a product."""
        return ufuncs.apply(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """NumPy's other functions: `np.sum(x)` is `x.sum()`, and `np.concatenate([x, y])` records it."""
        return ufuncs.call(function, args, kwargs)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self._data, dtype=dtype) if copy or dtype else np.asarray(self.data)

    def __getitem__(self, index: Any) -> Self:
        return ops.getitem(self, index)  # type: ignore[no-any-return]

    def __iter__(self) -> Iterator[Self]:
        return iter([self[i] for i in range(len(self))])

    def __len__(self) -> int:
        return len(self._data)

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else str(self)

    def __float__(self) -> float:
        return self.item()

    def __int__(self) -> int:
        return int(self._data.item())

    def __bool__(self) -> bool:
        return bool(self._data)

    __add__, __radd__, __iadd__ = _operator(ops.add), _reflected(ops.add), _in_place(ops.add)
    __sub__, __rsub__, __isub__ = _operator(ops.sub), _reflected(ops.sub), _in_place(ops.sub)
    __mul__, __rmul__, __imul__ = _operator(ops.mul), _reflected(ops.mul), _in_place(ops.mul)
    __truediv__, __rtruediv__, __itruediv__ = _operator(ops.div), _reflected(ops.div), _in_place(ops.div)
    __imod__, __ipow__, __imatmul__ = _in_place(ops.remainder), _in_place(ops.pow), _in_place(ops.matmul)
    __mod__, __rmod__ = _operator(ops.remainder), _reflected(ops.remainder)
    __pow__, __rpow__ = _operator(ops.pow), _reflected(ops.pow)
    __matmul__, __rmatmul__ = _operator(ops.matmul), _reflected(ops.matmul)

    sum, mean, prod, max, min = method(ops.sum), method(ops.mean), method(ops.prod), method(ops.max), method(ops.min)
    logsumexp, softmax, log_softmax = method(ops.logsumexp), method(ops.softmax), method(ops.log_softmax)
    var, std, norm = method(ops.var), method(ops.std), method(ops.norm)
    reshape, transpose, flip, tile = _spread(ops.reshape), _spread(ops.transpose), _spread(ops.flip), _spread(ops.tile)
    astype = method(ops.astype)
    ravel, flatten, squeeze = method(ops.ravel), method(ops.flatten), method(ops.squeeze)
    swapaxes, moveaxis, broadcast_to = method(ops.swapaxes), method(ops.moveaxis), method(ops.broadcast_to)
    roll, repeat, take = method(ops.roll), method(ops.repeat), method(ops.take)
    sort, argsort, argmax, argmin = method(ops.sort), method(ops.argsort), method(ops.argmax), method(ops.argmin)
    any, all, cumsum = method(ops.any), method(ops.all), method(ops.cumsum)
    diagonal, trace, tril, triu = method(ops.diagonal), method(ops.trace), method(ops.tril), method(ops.triu)
    matmul, dot = method(ops.matmul), method(ops.dot)
