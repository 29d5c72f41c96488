"""The forms of the shipping pages: fields and labels. What a value may be is said by job_rules alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sundry.goods.shipping.job_rules import (
    BOOK_BYTES_MAX,
    CONTAINERS,
    CONTAINERS_MOST,
    INCOTERMS,
    PROFILE_FIELDS,
    Fault,
    JobOptions,
)
from sundry.kernel.money import CURRENCIES

_USUAL_CURRENCIES = ("CNY", "USD", "EUR", "HKD", "GBP", "JPY", "AED", "SAR", "RUB", "TRY", "INR", "BRL", "MXN", "ZAR")
LANGUAGE_NAMES = {
    "zh": "中文",
    "en": "English",
    "ar": "العربية",
    "es": "Español",
    "fr": "Français",
    "ru": "Русский",
}


def _currencies(chosen: str = "") -> list[tuple[str, str]]:
    """The usual ones and the one that is chosen: a list of all would be longer than the rest of the page."""
    return [(code, code) for code in dict.fromkeys((*_USUAL_CURRENCIES, chosen)) if code in CURRENCIES]


class ToldForm(forms.Form):
    """A form that judges nothing itself: it shows values, and the mistakes that it is told of."""

    use_required_attribute = False

    def full_clean(self) -> None:
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}

    def tell(self, faults: Iterable[Fault], language: str) -> None:
        """Each fault at its field."""
        for fault in faults:
            self.add_error(fault.name if fault.name in self.fields else None, fault.message(language))


class BookForm(ToldForm):
    """A book: a file, or rows that were pasted."""

    job = forms.CharField(required=False, widget=forms.HiddenInput)
    book = forms.FileField(
        label=_("Your order book"),
        help_text=_("Excel (.xlsx, .xlsm, .xls), LibreOffice (.ods) or CSV, up to 20 MB."),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv,.txt,.tsv", "data-limit-bytes": str(BOOK_BYTES_MAX)}
        ),
    )
    pasted = forms.CharField(
        label=_("Or paste rows from Excel"),
        help_text=_("Copy the rows with their header in Excel, and paste them here."),
        widget=forms.Textarea(attrs={"data-paste": "", "rows": 6, "spellcheck": "false"}),
    )


class StartForm(BookForm):
    """A new job."""

    currency = forms.ChoiceField(
        choices=_currencies,
        label=_("Currency"),
        help_text=_("Counts where the book names none."),
    )
    day = forms.DateField(
        label=_("Day of the shipment"),
        help_text=_("Its rules, prices and rates of exchange hold."),
        widget=forms.DateInput,
    )


class OptionsForm(ToldForm):
    """How the job is planned, and who ships to whom. Rates have a field for each currency of the book."""

    container = forms.ChoiceField(label=_("Container"))
    containers_max = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=CONTAINERS_MOST,
        label=_("At most so many containers"),
        help_text=_("What does not go in is left out and told. Empty: as many as it takes."),
    )
    seconds = forms.IntegerField(
        min_value=1, label=_("Seconds for the plan"), help_text=_("More time may save a container.")
    )
    upright = forms.BooleanField(required=False, label=_("No carton may lie on a side"))
    split_lines = forms.BooleanField(
        required=False,
        label=_("Split a line above the limit of a form by cartons"),
        help_text=_("Customs may read this as evasion."),
    )
    currency = forms.ChoiceField(
        choices=_currencies, label=_("Currency"), help_text=_("Counts where the book names none.")
    )
    day = forms.DateField(
        label=_("Day of the shipment"),
        help_text=_("Its rules, prices and rates of exchange hold."),
        widget=forms.DateInput,
    )
    language = forms.ChoiceField(
        choices=list(LANGUAGE_NAMES.items()),
        label=_("Language of the papers"),
        help_text=_("Papers for customs are always in Chinese as well."),
    )
    buyer = forms.CharField(required=False, label=_("Buyer"))
    buyer_nationality = forms.CharField(
        required=False, label=_("Buyer's country"), help_text=_("Two letters, as PA for Panama.")
    )
    buyer_id = forms.CharField(required=False, label=_("Buyer's passport or registration number"))
    destination = forms.CharField(required=False, label=_("Country of destination"))
    consignor = forms.CharField(required=False, label=_("Consignor"))
    consignor_uscc = forms.CharField(
        required=False,
        label=_("Consignor's unified social credit code"),
        help_text=_("18 characters; the last one is checked."),
    )
    incoterm = forms.ChoiceField(required=False, label=_("Incoterm"))
    marks = forms.CharField(required=False, label=_("Shipping marks"))
    port_of_loading = forms.CharField(required=False, label=_("Port of loading"))
    invoice_number = forms.CharField(required=False, label=_("Invoice number"))

    def __init__(self, *args: Any, currencies: Sequence[str] = (), seconds_max: int = 60, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currencies = tuple(currencies)
        currency = self.fields["currency"]
        container = self.fields["container"]
        seconds = self.fields["seconds"]
        incoterm = self.fields["incoterm"]
        assert isinstance(currency, forms.ChoiceField)
        assert isinstance(container, forms.ChoiceField)
        assert isinstance(seconds, forms.IntegerField)
        assert isinstance(incoterm, forms.ChoiceField)
        container.choices = [
            (name, gettext("The cheapest, mixed if need be") if name == "auto" else name) for name in CONTAINERS
        ]
        currency.choices = _currencies(str(self["currency"].value() or ""))
        incoterm.choices = [("", "–"), *((term, term) for term in INCOTERMS)]
        seconds.max_value = seconds_max
        for code in self.currencies:
            self.fields[f"rate_{code}"] = forms.CharField(
                required=False,
                label=gettext("%(currency)s for 1 USD") % {"currency": code},
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )

    @property
    def rate_fields(self) -> list[forms.BoundField]:
        return [self[f"rate_{currency}"] for currency in self.currencies]

    @property
    def profile_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in PROFILE_FIELDS]

    def tell(self, faults: Iterable[Fault], language: str) -> None:
        """Each fault at its field, one about a rate at the field of its currency."""
        for fault in faults:
            self.add_error(self._field_of(fault), fault.message(language))

    def _field_of(self, fault: Fault) -> str | None:
        if fault.name in self.fields:
            return fault.name
        value = str(fault.details.get("value", "")).upper()
        return next((f"rate_{currency}" for currency in self.currencies if currency in value), None)


def options_initial(options: JobOptions) -> dict[str, Any]:
    """What the form shows of `options`."""
    rates = dict(text.split("=", 1) for text in options.rates)
    shown: dict[str, Any] = {
        "container": options.container,
        "containers_max": options.containers_max,
        "seconds": options.seconds,
        "upright": options.upright,
        "split_lines": options.split_lines,
        "currency": options.currency,
        "day": options.day,
        "language": options.language,
    }
    shown |= {name: getattr(options.profile, name) for name in PROFILE_FIELDS}
    return shown | {f"rate_{pair[3:]}": units for pair, units in rates.items() if pair.startswith("USD")}


def options_given(form: OptionsForm, before: JobOptions) -> dict[str, Any]:
    """What the sent form says, for `options_from`. A box that is not ticked is not sent, and says no."""
    given = {name: form.data[name] for name in form.fields if name in form.data and not name.startswith("rate_")}
    given |= {name: name in form.data for name in ("upright", "split_lines")}
    shown = {f"USD{currency}" for currency in form.currencies}
    rates = [text for text in before.rates if text.split("=")[0] not in shown]
    typed = ((currency, form.data.get(f"rate_{currency}", "").strip()) for currency in form.currencies)
    given["rates"] = [*rates, *(f"USD{currency}={value.replace(',', '.')}" for currency, value in typed if value)]
    return given


SEVERITY_WORDS = {
    "error": pgettext_lazy("severity", "Error"),
    "warning": pgettext_lazy("severity", "Warning"),
    "note": pgettext_lazy("severity", "Note"),
}
