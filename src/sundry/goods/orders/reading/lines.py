"""From a row as typed to a whole line, with every mistake told at its cell.

A line needs cartons, pieces and a price; whatever else is missing stays None. A wish (`for_wishes`: somebody's list of
what she would buy) needs pieces alone: 0 cartons and the price "" are those that it does not say. Where the book says a
thing twice (pieces, totals, volumes), both must agree: pieces that disagree set the line aside, because nobody can know
which is true; a typed total that disagrees is told and the computed one counts.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from sundry.goods.orders.reading.cells import Figure
from sundry.goods.orders.reading.columns import Column
from sundry.goods.orders.reading.drafts import MEASURES, Draft, SheetDrafts
from sundry.goods.orders.reading.layout import Layout, Table, letter
from sundry.goods.orders.reading.meanings import (
    KG_PER_UNIT,
    M3_PER_UNIT,
    MM_PER_UNIT,
    Limits,
    Measured,
    means_total,
    volume_evidence,
    volume_fits,
    weight_evidence,
    weight_fits,
)
from sundry.goods.orders.reading.numerals import parse, tidy
from sundry.goods.orders.reading.vocabulary import plain, vocabulary
from sundry.goods.orders.rules import CheckRules, Line, default_box
from sundry.kernel.findings import Finding, Severity
from sundry.kernel.money import exponent

PIECES_PER = {"dozen": 12, "gross": 144}
_MM3_PER_M3 = 1_000_000_000
_CENT = Decimal("0.011")
_SIZES = ("length", "width", "height")


@dataclass(slots=True)
class Result:
    """One row's outcome: the line, or None where an error sets it aside; its value as far as it could be computed, so
    that the sheet's totals can be compared with what the office counted."""

    draft: Draft
    line: Line | None
    findings: list[Finding]
    value_minor: int | None = None
    currency: str = ""


@dataclass(slots=True)
class SheetHabits:
    """What the whole sheet tells about each of its lines."""

    currency: str
    total_measures: set[tuple[int, str]] = field(default_factory=set)  # (table, measure) whose plain column is in all
    hs_length: int = 0
    length_units: dict[int, str] = field(default_factory=dict)  # where neither header nor cell names one
    table_currency: dict[int, str] = field(default_factory=dict)  # where all prices that show one show the same
    counted_in: dict[tuple[int, str], str] = field(default_factory=dict)  # (table, slot) -> dozen | gross, by its sums
    blank: set[tuple[int, str]] = field(default_factory=set)  # (table, thing) that no line of the table has


