"""What people fill in, and what they are told about it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.utils import translation

from sundry.base.access.rules import PERSON, Kind, Position, Role, role_of
from sundry.base.parties.forms import (
    KINDS,
    POSITIONS,
    AddressField,
    CodeField,
    InviteForm,
    OrganisationForm,
    PhoneField,
    RegistrationForm,
    VerdictForm,
    countries,
    country_name,
)
from sundry.base.parties.rules import Address


def test_one_field_takes_an_email_or_a_phone() -> None:
    form = InviteForm({"address": " Li@Market.example ", "position": "member"})
    assert form.is_valid()
    assert form.cleaned_data["address"] == Address(email="li@market.example")
    assert AddressField().clean("138 0013 8000") == Address(phone="+8613800138000")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "This is not a phone number"), ("zh-hans", "这不是手机号码"), ("ru", "Это не номер")]
)
def test_a_wrong_address_is_explained_in_the_language_of_the_page(language: str, words: str) -> None:
    form = InviteForm({"address": "13800", "position": "member"})
    with translation.override(language):
        assert words in form.errors["address"][0]


def test_a_market_that_cannot_send_texts_says_so_of_every_phone(settings: Any) -> None:
    settings.SUNDRY = dataclasses.replace(settings.SUNDRY, outbox="smtp", smtp_url="smtp://mail.example")
    for field, value in ((AddressField(), "13800138000"), (PhoneField(), "13800138001")):
        with pytest.raises(Exception, match="cannot send text messages"):
            field.clean(value)
    assert AddressField().clean("li@market.example") == Address(email="li@market.example")


def test_a_phone_that_is_not_needed_may_be_left_out() -> None:
    assert PhoneField(required=False).clean("") == ""


@pytest.mark.parametrize("typed", ["482913", " 482913 ", "４８２９１３", "٤٨٢٩١٣", "۴۸۲۹۱۳"])
def test_a_code_is_typed_with_the_digits_of_any_script(typed: str) -> None:
    assert CodeField().clean(typed) == "482913"


def test_the_operators_administrator_is_offered_official_kinds_and_nobody_else() -> None:
    def offered(founder: Role) -> set[str]:
        form = OrganisationForm(founder=founder, merchants=[])
        return {value for value, _ in form.fields["kind"].choices}  # type: ignore[attr-defined]

    assert offered(role_of(Kind.OPERATOR, Position.ADMINISTRATOR)) == {kind.value for kind in Kind}
    for founder in (PERSON, role_of(Kind.OPERATOR, Position.MEMBER), role_of(Kind.AGENT, Position.ADMINISTRATOR)):
        assert offered(founder) == {"merchant", "stall", "buyer", "agent", "warehouse", "carrier"}


def test_a_merchant_is_offered_to_who_has_one() -> None:
    assert "parent" not in OrganisationForm(founder=PERSON, merchants=[]).fields
    form = OrganisationForm(founder=PERSON, merchants=[("7", "Lotus Pond")])
    assert ("7", "Lotus Pond") in form.fields["parent"].choices  # type: ignore[attr-defined]


def test_a_number_is_asked_for_by_its_name() -> None:
    assert RegistrationForm(country="CN").fields["registration"].label == "Unified social credit code"
    assert RegistrationForm(country="FR").fields["registration"].label == "Number in the company register"


def test_a_verdict_is_one_of_two() -> None:
    assert VerdictForm({"verdict": "verified"}).is_valid()
    assert not VerdictForm({"verdict": "maybe"}).is_valid()


@pytest.mark.parametrize(
    ("language", "china", "france"),
    [("en", "China", "France"), ("zh-hans", "中国", "法国"), ("ar", "الصين", "فرنسا"), ("ru", "Китай", "Франция")],
)
def test_countries_are_named_in_the_language_of_the_page_china_first(language: str, china: str, france: str) -> None:
    with translation.override(language):
        offered = countries()
        assert offered[0] == ("CN", china)
        assert ("FR", france) in offered
        assert len(offered) > 240
        assert "EU" not in dict(offered)
        assert country_name("FR") == france
        assert country_name("XX") == "XX"


def test_every_kind_and_position_has_a_word() -> None:
    assert set(KINDS) == set(Kind)
    assert set(POSITIONS) == set(Position)
