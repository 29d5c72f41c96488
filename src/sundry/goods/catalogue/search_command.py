"""`sundry search`: ask the market's index, or a list of goods in a file, without the database.

With `--goods` a temporary index is made of the file, asked, and thrown away: to try what a list of goods would be found
by before it is in any market. `--batch` asks many questions, in their order.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sundry.kernel.errors import UnusableInput, UsageError
from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console

    from sundry.engines.searching.lexicon import Lexicon
    from sundry.engines.searching.model import Page
    from sundry.engines.searching.understanding import Understood

LIMIT_MAX = 100
SHOWN_FINDINGS = 20  # of a file, on the console: the rest are counted

Ask = Callable[[str, str], dict[str, Any]]
"""ask(language, text): what `--json` prints of one question."""


class _FromFile(argparse.Action):
    """A file in place of the market: then no database is needed."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        namespace.goods = values
        namespace.needs_database = False


def register(subparsers: Any) -> None:
    command = subparsers.add_parser(
        "search",
        help="search for goods, in any of six languages",
        description="Search the market's goods, or those of a CSV, in any of six languages.",
    )
    command.add_argument("query", nargs="?", metavar="QUERY", help="what a buyer would type")
    command.add_argument("--language", choices=LANGUAGES, default="en", help="in which it is typed (default: en)")
    command.add_argument("--limit", type=int, default=20, metavar="N", help=f"hits, at most {LIMIT_MAX} (default: 20)")
    command.add_argument(
        "--goods",
        metavar="FILE",
        type=Path,
        action=_FromFile,
        help="a CSV of goods with id and title_zh (or any title_LANGUAGE); no database is asked",
    )
    command.add_argument("--batch", metavar="FILE", type=Path, help="a CSV of questions with language and query")
    command.set_defaults(handler=handle, needs_database=True)


def handle(arguments: argparse.Namespace, console: Console) -> Outcome:
    if arguments.query is None and arguments.batch is None:
        raise UsageError("search_nothing_asked")
    if not 1 <= arguments.limit <= LIMIT_MAX:
        raise UsageError("search_limit_wrong", value=arguments.limit, most=LIMIT_MAX)
    with _asking(arguments, console) as ask:
        answers = [_told(ask(*each), each[1], arguments.language, console) for each in _questions(arguments)]
    return Outcome(0, answers if arguments.batch else answers[0])


