"""GraphMethods: what a node does with the whole graph behind it, which may be deep: it is copied, pickled, cleared."""

import weakref
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, Self

from autograd.node import Node
from autograd.order import topological_order, with_leaves


class GraphMethods(Node):
    """A node that can be copied and pickled with all nodes behind it, and have their gradients cleared."""

    __slots__ = ()

    def zero_grad(self) -> None:
        """Forget the gradients of this node and of every node behind it: `grad` is None again."""
        for node in topological_order(self):
            node.grad = None

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copied: set[Node] = memo.setdefault(id(Node), set())  # memo's keys are ids: no node has that of its class
        for node in with_leaves((self,), copied):
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


class _Ancestry:
    """The nodes behind a node, as pickle is to meet them, less those that an earlier root of the pickle brought along.

    A pickler keeps what it has pickled alive, so the latest ancestry, if it lives, is that of the pickle under way: or
    of another pickler that was kept. Then pickle will ask for a node that was `seen`, and gets the nodes behind that.
    """

    __slots__ = ("__weakref__", "nodes", "seen", "waiting")
    _latest: ContextVar["weakref.ref[_Ancestry] | None"] = ContextVar("latest", default=None)

    def __init__(self, root: Node, latest: "_Ancestry | None") -> None:
        self.seen: set[Node] = set() if latest is None or root in latest.seen else latest.seen
        self.nodes = list(with_leaves((root,), self.seen))
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
