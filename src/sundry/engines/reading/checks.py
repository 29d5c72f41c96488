"""All the arithmetic that a page allows over its own figures, derived from its statements and never from a list.

Problem: an office reads a hundred figures of a page and cannot know which of them the OCR has spoilt. The page itself
knows: gaps, parts, shares, headlines and repetitions say the same thing twice, and a misread digit breaks one of them.

    一季度进出口48.2亿元，其中出口41.7亿元、进口6.5亿元        41.7 + 6.5 = 48.2    holds
    ... and 65亿元 where a decimal point was lost              106.7 against 48.2   fails; repair 65->6.5

Therefore each family of checks (growth, parts, repeats, paths, counts, dates) looks for its own kind of redundancy in
the statements of the page and answers Check rows: holds, explained, fails, or implied. An implied figure is a row with
`derived` and never becomes a statement: what was reckoned is not what was printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sundry.engines.reading.checking import Facts
from sundry.engines.reading.checks_counts import counts_checks
from sundry.engines.reading.checks_dates import date_checks
from sundry.engines.reading.checks_growth import growth_checks
from sundry.engines.reading.checks_parts import parts_checks
from sundry.engines.reading.checks_paths import path_checks
from sundry.engines.reading.checks_repeats import repeat_checks
from sundry.engines.reading.figures import Figure, figures_of
from sundry.engines.reading.model import Article, Check, Outcome, Statement

_ARTICLES_MAX = 1_000_000  # of a page
_FIRST = [Outcome.FAILS, Outcome.EXPLAINED, Outcome.HOLDS, Outcome.IMPLIED]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was read: its view, and what was found on it."""

    text: str
    statements: Sequence[Statement]
    articles: Sequence[Article] = ()
    issued: date | None = None


def checks_of(
    text: str, statements: Sequence[Statement], articles: Sequence[Article] = (), issued: date | None = None
) -> tuple[Check, ...]:
    """The checks of one page, failures first. `text`: the view (view.py); `issued`: the day of issue where known."""
    facts = Facts(text, statements, articles, issued)
    found = [
        *growth_checks(facts),
        *parts_checks(facts),
        *repeat_checks(facts),
        *path_checks(facts),
        *counts_checks(facts),
        *date_checks(facts),
    ]
    return _ordered(check for check in found if not _is_in_doubt(check, statements))


def _is_in_doubt(check: Check, statements: Sequence[Statement]) -> bool:
    """A statement that is not sure enough to be published confirms others, and refutes none."""
    return check.outcome == Outcome.FAILS and not all(statements[index].is_published for index in check.statements)


def checks_across(pages: Sequence[Page]) -> tuple[Check, ...]:
    """The checks that need more than one page: repetitions, cumulative paths, gaps and parts printed apart.

    `Check.pages` says of each span which page it is of; `Check.statements` counts through all pages.
    """
    figures: list[Figure] = []
    statements: list[Statement] = []
    owners: list[int] = []
    for number, page in enumerate(pages):
        first = len(statements)
        # An article of its own number for each page: what stands at the same place of two pages is not the same.
        moved = [replace(said, article=said.article + number * _ARTICLES_MAX) for said in page.statements]
        figures += [replace(figure, index=figure.index + first) for figure in figures_of(page.text, moved)]
        statements += moved
        owners += [number] * len(page.statements)
    facts = Facts("", statements, (), None, tuple(figures))
    found = [*growth_checks(facts), *parts_checks(facts), *repeat_checks(facts), *path_checks(facts)]
    return _ordered(
        replace(check, pages=tuple(owners[index] for index in check.statements for _ in statements[index].spans))
        for check in found
        if len({owners[index] for index in check.statements}) > 1 and not _is_in_doubt(check, statements)
    )


def support_of(checks: Iterable[Check]) -> dict[int, tuple[int, int]]:
    """For each statement that was checked: how many checks it passed, and how many it failed.

    An explained check passes; an implied one says nothing of what was stated.
    """
    support: dict[int, tuple[int, int]] = {}
    for check in checks:
        if check.outcome != Outcome.IMPLIED:
            for index in check.statements:
                passed, failed = support.get(index, (0, 0))
                is_failed = check.outcome == Outcome.FAILS
                support[index] = passed + (not is_failed), failed + is_failed
    return support


def _ordered(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Failures first, then in the order of the page; each once."""
    once: dict[tuple[object, ...], Check] = {}
    for check in checks:
        once.setdefault((check.kind, check.outcome, check.spans, check.stated, check.derived), check)
    return tuple(sorted(once.values(), key=lambda check: (_FIRST.index(check.outcome), check.spans[0])))
