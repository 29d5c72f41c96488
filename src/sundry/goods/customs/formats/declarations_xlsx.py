"""The declarations as an Excel workbook: what the broker copies, checks and hands in.

Problem: three lists tell the same goods: 联网清单 (every line as the market's platform wants it, before merging),
简化归类清单 (which goods went under which code) and the forms. Customs compares them. Therefore all three are written
from the same declared parts: a form's item is the sum of its rows of 简化归类清单, and those are sums of rows of
联网清单, to the cent and the gram.

Worked case: item 6 of form 1 stands under 9504500000 and merges 9504500000 (2 lines, USD 40.00) with 9505100010
(1 line, USD 30.00): one item of USD 70.00 on the form, two rows and their sum in the simplified list, three rows in the
networked one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from sundry.base.papers.sheets import (
    MISSING,
    Book,
    Cell,
    Column,
    Kind,
    Row,
    Subtotal,
    dollars,
    kilograms,
    label,
    sentence,
    unit_label,
    workbook,
)
from sundry.engines.declaring.rules import Declaration, DeclaredItem, Part, Rules1039
from sundry.goods.orders.rules import Line
from sundry.kernel.exchange import Rate
from sundry.kernel.messages import catalogue, render

NETWORKED_SHEET = "联网清单"
SIMPLIFIED_SHEET = "简化归类清单"
"""The names that the market's platform and customs know; the same in every language."""

_PACKAGE = "箱"
_CURRENCY = "USD"

_NETWORKED = (
    Column("networked_stall", 14, platform=True),
    Column("networked_name", 24, platform=True),
    Column("networked_hs", 13, Kind.CODE, platform=True),
    Column("networked_item", 20, platform=True),
    Column("networked_model", 10, platform=True),
    Column("networked_maker", 10, platform=True),
    Column("networked_brand", 8, platform=True),
    Column("networked_quantity", 11, Kind.WHOLE, summed=True, platform=True),
    Column("networked_unit", 8, Kind.CODE, platform=True),
    Column("networked_packages", 11, Kind.WHOLE, summed=True, platform=True),
    Column("networked_package_unit", 11, Kind.CODE, platform=True),
    Column("networked_currency", 8, Kind.CODE, platform=True),
    Column("networked_value", 13, Kind.MONEY, summed=True, platform=True),
    Column("networked_weight", 13, Kind.KG, summed=True, platform=True),
    Column("", 3),
    Column("declaration_form", 8, Kind.CODE),
    Column("declaration_item", 7, Kind.CODE),
    Column("declaration_book_sheet", 14),
    Column("declaration_book_row", 7, Kind.CODE),
    Column("declaration_lacking", 24),
)

_SIMPLIFIED = (
    Column("declaration_form", 8, Kind.CODE),
    Column("declaration_item", 7, Kind.CODE),
    Column("simplified_code", 13, Kind.CODE),
    Column("simplified_name", 22),
    Column("simplified_how", 14, Kind.CODE),
    Column("simplified_kind_code", 13, Kind.CODE),
    Column("simplified_kind_name", 26),
    Column("simplified_lines", 8, Kind.WHOLE, summed=True),
    Column("simplified_stalls", 22),
    Column("paper_cartons", 9, Kind.WHOLE, summed=True),
    Column("paper_pieces", 10, Kind.WHOLE, summed=True),
    Column("simplified_value", 13, Kind.MONEY, summed=True),
    Column("paper_gross_kg", 13, Kind.KG, summed=True),
    Column("paper_net_kg", 13, Kind.KG, summed=True),
)

_FORM = (
    Column("declaration_item", 7, Kind.CODE),
    Column("paper_hs", 14, Kind.CODE),
    Column("paper_name", 26),
    Column("paper_pieces", 10, Kind.WHOLE, summed=True),
    Column("paper_unit", 9, Kind.CODE),
    Column("form_legal_quantity", 13, Kind.KG),
    Column("form_legal_unit", 10, Kind.CODE),
    Column("simplified_value", 13, Kind.MONEY, summed=True),
    Column("paper_cartons", 9, Kind.WHOLE, summed=True),
    Column("paper_gross_kg", 13, Kind.KG, summed=True),
    Column("paper_net_kg", 13, Kind.KG, summed=True),
    Column("form_merged", 11, Kind.CODE),
    Column("form_inspection", 11, Kind.CODE),
    Column("declaration_lacking", 24),
)

