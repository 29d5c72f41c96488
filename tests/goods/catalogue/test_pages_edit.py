from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from sundry.base.reference import actions as reference
from sundry.goods.catalogue.actions_stock import draw
from sundry.goods.catalogue.rules import Carton, Collection, Draft, Step, Supply, Variant

pytestmark = pytest.mark.django_db

WHOLE = Draft(
    names={"zh": "牙刷杯", "en": "cup"},
    descriptions={"zh": "树脂\n一套四个"},
    item_number="K-17",
    category="bathroom_accessories",
    unit="set",
    ladder=(Step(120, 320), Step(1200, 285)),
    carton=Carton(48, 600, 405, 300, 12_500, 11_000),
    hs_code="392490",
    brand="Acme",
    supply=Supply.MADE,
    lead_time_days=15,
    weekly_capacity_pieces=9_000,
    collections=frozenset({Collection.NEW}),
    variants=(Variant({"zh": "粉色", "en": "pink"}, "K-17-P", 10, 5), Variant({"zh": "蓝色"}, difference_minor=-10)),
)


@pytest.fixture
def holder(bazaar: Any) -> Any:
    return bazaar.holder()


@pytest.fixture
def stall(holder: Any, enter: Any) -> Client:
    made: Client = enter(holder)
    return made


@pytest.fixture
def number(bazaar: Any, holder: Any) -> int:
    made: int = bazaar.add(holder, **{name: getattr(WHOLE, name) for name in Draft.__slots__})
    return made


def opened(client: Client, number: int) -> dict[str, Any]:
    """What the form holds when it is opened, as a browser sends it back."""
    answer = client.get(f"/my/goods/{number}/edit/")
    form, kinds = answer.context["form"], answer.context["kinds"]
    given: dict[str, Any] = {}
    for one in (form, kinds.management_form, *kinds.forms):
        for bound in one:
            value = bound.field.prepare_value(bound.value())
            given[bound.html_name] = "" if value is None else value
    return given


def send(client: Client, number: int, given: dict[str, Any]) -> Any:
    return client.post(f"/my/goods/{number}/edit/", given)


def plain(draft: Draft) -> Draft:
    """Without the ids of its variants."""
    from dataclasses import replace

    return replace(draft, variants=tuple(replace(one, id=None) for one in draft.variants))


def test_what_is_opened_and_kept_is_what_it_was(bazaar: Any, stall: Client, number: int) -> None:
    before = bazaar.good(number)
    assert send(stall, number, opened(stall, number)).headers["Location"] == f"/my/goods/{number}/"
    after = bazaar.good(number)
    assert plain(after.draft) == plain(before.draft) == plain(WHOLE)
    assert after.version == before.version + 1


def test_everything_can_be_changed(bazaar: Any, stall: Client, number: int) -> None:
    given = opened(stall, number) | {
        "names_ar": "كوب",
        "step_1_price": "٣٫١٠",
        "step_2_price": "",
        "step_2_quantity": "",
        "carton_length_cm": "61.5",
        "carton_gross_kg": "12.75",
        "supply": "stock",
        "stock_pieces": "1,000",
        "collections": ["new", "hot"],
        "variants-1-name": "",
        "variants-2-name": "绿色",
        "variants-2-difference": "-0.20",
    }
    assert send(stall, number, given).status_code == 302
    draft = bazaar.good(number).draft
    assert draft.names == {"zh": "牙刷杯", "en": "cup", "ar": "كوب"}
    assert draft.ladder == (Step(120, 310),)
    assert (draft.carton.length_mm, draft.carton.gross_g, draft.stock_pieces) == (615, 12_750, 1_000)
    assert draft.collections == {Collection.NEW, Collection.HOT}
    assert [one.names for one in draft.variants] == [{"zh": "粉色", "en": "pink"}, {"zh": "绿色"}]
    assert draft.variants[1].difference_minor == -20


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"step_2_price": "28.5"}, "id_step_2_price"),
        ({"step_2_price": ""}, "id_step_2_price"),
        ({"step_1_price": "much"}, "id_step_1_price"),
        ({"carton_net_kg": "99"}, "id_carton_net_kg"),
        ({"names_es": "x" * 300}, "id_names_es"),
        ({"hs_code": "99"}, "id_hs_code"),
        ({"category": "nothing"}, "id_category"),
    ],
)
def test_a_mistake_leads_to_its_field(
    bazaar: Any, stall: Client, number: int, assert_accessible: Any, changes: dict[str, str], target: str
) -> None:
    answer = send(stall, number, opened(stall, number) | {"item_number": "NEW-1"} | changes)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert_accessible(page)
    assert f'href="#{target}"' in page
    assert 'value="NEW-1"' in page
    assert bazaar.good(number).draft.item_number == "K-17"