class LineReader:
    """Makes the lines of one sheet."""

    def __init__(
        self, sheet: SheetDrafts, rules: CheckRules, default_currency: str, stall: str, *, for_wishes: bool = False
    ) -> None:
        self.sheet = sheet
        self.for_wishes = for_wishes
        self.rules = rules
        self.stall = stall
        self.limits = Limits(rules.density_min_kg_m3, rules.density_max_kg_m3)
        self.sheet_findings: list[Finding] = []
        self.habits = SheetHabits(default_currency)
        self._learn()

    def read(self) -> list[Result]:
        return [self._line(draft) for draft in self.sheet.drafts]

    # What the sheet as a whole tells.

    def _learn(self) -> None:
        self.habits.hs_length = _usual_hs_length(self.sheet.drafts)
        for number, table in enumerate(self.sheet.tables):
            drafts = [draft for draft in self.sheet.drafts if draft.table is table]
            if not drafts:
                continue
            self._learn_currency(number, table, drafts)
            self._learn_length_unit(number, table, drafts)
            self._learn_counting(number, table.layout, drafts)
            self._learn_measures(number, table.layout, drafts)
            self._tell_missing(number, table.layout, drafts, table.header_rows[-1])

    def _learn_counting(self, number: int, layout: Layout, drafts: list[Draft]) -> None:
        """Whether a quantity without a unit counts dozens, as the price or the other quantity does: if only so the
        sums come out. QTY 60 at 5.04 a dozen, amount 302.40: sixty dozens; amount 25.20: sixty pieces."""
        pieces, packed, price = (layout.columns.get(slot) for slot in ("pieces", "pieces_per_carton", "price"))
        priced_in = price.price_per if price is not None else None
        told = {
            slot: column.counted_in for slot, column in (("pieces", pieces), ("pieces_per_carton", packed)) if column
        }
        if "pieces" in told and told["pieces"] is None and priced_in in PIECES_PER:
            sums = [(d.number("price"), d.number("pieces"), d.number("value")) for d in drafts]
            if _only_unconverted(sums, PIECES_PER[priced_in]):
                told["pieces"] = self.habits.counted_in[number, "pieces"] = priced_in
        for slot, other in (("pieces", "pieces_per_carton"), ("pieces_per_carton", "pieces")):
            unit = told.get(other) or ""
            if told.get(slot, unit) is None and unit in PIECES_PER:
                sums = [(d.number("pieces_per_carton"), Decimal(_cartons(d)), d.number("pieces")) for d in drafts]
                if _only_unconverted(sums, PIECES_PER[unit]):
                    self.habits.counted_in[number, slot] = unit

    def _learn_currency(self, number: int, table: Table, drafts: list[Draft]) -> None:
        """Prices without a currency beside most prices with one are meant in it, too; which is told."""
        priced = [draft.figure("price") for draft in drafts if draft.number("price") is not None]
        marked = Counter(figure.currency for figure in priced if figure.currency)
        if not marked or sum(marked.values()) == len(priced):
            return
        column = table.layout.columns["price"]
        if column.currency is None and len(marked) == 1 and 2 * sum(marked.values()) > len(priced):
            self.habits.table_currency[number] = next(iter(marked))
        expected = column.currency or self.habits.currency
        if set(marked) == {expected}:
            return
        taken = self.habits.table_currency.get(number) or expected
        bare = len(priced) - sum(marked.values())
        self.sheet_findings.append(
            self._finding(
                Severity.WARNING, "currency_assumed", table.header_rows[-1], column, taken, count=bare, currency=taken
            )
        )

    def _learn_length_unit(self, number: int, table: Table, drafts: list[Draft]) -> None:
        """One unit for the whole column, told, where nobody wrote it."""
        column = table.layout.columns.get("length") or table.layout.columns.get("size")
        if column is None or column.length_unit:
            return
        guesses: Counter[str] = Counter()
        for draft in drafts:
            sides = _sides_of(draft)
            written = _unit_in(plain_unit(draft.size)) if draft.size else _unit_in(draft.figure("length").suffix)
            if sides and not written:
                guesses[_guessed_unit(sides, _m3(draft, "volume_carton") or _m3(draft, "volume"))] += 1
        if guesses:
            unit = self.habits.length_units[number] = guesses.most_common(1)[0][0]
            self.sheet_findings.append(
                self._finding(Severity.WARNING, "length_unit_guessed", table.header_rows[-1], column, unit)
            )

    def _learn_measures(self, number: int, layout: Layout, drafts: list[Draft]) -> None:
        if "volume" in layout.columns:
            lines = [
                Measured(stated, cartons, _box_m3(draft), _carton_kg(draft))
                for draft in drafts
                if (stated := _m3(draft, "volume")) and (cartons := _cartons(draft))
            ]
            if means_total(volume_evidence(lines, self.limits)):
                self._column_is_total(number, layout, "volume", drafts)
        for measure in ("gross", "net"):
            if measure not in layout.columns:
                continue
            weights = [
                Measured(stated, cartons, self._carton_m3(number, draft))
                for draft in drafts
                if (stated := _kg(draft, measure)) and (cartons := _cartons(draft))
            ]
            if means_total(weight_evidence(weights, self.limits)):
                self._column_is_total(number, layout, measure, drafts)

    def _column_is_total(self, number: int, layout: Layout, measure: str, drafts: list[Draft]) -> None:
        self.habits.total_measures.add((number, measure))
        column = layout.columns[measure]
        self.sheet_findings.append(
            self._finding(Severity.WARNING, "measure_read_as_total", drafts[0].table.header_rows[-1], column)
        )

    def _tell_missing(self, number: int, layout: Layout, drafts: list[Draft], header_row: int) -> None:
        """What no line of the table has is told once, at the header, not three hundred times."""
        things = {
            "gross": not any(d.figure(k).number for d in drafts for k in ("gross", "gross_carton", "gross_total")),
            "net": not any(d.figure(k).number for d in drafts for k in ("net", "net_carton", "net_total")),
            "hs": not any("hs" in draft.texts for draft in drafts),
            "box": not any(draft.size or draft.number("length") for draft in drafts),
        }
        volume = any(draft.number(slot) for draft in drafts for slot in MEASURES if slot.startswith("volume"))
        rules = {"gross": "gross_missing_everywhere", "net": "net_missing_everywhere", "hs": "hs_missing_everywhere"}
        rules["box"] = "box_from_volume_everywhere" if volume else "size_missing_everywhere"
        for thing, missing in things.items():
            if missing:
                self.habits.blank.add((number, thing))
                column = layout.columns.get(thing) or layout.columns.get("volume_carton" if thing == "box" else thing)
                self.sheet_findings.append(self._finding(Severity.WARNING, rules[thing], header_row, column))

    def _carton_m3(self, number: int, draft: Draft) -> Decimal | None:
        """The volume of one carton as far as the row tells it without doubt."""
        box = _box_m3(draft)
        if box:
            return box
        cartons = _cartons(draft)
        per_carton = _m3(draft, "volume_carton")
        if per_carton:
            return per_carton
        total = _m3(draft, "volume_total")
        if total and cartons:
            return total / cartons
        unsaid = _m3(draft, "volume")
        if unsaid and cartons:
            return unsaid / cartons if (number, "volume") in self.habits.total_measures else unsaid
        return None

    # One line.

    def _line(self, draft: Draft) -> Result:
        row = _Row(self, draft)
        cartons = row.cartons()
        pieces, per_carton, unit, counted_in = row.pieces(cartons)
        price = row.price(counted_in)
        value = row.value(price, pieces, cartons)
        volume = row.volume(cartons or None)
        gross = row.weight("gross", cartons or None, volume.mm3)
        net = row.weight("net", cartons or None, volume.mm3)
        row.compare_weights(gross, net)
        hs, hs_given = row.hs()
        inspection, restricted, upright = row.flags()
        result = Result(draft, None, row.findings, value, price.currency)
        if any(finding.severity is Severity.ERROR for finding in row.findings):
            return result
        assert cartons is not None
        assert pieces is not None
        assert self.for_wishes or (price.number is not None and value is not None)
        result.line = Line(
            sheet=self.sheet.name,
            row=draft.row,
            stall=draft.stall or self.stall,
            item=draft.item,
            name=draft.names[0][1] if draft.names else "",
            cartons=cartons,
            pieces_per_carton=per_carton,
            pieces=pieces,
            unit=unit,
            unit_price="" if price.number is None else f"{price.number.normalize():f}",
            unit_price_minor=_minor(price.number or Decimal(), price.currency),
            price_per=price.per,
            value_minor=value or 0,
            currency=price.currency,
            gross_g=gross,
            net_g=net,
            carton_mm=volume.carton_mm,
            carton_mm_from=volume.carton_mm_from,
            carton_volume_mm3=volume.mm3,
            carton_volume_from=volume.told_by,
            hs=hs,
            names={language: text for language, text in reversed(draft.names) if language},
            mark=draft.texts.get("mark", ""),
            this_side_up=upright,
            inspection=inspection,
            restricted=restricted,
            value_stated_minor=row.stated_minor,
            hs_given=hs_given,
            carton_numbers=draft.carton_numbers,
            picture=self.sheet.grid.pictures.get(draft.row, ""),
            note=draft.texts.get("note", ""),
        )
        return result

    def _finding(
        self, severity: Severity, rule: str, row: int, column: Column | None, value: str = "", **details: Any
    ) -> Finding:
        return Finding(
            severity,
            rule,
            sheet=self.sheet.name,
            row=row,
            column=letter(column),
            header="" if column is None else column.header,
            value=value,
            details=details,
        )


