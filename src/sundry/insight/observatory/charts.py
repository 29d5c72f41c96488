"""Figures as pictures: bars, a path through the year, dots on a line, targets. Strings in, SVG out, no library.

Problem: a picture of printed figures lies easily. A bar for "more than 20" that ends at 20 says 20; a line through a
month that nobody printed invents it; and a picture that is scaled to a phone has letters that nobody can read.

    突破20亿元          a bar to 20, and behind it a band without an end
    Feb 14.2, Apr 31.5  March lies between them: a hatched band from 14.2 to 31.5, and no point

Therefore what is approximate is drawn as a band, and what we derived is hatched and dashed. The text beside a mark is
the caller's, as printed, so that no picture shows more decimals than the page. Places across are percentages, so that a
picture becomes narrower and its letters stay as they are; for those who read from right to left it is mirrored. Colours
are classes of observatory.css. A table beside the picture says the same (the caller's duty).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import pairwise
from typing import Final

BARS_MAX: Final = 24  # of one picture
COLUMNS: Final = 34  # letters of a label that the narrowest phone holds; a Chinese character takes two
_ROW: Final = 46
_BAR: Final = 14
_LETTER: Final = Decimal("7.5")  # the width of a column of text, in pixels
_NARROW: Final = Decimal(320)  # pixels of the narrowest picture
_ROOM: Final = Decimal("1.08")  # beyond the largest figure
_ZERO: Final = Decimal(0)
_Number = Decimal | int


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure to be drawn. `low`, `high`: its band where it is approximate, None on the side that has no limit.

    `value` None: only its band is known. `text`: the figure as a reader is to see it. `label`: whose it is.
    """

    label: str
    text: str
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    is_approximate: bool = False
    is_derived: bool = False
    is_own: bool = False

    @property
    def ends(self) -> tuple[Decimal | None, Decimal | None]:
        """From where to where it may lie; None: no limit."""
        return (self.low, self.high) if self.is_band else (self.value, self.value)

    @property
    def is_band(self) -> bool:
        """Of "about 6.5" nobody knows more than that; it is drawn as 6.5."""
        return self.value is None or (self.is_approximate and (self.low is not None or self.high is not None))

    @property
    def known(self) -> list[Decimal]:
        return [end for end in (self.value, *self.ends) if end is not None]


@dataclass(frozen=True, slots=True)
class Step:
    """A cumulative figure at the end of a month, 1 to 12. `label`: short, where all figures are of one unit."""

    month: int
    mark: Mark
    label: str = ""

    @property
    def text(self) -> str:
        return self.label or self.mark.text


@dataclass(frozen=True, slots=True)
class Between:
    """What we know of months that nobody printed: from the end of `after` to that of `before`, within a band."""

    after: int
    before: int
    low: Decimal
    high: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Bullet:
    """A target beside what is reached. `missing_text`: what we derived of the two, "" for nothing.

    A target that is a lower limit (at least, more than) has `target.is_approximate` and no `high`.
    """

    label: str
    target: Mark
    actual: Mark | None
    missing_text: str = ""


# Pictures ----------------------------------------------------------------------------------------------------------


def bars(marks: Sequence[Mark], *, key: str, title: str, description: str, right_to_left: bool = False) -> str:
    """One bar below the other, all from one zero. `key`: begins the ids of the drawing, once on a page."""
    shown = marks[:BARS_MAX]
    scale = _Scale.of(_with_room(shown), right_to_left)
    parts = [_line(scale(_ZERO), 0, scale(_ZERO), _ROW * len(shown), "chart-zero")]
    for row, mark in enumerate(shown):
        y = _ROW * row
        parts += [
            f'<g class="chart-row{" is-own" if mark.is_own else ""}{" is-derived" if mark.is_derived else ""}">',
            _tip(mark),
            _words(mark.label, y + 15, "chart-label", right_to_left, columns=COLUMNS - _columns(mark.text)),
            _figure(mark.text, 100, y + 15, "end", scale, "chart-value"),
            *_bar(mark, y + 22, scale, key),
            "</g>",
        ]
    return _svg(parts, _ROW * len(shown) + 2, key, title, description)


