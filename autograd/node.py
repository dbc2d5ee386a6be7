"""Node: a result that remembers the operation and the operands that made it."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from autograd.errors import GraphError
from autograd.labels import shown
from autograd.lines import Line
from autograd.modes import Place
from autograd.op import Op

# What stands for the constants of a result that was not recorded.
UNRECORDED: tuple[float | None, ...] = ()


class Node:
    """A number in a graph, with the operation that made it and the local derivative on the edge to each operand.

    Nearly every operation has one or two operands that are nodes. They stand in slots of their own (`_left`, `_right`,
    and the local derivatives `_dleft`, `_dright`): 32 bytes, where two tuples would take 112, and one object for the
    garbage collector to visit in place of three. Of more than two operands, `_left` and `_dleft` hold the tuples.
    """

    __slots__ = (
        "__weakref__", "_constants", "_data", "_dleft", "_dright", "_left", "_place", "_right", "grad", "label", "op",
    )  # fmt: skip

    _state = tuple(slot for slot in __slots__ if slot != "__weakref__")  # what a copy takes along

    _data: Any
    grad: Any
    op: Op | None
    label: str | None
    _place: Place | None
    _left: Any
    _right: Any
    _dleft: Any
    _dright: Any
    _constants: tuple[Any, ...] | None
    _kind: ClassVar[type[Self]]  # what a node is that requires a gradient, and what it is while it is frozen
    _frozen_kind: ClassVar[type[Self]]

    @classmethod
    def recorded(
        cls,
        data: Any,
        op: Op | None,
        parents: tuple["Node", ...],
        partials: tuple[Any, ...],
        constants: tuple[Any, ...] | None,
    ) -> Self:
        """A node made by `op`. `constants` has None for each parent, and is None if all operands are parents."""
        node = cls.__new__(cls)
        node._data, node.op, node._constants = data, op, constants
        node.grad = node.label = node._place = node._left = node._right = node._dleft = node._dright = None
        if len(parents) > 2:
            node._left, node._dleft = parents, partials
        elif parents:
            node._left, node._dleft = parents[0], partials[0]
            if len(parents) == 2:
                node._right, node._dright = parents[1], partials[1]
        return node

    @property
    def data(self) -> Any:
        """What the node holds."""
        return self._data

    @property
    def parents(self) -> tuple[Self, ...]:
        """The operands that are nodes, in order; `x * x` has two. A leaf has none."""
        left = self._left
        if left is None or type(left) is tuple:
            return left or ()
        return (left,) if self._right is None else (left, self._right)

    @property
    def partials(self) -> tuple[Any, ...]:
        """The local derivative on each edge, d self / d parent, recorded when the operation ran."""
        left = self._dleft
        if left is None or type(left) is tuple:
            return left or ()
        return (left,) if self._right is None else (left, self._dright)

    def apply_op(self, op: Op, operands: tuple[Any, ...]) -> Any:
        """The result of `op` on these operands, of which this node is one."""
        raise NotImplementedError

    def seeded(self, gradient: Any = None) -> Any:
        """What backpropagation starts from: 1, or the gradient that is given."""
        raise NotImplementedError

    def check_operands(self) -> None:
        """Raise GraphError if the backward pass needs an operand's data that was changed since: that of Values not."""

    def local(self, index: int) -> Any:
        """The local derivative d self / d parent number `index`."""
        return self.partials[index]

    def pass_back(self, gradient: Any, grads: dict["Node", Any], own: set["Node"]) -> None:
        """Add to `grads` what this node passes to its parents of its own gradient.

        `own` are the nodes whose gradient is held by `grads` alone, so that it may be added to in place.
        """
        for parent, partial in zip(self.parents, self.partials, strict=True):
            product = gradient * partial
            grads[parent] = grads[parent] + product if parent in grads else product

    def product(self, index: int, gradient: Any) -> Any:
        """What this node passes to its parent number `index` of its own gradient: `gradient · d self / d parent`."""
        return gradient * self.partials[index]

    @property
    def operands(self) -> tuple[Any, ...]:
        """What the operation was applied to, in order: nodes, and the plain numbers that merely took part."""
        if self._constants is None:
            return self.parents
        parents = iter(self.parents)
        return tuple(next(parents) if constant is None else constant for constant in self._constants)

    @property
    def settings(self) -> Mapping[str, Any]:
        """What the operation was told beside its operands, such as axes; nothing if it is one on numbers."""
        return {}

    @property
    def line(self) -> Line | None:
        """The line of the program that made this node, if it was made under `record_lines`."""
        return self._place and self._place[0]

    @property
    def scope(self) -> str | None:
        """The scope that this node was made in, if there was one."""
        return self._place and self._place[1]

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation made this node."""
        return self.op is None

    @property
    def requires_grad(self) -> bool:
        """Whether operations on this node are recorded; setting it to False freezes a leaf.

        A frozen leaf is a constant wherever it takes part from then on: no derivative in it is computed, and it gets no
        gradient. What comes of frozen operands alone is frozen itself. Operations that were recorded before stay as
        they are, and so does `grad`.

        Setting it raises GraphError for the result of an operation.
        """
        return not isinstance(self, Frozen)

    @requires_grad.setter
    def requires_grad(self, required: bool) -> None:
        if self.op is not None:
            raise GraphError(f"{shown(self)} is a result: requires_grad is set on leaves, such as its detach()")
        self.__class__ = self._kind if required else self._frozen_kind

    def requires_grad_(self, required: bool = True) -> Self:
        """Set `requires_grad`, and return the node."""
        self.requires_grad = required
        return self

    def zero_grad(self) -> None:
        """Forget the gradients of this node and of every node behind it: `grad` is None again."""
        raise NotImplementedError

    def _like(self, left: Any, right: Any) -> Self:
        """A node that differs from this one in its parents alone: `left` and `right` are what the slots hold."""
        node = object.__new__(type(self))
        for slot in self._state:
            setattr(node, slot, getattr(self, slot))
        node._left, node._right = left, right
        return node

    def __copy__(self) -> Self:
        return self._like(self._left, self._right)


class Frozen(Node):
    """A leaf that requires no gradient."""

    __slots__ = ()


def is_recorded(x: Any) -> bool:
    """Whether an operand becomes a parent of the result: a node does that is not frozen."""
    return isinstance(x, Node) and not isinstance(x, Frozen)