@dataclass(frozen=True, slots=True)
class _Price:
    number: Decimal | None
    per: str
    currency: str


@dataclass(frozen=True, slots=True)
class _Volume:
    """Of one carton."""

    mm3: int | None = None
    told_by: str | None = None
    carton_mm: tuple[int, int, int] | None = None
    carton_mm_from: str | None = None


class _Row:
    """The checks of one row. Each part returns what it found out and adds its findings."""

    def __init__(self, reader: LineReader, draft: Draft) -> None:
        self.reader = reader
        self.draft = draft
        self.layout = draft.layout
        self.table_number = reader.sheet.tables.index(draft.table)
        self.findings: list[Finding] = []
        self.stated_minor: int | None = None
        if draft.partly_struck:
            self.tell(Severity.WARNING, "partly_struck", "item")

    def tell(self, severity: Severity, rule: str, slot: str, value: str = "", **details: Any) -> None:
        column = self.layout.columns.get(slot)
        self.findings.append(self.reader._finding(severity, rule, self.draft.row, column, value, **details))

    def error(self, rule: str, slot: str, value: str = "", **details: Any) -> None:
        self.tell(Severity.ERROR, rule, slot, value, **details)

    def warning(self, rule: str, slot: str, value: str = "", **details: Any) -> None:
        self.tell(Severity.WARNING, rule, slot, value, **details)

    def usable(self, slot: str, *, needed: bool = True) -> Figure:
        """The figure of a slot; a formula error or a text where a number belongs is told here."""
        found = self.draft.figure(slot)
        if found.others and not (slot == "pieces_per_carton" and _is_product(found)):
            found = Figure(shown=found.shown, problem="not_a_number")  # 10+2, 3-4: which one is meant?
        if found.problem:
            rule = {"formula_error": "formula_error", "no_value": "formula_without_value"}.get(
                found.problem, "not_a_number"
            )
            self.tell(Severity.ERROR if needed else Severity.WARNING, rule, slot, found.shown)
        return found

    # Cartons and pieces.

    def cartons(self) -> int | None:
        found = self.usable("cartons")
        if found.problem:
            return None
        numbered = self.draft.numbered_cartons
        if found.number is None:
            return self._cartons_without_column(numbered)
        number = found.number
        if number <= 0:
            self.error("cartons_not_positive", "cartons", found.shown)
            return None
        if number != number.to_integral_value():
            self.error("cartons_not_whole", "cartons", found.shown)
            return None
        if numbered is not None and numbered != number:
            self.warning(
                "carton_numbers_disagree",
                "carton_numbers",
                self.draft.carton_numbers,
                numbered=numbered,
                cartons=number,
            )
        return int(number)

    def _cartons_without_column(self, numbered: int | None) -> int | None:
        draft = self.draft
        if draft.shares_cartons_with:
            if self.reader.for_wishes:
                return 0
            self.error("cartons_shared", self._carton_slot(), other=draft.shares_cartons_with)
            return None
        if numbered is not None:
            if numbered == 0:
                self.error("cartons_not_positive", "carton_numbers", draft.carton_numbers)
                return None
            return numbered
        if draft.carton_numbers:
            self.error("carton_numbers_unclear", "carton_numbers", draft.carton_numbers)
            return None
        pieces, per_carton = draft.number("pieces"), draft.number("pieces_per_carton")
        if not self.layout.has("cartons", "carton_numbers") and pieces and per_carton and pieces > 0 < per_carton:
            if pieces % per_carton == 0:
                return int(pieces / per_carton)
            if self.reader.for_wishes:
                return 0
            self.error("pieces_not_whole_cartons", "pieces", str(pieces), per_carton=per_carton)
            return None
        if self.reader.for_wishes:
            return 0
        self.error("cartons_missing", self._carton_slot())
        return None

    def _carton_slot(self) -> str:
        return "cartons" if "cartons" in self.layout.columns or "carton_numbers" not in self.layout.columns else (
            "carton_numbers"
        )  # fmt: skip

    def pieces(self, cartons: int | None) -> tuple[int | None, int | None, str, str]:
        """(pieces, pieces per carton, unit, what the quantity is counted in)."""
        stated, packed = self.usable("pieces"), self.usable("pieces_per_carton")
        unit_text = self.draft.texts.get("unit", "")
        words = vocabulary().pieces_units
        by_unit_column = words.exactly(plain(unit_text)) if unit_text else None
        stated_in = self._counted_in(stated, "pieces", by_unit_column)
        packed_in = self._counted_in(
            packed, "pieces_per_carton", self._packing_unit(stated_in if by_unit_column else None, cartons)
        )
        if "pieces_per_carton" not in self.layout.columns:
            packed_in = stated_in
        counted_in = stated_in or packed_in or "piece"
        unit = counted_in if counted_in in ("set", "pair") else (by_unit_column or "piece")
        unit = "piece" if unit in PIECES_PER or unit == "carton" else unit
        if stated.problem or packed.problem:
            return None, None, unit, counted_in
        total = _times(stated.number, PIECES_PER.get(stated_in or "", 1))
        each = _times(_product(packed), PIECES_PER.get(packed_in or "", 1))
        for slot, found, number in (("pieces_per_carton", packed, each), ("pieces", stated, total)):
            if number is not None and number != number.to_integral_value():
                self.error("pieces_not_whole", slot, found.shown)
                return None, None, unit, counted_in
        if cartons is None:
            return None, None, unit, counted_in
        return (*self._pieces_agree(cartons, total, each, stated, packed), unit, counted_in)

    def _packing_unit(self, unit: str | None, cartons: int | None) -> str | None:
        """The unit column is of the packing, too, unless the sums only come out with pieces in a carton: 6 cartons of
        120, in all 60 DZ."""
        stated, packed = self.draft.number("pieces"), self.draft.number("pieces_per_carton")
        factor = PIECES_PER.get(unit or "", 1)
        in_pieces = stated is not None and packed is not None and packed * (cartons or 0) == stated * factor
        return None if in_pieces and factor > 1 else unit

    def _pieces_agree(
        self, cartons: int, total: Decimal | None, each: Decimal | None, stated: Figure, packed: Figure
    ) -> tuple[int | None, int | None]:
        if each is not None and each <= 0:
            self.error("pieces_not_positive", "pieces_per_carton", packed.shown)
            return None, None
        if total is not None and total <= 0:
            self.error("pieces_not_positive", "pieces", stated.shown)
            return None, None
        if each is not None and total is not None and cartons and cartons * each != total:
            self.error(
                "pieces_disagree", "pieces", stated.shown, cartons=cartons, per_carton=each, pieces=cartons * each
            )
            return None, None
        if total is None and (each is None or not cartons):
            self.error("pieces_missing", "pieces" if "pieces" in self.layout.columns else "pieces_per_carton")
            return None, None
        pieces = int(total) if total is not None else cartons * int(each or 0)
        if each is None:
            return pieces, pieces // cartons if cartons and pieces % cartons == 0 else None
        return pieces, int(each)

    def _counted_in(self, found: Figure, slot: str, otherwise: str | None) -> str | None:
        """dozen, set, ... by the cell's own text, the header, or the column of units."""
        words = vocabulary().pieces_units
        in_cell = words.exactly(found.suffix.partition("/")[0].strip()) if found.suffix else None
        column = self.layout.columns.get(slot)
        by_sums = self.reader.habits.counted_in.get((self.table_number, slot))
        counted = in_cell or (column.counted_in if column else None) or by_sums or otherwise
        return None if counted == "carton" else counted

    # Money.

    def price(self, counted_in: str) -> _Price:
        found = self.usable("price")
        column = self.layout.columns.get("price")
        value_figure = self.draft.figure("value")
        value_column = self.layout.columns.get("value")
        text_currency = self.draft.texts.get("currency", "")
        currency = (
            found.currency
            or (vocabulary().currencies.inside(plain(text_currency)) if text_currency else None)
            or (column.currency if column else None)
            or value_figure.currency
            or (value_column.currency if value_column else None)
            or self.reader.habits.table_currency.get(self.table_number)
            or self.reader.habits.currency
        )
        per = (
            (vocabulary().price_per.inside(found.suffix) if found.suffix else None)
            or ("carton" if found.suffix and vocabulary().per_carton.inside(found.suffix) else None)
            or (column.price_per if column else None)
        )
        implied = counted_in if counted_in in ("dozen", "set", "gross", "pair") else "piece"
        if found.problem:
            return _Price(None, per or implied, currency)
        if found.number is None:
            return self._price_from_value(per or implied, currency)
        if found.number < 0:
            self.error("price_negative", "price", found.shown)
            return _Price(None, per or implied, currency)
        if found.number == 0:
            self.warning("price_zero", "price", found.shown)
        return _Price(found.number, per or implied, currency)

    def _price_from_value(self, per: str, currency: str) -> _Price:
        """Only where the book has no price column at all; a blank cell in a price column is a mistake."""
        value, pieces = self.draft.number("value"), self.draft.number("pieces")
        if "price" not in self.layout.columns and value and pieces and value > 0 < pieces:
            return _Price(value / pieces, per, currency)
        if self.reader.for_wishes and not (value and "price" in self.layout.columns):
            return _Price(None, per, currency)
        self.error("price_missing", "price" if "price" in self.layout.columns else "value")
        return _Price(None, per, currency)

    def value(self, price: _Price, pieces: int | None, cartons: int | None) -> int | None:
        """Price times quantity in minor units, rounded once; the typed total is compared."""
        stated = self.usable("value", needed=False)
        if price.number is None or pieces is None or cartons is None or (price.per == "carton" and not cartons):
            return None
        quantity = cartons if price.per == "carton" else Decimal(pieces) / PIECES_PER.get(price.per, 1)
        computed = _minor(price.number * quantity, price.currency)
        if stated.number is not None and not _close(stated, price.number * quantity, price.currency):
            self.stated_minor = _minor(stated.number, price.currency)
            self.warning(
                "value_disagrees", "value", stated.shown,
                computed=f"{(price.number * quantity).normalize():f}", currency=price.currency,
            )  # fmt: skip
        return computed

    # Volume and weight.

    def volume(self, cartons: int | None) -> _Volume:
        box = self._box()
        if box is None and self._is_refused(*_SIZES, "size"):
            return _Volume()  # one mistake in the size is told once, not again for the volume that depends on it
        per_carton, told_by, slot = self._stated_volume(cartons, box)
        if per_carton is None and box is None:
            if cartons is not None and (self.table_number, "box") not in self.reader.habits.blank:
                self.error("size_missing", self._first("length", "size", "volume_carton", "volume", "volume_total"))
            elif cartons is not None and self._has_volume_column():
                self.error("size_missing", self._first("volume_carton", "volume", "volume_total"))
            return _Volume()
        box_mm3 = box[0] * box[1] * box[2] if box else None
        stated_mm3 = _whole(per_carton * _MM3_PER_M3) if per_carton is not None else None
        if box_mm3 and stated_mm3:
            percent = self.reader.rules.volume_tolerance_percent
            if abs(stated_mm3 - box_mm3) * 100 > percent * box_mm3:
                self.warning(
                    "volume_disagrees", slot, self.draft.figure(slot).shown,
                    box="x".join(str(side) for side in box or ()), computed=_m3_text(box_mm3),
                )  # fmt: skip
        if box_mm3 and told_by != "stated":
            stated_mm3, told_by = box_mm3, "LxWxH"
        if box is not None:
            return _Volume(stated_mm3 or box_mm3, told_by or "LxWxH", box, "stated")
        assert stated_mm3 is not None
        if stated_mm3 <= 0:
            self.error("volume_not_positive", slot, self.draft.figure(slot).shown)
            return _Volume()
        drawn = default_box(stated_mm3)
        if (self.table_number, "box") not in self.reader.habits.blank:
            self.warning("box_from_volume", slot, self.draft.figure(slot).shown, box="x".join(map(str, drawn)))
        return _Volume(stated_mm3, told_by, drawn, "default_box")

    def _is_refused(self, *slots: str) -> bool:
        """Whether an error was told about one of these cells."""
        letters = {letter(self.layout.columns[slot]) for slot in slots if slot in self.layout.columns}
        return any(f.severity is Severity.ERROR and f.column in letters for f in self.findings)

    def _has_volume_column(self) -> bool:
        return self.layout.has("volume", "volume_carton", "volume_total")

    def _first(self, *slots: str) -> str:
        return next((slot for slot in slots if slot in self.layout.columns), "")

    def _stated_volume(self, cartons: int | None, box: tuple[int, int, int] | None) -> tuple[Decimal | None, str, str]:
        """(m3 of one carton, how the book tells it, slot)."""
        box_m3 = Decimal(box[0] * box[1] * box[2]) / _MM3_PER_M3 if box else None
        for slot in ("volume_carton", "volume", "volume_total"):
            self.usable(slot, needed=box is None and slot == self._first("volume_carton", "volume", "volume_total"))
        unsaid, total = _m3(self.draft, "volume"), _m3(self.draft, "volume_total")
        if (per_carton := _m3(self.draft, "volume_carton")) is not None:
            if (
                total is not None
                and cartons
                and abs(per_carton * cartons - total) > self._slack("volume_carton", cartons)
            ):
                self.warning(
                    "volume_total_disagrees", "volume_total", self.draft.figure("volume_total").shown,
                    computed=f"{(per_carton * cartons).normalize():f}", each=f"{per_carton:f}", cartons=cartons,
                )  # fmt: skip
            return per_carton, "stated", "volume_carton"
        if unsaid is not None and cartons:
            in_all = (self.table_number, "volume") in self.reader.habits.total_measures
            as_carton, as_total = unsaid, unsaid / cartons
            if cartons > 1:
                kg, limits = _carton_kg(self.draft), self.reader.limits
                fits = volume_fits(as_carton, box_m3, kg, limits), volume_fits(as_total, box_m3, kg, limits)
                if fits == ((True, False) if in_all else (False, True)):
                    in_all = not in_all
                    self.warning("measure_read_otherwise", "volume", self.draft.figure("volume").shown)
            return (as_total, "stated_total/cartons", "volume") if in_all else (as_carton, "stated", "volume")
        if total is not None and cartons:
            return total / cartons, "stated_total/cartons", "volume_total"
        return None, "", ""

    def _box(self) -> tuple[int, int, int] | None:
        sides, unit, slot = self._sides()
        if sides is None:
            return None
        if any(side <= 0 for side in sides):
            self.error("size_not_positive", slot, _sides_text(sides))
            return None
        if unit is None:
            guessed = _guessed_unit(sides, _m3(self.draft, "volume_carton") or _m3(self.draft, "volume"))
            unit = self.reader.habits.length_units.get(self.table_number, guessed)
            if unit != guessed:
                self.warning("length_unit_departs", slot, _sides_text(sides), unit=unit, otherwise=guessed)
        length, width, height = (_whole(side * MM_PER_UNIT[unit]) for side in sides)
        if min(length, width, height) == 0:
            self.error("size_not_positive", slot, _sides_text(sides))
            return None
        return length, width, height

    def _sides(self) -> tuple[tuple[Decimal, Decimal, Decimal] | None, str | None, str]:
        if any(slot in self.layout.columns for slot in _SIZES):
            found = [self.usable(slot) for slot in _SIZES]
            numbers = [figure.number for figure in found]
            known = [number for number in numbers if number is not None]
            if len(known) == 3:
                column = self.layout.columns["length"]
                unit = _unit_in(found[0].suffix) or column.length_unit
                return (known[0], known[1], known[2]), unit, "length"
            if known and not any(figure.problem for figure in found) and not self._volume_anywhere():
                missing = next(s for s, n in zip(_SIZES, numbers, strict=True) if n is None)
                self.error("size_unclear", missing)
        if self.draft.size:
            return self._sides_in_one_cell()
        return None, None, ""

    def _sides_in_one_cell(self) -> tuple[tuple[Decimal, Decimal, Decimal] | None, str | None, str]:
        text = self.draft.size
        read = parse(text)
        sides = (read.number, *read.others) if read else ()
        column = self.layout.columns["size"]
        if len(sides) == 3:
            return (sides[0], sides[1], sides[2]), _unit_in(plain_unit(text)) or column.length_unit, "size"
        if not self._volume_anywhere():
            self.error("size_unclear", "size", text)
        else:
            self.warning("size_not_read", "size", text)
        return None, None, ""

    def _volume_anywhere(self) -> bool:
        return any(self.draft.number(slot) for slot in ("volume", "volume_carton", "volume_total"))

    def weight(self, measure: str, cartons: int | None, carton_mm3: int | None) -> int | None:
        """Grams of the whole line."""
        slots = (f"{measure}_carton", measure, f"{measure}_total")
        for slot in slots:
            self.usable(slot, needed=False)
        if cartons is None:
            return None
        m3 = Decimal(carton_mm3) / _MM3_PER_M3 if carton_mm3 else None
        each, unsaid, total = (_kg(self.draft, slot) for slot in slots)
        if each is None and unsaid is not None:
            return self._weight_unsaid(measure, unsaid, cartons, m3)
        if each is not None:
            return self._weight_each(measure, each, total, cartons, m3)
        if total is not None:
            return self._weight_total(measure, total, cartons, m3)
        if (self.table_number, measure) not in self.reader.habits.blank:
            self.warning(f"{measure}_missing", self._first(*slots))
        return None

    def _weight_unsaid(self, measure: str, unsaid: Decimal, cartons: int, m3: Decimal | None) -> int | None:
        in_all = (self.table_number, measure) in self.reader.habits.total_measures
        if cartons > 1:
            limits = self.reader.limits
            fits = weight_fits(unsaid, m3, limits), weight_fits(unsaid / cartons, m3, limits)
            if m3 is not None and fits == ((True, False) if in_all else (False, True)):
                in_all = not in_all
                self.warning("measure_read_otherwise", measure, self.draft.figure(measure).shown)
        return self._grams(measure, unsaid if in_all else unsaid * cartons, cartons, m3, measure)

    def _weight_each(
        self, measure: str, each: Decimal, total: Decimal | None, cartons: int, m3: Decimal | None
    ) -> int | None:
        slot = f"{measure}_carton"
        limits = self.reader.limits
        impossible = m3 is not None and not limits.plausible(each, m3)
        if m3 and total is None and impossible and cartons > 1 and limits.plausible(each / cartons, m3):
            self.warning("measure_read_otherwise", slot, self.draft.figure(slot).shown)
            return self._grams(measure, each, cartons, m3, slot)
        if total is not None and abs(each * cartons - total) > self._slack(slot, cartons):
            self.warning(
                "weight_total_disagrees", f"{measure}_total", self.draft.figure(f"{measure}_total").shown,
                computed=f"{(each * cartons).normalize():f}", each=f"{each.normalize():f}", cartons=cartons,
            )  # fmt: skip
        return self._grams(measure, each * cartons, cartons, m3, slot)

    def _weight_total(self, measure: str, total: Decimal, cartons: int, m3: Decimal | None) -> int | None:
        slot = f"{measure}_total"
        limits = self.reader.limits
        if m3 and cartons > 1 and not limits.plausible(total / cartons, m3) and limits.plausible(total, m3):
            self.warning("measure_read_otherwise", slot, self.draft.figure(slot).shown)
            return self._grams(measure, total * cartons, cartons, m3, slot)
        return self._grams(measure, total, cartons, m3, slot)

    def _slack(self, slot: str, cartons: int) -> Decimal:
        """How far a typed total may be off because the figure per carton was rounded: half its last digit a carton."""
        least = 3 if slot.startswith("volume") else 1
        number = self.draft.number(slot) or Decimal(0)
        places = max(least, -int(number.as_tuple().exponent)) if number else least
        return Decimal(5).scaleb(-places - 1) * cartons + Decimal(5).scaleb(-least - 1)

    def _grams(self, measure: str, kg: Decimal, cartons: int, m3: Decimal | None, slot: str) -> int | None:
        grams = _whole(kg * 1000)
        if grams <= 0:
            self.warning("weight_not_positive", slot, self.draft.figure(slot).shown)
            return None
        if measure == "gross" and m3 and not self.reader.limits.plausible(kg / cartons, m3):
            self.warning(
                "density_implausible", slot, self.draft.figure(slot).shown, density=int(kg / cartons / m3),
                least=self.reader.limits.density_min, most=self.reader.limits.density_max,
            )  # fmt: skip
        return grams

    def compare_weights(self, gross: int | None, net: int | None) -> None:
        if gross is not None and net is not None and net > gross:
            slot = self._first("net_carton", "net", "net_total")
            self.warning("net_above_gross", slot, self.draft.figure(slot).shown, gross=f"{Decimal(gross) / 1000:f}")

    # Codes and flags.

    def hs(self) -> tuple[str | None, str | None]:
        """(code, code as typed where a lost leading zero was put back)."""
        typed = self.draft.texts.get("hs", "")
        digits = "".join(c for c in plain(typed) if c.isascii() and c.isdigit())
        if not typed or plain(typed) in ("无", "", "-"):
            if (self.table_number, "hs") not in self.reader.habits.blank:
                self.warning("hs_missing", "hs")
            return None, None
        codes, usual = self.reader.rules.codes, self.reader.habits.hs_length
        others = plain(typed).replace(" ", "").replace(digits, "") if digits else typed
        if len(digits) + 1 == usual and not others and codes.is_code("0" + digits):
            self.tell(Severity.NOTE, "hs_zero_restored", "hs", typed, code="0" + digits)
            return "0" + digits, typed
        letters = any(c.isalpha() for c in others)
        if letters or not codes.is_code(digits):
            lengths = ", ".join(map(str, sorted(codes.lengths)))
            self.warning("hs_malformed", "hs", typed, digits=len(digits), lengths=lengths)
            return (digits, None) if digits else (None, typed)
        return digits, None

    def flags(self) -> tuple[bool, bool, bool]:
        """(inspection, restricted, this side up)."""
        words = vocabulary()
        said = plain(" ".join((self.draft.texts.get("note", ""), self.draft.texts.get("mark", ""))))
        named = plain(" ".join(text for _, text in self.draft.names))

        def flagged(column: str) -> bool:
            answer = self.draft.texts.get(column, "")
            bare = plain(answer) or answer
            return bool(answer) and bare not in words.no

        inspection = flagged("inspection") or words.says("inspection", said)
        restricted = flagged("restricted") or words.says("restricted", said)
        upright = flagged("up") or flagged("fragile")
        upright = upright or any(words.says(flag, f"{said} {named}") for flag in ("up", "fragile"))
        if restricted:
            self.error("restricted_in_book", "restricted" if flagged("restricted") else "note")
        return inspection, restricted, upright


