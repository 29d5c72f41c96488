"""A paper that no longer holds takes the goods of its brand off show."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from sundry.base.access.models import AuditEntry
from sundry.goods.catalogue import actions_papers, actions_stalls, queries_stalls
from sundry.goods.catalogue.errors import NotNow, NotThere
from sundry.goods.catalogue.models import Change
from sundry.goods.catalogue.rules import PaperState, State


def accepted(bazaar: Any, paper: Any, holder: Any, brand: str) -> uuid.UUID:
    made: uuid.UUID = paper(holder, brand)
    actions_stalls.decide_paper(actor=bazaar.operator, paper=made, accepted=True, now=bazaar.now)
    return made


def test_a_paper_that_was_taken_back_takes_its_goods_along(bazaar: Any, paper: Any) -> None:
    li, zhang = (bazaar.holder(name, trusted=True) for name in ("Li", "Zhang"))
    made = accepted(bazaar, paper, li, "Acme")
    accepted(bazaar, paper, li, "Zeta")
    accepted(bazaar, paper, zhang, "Acme")
    numbers = {
        (holder, brand): bazaar.add(holder, brand=brand, submit=True)
        for holder, brand in ((li, "ACME"), (li, "Zeta"), (li, ""), (zhang, "Acme"))
    }
    Change.objects.all().delete()
    given = {"actor": bazaar.operator, "paper": made, "now": bazaar.now}
    with pytest.raises(NotNow, match="reason"):
        actions_papers.revoke_paper(reason="\u200b", **given)
    assert actions_papers.revoke_paper(reason="Forged", **given) == 1
    states = {key: bazaar.state(number) for key, number in numbers.items()}
    assert states.pop((li, "ACME")) is State.SUBMITTED
    assert set(states.values()) == {State.LISTED}
    assert [change.number for change in Change.objects.all()] == [numbers[li, "ACME"]]
    assert (bazaar.stall(li).card.goods, bazaar.stall(zhang).card.goods) == (2, 1)
    _, found = queries_stalls.paper(made)
    assert (found.state, found.reason) == (PaperState.REFUSED, "Forged")
    assert AuditEntry.objects.get(details__revoked=True).details["goods"] == 1
    with pytest.raises(NotNow, match="not an accepted one"):
        actions_papers.revoke_paper(reason="Forged", **given)
    with pytest.raises(NotThere):
        actions_papers.revoke_paper(**(given | {"paper": uuid.uuid4(), "reason": "Forged"}))


def test_goods_leave_the_show_on_the_day_on_which_their_paper_ends(bazaar: Any, paper: Any) -> None:
    li = bazaar.holder(trusted=True)
    accepted(bazaar, paper, li, "Acme")
    number, plain = bazaar.add(li, brand="Acme", submit=True), bazaar.add(li, submit=True)
    assert actions_papers.end_papers(now=bazaar.now + timedelta(days=364)) == 0
    assert bazaar.state(number) is State.LISTED
    end = bazaar.now + timedelta(days=365)
    assert [actions_papers.end_papers(now=end) for _ in range(2)] == [1, 0]
    assert (bazaar.state(number), bazaar.state(plain)) == (State.SUBMITTED, State.LISTED)
    assert bazaar.stall(li).card.goods == 1
