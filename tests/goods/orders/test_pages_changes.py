"""A change of what was agreed: proposed by one side, answered by the other, on the same page."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from stall_counter import Counter, hidden, read, text_of

from sundry.goods.catalogue.rules import Variant
from sundry.goods.orders import queries_dealings, queries_orders
from sundry.goods.orders.actions_changes import propose
from sundry.goods.orders.models import SubOrder
from sundry.goods.orders.order_rules import ChangeKind, ChangeState, LineChange

pytestmark = pytest.mark.django_db
LATER = timezone.localdate() + timedelta(days=20)


def form_of(counter: Counter, sub: uuid.UUID, **changed: str) -> dict[str, str]:
    """The form as the page gives it, with the pieces of its one line changed."""
    page = read(counter.browser(counter.li).get(f"/my/sales/{sub}/change"))
    view = queries_orders.sub(sub)
    assert view is not None
    (line,) = queries_orders.lines(view.order, sub=sub)
    first = {f"pieces_{line.id}": "12", f"price_{line.id}": "3.20", "day": str(view.promised_day or "")}
    named = {
        f"{name}_{line.id}" if name in ("pieces", "price", "good") else name: text for name, text in changed.items()
    }
    return {"key": hidden(page, "key"), "version": hidden(page, "version"), "reason": "wet"} | first | named


def proposed(counter: Counter, sub: uuid.UUID, **changed: str) -> str:
    """The address of a change that Li proposes."""
    answer = counter.browser(counter.li).post(f"/my/sales/{sub}/change", form_of(counter, sub, **changed))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def test_fewer_pieces_are_proposed_once_and_agreed_once(counter: Counter, assert_accessible: Any) -> None:
    sub, li, amina = counter.confirmed(12), counter.browser(counter.li), counter.browser(counter.amina)
    given = form_of(counter, sub, pieces="10")
    places = {li.post(f"/my/sales/{sub}/change", given).headers["Location"] for _ in range(2)}
    (place,) = places
    for browser in (li, amina):
        page = read(browser.get(place))
        assert_accessible(page)
        assert "wet" in page
    assert 'value="accept"' not in read(li.get(place))
    assert 'value="withdraw"' not in read(amina.get(place))
    for _ in range(2):
        assert "The change is agreed" in text_of(read(amina.post(f"{place}decide", {"answer": "accept"}, follow=True)))
    view = queries_orders.sub(sub)
    assert view is not None
    assert (view.totals.pieces, view.totals.value_minor) == (10, 3_200)


def test_who_has_looked_again_proposes_upon_what_there_is_now(counter: Counter) -> None:
    sub, li = counter.confirmed(12), counter.browser(counter.li)
    given = form_of(counter, sub, pieces="10")
    SubOrder.objects.filter(id=sub).update(version=F("version") + 1)
    late = read(li.post(f"/my/sales/{sub}/change", given), 422)
    assert 'value="10"' in late
    assert li.post(f"/my/sales/{sub}/change", given | {"version": hidden(late, "version")}).status_code == 302


@pytest.mark.parametrize(
    ("who", "answer", "state"),
    [
        ("amina", "decline", ChangeState.DECLINED),
        ("li", "withdraw", ChangeState.WITHDRAWN),
        ("li", "accept", ChangeState.PROPOSED),
        ("amina", "withdraw", ChangeState.PROPOSED),
        ("amina", "nonsense", ChangeState.PROPOSED),
        ("zhang", "accept", ChangeState.PROPOSED),
    ],
)
def test_each_side_answers_what_is_its_own_to_answer(
    counter: Counter, who: str, answer: str, state: ChangeState
) -> None:
    place = proposed(counter, counter.confirmed(12), day=LATER.isoformat())
    told = counter.browser(getattr(counter, who)).post(f"{place}decide", {"answer": answer, "reason": "no"})
    assert told.status_code == (404 if who == "zhang" else 302)
    change = queries_dealings.change(uuid.UUID(place.split("/")[2]))
    assert change is not None
    assert change.state is state


def test_a_good_in_place_of_another_is_shown_beside_it(counter: Counter, assert_accessible: Any) -> None:
    place = proposed(counter, counter.confirmed(12), good=str(counter.cups[1]))
    page = read(counter.browser(counter.amina).get(place))
    assert_accessible(page)
    assert f"/goods/{counter.cups[1]}/" in page


def test_a_stall_looks_for_the_good_that_it_offers_instead(counter: Counter, assert_accessible: Any) -> None:
    """By its item number, by a part of its name, of several by choosing; another stall's is none of hers."""
    li, stall = counter.browser(counter.li), counter.market.stall(counter.li)
    sub = counter.confirmed(12)
    kinds = (Variant({"zh": "红", "en": "red"}), Variant({"en": "blue"}))
    lamp = counter.market.good(
        counter.stall, names={"zh": "灯", "en": "Garden lamp"}, item_number="L-7", variants=kinds
    )
    counter.market.good(stall, names={"zh": "灯", "en": "Foreign lamp"})
    page = read(li.get(f"/my/sales/{sub}/change"))
    assert f'<option value="{lamp} Garden lamp L-7">' in page
    given = form_of(counter, sub, good="foreign lamp")
    assert "Nothing that you have on show" in read(li.post(f"/my/sales/{sub}/change", given), 422)
    (line,) = (name for name in given if name.startswith("good_"))
    for words in ("l-7", "GARDEN", f"{lamp} Garden lamp L-7"):
        asked = read(li.post(f"/my/sales/{sub}/change", given | {line: words}), 422)
        picks = re.findall(r'name="(pick_[^"]+)" value="([^"]+)"', asked)
        assert [value.split("/")[0] for _, value in picks] == [str(lamp)] * 2
    assert_accessible(asked)
    answer = li.post(f"/my/sales/{sub}/change", given | {line: "lamp", picks[1][0]: picks[1][1]})
    shown = read(counter.browser(counter.amina).get(answer.headers["Location"]))
    assert f"/goods/{lamp}/" in shown


def test_what_a_buyer_proposes_stands_in_the_day_of_the_stall(counter: Counter) -> None:
    sub = counter.confirmed(12)
    view = queries_orders.sub(sub)
    assert view is not None
    (line,) = queries_orders.lines(view.order, sub=sub)
    change = propose(
        actor=counter.amina,
        sub=sub,
        kind=ChangeKind.PART_CANCEL,
        changes=[LineChange(line.id, pieces=6)],
        promised_day=None,
        reason="my client wants fewer",
        version=view.version,
        now=timezone.now(),
    )
    li = counter.browser(counter.li)
    assert f"/changes/{change}/" in read(li.get("/my/today/"))
    assert 'value="accept"' in read(li.get(f"/changes/{change}/"))
    assert "A change of it is proposed" in read(li.get(f"/my/sales/{sub}/change"))


def test_another_sees_no_change(counter: Counter) -> None:
    place = proposed(counter, counter.confirmed(12), pieces="11")
    assert counter.browser(counter.zhang).get(place).status_code == 404