def plain_unit(text: str) -> str:
    """The letters and marks of a size cell, for its unit: `23.6"x15.7"` -> `"x"`."""
    return "".join(" " if c.isdigit() or c in ".,*×xX" else c for c in text)


def _unit_in(text: str) -> str | None:
    units = vocabulary().length_units
    for word in plain(text).split() or text.split():
        if units.exactly(word):
            return units.exactly(word)
    return "inch" if any(mark in text for mark in '"”″吋') else None


def _guessed_unit(sides: tuple[Decimal, Decimal, Decimal], m3: Decimal | None) -> str:
    """No unit anywhere: the one that gives the stated volume, or the one that gives a carton people carry."""
    product = sides[0] * sides[1] * sides[2]
    if m3:
        fitting = [
            unit
            for unit in ("cm", "mm", "inch", "m")
            if abs(product * MM_PER_UNIT[unit] ** 3 / _MM3_PER_M3 - m3) < m3 / 5
        ]
        if fitting:
            return fitting[0]
    if max(sides) <= 3:
        return "m"
    return "mm" if max(sides) > 250 and min(sides) >= 50 else "cm"


def _only_unconverted(sums: list[tuple[Decimal | None, Decimal | None, Decimal | None]], factor: int) -> bool:
    """Whether more sums (a x b = total) come out as they stand than with one side multiplied or divided by `factor`."""
    balance = 0
    for a, b, total in sums:
        if a and b and total:
            balance += abs(a * b - total) <= _CENT
            balance -= any(abs(other - total) <= _CENT for other in (a * b * factor, a * b / factor))
    return balance > 0


