"""A stall writes a quotation on its phone, from the question to the next version."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from stall_counter import LANGUAGES, Counter, read, text_of

from sundry.goods.orders import pages_quoting, queries_quotations
from sundry.goods.orders.enquiry_rules import QuotationState, QuotationView
from sundry.goods.orders.models import Quotation
from sundry.goods.orders.order_rules import Side

pytestmark = pytest.mark.django_db
UNTIL = (timezone.localdate() + timedelta(days=5)).isoformat()


def begun(counter: Counter, browser: Client) -> str:
    """The address of a draft in a new conversation."""
    place = browser.post(f"/talk/{counter.talk()}/quote", {"key": str(uuid.uuid4())}).headers["Location"]
    assert place.startswith("/my/quotations/")
    return place


def view(place: str) -> QuotationView:
    found = queries_quotations.quotation(uuid.UUID(place.split("/")[3]), side=Side.STALL)
    assert found is not None
    return found


def typed(page: str) -> dict[str, str]:
    """What the form of a draft holds, as a browser would send it back."""
    form = page.split("data-guard>")[1].split("</form>")[0]
    fields = re.findall(r'<input type="(?:text|hidden|date)" name="([^"]+)"(?: value="([^"]*)")?', form)
    chosen = re.findall(r'<select name="(\w+)".*?<option value="([^"]*)" selected', form, re.DOTALL)
    return dict(fields) | dict(chosen)


def test_a_quotation_is_begun_with_what_was_asked_written_looked_at_and_sent(
    counter: Counter, assert_accessible: Any
) -> None:
    li = counter.browser(counter.li)
    place = begun(counter, li)
    draft = view(place)
    assert [(line.good, line.pieces, line.ladder[0].price_minor) for line in draft.lines] == [
        (counter.cups[0], 600, 320)
    ]
    page = read(li.get(place))
    assert_accessible(page)
    given = typed(page) | {"line_1_price_1": "2.95", "deposit": "30", "valid_until": UNTIL, "send": "1"}
    assert li.post(place, given).headers["Location"] == f"{place}send"
    check = read(li.get(f"{place}send"))
    assert_accessible(check)
    assert "Send this quotation?" in check
    assert view(place).state is QuotationState.DRAFT
    for _ in range(2):  # the answer is lost, the phone sends it again
        assert "The quotation is sent." in text_of(read(li.post(f"{place}send", follow=True)))
    sent = view(place)
    assert (sent.state, sent.terms.deposit_bp, sent.lines[0].ladder[0].price_minor) == (QuotationState.SENT, 3_000, 295)
    assert Quotation.objects.filter(number=sent.number).count() == 1
    assert_accessible(read(li.get(place)))


def test_a_key_makes_one_draft(counter: Counter) -> None:
    li, talk, key = counter.browser(counter.li), counter.talk(), str(uuid.uuid4())
    places = {li.post(f"/talk/{talk}/quote", {"key": key}).headers["Location"] for _ in range(2)}
    assert len(places) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_is_sound_in_both_directions(counter: Counter, assert_accessible: Any, language: str) -> None:
    li = counter.browser(counter.li, language)
    assert_accessible(read(li.get(begun(counter, li))))


def test_lines_are_added_by_number_or_by_name_and_left_out(counter: Counter) -> None:
    li = counter.browser(counter.li)
    place = begun(counter, li)
    given = typed(read(li.get(place))) | {"new_good": str(counter.cups[1]), "new_pieces": "50", "add": "1"}
    assert li.post(place, given).status_code == 302
    given = typed(read(li.get(place))) | {"new_name": "吸管", "new_pieces": "2000", "new_price": "0.05"}
    assert li.post(place, given | {"line_1_drop": "on"}).status_code == 302
    assert [(line.good, line.pieces) for line in view(place).lines] == [(counter.cups[1], 50), (None, 2_000)]
    foreign = counter.market.good(counter.market.stall(counter.zhang))
    for number in (foreign, 999_999_999, 2**70):
        page = read(li.post(place, typed(read(li.get(place))) | {"new_good": str(number)[:12]}), 422)
        assert "Nothing that you have on show" in page
    assert len(view(place).lines) == 2
    asked = read(li.post(place, typed(read(li.get(place))) | {"new_good": "toothbrush", "new_pieces": "60"}), 422)
    picks = re.findall(r'name="new_pick" value="([^"]+)"', asked)
    assert str(counter.cups[0]) in picks
    given = typed(read(li.get(place))) | {
        "new_good": "toothbrush",
        "new_pieces": "60",
        "new_pick": str(counter.cups[0]),
    }
    assert li.post(place, given).status_code == 302
    assert [(line.good, line.pieces) for line in view(place).lines][2:] == [(counter.cups[0], 60)]


def test_a_draft_of_very_many_lines_is_sent_but_not_typed(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    li = counter.browser(counter.li)
    place = begun(counter, li)
    given = typed(read(li.get(place))) | {"new_name": "吸管", "new_price": "1"}
    monkeypatch.setattr(pages_quoting, "LINES_ON_A_FORM", 1)
    assert "at most 1 lines" in read(li.post(place, given), 422)
    monkeypatch.setattr(pages_quoting, "LINES_ON_A_FORM", 0)
    assert f'href="{place}send"' in read(li.get(place))


def test_what_is_wrong_is_told_at_its_line_and_nothing_typed_is_lost(counter: Counter) -> None:
    li = counter.browser(counter.li)
    place = begun(counter, li)
    given = typed(read(li.get(place))) | {"line_1_price_1": "", "note": "soft box", "incoterm": "FOB"}
    page = read(li.post(place, given), 422)
    assert "error-summary" in page
    assert "soft box" in page
    assert 'aria-invalid="true"' in page
    assert view(place).lines[0].ladder[0].price_minor == 320


def test_a_draft_is_kept_once_and_whoever_was_slower_looks_again(counter: Counter) -> None:
    li = counter.browser(counter.li)
    place = begun(counter, li)
    first = typed(read(li.get(place))) | {"new_good": str(counter.cups[1])}
    for _ in range(2):  # the phone sends it again
        assert li.post(place, first).headers["Location"] == place
    assert [line.good for line in view(place).lines] == counter.cups[:2]
    page = read(li.post(place, first | {"key": str(uuid.uuid4()), "packing": "soft box", "new_good": ""}), 422)
    assert "Somebody else has changed this quotation." in page
    assert "soft box" in page
    assert li.post(place, typed(page)).status_code == 302
    assert (view(place).terms.packing, len(view(place).lines)) == ("soft box", 2)


def test_a_draft_that_ended_yesterday_is_not_sent(counter: Counter) -> None:
    li = counter.browser(counter.li)
    place = begun(counter, li)
    Quotation.objects.filter(id=view(place).id).update(valid_until=timezone.localdate() - timedelta(days=1))
    li.post(f"{place}send")
    assert view(place).state is QuotationState.DRAFT


def test_a_next_version_is_written_and_one_is_taken_back(counter: Counter) -> None:
    li = counter.browser(counter.li)
    place = begun(counter, li)
    li.post(f"{place}send")
    later = li.post(f"{place}revise").headers["Location"]
    assert later != place
    assert li.post(f"{place}revise").headers["Location"] == later
    assert (view(later).version, view(later).state) == (2, QuotationState.DRAFT)
    assert view(place).state is QuotationState.SENT
    li.post(f"{later}send")
    assert view(place).state is QuotationState.SUPERSEDED
    for _ in range(2):
        assert "taken back" in text_of(read(li.post(f"{later}withdraw", follow=True)))
    assert view(later).state is QuotationState.WITHDRAWN


def test_another_stall_and_the_buyer_write_nothing_of_it(counter: Counter) -> None:
    place = begun(counter, counter.browser(counter.li))
    zhang, amina = counter.browser(counter.zhang), counter.browser(counter.amina)
    for name in ("", "send"):
        assert zhang.get(f"{place}{name}").status_code == 404
    for name in ("", "send", "revise", "withdraw"):
        assert zhang.post(f"{place}{name}").status_code == 404
        assert amina.post(f"{place}{name}").status_code in (403, 404)
    assert view(place).state is QuotationState.DRAFT


# All of them


def test_a_stall_has_a_list_of_all_that_it_has_quoted(
    counter: Counter, assert_accessible: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    li = counter.browser(counter.li)
    assert "You have quoted nothing yet" in read(li.get("/my/quotations/"))
    places = [begun(counter, li) for _ in range(3)]
    number = view(places[0]).number
    Quotation.objects.filter(number=number).update(state="withdrawn")
    page = read(li.get("/my/quotations/"))
    assert_accessible(page)
    assert re.findall(r'day-thing" href="([^"]+)"', page) == places[::-1]
    assert "CNY 1,920.00" in text_of(page)

    def found(query: str) -> list[str]:
        return re.findall(r'day-thing" href="([^"]+)"', read(li.get(f"/my/quotations/?{query}")))

    assert found("state=withdrawn") == places[:1]
    assert found(f"words={number}") == places[:1]
    assert len(found("words=Amina")) == len(found("words=Toothbrush")) == 3
    assert found("words=Toothbrush&state=withdrawn") == places[:1]
    assert found("words=%5C%25") == []
    assert "No quotation is like that" in read(li.get("/my/quotations/?words=nobody"))
    monkeypatch.setattr(pages_quoting, "SHOWN", 2)
    following = re.search(r'href="(\?[^"]*before=[^"]*)"', read(li.get("/my/quotations/?words=Amina")))
    assert following is not None
    assert found(following[1][1:].replace("&amp;", "&")) == places[:1]
    zhou = queries_quotations.quotations(organisation=counter.li.organisation, side=Side.STALL, words="Diallo")
    assert zhou == ()
