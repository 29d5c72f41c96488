"""What a stall does with its goods, what the operator decides, and what is refused without a trace."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import Actor
from sundry.goods.catalogue import actions, actions_stalls, queries
from sundry.goods.catalogue.errors import AlreadyDone, BadDraft, NotNow, NotThere, Stale, Taken, Unauthorised
from sundry.goods.catalogue.models import Change, Good, GoodPhoto, GoodVariant, Product, Stall
from sundry.goods.catalogue.rules import Carton, Collection, Draft, State, Step, Supply, Variant
from sundry.goods.catalogue.writing import NUMBERS_MAX
from sundry.kernel.errors import SundryError

WHOLE = Draft(
    language="zh",
    names={"zh": "牙刷杯", "en": "Toothbrush cup"},
    descriptions={"en": "Two lines\nof text"},
    item_number="YS-12",
    unit="set",
    ladder=(Step(120, 320), Step(1200, 285)),
    carton=Carton(144, 600, 400, 400, 12_000, 11_000),
    hs_code="392490",
    supply=Supply.MADE,
    stock_pieces=3,
    lead_time_days=7,
    weekly_capacity_pieces=5_000,
    collections=frozenset({Collection.NEW, Collection.HOT}),
    variants=(Variant({"zh": "粉色"}, "YS-12-P", 10, 4), Variant({"zh": "蓝色"})),
)


def traces() -> tuple[Any, ...]:
    """What an action leaves; a refused one leaves nothing."""
    return (
        sorted(Good.objects.values_list("number", "state", "version", "cover", "names__zh")),
        GoodPhoto.objects.count(),
        GoodVariant.objects.count(),
        Product.objects.count(),
        Change.objects.count(),
        AuditEntry.objects.count(),
        sorted(Stall.objects.values_list("number", "goods", "version", "is_open")),
    )


@pytest.fixture
def refused(bazaar: Any) -> Callable[..., SundryError]:
    """refused(NotThere, act) calls `act`, which must raise it and leave nothing; what it raised."""

    def expect(fault: type[SundryError], act: Callable[[], object]) -> SundryError:
        before = traces()
        with pytest.raises(fault) as caught:
            act()
        assert traces() == before
        return caught.value

    return expect


def shown(bazaar: Any, holder: Actor) -> int:
    """How many goods of the stall are on show, as it is counted; the count must be true."""
    stall = bazaar.stall(holder)
    assert stall.card.goods == Good.objects.filter(stall=stall.card.id, state=State.LISTED.value).count()
    return int(stall.card.goods)


# A good is added ------------------------------------------------------------------------------------------------------


def test_what_a_stall_wrote_is_read_back_as_it_was(bazaar: Any, photo: Any) -> None:
    li = bazaar.holder()
    files = [photo("red"), photo("blue")]
    number = actions.add_good(actor=li, stall=bazaar.stall_of(li), draft=WHOLE, photos=files, now=bazaar.now)
    view = bazaar.good(number)
    kept = replace(view.draft, variants=tuple(replace(one, id=None) for one in view.draft.variants))
    assert kept == WHOLE
    assert [one.file for one in view.photos] == files
    assert (view.card.cover, view.card.state, view.version) == (files[0], State.DRAFT, 1)
    assert not Change.objects.exists()  # nobody sees a draft


def test_an_empty_draft_is_kept(bazaar: Any) -> None:
    li = bazaar.holder()
    number = actions.add_good(actor=li, stall=bazaar.stall_of(li), draft=Draft(), now=bazaar.now)
    assert bazaar.state(number) is State.DRAFT


def test_a_trusted_stall_is_on_show_at_once_another_waits(bazaar: Any) -> None:
    li, zhang = bazaar.holder("Li", trusted=True), bazaar.holder("Zhang")
    listed, waiting = bazaar.add(li, submit=True), bazaar.add(zhang, submit=True)
    assert (bazaar.state(listed), bazaar.state(waiting)) == (State.LISTED, State.SUBMITTED)
    assert bazaar.good(listed).listed_at == bazaar.now
    assert (shown(bazaar, li), shown(bazaar, zhang)) == (1, 0)
    assert list(Change.objects.values_list("number", flat=True)) == [listed]


def test_a_phone_that_sends_twice_adds_once(bazaar: Any, refused: Any) -> None:
    li, zhang, key = bazaar.holder("Li"), bazaar.holder("Zhang"), uuid.uuid4()
    given = {"stall": bazaar.stall_of(li), "draft": Draft(), "key": key, "now": bazaar.now}
    number = actions.add_good(actor=li, **given)
    assert actions.add_good(actor=li, **given) == number
    assert Good.objects.count() == 1
    refused(Taken, lambda: actions.add_good(actor=zhang, **{**given, "stall": bazaar.stall_of(zhang)}))


def test_what_cannot_be_is_refused_whole(bazaar: Any, refused: Any, photo: Any) -> None:
    li = bazaar.holder(trusted=True)
    told = refused(BadDraft, lambda: bazaar.add(li, hs_code="x", stock_pieces=-1))
    assert [finding.header for finding in told.findings[0]] == ["hs_code", "stock_pieces"]
    assert told.message("en").startswith("Nothing was saved; entries that cannot be right: 2. “x” is no HS code.")
    refused(BadDraft, lambda: bazaar.add(li, submit=True, ladder=()))
    refused(BadDraft, lambda: bazaar.add(li, submit=True, names={}))
    stall, red = bazaar.stall_of(li), photo("red")
    for photos, fault in (([red, "a" * 64], NotThere), ([red, red], AlreadyDone), ([red] * 13, AlreadyDone)):
        refused(
            fault,
            lambda photos=photos: actions.add_good(actor=li, stall=stall, draft=Draft(), photos=photos, now=bazaar.now),
        )


def test_nobody_adds_to_anothers_stall_nor_to_nobodys(bazaar: Any, refused: Any) -> None:
    li, zhang, booth = bazaar.holder("Li"), bazaar.holder("Zhang"), bazaar.booth()
    for actor, stall in (
        (li, bazaar.stall_of(zhang)),
        (li, uuid.uuid4()),
        (li, booth),
        (Actor(), booth),
        (Actor(person=li.person), booth),
        (bazaar.operator, bazaar.stall_of(li)),
    ):
        refused(NotThere, lambda a=actor, s=stall: actions.add_good(actor=a, stall=s, draft=Draft(), now=bazaar.now))


# It is changed --------------------------------------------------------------------------------------------------------


def change(bazaar: Any, holder: Actor, number: int, **fields: Any) -> int:
    view = bazaar.good(number)
    draft = replace(view.draft, **fields)
    return actions.change_good(actor=holder, number=number, draft=draft, version=view.version, now=bazaar.now)


def test_a_change_is_kept_and_search_hears_of_it(bazaar: Any) -> None:
    li = bazaar.holder(trusted=True)
    number = bazaar.add(li, submit=True)
    Change.objects.all().delete()
    assert change(bazaar, li, number, names={"zh": "漱口杯"}) == 2
    view = bazaar.good(number)
    assert (view.draft.names, view.card.state, view.version) == ({"zh": "漱口杯"}, State.LISTED, 2)
    assert Change.objects.get().number == number
    assert shown(bazaar, li) == 1


def test_who_looked_before_somebody_else_wrote_is_told_who_and_when(bazaar: Any, refused: Any) -> None:
    li = bazaar.holder("Li")
    number = bazaar.add(li)
    change(bazaar, li, number, brand="")
    told = refused(
        Stale, lambda: actions.change_good(actor=li, number=number, draft=Draft(), version=1, now=bazaar.now)
    )
    assert told.message("en").startswith(f"Li changed good {number} at 2026-11-22 12:00 UTC")
    Good.objects.update(changed_by=None)
    told = refused(
        Stale, lambda: actions.change_good(actor=li, number=number, draft=Draft(), version=1, now=bazaar.now)
    )
    assert told.rule == "catalogue_good_changed"


def test_variants_keep_their_ids_and_nobody_takes_anothers(bazaar: Any) -> None:
    li = bazaar.holder()
    number, other = (bazaar.add(li, variants=WHOLE.variants) for _ in range(2))
    pink, blue = bazaar.good(number).draft.variants
    foreign = bazaar.good(other).draft.variants[0]
    again = replace(blue, names={"zh": "天蓝"})
    change(bazaar, li, number, variants=(replace(blue, stock_pieces=9), Variant({"zh": "黑色"}), foreign, again))
    kept = bazaar.good(number).draft.variants
    assert [one.names["zh"] for one in kept] == ["蓝色", "黑色", "粉色", "天蓝"]
    assert (kept[0].id, kept[0].stock_pieces) == (blue.id, 9)
    assert {pink.id, foreign.id, blue.id}.isdisjoint(one.id for one in kept[1:])
    assert bazaar.good(other).draft.variants[0].id == foreign.id


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"ladder": (Step(60, 300),)}, State.LISTED),
        ({"stock_pieces": 7}, State.LISTED),
        ({"carton": Carton(pieces=12)}, State.LISTED),
        ({"names": {"zh": "手机"}}, State.SUBMITTED),
        ({"descriptions": {"zh": "新"}}, State.SUBMITTED),
        ({"variants": (Variant({"zh": "新"}),)}, State.SUBMITTED),
    ],
)
def test_what_the_operator_approved_cannot_become_something_else(
    bazaar: Any, fields: dict[str, Any], state: State
) -> None:
    """A stall that is not trusted changes figures as it likes, and words only through the operator's queue."""
    li = bazaar.holder()
    number = bazaar.add(li, submit=True)
    actions.approve(actor=bazaar.operator, numbers=[number], now=bazaar.now)
    change(bazaar, li, number, **fields)
    assert bazaar.state(number) is state
    assert shown(bazaar, li) == (state is State.LISTED)


