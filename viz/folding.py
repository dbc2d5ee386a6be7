"""Which nodes of a graph too big to read stay in its picture, and how the others are gathered into groups.

Every step is linear in the size of the graph and a loop, so a graph of a million nodes is folded within seconds.
"""

from collections import Counter
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field

from autograd import Node
from viz.scopes import Home

_DEEPEST = 10  # operations from a root to what still is drawn: a picture is one screen long, too
_WIDTHS = (12, 6)  # the most operands of one operation that are drawn: the greatest of these that `limit` allows
_NAMED_LEAVES = 8  # leaves the reader knows by name are drawn all the same, unless they are more than this
_MOST_GROUPS = 24


@dataclass(slots=True, eq=False)
class Group:
    """Hidden nodes that become one summary: their operations, and the leaves that these use; and their home, if any.

    Several groups may have a leaf in common. The dict is an ordered set.
    """

    home: Home = ()
    operations: Counter[str] = field(default_factory=Counter)
    leaves: dict[Node, None] = field(default_factory=dict)

    @property
    def is_one_leaf(self) -> bool:
        """Whether nothing is hidden but one leaf."""
        return not self.operations and len(self.leaves) == 1


def by_scope(order: Sequence[Node], homes: Mapping[Node, Home], drawn: Collection[Node]) -> dict[Node, Group]:
    """For each node of a scope the group that is that scope, but for the nodes to be `drawn` all the same.

    The scopes are the outermost; where one is around all that have any, those within it.
    """
    if not homes:
        return {}
    level, distinct = 0, set(homes.values())
    while max(map(len, distinct)) > level + 1 and len({home[: level + 1] for home in distinct}) == 1:
        level += 1
    groups: dict[Home, Group] = {}
    found = {}
    for node in order:
        home = homes.get(node, ())[: level + 1]
        if len(home) > level and node not in drawn:
            group = found[node] = groups.setdefault(home, Group(home))
            if node.op is None:
                group.leaves[node] = None
            else:
                group.operations[node.op.name] += 1
    return {node: group for node, group in found.items() if len(group.leaves) + group.operations.total() > 1}


def known_leaves(order: Sequence[Node], is_named: Callable[[Node], bool]) -> list[Node]:
    """The leaves that the reader knows by name; none if they are too many to be drawn all the same."""
    named = [node for node in order if node.op is None and is_named(node)]
    return named if len(named) <= _NAMED_LEAVES else []


def fold(
    order: Sequence[Node],
    roots: Sequence[Node],
    is_named: Callable[[Node], bool],
    limit: int,
    folded: Container[Node] = (),
) -> tuple[list[Node], dict[Node, Group]]:
    """The nodes of `order` to be drawn, at most about `limit`, and for each other the group that holds it.

    Hidden operations that are connected form a group, so that for instance each sample of a batch has its own; and
    groups that feed the same drawn nodes are one. Operands that are `folded` already are left alone.
    """
    for width in _WIDTHS:
        kept = _nearest([root for root in roots if root not in folded], limit, width, folded)
        if len(kept) >= limit // 2:
            break
    kept.update(known_leaves([node for node in order if node not in kept], is_named))
    # A summary of one operation or one leaf would take more room than it saves.
    components = _components(order, kept)
    sizes = Counter(components.values())
    alone = [node for node, leader in components.items() if sizes[leader] == 1]
    if len(alone) <= limit:
        kept.update(alone)
        components = {node: leader for node, leader in components.items() if node not in kept}
    groups = _groups(order, kept, components, folded)
    hidden = {node: group for node, group in groups.items() if not group.is_one_leaf}
    return [node for node in order if node not in hidden], hidden


def _nearest(roots: Sequence[Node], limit: int, width: int, folded: Container[Node]) -> set[Node]:
    """The nodes nearest to the roots, level by level; of more than `width` operands only some."""
    kept: set[Node] = set()
    level = dict.fromkeys(roots[:limit])
    for _ in range(_DEEPEST):
        kept.update(level)
        parents = (parent for node in level for parent in _drawn(node, width))
        level = dict.fromkeys(parent for parent in parents if parent not in kept and parent not in folded)
        if not level or len(kept) + len(level) > limit:
            break
    return kept


def _drawn(node: Node, width: int) -> list[Node]:
    parents = list(dict.fromkeys(node.parents))
    return parents if len(parents) <= width else _examples(parents, width - 2)


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


def _groups(
    order: Sequence[Node], kept: set[Node], components: dict[Node, Node], folded: Container[Node]
) -> dict[Node, Group]:
    """The group of each hidden node: one for all components and hidden leaves that feed the same drawn nodes."""
    home = dict(components)  # a hidden leaf lives with the first hidden operation that uses it, or else by itself
    results: dict[Node, dict[Node, None]] = {}
    for node in order:
        for parent in node.parents:
            if parent not in kept and parent not in folded:
                leader = home.setdefault(parent, components.get(node, parent))
                if node in kept:
                    results.setdefault(leader, {})[node] = None
    for node in order:
        if node not in kept:
            home.setdefault(node, node)  # a root that is a leaf, or a leaf that only a folded scope uses
    groups = _by_results(home, results)
    for node, leader in home.items():
        group = groups[leader]
        if node.op is None:
            group.leaves[node] = None
            continue
        group.operations[node.op.name] += 1
        for parent in node.parents:
            if parent.op is None and parent in home:
                group.leaves[parent] = None
    return {node: groups[leader] for node, leader in home.items()}


def _by_results(home: dict[Node, Node], results: dict[Node, dict[Node, None]]) -> dict[Node, Group]:
    """The group of each component: those with the same results share one, and if they would be too many, all do.

    A component without results is behind a root that is itself hidden, as of many roots not all are drawn. It shares a
    group only with others of that kind, for it feeds nothing that is drawn.
    """
    users = {leader: tuple(results.get(leader, ())) for leader in home.values()}
    if len(set(users.values())) > _MOST_GROUPS:
        everyone = dict.fromkeys(user for some in users.values() for user in some)
        users = {leader: tuple(everyone) if some else () for leader, some in users.items()}
    groups = {some: Group() for some in users.values()}
    return {leader: groups[some] for leader, some in users.items()}