def path(
    steps: Sequence[Step],
    between: Sequence[Between] = (),
    *,
    key: str,
    title: str,
    description: str,
    months: Sequence[str],
    unit: str = "",
    right_to_left: bool = False,
) -> str:
    """Cumulative figures over the months of a year. `months`: twelve short words for the axis.

    `unit`: of all labels, stands above them.
    """
    ordered = sorted(steps, key=lambda step: step.month)
    top, foot = 44, 190
    known = [end for step in ordered for end in step.mark.known] + [
        end for one in between for end in (one.low, one.high)
    ]
    up = _Scale.of(known, False)
    across = _Scale(_ZERO, Decimal(12), right_to_left, margin=Decimal(4))

    def y(value: Decimal) -> Decimal:
        return foot - (foot - top) * up(value) / 100

    parts = [_line(_ZERO, y(_ZERO), Decimal(100), y(_ZERO), "chart-zero")]
    if unit:
        parts.append(_words(unit, 14, "chart-axis", right_to_left, COLUMNS))
    parts += [_centred(word, across(Decimal(month) - Decimal("0.5")), 210, "chart-axis")
              for month, word in enumerate(months, start=1)]  # fmt: skip
    for one in between:
        start, end = across(Decimal(one.after)), across(Decimal(one.before))
        parts.append(
            f'<g class="is-derived"><title>{escape(one.text)}</title>'
            f"{_rect(start, end, y(one.high), y(one.low), 'chart-band', key)}</g>"
        )
    for before, after in pairwise(ordered):
        style = "chart-path" if after.month == before.month + 1 else "chart-path is-dashed"
        ends = [(across(Decimal(step.month)), y(step.mark.value)) for step in (before, after)
                if step.mark.value is not None]  # fmt: skip
        if len(ends) == 2:
            parts.append(_line(*ends[0], *ends[1], style))
    labelled = _labelled(ordered)
    for step in ordered:
        parts += _point(step, across(Decimal(step.month)), y, top, step.month in labelled)
    return _svg(parts, 220, key, title, description)


def dot_line(
    marks: Sequence[Mark], *, key: str = "dots", title: str = "", description: str = "", right_to_left: bool = False
) -> str:
    """The figure of a place and those of the wider ones as dots on one line, the lowest named first."""
    known = sorted((mark for mark in marks if mark.known), key=lambda mark: mark.known[0])
    scale = _Scale.of((end for mark in known for end in mark.known), right_to_left, with_zero=False, margin=Decimal(6))
    parts = [_line(_ZERO, 12, Decimal(100), 12, "chart-zero")]
    for row, mark in enumerate(known):
        x, y = scale(mark.known[0]), 42 + 20 * row
        low, high = mark.ends
        style = f"chart-dot{' is-own' if mark.is_own else ''}{' is-derived' if mark.is_derived else ''}"
        parts += [f'<g class="{style}">', _tip(mark)]
        if mark.is_band:
            start = scale(low) if low is not None else scale.edge(before=True)
            end = scale(high) if high is not None else scale.edge(before=False)
            parts.append(_rect(start, end, Decimal(8), Decimal(16), "chart-band", key if mark.is_derived else ""))
        parts += [
            _line(x, 18, x, y - 12, "chart-leader"),
            f'<circle cx="{x:.2f}%" cy="12" r="{6 if mark.is_own else 5}"/>',
            _beside(f"{mark.label} \u2068{mark.text}\u2069", x, y, right_to_left),
            "</g>",
        ]
    return _svg(parts, 30 + 20 * max(1, len(known)), key, title, description)


