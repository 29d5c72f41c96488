"""`/style`: every component of the design system, alive, with the markup that makes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import path
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

from sundry.base.access.guard import guarded
from sundry.base.access.rules import EVERYBODY, Operation
from sundry.base.ledger.rules import Unit, UnitKind
from sundry.web.templatetags.sundry import icon_names

STYLE = Operation("web.style", own=EVERYBODY)

# In the order of the page; each stands in templates/components/specimens.
SPECIMENS = {
    "texts": gettext_lazy("Texts"),
    "buttons": gettext_lazy("Buttons"),
    "badges": gettext_lazy("Badges"),
    "notices": gettext_lazy("Notices"),
    "fields": gettext_lazy("Fields"),
    "mistakes": gettext_lazy("Mistakes in a form"),
    "file_drop": gettext_lazy("File drop"),
    "filters": gettext_lazy("Filters"),
    "table": gettext_lazy("Table"),
    "task_list": gettext_lazy("Task list"),
    "summary_list": gettext_lazy("Summary list"),
    "figures": gettext_lazy("Figures"),
    "progress": gettext_lazy("Progress"),
    "timeline": gettext_lazy("Timeline"),
    "cards": gettext_lazy("Cards"),
    "dialog": gettext_lazy("Dialog"),
    "toast": gettext_lazy("Toast"),
    "empty": gettext_lazy("Nothing there"),
    "details": gettext_lazy("Details"),
    "copy": gettext_lazy("Copy"),
}
COLOURS = (
    *("paper", "sheet", "hover", "line", "edge", "ink", "muted", "accent", "accent-strong", "accent-soft"),
    *(
        "ok",
        "ok-soft",
        "attention",
        "attention-soft",
        "error",
        "error-soft",
        "neutral",
        "neutral-soft",
        "plate",
        "focus",
    ),
)


@dataclass(frozen=True, slots=True)
class Specimen:
    """A component as it looks (`shown`) and as it is written in a template (`source`)."""

    name: str
    title: str
    shown: SafeString
    source: str

    @property
    def anchor(self) -> str:
        return self.name.replace("_", "-")


class SpecimenForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("Your name"), help_text=gettext_lazy("As it stands on the papers."))
    cartons = forms.IntegerField(label=gettext_lazy("Cartons"), min_value=1)
    day = forms.DateField(label=gettext_lazy("Day of loading"), required=False)
    container = forms.ChoiceField(label=gettext_lazy("Container"), choices=[("20GP", "20GP"), ("40HC", "40HC")])
    terms = forms.ChoiceField(
        label=gettext_lazy("Terms"), choices=[("FOB", "FOB"), ("CIF", "CIF")], widget=forms.RadioSelect
    )
    papers = forms.MultipleChoiceField(
        label=gettext_lazy("Papers"),
        choices=[("invoice", gettext_lazy("Invoice")), ("packing-list", gettext_lazy("Packing list"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    rows = forms.CharField(
        label=gettext_lazy("Rows from Excel"),
        help_text=gettext_lazy("Copy the rows with their header, and paste them here."),
        widget=forms.Textarea(attrs={"data-paste": True, "rows": 4}),
        required=False,
    )
    agreed = forms.BooleanField(label=gettext_lazy("The figures are right"), required=False)
    book = forms.FileField(
        label=gettext_lazy("Order book"),
        help_text=gettext_lazy("Excel, OpenDocument or CSV. At most 20 MB."),
        widget=forms.FileInput(attrs={"data-limit-bytes": 20_000_000}),
    )


class MistakenForm(SpecimenForm):
    """Three of them, to be filled in wrongly."""

    day = container = papers = rows = agreed = book = None  # type: ignore[assignment]


@guarded(STYLE)
def style(request: HttpRequest) -> HttpResponse:
    examples = _examples()
    specimens = [_specimen(request, name, str(title), examples) for name, title in SPECIMENS.items()]
    return render(
        request, "style.html", {"specimens": specimens, "colours": COLOURS, "icon_names": sorted(icon_names())}
    )


def _specimen(request: HttpRequest, name: str, title: str, examples: dict[str, Any]) -> Specimen:
    template = get_template(f"components/specimens/{name}.html")
    source: str = template.template.source  # type: ignore[attr-defined]
    return Specimen(name, title, mark_safe(template.render(examples, request)), source)


def _examples() -> dict[str, Any]:
    """What the specimens show; all of it invented."""
    line = {"item": "K-1001", "state": "ok", "word": gettext("Done")}
    return {
        "form": SpecimenForm(auto_id="specimen_%s"),
        "wrong": MistakenForm({"cartons": "0"}, auto_id="wrong_%s"),
        "moment": datetime(2026, 4, 11, 7, 30, tzinfo=UTC),
        "earlier": datetime(2026, 4, 10, 23, 5, tzinfo=UTC),
        "refund_minor": -125_000,
        "unit": Unit(UnitKind.CURRENCY, "KWD", 3),
        "page": {"previous": "?before=K-1001#table", "next": "?after=K-1002#table"},
        "lines": [
            line | {"cartons": 1204, "weight_g": 14_448_000, "value_minor": 3_250_850},
            line
            | {"item": "K-1002", "state": "attention", "word": gettext("Please look")}
            | {"cartons": 36, "weight_g": 412_500, "value_minor": -99_900},
        ],
    }


urlpatterns = [path("style", style, name="style")]
