"""What a code may mean: 142 is China to the customs, 9503 toys, CNNGB a port. One code, every table that knows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sundry.base.reference import queries
from sundry.base.reference.rules import Entry, Kind

_QUIET = frozenset({"code", "text", "name", "parent", "level"})  # told by the line above, or by the code itself


@dataclass(frozen=True, slots=True)
class Meaning:
    """A row that the code names. `told`: what else the row holds, by its field."""

    kind: Kind
    code: str
    name: str
    told: dict[str, Any]
    valid_from: date
    valid_until: date | None
    source: str
    confidence: str

    def to_json(self) -> dict[str, Any]:
        plain = asdict(self)
        plain["valid_from"] = self.valid_from.isoformat()
        plain["valid_until"] = self.valid_until.isoformat() if self.valid_until else None
        return plain


def meanings(code: str, day: date, language: str) -> tuple[Meaning, ...]:
    """Every row that the code names on the day, in the order of the tables. A dozen statements."""
    return tuple(_meaning(kind, entry, language) for kind, entry in _found(code.strip(), day))


def _found(code: str, day: date) -> Iterator[tuple[Kind, Entry[Any]]]:
    upper = code.upper()
    for country in queries.countries("en", day):
        if upper in (country.value.code, country.value.alpha3, country.value.numeric) or _numbered(country, code):
            yield Kind.COUNTRY, country
    for kind, entries in (
        (Kind.CURRENCY, queries.currencies(day)),
        (Kind.UNIT, queries.units(day)),
        (Kind.INCOTERM, queries.incoterms(day)),
    ):
        for entry in entries:
            if entry.value.code == upper or _numbered(entry, code):
                yield kind, entry
    for kind, one in (
        (Kind.HS, queries.hs(code, day)),
        (Kind.TARIFF, queries.tariff_line(code, day)),
        (Kind.PORT, queries.port(upper, day)),
    ):
        if one is not None:
            yield kind, one


def _numbered(entry: Entry[Any], number: str) -> bool:
    return any(one.number == number for one in entry.numbers)


def _meaning(kind: Kind, entry: Entry[Any], language: str) -> Meaning:
    told = {
        name: value for name, value in asdict(entry.value).items() if name not in _QUIET and value not in ("", (), None)
    }
    if entry.numbers:
        told["customs"] = ", ".join(f"{one.number} {one.text}".strip() for one in entry.numbers)
    held = entry.held
    return Meaning(
        kind,
        entry.value.code,
        entry.name(language) or entry.name("zh"),
        told,
        held.valid_from,
        held.valid_until,
        held.source,
        held.confidence,
    )
