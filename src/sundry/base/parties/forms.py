"""What people fill in: their address, their codes, their organisations.

The sign-in forms are django-allauth's, with one field for "e-mail or phone" and with words of our own.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as totp
from babel import Locale
from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sundry.base.access.guard import actor_of
from sundry.base.access.rules import Kind, Position, Role
from sundry.base.outbox.adapters import reaches
from sundry.base.outbox.rules import Channel
from sundry.base.parties.actions import REASON_CHARACTERS_MAX, register_person
from sundry.base.parties.models import Person
from sundry.base.parties.queries import person_for_code
from sundry.base.parties.rules import (
    NAME_CHARACTERS_MAX,
    OFFICIAL,
    PERSON_NAME_CHARACTERS_MAX,
    Address,
    AddressTaken,
    AddressUnreadable,
    address,
    founds_official,
    phone_number,
)
from sundry.kernel.errors import SundryError

KINDS = {
    Kind.MERCHANT: _("Merchant"),
    Kind.STALL: _("Stall"),
    Kind.BUYER: _("Buyer"),
    Kind.AGENT: _("Trade agent"),
    Kind.WAREHOUSE: _("Warehouse"),
    Kind.CARRIER: _("Carrier"),
    Kind.BANK: _("Bank"),
    Kind.OPERATOR: _("Market operator"),
    Kind.COUNTY: _("County office"),
    Kind.AUDITOR: _("Auditor"),
}
POSITIONS = {Position.ADMINISTRATOR: _("Administrator"), Position.MEMBER: _("Member")}


def spoken() -> str:
    """The language of the page, as messages name it: zh, en, ar, es, fr or ru."""
    return (get_language() or "en").partition("-")[0]


def refusal(fault: SundryError) -> forms.ValidationError:
    """A rule that was broken, said in the language of the page."""
    return forms.ValidationError(fault.message(spoken()), code=fault.rule)


# Fields ------------------------------------------------------------------------------------------------------------


class AddressField(forms.CharField):
    """An e-mail address or a phone, whichever a person has; cleaned to an Address."""

    def __init__(self, **options: Any) -> None:
        attributes = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "inputmode": "email",
            "dir": "ltr",
        }
        options.setdefault("label", _("E-mail or phone"))
        super().__init__(max_length=254, widget=forms.TextInput(attrs=attributes), **options)

    def clean(self, value: Any) -> Address | None:
        text = super().clean(value)
        if not text:  # where it is not required
            return None
        try:
            read = address(text)
            if read.phone and not reaches(Channel.SMS):
                raise AddressUnreadable("phone_not_offered")
        except AddressUnreadable as fault:
            raise refusal(fault) from fault
        return read


class PhoneField(forms.CharField):
    """A phone that gets text messages, cleaned to E.164."""

    def __init__(self, **options: Any) -> None:
        attributes = {"autocomplete": "tel", "inputmode": "tel", "dir": "ltr"}
        options["label"] = _("Phone")
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attributes), **options)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            if text and not reaches(Channel.SMS):
                raise AddressUnreadable("phone_not_offered")
            return phone_number(text) if text else ""
        except AddressUnreadable as fault:
            raise refusal(fault) from fault


class CodeField(forms.CharField):
    """A one-time code, with the digits of any script."""

    def __init__(self, **options: Any) -> None:
        attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr", "autofocus": True}
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attributes), **options)

    def to_python(self, value: Any) -> str:
        return "".join(str(unicodedata.decimal(sign, sign)) for sign in super().to_python(value) or "")


# Signing in and up -------------------------------------------------------------------------------------------------


class SignInForm(account.LoginForm):  # type: ignore[misc]
    """One field. Whether anybody is signed up with it, this form does not tell."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields = {"login": AddressField()}

    def clean_login(self) -> Address:
        read: Address = self.cleaned_data["login"]
        return read

    def clean(self) -> dict[str, Any]:
        read: Address | None = self.cleaned_data.get("login")
        if read is not None:
            self.user = person_for_code(email=read.email, phone=read.phone)
        return dict(self.cleaned_data)

    def user_credentials(self) -> dict[str, str]:
        read: Address = self.cleaned_data["login"]
        return {"email": read.email} if read.email else {"phone": read.phone or ""}


