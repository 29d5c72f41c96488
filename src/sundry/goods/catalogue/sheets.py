"""A row of a sheet as a good, and a good as a row of a sheet, without loss.

Problem: a stall's list lives in Excel. It comes with columns in any order and language, and with numbers that people
wrote; it goes out, is edited by three people over a week, and comes back. Therefore a cell is text until its column is
known; what cannot be read is a finding with its place; and a row that we wrote carries the number of its good and a
hash of what the good was, so that one changed cell changes one field, and a good that somebody changed meanwhile is
not overwritten unasked.

Worked case: good 12 costs 3.20. Its row goes out as "12-9f3a...", the price is made 3.50 and comes back: `CHANGED`, one
change, step_1_price 3.2 -> 3.5. Had somebody made it 3.40 meanwhile, the hash would differ: `STALE`, both are told.

A column that is not in the sheet leaves its field as it is; a cell that is empty empties it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from sundry.goods.catalogue import sheets_cells, sheets_variants
from sundry.goods.catalogue.checks import cleaned, findings, nearest
from sundry.goods.catalogue.rules import LANGUAGES, STEPS_MAX, Carton, Collection, Draft, Step, Supply, Verdict
from sundry.goods.catalogue.sheets_cells import CellRefused, scaled
from sundry.goods.catalogue.sheets_drafts import canonical
from sundry.goods.catalogue.sheets_words import category_name, category_of, key_of, keys, label
from sundry.kernel.findings import Finding, Severity, error, warning
from sundry.kernel.tariff_codes import TariffCodes

ROW: Final = "row"
"""The hidden column: the number of a good and the hash of what it was."""

PHOTO: Final = "photo"
SIZE: Final = "carton.size"  # read, and written as three columns
FIELDS: Final = tuple(key for key in keys("column") if key not in (PHOTO, SIZE, "names", "descriptions"))
"""What a sheet of ours has, in this order, behind the photo."""

_HASH_LENGTH: Final = 32
_MARK: Final = re.compile(rf"(\d{{1,18}})-([0-9a-f]{{{_HASH_LENGTH}}})")
_SHOWN_MAX: Final = 200  # characters of a value in a finding
_WHOLE: Final = ("stock_pieces", "lead_time_days", "weekly_capacity_pieces")
_SCRIPTS: Final = (
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
_CARTON: Final[Mapping[str, tuple[Callable[[str, str], int], int]]] = {
    "pieces": (sheets_cells.pieces, 0),
    "length_mm": (sheets_cells.length, 1),
    "width_mm": (sheets_cells.length, 1),
    "height_mm": (sheets_cells.length, 1),
    "gross_g": (sheets_cells.weight, 3),
    "net_g": (sheets_cells.weight, 3),
}


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of a sheet was taken for. `field`: a field, ROW, PHOTO, or "names~en" where the header does not say
    in which language the names are, but is in one itself; "" where nobody knows."""

    letter: str
    header: str
    field: str


@dataclass(frozen=True, slots=True)
class Known:
    """A good as it is in the catalogue."""

    number: int
    draft: Draft
    version: int
    photos: Mapping[str, int | None] = field(default_factory=dict)  # file -> likeness
    is_shown: bool = False  # or waits to be: a buyer needs a price


@dataclass(frozen=True, slots=True)
class Difference:
    """What a row would make of a field, as both stand in a sheet."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Judged:
    """`draft`: what the good would be; of a row that is WRONG, as far as it could be read."""

    verdict: Verdict
    draft: Draft
    number: int | None = None
    version: int = 0
    findings: tuple[Finding, ...] = ()
    differences: tuple[Difference, ...] = ()


# Out ------------------------------------------------------------------------------------------------------------------


def mark(number: int, draft: Draft) -> str:
    """What stands in the hidden column of a good's row."""
    return f"{number}-{digest(draft)}"


def digest(draft: Draft) -> str:
    return hashlib.sha256(canonical(draft).encode()).hexdigest()[:_HASH_LENGTH]


