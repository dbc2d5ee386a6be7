"""A graph as a flat table of plain data, which JSON can hold, and back.

    {"format": "chainrule graph", "version": 1,
     "roots": [2],
     "nodes": [{"id": 0, "label": "x", "data": 2.0, "grad": 3.0},
               {"id": 1, "label": "y", "data": 3.0, "grad": 2.0},
               {"id": 2, "label": null, "data": 6.0, "grad": 1.0,
                "op": "mul", "operands": [0, 1], "partials": [3.0, 2.0]}]}

A row's `id` is its place in the table, and it comes after the rows of its operands. An operand is the id of a node, or
`{"constant": 2.0}` for a number that took part; `partials` has one entry for each operand that is a node. Leaves have
no `op`, `operands` and `partials`; what was made in a scope has its name as `scope`. What JSON has no number for is
written "inf", "-inf" and "nan".

A Tensor has its `data` and `grad` as `{"shape": [2], "dtype": "float64", "values": [1.0, 2.0]}`, `settings` in place of
`partials`, and may have arrays as constants; how settings are written is described in `autograd.plain`. All numbers are
in the table, some 20 bytes each: it is for graphs, and not for the weights of a large model.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from autograd import plain
from autograd.arrayop import AXES, ArrayOp
from autograd.arrays import NUMPY
from autograd.define import array_registry, registry
from autograd.errors import GraphError
from autograd.node import Node
from autograd.op import Op
from autograd.plain import read_number
from autograd.tensor import Tensor
from autograd.value import Value

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
    if node.scope is not None:
        row["scope"] = node.scope
    if node.op is not None:
        row["op"] = node.op.name
        row["operands"] = [ids[x] if isinstance(x, Node) else {"constant": _written(x)} for x in node.operands]
        if isinstance(node, Tensor):
            node.check_operands()  # their data is in their own rows
            where = f"row {ids[node]}"
            row["settings"] = {
                name: plain.setting(x, f"{where}: {node.op.name}, {name}") for name, x in node.settings.items()
            }
        else:
            row["partials"] = [_written(d) for d in node.partials]
    return row


def _written(x: Any) -> Any:
    return plain.array(x) if isinstance(x, np.ndarray) else plain.number(x)


def to_roots(table: Mapping[str, Any]) -> list[Node]:
    """The roots of the graph that the table describes, made of new nodes."""
    if not isinstance(table, Mapping) or table.get("format") != FORMAT or table.get("version") != VERSION:
        raise GraphError(f"not the table of a graph: expected a dict with format {FORMAT!r} and version {VERSION}")
    rows, roots = table.get("nodes"), table.get("roots")
    if not isinstance(rows, list) or not isinstance(roots, list) or not roots:
        raise GraphError("the table of a graph needs a list of 'nodes' and a list of 'roots' that is not empty")
    nodes: list[Node] = []
    for i, row in enumerate(rows):
        nodes.append(_node(row, i, nodes))
    return [_known(root, nodes, "roots") for root in roots]


def _node(row: Any, i: int, nodes: Sequence[Node]) -> Node:
    where = f"row {i}"
    if not isinstance(row, Mapping) or type(row.get("id")) is not int or row["id"] != i:
        raise GraphError(f"{where}: expected a dict with id {i}, got {row!r}")
    data, name, grad = _read(row.get("data"), where, "data"), row.get("op"), row.get("grad")
    kind: type[Node] = Value if type(data) is float else Tensor
    label, scope = (_text(row, column, where) for column in ("label", "scope"))
    if name is not None:
        make = _result if kind is Value else _tensor
        node = make(row, data, _op(name, where), nodes, where)
    elif not row.keys().isdisjoint(("operands", "partials", "settings")):
        raise GraphError(f"{where}: it has operands, partials or settings, but no op that they belong to")
    else:
        node = kind.recorded(data, None, (), (), None)
    node._place = None if scope is None else (None, scope)
    node.label, node.grad = label, None if grad is None else _read(grad, where, "grad")
    if node.grad is not None and _kind(node.grad) != _kind(data):
        raise GraphError(f"{where}: grad must have the shape and dtype of data")
    return node


def _text(row: Mapping[str, Any], column: str, where: str) -> str | None:
    text = row.get(column)
    if text is not None and not isinstance(text, str):
        raise GraphError(f"{where}: a {column} is a string or null, got {text!r}")
    return text


def _kind(x: Any) -> tuple[Any, ...]:
    return np.shape(x), getattr(x, "dtype", float)


def _op(name: Any, where: str) -> Op:
    op = registry.get(name) or array_registry.get(name) if isinstance(name, str) else None
    if op is None:
        raise GraphError(f"{where}: there is no operation {name!r}; import the module that defines it first")
    return op


def _result(row: Mapping[str, Any], data: float, op: Op, nodes: Sequence[Node], where: str) -> Node:
    operands = [_operand(x, nodes, where) for x in _list(row, "operands", where)]
    partials = [read_number(x, where, "partials") for x in _list(row, "partials", where)]
    parents = [x for x in operands if isinstance(x, Node)]
    if not parents or len(parents) != len(partials) or isinstance(op, ArrayOp) or not _fits(op, operands):
        raise GraphError(f"{where}: {op.name} does not fit its {len(operands)} operands and {len(partials)} partials")
    if any(isinstance(x, (Tensor, np.ndarray)) for x in operands):
        raise GraphError(f"{where}: {op.name} of arrays gives an array, and its data is a number")
    return Value.recorded(data, op, tuple(parents), tuple(partials), _constants(operands))


def _constants(operands: Sequence[Any]) -> tuple[Any, ...] | None:
    if all(isinstance(x, Node) for x in operands):
        return None
    return tuple(None if isinstance(x, Node) else x for x in operands)


def _tensor(row: Mapping[str, Any], data: Any, op: Op, nodes: Sequence[Node], where: str) -> Node:
    """The Tensor that a row describes, if the operation gives an array of that shape and dtype for its operands."""
    operands = [_operand(x, nodes, where) for x in _list(row, "operands", where)]
    parents = [x for x in operands if isinstance(x, Node)]
    settings = _settings(row, op, where)
    if not parents or not _takes(op, operands):
        raise GraphError(f"{where}: {op.name} does not fit its {len(operands)} operands")
    given = [x._data if isinstance(x, Node) else x for x in operands]
    dtype = np.result_type(*[x.dtype for x in given if getattr(x, "dtype", None) in NUMPY] or [float])
    try:
        with np.errstate(all="ignore"):
            found = np.asarray(op.array_value(NUMPY[dtype], given, settings))
    except (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError) as error:
        raise GraphError(f"{where}: {op.name} does not fit its operands and settings: {error}") from error
    if found.shape != data.shape or data.dtype != dtype:
        raise GraphError(
            f"{where}: {op.name} of its operands is {dtype} of shape {found.shape}, and its data {data.dtype} of shape "
            f"{data.shape}"
        )
    arrays = tuple(parent._data for parent in parents)
    node = Tensor.recorded(data, op, tuple(parents), arrays, _constants(operands))
    node._settings = settings
    return node


def _settings(row: Mapping[str, Any], op: Op, where: str) -> dict[str, Any]:
    written = row.get("settings")
    names = op.settings.keys() if isinstance(op, ArrayOp) else AXES.keys() if op.over_lists else ()
    if not isinstance(written, dict) or written.keys() != set(names):
        raise GraphError(f"{where}: the settings of {op.name} are {', '.join(names) or 'none'}, got {written!r:.200}")
    return {name: plain.read_setting(written[name], f"{where}: {op.name}, {name}") for name in names}


def _takes(op: Op, operands: Sequence[Any]) -> bool:
    """Whether the operation on arrays takes as many operands."""
    if isinstance(op, ArrayOp):
        return op.is_variadic or len(operands) == len(op.operands)
    return len(operands) == 1 if op.over_lists else _fits(op, operands)


def _fits(op: Op, operands: Sequence[Any]) -> bool:
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


def _operand(x: Any, nodes: Sequence[Node], where: str) -> Any:
    if isinstance(x, Mapping):
        return _read(x.get("constant"), where, "constant", (*plain.FLOATS, "bool"))
    return _known(x, nodes, where)


def _read(x: Any, where: str, column: str, dtypes: tuple[str, ...] = plain.FLOATS) -> Any:
    return plain.read_array(x, where, column, dtypes) if isinstance(x, dict) else read_number(x, where, column)


def _known(x: Any, nodes: Sequence[Node], where: str) -> Node:
    if type(x) is not int or not 0 <= x < len(nodes):
        raise GraphError(f"{where}: {x!r} is not the id of an earlier row")
    return nodes[x]
