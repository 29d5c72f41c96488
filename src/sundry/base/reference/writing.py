"""Rows into their tables by COPY: as many statements for a hundred thousand as for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from sundry.base.reference import models
from sundry.base.reference.rules import CustomsCode, Kind, Name, Origin, Port, RateDay, Standing, TariffLine, Value

_DATED: Final = ("id", "valid_from", "valid_until", "source", "confidence", "origin", "digest", "load_id")


@dataclass(frozen=True, slots=True)
class Target:
    """A table: what tells its rows apart, and the columns that a value fills."""

    model: type[models.Dated]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Callable[[Any], tuple[Any, ...]]

    @property
    def table(self) -> str:
        return self.model._meta.db_table


def _plain(*columns: str) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    return columns, lambda value: tuple(getattr(value, column) for column in columns)


def _tariff(line: TariffLine) -> tuple[Any, ...]:
    told = (line.code, line.name, line.unit_1, line.unit_2, line.conditions, line.inspection)
    return (*told, list(line.elements), Jsonb([list(one) for one in line.others]))


def _port(port: Port) -> tuple[Any, ...]:
    place = (port.code, port.country, port.name, port.latitude_e5, port.longitude_e5, port.functions)
    return (*place, list(port.aliases), port.register, port.sought)


def _rate(rates: RateDay) -> tuple[Any, ...]:
    return rates.day, rates.provider, rates.base, Jsonb(dict(rates.units))


_NAMES: Final = Target(models.Name, ("of", "code", "language"), *_plain("of", "code", "language", "text", "sought"))
TARGETS: Final[Mapping[Kind, Target]] = {
    Kind.COUNTRY: Target(models.Country, ("code",), *_plain("code", "alpha3", "numeric")),
    Kind.CURRENCY: Target(models.Currency, ("code",), *_plain("code", "exponent")),
    Kind.UNIT: Target(models.Unit, ("code",), *_plain("code", "symbol")),
    Kind.CUSTOMS: Target(models.CustomsCode, ("of", "number"), *_plain("of", "number", "code", "text")),
    Kind.INCOTERM: Target(
        models.Incoterm,
        ("code",),
        *_plain(
            "code", "mode", "clears_export", "clears_import", "pays_carriage", "insures", "unloads", "risk_passes"
        ),
    ),
    Kind.HS: Target(models.HsCode, ("code",), *_plain("code", "level", "parent", "section", "text", "sought")),
    Kind.SECTION: _NAMES,
    Kind.NAME: _NAMES,
    Kind.TARIFF: Target(
        models.TariffLine,
        ("code",),
        ("code", "name", "unit_1", "unit_2", "conditions", "inspection", "elements", "others"),
        _tariff,
    ),
    Kind.PORT: Target(
        models.Port,
        ("code",),
        (
            "code", "country", "name", "latitude_e5", "longitude_e5", "functions", "aliases", "register", "sought",
        ),
        _port,
    ),
    Kind.RATE: Target(models.RateDay, ("provider", "day"), ("day", "provider", "base", "units"), _rate),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class New:
    """A row to be written."""

    id: UUID
    value: Value
    digest: str
    valid_from: date
    source: str
    confidence: str


def digest_of(value: Value) -> str:
    return blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def scope_of(value: Value) -> str:
    """Of what a file that holds the value is an edition: of names, those of one table in one language; of the customs'
    numbers, those of one table."""
    match value:
        case Name():
            return f"{value.of}/{value.language}"
        case CustomsCode():
            return str(value.of)
    return ""


def standing(kind: Kind) -> dict[str, Standing]:
    """The rows of the table that hold on, by key. One statement."""
    target = TARGETS[kind]
    columns = [*target.key, "id", "digest", "origin"]
    rows = target.model._default_manager.filter(valid_until=None).values_list(*columns)
    found = {}
    for *key, id_, digest, origin in rows.iterator(chunk_size=20_000):
        scope = f"{key[0]}/{key[2]}" if target is _NAMES else key[0] if kind is Kind.CUSTOMS else ""
        found["/".join(map(str, key))] = Standing(id_, digest, Origin(origin), scope)
    return found


def end(kind: Kind, ended: Sequence[tuple[UUID, date]]) -> None:
    """Each row ends on its day; one that began later never held. One statement."""
    if not ended:
        return
    statement = f"""
        UPDATE {TARGETS[kind].table} AS held SET valid_until = GREATEST(held.valid_from, ended.day)
        FROM unnest(%s::uuid[], %s::date[]) AS ended (id, day) WHERE held.id = ended.id
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [[id_ for id_, _ in ended], [day for _, day in ended]])


def add(kind: Kind, new: Iterable[New], *, origin: Origin, load: UUID) -> None:
    """One COPY."""
    target = TARGETS[kind]
    columns = ", ".join(f'"{column}"' for column in (*_DATED, *target.columns))
    with connection.cursor() as cursor, cursor.copy(f"COPY {target.table} ({columns}) FROM STDIN") as copy:
        for row in new:
            dated = (row.id, row.valid_from, None, row.source, row.confidence, origin.value, row.digest, load)
            copy.write_row((*dated, *target.cells(row.value)))