def row_of(draft: Draft, language: str) -> dict[str, str]:
    """The cells of a good, by field; words in the reader's language."""
    cells = {f"{place}.{one}": texts.get(one, "") for place, texts in _texts(draft) for one in LANGUAGES}
    for number in range(1, STEPS_MAX + 1):
        step = draft.ladder[number - 1] if number <= len(draft.ladder) else None
        cells[f"step_{number}_quantity"] = str(step.quantity) if step else ""
        cells[f"step_{number}_price"] = scaled(step.price_minor, 2) if step else ""
    for name, (_, decimals) in _CARTON.items():
        cells[f"carton.{name}"] = scaled(getattr(draft.carton, name), decimals)
    for name in _WHOLE:
        cells[name] = scaled(getattr(draft, name), 0)
    cells["language"] = label("language", draft.language, language)
    cells["item_number"], cells["hs_code"], cells["brand"] = draft.item_number, draft.hs_code, draft.brand
    cells["category"] = category_name(draft.category, language)
    cells["unit"] = label("unit", draft.unit, language)
    cells["supply"] = label("supply", draft.supply.value, language)
    cells["collections"] = ", ".join(label("collection", one.value, language) for one in sorted(draft.collections))
    cells["variants"] = sheets_variants.told(draft.variants)
    return cells


def _texts(draft: Draft) -> tuple[tuple[str, Mapping[str, str]], ...]:
    return ("names", draft.names), ("descriptions", draft.descriptions)


# In -------------------------------------------------------------------------------------------------------------------


def judge(
    cells: Mapping[str, str],
    columns: Sequence[Column],
    *,
    language: str,
    known: Mapping[int, Known],
    day: date,
    codes: TariffCodes,
    photos: int = 0,
    row: int = 0,
    sheet: str = "",
    overwrite: bool = False,
) -> Judged:
    """What becomes of a row. `cells`: by field of the column. `language`: in which the stall writes. `known`: the goods
    of the stall that the sheet names. `overwrite`: what was changed meanwhile is changed again."""
    marked, before, refusal = _marked(cells.get(ROW, ""), known)
    base = before.draft if before else Draft(language=language)
    reading = _Reading(cells, {column.field: column for column in columns})
    draft = reading.draft(base)
    found = [*([refusal] if refusal else []), *reading.findings]
    has_photo = photos + (len(before.photos) if before else 0)
    if not found or draft != base:
        found += [
            replace(one, header=_field_of(one.header, reading.filled))
            for one in findings(
                draft, for_show=bool(before and before.is_shown), day=day, codes=codes, photos=has_photo
            )
        ]
    if not before and not draft.names and not draft.ladder and not photos and not draft.item_number:
        found.append(error("catalogue_sheet_row_says_nothing"))
    differences = _differences(before.draft, draft) if before else ()
    verdict = _verdict(found, before, marked, differences, overwrite=overwrite, photos=photos)
    if verdict is Verdict.STALE:
        found += [_changed_since(one) for one in differences]
    letters = {column.field.partition("~")[0]: column.letter for column in columns}
    letters |= {taken: reading.columns[field].letter for taken, field in reading.taken.items()}
    placed = tuple(
        replace(one, sheet=sheet, row=row, column=letters.get(one.header, ""), value=one.value[:_SHOWN_MAX])
        for one in found
    )
    number, version = (before.number, before.version) if before else (None, 0)
    return Judged(verdict, draft, number, version, placed, differences)


def _marked(text: str, known: Mapping[int, Known]) -> tuple[str, Known | None, Finding | None]:
    """(the hash of the row, its good, what is wrong with its mark)."""
    if not text.strip():
        return "", None, None
    found = _MARK.fullmatch(text.strip())
    before = known.get(int(found[1])) if found else None
    if found is None or before is None:
        return "", None, error("catalogue_sheet_good_unknown", header=ROW, value=text[:_SHOWN_MAX])
    return found[2], before, None


