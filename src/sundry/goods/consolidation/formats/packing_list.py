"""The packing list: a summary, a page a container, and what was left out, as an Excel workbook.

Problem: the crew, the buyer and the broker read the same list, and a line of 30 cartons may stand in two containers.
Its weight is known for the line only: 100.000 kg over 3 cartons, of which 2 and 1, is 66.667 and 33.333. Therefore
every total of a line is split by cartons, exactly: first into what is loaded and what is left out, as the declarations
and the invoice split it, and then what is loaded over the containers. The pages sum to what is declared, to the gram.

Worked case: 0.101 kg over 3 cartons, one in each of two containers and one left out. 0.067 kg are loaded and
declared, so the pages say 0.034 and 0.033. Split over the three places at once, they would have said 0.034 twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from sundry.base.papers.sheets import (
    MISSING,
    Book,
    Cell,
    Column,
    Kind,
    Sheet,
    cubic_metres,
    kilograms,
    kilograms_together,
    label,
    sentence,
    unit_label,
    workbook,
)
from sundry.goods.consolidation.rules import LeftOut, LoadedContainer, dealt
from sundry.goods.orders.rules import Line
from sundry.kernel.messages import catalogue, render

_SUMMARY = (
    Column("packing_container", 7, Kind.CODE),
    Column("packing_type", 8, Kind.CODE),
    Column("packing_container_number", 17),
    Column("packing_seal", 14),
    Column("packing_lines", 8, Kind.WHOLE),
    Column("packing_stalls", 8, Kind.WHOLE),
    Column("paper_cartons", 9, Kind.WHOLE, summed=True),
    Column("paper_volume_m3", 11, Kind.M3, summed=True),
    Column("packing_fill", 8, Kind.PERCENT),
    Column("paper_gross_kg", 13, Kind.KG, summed=True),
    Column("paper_net_kg", 13, Kind.KG, summed=True),
    Column("packing_payload_kg", 13, Kind.KG),
    Column("paper_remark", 30),
)

_LINES = (
    Column("paper_no", 6, Kind.CODE),
    Column("paper_stall", 13),
    Column("paper_item", 13),
    Column("paper_name", 20),
    Column("paper_other_names", 22),
    Column("paper_mark", 12),
    Column("paper_hs", 12, Kind.CODE),
    Column("paper_cartons", 8, Kind.WHOLE, summed=True),
    Column("paper_pieces_per_carton", 8, Kind.WHOLE),
    Column("paper_pieces", 9, Kind.WHOLE, summed=True),
    Column("paper_unit", 7, Kind.CODE),
    Column("paper_carton_size_cm", 16, Kind.CODE),
    Column("paper_volume_carton_m3", 10, Kind.M3_CARTON),
    Column("paper_volume_m3", 10, Kind.M3, summed=True),
    Column("paper_gross_kg", 12, Kind.KG, summed=True),
    Column("paper_net_kg", 12, Kind.KG, summed=True),
    Column("paper_remark", 24),
)

_LEFT_OUT = (*_LINES[:-1], Column("packing_reason", 24))


@dataclass(frozen=True, slots=True)
class _Share:
    """What of a line stands in one place."""

    line: int
    cartons: int
    pieces: int
    gross_g: int | None
    net_g: int | None


def write_packing_list(
    path: Path,
    *,
    file: str,
    day: date,
    lines: Sequence[Line],
    containers: Sequence[LoadedContainer],
    left_out: Sequence[LeftOut],
    profile: Mapping[str, str],
    language: str,
) -> None:
    """Write the packing list to `path`. `file` is the order book's name, `profile` the fields of a shipping profile.

    Weights in kg with three decimals, volumes in m3 of the cartons as planned. OSError: `path` cannot be written.
    """
    places = _shares(lines, containers, left_out)
    facts = _facts(file, day, profile)
    with workbook(path, title=label("packing_title", language, " "), day=day) as book:
        _write_summary(book, lines, containers, left_out, places, facts, language)
        for number, (container, shares) in enumerate(zip(containers, places, strict=False), start=1):
            sheet = book.sheet(f"{number} {container.type}", _LINES, language)
            values = {"number": number, "count": len(containers), "type": container.type}
            sheet.title(sentence("packing_title_container", language, **values).replace("\n", " · "))
            sheet.facts([*facts, ("packing_container_number", ""), ("packing_seal", "")])
            sheet.space()
            sheet.table([_line_cells(number, lines, share, language) for number, share in enumerate(shares, start=1)])
            _write_notes(sheet, lines, shares, language)
        if left_out:
            sheet = book.sheet(render("packing_sheet_left_out", language, {}), _LEFT_OUT, language)
            sheet.title(label("packing_title_left_out", language, " · "))
            reasons = [_reason(left.reason, language) for left in sorted(left_out, key=lambda left: left.line)]
            cells = (_line_cells(number, lines, share, language) for number, share in enumerate(places[-1], start=1))
            sheet.table([[*row[:-1], reason] for row, reason in zip(cells, reasons, strict=True)])
            _write_notes(sheet, lines, places[-1], language)


def _shares(
    lines: Sequence[Line], containers: Sequence[LoadedContainer], left_out: Sequence[LeftOut]
) -> list[list[_Share]]:
    """What stands in each container, and last what was left out; lines in their order. All places sum to the lines."""
    counts = [Counter(placement.line for placement in container.placements) for container in containers]
    left = Counter({out.line: out.cartons for out in left_out})
    standing: list[list[int]] = [[] for _ in lines]
    for place, count in enumerate([*counts, left]):
        for index in count:
            standing[index].append(place)
    shares: list[list[_Share]] = [[] for _ in [*counts, left]]
    for index, line in enumerate(lines):
        loaded = [counts[place][index] for place in standing[index] if place < len(counts)]
        places = zip(
            standing[index],
            dealt(line.cartons, loaded, left[index]),
            dealt(line.pieces, loaded, left[index]),
            _dealt_if_known(line.gross_g, loaded, left[index]),
            _dealt_if_known(line.net_g, loaded, left[index]),
            strict=False,  # a last share of nothing where nothing is left out
        )
        for place, cartons, pieces, gross_g, net_g in places:
            shares[place].append(_Share(index, cartons, pieces, gross_g, net_g))
    for container, standing_in_it in zip(containers, shares, strict=False):
        assert sum(share.gross_g or 0 for share in standing_in_it) == container.known_gross_g
    return shares


def _dealt_if_known(whole: int | None, loaded: Sequence[int], left: int) -> Sequence[int | None]:
    return [None] * (len(loaded) + 1) if whole is None else dealt(whole, loaded, left)


def _facts(file: str, day: date, profile: Mapping[str, str]) -> list[tuple[str, str]]:
    fields = ("consignor", "buyer", "destination", "port_of_loading", "marks", "invoice_number")
    return [
        ("paper_book", file),
        ("paper_date", day.isoformat()),
        *((f"paper_{name}", profile[name]) for name in fields),
    ]


def _write_summary(
    book: Book,
    lines: Sequence[Line],
    containers: Sequence[LoadedContainer],
    left_out: Sequence[LeftOut],
    places: Sequence[Sequence[_Share]],
    facts: Sequence[tuple[str, str]],
    language: str,
) -> None:
    sheet = book.sheet(render("packing_sheet_summary", language, {}), _SUMMARY, language)
    sheet.title(label("packing_title", language, " · "))
    sheet.facts(facts)
    sheet.space()
    sheet.table(
        _container_cells(number, lines, container, shares, language)
        for number, (container, shares) in enumerate(zip(containers, places, strict=False), start=1)
    )
    if not containers:
        sheet.note(sentence("packing_note_nothing", language), "alarm")
    _write_notes(sheet, lines, [share for shares in places[:-1] for share in shares], language)
    if left_out:
        cartons = sum(left.cartons for left in left_out)
        sheet.note(sentence("packing_note_left_out", language, cartons=cartons), "alarm")


def _container_cells(
    number: int, lines: Sequence[Line], container: LoadedContainer, shares: Sequence[_Share], language: str
) -> list[Cell]:
    gross_known = all(share.gross_g is not None for share in shares)
    net_known = all(share.net_g is not None for share in shares)
    remarks = []
    if container.usual_volume_mm3 is not None and container.volume_mm3 > container.usual_volume_mm3:
        usual = f"{cubic_metres(container.usual_volume_mm3).normalize():f}"
        remarks.append(sentence("packing_above_usual", language, usual=usual))
    if not gross_known:
        remarks.append(label("packing_gross_unknown", language, " "))
    if not net_known:
        remarks.append(label("packing_net_unknown", language, " "))
    return [
        str(number),
        container.type,
        MISSING,
        MISSING,
        len(shares),
        len({lines[share.line].stall for share in shares}),
        sum(share.cartons for share in shares),
        cubic_metres(container.volume_mm3),
        Decimal(f"{container.fill:.4f}"),
        kilograms_together([share.gross_g for share in shares]),
        kilograms_together([share.net_g for share in shares]),
        kilograms(container.payload_g),
        "\n".join(remarks),
    ]


def _line_cells(number: int, lines: Sequence[Line], share: _Share, language: str) -> list[Cell]:
    line = lines[share.line]
    assert line.carton_mm is not None, "a carton without a size cannot have been loaded"
    length, width, height = line.carton_mm
    return [
        str(number),
        line.stall,
        line.item,
        line.name,
        _other_names(line),
        line.mark,
        line.hs or MISSING,
        share.cartons,
        line.pieces_per_carton,
        share.pieces,
        unit_label(line.unit, language),
        ("≈" if line.carton_mm_from == "default_box" else "") + "×".join(map(_centimetres, line.carton_mm)),
        cubic_metres(length * width * height),
        cubic_metres(length * width * height * share.cartons),
        kilograms(share.gross_g),
        kilograms(share.net_g),
        "\n".join(_remarks(line, share, language)),
    ]


def _remarks(line: Line, share: _Share, language: str) -> Iterator[str]:
    if share.cartons != line.cartons:
        yield sentence("packing_share", language, cartons=share.cartons, all=line.cartons)
    if line.this_side_up:
        yield label("packing_up", language, " ")
    if line.carton_mm_from == "default_box":
        yield label("packing_size_from_volume", language, " ")
    if share.gross_g is None:
        yield label("packing_gross_unknown", language, " ")
    if share.net_g is None:
        yield label("packing_net_unknown", language, " ")


def _write_notes(sheet: Sheet, lines: Sequence[Line], shares: Sequence[_Share], language: str) -> None:
    gross = sum(share.gross_g is None for share in shares)
    net = sum(share.net_g is None for share in shares)
    if gross or net:
        sheet.note(sentence("packing_note_weights", language, gross=gross, net=net))
    boxes = len({share.line for share in shares if lines[share.line].carton_mm_from == "default_box"})
    if boxes:
        sheet.note(sentence("packing_note_sizes", language, count=boxes))


def _other_names(line: Line) -> str:
    return " / ".join(dict.fromkeys(name for name in line.names.values() if name and name != line.name))


def _reason(rule: str, language: str) -> str:
    return sentence(rule, language) if rule in catalogue() else rule


def _centimetres(mm: int) -> str:
    return f"{mm // 10}.{mm % 10}" if mm % 10 else str(mm // 10)
