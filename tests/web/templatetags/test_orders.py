"""Badges, prices and sentences of orders in templates."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.template import engines
from django.utils import translation

from sundry.base.access.rules import EVERYBODY, Operation
from sundry.goods.orders.enquiry_rules import QuotationState
from sundry.goods.orders.operations import BASKET_WRITE
from sundry.goods.orders.order_rules import Carton, EventKind, LineView, Side, State, TimelineEntry
from sundry.web.templatetags import orders as tags

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def render(template: str, **values: Any) -> str:
    return engines["django"].from_string("{% load orders %}" + template).render(values)


def line(**fields: Any) -> LineView:
    given = dict.fromkeys(LineView.__slots__) | {"names": {}, "language": "zh", "carton": Carton(), "price_per": 1}
    return LineView(**(given | fields))


def entry(kind: EventKind, **fields: Any) -> TimelineEntry:
    given = {"sub": "", "side": Side.STALL, "who": "", "organisation": "Li", "details": {}} | fields
    return TimelineEntry(id=uuid.UUID(int=1), kind=kind, at=NOON, **given)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_state_is_a_badge() -> None:
    said = render("{% state state %}", state=State.PLACED)
    assert "badge-waiting" in said
    assert "Waits for the stall" in said
    assert "badge-attention" in render("{% state state %}", state=QuotationState.EXPIRED)
    assert "Late" in render("{% late_badge %}")
    assert "Confirmed by both" in render("{% ticket_state 'both' %}")


def test_what_is_no_state_is_an_error() -> None:
    with pytest.raises(KeyError):
        render("{% state state %}", state=EventKind.PLACED)


def test_a_price_says_for_how_many_it_is() -> None:
    assert "CNY 3.20" in plain(render("{% price 320 1 'CNY' 'dozen' %}"))
    assert "/ dozen" in render("{% price 320 1 'CNY' 'dozen' %}")
    several = plain(render("{% price 8500 1000 'CNY' %}"))
    assert "CNY 85.00" in several
    assert several.endswith("for 1,000")


def test_a_carton_costs_what_its_pieces_do() -> None:
    told = plain(render("{% carton_price line 320 'CNY' %}", line=line(carton=Carton(pieces=48))))
    assert "CNY 153.60" in told
    assert told.endswith("a carton of 48")
    assert render("{% carton_price line 320 'CNY' %}", line=line()) == ""


def test_a_share_is_a_percentage() -> None:
    assert plain(tags.bp(7100)) == "71%"
    with translation.override("es"):
        assert plain(tags.bp(7100)) == "71 %"


def test_a_name_that_harms_is_text() -> None:
    told = entry(EventKind.DECLINED, sub="10234-3", organisation="<b>Li</b>", details={"reason": "<script>%(who)s"})
    said = tags.happened(told)
    assert "&lt;b&gt;Li" in said
    assert "&lt;script&gt;%(who)s" in said


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_event_is_told_with_little_and_with_much(kind: EventKind) -> None:
    assert str(tags.happened(entry(kind))).strip()
    much = {
        "day": "2026-11-27",
        "reason": "r",
        "amount_minor": 5,
        "currency": "CNY",
        "pieces": 9,
        "cartons": 2,
        "ticket": "T",
    }
    told = str(tags.happened(entry(kind, sub="10234-3", who="Wang", details=much | {"ticket": "T"})))
    assert "%(" not in told
    assert tags.happened_icon(entry(kind))


def test_a_day_and_an_amount_are_written_as_the_reader_does() -> None:
    with translation.override("es"):
        told = tags.happened(entry(EventKind.CONFIRMED, sub="1-1", details={"day": "2026-11-27"}))
    assert "27 nov 2026" in plain(told)


def test_whose_operation_it_is() -> None:
    assert tags.is_of_buying(BASKET_WRITE)
    assert not tags.is_of_buying(Operation("x", own=EVERYBODY))
    assert not tags.is_of_buying(None)


def test_words_and_countries() -> None:
    assert tags.word_of(Side.STALL) == "The stall"
    assert tags.country("MA") == "Morocco"
    assert tags.country("") == ""
    assert "cup" in tags.line_name(line(names={"en": "cup"}))
    assert tags.line_text(line(names={"en": "cup"})) == "cup"
    assert tags.variant_name(line(variant_names={})) == ""