def _questions(arguments: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Those of `--batch`, or the one typed."""
    from sundry.engines.searching.goods_file import queries_of

    if arguments.batch is None:
        yield arguments.language, arguments.query
    else:
        yield from queries_of(arguments.batch)


@contextmanager
def _asking(arguments: argparse.Namespace, console: Console) -> Iterator[Ask]:
    if arguments.goods is None:
        yield lambda language, text: _of_market(language, text, arguments.limit)
    else:
        with tempfile.TemporaryDirectory(prefix="sundry-search-") as folder:
            yield _of_file(arguments, Path(folder), console)


def _of_market(language: str, text: str, limit: int) -> dict[str, Any]:
    from sundry.engines.searching.lexicon import lexicon
    from sundry.goods.catalogue import searching
    from sundry.goods.catalogue.rules import CURRENCY, prices_at_quantities

    found = searching.search(text, language=language, reader=language, limit=limit)
    hits = [
        {
            "id": str(card.number),
            "title": dict(card.names),
            "price_minor": prices_at_quantities(card.ladder)[0],
            "currency": CURRENCY,
            "stall": str(card.stall.number),
        }
        for card in found.cards
    ]
    return answer_json(found.understood, lexicon(), found.page, hits, found.milliseconds)


def _of_file(arguments: argparse.Namespace, folder: Path, console: Console) -> Ask:
    """A function that asks the goods of the file. UnusableInput: it has none."""
    import time

    from sundry.engines.searching.analysing import analyser
    from sundry.engines.searching.answering import answer
    from sundry.engines.searching.embedded import EmbeddedIndex
    from sundry.engines.searching.goods_file import Row, goods_of
    from sundry.engines.searching.lexicon import lexicon
    from sundry.engines.searching.model import Facet
    from sundry.engines.searching.understanding import Understanding
    from sundry.kernel.findings import Finding

    findings: list[Finding] = []
    rows: dict[int, Row] = {}

    def documents() -> Iterator[Any]:
        for row in goods_of(arguments.goods, findings):
            rows[row.document.number] = row
            yield row.document

    index = EmbeddedIndex(folder, analyser(), threads=1)
    index.rebuild(documents())
    _tell(findings, arguments.language, console)
    if not rows:
        raise UnusableInput("search_no_goods", file=arguments.goods.name)
    understanding = Understanding(lexicon())
    facets: tuple[Facet, ...] = (Facet.CATEGORY, Facet.PRICE, Facet.MINIMUM)
    if not any(row.price_minor is not None for row in rows.values()):
        facets = (Facet.CATEGORY, Facet.MINIMUM)

    def ask(language: str, text: str) -> dict[str, Any]:
        begun = time.perf_counter()
        found = answer(index, understanding, text, language=language, limit=arguments.limit, facets=facets)
        milliseconds = (time.perf_counter() - begun) * 1000
        hits = [_hit(rows[hit.number]) for hit in found.page.hits]
        return answer_json(found.understood, lexicon(), found.page, hits, milliseconds)

    return ask


def _hit(row: Any) -> dict[str, Any]:
    good = row.document
    return {
        "id": row.id,
        "title": dict(good.titles),
        "price_minor": row.price_minor,
        "currency": good.currency,
        "stall": row.stall or None,
    }


def answer_json(
    understood: Understood, lexicon: Lexicon, page: Page, hits: Sequence[Mapping[str, Any]], milliseconds: float
) -> dict[str, Any]:
    """What `--json` prints of one question (docs/commands.md). `understood`: first the concepts, the head noun before
    the others, then words and item numbers that are none."""
    concepts = [{"concept": one.concept, "name": one.name, "zh": one.zh} for one in understood.told(lexicon)]
    return {
        "understood": [
            *concepts,
            *({"word": word} for word in understood.words),
            *({"code": code} for code in understood.codes),
        ],
        "count": page.count,
        "hits": list(hits),
        "facets": {str(facet): [_bucket(bucket) for bucket in buckets] for facet, buckets in page.facets.items()},
        "milliseconds": round(milliseconds, 2),
    }


def _bucket(bucket: Any) -> dict[str, Any]:
    told = {"key": bucket.key, "count": bucket.count}
    if bucket.low is not None or bucket.high is not None:
        told |= {"low": bucket.low, "high": bucket.high}
    return told


def _told(answer: dict[str, Any], text: str, language: str, console: Console) -> dict[str, Any]:
    """Tell a person what was found: the question, then a line for each hit."""
    names = [one.get("name") or one.get("word") or one.get("code") for one in answer["understood"]]
    values = {"query": text, "count": answer["count"], "understood": ", ".join(names) or "–"}
    rule = "search_found" if answer["count"] else "search_nothing_found"
    console.print(render(rule, language, values), markup=False, soft_wrap=True)
    for hit in answer["hits"]:
        title = hit["title"].get(language) or next(iter(hit["title"].values()), "")
        console.print(f"  {hit['id']:>10}  {title}", markup=False, soft_wrap=True)
    return answer


def _tell(findings: Iterable[Any], language: str, console: Console) -> None:
    told = list(findings)
    for finding in told[:SHOWN_FINDINGS]:
        console.print(finding.message(language), markup=False, soft_wrap=True)
    if (rest := len(told) - SHOWN_FINDINGS) > 0:
        console.print(render("search_more_findings", language, {"count": rest}), markup=False, soft_wrap=True)
