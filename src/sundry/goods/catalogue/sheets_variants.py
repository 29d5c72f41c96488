"""The kinds of a good (colours, sizes) in one cell of a sheet, a line for each.

    zh: 红色 | en: Red | no: R-1 | price: +0.20 | stock: 300
    zh: 蓝色 | en: Blue

A stall that writes 红色、蓝色 or three lines of names means just that, in the language in which it writes. A backslash
stands before a bar or a backslash that belongs to a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sundry.goods.catalogue import sheets_cells
from sundry.goods.catalogue.rules import LANGUAGES, Variant
from sundry.goods.catalogue.sheets_cells import CellRefused, scaled

_ITEM: Final = {
    "no": "item_number",
    "price": "difference_minor",
    "stock": "stock_pieces",
    "货号": "item_number",
    "加价": "difference_minor",
    "库存": "stock_pieces",
}
_SAID: Final = re.compile(rf"\s*({'|'.join((*LANGUAGES, *_ITEM))})\s*[:：](.*)", re.DOTALL)
_BARS: Final = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_SIMPLE: Final = re.compile(r"[\n、，,;；/]")


def told(variants: Sequence[Variant]) -> str:
    """The cell; "" for a good of one kind."""
    return "\n".join(map(_line, variants))


def _line(variant: Variant) -> str:
    parts = [f"{language}: {_escaped(variant.names[language])}" for language in LANGUAGES if language in variant.names]
    if variant.item_number:
        parts.append(f"no: {_escaped(variant.item_number)}")
    if variant.difference_minor:
        parts.append(f"price: {'+' if variant.difference_minor > 0 else ''}{scaled(variant.difference_minor, 2)}")
    if variant.stock_pieces is not None:
        parts.append(f"stock: {variant.stock_pieces}")
    return " | ".join(parts)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def read(text: str, language: str) -> tuple[Variant, ...]:
    """`language`: of names that do not say theirs. CellRefused."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not any(_SAID.fullmatch(line) or _BARS.search(line) for line in lines):
        return tuple(Variant({language: name.strip()}) for name in _SIMPLE.split(text) if name.strip())
    return tuple(_variant(line, language) for line in lines)


def _variant(line: str, language: str) -> Variant:
    names: dict[str, str] = {}
    variant = Variant(names)
    for part in _parts(line):
        said = _SAID.fullmatch(part)
        key, value = (said[1], said[2].strip()) if said else (language, part.strip())
        if key in LANGUAGES:
            if value:
                names[key] = value
        elif _ITEM[key] == "item_number":
            variant = replace(variant, item_number=value)
        elif value:
            variant = _counted(variant, _ITEM[key], value)
    return variant


def _counted(variant: Variant, field: str, value: str) -> Variant:
    try:
        if field == "stock_pieces":
            return replace(variant, stock_pieces=sheets_cells.pieces(value))
        return replace(variant, difference_minor=sheets_cells.money(value))
    except CellRefused:
        raise CellRefused("catalogue_sheet_variant_unreadable", part=value) from None


def _parts(line: str) -> list[str]:
    parts: list[str] = []
    part, at = "", 0
    while at < len(line):
        if line[at] == "\\" and at + 1 < len(line) and line[at + 1] in "\\|":
            part, at = part + line[at + 1], at + 2
        elif line[at] == "|":
            parts, part, at = [*parts, part], "", at + 1
        else:
            part, at = part + line[at], at + 1
    return [*parts, part]


def with_ids(variants: Sequence[Variant], before: Sequence[Variant]) -> tuple[Variant, ...]:
    """The same, each with the id of the one that it was: by its names, else its item number, else its place."""
    free = dict(enumerate(before))
    found: dict[int, Variant] = {}
    for is_same in (_same_names, _same_item, _same_place):
        for place, one in enumerate(variants):
            match = next((index for index, other in free.items() if is_same(one, other, place == index)), None)
            if place not in found and match is not None:
                found[place] = free.pop(match)
    return tuple(replace(one, id=found[place].id if place in found else None) for place, one in enumerate(variants))


def _same_names(one: Variant, other: Variant, _: bool) -> bool:
    return one.names == other.names


def _same_item(one: Variant, other: Variant, _: bool) -> bool:
    return bool(one.item_number) and one.item_number == other.item_number


def _same_place(one: Variant, other: Variant, is_same_place: bool) -> bool:
    return is_same_place
