"""Declare lines under market procurement: set aside what may not go, split what must, group, simplify, tell.

The order matters: a line that may not go counts on no form; a line above the limit is split before forms are counted;
items are merged last, because which kinds merge depends on what shares the form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sundry.engines.declaring.grouping import fewest_forms
from sundry.engines.declaring.rules import (
    MODE,
    DeclarableLine,
    Declaration,
    Declared,
    DeclaredItem,
    Part,
    Rules1039,
    TariffRow,
)
from sundry.engines.declaring.simplifying import Piece, items_of, kind_of
from sundry.kernel.findings import Finding, error, warning
from sundry.kernel.splitting import split


def declare(
    lines: Sequence[DeclarableLine],
    *,
    rules: Rules1039,
    split_lines: bool = False,
    destination: str = "",
    tariff: Mapping[str, TariffRow] | None = None,
) -> Declared:
    """Forms for `lines`, each named by its own `line` (no two alike). `tariff` maps full codes to their legal units
    and flags; what it flags counts as if the line did.

    A line without cartons (none of it was loaded) is not declared and not told. ValueError: two lines named alike.
    """
    lines = [_flagged(line, tariff) for line in lines] if tariff else lines
    by_line = {line.line: line for line in lines}
    if len(by_line) != len(lines):
        raise ValueError("two lines have the same index")
    findings: list[Finding] = []
    pieces: list[Piece] = []
    for line in lines:
        parts, told = _parts(line, rules, split_lines)
        findings += told
        kind = kind_of(line, rules)
        pieces += [Piece(kind, part) for part in parts]
    groups, forms_min = fewest_forms(pieces, rules)
    declarations = []
    for number, group in enumerate(groups, start=1):
        form = _form(number, items_of(group, by_line, rules, tariff), rules, destination, tariff is not None)
        findings += _told(form, by_line, rules, tariff is not None)
        declarations.append(form)
    declared = {piece.part.line for piece in pieces}
    return Declared(
        tuple(declarations),
        tuple(findings),
        tuple(line.line for line in lines if line.line not in declared),
        forms_min,
    )


def _flagged(line: DeclarableLine, tariff: Mapping[str, TariffRow]) -> DeclarableLine:
    row = tariff.get(line.hs or "")
    if row is None or not (row.export_duty or row.inspection):
        return line
    return replace(line, export_duty=line.export_duty or row.export_duty, inspection=line.inspection or row.inspection)


def usd(cents: int) -> str:
    """ "150,000.00", as messages print it."""
    return f"{cents // 100:,}.{cents % 100:02d}"


def _parts(line: DeclarableLine, rules: Rules1039, split_lines: bool) -> tuple[list[Part], list[Finding]]:
    """What of a line goes on forms: nothing, the whole, or parts that each stay within the limit."""
    if not line.cartons:
        return [], []
    if refusal := _refusal(line, rules):
        return [], [refusal]
    whole = Part(line.line, line.cartons, line.pieces, line.value_usd_cents, line.gross_g, line.net_g)
    limit = rules.form_value_max_usd_cents
    if line.value_usd_cents <= limit:
        return [whole], []
    place = {"line": line.line, "value": usd(line.value_usd_cents)}
    cartons_a_form = line.cartons * limit // line.value_usd_cents
    if cartons_a_form == 0:
        return [], [error("carton_above_form_limit", details={"limit": usd(limit)}, **place)]
    if not split_lines:
        return [], [error("line_above_form_limit", details={"limit": usd(limit)}, **place)]
    parts = split_part(whole, _cartons_of_parts(line.cartons, cartons_a_form))
    details = {"limit": usd(limit), "parts": len(parts), "cartons": line.cartons}
    return parts, [warning("line_split_over_forms", details=details, **place)]


def _refusal(line: DeclarableLine, rules: Rules1039) -> Finding | None:
    if line.restricted:
        return error("goods_not_for_market_procurement", line=line.line, value=line.name)
    if rules.is_code(line.hs) and line.hs and line.hs[:2] in rules.excluded_chapters:
        return error("chapter_not_for_market_procurement", line=line.line, value=line.hs, details={"name": line.name})
    for word in rules.excluded_words:
        if word.casefold() in line.name.casefold():
            return error("word_not_for_market_procurement", line=line.line, value=line.name, details={"word": word})
    return None


def _cartons_of_parts(cartons: int, cartons_a_form: int) -> list[int]:
    """As many full forms as it takes and the rest, which may share a form with other lines."""
    full, rest = divmod(cartons, cartons_a_form)
    return [cartons_a_form] * full + ([rest] if rest else [])


def split_part(whole: Part, cartons: Sequence[int]) -> list[Part]:
    """`whole` split by cartons: pieces, value and weights in proportion, by largest remainder, summing exactly.

    ValueError: `cartons` do not sum to those of the whole, or some are negative.
    """
    if sum(cartons) != whole.cartons or min(cartons) < 0:
        raise ValueError(f"{list(cartons)} cartons are not the {whole.cartons} of line {whole.line}")
    unknown: list[int | None] = [None] * len(cartons)
    return [
        Part(whole.line, *amounts)
        for amounts in zip(
            cartons,
            split(whole.pieces, cartons),
            split(whole.value_usd_cents, cartons),
            unknown if whole.gross_g is None else split(whole.gross_g, cartons),
            unknown if whole.net_g is None else split(whole.net_g, cartons),
            strict=True,
        )
    ]


def loaded_share(line: DeclarableLine, cartons: int) -> DeclarableLine:
    """The line as far as `cartons` of it were loaded; with the share left out it sums to the line. ValueError: more."""
    whole = Part(line.line, line.cartons, line.pieces, line.value_usd_cents, line.gross_g, line.net_g)
    share = split_part(whole, [cartons, line.cartons - cartons])[0] if line.cartons else whole
    return DeclarableLine(
        line.line,
        line.hs,
        line.name,
        line.unit,
        share.cartons,
        share.pieces,
        share.value_usd_cents,
        share.gross_g,
        share.net_g,
        line.inspection,
        line.export_duty,
        line.restricted,
    )


def _form(
    number: int, items: tuple[DeclaredItem, ...], rules: Rules1039, destination: str, with_tariff: bool
) -> Declaration:
    value = sum(item.value_usd_cents for item in items)
    assert value <= rules.form_value_max_usd_cents, f"form {number} is above the limit: {value}"
    assert len(items) <= rules.form_items_max, f"form {number} has {len(items)} items"
    incomplete = any(_gaps(item, rules, with_tariff) for item in items)
    return Declaration(number, MODE, incomplete, value, items, destination)


def _gaps(item: DeclaredItem, rules: Rules1039, with_tariff: bool) -> list[str]:
    """What the item lacks for a complete form."""
    lacks = {
        "code": not rules.is_code(item.hs),
        "gross": item.gross_g is None,
        "net": item.net_g is None,
        "legal": with_tariff and item.legal_quantity is None,
    }
    return [gap for gap, lacking in lacks.items() if lacking]


def _told(
    form: Declaration, lines: Mapping[int, DeclarableLine], rules: Rules1039, with_tariff: bool
) -> Iterator[Finding]:
    if form.incomplete:
        gaps = [gap for item in form.items for gap in _gaps(item, rules, with_tariff)]
        counts = {gap: gaps.count(gap) for gap in ("code", "gross", "net", "legal")}
        yield warning("form_incomplete", value=str(form.number), details={"form": form.number, **counts})
    for number, item in enumerate(form.items, start=1):
        units = sorted({lines[part.line].unit for part in item.parts})
        if len(units) > 1:
            yield warning(
                "units_mixed_in_item",
                value=" + ".join(units),
                details={"form": form.number, "item": number, "name": item.name, "unit": item.unit},
            )
