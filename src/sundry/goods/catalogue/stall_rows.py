"""Rows of booths as an operator pastes them from a sheet: hall, floor, street, booth, name.

Problem: a floor of a market has five hundred booths, and they stand in somebody's sheet. Typing them is a week;
inserting a sheet unread is a week of mending. Therefore every row is read and judged first, all mistakes are told at
once, each with its row, and nothing is registered while one is wrong.

Worked case: "1\t2\tC\t1205\t日用百货" is hall 1, floor 2, street C, booth 1205. Rows without tabs are cut at
commas, else at spaces, of which the name may have some. A first row that names its columns is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from sundry.goods.catalogue.rules import NAME_MAX, NewStall, Place
from sundry.goods.catalogue.texts import clean
from sundry.kernel.findings import Finding, error

ROWS_MAX: Final = 2_000
HALL_MAX: Final = 8
STREET_MAX: Final = 8
BOOTH_MAX: Final = 12
FLOOR_LEAST, FLOOR_MOST = -5, 60
_CELLS: Final = 5
_SHOWN: Final = 60
_FLOOR: Final = re.compile(r"[Ff]?(-?\d{1,3})(?:[Ff楼层])?")


@dataclass(frozen=True, slots=True)
class PastedRow:
    """`row`: as the sheet counts, from 1. `stall`: None where it cannot be read. `problem`: None: nothing is wrong."""

    row: int
    text: str
    stall: NewStall | None
    problem: Finding | None


def read(text: str, *, language: str = "zh") -> tuple[PastedRow, ...]:
    """Each row that holds anything."""
    found: list[PastedRow] = []
    for row, line in enumerate(text.splitlines(), start=1):
        cells = _cells(line)
        if not any(cells) or (not found and _is_header(cells)):
            continue
        read_row = _read(row, cells, language)
        shown = " ".join(cells)[:_SHOWN]
        if isinstance(read_row, Finding):
            found.append(PastedRow(row, shown, None, read_row))
        else:
            found.append(PastedRow(row, shown, read_row, None))
    return tuple(found)


def judged(rows: tuple[PastedRow, ...], *, halls: Collection[str], taken: Collection[Place]) -> tuple[PastedRow, ...]:
    """The rows with what the market says of them: halls that are registered, booths that have a stall."""
    times = Counter(row.stall.place for row in rows if row.stall is not None)
    return tuple(_judged(rows, times, halls, taken))


def _judged(
    rows: tuple[PastedRow, ...], times: Counter[Place], halls: Collection[str], taken: Collection[Place]
) -> Iterator[PastedRow]:
    for row in rows:
        if row.stall is None:
            yield row
            continue
        place, problem = row.stall.place, None
        if place.hall not in halls:
            problem = error("catalogue_hall_not_there", row=row.row, details={"hall": place.hall})
        elif place in taken or times[place] > 1:
            problem = error("catalogue_booth_taken", row=row.row, details={"place": place.code})
        yield PastedRow(row.row, row.text, row.stall, problem)


def _cells(line: str) -> list[str]:
    for sign in ("\t", ",", "，", ";"):
        if sign in line:
            return [clean(cell) for cell in line.split(sign, _CELLS - 1)]
    return line.split(maxsplit=_CELLS - 1)


def _is_header(cells: list[str]) -> bool:
    """No cell of four says a number: it names the columns."""
    return len(cells) >= _CELLS - 1 and not any(any(map(str.isdecimal, cell)) for cell in cells[: _CELLS - 1])


def _read(row: int, cells: list[str], language: str) -> NewStall | Finding:
    if len(cells) < _CELLS - 1:
        return error("catalogue_row_incomplete", row=row, details={"count": len(cells)})
    hall, floor, street, booth = cells[: _CELLS - 1]
    for value, most in ((hall, HALL_MAX), (street, STREET_MAX), (booth, BOOTH_MAX)):
        if not 1 <= len(value) <= most:
            return error("catalogue_place_too_long", row=row, value=value[:_SHOWN])
    number = _FLOOR.fullmatch(floor)
    if number is None or not FLOOR_LEAST <= int(number[1]) <= FLOOR_MOST:
        return error("catalogue_floor_impossible", row=row, value=floor[:_SHOWN])
    name = clean(cells[_CELLS - 1])[:NAME_MAX] if len(cells) == _CELLS else ""
    return NewStall(Place(hall, int(number[1]), street, booth), {language: name} if name else {}, language=language)
