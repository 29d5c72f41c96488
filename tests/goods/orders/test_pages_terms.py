"""What a stall asks of every order."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from stall_counter import LANGUAGES, Counter, hidden, read

from sundry.goods.orders import queries_dealings
from sundry.goods.orders.actions_terms import change_terms
from sundry.goods.orders.errors import NotThere, Refused, Stale
from sundry.goods.orders.queries_dealings import TermsView

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stall_says_what_it_asks(counter: Counter, assert_accessible: Any, language: str) -> None:
    li = counter.browser(counter.li, language)
    page = read(li.get("/my/terms/"))
    assert_accessible(page)
    given = {"version": hidden(page, "version"), "deposit_stock_bp": "", "deposit_made_bp": "33.5"}
    assert li.post("/my/terms/", given | {"confirms_stock": "on"}).status_code == 302
    assert queries_dealings.terms_of(counter.stall.id) == TermsView(0, 3_350, True, 1)
    late = read(li.post("/my/terms/", given), 422)
    assert queries_dealings.terms_of(counter.stall.id).confirms_stock
    assert 'value="33.5"' in late
    assert li.post("/my/terms/", given | {"version": hidden(late, "version")}).status_code == 302, "she has looked"
    assert not queries_dealings.terms_of(counter.stall.id).confirms_stock


def test_more_than_the_whole_is_no_deposit(counter: Counter) -> None:
    li = counter.browser(counter.li)
    page = read(li.post("/my/terms/", {"version": "0", "deposit_stock_bp": "101"}), 422)
    assert "A deposit cannot be 101" in page


def test_who_changes_which_terms(counter: Counter) -> None:
    asked: dict[str, Any] = {"deposit_stock_bp": 0, "deposit_made_bp": 10_000, "confirms_stock": False}
    asked |= {"stall": counter.stall.id, "now": timezone.now()}
    with pytest.raises(NotThere):
        change_terms(actor=counter.zhang, version=0, **asked)
    with pytest.raises(Refused) as refusal:
        change_terms(actor=counter.li, version=0, **asked | {"deposit_stock_bp": -1, "deposit_made_bp": 10_001})
    assert [finding.header for finding in refusal.value.findings] == ["deposit_stock_bp", "deposit_made_bp"]
    assert change_terms(actor=counter.li, version=0, **asked) == 1
    with pytest.raises(Stale):
        change_terms(actor=counter.li, version=0, **asked)
    assert change_terms(actor=counter.li, version=1, **asked) == 2
