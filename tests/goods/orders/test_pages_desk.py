"""The agent's desk: what its tables show, keep, export, and do with many rows at once."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from orders_market import NOON, TODAY, Market

from sundry.base.access.rules import Actor
from sundry.base.parties.models import Person
from sundry.goods.orders import pages_desk, queries_desk
from sundry.goods.orders.actions_tickets import draw
from sundry.goods.orders.models import Order, Payment, SavedView, SubOrder, TradeTicket
from sundry.goods.orders.order_rules import Head, State
from sundry.goods.orders.queries_desk import Table
from sundry.goods.orders.queries_orders import Filters

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _ in django_settings.LANGUAGES]
LATE_DAY = TODAY - timedelta(days=4)


@pytest.fixture
def market() -> Market:
    return Market()


@pytest.fixture(autouse=True)
def market_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_desk.timezone, "localdate", lambda *_: TODAY)


@pytest.fixture
def trade(market: Market) -> Any:
    """Zhou buys for Amina and for a client of hers: two orders over two stalls, in two currencies."""
    return Trade(market)


class Trade:
    def __init__(self, market: Market) -> None:
        self.market = market
        self.li, self.wang = market.seller("Li"), market.seller("Wang")
        self.stall, self.other_stall = market.stall(self.li), market.stall(self.wang)
        self.cup = market.good(self.stall, stock_pieces=50_000)
        self.pot = market.good(self.other_stall, stock_pieces=50_000)
        self.zhou, amina = market.agent(), market.buyer()
        self.mandate = market.mandate(self.zhou, amina)
        self.first = market.order(
            self.zhou, {self.cup: 100, self.pot: 50}, Head(name="Spring", destination="KE"), mandate=self.mandate
        )
        self.second = market.order(self.zhou, {self.cup: 10}, Head(name="=Summer"))

    def late(self) -> uuid.UUID:
        """The first stall's part of the first order was to be handed over four days ago."""
        (sub,) = self.market.confirm(self.li, self.first.order)
        SubOrder.objects.filter(id=sub).update(promised_day=LATE_DAY)
        return sub

    def ticket(self, sub: uuid.UUID) -> TradeTicket:
        return TradeTicket.objects.get(id=draw(actor=self.li, sub=sub, now=NOON))


def client_of(actor: Actor) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(id=actor.person))
    return client


@pytest.fixture
def client(trade: Trade) -> Client:
    return client_of(trade.zhou)


def page(client: Client, address: str, status: int = 200, **named: Any) -> str:
    answer = client.get(address, **named)
    assert answer.status_code == status
    return str(answer.content.decode())


def codes(html: str) -> list[str]:
    """What the head of each row says."""
    return re.findall(r'<th scope="row"><a href="[^"]*"><bdi[^>]*>([^<]+)</bdi>', html)


def test_a_table_of_orders_and_one_of_parts(client: Client, trade: Trade) -> None:
    first, second = trade.first.order, trade.second.order
    assert codes(page(client, "/desk/")) == [str(second), str(first)]
    said = page(client, "/desk/parts/")
    assert codes(said) == [f"{second}-1", f"{first}-2", f"{first}-1"]
    assert "Amina" in said


def test_no_way_leads_back_to_an_address_that_is_none(client: Client, trade: Trade) -> None:
    answer = client.post("/desk/views/", {"name": "Mugs", "query": "table=orders&q=mu%00g"})
    assert client.get(answer.headers["Location"]).status_code == 200


def test_another_ones_orders_are_not_there(market: Market, trade: Trade) -> None:
    client = client_of(market.agent("Chen"))
    for address in ("/desk/", "/desk/parts/", "/desk/late/", "/desk/payments/"):
        assert codes(page(client, address)) == []


