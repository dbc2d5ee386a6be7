"""A graph as a flat table of plain data, which JSON can hold, and back.

    {"format": "chainrule graph", "version": 1,
     "roots": [2],
     "nodes": [{"id": 0, "label": "x", "data": 2.0, "grad": 3.0},
               {"id": 1, "label": "y", "data": 3.0, "grad": 2.0},
               {"id": 2, "label": null, "data": 6.0, "grad": 1.0,
                "op": "mul", "operands": [0, 1], "partials": [3.0, 2.0]}]}

A row's `id` is its place in the table, and it comes after the rows of its operands. An operand is the id of a node, or
`{"constant": 2.0}` for a number that took part; `partials` has one entry for each operand that is a node. Leaves have
no `op`, `operands` and `partials`. What JSON has no number for is written "inf", "-inf" and "nan".
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from autograd.define import registry
from autograd.errors import GraphError
from autograd.node import Node
from autograd.op import Op

FORMAT, VERSION = "chainrule graph", 1


def of_nodes(nodes: Sequence[Node], roots: Iterable[Node]) -> dict[str, Any]:
    """The table of `nodes`, which are in topological order."""
    ids = {node: i for i, node in enumerate(nodes)}
    return {
        "format": FORMAT,
        "version": VERSION,
        "roots": [ids[root] for root in roots],
        "nodes": [_row(node, ids) for node in nodes],
    }


def _row(node: Node, ids: Mapping[Node, int]) -> dict[str, Any]:
    grad = None if node.grad is None else _written(node.grad)
    row: dict[str, Any] = {"id": ids[node], "label": node.label, "data": _written(node.data), "grad": grad}
    if node.op is not None:
        row["op"] = node.op.name
        row["operands"] = [ids[x] if isinstance(x, Node) else {"constant": _written(x)} for x in node.operands]
        row["partials"] = [_written(d) for d in node.partials]
    return row


def _written(x: float) -> float | str:
    return x if math.isfinite(x) else str(float(x))


def to_roots(table: Mapping[str, Any], kind: type[Node]) -> list[Node]:
    """The roots of the graph that the table describes, made of new nodes of class `kind`."""
    if not isinstance(table, Mapping) or table.get("format") != FORMAT or table.get("version") != VERSION:
        raise GraphError(f"not the table of a graph: expected a dict with format {FORMAT!r} and version {VERSION}")
    rows, roots = table.get("nodes"), table.get("roots")
    if not isinstance(rows, list) or not isinstance(roots, list) or not roots:
        raise GraphError("the table of a graph needs a list of 'nodes' and a list of 'roots' that is not empty")
    nodes: list[Node] = []
    for i, row in enumerate(rows):
        nodes.append(_node(row, i, nodes, kind))
    return [_known(root, nodes, "roots") for root in roots]


def _node(row: Any, i: int, nodes: Sequence[Node], kind: type[Node]) -> Node:
    where = f"row {i}"
    if not isinstance(row, Mapping) or type(row.get("id")) is not int or row["id"] != i:
        raise GraphError(f"{where}: expected a dict with id {i}, got {row!r}")
    data, name, label, grad = _number(row.get("data"), where, "data"), row.get("op"), row.get("label"), row.get("grad")
    if label is not None and not isinstance(label, str):
        raise GraphError(f"{where}: a label is a string or null, got {label!r}")
    if name is not None:
        node = _result(row, data, _op(name, where), nodes, kind, where)
    elif "operands" in row or "partials" in row:
        raise GraphError(f"{where}: it has operands or partials, but no op that they belong to")
    else:
        node = kind.recorded(data, None, (), (), None)
    node.label, node.grad = label, None if grad is None else _number(grad, where, "grad")
    return node


def _op(name: Any, where: str) -> Op:
    op = registry.get(name) if isinstance(name, str) else None
    if op is None:
        raise GraphError(f"{where}: there is no operation {name!r}; import the module that defines it first")
    return op


def _result(row: Mapping[str, Any], data: float, op: Op, nodes: Sequence[Node], kind: type[Node], where: str) -> Node:
    operands = [_operand(x, nodes, where) for x in _list(row, "operands", where)]
    partials = [_number(x, where, "partials") for x in _list(row, "partials", where)]
    parents = [x for x in operands if isinstance(x, Node)]
    if not parents or len(parents) != len(partials) or not _fits(op, operands):
        raise GraphError(f"{where}: {op.name} does not fit its {len(operands)} operands and {len(partials)} partials")
    constants = None
    if len(parents) < len(operands):
        constants = tuple(None if isinstance(x, Node) else x for x in operands)
    return kind.recorded(data, op, tuple(parents), tuple(partials), constants)


def _fits(op: Op, operands: Sequence[Node | float]) -> bool:
    """Whether there are as many operands as the operation takes, with numbers where it has no derivative."""
    if op.over_lists:
        length, remainder = divmod(len(operands), len(op.operands))
        return remainder == 0 and length >= op.least
    if len(operands) != len(op.operands):
        return False
    return None not in op.partials or not any(
        isinstance(x, Node) and partial is None for x, partial in zip(operands, op.partials, strict=True)
    )


def _list(row: Mapping[str, Any], column: str, where: str) -> list[Any]:
    items = row.get(column)
    if not isinstance(items, list):
        raise GraphError(f"{where}: {column} must be a list, got {items!r}")
    return items


def _operand(x: Any, nodes: Sequence[Node], where: str) -> Node | float:
    if isinstance(x, Mapping):
        return _number(x.get("constant"), where, "constant")
    return _known(x, nodes, where)


def _known(x: Any, nodes: Sequence[Node], where: str) -> Node:
    if type(x) is not int or not 0 <= x < len(nodes):
        raise GraphError(f"{where}: {x!r} is not the id of an earlier row")
    return nodes[x]


def _number(x: Any, where: str, column: str) -> float:
    if type(x) is float:
        return x
    if (isinstance(x, str) and x in ("inf", "-inf", "nan")) or (isinstance(x, (int, float)) and type(x) is not bool):
        with suppress(OverflowError):  # of an integer beyond the floats
            return float(x)
    raise GraphError(f"{where}: {column} must be a number, got {x!r}")
