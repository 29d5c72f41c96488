"""From the parts on one form to its items: which kinds stand alone, which merge.

Problem: a form with 40 kinds of goods is not declared in 40 rows. The simplified declaration lists the five kinds of
highest value and merges the rest by HS chapter, each chapter under the code of its kind of highest value; goods under
inspection or export duty stay out of it. Worked case, kinds by value:

    950300: 90   420292: 80   392690: 70   851310: 60   640299: 50   950450: 40   950510: 30   611020: 20

    -> 950300, 420292, 392690, 851310, 640299 alone; 950450 + 950510 merged under 950450 (chapter 95, which repeats the
       itemised 950300); 611020 alone: one kind is no merger.

Therefore a `Kind` is the unit of everything here: one full code, or what stands for it where there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sundry.engines.declaring.rules import DeclarableLine, DeclaredItem, Part, Representative, Rules1039, TariffRow

KILOGRAM = "kg"


class Kind(NamedTuple):
    """What is one row before anything merges. Only an `ordinary` kind may merge; the others always stand alone."""

    ordinary: bool
    hs: str  # as given, "" where there is none
    inspection: bool = False
    export_duty: bool = False
    name: str = ""  # only without a code: the name stands for it
    unit: str = ""
    line: int = -1  # only without code and name: the line stands for itself

    @property
    def chapter(self) -> str:
        return self.hs[:2]


class Piece(NamedTuple):
    """A line, or the part of it that a split made, on its way to a form."""

    kind: Kind
    part: Part


def kind_of(line: DeclarableLine, rules: Rules1039) -> Kind:
    if line.hs:
        apart = any(getattr(line, flag) for flag in rules.never_merged)
        ordinary = rules.is_code(line.hs) and not apart
        return Kind(ordinary, line.hs, line.inspection, line.export_duty)
    name = line.name.strip()
    return Kind(False, "", line.inspection, line.export_duty, name, line.unit, -1 if name else line.line)


def ranked(values: Mapping[Kind, int]) -> list[Kind]:
    """Ordinary kinds by value, highest first; ties by code."""
    return sorted((kind for kind in values if kind.ordinary), key=lambda kind: (-values[kind], kind.hs))


def items_count(values: Mapping[Kind, int], rules: Rules1039) -> int:
    """How many items a form with these kinds has, given their values."""
    ordinary = ranked(values)
    apart = len(values) - len(ordinary)
    if len(ordinary) <= rules.itemised_max:
        return apart + len(ordinary)
    return apart + rules.itemised_max + len({kind.chapter for kind in ordinary[rules.itemised_max :]})


def items_of(
    pieces: Iterable[Piece],
    lines: Mapping[int, DeclarableLine],
    rules: Rules1039,
    tariff: Mapping[str, TariffRow] | None = None,
) -> tuple[DeclaredItem, ...]:
    """The items of one form: itemised by value, then what never merges by value, then the chapters in order."""
    parts: dict[Kind, list[Part]] = {}
    for piece in pieces:
        parts.setdefault(piece.kind, []).append(piece.part)
    values = {kind: sum(part.value_usd_cents for part in of_kind) for kind, of_kind in parts.items()}
    ordinary = ranked(values)
    apart = sorted((kind for kind in values if not kind.ordinary), key=lambda kind: (-values[kind], kind))
    if len(ordinary) <= rules.itemised_max:
        itemised, chapters = ordinary, []
    else:
        itemised, chapters = ordinary[: rules.itemised_max], _by_chapter(ordinary[rules.itemised_max :])
    groups = [*([kind] for kind in itemised), *([kind] for kind in apart), *chapters]
    return tuple(_item(group, parts, lines, rules, tariff) for group in groups)


def _by_chapter(kinds: Sequence[Kind]) -> list[list[Kind]]:
    chapters: dict[str, list[Kind]] = {}
    for kind in kinds:
        chapters.setdefault(kind.chapter, []).append(kind)
    return [chapters[chapter] for chapter in sorted(chapters)]


def _item(
    group: Sequence[Kind],
    parts_of: Mapping[Kind, list[Part]],
    lines: Mapping[int, DeclarableLine],
    rules: Rules1039,
    tariff: Mapping[str, TariffRow] | None,
) -> DeclaredItem:
    def weight(parts: Sequence[Part]) -> int:
        by_value = rules.representative is Representative.HIGHEST_VALUE
        return sum(part.value_usd_cents if by_value else part.cartons for part in parts)

    first = min(group, key=lambda kind: (-weight(parts_of[kind]), kind.hs))
    leading = min(parts_of[first], key=lambda part: (-weight([part]), part.line))
    parts = _one_a_line(part for kind in group for part in parts_of[kind])
    unit = lines[leading.line].unit
    net_g = _sum_known([part.net_g for part in parts])
    legal_unit = tariff[first.hs].legal_unit if tariff and first.hs in tariff else None
    same_units = all(lines[part.line].unit == unit for part in parts)
    pieces = sum(part.pieces for part in parts)
    return DeclaredItem(
        hs=first.hs or None,
        name=lines[leading.line].name,
        unit=unit,
        merged=len(group) > 1,
        inspection=first.inspection,
        cartons=sum(part.cartons for part in parts),
        pieces=pieces,
        value_usd_cents=sum(part.value_usd_cents for part in parts),
        gross_g=_sum_known([part.gross_g for part in parts]),
        net_g=net_g,
        legal_quantity=_legal_quantity(legal_unit, unit if same_units else None, pieces, net_g),
        legal_unit=legal_unit,
        parts=parts,
        export_duty=first.export_duty,
    )


def _legal_quantity(legal_unit: str | None, unit: str | None, pieces: int, net_g: int | None) -> str | None:
    """Net weight where the law counts kilograms, pieces where it counts the line's own unit; else not known."""
    if legal_unit == KILOGRAM and net_g is not None:
        return f"{net_g // 1000}.{net_g % 1000:03d}"
    return str(pieces) if legal_unit is not None and legal_unit == unit else None


def _one_a_line(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Parts in the order of their lines; two parts of one line on the same item are one part."""
    by_line: dict[int, list[Part]] = {}
    for part in parts:
        by_line.setdefault(part.line, []).append(part)
    return tuple(_sum_parts(by_line[line]) for line in sorted(by_line))


def _sum_parts(parts: Sequence[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    return Part(
        parts[0].line,
        sum(part.cartons for part in parts),
        sum(part.pieces for part in parts),
        sum(part.value_usd_cents for part in parts),
        _sum_known([part.gross_g for part in parts]),
        _sum_known([part.net_g for part in parts]),
    )


def _sum_known(amounts: Sequence[int | None]) -> int | None:
    """The sum, None where one is not known."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None
