"""A change of one stall's part as the buyer writes it: pieces by line, perhaps another day, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from sundry.goods.catalogue.forms_fields import QuantityField
from sundry.goods.catalogue.storefront import language_of_reader
from sundry.goods.orders.order_rules import REASON_MAX, ChangeKind, LineChange, LineView
from sundry.goods.orders.showing_orders import line_told


class ChangeForm(forms.Form):
    """`version`: of the part that she looks at. A field for each line: `pieces-<its id>`, 0 takes it out."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    promised_day = forms.DateField(label=gettext_lazy("Another day"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The stall reads it."),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *given: Any, lines: Sequence[LineView], **more: Any) -> None:
        super().__init__(*given, **more)
        self.shown = lines
        for line in lines:
            name = line_told(line, language_of_reader()).text
            self.fields[f"pieces-{line.id}"] = QuantityField(
                label=gettext("Pieces of %(name)s") % {"name": name}, initial=line.pieces
            )

    @property
    def rows(self) -> list[tuple[LineView, forms.BoundField]]:
        return [(line, self[f"pieces-{line.id}"]) for line in self.shown]

    def changes(self) -> tuple[LineChange, ...]:
        """The lines that are to be otherwise."""
        given = self.cleaned_data
        return tuple(
            LineChange(line.id, pieces=given[f"pieces-{line.id}"])
            for line in self.shown
            if given[f"pieces-{line.id}"] != line.pieces
        )

    def kind(self) -> ChangeKind:
        """What the change is: only fewer pieces, only another day, or anything else."""
        changes = self.changes()
        if not changes:
            return ChangeKind.PROMISE
        before = {line.id: line.pieces for line in self.shown}
        is_less = all((change.pieces or 0) < before[change.line] for change in changes)
        return ChangeKind.PART_CANCEL if is_less else ChangeKind.AMEND

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not self.changes() and not given.get("promised_day"):
            raise forms.ValidationError(gettext("Nothing is changed yet: write another quantity, or another day."))
        return given
