"""The pages of the ledger, by requests: who sees what of it, and with how many statements."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from ledger_books import NOON, Books
from openpyxl import load_workbook

from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import Kind
from sundry.base.ledger import actions, executor, pages, queries
from sundry.base.ledger.rules import WHOLE, Event, Transfer
from sundry.base.ledger.rules import Kind as Way
from sundry.kernel.identifiers import new_id
from sundry.simulation import sample_ledger

LANGUAGES = ("zh-hans", "en", "ar", "es", "fr", "ru")
Accessible = Callable[[bytes], None]


def seen(client: Client, address: str) -> str:
    """What somebody reads at an address: the text of <main> without its markup."""
    response = client.get(address)
    assert response.status_code == 200, address
    main = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)
    assert main is not None
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).replace("\u00a0", " ").split())


def statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.fixture
def sale(books: Any) -> Any:
    """A buyer pays two stalls in one event: 500.00 to one, of which 100.00 go on to the market as a fee, 300.00 to the
    other."""
    books.stall, books.other = books.organisation(name="A12-3"), books.organisation(name="B7-1")
    books.buyer = books.organisation(Kind.BUYER, "Comercial Ejemplo")
    books.office, books.eye = books.organisation(Kind.OPERATOR, "Office"), books.organisation(Kind.AUDITOR, "Eye")
    books.cash = books.account(books.buyer, "wallet")
    books.mine = books.account(books.stall, "payable", floor=0)
    books.theirs = books.account(books.other, "receivable")
    books.fees = books.account(None, "fees")
    books.sale = books.move(
        (books.cash, books.mine, 50_000), (books.mine, books.fees, 10_000), (books.cash, books.theirs, 30_000)
    )
    return books


# Accounts -----------------------------------------------------------------------------------------------------------


def test_a_member_sees_the_accounts_of_her_organisation(sale: Any, assert_accessible: Accessible) -> None:
    sale.account(sale.stall, "owned", "title:lot-7", floor=0)
    client = sale.client(sale.stall)
    assert_accessible(client.get("/ledger/").content)
    page = seen(client, "/ledger/")
    assert "Accounts of A12-3" in page
    assert "payable CNY CNY 400.00 CNY 0.00 CNY 400.00" in page
    assert "owned Lot lot-7 , owned 0 0 0" in page
    assert not {"wallet", "receivable", "fees", "Organisation"} & set(page.split())
    assert "owned" not in seen(client, "/ledger/?kind=currency").replace("Goods owned", "")


def test_the_market_sees_its_own_accounts_first_and_anybodys_by_id(sale: Any, assert_accessible: Accessible) -> None:
    for office in (sale.office, sale.eye):
        client = sale.client(office)
        page = client.get("/ledger/")
        assert_accessible(page.content)
        assert "Accounts of the market" in seen(client, "/ledger/")
        assert "fees CNY CNY 100.00" in seen(client, "/ledger/")
        assert "Accounts of A12-3" in seen(client, f"/ledger/?organisation={sale.stall}")
        assert "No accounts here yet" in seen(client, f"/ledger/?organisation={uuid.uuid4()}")


def test_who_has_no_accounts_is_told_what_will_stand_here(books: Any, assert_accessible: Accessible) -> None:
    client = books.client(books.organisation())
    assert "No accounts here yet" in seen(client, "/ledger/")
    assert_accessible(client.get("/ledger/").content)
    assert books.client(None).get("/ledger/").status_code == 403
    assert "/login" in Client(headers={"host": "localhost"}).get("/ledger/").headers["Location"]


def test_accounts_are_paged_without_a_gap(sale: Any) -> None:
    for number in range(60):
        sale.account(sale.stall, f"till {number:02}", "currency:JPY")
    client = sale.client(sale.stall)
    first = client.get("/ledger/").content.decode()
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = client.get("/ledger/" + following.replace("&amp;", "&")).content.decode()
    assert 'rel="next"' not in second
    tills = re.findall(r"till \d\d", first) + re.findall(r"till \d\d", second)
    assert tills == [f"till {number:02}" for number in range(60)]


@pytest.mark.parametrize(
    "asked",
    [
        "?kind=gold",
        "?organisation=me",
        f"?after_unit={'x' * 501}",
        "accounts/{mine}/?before=x",
        "accounts/{mine}/?before=9223372036854775808.0",
        "accounts/{mine}/?before=1.2.3",
        "accounts/{mine}/?position=-1",
        f"accounts/{{mine}}/?position={2**63}",
        "documents/?before=x",
        "events/{event}/?start=abc",
        "trial-balance/?kind=gold",
        "trial-balance/?unit=currency:CNY&position=x",
        "trial-balance/?position=-1",
    ],
)
def test_what_an_address_cannot_ask_is_told(sale: Any, asked: str, assert_accessible: Accessible) -> None:
    response = sale.client(sale.office).get(f"/ledger/{asked.format(mine=sale.mine, event=sale.sale.id)}")
    assert response.status_code == 422
    assert_accessible(response.content)


# Statements ---------------------------------------------------------------------------------------------------------


def test_a_statement_says_why_the_balance_is_what_it_is(sale: Any, assert_accessible: Accessible) -> None:
    client = sale.client(sale.stall)
    address = f"/ledger/accounts/{sale.mine}/"
    assert_accessible(client.get(address).content)
    page = seen(client, address)
    assert "Balance CNY 400.00" in page
    assert "Never below CNY 0.00" in page
    fee, sold = page.index("fees Moved CNY −100.00 CNY 400.00"), page.index("wallet Moved CNY 500.00 CNY 500.00")
    assert fee < sold
    content = client.get(address).content.decode()
    assert f'href="/ledger/events/{sale.sale.id}/"' in content
    assert 'href="/ledger/documents/?document=order%3A4711"' in content
    assert str(sale.cash) not in content
    assert str(sale.fees) not in content
    assert str(sale.cash) in sale.client(sale.eye).get(address).content.decode()


def test_a_balance_is_shown_as_of_a_position(sale: Any) -> None:
    (view,) = queries.events_of("order:4711")
    sale.move((sale.mine, sale.fees, 5_000), document="order:4712")
    client = sale.client(sale.stall)
    address = f"/ledger/accounts/{sale.mine}/"
    assert "Balance CNY 350.00" in seen(client, address)
    then = seen(client, f"{address}?position={view.position}")
    assert "CNY 400.00" in then
    assert "order:4712" not in then
    assert "Nothing had moved here by then" in seen(client, f"{address}?position=0")


def test_each_line_leads_to_the_balance_after_its_event(sale: Any) -> None:
    (view,) = queries.events_of("order:4711")
    sale.move((sale.mine, sale.fees, 5_000), document="order:4712")
    client, address = sale.client(sale.stall), f"/ledger/accounts/{sale.mine}/"
    assert f'href="?position={view.position}"' in client.get(address).content.decode()
    assert f"Position {view.position:,}" in seen(client, address)


@pytest.mark.parametrize(
    "written",
    [
        *("1234567000", "1,234,567,000", " 1 234 567 000 ", "1.234.567.000", "1'234'567'000", "1234 567,000"),
        *("1\u202f234\u202f567\u202f000", "1\u00a0234\u00a0567\u00a0000", "١٬٢٣٤٬٥٦٧٬٠٠٠"),
    ],
)
def test_a_position_is_asked_for_as_it_is_shown(sale: Any, written: str) -> None:
    asked = f"/ledger/accounts/{sale.mine}/?position={quote(written)}"
    assert "Balance after position 1,234,567,000 CNY 400.00" in seen(sale.client(sale.stall), asked)


@pytest.mark.parametrize("written", ["12,34", "1,2345", "4,", ",711", "4 7", "4..711"])
def test_what_is_no_position_is_told(sale: Any, written: str) -> None:
    asked = f"/ledger/accounts/{sale.mine}/?position={quote(written)}"
    assert sale.client(sale.stall).get(asked).status_code == 422


def test_a_page_that_begins_beyond_its_position_begins_at_it(sale: Any) -> None:
    (view,) = queries.events_of("order:4711")
    sale.move((sale.mine, sale.fees, 5_000), document="order:4712")
    later = seen(sale.client(sale.stall), f"/ledger/accounts/{sale.mine}/?position={view.position}&before={2**62}.0")
    assert "fees Moved CNY −100.00" in later
    assert "order:4712" not in later


def test_a_promise_is_a_line_and_so_is_what_became_of_it(sale: Any) -> None:
    promise = sale.promise(sale.mine, sale.fees, 4_000)
    sale.move(promise, document="payout:1")
    client, address = sale.client(sale.stall), f"/ledger/accounts/{sale.mine}/"
    assert "Promised CNY −40.00 CNY 400.00 CNY 360.00" in seen(client, address)
    sale.move(Transfer(new_id(), None, None, WHOLE, Way.VOID, promise.id), document="payout:1")
    assert "Promise withdrawn CNY 40.00 CNY 400.00 CNY 400.00" in seen(client, address)


def test_a_statement_is_paged_without_a_gap(sale: Any) -> None:
    for number in range(120):
        sale.move((sale.cash, sale.mine, 1), document=f"ticket:{number:03}")
    client, address = sale.client(sale.stall), f"/ledger/accounts/{sale.mine}/"
    found, following = [], ""
    while True:
        page = client.get(address + following).content.decode()
        found += re.findall(r"<code>(ticket:\d+)", page)
        further = re.findall(r'rel="next" href="([^"]+)"', page)
        if not further:
            break
        following = further[0].replace("&amp;", "&")
    assert found == [f"ticket:{number:03}" for number in reversed(range(120))]


def test_an_account_without_movements_says_so(sale: Any, assert_accessible: Accessible) -> None:
    empty = sale.account(sale.stall, "deposit", "currency:KWD")
    client = sale.client(sale.stall)
    assert "Nothing has moved here yet" in seen(client, f"/ledger/accounts/{empty}/")
    assert "KWD 0.000" in seen(client, f"/ledger/accounts/{empty}/")
    assert_accessible(client.get(f"/ledger/accounts/{empty}/").content)


def test_anothers_account_and_one_that_never_was_are_not_there_alike(sale: Any) -> None:
    client = sale.client(sale.stall)
    told = set()
    for missing in (sale.theirs, sale.cash, sale.fees, uuid.uuid4()):
        response = client.get(f"/ledger/accounts/{missing}/")
        assert response.status_code == 404
        body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|X-CSRFToken[^}]+', "", response.content.decode())
        told.add(body.replace(str(missing), ""))
    assert len(told) == 1


# Events -------------------------------------------------------------------------------------------------------------


def test_whoever_sees_everything_sees_all_of_an_event(sale: Any, assert_accessible: Accessible) -> None:
    client, address = sale.client(sale.eye), f"/ledger/events/{sale.sale.id}/"
    response = client.get(address)
    assert_accessible(response.content)
    page = seen(client, address)
    assert "person:li" in page
    assert "wallet Comercial Ejemplo payable A12-3 CNY Moved CNY 500.00" in page
    assert "fees the market CNY CNY 0.00 CNY 100.00" in page
    assert response.content.count(b"flow-transfer") == 3
    assert response.content.count(b"flow-account") == 4


def test_a_member_sees_of_an_event_what_touches_her_accounts_and_of_others_the_purpose(
    sale: Any, assert_accessible: Accessible
) -> None:
    client, address = sale.client(sale.stall), f"/ledger/events/{sale.sale.id}/"
    response = client.get(address)
    assert_accessible(response.content)
    content, page = response.content.decode(), seen(client, address)
    assert "wallet another party payable CNY Moved CNY 500.00" in page
    assert "payable CNY CNY 0.00 CNY 400.00" in page
    assert "You see the movements that touch your own accounts" in page
    for hidden in ("receivable", "300.00", "Comercial", "B7-1", "person:li", str(sale.cash), str(sale.fees)):
        assert hidden not in content, hidden


def test_who_acted_is_told_where_nobody_else_takes_part(sale: Any) -> None:
    alone = sale.move((sale.mine, sale.account(sale.stall, "till"), 100), document="till:1")
    assert "person:li" in seen(sale.client(sale.stall), f"/ledger/events/{alone.id}/")


def test_who_acted_is_not_told_where_something_came_from_outside(sale: Any) -> None:
    outside = sale.account(None, "outside")
    paid_in = sale.move((outside, sale.mine, 100), document="bank:1", actor="person:clerk of the bank")
    address = f"/ledger/events/{paid_in.id}/"
    assert "clerk of the bank" not in sale.client(sale.stall).get(address).content.decode()
    for office in (sale.office, sale.eye):
        assert "clerk of the bank" in seen(sale.client(office), address)


@pytest.mark.parametrize(
    ("party", "document"), [(Kind.STALL, "payout:2207"), (Kind.BUYER, "bank:TT-0093"), (Kind.WAREHOUSE, "note:501")]
)
def test_nobody_reads_the_name_of_another_ones_person_in_the_sample(books: Any, party: Kind, document: str) -> None:
    owners = {kind: books.organisation(kind, f"the {kind}") for kind in sample_ledger.PARTIES}
    people = {kind: f"Li of {kind}" for kind in sample_ledger.PARTIES}
    sample_ledger.load(owners=owners, people=people, now=datetime(2026, 4, 20, 12, tzinfo=UTC))
    events = queries.events_of(document)
    client, eye = books.client(owners[party]), books.client(books.organisation(Kind.AUDITOR, "Eye"))
    for view in events:
        address = f"/ledger/events/{view.event.id}/"
        assert "Li of" not in client.get(address).content.decode()
        assert view.event.actor in seen(eye, address)
    assert "Li of" not in client.get(f"/ledger/documents/?document={document}").content.decode()


def test_accounts_of_others_are_not_told_apart(sale: Any) -> None:
    second = sale.account(sale.organisation(Kind.BUYER, "Ejemplo Dos"), "wallet")
    both = sale.move((sale.cash, sale.mine, 700), (second, sale.mine, 800), document="order:4713")
    content = sale.client(sale.stall).get(f"/ledger/events/{both.id}/").content
    assert content.count(b"flow-account") == 2
    assert sale.client(sale.eye).get(f"/ledger/events/{both.id}/").content.count(b"flow-account") == 3


def test_an_event_that_is_put_right_and_the_one_that_does_lead_to_each_other(sale: Any) -> None:
    by = new_id()
    actions.correct(event=sale.sale.id, by=by, actor="person:li", event_at=sale.sale.event_at)
    client = sale.client(sale.stall)
    assert f'href="/ledger/events/{by}/"' in client.get(f"/ledger/events/{sale.sale.id}/").content.decode()
    assert f'href="/ledger/events/{sale.sale.id}/"' in client.get(f"/ledger/events/{by}/").content.decode()
    assert "was put right by a later one" in seen(client, f"/ledger/events/{sale.sale.id}/")


def test_an_event_leads_to_another_one_only_where_that_is_hers_too(sale: Any) -> None:
    wrong = sale.move((sale.cash, sale.theirs, 7_000), document="order:4714")
    right = sale.move((sale.cash, sale.mine, 7_000), document="order:4714", corrects=wrong.id)
    for organisation, event, other in ((sale.stall, right, wrong), (sale.other, wrong, right)):
        content = sale.client(organisation).get(f"/ledger/events/{event.id}/").content.decode()
        assert str(other.id) not in content
        assert " right" not in content
    client = sale.client(sale.buyer)
    assert f'href="/ledger/events/{right.id}/"' in client.get(f"/ledger/events/{wrong.id}/").content.decode()
    assert f'href="/ledger/events/{wrong.id}/"' in client.get(f"/ledger/events/{right.id}/").content.decode()


def test_transfers_are_numbered_as_they_are_seen(sale: Any) -> None:
    page = seen(sale.client(sale.other), f"/ledger/events/{sale.sale.id}/")
    assert "Amount 1 wallet another party receivable" in page
    assert "3 wallet Comercial Ejemplo receivable" in seen(sale.client(sale.eye), f"/ledger/events/{sale.sale.id}/")


def test_an_event_of_many_transfers_is_paged(sale: Any, assert_accessible: Accessible) -> None:
    many = sale.move(*((sale.cash, sale.mine, number + 1) for number in range(150)))
    client, address = sale.client(sale.stall), f"/ledger/events/{many.id}/"
    first = client.get(address)
    assert_accessible(first.content)
    assert 'rel="next" href="?start=100"' in first.content.decode()
    assert "88 more transfers have no room in the picture" in seen(client, address)
    second = seen(client, f"{address}?start=100")
    assert "CNY 1.01" in second
    assert "CNY 1.00" not in second
    assert "101 wallet another party" in second
    assert "102 wallet another party" in second
    nothing = client.get(f"{address}?start=150")
    assert nothing.status_code == 200
    assert_accessible(nothing.content)


def test_anothers_event_and_one_that_never_was_are_not_there_alike(sale: Any) -> None:
    stranger = sale.client(sale.organisation(Kind.BUYER, "Third"))
    told = set()
    for missing in (sale.sale.id, uuid.uuid4()):
        response = stranger.get(f"/ledger/events/{missing}/")
        assert response.status_code == 404
        body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|X-CSRFToken[^}]+', "", response.content.decode())
        told.add(body.replace(str(missing), ""))
    assert len(told) == 1


@pytest.mark.parametrize(
    ("unit", "shown"),
    [("currency:JPY", "JPY 1,234,567"), ("currency:KWD", "KWD 1,234.567"), ("title:lot-7", "1,234,567")],
)
def test_amounts_have_the_decimals_of_their_unit(sale: Any, unit: str, shown: str) -> None:
    mine, outside = sale.account(sale.stall, "till", unit), sale.account(None, "outside", unit)
    event = sale.move((outside, mine, 1_234_567), document="a")
    client = sale.client(sale.stall)
    assert f"Moved {shown}" in seen(client, f"/ledger/events/{event.id}/")
    assert f"Moved {shown}" in seen(client, f"/ledger/accounts/{mine}/")


# Documents ----------------------------------------------------------------------------------------------------------


def test_events_are_found_by_their_document(sale: Any, assert_accessible: Accessible) -> None:
    address = "/ledger/documents/?document=order:4711"
    for organisation, told, hidden in (
        (sale.stall, "CNY 500.00 from wallet to payable", "receivable"),
        (sale.other, "CNY 300.00 from wallet to receivable", "payable"),
        (sale.eye, "CNY 100.00 from payable to fees", "nobody"),
    ):
        client = sale.client(organisation)
        assert_accessible(client.get(address).content)
        page = seen(client, address)
        assert told in page
        assert hidden not in page
    stranger = sale.client(sale.organisation(Kind.BUYER, "Third"))
    assert "No event is of this document" in seen(stranger, address)
    assert_accessible(stranger.get(address).content)


def test_a_document_is_asked_for_as_it_is_written(sale: Any) -> None:
    sale.move((sale.cash, sale.mine, 700), document=" order:9 ")
    page = sale.client(sale.stall).get("/ledger/documents/?document=+order:9+").content.decode()
    assert page.count("/ledger/events/") == 1


def test_without_a_document_a_member_is_asked_for_one_and_the_auditor_sees_the_newest(sale: Any) -> None:
    client = sale.client(sale.stall)
    assert "Which document?" in seen(client, "/ledger/documents/")
    assert "order:4711" in seen(sale.client(sale.eye), "/ledger/documents/")


def test_events_of_a_document_are_paged_without_a_gap(sale: Any) -> None:
    for number in range(60):
        sale.move((sale.cash, sale.mine, number + 1), document="order:9")
    client = sale.client(sale.stall)
    first = client.get("/ledger/documents/?document=order:9").content.decode()
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = client.get("/ledger/documents/" + following.replace("&amp;", "&")).content.decode()
    found = re.findall(r'href="/ledger/events/([^/]+)/"', first + second)
    assert (len(found), len(set(found))) == (60, 60)


def test_of_an_event_with_many_transfers_a_list_tells_the_first(sale: Any) -> None:
    more = "There are more transfers; the event shows all of them."
    for count in (3, 4):
        sale.move(*((sale.cash, sale.mine, number + 1) for number in range(count)), document=f"order:{count}")
        for organisation in (sale.stall, sale.eye):
            page = seen(sale.client(organisation), f"/ledger/documents/?document=order:{count}")
            assert (page.count("from wallet to payable"), more in page) == (3, count > 3)
    assert more in seen(sale.client(sale.eye), "/ledger/documents/")


# The trial balance --------------------------------------------------------------------------------------------------


def test_the_trial_balance_is_the_markets_and_is_even(sale: Any, assert_accessible: Accessible) -> None:
    address = "/ledger/trial-balance/?unit=currency:CNY"
    assert sale.client(sale.stall).get(address).status_code == 403
    client = sale.client(sale.office)
    assert_accessible(client.get(address).content)
    page = seen(client, address)
    assert "Debits equal credits" in page
    assert "payable 1 CNY 100.00 CNY 500.00 CNY 400.00" in page
    assert "Total CNY 900.00 CNY 900.00 CNY 0.00" in page
    assert "CNY 0.00 CNY 0.00 CNY 0.00" in seen(client, f"{address}&position=0")
    assert client.get("/ledger/trial-balance/?unit=currency:XYZ").status_code == 404


def test_the_unit_of_a_trial_balance_is_chosen(sale: Any, assert_accessible: Accessible) -> None:
    client = sale.client(sale.eye)
    assert_accessible(client.get("/ledger/trial-balance/").content)
    assert "CNY JPY KWD Lot lot-7 , held Quota export Lot lot-7 , owned" in seen(client, "/ledger/trial-balance/")
    assert "CNY" not in seen(client, "/ledger/trial-balance/?kind=title")
    assert "No account counts this unit yet" in seen(client, "/ledger/trial-balance/?unit=currency:JPY")
    assert "Nothing is counted here yet" in seen(client, "/ledger/trial-balance/?after_unit=z")


# To take along ------------------------------------------------------------------------------------------------------


def test_a_statement_is_taken_along_as_a_workbook(sale: Any) -> None:
    address = f"/ledger/accounts/{sale.mine}/statement.xlsx"
    for organisation in (sale.stall, sale.eye):
        response = sale.client(organisation).get(address)
        assert response.status_code == 200
        sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
        told = {cell for row in sheet.iter_rows(values_only=True) for cell in row}
        assert {"A12-3", "payable", "order:4711", 500, 100, 400} <= told
        assert not {"B7-1", "Comercial Ejemplo"} & told
    assert sale.client(sale.other).get(address).status_code == 404
    assert AuditEntry.objects.filter(operation="ledger.account.export", outcome="allowed").count() == 2


def test_a_statement_is_taken_along_as_of_one_moment(
    as_application: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody drew an earlier position and commits while the lines are read: all of it is told, or nothing."""
    books = Books()
    stall = books.organisation()
    mine, cash = books.account(stall), books.account(None, "outside")
    late = Event(new_id(), "sale", "late:1", "person:li", NOON, (Transfer(new_id(), cash, mine, 77_700),))
    read, parts = queries.statement, []

    def read_slowly(*args: Any, **kwargs: Any) -> queries.Statement:
        if parts == [1]:
            slow.execute("COMMIT")
        parts.append(len(parts) + 1)
        return read(*args, **kwargs)

    with as_application() as slow:
        slow.execute("BEGIN")
        executor.post(slow, [late])
        books.move(*[(cash, mine, 100)] * 15)
        monkeypatch.setattr(queries, "statement", read_slowly)
        monkeypatch.setattr(queries, "statement_stream", partial(queries.statement_stream, lines_at_once=10))
        response = books.client(stall).get(f"/ledger/accounts/{mine}/statement.xlsx")
    rows = list(load_workbook(BytesIO(b"".join(response.streaming_content))).active.iter_rows(values_only=True))
    assert parts == [1, 2]
    assert [row[3] for row in rows].count("order:4711") == 15
    assert (rows[-1][6], rows[-1][9]) == (15, 15)  # what was taken, and the balance
    assert queries.balance(mine).balance == 79_200


