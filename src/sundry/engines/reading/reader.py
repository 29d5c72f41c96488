"""A page read from end to end: its articles, what each says, and how sure that is.

Problem: a headline says 增速6.3% and leaves out of what; its article says it in full, and lies in three columns. Read
line by line, the headline would be a figure of nothing and the sentence over the gap two halves.

Therefore the body of each article is put together first, in reading order, and read sentence by sentence with one
context; then the headline, which takes what it leaves out from the statement of its body with the same number. Places
are those of the stored text, and a sentence ends where a join between columns is uncertain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sundry.engines.reading import confidence
from sundry.engines.reading.articles import articles_of
from sundry.engines.reading.checks import checks_of
from sundry.engines.reading.context import Context, Line
from sundry.engines.reading.entities import entities_of
from sundry.engines.reading.figures import with_sign
from sundry.engines.reading.grammar import Sentence
from sundry.engines.reading.happening import FAIR, event_of, with_tokens
from sundry.engines.reading.lexer import lex
from sundry.engines.reading.model import (
    Article,
    Check,
    Entity,
    Kind,
    Period,
    Region,
    Role,
    Span,
    Statement,
    Token,
    Type,
)  # fmt: skip
from sundry.engines.reading.patterns import AMOUNT, PLAIN
from sundry.engines.reading.sentence import Draft
from sundry.engines.reading.spacing import line_of
from sundry.engines.reading.view import view_of

SURE_JOIN = 0.5
LONGEST = 400_000  # code points of one page; a newspaper page has about 15,000
_TERMINAL = "。！？…”）!?"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a person should know of the page: `rule` names it, `span` where."""

    rule: str  # empty_page, too_long, no_issue_date, not_chinese
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read. Statements in the order of their articles, unpublished ones with them."""

    articles: tuple[Article, ...]
    statements: tuple[Statement, ...]
    entities: tuple[Entity, ...] = ()
    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()


def read(text: str, *, issued: date | None, home: Region) -> Reading:
    """Read one page as stored (newline=''). `issued`: the day it is dated, None where nobody knows; `home`: the town.

    Never raises for what a page holds: bad pages give findings and no statements.
    """
    findings = list(_findings(text, issued))
    if any(one.rule in ("empty_page", "too_long", "not_chinese") for one in findings):
        return Reading((), (), findings=tuple(findings))
    view = view_of(text)
    articles = articles_of(text)
    statements: list[Statement] = []
    for index, article in enumerate(articles):
        if article.role in (Role.INDEX, Role.ADVERT):
            continue
        statements += _Press(text, view, article, index, issued, home).statements()
    checks = checks_of(view, statements, articles, issued)
    entities = entities_of(view, articles, statements)
    return Reading(articles, tuple(statements), entities, checks, tuple(findings))


def _findings(text: str, issued: date | None) -> Iterator[Finding]:
    if not text.strip():
        yield Finding("empty_page")
    elif len(text) > LONGEST:
        yield Finding("too_long", (LONGEST, len(text)))
    elif sum("\u3400" <= one <= "\u9fff" for one in text) * 5 < len(text.replace(" ", "")):
        yield Finding("not_chinese")
    if issued is None:
        yield Finding("no_issue_date")


def lines_of(view: str, article: Article) -> tuple[Line, ...]:
    """The body as paragraphs: pieces of columns put together where a sentence runs on and the join is likely."""
    joins = {(join.before, join.after): join.certainty for join in article.joins}
    lines: list[Line] = []
    last: Span | None = None
    for span in article.body:
        for piece in _paragraphs(view, span):
            line = line_of(view, piece)
            certain = joins.get((last, span), 1.0) if last is not None and last != span else 1.0
            runs_on = bool(lines) and bool(lines[-1].text) and lines[-1].text.rstrip()[-1:] not in _TERMINAL
            if lines and runs_on and certain >= SURE_JOIN and last != span:
                lines[-1] = lines[-1].joined(line, certain)
            else:
                lines.append(line)
            last = span
    return tuple(lines)


def _paragraphs(view: str, span: Span) -> Iterator[Span]:
    start = span[0]
    for line in view[slice(*span)].split("\n"):
        kept = line.rstrip("\r ")
        if kept.strip():
            yield start, start + len(kept)
        start += len(line) + 1


@dataclass(frozen=True, slots=True)
class _Press:
    """One article being read."""

    text: str
    view: str
    article: Article
    index: int
    issued: date | None
    home: Region

    def statements(self) -> list[Statement]:
        lines = lines_of(self.view, self.article)
        tokens = [lex(line.text, 0, len(line.text), issued=self.issued, home=self.home) for line in lines]
        event, event_span = event_of(lines, tokens)
        is_fair = any(FAIR.search(line.text) for line in lines)
        context = Context(event=event, event_span=event_span, is_fair=is_fair)
        found: list[Statement] = []
        for line, said in zip(lines, tokens, strict=True):
            statements, context = self._line(line, said, context)
            found += statements
            context = context.next_paragraph()
        found = _referring(found)
        heads: list[Statement] = []
        for span in (self.article.headline, *self.article.kickers, *self.article.subheads):
            if span is not None:
                opening = Context(event=event, event_span=event_span, is_fair=is_fair)
                heads += self._head(span, found + heads, opening)
        return [_named_by(heads, one) for one in found] + heads

    def _line(self, line: Line, said: tuple[Token, ...], context: Context) -> tuple[list[Statement], Context]:
        found: list[Statement] = []
        now = Period(f"asof {self.issued:%Y-%m}") if self.issued else None
        for start, end, inside in with_tokens(line, said):
            sentence = Sentence(line, start, end, inside, context, self.home, now)
            context = sentence.read()
            found += [self._statement(sentence.line, draft) for draft in sentence.drafts]
        return found, context

    def _head(self, span: Span, body: list[Statement], context: Context) -> list[Statement]:
        """What a headline says: what it leaves out comes from the statement of the body with the same number."""
        line = line_of(self.view, span, is_heading=True)
        said = lex(line.text, 0, len(line.text), issued=self.issued, home=self.home)
        found: list[Statement] = []
        for one in self._line(line, said, context)[0]:
            same = next((x for x in body if x.is_published and _is_same(x, one)), None)
            if same is not None and _is_plain(same, one):
                same = replace(same, indicator=one.indicator, indicator_key=one.indicator_key)
            if same is not None:
                sure = confidence.confidence("headline", ()) * same.confidence
                one = replace(
                    same, spans=one.spans, quote=one.quote, confidence=round(sure, 4),
                    is_published=confidence.is_published(sure), inherited={**one.inherited, "indicator": same.spans[0]},
                )  # fmt: skip
            elif one.type not in (Type.DURATION, Type.ORDINAL):
                penalty = "headline.whole" if _is_whole(one) else "headline"
                sure = one.confidence * confidence.PENALTIES[penalty]
                one = replace(one, confidence=round(sure, 4), is_published=confidence.is_published(sure))
            found.append(one)
        return found

    def _statement(self, line: Line, draft: Draft) -> Statement:
        """A draft with its places on the page, its words and how sure it is."""
        pieces = [*([draft.piece] if draft.piece else []), (draft.start, draft.end)]
        spans = tuple(span for piece in pieces for span in line.spans(*piece))
        sure = confidence.confidence(draft.rule, draft.penalties, [line.certainty(*piece) for piece in pieces])
        named = draft.named
        region = draft.region
        said = Statement(
            spans=spans,
            quote="".join(self.text[slice(*span)] for span in spans),
            type=draft.type,
            indicator=draft.name,
            indicator_key=named.indicator.key if named and named.indicator else "",
            subject=draft.subject or (region.name if region else ""),
            region_code=region.code or None if region else None,
            period=draft.period.code or None if draft.period else None,
            value=draft.value,
            low=draft.low,
            high=draft.high,
            unit=draft.unit,
            kind=draft.kind,
            confidence=sure,
            is_published=confidence.is_published(sure),
            number=draft.number,
            basis=draft.basis,
            basis_source=draft.basis_source,
            inherited=draft.inherited,
            versus=draft.versus,
            article=self.index,
        )
        return with_sign(said, self.view)


def _is_whole(one: Statement) -> bool:
    """Whether a headline names what its number is of."""
    return bool(one.indicator_key or AMOUNT.search(one.indicator)) and "indicator" not in one.inherited


def _is_plain(one: Statement, other: Statement) -> bool:
    """Whether the other of the same number says more of what is counted: 企业, 省级“小巨人”企业."""
    is_short = one.type is Type.COUNT and not one.indicator_key and PLAIN.fullmatch(one.indicator) is not None
    return is_short and len(other.indicator) > len(one.indicator) and other.indicator.endswith(one.indicator)


def _named_by(heads: list[Statement], one: Statement) -> Statement:
    """A statement of the body whose plain noun the headline says in full."""
    full = next((x for x in heads if x.is_published and _is_same(x, one) and _is_plain(one, x)), None)
    if full is None:
        return one
    inherited = {**one.inherited, "indicator": full.spans[0]}
    return replace(one, indicator=full.indicator, indicator_key=full.indicator_key, inherited=inherited)


def _is_same(one: Statement, other: Statement) -> bool:
    return one.value is not None and (one.type, one.value, one.unit) == (other.type, other.value, other.unit)


def _referring(statements: list[Statement]) -> list[Statement]:
    """A number that comes back with the end of its name (这26项政策) is the one said before."""
    told: list[Statement] = []
    for one in statements:
        same = next((x for x in told if x.is_published and not x.indicator_key and _is_refered(one, x)), None)
        if same is not None:
            one = replace(
                one,
                indicator=same.indicator,
                period=same.period,
                inherited={**one.inherited, "indicator": same.spans[0]},
            )
        elif (again := next((x for x in told if _is_again(one, x)), None)) is not None:
            one = replace(one, inherited={**one.inherited, "indicator": again.spans[0]})
        told.append(one)
    return told


def _is_again(one: Statement, before: Statement) -> bool:
    """As many of the same plain noun (10所高校), with other words for what they did: the same ones, perhaps."""
    if one.type is not Type.COUNT or not (one.is_published and before.is_published and _is_same(before, one)):
        return False
    noun = PLAIN.match(one.indicator)
    return noun is not None and before.indicator.startswith(noun[0]) and one.period == before.period


def _is_refered(one: Statement, before: Statement) -> bool:
    if one.type is not Type.COUNT or one.indicator_key or not _is_same(one, before):
        return False
    words = one.indicator
    return len(words) < len(before.indicator) and words[-2:] in before.indicator


__all__ = ["Finding", "Kind", "Reading", "lines_of", "read"]
