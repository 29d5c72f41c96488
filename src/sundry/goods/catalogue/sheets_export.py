"""Goods as a workbook in the reader's language, an empty one to fill in, and wrong rows with what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Final

from PIL import Image

from sundry.goods.catalogue import pictures
from sundry.goods.catalogue.categories import tree
from sundry.goods.catalogue.formats.goods_xlsx import Head, Line, write_sheet
from sundry.goods.catalogue.formats.shape import PICTURES_MAX
from sundry.goods.catalogue.rules import GoodView
from sundry.goods.catalogue.sheets import FIELDS, PHOTO, ROW, Column, mark, row_of
from sundry.goods.catalogue.sheets_intake import NOTE
from sundry.goods.catalogue.sheets_words import category_name, keys, label
from sundry.kernel.findings import Finding
from sundry.kernel.messages import RIGHT_TO_LEFT, render

_PHOTO_WIDTH: Final = 480
_LINES: Final = "\n"
_WIDE: Final = {"names": 26, "descriptions": 30, "variants": 34, "category": 22}
_WORDS: Final = {"unit": "unit", "supply": "supply", "language": "language"}


def heads(language: str) -> list[Head]:
    """The columns of a sheet of ours: the hidden one, the photo, then every field."""
    return [
        Head(ROW, f"Sundry {ROW}", 12, is_hidden=True),
        Head(PHOTO, label("column", PHOTO, language), 13),
        *(_head(field, language) for field in FIELDS),
    ]


def _head(field: str, language: str) -> Head:
    choices: tuple[str, ...] = ()
    if field in _WORDS:
        choices = tuple(label(_WORDS[field], key, language) for key in keys(_WORDS[field]))
    elif field == "category":
        choices = tuple(category_name(key, language) for key in tree())
    is_number = field.startswith(("step_", "carton.")) or field.endswith(("_pieces", "_days"))
    return Head(
        field,
        label("column", field, language),
        _WIDE.get(field.partition(".")[0], 13),
        is_number=is_number,
        choices=choices,
    )


def template(language: str) -> bytes:
    """An empty sheet."""
    return _written(heads(language), [], language)


def exported(goods: Iterable[GoodView], language: str, *, photos: bool) -> bytes:
    """A sheet of goods. `photos`: with the first of each, of as many goods as a sheet may have pictures."""
    return _written(heads(language), _lines(goods, language, photos=photos), language)


def _lines(goods: Iterable[GoodView], language: str, *, photos: bool) -> Iterator[Line]:
    left = PICTURES_MAX if photos else 0
    for good in goods:
        cells = {**row_of(good.draft, language), ROW: mark(good.card.number, good.draft)}
        picture = picture_of(good.card.cover) if left and good.card.cover else b""
        left -= bool(picture)
        yield Line(cells, good.card.cover, picture)


def wrong(
    rows: Iterable[tuple[Mapping[str, str], Sequence[Finding], Sequence[str]]], columns: Sequence[Column], language: str
) -> bytes:
    """The columns as they came, and before them what was wrong. `rows`: (cells, findings, photos)."""
    of_note = render("catalogue_sheet_what_is_wrong", language, {})
    own = [column for column in columns if column.field and column.field not in (NOTE, PHOTO)]
    shown = [
        Head(NOTE, of_note, 50),
        Head(PHOTO, label("column", PHOTO, language), 13),
        *(Head(one.field, one.header, 18, is_hidden=one.field == ROW) for one in own),
    ]
    lines = (
        Line(
            {**cells, NOTE: _LINES.join(finding.message(language) for finding in found)},
            next(iter(photos), ""),
            picture_of(photos[0]) if photos else b"",
        )
        for cells, found, photos in rows
    )
    return _written(shown, lines, language)


def _written(heads: Sequence[Head], lines: Iterable[Line], language: str) -> bytes:
    place = next(index for index, head in enumerate(heads) if head.field == PHOTO)
    name = render("catalogue_sheet_name", language, {})
    return write_sheet(heads, lines, name=name, photo_column=place, right_to_left=language in RIGHT_TO_LEFT)


def picture_of(file: str) -> bytes:
    """A photo as a JPEG that every program shows; b"" where it is not kept any more."""
    out = BytesIO()
    try:
        with Image.open(pictures.path(file, _PHOTO_WIDTH)) as photo:
            photo.convert("RGB").save(out, "JPEG", quality=80)
    except (OSError, ValueError):
        return b""
    return out.getvalue()
