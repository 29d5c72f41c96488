"""The catalogue for programs: what is on show for everybody, one's own for a stall, the queue for the operator."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from sundry.base.access.actions import create_token
from sundry.base.access.rules import Actor
from sundry.goods.catalogue import actions, indexing
from sundry.goods.catalogue.actions_stock import draw
from sundry.goods.catalogue.rules import State, Supply, Variant
from sundry.web.api.service import scopes

GOOD = {
    "names": {"zh": "粉色塑料牙刷杯"},
    "category": "",
    "ladder": [{"quantity": 120, "price_minor": 320}, {"quantity": 1200, "price_minor": 285}],
    "carton": {"pieces": 48, "length_mm": 600, "width_mm": 400, "height_mm": 300, "gross_g": 9500, "net_g": 8800},
    "variants": [{"names": {"zh": "粉色"}, "item_number": "P"}],
    "stock_pieces": 5000,
}


@pytest.fixture(autouse=True)
def apart(settings: Any, tmp_path: Path) -> None:
    settings.SUNDRY = replace(settings.SUNDRY, data_dir=tmp_path, public_catalogue=True)
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def program() -> Callable[[Actor], Client]:
    """program(actor) is a client with a token of hers for everything."""

    def make(actor: Actor) -> Client:
        wanted = [scope.name for scope in scopes() if scope.name.startswith("catalogue.")]
        token = create_token(actor=actor, name="till", scopes=wanted, days=9, now=timezone.now())
        return Client(headers={"authorization": f"Bearer {token.secret}"})

    return make


def asked(client: Client, method: str, address: str, body: Any = None, *, status: int = 200) -> Any:
    sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    answer = getattr(client, method)(f"/api/catalogue/{address}", **sent)
    assert answer.status_code == status, answer.content
    return answer.json() if answer.content else None


def test_a_stall_adds_a_good_and_the_world_finds_it(bazaar: Any, program: Any) -> None:
    li = bazaar.holder(trusted=True)
    mine, stall = program(li), bazaar.stall(li).card.number
    number = asked(mine, "post", "own/goods", {**GOOD, "stall": stall, "submit": True}, status=201)["number"]
    indexing.rebuild()
    anybody = Client()
    found = asked(anybody, "get", "search?q=vaso para cepillo de dientes&language=es&quantity=500")
    assert [item["number"] for item in found["items"]] == [number]
    assert found["count"] == 1
    assert [meant["zh"] for meant in found["understood"]] == ["牙刷杯"]
    assert {"category", "price", "minimum", "area", "ready"} == set(found["facets"])
    whole = asked(anybody, "get", f"goods/{number}")
    assert (whole["draft"]["ladder"], whole["draft"]["carton"]) == (GOOD["ladder"], GOOD["carton"])
    assert whole["card"]["stall"]["number"] == stall
    assert asked(anybody, "get", f"goods/{number}/similar") == []
    assert [item["number"] for item in asked(anybody, "get", f"stalls/{stall}/goods")["items"]] == [number]
    assert asked(anybody, "get", "suggestions?prefix=toothbrush c")


def test_what_is_read_can_be_written_back_and_a_version_of_before_is_refused(bazaar: Any, program: Any) -> None:
    li = bazaar.holder()
    mine, number = program(li), bazaar.add(li)
    was = asked(mine, "get", f"own/goods/{number}")
    now = asked(mine, "put", f"own/goods/{number}", {**was["draft"], "version": was["version"]})
    assert asked(mine, "get", f"own/goods/{number}")["draft"] == was["draft"]
    assert now["version"] > was["version"]
    refused = asked(mine, "put", f"own/goods/{number}", {**was["draft"], "version": was["version"]}, status=409)
    assert refused["error"]["code"] == "catalogue_good_changed_by"


def test_stock_that_is_not_said_stays_as_orders_left_it(bazaar: Any, program: Any) -> None:
    li = bazaar.holder()
    number = bazaar.add(li, supply=Supply.STOCK, stock_pieces=30)
    mine = program(li)
    was = asked(mine, "get", f"own/goods/{number}")
    draft = {name: value for name, value in was["draft"].items() if name != "stock_pieces"}
    draw(draws={(bazaar.good(number).card.id, None): 10})
    said = asked(mine, "put", f"own/goods/{number}", {**draft, "item_number": "NEW", "version": was["version"]})
    assert bazaar.good(number).draft.stock_pieces == 20
    assert draft["stock_seen"] == 30
    uncounted = {**draft, "stock_seen": 20, "stock_pieces": None, "version": said["version"]}
    asked(mine, "put", f"own/goods/{number}", uncounted)
    assert bazaar.good(number).draft.stock_pieces is None


def test_a_program_that_writes_a_good_back_as_it_was_read_puts_no_stock_back(bazaar: Any, program: Any) -> None:
    """What was sold in between stays sold; a new count is of the count that was read."""
    li = bazaar.holder()
    variants = (Variant({"zh": "红"}, stock_pieces=9), Variant({"zh": "蓝"}, stock_pieces=8))
    number = bazaar.add(li, supply=Supply.STOCK, stock_pieces=30, variants=variants)
    mine, address = program(li), f"own/goods/{number}"
    was = asked(mine, "get", address)
    good, (red, blue) = bazaar.good(number).card.id, was["draft"]["variants"]
    draw(draws={(good, None): 10, (good, uuid.UUID(red["id"])): 4})
    version = asked(mine, "put", address, {**was["draft"], "item_number": "NEW", "version": was["version"]})["version"]

    def stock() -> list[int | None]:
        draft = bazaar.good(number).draft
        return [draft.stock_pieces, *(one.stock_pieces for one in draft.variants)]

    assert stock() == [20, 5, 8]
    unseen = {name: value for name, value in was["draft"].items() if name != "stock_seen"}
    for stale, code, status in (
        ({**was["draft"], "stock_pieces": 50}, "catalogue_stock_moved", 409),
        ({**was["draft"], "variants": [{**red, "stock_pieces": 50}, blue]}, "catalogue_stock_moved", 409),
        (unseen, "catalogue_draft_refused", 422),
    ):
        refused = asked(mine, "put", address, {**stale, "version": version}, status=status)
        assert refused["error"]["code"] == code
        assert stock() == [20, 5, 8]
    (now_red, now_blue) = asked(mine, "get", address)["draft"]["variants"]
    counted = {
        **was["draft"],
        "stock_seen": 20,
        "stock_pieces": 50,
        "variants": [now_red, {**now_blue, "stock_pieces": 0}],
    }
    asked(mine, "put", address, {**counted, "version": version})
    assert stock() == [50, 5, 0]


def test_a_variant_stays_the_one_that_is_ordered(bazaar: Any, program: Any) -> None:
    li = bazaar.holder()
    mine, stall = program(li), bazaar.stall(li).card.number
    number = asked(mine, "post", "own/goods", {**GOOD, "stall": stall}, status=201)["number"]
    was = asked(mine, "get", f"own/goods/{number}")
    (pink,) = was["draft"]["variants"]
    changed = {**was["draft"], "variants": [{"names": {"zh": "蓝色"}}, {**pink, "item_number": "PP"}]}
    asked(mine, "put", f"own/goods/{number}", {**changed, "version": was["version"]})
    blue, kept = asked(mine, "get", f"own/goods/{number}")["draft"]["variants"]
    assert (kept["id"], kept["item_number"]) == (pink["id"], "PP")
    assert blue["id"] not in (None, pink["id"])


def test_the_same_key_adds_once(bazaar: Any, program: Any) -> None:
    li = bazaar.holder()
    mine, stall = program(li), bazaar.stall(li).card.number
    body = {**GOOD, "stall": stall, "key": str(uuid.uuid4())}
    numbers = {asked(mine, "post", "own/goods", body, status=201)["number"] for _ in range(3)}
    assert len(numbers) == 1
    assert len(asked(mine, "get", f"own/{stall}/goods?state=draft")["items"]) == 1


def test_what_is_wrong_is_told_by_field_and_nothing_is_added(bazaar: Any, program: Any) -> None:
    li = bazaar.holder()
    mine, stall = program(li), bazaar.stall(li).card.number
    rising = [{"quantity": 10, "price_minor": 100}, {"quantity": 20, "price_minor": 200}]
    refused = asked(mine, "post", "own/goods", {**GOOD, "ladder": rising, "stall": stall}, status=422)
    assert refused["error"]["code"] == "catalogue_draft_refused"
    assert refused["error"]["details"]["findings"]
    assert asked(mine, "get", f"own/{stall}/goods")["items"] == []
    strange = asked(mine, "post", "own/goods", {**GOOD, "colour": "pink", "stall": stall}, status=422)
    assert strange["error"]["field"] == "colour"


def test_a_stall_knows_nothing_of_anothers(bazaar: Any, program: Any) -> None:
    li, wu = bazaar.holder(), bazaar.holder("Wu")
    hers, number, stall = program(wu), bazaar.add(li), bazaar.stall(li).card.number
    for method, address, body in (
        ("get", f"own/goods/{number}", None),
        ("put", f"own/goods/{number}", {**GOOD, "version": 1}),
        ("get", f"own/{stall}/goods", None),
        ("post", "own/goods", {**GOOD, "stall": stall}),
        ("post", "own/submit", {"numbers": [number]}),
        ("post", "own/withdraw", {"numbers": [number]}),
        ("post", f"own/goods/{number}/photos/{'0' * 64}", None),
    ):
        answer = asked(hers, method, address, body, status=404)
        there_is_none = address.replace(str(number), "999999").replace(f"own/{stall}/", "own/999999/")
        none = body and {**body, **({"numbers": [999999]} if "numbers" in body else {})}
        none = none and {**none, **({"stall": 999999} if "stall" in none else {})}
        assert asked(hers, method, there_is_none, none, status=404) == answer
    assert asked(Client(), "get", f"goods/{number}", status=404)
    assert asked(Client(), "get", f"goods/{2**70}", status=404)
    assert bazaar.state(number) is State.DRAFT


def test_the_operator_decides(bazaar: Any, program: Any) -> None:
    li, office = bazaar.holder(), program(bazaar.operator)
    mine, numbers = program(li), [bazaar.add(li) for _ in range(3)]
    assert set(asked(mine, "post", "own/submit", {"numbers": numbers})["states"].values()) == {"submitted"}
    first = asked(office, "get", "queue?limit=2")
    second = asked(office, "get", f"queue?limit=2&cursor={first['next']}")
    assert [good["card"]["number"] for good in first["items"] + second["items"]] == numbers
    seen = {str(good["card"]["number"]): good["version"] for good in first["items"]}
    whole = asked(mine, "get", f"own/goods/{numbers[0]}")
    asked(mine, "put", f"own/goods/{numbers[0]}", {**whole["draft"], "version": whole["version"]})
    asked(office, "post", "queue/approve", {"numbers": numbers[:2], "versions": seen}, status=409)
    assert {bazaar.state(number) for number in numbers} == {State.SUBMITTED}
    seen[str(numbers[0])] += 1
    asked(office, "post", "queue/approve", {"numbers": numbers[:2], "versions": seen}, status=204)
    asked(office, "post", f"queue/{numbers[2]}/refuse", {"reason": "a brand"}, status=204)
    assert asked(mine, "get", f"own/goods/{numbers[2]}")["reason"] == "a brand"
    assert [bazaar.state(number) for number in numbers] == [State.LISTED, State.LISTED, State.REFUSED]
    asked(mine, "post", "own/withdraw", {"numbers": numbers[:2]}, status=204)
    assert asked(mine, "post", "queue/approve", {"numbers": numbers}, status=403)


def test_a_photo_is_sent_and_put_to_a_good(bazaar: Any, program: Any) -> None:
    li = bazaar.holder()
    mine, number, drawn = program(li), bazaar.add(li), BytesIO()
    Image.new("RGB", (200, 100), "teal").save(drawn, "JPEG")
    sent = mine.post("/api/catalogue/photos", {"file": SimpleUploadedFile("cup.jpg", drawn.getvalue())})
    assert sent.status_code == 201
    put = asked(mine, "post", f"own/goods/{number}/photos/{sent.json()['file']}", status=201)
    assert (put["width"], put["height"]) == (200, 100)
    assert asked(mine, "get", f"own/goods/{number}")["photos"] == [put]
    bad = mine.post("/api/catalogue/photos", {"file": SimpleUploadedFile("cup.jpg", b"<svg onload=alert(1)>")})
    assert (bad.status_code, bad.json()["error"]["code"]) == (422, "catalogue_photo_unknown")


@pytest.mark.parametrize("file", ["x" * 10_000, "ab" * 32, "../../" * 9, ""])
def test_a_photo_that_was_never_sent_is_not_there(bazaar: Any, program: Any, file: str) -> None:
    li = bazaar.holder()
    body = {**GOOD, "stall": bazaar.stall(li).card.number, "photos": [file]}
    asked(program(li), "post", "own/goods", body, status=404)


def test_categories_halls_and_floors(bazaar: Any) -> None:
    bazaar.holder()
    tree = asked(Client(), "get", "categories")
    places = {one["key"]: at for at, one in enumerate(tree)}
    assert all(not one["parent"] or places[one["parent"]] < places[one["key"]] for one in tree)
    assert asked(Client(), "get", "halls")[0]["floors"] == [2]
    assert len(asked(Client(), "get", "halls/1/2")) == 1
    assert asked(Client(), "get", "halls/9/9") == []


def test_a_shut_market_shows_visitors_nothing(bazaar: Any, settings: Any) -> None:
    settings.SUNDRY = replace(settings.SUNDRY, public_catalogue=False)
    for address in ("search", "categories", "halls", "goods/1", "stalls/1", "products/1"):
        asked(Client(), "get", address, status=401)


def test_before_there_is_an_index_a_search_says_so(bazaar: Any) -> None:
    assert asked(Client(), "get", "search?q=cup", status=409)["error"]["code"] == "search_index_missing"
    indexing.rebuild()
    assert asked(Client(), "get", "search?q=cup&cursor=nonsense", status=409)["error"]["code"] == "search_bad_cursor"


def test_a_list_is_as_many_statements_for_many_goods_as_for_one(bazaar: Any, program: Any) -> None:
    li = bazaar.holder(trusted=True)
    mine, stall, counted = program(li), bazaar.stall(li).card.number, []
    asked(mine, "get", f"own/{stall}/goods")  # the token notes its first use
    for more in (1, 30):
        numbers = [bazaar.add(li) for _ in range(more)]
        actions.submit(actor=li, numbers=numbers, now=timezone.now())
        with CaptureQueriesContext(connection) as statements:
            asked(mine, "get", f"own/{stall}/goods")
        counted.append(len(statements))
    assert counted[0] == counted[1]


def test_a_hall_is_opened_by_a_program_of_the_operator(bazaar: Any, program: Callable[[Actor], Client]) -> None:
    operator, stall = program(bazaar.operator), program(bazaar.holder())
    named = {"names": {"zh": "东区"}, "trade": {"en": "Toys"}}
    asked(operator, "put", "halls/EAST", named, status=204)
    asked(operator, "put", "halls/EAST", named | {"names": {"zh": "东区甲"}}, status=204)
    assert asked(Client(), "get", "halls")[1] == {
        "code": "EAST",
        "names": {"zh": "东区甲"},
        "trade": {"en": "Toys"},
        "floors": [],
    }
    for body in ({"names": {}}, {"names": {"xx": "East"}}):
        assert asked(operator, "put", "halls/WEST", body, status=422)["error"]
    asked(operator, "put", "halls/WEST", {"names": {"zh": " "}}, status=409)
    asked(operator, "put", "halls/WEST HALL", named, status=409)
    asked(stall, "put", "halls/WEST", named, status=403)
    assert len(asked(Client(), "get", "halls")) == 2
