"""Scopes: the part of a model that each node belongs to, and the clusters that are drawn around such parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from autograd import Node

_DEEPEST = 6  # clusters within clusters

Home: TypeAlias = tuple[str, ...]
"""The scopes around a node, the outermost first; none for a node that was made outside of all."""


def levels(scope: str) -> Home:
    """The scope with those around it, the outermost first. A number belongs to the name before it.

    >>> levels("layers.0.neurons.3"), levels("0.1")
    (('layers.0', 'layers.0.neurons.3'), ('0', '0.1'))
    """
    names = scope.split(".")
    numbered = {i for i in range(1, len(names)) if names[i].isdigit() and not names[i - 1].isdigit()}
    ends = [end for end in range(1, len(names) + 1) if end not in numbered]
    return tuple(".".join(names[:end]) for end in ends[:_DEEPEST])


def homes(order: Sequence[Node]) -> dict[Node, Home]:
    """The home of every node that has one: of a leaf the only scope that uses it or, of several, where it was made."""
    scopes = {node: node.scope for node in order if node.scope is not None}
    if not scopes:
        return {}
    users: dict[Node, set[str | None]] = {}
    for node in order:
        for parent in node.parents:
            if parent.op is None:
                users.setdefault(parent, set()).add(node.scope)
    for leaf, some in users.items():
        [scope, *others] = some
        if scope is not None and not others:
            scopes[leaf] = scope
    found = {scope: levels(scope) for scope in set(scopes.values())}
    return {node: found[scope] for node, scope in scopes.items()}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A frame around a scope: the keys of what lies directly in it, and of the cluster around it, if there is one.

    The label leaves out what is said by that.
    """

    key: str
    label: str
    around: str | None
    members: tuple[str, ...]


def clusters(members: Mapping[str, Home]) -> tuple[Cluster, ...]:
    """The clusters around the parts of a picture whose homes are given, each after the one around it.

    >>> [(each.label, each.members) for each in clusters({"n0": levels("layers.0.neurons.3"), "n1": ()})]
    [('layers.0', ()), ('neurons.3', ('n0',))]
    """
    inside: dict[str, list[str]] = {}
    around: dict[str, str | None] = {}
    for key, home in members.items():
        for outer, scope in zip((None, *home), home, strict=False):
            inside.setdefault(scope, [])
            around[scope] = outer
        if home:
            inside[home[-1]].append(key)
    keys: dict[str | None, str] = {scope: f"cluster{i}" for i, scope in enumerate(inside)}
    return tuple(
        Cluster(keys[scope], scope.removeprefix(f"{around[scope]}."), keys.get(around[scope]), tuple(those))
        for scope, those in inside.items()
    )
