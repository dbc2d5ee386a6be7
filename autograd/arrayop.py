"""Operations on whole arrays: those that fold axes, and those that change shape or mix elements.

What `Op` is for operations element by element, `Reduction` and `ArrayOp` are for these: a value and, for each operand,
what brings a gradient back to it, written once and read with arrays or with nodes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import arrays
from autograd.namespaces import Definition
from autograd.numerals import setting
from autograd.op import Op, scaled

AXES: Mapping[str, Any] = {"axis": None, "keepdims": False}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Reduction(Op):
    """An operation that folds a row into one number: a list of Values, or an array along some of its axes.

    `in_rows` are the definitions of its value and its local derivatives as they are written, for rows.
    """

    in_rows: tuple[Definition, tuple[Definition | None, ...]]

    def __call__(self, *operands: Any, **named: Any) -> Any:
        """The result for lists of numbers or Values, or for an array along `axis`, all of them if that is None."""
        has_settings = bool(named) or len(operands) > 1
        if operands and len(self.operands) == 1 and _is_array(operands[0], has_settings):
            settings = bound(self.name, AXES, operands[1:], named)
            return arrays.applied(self, operands[:1], settings)
        return Op.__call__(self, *operands, **named)

    def array_value(self, m: Any, operands: Sequence[Any], settings: Mapping[str, Any]) -> Any:
        """The value along the axes of the settings, the definition read with `m`."""
        [x] = operands
        axes = self._axes(x, settings)
        out = self.in_rows[0](m.along(axes), x)
        return out if settings["keepdims"] else m.reshape(out, arrays.without(x.shape, axes))

    def vjp(
        self, m: Any, index: int, gradient: Any, operands: Sequence[Any], out: Any, settings: Mapping[str, Any]
    ) -> Any:
        """`gradient · d out / d operand`, in the shape of the operand, read with `m`."""
        [x] = operands
        axes = self._axes(x, settings)
        product = scaled(_kept(m, gradient, x, axes), self._slope(m, index, x, out, axes))
        return product if product.shape == x.shape else m.broadcast_to(product, x.shape)

    def array_derivative(
        self, m: Any, index: int, operands: Sequence[Any], out: Any, settings: Mapping[str, Any]
    ) -> Any:
        """The derivative of each row's result in its elements; a plain number if that is the same for all."""
        [x] = operands
        return self._slope(m, index, x, out, self._axes(x, settings))

    def written_settings(self, settings: Mapping[str, Any]) -> list[str]:
        """The axes, if they are not all, and whether they are kept."""
        return _written(AXES, settings)

    def _slope(self, m: Any, index: int, x: Any, out: Any, axes: arrays.Shape) -> Any:
        partial = self.in_rows[1][index]
        assert partial is not None
        return partial(m.along(axes), x, _kept(m, out, x, axes))

    def _axes(self, x: Any, settings: Mapping[str, Any]) -> arrays.Shape:
        axes = arrays.normalized(settings["axis"], len(x.shape), self.name)
        if self.least and not all(x.shape[i] for i in axes):
            raise ValueError(f"{self.name} of no elements is not defined: the array has the shape {x.shape}")
        return axes


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ArrayOp(Op):
    """An operation on whole arrays.

    `forward(m, *x, **settings)` is the value. `pullbacks` holds one function per operand, `(m, gradient, *x, out,
    **settings) -> gradient · d out / d x_i`, written with the library's own operations, so that it can be
    differentiated again. An operation that `is_variadic` takes one list of operands, and its only pullback the place
    in it: `(m, gradient, index, x, out, **settings)`. `settings` are the names of what is no operand, with defaults.

    `is_linear` says that the value is linear in each operand while the others stay (for a list: in all together);
    `rearranges`, that it holds the elements of the operands and zeros alone, so that nothing can overflow.
    """

    pullbacks: tuple[Definition, ...]
    settings: Mapping[str, Any]
    is_variadic: bool
    is_linear: bool
    rearranges: bool

    def __call__(self, *operands: Any, **named: Any) -> Any:
        """The result: a Tensor where one of the operands is a Tensor or a Value, else a plain array."""
        count = len(self.operands)
        by_name = [named.pop(name) for name in self.operands[len(operands) :] if name in named]
        given = (*operands[:count], *by_name)
        if len(given) != count:
            names = ", ".join(self.operands)
            raise TypeError(f"{self.name}({names}): got {len(given)} operands, expected {count}")
        settings = bound(self.name, self.settings, operands[count:], named)
        return arrays.applied(self, tuple(given[0]) if self.is_variadic else given, settings)

    def array_value(self, m: Any, operands: Sequence[Any], settings: Mapping[str, Any]) -> Any:
        """The operation's value, its definition read with `m`."""
        return self.forward(m, operands, **settings) if self.is_variadic else self.forward(m, *operands, **settings)

    def dtype_of_result(self, dtype: Any, settings: Mapping[str, Any]) -> Any:
        """The dtype of what comes of operands of this one: the same, unless another is asked for."""
        return np.dtype(settings["dtype"]) if "dtype" in settings else dtype

    def vjp(
        self, m: Any, index: int, gradient: Any, operands: Sequence[Any], out: Any, settings: Mapping[str, Any]
    ) -> Any:
        """`gradient · d out / d operand number index`, in the shape of that operand, read with `m`."""
        if self.is_variadic:
            return self.pullbacks[0](m, gradient, index, operands, out, **settings)
        return self.pullbacks[index](m, gradient, *operands, out, **settings)

    def written_settings(self, settings: Mapping[str, Any]) -> list[str]:
        """Those that have no default, and with their names those that are not the default."""
        return _written(self.settings, settings)

    def __repr__(self) -> str:
        return f"<op {self.name}({', '.join((*self.operands, *(f'{name}=…' for name in self.settings)))})>"