class SignUpForm(account.SignupForm):  # type: ignore[misc]
    """A name, and an e-mail address or a phone. Whether it is taken, only its owner is told."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields = {
            "name": forms.CharField(
                label=_("Your name"),
                max_length=PERSON_NAME_CHARACTERS_MAX,
                widget=forms.TextInput(attrs={"autocomplete": "name"}),
            ),
            "login": AddressField(),
        }

    def clean(self) -> dict[str, Any]:
        """What allauth reads: `email` or `phone`, and `account_already_exists`."""
        read: Address | None = self.cleaned_data.get("login")
        if read is not None:
            self.cleaned_data |= {"email": read.email, "phone": read.phone}
            where = {"email": read.email} if read.email else {"phone": read.phone}
            self.account_already_exists = Person.objects.filter(**where).exists()
        return dict(self.cleaned_data)

    def try_save(self, request: HttpRequest) -> Any:
        try:
            return super().try_save(request)
        except AddressTaken:  # between our look and now
            self.account_already_exists = True
            return super().try_save(request)

    def save(self, request: HttpRequest) -> Person:
        person = register_person(
            actor=actor_of(request),
            address=self.cleaned_data["login"],
            name=self.cleaned_data["name"],
            language=get_language() or "",
        )
        return Person.objects.get(id=person)


class SignInCodeForm(account.ConfirmLoginCodeForm):  # type: ignore[misc]
    code = CodeField(label=_("Code"))


class EmailCodeForm(account.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    code = CodeField(label=_("Code"))


class PhoneCodeForm(account.VerifyPhoneForm):  # type: ignore[misc]
    code = CodeField(label=_("Code"))


class EmailForm(account.AddEmailForm):  # type: ignore[misc]
    """Another e-mail address."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"] = AddressField(label=_("New e-mail address"))

    def clean_email(self) -> str:
        read: Address = self.cleaned_data["email"]
        if not read.email:
            raise refusal(AddressUnreadable("email_unreadable"))
        self.cleaned_data["email"] = read.email
        checked: str = super().clean_email()
        return checked


class SecondStepForm(second_step.AuthenticateForm):  # type: ignore[misc]
    code = CodeField(label=_("Code of your authenticator app, or a recovery code"))


class SecondStepAgainForm(second_step.ReauthenticateForm):  # type: ignore[misc]
    code = CodeField(label=_("Code of your authenticator app, or a recovery code"))


class ActivateForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    code = CodeField(label=_("Code that the app shows"))


# People and organisations ------------------------------------------------------------------------------------------


class PersonForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=PERSON_NAME_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language of messages to you"), required=False)

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["language"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("That of the page")), *languages]


class OrganisationForm(forms.Form):
    """`founder`: as what she acts who founds; `merchants`: those to which a stall may belong."""

    kind = forms.ChoiceField(label=_("What is it?"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), max_length=NAME_CHARACTERS_MAX)
    country = forms.ChoiceField(label=_("Country"), initial="CN")
    parent = forms.ChoiceField(
        label=_("Merchant to whom it belongs"), required=False, help_text=_("For a stall, if it belongs to one.")
    )
    administrator = AddressField(
        label=_("E-mail or phone of its first administrator"),
        required=False,
        help_text=_("For a market operator, county office, bank or auditor. We send an invitation there."),
    )

    def __init__(self, *args: Any, founder: Role, merchants: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        official = founds_official(founder)
        choices: dict[str, list[tuple[str, Any]]] = {
            "kind": [(kind.value, name) for kind, name in KINDS.items() if official or kind not in OFFICIAL],
            "country": countries(),
            "parent": [("", _("None")), *merchants],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = offered
        if not merchants:
            del self.fields["parent"]
        if not official:
            del self.fields["administrator"]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("kind") in OFFICIAL and "administrator" in given and not given["administrator"]:
            self.add_error("administrator", _("Say who shall be its first administrator: you are nothing in it."))
        return given


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=NAME_CHARACTERS_MAX)


class InviteForm(forms.Form):
    address = AddressField(help_text=_("We send a link there. It is good once, for seven days."))
    position = forms.ChoiceField(
        label=_("Position"),
        choices=[(position.value, name) for position, name in POSITIONS.items()],
        initial=Position.MEMBER.value,
        widget=forms.RadioSelect,
        help_text=_("An administrator invites people, ends memberships and changes the organisation."),
    )


class RegistrationForm(forms.Form):
    registration = forms.CharField(max_length=60, widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}))

    def __init__(self, *args: Any, country: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["registration"].label = (
            _("Unified social credit code") if country == "CN" else _("Number in the company register")
        )


class VerdictForm(forms.Form):
    """`seen`: the papers that the page shows."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    verdict = forms.ChoiceField(
        label=_("What did you find?"),
        choices=[("verified", _("The number and the name are right")), ("refused", _("They are not right"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=REASON_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who handed it in reads this. Needed where it is not right."),
    )


def countries() -> list[tuple[str, str]]:
    """(ISO 3166-1, its name in the language of the page), China first."""
    names = {str(code): str(name) for code, name in Locale.parse(spoken()).territories.items()}
    found = [code for code in names if len(code) == 2 and code.isalpha() and code not in _NO_STATES]
    return [(code, names[code]) for code in sorted(found, key=lambda code: (code != "CN", names[code]))]


def country_name(code: str) -> str:
    return str(Locale.parse(spoken()).territories.get(code, code))


_NO_STATES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})  # groups and pseudo-regions in the same list
