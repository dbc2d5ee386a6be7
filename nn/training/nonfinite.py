"""What to say of a loss that is not finite: which node of its graph is the first that is not, and why."""

from typing import Any

import numpy as np

from autograd import Node, NonFiniteError, topological_order
from nn.arguments import numbers
from nn.training.run import Run


def non_finite_error(run: Run, loss: Any, x: Any, y: Any) -> NonFiniteError:
    """The error for a batch whose loss is infinite or nan, which names where that began."""
    return NonFiniteError(f"{_where(run)} the loss is {loss.item():g}: {_origin(run, loss, x, y)}. {_KEPT}")


def warned_error(run: Run, warning: Warning) -> NonFiniteError:
    """The error for a batch in whose forward pass a NonFiniteWarning was raised as an exception."""
    return NonFiniteError(f"{_where(run)} {warning}. {_KEPT}")


_KEPT = "The weights are as they were before this batch"


def check_finite(run: Run) -> None:
    """Raise NonFiniteError for a parameter that is not finite at the end of an epoch."""
    for name, parameter in run.model.named_parameters():
        if not _is_finite(parameter):
            raise NonFiniteError(f"epoch {run.epoch + 1}: it has left the parameter {name!r} not finite: {_REMEDY}")


_REMEDY = "try a smaller learning rate, or clip"


def _where(run: Run) -> str:
    return f"epoch {run.epoch + 1}, batch {run.batch + 1}:"


def _origin(run: Run, loss: Node, x: Any, y: Any) -> str:
    first = next(node for node in topological_order(loss) if not _is_finite(node))  # so its operands that are nodes are
    if first.is_leaf:
        names = {id(parameter): name for name, parameter in run.model.named_parameters()}
        name = names.get(id(first), first.label or "a leaf")
        return f"the parameter {name!r} is not finite, since an earlier step: {_REMEDY}"
    if not all(map(_is_finite, first.operands)):
        return _of_data(run, x, y) or f"a constant in {_named(first)} is not finite"
    found = numbers(first)
    what = found[~np.isfinite(found)].flat[0]
    return f"{_named(first)} gives {what:g}, and is the first that is not finite; all its operands are"


def _named(node: Node) -> str:
    assert node.op is not None
    return node.op.name + (f" in {node.scope}" if node.scope else "") + (f" ({node.label})" if node.label else "")


def _of_data(run: Run, x: Any, y: Any) -> str | None:
    """Which row of the data is not finite: of all data if it is at hand, else of this batch."""
    for name, batch in (("x", x), ("y", y)):
        if not _is_finite(batch):
            whole = getattr(run.batches, name, None)
            array, of = (batch, "this batch") if whole is None or _is_finite(whole) else (whole, "the data")
            bad = np.flatnonzero(~np.isfinite(np.asarray(array)).reshape(len(array), -1).all(axis=1))
            more = f", the first of {len(bad):,} such rows," if len(bad) > 1 else ""
            return f"row {bad[0]} of {name} in {of}{more} is not finite"
    return None


def _is_finite(x: Any) -> bool:
    return bool(np.isfinite(numbers(x)).all())