def _verdict(
    found: Sequence[Finding],
    before: Known | None,
    marked: str,
    differences: Sequence[Difference],
    *,
    overwrite: bool,
    photos: int,
) -> Verdict:
    if any(one.severity is Severity.ERROR for one in found):
        return Verdict.WRONG
    if before is None:
        return Verdict.NEW
    if not differences:
        return Verdict.CHANGED if photos else Verdict.UNCHANGED
    return Verdict.CHANGED if overwrite or marked == digest(before.draft) else Verdict.STALE


def _changed_since(one: Difference) -> Finding:
    return warning(
        "catalogue_sheet_changed_since", header=one.field, value=one.after, details={"now": one.before[:_SHOWN_MAX]}
    )


def _differences(before: Draft, after: Draft) -> tuple[Difference, ...]:
    old, new = row_of(before, "en"), row_of(after, "en")
    return tuple(Difference(name, old[name], new[name]) for name in FIELDS if old[name] != new[name])


def _field_of(header: str, filled: Sequence[int]) -> str:
    """The column of what a check of the draft found."""
    head, _, rest = header.partition(".")
    if head == "ladder":
        index, _, name = rest.partition(".")
        step = filled[int(index)] if index.isdigit() and int(index) < len(filled) else 1
        return f"step_{step}_{'quantity' if name == 'quantity' else 'price'}"
    return "variants" if head == "variants" else header