def test_a_workbook_names_an_event_that_was_put_right_where_it_is_hers_too(sale: Any) -> None:
    wrong = sale.move((sale.cash, sale.theirs, 7_000), document="order:4714")
    sale.move((sale.cash, sale.mine, 7_000), document="order:4714", corrects=wrong.id)
    for organisation, is_told in ((sale.stall, False), (sale.eye, True)):
        response = sale.client(organisation).get(f"/ledger/accounts/{sale.mine}/statement.xlsx")
        sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
        assert (str(wrong.id) in {cell for row in sheet.iter_rows(values_only=True) for cell in row}) is is_told


def test_the_trial_balance_is_taken_along_as_a_workbook(sale: Any) -> None:
    address = "/ledger/trial-balance.xlsx?unit=currency:CNY"
    response = sale.client(sale.office).get(address)
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    assert [900, 900] in [list(row[2:4]) for row in sheet.iter_rows(values_only=True)]
    assert AuditEntry.objects.filter(object_kind="unit", object_id="currency:CNY", outcome="allowed").count() == 1
    assert sale.client(sale.stall).get(address).status_code == 403
    assert sale.client(sale.office).get("/ledger/trial-balance.xlsx").status_code == 422
    assert sale.client(sale.office).get("/ledger/trial-balance.xlsx?unit=currency:XYZ").status_code == 404


