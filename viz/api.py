"""The functions that people call: `draw`, `draw_dot` and `text`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, get_args, overload

from autograd import Graph, Node, Stepper
from autograd.names import names_of
from viz.diagram import LARGEST, READABLE, diagram
from viz.network import Wired, network
from viz.parts import Diagram, Direction
from viz.picture import NetworkPicture, Picture
from viz.view import AS_RECORDED, Checked, View, shown_root

if TYPE_CHECKING:
    import graphviz

    from autograd.testing import Report

Roots: TypeAlias = "Node | Sequence[Node] | Graph | Stepper | Report"


@overload
def draw(
    root: Roots,
    *,
    names: Mapping[str, Any] | None = None,
    direction: Direction = "LR",
    fold: bool = True,
    limit: int = READABLE,
    unfold: bool = False,
) -> Picture: ...
@overload
def draw(root: Wired) -> NetworkPicture: ...
def draw(
    root: Any,
    *,
    names: Mapping[str, Any] | None = None,
    direction: Direction = "LR",
    fold: bool = True,
    limit: int = READABLE,
    unfold: bool = False,
) -> Picture | NetworkPicture:
    """A picture of the graph behind a result, or behind each of several; a `Graph` is drawn from its roots.


    A `Stepper` is drawn as far as it has got, with its latest step lit; of a graph too big to read, the part behind it.
    A report of `autograd.testing.check_gradients` is drawn with the operations whose rules are false marked, with the
    gradients of the function's result if it has only one.

    Every value is a card with its label, its number and its gradient, on a colour that shows the gradient's sign and
    size; every operation is a circle; every arrow from an operand carries the local derivative. `names=locals()` names
    what has no label. `direction` is "LR", left to right, or "TB", top to bottom.

    What was made within an `autograd.scope`, such as a layer of a model, stands in a frame.

    A graph of more than `limit` cards and circles is folded, scopes first, and the picture says what was: `fold=False`
    draws all. With `unfold`, a dot product of Values is drawn as the products and the sum that it stands for, unless
    the graph is folded.

    A model has none of these options. It is drawn as a network: a column of circles for each layer, a line for each
    weight; of long columns some. Any object that has a method `wiring`, as `viz.network.Wired` says, is one.

    Raises TypeError for what is no node, a report without a graph, and options that do not apply; ValueError for an
    unknown direction or a limit below 1; and GraphError for a graph that is too big to be drawn without folding.

    >>> import viz
    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> y = x**2
    >>> y.backward()
    >>> viz.draw(y, names=locals()).diagram.boxes[0]
    Box(key='n0', label='x', data=3.0, grad=6.0, is_leaf=True, operation='', mark=None)
    """
    from viz.outline import Outline

    if not isinstance(root, type) and callable(getattr(root, "wiring", None)):
        if (names, direction, fold, limit, unfold) != (None, "LR", True, READABLE, False):
            raise TypeError("draw: names, direction, fold, limit and unfold are for graphs; leave them out for a model")
        return NetworkPicture(network(root))
    subject = _subject(root, names, "draw")
    if unfold and subject.view is not AS_RECORDED:
        raise TypeError(
            f"draw: unfold is for results, not for a {type(root).__name__}, which goes by the graph as it is"
        )
    shown = _diagram(subject, fold, limit, unfold)
    outline = Outline(*subject, limit if fold else LARGEST)
    return Picture(shown, _choice("direction", direction), outline)


def draw_dot(
    root: Roots,
    format: str = "svg",  # noqa: A002 - its name in graphviz
    rankdir: Direction = "LR",
    *,
    names: Mapping[str, Any] | None = None,
    fold: bool = True,
    limit: int = READABLE,
) -> "graphviz.Digraph":
    r"""The graph as a `graphviz.Digraph` in the look known from lectures: `{ label | data 4.0000 | grad -3.0000 }`.

    Where Graphviz's program `dot` is not installed, it draws itself as SVG and PNG all the same.

    >>> import viz
    >>> from autograd import Value
    >>> print(viz.draw_dot(Value(4.0, label="x")).source)
    digraph {
        graph [rankdir=LR]
        n0 [label="{ x | data\ 4.0000 | grad\ — }" shape=record]
    }
    """
    from viz import lecture

    shown = _diagram(_subject(root, names, "draw_dot"), fold, limit)
    return lecture.graph(shown, format, _choice("rankdir", rankdir))


def text(root: Roots, *, names: Mapping[str, Any] | None = None, limit: int = READABLE) -> None:
    """Print the graph as a tree: under each value its operands, with number, gradient and local derivative.

    A value that is used more than once is written out once; later mentions refer back. In colour on a terminal, unless
    the environment has NO_COLOR; `draw(root).text` is the same as a string, of the moment when `draw` was called.

    >>> import viz
    >>> from autograd import Value
    >>> x, y = Value(2.0, label="x"), Value(-3.0, label="y")
    >>> z = x * y
    >>> z.backward()
    >>> viz.text(z, names=locals())
    value   made by       data       grad      local
    ────────────────────────────────────────────────
    z       x * y           -6          1
    ├─ x                     2         -3         -3
    └─ y                    -3          2          2
    """
    from rich.console import Console

    from viz.outline import Outline

    outline = Outline(*_subject(root, names, "text"), _checked_limit(limit))
    Console(highlight=False).print(outline)


class _Subject(NamedTuple):
    """What is to be drawn: the graph behind the roots, the names of its nodes, and how to look at them."""

    roots: tuple[Node, ...]
    names: Mapping[Node, str]
    view: View


def _subject(root: object, names: Mapping[str, Any] | None, function: str) -> _Subject:
    from autograd.testing import Report

    if isinstance(root, Stepper):
        if names is not None:
            raise TypeError(f"{function}: a Stepper has names of its own, given as Stepper(…, names=locals())")
        return _Subject((shown_root(root),), root.names, root)
    if isinstance(root, Report):
        return _of_report(root, names, function)
    return _Subject(_roots(root, function), names_of(names), AS_RECORDED)


def _of_report(report: "Report", names: Mapping[str, Any] | None, function: str) -> _Subject:
    if names is not None:
        raise TypeError(f"{function}: a report has names of its own, those of the function's inputs; leave out names")
    if not report.roots:
        raise TypeError(
            f"{function}: this report has no graph, for the gradient of {report.name} was given from elsewhere, or its "
            "result is a plain number: draw what the function gives for Values"
        )
    return _Subject(tuple(dict.fromkeys(report.roots)), report.names, Checked(report))


def _diagram(subject: _Subject, fold: bool, limit: int, unfold: bool = False) -> Diagram:
    limit = _checked_limit(limit)
    return diagram(subject.roots, subject.names, view=subject.view, fold=fold, limit=limit, unfold=unfold)


def _roots(root: object, function: str) -> tuple[Node, ...]:
    """The roots as a tuple, or a TypeError that says what would be one."""
    if isinstance(root, Graph):
        return tuple(dict.fromkeys(root.roots))
    roots = tuple(root) if isinstance(root, list | tuple) else (root,)
    if not roots:
        raise TypeError(f"{function} needs a Value, or a list of at least one; got an empty {type(root).__name__}")
    for x in roots:
        if not isinstance(x, Node):
            raise TypeError(
                f"{function} needs a Value, the result whose graph is wanted, a list of them or a Graph; got the "
                f"{type(x).__name__} {x!r:.60}: is it the .data of one, or was it computed under no_grad()?"
            )
    return tuple(dict.fromkeys(roots))


def _checked_limit(limit: int) -> int:
    if isinstance(limit, bool) or not isinstance(limit, int):
        raise TypeError(f"limit is a number of boxes, got the {type(limit).__name__} {limit!r:.60}")
    if not 1 <= limit <= LARGEST:
        raise ValueError(f"limit must be from 1 to {LARGEST:,} boxes and circles, got {limit!r}")
    return limit


def _choice(name: str, given: Direction) -> Direction:
    choices = get_args(Direction)
    if given not in choices:
        raise ValueError(f"{name} must be {' or '.join(map(repr, choices))}, got {given!r}")
    return given