@dataclass
class _Reading:
    """One row. `taken`: where a field was read from a column that is named otherwise."""

    cells: Mapping[str, str]
    columns: Mapping[str, Column]
    findings: list[Finding] = field(default_factory=list)
    taken: dict[str, str] = field(default_factory=dict)
    filled: list[int] = field(default_factory=list)

    def draft(self, base: Draft) -> Draft:
        language = self._choice("language", base.language, self._language)
        draft = replace(
            base,
            language=language,
            names=self._texts("names", base.names, language),
            descriptions=self._texts("descriptions", base.descriptions, language),
            item_number=self._text("item_number", base.item_number),
            hs_code=self._text("hs_code", base.hs_code),
            brand=self._text("brand", base.brand),
            category=self._choice("category", base.category, self._category),
            unit=self._choice("unit", base.unit, self._unit) or "piece",
            ladder=self._ladder(base),
            carton=self._carton(base.carton),
            supply=Supply(self._choice("supply", base.supply.value, self._supply) or Supply.STOCK),
            stock_pieces=self._whole("stock_pieces", base),
            lead_time_days=self._whole("lead_time_days", base),
            weekly_capacity_pieces=self._whole("weekly_capacity_pieces", base),
            collections=self._collections(base),
            variants=self._variants(base, language),
        )
        draft = cleaned(draft)
        return replace(draft, variants=sheets_variants.with_ids(draft.variants, base.variants))

    def _text(self, name: str, base: str) -> str:
        return self.cells.get(name, "").strip() if name in self.columns else base

    def _read(self, name: str, base: Any, read: Callable[[str, str], Any], empty: Any = None) -> Any:
        """The cell of a column; `base` where there is no such column, or it cannot be read."""
        column = self.columns.get(name)
        if column is None:
            return base
        text = self.cells.get(name, "").strip()
        if not text:
            return empty
        try:
            return read(text, column.header)
        except CellRefused as refusal:
            self.findings.append(error(refusal.rule, header=name, value=text, details=refusal.details))
            return base

    def _choice(self, name: str, base: str, read: Callable[[str, str], str]) -> str:
        empty = base if name == "language" else ""
        return str(self._read(name, base, read, empty))

    def _language(self, text: str, _: str) -> str:
        return _known_word("language", text, text.casefold() if text.casefold() in LANGUAGES else "")

    def _category(self, text: str, _: str) -> str:
        if found := category_of(text):
            return found
        if like := nearest(text[:60]):
            raise CellRefused("catalogue_sheet_category_unknown", nearest=category_name(like, "en"))
        raise CellRefused("catalogue_category_unlike_any")

    def _unit(self, text: str, _: str) -> str:
        return _known_word("unit", text)

    def _supply(self, text: str, _: str) -> str:
        return _known_word("supply", text)

    def _texts(self, place: str, base: Mapping[str, str], language: str) -> dict[str, str]:
        texts = dict(base)
        for one in LANGUAGES:
            if f"{place}.{one}" in self.columns:
                texts[one] = self.cells.get(f"{place}.{one}", "")
        for name in self.columns:
            head, _, of_header = name.partition("~")
            text = self.cells.get(name, "").strip()
            if head != place or not of_header or not text:
                continue
            one = _script(text) or (language if of_header in ("zh", "ar", "ru") else of_header)
            if not texts.get(one) or f"{place}.{one}" not in self.columns:
                texts[one] = text
                self.taken[f"{place}.{one}"] = name
        return {one: text for one, text in texts.items() if text}

    def _ladder(self, base: Draft) -> tuple[Step, ...]:
        steps: list[Step] = []
        for number in range(1, STEPS_MAX + 1):
            was = base.ladder[number - 1] if number <= len(base.ladder) else None
            names = f"step_{number}_quantity", f"step_{number}_price"
            quantity = self._read(names[0], was.quantity if was else None, sheets_cells.pieces)
            price = self._read(names[1], was.price_minor if was else None, sheets_cells.money)
            if price is None:
                if self._says(names[0]) and not self._says(names[1]):
                    said = {"quantity": quantity if quantity is not None else self.cells[names[0]]}
                    self.findings.append(error("catalogue_sheet_price_missing", header=names[1], details=said))
                continue
            if quantity is None and number > 1:
                if not self._says(names[0]):
                    self.findings.append(error("catalogue_sheet_quantity_missing", header=names[0]))
                continue
            steps.append(Step(1 if quantity is None else quantity, price))
            self.filled.append(number)
        return tuple(steps)

    def _says(self, name: str) -> bool:
        return bool(self.cells.get(name, "").strip())

    def _carton(self, base: Carton) -> Carton:
        values = {name: self._read(f"carton.{name}", getattr(base, name), read) for name, (read, _) in _CARTON.items()}
        sides = self._read(SIZE, None, sheets_cells.sides)
        if sides:
            values |= dict(zip(("length_mm", "width_mm", "height_mm"), sides, strict=True))
        return Carton(**values)

    def _whole(self, name: str, base: Draft) -> int | None:
        found: int | None = self._read(name, getattr(base, name), sheets_cells.pieces)
        return found

    def _collections(self, base: Draft) -> frozenset[Collection]:
        def read(text: str, _: str) -> frozenset[Collection]:
            words = [word for word in re.split(r"[,，、;；/\n]", text) if word.strip()]
            return frozenset(Collection(_known_word("collection", word)) for word in words)

        found: frozenset[Collection] = self._read("collections", base.collections, read, frozenset())
        return found

    def _variants(self, base: Draft, language: str) -> tuple[Any, ...]:
        def read(text: str, _: str) -> tuple[Any, ...]:
            return sheets_variants.read(text, language)

        found: tuple[Any, ...] = self._read("variants", base.variants, read, ())
        return found


def _known_word(kind: str, text: str, otherwise: str = "") -> str:
    found = key_of(kind, text) or otherwise
    if not found:
        known = ", ".join(label(kind, key, "en") for key in keys(kind))
        raise CellRefused("catalogue_sheet_word_unknown", known=known)
    return found


def _script(text: str) -> str:
    """The language that only this script can be, among those of goods; "" for Latin."""
    return next((language for language, script in _SCRIPTS if script.search(text)), "")


def is_total(cells: Sequence[str]) -> bool:
    """Whether a row only sums the rows above it: the first cell that says anything says so."""
    first = next((text for text in cells if text.strip()), "")
    return key_of("total", first.strip(" :：")) == "total"
