"""What goes out as the market's quotation sheet: the lines of an order or a quotation, chosen goods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image

from sundry.goods.catalogue import pictures
from sundry.goods.catalogue.rules import LANGUAGES, PHOTO_WIDTHS
from sundry.goods.orders import queries_sheets
from sundry.goods.orders.enquiry_rules import QuotationView
from sundry.goods.orders.formats.quotation_sheet import PICTURES_MAX, SheetLine, write_quotation
from sundry.goods.orders.order_rules import Carton, OrderView

_SHARP_MAX: Final = 200  # pictures up to which each is good enough to be printed large
_QUALITY: Final = 82


def of_order(view: OrderView, *, language: str, day: date) -> bytes:
    """An order, or a basket, as it may come back. One statement."""
    lines = queries_sheets.lines_out(view.card.id)
    width = _width(sum(bool(line.photo) for line in lines))
    taken = _Pictures(width)
    told = [
        SheetLine(
            id=line.id,
            stall=line.stall,
            item_number=line.item_number,
            name=said(line.names, "zh", line.language),
            name_translated=said(line.names, beside(language), line.language),
            pieces=line.pieces,
            price_minor=line.price_minor,
            price_per=line.price_per,
            carton=Carton(*line.carton),
            picture=taken.of(line.photo),
        )
        for line in lines
    ]
    title = f"{view.card.number} {view.card.name}".strip()
    return write_quotation(
        told, title=title, currency=view.card.currency, language=language, day=day, order=view.card.number
    )


def of_quotation(view: QuotationView, *, stall: str, language: str, day: date) -> bytes:
    """A quotation at the quantities for which it is laid out."""
    taken = _Pictures(_width(len(view.lines)))
    told = []
    for line in view.lines:
        step = line.price_at(line.pieces) or (line.ladder[0] if line.ladder else None)
        told.append(
            SheetLine(
                id=None,
                stall=stall,
                item_number=line.item_number,
                name=said(line.names, "zh", line.language),
                name_translated=said(line.names, beside(language), line.language),
                pieces=line.pieces,
                price_minor=None if step is None else step.price_minor,
                price_per=line.price_per,
                carton=line.carton,
                picture=taken.of(line.photo),
            )
        )
    title = f"{view.number} v{view.version}"
    return write_quotation(told, title=title, currency=view.terms.currency, language=language, day=day)


def of_goods(numbers: Sequence[int], *, quantity: int, title: str, language: str, day: date) -> bytes:
    """Goods of the catalogue, each at the price for so many pieces, or for the fewest that are sold. Two statements."""
    found = queries_sheets.goods_out(numbers)
    taken = _Pictures(_width(len(found)))
    told = []
    for good in found:
        pieces = max(quantity, good.ladder[0].quantity if good.ladder else 1)
        told.append(
            SheetLine(
                id=None,
                stall=good.stall,
                item_number=good.item_number,
                name=said(good.names, "zh", good.language),
                name_translated=said(good.names, beside(language), good.language),
                pieces=pieces,
                price_minor=good.price_at(pieces),
                price_per=1,
                carton=Carton(*good.carton),
                picture=taken.of(good.cover),
            )
        )
    return write_quotation(told, title=title, currency="CNY", language=language, day=day)


def beside(language: str) -> str:
    """That of the fifth column: Chinese stands in the fourth."""
    return "en" if language == "zh" else language


def said(names: Mapping[str, str], language: str, source: str) -> str:
    """A name in a language; where it has none, in English, as it was written, or in any."""
    return next((names[one] for one in (language, "en", source, *LANGUAGES) if names.get(one)), "")


def _width(count: int) -> int:
    return PHOTO_WIDTHS[1] if count <= _SHARP_MAX else PHOTO_WIDTHS[0]


class _Pictures:
    """Photos as every program shows them, as many as a sheet may have; the same one is made once."""

    def __init__(self, width: int) -> None:
        self.left = PICTURES_MAX
        self._made = lru_cache(maxsize=64)(lambda file: _jpeg(file, width))

    def of(self, file: str) -> bytes:
        if not file or not self.left:
            return b""
        self.left -= 1
        return self._made(file)


def _jpeg(file: str, width: int) -> bytes:
    """b"" where it is not kept any more."""
    out = BytesIO()
    try:
        with Image.open(pictures.path(file, width)) as photo:
            photo.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    except (OSError, ValueError):
        return b""
    return out.getvalue()
