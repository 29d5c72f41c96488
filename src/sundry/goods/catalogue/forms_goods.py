"""A good as a form: the fields of a `Draft` flat, each finding at its field, and back.

A phone asks for four things (`AddForm`); the desk for all (`GoodForm`). Neither judges: numbers are read, and what they
may be is said by the rules (`checks.findings`), so that a page, a sheet and the API say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from sundry.goods.catalogue import categories
from sundry.goods.catalogue.checks import BRAND_MAX, UNITS
from sundry.goods.catalogue.forms_fields import PhotosField, QuantityField, ScaledField, was_recounted
from sundry.goods.catalogue.rules import (
    DESCRIPTION_MAX,
    ITEM_NUMBER_MAX,
    LANGUAGES,
    NAME_MAX,
    STEPS_MAX,
    Carton,
    Collection,
    Draft,
    Ladder,
    Step,
    Supply,
)
from sundry.goods.catalogue.storefront import language_of_reader
from sundry.goods.catalogue.texts import told
from sundry.goods.catalogue.words import COLLECTIONS, UNIT_WORDS
from sundry.kernel.findings import Finding, Severity

TEXT_ROOM: Final = 4  # a text may be so many times too long: the rule says it better than a browser that cuts
SUPPLY_WORDS: Final = (
    (Supply.STOCK.value, pgettext_lazy("supply of a good", "Ready now")),
    (Supply.MADE.value, pgettext_lazy("supply of a good", "Made to order")),
)
LANGUAGE_WORDS: Final = {
    "zh": "中文",
    "en": "English",
    "ar": "العربية",
    "es": "español",
    "fr": "français",
    "ru": "русский",
}
_HTML: Final = {"zh": "zh-hans"}
# Where a finding's field stands on the form, if not under its own name with "_" for ".".
_PLACES: Final = {
    "carton.length_mm": "carton_length_cm",
    "carton.width_mm": "carton_width_cm",
    "carton.height_mm": "carton_height_cm",
    "carton.gross_g": "carton_gross_kg",
    "carton.net_g": "carton_net_kg",
    "ladder": "step_1_price",
}
_STEP: Final = re.compile(r"ladder\.(\d+)\.(quantity|price)(?:_minor)?")


def category_choices() -> list[Any]:
    """The tree in two levels, in the reader's language."""
    language = language_of_reader()
    groups = [
        (
            categories.name(top, language),
            [(key, categories.name(key, language)) for key in (top, *categories.children(top))],
        )
        for top in categories.children("")
    ]
    return [("", gettext("Not chosen yet")), *groups]


def step_fields(count: int) -> Iterator[tuple[str, forms.Field]]:
    for step in range(1, count + 1):
        quantity = QuantityField(label=gettext_lazy("From how many pieces"), required=False)
        price = ScaledField(label=gettext_lazy("Price of a piece, yuan"), decimals=2, required=False)
        yield f"step_{step}_quantity", quantity
        yield f"step_{step}_price", price


class DraftForm(forms.Form):
    """What both forms do with a ladder and with what the rules say."""

    def ladder(self) -> Ladder:
        """The steps that are filled in; a price without a quantity begins at one piece."""
        given = self.cleaned_data
        return tuple(
            Step(1 if quantity is None else quantity, price)
            for step in range(1, STEPS_MAX + 1)
            for quantity, price in [(given.get(f"step_{step}_quantity"), given.get(f"step_{step}_price"))]
            if price is not None
        )

    def clean(self) -> None:
        for step in range(1, STEPS_MAX + 1):
            name = f"step_{step}_price"
            typed = self.cleaned_data.get(f"step_{step}_quantity") is not None
            if typed and name not in self.errors and self.cleaned_data.get(name) is None:
                self.add_error(name, gettext("Say the price from this quantity on, or leave both empty."))

    def add_findings(self, found: Iterable[Finding]) -> None:
        """Each error at its field; one that has no field of this form above it."""
        language = language_of_reader()
        filled = self._filled_steps()
        for finding in found:
            if finding.severity is Severity.ERROR:
                name = self._field_of(finding.header, filled)
                self.add_error(name if name in self.fields else None, finding.message(language))

    def _filled_steps(self) -> list[int]:
        return [step for step in range(1, STEPS_MAX + 1) if self.cleaned_data.get(f"step_{step}_price") is not None]

    def _field_of(self, header: str, filled: list[int]) -> str:
        if step := _STEP.fullmatch(header):
            index = int(step[1])
            return f"step_{filled[index]}_{step[2]}" if index < len(filled) else ""
        return _PLACES.get(header, header.replace(".", "_"))


