"""For whom an agent may buy, until when, and up to how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from sundry.base.parties.forms import countries
from sundry.goods.catalogue.forms_fields import ScaledField
from sundry.goods.orders.forms_orders import choose, currencies
from sundry.goods.orders.order_rules import NAME_MAX
from sundry.kernel.money import exponent


class MandateForm(forms.Form):
    """Either a buyer of the market, chosen from those that were found, or a client who is not in it, by name."""

    buyer = forms.ChoiceField(label=gettext_lazy("Buyer in the market"), required=False, widget=forms.RadioSelect)
    client_name = forms.CharField(
        label=gettext_lazy("Or a client who is not in the market: name of the firm"),
        help_text=gettext_lazy("You keep her signed paper, and say so here."),
        max_length=NAME_MAX,
        required=False,
    )
    client_country = forms.ChoiceField(label=gettext_lazy("Country of the client"), required=False)
    reference = forms.CharField(
        label=gettext_lazy("Number or name of the paper"),
        help_text=gettext_lazy("Of the contract that says so."),
        max_length=80,
        required=False,
    )
    valid_from = forms.DateField(label=gettext_lazy("Valid from"))
    valid_until = forms.DateField(label=gettext_lazy("Valid until"), required=False)
    limit = ScaledField(
        label=gettext_lazy("Most that one order may come to"),
        help_text=gettext_lazy("Empty: no limit."),
        decimals=3,
        required=False,
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), initial="CNY")

    def __init__(self, *given: Any, buyers: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        if buyers:
            choose(self.fields["buyer"], buyers)
        else:
            del self.fields["buyer"]
        choose(self.fields["client_country"], [("", gettext("Not said")), *countries()])
        choose(self.fields["currency"], currencies())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("buyer") and not given.get("client_name", "").strip():
            self.add_error("client_name", gettext("Choose a buyer, or write the name of your client."))
        limit, currency = given.get("limit"), given.get("currency")
        if limit is not None and currency:
            given["limit_minor"], rest = divmod(limit, 10 ** (3 - exponent(currency)))
            if rest:
                self.add_error("limit", gettext("%(currency)s has fewer decimals.") % {"currency": currency})
        first, last = given.get("valid_from"), given.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", gettext("The last day is before the first."))
        return given
