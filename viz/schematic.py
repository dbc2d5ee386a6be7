"""A network drawn as SVG: columns of circles, bars for what has no units, wires, and what colours mean."""

import math
from itertools import pairwise

from autograd.labels import shortened, visible
from autograd.numerals import numeral
from viz import elements, theme
from viz.elements import Note, n
from viz.engines import Place
from viz.network import Bar, Column, Network, Unit, Wire

MARGIN, RADIUS = 14.0, 9.0
_STEP, _FOLD = 24.0, 46.0  # from circle to circle, and across those that are not drawn
_LINE, _PADDING = 16.0, 12.0
_HEAD, _FOOT = 2 * _LINE + 8.0, _LINE + 6.0  # room for a name and a size above the columns, an activation below
_BAR = 22.0
_NARROWEST_GAP, _GAP_TO_HEIGHT, _WIDEST_GAP = 70.0, 0.4, 190.0
_THINNEST, _WIDENING = 0.4, 2.2  # points
_PALEST, _DEEPENING = 0.12, 0.78  # opacity
_LONGEST_NAME, _LONGEST_TITLE = 24, 48


class Schematic:
    """The SVG text of a network, and its size in points."""

    def __init__(self, network: Network) -> None:
        self.parts, self.strongest, self.in_order = network.parts, network.strongest, network.in_order
        self.wired = {wire.target[0] for wire in network.wires}
        self.largest_bias = theme.largest([unit.bias for part in self.parts for unit in _units(part)])
        self.tall = max(_height(part) for part in self.parts)
        self.middle = _HEAD + self.tall / 2
        self.x = [_width(self.parts[0]) / 2]  # the middle of each part
        for i, (before, after) in enumerate(pairwise(self.parts), 1):
            self.x.append(self.x[-1] + _width(before) / 2 + self._gap(i) + _width(after) / 2)
        across, down = self.x[-1] + _width(self.parts[-1]) / 2, _HEAD + self.tall + _FOOT
        notes = self._notes(network)
        self.width = 2 * MARGIN + max(across, *(width for width, _ in notes))
        self.height = 2 * MARGIN + down + elements.NOTE_LEADING * len(notes)
        drawn = [
            f'<g transform="translate({n((self.width - across) / 2)},{n(MARGIN)})">',
            *(line for i in range(1, len(self.parts)) for line in self._flow(i)),
            # The strongest come last, so that they are not hidden.
            *(self._wire(wire) for wire in sorted(network.wires, key=lambda wire: self._share(wire.weight))),
            *(text for i, part in enumerate(self.parts) for text in self._part(i, part)),
            "</g>",
            *elements.below(notes, MARGIN, MARGIN + down),
        ]
        self.svg = elements.document(self.width, self.height, visible(f"Network: {network.model}"), drawn)

    def _gap(self, i: int) -> float:
        """Room before part number `i`: for wires more, the taller the columns are."""
        if i not in self.wired:
            return _NARROWEST_GAP / 2
        return min(_WIDEST_GAP, max(_NARROWEST_GAP, _GAP_TO_HEIGHT * max(map(_height, self.parts[i - 1 : i + 1]))))

    def _share(self, weight: float) -> float:
        """The weight as a share of the strongest, from 0 to 1; what is not finite stands out more than all."""
        return min(1.0, abs(weight) / self.strongest) if math.isfinite(weight) else 2.0

    def _part(self, i: int, part: Column | Bar) -> list[str]:
        x = self.x[i]
        head = [elements.text(_short(part.name), x, _LINE / 2, theme.NUMBER_SIZE, anchor="middle", bold=True)]
        if isinstance(part, Bar):
            return [*head, self._bar(x, part)]
        head.append(elements.text(part.size, x, 1.5 * _LINE, theme.NOTE_SIZE, theme.SOFT_INK, anchor="middle"))
        foot = self.middle + self.tall / 2 + _FOOT / 2
        return [
            *head,
            *(self._circle(x, self.middle + y, unit) for unit, y in zip(part.units, _heights(part), strict=True)),
            _more(x, self.middle, _hidden(part)) if part.folded else "",
            elements.text(_short(part.activation), x, foot, theme.NUMBER_SIZE, theme.KEY_INK, anchor="middle"),
        ]

    def _circle(self, x: float, y: float, unit: Unit) -> str:
        fill = theme.PAPER if unit.bias is None else theme.fill(unit.bias, self.largest_bias)
        if unit.bias is not None and not math.isfinite(unit.bias):
            fill = theme.WRONG
        told = f"{unit.index}" if unit.bias is None else f"{unit.index}: bias {unit.bias!r}"
        circle = elements.rect(2 * RADIUS, 2 * RADIUS, fill, rx=RADIUS, stroke=theme.OUTLINE)
        return elements.group(Place(x, y, 2 * RADIUS, 2 * RADIUS), [elements.title(told), circle])

    def _bar(self, x: float, bar: Bar) -> str:
        """The bar with its words upright."""
        width = _bar_width(bar)
        frame = elements.rect(width, self.tall, theme.CIRCLE, rx=6.0, stroke=theme.OUTLINE)
        told = elements.title(visible(bar.title))
        lines = [elements.text(_title(bar), 0.0, 0.0, theme.NUMBER_SIZE, anchor="middle")]
        if bar.note:
            lines.append(elements.text(bar.note, 0.0, _LINE, theme.NOTE_SIZE, theme.SOFT_INK, anchor="middle"))
        turned = f'<g transform="translate({n(_BAR / 2)},{n(self.tall / 2)}) rotate(-90)">{"".join(lines)}</g>'
        return elements.group(Place(x, self.middle, width, self.tall), [told, frame, turned])

    def _flow(self, i: int) -> list[str]:
        """What leads to part number `i`, unless it is wires: a line from each unit into a bar, or one arrow."""
        if not self.in_order or not any(isinstance(part, Bar) for part in self.parts[i - 1 : i + 1]) or i in self.wired:
            return []
        columns = [part for part in self.parts[:i] if isinstance(part, Column)]
        start, end = self._right(i - 1), self._left(i)
        if isinstance(self.parts[i], Bar) and columns:
            return [_line(start, self.middle + y, end, self.middle + y) for y in _heights(columns[-1])]
        end = self.x[i] - _width(self.parts[i]) / 2
        tip = f'<path d="M{n(end)} {n(self.middle)}l-6 -3.5v7Z" fill="{theme.NEUTRAL_LINE}"/>'
        return [_line(start, self.middle, end - 5, self.middle), tip]

    def _wire(self, wire: Wire) -> str:
        """A straight line from the unit, or from the bar next to which its number comes out, to the other unit."""
        target, _ = wire.target
        y0, y1 = (self.middle + _heights(self.parts[part])[place] for part, place in (wire.source, wire.target))
        share = self._share(wire.weight)
        color = theme.line(wire.weight) if share <= 1 else theme.WRONG
        share = min(share, 1.0)
        look = f'stroke="{color}" stroke-width="{n(_THINNEST + _WIDENING * share)}"'
        opacity = f'stroke-opacity="{n(_PALEST + _DEEPENING * share)}"'
        place = f"M{n(self._right(target - 1))} {n(y0)}L{n(self._left(target))} {n(y1)}"
        return f'<path d="{place}" fill="none" {look} {opacity}>{elements.title(f"weight {wire.weight!r}")}</path>'

    def _left(self, i: int) -> float:
        return self.x[i] - _half(self.parts[i])

    def _right(self, i: int) -> float:
        return self.x[i] + _half(self.parts[i])

    def _notes(self, network: Network) -> list[Note]:
        notes = [elements.note(text) for text in network.caption]
        if network.not_finite:
            notes.append(elements.note(f"bright pink: not finite, {network.not_finite} of the numbers shown"))
        if network.wires:
            words = f"line: a weight, blue positive, orange negative; strongest from ±{numeral(self.strongest)} on"
            notes.append(elements.note(words))
        if any(unit.bias for part in self.parts for unit in _units(part)):
            words = f"circle: the bias, orange negative, blue positive; strongest at ±{numeral(self.largest_bias)}"
            notes.append(elements.note_with_colors(words))
        return notes or [(0.0, "")]


