"""How HTTP calls a fault, and lists in pages."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sundry.base.access.actions import DeviceAnswer, TooMany
from sundry.base.access.endpoints import Fault, Paging, page_of, status_of
from sundry.base.access.guard import AccessRefused
from sundry.base.access.idempotency import IdempotencyFault
from sundry.base.access.rules import EVERYBODY, Decision, Operation
from sundry.kernel.errors import EnvironmentFault, SundryError, UnusableInput, UsageError

READ = Operation("job.read", own=EVERYBODY)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (AccessRefused(Decision.SIGN_IN, READ), 401),
        (AccessRefused(Decision.FORBIDDEN, READ), 403),
        (AccessRefused(Decision.NOT_FOUND, READ), 404),
        (TooMany("too_many", seconds=1), 429),
        (DeviceAnswer("slow_down"), 400),
        (IdempotencyFault("idempotency_running"), 409),
        (IdempotencyFault("idempotency_key_reused"), 422),
        (IdempotencyFault("idempotency_key_malformed"), 422),
        (UnusableInput("token_invalid"), 422),
        (UsageError("token_invalid"), 422),
        (EnvironmentFault("token_invalid"), 503),
        (SundryError("token_revoked_already"), 409),
        (Fault(415, "api_media_type", value="x"), 415),
    ],
)
def test_every_fault_has_a_status(fault: SundryError, status: int) -> None:
    assert status_of(fault) == status


def read(paging: Paging, rows: range = range(5)) -> dict[str, Any]:
    after = paging.after("numbers")
    found = [row for row in rows if after is None or row > int(after)][: paging.limit + 1]
    return page_of(found, paging, "numbers", key=str, item=lambda row: {"number": row})


def test_a_list_is_read_page_by_page() -> None:
    first = read(Paging(limit=2))
    second = read(Paging(limit=2, cursor=first["next"]))
    third = read(Paging(limit=2, cursor=second["next"]))
    assert [item["number"] for page in (first, second, third) for item in page["items"]] == [0, 1, 2, 3, 4]
    assert third["next"] is None


def test_a_page_that_is_just_full_is_the_last() -> None:
    assert read(Paging(limit=5))["next"] is None
    assert read(Paging(limit=5), range(0)) == {"items": [], "next": None}


def test_a_cursor_of_another_list_or_of_ones_own_making_is_refused() -> None:
    cursor = read(Paging(limit=2))["next"]
    for wrong, kind in ((cursor, "letters"), (cursor[:-1], "numbers"), ("4", "numbers")):
        with pytest.raises(Fault) as refused:
            Paging(limit=2, cursor=wrong).after(kind)
        assert (refused.value.status, refused.value.rule) == (422, "cursor_invalid")


@pytest.mark.parametrize("limit", [0, 201, -1])
def test_a_page_has_from_one_to_two_hundred_rows(limit: int) -> None:
    with pytest.raises(ValidationError):
        Paging(limit=limit)
