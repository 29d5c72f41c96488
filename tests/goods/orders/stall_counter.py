"""A stall's counter for the tests of its pages: Li sells cups, Amina buys, Zhang is another stall.

counter.browser(counter.li, "zh-hans")      # her browser
order = counter.order(12)                   # Amina orders twelve cups of Li: the sub-order's id
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from orders_market import Booth, Market

from sundry.base.access.rules import Actor
from sundry.goods.orders.actions_enquiries import ask
from sundry.goods.orders.enquiry_rules import Question
from sundry.goods.orders.models import Conversation
from sundry.goods.orders.order_rules import Head

LANGUAGES = ("zh-hans", "ar")  # its own script, and the one that mirrors


@dataclass
class Counter:
    market: Market
    li: Actor
    zhang: Actor
    amina: Actor
    stall: Booth
    cups: list[int]

    def browser(self, actor: Actor, language: str = "en") -> Client:
        made = Client()
        made.force_login(get_user_model().objects.get(pk=actor.person))
        made.cookies["language"] = language
        return made

    def order(self, pieces: int = 12, *, lines: int = 1, **more: Any) -> uuid.UUID:
        """Placed by Amina now, by the clock of the pages: the id of Li's part."""
        wanted = dict.fromkeys(self.cups[:lines], pieces)
        head = Head(destination="MA")
        placed = self.market.order(self.amina, wanted, head, **{"now": timezone.now(), **more})
        return self.market.subs(placed.order)[0]

    def confirmed(self, pieces: int = 12, **more: Any) -> uuid.UUID:
        from sundry.goods.orders.actions_answering import confirm

        sub = self.order(pieces, **more)
        confirm(actor=self.li, subs=[sub], now=timezone.now())
        return sub

    def talk(self, text: str = "¿Cuánto cuestan 600?", **more: Any) -> uuid.UUID:
        """Amina asks Li about her first cup, in Spanish."""
        question = Question(text, "es", goods=(self.cups[0],), quantity=600, destination="MA", **more)
        asked = ask(actor=self.amina, question=question, now=timezone.now())
        return Conversation.objects.values_list("id", flat=True).get(enquiry__number=asked.number)


@contextmanager
def opened(folder: Path) -> Iterator[Counter]:
    """One market for a whole file of tests; all of it is rolled back at last."""
    with (
        override_settings(SUNDRY=replace(settings.SUNDRY, data_dir=folder), FILES_DIR=folder),
        transaction.atomic(),
    ):
        market = Market()
        li = market.seller("Li")
        stall = market.stall(li)
        cups = market.goods(stall, 3, stock_pieces=5_000)
        yield Counter(market, li, market.seller("Zhang"), market.buyer(), stall, cups)
        transaction.set_rollback(True)


def read(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, f"{answer.status_code} {answer.content.decode()[:1500]}"
    return str(answer.content.decode())


def text_of(page: str) -> str:
    """Without markup, in single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\N{NO-BREAK SPACE}", " ").split())


def hidden(page: str, name: str) -> str:
    """What a hidden field of the page holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]
