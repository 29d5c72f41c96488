"""The sheet's own totals: they are compared, and they decide whether hidden rows ship.

Problem: a hidden row is either folded away for reading, or an order that was dropped. Only the office's own sum knows:
if the total counts it, it ships. Therefore the total of each section is compared with the sum of the lines that show
and with the sum of all lines; where several groups of hidden rows meet one total, the choice of groups that gives the
total exactly is taken.

    shown 500.00, hidden 80.00, total 580.00 -> the hidden rows ship;   total 500.00 -> they do not
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from sundry.goods.orders.reading.drafts import SheetDrafts, TotalRow
from sundry.goods.orders.reading.layout import letter
from sundry.goods.orders.reading.lines import Result
from sundry.kernel.findings import Finding, warning
from sundry.kernel.money import exponent

# Columns whose sums a sheet may total.
_SUMMED = ("value", "cartons", "pieces", "gross_total", "net_total", "volume_total", "gross", "net", "volume")
# A total under a column that means "per carton" may be a sum of anything, so it is not compared.
_COMPARED = ("value", "cartons", "pieces", "gross_total", "net_total", "volume_total")
_GROUPS_MAX = 12
# How far a sum may be off because its lines were rounded: at least, and for each line.
_SLACK = {
    "value": (Decimal("0.011"), Decimal("0.005")),
    **dict.fromkeys(("gross_total", "net_total", "gross", "net"), (Decimal("0.6"), Decimal("0.05"))),
    **dict.fromkeys(("volume_total", "volume"), (Decimal("0.0006"), Decimal("0.0005"))),
    **dict.fromkeys(("cartons", "pieces"), (Decimal(0), Decimal(0))),
}


@dataclass(frozen=True, slots=True)
class _Section:
    """The lines that a total may be a sum of."""

    total: TotalRow
    results: Sequence[Result]


def cancelled_by_hiding(sheet: SheetDrafts, results: Sequence[Result]) -> set[int]:
    """Rows that are hidden and that the sheet's totals leave out. Without any total, only folded groups ship."""
    hidden = [result for result in results if result.draft.hidden]
    if not hidden:
        return set()
    groups = _groups(hidden)
    decided: dict[int, bool] = {}
    for section in _sections(sheet, results):
        for slot in _SUMMED:
            inside = [g for g, group in enumerate(groups) if group[0] in section.results]
            open_groups = [g for g in inside if g not in decided]
            if not open_groups or slot not in section.total.figures:
                continue
            choice = _choice(section, slot, groups, inside, decided)
            if choice is not None:
                decided.update({g: g in choice for g in open_groups})
    rows: set[int] = set()
    for number, group in enumerate(groups):
        folded = all(result.draft.row in sheet.grid.folded_rows for result in group)
        counted = decided.get(number, folded and not sheet.totals)
        if not counted:
            rows.update(result.draft.row for result in group)
    return rows


def total_findings(sheet: SheetDrafts, results: Sequence[Result], cancelled: set[int]) -> list[Finding]:
    """A warning for every figure of a total that is the sum of nothing the sheet shows."""
    findings = []
    counted = [result for result in results if result.draft.row not in cancelled]
    for total in sheet.totals:
        sections = [s for s in _sections(sheet, counted, every=True) if s.total is total and s.results]
        for slot in _COMPARED:
            found = total.figures.get(slot)
            if found is None or found.number is None or not sections:
                continue
            if any(_agrees(section, slot, found.number) for section in sections):
                continue
            column = total.table.layout.columns[slot]
            computed = _nearest_sum(sections, slot, found.number)
            findings.append(
                warning(
                    "total_disagrees",
                    sheet=sheet.name,
                    row=total.row,
                    column=letter(column),
                    header=column.header,
                    value=found.shown,
                    details={"computed": f"{computed.normalize():f}", "label": " ".join(total.label.split())},
                )
            )
    return findings


