"""What people fill in on the pages of the reference: what they look for, and the files that an operator gives."""

from __future__ import annotations

from datetime import date
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from sundry.base.reference.rules import Kind

TEXT_MAX: Final = 200
FIRST, LAST = date(1900, 1, 1), date(2200, 1, 1)
KINDS: Final = {
    Kind.COUNTRY: gettext_lazy("Countries"),
    Kind.CURRENCY: gettext_lazy("Currencies"),
    Kind.UNIT: gettext_lazy("Units of measure"),
    Kind.INCOTERM: gettext_lazy("Incoterms"),
    Kind.HS: gettext_lazy("Tariff codes, six digits"),
    Kind.SECTION: gettext_lazy("Sections of the tariff"),
    Kind.CUSTOMS: gettext_lazy("Numbers of the Chinese customs"),
    Kind.TARIFF: gettext_lazy("Chinese tariff, ten digits"),
    Kind.PORT: pgettext_lazy("of the sea", "Ports"),
    Kind.NAME: gettext_lazy("Names in six languages"),
    Kind.RATE: gettext_lazy("Rates of exchange"),
}


class LookForm(forms.Form):
    """On which day, and what is looked for. What makes no sense is left out."""

    q = forms.CharField(label=gettext_lazy("Code or words"), required=False, max_length=TEXT_MAX)
    country = forms.CharField(label=gettext_lazy("Country"), required=False, max_length=2)
    day = forms.DateField(label=gettext_lazy("On the day"), required=False)
    after = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day is not None and not FIRST <= day <= LAST:
            raise forms.ValidationError(gettext_lazy("There is nothing on that day."))
        return day


class LoadForm(forms.Form):
    """A file that takes the place of a table from a day on."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, Excel, Parquet, or a zip with one of them. The table is told by its header."),
        max_length=200,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Table"),
        required=False,
        choices=[("", gettext_lazy("As the header says")), *((kind.value, word) for kind, word in KINDS.items())],
    )
    valid_from = forms.DateField(
        label=gettext_lazy("Holds from"),
        required=False,
        help_text=gettext_lazy("The first day of this edition. A tariff must have one."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        required=False,
        max_length=TEXT_MAX,
        help_text=gettext_lazy("Who published it, and where; without it the name of the file stands."),
    )

    def clean_valid_from(self) -> date | None:
        day: date | None = self.cleaned_data["valid_from"]
        if day is not None and not FIRST <= day <= LAST:
            raise forms.ValidationError(gettext_lazy("An edition cannot begin on that day."))
        return day
