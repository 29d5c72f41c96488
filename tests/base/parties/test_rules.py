from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.base.access.rules import ROLES, Kind, Position, role_of
from sundry.base.parties.rules import (
    INVITATION_IS_GOOD_FOR,
    OFFICIAL,
    Address,
    AddressUnreadable,
    InvitationState,
    KindIsOfficial,
    NameMissing,
    RegistrationWrong,
    StepRefused,
    Verification,
    address,
    check_founder,
    check_step,
    checked_name,
    checked_registration,
    invitation_state,
    token_hash,
)

NOON = datetime(2026, 4, 20, 12, tzinfo=UTC)
LI = "+8613800138000"


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "+86 138 0013 8000",
        "+86-138-0013-8000",
        "0086 13800138000",
        "(+86) 138.0013.8000",
        " 13800138000 ",
        "１３８００１３８０００",
        "+٨٦ ١٣٨ ٠٠١٣ ٨٠٠٠",
    ],
)
def test_a_phone_is_read_as_people_write_it(text: str) -> None:
    assert address(text) == Address(phone=LI)


@pytest.mark.parametrize(
    ("text", "phone"), [("+971 50 123 4567", "+971501234567"), ("+7 900 000-00-00", "+79000000000")]
)
def test_a_phone_of_elsewhere_needs_its_country(text: str, phone: str) -> None:
    assert address(text) == Address(phone=phone)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "phone_unreadable"),
        ("Li Hua", "phone_unreadable"),
        ("1380013800", "phone_unreadable"),  # a digit short
        ("138001380000", "phone_unreadable"),  # a digit too long
        ("+86 138 0013 8000 ext. 7", "phone_unreadable"),
        ("+000 1", "phone_unreadable"),
        ("0579 8512 3456", "phone_gets_no_messages"),  # a fixed line
        ("+44 800 123 4567", "phone_gets_no_messages"),  # free of charge
        ("li@", "email_unreadable"),
        ("@market.example", "email_unreadable"),
        ("li@market", "email_unreadable"),
        ("li hua@market.example", "email_unreadable"),
        ("li@market.example\nBcc: all@market.example", "email_unreadable"),
        ("li@mаrket.example", "email_unreadable"),  # a Cyrillic а
        ("l" * 65 + "@market.example", "email_unreadable"),
        ("li@" + "m" * 60 + ".example" * 30, "email_unreadable"),
    ],
)
def test_what_is_no_address_is_told_in_words(text: str, rule: str) -> None:
    with pytest.raises(AddressUnreadable) as refused:
        address(text)
    assert refused.value.rule == rule


def test_an_email_is_one_however_it_is_written() -> None:
    assert address(" Li.Hua+orders@Market.EXAMPLE ") == address("li.hua+orders＠market.example")
    assert str(address("Li@market.example")) == "li@market.example"


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        read = address(text)
    except AddressUnreadable:
        return
    assert bool(read.email) != bool(read.phone)
    assert address(str(read)) == read


def test_a_name_has_no_superfluous_spaces_and_signs() -> None:
    assert checked_name("  Lianhua\t Trade\n\u200eLtd ") == "Lianhua Trade Ltd"
    assert checked_name("莲" * 200) == "莲" * 200


@pytest.mark.parametrize(("text", "rule"), [(" \n ", "name_missing"), ("莲" * 201, "name_too_long")])
def test_a_name_that_is_none_is_refused(text: str, rule: str) -> None:
    with pytest.raises(NameMissing) as refused:
        checked_name(text)
    assert refused.value.rule == rule


def test_a_chinese_organisation_has_a_social_credit_code_with_its_check_digit() -> None:
    assert checked_registration(" 91990000ma0000001b ", country="CN") == "91990000MA0000001B"
    assert checked_registration("9199 0000 MA00 0000 1B", country="CN") == "91990000MA0000001B"
    with pytest.raises(RegistrationWrong):
        checked_registration("91990000MA0000001C", country="CN")


def test_another_countrys_number_is_any_number() -> None:
    assert checked_registration("rcs  990 000 017", country="FR") == "RCS 990 000 017"
    for text in ("", "12", "REGISTERED", "9" * 33, "<b>9</b>"):
        with pytest.raises(RegistrationWrong):
            checked_registration(text, country="FR")


@pytest.mark.parametrize("kind", Kind)
def test_kinds_that_look_at_others_are_founded_by_the_operators_administrators_alone(kind: Kind) -> None:
    administrator = role_of(Kind.OPERATOR, Position.ADMINISTRATOR)
    check_founder(kind=kind, founder=administrator)
    for founder in set(ROLES) - {administrator}:
        if kind in OFFICIAL:
            with pytest.raises(KindIsOfficial):
                check_founder(kind=kind, founder=founder)
        else:
            check_founder(kind=kind, founder=founder)


NEXT = {
    ("none", "submitted"),
    ("submitted", "verified"),
    ("submitted", "refused"),
    ("verified", "submitted"),
    ("refused", "submitted"),
}


@pytest.mark.parametrize("becomes", Verification)
@pytest.mark.parametrize("now_is", Verification)
def test_a_verification_takes_no_other_way(now_is: Verification, becomes: Verification) -> None:
    if (now_is.value, becomes.value) in NEXT:
        check_step(now_is, becomes)
    else:
        with pytest.raises(StepRefused) as refused:
            check_step(now_is, becomes)
        assert refused.value.rule == f"verification_is_{now_is}"


def test_an_invitation_is_open_to_the_last_moment_of_its_seven_days() -> None:
    ends = NOON + INVITATION_IS_GOOD_FOR

    def state(now: datetime, **done: datetime) -> InvitationState:
        moments = {"accepted_at": None, "withdrawn_at": None} | done
        return invitation_state(now=now, expires_at=ends, **moments)

    assert state(ends - timedelta(microseconds=1)) is InvitationState.OPEN
    assert state(ends) is InvitationState.EXPIRED
    assert state(NOON, withdrawn_at=NOON) is InvitationState.WITHDRAWN
    assert state(ends, accepted_at=NOON) is InvitationState.ACCEPTED


def test_a_token_is_not_kept() -> None:
    assert token_hash("secret") == token_hash("secret") != token_hash("Secret")
    assert "secret" not in token_hash("secret")
