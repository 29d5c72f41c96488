"""Where a sheet says what its columns are: in a row below titles and addresses, or in two rows with merged cells.

    义乌市百货商行  价格表
    货号 | 品名   |   外箱尺寸 (cm)   | 单价(元)
         |        |  长 |  宽 |  高   |
    K-1  | 牙刷杯 |  60 |  40 |  50   | 3.20

Therefore the first rows are tried one by one, and each with the one below it: the one in which most cells are known as
headers is it. A cell of two rows is known by both together ("外箱尺寸 长"), or by the lower, or by the upper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sundry.goods.catalogue.sheets import ROW, Column
from sundry.goods.catalogue.sheets_words import field_of

HEADER_ROWS_MAX: Final = 20  # from the top
KNOWN_MIN: Final = 2  # of one header alone nobody can tell
_SHOWN_MAX: Final = 80

Rows = Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Header:
    """`columns`: by their index from 0. `last_row`: of the header; the goods stand below it."""

    columns: Mapping[int, Column]
    last_row: int


def header_of(rows: Rows, own: Mapping[str, str] | None = None) -> Header | None:
    """None: no row names its columns. `own`: what a sheet of ours says of its headers, text -> field."""
    best: tuple[int, Header] | None = None
    first = rows[:HEADER_ROWS_MAX]
    for index, (number, cells) in enumerate(first):
        tried: list[tuple[Sequence[str], Sequence[str], int]] = [((), cells, number)]
        if index + 1 < len(rows) and rows[index + 1][0] == number + 1:
            tried.append((cells, rows[index + 1][1], number + 1))
        for upper, lower, last in tried:
            columns = _columns(upper, lower, own or {})
            known = sum(1 for column in columns.values() if column.field)
            if known >= KNOWN_MIN and (best is None or known > best[0]):
                best = known, Header(columns, last)
    return best[1] if best else None


def _columns(upper: Sequence[str], lower: Sequence[str], own: Mapping[str, str]) -> dict[int, Column]:
    columns: dict[int, Column] = {}
    taken: set[str] = set()
    for index in range(max(len(upper), len(lower))):
        above, below = _at(upper, index), _at(lower, index)
        texts = [below] if not above or above == below else [f"{above} {below}".strip(), below, above]
        field = next((found for text in texts if text and (found := _field(text, own))), "")
        if field in taken:
            field = ""  # the first of two columns of one name is it
        taken.add(field)
        if texts[0]:
            columns[index] = Column(letter(index), texts[0][:_SHOWN_MAX], field)
    return columns


def _at(cells: Sequence[str], index: int) -> str:
    return " ".join(cells[index].split()) if index < len(cells) else ""


def _field(text: str, own: Mapping[str, str]) -> str:
    if text in own:
        return own[text]
    if text.casefold() == f"sundry {ROW}":
        return ROW
    field, language = field_of(text)
    return f"{field}~{language}" if field in ("names", "descriptions") else field


def letter(index: int) -> str:
    """0 -> A, 26 -> AA."""
    letters = ""
    index += 1
    while index > 0:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