_STALLS_SHOWN = 6
_FORM_GAPS = ("hs", "gross", "net", "legal")
"""What makes a form incomplete."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """The parts of an item that have one code of their own."""

    hs: str | None
    parts: tuple[Part, ...]


def write_declarations(
    path: Path,
    *,
    file: str,
    day: date,
    lines: Sequence[Line],
    declarations: Sequence[Declaration],
    rates: Sequence[Rate],
    profile: Mapping[str, str],
    language: str,
) -> None:
    """Write the declarations to `path`. `file` is the order book's name, `profile` the fields of a shipping profile.

    Values in US dollars and cents, weights in kg with three decimals. OSError: `path` cannot be written.
    """
    gaps = _Gaps(Rules1039.at(day), declarations)
    with workbook(path, title=label("declaration_papers", language, " "), day=day) as book:
        networked = book.sheet(NETWORKED_SHEET, _NETWORKED, language)
        networked.table(_networked_rows(lines, declarations, gaps, language), gap=1)
        simplified = book.sheet(SIMPLIFIED_SHEET, _SIMPLIFIED, language)
        simplified.title(label("simplified_title", language, " · "))
        simplified.note(sentence("simplified_note", language))
        simplified.space()
        simplified.table(_simplified_rows(lines, declarations, language), nested=True)
        for form in declarations:
            facts = _facts(form, file, day, rates, profile, language)
            _write_form(book, form, len(declarations), lines, facts, gaps, language)


class _Gaps:
    """What a form needs and an item or line does not say."""

    def __init__(self, rules: Rules1039, declarations: Iterable[Declaration]) -> None:
        self._rules = rules
        self._tariff = False
        # Without a tariff no legal quantity can be known, and a form is not incomplete for it. There was one where it
        # gave an item its unit, or where a form is incomplete for no other reason.
        self._tariff = any(
            any(item.legal_unit is not None for item in form.items)
            or (form.incomplete and not any(gap in _FORM_GAPS for item in form.items for gap in self.of(item)))
            for form in declarations
        )

    def code(self, hs: str | None) -> bool:
        return not self._rules.is_code(hs)

    def of(self, item: DeclaredItem) -> list[str]:
        lacks = {
            "name": not item.name,
            "hs": self.code(item.hs),
            "gross": item.gross_g is None,
            "net": item.net_g is None,
            "legal": self._tariff and item.legal_quantity is None,
        }
        return [gap for gap, lacking in lacks.items() if lacking]

    def of_part(self, part: Part, line: Line) -> list[str]:
        lacks = {
            "name": not (line.name or line.item),
            "hs": self.code(line.hs),
            "gross": part.gross_g is None,
            "net": part.net_g is None,
        }
        return [gap for gap, lacking in lacks.items() if lacking]


def _told(gaps: Iterable[str], language: str) -> str:
    return "\n".join(label(f"declaration_lacks_{gap}", language, " ") for gap in gaps)


# 联网清单.


def _networked_rows(
    lines: Sequence[Line], declarations: Sequence[Declaration], gaps: _Gaps, language: str
) -> Iterator[Row]:
    for form in declarations:
        for number, item in enumerate(form.items, start=1):
            for part in item.parts:
                line = lines[part.line]
                yield [
                    line.stall,
                    line.name or line.item or MISSING,
                    line.hs or MISSING,
                    " / ".join(filter(None, (line.item, line.mark))),
                    None,
                    None,
                    None,
                    part.pieces,
                    _unit_on_platform(line.unit),
                    part.cartons,
                    _PACKAGE,
                    _CURRENCY,
                    dollars(part.value_usd_cents),
                    kilograms(part.gross_g),
                    None,
                    str(form.number),
                    str(number),
                    line.sheet,
                    str(line.row),
                    _told(gaps.of_part(part, line), language),
                ]


def _unit_on_platform(unit: str) -> str:
    rule = f"paper_unit_{unit}"
    return render(rule, "zh", {}) if rule in catalogue() else unit


# 简化归类清单.


def _simplified_rows(lines: Sequence[Line], declarations: Sequence[Declaration], language: str) -> Iterator[Row]:
    for form in declarations:
        rows = 0
        for number, item in enumerate(form.items, start=1):
            kinds = _kinds(item, lines)
            for kind in kinds:
                yield _kind_cells(form, number, item, kind, lines, language)
            rows += len(kinds)
            if len(kinds) > 1:
                values = {"form": form.number, "item": number, "kinds": len(kinds)}
                yield Subtotal(_on_one_line("simplified_item_total", language, **values), len(kinds))
                rows += 1
        yield Subtotal(_on_one_line("simplified_form_total", language, form=form.number, items=len(form.items)), rows)


def _kinds(item: DeclaredItem, lines: Sequence[Line]) -> list[_Kind]:
    """The item by own code; the code it is declared under first, then by value."""
    by_code: dict[str | None, list[Part]] = {}
    for part in item.parts:
        by_code.setdefault(lines[part.line].hs, []).append(part)
    kinds = [_Kind(hs, tuple(parts)) for hs, parts in by_code.items()]
    return sorted(kinds, key=lambda kind: (kind.hs != item.hs, -_value(kind.parts), kind.hs or ""))


def _kind_cells(
    form: Declaration, number: int, item: DeclaredItem, kind: _Kind, lines: Sequence[Line], language: str
) -> list[Cell]:
    leading = lines[min(kind.parts, key=lambda part: (-part.value_usd_cents, part.line)).line]
    name = leading.name or leading.item
    if len(kind.parts) > 1:
        name = render("simplified_and_more", language, {"name": name, "more": len(kind.parts) - 1})
    gross = [part.gross_g for part in kind.parts]
    net = [part.net_g for part in kind.parts]
    return [
        str(form.number),
        str(number),
        item.hs or MISSING,
        item.name or MISSING,
        label("simplified_merged" if item.merged else "simplified_alone", language, " "),
        kind.hs or MISSING,
        name or MISSING,
        len(kind.parts),
        _stalls([lines[part.line].stall for part in kind.parts]),
        sum(part.cartons for part in kind.parts),
        sum(part.pieces for part in kind.parts),
        dollars(_value(kind.parts)),
        MISSING if None in gross else kilograms(sum(g for g in gross if g is not None)),
        MISSING if None in net else kilograms(sum(n for n in net if n is not None)),
    ]


def _value(parts: Iterable[Part]) -> int:
    return sum(part.value_usd_cents for part in parts)


def _stalls(stalls: Iterable[str]) -> str:
    named = list(dict.fromkeys(filter(None, stalls)))
    return ", ".join(named[:_STALLS_SHOWN]) + (f" … ({len(named)})" if len(named) > _STALLS_SHOWN else "")


# The forms.


def _write_form(
    book: Book,
    form: Declaration,
    count: int,
    lines: Sequence[Line],
    facts: Sequence[tuple[str, str]],
    gaps: _Gaps,
    language: str,
) -> None:
    sheet = book.sheet(render("declaration_sheet_form", language, {"number": form.number}), _FORM, language)
    sheet.title(_on_one_line("form_title", language, number=form.number, count=count))
    if form.incomplete:
        lacking = [gap for item in form.items for gap in gaps.of(item)]
        counts = {gap: lacking.count(gap) for gap in _FORM_GAPS}
        sheet.note(sentence("form_lacks", language, **counts), "alarm")
    sheet.facts(facts)
    sheet.space()
    sheet.table(_item_cells(number, item, lines, gaps, language) for number, item in enumerate(form.items, start=1))
    sheet.note(sentence("form_draft", language))


def _facts(
    form: Declaration, file: str, day: date, rates: Sequence[Rate], profile: Mapping[str, str], language: str
) -> list[tuple[str, str]]:
    buyer = [profile[name] for name in ("buyer", "buyer_nationality", "buyer_id")]
    blank = label("paper_to_fill_in", language, " / ")
    remarks = "; ".join(text or f"________ ({blank})" for text in buyer) if any(buyer) else ""
    mode = label("form_mode_1039", language, " · ") if form.mode == "1039" else form.mode
    packages = _on_one_line("form_cartons", language, count=f"{sum(item.cartons for item in form.items):,}")
    return [
        ("form_mode", mode),
        ("paper_date", day.isoformat()),
        ("paper_consignor", profile["consignor"]),
        ("paper_consignor_uscc", profile["consignor_uscc"]),
        ("form_remarks", remarks),
        ("paper_destination", form.destination or profile["destination"]),
        ("paper_incoterm", profile["incoterm"]),
        ("paper_port_of_loading", profile["port_of_loading"]),
        ("paper_marks", profile["marks"]),
        ("form_packages", packages),
        ("form_rate", _rates(rates, language)),
        ("paper_book", file),
    ]


def _rates(rates: Sequence[Rate], language: str) -> str:
    if not rates:
        return label("form_no_rate", language, " · ")
    return "\n".join(_rate(rate, language) for rate in rates)


def _rate(rate: Rate, language: str) -> str:
    values = {"pair": rate.pair, "rate": str(rate.units)}
    if rate.day is None:
        return render("form_rate_given", language, values)
    return render("form_rate_dated", language, {**values, "day": rate.day.isoformat(), "source": rate.source})


def _item_cells(number: int, item: DeclaredItem, lines: Sequence[Line], gaps: _Gaps, language: str) -> list[Cell]:
    missing = gaps.of(item)
    merged = _on_one_line("form_merged_kinds", language, kinds=len(_kinds(item, lines))) if item.merged else ""
    watched = [
        rule for rule, so in (("form_inspection", item.inspection), ("form_export_duty", item.export_duty)) if so
    ]
    return [
        str(number),
        item.hs or MISSING,
        item.name or MISSING,
        item.pieces,
        unit_label(item.unit, language),
        MISSING if "legal" in missing else None if item.legal_quantity is None else Decimal(item.legal_quantity),
        "" if item.legal_unit is None else unit_label(item.legal_unit, language),
        dollars(item.value_usd_cents),
        item.cartons,
        kilograms(item.gross_g),
        kilograms(item.net_g),
        merged,
        "\n".join(label(rule, language, " ") for rule in watched),
        _told(missing, language),
    ]


def _on_one_line(rule: str, language: str, **values: object) -> str:
    return sentence(rule, language, **values).replace("\n", " · ")
