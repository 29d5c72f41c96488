"""What is looked up, always for a day: the day of the event, never today of itself. Names come in six languages.

    hs("9503", day) -> Entry(HsCode("9503", 4, "95", "XX", "Toys"), Held(2022-01-01, None, ...), {"zh": "玩具", ...})

A list ends after `limit` rows and goes on after the last code (`after`); nothing is counted. Every question is two or
three statements, however long the list: the rows, their names, and where asked for the customs' numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import reduce
from operator import and_
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from sundry.base.reference import models, names
from sundry.base.reference.rules import (
    RATE_BASE,
    RATE_DAYS_MAX,
    RATES_PROVIDER,
    TARIFF_DIGITS,
    Country,
    Currency,
    CustomsCode,
    Entry,
    Held,
    HsCode,
    Incoterm,
    Kind,
    LoadView,
    Origin,
    Port,
    Rate,
    RateDay,
    TariffLine,
    Unit,
    crossed,
    folded,
    undotted,
)
from sundry.kernel.findings import Finding, Severity
from sundry.kernel.messages import LANGUAGES

PAGE: Final = 50
WORDS_MAX: Final = 8  # of a search; the rest is not looked at
_LAST: Final = "\U0010ffff"

Row = TypeVar("Row", bound=models.Dated)
ValueT = TypeVar("ValueT")
Names = Mapping[str, Mapping[str, str]]


def held_on(day: date) -> Q:
    """Rows that hold on the day."""
    return Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gt=day))


# Countries, currencies, units, terms --------------------------------------------------------------------------------


def countries(language: str, day: date) -> tuple[Entry[Country], ...]:
    """All, by their name in the language. Two statements."""
    numbers = _numbers(Kind.COUNTRY, day)
    found = [
        Entry(Country(row.code, row.alpha3, row.numeric), _held(row), _called(row.code, names.country_name), told)
        for row in _on(models.Country, day)
        for told in (numbers.get(row.code, ()),)
    ]
    return tuple(sorted(found, key=lambda one: (folded(one.name(language)), one.value.code)))


def country(code: str, day: date) -> Entry[Country] | None:
    """By its alpha-2, alpha-3 or numeric code, or the number of the Chinese customs preceded by "customs:"."""
    wanted = code.upper()
    found = countries("en", day)
    if code.startswith("customs:"):
        number = code.removeprefix("customs:")
        return next((one for one in found if any(told.number == number for told in one.numbers)), None)
    return next((one for one in found if wanted in (one.value.code, one.value.alpha3, one.value.numeric)), None)


def currencies(day: date) -> tuple[Entry[Currency], ...]:
    """All, by code. Two statements."""
    numbers = _numbers(Kind.CURRENCY, day)
    return tuple(
        Entry(
            Currency(row.code, row.exponent),
            _held(row),
            _called(row.code, names.currency_name),
            numbers.get(row.code, ()),
        )
        for row in _on(models.Currency, day)
    )


def units(day: date) -> tuple[Entry[Unit], ...]:
    """All units of measure, by code. Three statements."""
    numbers = _numbers(Kind.UNIT, day)
    rows = list(_on(models.Unit, day))
    told = _names(Kind.UNIT, [row.code for row in rows], day)
    return tuple(
        Entry(Unit(row.code, row.symbol), _held(row), told.get(row.code, {}), numbers.get(row.code, ())) for row in rows
    )


def incoterms(day: date) -> tuple[Entry[Incoterm], ...]:
    """All terms, by code. Two statements."""
    return _entries(Kind.INCOTERM, _on(models.Incoterm, day), day, _incoterm)


def customs_codes(of: Kind, day: date) -> tuple[CustomsCode, ...]:
    """How the Chinese customs number the codes of a table, by number. One statement."""
    return tuple(sorted((one for told in _numbers(of, day).values() for one in told), key=lambda one: one.number))


# Tariff codes -------------------------------------------------------------------------------------------------------


def hs(code: str, day: date) -> Entry[HsCode] | None:
    """A chapter, heading or six digits, with dots or without. Two statements."""
    found = _entries(Kind.HS, _on(models.HsCode, day).filter(code=undotted(code)[:12]), day, _hs)
    return found[0] if found else None


def hs_path(code: str, day: date) -> tuple[Entry[HsCode], ...]:
    """What a code of up to ten digits stands under, the chapter first, the code itself last. Two statements."""
    digits = undotted(code)
    above = [digits[:length] for length in (2, 4, 6) if length <= len(digits)]
    return _entries(Kind.HS, _on(models.HsCode, day).filter(code__in=above), day, _hs)


def hs_children(code: str, day: date) -> tuple[Entry[HsCode], ...]:
    """What stands directly under a code; "" for all chapters. Two statements."""
    return _entries(Kind.HS, _on(models.HsCode, day).filter(parent=undotted(code)[:4]), day, _hs)


def hs_search(words: str, language: str, day: date, *, after: str = "", limit: int = PAGE) -> tuple[Entry[HsCode], ...]:
    """Codes that begin with the digits, or in whose name (of that language, or in English) all words stand.

    Three statements.
    """
    digits = undotted(words)
    rows = _on(models.HsCode, day).filter(code__gt=after)
    if digits.isascii() and digits.isdigit():
        return _entries(Kind.HS, rows.filter(_begins(digits[:6]))[:limit], day, _hs)
    sought = _words(words)
    if not sought:
        return ()
    named = _called_so(Kind.HS, sought, language, day, after=after, limit=limit)
    return _entries(Kind.HS, rows.filter(_holds(sought) | Q(code__in=named))[:limit], day, _hs)


def sections(language: str, day: date) -> Mapping[str, str]:
    """Names of the sections of the Harmonized System, by their Roman number. One statement."""
    told = models.Name._default_manager.filter(held_on(day), of=Kind.SECTION.value, language__in=[language, "en"])
    rows = sorted(told.values_list("code", "language", "text"), key=lambda row: row[1] == language)
    return {code: text for code, _, text in rows}


def tariff_line(code: str, day: date) -> Entry[TariffLine] | None:
    """A line of the Chinese tariff by its ten digits. None also where no tariff was loaded. One statement."""
    digits = undotted(code)
    if len(digits) != TARIFF_DIGITS:
        return None
    row = _on(models.TariffLine, day).filter(code=digits).first()
    return None if row is None else _tariff(row)


def tariff_lines(code: str, day: date, *, after: str = "", limit: int = PAGE) -> tuple[Entry[TariffLine], ...]:
    """The lines of the Chinese tariff under a code, by code. One statement."""
    rows = _on(models.TariffLine, day).filter(_begins(undotted(code)[:TARIFF_DIGITS]), code__gt=after)
    return tuple(_tariff(row) for row in rows[:limit])


# Ports --------------------------------------------------------------------------------------------------------------


def port(code: str, day: date) -> Entry[Port] | None:
    """By its UN/LOCODE, or the number of its register. Two statements."""
    found = _entries(Kind.PORT, _on(models.Port, day).filter(code=code.strip()[:40]), day, _port)
    return found[0] if found else None


def ports(
    words: str, day: date, *, country: str = "", language: str = "en", after: str = "", limit: int = PAGE
) -> tuple[Entry[Port], ...]:
    """Ports whose code begins with the words, or in one of whose names all of them stand, by code; of one country.

    Three statements.
    """
    rows = _on(models.Port, day).filter(code__gt=after)
    if country:
        rows = rows.filter(country=country.upper()[:2])
    sought = _words(words)
    if sought:
        named = _called_so(Kind.PORT, sought, language, day, after=after, limit=limit)
        rows = rows.filter(_begins(words.strip().upper()[:40]) | _holds(sought) | Q(code__in=named))
    return _entries(Kind.PORT, rows[:limit], day, _port)


# Rates --------------------------------------------------------------------------------------------------------------


def rate(
    day: date, base: str, quote: str, *, provider: str = RATES_PROVIDER, days_max: int = RATE_DAYS_MAX
) -> Rate | None:
    """What one `base` was in `quote`: the newest rate not after the day, and not older than so many days.

    The answer says of which day it is, and whose. None: there is none. One statement.
    """
    needed = [code for code in (base, quote) if code != RATE_BASE]
    found = (
        models.RateDay._default_manager.filter(
            valid_until=None, provider=provider, day__lte=day, day__gte=_back(day, days_max), units__has_keys=needed
        )
        .order_by("-day")
        .first()
    )
    return None if found is None else crossed(found.units, base, found.base, quote, found.day, found.source)


def rates(day: date, *, provider: str = RATES_PROVIDER, days_max: int = RATE_DAYS_MAX) -> tuple[RateDay, str] | None:
    """All rates of the newest day not after `day`, and their source. One statement."""
    rows = models.RateDay._default_manager.filter(
        valid_until=None, provider=provider, day__lte=day, day__gte=_back(day, days_max)
    )
    found = rows.order_by("-day").first()
    if found is None:
        return None
    return RateDay(found.day, found.provider, found.base, tuple(sorted(found.units.items()))), found.source


def _back(day: date, days: int) -> date:
    return day - timedelta(days=min(max(days, 0), (day - date.min).days))


# Loads --------------------------------------------------------------------------------------------------------------


def editions() -> Mapping[Kind, LoadView]:
    """Of each table the newest load that was not refused. One statement."""
    rows = models.Load._default_manager.filter(is_refused=False).order_by("kind", "-id").distinct("kind")
    return {Kind(row.kind): _load(row, findings=False) for row in rows.defer("findings")}


def loads(*, before: UUID | None = None, limit: int = PAGE) -> tuple[LoadView, ...]:
    """The newest first, without their findings. One statement."""
    rows = models.Load._default_manager.order_by("-id").defer("findings")
    return tuple(_load(row, findings=False) for row in (rows.filter(id__lt=before) if before else rows)[:limit])


def load(id_: UUID) -> LoadView | None:
    """With its findings. One statement."""
    row = models.Load._default_manager.filter(id=id_).first()
    return None if row is None else _load(row, findings=True)


def _load(row: models.Load, *, findings: bool) -> LoadView:
    return LoadView(
        row.id,
        Kind(row.kind),
        Origin(row.origin),
        row.file,
        row.source,
        row.valid_from,
        row.is_refused,
        row.rows,
        row.added,
        row.ended,
        row.through,
        row.loaded_at,
        tuple(_finding(one) for one in row.findings) if findings else (),
    )


def _finding(told: Mapping[str, Any]) -> Finding:
    plain = {key: told[key] for key in ("rule", "sheet", "row", "column", "header", "value", "details", "file")}
    return Finding(Severity(told["severity"]), **plain)


# What the questions share -------------------------------------------------------------------------------------------


def _on(model: type[Row], day: date) -> QuerySet[Row]:
    return model._default_manager.filter(held_on(day)).order_by("code")


def _entries(kind: Kind, rows: Iterable[Row], day: date, value: Callable[[Row], ValueT]) -> tuple[Entry[ValueT], ...]:
    """The rows with their names. Two statements."""
    found = list(rows)
    told = _names(kind, [row.code for row in found], day)  # type: ignore[attr-defined]  # all of these have one
    return tuple(
        Entry(value(row), _held(row), _own_name(row) | dict(told.get(row.code, {})))  # type: ignore[attr-defined]
        for row in found
    )


def _own_name(row: models.Dated) -> dict[str, str]:
    """What the row itself says in English, where it does."""
    text = row.text if isinstance(row, models.HsCode) else row.name if isinstance(row, models.Port) else ""
    return {"en": text} if text else {}


def _names(kind: Kind, codes: Sequence[str], day: date) -> Names:
    found: dict[str, dict[str, str]] = {}
    rows = models.Name._default_manager.filter(held_on(day), of=kind.value, code__in=codes)
    for code, language, text in rows.values_list("code", "language", "text"):
        found.setdefault(code, {})[language] = text
    return found


def _numbers(of: Kind, day: date) -> Mapping[str, tuple[CustomsCode, ...]]:
    found: dict[str, tuple[CustomsCode, ...]] = {}
    rows = models.CustomsCode._default_manager.filter(held_on(day), of=of.value).order_by("number")
    for number, code, text in rows.values_list("number", "code", "text"):
        found[code] = (*found.get(code, ()), CustomsCode(of, number, code, text))
    return found


def _called(code: str, name: Callable[[str, str], str]) -> dict[str, str]:
    return {language: called for language in LANGUAGES if (called := name(code, language))}


def _held(row: models.Dated) -> Held:
    return Held(row.valid_from, row.valid_until, row.source, row.confidence)


def _begins(prefix: str) -> Q:
    """Codes sort as their bytes do, so a beginning is a range of them."""
    return Q(code__gte=prefix, code__lt=prefix + _LAST)


def _words(text: str) -> tuple[str, ...]:
    """What is sought, without an English plural: "toothbrushes" finds a toothbrush."""
    found = []
    for word in text.replace("\0", "").split()[:WORDS_MAX]:
        bare = folded(word)
        for ending in ("es", "s"):
            if bare.isascii() and len(bare) > 4 and bare.endswith(ending) and not bare.endswith("ss"):
                bare = bare.removesuffix(ending)
                break
        found += [bare[:60]] if bare else []
    return tuple(found)


def _holds(words: Sequence[str]) -> Q:
    return reduce(and_, (Q(sought__contains=word) for word in words))


def _called_so(kind: Kind, words: Sequence[str], language: str, day: date, *, after: str, limit: int) -> list[str]:
    """The next codes in whose name in that language all words stand."""
    told = models.Name._default_manager.filter(
        held_on(day), _holds(words), of=kind.value, language=language, code__gt=after
    )
    return list(told.order_by("code").values_list("code", flat=True)[:limit])


def _incoterm(row: models.Incoterm) -> Incoterm:
    return Incoterm(
        row.code,
        row.mode,
        row.clears_export,
        row.clears_import,
        row.pays_carriage,
        row.insures,
        row.unloads,
        row.risk_passes,
    )


def _hs(row: models.HsCode) -> HsCode:
    return HsCode(row.code, row.level, row.parent, row.section, row.text)


def _port(row: models.Port) -> Port:
    place = (row.latitude_e5, row.longitude_e5)
    return Port(row.code, row.country, row.name, *place, row.functions, tuple(row.aliases), row.register)


def _tariff(row: models.TariffLine) -> Entry[TariffLine]:
    others = tuple((header, text) for header, text in row.others)
    plain = (row.code, row.name, row.unit_1, row.unit_2, row.conditions, row.inspection)
    return Entry(TariffLine(*plain, tuple(row.elements), others), _held(row), {"zh": row.name})
