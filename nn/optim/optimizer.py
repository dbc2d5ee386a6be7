"""Optimizer: what all optimizers share: their parameters, what they remember of them, and the step."""

import inspect
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from autograd import Node, Tensor, Value
from autograd.numerals import count
from nn.arguments import Array
from nn.optim.flat import FlatTensors, FlatValues

_CHUNK = 16384  # numbers that are updated at a time: few enough to stay in the cache from one operation to the next


class Optimizer:
    """Changes parameters along their gradients. A subclass says how, in one method:

        change(w, g, t, …)   what is subtracted from the weights `w`, for their gradient `g`, in their step number `t`

    where … are the arrays that it remembers, by their names in `memory`, which has the number that each is filled with
    at first. The method may write to these, and to `g`. All are flat arrays of one dtype, which the method need not
    know. See `SGD`.

    `params` are Tensors and Values that no operation made, of any dtypes, such as `model.parameters()`. One whose
    `grad` is None is left alone, and so is what is remembered of it.

    Raises TypeError for other parameters, and ValueError for none, for one that comes twice, for a result, and for a
    setting out of its range.
    """

    change: Callable[..., Array]
    initial_lr: float  # what schedules start from: the first of them notes it

    def __init__(self, params: Iterable[Any], lr: float, weight_decay: float, memory: Mapping[str, float]) -> None:
        self.lr = lr
        self.weight_decay = self.checked("weight_decay", weight_decay)
        self.params = self._leaves(params)
        self._groups = [_Group(flat, memory) for flat in _flattened(self.params)]

    @property
    def lr(self) -> float:
        """The learning rate, which may be changed between steps."""
        return self._lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self._lr = self.checked("lr", lr)

    def step(self) -> None:
        """Change every parameter that has a gradient.

        Raises ValueError, and changes nothing, if a gradient has another shape than its parameter.
        """
        gathered = [group.gather() for group in self._groups]
        with np.errstate(all="ignore"):  # a warning turned into an error would leave the step half done
            for group, counts in zip(self._groups, gathered, strict=True):
                group.step(self.change, counts)

    def zero_grad(self) -> None:
        """Forget the gradients: each is None again."""
        for parameter in self.params:
            parameter.grad = None

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint needs in order to go on from here: names with arrays and numbers, all copies.

        The numbers are `lr` and `momentum`, which schedules change; the other settings are not in it. For each kind of
        parameter, "float32", "float64" and "values", there are the ends of the parameters in the flat arrays, the
        number of steps of each, and what the optimizer remembers.
        """
        state: dict[str, Any] = {name: getattr(self, name) for name in ("lr", "momentum") if hasattr(self, name)}
        for group in self._groups:
            state |= {f"{group.flat.name}.{name}": array.copy() for name, array in group.arrays().items()}
        return state

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` gave for an optimizer of such parameters.

        Raises ValueError, and changes nothing, for what does not fit: names, shapes, dtypes or numbers.
        """
        where, own = f"{type(self).__name__}.load_state_dict", self.state_dict()
        if state.keys() != own.keys():
            lacks, unknown = sorted(own.keys() - state.keys()), sorted(state.keys() - own.keys())
            raise ValueError(f"{where}: the state is of another optimizer: it lacks {lacks}, and has {unknown} too")
        given = {name: np.asarray(array) for name, array in state.items()}
        for name, array in given.items():
            like = np.asarray(own[name])
            if array.shape != like.shape or not np.can_cast(array.dtype, like.dtype):
                expected = f"shape {like.shape} and {like.dtype}"
                raise ValueError(f"{where}: {name} is to have {expected}, got {array.shape} and {array.dtype}")
            if name.endswith(".ends") and not np.array_equal(array, like):
                raise ValueError(f"{where}: the parameters are of other sizes: {name} is {array}, expected {like}")
            if name.endswith(".steps") and np.any(array < 0):
                raise ValueError(f"{where}: {name} is {array}, but a number of steps is at least 0")
        numbers = {name: self.checked(name, float(given[name])) for name in ("momentum", "lr") if name in given}
        for name, number in numbers.items():  # momentum first: it may have a limit of its own
            setattr(self, name, number)
        for group in self._groups:
            for name, own_array in group.arrays().items():
                own_array[...] = given[f"{group.flat.name}.{name}"]

    def __repr__(self) -> str:
        names = list(inspect.signature(type(self)).parameters)[1:]
        settings = ", ".join(f"{name}={getattr(self, name)!r}" for name in names if hasattr(self, name))
        numbers = sum(group.flat.ends[-1] for group in self._groups)
        return (
            f"<{type(self).__name__}({settings}) of {count(len(self.params), 'parameter')}, {count(numbers, 'number')}>"
        )

    def checked(self, name: str, x: float, below: float = math.inf) -> float:
        """The setting as a float. Raises ValueError unless it is at least 0 and less than `below`."""
        if not isinstance(x, (int, float, np.number)) or isinstance(x, (bool, np.complexfloating)):
            raise TypeError(f"{type(self).__name__}: {name} is a number, got the {type(x).__name__} {x!r}")
        if not 0.0 <= x < below:
            limits = "at least 0" if below == math.inf else f"at least 0 and less than {below:g}"
            raise ValueError(f"{type(self).__name__}: {name} is {x}, and must be finite, {limits}")
        return float(x)

    def decayed(self, w: Array, g: Array) -> Array:
        """The gradient of the loss with `weight_decay · |w|² / 2` added to it."""
        return g + self.weight_decay * w if self.weight_decay else g

    def _leaves(self, params: Iterable[Any]) -> tuple[Any, ...]:
        where = type(self).__name__
        if isinstance(params, Node) or not isinstance(params, Iterable):
            kind = type(params).__name__
            raise TypeError(f"{where}: params is a list of Tensors or Values, or model.parameters(); got a {kind}")
        found = tuple(params)
        if not found:
            raise ValueError(f"{where}: there are no parameters to change")
        for i, parameter in enumerate(found):
            if not isinstance(parameter, Node):
                hint = "; for settings of their own make an optimizer for each" if isinstance(parameter, dict) else ""
                raise TypeError(f"{where}: parameter {i} is a {type(parameter).__name__}, no Tensor or Value{hint}")
            if parameter.op is not None:
                raise ValueError(f"{where}: parameter {i}, {parameter!r:.60}, is a result; only leaves can be changed")
        if len({id(parameter) for parameter in found}) < len(found):
            raise ValueError(f"{where}: a parameter comes twice in params")
        return found