def targets(bullets: Sequence[Bullet], *, key: str, title: str, description: str, right_to_left: bool = False) -> str:
    """Each target with what is reached: a bar up to the latest figure, a mark at the target, what is missing between.

    The texts of both stand below, one a line, and what was derived of them last.
    """
    parts: list[str] = []
    y = 0
    for bullet in bullets[:BARS_MAX]:
        known = [*bullet.target.known, *(bullet.actual.known if bullet.actual else ())]
        scale = _Scale.of([*known, max(known, default=_ZERO) * _ROOM], right_to_left)
        aim = bullet.target.known[0] if bullet.target.known else _ZERO
        parts += [
            f'<g class="chart-row"><title>{escape(bullet.label)}</title>',
            _words(bullet.label, y + 15, "chart-label", right_to_left, columns=COLUMNS),
            *_reached(bullet, aim, y, scale, key),
            _line(scale(aim), y + 18, scale(aim), y + 42, "chart-aim"),
        ]
        told = [(bullet.actual.text, "") if bullet.actual else ("", ""), (bullet.target.text, "")]
        y += 40
        for text, style in (*told, (bullet.missing_text, " is-derived")):
            if text:
                y += 18
                parts.append(_words(text, y, f"chart-value{style}", right_to_left, columns=COLUMNS))
        parts.append("</g>")
        y += 18
    return _svg(parts, y, key, title, description)


def _reached(bullet: Bullet, aim: Decimal, y: int, scale: _Scale, key: str) -> Iterator[str]:
    actual = bullet.actual
    if bullet.missing_text and actual is not None and actual.known:
        band = _rect(scale(actual.known[0]), scale(aim), y + 22, y + 38, "chart-band", key)
        yield f'<g class="is-derived">{band}</g>'
    if actual is not None:
        yield from _bar(actual, y + 23, scale, key)
    if bullet.target.known and bullet.target.ends[1] is None:
        yield _rect(scale(aim), scale.edge(before=False), y + 28, y + 32, "chart-open", "")


# Places ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Scale:
    """From a figure to a place across, in percent of the width."""

    low: Decimal
    high: Decimal
    right_to_left: bool
    margin: Decimal = _ZERO

    @classmethod
    def of(
        cls, values: Iterable[Decimal], right_to_left: bool, *, with_zero: bool = True, margin: Decimal = _ZERO
    ) -> _Scale:
        """Room for all `values`, and for zero where lengths are compared."""
        known = [*values, *([_ZERO] if with_zero else [])] or [_ZERO]
        low, high = min(known), max(known)
        return cls(low, high if high > low else low + 1, right_to_left, margin)

    def __call__(self, value: Decimal) -> Decimal:
        inside = (value - self.low) / (self.high - self.low) * (100 - 2 * self.margin) + self.margin
        return 100 - inside if self.right_to_left else inside

    def edge(self, *, before: bool) -> Decimal:
        """The side on which nothing limits a figure."""
        return Decimal(0) if before != self.right_to_left else Decimal(100)


def _with_room(marks: Sequence[Mark]) -> list[Decimal]:
    """What is drawn, and some room beyond it where a band has no end there: else nobody would see that it has none."""
    known = [end for mark in marks for end in mark.known]
    is_open = [mark.ends for mark in marks if mark.known and None in mark.ends]
    if any(high is None for _, high in is_open):
        known.append(max(known) * _ROOM)
    if any(low is None for low, _ in is_open):
        known.append(min(known) * _ROOM if min(known) < 0 else _ZERO)
    return known


def _bar(mark: Mark, y: int, scale: _Scale, key: str) -> Iterator[str]:
    low, high = mark.ends
    certain = [end for end in (low, high) if end is not None]
    solid = min(certain, key=abs) if mark.is_band and certain else mark.value
    if solid is not None and not (mark.is_derived and mark.value is None):
        yield _rect(scale(_ZERO), scale(solid), y, y + _BAR, "chart-bar", key if mark.is_derived else "")
    if mark.is_band:
        start = scale(low) if low is not None else scale.edge(before=True)
        end = scale(high) if high is not None else scale.edge(before=False)
        yield _rect(start, end, y, y + _BAR, "chart-band", key if mark.is_derived else "")


def _point(step: Step, x: Decimal, y: Callable[[Decimal], Decimal], top: int, has_label: bool) -> Iterator[str]:
    mark = step.mark
    low, high = mark.ends
    yield f'<g class="chart-dot{" is-derived" if mark.is_derived else ""}">{_tip(mark)}'
    if mark.is_band:
        above = y(high) if high is not None else Decimal(top - 14)
        below = y(low) if low is not None else y(_ZERO)
        yield _line(x, above, x, below, "chart-spread")
    if mark.value is not None:
        yield f'<circle cx="{x:.2f}%" cy="{y(mark.value):.1f}" r="5"/>'
    if has_label and mark.known:
        anchor = "end" if x > 85 else "start" if x < 15 else "middle"
        yield _text(step.text, x, y(max(mark.known)) - 10, "chart-value", anchor)
    yield "</g>"


