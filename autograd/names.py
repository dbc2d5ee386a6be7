"""Names for nodes: their labels, what a mapping such as `locals()` calls them, and for all others a number."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any

from autograd.errors import LabelError
from autograd.labels import shortened, visible
from autograd.node import Node

_DEEPEST = 3  # W[0][1][2]; what lies deeper has no name worth reading
_LONGEST_LIST = 10_000
_LONGEST_NAME = 32
_NOTEBOOK_HISTORY = frozenset({"In", "Out"})

Names = Mapping[Node, str]


def names_of(mapping: Mapping[str, Any] | None) -> dict[Node, str]:
    """The name of each node that `mapping` names, directly or as an element of a list, tuple or dict: `w`, `w[0]`.

    A label the node has of its own comes first, then the first name bound to the node itself, then the first element.
    Names that start with an underscore are private and ignored, as is what is no node.

    >>> from autograd import Value
    >>> x, w = Value(1), [Value(2), Value(3, label="bias")]
    >>> list(names_of({"_tmp": x, "x": x, "same": x, "w": w, "n": 3}).values())
    ['x', 'w[0]', 'bias']
    """
    if mapping is None:
        return {}
    if not isinstance(mapping, Mapping):
        raise TypeError(
            f"names must map names to nodes, as locals() does; got the {type(mapping).__name__} {mapping!r:.60}"
        )
    public = [
        (name, x)
        for name, x in mapping.items()
        if isinstance(name, str) and not name.startswith("_") and name not in _NOTEBOOK_HISTORY
    ]
    found: dict[Node, str] = {}
    for name, x in public:
        if isinstance(x, Node):
            found.setdefault(x, x.label or name)
    for name, x in public:
        for path, node in _elements(name, x, _DEEPEST):
            found.setdefault(node, node.label or path)
    return found


def name_of(node: Node, names: Names) -> str:
    """The node's name, else its own label, else nothing."""
    return str(names.get(node) or node.label or "")


def unique_names(nodes: Iterable[Node], names: Names) -> dict[Node, str]:
    """A name fit to show for every node: its own or, numbered in the order of `nodes`, `v1`, `v2`, …; no two alike.

    >>> from autograd import Value
    >>> x, same, unnamed = Value(1, "x"), Value(2, "x"), Value(3)
    >>> list(unique_names([x, same, unnamed], {}).values())
    ['x', 'x#2', 'v1']
    """
    found = {node: shortened(visible(name_of(node, names)), _LONGEST_NAME) for node in nodes}
    labels, seen = set(found.values()), {""}
    numbers: dict[str, Iterator[int]] = {"": count(1)}
    for node, name in found.items():
        unique = name
        while unique in seen or (unique in labels and unique != name):
            number = next(numbers.setdefault(name, count(2)))
            unique = f"{name}#{number}" if name else f"v{number}"
        seen.add(unique)
        found[node] = unique
    return found


class Labels:
    """Nodes by their names and labels."""

    def __init__(self, names: Names) -> None:
        self._nodes: dict[str, list[Node]] = {}
        for node, own in names.items():
            for each in {own, node.label} - {None, ""}:
                self._nodes.setdefault(str(each), []).append(node)

    def __getitem__(self, name: object) -> Node:
        """The one node of that name or label; LabelError, which suggests another, if there is none or several."""
        found = self._nodes.get(str(name), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise LabelError(f"{len(found)} nodes are labelled {name!r}: give each a label of its own")
        from difflib import get_close_matches  # seldom needed, and slow to import

        close = get_close_matches(str(name), self._nodes, n=1)
        labels = ", ".join(map(repr, list(self._nodes)[:10])) or "none"
        hint = f"did you mean {close[0]!r}?" if close else f"its labels are {labels}"
        raise LabelError(f"no node is labelled {name!r}: {hint}")


def named(name: object, names: Names) -> Node:
    """The one node of `names` whose name or label is `name`, as `Labels` finds it."""
    return Labels(names)[name]


def _elements(path: str, x: Any, depth: int) -> Iterator[tuple[str, Node]]:
    if not depth or type(x) not in (list, tuple, dict) or len(x) > _LONGEST_LIST:
        return
    for key, item in x.items() if type(x) is dict else enumerate(x):
        if isinstance(key, int | str):
            inner = f"{path}[{key!r}]"
            if isinstance(item, Node):
                yield inner, item
            else:
                yield from _elements(inner, item, depth - 1)
