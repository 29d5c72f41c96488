"""The ledger for programs: the same rights as on the pages, whole numbers, lists without a gap."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sundry.base.access.rules import Kind
from sundry.base.ledger import queries

SCOPES = tuple(f"ledger.{name}" for name in ("account.list", "account.read", "event.list", "event.read", "trial.read"))


def told(client: Client, address: str) -> Any:
    response = client.get(f"/api/ledger/{address}")
    assert response.status_code == 200, response.content
    return response.json()


def everything(client: Client, address: str) -> list[Any]:
    """All items of a list, page after page."""
    items: list[Any] = []
    cursor = ""
    while True:
        page = told(client, f"{address}{'&' if '?' in address else '?'}limit=7&cursor={cursor}")
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = page["next"]


@pytest.fixture
def sale(books: Any) -> Any:
    """A buyer pays two stalls in one event; programs of a stall, of the buyer, and of the auditor."""
    books.stall, books.other = books.organisation(name="A12-3"), books.organisation(name="B7-1")
    books.buyer, books.eye = books.organisation(Kind.BUYER, "Ejemplo"), books.organisation(Kind.AUDITOR, "Eye")
    books.cash = books.account(books.buyer, "wallet")
    books.mine = books.account(books.stall, "payable", floor=0)
    books.theirs = books.account(books.other, "receivable")
    books.fees = books.account(None, "fees")
    books.sale = books.move((books.cash, books.mine, 50_000), (books.cash, books.theirs, 30_000))
    books.programs = {name: books.program(getattr(books, name), *SCOPES) for name in ("stall", "buyer", "eye")}
    return books


def test_an_account_is_told_in_whole_numbers_with_the_decimals_of_its_unit(sale: Any) -> None:
    sale.move(sale.promise(sale.mine, sale.fees, 4_000))
    account = told(sale.programs["stall"], f"accounts/{sale.mine}")
    assert account["unit"] == {"key": "currency:CNY", "kind": "currency", "code": "CNY", "exponent": 2}
    assert (account["owner"], account["purpose"], account["floor"]) == (str(sale.stall), "payable", 0)
    standing = account["standing"]
    assert (standing["balance"], standing["available"], standing["debits_pending"]) == (50_000, 46_000, 4_000)
    assert told(sale.programs["stall"], f"accounts/{sale.mine}?position=0")["standing"]["balance"] == 0


def test_accounts_are_those_of_the_organisation_and_for_the_auditor_the_markets(sale: Any) -> None:
    def ids(client: Client, asked: str = "") -> list[str]:
        return [account["id"] for account in told(client, f"accounts{asked}")["items"]]

    assert ids(sale.programs["stall"]) == [str(sale.mine)]
    assert ids(sale.programs["stall"], "?kind=title") == []
    assert ids(sale.programs["eye"]) == [str(sale.fees)]
    assert ids(sale.programs["eye"], f"?organisation={sale.stall}") == [str(sale.mine)]
    assert sale.programs["stall"].get(f"/api/ledger/accounts?organisation={sale.other}").status_code == 404
    for number in range(20):
        sale.account(sale.stall, f"till {number:02}", "currency:JPY")
    tills = [account["purpose"] for account in everything(sale.programs["stall"], "accounts?kind=currency")]
    assert tills == ["payable", *(f"till {number:02}" for number in range(20))]


def test_a_statement_hides_who_is_on_the_other_side(sale: Any) -> None:
    [line] = told(sale.programs["stall"], f"accounts/{sale.mine}/statement")["items"]
    assert (line["other"], line["other_purpose"], line["change"]) == (None, "wallet", 50_000)
    assert (line["event"], line["document"], line["kind"]) == (str(sale.sale.id), "order:4711", "plain")
    assert line["after"]["balance"] == 50_000
    [line] = told(sale.programs["eye"], f"accounts/{sale.mine}/statement")["items"]
    assert line["other"] == str(sale.cash)


def test_a_statement_comes_whole_the_newest_first(sale: Any) -> None:
    for number in range(20):
        sale.move((sale.cash, sale.mine, 1), document=f"ticket:{number:02}")
    lines = everything(sale.programs["stall"], f"accounts/{sale.mine}/statement")
    assert [line["document"] for line in lines] == [f"ticket:{n:02}" for n in reversed(range(20))] + ["order:4711"]
    assert [line["after"]["balance"] for line in lines] == list(range(50_020, 49_999, -1))


def test_of_an_event_somebody_sees_what_touches_her(sale: Any) -> None:
    event = told(sale.programs["stall"], f"events/{sale.sale.id}")
    assert (event["is_whole"], event["actor"], len(event["transfers"])) == (False, "", 1)
    [transfer] = event["transfers"]
    assert transfer["debit"] == {"account": None, "purpose": "wallet"}
    assert transfer["credit"] == {"account": str(sale.mine), "purpose": "payable"}
    assert str(sale.cash) not in str(event)
    whole = told(sale.programs["eye"], f"events/{sale.sale.id}")
    assert (whole["is_whole"], whole["actor"], len(whole["transfers"])) == (True, "person:li", 2)
    paid = told(sale.programs["buyer"], f"events/{sale.sale.id}")
    assert [one["credit"]["account"] for one in paid["transfers"]] == [None, None]


def test_nobody_is_told_of_another_ones_person_or_event(sale: Any) -> None:
    outside = sale.account(None, "outside")
    wrong = sale.move((sale.cash, sale.theirs, 7_000), (outside, sale.theirs, 1), document="order:4714")
    right = sale.move((sale.cash, sale.mine, 7_000), document="order:4714", corrects=wrong.id)
    paid_in = sale.move((outside, sale.mine, 100), document="bank:1", actor="clerk of the bank")
    named = {"wrong": wrong.id, "right": right.id}
    for program, told_of in (("stall", {"right"}), ("buyer", {"wrong", "right"}), ("eye", {"wrong", "right"})):
        answers = [told(sale.programs[program], "events?document=order:4714")]
        answers += [told(sale.programs[program], f"events/{named[name]}") for name in told_of]
        if program != "buyer":
            answers += [told(sale.programs[program], f"accounts/{sale.mine}/statement")]
        for name, id_ in named.items():
            assert (str(id_) in str(answers)) is (name in told_of), (program, name)
    assert told(sale.programs["buyer"], f"events/{wrong.id}")["corrected_by"] == str(right.id)
    assert told(sale.programs["buyer"], f"events/{right.id}")["corrects"] == str(wrong.id)
    assert told(sale.programs["stall"], f"events/{paid_in.id}")["actor"] == ""
    assert told(sale.programs["eye"], f"events/{paid_in.id}")["actor"] == "clerk of the bank"


def test_nobody_is_told_where_hers_stand_among_others(sale: Any) -> None:
    mixed = sale.move((sale.cash, sale.theirs, 1), (sale.cash, sale.mine, 2), (sale.cash, sale.mine, 3))
    transfers = told(sale.programs["stall"], f"events/{mixed.id}")["transfers"]
    assert [(one["line"], one["amount"]) for one in transfers] == [(0, 2), (1, 3)]
    whole = told(sale.programs["eye"], f"events/{mixed.id}")["transfers"]
    assert [(one["line"], one["amount"]) for one in whole] == [(0, 1), (1, 2), (2, 3)]
    assert "line" not in told(sale.programs["stall"], f"accounts/{sale.mine}/statement")["items"][0]


def test_the_transfers_of_an_event_come_in_parts(sale: Any) -> None:
    many = [move for number in range(25) for move in ((sale.cash, sale.theirs, 1), (sale.cash, sale.mine, number + 1))]
    big = sale.move(*many, document="order:9")
    for program, count in (("stall", 25), ("eye", 50)):
        [listed] = told(sale.programs[program], "events?document=order:9")["items"]
        assert (len(listed["transfers"]), listed["is_whole"]) == (20, False)
        read, following = listed["transfers"], listed["next"]
        while following is not None:
            part = told(sale.programs[program], f"events/{big.id}?limit=7&cursor={following}")
            assert not part["is_whole"]
            read, following = read + part["transfers"], part["next"]
        assert [one["line"] for one in read] == list(range(count))
        assert len({one["id"] for one in read}) == count
        whole = told(sale.programs[program], f"events/{big.id}?limit=200")
        assert (whole["transfers"], whole["is_whole"], whole["next"]) == (read, program == "eye", None)
    assert sale.programs["eye"].get(f"/api/ledger/events/{big.id}?cursor=x").status_code == 422


def test_anothers_event_is_asked_for_like_one_that_never_was(sale: Any) -> None:
    third = sale.program(sale.organisation(Kind.BUYER, "Third"), *SCOPES)
    counts = set()
    for missing in (sale.sale.id, uuid.uuid4()):
        with CaptureQueriesContext(connection) as asked:
            assert third.get(f"/api/ledger/events/{missing}").status_code == 404
        counts.add(sum("ledger_" in one["sql"] for one in asked))
    assert counts == {1}


def test_events_of_a_document_are_listed_for_whom_they_touch(sale: Any) -> None:
    for number in range(20):
        sale.move((sale.cash, sale.mine, number + 1))
    sale.move((sale.cash, sale.theirs, 5))
    events = everything(sale.programs["stall"], "events?document=order:4711")
    assert len(events) == len({event["id"] for event in events}) == 21
    assert [event["position"] for event in events] == sorted((event["position"] for event in events), reverse=True)
    assert len(everything(sale.programs["eye"], "events?document=order:4711")) == 22
    assert sale.programs["eye"].get("/api/ledger/events").status_code == 422


def test_the_trial_balance_is_even_and_the_markets(sale: Any) -> None:
    trial = told(sale.programs["eye"], "trial-balance?unit=currency:CNY")
    assert trial["total"]["debits_posted"] == trial["total"]["credits_posted"] == 80_000
    assert {row["purpose"]: row["sums"]["balance"] for row in trial["rows"]} == {
        "fees": 0,
        "payable": 50_000,
        "receivable": 30_000,
        "wallet": -80_000,
    }
    (view,) = queries.events_of("order:4711")
    before = told(sale.programs["eye"], f"trial-balance?unit=currency:CNY&position={view.position - 1}")
    assert before["total"]["debits_posted"] == 0
    assert sale.programs["eye"].get("/api/ledger/trial-balance?unit=currency:XYZ").status_code == 404
    assert sale.programs["stall"].get("/api/ledger/trial-balance?unit=currency:CNY").status_code == 403


@pytest.mark.parametrize("address", ["accounts/{0}", "accounts/{0}/statement", "events/{0}"])
def test_anothers_and_one_that_never_was_are_not_there_alike(sale: Any, address: str) -> None:
    third = sale.program(sale.organisation(Kind.BUYER, "Third"), *SCOPES)
    of = sale.sale.id if address.startswith("events") else sale.mine
    answers = [third.get(f"/api/ledger/{address.format(missing)}") for missing in (of, uuid.uuid4())]
    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize(
    "asked",
    [
        "accounts?kind=gold",
        "accounts?cursor=x",
        "events?document=",
        f"trial-balance?unit=a&position={2**63}",
        "trial-balance?unit=a&position=-1",
    ],
)
def test_what_cannot_be_asked_is_told(sale: Any, asked: str) -> None:
    assert sale.programs["eye"].get(f"/api/ledger/{asked}").status_code == 422


@pytest.mark.parametrize("address", ["accounts?limit=50", "accounts/{0}/statement", "events/{1}", "events?document=d"])
def test_fifty_lines_take_as_many_statements_as_one(books: Any, address: str) -> None:
    def counted(lines: int) -> int:
        stall = books.organisation()
        outside = [books.account(None, f"fees {number}") for number in range(lines)]
        mine = books.account(stall, "payable")
        event = books.move(*((one, mine, 1) for one in outside), document="a")
        for number in range(lines):
            books.account(stall, f"till {number}")
            books.move((outside[0], mine, 1), document="d")
        program = books.program(stall, *SCOPES)
        with CaptureQueriesContext(connection) as asked:
            assert told(program, address.format(mine, event.id))
        return len(asked)

    assert counted(1) == counted(50)
