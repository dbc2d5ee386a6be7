"""Operations that move elements about: shapes, axes, parts of arrays and arrays put together.

Each is linear, and its pullback moves the gradient's elements back. What NumPy can say by another of these is a
function here, and no operation of its own.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.arrays import normalized, unbroadcast
from autograd.define import define_array


reshape = define_array(
    "reshape",
    lambda m, x, *, shape: m.reshape(x, shape),
    lambda m, g, x, out, *, shape: m.reshape(g, x.shape),
    rearranges=True,
)
transpose = define_array(
    "transpose",
    lambda m, x, *, axes=None: m.transpose(x, axes),
    lambda m, g, x, out, *, axes: m.transpose(g, axes if axes is None else tuple(np.argsort(axes).tolist())),
    rearranges=True,
)
broadcast_to = define_array(
    "broadcast_to",
    lambda m, x, *, shape: m.broadcast_to(x, shape),
    lambda m, g, x, out, *, shape: unbroadcast(m, g, x.shape),
    rearranges=True,
)
getitem = define_array(
    "getitem",
    lambda m, x, *, index: x[index],
    lambda m, g, x, out, *, index: m.scatter(g, index, x.shape),
    symbol="[…]",
    rearranges=True,
)
scatter = define_array(
    "scatter",
    lambda m, x, *, index, shape: m.scatter(x, index, shape),
    lambda m, g, x, out, *, index, shape: m.getitem(g, index=index),
    linear=True,
)
stack = define_array(
    "stack",
    lambda m, x, *, axis=0: m.stack(x, axis),
    lambda m, g, i, x, out, *, axis: m.getitem(
        g, index=(slice(None),) * normalized(axis, len(out.shape), "stack")[0] + (i,)
    ),
    variadic=True,
    rearranges=True,
)


def _part(m: Any, g: Any, i: int, x: Sequence[Any], out: Any, *, axis: int) -> Any:
    [axis] = normalized(axis, len(out.shape), "concatenate")
    start = sum(each.shape[axis] for each in x[:i])
    return m.getitem(g, index=(slice(None),) * axis + (slice(start, start + x[i].shape[axis]),))


concatenate = define_array(
    "concatenate", lambda m, x, *, axis=0: m.concatenate(x, axis), _part, variadic=True, rearranges=True
)