def test_what_is_on_show_or_waits_must_stay_fit_for_it(bazaar: Any, refused: Any) -> None:
    li = bazaar.holder(trusted=True)
    number = bazaar.add(li, submit=True)
    told = refused(BadDraft, lambda: change(bazaar, li, number, ladder=()))
    assert told.findings[number][0].rule == "catalogue_needs_price"
    actions.withdraw(actor=li, numbers=[number], now=bazaar.now)
    change(bazaar, li, number, ladder=())


# It goes on show and comes back ---------------------------------------------------------------------------------------


def test_the_way_of_a_good(bazaar: Any, refused: Any) -> None:
    li, operator, now = bazaar.holder(), bazaar.operator, bazaar.now
    number = bazaar.add(li)

    def after(act: Callable[..., object], **given: Any) -> State:
        act(now=now, **given)
        shown(bazaar, li)
        return State(bazaar.state(number))

    assert after(actions.submit, actor=li, numbers=[number]) is State.SUBMITTED
    refused(NotNow, lambda: actions.submit(actor=li, numbers=[number], now=now))
    assert after(actions.refuse, actor=operator, number=number, reason=" Blurred\u202e photo ") is State.REFUSED
    assert bazaar.good(number).reason == "Blurred photo"
    refused(NotNow, lambda: actions.approve(actor=operator, numbers=[number], now=now))
    refused(NotNow, lambda: actions.withdraw(actor=li, numbers=[number], now=now))
    assert after(actions.submit, actor=li, numbers=[number]) is State.SUBMITTED
    assert bazaar.good(number).reason == ""
    assert after(actions.approve, actor=operator, numbers=[number]) is State.LISTED
    refused(NotNow, lambda: actions.approve(actor=operator, numbers=[number], now=now))
    assert after(actions.refuse, actor=operator, number=number, reason="Counterfeit") is State.REFUSED
    assert after(actions.submit, actor=li, numbers=[number]) is State.SUBMITTED
    assert after(actions.withdraw, actor=li, numbers=[number]) is State.WITHDRAWN
    assert after(actions.submit, actor=li, numbers=[number]) is State.SUBMITTED
    refused(NotNow, lambda: actions.refuse(actor=operator, number=number, reason=" \u200b", now=now))
    decisions = AuditEntry.objects.filter(operation="catalogue.good.decide")
    assert list(decisions.values_list("object_id", flat=True)) == [str(number)] * 3


