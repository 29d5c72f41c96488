"""What a shipment came to, read back from its shipment.json, for pages and answers.

One read of the file answers everything: lines with what became of them, forms with the lines and cells behind each
item, containers, findings in any language. All tuples are whole; a page cuts what it shows out of them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import starmap
from operator import itemgetter
from pathlib import Path
from typing import Any

from sundry.engines.declaring.rules import Declaration, DeclaredItem, Part
from sundry.goods.consolidation.rules import LeftOut, LoadedContainer, Offer, Placement, offer_to_leave
from sundry.goods.orders.rules import ColumnSeen, Line, SetAside, TableColumns
from sundry.goods.shipping.rules import Excluded
from sundry.kernel.exchange import Rate
from sundry.kernel.findings import Finding, Severity
from sundry.kernel.parameters import parameters

RESULT_FILE = "shipment.json"
# A shipment of 5,000 lines has 25,000 placements: these are read without a step of Python for each value.
_LINE_FIELDS = tuple(field.name for field in fields(Line))
_LINE_VALUES, _BOX = itemgetter(*_LINE_FIELDS), _LINE_FIELDS.index("carton_mm")
_PLACEMENT_VALUES = itemgetter(*(field.name for field in fields(Placement)))


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A line that ships, and what became of its cartons. `containers`: their numbers, from 1."""

    index: int
    line: Line
    value_usd_cents: int
    loaded: int
    left_out: int
    containers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LinePart:
    """What a line gives to a declared item. `cells`: where its figures stand in the book, `price` -> `F17`."""

    part: Part
    line: Line
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Result:
    """A shipment as its shipment.json tells it (docs/shipment-json.md). `declarations` name lines by their index."""

    file: str
    day: date
    rates: tuple[Rate, ...]
    lines: tuple[ResultLine, ...]
    set_aside: tuple[SetAside, ...]
    excluded: tuple[Excluded, ...]
    tables: tuple[TableColumns, ...]
    left_out: tuple[LeftOut, ...]
    declarations: tuple[Declaration, ...]
    findings: tuple[Finding, ...]
    totals: Mapping[str, Any]
    containers_told: Sequence[Mapping[str, Any]]

    @cached_property
    def containers(self) -> tuple[LoadedContainer, ...]:
        """With every placement, which takes as long as all the rest: made when asked for."""
        return tuple(_container(told) for told in self.containers_told)

    def cells(self, line: Line) -> dict[str, str]:
        """Where the figures of a line stand in the book: slot -> cell."""
        above = (table for table in reversed(self.tables) if table.sheet == line.sheet and table.header_row < line.row)
        table = next(above, None)
        return {slot: f"{letter}{line.row}" for slot, (letter, _) in table.columns.items()} if table else {}

    def lineage(self, form_number: int, item_index: int) -> tuple[LinePart, ...]:
        """The lines behind an item of a form, with their cells. KeyError: there is no such item."""
        form = next((form for form in self.declarations if form.number == form_number), None)
        if form is None or not 0 <= item_index < len(form.items):
            raise KeyError((form_number, item_index))
        parts = form.items[item_index].parts
        lines = [self.lines[part.line].line for part in parts]
        return tuple(LinePart(part, line, self.cells(line)) for part, line in zip(parts, lines, strict=True))

    def offer(self) -> Offer | None:
        """Whether to ask her to leave the few cartons of the last container, by the parameters of the day."""
        most = parameters("containers").at(self.day).whole("offers.last_container_fill_max_percent")
        return offer_to_leave(self.containers, [line.line for line in self.lines], fill_max_percent=most)


def load_result(folder: Path) -> Result:
    """The shipment whose files are in `folder`. OSError: it has no shipment.json."""
    data = json.loads((folder / RESULT_FILE).read_bytes())
    return Result(
        file=data["file"],
        day=date.fromisoformat(data["date"]),
        rates=tuple(_rate(told) for told in data["rates"]),
        lines=tuple(_lines(data)),
        set_aside=tuple(SetAside(**told) for told in data["set_aside"]),
        excluded=tuple(Excluded(**told) for told in data["excluded"]),
        tables=tuple(_table(told) for told in data["tables"]),
        left_out=tuple(LeftOut(**told) for told in data["left_out"]),
        declarations=tuple(_declaration(told) for told in data["declarations"]),
        findings=tuple(_finding(told) for told in data["findings"]),
        totals=data["totals"],
        containers_told=data["containers"],
    )


def _lines(data: Mapping[str, Any]) -> Iterator[ResultLine]:
    loaded: Counter[int] = Counter()
    standing: dict[int, list[int]] = {}
    for number, container in enumerate(data["containers"], start=1):
        count = Counter(map(itemgetter("line"), container["placements"]))
        loaded.update(count)
        for index in count:
            standing.setdefault(index, []).append(number)
    left_out = {told["line"]: told["cartons"] for told in data["left_out"]}
    for index, told in enumerate(data["lines"]):
        values = list(_LINE_VALUES(told))
        values[_BOX] = None if values[_BOX] is None else tuple(values[_BOX])
        yield ResultLine(
            index=index,
            line=Line(*values),
            value_usd_cents=told["value_usd_cents"],
            loaded=loaded[index],
            left_out=left_out.get(index, 0),
            containers=tuple(standing.get(index, ())),
        )


def _container(told: Mapping[str, Any]) -> LoadedContainer:
    return LoadedContainer(
        type=told["type"],
        inside_mm=tuple(told["inside_mm"]),
        door_mm=tuple(told["door_mm"]),
        payload_g=told["payload_g"],
        usual_volume_mm3=told["usual_volume_mm3"],
        price_minor=told["price_minor"],
        price_currency=told["price_currency"],
        placements=tuple(starmap(Placement, map(_PLACEMENT_VALUES, told["placements"]))),
        gross_g=told["gross_g"],
        known_gross_g=told["known_gross_g"],
        volume_mm3=told["volume_mm3"],
    )


def _rate(told: Mapping[str, Any]) -> Rate:
    day = date.fromisoformat(told["date"]) if told["date"] else None
    return Rate(told["pair"][:3], told["pair"][3:], Decimal(told["rate"]), day, told["source"])


def _table(told: Mapping[str, Any]) -> TableColumns:
    seen = tuple(ColumnSeen(c["letter"], c["header"], tuple(c["samples"]), c["slot"]) for c in told["columns"])
    columns: dict[str, tuple[str, str]] = {}
    for column in seen:
        if column.slot:
            columns.setdefault(column.slot, (column.letter, column.header))
    return TableColumns(
        sheet=told["sheet"],
        header_row=told["header_row"],
        columns=columns,
        headers=tuple(column.header for column in seen if column.header),
        key=told["key"],
        is_list=told["is_list"],
        seen=seen,
    )


def _declaration(told: Mapping[str, Any]) -> Declaration:
    items = tuple(
        DeclaredItem(**{**item, "parts": tuple(Part(**part) for part in item["parts"])}) for item in told["items"]
    )
    return Declaration(**{**told, "items": items})


def _finding(told: Mapping[str, Any]) -> Finding:
    names = ("rule", "sheet", "row", "column", "header", "value", "details", "line", "file")
    return Finding(Severity(told["severity"]), **{name: told[name] for name in names if name in told})
