"""What `sundry read` answers: one object a page for programs, a few tables for people.

Problem: a figure without its place on the page, or with the place of a text that was tidied up, cannot be looked up.
Therefore every row of the object has its spans in code points of the page as stored, every quote is the text of its
spans, and amounts are numbers as printed, in the unit as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sundry.engines.reading.issue_date import Issue
from sundry.engines.reading.model import Article, Check, Entity, Outcome, Region, Span, Statement, Type
from sundry.engines.reading.reader import Reading
from sundry.engines.reading.wording import finding_of, interval, note_of, reason_of
from sundry.kernel.findings import Finding
from sundry.kernel.messages import render

if TYPE_CHECKING:
    from rich.console import Console

_UNREAD = {"empty_page", "too_long", "not_chinese"}
_WORDS_MAX = 48  # characters of a quote in a table
# The hand labels that readers are measured against know no pull: it is a contribution, counted in percentage points.
_AS_LABELLED = {Type.PULL: Type.CONTRIBUTION}
_LINE_MARK = re.compile(r"^[#＃]+(?=\s)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Answer:
    """A page that was read. `before`: findings from before it was read, of its bytes."""

    file: str
    text: str
    home: Region
    issue: Issue
    reading: Reading
    before: tuple[Finding, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Whether it is a page at all: not empty, not too long, in Chinese."""
        return _UNREAD.isdisjoint(found.rule for found in self.reading.findings)

    @property
    def findings(self) -> list[Finding]:
        return [*self.before, *(finding_of(found) for found in self.reading.findings)]


def as_data(answer: Answer, language: str) -> dict[str, Any]:
    """The object of --json. Keys and vocabularies stand in docs/commands.md."""
    reading = answer.reading
    return {
        "page": answer.file,
        "home": answer.home.code,
        "issued": {
            "day": answer.issue.day.isoformat() if answer.issue.day else None,
            "reason": reason_of(answer.issue, language),
            "spans": _spans(answer.issue.spans),
        },
        "articles": [_article(article, answer.text) for article in reading.articles],
        "statements": [_statement(statement) for statement in reading.statements],
        "entities": [_entity(entity) for entity in reading.entities],
        "checks": [_check(check, language, answer.home) for check in reading.checks],
        "findings": [finding.to_json(language) for finding in answer.findings],
    }


def _article(article: Article, text: str) -> dict[str, Any]:
    headline = " ".join(_LINE_MARK.sub(" ", text[slice(*article.headline)]).split()) if article.headline else None
    return {"headline": headline, "spans": _spans(article.body), "role": str(article.role)}


def _statement(said: Statement) -> dict[str, Any]:
    return {
        "spans": _spans(said.spans),
        "quote": said.quote,
        "indicator": said.indicator,
        "subject": said.subject,
        "region_code": said.region_code,
        "period": said.period,
        "type": str(_AS_LABELLED.get(said.type, said.type)),
        "value": number(said.value),
        "low": number(said.low),
        "high": number(said.high),
        "unit": said.unit,
        "kind": list(said.kind),
        "confidence": said.confidence,
        "published": said.is_published,
        "inherited": {field: list(span) for field, span in said.inherited.items()},
        "indicator_key": said.indicator_key,
        "versus": said.versus,
        "basis": str(said.basis) if said.basis else None,
        "basis_source": str(said.basis_source),
        "article": said.article,
    }


def _entity(entity: Entity) -> dict[str, Any]:
    return {"type": entity.type, "name": entity.name, "spans": _spans(entity.spans), "details": dict(entity.details)}


def _check(check: Check, language: str, home: Region) -> dict[str, Any]:
    return {
        "kind": check.kind,
        "outcome": str(check.outcome),
        "spans": _spans(check.spans),
        "stated": check.stated,
        "derived": [number(end) for end in check.derived] if check.derived else None,
        "note": note_of(check, language, home),
    }


def _spans(spans: Iterable[Span]) -> list[list[int]]:
    return [list(span) for span in spans]


def number(value: Decimal | None) -> int | float | None:
    """A JSON number: whole ones without a point."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def tell(answer: Answer, language: str, console: Console) -> None:
    """The page for a person: what was found, checks with failures first, published statements by article."""
    from rich.table import Table
    from rich.text import Text

    def say(rule: str, **values: Any) -> None:
        console.print(render(rule, language, values), markup=False)

    reading = answer.reading
    published = [said for said in reading.statements if said.is_published]
    failed = sum(check.outcome == Outcome.FAILS for check in reading.checks)
    say(
        "reading_summary", file=answer.file, articles=len(reading.articles), published=len(published),
        held=len(reading.statements) - len(published), checks=len(reading.checks), failed=failed,
    )  # fmt: skip
    reason = reason_of(answer.issue, language)
    if answer.issue.day:
        say("reading_issued_on", day=answer.issue.day.isoformat(), reason=reason)
    else:
        say("reading_issued_unknown", reason=reason)
    for finding in answer.findings:
        console.print(finding.message(language), markup=False)
    for headers, rows, title in _tables(answer, published, language):
        table = Table(title=Text(title) if title else None, title_justify="left")
        for header in headers:
            table.add_column(render(header, language, {}))
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        console.print(table)


_Rows = tuple[tuple[str, ...], list[tuple[str, ...]], str]


def _tables(answer: Answer, published: list[Statement], language: str) -> Iterable[_Rows]:
    """(headers, rows, title) of each table that has rows."""
    if checks := answer.reading.checks:
        rows: list[tuple[str, ...]] = [
            (render(f"reading_outcome_{check.outcome}", language, {}), note_of(check, language, answer.home),
             _short(" | ".join(answer.text[slice(*span)] for span in check.spans)))
            for check in checks
        ]  # fmt: skip
        yield ("reading_column_check", "reading_column_figure", "reading_column_words"), rows, ""
    headers = (
        "reading_column_statement", "reading_column_place", "reading_column_period", "reading_column_figure",
        "reading_column_words",
    )  # fmt: skip
    for index, article in enumerate(answer.reading.articles):
        said = [_row(one) for one in published if one.article == index]
        if said:
            head = answer.text[slice(*article.headline)] if article.headline else ""
            yield headers, said, " ".join(head.split()) or render("reading_no_headline", language, {})


def _row(said: Statement) -> tuple[str, ...]:
    figure = (
        f"{number(said.value)}{said.unit}" if said.value is not None else interval((said.low, said.high), said.unit)
    )
    return f"{said.indicator} ({said.type})", said.subject, said.period or "", figure, _short(said.quote)


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _WORDS_MAX else words[: _WORDS_MAX - 1] + "…"


def refused(file: str, fault: Mapping[str, Any]) -> dict[str, Any]:
    """The object of a page among several that could not be read at all."""
    return {"page": file, "error": dict(fault)}
