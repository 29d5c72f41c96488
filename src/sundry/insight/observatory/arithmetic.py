"""The arithmetic of a check as one line that a reader can follow, with what each printed figure may truly be.

Problem: "7.1 - 6.0 is 1.2?" looks wrong to whoever does not think of rounding, and right to whoever does.

    a gap of 1.2 is printed, 7.1 here and 6.0 there       [7.05, 7.15] - [5.95, 6.05] = [1.0, 1.2]

Therefore each figure stands as the interval that its printed digits leave, in its printed unit and with its sign, and
the result is the one of the check. Checks that are no arithmetic (counts of lists, dates) have no line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from sundry.engines.reading.checking import Note
from sundry.engines.reading.figures import interval_of
from sundry.engines.reading.model import Outcome, Type
from sundry.insight.observatory.rules import CheckView, StatementView
from sundry.insight.observatory.telling import said

PLUS, MINUS, TIMES, OVER, EQUALS, DIFFERS, AT_MOST = "+", "−", "×", "÷", "=", "≠", "≤"
TERMS_MAX: Final = 8

Ends = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Term:
    """A printed figure: what it may be, None where it has no limit, in its printed unit. `sign` stands before it."""

    sign: str
    ends: Ends
    unit: str


@dataclass(frozen=True, slots=True)
class Line:
    """`result` None: the terms are compared with each other and give nothing new.

    `rest`: "− 1" behind the terms, or "÷ (1 + {})" with a blank for `inside`.
    """

    terms: tuple[Term, ...]
    rest: str = ""
    result: Ends | None = None
    unit: str = ""
    inside: Term | None = None


def line_of(check: CheckView, operands: Sequence[StatementView | None]) -> Line | None:
    """`operands`: the statements of the check in their order, None for one that may not be seen. None: no line."""
    views = [view for view in operands if view is not None]
    ends = [_ends(view) for view in views]
    if len(views) != len(operands) or not 2 <= len(views) <= TERMS_MAX or None in ends:
        return None
    terms = [Term("", end, view.unit) for end, view in zip(ends, views, strict=True) if end is not None]
    if check.kind in ("repeat", "headline"):
        return Line(_joined(terms, EQUALS if check.outcome is Outcome.HOLDS else DIFFERS))
    made = _implied(check, views, terms) if check.outcome is Outcome.IMPLIED else _compared(check, views, terms)
    if made is None or check.kind == "part":
        return made
    if check.derived is None:
        return None
    return replace(made, result=check.derived, unit=check.values.get("unit", ""))


def _compared(check: CheckView, views: Sequence[StatementView], terms: Sequence[Term]) -> Line | None:
    """What is printed first, and then what it should come of."""
    first, *others = terms
    if check.kind == "part":
        is_whole_first = check.outcome is not Outcome.FAILS
        parts, whole = (others, first) if is_whole_first else ([first], others[-1])
        return Line((*_joined(parts, PLUS), _with(whole, AT_MOST)))
    if check.kind == "sum":
        return Line(_joined(others, PLUS))
    if check.kind == "yield":
        return Line(_joined(terms, OVER)) if len(terms) == 2 else None
    if len(others) != 2:
        return None
    if check.kind in ("gap", "delta"):
        return Line(_joined(others, MINUS))
    if check.kind == "growth":
        return Line(_joined(others, OVER), f"{MINUS} 1")
    return Line(_joined(others, OVER)) if check.kind == "share" and views[0].type is Type.SHARE else None


def _implied(check: CheckView, views: Sequence[StatementView], terms: Sequence[Term]) -> Line | None:
    """What nobody printed, from what is."""
    first, second = terms[0], terms[1]
    if check.kind in ("gap", "delta"):
        # The gap is printed, and one of the two figures; the other is on its other side.
        stated, known = views[0], views[1]
        is_ours = known.region_code == stated.region_code and known.period == stated.period
        return Line(_joined([second, first], MINUS if is_ours else PLUS))
    if check.note == Note.MISSING_PART and check.kind == "sum":
        return Line(_joined(terms, MINUS))
    if len(terms) != 2:
        return None
    if check.kind == "path" and "%" not in (first.unit, second.unit):
        return Line(_joined(terms, MINUS))
    if check.kind == "share":
        return Line(_joined(terms, OVER if check.note == Note.MISSING_WHOLE else TIMES))
    if check.kind == "base":
        return None if None in second.ends else Line((first,), f"{OVER} (1 {PLUS} {{}})", inside=second)
    return None


def _joined(terms: Sequence[Term], sign: str) -> tuple[Term, ...]:
    return tuple(_with(term, sign if place else "") for place, term in enumerate(terms))


def _with(term: Term, sign: str) -> Term:
    return Term(sign, term.ends, term.unit)


def _ends(view: StatementView) -> Ends | None:
    """In the printed unit; turned round where the words say that it fell."""
    interval = interval_of(said(view, from_start=view.context_start))
    if interval is None:
        return None
    is_turned = view.value is not None and view.base_value is not None and (view.value < 0) != (view.base_value < 0)
    return (-interval if is_turned else interval).ends
