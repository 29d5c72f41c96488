"""What the tests of the buyer's pages share: a market over two stalls, her browser, and how a page is read."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.db import transaction
from django.test import Client, override_settings
from orders_market import Market

from sundry.goods.catalogue.models import Stall
from sundry.goods.catalogue.rules import Carton, Step
from sundry.goods.orders import actions_basket, queries_orders
from sundry.goods.orders.order_rules import Head, Wish

LANGUAGES = ("zh-hans", "en", "ar", "es", "fr", "ru")


@dataclass
class Shop:
    """Two stalls: cups at the one, crates at the other, which asks something of mixed orders."""

    market: Market
    li: Any
    sun: Any
    buyer: Any
    agent: Any
    mandate: Any
    cups: list[int]
    crates: list[int]
    stalls: list[Any]

    def basket(self, actor: Any = None, **more: Any) -> int:
        """Over both stalls: its number."""
        actor = actor or self.buyer
        wishes = [Wish(pieces=600, good=self.cups[0]), Wish(pieces=240, good=self.crates[0]), Wish(96, self.crates[1])]
        made = actions_basket.start_with(
            actor=actor, head=Head(destination="MA"), wishes=wishes, now=self.market.now, **more
        )
        return made.order

    def placed(self, **more: Any) -> int:
        """The same, placed."""
        wanted = {self.cups[0]: 600, self.crates[0]: 240, self.crates[1]: 96}
        return self.market.order(self.buyer, wanted, Head(name="Spring", destination="MA"), **more).order


@contextmanager
def opened(folder: Path) -> Iterator[Shop]:
    """One for all tests of a file; what a test changes is rolled back, and at last everything."""
    there = replace(settings.SUNDRY, data_dir=folder, public_catalogue=True)
    with override_settings(SUNDRY=there, FILES_DIR=folder), transaction.atomic():
        yield _shop(Market())
        transaction.set_rollback(True)


def _shop(market: Market) -> Shop:
    li, sun = market.seller("Li"), market.seller("Sun")
    one, two = market.stall(li), market.stall(sun)
    Stall.objects.filter(id=two.id).update(mixed_pieces=5_000)
    carton = Carton(48, 600, 400, 300, gross_g=12_500, net_g=11_000)
    cups = market.goods(one, 3, stock_pieces=5_000, carton=carton, ladder=(Step(120, 320), Step(1_200, 285)))
    crates = market.goods(two, 2, stock_pieces=5_000, carton=carton)
    buyer, agent = market.buyer(), market.agent()
    return Shop(
        market,
        li,
        sun,
        buyer,
        agent,
        market.mandate(agent, None, valid_from=date(2020, 1, 1)),
        cups,
        crates,
        [one, two],
    )


def basket_of(actor: Any) -> int | None:
    """Her newest basket that is not placed."""
    return queries_orders.basket_of(actor=actor)


def browser_of(actor: Any) -> Client:
    """Hers, in English."""
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=actor.person))
    browser.cookies["language"] = "en"
    return browser


def read(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return str(answer.content.decode())


def text_of(page: str) -> str:
    """Without markup, in single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\N{NO-BREAK SPACE}", " ").split())


def key_in(page: str) -> str:
    """What makes the form of a page be done once."""
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found is not None, "the form has no key"
    return found[1]


def weights_of(page: str) -> dict[str, int]:
    """What a page and the files that it names weigh on their way, in bytes."""
    names = re.findall(r'(?:href|src)="/static/([^"#]+)', page)
    files = {name: Path(finders.find(name) or "").read_bytes() for name in names}
    return {name: len(gzip.compress(data, 6)) for name, data in {**files, "page": page.encode()}.items()}
