"""What the shipping pages show, cut out of the parts of a job: plain values in small frozen dataclasses.

A page shows a slice of a list. The address of the next one names the last position that was shown, so that nothing is
counted or skipped, and a list that somebody shares by its address shows the same rows.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.utils.http import content_disposition_header

from sundry.goods.orders.rules import Correction
from sundry.goods.shipping import job_files, job_parts
from sundry.goods.shipping.job_reading import CHECKED
from sundry.goods.shipping.job_rules import Job, LinePlace
from sundry.goods.shipping.papers import drawings_in
from sundry.kernel.findings import Finding, Severity

T = TypeVar("T")
Query = Mapping[str, str]

CARDS_SHOWN = 25
LINES_SHOWN = 100
TABLES_SHOWN = 6
ITEMS_SHOWN = 200
COLUMNS_SHOWN = 40
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """Some rows of a list; `next` and `previous` are the query strings of the slices beside it, "" where none is."""

    rows: tuple[T, ...]
    next: str = ""
    previous: str = ""


def cut(found: Sequence[tuple[int, T]], query: Query, size: int) -> Slice[T]:
    """The `size` rows after the position `after` of the query, or before `before`. `found`: (position, row), rising."""
    kept = {name: value for name, value in query.items() if name not in ("after", "before") and value}
    after, before = position(query, "after"), position(query, "before")
    if before is not None:
        earlier = [one for one in found if one[0] < before]
        shown, has_before, has_after = earlier[-size:], len(earlier) > size, len(earlier) < len(found)
    else:
        later = [one for one in found if after is None or one[0] > after]
        shown, has_before, has_after = later[:size], len(later) < len(found), len(later) > size
    return Slice(
        tuple(row for _, row in shown),
        next="?" + urlencode({**kept, "after": shown[-1][0]}) if shown and has_after else "",
        previous="?" + urlencode({**kept, "before": shown[0][0]}) if shown and has_before else "",
    )


def position(query: Query, name: str) -> int | None:
    value = query.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def id_in(text: str) -> uuid.UUID | None:
    """The id of a query; None where it has none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def reading_folder(job: Job) -> Path | None:
    """Where the parts of the book stand, as it reads now."""
    return job_files.reading_folder(job.id, job.book_revision) if job.has_reading else None


def plan_folder(job: Job) -> Path | None:
    """Where the papers of the plan stand, if there is one of everything as it is now."""
    return job_files.plan_folder(job.id, job.revision) if job.has_plan else None


def parts_folder(job: Job) -> Path | None:
    """Where lines and findings stand: those of the plan, else those of the reading."""
    plan = plan_folder(job)
    return job_files.parts_of_plan(plan) if plan is not None else reading_folder(job)


# Findings.


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row. `name`: of the field in which its right value may be typed, "" where none is offered."""

    letter: str
    header: str
    text: str
    is_wrong: bool
    is_corrected: bool
    name: str


@dataclass(frozen=True, slots=True)
class Card:
    """What was found about a row, or (row 0) about a sheet or the whole book. `severity`: of the worst of it."""

    sheet: str
    row: int
    severity: Severity | None
    findings: tuple[Finding, ...]
    cells: tuple[Cell, ...]

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.row}" if self.sheet else str(self.row)

    @property
    def query(self) -> str:
        return urlencode({"sheet": self.sheet, "row": self.row})


def all_findings(job: Job) -> list[Finding]:
    folder = parts_folder(job)
    if folder is None:
        return []
    return [job_parts.finding_from(one) for one in job_parts.part(folder, job_parts.FINDINGS)["findings"]]


def cards(job: Job, query: Query) -> Slice[Card]:
    """The rows with their findings, errors first, as the query filters them: severity, sheet, row.

    With a row, that row alone is shown, whether anything was found in it or not, and every cell of it may be typed in.
    """
    folder = parts_folder(job)
    if folder is None:
        return Slice(())
    severity, sheet, row = query.get("severity", ""), query.get("sheet", ""), position(query, "row")
    by_row: dict[tuple[str, int], list[Sequence[Any]]] = {}
    for number, told in enumerate(job_parts.part(folder, job_parts.FINDINGS)["findings"]):
        if (severity and told[0] != severity) or (sheet and told[2] != sheet) or (row is not None and told[3] != row):
            continue
        place = (told[2], told[3]) if told[3] else (told[2], -number)
        by_row.setdefault(place, []).append(told)
    if row and "sheet" in query:
        by_row.setdefault((sheet, row), [])  # nothing was found in it, and yet something may be wrong
    ranked = sorted(by_row.items(), key=lambda one: min((_RANK[Severity(told[0])] for told in one[1]), default=0))
    some = cut(list(enumerate(ranked)), query, CARDS_SHOWN)
    table = _Table(job, folder)
    shown = tuple(table.card(place, told, is_whole=row is not None) for place, told in some.rows)
    return Slice(shown, some.next, some.previous)


class _Rows:
    """The texts of the book's rows: those beside the findings, and the others when one of them is asked for."""

    def __init__(self, job: Job, folder: Path) -> None:
        told = job_parts.part(folder, job_parts.FINDINGS)["rows"]
        self._beside = {(sheet, row): dict(cells) for sheet, row, cells in told}
        self._reading = reading_folder(job)

    def texts(self, place: tuple[str, int]) -> dict[str, str]:
        """By column letter; {} where the row is not kept."""
        if place in self._beside or place[1] <= 0 or self._reading is None:
            return self._beside.get(place, {})
        rows = job_parts.part(self._reading, job_parts.ROWS)
        return next((dict(cells) for sheet, row, cells in rows if (sheet, row) == place), {})


