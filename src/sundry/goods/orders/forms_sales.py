"""What a stall answers: yes, with a day; no, with a reason; what it hands over; what it would rather change."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, Final, cast

from django import forms
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from sundry.goods.catalogue.forms_fields import QuantityField, ScaledField
from sundry.goods.catalogue.storefront import language_of_reader
from sundry.goods.orders.checks import LINE_NAME_MAX
from sundry.goods.orders.order_rules import (
    NOTE_MAX,
    REASON_MAX,
    ChangeKind,
    LineChange,
    LineView,
    SubView,
)
from sundry.goods.orders.own_goods import Finder, OwnGood, picked
from sundry.kernel.findings import Finding
from sundry.kernel.identifiers import new_id
from sundry.kernel.money import exponent

LINES_SHOWN: Final = 100  # with a field for each, so that a phone and the market can hold the form
CARTONS_MAX: Final = 1_000_000
REASONS: Final = {  # what is said most; the buyer reads it as the stall does
    "sold_out": gettext_lazy("It is sold out."),
    "too_late": gettext_lazy("It cannot be ready in time."),
    "price": gettext_lazy("The price does not hold any more."),
    "too_few": gettext_lazy("It is too little of it."),
    "other": gettext_lazy("Another reason"),
}


class KeyedForm(forms.Form):
    """`key`: made with the page, so that what is sent twice is done once."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initial: Any = None, **more: Any) -> None:
        super().__init__(data, initial={"key": str(new_id())} | (initial or {}), **more)