class AddForm(DraftForm):
    """A good in a minute: photos, a price, from how many pieces, a name."""

    photos = PhotosField(label=gettext_lazy("Photos"), required=False, capture=True)
    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=TEXT_ROOM * NAME_MAX)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    supply = forms.ChoiceField(
        label=gettext_lazy("Supply"), choices=SUPPLY_WORDS, initial=Supply.STOCK.value, widget=forms.RadioSelect
    )
    stock_pieces = QuantityField(label=gettext_lazy("Pieces in stock"), required=False)
    lead_time_days = QuantityField(label=gettext_lazy("Days until it is made"), required=False)
    carton_pieces = QuantityField(label=gettext_lazy("Pieces in a carton"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *given: Any, language: str, **more: Any) -> None:
        super().__init__(*given, **more)
        self.language = language
        self.fields |= dict(step_fields(STEPS_MAX))
        self.fields["category"].choices = category_choices()  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs["dir"] = "auto"

    @property
    def steps(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"step_{step}_quantity"], self[f"step_{step}_price"]) for step in range(1, STEPS_MAX + 1)]

    def draft(self) -> Draft:
        given = self.cleaned_data
        is_made = given["supply"] == Supply.MADE.value
        return Draft(
            language=self.language,
            names={self.language: given["name"]} if given["name"] else {},
            category=given["category"],
            ladder=self.ladder(),
            carton=Carton(pieces=given["carton_pieces"]),
            supply=Supply(given["supply"]),
            stock_pieces=None if is_made else given["stock_pieces"],
            lead_time_days=given["lead_time_days"] if is_made else None,
        )

    def _field_of(self, header: str, filled: list[int]) -> str:
        return "name" if header.startswith("names.") else super()._field_of(header, filled)


class GoodForm(DraftForm):
    """All of a good but its variants and photos. `version`: of the good that she looks at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    language = forms.ChoiceField(
        label=gettext_lazy("The stall writes in"), choices=[(key, LANGUAGE_WORDS[key]) for key in LANGUAGES]
    )
    item_number = forms.CharField(
        label=gettext_lazy("Item number"), required=False, max_length=TEXT_ROOM * ITEM_NUMBER_MAX
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    unit = forms.ChoiceField(
        label=gettext_lazy("Sold by the"), choices=[(unit, UNIT_WORDS[unit]) for unit in UNITS], initial="piece"
    )
    carton_pieces = QuantityField(label=gettext_lazy("Pieces in a carton"), required=False)
    carton_length_cm = ScaledField(label=gettext_lazy("Length, cm"), decimals=1, required=False)
    carton_width_cm = ScaledField(label=gettext_lazy("Width, cm"), decimals=1, required=False)
    carton_height_cm = ScaledField(label=gettext_lazy("Height, cm"), decimals=1, required=False)
    carton_gross_kg = ScaledField(label=gettext_lazy("Gross weight, kg"), decimals=3, required=False)
    carton_net_kg = ScaledField(label=gettext_lazy("Net weight, kg"), decimals=3, required=False)
    hs_code = forms.CharField(
        label=gettext_lazy("HS code"),
        help_text=gettext_lazy("Six to ten digits, or words: codes that fit are offered."),
        required=False,
        max_length=40,
    )
    brand = forms.CharField(
        label=gettext_lazy("Brand"),
        help_text=gettext_lazy("Only where the stall may sell it: hand in the paper for it once."),
        required=False,
        max_length=TEXT_ROOM * BRAND_MAX,
    )
    supply = forms.ChoiceField(label=gettext_lazy("Supply"), choices=SUPPLY_WORDS, widget=forms.RadioSelect)
    stock_pieces = QuantityField(label=gettext_lazy("Pieces in stock"), required=False)
    stock_seen = forms.IntegerField(required=False, widget=forms.HiddenInput)  # when the form was opened
    lead_time_days = QuantityField(label=gettext_lazy("Days until it is made"), required=False)
    weekly_capacity_pieces = QuantityField(label=gettext_lazy("Pieces that can be made in a week"), required=False)
    collections = forms.MultipleChoiceField(
        label=gettext_lazy("Collections"),
        required=False,
        choices=[(one.value, name) for one, (name, _) in COLLECTIONS.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *given: Any, written: Draft, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields |= dict(step_fields(STEPS_MAX)) | dict(_text_fields(written))
        self.fields["category"].choices = category_choices()  # type: ignore[attr-defined]
        self.written = written

    @property
    def steps(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"step_{step}_quantity"], self[f"step_{step}_price"]) for step in range(1, STEPS_MAX + 1)]

    @property
    def texts(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Name and description, her own language first."""
        order = sorted(LANGUAGES, key=lambda key: key != self.written.language)
        return [(self[f"names_{key}"], self[f"descriptions_{key}"]) for key in order]

    @property
    def recounts(self) -> bool:
        """Whether she wrote another stock than stood there: else it stays as orders have left it."""
        return was_recounted(self)

    def draft(self) -> Draft:
        """Without variants."""
        given = self.cleaned_data
        return Draft(
            language=given["language"],
            names=self._texts("names"),
            descriptions=self._texts("descriptions"),
            item_number=given["item_number"],
            category=given["category"],
            unit=given["unit"],
            ladder=self.ladder(),
            carton=Carton(
                pieces=given["carton_pieces"],
                length_mm=given["carton_length_cm"],
                width_mm=given["carton_width_cm"],
                height_mm=given["carton_height_cm"],
                gross_g=given["carton_gross_kg"],
                net_g=given["carton_net_kg"],
            ),
            hs_code=given["hs_code"],
            brand=given["brand"],
            supply=Supply(given["supply"]),
            stock_pieces=given["stock_pieces"],
            lead_time_days=given["lead_time_days"],
            weekly_capacity_pieces=given["weekly_capacity_pieces"],
            collections=frozenset(map(Collection, given["collections"])),
        )

    def _texts(self, place: str) -> dict[str, str]:
        return {key: text for key in LANGUAGES if (text := self.cleaned_data[f"{place}_{key}"])}