def _usual_hs_length(drafts: list[Draft]) -> int:
    lengths = Counter(
        len(digits)
        for draft in drafts
        if (digits := "".join(c for c in draft.texts.get("hs", "") if c.isdigit())) and len(digits) in (6, 8, 10)
    )
    return lengths.most_common(1)[0][0] if lengths else 0


def _cartons(draft: Draft) -> int:
    """Cartons for weighing evidence; 0 where the row does not tell them."""
    number = draft.number("cartons")
    if number is not None:
        return int(number) if number > 0 else 0
    return draft.numbered_cartons or 0


def _sides_of(draft: Draft) -> tuple[Decimal, Decimal, Decimal] | None:
    """Length, width and height as typed, None where they are not three."""
    numbers = [draft.number(slot) for slot in _SIZES]
    if None in numbers and draft.size:
        read = parse(draft.size)
        numbers = [read.number, *read.others] if read else []
    known = [number for number in numbers if number is not None and number > 0]
    return (known[0], known[1], known[2]) if len(known) == 3 else None


def _sides_text(sides: tuple[Decimal, Decimal, Decimal]) -> str:
    return "x".join(f"{side.normalize():f}" for side in sides)


def _box_m3(draft: Draft) -> Decimal | None:
    """Length x width x height of one carton, by the written unit or the likeliest; only as evidence."""
    sides = _sides_of(draft)
    if sides is None:
        return None
    column = draft.layout.columns.get("length") or draft.layout.columns.get("size")
    unit = (_unit_in(plain_unit(draft.size)) if draft.size else None) or (column.length_unit if column else None)
    scale = MM_PER_UNIT[unit or _guessed_unit(sides, None)]
    return sides[0] * sides[1] * sides[2] * scale**3 / _MM3_PER_M3


