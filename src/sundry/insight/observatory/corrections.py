"""What people said of statements, laid over what was read.

Problem: a person puts a statement right, and a week later the page is read again, by a better reader or with another
day of issue. What she said must still count, and of what she did not speak the new reading counts.

    read       出口12.5亿元, of 2026-Q1, confidence 0.55           waits for review
    she says   the indicator is imports                          imports 12.5亿元, of 2026-Q1, published
    she says   the period is 2026-03                             imports 12.5亿元, of 2026-03, published
    read again with another day of issue                         imports 12.5亿元, of 2026-03, published

Therefore a correction names a place and fields, never a row; each one carries on what the one before it changed, so
that the latest of a place says all. Whoever corrects has looked: her statement is published, unless it is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Final

from sundry.engines.reading.confidence import PUBLISH
from sundry.engines.reading.indicators import dictionary
from sundry.engines.reading.model import BasisSource, Bound, Number, Region, Statement, Type
from sundry.engines.reading.regions import name_of
from sundry.insight.observatory.periods import is_period, kinds_for
from sundry.insight.observatory.rules import Anchor, Correction, Standing, Verdict
from sundry.insight.observatory.telling import DIGITS_MAX, region_name
from sundry.kernel.errors import SundryError

# Which fields each verdict may change.
FIELDS: Final[Mapping[Verdict, frozenset[str]]] = {
    Verdict.RIGHT: frozenset(),
    Verdict.INDICATOR: frozenset({"indicator_key", "indicator"}),
    Verdict.PERIOD: frozenset({"period"}),
    Verdict.REGION: frozenset({"region_code"}),
    Verdict.VALUE: frozenset({"value", "low", "high", "unit"}),
    Verdict.NOT_A_QUANTITY: frozenset(),
    Verdict.WITHDRAWN: frozenset(),
}
INDICATOR_MAX: Final = 100  # characters
UNIT_MAX: Final = 20
SURE_MAX: Final = 0.99
RAISED: Final = 1.1
RAISES_MAX: Final = 2
LOWERED: Final = 0.75
_GROWS = (Type.GROWTH, Type.GAP, Type.GROWTH_DELTA)


class CorrectionWrong(SundryError):
    """What a person typed makes no sense. `details["field"]` and `details["value"]` say which."""


def checked_changes(verdict: Verdict, changes: Mapping[str, str], home: Region) -> dict[str, str]:
    """The changes as they are kept. CorrectionWrong: a field that is not the verdict's, or a value that is none."""
    told = {field: value.strip() for field, value in changes.items()}
    strange = sorted(set(told) - FIELDS[verdict])
    if strange:
        raise CorrectionWrong("correction_field", field=strange[0])
    if FIELDS[verdict] and not told:
        raise CorrectionWrong("correction_empty")
    for field, value in told.items():
        _CHECKS[field](value, home)
    if verdict is Verdict.VALUE and not any(told.get(field) for field in ("value", "low", "high", "unit")):
        raise CorrectionWrong("correction_empty")
    low, high = (Decimal(told[field]) if told.get(field) else None for field in ("low", "high"))
    if low is not None and high is not None and low > high:
        raise CorrectionWrong("correction_range", low=told["low"], high=told["high"])
    return told


def merged(before: Correction | None, verdict: Verdict, changes: Mapping[str, str]) -> dict[str, str]:
    """What a new correction says in all: what the one before it changed stays, unless it is changed again."""
    if before is None or verdict in (Verdict.NOT_A_QUANTITY, Verdict.WITHDRAWN):
        return dict(changes)
    kept = {} if before.verdict in (Verdict.NOT_A_QUANTITY, Verdict.WITHDRAWN) else dict(before.changes)
    if "value" in changes or "low" in changes or "high" in changes:
        kept = {field: value for field, value in kept.items() if field not in ("value", "low", "high")}
    return kept | dict(changes)


def standing_corrections(corrections: Iterable[Correction]) -> dict[Anchor, Correction]:
    """Of each place the latest, in the order of their ids, which are made in time; without what was withdrawn."""
    latest = {one.anchor: one for one in sorted(corrections, key=lambda one: one.id)}
    return {anchor: one for anchor, one in latest.items() if one.verdict is not Verdict.WITHDRAWN}


def found_again(anchors: Sequence[Anchor], standing: Mapping[Anchor, Correction]) -> dict[int, Correction]:
    """Which statement each correction speaks of: the one at its place, else the only one of its type that meets it.

    A reader that reads better may quote a word more. What no statement is left for is kept and counts for nothing.
    """
    places = {anchor: index for index, anchor in enumerate(anchors)}
    found = {places[anchor]: one for anchor, one in standing.items() if anchor in places}
    for anchor, one in standing.items():
        if anchor not in places:
            near = [
                index
                for index, other in enumerate(anchors)
                if other.type is anchor.type and other.start < anchor.end and anchor.start < other.end
            ]
            if len(near) == 1:
                found.setdefault(near[0], one)
    return found


