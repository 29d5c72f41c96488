"""What orders are called and how their prices read, in the reader's language.

    {% load orders %}  {% state sub.state %}  {{ line|line_name }}  {% price line.price_minor line.price_per "CNY" %}

A badge is chosen by what kind of state it is given; the words stand in the module (order_words.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from sundry.base.access.rules import Operation
from sundry.base.parties.forms import country_name as _country_name
from sundry.goods.catalogue.showing import spoken
from sundry.goods.orders import order_words as words
from sundry.goods.orders.enquiry_rules import EnquiryState, QuotationState, QuotedLine
from sundry.goods.orders.operations import BUYING
from sundry.goods.orders.order_rules import (
    ChangeKind,
    ChangeState,
    Collector,
    LineView,
    MandateState,
    OrderState,
    PaymentKind,
    PaymentState,
    Side,
    State,
    Supply,
    TimelineEntry,
    value_of,
)
from sundry.goods.orders.showing_orders import line_told, stall_told
from sundry.web import formatting
from sundry.web.templatetags.catalogue import told, unit_of_good
from sundry.web.templatetags.sundry import badge, day, money, number, page_language

register = template.Library()

BADGES: Final[Mapping[type[StrEnum], Mapping[Any, words.Badge]]] = {
    State: words.STATES,
    OrderState: words.ORDER_STATES,
    EnquiryState: words.ENQUIRY_STATES,
    QuotationState: words.QUOTATION_STATES,
    ChangeState: words.CHANGE_STATES,
    PaymentState: words.PAYMENT_STATES,
    MandateState: words.MANDATE_STATES,
}
WORDS: Final[Mapping[type[StrEnum], Mapping[Any, words.Word]]] = {
    Side: words.SIDES,
    ChangeKind: words.CHANGE_KINDS,
    PaymentKind: words.PAYMENT_KINDS,
    Supply: words.SUPPLIES,
    Collector: words.COLLECTORS,
}


@register.inclusion_tag("components/badge.html")
def state(of: StrEnum) -> dict[str, Any]:
    """The badge of a state of ours. KeyError: it is none."""
    kind, word = BADGES[type(of)][of]
    return badge(kind, str(word))


@register.inclusion_tag("components/badge.html")
def ticket_state(ticket: str) -> dict[str, Any]:
    """The badge of a part's trade ticket (SubView.ticket)."""
    kind, word = words.TICKETS[ticket]
    return badge(kind, str(word))


@register.inclusion_tag("components/badge.html")
def late_badge() -> dict[str, Any]:
    kind, word = words.LATE
    return badge(kind, str(word))


@register.inclusion_tag("orders/desk/mark.html")
def desk_mark(marks: Mapping[Any, str], row: Any) -> dict[str, Any]:
    """What the reader has marked a row of her desk with; nothing where she has not."""
    if row not in marks:
        return {}
    kind, word = words.mark_badge(marks[row])
    return {"kind": kind, "word": word}


@register.filter
def word_of(of: StrEnum) -> str:
    """What a kind or a side is called."""
    return str(WORDS[type(of)][of])


@register.filter
def is_of_buying(operation: Operation | None) -> bool:
    """Whether it is for those who buy, and for nobody else of the market."""
    return operation is not None and operation.own == BUYING


# Names ---------------------------------------------------------------------------------------------------------------


@register.filter
def line_name(line: LineView | QuotedLine) -> SafeString:
    return told(line_told(line, page_language()))


@register.filter
def line_text(line: LineView | QuotedLine) -> str:
    """The same where no markup may stand."""
    return line_told(line, page_language()).text


@register.filter
def variant_name(line: LineView) -> SafeString:
    """The kind that was chosen; "" where there is none."""
    found = spoken(line.variant_names, page_language(), source=line.language)
    return told(found) if found.text else SafeString("")


@register.filter
def stall_called(one: Any) -> SafeString:
    """A stall by its name; one without by its booth (`place`), else by its number."""
    return told(stall_told(one, page_language()))


@register.filter
def stall_text(one: Any) -> str:
    """The same where no markup may stand."""
    return stall_told(one, page_language()).text


@register.filter
def country(code: str) -> str:
    """A country by its name; "" for none."""
    return _country_name(code) if code else ""


# Prices --------------------------------------------------------------------------------------------------------------


@register.simple_tag
def price(price_minor: int, price_per: int, currency: str, unit: str = "piece") -> SafeString:
    """CNY 0.85 / piece; CNY 85.00 for 1,000."""
    if price_per == 1:
        return format_html('{} <span class="small">/ {}</span>', money(price_minor, currency), unit_of_good(unit))
    return _filled(gettext("%(price)s for %(pieces)s"), price=money(price_minor, currency), pieces=number(price_per))


@register.simple_tag
def carton_price(line: LineView | QuotedLine, price_minor: int, currency: str) -> SafeString:
    """What a carton costs: "CNY 153.60 a carton of 48"; "" where nobody knows how many are in one."""
    in_one = line.carton.pieces
    if not in_one:
        return SafeString("")
    cost = money(value_of(in_one, price_minor, line.price_per), currency)
    return _filled(gettext("%(price)s a carton of %(pieces)s"), price=cost, pieces=number(in_one))


@register.filter
def bp(share_bp: int, decimals: int = 0) -> str:
    """Hundredths of a percent as a percentage: 7100 as 71 %."""
    return formatting.percent(share_bp / 10_000, page_language(), decimals=decimals)


# Timeline ------------------------------------------------------------------------------------------------------------


@register.filter
def happened(entry: TimelineEntry) -> SafeString:
    """What an entry of the timeline tells, as a whole sentence."""
    filled = blanks(entry)
    return _filled(words.sentence_of(entry.kind, filled), **filled)


@register.filter
def happened_icon(entry: TimelineEntry) -> str:
    return words.TIMELINE_ICONS[entry.kind]


def blanks(entry: TimelineEntry) -> dict[str, SafeString | str]:
    """What an entry has to fill a sentence with."""
    details = entry.details
    who = entry.who or entry.organisation or str(words.SIDES[entry.side])
    filled: dict[str, SafeString | str] = {"who": format_html('<bdi class="text">{}</bdi>', who)}
    if entry.sub:
        filled["code"] = format_html("<bdi>{}</bdi>", entry.sub)
    if details.get("day"):
        filled["day"] = day(date.fromisoformat(details["day"]))
    if details.get("reason"):
        filled["reason"] = format_html('<bdi class="text" dir="auto">{}</bdi>', details["reason"])
    if details.get("amount_minor") is not None and details.get("currency"):
        filled["amount"] = money(details["amount_minor"], details["currency"])
    for name in ("pieces", "cartons"):
        if details.get(name):
            filled[name] = number(details[name])
    if details.get("ticket"):
        filled["ticket"] = format_html("<bdi>{}</bdi>", details["ticket"])
    return filled


def _filled(sentence: str, **values: SafeString | str) -> SafeString:
    """A translated sentence with markup in its blanks."""
    return mark_safe(escape(sentence) % values)