def _units(part: Column | Bar) -> tuple[Unit, ...]:
    return part.units if isinstance(part, Column) else ()


def _heights(part: Column | Bar) -> list[float]:
    """How far below the middle the circles of a column are."""
    units = len(_units(part))
    gap = _FOLD - _STEP if isinstance(part, Column) and part.folded else 0.0
    span = max(0, units - 1) * _STEP + gap
    return [i * _STEP + (gap if i >= units // 2 else 0.0) - span / 2 for i in range(units)]


def _height(part: Column | Bar) -> float:
    if isinstance(part, Bar):
        return theme.text_width(_title(part), theme.NUMBER_SIZE) + 2 * _PADDING
    heights = _heights(part) or [0.0]
    return heights[-1] - heights[0] + 2 * RADIUS


def _width(part: Column | Bar) -> float:
    """How wide a part is with its words."""
    widths = [theme.text_width(_short(part.name), theme.NUMBER_SIZE, bold=True), 2 * _half(part)]
    if isinstance(part, Column):
        widths.append(theme.text_width(part.size, theme.NOTE_SIZE))
        widths.append(theme.text_width(_short(part.activation), theme.NUMBER_SIZE))
        widths.append(theme.text_width(_hidden(part), theme.NOTE_SIZE) + 4 if part.folded else 0.0)
    return max(widths)


def _half(part: Column | Bar) -> float:
    return _bar_width(part) / 2 if isinstance(part, Bar) else RADIUS


def _bar_width(bar: Bar) -> float:
    return _BAR + (_LINE if bar.note else 0.0)


def _title(bar: Bar) -> str:
    """The beginning of what the bar is: a `repr` has what matters first."""
    title = visible(bar.title)
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"


def _short(text: str) -> str:
    return shortened(visible(text), _LONGEST_NAME)


def _hidden(column: Column) -> str:
    return f"⋮ {column.folded:,} more"


def _more(x: float, y: float, words: str) -> str:
    """What stands where units are not drawn."""
    width = theme.text_width(words, theme.NOTE_SIZE) + 4
    place = f'x="{n(x - width / 2)}" y="{n(y - 7)}" width="{n(width)}" height="14"'
    gap = f'<rect {place} rx="3" fill="{theme.PAPER}" fill-opacity="0.85"/>'
    return gap + elements.text(words, x, y, theme.NOTE_SIZE, theme.KEY_INK, anchor="middle")


def _line(x0: float, y0: float, x1: float, y1: float) -> str:
    return f'<path d="M{n(x0)} {n(y0)}L{n(x1)} {n(y1)}" fill="none" stroke="{theme.NEUTRAL_LINE}" stroke-width="0.8"/>'
