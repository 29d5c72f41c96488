"""The commercial invoice of a shipment, in Chinese and English, as a PDF.

Problem: an invoice is compared with the packing list and the declarations, to the cent. It may ask only for what is in
the containers, and a line of ten cartons of which seven were loaded has no exact seven tenths of 100.01.

Worked case: CNY 100.01 over 10 cartons, 7 loaded: split(10001, [7, 3]) is 7001 and 3000, so 70.01 are invoiced and the
rest of 30.00 comes with the next container. USD cents, pieces, gross and net are split the same way, as the
declarations are, so that all papers agree.

Therefore `invoiced` makes the loaded share of every line, and every total of the paper is a sum of those shares. What
the profile does not say is a blank to fill; a weight that is not known is called unknown, with what is known beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from sundry.base.papers.capitals import yuan_in_capitals
from sundry.base.papers.pages import (
    amount,
    cubic_metres,
    grouped,
    kilograms,
    one_line,
    unit_price,
    wrappable,
    write_pdf,
)
from sundry.goods.consolidation.rules import LoadedContainer
from sundry.goods.orders.rules import Line
from sundry.goods.shipping.rules import Profile
from sundry.kernel.exchange import Rate
from sundry.kernel.messages import render
from sundry.kernel.splitting import split

_UNITS = frozenset(("pair", "set"))
_YUAN = "CNY"


@dataclass(frozen=True, slots=True)
class Invoiced:
    """The share of one line that was loaded."""

    line: Line
    cartons: int
    pieces: int
    value_minor: int
    value_usd_cents: int
    gross_g: int | None
    net_g: int | None


def invoiced(
    lines: Sequence[Line], value_usd_cents: Sequence[int], containers: Sequence[LoadedContainer]
) -> list[Invoiced]:
    """What is invoiced: of each line its loaded cartons, lines without any left out."""
    loaded = [0] * len(lines)
    for container in containers:
        for placement in container.placements:
            loaded[placement.line] += 1
    return [
        _share(line, cartons, cents)
        for line, cartons, cents in zip(lines, loaded, value_usd_cents, strict=True)
        if cartons
    ]


def _share(line: Line, cartons: int, usd_cents: int) -> Invoiced:
    def of(whole: int) -> int:
        return split(whole, [cartons, line.cartons - cartons])[0]

    return Invoiced(
        line=line,
        cartons=cartons,
        pieces=of(line.pieces),
        value_minor=of(line.value_minor),
        value_usd_cents=of(usd_cents),
        gross_g=None if line.gross_g is None else of(line.gross_g),
        net_g=None if line.net_g is None else of(line.net_g),
    )


def write_invoice(
    path: Path,
    *,
    file: str,
    day: date,
    lines: Sequence[Line],
    value_usd_cents: Sequence[int],
    containers: Sequence[LoadedContainer],
    rates: Sequence[Rate],
    profile: Profile,
    language: str,
) -> None:
    """Write the invoice of what stands in `containers`. `language` (zh | en) is the one that stands first.

    `value_usd_cents` is one a line, of the whole line; `rates` are those by which it was converted. OSError.
    """
    words = partial(_both, language=language)
    shares = invoiced(lines, value_usd_cents, containers)
    number = one_line(profile.invoice_number)
    data = {
        "title": f"{_word('title', language)} {number}".strip(),
        "language": language,
        "labels": {name: words(name) for name in _LABELS},
        "fields": _fields(profile, day, number, words),
        "containers": _containers(containers, words),
        "lines": [_row(number, share, words) for number, share in enumerate(shares, start=1)],
        "totals": _totals(shares, words),
        "rates": [_rate(rate, words) for rate in rates],
        "packing": _packing(shares, containers, words),
        "footer": one_line(f"{number or file}"),
    }
    template = files("sundry.goods.shipping.formats").joinpath("invoice_pdf.typ").read_text("utf-8")
    write_pdf(path, template, data)


_LABELS = (
    *("title", "seller", "buyer", "terms", "line_number", "item", "goods_name", "cartons", "quantity", "unit_price"),
    *("currency", "value", "subtotal", "total_usd", "rate", "in_capitals", "packed", "containers", "container_number"),
    *("seal_number", "signature", "no_lines", "page", "type"),
)


def _both(name: str, *, language: str, **values: Any) -> str:
    """The words in both languages, `language` first."""
    other = "en" if language == "zh" else "zh"
    return f"{_word(name, language, **values)} {_word(name, other, **values)}"


def _word(name: str, language: str, **values: Any) -> str:
    return render(f"invoice_pdf_{name}", language, values)


def _fields(profile: Profile, day: date, number: str, words: Any) -> dict[str, list[list[str]]]:
    def told(*pairs: tuple[str, str]) -> list[list[str]]:
        return [[words(name), wrappable(value)] for name, value in pairs]

    return {
        "head": told(("number", number), ("date", day.isoformat())),
        "seller": told(("name", profile.consignor), ("uscc", profile.consignor_uscc)),
        "buyer": told(
            ("name", profile.buyer), ("nationality", profile.buyer_nationality), ("buyer_id", profile.buyer_id)
        ),
        "terms": told(
            ("incoterm", profile.incoterm),
            ("port_of_loading", profile.port_of_loading),
            ("destination", profile.destination),
            ("marks", profile.marks),
        ),
    }


def _containers(containers: Sequence[LoadedContainer], words: Any) -> list[list[str]]:
    return [
        [str(number), container.type, f"{len(container.placements):,}", cubic_metres(container.volume_mm3)]
        for number, container in enumerate(containers, start=1)
    ]


def _row(number: int, share: Invoiced, words: Any) -> list[str]:
    line = share.line
    per = "" if line.price_per == "piece" else words(f"per_{line.price_per}")
    return [
        str(number),
        wrappable(line.item),
        wrappable(_name(line)),
        f"{share.cartons:,}",
        f"{share.pieces:,}",
        _unit(line.unit, words),
        unit_price(line.unit_price, line.currency),
        per,
        line.currency,
        amount(share.value_minor, line.currency),
    ]


def _unit(unit: str, words: Any) -> str:
    """What one of the pieces is; a piece goes without saying."""
    if unit == "piece":
        return ""
    return str(words(f"unit_{unit}")) if unit in _UNITS else unit


def _name(line: Line) -> str:
    """The name as it stands, with the other languages of the book behind it."""
    names = [line.name, *line.names.values()]
    return " / ".join(dict.fromkeys(one_line(name) for name in names if name.strip()))


def _totals(shares: Sequence[Invoiced], words: Any) -> dict[str, Any]:
    by_currency: dict[str, int] = {}
    for share in shares:
        by_currency[share.line.currency] = by_currency.get(share.line.currency, 0) + share.value_minor
    return {
        "subtotals": [[currency, amount(minor, currency)] for currency, minor in sorted(by_currency.items())],
        "usd": amount(sum(share.value_usd_cents for share in shares), "USD"),
        "in_capitals": yuan_in_capitals(by_currency[_YUAN]) if _YUAN in by_currency else "",
    }


def _rate(rate: Rate, words: Any) -> list[str]:
    source = words("rate_given") if rate.day is None else one_line(f"{rate.day.isoformat()}, {rate.source}")
    return [f"1 {rate.base} = {grouped(str(rate.units))} {rate.quote}", source]


def _packing(shares: Sequence[Invoiced], containers: Sequence[LoadedContainer], words: Any) -> list[list[str]]:
    volume_mm3 = sum(container.volume_mm3 for container in containers)
    return [
        [words("cartons"), f"{sum(share.cartons for share in shares):,}"],
        [words("pieces"), f"{sum(share.pieces for share in shares):,}"],
        [words("gross"), _weight([share.gross_g for share in shares], words)],
        [words("net"), _weight([share.net_g for share in shares], words)],
        [words("volume"), f"{cubic_metres(volume_mm3)} m³"],
        [words("containers"), _types(containers)],
    ]


def _weight(grams: Sequence[int | None], words: Any) -> str:
    known = [weight for weight in grams if weight is not None]
    told = f"{kilograms(sum(known))} kg"
    unknown = len(grams) - len(known)
    return words("weight_unknown", known=told, count=unknown) if unknown else told


def _types(containers: Sequence[LoadedContainer]) -> str:
    counts: dict[str, int] = {}
    for container in containers:
        counts[container.type] = counts.get(container.type, 0) + 1
    return ", ".join(f"{count} × {kind}" for kind, count in counts.items()) or "0"