class _Table:
    """The rows of the book beside the findings, with their headers."""

    def __init__(self, job: Job, folder: Path) -> None:
        self.rows = _Rows(job, folder)
        self.corrected = {(one.sheet, one.row, one.column_letter) for one in job.corrections}
        self.tables = all_tables(job)

    def headers(self, sheet: str, row: int) -> dict[str, str]:
        for table in reversed(self.tables):
            if table["sheet"] == sheet and table["header_row"] < row:
                return {column["letter"]: column["header"] for column in table["columns"]}
        return {}

    def card(self, place: tuple[str, int], told: Sequence[Sequence[Any]], *, is_whole: bool) -> Card:
        sheet, row = place[0], max(place[1], 0)
        findings = tuple(job_parts.finding_from(one) for one in told)
        wrong = {finding.column for finding in findings if finding.column and finding.severity is not Severity.NOTE}
        headers = self.headers(sheet, row)
        texts = self.rows.texts(place)
        # The cell to mend comes first: on a phone the others are off the screen.
        letters = sorted({*texts, *headers, *wrong} if texts else (), key=lambda one: (one not in wrong, len(one), one))
        cells = tuple(
            Cell(
                letter=letter,
                header=headers.get(letter, ""),
                text=texts.get(letter, ""),
                is_wrong=letter in wrong,
                is_corrected=(sheet, row, letter) in self.corrected,
                name=f"cell:{letter}:{row}:{sheet}" if is_whole or letter in wrong else "",
            )
            for letter in letters
            if texts.get(letter) or headers.get(letter) or letter in wrong
        )
        worst = min((finding.severity for finding in findings), key=_RANK.__getitem__, default=None)
        return Card(sheet, row, worst, findings, cells[:COLUMNS_SHOWN])


def corrections_typed(job: Job, typed: Mapping[str, Sequence[str]]) -> list[Correction]:
    """The cells in which something else stands now than the book says. `typed`: the fields of a sent form."""
    folder = parts_folder(job)
    if folder is None:
        return []
    rows = _Rows(job, folder)
    found = []
    for name, values in typed.items():
        place = _cell_of(name)
        if place is None:
            continue
        sheet, row, letter = place
        before = rows.texts((sheet, row)).get(letter, "")
        changed = [value for value in values if value.strip() != before.strip()]
        if changed:
            found.append(Correction(sheet, row, letter, changed[-1].strip()))
    return found


def _cell_of(name: str) -> tuple[str, int, str] | None:
    """(sheet, row, letter) of a field's name; None: it is no cell."""
    kind, _, rest = name.partition(":")
    letter, _, rest = rest.partition(":")
    row, colon, sheet = rest.partition(":")
    if kind != "cell" or not colon or not row.isascii() or not row.isdigit() or len(row) > 7:
        return None
    return sheet, int(row), letter


