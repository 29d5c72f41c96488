"""The colours and sizes of a good as rows of a table, each with its name in the stall's own language.

What a variant is called in other languages (a sheet or the API may say so) stays as long as the row does.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from sundry.goods.catalogue.forms_fields import QuantityField, ScaledField, was_recounted
from sundry.goods.catalogue.rules import ITEM_NUMBER_MAX, NAME_MAX, VARIANTS_MAX, Draft, Variant
from sundry.goods.catalogue.storefront import language_of_reader
from sundry.kernel.findings import Finding, Severity

BLANK_ROWS: Final = 3
_FIELDS: Final = {"names": "name", "difference_minor": "difference"}


class VariantForm(forms.Form):
    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Kind"), required=False, max_length=4 * NAME_MAX)
    item_number = forms.CharField(label=gettext_lazy("Item number"), required=False, max_length=4 * ITEM_NUMBER_MAX)
    difference = ScaledField(label=gettext_lazy("Price difference, yuan"), decimals=2, signed=True, required=False)
    stock_pieces = QuantityField(label=gettext_lazy("Pieces in stock"), required=False)
    stock_seen = forms.IntegerField(required=False, widget=forms.HiddenInput)  # when the form was opened


class VariantForms(forms.BaseFormSet):  # type: ignore[type-arg]
    """A row without a name and an item number is none."""

    def variants(self, written: Draft, language: str) -> tuple[Variant, ...]:
        known = {one.id: one for one in written.variants}
        return tuple(_variant(form.cleaned_data, known, language) for form in self._filled())

    @property
    def recounted(self) -> set[uuid.UUID]:
        """The ids of those of which she wrote another stock than stood there."""
        return {form.cleaned_data["id"] for form in self._filled() if form.cleaned_data["id"] and was_recounted(form)}

    def add_findings(self, found: Iterable[Finding]) -> None:
        """Those about variants, each at its field."""
        filled = self._filled()
        for finding in found:
            head, _, rest = finding.header.partition(".")
            index, _, field = rest.partition(".")
            if finding.severity is not Severity.ERROR or head != "variants" or not index.isdigit():
                continue
            field = field.partition(".")[0]
            if int(index) < len(filled):
                filled[int(index)].add_error(_FIELDS.get(field, field) or "name", finding.message(language_of_reader()))

    def _filled(self) -> list[forms.Form]:
        return [form for form in self.forms if any(_said(form.cleaned_data).values())]


def _said(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: given.get(name) for name in ("name", "item_number")}


def _variant(given: Mapping[str, Any], known: Mapping[Any, Variant], language: str) -> Variant:
    before = known.get(given.get("id"))
    names = dict(before.names) if before else {}
    names.pop(language, None)
    if given.get("name"):
        names[language] = given["name"]
    return Variant(
        names=names,
        item_number=given.get("item_number", ""),
        difference_minor=given.get("difference") or 0,
        stock_pieces=given.get("stock_pieces"),
        id=before.id if before else None,
    )


def variant_forms(written: Draft, data: Mapping[str, Any] | None = None) -> VariantForms:
    made = forms.formset_factory(
        VariantForm,
        formset=VariantForms,
        extra=BLANK_ROWS,
        max_num=VARIANTS_MAX + BLANK_ROWS,
        absolute_max=2 * VARIANTS_MAX,
    )
    initial = [
        {
            "id": one.id,
            "name": one.names.get(written.language, ""),
            "item_number": one.item_number,
            "difference": one.difference_minor or None,
            "stock_pieces": one.stock_pieces,
            "stock_seen": one.stock_pieces,
        }
        for one in written.variants
    ]
    return made(data, initial=initial, prefix="variants")  # type: ignore[return-value]