def test_a_mistake_of_a_kind_stands_in_its_row(stall: Client, number: int) -> None:
    answer = send(stall, number, opened(stall, number) | {"variants-2-name": "粉色", "variants-2-difference": "-99"})
    kinds = answer.context["kinds"]
    assert set(kinds.forms[2].errors) == {"name", "difference"}
    assert not kinds.forms[0].errors


def test_who_was_faster_is_told_and_hers_hold_when_sent_once_more(
    bazaar: Any, holder: Any, stall: Client, number: int, enter: Any, assert_accessible: Any
) -> None:
    slow = opened(stall, number)
    fast = enter(holder)
    assert send(fast, number, opened(fast, number) | {"item_number": "FAST", "brand": ""}).status_code == 302
    answer = send(stall, number, slow | {"item_number": "SLOW", "brand": ""})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert_accessible(page)
    assert re.search(r"Li changed good \d+ at", page)
    assert [(one.hers, one.now) for one in answer.context["differences"]] == [("SLOW", "FAST")]
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    assert send(stall, number, slow | {"item_number": "SLOW", "brand": "", "version": version[1]}).status_code == 302
    assert bazaar.good(number).draft.item_number == "SLOW"


def test_the_composed_name_is_a_hint(stall: Client, number: int) -> None:
    page = stall.get(f"/my/goods/{number}/edit/").content.decode()
    assert re.search(r'id="id_names_es_helptext">[^<]*Vaso', page)
    assert 'id="id_names_en_helptext"' not in page


def test_what_is_hard_to_believe_is_a_warning_and_kept(stall: Client, number: int) -> None:
    assert (
        send(stall, number, opened(stall, number) | {"carton_gross_kg": "0.5", "carton_net_kg": ""}).status_code == 302
    )
    page = stall.get(f"/my/goods/{number}/edit/").content.decode()
    assert "notice-attention" in page
    assert "no accepted paper" in page or "paper" in page


def test_codes_are_looked_up(bazaar: Any, stall: Client) -> None:
    reference.load_own(actor=bazaar.operator, now=bazaar.now)
    page = stall.get("/my/goods/codes", {"hs_code": "9503"}).content.decode()
    assert '<option value="9503' in page
    for words in ("", "<b>", "9"):
        assert "<option" not in stall.get("/my/goods/codes", {"hs_code": words}).content.decode()


def test_a_form_that_was_open_while_goods_were_ordered_puts_nothing_back(
    bazaar: Any, stall: Client, number: int
) -> None:
    """The stock that stood in it is no new count; one that she wrote is. Else the same pieces are sold twice."""
    send(
        stall, number, opened(stall, number) | {"supply": "stock", "stock_pieces": "30", "variants-0-stock_pieces": "9"}
    )
    given = opened(stall, number)
    kind = bazaar.good(number).draft.variants[0].id
    draw(draws={(bazaar.good(number).card.id, None): 10, (bazaar.good(number).card.id, kind): 4})
    assert send(stall, number, given | {"item_number": "NEW"}).status_code == 302
    draft = bazaar.good(number).draft
    assert (draft.item_number, draft.stock_pieces, draft.variants[0].stock_pieces) == ("NEW", 20, 5)
    given = opened(stall, number)
    draw(draws={(bazaar.good(number).card.id, None): 10})
    send(stall, number, given | {"stock_pieces": "50", "variants-0-stock_pieces": ""})
    draft = bazaar.good(number).draft
    assert (draft.stock_pieces, draft.variants[0].stock_pieces) == (50, None)