def corrections_named(names: Sequence[str]) -> list[tuple[str, int, str]]:
    """The cells of these field names."""
    return [place for name in names if (place := _cell_of(name)) is not None]


# Columns.


@dataclass(frozen=True, slots=True)
class ColumnShown:
    letter: str
    header: str
    samples: tuple[str, ...]
    slot: str  # as which it is read, "" where it is left out
    chosen: str  # what she said, "" where she said nothing
    name: str  # of its field
    word: str = ""  # of the slot
    choices: str = ""  # the options of its field, as HTML


@dataclass(frozen=True, slots=True)
class TableShown:
    """A table of the book; tables with the same header are told once."""

    key: str
    sheets: tuple[str, ...]
    header_row: int
    is_list: bool
    columns: tuple[ColumnShown, ...]


def all_tables(job: Job) -> list[Mapping[str, Any]]:
    """The tables of the book as they were read, in its order."""
    folder = reading_folder(job)
    found: list[Mapping[str, Any]] = job_parts.part(folder, job_parts.COLUMNS)["tables"] if folder is not None else []
    return found


def tables(job: Job, query: Query) -> Slice[TableShown]:
    """Tables with the same header are told once."""
    by_key: dict[str, list[Mapping[str, Any]]] = {}
    for table in all_tables(job):
        by_key.setdefault(table["key"], []).append(table)
    return cut(list(enumerate(_table(job, same) for same in by_key.values())), query, TABLES_SHOWN)


def _table(job: Job, same: Sequence[Mapping[str, Any]]) -> TableShown:
    first = same[0]
    told = job.column_maps.get(first["key"], {}).get("columns", {})
    headers = {column["letter"]: column["header"] for column in first["columns"]}
    return TableShown(
        key=first["key"],
        sheets=tuple(dict.fromkeys(table["sheet"] for table in same)),
        header_row=first["header_row"],
        is_list=first["is_list"],
        columns=tuple(
            ColumnShown(
                letter=column["letter"],
                header=column["header"],
                samples=tuple(column["samples"]),
                slot=column["slot"] or "",
                chosen=told.get(_told_as(column["letter"], headers), ""),
                name=f"column:{first['key']}:{column['letter']}",
            )
            for column in first["columns"]
        ),
    )


@dataclass(frozen=True, slots=True)
class GridShown:
    """The beginning of a sheet in which no header was recognised. `chosen_row`: which row she says is the header."""

    sheet: str
    letters: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    chosen_row: int
    columns: tuple[ColumnShown, ...]


def grids(job: Job, query: Query) -> tuple[GridShown, ...]:
    """The sheets without a table, while the book has none at all. The query may choose a header's row."""
    folder = reading_folder(job)
    previews = job_parts.part(folder, job_parts.COLUMNS)["previews"] if folder is not None else []
    return tuple(_grid(preview, query) for preview in previews if preview["rows"] and not preview["hidden"])


def _grid(preview: Mapping[str, Any], query: Query) -> GridShown:
    rows = {row: dict(cells) for row, cells in preview["rows"]}
    letters = sorted({letter for cells in rows.values() for letter in cells}, key=lambda one: (len(one), one))
    wanted = position(query, "row") if query.get("sheet", "") == preview["sheet"] else None
    chosen: int = wanted if wanted is not None and wanted in rows else preview["likely_row"]
    below = [cells for row, cells in rows.items() if row > chosen]
    return GridShown(
        sheet=preview["sheet"],
        letters=tuple(letters[:COLUMNS_SHOWN]),
        rows=tuple(
            (row, tuple(cells.get(letter, "") for letter in letters[:COLUMNS_SHOWN])) for row, cells in rows.items()
        ),
        chosen_row=chosen,
        columns=tuple(
            ColumnShown(
                letter=letter,
                header=rows.get(chosen, {}).get(letter, ""),
                samples=tuple(dict.fromkeys(cells[letter] for cells in below if cells.get(letter)))[:3],
                slot="",
                chosen="",
                name=f"column::{letter}",
            )
            for letter in letters[:COLUMNS_SHOWN]
        ),
    )


def _told_as(letter: str, headers: Mapping[str, str]) -> str:
    """By what a map names a column: its header, so that it is found where a column more stands before it; its letter
    where the header is empty, stands twice, or may be taken for a letter."""
    header = headers.get(letter, "")
    is_alone = list(headers.values()).count(header) == 1
    return header if header.strip() and is_alone and not re.fullmatch("[A-Z]{1,3}", header) else letter


