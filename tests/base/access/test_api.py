"""A device is let in, from its first question to its token (RFC 8628), through the API and the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sundry.base.access import api
from sundry.base.access.models import DeviceRequest

pytestmark = pytest.mark.django_db


def device() -> Client:
    return Client(headers={"host": "localhost"})


def start(**sent: Any) -> Any:
    return device().post("/api/devices", {"name": "Scales 3", "scopes": ["parties.me"]} | sent, "application/json")


def poll(device_code: str) -> tuple[int, Any]:
    answer = device().post("/api/devices/token", {"device_code": device_code}, "application/json")
    return answer.status_code, answer.json()


def code(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], answer[1]["error"]["code"]


def test_a_device_gets_its_codes_and_nobody_keeps_them() -> None:
    answer = start()
    codes = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert set(codes["user_code"].replace("-", "")) <= set("BCDFGHJKLMNPQRSTVWXZ")
    assert len(codes["user_code"]) == 9
    assert codes["verification_uri_complete"] == f"{codes['verification_uri']}?code={codes['user_code']}"
    assert (codes["expires_in"], codes["interval"]) == (600, 5)
    kept = DeviceRequest.objects.get()
    assert codes["device_code"] not in [str(value) for value in vars(kept).values()]
    assert kept.address == "127.0.0.0/24"


def test_a_device_that_asks_too_often_is_told_so_in_the_words_of_the_rfc() -> None:
    codes = start().json()
    assert code(poll(codes["device_code"])) == (400, "authorization_pending")
    assert code(poll(codes["device_code"])) == (400, "slow_down")
    DeviceRequest.objects.update(expires_at=timezone.now() + timedelta(microseconds=1), created_at=timezone.now())
    assert code(poll(codes["device_code"])) == (400, "expired_token")
    assert code(poll("nonsense")) == (400, "expired_token")


def test_a_network_asks_for_so_many_codes_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "DEVICES_AT_ONCE", 2)
    assert [start().status_code for _ in range(3)] == [201, 201, 429]
    assert DeviceRequest.objects.count() == 2


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "a" * 81}, {"scopes": []}, {"scopes": "a"}, {"scopes": ["a" * 81]}, {"more": 1}]
)
def test_a_device_that_says_nonsense_is_told_which(wrong: dict[str, Any]) -> None:
    answer = start(**wrong)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "api_validation")
    assert answer.json()["error"]["field"].partition(".")[0] in ("name", "scopes", "more")


def test_the_header_for_retries_never_replays_a_secret() -> None:
    sent = {"name": "Scales 3", "scopes": ["a"]}
    first, again = (
        device().post("/api/devices", sent, "application/json", headers={"idempotency-key": "k"}) for _ in range(2)
    )
    assert first.json()["device_code"] != again.json()["device_code"]
