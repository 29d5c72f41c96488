"""What a buyer asks of stalls, and what she says of a quotation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from sundry.base.parties.forms import countries
from sundry.goods.catalogue.forms_fields import QuantityField, ScaledField
from sundry.goods.catalogue.rules import PRICE_MINOR_MAX
from sundry.goods.catalogue.storefront import language_of_reader
from sundry.goods.catalogue.words import UNIT_WORDS
from sundry.goods.orders.enquiry_rules import TEXT_MAX, Question
from sundry.goods.orders.forms_orders import MandateField, choose, currencies, key_of
from sundry.goods.orders.forms_talk import AttachmentsField
from sundry.goods.orders.order_rules import REASON_MAX
from sundry.kernel.findings import Finding
from sundry.kernel.money import exponent

_FIELDS: Final[Mapping[str, str]] = {"target_price_minor": "target_price", "photos": "papers"}


class AskForm(forms.Form):
    """`key`: of the form, so that it is asked once. `goods`, `stalls`: numbers, as the address has them."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Your question"),
        help_text=gettext_lazy(
            "In your own language: what it is for, colours, sizes, packing. All stalls get the same words."
        ),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    quantity = QuantityField(label=gettext_lazy("How many?"), required=False)
    unit = forms.ChoiceField(
        label=pgettext_lazy("an enquiry", "Counted in"), choices=list(UNIT_WORDS.items()), initial="piece"
    )
    target_price = ScaledField(
        label=gettext_lazy("Price that you hope for, each"),
        help_text=gettext_lazy("Stalls see it. Leave it empty if you would rather hear their price first."),
        decimals=3,
        required=False,
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), initial="CNY")
    destination = forms.ChoiceField(label=gettext_lazy("Country of destination"), required=False)
    papers = AttachmentsField(label=gettext_lazy("Photos and papers"), required=False)

    def __init__(self, *given: Any, mandates: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        choose(self.fields["currency"], currencies())
        choose(self.fields["destination"], [("", gettext("Not said")), *countries()])
        if mandates:
            self.fields["mandate"] = MandateField(mandates)

    def clean(self) -> dict[str, Any]:
        """The price is typed before its currency is known: decimals that the currency has not are refused."""
        given = super().clean() or {}
        price, currency = given.get("target_price"), given.get("currency")
        if price is not None and currency:
            minor, rest = divmod(price, 10 ** (3 - exponent(currency)))
            if rest:
                self.add_error("target_price", gettext("%(currency)s has fewer decimals.") % {"currency": currency})
            elif not 0 < minor <= PRICE_MINOR_MAX:
                self.add_error("target_price", gettext("A price is above nought and below ten million."))
            given["target_price_minor"] = minor
        return given

    def question(self, *, goods: Sequence[int], stalls: Sequence[int], photos: Sequence[str]) -> Question:
        """As `actions_enquiries.ask` is told. `photos`: names of what is kept."""
        given = self.cleaned_data
        return Question(
            given["text"],
            language_of_reader(),
            goods=tuple(goods),
            stalls=tuple(stalls),
            quantity=given["quantity"],
            unit=given["unit"],
            target_price_minor=given.get("target_price_minor"),
            currency=given["currency"],
            destination=given["destination"],
            photos=tuple(photos),
        )

    def add_findings(self, found: Iterable[Finding]) -> None:
        """Each at its field; what is about no field at the top."""
        for finding in found:
            name = _FIELDS.get(finding.header, finding.header)
            self.add_error(name if name in self.fields else None, finding.message(language_of_reader()))


class ReasonForm(forms.Form):
    """Why something is declined or ended; the other side reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The other side reads it."),
        max_length=REASON_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def asking(**initial: Any) -> Mapping[str, Any]:
    """What a form to ask begins with."""
    return {"key": key_of(), **initial}