def test_which_stall_is_late_the_longest_first(client: Client, trade: Trade) -> None:
    assert "No stall is late" in page(client, "/desk/late/")
    sub = trade.late()
    (other,) = trade.market.confirm(trade.wang, trade.first.order)
    SubOrder.objects.filter(id=other).update(promised_day=LATE_DAY - timedelta(days=1))
    said = page(client, "/desk/late/")
    assert codes(said) == [f"{trade.first.order}-2", f"{trade.first.order}-1"]
    assert "4 days late" in said
    filters = Filters()
    rows = queries_desk.parts(
        organisation=trade.zhou.organisation,
        table=Table.LATE,
        filters=filters,
        today=TODAY,
        before=other,
        limit=5,
    )
    assert [row.card.sub.id for row in rows] == [sub]
    rosa = trade.market.buyer("Rosa")
    (hers,) = trade.market.confirm(trade.li, trade.market.order(rosa, {trade.cup: 10}).order)
    SubOrder.objects.filter(id=hers).update(promised_day=LATE_DAY)
    late = {"organisation": rosa.organisation, "table": Table.LATE, "filters": filters, "today": TODAY, "limit": 5}
    assert [row.card.sub.id for row in queries_desk.parts(**late)] == [hers]
    assert queries_desk.parts(**late, before=other) == (), "behind another's part nothing is told of its day"


FILTERS = (
    ("destination=KE", 1),
    ("destination=FR", 0),
    ("q=Spring", 1),
    ("mandate={mandate}", 1),
    ("mandate=nonsense", 2),
    ("stall={stall}", 2),
    ("stall={other}", 1),
    ("stall=99999999999999999999", 2),
    ("currency=USD", 0),
    ("part=placed", 2),
    ("part=closed", 0),
    ("state=open&sort=value", 2),
    ("state=sung&sort=sung&late=9", 2),
    ("late=1", 0),
)


def test_filters_stand_in_the_address(client: Client, trade: Trade) -> None:
    for query, shown in FILTERS:
        asked = query.format(mandate=trade.mandate, stall=trade.stall.number, other=trade.other_stall.number)
        assert len(codes(page(client, f"/desk/?{asked}"))) == shown, query


def test_a_filter_of_parts_means_the_part(client: Client, trade: Trade) -> None:
    trade.late()
    assert codes(page(client, "/desk/parts/?part=confirmed")) == [f"{trade.first.order}-1"]
    assert codes(page(client, f"/desk/parts/?stall={trade.other_stall.number}")) == [f"{trade.first.order}-2"]


def test_what_is_due_and_was_not_told_yet(client: Client, trade: Trade) -> None:
    assert "Nothing is due" in page(client, "/desk/payments/")
    sub = trade.late()
    SubOrder.objects.filter(id=sub).update(deposit_minor=9000, paid_minor=1000)
    said = page(client, "/desk/payments/")
    assert "80.00" in said
    assert f"/orders/{trade.first.order}/pay/{sub}/" in said
    told = {"sub_id": sub, "kind": "deposit", "paid_on": TODAY, "told_at": NOON}
    Payment.objects.create(amount_minor=5000, **told)
    assert "30.00" in page(client, "/desk/payments/")
    Payment.objects.create(amount_minor=3000, **told)
    assert "Nothing is due" in page(client, "/desk/payments/")


def test_the_head_says_what_all_rows_come_to(trade: Trade) -> None:
    def value(table: Table, **filters: Any) -> dict[str, int]:
        found = queries_desk.sums(
            organisation=trade.zhou.organisation, table=table, filters=Filters(**filters), today=TODAY
        )
        return {one.currency: one.totals.value_minor for one in found}

    whole = sum(Order.objects.values_list("value_minor", flat=True))
    assert value(Table.ORDERS) == value(Table.PARTS) == {"CNY": whole}
    assert value(Table.PARTS, stall=trade.other_stall.number) == {"CNY": 50 * 320}
    SubOrder.objects.filter(stall=trade.other_stall.id).update(state=State.DECLINED.value)
    assert value(Table.PARTS) == {"CNY": whole - 50 * 320}


def test_a_table_goes_on_at_its_end(client: Client, trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_desk, "SHOWN", 1)
    trade.late()
    SubOrder.objects.filter(id=trade.market.subs(trade.second.order)[0]).update(promised_day=None)
    for table, there in (
        ("/desk/", 2),
        ("/desk/?sort=value", 2),
        ("/desk/parts/", 3),
        ("/desk/parts/?sort=promised", 3),
        ("/desk/parts/?sort=value", 3),
    ):
        seen: list[str] = []
        address = table
        while address:
            fragment = page(client, address, headers={"HX-Request": "true"})
            seen += codes(fragment)
            following = re.search(r'hx-get="(/desk[^"]+)"', fragment)
            address = following[1].replace("&amp;", "&") if following else ""
        assert len(seen) == len(set(seen)) == there, table
        if "promised" in table:
            assert seen == [f"{trade.first.order}-1", f"{trade.first.order}-2", f"{trade.second.order}-1"]
        if "parts/?sort=value" in table:
            assert seen == [f"{trade.first.order}-1", f"{trade.first.order}-2", f"{trade.second.order}-1"]
        assert "<h1>" not in fragment
        assert "<h1>" in page(client, table)