class ConfirmForm(KeyedForm):
    """`version`: of the part that she looks at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    day = forms.DateField(
        label=gettext_lazy("Until which day do you hand it over?"),
        help_text=gettext_lazy("The buyer counts on it."),
    )

    def clean_day(self) -> date:
        given: date = self.cleaned_data["day"]
        if given < localdate():
            raise forms.ValidationError(gettext("This day is over. Choose today or a later one."))
        return given


class DeclineForm(KeyedForm):
    why = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        choices=list(REASONS.items()),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy("The buyer reads it."),
        max_length=REASON_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("why") == "other" and not given.get("reason", "").strip():
            self.add_error("reason", gettext("Say why, in a few words."))

    @property
    def said(self) -> str:
        """What the buyer reads: her own words, else what she chose."""
        given = self.cleaned_data
        own = str(given["reason"]).strip()
        if given["why"] == "other":
            return own
        return f"{REASONS[given['why']]} {own}".strip()


class RefuseForm(KeyedForm):
    """Of a payment: whether it has arrived."""

    reason = forms.CharField(
        label=gettext_lazy("What did you not find?"),
        help_text=gettext_lazy("The buyer reads it."),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


# Lines ----------------------------------------------------------------------------------------------------------------


class HandOverForm(KeyedForm):
    """All that is open (`all`), or how many pieces of each line; how many cartons. Of very many lines the first
    LINES_SHOWN have a field; the rest stays, or goes with all of it.

    `seen`: what was open of all lines on the page from which it was sent. All of it means what she looked at."""

    all = forms.BooleanField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    cartons = QuantityField(label=gettext_lazy("Cartons"), required=False)
    note = forms.CharField(
        label=pgettext_lazy("remark", "Note"),
        help_text=gettext_lazy("Who took it, a number plate, a warehouse receipt."),
        max_length=NOTE_MAX,
        required=False,
    )

    def __init__(self, data: Any = None, *, lines: Sequence[LineView], **more: Any) -> None:
        self.open_lines = tuple(line for line in lines if line.open_pieces)
        self.now_open = _digest(self.open_lines)
        super().__init__(data, initial={"seen": self.now_open}, **more)
        self.lines = self.open_lines[:LINES_SHOWN]
        self.unshown = len(self.open_lines) - len(self.lines)
        for line in self.lines:
            self.fields[f"pieces_{line.id}"] = QuantityField(
                label=gettext("Pieces"), initial=line.open_pieces, required=False
            )

    @property
    def rows(self) -> Iterator[tuple[LineView, forms.BoundField]]:
        return ((line, self[f"pieces_{line.id}"]) for line in self.lines)

    def clean(self) -> None:
        if (self.cleaned_data.get("cartons") or 0) > CARTONS_MAX:
            self.add_error("cartons", gettext("That is too many cartons."))
        if self.is_all:
            if self.cleaned_data.get("seen") != self.now_open:
                self._look_again()
            return
        for line in self.lines:
            name = f"pieces_{line.id}"
            if (self.cleaned_data.get(name) or 0) > line.open_pieces:
                self.add_error(name, gettext("No more than %(most)s are still open.") % {"most": line.open_pieces})
        if not self.errors and not any(self.handed.values()):
            self.add_error(None, gettext("Nothing is handed over yet: write how many pieces of a line."))

    def _look_again(self) -> None:
        """What is open is not what she looked at: she is asked anew, with what is open now."""
        self.add_error(None, gettext("What is open has changed since you looked at it. Look at it again, then answer."))
        data = cast(QueryDict, self.data).copy()
        data.pop("all", None)
        data["seen"] = self.now_open
        for line in self.lines:
            data[f"pieces_{line.id}"] = str(line.open_pieces)
        self.data = data

    @property
    def is_all(self) -> bool:
        return bool(self.cleaned_data.get("all"))

    @property
    def handed(self) -> dict[uuid.UUID, int]:
        """Pieces by line, without those of which nothing is handed over."""
        if self.is_all:
            return {line.id: line.open_pieces for line in self.open_lines}
        pieces = {line.id: self.cleaned_data.get(f"pieces_{line.id}") or 0 for line in self.lines}
        return {line: count for line, count in pieces.items() if count}


def _digest(lines: Iterable[LineView]) -> str:
    """Of which lines how many pieces are open."""
    return sha256(repr([(str(line.id), line.open_pieces) for line in lines]).encode()).hexdigest()


class ProposeForm(KeyedForm):
    """What she would rather deliver. What stays as it is proposes nothing."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    day = forms.DateField(label=gettext_lazy("Until which day do you hand it over?"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("The buyer reads it, and says yes or no."),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, data: Any = None, *, sub: SubView, lines: Sequence[LineView], currency: str, find: Finder
    ) -> None:
        """`find`: what she may mean by the words of another good."""
        begun = {"version": sub.version, "day": sub.promised_day}
        super().__init__(data, initial=begun)
        self._find = find
        self._instead: dict[uuid.UUID, tuple[int, uuid.UUID | None]] = {}
        self.choices: dict[uuid.UUID, tuple[OwnGood, ...]] = {}  # of which she is asked which it is
        ordered = tuple(line for line in lines if line.pieces)
        self.sub, self.lines = sub, ordered[:LINES_SHOWN]
        self.unshown = len(ordered) - len(self.lines)
        for line in self.lines:
            self.fields |= dict(_line_fields(line, currency))

    @property
    def rows(
        self,
    ) -> Iterator[tuple[LineView, forms.BoundField, forms.BoundField, forms.BoundField, tuple[OwnGood, ...]]]:
        for line in self.lines:
            fields = (self[f"{name}_{line.id}"] for name in ("pieces", "price", "good"))
            yield line, *fields, self.choices.get(line.id, ())  # type: ignore[misc]

    def clean(self) -> None:
        given = self.cleaned_data
        for line in self.lines:
            pieces = given.get(f"pieces_{line.id}")
            if pieces is not None and pieces < line.handed_pieces:
                self.add_error(f"pieces_{line.id}", gettext("So many are handed over already."))
            self._look_for_another(line)
        if not self.errors and not self.changes and self.new_day is None:
            self.add_error(None, gettext("Nothing is different from what was agreed."))

    def _look_for_another(self, line: LineView) -> None:
        """What she means by a good in its place: the one that she has picked, or the only one that is like it."""
        words = self.cleaned_data.get(f"good_{line.id}", "")
        found = self._find(words) if words else ()
        chosen = picked(self.data.get(f"pick_{line.id}", ""))
        if chosen is not None and chosen in [(one.number, one.variant) for one in found]:
            self._instead[line.id] = chosen
        elif len(found) == 1:
            self._instead[line.id] = found[0].number, found[0].variant
        elif found:
            self.choices[line.id] = found
            self.add_error(f"good_{line.id}", gettext("Several are like that. Choose one."))
        elif words:
            self.add_error(f"good_{line.id}", gettext("Nothing that you have on show has this number or name."))

    @property
    def new_day(self) -> date | None:
        given: date | None = self.cleaned_data.get("day")
        return given if given != self.sub.promised_day else None

    @property
    def changes(self) -> tuple[LineChange, ...]:
        return tuple(change for line in self.lines if (change := self._change(line)) is not None)

    @property
    def kind(self) -> ChangeKind:
        """What a change of these lines, or of the day alone, is called."""
        changes, pieces = self.changes, {line.id: line.pieces for line in self.lines}
        if not changes:
            return ChangeKind.PROMISE
        if any(change.substitute for change in changes):
            return ChangeKind.SUBSTITUTE
        is_less = all(
            change.price_minor is None and change.pieces is not None and change.pieces < pieces[change.line]
            for change in changes
        )
        return ChangeKind.PART_CANCEL if is_less else ChangeKind.AMEND

    def _change(self, line: LineView) -> LineChange | None:
        given = self.cleaned_data
        pieces, price = given.get(f"pieces_{line.id}"), given.get(f"price_{line.id}")
        good, variant = self._instead.get(line.id, (None, None))
        told = LineChange(
            line.id,
            pieces=None if pieces == line.pieces else pieces,
            price_minor=None if price == line.price_minor else price,
            substitute=good,
            variant=variant,
        )
        return None if told == LineChange(line.id) else told

    def add_findings(self, found: Iterable[Finding]) -> None:
        """What the market says of it, at the top: it names its line."""
        for finding in found:
            self.add_error(None, finding.message(language_of_reader()))


def _line_fields(line: LineView, currency: str) -> Iterator[tuple[str, forms.Field]]:
    yield (
        f"pieces_{line.id}",
        QuantityField(
            label=gettext("Pieces"), help_text=gettext("0 takes it out."), initial=line.pieces, required=False
        ),
    )
    yield (
        f"price_{line.id}",
        ScaledField(
            label=gettext("Price, %(currency)s") % {"currency": currency},
            help_text=gettext("For %(pieces)s pieces.") % {"pieces": line.price_per} if line.price_per > 1 else "",
            decimals=exponent(currency),
            initial=line.price_minor,
            required=False,
        ),
    )
    yield (
        f"good_{line.id}",
        forms.CharField(
            label=gettext("Another good of yours instead"),
            help_text=gettext("Its number, its item number or a part of its name."),
            max_length=LINE_NAME_MAX,
            required=False,
            widget=forms.TextInput(attrs={"list": "own-goods", "autocomplete": "off", "dir": "auto"}),
        ),
    )