def maps_chosen(job: Job, typed: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Column maps by the key of their header, out of the fields of a sent form; "" is the key of a chosen row."""
    folder = reading_folder(job)
    part = job_parts.part(folder, job_parts.COLUMNS) if folder is not None else {"tables": [], "previews": []}
    headers = {table["key"]: {one["letter"]: one["header"] for one in table["columns"]} for table in part["tables"]}
    row, sheet = position(typed, "header_row"), typed.get("sheet", "")
    texts = (cells for one in part["previews"] if one["sheet"] == sheet for at, cells in one["rows"] if at == row)
    headers[""] = dict(next(texts, ()))
    maps: dict[str, dict[str, Any]] = {}
    for name, field in typed.items():
        kind, _, rest = name.partition(":")
        key, colon, letter = rest.partition(":")
        if kind != "column" or not colon or key not in headers or not re.fullmatch("[A-Z]{1,3}", letter):
            continue
        chosen = maps.setdefault(key, {"columns": {}, "header_row": row if key == "" else None})
        if field:
            chosen["columns"][_told_as(letter, headers[key])] = field
    return maps


# Lines.


class LineState(StrEnum):
    SHIPS = "ships"  # nobody has planned yet
    LOADED = "loaded"
    WAITS = "waits"  # some or all of its cartons were left out by the plan
    SET_ASIDE = "set_aside"  # by the plan: no container takes it, no form
    LEFT_OUT = "left_out"  # by her


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line and what becomes of it. `told` is the line as in shipment.json, after a plan with its place there."""

    told: Mapping[str, Any]
    state: LineState
    must_travel: bool

    @property
    def value(self) -> str:
        """Of its box."""
        return f"{self.told['row']}:{self.told['sheet']}"

    @property
    def query(self) -> str:
        """Leads to its row."""
        return urlencode({"sheet": self.told["sheet"], "row": self.told["row"]})

    @property
    def gross_kg(self) -> Decimal | None:
        gross_g = self.told["gross_g"]
        return None if gross_g is None else Decimal(gross_g).scaleb(-3)

    @property
    def volume_m3(self) -> Decimal | None:
        of_one = self.told["carton_volume_mm3"]
        return None if of_one is None else Decimal(of_one * self.told["cartons"]).scaleb(-9)


def lines(job: Job, query: Query) -> Slice[LineShown]:
    """A page of `all_lines`."""
    return cut(all_lines(job, query), query, LINES_SHOWN)


def all_lines(job: Job, query: Query) -> list[tuple[int, LineShown]]:
    """The lines with their position, as the query filters them: q (words in stall, item, name, code or mark), state,
    sheet, container."""
    folder = parts_folder(job)
    if folder is None:
        return []
    words = query.get("q", "").casefold().split()
    state, sheet, container = query.get("state", ""), query.get("sheet", ""), position(query, "container")
    left_out, must = _places(job.left_out), _places(job.must_travel)
    found = []
    for number, told in enumerate(job_parts.part(folder, job_parts.LINES)):
        if sheet and told["sheet"] != sheet:
            continue
        if container is not None and container not in told.get("containers", ()):
            continue
        if words and not _has_words(told, words):
            continue
        place = told["sheet"], told["row"], told["item"]
        line = LineShown(told, _state(told, is_left_out=place in left_out), place in must)
        if state and line.state != state and not (state == "must_travel" and line.must_travel):
            continue
        found.append((number, line))
    return found


def _places(chosen: Sequence[LinePlace]) -> set[tuple[str, int, str]]:
    return {(place.sheet, place.row, place.item) for place in chosen}


def _state(told: Mapping[str, Any], *, is_left_out: bool) -> LineState:
    if is_left_out:
        return LineState.LEFT_OUT
    if "loaded" not in told:
        return LineState.SHIPS
    if not told["ships"]:
        return LineState.SET_ASIDE
    return LineState.WAITS if told["left"] else LineState.LOADED


def _has_words(told: Mapping[str, Any], words: Sequence[str]) -> bool:
    text = " ".join(
        (told["stall"], told["item"], told["name"], told["hs"] or "", told["mark"], *told["names"].values())
    ).casefold()
    return all(word in text for word in words)


def places_chosen(job: Job, values: Sequence[str]) -> list[LinePlace]:
    """The lines of these boxes, as far as the book has them."""
    folder = parts_folder(job)
    known = {}
    if folder is not None:
        known = {(line["sheet"], line["row"]): line["item"] for line in job_parts.part(folder, job_parts.LINES)}
    places = []
    for value in values:
        row, _, sheet = value.partition(":")
        if row.isascii() and row.isdigit() and len(row) < 8 and (sheet, int(row)) in known:
            places.append(LinePlace(sheet, int(row), known[sheet, int(row)]))
    return places


def sheets(job: Job) -> tuple[str, ...]:
    """The sheets that are order lists, for filters."""
    return tuple(dict.fromkeys(table["sheet"] for table in all_tables(job)))


# The plan.


def containers(job: Job) -> list[Mapping[str, Any]]:
    folder = plan_folder(job)
    return job_parts.part(job_files.parts_of_plan(folder), job_parts.CONTAINERS) if folder is not None else []


def view_json(job: Job, head: Mapping[str, Any], language: str) -> str | None:
    """What the 3-D view fetches: `head` has its words. None: there is no plan."""
    folder = plan_folder(job)
    if folder is None:
        return None
    view = job_parts.part(job_files.parts_of_plan(folder), job_parts.VIEW)
    told = view["lines"].get(language) or view["lines"]["en"]
    beginning = job_parts.as_json(head)
    return f'{beginning[:-1]},"lines":{told},"containers":{view["containers"]}}}'


def declarations(job: Job) -> list[Mapping[str, Any]]:
    folder = plan_folder(job)
    return job_parts.part(job_files.parts_of_plan(folder), job_parts.DECLARATIONS) if folder is not None else []


@dataclass(frozen=True, slots=True)
class ItemShown:
    """An item of a form; `number` and `form` count from 1."""

    form: int
    number: int
    told: Mapping[str, Any]


def forms(job: Job) -> list[Mapping[str, Any]]:
    """The forms; `items` is how many each has."""
    return [{**form, "items": len(form["items"])} for form in declarations(job)]


def items(job: Job) -> Iterator[tuple[int, ItemShown]]:
    """Every item of every form, with its position in the whole."""
    position = 0
    for form in declarations(job):
        for number, told in enumerate(form["items"], start=1):
            yield position, ItemShown(form["number"], number, told)
            position += 1


def item(job: Job, form: int, number: int) -> ItemShown | None:
    """None: there is no such item."""
    return next((one for _, one in items(job) if (one.form, one.number) == (form, number)), None)


# Files.


@dataclass(frozen=True, slots=True)
class Download:
    """A file that may be taken. `name` in addresses and, with the book's name before it, on her disk."""

    name: str
    path: Path
    content_type: str
    size_bytes: int


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAPERS: Mapping[str, str] = {
    "loading.html": "text/html; charset=utf-8",
    "loading.pdf": "application/pdf",
    "packing-list.xlsx": _XLSX,
    "declarations.xlsx": _XLSX,
    "invoice.pdf": "application/pdf",
    "shipment.json": "application/json",
}
"""The papers of a plan, and nothing else of its folder."""

ALL = "all.zip"


def downloads(job: Job) -> dict[str, Download]:
    """What may be taken of the job as it is now: the papers, the marked copy (of the plan, else of the reading)."""
    plan, reading = plan_folder(job), reading_folder(job)
    wanted = [(name, plan / name, kind) for name, kind in PAPERS.items()] if plan is not None else []
    if plan is not None:
        wanted += [(drawing.name, drawing, "image/svg+xml") for drawing in drawings_in(plan)]
    checked = plan or reading
    if checked is not None:
        wanted.append((CHECKED, checked / CHECKED, _XLSX))
    found = {}
    for name, path, kind in wanted:
        if path.is_file():
            found[name] = Download(name, path, kind, path.stat().st_size)
    return found


def disposition(job: Job, name: str) -> str:
    """The header that has a file kept under its name, with that of the book before it (RFC 6266 and 5987)."""
    stem = job.file_name.rpartition(".")[0] or job.file_name
    return content_disposition_header(as_attachment=True, filename=f"{stem} - {name}") or "attachment"
