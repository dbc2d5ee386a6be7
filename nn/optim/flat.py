"""Parameters of one kind as one flat array, so that an update is a few array operations."""

from collections.abc import Sequence
from itertools import accumulate, compress
from sys import getrefcount
from typing import Any

import numpy as np

from autograd import Tensor, Value
from nn.arguments import Array


class FlatTensors:
    """Tensors of one dtype, whose numbers are in one flat array, of which those that were put are views.

    >>> weight, bias = Tensor([[1.0, 2.0], [3.0, 4.0]]), Tensor([5.0])
    >>> flat = FlatTensors([weight, bias])
    >>> flat.put(flat.weights(out=flat.blank()) * 10, [True, False])
    >>> weight.tolist(), bias.tolist()
    ([[10.0, 20.0], [30.0, 40.0]], [5.0])
    """

    def __init__(self, parameters: Sequence[Tensor]) -> None:
        self.parameters = parameters
        self.dtype = parameters[0].data.dtype
        self.name = str(self.dtype)
        self.shapes = [p.data.shape for p in parameters]
        self.ends = list(accumulate(p.data.size for p in parameters))
        self._arrays: list[Any] = [None] * len(parameters)  # those of the Tensors, whose numbers the flat one has
        self._flat: Any = None
        self._before: Any = None

    def weights(self, out: Array) -> Array:
        """The numbers of all Tensors; gathered into `out` if somebody has assigned to one of them since `put`."""
        if any(p.data.base is not array for p, array in zip(self.parameters, self._arrays, strict=True)):
            return np.concatenate([p.data for p in self.parameters], axis=None, out=out)
        flat: Array = self._flat
        return flat

    def blank(self) -> Array:
        """An array for the next weights: the one before the last, if nobody refers to it any more, else a new one."""
        # The array of a Tensor never changes, so each step needs another one, but to allocate megabytes each time
        # costs page faults. Tensors, graphs and views that still need the old array all refer to it by their `base`.
        # If none does, the count is 2: `self._before`, and the argument of `getrefcount` itself.
        if self._before is not None and getrefcount(self._before) == 2:
            spare: Array = self._before
            return spare
        return np.empty(self.ends[-1], self.dtype)

    def put(self, flat: Array, chosen: Sequence[Any]) -> None:
        """Make the chosen Tensors views of this array, which has the numbers of all, and never changes from now on."""
        # The others keep their arrays, so that graphs which have used these can still be differentiated.
        self._before, self._flat = self._flat, flat
        starts = [0, *self.ends]
        views = [flat[a:b].reshape(s) for a, b, s in zip(starts, self.ends, self.shapes, strict=False)]
        for i, (parameter, is_chosen) in enumerate(zip(self.parameters, chosen, strict=True)):
            if is_chosen:
                parameter.assign(views[i])
            self._arrays[i] = views[i] if is_chosen else parameter.data.base

    def flatten(self, gradients: Sequence[Any], out: Array) -> None:
        """Write the gradients into the flat array `out`, and 0 for those that are None.

        Raises ValueError for a gradient of another shape than its Tensor's.
        """
        found = [np.zeros(s, self.dtype) if g is None else g for g, s in zip(gradients, self.shapes, strict=True)]
        for parameter, gradient, shape in zip(self.parameters, found, self.shapes, strict=True):
            if np.shape(gradient) != shape:
                raise ValueError(f"{parameter!r:.60} has the shape {shape}, and its gradient {np.shape(gradient)}")
        np.concatenate(found, axis=None, out=out)


class FlatValues:
    """Values, whose numbers are copied into a flat array and back.

    >>> x, y = Value(1.0), Value(2.0)
    >>> flat = FlatValues([x, y])
    >>> flat.put(flat.weights(out=flat.blank()) * 10, [True, False])
    >>> x.data, y.data
    (10.0, 2.0)
    """

    name = "values"
    dtype = np.dtype(np.float64)

    def __init__(self, parameters: Sequence[Value]) -> None:
        self.parameters = parameters
        self.ends = list(range(1, len(parameters) + 1))

    def weights(self, out: Array) -> Array:
        """The numbers of all Values."""
        out[:] = [parameter.data for parameter in self.parameters]
        return out

    def blank(self) -> Array:
        """An array for the next weights."""
        return np.empty(len(self.parameters))

    def put(self, flat: Array, chosen: Sequence[Any]) -> None:
        """Give each of the chosen Values its number."""
        for parameter, number in compress(zip(self.parameters, flat.tolist(), strict=True), chosen):
            parameter.data = number

    def flatten(self, gradients: Sequence[Any], out: Array) -> None:
        """Write the gradients into the array `out`, and 0 for those that are None."""
        out[:] = [0.0 if g is None else g for g in gradients]
