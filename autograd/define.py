"""define and define_array: how operations enter the registry, where every part of the library finds them."""

from collections.abc import Iterable, Mapping
from inspect import Parameter, signature
from types import MappingProxyType
from typing import Any

from autograd import namespaces
from autograd.arrayop import REQUIRED, ArrayOp, Reduction
from autograd.namespaces import Definition
from autograd.notation import Notation, call
from autograd.op import REALS, Interval, Op
from autograd.rows import over_lists, slopes_over_lists

registry: Mapping[str, Op] = MappingProxyType(namespaces.operations)
array_registry: Mapping[str, ArrayOp] = MappingProxyType(namespaces.array_operations)


def define(
    name: str,
    forward: Definition,
    *partials: Definition | None,
    notation: Notation | None = None,
    symbol: str | None = None,
    domain: Interval | Iterable[Interval] = REALS,
    kinks: Iterable[Definition] = (),
    lists: bool = False,
    least: int = 0,
) -> Op:
    """A new operation, entered in the registry, where the tests and every reading find it.

    The names and defaults of its operands are those of `forward`. `symbol` is what the circle in a picture shows.

    What a session or script (module `__main__`) has defined it may define anew, as cells of a notebook are run again.

    Raises TypeError for what is not a name or a function, and ValueError if the name is taken, or the number of
    partials or intervals is not that of the operands.
    """
    if not isinstance(name, str) or not name.isidentifier():
        raise TypeError(f"an operation needs a name such as 'tanh', got {name!r}")
    for definition in (forward, *partials):
        if definition is not None and not callable(definition):
            raise TypeError(f"{name}: a definition is a function such as lambda m, x: …, got {definition!r}")
    parameters = list(signature(forward).parameters.values())[1:]
    taken = namespaces.operations.get(name)
    if taken is not None and not taken.forward.__module__ == forward.__module__ == "__main__":
        raise ValueError(f"an operation named {name!r} is already defined: choose another name")
    if len(partials) != len(parameters):
        raise ValueError(f"{name}: {len(parameters)} operands need as many partials, got {len(partials)}")
    intervals = (domain,) * len(parameters) if isinstance(domain, Interval) else tuple(domain)
    if len(intervals) != len(parameters) or not parameters:
        raise ValueError(f"{name}: {len(parameters)} operands need as many intervals of a domain, and at least one")
    common: dict[str, Any] = {
        "name": name,
        "operands": tuple(p.name for p in parameters),
        "defaults": tuple(p.default for p in parameters if p.default is not Parameter.empty),
        "notation": notation or call(name),
        "symbol": symbol or name,
        "domain": intervals,
        "over_lists": lists,
        "least": least,
    }
    if lists:
        op: Op = Reduction(
            forward=over_lists(forward),
            partials=tuple(partial and slopes_over_lists(partial) for partial in partials),
            kinks=tuple(map(over_lists, kinks)),
            in_rows=(forward, partials),
            **common,
        )
    else:
        op = Op(forward=forward, partials=partials, kinks=tuple(kinks), **common)
    namespaces.operations[name] = op
    return op


def define_array(
    name: str,
    forward: Definition,
    *pullbacks: Definition,
    notation: Notation | None = None,
    symbol: str | None = None,
    variadic: bool = False,
    linear: bool = False,
    rearranges: bool = False,
) -> ArrayOp:
    """A new operation on whole arrays. Its operands are what `forward` takes by position, its settings what by name.

    Raises ValueError if the name is taken, or the number of pullbacks is not that of the operands.
    """
    parameters = list(signature(forward).parameters.values())[1:]
    operands = [p.name for p in parameters if p.kind is not Parameter.KEYWORD_ONLY]
    settings = {p.name: p.default for p in parameters if p.kind is Parameter.KEYWORD_ONLY}
    if name in namespaces.operations or name in namespaces.array_operations:
        raise ValueError(f"an operation named {name!r} is already defined: choose another name")
    if len(pullbacks) != len(operands):
        raise ValueError(f"{name}: {len(operands)} operands need as many pullbacks, got {len(pullbacks)}")
    namespaces.array_operations[name] = op = ArrayOp(
        name=name,
        forward=forward,
        partials=(),
        operands=tuple(operands),
        defaults=(),
        notation=notation or call(name),
        symbol=symbol or name,
        domain=(),
        kinks=(),
        over_lists=False,
        least=0,
        pullbacks=pullbacks,
        settings={key: REQUIRED if value is Parameter.empty else value for key, value in settings.items()},
        is_variadic=variadic,
        is_linear=linear or rearranges,
        rearranges=rearranges,
    )
    return op
