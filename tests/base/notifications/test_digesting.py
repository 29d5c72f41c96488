"""What a digest says: counts, whole sentences, the pages they speak of, in six languages."""

from __future__ import annotations

import logging
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import ngettext_lazy

from sundry.base.notifications.digesting import SUBJECT_MAX, Letter, Links, letter, sentence
from sundry.base.notifications.rules import Group, NoticeKind, NoticeView, Way

ORDERS = Group("orders", "Orders")
CONFIRMED = NoticeKind(
    "order.confirmed", ORDERS, ngettext_lazy("%(count)d confirmation", "%(count)d confirmations", "count")
)
LATE = NoticeKind(
    "order.late", ORDERS, ngettext_lazy("%(count)d late order", "%(count)d late orders", "count"), urgent=True
)
MINE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
LINKS = Links(
    "https://m.example", "https://m.example/notifications/", "https://m.example/account/", "https://m.example/s"
)


def told(kind: NoticeKind, number: int, *, organisation: uuid.UUID = MINE, times: int = 1) -> NoticeView:
    return NoticeView(
        id=uuid.UUID(int=number),
        kind=kind,
        organisation=organisation,
        organisation_name="Mine",
        values={"order": number, "codes": f"{number}-3"},
        link=f"/orders/{number}/",
        times=times,
        at=datetime(2026, 11, 23, tzinfo=UTC) + timedelta(minutes=number),
    )


def write(*notices: NoticeView, way: Way = Way.EMAIL, locale: str = "en", **names: Any) -> Letter:
    return letter(notices, way=way, locale=locale, names=names or {MINE: "Mine"}, links=LINKS)


def test_seven_stalls_confirmed_and_two_are_late() -> None:
    made = write(*[told(CONFIRMED, number) for number in range(1, 8)], *[told(LATE, number) for number in (8, 9)])
    assert made.subject == "2 late orders · 7 confirmations"
    late, confirmed = made.body.split("\n\n\n")[:2]
    assert late.splitlines()[0] == "2 late orders"
    assert "Order 8 is late: 8-3.\nhttps://m.example/orders/8/" in late
    assert confirmed.splitlines()[0] == "7 confirmations"
    assert confirmed.endswith("2 more stand on your page.\nhttps://m.example/notifications/")


def test_one_notice_is_its_sentence_and_its_page() -> None:
    made = write(told(CONFIRMED, 7))
    assert made.subject == "Order 7 is confirmed: 7-3."
    assert made.body.startswith("Order 7 is confirmed: 7-3.\nhttps://m.example/orders/7/\n\n\n-- \n")
    assert made.body.endswith("https://m.example/s\n")


def test_what_was_folded_is_counted() -> None:
    assert write(told(LATE, 1, times=4), told(LATE, 2)).subject == "5 late orders"


def test_whoever_acts_for_several_is_told_for_which() -> None:
    names = {MINE: "Mine", OTHER: "Other"}
    made = letter(
        [told(LATE, 1), told(LATE, 2, organisation=OTHER)], way=Way.EMAIL, locale="en", names=names, links=LINKS
    )
    assert "Order 2 is late: 2-3.\nFor: Other\n" in made.body
    assert "For:" not in write(told(LATE, 1)).body


def test_a_message_to_a_phone_has_counts_and_one_link() -> None:
    assert write(told(LATE, 1), told(CONFIRMED, 2), way=Way.SMS) == Letter(
        "", "1 late order · 1 confirmation\nhttps://m.example/notifications/"
    )
    assert write(told(LATE, 1), way=Way.WHATSAPP).body == "Order 1 is late: 1-3.\nhttps://m.example/orders/1/"


@pytest.mark.parametrize("locale", ["zh-hans", "en", "ar", "es", "fr", "ru"])
def test_every_language_has_its_sentences(locale: str) -> None:
    made = write(told(LATE, 10234), told(CONFIRMED, 10235), locale=locale)
    assert "10234-3" in made.body
    assert ("is late" in made.body) == (locale == "en")


def test_names_and_days_in_values_are_the_readers_own() -> None:
    values = {"order": 1, "codes": {"zh": "王记", "en": "Wang"}}
    assert sentence(CONFIRMED, values, "zh") == "订单 1 已确认：王记。"
    assert sentence(CONFIRMED, values, "ru") == "Заказ 1 подтверждён: Wang."
    assert sentence(CONFIRMED, {"order": 1, "codes": "2026-11-30"}, "en") == "Order 1 is confirmed: Nov 30, 2026."


def test_a_name_breaks_no_header_and_fills_no_page() -> None:
    values = {"order": 1, "codes": "a\r\nBcc: x@y.example " + "b" * 500}
    made = write(NoticeView(MINE, LATE, MINE, "", values, "/", 1, datetime(2026, 11, 23, tzinfo=UTC)))
    assert "\n" not in made.subject
    assert len(made.subject) == SUBJECT_MAX


def test_a_notice_of_an_older_release_holds_nothing_up(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL):
        assert sentence(CONFIRMED, {"number": 1}, "en") == "1 confirmation"