class _Group:
    """Parameters of one kind, with their gradients and what is remembered of them, each in a flat array."""

    def __init__(self, flat: FlatTensors | FlatValues, memory: Mapping[str, float]) -> None:
        self.flat = flat
        size = flat.ends[-1]
        self.gradient = np.empty(size, flat.dtype)
        self.steps = np.zeros(len(flat.ends), np.int64)
        self.memory = {name: np.full(size, start, flat.dtype) for name, start in memory.items()}

    def arrays(self) -> dict[str, Array]:
        """What a checkpoint holds of it."""
        return {"ends": np.array(self.flat.ends), "steps": self.steps, **self.memory}

    def gather(self) -> list[int]:
        """Collect the gradients; for each parameter the number of the step to come, and 0 if it is left alone."""
        gradients = [parameter.grad for parameter in self.flat.parameters]
        self.flat.flatten(gradients, out=self.gradient)
        return [0 if g is None else n + 1 for g, n in zip(gradients, self.steps.tolist(), strict=True)]

    def step(self, change: Callable[..., Array], counts: list[int]) -> None:
        """Change the parameters, chunk by chunk."""
        if not any(counts):
            return
        new = self.flat.blank()
        old = self.flat.weights(out=new)  # which may be `new` itself: each number is read before it is written over
        for start, stop, t in self._runs(counts):
            for first in range(start, stop, _CHUNK):
                part = slice(first, min(first + _CHUNK, stop))
                w = old[part]
                if t:
                    memory = {name: array[part] for name, array in self.memory.items()}
                    np.subtract(w, change(w, self.gradient[part], t, **memory), out=new[part])
                else:
                    new[part] = w
        self.flat.put(new, counts)
        self.steps = np.maximum(self.steps, counts)

    def _runs(self, counts: list[int]) -> Iterator[tuple[int, int, int]]:
        """Start and stop of neighbours that are in the same step, with its number: most often, of all at once."""
        start = 0
        for t, run in groupby(zip(counts, self.flat.ends, strict=True), key=itemgetter(0)):
            *_, (_, stop) = run
            yield start, stop, t
            start = stop


def _flattened(params: Iterable[Any]) -> Iterator[FlatTensors | FlatValues]:
    """The parameters by kind: Tensors of each dtype, and Values."""
    values: list[Value] = []
    tensors: dict[Any, list[Tensor]] = {}
    for parameter in params:
        if isinstance(parameter, Value):
            values.append(parameter)
        else:
            tensors.setdefault(parameter.dtype, []).append(parameter)
    yield from map(FlatTensors, tensors.values())
    if values:
        yield FlatValues(values)
