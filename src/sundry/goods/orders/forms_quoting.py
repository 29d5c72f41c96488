"""A quotation as a stall writes it on a phone: terms, and each line with a ladder of at most three steps at first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy

from sundry.goods.catalogue.forms_fields import QuantityField, ScaledField
from sundry.goods.catalogue.storefront import language_of_reader
from sundry.goods.orders.checks import LINE_NAME_MAX
from sundry.goods.orders.enquiry_rules import STEPS_MAX, QuotationView, QuotedLine, QuotedStep, Terms
from sundry.goods.orders.forms_orders import choose, currencies
from sundry.goods.orders.forms_sales import KeyedForm
from sundry.goods.orders.order_rules import NOTE_MAX
from sundry.goods.orders.own_goods import OwnGood
from sundry.goods.orders.talk_checks import INCOTERMS, PLACE_MAX
from sundry.kernel.findings import Finding
from sundry.kernel.money import CURRENCIES, exponent

STEPS_AT_FIRST: Final = 3
_PLACES: Final = {"deposit_bp": "deposit", "ladder": "price_1", "carton": "carton_pieces", "names": "pieces"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line on the form: what it is of, and its fields."""

    line: QuotedLine
    id: forms.BoundField
    pieces: forms.BoundField
    price_per: forms.BoundField
    carton_pieces: forms.BoundField
    note: forms.BoundField
    drop: forms.BoundField
    steps: tuple[tuple[forms.BoundField, forms.BoundField], ...]

    @property
    def is_wrong(self) -> bool:
        more = (self.price_per, self.carton_pieces, self.note)
        return any(one.errors for one in more) or any(a.errors or b.errors for a, b in self.steps[1:])


