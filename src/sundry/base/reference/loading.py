"""A file, read: which table it is, its values, and all that is wrong with it. Nothing is written here.

Problem: a folder of an operator holds a tariff, a register of ports, its list of other names, a map of the sea, and two
editions of one thing. Therefore each file is told by its header, not by its name; other names go with their register;
of two editions of one thing one is taken and the other is named; what is no table of ours is named with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import chain, islice
from typing import Final

from sundry.base.reference import reading
from sundry.base.reference.columns import ALIAS_COLUMNS, HEADER_ROWS, Columns, recognised
from sundry.base.reference.formats.opening import tables
from sundry.base.reference.formats.shape import Rows
from sundry.base.reference.rules import FIRST_DAY, IN_PARTS, WHOLE, Kind
from sundry.base.reference.sheet import Read, Sheet
from sundry.kernel.errors import SundryError, UnusableInput
from sundry.kernel.findings import Finding

ALIASES_MAX: Final = 20  # other names of one port that are kept

_OWN: Final = {
    Kind.COUNTRY: "countries.csv",
    Kind.CURRENCY: "currencies.csv",
    Kind.UNIT: "units.csv",
    Kind.INCOTERM: "incoterms.csv",
    Kind.CUSTOMS: "customs.csv",
    Kind.HS: "hs.csv",
    Kind.PORT: "ports.csv",
    Kind.NAME: "names.csv",
}


@dataclass(frozen=True, slots=True)
class File:
    """What was given: its name, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose table is known, and not yet read. `sheet`: of which sheet the rows come."""

    file: File
    columns: Columns
    sheet: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class Content:
    """A file, read. `valid_from`: since when its rows hold; where each says its own day, the first of them."""

    name: str
    sha256: str
    kind: Kind
    valid_from: date
    values: tuple[Read, ...]
    findings: tuple[Finding, ...]  # the first of them
    found: int
    is_refused: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """Of several files: those that are read, each with the list of other names that goes with it; and why the others
    are not."""

    taken: tuple[tuple[File, File | None], ...]
    left_out: tuple[tuple[str, SundryError], ...]


def opened(file: File, kind: Kind | None = None) -> Opened:
    """The first sheet with a header that we know. UnusableInput: there is none, or the file cannot be read."""
    for table in tables(file.name, file.data):
        head = list(islice(table.rows, HEADER_ROWS))
        columns = recognised([cells for _, cells in head], kind)
        if columns is not None:
            return Opened(file, columns, table.name, chain(head[columns.header_row + 1 :], table.rows))
    raise UnusableInput("reference_file_unknown", file=file.name)


def read(
    file: File, *, day: date, kind: Kind | None = None, valid_from: date | None = None, aliases: File | None = None
) -> Content:
    """The values and findings of a file. `day`: today. UnusableInput: it is no table, or says nothing of its day."""
    known = opened(file, kind)
    kind = known.columns.kind
    since = valid_from or FIRST_DAY.get(kind, day)
    sheet = Sheet(
        known.columns,
        since,
        name=known.sheet,
        file=file.name,
        aliases=_aliases(aliases) if aliases is not None else {},
        countries=own_countries() if kind is Kind.PORT else frozenset(),
    )
    values = tuple(reading.read(sheet, known.rows))
    if not values and not sheet.findings:
        raise UnusableInput("reference_file_without_rows", file=file.name)
    if values and all(one.valid_from for one in values):  # each row says its own day
        since = min(one.valid_from for one in values if one.valid_from)
    digest = sha256(file.data + (aliases.data if aliases is not None else b"")).hexdigest()
    return Content(file.name, digest, kind, since, values, tuple(sheet.findings), sheet.found, sheet.is_refused)


def chosen(given: Sequence[File]) -> Chosen:
    """Which of the files of a folder are read, in the order of their names."""
    lists = [file for file in given if _is_aliases(file)]
    names = lists[0] if lists else None
    left_out: list[tuple[str, SundryError]] = []
    by_kind: dict[Kind, list[tuple[File, File | None]]] = {}
    for file in (file for file in given if file not in lists):
        try:
            columns = opened(file).columns
        except SundryError as fault:
            left_out.append((file.name, fault))
            continue
        pair = (file, names if "register" in columns.places else None)
        by_kind.setdefault(columns.kind, []).append(pair)
    taken = []
    for kind, pairs in by_kind.items():
        pairs.sort(key=lambda pair: pair[1] is None)  # a register with its other names says most
        is_edition = kind in WHOLE - IN_PARTS
        taken += pairs[:1] if is_edition else pairs
        for other, _ in pairs[1:] if is_edition else ():
            refusal = UnusableInput("reference_another_edition", file=other.name, other=pairs[0][0].name)
            left_out.append((other.name, refusal))
    if names is not None and not any(second is names for _, second in taken):
        left_out.append((names.name, UnusableInput("reference_file_unknown", file=names.name)))
    return Chosen(tuple(taken), tuple(left_out))


def own() -> Iterator[tuple[Kind, File]]:
    """The files of the small set that comes with Sundry."""
    folder = files("sundry.base.reference") / "own"
    for kind, name in _OWN.items():
        yield kind, File(name, (folder / name).read_bytes())


@cache
def own_countries() -> frozenset[str]:
    """The codes of all countries, as our own list has them."""
    name = _OWN[Kind.COUNTRY]
    text = (files("sundry.base.reference") / "own" / name).read_text("utf-8")
    return frozenset(line.partition(",")[0] for line in text.splitlines()[1:])


def _is_aliases(file: File) -> bool:
    """Whether the file is a list of other names of ports."""
    try:
        return any(_alias_places(next(table.rows, (0, []))[1]) for table in tables(file.name, file.data))
    except SundryError:
        return False


def _alias_places(header: Sequence[str]) -> tuple[int, int] | None:
    words = ["".join(c for c in cell.casefold() if c.isalnum()) for cell in header]
    return (words.index(ALIAS_COLUMNS[0]), words.index(ALIAS_COLUMNS[1])) if set(ALIAS_COLUMNS) <= set(words) else None


def _aliases(file: File) -> Mapping[str, tuple[str, ...]]:
    """The other names of each port of a register."""
    found: dict[str, list[str]] = {}
    for table in tables(file.name, file.data):
        places = _alias_places(next(table.rows, (0, []))[1])
        for _, cells in table.rows if places else ():
            register, alias = (cells[at].strip() for at in places or ())
            if register and alias:
                found.setdefault(register, []).append(alias)
    return {register: tuple(dict.fromkeys(names))[:ALIASES_MAX] for register, names in found.items()}
