"""The graph in the terminal: a tree of values under their results, with aligned numbers."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from autograd import Node, topological_order
from autograd.labels import display, visible
from autograd.names import Names, name_of, unique_names
from autograd.numerals import constant, count, numeral
from viz import folding, scopes
from viz.blocks import Block, Shown, shown, written
from viz.operations import local_derivative, operation_text
from viz.view import AS_RECORDED, Mark, View, edge_mark, in_focus, mark, operation_mark

READABLE = 120  # values
LIT_MARK = "▶"  # stands before the rows along which the step goes that is shown
WRONG_MARK = "✗"  # before the results of operations that are false, and the operands in which they are
_MARKS = {"lit": LIT_MARK, "wrong": WRONG_MARK}
_MARKED = {"lit": "bold reverse", "wrong": "bold red reverse"}
_DEEPEST_TREE = 14  # levels of indentation; a deeper graph is a list without any
_OPERANDS_SHOWN = 4
_UNLIMITED_WIDTH = 100_000
_WIDEST = 16  # characters of an array
_NARROWEST_FORMULA = 10
_ROOM_FOR_SCOPES = 100  # characters of a line


@dataclass(frozen=True, slots=True)
class Row:
    """A line: a value where it is an operand of the value that the guides lead to."""

    guides: str
    name: str
    formula: str
    data: Shown = None
    grad: Shown = None
    local: Shown = None
    is_first: bool = True  # a value used twice is written out once
    mark: Mark | None = None
    scope: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the tree a node stands (None: nodes that were folded), and the edge that leads there."""

    node: Node | None
    guides: str = ""
    below: str = ""
    local: Shown = None
    mark: Mark | None = None


