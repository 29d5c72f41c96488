"""What a stall answers, as it types it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from sundry.goods.catalogue.rules import Told
from sundry.goods.orders.forms_sales import ConfirmForm, DeclineForm, HandOverForm, ProposeForm
from sundry.goods.orders.order_rules import (
    Carton,
    ChangeKind,
    Collector,
    LineChange,
    LineView,
    State,
    SubView,
    Supply,
    Totals,
)
from sundry.goods.orders.own_goods import OwnGood, picked

ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)
KEY = str(uuid.UUID(int=9))
LINE = LineView(
    ONE, 1, uuid.UUID(int=5), 20_114, None, {"zh": "杯"}, {}, "zh", "K1", "piece", "", 120, 320, 1, 320, 38_400,
    Carton(48), 3, "", Supply.STOCK, Collector.AGENT, None, 20, 0, "", "", 1,
)  # fmt: skip
LINES = (LINE, replace(LINE, id=TWO, pieces=50, handed_pieces=50))
SUB = SubView(
    uuid.UUID(int=5), "10234-3", 10_234, 7, {"zh": "店"}, "1-F2-C-1205", uuid.UUID(int=6), State.CONFIRMED, Totals(), 0,
    date(2026, 12, 1), None, None, None, None, None, None, "", "", 4, False, "none",
)  # fmt: skip


RED = uuid.UUID(int=3)
CUP = OwnGood(20_115, None, Told("Cup", "en"), Told("", ""), "K2")
GOODS = {"20115": (CUP,), "cup": (CUP, replace(CUP, number=20_116, variant=RED, kind=Told("red", "en")))}


def propose(**changed: str) -> ProposeForm:
    """What stands on the form as it was, but for what is changed."""
    given = {
        "key": KEY, "version": "4", "day": "2026-12-01", "reason": "wet",
        **{f"pieces_{line.id}": str(line.pieces) for line in LINES},
        **{f"price_{line.id}": "3.20" for line in LINES},
    }  # fmt: skip
    return ProposeForm(given | changed, sub=SUB, lines=LINES, currency="CNY", find=lambda words: GOODS.get(words, ()))


@pytest.mark.parametrize("days", [-1, 0, 30])
def test_a_day_that_is_over_is_not_promised(days: int) -> None:
    day = timezone.localdate() + timedelta(days=days)
    assert ConfirmForm({"key": KEY, "version": "1", "day": day.isoformat()}).is_valid() is (days >= 0)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"why": "sold_out"}, "It is sold out."),
        ({"why": "price", "reason": "now 3.40"}, "The price does not hold any more. now 3.40"),
        ({"why": "other", "reason": " flood "}, "flood"),
        ({"why": "other", "reason": "  "}, None),
        ({"reason": "flood"}, None),
        ({"why": "bored"}, None),
    ],
)
def test_who_declines_says_why(given: Mapping[str, str], said: str | None) -> None:
    form = DeclineForm({"key": KEY, **given})
    assert (form.said if form.is_valid() else None) == said


def test_all_that_is_open_stands_ready_to_be_handed_over() -> None:
    form = HandOverForm(lines=LINES)
    assert [(line.id, field.initial) for line, field in form.rows] == [(ONE, 100)]


@pytest.mark.parametrize(
    ("pieces", "handed"), [("100", {ONE: 100}), ("٤٠", {ONE: 40}), ("101", None), ("0", None), ("", None), ("x", None)]
)
def test_no_more_than_is_open_is_handed_over(pieces: str, handed: Any) -> None:
    form = HandOverForm({"key": KEY, f"pieces_{ONE}": pieces}, lines=LINES)
    assert (form.handed if form.is_valid() else None) == handed


@pytest.mark.parametrize(
    ("changed", "kind", "changes"),
    [
        ({f"pieces_{ONE}": "60"}, ChangeKind.PART_CANCEL, (LineChange(ONE, pieces=60),)),
        ({f"pieces_{ONE}": "200"}, ChangeKind.AMEND, (LineChange(ONE, pieces=200),)),
        ({f"price_{ONE}": "3"}, ChangeKind.AMEND, (LineChange(ONE, price_minor=300),)),
        ({f"good_{ONE}": "20115"}, ChangeKind.SUBSTITUTE, (LineChange(ONE, substitute=20_115),)),
        (
            {f"good_{ONE}": "cup", f"pick_{ONE}": f"20116/{RED}"},
            ChangeKind.SUBSTITUTE,
            (LineChange(ONE, substitute=20_116, variant=RED),),
        ),
        ({"day": "2026-12-24"}, ChangeKind.PROMISE, ()),
    ],
)
def test_a_change_is_called_what_it_is(
    changed: Mapping[str, str], kind: ChangeKind, changes: tuple[LineChange, ...]
) -> None:
    form = propose(**changed)
    assert form.is_valid(), form.errors
    assert (form.kind, form.changes) == (kind, changes)
    assert form.new_day == (date(2026, 12, 24) if "day" in changed else None)


@pytest.mark.parametrize(
    "changed", [{}, {f"pieces_{ONE}": "19"}, {f"pieces_{ONE}": "60", "reason": ""}], ids=["nothing", "handed", "why"]
)
def test_a_change_that_is_none_or_cannot_be_is_told(changed: Mapping[str, str]) -> None:
    assert not propose(**changed).is_valid()


@pytest.mark.parametrize(
    ("given", "choices"),
    [
        ({f"good_{ONE}": "cup"}, ["20115", f"20116/{RED}"]),
        ({f"good_{ONE}": "cup", f"pick_{ONE}": "30000"}, ["20115", f"20116/{RED}"]),
        ({f"good_{ONE}": "lamp", f"pick_{ONE}": "20115"}, []),
    ],
)
def test_of_several_goods_she_is_asked_which_and_of_none_she_is_told(
    given: Mapping[str, str], choices: list[str]
) -> None:
    form = propose(**given)
    assert not form.is_valid()
    assert list(form.errors) == [f"good_{ONE}"]
    assert [one.value for one in form.choices.get(ONE, ())] == choices


def test_what_a_form_sends_back_is_a_good_or_nothing() -> None:
    assert picked("20115") == (20_115, None)
    assert picked(f"20116/{RED}") == (20_116, RED)
    assert [picked(value) for value in ("", "cup", "²", "9" * 19)] == [None] * 4