def test_statements_do_not_grow_with_rows(client: Client, trade: Trade) -> None:
    def statements(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, address)
        return len(asked)

    addresses = ("/desk/", "/desk/parts/", "/desk/late/", "/desk/payments/")
    page(client, "/desk/")  # what a session notes of a first request is noted
    few = [statements(address) for address in addresses]
    for _ in range(3):
        trade.market.order(trade.zhou, {trade.cup: 5, trade.pot: 5})
    assert [statements(address) for address in addresses] == few


def test_a_view_is_kept_by_its_name_and_deleted(client: Client, trade: Trade) -> None:
    kept = {"name": " To  Kenya ", "query": "table=parts&destination=KE&csrfmiddlewaretoken=x"}
    answer = client.post("/desk/views/", kept)
    assert answer.headers["Location"] == "/desk/parts/?destination=KE"
    assert "To Kenya" in page(client, "/desk/")
    client.post("/desk/views/", {"name": "To Kenya", "query": "table=late"})
    view = SavedView.objects.get(name="To Kenya")
    assert view.query == "table=late"
    said = page(client, "/desk/late/")
    assert 'href="/desk/late/" aria-current="page"><bdi class="text">To Kenya' in said
    stranger = client_of(trade.market.agent("Chen"))
    stranger.post("/desk/views/remove/", {"view": str(view.id)})
    assert SavedView.objects.filter(id=view.id).exists()
    assert "To Kenya" not in page(stranger, "/desk/")
    client.post("/desk/views/remove/", {"view": str(view.id)})
    assert not SavedView.objects.filter(id=view.id).exists()


