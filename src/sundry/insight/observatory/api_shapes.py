"""What the observatory's API answers and is sent, and how views of rules.py become it.

Numbers are texts of decimal digits, because a float would change them: "12.5". A span is [start, end] in code points
of the page's text, from 0, the end excluded.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from sundry.engines.reading.model import Basis, BasisSource, Bound, Check, Outcome, Region, Type
from sundry.engines.reading.wording import note_of
from sundry.insight.observatory.formats.citing import citation, plain
from sundry.insight.observatory.rules import (
    Actuality,
    CheckView,
    Correction,
    DateSource,
    EntityView,
    ImportView,
    Observation,
    PageRow,
    PageView,
    SeriesView,
    Standing,
    StatementView,
    Verdict,
)
from sundry.kernel.messages import render

Place = list[int]
Spans = Annotated[
    list[Place],
    Field(description="Code points of the page's text, end excluded.", examples=[[[106, 109], [113, 122]]]),
]
Digits = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$")]
_STATEMENT: Final = (
    *("id", "page", "page_name", "issued", "article", "spans", "quote", "type", "indicator", "region_code", "period"),
    *("starts_on", "ends_on", "decimals", "bound", "basis", "basis_source", "versus", "confidence", "standing"),
    *("inherited", "passed", "failed", "verdict", "corrected_at"),
)
PageState = Literal["waiting", "read", "failed"]  # State; the API's document has a State already


# What is answered ---------------------------------------------------------------------------------------------------


class PageRowOut(Schema):
    """A page in a list."""

    id: uuid.UUID
    name: str = Field(description="Of the file that was imported.", examples=["lakeside-0411.txt"])
    page_number: int = Field(description="Of a PDF, from 1.", examples=[1])
    pages: int = Field(examples=[1])
    issued: date | None = Field(description="Its day of issue; null where nobody knows it.")
    date_source: DateSource = Field(description="Where the day comes from.")
    state: PageState
    published: int = Field(description="Statements that are published.", examples=[42])
    to_review: int | None = Field(description="Statements that wait for a person; null: that is not shown to you.")
    failing: int | None = Field(description="Checks that fail; null: that is not shown to you.")
    imported_at: datetime
    headlines: list[str] = Field(description="The first three.")


class StatementOut(Schema):
    """What a page says, as it stands after corrections."""

    id: uuid.UUID = Field(description="The same after every reading of its page.")
    page: uuid.UUID
    page_name: str
    issued: date | None
    article: int = Field(description="Of the page, from 0.")
    spans: Spans
    quote: str = Field(description="The words of `spans`, one after the other.")
    sentence: str = Field(description="The sentence that says it, at most 400 characters.")
    sentence_start: int = Field(description="Where it begins on the page.")
    type: Type
    indicator: str = Field(description="Its name, or the words of the page.", examples=["外贸出口额"])
    indicator_key: str | None = Field(
        description="Of the dictionary; null where it is not in it.", examples=["exports"]
    )
    subject: str | None = Field(description="Whose it is, where that is no region.")
    region_code: str | None = Field(description="GB/T 2260, or two letters of a country.", examples=["990100"])
    region: str | None
    period: str | None = Field(examples=["2026-Q1"])
    starts_on: date | None
    ends_on: date | None
    value: Digits | None = Field(description="As printed, of `unit`.", examples=["12.5"])
    low: Digits | None = Field(description="The least that it may be; null: no limit.")
    high: Digits | None = Field(description="The most that it may be; null: no limit.")
    decimals: int = Field(description="That were printed.")
    unit: str | None = Field(examples=["亿元"])
    base_value: Digits | None = Field(description="Of `base_unit`.", examples=["1250000000"])
    base_unit: str | None = Field(examples=["元"])
    bound: Bound = Field(description="How the printed number limits the true one.")
    kinds: list[str] = Field(examples=[["cumulative", "approximate:突破"]])
    basis: Basis | None = Field(description="Of a growth.")
    basis_source: BasisSource
    versus: str | None = Field(description="What it is compared with: a region, a period, a whole.")
    confidence: float = Field(ge=0, le=1)
    standing: Standing
    inherited: dict[str, Place] = Field(description="Field -> the place that said it.")
    passed: int = Field(description="Checks that it passed.")
    failed: int
    corrected: list[str] = Field(description="Fields that a person changed.")
    verdict: Verdict | None = Field(description="What a person said last.")
    corrected_by: str | None = Field(description="Her name; null also where it is not shown to you.")
    corrected_at: datetime | None
    citation: str = Field(examples=["lakeside-0411.txt, 2026-04-11, char=106,122"])


class CheckOut(Schema):
    """A piece of arithmetic over what pages say."""

    id: uuid.UUID
    page: uuid.UUID
    page_name: str
    issued: date | None
    kind: str = Field(examples=["gap"])
    outcome: Outcome
    spans: Spans
    quotes: list[str] = Field(description="The words of each span.")
    pages: list[uuid.UUID] = Field(description="The page of each span.")
    statements: list[uuid.UUID]
    stated: str = Field(description="What is printed.", examples=["1.7百分点"])
    derived: list[Digits | None] | None = Field(
        description="From and to: worked out by us from other figures, printed nowhere. null: no number.",
        examples=[["1.6", "1.8"]],
    )
    note: str = Field(description="What was found, as a key.", examples=["agrees"])
    message: str = Field(description="The same for a person, in her language.")
    repair: str = Field(description="The smallest change that would make it hold.", examples=["10.6->1.06"])


class ArticleOut(Schema):
    """An article of a page, in reading order."""

    headline: Place | None
    body: Spans
    kickers: Spans
    subheads: Spans
    bylines: Spans
    jumps: Spans
    uncertain: Spans = Field(description="Pieces of which it is not sure that they follow the one before.")
    role: str = Field(examples=["body"])


class EntityOut(Schema):
    """What a page names."""

    type: str = Field(examples=["event"])
    name: str
    page: uuid.UUID
    issued: date | None
    spans: Spans
    details: dict[str, str]


class PageFindingOut(Schema):
    """Something about a page that a person should know."""

    code: str
    message: str
    span: Place | None


class PageOut(PageRowOut):
    """A page with all that was read of it, as far as it is shown to whoever asks."""

    text: str = Field(description="As it is stored, and never changed.")
    encoding: str = Field(examples=["utf-8"])
    home_code: str
    home_name: str
    date_reason: str = Field(description="Why the day of issue was inferred, as a key.")
    date_spans: Spans = Field(description="What says so.")
    articles: list[ArticleOut]
    statements: list[StatementOut]
    checks: list[CheckOut]
    entities: list[EntityOut]
    findings: list[PageFindingOut]
    imported_by: str | None = Field(description="Her name; null also where it is not shown to you.")


class SeriesOut(Schema):
    """What observations are of."""

    id: uuid.UUID
    indicator_key: str = Field(examples=["exports"])
    indicator: str = Field(examples=["外贸出口额"])
    indicator_en: str = Field(examples=["Exports"])
    measure: Type
    region_code: str = Field(examples=["990100"])
    region: str
    unit: str = Field(description="Of its numbers, without a multiplier.", examples=["元"])
    accumulation: Literal["ytd", "single", "stock"]
    basis: str | None = Field(description="Of a growth: real or nominal.")
    versus: str | None = Field(description="What it is compared with: a region, a period, a whole.")


class ObservationOut(Schema):
    """A point of a series: what one page says of one period."""

    period: str = Field(examples=["2026-Q1"])
    starts_on: date | None
    ends_on: date | None
    value: Digits | None = Field(description="Of the unit of the series.", examples=["1250000000"])
    low: Digits | None
    high: Digits | None
    bound: Bound
    actuality: Actuality
    vintage: date | None = Field(description="The day of issue of its page.")
    page: uuid.UUID
    statement: uuid.UUID = Field(description="The first that says it.")
    supports: int = Field(description="How many statements of the page say it.")
    confidence: float = Field(ge=0, le=1)


class SeriesWholeOut(SeriesOut):
    """A series with its latest observations, the oldest period first, within a period the latest vintage first."""

    observations: list[ObservationOut]


class StatementCorrectionOut(Schema):
    """What a person said of a statement."""

    id: uuid.UUID
    verdict: Verdict
    changes: dict[str, str]
    person: str = Field(description="Her name.")
    made_at: datetime


class ProblemOut(Schema):
    """A file that could not be taken in."""

    file: str
    code: str = Field(examples=["observatory_file_known"])
    message: str
    details: dict[str, Any]


class ImportOut(Schema):
    """An import and how far it is. Ask every second until `is_over`."""

    id: uuid.UUID
    total: int = Field(description="Pages.")
    done: int
    failed: int
    stopped: bool
    is_over: bool
    made_at: datetime
    pages: list[PageRowOut] = Field(description="In the order in which they are read, at most 200.")
    problems: list[ProblemOut]


# What is sent -------------------------------------------------------------------------------------------------------


class DateIn(Schema):
    """A day of issue."""

    model_config = ConfigDict(extra="forbid")

    issued: date | None = Field(description="null: it is not known; what the page says of it is asked again.")


class StatementCorrectionIn(Schema):
    """What is wrong with a statement, or that nothing is."""

    model_config = ConfigDict(extra="forbid")

    verdict: Literal["right", "indicator", "period", "region", "value", "not_a_quantity"]
    changes: dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(max_length=100)]] = Field(
        default_factory=dict,
        max_length=4,
        description="indicator_key or indicator; period; region_code; value, low, high, unit: those of the verdict.",
        examples=[{"period": "2026-Q1"}],
    )


# Views as they are answered -----------------------------------------------------------------------------------------


def number(value: Decimal | None) -> str | None:
    """Its digits, without the zeros that the database adds."""
    return None if value is None else f"{plain(value):f}"


def page_row(row: PageRow, *, all_of_it: bool) -> dict[str, Any]:
    """`all_of_it`: also what waits and what fails."""
    names = ("id", "name", "page_number", "pages", "issued", "date_source", "state", "published", "imported_at")
    shown = {"to_review": row.to_review, "failing": row.failing} if all_of_it else {"to_review": None, "failing": None}
    return {name: getattr(row, name) for name in names} | shown | {"headlines": list(row.headlines)}


def statement(view: StatementView, *, all_of_it: bool) -> dict[str, Any]:
    """`all_of_it`: also who corrected it."""
    told = {name: getattr(view, name) for name in _STATEMENT}
    told |= {name: getattr(view, name) or None for name in ("indicator_key", "subject", "region", "unit", "base_unit")}
    told |= {name: number(getattr(view, name)) for name in ("value", "low", "high", "base_value")}
    return told | {
        "sentence": view.context,
        "sentence_start": view.context_start,
        "kinds": list(view.kinds),
        "corrected": list(view.corrected),
        "corrected_by": (view.corrected_by or None) if all_of_it else None,
        "citation": citation(view),
    }


def check(view: CheckView, language: str) -> dict[str, Any]:
    same = ("id", "page", "page_name", "issued", "kind", "outcome", "spans", "quotes", "pages", "statements", "stated")
    found = Check(
        kind=view.kind,
        outcome=view.outcome,
        spans=view.spans,
        stated=view.stated,
        derived=view.derived,
        note=view.note,
        repair=view.repair,
        values=dict(view.values),
    )
    return {name: getattr(view, name) for name in (*same, "note", "repair")} | {
        "derived": [number(end) for end in view.derived] if view.derived is not None else None,
        "message": note_of(found, language, Region("", "")),
    }


def page(view: PageView, *, all_of_it: bool, language: str) -> dict[str, Any]:
    same = ("text", "encoding", "home_code", "home_name", "date_reason", "date_spans", "articles")
    told = page_row(view.row, all_of_it=all_of_it) | {name: getattr(view, name) for name in same}
    return told | {
        "statements": [statement(one, all_of_it=all_of_it) for one in view.statements],
        "checks": [check(one, language) for one in view.checks],
        "entities": [entity(one) for one in view.entities],
        "findings": [
            {"code": rule, "message": render(rule, language, {}), "span": span} for rule, span in view.findings
        ],
        "imported_by": (view.imported_by or None) if all_of_it else None,
    }


def entity(view: EntityView) -> dict[str, Any]:
    names = ("type", "name", "page", "issued", "spans", "details")
    return {name: getattr(view, name) for name in names}


def series(view: SeriesView) -> dict[str, Any]:
    same = ("id", "indicator", "indicator_en", "region")
    told = {name: getattr(view, name) for name in same}
    key = view.key
    told |= {name: getattr(key, name) for name in ("indicator_key", "measure", "region_code", "unit", "accumulation")}
    return told | {
        "basis": key.basis or None,
        "versus": key.versus or None,
        "observations": [_observation(one) for one in view.observations],
    }


def _observation(one: Observation) -> dict[str, Any]:
    same = ("period", "starts_on", "ends_on", "bound", "actuality", "vintage", "page", "statement", "supports")
    told = {name: getattr(one, name) for name in (*same, "confidence")}
    return told | {name: number(getattr(one, name)) for name in ("value", "low", "high")}


def correction(one: Correction) -> dict[str, Any]:
    return {
        "id": one.id,
        "verdict": one.verdict,
        "changes": dict(one.changes),
        "person": one.person_name,
        "made_at": one.made_at,
    }


def import_(view: ImportView, language: str) -> dict[str, Any]:
    same = ("id", "total", "done", "failed", "stopped", "is_over", "made_at")
    return {name: getattr(view, name) for name in same} | {
        "pages": [page_row(row, all_of_it=True) for row in view.pages],
        "problems": [
            {"file": file, "code": rule, "message": render(rule, language, values), "details": dict(values)}
            for file, rule, values in view.problems
        ],
    }
