"""The line of a check: intervals, signs and the order in which a reader reckons."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from sundry.engines.reading.checking import Note
from sundry.engines.reading.model import Bound, Outcome, Type
from sundry.insight.observatory.arithmetic import Line, line_of
from sundry.insight.observatory.rules import CheckView, StatementView

Make = Callable[..., StatementView]
ENDS = (Decimal("1.0"), Decimal("1.2"))


def check(kind: str, outcome: Outcome = Outcome.HOLDS, note: str = Note.AGREES, **values: Any) -> CheckView:
    given: dict[str, Any] = {"derived": ENDS, "values": {"unit": "百分点"}} | values
    return CheckView(
        id=uuid.UUID(int=1), page=uuid.UUID(int=2), page_name="p", issued=None, kind=kind, outcome=outcome, spans=(),
        quotes=(), pages=(), statements=(), stated="", note=note, repair="", **given,
    )  # fmt: skip


def told(line: Line | None) -> str:
    """As one would write it by hand."""
    if line is None:
        return ""
    parts = [
        f"{term.sign} {'..'.join('' if end is None else f'{end:f}' for end in term.ends)}{term.unit}".strip()
        for term in line.terms
    ]
    result = "" if line.result is None else f" = {'..'.join(f'{end}' for end in line.result)}{line.unit}"
    inside = "" if line.inside is None else "[{:f}, {:f}]{}".format(*line.inside.ends, line.inside.unit)
    return f"{' '.join(parts)} {line.rest.format(inside)}".strip() + result


@pytest.fixture
def percent(make_statement: Make) -> Make:
    def make(value: str, type_: Type = Type.GROWTH, **options: Any) -> StatementView:
        return make_statement(value, "%", type=type_, **options)

    return make


def test_a_gap_is_the_difference_of_two_rounded_figures(percent: Make, make_statement: Make) -> None:
    operands = [make_statement("1.1", "百分点", type=Type.GAP), percent("7.1"), percent("6.0")]
    assert told(line_of(check("gap"), operands)) == "7.05..7.15% − 5.95..6.05% = 1.0..1.2百分点"
    assert told(line_of(check("delta"), operands)) == "7.05..7.15% − 5.95..6.05% = 1.0..1.2百分点"


def test_a_decline_is_below_zero(percent: Make) -> None:
    operands = [percent("1"), percent("5.1", base_value=Decimal("-5.1")), percent("6.0")]
    assert told(line_of(check("gap"), operands)).startswith("-5.15..-5.05% − 5.95..6.05%")


def test_sums_parts_shares_growths_and_yields(make_statement: Make, percent: Make) -> None:
    whole, one, other = (make_statement(value, "亿元") for value in ("10.0", "6.0", "4.0"))
    assert told(line_of(check("sum"), [whole, one, other])).startswith("5.95..6.05亿元 + 3.95..4.05亿元 =")
    share = percent("60.0", Type.SHARE)
    assert told(line_of(check("share"), [share, one, whole])).startswith("5.95..6.05亿元 ÷ 9.95..10.05亿元 =")
    assert told(line_of(check("growth"), [percent("3.0"), one, other])).startswith(
        "5.95..6.05亿元 ÷ 3.95..4.05亿元 − 1 ="
    )
    assert told(line_of(check("yield"), [one, other])).startswith("5.95..6.05亿元 ÷ 3.95..4.05亿元 =")
    assert told(line_of(check("part"), [whole, one, other])) == "5.95..6.05亿元 + 3.95..4.05亿元 ≤ 9.95..10.05亿元"
    assert told(line_of(check("part", Outcome.FAILS), [whole, one])) == "9.95..10.05亿元 ≤ 5.95..6.05亿元"


def test_what_is_said_twice_is_the_same_or_not(make_statement: Make) -> None:
    one, other = make_statement("6.0", "亿元"), make_statement("7.0", "亿元")
    assert told(line_of(check("repeat"), [one, one])) == "5.95..6.05亿元 = 5.95..6.05亿元"
    revised = line_of(check("repeat", Outcome.EXPLAINED), [one, other])
    assert told(revised) == "5.95..6.05亿元 ≠ 6.95..7.05亿元", "what was put right later is another figure"
    assert told(line_of(check("headline", Outcome.FAILS), [one, other])) == "5.95..6.05亿元 ≠ 6.95..7.05亿元"


def test_what_nobody_printed_follows_from_the_other_side_of_a_gap(percent: Make, make_statement: Make) -> None:
    gap = make_statement("1.1", "百分点", type=Type.GAP, region_code="330782", period="2026-Q1")
    ours = percent("8.0", region_code="330782", period="2026-Q1")
    theirs = percent("6.9", region_code="330000", period="2026-Q1")
    implied = check("gap", Outcome.IMPLIED, Note.OTHER_REGION)
    assert told(line_of(implied, [gap, ours])).startswith("7.95..8.05% − 1.05..1.15百分点 =")
    assert told(line_of(implied, [gap, theirs])).startswith("6.85..6.95% + 1.05..1.15百分点 =")


def test_what_nobody_printed_follows_from_levels(percent: Make, make_statement: Make) -> None:
    long, short = make_statement("10.0", "亿元"), make_statement("6.0", "亿元")

    def implied(kind: str, note: str) -> CheckView:
        return check(kind, Outcome.IMPLIED, note)

    assert told(line_of(implied("path", Note.MISSING_MONTHS), [long, short])).startswith(
        "9.95..10.05亿元 − 5.95..6.05亿元 ="
    )
    assert line_of(implied("path", Note.MISSING_MONTHS), [percent("8.0"), percent("7.0")]) is None
    assert " − " in told(line_of(implied("sum", Note.MISSING_PART), [long, short]))
    assert " ÷ " in told(line_of(implied("share", Note.MISSING_WHOLE), [short, percent("60.0")]))
    assert " × " in told(line_of(implied("share", Note.MISSING_PART), [long, percent("60.0")]))
    assert told(line_of(implied("base", Note.EARLIER_LEVEL), [long, percent("5.0")])).startswith(
        "9.95..10.05亿元 ÷ (1 + [4.95, 5.05]%) ="
    )


def test_a_bound_has_no_other_end(make_statement: Make) -> None:
    most = make_statement("20", "亿元", low=Decimal(20), bound=Bound.GE)
    assert told(line_of(check("repeat"), [most, most])) == "20..亿元 = 20..亿元"


def test_what_may_not_be_seen_or_is_no_arithmetic_has_no_line(percent: Make, make_statement: Make) -> None:
    figure = percent("7.1")
    assert line_of(check("gap"), [figure, None, figure]) is None
    assert line_of(check("gap"), [figure]) is None
    assert line_of(check("gap"), [figure] * 9) is None
    assert line_of(check("date"), [figure, figure, figure]) is None
    assert line_of(check("gap", derived=None), [figure, figure, figure]) is None
    words = make_statement(None, "", type=Type.QUALITATIVE)
    assert line_of(check("repeat"), [words, words]) is None
