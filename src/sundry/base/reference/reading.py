"""Rows of text -> values of a table, or findings that say which cell is wrong and what is to be done.

Problem: a tariff of 13,000 lines has one code of which Excel dropped the leading zero: 101210010 for 0101210010. Loaded
with the rest it would be found under no chapter; left out in silence it would be missing on the day it is needed.
Therefore every row is read, every fault is a finding at its cell, and who loads refuses the whole file while one of
them is an error. What is known to be harmless is put right and told as a warning: the line "TOTAL" of the file of
HS 2022, a port whose code names no country.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Final

from sundry.base.reference.rules import (
    HS_LEVELS,
    INSURERS,
    MODES,
    PARTIES,
    RATE_BASE,
    RATES_PROVIDER,
    RISK_PLACES,
    TARIFF_DIGITS,
    Country,
    Currency,
    CustomsCode,
    HsCode,
    Incoterm,
    Kind,
    Name,
    Port,
    RateDay,
    TariffLine,
    Unit,
    undotted,
)
from sundry.base.reference.sheet import NOTHING, Make, Read, Row, Sheet
from sundry.kernel.messages import LANGUAGES
from sundry.kernel.tariff_codes import TariffCodes

CHAPTERS_OF_COUNTRIES: Final = frozenset({"98", "99"})
"""The Harmonized System leaves these to each country; lists of it and tariffs have them for what fits nowhere else."""

_LETTERS_2, _LETTERS_3 = re.compile(r"[A-Z]{2}"), re.compile(r"[A-Z]{3}")
_DIGITS_3 = re.compile(r"[0-9]{3}")
_REC20 = re.compile(r"[A-Z0-9]{2,3}")
_LOCODE = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")
_RATE = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")
_MINUTES = re.compile(r"([0-9]{2})([0-9]{2})([NS]) ?([0-9]{3})([0-9]{2})([EW])")
_NUMBERED = re.compile(r"^\s*[0-9]{1,2}\s*[:：.、．]\s*")
_PARTS = re.compile(r"[;；|\n]")
_E5: Final = Decimal(100_000)


def read(sheet: Sheet, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Read]:
    """The values of the rows after the header; what is wrong is in the sheet's findings when the last was taken."""
    return sheet.read(rows, _MAKERS[sheet.columns.kind](sheet))


# One kind each ------------------------------------------------------------------------------------------------------


def _country(_sheet: Sheet) -> Make:
    def make(row: Row) -> Country:
        numeric = row.text("numeric").zfill(3)
        if not _DIGITS_3.fullmatch(numeric):
            row.fault("reference_value_malformed", "numeric", row.text("numeric"), example="156")
        return Country(
            row.like("code", _LETTERS_2, "CN"),
            row.like("alpha3", _LETTERS_3, "CHN"),
            numeric,
        )

    return make


def _currency(_sheet: Sheet) -> Make:
    def make(row: Row) -> Currency | None:
        code, exponent = row.like("code", _LETTERS_3, "CNY"), row.one_of("exponent", ("0", "2", "3"))
        return None if row.sheet.is_faulty else Currency(code, int(exponent))

    return make


def _unit(_sheet: Sheet) -> Make:
    return lambda row: Unit(row.like("code", _REC20, "KGM"), row.needed("symbol", 12))


def _customs(_sheet: Sheet) -> Make:
    def make(row: Row) -> CustomsCode | None:
        of = row.one_of("of", (Kind.COUNTRY, Kind.CURRENCY, Kind.UNIT))
        number, code = row.like("number", _DIGITS_3, "142"), row.like("code", _REC20, "CN, USD, KGM")
        text = row.text("text", 40)
        return None if row.sheet.is_faulty else CustomsCode(Kind(of), number, code, text)

    return make


def _incoterm(_sheet: Sheet) -> Make:
    def make(row: Row) -> Incoterm:
        return Incoterm(
            row.like("incoterm", _LETTERS_3, "FOB"),
            row.one_of("mode", MODES),
            row.one_of("clears_export", PARTIES),
            row.one_of("clears_import", PARTIES),
            row.one_of("pays_carriage", PARTIES),
            row.one_of("insures", INSURERS),
            row.one_of("unloads", PARTIES),
            row.one_of("risk_passes", RISK_PLACES),
        )

    return make