def corrected(statement: Statement, correction: Correction, home: Region) -> Statement:
    """The statement with the fields that a person changed."""
    changes = correction.changes
    if "indicator_key" in changes or "indicator" in changes:
        statement = _with_indicator(statement, changes)
    if "period" in changes:
        period = changes["period"] or None
        statement = replace(statement, period=period, kind=kinds_for(period, statement.kind))
    if "region_code" in changes:
        code = changes["region_code"] or None
        statement = replace(statement, region_code=code, subject=region_name(code, "", home))
    if "unit" in changes:
        statement = replace(statement, unit=changes["unit"])
    if {"value", "low", "high"} & set(changes):
        statement = _with_number(statement, changes)
    changed = {"indicator" if field == "indicator_key" else field.removesuffix("_code") for field in changes}
    kept = {field: place for field, place in statement.inherited.items() if field not in changed}
    return replace(statement, inherited=kept)


def supported(confidence: float, passed: int, failed: int) -> float:
    """How sure a statement is after its checks.

    A passed check raises by a tenth, twice at most; a failed one lowers by a quarter, once: who is wrong of those that
    it compares, nobody knows yet. So what is surely read stays published, contradicted or not, and contradictions
    stand side by side; what was doubtful is asked about.

        0.56, one check passed      0.62     published, as a second place of the page says the same
        0.97, one check failed      0.73     published, and told to contradict another
        0.78, one check failed      0.58     asked about
        0.30, three checks passed   0.36     a slogan said three times is still none of our figures
    """
    raised = confidence * RAISED ** min(passed, RAISES_MAX)
    lowered = raised * LOWERED if failed else raised
    return round(min(lowered, max(SURE_MAX, confidence)), 4)


def standing_of(confidence: float, correction: Correction | None) -> Standing:
    """What a statement counts for: what a person said, else how sure it is."""
    if correction is None:
        return Standing.PUBLISHED if confidence >= PUBLISH else Standing.REVIEW
    return Standing.REJECTED if correction.verdict is Verdict.NOT_A_QUANTITY else Standing.PUBLISHED


def _with_indicator(statement: Statement, changes: Mapping[str, str]) -> Statement:
    known = dictionary().get(changes.get("indicator_key", ""))
    name = changes.get("indicator") or (known.zh if known else statement.indicator)
    basis, source = statement.basis, statement.basis_source
    if source is not BasisSource.STATED and statement.type in _GROWS:
        basis = known.basis if known else None
        source = BasisSource.BY_CONVENTION if basis else BasisSource.UNKNOWN
    return replace(
        statement, indicator=name, indicator_key=known.key if known else "", basis=basis, basis_source=source
    )


def _with_number(statement: Statement, changes: Mapping[str, str]) -> Statement:
    """Her number is exact where she gives a value alone; with low or high it is what it may be."""
    value, low, high = (Decimal(changes[f]) if changes.get(f) else None for f in ("value", "low", "high"))
    kind = tuple(one for one in statement.kind if not one.startswith("approximate"))
    exponent = value.as_tuple().exponent if value is not None else 0
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    bound = Bound.EQ
    if low is not None or high is not None:
        bound = Bound.BAND if low is not None and high is not None else Bound.GE if low is not None else Bound.LE
    number = Number(value, low, high, bound, decimals=decimals)
    return replace(statement, value=value, low=low, high=high, number=number, kind=kind)


def _check_indicator_key(value: str, home: Region) -> None:
    if value and value not in dictionary():
        raise CorrectionWrong("correction_indicator", value=value)


def _check_indicator(value: str, home: Region) -> None:
    _check_text(value, INDICATOR_MAX)


def _check_period(value: str, home: Region) -> None:
    if value and (not is_period(value) or len(value) > 30):
        raise CorrectionWrong("correction_period", value=value)


def _check_region(value: str, home: Region) -> None:
    if value and not name_of(value) and value not in {one.code for one in (home, *home.parents)} | {"CN"}:
        raise CorrectionWrong("correction_region", value=value)


def _check_number(value: str, home: Region) -> None:
    try:
        number = Decimal(value) if value else Decimal(0)
    except InvalidOperation as fault:
        raise CorrectionWrong("correction_number", value=value) from fault
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -10 or number.adjusted() >= DIGITS_MAX - 12:
        raise CorrectionWrong("correction_number", value=value)


def _check_unit(value: str, home: Region) -> None:
    _check_text(value, UNIT_MAX)


def _check_text(value: str, most: int) -> None:
    """What no person sees would turn the words around it on a page and in a file."""
    if not value.isprintable():
        raise CorrectionWrong("correction_unseen")
    if len(value) > most:
        raise CorrectionWrong("correction_long", most=most)


_CHECKS: Final = {
    "indicator_key": _check_indicator_key,
    "indicator": _check_indicator,
    "period": _check_period,
    "region_code": _check_region,
    "value": _check_number,
    "low": _check_number,
    "high": _check_number,
    "unit": _check_unit,
}