@pytest.mark.parametrize("state", ["draft", "submitted", "listed", "refused", "withdrawn"])
def test_what_cannot_be_done_now_says_why(bazaar: Any, refused: Any, state: str) -> None:
    li = bazaar.holder()
    number = bazaar.add(li)
    Good.objects.update(state=state, reason="x" if state == "refused" else "", listed_at=bazaar.now)
    act = actions.approve if state != "submitted" else actions.submit
    actor = bazaar.operator if state != "submitted" else li
    told = refused(NotNow, lambda: act(actor=actor, numbers=[number], now=bazaar.now))
    assert told.rule == f"catalogue_good_is_{state}"


def test_what_is_on_show_or_waits_is_not_handed_in_again(bazaar: Any, refused: Any) -> None:
    """Else a second click would take it off show, or make it the newest of the market once more."""
    for holder in (bazaar.holder("Li", trusted=True), bazaar.holder("Zhang")):
        number = bazaar.add(holder, submit=True)
        before = bazaar.good(number)
        later = bazaar.now + timedelta(hours=1)
        told = refused(
            NotNow, lambda holder=holder, of=number, now=later: actions.submit(actor=holder, numbers=[of], now=now)
        )
        assert told.rule == f"catalogue_good_is_{before.card.state}"
        assert bazaar.good(number) == before


