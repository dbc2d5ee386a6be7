"""Names for nodes that have no label, found in a mapping such as `locals()`."""

from collections.abc import Iterator, Mapping
from typing import Any

from autograd import Node

_DEEPEST = 3  # W[0][1][2]; what lies deeper has no name worth reading
_LONGEST_LIST = 10_000
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
    """The node's own label, else its name, else nothing."""
    return str(node.label or names.get(node, ""))


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