def _carton_kg(draft: Draft) -> Decimal | None:
    """The gross weight of one carton, where the row tells it without doubt or its figure can be no other."""
    each, total, unsaid = (_kg(draft, slot) for slot in ("gross_carton", "gross_total", "gross"))
    cartons = _cartons(draft)
    if each is None and total is not None and cartons:
        each = total / cartons
    return each if each is not None else unsaid


def _kg(draft: Draft, slot: str) -> Decimal | None:
    return _scaled(draft, slot, "weight_unit", KG_PER_UNIT, "kg")


def _m3(draft: Draft, slot: str) -> Decimal | None:
    return _scaled(draft, slot, "volume_unit", M3_PER_UNIT, "m3")


def _scaled(draft: Draft, slot: str, unit_kind: str, scales: dict[str, Decimal], default: str) -> Decimal | None:
    found = draft.figures.get(slot)
    if found is None or found.number is None:
        return None
    words = vocabulary()
    units = words.weight_units if unit_kind == "weight_unit" else words.volume_units
    in_cell = units.exactly(found.suffix.partition("/")[0].strip()) if found.suffix else None
    column = draft.layout.columns[slot]
    unit: str = in_cell or getattr(column, unit_kind) or default
    return found.number * scales[unit]


def _product(found: Figure) -> Decimal | None:
    """`20*6` in a packing cell means a hundred and twenty."""
    number = found.number
    for further in found.others if _is_product(found) else ():
        number = None if number is None else number * further
    return number


def _is_product(found: Figure) -> bool:
    return bool(re.match(r"[^\d+/-]{0,3}[x*×]\s*\d", tidy(found.shown).lower().lstrip("0123456789., ")))


def _times(number: Decimal | None, factor: int) -> Decimal | None:
    return None if number is None else number * factor


def _minor(amount: Decimal, currency: str) -> int:
    return int((amount * 10 ** exponent(currency)).to_integral_value(ROUND_HALF_EVEN))


def _whole(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_HALF_EVEN))


def _close(stated: Figure, computed: Decimal, currency: str) -> bool:
    """A typed total agrees when it is the computed one, rounded to the minor unit (or to the digits it shows)."""
    assert stated.number is not None
    unit = Decimal(1).scaleb(-exponent(currency))
    return abs(stated.number - computed) < unit


def _m3_text(mm3: int) -> str:
    return f"{Decimal(mm3) / _MM3_PER_M3:.4f}"