def test_all_books_are_taken_along_by_whoever_sees_them(sale: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (view,) = queries.events_of("order:4711")
    monkeypatch.setattr(queries, "stable_position", lambda **_: view.position)
    response = sale.client(sale.eye).get("/ledger/export.beancount")
    assert response.headers["Content-Disposition"] == 'attachment; filename="ledger.beancount"'
    text = b"".join(response.streaming_content).decode()
    assert '"sale" "order:4711"' in text
    assert "500.00 CNY" in text
    assert AuditEntry.objects.filter(object_kind="ledger", object_id=f"position {view.position}").count() == 1
    assert sale.client(sale.stall).get("/ledger/export.beancount").status_code == 403


def test_who_wants_the_books_while_somebody_records_is_asked_to_wait(
    sale: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "stable_position", lambda **_: None)
    page = sale.client(sale.eye).get("/ledger/export.beancount", follow=True)
    assert b"Please try again in a moment" in page.content


def test_who_takes_along_more_than_a_person_reads_is_asked_to_wait(sale: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "EXPORTS", 2)
    monkeypatch.setattr(queries, "stable_position", lambda **_: 0)
    addresses = [f"accounts/{sale.mine}/statement.xlsx", "trial-balance.xlsx?unit=currency:CNY", "export.beancount"]

    def answers(client: Client) -> list[int]:
        found = []
        for address in addresses:
            response = client.get(f"/ledger/{address}")
            found.append(response.status_code)
            assert response.getvalue()  # to its end, where the file is closed
        return found

    client = sale.client(sale.office)
    assert answers(client) == [200, 200, 429]
    assert answers(client) == [429, 429, 429]
    addresses.reverse()
    assert answers(sale.client(sale.eye)) == [200, 200, 429]


# As a whole ---------------------------------------------------------------------------------------------------------


SEEN_BY_BOTH = (
    "?organisation={stall}",
    "accounts/{mine}/",
    "accounts/{mine}/?position=100000000",
    "events/{event}/",
    "documents/?document=order:4711",
)


@pytest.mark.parametrize(
    ("who", "page"),
    [
        *(("stall", page) for page in SEEN_BY_BOTH),
        *(("office", page) for page in (*SEEN_BY_BOTH, "trial-balance/?unit=currency:CNY", "trial-balance/")),
    ],
)
def test_fifty_lines_take_as_many_statements_as_one(books: Any, who: str, page: str) -> None:
    def counted(lines: int) -> int:
        stall, office = books.organisation(), books.organisation(Kind.OPERATOR, "Office")
        outside = [
            books.account(books.organisation(Kind.BUYER, "Buyer"), f"wallet {number}") for number in range(lines)
        ]
        mine = books.account(stall, "payable")
        moves = [(one, mine, 1) for one in outside]
        event = books.move(*moves)
        for number in range(lines - 1):
            books.account(stall, f"till {number}")
            books.move(moves[0])
        address = f"/ledger/{page.format(stall=stall, mine=mine, event=event.id)}"
        return statements(books.client({"stall": stall, "office": office}[who]), address)

    assert counted(1) == counted(50)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_reads_in_every_language(sale: Any, language: str, assert_accessible: Accessible) -> None:
    sale.move(sale.promise(sale.mine, sale.fees, 100))
    client = sale.client(sale.office, language)
    for page in (
        "",
        f"accounts/{sale.mine}/",
        f"events/{sale.sale.id}/",
        "documents/?document=order:4711",
        "trial-balance/",
        "trial-balance/?unit=currency:CNY",
    ):
        response = client.get(f"/ledger/{page}")
        assert response.status_code == 200
        assert f'<html lang="{language}"' in response.content.decode()
        assert_accessible(response.content)


def test_the_header_leads_to_the_ledger_who_acts_for_an_organisation(books: Any) -> None:
    link = '<a href="/ledger/"'
    assert link in books.client(books.organisation()).get("/organisations/").content.decode()
    assert link not in books.client(None).get("/organisations/").content.decode()
