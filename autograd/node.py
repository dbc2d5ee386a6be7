"""Node: a result that remembers the operation and the operands that made it; and the order of the nodes behind one.

Every walk over a graph is a loop, never a recursion: a chain of a million operations is walked, copied, pickled and
freed like any other.
"""

import math
import weakref
from collections.abc import Iterator, Mapping
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, ClassVar, Self

from autograd.errors import GraphError
from autograd.lines import Line
from autograd.modes import Place
from autograd.namespaces import FLOATS
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

    def pass_back(self, gradient: Any, grads: dict["Node", Any]) -> None:
        """Add to `grads` what this node passes to its parents of its own gradient."""
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
            raise GraphError(f"{self!r} is a result: requires_grad is set on leaves, such as its detach()")
        self.__class__ = self._kind if required else self._frozen_kind

    def requires_grad_(self, required: bool = True) -> Self:
        """Set `requires_grad`, and return the node."""
        self.requires_grad = required
        return self

    def zero_grad(self) -> None:
        """Forget the gradients of this node and of every node behind it: `grad` is None again."""
        for node in topological_order(self):
            node.grad = None

    def _like(self, left: Any, right: Any) -> Self:
        """A node that differs from this one in its parents alone: `left` and `right` are what the slots hold."""
        node = object.__new__(type(self))
        for slot in self._state:
            setattr(node, slot, getattr(self, slot))
        node._left, node._right = left, right
        return node

    def __copy__(self) -> Self:
        return self._like(self._left, self._right)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copied: set[Node] = memo.setdefault(id(Node), set())  # memo's keys are ids: no node has that of its class
        for node in _with_leaves((self,), copied):
            left, right = node._left, node._right
            if type(left) is tuple:
                left = tuple(memo[id(parent)] for parent in left)
            elif left is not None:
                left = memo[id(left)]
            memo[id(node)] = twin = node._like(left, right if right is None else memo[id(right)])
            if hasattr(twin.grad, "copy"):  # an array, which may be changed in place
                twin.grad = twin.grad.copy()
        copy: Self = memo[id(self)]
        return copy

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        # pickle follows parents by recursion. So the first node that it meets hands it all nodes behind it, operands
        # first; by the time it meets each of those, it has the node's parents and has nowhere deep to go.
        ancestry = _Ancestry.latest()
        if ancestry is not None and self in ancestry.waiting:
            ancestry.waiting.remove(self)
            return _restored, (type(self), *[getattr(self, slot) for slot in self._state])
        return _last, (_Ancestry(self, ancestry),)


class Frozen(Node):
    """A leaf that requires no gradient."""

    __slots__ = ()


class _Ancestry:
    """The nodes behind a node, as pickle is to meet them, less those that an earlier root of the pickle brought along.

    A pickler keeps what it has pickled alive, so the latest ancestry, if it lives, is that of the pickle under way: or
    of another pickler that was kept. Then pickle will ask for a node that was `seen`, and gets the nodes behind that.
    """

    __slots__ = ("__weakref__", "nodes", "seen", "waiting")
    _latest: ContextVar["weakref.ref[_Ancestry] | None"] = ContextVar("latest", default=None)

    def __init__(self, root: Node, latest: "_Ancestry | None") -> None:
        self.seen: set[Node] = set() if latest is None or root in latest.seen else latest.seen
        self.nodes = list(_with_leaves((root,), self.seen))
        self.waiting: set[Node] = set()
        self._latest.set(weakref.ref(self))

    @classmethod
    def latest(cls) -> "_Ancestry | None":
        reference = cls._latest.get()
        return reference() if reference else None

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (), None, self._handed_over()

    def _handed_over(self) -> Iterator[Node]:
        for node in self.nodes:
            self.waiting.add(node)
            yield node


def _restored(kind: type[Node], *state: Any) -> Node:
    node = object.__new__(kind)
    for slot, value in zip(kind._state, state, strict=True):
        setattr(node, slot, value)
    return node


def _last(nodes: list[Node]) -> Node:
    return nodes[-1]


