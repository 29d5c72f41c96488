"""What the pages of figures are asked: forms, with each mistake told by its field.

Periods are typed as in the head of periods.py, places and indicators by their names; where a list goes on is a day and
an id, as the list's last row has them.
"""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from sundry.engines.reading import regions
from sundry.engines.reading.indicators import called
from sundry.engines.reading.model import Outcome, Type
from sundry.insight.observatory.fairs import MEASURES
from sundry.insight.observatory.periods import days_of
from sundry.insight.observatory.queries_said import region_named
from sundry.insight.observatory.rules import Sought, Standing

TEXT_MAX: Final = 100
EVERY: Final = "all"  # standings
_CODE: Final = re.compile(r"^(?:[0-9]{6}|[A-Z]{2})$")
_DAY: Final = r"(-|\d{4}-\d\d-\d\d)"
_ID: Final = r"([0-9a-f-]{36})"


class PlaceField(forms.RegexField):
    """Where the page before ended: (day or None, id), with a number before them where `ranked`."""

    def __init__(self, *, ranked: bool = False) -> None:
        self.ranked = ranked
        start = r"^(\d)\." if ranked else "^"
        super().__init__(rf"{start}{_DAY}\.{_ID}$", required=False, max_length=60, widget=forms.HiddenInput)

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        *rank, day, id_ = written.split(".")
        try:
            key = (None if day == "-" else date.fromisoformat(day), uuid.UUID(id_))
        except ValueError as fault:
            raise forms.ValidationError(gettext_lazy("There is no such place in this list.")) from fault
        return (int(rank[0]), *key) if rank else key


class PeriodField(forms.CharField):
    """A day, or a period whose first (`last`: whose last) day is meant: 2026, 2026-Q1, 2026-03, 2026-03-20."""

    def __init__(self, *, last: bool, label: Any) -> None:
        self.last = last
        super().__init__(
            label=label,
            required=False,
            max_length=10,
            help_text=gettext_lazy("As 2026, 2026-Q1, 2026-03 or 2026-03-20."),
        )

    def clean(self, value: Any) -> date | None:
        written = super().clean(value)
        try:
            return days_of(written)[1 if self.last else 0]
        except ValueError as fault:
            raise forms.ValidationError(
                gettext_lazy("“%(period)s” is no period. Write it as 2026, 2026-Q1, 2026-03 or 2026-03-20."),
                params={"period": written},
            ) from fault


def _text_field(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=TEXT_MAX, help_text=help_text)


class IndicatorsForm(forms.Form):
    """Of which place, and what stands in the name."""

    words = _text_field(gettext_lazy("Name of the indicator"))
    region = forms.RegexField(_CODE, required=False, widget=forms.HiddenInput)


class ChecksForm(forms.Form):
    """Of which outcome and page."""

    outcome = forms.ChoiceField(
        required=False, choices=[("", ""), *((one.value, one.value) for one in Outcome)], widget=forms.HiddenInput
    )
    page = forms.UUIDField(required=False, widget=forms.HiddenInput)
    after = PlaceField(ranked=True)


class FairsForm(forms.Form):
    """By which figure they are sorted."""

    by = forms.ChoiceField(
        required=False, choices=[("", ""), *((one, one) for one in MEASURES)], widget=forms.HiddenInput
    )


class ListForm(forms.Form):
    """A list that begins with the newest."""

    before = PlaceField()


class SearchForm(forms.Form):
    """What statements are asked for. The same fields choose what is exported."""

    words = _text_field(
        gettext_lazy("Words of the page"), gettext_lazy("They stand in the sentence or the indicator’s name.")
    )
    indicator = _text_field(gettext_lazy("Indicator"), gettext_lazy("Its name in Chinese or English."))
    region = _text_field(pgettext_lazy("of a figure", "Place"), gettext_lazy("Its name, or six digits of GB/T 2260."))
    type = forms.ChoiceField(
        label=gettext_lazy("Kind of figure"), required=False, choices=[("", ""), *((one.value, one) for one in Type)]
    )
    start = PeriodField(label=gettext_lazy("Period from"), last=False)
    end = PeriodField(label=gettext_lazy("Period to"), last=True)
    standing = forms.ChoiceField(
        label=gettext_lazy("Standing"),
        required=False,
        choices=[("", ""), (EVERY, ""), *((one.value, one) for one in Standing)],
    )
    page = forms.UUIDField(required=False, widget=forms.HiddenInput)
    before = PlaceField()

    def __init__(self, *args: Any, unpublished: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not unpublished:
            del self.fields["standing"]

    def clean_indicator(self) -> str:
        """The key. ValidationError: no indicator of the dictionary is called so."""
        written = str(self.cleaned_data["indicator"]).strip()
        if not written:
            return ""
        found = called(written)
        if found is None:
            raise forms.ValidationError(
                gettext_lazy(
                    "No indicator is called “%(name)s”. Look for its name under Indicators, or search by words."
                ),
                params={"name": written},
            )
        return found.key

    def clean_region(self) -> str:
        """The code. ValidationError: no place of this name is known."""
        written = str(self.cleaned_data["region"]).strip()
        if not written or _CODE.fullmatch(written):
            return written
        place = regions.match(written, 0, None)
        code = place.region.code if place is not None and place.end == len(written) else ""
        if not (code := code or region_named(written)):
            raise forms.ValidationError(
                gettext_lazy(
                    "No page speaks of a place called “%(name)s”. Write its name as pages do, or its six digits."
                ),
                params={"name": written},
            )
        return code

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and end < start:
            self.add_error(
                "end", gettext_lazy("The period ends before it begins. Exchange the two, or leave one of them empty.")
            )
        return dict(self.cleaned_data)

    def sought(self) -> Sought:
        """Of a valid form. Whoever may not choose a standing seeks what is published."""
        asked = self.cleaned_data
        standing = asked.get("standing", "")
        return Sought(
            words=asked["words"].strip(),
            indicator_key=asked["indicator"],
            region_code=asked["region"],
            type=Type(asked["type"]) if asked["type"] else None,
            starts_on=asked["start"],
            ends_on=asked["end"],
            standing=None if standing == EVERY else Standing(standing or Standing.PUBLISHED),
            page=asked["page"],
        )
