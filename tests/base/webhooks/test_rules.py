"""Signatures as the specification has them, and when an event is tried again."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.base.webhooks.rules import (
    ATTEMPTS_MAX,
    BODY_BYTES_MAX,
    CLOCKS_MAY_DIFFER,
    PATIENT_FAILURES,
    PAUSES,
    EndpointRefused,
    Kind,
    arrived,
    body_of,
    checked_kinds,
    headers_of,
    is_gone,
    is_hopeless,
    new_secret,
    next_try,
    readable,
    rests_until,
    sign,
    verify,
)

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()
MOMENT = 1767225600
NOW = datetime.fromtimestamp(MOMENT, UTC)
ID = UUID("019b2c3d-0000-7000-8000-000000000001")
KINDS = (Kind("good.listed", "", {}), Kind("good.withdrawn", "", {}))


def test_the_worked_case() -> None:
    made = sign(SECRET, id="msg_1", timestamp=MOMENT, body='{"a":1}')
    assert made == "v1,nT3LmN3/rCpSmTpSWkHSPb63GtGA0NX1d+wAjH8f6xI="


def test_the_vector_of_the_specification() -> None:
    """The one that the Standard Webhooks libraries are tested with."""
    made = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body='{"test": 2432232314}',
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_is_256_random_bits_and_no_two_are_alike() -> None:
    one, other = new_secret(), new_secret()
    assert one != other
    assert one.startswith("whsec_")
    assert len(base64.b64decode(one.removeprefix("whsec_"))) == 32


def test_what_is_no_secret_signs_nothing() -> None:
    with pytest.raises(ValueError, match="not a secret"):
        sign("whsec_not base64", id="a", timestamp=1, body="")


@given(st.text(max_size=200), st.sampled_from(["body", "webhook-id", "webhook-timestamp", "secret"]))
def test_what_is_signed_verifies_and_nothing_else_does(body: str, changed: str) -> None:
    headers = headers_of([SECRET], id=str(ID), timestamp=MOMENT, body=body)
    assert verify(SECRET, headers, body, now=NOW)
    match changed:
        case "body":
            assert not verify(SECRET, headers, body + " ", now=NOW)
        case "secret":
            assert not verify(new_secret(), headers, body, now=NOW)
        case "webhook-id":
            assert not verify(SECRET, headers | {changed: "another"}, body, now=NOW)
        case _:
            assert not verify(SECRET, headers | {changed: str(MOMENT + 1)}, body, now=NOW)


@pytest.mark.parametrize("sign_", [1, -1])
def test_clocks_may_differ_by_five_minutes_and_no_second_more(sign_: int) -> None:
    headers = headers_of([SECRET], id="a", timestamp=MOMENT, body="{}")
    assert verify(SECRET, headers, "{}", now=NOW + sign_ * CLOCKS_MAY_DIFFER)
    assert not verify(SECRET, headers, "{}", now=NOW + sign_ * (CLOCKS_MAY_DIFFER + timedelta(seconds=1)))


def test_while_a_secret_is_renewed_either_of_both_will_do() -> None:
    old, new = new_secret(), new_secret()
    headers = headers_of([new, old], id="a", timestamp=MOMENT, body="{}")
    assert len(headers["webhook-signature"].split(" ")) == 2
    assert verify(old, headers, "{}", now=NOW)
    assert verify(new, headers, "{}", now=NOW)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"webhook-id": ""},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,é"},
        {"webhook-signature": "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "9" * 40},
    ],
    ids=str,
)
def test_headers_that_make_no_sense_do_not_verify(broken: dict[str, str]) -> None:
    whole = headers_of([SECRET], id="a", timestamp=MOMENT, body="{}")
    assert not verify(SECRET, whole | broken if broken else {}, "{}", now=NOW)


def test_the_body_is_the_same_byte_for_byte_and_says_when_what_and_whose() -> None:
    at = datetime(2026, 4, 20, 20, 0, 0, 123456, tzinfo=UTC)
    body = body_of(id=ID, kind="good.listed", subject=ID, at=at, data={"name": "杯子"})
    assert body == (
        f'{{"type":"good.listed","id":"{ID}","timestamp":"2026-04-20T20:00:00.123Z",'
        f'"subject":"{ID}","data":{{"name":"杯子"}}}}'
    )


def test_a_body_holds_twenty_thousand_bytes_and_not_one_more() -> None:
    def body(x: object) -> str:
        return body_of(id=ID, kind="good.listed", subject=ID, at=NOW, data={"x": x})

    empty = len(body(""))
    assert len(body("a" * (BODY_BYTES_MAX - empty))) == BODY_BYTES_MAX
    with pytest.raises(ValueError, match="20001 bytes"):
        body("a" * (BODY_BYTES_MAX - empty + 1))
    with pytest.raises(ValueError, match="JSON"):
        body(float("nan"))


def test_kinds_are_chosen_from_those_that_there_are() -> None:
    assert checked_kinds(["good.withdrawn", "good.listed", "good.listed"], KINDS) == ["good.listed", "good.withdrawn"]
    with pytest.raises(EndpointRefused, match="at least one"):
        checked_kinds([], KINDS)
    with pytest.raises(EndpointRefused, match=r"good\.sold.*good\.listed, good\.withdrawn"):
        checked_kinds(["good.sold"], KINDS)


@pytest.mark.parametrize("name", ["", "Good.listed", "good", "good.", "good listed", "webhooks..test"])
def test_a_kind_reads_object_and_what_happened(name: str) -> None:
    with pytest.raises(ValueError, match="does not read"):
        Kind(name, "", {})


def test_ten_tries_in_three_days_with_growing_pauses() -> None:
    assert list(PAUSES) == sorted(PAUSES)
    assert timedelta(days=2, hours=23) < sum(PAUSES, timedelta()) <= timedelta(days=3)
    assert next_try(attempts=1, now=NOW) == NOW + timedelta(minutes=1)
    assert next_try(attempts=ATTEMPTS_MAX - 1, now=NOW) == NOW + PAUSES[-1]
    assert next_try(attempts=ATTEMPTS_MAX, now=NOW) is None


def test_an_endpoint_rests_longer_the_longer_it_fails() -> None:
    rests = [rests_until(failures=failures, now=NOW) for failures in range(20)]
    assert rests[: PATIENT_FAILURES + 1] == [None] * (PATIENT_FAILURES + 1)
    assert rests[PATIENT_FAILURES + 1] == NOW + PAUSES[0]
    assert rests[-1] == NOW + PAUSES[-1]


def test_what_arrived_and_what_wants_no_more() -> None:
    assert [arrived(status) for status in (199, 200, 204, 299, 300, 410)] == [False, True, True, True, False, False]
    assert [is_gone(status) for status in (404, 410, None)] == [False, True, False]
    assert is_hopeless(failing_since=NOW, now=NOW + timedelta(days=5))
    assert not is_hopeless(failing_since=NOW, now=NOW + timedelta(days=5, seconds=-1))


def test_an_answer_is_shown_without_what_moves_a_cursor() -> None:
    assert readable(b"ok\n\x00\x1b[2J\xff") == "ok\n\ufffd\ufffd[2J\ufffd"
    assert readable("\u202eabc".encode()) == "\ufffdabc"
    assert len(readable(b"a" * 5000)) == 2000
