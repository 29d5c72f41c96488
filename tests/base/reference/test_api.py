"""The reference for programs: open to everybody, the loads to those who answer for them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from sundry.base.access.rules import VISITOR, Actor, Kind, Position, role_of
from sundry.base.reference import actions
from sundry.base.reference.loading import File

OPERATOR = role_of(Kind.OPERATOR, Position.MEMBER)
pytestmark = pytest.mark.django_db


def load(name: str, text: str, day: date | None = None) -> Any:
    return actions.load_file(actor=Actor(), file=File(name, text.encode()), valid_from=day, now=timezone.now())


@pytest.fixture
def ask(sign_in: Any) -> Any:
    client = sign_in(VISITOR).client
    return lambda path: client.get(f"/api/reference/{path}")


@pytest.mark.usefixtures("own_set")
def test_a_tariff_code_with_its_names_and_days(ask: Any) -> None:
    told = ask("hs/9503?day=2026-04-11").json()
    assert (told["code"], told["names"]["zh"], told["held"]["valid_from"]) == ("9503", "玩具", "2022-01-01")
    assert [one["code"] for one in told["path"]] == ["95", "9503"]
    assert ask("hs/77").status_code == 404
    assert ask("hs/9503?day=2021-12-31").status_code == 404
    assert ask("hs/9503?day=soon").status_code == 422


@pytest.mark.usefixtures("own_set")
def test_a_list_goes_on_by_its_cursor(ask: Any) -> None:
    first = ask("hs?words=9&limit=3").json()
    assert [one["code"] for one in first["items"]] == ["90", "9004", "9017"]
    then = ask(f"hs?words=9&limit=3&cursor={first['next']}").json()
    assert [one["code"] for one in then["items"]] == ["91", "9105", "92"]
    assert ask("ports?cursor=forged").status_code == 422
    assert ask("ports?words=ningbo").json()["next"] is None


@pytest.mark.usefixtures("own_set")
def test_ports_countries_currencies_units_terms_containers(ask: Any) -> None:
    assert ask("ports/CNNGB").json()["names"]["ru"] == "Нинбо"
    assert ask("ports/XXXXX").status_code == 404
    countries = {one["code"]: one for one in ask("countries?language=zh").json()}
    assert countries["CN"]["customs"] == [{"number": "142", "text": ""}]
    assert {one["code"]: one["exponent"] for one in ask("currencies").json()}["KWD"] == 3
    assert {one["code"]: one["symbol"] for one in ask("units").json()}["KGM"] == "kg"
    assert {one["code"]: one["risk_passes"] for one in ask("incoterms").json()}["FOB"] == "on_board"
    assert next(one["name"] for one in ask("containers").json()) == "20GP"
    assert ask("containers?day=2001-01-01").json() == []


def test_a_line_of_the_tariff(ask: Any) -> None:
    assert ask("tariff/9503002100").status_code == 404
    assert ask("tariff").json() == {"items": [], "next": None}
    load("t.csv", "商品编码,商品名称,第一法定单位,申报要素,税率\n9503002100,玩具,个,品名;用途,5%\n", date(2026, 1, 1))
    told = ask("tariff/9503002100").json()
    assert (told["unit_1"], told["elements"], told["others"]) == ("个", ["品名", "用途"], {"税率": "5%"})
    assert len(ask("tariff?code=9503.00").json()["items"]) == 1


def test_a_rate_says_its_day_and_its_source(ask: Any) -> None:
    assert ask("rates").status_code == 404
    load("ecb.csv", "Date,USD,JPY,CNY\n2026-04-10,1.1172,175.68,7.4326\n")
    assert ask("rates?day=2026-04-12").json() == {
        "base": "USD",
        "quote": "CNY",
        "numerator": "7.4326",
        "denominator": "1.1172",
        "rounded": "6.6528822",
        "day": "2026-04-10",
        "source": "ecb.csv",
    }
    assert ask("rates?base=usd").status_code == 422


@pytest.mark.usefixtures("own_set")
def test_loads_are_for_those_who_answer_for_them(ask: Any, sign_in: Any) -> None:
    refused = load("u.csv", "rec20,symbol\n?,x\n")
    assert ask("loads").status_code == 401
    client = sign_in(OPERATOR).client
    newest = client.get("/api/reference/loads?limit=1").json()
    assert [(one["file"], one["is_refused"]) for one in newest["items"]] == [("u.csv", True)]
    then = client.get(f"/api/reference/loads?limit=1&cursor={newest['next']}").json()
    assert then["items"][0]["origin"] == "own"
    whole = client.get(f"/api/reference/loads/{refused.id}?language=zh").json()
    (finding,) = whole["findings"]
    assert (finding["row"], finding["column"], finding["value"]) == (2, "A", "?")
    assert finding["message"].startswith("“rec20”中的“?”无法识别")
