"""Windows that slide over the last axes of an array: where they lie, and what is under them."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from autograd.arrays import Shape, whole_numbers

Margins = tuple[tuple[int, int], ...]
Index = tuple[Any, ...]


def settings(where: str, x: Shape, kernel: Shape, stride: Any, padding: Any, dilation: Any) -> dict[str, Any]:
    """The settings that tell how a window of the shape `kernel` slides over an array of the shape `x`.

    Raises ValueError, which shows the shapes, for numbers that are too small, and for a window that is too large.

    >>> settings("conv2d", (1, 1, 8, 8), (3, 3), 2, "valid", (1, 2))
    {'stride': (2, 2), 'padding': ((0, 0), (0, 0)), 'dilation': (1, 2)}
    """
    axes = len(kernel)
    steps = per_axis(where, "stride", stride, axes, 1)
    spread = per_axis(where, "dilation", dilation, axes, 1)
    if padding == "same":
        if max(steps) > 1:
            raise ValueError(f'{where}: padding "same" goes with a stride of 1, got {stride}')
        wanted = [d * (k - 1) for k, d in zip(kernel, spread, strict=True)]
        margins = tuple((n // 2, n - n // 2) for n in wanted)
    else:
        numbers = per_axis(where, "padding", 0 if padding == "valid" else padding, axes, 0)
        margins = tuple((n, n) for n in numbers)
    if min(places(x[-axes:], kernel, steps, margins, spread)) < 1:
        padded = wider(x, margins)
        of_padded = f"{x}" if padded == x else f"{x}, with its padding {padded},"
        raise ValueError(
            f"{where}: {of_padded} is smaller than the window {kernel}{_spread(kernel, spread)}: take a smaller one, "
            "or more padding"
        )
    return {"stride": steps, "padding": margins, "dilation": spread}


def per_axis(where: str, what: str, given: Any, axes: int, least: int) -> Shape:
    """A whole number for each axis, from one for all or as many as there are axes."""
    if isinstance(given, str) and what == "padding":
        raise ValueError(f'{where}: padding is a number or {axes} of them, "same" or "valid", got {given!r}')
    numbers = whole_numbers(given, f"{where}, {what}")
    numbers = numbers * axes if len(numbers) == 1 else numbers
    if len(numbers) != axes or min(numbers) < least:
        raise ValueError(f"{where}: {what} is a whole number from {least} up, or {axes} of them, got {given!r}")
    return numbers


def _spread(kernel: Shape, dilation: Shape) -> str:
    if max(dilation) == 1:
        return ""
    return f", which with a dilation of {dilation} reaches over {_reach(kernel, dilation)}"


def _reach(kernel: Shape, dilation: Shape) -> Shape:
    return tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))


def places(lengths: Shape, kernel: Shape, stride: Shape, padding: Margins, dilation: Shape) -> Shape:
    """How many places the window has along each axis; `lengths` are those of the axes without padding.

    >>> places((8, 8), (3, 3), (1, 2), ((1, 1), (0, 0)), (1, 1))
    (8, 3)
    """
    padded = wider(lengths, padding)
    reach = _reach(kernel, dilation)
    return tuple((n - r) // s + 1 for n, r, s in zip(padded, reach, stride, strict=True))


def under(kernel: Shape, stride: Shape, dilation: Shape, places: Shape) -> Iterator[Index]:
    """For each element of the window, the part of a padded array that it lies over, at all places at once."""
    for offsets in product(*map(range, kernel)):
        steps = zip(offsets, dilation, stride, places, strict=True)
        yield (..., *[slice(i * d, i * d + s * n, s) for i, d, s, n in steps])


def inside(lengths: Shape, padding: Margins) -> Index:
    """The part of a padded array that is not padding."""
    return (..., *[slice(before, before + n) for n, (before, _) in zip(lengths, padding, strict=True)])


def wider(whole: Shape, padding: Margins) -> Shape:
    """The shape with its last axes padded."""
    first = len(whole) - len(padding)
    return *whole[:first], *[n + sum(margins) for n, margins in zip(whole[first:], padding, strict=True)]


def parts(
    m: Any, x: Any, kernel: Shape, stride: Shape, padding: Margins, dilation: Shape, fill: float = 0.0
) -> list[Any]:
    """What each element of the window lies over in the array, padded with `fill`, at all places at once."""
    lengths = x.shape[-len(kernel) :]
    if any(map(any, padding)):
        whole = wider(x.shape, padding)
        if fill:
            x = m.pad(x, [(0, 0)] * (len(whole) - len(padding)) + list(padding), constant_values=fill)
        else:
            x = m.scatter(x, inside(lengths, padding), whole)
    at = places(lengths, kernel, stride, padding, dilation)
    return [x[index] for index in under(kernel, stride, dilation, at)]