class QuoteForm(KeyedForm):
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"),
        help_text=gettext_lazy("After this day nobody can accept it."),
        required=False,
    )
    lead_time_days = QuantityField(label=gettext_lazy("Ready in how many days?"), required=False)
    deposit = ScaledField(
        label=gettext_lazy("Deposit, percent"),
        help_text=gettext_lazy("What is paid in advance, as 30. Empty: nothing."),
        decimals=2,
        required=False,
    )
    incoterm = forms.ChoiceField(label=gettext_lazy("Incoterm"), required=False)
    place = forms.CharField(
        label=gettext_lazy("Place of the Incoterm"),
        help_text=gettext_lazy("As Ningbo for FOB, or your warehouse for EXW."),
        max_length=PLACE_MAX,
        required=False,
    )
    packing = forms.CharField(label=gettext_lazy("Packing"), max_length=NOTE_MAX, required=False)
    note = forms.CharField(
        label=pgettext_lazy("remark", "Note"),
        max_length=NOTE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    new_good = forms.CharField(
        label=gettext_lazy("A good of yours"),
        help_text=gettext_lazy(
            "Its number, its item number or a part of its name. Its name, price and carton come along."
        ),
        max_length=LINE_NAME_MAX,
        required=False,
        widget=forms.TextInput(attrs={"list": "own-goods", "autocomplete": "off", "dir": "auto"}),
    )
    new_name = forms.CharField(label=gettext_lazy("Or what it is called"), max_length=LINE_NAME_MAX, required=False)
    new_pieces = QuantityField(label=gettext_lazy("Pieces"), required=False)

    def __init__(self, data: Any = None, *, view: QuotationView, typed: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=_initial(view) | dict(typed or {}))
        self.view = view
        self.choices: tuple[OwnGood, ...] = ()  # of which she is asked which she adds
        asked = data.get("currency", "") if data is not None else ""
        self.used_currency = asked if asked in CURRENCIES else view.terms.currency
        choose(self.fields["currency"], currencies())
        choose(self.fields["incoterm"], [("", gettext("None named")), *((one, one) for one in sorted(INCOTERMS))])
        self.fields["new_price"] = _price(gettext("Price, %(currency)s") % {"currency": self.used_currency}, self)
        for place, line in enumerate(view.lines, 1):
            self.fields |= dict(_line_fields(place, line, self))

    # The page's view of it

    @property
    def rows(self) -> Iterator[Row]:
        for place, line in enumerate(self.view.lines, 1):
            named = {
                name: self[f"line_{place}_{name}"]
                for name in ("id", "pieces", "price_per", "carton_pieces", "note", "drop")
            }
            steps = tuple(
                (self[f"line_{place}_quantity_{step}"], self[f"line_{place}_price_{step}"])
                for step in range(1, _steps(line) + 1)
            )
            yield Row(line, **named, steps=steps)

    # What was written

    @property
    def is_overtaken(self) -> bool:
        """Whether the lines are others than those that she looked at."""
        lines = enumerate(self.view.lines, 1)
        return self.is_bound and any(self.data.get(f"line_{place}_id") != str(line.id) for place, line in lines)

    def looked_again(self) -> QuoteForm:
        """With the lines as they are now, and what was typed of the rest."""
        typed = {name: self.data[name] for name in self.base_fields if name in self.data}
        return QuoteForm(view=self.view, typed=typed)

    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(
            currency=given["currency"],
            valid_until=given["valid_until"],
            lead_time_days=given["lead_time_days"],
            incoterm=given["incoterm"],
            place=given["place"].strip(),
            packing=given["packing"].strip(),
            deposit_bp=given["deposit"] or 0,
            note=given["note"].strip(),
        )

    def lines(self) -> tuple[QuotedLine, ...]:
        """Those that stay, as they are now. A new one is the page's to look up."""
        found = enumerate(self.view.lines, 1)
        return tuple(
            self._line(place, line) for place, line in found if not self.cleaned_data.get(f"line_{place}_drop")
        )

    def described(self) -> QuotedLine | None:
        """A line of no good of the catalogue; None: none is named."""
        given = self.cleaned_data
        if not given["new_name"].strip():
            return None
        pieces, price = given["new_pieces"] or 1, given["new_price"]
        language = language_of_reader()
        ladder = (QuotedStep(1, price),) if price else ()
        return QuotedLine(ladder, pieces, names={language: given["new_name"].strip()}, language=language)

    def _line(self, place: int, line: QuotedLine) -> QuotedLine:
        given = self.cleaned_data
        ladder = tuple(
            QuotedStep(quantity or 1, price)
            for step in range(1, _steps(line) + 1)
            for quantity, price in [
                (given.get(f"line_{place}_quantity_{step}"), given.get(f"line_{place}_price_{step}"))
            ]
            if price is not None
        )
        return replace(
            line,
            ladder=ladder,
            pieces=given.get(f"line_{place}_pieces") or 0,
            price_per=given.get(f"line_{place}_price_per") or 1,
            carton=replace(line.carton, pieces=given.get(f"line_{place}_carton_pieces")),
            note=given.get(f"line_{place}_note", ""),
        )

    def add_findings(self, found: Iterable[Finding], *, places: Sequence[int] = ()) -> None:
        """Each at its field. `places`: of the lines that were kept, so that a row of theirs is the row on the page."""
        for finding in found:
            name = _PLACES.get(finding.header, finding.header)
            if finding.row and finding.row <= len(places):
                name = f"line_{places[finding.row - 1]}_{name}"
            self.add_error(name if name in self.fields else None, finding.message(language_of_reader()))

    def places(self) -> tuple[int, ...]:
        """Of the lines that stay."""
        all_of_them = range(1, len(self.view.lines) + 1)
        return tuple(place for place in all_of_them if not self.cleaned_data.get(f"line_{place}_drop"))


def _initial(view: QuotationView) -> dict[str, Any]:
    terms = view.terms
    return {
        "currency": terms.currency,
        "valid_until": terms.valid_until,
        "lead_time_days": terms.lead_time_days,
        "deposit": terms.deposit_bp or None,
        "incoterm": terms.incoterm,
        "place": terms.place,
        "packing": terms.packing,
        "note": terms.note,
    }


def _steps(line: QuotedLine) -> int:
    """How many the form shows: one more than there are."""
    return min(max(STEPS_AT_FIRST, len(line.ladder) + 1), STEPS_MAX)


def _price(label: str, form: QuoteForm, **more: Any) -> ScaledField:
    return ScaledField(label=label, decimals=exponent(form.used_currency), required=False, **more)


def _line_fields(place: int, line: QuotedLine, form: QuoteForm) -> Iterator[tuple[str, forms.Field]]:
    named = f"line_{place}"
    yield f"{named}_id", forms.CharField(initial=str(line.id), widget=forms.HiddenInput)
    yield f"{named}_pieces", QuantityField(label=gettext("Pieces that it is laid out for"), initial=line.pieces)
    yield (
        f"{named}_price_per",
        QuantityField(label=gettext("The price is for so many pieces"), initial=line.price_per, required=False),
    )
    yield (
        f"{named}_carton_pieces",
        QuantityField(label=gettext("Pieces in a carton"), initial=line.carton.pieces, required=False),
    )
    yield (
        f"{named}_note",
        forms.CharField(label=pgettext("remark", "Note"), initial=line.note, max_length=NOTE_MAX, required=False),
    )
    yield f"{named}_drop", forms.BooleanField(label=gettext("Leave this line out"), required=False)
    label = gettext("Price, %(currency)s") % {"currency": form.used_currency}
    for step in range(1, _steps(line) + 1):
        there = line.ladder[step - 1] if step <= len(line.ladder) else None
        yield (
            f"{named}_quantity_{step}",
            QuantityField(
                label=gettext("From how many pieces"), initial=there.quantity if there else None, required=False
            ),
        )
        yield f"{named}_price_{step}", _price(label, form, initial=there.price_minor if there else None)
