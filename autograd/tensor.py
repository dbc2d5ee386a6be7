"""Tensor: an array that remembers how it was computed."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd import arrays, higher, modes, ops, recording, reverse
from autograd.arraymethods import NO_SETTINGS, ArrayMethods
from autograd.arrays import Array
from autograd.errors import GraphError
from autograd.labels import shown
from autograd.node import UNRECORDED, Frozen, Node
from autograd.op import Op
from autograd.preconditions import check_result
from autograd.readonly import ReadOnly, handed_out

new, ndarray = object.__new__, np.ndarray


class Tensor(ArrayMethods):
    """An array of numbers that remembers the operation and the operands that made it.

    `data` may be a number, an array or nested lists; it is copied. float64 and float32 stay what they are, whole
    numbers become float64, and `dtype` chooses between the two. `label` names it in pictures and tables. With
    `requires_grad=False` it is frozen: a constant, which gets no gradient.

    Arrays and numbers may stand on either side of an operator; they are constants, which get no gradient and take the
    Tensor's dtype. An array that can be written to is copied; `x.flags.writeable = False` spares that for a large one.
    What NumPy broadcasts is broadcast, and a gradient has its operand's shape and dtype. Comparisons give arrays of
    bools.

    Raises TypeError for what are no real numbers.

    >>> x, w = Tensor([[1.0, 2.0], [3.0, 4.0]], label="x"), Tensor([1.0, -1.0], label="w")
    >>> y = (x @ w).tanh().sum()
    >>> y.backward()
    >>> w.grad
    array([1.67989737, 2.51984605])
    """

    __slots__ = ("_settings",)

    _data: Any
    _settings: Any
    _state = (*Node._state, "_settings")

    def __init__(self, data: Any, label: str | None = None, dtype: Any = None, *, requires_grad: bool = True) -> None:
        if label is not None and not isinstance(label, str):
            raise TypeError(f"Tensor: a label is a string, got the {type(label).__name__} {label!r}")
        self._data = recording.array_of(data, "Tensor", dtype)
        self.label = label
        self._place = modes.place()
        self.op = self.grad = self._left = self._right = self._dleft = self._dright = None
        self._constants = self._settings = None
        if not requires_grad:
            self.requires_grad = False

    @property
    def data(self) -> ReadOnly:
        """The numbers, as an array that cannot be written to.

        Assigning new numbers of the same shape to it changes a leaf. A result that used the old ones can then no longer
        be differentiated: its `backward` raises GraphError.
        """
        return handed_out(self._data)

    @data.setter
    def data(self, data: Any) -> None:
        self._check_leaf()
        new = recording.array_of(data, "Tensor.data", self._data.dtype)
        if new.shape != self._data.shape:
            raise ValueError(f"Tensor.data: the Tensor has the shape {self._data.shape}, the new numbers {new.shape}")
        self._data = new

    def assign(self, data: Array) -> None:
        """Put `data`, of this shape and dtype, in place of a leaf's numbers, without a copy.

        For optimizers, which have just made it: it must not be changed afterwards. `t.data = …` copies.
        """
        self._check_leaf()
        old = self._data
        if type(data) is not ndarray or data.shape != old.shape or data.dtype != old.dtype or data is old:
            if data is old:
                got = "the array that it has"
            elif type(data) is ndarray:
                got = f"one of {data.shape} and {data.dtype}"
            else:
                got = f"a {type(data).__name__}"
            expected = f"a new NumPy array of shape {old.shape} and {old.dtype}"
            raise ValueError(f"Tensor.assign needs {expected}, got {got}; for a copy write t.data = …")
        self._data = data

    def _check_leaf(self) -> None:
        if self.op is not None:
            raise GraphError(f"{shown(self)} is the result of {self.op.name}: only the data of a leaf can be changed")

    @property
    def partials(self) -> tuple[Any, ...]:
        """For each parent the local derivative, element by element; None where the operation mixes elements."""
        return tuple(self.local(index) for index in range(len(self.parents)))

    @property
    def settings(self) -> Mapping[str, Any]:
        """What the operation was told beside its operands: axes, shapes, indices."""
        return dict(self._settings or {})

    def backward(self, gradient: Any = None, *, keep_grads: bool = False) -> None:
        """Compute d self / d leaf for every leaf behind this Tensor, times `gradient`, and add it to the leaf's `grad`.

        A Tensor of one element needs no `gradient`; for others it has their shape: the result is then that of
        `(self * gradient).sum()`. The gradients between are let go as the sweep passes; with `keep_grads`, every node
        holds its own.

        Raises GraphError for what was computed under `no_grad`, and if the data of a Tensor was changed since it was
        used; ValueError for a gradient of another shape.
        """
        check_result(self, "backward")
        reverse.commit(reverse.unshared(reverse.sweep(self, self.seeded(gradient), keep=keep_grads)))

    def gradient(self, *wrt: Any) -> Any:
        """d self / d node for the nodes given: each is a graph, to be drawn or differentiated again.

        For one node it is a node, for several a tuple, for a list or dict of nodes the same of nodes. A node that this
        one does not depend on has the gradient 0. No node's `grad` changes. Only for a Tensor of one element.

        >>> x = Tensor([1.0, 2.0], "x")
        >>> slope = (x**3).sum().gradient(x)
        >>> slope.data, slope.sum().gradient(x).data
        (array([ 3., 12.]), array([ 6., 12.]))
        """
        check_result(self, "gradient")
        self.seeded()
        return higher.gradient_in(self, wrt, "Tensor.gradient")

    def seeded(self, gradient: Any = None) -> Array:
        """What backpropagation starts from: 1, or the gradient that is given."""
        data = self._data
        if gradient is None:
            if data.size != 1:
                raise GraphError(
                    f"{shown(self)} has {data.size} elements: backpropagation starts from one number, so take .sum() "
                    f"or .mean(), or give backward a gradient of shape {data.shape}"
                )
            return np.ones(data.shape, data.dtype)
        seed = np.array(gradient, dtype=data.dtype)
        if seed.shape != data.shape:
            raise ValueError(f"backward: the gradient has the shape {seed.shape}, and the Tensor {data.shape}")
        return seed

    def check_operands(self) -> None:
        """Raise GraphError, naming it, if the data of an operand was changed since it was used."""
        recording.operand_arrays(self)

    def local(self, index: int) -> Any:
        """The local derivative d self / d parent, element by element; None if the operation mixes elements."""
        return recording.local_derivative(self, index)

    def pass_back(self, gradient: Any, grads: dict[Node, Any], own: set[Node]) -> None:
        """Add to `grads` what this node passes to its parents of its own gradient."""
        recording.pass_back(self, gradient, grads, own)

    def product(self, index: int, gradient: Any) -> Any:
        """What this node passes to its parent number `index` of its own gradient."""
        return recording.product(self, index, gradient)

    def numpy(self) -> ReadOnly:
        """The numbers, as `data` gives them."""
        return self.data

    def detach(self) -> "Tensor":
        """A new leaf with the same numbers, through which no gradient flows."""
        return Tensor(self._data, self.label)

    def apply_op(self, op: Op, operands: tuple[Any, ...]) -> Any:
        """The result of `op`, recorded unless under `no_grad`; a list that has Tensors in it is stacked first."""
        if op.over_lists:
            stacked = [ops.stack(items) for items in op.arranged(operands)]
            return op(*stacked) if len(stacked) == 1 else ops.dot(*stacked)
        return applied(op, operands, NO_SETTINGS)

    def __setitem__(self, index: Any, value: Any) -> None:
        if modes.is_recording():
            raise GraphError("t[…] = … is not recorded: use where(…), or change a leaf's numbers under no_grad()")
        data = self._data.copy()
        data[index] = value._data if isinstance(value, Node) else value
        self.data = data

    def __repr__(self) -> str:
        numbers = np.array2string(self._data, separator=", ", prefix="Tensor(", threshold=100, precision=6)
        parts = [numbers]
        if self._data.dtype != np.float64:
            parts.append(f"dtype={self._data.dtype}")
        if self.label is not None:
            parts.append(f"label={self.label!r}")
        if not self.requires_grad:
            parts.append("requires_grad=False")
        if self.op is not None:
            parts.append(f"op={self.op.name}")
        return f"Tensor({', '.join(parts)})"


class FrozenTensor(Frozen, Tensor):
    """A Tensor that is a constant in every operation, because its `requires_grad` is False."""

    __slots__ = ()


Tensor._kind, Tensor._frozen_kind = Tensor, FrozenTensor


def applied(op: Op, operands: Sequence[Any], settings: Mapping[str, Any]) -> Tensor:
    """The result of `op` on operands of which at least one is a node, recorded unless under `no_grad`."""
    given: list[Any] = []
    parents, constants, dtype = operands, None, None
    for x in operands:
        if type(x) is not Tensor or (x._data.dtype is not dtype and dtype is not None):
            given, parents, constants, dtype = recording.prepared(op, operands)
            break
        given.append(x._data)
        dtype = x._data.dtype
    node = new(Tensor if parents else FrozenTensor)
    node._data = recording.computed(op, operands, given, settings, dtype)
    node._settings = settings
    node.grad = node.label = node._place = node._right = node._dright = None
    mode = modes.current()
    if mode is not None:
        node._place = modes.place()
    if not parents or (mode is not None and not mode.recording):
        node.op = node._left = node._dleft = None
        node._constants = UNRECORDED if parents else None
        return node
    node.op = op
    node._constants = constants
    if constants is not None:
        given = [x for x, constant in zip(given, constants, strict=True) if constant is None]
    if len(parents) > 2:
        node._left, node._dleft = tuple(parents), tuple(given)
    else:
        node._left, node._dleft = parents[0], given[0]
        if len(parents) == 2:
            node._right, node._dright = parents[1], given[1]
    return node


arrays.record = applied

# glibc returns freed memory to the system if it is more than twice the largest array that was freed before, and a
# training step gets all of its own back page by page. Once this one, which is never touched, is freed, it keeps 62 MB.
np.empty(31 << 20, np.uint8)