def _hs(sheet: Sheet) -> Make:
    shape = TariffCodes.at(sheet.day)

    def make(row: Row) -> HsCode | None:
        code, level = undotted(row.text("code")), row.text("level")
        if code and code == row.text("parent") and not code.isdigit():
            sheet.told("reference_row_left_out", row.number, "code", code)
            return None
        if level not in {str(one) for one in HS_LEVELS}:
            row.fault("reference_value_malformed", "level", level, example="2, 4, 6")
        elif len(code) == int(level) - 1 and code.isdigit():
            row.fault("reference_code_zeros_lost", "code", code, digits=level)
        elif len(code) != int(level) or not (code.isascii() and code.isdigit()) or not _is_chapter(code[:2], shape):
            row.fault("reference_value_malformed", "code", code, example="01, 0101, 010121")
        if sheet.is_faulty:
            return None
        return HsCode(code, int(level), code[:-2], row.text("section", 8), row.needed("text"))

    return make


def _is_chapter(chapter: str, shape: TariffCodes) -> bool:
    return chapter in shape.chapters or chapter in CHAPTERS_OF_COUNTRIES


def _section(_sheet: Sheet) -> Make:
    def make(row: Row) -> Name:
        return Name(Kind.SECTION, row.needed("code", 8), "en", row.needed("text"))

    return make


def _name(_sheet: Sheet) -> Make:
    def make(row: Row) -> Name | None:
        of = row.one_of("of", tuple(str(kind) for kind in Kind))
        language = row.one_of("language", LANGUAGES)
        code, text = row.needed("code", 40), row.needed("text")
        return None if row.sheet.is_faulty else Name(Kind(of), code, language, text)

    return make


def _tariff(sheet: Sheet) -> Make:
    shape = TariffCodes.at(sheet.day)
    columns = sheet.columns
    used = set(columns.places.values())
    others = [(at, header) for at, header in enumerate(columns.headers) if header and at not in used]

    def make(row: Row) -> TariffLine | None:
        code = undotted(row.needed("code"))
        if len(code) == TARIFF_DIGITS - 1 and code.isdigit():
            row.fault("reference_code_zeros_lost", "code", code, digits=TARIFF_DIGITS)
        elif code and (
            len(code) != TARIFF_DIGITS or not (code.isascii() and code.isdigit()) or not _is_chapter(code[:2], shape)
        ):
            row.fault("reference_value_malformed", "code", code, example="9503002100")
        unit_1, unit_2 = _units(row)
        name = row.needed("name")
        conditions, inspection = (_or_nothing(row.text(one, 60)) for one in ("conditions", "inspection"))
        written = (_NUMBERED.sub("", one).strip() for one in _PARTS.split(row.text("elements")))
        elements = tuple(one for one in written if one)
        told = tuple((header, cell) for at, header in others if at < len(row.cells) and (cell := row.cells[at].strip()))
        if sheet.is_faulty:
            return None
        return TariffLine(code, name, unit_1, unit_2, conditions, inspection, elements, told)

    return make


def _units(row: Row) -> tuple[str, str]:
    """The first and the second legal unit; in one column they stand as 个/千克."""
    first, second = row.needed("unit_1", 20), _or_nothing(row.text("unit_2", 20))
    if "/" in first and not second:
        first, _, second = first.partition("/")
    return first.strip(), _or_nothing(second.strip())


def _or_nothing(text: str) -> str:
    return "" if text in NOTHING else text


# Ports --------------------------------------------------------------------------------------------------------------