class Outline:
    """The rows of a graph, for rich to print.

    >>> from autograd import Value
    >>> x = Value(3.0, label="x")
    >>> for row in Outline([x * x], {}).rows:
    ...     print(row.guides, row.name, row.formula, row.local)
     v1 x * x None
    ├─  x  3.0
    └─  x see above 3.0
    """

    def __init__(self, roots: Sequence[Node], names: Names, view: View = AS_RECORDED, limit: int = READABLE) -> None:
        order = topological_order(*roots)
        kept = order
        if len(order) > limit:
            nearest_to = [*in_focus(view), *roots]
            kept, _ = folding.fold(order, nearest_to, lambda node: bool(name_of(node, names)), limit)
        self.kept = frozenset(kept)
        self.names = unique_names(kept, names)
        self.homes = scopes.homes(order)
        self.view, self.has_marks = view, view is not AS_RECORDED
        self.is_tree = _depth(kept) <= _DEEPEST_TREE
        if self.is_tree:
            self.rows = self._tree(roots)
        else:
            self.rows = [self._row(_Place(node, mark=mark(view, node))) for node in reversed(kept)]
        hidden = len(order) - len(kept)
        self.caption = f"Folded: {count(hidden, 'value')} of {len(order):,}." if hidden else ""

    def _tree(self, roots: Sequence[Node]) -> list[Row]:
        rows: list[Row] = []
        written: set[Node] = set()
        for root in roots:
            if root in self.kept:
                self._grow(root, rows, written)
        for node in in_focus(self.view):  # what lies between the roots and this may be folded
            if node in self.kept and node not in written:
                self._grow(node, rows, written)
        return rows

    def _grow(self, top: Node, rows: list[Row], written: set[Node]) -> None:
        """Add the rows of `top` and of what is behind it, less what is written out already."""
        stack = [_Place(top, mark=self._mark(top))]
        while stack:
            place = stack.pop()
            node = place.node
            if node is None:
                rows.append(Row(place.guides, "…", "operands folded", is_first=False))
            elif node in written:
                rows.append(
                    Row(place.guides, self.names[node], "see above", None, None, place.local, False, place.mark)
                )
            else:
                written.add(node)
                rows.append(self._row(place))
                stack += self._branches(node, place.below)

    def _branches(self, node: Node, guides: str) -> "list[_Place]":
        """The operands of `node` with the guides that lead to them, last first."""
        is_computed = self.view.data(node) is not None
        edges: list[tuple[Node | None, Shown, Mark | None]] = [
            (
                parent,
                local_derivative(node, index) if is_computed else None,
                edge_mark(self.view, node, index) or self._mark(parent),
            )
            for index, parent in enumerate(node.parents)
            if parent in self.kept
        ]
        if len(edges) < len(node.parents):
            edges.append((None, None, None))
        corners = [("├─ ", "│  ")] * (len(edges) - 1) + [("└─ ", "   ")]
        return [
            _Place(parent, guides + corner, guides + below, local, marked)
            for (corner, below), (parent, local, marked) in zip(corners, edges, strict=False)
        ][::-1]

    def _mark(self, node: Node) -> Mark | None:
        """The mark of a node wherever it stands; backward, only the row of the step's edge is lit."""
        step = self.view.step
        if step is not None and step.phase == "forward" and step.node is node:
            return "lit"
        return operation_mark(self.view, node)

    def _row(self, place: "_Place") -> Row:
        node = place.node
        assert node is not None
        numbers = (shown(self.view.data(node)), shown(self.view.grad(node)), place.local)
        scope = self.homes.get(node, ("",))[-1]
        return Row(place.guides, self.names[node], self._formula(node), *numbers, mark=place.mark, scope=scope)

    def _formula(self, node: Node) -> str:
        """The operation written with the names of its operands: `x * y`, `tanh(v3)`."""
        if node.op is None:
            return ""
        operands = [self._operand(x) for x in node.operands[:_OPERANDS_SHOWN]]
        symbol, settings = node.op.symbol, node.op.written_settings(node.settings)
        if "…" in symbol:
            return operands[0] + operation_text(node)
        if len(node.operands) == 2 and not symbol[0].isalpha() and not node.op.over_lists:
            return f"{operands[0]} {symbol} {operands[1]}"
        more = len(node.operands) - len(operands)
        folded = [f"… {more:,} more"] if more else []
        return f"{symbol}({', '.join([*operands, *folded, *settings])})"

    def _operand(self, x: Any) -> str:
        return self.names.get(x, "…") if isinstance(x, Node) else constant(x)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        has_arrays = any(isinstance(x, Block) for row in self.rows for x in (row.data, row.grad))
        table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))
        table.add_column("  value" if self.has_marks else "value", no_wrap=True)
        # The only column that is wrapped on a narrow terminal.
        table.add_column("made by", style="dim", min_width=_NARROWEST_FORMULA if has_arrays else None)
        has_scopes = bool(self.homes) and options.max_width >= _ROOM_FOR_SCOPES
        if has_scopes:
            table.add_column("scope", style="dim", overflow="fold")
        has_locals = self.is_tree and not has_arrays  # arrays need the room, and few have a local derivative to show
        for heading in ("data", "grad", *(["local"] if has_locals else [])):
            table.add_column(heading, justify="right", no_wrap=True, min_width=8)
        for row in self.rows:
            name_style = _MARKED[row.mark] if row.mark else "bold" if row.is_first else "dim"
            marked = (_MARKS[row.mark] if row.mark else " ") + " " if self.has_marks else ""
            cells = [Text.assemble(marked, (row.guides, "dim"), (row.name, name_style))]
            cells.append(Text(row.formula, overflow="fold"))
            if has_scopes:
                cells.append(Text(display(row.scope), overflow="fold"))
            cells += [_number(row, row.data), _number(row, row.grad, colored=True)]
            if has_locals:
                cells.append(Text("" if row.local is None else written(row.local)))
            table.add_row(*(_encodable(cell, options) for cell in cells))
        yield table
        if self.caption:
            yield _encodable(Text(visible(self.caption), style="dim"), options)

    def __str__(self) -> str:
        """The table as plain text, as wide as it needs to be."""
        file = io.StringIO()
        Console(file=file, width=_UNLIMITED_WIDTH, color_system=None, force_terminal=False, _environ={}).print(self)
        return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def _number(row: Row, x: Shown, *, colored: bool = False) -> Text:
    if not row.is_first:
        return Text("")
    if isinstance(x, Block):
        return Text(_in_a_cell(x) if colored or not _is_wide(x) else f"{x.shape} {_in_a_cell(x)}")
    style = "" if not colored or not x or x != x else "blue" if x > 0 else "dark_orange3"
    return Text(numeral(x), style=style)


def _is_wide(x: Block) -> bool:
    """Whether an array is not written whole in a table, which must leave room for the tree."""
    return len(x.text) > _WIDEST


def _in_a_cell(x: Shown) -> str:
    """A number or array; of what is too wide, the mean ± the standard deviation."""
    return x.rough if isinstance(x, Block) and _is_wide(x) else written(x)


def _encodable(text: Text, options: ConsoleOptions) -> Text:
    """The text itself, or in escapes for a terminal that knows no more than ASCII."""
    if not options.ascii_only:
        return text
    plain = text.plain.translate(_ASCII_GUIDES).encode("ascii", "backslashreplace").decode()
    return Text(plain, style=text.style, no_wrap=text.no_wrap, overflow=text.overflow)


_ASCII_GUIDES = str.maketrans(
    {"├": "|", "└": "`", "│": "|", "─": "-", "…": "...", "—": "-", LIT_MARK: ">", WRONG_MARK: "x"}
)


def _depth(order: Sequence[Node]) -> int:
    """The number of operations on the longest way from a leaf to a result."""
    depths: dict[Node, int] = {}
    for node in order:
        depths[node] = 1 + max((depths.get(parent, 0) for parent in node.parents), default=-1)
    return max(depths.values(), default=0)