def operations_in_order(*roots: Node, seen: set[Node] | None = None) -> list[Node]:
    """The nodes behind `roots` (and these) that an operation made, each after those it was made from.

    Those in `seen`, and what is behind them, are passed over; the others are added to it.
    """
    order: list[Node] = []
    seen = set() if seen is None else seen
    stack: list[Node | None] = [root for root in reversed(roots) if root.op is not None]
    push, pop, append, enter = stack.append, stack.pop, order.append, seen.add
    while stack:
        node = pop()
        if node is None:  # everything behind the node below the marker is in order
            append(pop())  # type: ignore[arg-type]
            continue
        if node in seen:
            continue
        enter(node)
        push(node)
        push(None)
        left = node._left
        if type(left) is tuple:
            for parent in reversed(left):
                if parent.op is not None and parent not in seen:
                    push(parent)
        else:
            right = node._right
            if right is not None and right.op is not None and right not in seen:
                push(right)
            if left.op is not None and left not in seen:
                push(left)
    return order


def topological_order(*roots: Node) -> list[Node]:
    """All nodes behind `roots` (and these), each after its parents; a leaf stands just before its first use.

    >>> from autograd import Value
    >>> x, y, z = Value(1, "x"), Value(3, "y"), Value(-3, "z")
    >>> [node.label or node.op.name for node in topological_order((x + y) * z)]
    ['x', 'y', 'add', 'z', 'mul']
    """
    for root in roots:
        check_node(root, "topological_order")
    return list(_with_leaves(roots, set()))


def _with_leaves(roots: tuple[Node, ...], seen: set[Node]) -> Iterator[Node]:
    for node in operations_in_order(*roots, seen=seen):
        for parent in node.parents:
            if parent.op is None and parent not in seen:
                seen.add(parent)
                yield parent
        yield node
    for root in roots:
        if root.op is None and root not in seen:
            seen.add(root)
            yield root


def is_recorded(x: Any) -> bool:
    """Whether an operand becomes a parent of the result: a node does that is not frozen."""
    return isinstance(x, Node) and not isinstance(x, Frozen)


def check_node(x: object, function: str) -> None:
    """Raise a GraphError, naming the function that was called, unless `x` is a node."""
    if not isinstance(x, Node):
        hint = "did the function return a plain number, or was it run under no_grad()?"
        raise GraphError(f"{function} needs a Value, got the {type(x).__name__} {x!r}; {hint}")


def check_result(x: object, function: str) -> None:
    """Raise a GraphError unless `x` is a node that knows what led to it."""
    check_node(x, function)
    if isinstance(x, Node) and not x.requires_grad:
        raise GraphError(
            f"{function}: {x!r} has no gradient, because it is frozen itself or every operand that led to it is: set "
            "requires_grad = True on a leaf, and compute it anew"
        )
    if isinstance(x, Node) and x._constants is UNRECORDED:
        raise GraphError(f"{x!r} was computed under no_grad(): nothing that led to it was recorded")


def check_of_numbers(x: object, function: str) -> None:
    """Raise a GraphError, naming the function that was called, unless `x` is a result in a graph of numbers."""
    check_result(x, function)
    if isinstance(x, Node) and type(x._data) is not float:
        raise GraphError(
            f"{function} is for graphs of single numbers, got {x!r:.200}: autograd.unroll gives the graph of Values "
            "that a graph of Tensors stands for"
        )


def follows_from_operands(node: Node) -> bool:
    """Whether the operation gives the node's number for what its operands hold now, which may have been changed.

    The last digits may differ: a graph may come from a machine with another mathematical library.
    """
    if node.op is None:
        return True
    if type(node._data) is not float:
        with suppress(GraphError):
            node.check_operands()
            return True
        return False
    operands = [x.data if isinstance(x, Node) else x for x in node.operands]
    now = node.op.value(FLOATS, node.op.arranged(operands))
    return math.isclose(now, node.data, rel_tol=1e-9) or (now != now and node.data != node.data)