def _kept(m: Any, out: Any, x: Any, axes: arrays.Shape) -> Any:
    """A result with the folded axes back, of length 1; one that kept them as it is."""
    if len(out.shape) == len(x.shape):
        return out
    return m.reshape(out, tuple(1 if i in axes else n for i, n in enumerate(x.shape)))


def _written(defaults: Mapping[str, Any], settings: Mapping[str, Any]) -> list[str]:
    return [
        setting(x) if defaults[name] is REQUIRED else f"{name}={setting(x)}"
        for name, x in settings.items()
        if type(x) is not type(defaults[name]) or x != defaults[name]
    ]


def bound(name: str, settings: Mapping[str, Any], given: Sequence[Any], named: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a call: those given by position, those by name, and the defaults of the rest.

    Raises TypeError for one that there is not, one given twice and one that is missing.
    """
    found = {**settings, **dict(zip(settings, given, strict=False)), **named}
    twice = [each for each in list(settings)[: len(given)] if each in named]
    if len(given) > len(settings) or found.keys() != settings.keys() or twice:
        allowed = ", ".join(settings) or "none"
        got = ", ".join(
            [*(f"{value!r:.60}" for value in given), *(f"{key}={value!r:.60}" for key, value in named.items())]
        )
        raise TypeError(f"{name}: its settings are {allowed}; got {got}")
    missing = [key for key, value in found.items() if value is REQUIRED]
    if missing:
        raise TypeError(f"{name} needs {', '.join(missing)}")
    # A list could be changed by whoever gave it, and the record with it.
    return {key: tuple(value) if isinstance(value, list) else value for key, value in found.items()}


class _Required:
    def __repr__(self) -> str:
        return "required"


REQUIRED: Any = _Required()
"""The default of a setting that has none."""


def _is_array(x: Any, has_settings: bool) -> bool:
    """Whether axes are folded: of all that has a shape, but of a row of Values only where an axis is given."""
    return hasattr(x, "shape") and (has_settings or not arrays.is_list(x))