def _text_fields(written: Draft) -> Iterator[tuple[str, forms.Field]]:
    for key in LANGUAGES:
        composed = told(written.names, key, source=written.language)
        hint = gettext("Without one buyers read: %(name)s") % {"name": composed.text} if composed.composed else ""
        attrs = {"lang": _HTML.get(key, key), "dir": "auto"}
        named = {"language": LANGUAGE_WORDS[key]}
        yield (
            f"names_{key}",
            forms.CharField(
                label=gettext("Name, %(language)s") % named,
                help_text=hint,
                required=False,
                max_length=TEXT_ROOM * NAME_MAX,
                widget=forms.TextInput(attrs=attrs),
            ),
        )
        yield (
            f"descriptions_{key}",
            forms.CharField(
                label=gettext("Description, %(language)s") % named,
                required=False,
                max_length=TEXT_ROOM * DESCRIPTION_MAX,
                widget=forms.Textarea(attrs=attrs | {"rows": 3}),
            ),
        )


def initial_of(draft: Draft, version: int) -> Mapping[str, Any]:
    """What stands in the form of a good when it is opened."""
    carton = draft.carton
    values: dict[str, Any] = {
        "version": version,
        "language": draft.language,
        "item_number": draft.item_number,
        "category": draft.category,
        "unit": draft.unit,
        "carton_pieces": carton.pieces,
        "carton_length_cm": carton.length_mm,
        "carton_width_cm": carton.width_mm,
        "carton_height_cm": carton.height_mm,
        "carton_gross_kg": carton.gross_g,
        "carton_net_kg": carton.net_g,
        "hs_code": draft.hs_code,
        "brand": draft.brand,
        "supply": draft.supply.value,
        "stock_pieces": draft.stock_pieces,
        "stock_seen": draft.stock_pieces,
        "lead_time_days": draft.lead_time_days,
        "weekly_capacity_pieces": draft.weekly_capacity_pieces,
        "collections": sorted(draft.collections),
    }
    for step, one in enumerate(draft.ladder, start=1):
        values |= {f"step_{step}_quantity": one.quantity, f"step_{step}_price": one.price_minor}
    for key in LANGUAGES:
        values |= {f"names_{key}": draft.names.get(key, ""), f"descriptions_{key}": draft.descriptions.get(key, "")}
    return values