def _groups(hidden: Sequence[Result]) -> list[list[Result]]:
    """Hidden lines that stand together."""
    groups: list[list[Result]] = []
    for result in hidden:
        if groups and result.draft.row - groups[-1][-1].draft.row <= 1:
            groups[-1].append(result)
        else:
            groups.append([result])
    return groups


def _sections(sheet: SheetDrafts, results: Sequence[Result], every: bool = False) -> Iterator[_Section]:
    """For each total: the lines since the total before it, then all lines above; with `every`, also all of the sheet
    (a total may stand on top) and those of its own table."""
    drafts = sheet.drafts
    start = 0
    position = {id(draft): number for number, draft in enumerate(drafts)}
    for total in sheet.totals:
        since = [r for r in results if start <= position[id(r.draft)] < total.lines_before]
        above = [r for r in results if position[id(r.draft)] < total.lines_before]
        if since:
            yield _Section(total, since)
        if len(above) != len(since):
            yield _Section(total, above)
        if every:
            yield _Section(total, [r for r in results if r.draft.table is total.table])
            yield _Section(total, results)
        start = total.lines_before


def _choice(
    section: _Section, slot: str, groups: Sequence[Sequence[Result]], inside: Sequence[int], decided: dict[int, bool]
) -> set[int] | None:
    """Which of the hidden groups the total counts, None if no choice gives it."""
    target = section.total.figures[slot].number
    open_groups = [g for g in inside if g not in decided]
    if target is None or len(open_groups) > _GROUPS_MAX:
        return None
    shown = [r for r in section.results if not r.draft.hidden]
    known = [r for g in inside if decided.get(g) for r in groups[g]]
    sizes = sorted(range(len(open_groups) + 1), key=lambda size: (size not in (0, len(open_groups)), size))
    for size in sizes:
        for chosen in combinations(open_groups, size):
            taken = [*shown, *known, *(r for g in chosen for r in groups[g])]
            if _agrees(_Section(section.total, taken), slot, target):
                return set(chosen)
    return None


def _agrees(section: _Section, slot: str, target: Decimal) -> bool:
    least, a_line = _SLACK[slot]
    return any(abs(amount - target) <= max(least, a_line * lines) for amount, lines in _sums(section, slot))


def _nearest_sum(sections: Sequence[_Section], slot: str, target: Decimal) -> Decimal:
    amounts = [amount for section in sections for amount, _ in _sums(section, slot)]
    return min(amounts, key=lambda amount: abs(amount - target), default=Decimal(0))


def _sums(section: _Section, slot: str) -> Iterator[tuple[Decimal, int]]:
    """(sum, lines in it) of a column as the office may have summed it: all lines or those without mistakes, typed or
    computed values, all currencies or the total's own."""
    for results in (section.results, [r for r in section.results if r.line is not None]):
        yield _stated_sum(results, slot), len(results)
        if slot == "value":
            yield _computed_sum(results), len(results)
            for currency in {r.currency for r in results}:
                of_currency = [r for r in results if r.currency == currency]
                if len(of_currency) < len(results):
                    yield _stated_sum(of_currency, slot), len(of_currency)
                    yield _computed_sum(of_currency), len(of_currency)
        elif slot == "cartons":
            yield Decimal(sum(r.line.cartons for r in results if r.line)), len(results)
        elif slot == "pieces":
            yield Decimal(sum(r.line.pieces for r in results if r.line)), len(results)


def _stated_sum(results: Sequence[Result], slot: str) -> Decimal:
    return sum((r.draft.number(slot) or Decimal(0) for r in results), Decimal(0))


def _computed_sum(results: Sequence[Result]) -> Decimal:
    total = Decimal(0)
    for result in results:
        minor = result.line.value_minor if result.line else result.value_minor
        total += Decimal(minor or 0).scaleb(-exponent(result.currency)) if result.currency else 0
    return total
