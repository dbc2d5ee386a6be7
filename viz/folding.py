"""Which nodes of a graph too big to read stay in its picture, and how the others are gathered into groups.

Every step is linear in the size of the graph and a loop, so a graph of a million nodes is folded within seconds.
"""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autograd import Node

_DEEPEST = 10  # operations from a root to what still is drawn: a picture is one screen long, too
_WIDTHS = (12, 6)  # the most operands of one operation that are drawn: the greatest of these that `limit` allows
_NAMED_LEAVES = 8  # leaves the reader knows by name are drawn all the same, unless they are more than this
_MOST_GROUPS = 24


@dataclass(slots=True)
class Group:
    """Hidden nodes that become one summary: what they are, the kept nodes they need, and those that need them."""

    operations: Counter[str] = field(default_factory=Counter)
    leaves: int = 0
    operands: list[Node] = field(default_factory=list)
    results: list[Node] = field(default_factory=list)


def fold(
    order: Sequence[Node], roots: Sequence[Node], is_named: Callable[[Node], bool], limit: int
) -> tuple[list[Node], list[Group]]:
    """The nodes of `order` to be drawn, at most about `limit`, and the groups that hold all others.

    Hidden operations that are connected form a group, so that for instance each sample of a batch has its own; and
    groups that feed the same drawn nodes are one.
    """
    for width in _WIDTHS:
        kept = _nearest(roots, limit, width)
        if len(kept) < limit:
            break
    named = [node for node in order if node.op is None and node not in kept and is_named(node)]
    if len(named) <= _NAMED_LEAVES:
        kept.update(named)
    components = _components(order, kept)
    return [node for node in order if node in kept], _groups(order, kept, components)


def _nearest(roots: Sequence[Node], limit: int, width: int) -> set[Node]:
    """The nodes nearest to the roots, breadth first; of more than `width` operands only some."""
    kept: set[Node] = set()
    queue = deque((root, 0) for root in roots)
    while queue and len(kept) < limit:
        node, depth = queue.popleft()
        if node in kept:
            continue
        kept.add(node)
        if depth < _DEEPEST:
            parents = list(dict.fromkeys(node.parents))
            shown = parents if len(parents) <= width else _examples(parents, width - 2)
            queue.extend((parent, depth + 1) for parent in shown)
    return kept


def _examples(parents: list[Node], number: int) -> list[Node]:
    """The first few operands, leaves and results alike: a dot product shows weights as well as what they weigh."""
    results = [parent for parent in parents if parent.op is not None]
    leaves = [parent for parent in parents if parent.op is None]
    half = number // 2
    some = {*results[: max(half, number - len(leaves))], *leaves[: max(half, number - len(results))]}
    return [parent for parent in parents if parent in some]


def _components(order: Sequence[Node], kept: set[Node]) -> dict[Node, Node]:
    """For each hidden operation a node that stands for all hidden operations connected to it."""
    leader = {node: node for node in order if node.op is not None and node not in kept}

    def find(node: Node) -> Node:
        while (above := leader[node]) is not node:
            leader[node] = node = leader[above]  # halves the path, for the next to come this way
        return node

    for node in leader:
        own = find(node)
        for parent in node.parents:
            if parent in leader:
                leader[find(parent)] = own
    return {node: find(node) for node in leader}


def _groups(order: Sequence[Node], kept: set[Node], components: dict[Node, Node]) -> list[Group]:
    home = dict(components)  # a hidden leaf lives with the first hidden operation that uses it, or else by itself
    for node, leader in components.items():
        for parent in node.parents:
            if parent.op is None and parent not in kept:
                home.setdefault(parent, leader)
    results: dict[Node, dict[Node, None]] = {}
    for node in order:
        if node in kept:
            for parent in node.parents:
                if parent not in kept:
                    results.setdefault(home.setdefault(parent, parent), {})[node] = None
    # A component that feeds no drawn node directly cannot be: it would not be behind a root.
    sets = {leader: tuple(users) for leader, users in results.items()}
    if len(set(sets.values())) > _MOST_GROUPS:
        everything = tuple(dict.fromkeys(user for users in sets.values() for user in users))
        sets = dict.fromkeys(sets, everything)
    groups = {users: Group(results=list(users)) for users in sets.values()}
    operands: dict[tuple[Node, ...], dict[Node, None]] = {users: {} for users in groups}
    leaves: dict[tuple[Node, ...], set[Node]] = {users: set() for users in groups}
    for node, leader in home.items():
        users = sets[leader]
        if node.op is None:
            leaves[users].add(node)
            continue
        groups[users].operations[node.op.name] += 1
        for parent in node.parents:
            if parent in kept:
                operands[users][parent] = None
            elif parent.op is None:
                leaves[users].add(parent)
    for users, group in groups.items():
        group.leaves, group.operands = len(leaves[users]), list(operands[users])
    return list(groups.values())
