"""What a check, a finding and a day of issue say to a person, in each of the six languages.

Problem: a check that says `price_basis` helps a program; a statistician wants to read that growth is at constant prices
and levels are at current ones, with the two figures before her. And what agrees is said of a sum in other words than of
the same figure printed three times.

    Check(kind="gap", note="agrees", stated="1.4百分点", derived=(1.3, 1.5))
    -> "1.4百分点 is printed, and the other figures give 1.3 to 1.5 ...: they agree."

Therefore each note has a sentence in messages/reading.yaml, here and there one a kind of check, and every blank that a
sentence may have is filled for all of them. Intervals are written as in mathematics, which all languages share.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sundry.engines.reading.checking import Note, written
from sundry.engines.reading.issue_date import Issue
from sundry.engines.reading.model import Check, Region
from sundry.engines.reading.reader import LONGEST
from sundry.engines.reading.reader import Finding as PageFinding
from sundry.engines.reading.regions import name_of
from sundry.kernel.findings import Finding, error, warning
from sundry.kernel.messages import render

_FOLLOWS = (
    Note.OTHER_REGION, Note.EARLIER_GROWTH, Note.EARLIER_LEVEL, Note.MISSING_PART, Note.MISSING_WHOLE,
    Note.MISSING_TARGET, Note.MISSING_MONTHS,
)  # fmt: skip
# (note, kind of check) -> the sentence of its own; else that of the note.
_OF_KIND = {
    (Note.AGREES, "repeat"): "reading_note_repeated",
    (Note.AGREES, "headline"): "reading_note_repeated",
    (Note.AGREES, "part"): "reading_note_parts_fit",
    (Note.MISSING_PART, "sum"): "reading_note_rest",
    (Note.WITHIN_ROUNDING, "date"): "reading_note_one_day_or_year",
    (Note.RATIO, "contribution"): "reading_note_weight",
    (Note.OUT_OF_BAND, "yield"): "reading_note_ratio_unusual",
    (Note.OUT_OF_BAND, "path"): "reading_note_path_out_of_band",
    (Note.LIST_AGREES, "list"): "reading_note_values_agree",
    (Note.LIST_DIFFERS, "list"): "reading_note_values_differ",
}
_NOTHING = "-"


def rule_of(check: Check) -> str:
    """The key of the sentence that says what `check` found."""
    note = Note(check.note)
    if "before" in check.values:  # 继甲、乙之后的第三个
        return "reading_note_after_others" if note == Note.LIST_AGREES else "reading_note_after_others_differ"
    return _OF_KIND.get((note, check.kind)) or ("reading_note_follows" if note in _FOLLOWS else f"reading_note_{note}")


def note_of(check: Check, language: str, home: Region, told: Mapping[str, str] | None = None) -> str:
    """What `check` found, as one sentence; of a check that fails with a repair that would help, two.

    `told`: blanks that the caller has in better words, as a period by its months.
    """
    said = render(rule_of(check), language, {**values_of(check, home), **(told or {})})
    if not check.repair:
        return said
    return f"{said} {render('reading_note_repair', language, {'repair': check.repair.replace('->', ' → ')})}"


def values_of(check: Check, home: Region) -> Mapping[str, str]:
    """Every blank that a sentence of a check may have."""
    told = check.values
    derived = interval(check.derived, told.get("unit", ""))
    given = told.get("guess") or told.get("year")
    place = told.get("place", "")
    blank = dict.fromkeys(("counted", "before", "times", "names", "values", "indicator", "period"), _NOTHING)
    return blank | {
        **{key: value for key, value in told.items() if value},
        "stated": check.stated or _NOTHING,
        "derived": derived,
        "given": given + ("" if check.kind == "date" else told.get("unit", "")) if given else derived,
        "place": _place(place, home),
        "band": told.get("band", "").replace("..", "–") or _NOTHING,
    }


def _place(code: str, home: Region) -> str:
    """The name of a place, of the home and what it lies in too; a place that has no code is its own name."""
    ours = {one.code: one.name for one in (home, *home.parents)}
    return ours.get(code) or name_of(code) or code or home.name


def interval(ends: tuple[Decimal | None, Decimal | None] | None, unit: str = "") -> str:
    """[1.6, 1.8]百分点; one number where both ends are the same; ≥ or ≤ where one is open; "-" for nothing."""
    low, high = ends or (None, None)
    if low is None and high is None:
        return _NOTHING
    if low is None or high is None:
        end = low if low is not None else high
        assert end is not None
        return f"{'≤' if low is None else '≥'} {written(end)}{unit}"
    return f"{written(low)}{unit}" if low == high else f"[{written(low)}, {written(high)}]{unit}"


def reason_of(issue: Issue, language: str) -> str:
    """Why the page is of its day: a sentence, and one for the year where that is another matter."""
    rule, _, year = issue.reason.partition(" year:")
    rule, is_without_year, day = rule.partition(" no-year ")
    if is_without_year:
        return render("reading_issue_no_year", language, {"day": day})
    said = render(f"reading_issue_{_key(rule)}", language, {})
    return f"{said} {render(f'reading_issue_year_{_key(year)}', language, {})}" if year else said


def _key(rule: str) -> str:
    """dateline+1 earliest -> dateline_earliest."""
    return rule.replace("+1", "").replace("-", "_").replace(" ", "_")


def finding_of(found: PageFinding) -> Finding:
    """What the reader found out about a page, with its words."""
    if found.rule == "too_long":
        length = found.span[1] if found.span else 0
        return error("reading_page_too_long", details={"length": length, "most": LONGEST})
    if found.rule == "no_issue_date":
        return warning("reading_no_issue_date")
    return error("reading_not_chinese" if found.rule == "not_chinese" else "reading_empty_page")