def test_many_are_handed_in_all_or_none(bazaar: Any, refused: Any) -> None:
    li, zhang = bazaar.holder("Li", trusted=True), bazaar.holder("Zhang")
    fit, unfit, foreign = bazaar.add(li), bazaar.add(li, ladder=()), bazaar.add(zhang, ladder=())

    def submit(*numbers: int) -> dict[int, State]:
        return actions.submit(actor=li, numbers=numbers, now=bazaar.now)

    told = refused(BadDraft, lambda: submit(fit, unfit))
    assert set(told.findings) == {unfit}
    # Another's number is refused before anything is told of it: not that it has no price, nor that it exists.
    assert refused(NotThere, lambda: submit(fit, foreign)).rule == "catalogue_good_not_there"
    assert refused(NotThere, lambda: submit(fit, 1)).rule == "catalogue_good_not_there"
    for impossible in (0, -1, 1 << 63, 10**30):  # no number that a database knows
        refused(NotThere, lambda number=impossible: submit(fit, number))
    for act in (actions.withdraw, actions.submit):
        refused(NotThere, lambda act=act: act(actor=li, numbers=[foreign], now=bazaar.now))
    refused(NotNow, lambda: submit(*range(1, NUMBERS_MAX + 2)))
    assert submit(fit) == {fit: State.LISTED}
    assert submit() == {}


def test_nothing_is_approved_unseen(bazaar: Any, refused: Any) -> None:
    li = bazaar.holder()
    number, other = bazaar.add(li, submit=True), bazaar.add(li, submit=True)
    seen = {one: bazaar.good(one).version for one in (number, other)}
    change(bazaar, li, number, names={"zh": "手机"})

    def approve() -> None:
        actions.approve(actor=bazaar.operator, numbers=[other, number], versions=seen, now=bazaar.now)

    assert refused(Stale, approve).details["number"] == number
    seen[number] = bazaar.good(number).version
    approve()
    assert bazaar.state(number) is bazaar.state(other) is State.LISTED


def test_a_brand_needs_its_paper_whoever_trusts_the_stall(bazaar: Any, refused: Any, paper: Any) -> None:
    li = bazaar.holder(trusted=True)
    number = bazaar.add(li, brand="Acme", submit=True)
    assert bazaar.state(number) is State.SUBMITTED
    assert not bazaar.good(number).is_authorised

    def approve() -> None:
        actions.approve(actor=bazaar.operator, numbers=[number], now=bazaar.now)

    assert refused(Unauthorised, approve).details == {"number": number, "brand": "Acme"}
    handed_in = paper(li, " ACME ")
    refused(Unauthorised, approve)
    actions_stalls.decide_paper(actor=bazaar.operator, paper=handed_in, accepted=True, now=bazaar.now)
    approve()
    assert bazaar.state(number) is State.LISTED
    assert queries.good(number, day=bazaar.now.date()).is_authorised
    assert bazaar.state(bazaar.add(li, brand="acme", submit=True)) is State.LISTED
    late = bazaar.now + timedelta(days=400)  # the paper has ended
    other = bazaar.add(li, brand="Acme")
    assert actions.submit(actor=li, numbers=[other], now=late) == {other: State.SUBMITTED}
    assert not queries.good(number, day=late.date()).is_authorised


def test_a_good_on_show_that_is_given_a_brand_leaves_it(bazaar: Any) -> None:
    li = bazaar.holder(trusted=True)
    number = bazaar.add(li, submit=True)
    change(bazaar, li, number, brand="Acme")
    assert bazaar.state(number) is State.SUBMITTED
    assert shown(bazaar, li) == 0


# Many stalls offer one product ----------------------------------------------------------------------------------------


def test_many_stalls_offer_one_product(bazaar: Any, refused: Any) -> None:
    li, zhang, chen = (bazaar.holder(name, trusted=True) for name in ("Li", "Zhang", "Chen"))
    first = bazaar.add(li, submit=True, hs_code="392490")
    second = actions.offer_product(actor=zhang, stall=bazaar.stall_of(zhang), good=first, now=bazaar.now)
    third = actions.offer_product(actor=chen, stall=bazaar.stall_of(chen), good=first, now=bazaar.now)
    view = bazaar.good(second)
    assert (view.card.state, view.draft.names, view.draft.ladder) == (State.DRAFT, {"zh": "牙刷杯"}, ())
    assert view.draft.hs_code == "392490"
    assert view.product == bazaar.good(first).product == bazaar.good(third).product
    change(bazaar, zhang, second, ladder=(Step(120, 300),))
    actions.submit(actor=zhang, numbers=[second], now=bazaar.now)
    product = queries.product(view.product)
    assert [offer.number for offer in product.offers] == [second, first]  # the cheapest first, no drafts

    def offer(holder: Actor, stall: uuid.UUID, good: int) -> Callable[[], int]:
        return lambda: actions.offer_product(actor=holder, stall=stall, good=good, now=bazaar.now)

    assert refused(AlreadyDone, offer(zhang, bazaar.stall_of(zhang), first)).details == {"number": second}
    assert refused(AlreadyDone, offer(li, bazaar.stall_of(li), first)).details == {"number": first}
    refused(NotThere, offer(zhang, bazaar.stall_of(li), first))
    refused(NotThere, offer(zhang, bazaar.stall_of(zhang), third))  # a draft of Chen's
    refused(NotThere, offer(zhang, bazaar.stall_of(zhang), 1))


