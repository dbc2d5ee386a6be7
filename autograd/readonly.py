"""ReadOnly: the array of a Tensor as it is handed out, which nobody can change under the graph's feet."""

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np


class ReadOnly(np.ndarray[Any, Any]):
    """A view of a Tensor's array that cannot be written to; what is computed from it is an ordinary array.

    `w.data -= step` works all the same: Python computes `w.data - step` and assigns that to `w.data`.

    >>> from autograd import Tensor
    >>> w = Tensor([1.0, 2.0])
    >>> w.data -= 0.5
    >>> w.data
    array([0.5, 1.5])
    >>> w.data[0] = 3.0
    Traceback (most recent call last):
    ValueError: the array of a Tensor cannot be changed in place: assign a new one to .data, or under no_grad() write
    t[…] = …
    """

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        return array[()] if return_scalar else np.asarray(array)

    def __setitem__(self, index: Any, value: Any) -> NoReturn:
        raise ValueError(
            "the array of a Tensor cannot be changed in place: assign a new one to .data, or under no_grad() write "
            "t[…] = …"
        )

    def __repr__(self) -> str:
        return repr(np.asarray(self))

    def __reduce__(self) -> Any:
        return np.asarray(self).__reduce__()


def _not_in_place(name: str) -> Callable[[Any, Any], Any]:
    operator: Callable[[Any, Any], Any] = getattr(np.ndarray, name)
    return lambda self, other: operator(np.asarray(self), other)


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"):
    setattr(ReadOnly, f"__i{_name}__", _not_in_place(f"__{_name}__"))


def is_frozen(x: Any) -> bool:
    """Whether nobody can write to the array: neither it nor any array that it is a view of is writeable.

    >>> x = np.zeros((2, 2))
    >>> x.flags.writeable = False
    >>> is_frozen(x), is_frozen(x[0]), is_frozen(np.zeros(2))
    (True, True, False)
    """
    while isinstance(x, np.ndarray) and not isinstance(x, ReadOnly):
        if x.flags.writeable:
            return False
        x = x.base
    return x is None or isinstance(x, ReadOnly)


def handed_out(array: np.ndarray[Any, Any]) -> ReadOnly:
    """The array as a view that cannot be written to."""
    view = array.view(ReadOnly)
    view.flags.writeable = False
    return view