def test_a_view_without_a_name_and_one_too_many_are_refused(
    client: Client, trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = client.post("/desk/views/", {"name": " ", "query": "table=nothing&x=1"}, follow=True)
    assert "Give the view a name" in answer.content.decode()
    monkeypatch.setattr("sundry.goods.orders.actions_views.VIEWS_MAX", 1)
    for name in ("One", "Two", "One"):
        answer = client.post("/desk/views/", {"name": name, "query": "table=late"}, follow=True)
        assert ("there can be no more" in answer.content.decode()) == (name == "Two")
    assert SavedView.objects.count() == 1


def test_what_is_filtered_is_exported(client: Client, trade: Trade) -> None:
    book = client.get("/desk/export.xlsx?table=orders")
    sheet = load_workbook(io.BytesIO(book.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:3] == ["Order", "Name", "Buyer"]
    assert [row[0] for row in rows[1:]] == [trade.second.order, trade.first.order]
    assert rows[1][1] == "=Summer"
    assert sheet.cell(2, 2).data_type == "s"  # a name, and no formula
    lines = client.get("/desk/export.csv?table=parts&destination=KE").content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == [f"{trade.first.order}-2", f"{trade.first.order}-1"]
    assert ",'=Summer," in client.get("/desk/export.csv?table=orders").content.decode("utf-8-sig")


def test_an_export_that_is_cut_says_so(client: Client, trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    for table, most in (("orders", 2), ("orders", 1), ("parts", 1)):
        monkeypatch.setattr(pages_desk, "EXPORTED_MAX", most)
        lines = client.get(f"/desk/export.csv?table={table}").content.decode("utf-8-sig").splitlines()
        assert len(lines) == 3
        assert ("There are more rows: an export holds 1 at most." in lines[-1]) == (most == 1)
    assert "An export holds 1 rows at most." in client.get("/desk/").content.decode()
    sheet = load_workbook(io.BytesIO(client.get("/desk/export.xlsx?table=orders").content)).active
    assert "There are more rows" in str(sheet.cell(3, 1).value)


def test_many_are_cancelled_by_one_reason_and_what_is_not_is_told(client: Client, trade: Trade) -> None:
    chosen = {"row": [str(trade.first.order), str(trade.second.order), "424242", "x"], "query": "table=orders"}
    assert client.post("/desk/cancel/", chosen | {"row": list(range(2_000))}).status_code == 200, "all of a long table"
    asks = client.post("/desk/cancel/", chosen)
    assert asks.status_code == 200
    assert SubOrder.objects.filter(state=State.PLACED.value).count() == 3
    answer = client.post("/desk/cancel/", chosen | {"reason": ""})
    assert answer.status_code == 422
    answer = client.post("/desk/cancel/", chosen | {"reason": "The buyer has changed her mind."}, follow=True)
    assert "2 are cancelled." in answer.content.decode()
    assert "424242" in answer.content.decode()
    assert SubOrder.objects.filter(state=State.CANCELLED.value).count() == 3


def test_a_part_is_cancelled_alone(client: Client, trade: Trade) -> None:
    (sub, _) = trade.market.subs(trade.first.order)
    client.post("/desk/cancel/", {"row": [str(sub)], "query": "table=parts", "reason": "Too dear."})
    assert set(SubOrder.objects.filter(state=State.CANCELLED.value).values_list("id", flat=True)) == {sub}


def test_nobody_cancels_what_is_anothers(market: Market, trade: Trade) -> None:
    stranger = client_of(market.agent("Chen"))
    stranger.post("/desk/cancel/", {"row": [str(trade.first.order)], "reason": "Why not?"})
    assert not SubOrder.objects.filter(state=State.CANCELLED.value).exists()


def test_many_are_ordered_again(client: Client, trade: Trade) -> None:
    chosen = [str(trade.first.order), str(trade.second.order)]
    found = re.search(r'name="key" value="([^"]+)"', client.get("/desk/").content.decode())
    assert found is not None
    for _ in range(2):  # pressed twice
        given = {"row": chosen, "query": "table=orders", "key": found[1]}
        answer = client.post("/desk/repeat/", given, follow=True)
        assert "2 new baskets" in answer.content.decode()
        assert Order.objects.filter(repeats__isnull=False).count() == 2
    for _ in range(2):  # one alone, which is another form
        answer = client.post("/desk/repeat/", given | {"row": chosen[:1]})
        assert answer.headers["Location"] == f"/basket/?order={Order.objects.latest('number').number}"
        assert Order.objects.filter(repeats__isnull=False).count() == 3
    answer = client.post("/desk/repeat/", {"row": chosen[:1]})
    assert answer.headers["Location"].startswith("/basket/?order=")


def test_trade_tickets_are_read_and_confirmed_in_one_go(client: Client, trade: Trade) -> None:
    ticket = trade.ticket(trade.late())
    asks = client.post("/desk/tickets/", {"row": [str(ticket.sub_id)], "query": "table=late"}).content.decode()
    seen = f"{ticket.id}:{ticket.digest}"
    assert seen in asks
    assert ticket.content["number"] in asks
    stale = client.post("/desk/tickets/", {"ticket": [f"{ticket.id}:{'b' * 64}", "x"]}, follow=True)
    ticket.refresh_from_db()
    assert ticket.buyer_confirmed_at is None, stale.content.decode()
    answer = client.post("/desk/tickets/", {"ticket": [seen], "query": "table=late"}, follow=True)
    assert "1 trade ticket is confirmed." in answer.content.decode()
    ticket.refresh_from_db()
    assert ticket.buyer_confirmed_at is not None
    asks = client.post("/desk/tickets/", {"row": [str(ticket.sub_id)]}).content.decode()
    assert "None of these trade tickets waits for you" in asks


def test_nothing_chosen_is_told(client: Client) -> None:
    for address in ("cancel", "repeat", "tickets"):
        answer = client.post(f"/desk/{address}/", {"query": "table=late"}, follow=True)
        assert "Choose rows first." in answer.content.decode()


def test_the_desk_is_accessible_in_every_language(
    client: Client, trade: Trade, assert_accessible: Callable[[str], None]
) -> None:
    ticket = trade.ticket(trade.late())
    for language in LANGUAGES:
        client.cookies["language"] = language
        assert_accessible(page(client, "/desk/"))
        assert_accessible(page(client, "/desk/late/"))
    chosen = {"row": [str(ticket.sub_id)]}
    for address in ("cancel", "tickets"):
        assert_accessible(client.post(f"/desk/{address}/", chosen).content.decode())
