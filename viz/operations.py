"""What a picture writes of an operation: its symbol with its constants, and its local derivatives."""

from autograd import GraphError, Node
from autograd.labels import shortened
from autograd.numerals import constant, is_short
from viz.blocks import Block, Shown, shown

_LONGEST_OPERATION, _LONGEST_LOCAL = 40, 24  # characters


def operation_text(node: Node) -> str:
    """The symbol of the operation that made `node`, with its settings, and its constants where they stand.

    >>> from autograd import Value, clamp
    >>> x = Value(3.0)
    >>> [operation_text(node) for node in (x + x, x**2, 1 / x, clamp(x, 0, 1))]
    ['+', '** 2', '1 /', 'clamp(·, 0, 1)']
    """
    assert node.op is not None
    symbol, operands, settings = node.op.symbol, node.operands, ", ".join(node.op.written_settings(node.settings))
    if settings:
        told = symbol.replace("…", settings.strip("(,)")) if "…" in symbol else f"{symbol} {settings}"
        return shortened(told, _LONGEST_OPERATION)
    constants = [constant(x) for x in operands if not isinstance(x, Node)]
    if not constants:
        return symbol
    if node.op.over_lists:
        return f"{symbol}(…, {constants[0]})" if len(constants) == 1 else f"{symbol}, {len(constants)} constants"
    if len(operands) == 2 and not symbol[0].isalpha():
        only = f"({constants[0]})" if constants[0].startswith("-") else constants[0]
        return f"{symbol} {only}" if isinstance(operands[0], Node) else f"{only} {symbol}"
    return f"{symbol}({', '.join('·' if isinstance(x, Node) else constant(x) for x in operands)})"


def local_derivative(node: Node, index: int) -> Shown:
    """The local derivative in parent number `index`; None of an array too long for an arrow, or no longer known."""
    try:
        local = node.local(index)
    except GraphError:  # the data of a Tensor's operand was changed
        return None
    found = shown(local) if is_short(local) else None
    return None if isinstance(found, Block) and len(found.text) > _LONGEST_LOCAL else found
