"""Stalls are registered, given, trusted and described; papers for brands are handed in and decided."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import Actor
from sundry.goods.catalogue import actions_stalls, paper_files, queries, queries_stalls
from sundry.goods.catalogue.errors import AlreadyDone, BadDraft, NotNow, NotThere, Stale, Taken
from sundry.goods.catalogue.models import BrandPaper, Change, Stall
from sundry.goods.catalogue.rules import Hall, MixedBatch, NewStall, PaperState, Place, StallView, State

HERE = Place("1", 2, "C", "1205")


def register(bazaar: Any, *stalls: NewStall) -> tuple[uuid.UUID, ...]:
    made = actions_stalls.register_stalls(actor=bazaar.operator, stalls=stalls, now=bazaar.now)
    assert len(made) == len(stalls)
    return made


def view(stall: uuid.UUID) -> StallView:
    found = queries_stalls.stall(stall)
    assert found is not None
    return found


def test_a_booth_is_registered_with_an_address_of_its_place(bazaar: Any) -> None:
    plain, own = register(
        bazaar,
        NewStall(HERE, {"zh": " 日用\u202e百货 ", "en": ""}),
        NewStall(Place("1", 2, "C", "1206A"), {"zh": "伞"}, slug="umbrella-li", language="en"),
    )
    assert (view(plain).card.slug, view(plain).card.names) == ("1-f2-c-1205", {"zh": "日用百货"})
    assert view(plain).card.place.code == "1-F2-C-1205"
    assert (view(own).card.slug, view(own).language) == ("umbrella-li", "en")
    assert view(plain).card.number != view(own).card.number
    assert (view(plain).organisation, view(plain).is_open, view(plain).trusted) == (None, True, False)


@pytest.mark.parametrize(
    ("stalls", "fault", "rule"),
    [
        ([NewStall(Place("9", 1, "A", "1"))], NotThere, "catalogue_hall_not_there"),
        ([NewStall(HERE)], Taken, "catalogue_booth_taken"),
        ([NewStall(Place("1", 1, "A", "1")), NewStall(Place("1", 1, "A", "1"))], Taken, "catalogue_booth_taken"),
        ([NewStall(Place("1", 1, "A", "1"), slug="1-f2-c-1205")], Taken, "catalogue_address_taken"),
        (
            [NewStall(Place("1", 1, "A", "1"), slug="x"), NewStall(Place("1", 1, "A", "2"), slug="x")],
            Taken,
            "catalogue_address_taken",
        ),
        ([NewStall(Place("1", 1, "A", "1"), slug="../x")], NotNow, "catalogue_address_impossible"),
        ([NewStall(Place("1", 1, "A", "1"), slug="x\n")], NotNow, "catalogue_address_impossible"),
        ([NewStall(Place("1", 1, "A", "1"), slug="x" * 61)], NotNow, "catalogue_address_impossible"),
    ],
)
def test_of_a_list_with_a_fault_no_booth_is_registered(
    bazaar: Any, stalls: list[NewStall], fault: type[Exception], rule: str
) -> None:
    register(bazaar, NewStall(HERE))
    with pytest.raises(fault) as refused:
        register(bazaar, NewStall(Place("1", 9, "Z", "9")), *stalls)
    assert refused.value.rule == rule  # type: ignore[attr-defined]
    assert Stall.objects.count() == 1


def test_a_thousand_booths_cost_as_many_statements_as_one(bazaar: Any) -> None:
    counted = []
    for floor, count in ((3, 1), (4, 1_000)):
        with CaptureQueriesContext(connection) as asked:
            register(bazaar, *(NewStall(Place("1", floor, "A", str(booth))) for booth in range(count)))
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 12


def test_a_hall_may_be_renamed(bazaar: Any) -> None:
    halls = [Hall("2", {"zh": "二区"}, {"zh": "伞"}), Hall("1", {"zh": "一"}, {})]
    actions_stalls.register_halls(actor=bazaar.operator, halls=halls, now=bazaar.now)
    register(bazaar, NewStall(HERE), NewStall(Place("1", 1, "A", "1")))
    assert queries_stalls.halls() == (
        Hall("2", {"zh": "二区"}, {"zh": "伞"}, ()),
        Hall("1", {"zh": "一"}, {}, (1, 2)),
    )


def test_of_many_stalls_those_that_are_nobodys_are_given_at_once(bazaar: Any) -> None:
    li, zhang = bazaar.holder(), bazaar.holder("Zhang")
    hers, free = bazaar.stall_of(li), [bazaar.booth() for _ in range(3)]
    given = {"actor": bazaar.operator, "organisation": zhang.organisation, "now": bazaar.now}
    with CaptureQueriesContext(connection) as one:
        assert actions_stalls.claim_unclaimed(stalls=[free[0]], **given) == 1
    with CaptureQueriesContext(connection) as all_of_them:
        assert actions_stalls.claim_unclaimed(stalls=[hers, *free], **given) == 2
    assert len(all_of_them) == len(one)
    assert view(hers).organisation == li.organisation
    assert {view(stall).organisation for stall in free} == {zhang.organisation}
    assert actions_stalls.claim_unclaimed(stalls=[hers, *free], **given) == 0
    with pytest.raises(NotNow):
        actions_stalls.claim_unclaimed(stalls=free, **(given | {"organisation": bazaar.buyer().organisation}))


def test_a_stall_is_given_and_taken_back(bazaar: Any) -> None:
    li, buyer = bazaar.holder(trusted=True), bazaar.buyer()
    number = bazaar.add(li, submit=True)
    stall, given = bazaar.stall_of(li), {"actor": bazaar.operator, "now": bazaar.now}
    Change.objects.all().delete()
    with pytest.raises(AlreadyDone):
        actions_stalls.claim(stall=stall, organisation=li.organisation, **given)
    with pytest.raises(Taken):
        actions_stalls.claim(stall=stall, organisation=bazaar.holder("Zhang").organisation, **given)
    for nobody in (buyer.organisation, uuid.uuid4()):
        with pytest.raises(NotNow):
            actions_stalls.claim(stall=bazaar.booth(), organisation=nobody, **given)
    with pytest.raises(NotThere):
        actions_stalls.claim(stall=uuid.uuid4(), organisation=li.organisation, **given)
    actions_stalls.release(stall=stall, **given)
    assert (view(stall).organisation, view(stall).is_open, view(stall).trusted) == (None, False, False)
    assert queries.on_show(number) is None
    assert Change.objects.get().number == number
    with pytest.raises(AlreadyDone):
        actions_stalls.release(stall=stall, **given)
    told = AuditEntry.objects.filter(operation="catalogue.stall.register", object_id=str(stall))
    assert [set(entry.details) for entry in told.order_by("id")] == [{"organisation"}, {"trusted"}, {"released_from"}]


def test_trust_is_given_once(bazaar: Any) -> None:
    stall, given = bazaar.stall_of(bazaar.holder()), {"actor": bazaar.operator, "now": bazaar.now}
    for trusted in (True, False):
        actions_stalls.trust(stall=stall, trusted=trusted, **given)
        assert view(stall).trusted is trusted
        with pytest.raises(AlreadyDone):
            actions_stalls.trust(stall=stall, trusted=trusted, **given)
    with pytest.raises(NotThere):
        actions_stalls.trust(stall=uuid.uuid4(), trusted=True, **given)


def describe(bazaar: Any, actor: Actor, stall: uuid.UUID, **fields: Any) -> int:
    given: dict[str, Any] = {
        "names": {"zh": "李记"},
        "about": {"zh": "伞\n和雨衣"},
        "mixed_batch": MixedBatch(50_000, None),
        "language": "zh",
        "is_open": True,
        "version": view(stall).version,
    }
    return actions_stalls.change_stall(actor=actor, stall=stall, now=bazaar.now, **(given | fields))


def test_a_holder_describes_her_stall(bazaar: Any) -> None:
    li, zhang = bazaar.holder("Li"), bazaar.holder("Zhang")
    stall = bazaar.stall_of(li)
    before = view(stall).version
    assert describe(bazaar, li, stall) == before + 1
    found = view(stall)
    assert (found.card.names, found.about) == ({"zh": "李记"}, {"zh": "伞\n和雨衣"})
    assert found.mixed_batch == MixedBatch(50_000, None)
    for fault, actor, fields in (
        (Stale, li, {"version": before}),
        (NotThere, zhang, {}),
        (BadDraft, li, {"names": {"zh": "x" * 201}}),
        (BadDraft, li, {"mixed_batch": MixedBatch(None, 0)}),
    ):
        with pytest.raises(fault):
            describe(bazaar, actor, stall, **fields)
    with pytest.raises(NotThere):
        describe(bazaar, Actor(), bazaar.booth())
    assert view(stall) == found


def test_a_stall_that_shuts_takes_its_goods_off_show_until_it_opens(bazaar: Any) -> None:
    li = bazaar.holder(trusted=True)
    listed, draft = bazaar.add(li, submit=True), bazaar.add(li)
    stall = bazaar.stall_of(li)
    for is_open in (False, True):
        Change.objects.all().delete()
        describe(bazaar, li, stall, is_open=is_open)
        assert [card.number for card in queries.cards([draft, listed])] == ([listed] if is_open else [])
        assert [change.number for change in Change.objects.all()] == [listed]
        assert bazaar.state(listed) is State.LISTED
    Change.objects.all().delete()
    describe(bazaar, li, stall)
    assert not Change.objects.exists()


def test_the_way_of_a_paper(bazaar: Any, paper: Any) -> None:
    li = bazaar.holder()
    first, second = paper(li, "Acme  Toys"), paper(li, "Zeta")
    given = {"actor": bazaar.operator, "now": bazaar.now}
    actions_stalls.decide_paper(paper=first, accepted=True, reason="ignored", **given)
    with pytest.raises(NotNow, match="reason"):
        actions_stalls.decide_paper(paper=second, accepted=False, **given)
    actions_stalls.decide_paper(paper=second, accepted=False, reason="Not the stall's", **given)
    refused, accepted = queries_stalls.papers(bazaar.stall_of(li))
    assert (accepted.state, accepted.brand, accepted.reason) == (PaperState.ACCEPTED, "Acme Toys", "")
    assert (refused.state, refused.reason) == (PaperState.REFUSED, "Not the stall's")
    assert BrandPaper.objects.get(id=first).brand == "acme toys"
    for again in (first, second):
        with pytest.raises(NotNow):
            actions_stalls.decide_paper(paper=again, accepted=True, **given)
    with pytest.raises(NotThere):
        actions_stalls.decide_paper(paper=uuid.uuid4(), accepted=True, **given)
    assert AuditEntry.objects.filter(operation="catalogue.paper.decide").count() == 2
    with pytest.raises(AlreadyDone):
        paper(li, "ACME toys")
    paper(li, "Zeta")  # one that was refused may be handed in again


def test_a_paper_that_cannot_be_is_refused(bazaar: Any, photo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    li, zhang, today = bazaar.holder("Li"), bazaar.holder("Zhang"), bazaar.now.date()
    usual: dict[str, Any] = {
        "actor": li,
        "stall": bazaar.stall_of(li),
        "brand": "Acme",
        "file": paper_files.keep(b"%PDF-1.7 a"),
        "valid_from": today,
        "valid_until": None,
        "now": bazaar.now,
    }
    for fault, fields in (
        (NotThere, {"actor": zhang}),
        (NotThere, {"file": "a" * 64}),
        (NotNow, {"brand": " \u200b"}),
        (NotNow, {"brand": "x" * 81}),
        (NotNow, {"valid_until": today}),
        (NotNow, {"valid_from": date(2026, 12, 1), "valid_until": date(2026, 12, 1)}),
    ):
        with pytest.raises(fault):
            actions_stalls.submit_paper(**(usual | fields))
    assert not BrandPaper.objects.exists()
    actions_stalls.submit_paper(**(usual | {"valid_until": today + timedelta(days=1)}))
    monkeypatch.setattr(actions_stalls, "PAPERS_WAITING_MAX", 1)
    with pytest.raises(NotNow, match="wait already"):
        actions_stalls.submit_paper(**(usual | {"file": paper_files.keep(b"%PDF-1")}))