def _port(sheet: Sheet) -> Make:
    has_register = "register" in sheet.columns.places
    is_split = "location" in sheet.columns.places
    seen: set[str] = set()

    def make(row: Row) -> Port | None:
        country = row.text("country")
        if country and not _LETTERS_2.fullmatch(country):
            row.fault("reference_value_malformed", "country", country, example="CN")
        register = row.text("register", 40)
        code = row.text("code") if not is_split else f"{country}{row.text('location')}"
        if is_split and not row.text("location"):
            return None  # the line of a country, or a reference to another name
        if has_register:
            code = _registered(row, code, register, seen)
        elif not _LOCODE.fullmatch(code):
            row.fault("reference_value_malformed", "code" if not is_split else "location", code, example="CNNGB")
        name = row.needed("name", 200)
        latitude, longitude = _place(row)
        if sheet.is_faulty:
            return None
        aliases = sheet.aliases.get(register, ()) if register else ()
        written = tuple(one.strip() for one in row.text("aliases").split("|") if one.strip())
        others = tuple(dict.fromkeys(one for one in (*written, *aliases) if one != name))
        return Port(code, country or code[:2], name, latitude, longitude, row.text("functions", 40), others, register)

    return make


def _registered(row: Row, code: str, register: str, seen: set[str]) -> str:
    """The UN/LOCODE of a port of a register, where it has one of its own; else the register's number."""
    if not register:
        row.fault("reference_value_missing", "register", "")
        return ""
    if code in NOTHING:
        return register
    known = row.sheet.countries
    if not _LOCODE.fullmatch(code) or (known and code[:2] not in known):
        row.sheet.told("reference_port_code_left_out", row.number, "code", code, register=register)
        return register
    if code in seen:
        row.sheet.told("reference_port_code_shared", row.number, "code", code, register=register)
        return register
    seen.add(code)
    return code


def _place(row: Row) -> tuple[int | None, int | None]:
    """Latitude and longitude in degrees times 100,000."""
    if "coordinates" in row.sheet.columns.places:
        written = row.text("coordinates")
        found = _MINUTES.fullmatch(written)
        if written and not found:
            row.sheet.told("reference_coordinates_left_out", row.number, "coordinates", written)
        return (None, None) if not found else (_minutes(*found.group(1, 2, 3)), _minutes(*found.group(4, 5, 6)))
    return _degrees(row, "latitude", 90), _degrees(row, "longitude", 180)


def _minutes(degrees: str, minutes: str, side: str) -> int:
    exact = Decimal(int(degrees) * 60 + int(minutes)) * _E5 / 60
    return int(exact.quantize(Decimal(1), ROUND_HALF_EVEN)) * (-1 if side in "SW" else 1)


def _degrees(row: Row, column: str, most: int) -> int | None:
    written = row.text(column)
    if written in NOTHING:
        return None
    try:
        degrees = Decimal(written)
    except InvalidOperation:
        degrees = Decimal("NaN")
    if not degrees.is_finite() or abs(degrees) > most:
        row.fault("reference_value_malformed", column, written, example="30.25806")
        return None
    return int((degrees * _E5).quantize(Decimal(1), ROUND_HALF_EVEN))


# Rates --------------------------------------------------------------------------------------------------------------


def _rate(sheet: Sheet) -> Make:
    places = [(code, at) for code, at in sheet.columns.places.items() if len(code) == 3 and code.isupper()]

    def make(row: Row) -> RateDay | None:
        day = row.day("day")
        if day is None:
            row.needed("day")
            return None
        units = []
        for code, at in places:
            written = row.cells[at].strip() if at < len(row.cells) else ""
            if written in NOTHING:
                continue
            if not _RATE.fullmatch(written) or not written.strip("0."):
                row.fault("reference_value_malformed", code, written, example="7.4326")
            units.append((code, written))
        return None if sheet.is_faulty else RateDay(day, RATES_PROVIDER, RATE_BASE, tuple(units))

    return make


_MAKERS: Final[Mapping[Kind, Callable[[Sheet], Make]]] = {
    Kind.COUNTRY: _country,
    Kind.CURRENCY: _currency,
    Kind.UNIT: _unit,
    Kind.CUSTOMS: _customs,
    Kind.INCOTERM: _incoterm,
    Kind.HS: _hs,
    Kind.SECTION: _section,
    Kind.NAME: _name,
    Kind.TARIFF: _tariff,
    Kind.PORT: _port,
    Kind.RATE: _rate,
}
