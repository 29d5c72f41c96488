"""What a buyer says of an order as a whole, of one line, of a payment, of why she cancels."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from sundry.base.parties.forms import countries
from sundry.goods.catalogue.forms_fields import QuantityField, ScaledField
from sundry.goods.catalogue.storefront import language_of_reader
from sundry.goods.orders import order_words as words
from sundry.goods.orders.order_rules import (
    NAME_MAX,
    NOTE_MAX,
    PRICE_PER_MAX,
    REASON_MAX,
    Collector,
    Head,
    LineView,
    OrderView,
    PaymentKind,
    SubView,
)
from sundry.kernel.findings import Finding
from sundry.kernel.identifiers import new_id
from sundry.kernel.money import CURRENCIES, exponent

FIRST_CURRENCIES: Final = ("CNY", "USD", "EUR")  # those that are quoted in most


def key_of() -> str:
    """A key for a form, so that what is sent twice is done once."""
    return str(new_id())


def currencies() -> list[tuple[str, str]]:
    """Codes, the usual ones first."""
    rest = sorted(CURRENCIES - set(FIRST_CURRENCIES))
    return [(code, code) for code in (*FIRST_CURRENCIES, *rest)]


def choose(field: forms.Field, choices: Iterable[tuple[str, Any]]) -> None:
    """Among these, which are known when a form is opened."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def looked_again(form: forms.Form, said: str, version: int) -> None:
    """Somebody was faster: what was typed stays, and is sent upon `version`, the one of now, by the next click."""
    form.add_error(None, said)
    data = cast(QueryDict, form.data).copy()
    data["version"] = str(version)
    form.data = data


def mistakes(form: forms.Form, found: Iterable[Finding]) -> None:
    """Findings at their fields; what is about no field of the form at its top."""
    for finding in found:
        name = finding.header if finding.header in form.fields else None
        form.add_error(name, finding.message(language_of_reader()))


class MandateField(forms.ChoiceField):
    """For which client an agent buys or asks; "": for her own firm."""

    def __init__(self, mandates: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(
            label=gettext_lazy("For which client?"),
            choices=[("", gettext("For ourselves")), *mandates],
            required=False,
            widget=forms.Select(attrs={"dir": "auto"}),
            **more,
        )

    def clean(self, value: Any) -> uuid.UUID | None:
        chosen = super().clean(value)
        return uuid.UUID(chosen) if chosen else None


class HeadForm(forms.Form):
    """`version`: of the basket that she looks at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Name of the order"),
        help_text=gettext_lazy("For yourself: “Spring, Casablanca”."),
        max_length=NAME_MAX,
        required=False,
    )
    destination = forms.ChoiceField(label=gettext_lazy("Country of destination"), required=False)
    port = forms.CharField(
        label=gettext_lazy("Port of destination"),
        help_text=gettext_lazy("Its code of five letters, as MACAS for Casablanca."),
        max_length=5,
        required=False,
    )
    collector = forms.ChoiceField(
        label=gettext_lazy("Who collects the foreign exchange?"),
        help_text=gettext_lazy(
            "The trade ticket of each stall names who receives your money from abroad. It can be chosen line by line."
        ),
        choices=[(one.value, words.COLLECTORS[one]) for one in Collector],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Note to all stalls"),
        max_length=NOTE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *given: Any, has_agent: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        choose(self.fields["destination"], [("", gettext("Not said")), *countries()])
        if not has_agent:  # without an agent the stalls collect it
            del self.fields["collector"]

    def clean_port(self) -> str:
        return str(self.cleaned_data["port"]).strip().upper()

    def head(self, currency: str) -> Head:
        given = self.cleaned_data
        return Head(
            currency=currency,
            name=given["name"],
            destination=given["destination"],
            port=given["port"],
            collector=Collector(given.get("collector", Collector.STALL)),
            note=given["note"],
        )


def head_of(view: OrderView) -> dict[str, Any]:
    """What the form begins with."""
    card = view.card
    return {
        "version": card.version,
        "name": card.name,
        "destination": card.destination,
        "port": view.port,
        "collector": view.collector.value,
        "note": view.note,
    }


class LineForm(forms.Form):
    """One line of a basket. The price is hers to offer; the stall sees both it and its own."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    pieces = QuantityField(label=gettext_lazy("Pieces"))
    price_per = QuantityField(
        label=gettext_lazy("The price is for so many pieces"),
        help_text=gettext_lazy("1 for the price of a piece; 1000 where a thousand are quoted."),
    )
    collector = forms.ChoiceField(
        label=gettext_lazy("Who collects the foreign exchange of this line?"),
        choices=[(one.value, words.COLLECTORS[one]) for one in Collector],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Note to the stall about this line"),
        max_length=NOTE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("version", "pieces", "price_minor", "price_per", "collector", "note")

    def __init__(self, *given: Any, currency: str, has_agent: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        if not has_agent:
            del self.fields["collector"]
        self.fields["price_minor"] = ScaledField(
            decimals=exponent(currency),
            label=gettext("Your price, %(currency)s") % {"currency": currency},
            help_text=gettext("As the stall lists it. Write another one to offer it: the stall sees both and answers."),
        )
        self.order_fields(self.field_order)

    def clean_price_per(self) -> int:
        given = int(self.cleaned_data["price_per"])
        if not 1 <= given <= PRICE_PER_MAX:
            raise forms.ValidationError(gettext("Write a number of pieces between 1 and 100,000."))
        return given

    def chosen_collector(self) -> Collector | None:
        """None: as it is."""
        given = self.cleaned_data.get("collector")
        return Collector(given) if given else None


def line_of(line: LineView, version: int) -> dict[str, Any]:
    return {
        "version": version,
        "pieces": line.pieces,
        "price_minor": line.price_minor,
        "price_per": line.price_per,
        "collector": line.collector.value,
        "note": line.note,
    }


class PaymentForm(forms.Form):
    """What a buyer tells of a payment that she made outside the market."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("What did you pay?"),
        choices=[(one.value, words.PAYMENT_KINDS[one]) for one in PaymentKind],
        widget=forms.RadioSelect,
    )
    paid_on = forms.DateField(label=gettext_lazy("On which day?"))
    reference = forms.CharField(
        label=gettext_lazy("Reference of the transfer"),
        help_text=gettext_lazy("By it the stall finds the money."),
        max_length=80,
        required=False,
    )
    field_order = ("key", "kind", "amount_minor", "paid_on", "reference")

    def __init__(self, *given: Any, currency: str, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["amount_minor"] = ScaledField(
            decimals=exponent(currency), label=gettext("Amount, %(currency)s") % {"currency": currency}
        )
        self.order_fields(self.field_order)


def payment_of(sub: SubView, day: object) -> dict[str, Any]:
    """What is due next: the deposit while it is not paid, then the balance."""
    totals = sub.totals
    is_deposit = totals.paid_minor < totals.deposit_minor
    due = (totals.deposit_minor if is_deposit else totals.value_minor) - totals.paid_minor
    kind = PaymentKind.DEPOSIT if is_deposit else PaymentKind.BALANCE
    return {"key": key_of(), "kind": kind.value, "amount_minor": due, "paid_on": day}


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The stalls read it."),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