def _labelled(steps: Sequence[Step]) -> set[int]:
    """The months whose figures have room beside each other, the latest first; the table has them all."""
    room = _NARROW / 12
    chosen: set[int] = set()
    last: tuple[int, int] | None = None
    for step in reversed(steps):
        columns = _columns(step.text)
        if last is None or (last[0] - step.month) * room > (columns + last[1] + 1) * _LETTER / 2:
            chosen.add(step.month)
            last = (step.month, columns)
    return chosen


# Elements ----------------------------------------------------------------------------------------------------------


def _svg(parts: Iterable[str], height: int, key: str, title: str, description: str) -> str:
    """Named for who does not see it. The hatching is a pattern of its own: an id is there once on a page."""
    return (
        f'<svg class="chart" width="100%" height="{height}" role="img" aria-labelledby="{key}-title {key}-description">'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-description">{escape(description)}</desc>'
        f'<defs><pattern id="{key}-hatch" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<path class="chart-hatch" d="M0 6 6 0"/></pattern></defs>'
        f"{''.join(parts)}</svg>"
    )


def _rect(start: _Number, end: _Number, top: _Number, foot: _Number, style: str, hatched: str) -> str:
    """Between two places across, in either order. `hatched`: the key of the drawing whose hatch it has, "" for none."""
    left, right = sorted((Decimal(start), Decimal(end)))
    fill = f' fill="url(#{hatched}-hatch)"' if hatched else ""
    style = f"{style} is-hatched" if hatched else style
    height = max(Decimal(foot) - Decimal(top), Decimal(2))
    return (
        f'<rect class="{style}" x="{left:.2f}%" y="{top:.1f}" width="{right - left:.2f}%" height="{height:.1f}"{fill}/>'
    )


def _line(x1: _Number, y1: _Number, x2: _Number, y2: _Number, style: str) -> str:
    return f'<line class="{style}" x1="{x1:.2f}%" y1="{y1:.1f}" x2="{x2:.2f}%" y2="{y2:.1f}"/>'


def _text(text: str, x: _Number, y: _Number, style: str, anchor: str, direction: str = "ltr") -> str:
    return (
        f'<text class="{style}" x="{x:.2f}%" y="{y:.1f}" text-anchor="{anchor}" direction="{direction}">'
        f"{escape(text)}</text>"
    )


def _words(text: str, y: int, style: str, right_to_left: bool, columns: int) -> str:
    """At the side where reading begins; `start` of a text from right to left is its right end."""
    direction = "rtl" if right_to_left else "ltr"
    return _text(_fitting(text, columns), 100 if right_to_left else 0, y, style, "start", direction)


def _figure(text: str, x: int, y: int, anchor: str, scale: _Scale, style: str) -> str:
    """Where reading ends. A figure runs from left to right in every language."""
    if not scale.right_to_left:
        return _text(text, x, y, style, anchor)
    return _text(text, 100 - x, y, style, "end", "rtl")


def _centred(text: str, x: Decimal, y: int, style: str) -> str:
    return _text(text, x, y, style, "middle")


def _beside(text: str, x: Decimal, y: int, right_to_left: bool) -> str:
    """Below a dot, towards the middle of the drawing, so that it stays inside."""
    is_left = x < 50
    anchor = ("end" if is_left else "start") if right_to_left else ("start" if is_left else "end")
    return _text(text, x, y, "chart-value", anchor, "rtl" if right_to_left else "ltr")


def _tip(mark: Mark) -> str:
    return f"<title>{escape(f'{mark.label} {mark.text}')}</title>"


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _fitting(text: str, columns: int) -> str:
    """As much of a text as has room: nothing wraps in a drawing. Its whole stands in the tip and in the table."""
    taken, shown = 0, ""
    for char in text:
        taken += _columns(char)
        if taken > max(columns, 6):
            return f"{shown.rstrip()}…"
        shown += char
    return shown
