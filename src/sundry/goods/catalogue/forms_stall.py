"""What a stall says of itself, and the papers that it hands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, gettext_lazy

from sundry.goods.catalogue.actions_stalls import BRAND_MAX
from sundry.goods.catalogue.forms_fields import QuantityField, ScaledField
from sundry.goods.catalogue.forms_goods import LANGUAGE_WORDS, TEXT_ROOM
from sundry.goods.catalogue.rules import (
    DESCRIPTION_MAX,
    LANGUAGES,
    NAME_MAX,
    PHOTO_BYTES_MAX,
    MixedBatch,
    StallView,
)
from sundry.goods.catalogue.storefront import language_of_reader
from sundry.kernel.findings import Finding

_HTML: Final = {"zh": "zh-hans"}
_PLACES: Final = {"mixed_batch.amount_minor": "mixed_amount", "mixed_batch.pieces": "mixed_pieces"}


class StallForm(forms.Form):
    """`version`: of the stall that she looks at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    language = forms.ChoiceField(
        label=gettext_lazy("The stall writes in"), choices=[(key, LANGUAGE_WORDS[key]) for key in LANGUAGES]
    )
    mixed_amount = ScaledField(
        label=gettext_lazy("Mixed orders from, yuan"),
        help_text=gettext_lazy("What an order of several goods must come to. Empty: nothing is asked."),
        decimals=2,
        required=False,
    )
    mixed_pieces = QuantityField(label=gettext_lazy("Mixed orders from, pieces"), required=False)
    is_open = forms.BooleanField(label=gettext_lazy("The stall is open: buyers see its goods"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields |= dict(_text_fields())

    @property
    def texts(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"names_{key}"], self[f"about_{key}"]) for key in LANGUAGES]

    def said(self) -> dict[str, Any]:
        """As `actions_stalls.change_stall` is told."""
        given = self.cleaned_data
        return {
            "names": {key: given[f"names_{key}"] for key in LANGUAGES},
            "about": {key: given[f"about_{key}"] for key in LANGUAGES},
            "mixed_batch": MixedBatch(given["mixed_amount"], given["mixed_pieces"]),
            "language": given["language"],
            "is_open": given["is_open"],
            "version": given["version"],
        }

    def add_findings(self, found: Iterable[Finding]) -> None:
        for finding in found:
            name = _PLACES.get(finding.header, finding.header.replace(".", "_"))
            self.add_error(name if name in self.fields else None, finding.message(language_of_reader()))


def _text_fields() -> Iterator[tuple[str, forms.Field]]:
    for key in LANGUAGES:
        attrs = {"lang": _HTML.get(key, key), "dir": "auto"}
        named = {"language": LANGUAGE_WORDS[key]}
        yield (
            f"names_{key}",
            forms.CharField(
                label=gettext("Name of the stall, %(language)s") % named,
                required=False,
                max_length=TEXT_ROOM * NAME_MAX,
                widget=forms.TextInput(attrs=attrs),
            ),
        )
        yield (
            f"about_{key}",
            forms.CharField(
                label=gettext("About the stall, %(language)s") % named,
                required=False,
                max_length=TEXT_ROOM * DESCRIPTION_MAX,
                widget=forms.Textarea(attrs=attrs | {"rows": 3}),
            ),
        )


def initial_of(stall: StallView) -> Mapping[str, Any]:
    return {
        "version": stall.version,
        "language": stall.language,
        "mixed_amount": stall.mixed_batch.amount_minor,
        "mixed_pieces": stall.mixed_batch.pieces,
        "is_open": stall.is_open,
        **{f"names_{key}": stall.card.names.get(key, "") for key in LANGUAGES},
        **{f"about_{key}": stall.about.get(key, "") for key in LANGUAGES},
    }


class PaperForm(forms.Form):
    brand = forms.CharField(label=gettext_lazy("Brand"), max_length=TEXT_ROOM * BRAND_MAX)
    file = forms.FileField(
        label=gettext_lazy("The paper: a photo or a PDF"),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf", "data-limit-bytes": str(PHOTO_BYTES_MAX)}),
        max_length=200,
    )
    valid_from = forms.DateField(label=gettext_lazy("Valid from"))
    valid_until = forms.DateField(label=gettext_lazy("Valid until"), required=False)