# Costs and races ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["submit", "withdraw", "approve"])
def test_statements_do_not_grow_with_goods(bazaar: Any, act: str) -> None:
    li = bazaar.holder()
    state = {"submit": State.DRAFT, "withdraw": State.LISTED, "approve": State.SUBMITTED}[act]
    counted = []
    for count in (1, 50):
        numbers = [bazaar.add(li, brand="Acme" if act == "submit" else "") for _ in range(count)]
        Good.objects.filter(number__in=numbers).update(state=state.value, listed_at=bazaar.now)
        Stall.objects.filter(id=bazaar.stall_of(li)).update(goods=Good.objects.filter(state="listed").count())
        with CaptureQueriesContext(connection) as asked:
            getattr(actions, act)(actor=bazaar.operator if act == "approve" else li, numbers=numbers, now=bazaar.now)
        counted.append(len(asked))
        shown(bazaar, li)
    assert counted[0] == counted[1] <= 15


def test_a_good_costs_no_more_statements_for_its_photos_and_variants(bazaar: Any, photo: Any) -> None:
    li, counted = bazaar.holder(), []
    for size in (1, 8):
        files = [photo((size, size, n * 20)) for n in range(size)]
        some = tuple(Variant({"zh": str(n)}) for n in range(size))
        with CaptureQueriesContext(connection) as asked:
            actions.add_good(
                actor=li,
                stall=bazaar.stall_of(li),
                draft=replace(WHOLE, variants=some),
                photos=files,
                now=bazaar.now,
            )
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 9


@pytest.mark.django_db(transaction=True)
def test_the_count_of_a_stall_is_right_however_many_write_at_once(bazaar: Any) -> None:
    """Two stalls and the operator, who takes the goods of both in one go, in another order than they do."""
    li, zhang = bazaar.holder("Li", trusted=True), bazaar.holder("Zhang")
    own = {holder: [bazaar.add(holder) for _ in range(4)] for holder in (li, zhang)}
    everything = [number for numbers in own.values() for number in numbers]

    def try_all(turn: int) -> None:
        try:
            for act, actor, numbers in (
                (actions.submit, li, own[li][turn % 3 :]),
                (actions.submit, zhang, own[zhang][turn % 2 :]),
                (actions.approve, bazaar.operator, everything[::-1][turn % 4 :]),
                (actions.approve, bazaar.operator, own[zhang]),
                (actions.withdraw, (li, zhang)[turn % 2], own[(li, zhang)[turn % 2]][: turn % 3 + 1]),
            ):
                with suppress(NotNow):
                    act(actor=actor, numbers=numbers, now=bazaar.now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(try_all, range(18)))
    assert {shown(bazaar, li), shown(bazaar, zhang)} <= set(range(5))
    assert Change.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_phone_that_sends_many_times_at_once_adds_once(bazaar: Any) -> None:
    li, key = bazaar.holder(), uuid.uuid4()
    stall = bazaar.stall_of(li)

    def send(_turn: int) -> int:
        try:
            return actions.add_good(actor=li, stall=stall, draft=Draft(), key=key, now=bazaar.now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        assert len(set(threads.map(send, range(6)))) == 1
    assert Good.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_one_good_at_once_one_is_told(bazaar: Any) -> None:
    li = bazaar.holder()
    number = bazaar.add(li)

    def write(name: str) -> str:
        try:
            draft = Draft(names={"zh": name})
            actions.change_good(actor=li, number=number, draft=draft, version=1, now=bazaar.now)
            return name
        except Stale:
            return ""
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        written = [name for name in threads.map(write, ("一", "二", "三", "四")) if name]
    assert [bazaar.good(number).draft.names["zh"]] == written
