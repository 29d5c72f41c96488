"""Search over goods in two languages against raw tantivy: the same goods, the same questions, the same run.

Raw is what a skilled user of tantivy writes by hand: a field of Chinese cut by jieba, a field of English, seven
columns, all words of a question required, the twenty best weighted by sales, the exact count, three facets by
aggregation, the same filters. It knows no concepts, no other language, no stalls, so it finds fewer goods; the figures
say how many each found, and what the ratio is for the questions where both find nearly the same number (by a tenth).
Target: at most half as much again, in the mean, at p95, and for building.

Goods are composed from the trade lexicon by a seed: one to three properties, the noun, trade words, an item number;
nouns are drawn as in trade, few often and many seldom. 1,200 questions, in Chinese and English in turn: the name of a
thing alone (35 %) or with a property (20 %) or two (5 %), a wider thing (15 %), a thing with a trade word (15 %), a
property alone (10 %); every other pair has filters. Each is answered once by each, and what it costs is CPU time, for
other programs run beside. Ours includes understanding the question, raw includes cutting it; ours counts each facet
without its own filter, raw with all of them. Nothing that was read at the start is looked through for rubbish while
questions are answered, as in the server (`web/serve.py`).
"""

from __future__ import annotations

import gc
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import rjieba
import tantivy
from rich.console import Console

from sundry.engines.searching.analysing import analyser
from sundry.engines.searching.embedded import EmbeddedIndex
from sundry.engines.searching.lexicon import Concept, Kind, lexicon
from sundry.engines.searching.model import QUANTITIES, Document, Filters, Query
from sundry.engines.searching.querying import query_of
from sundry.engines.searching.tagging import Readers
from sundry.engines.searching.understanding import Understanding
from sundry.engines.searching.writer import REBUILD_MEMORY_BYTES

GOODS, QUICK_GOODS = 2_100_000, 20_000
MEASURED = 100_000  # goods that are only made: what making them takes is no part of building
NEARLY = 0.1  # by which share two numbers of goods found may differ to be nearly the same
QUESTIONS, CHANGED = 1_200, 1_000
SEED = 20261122
STALLS = 75_000
TRADE = {
    "zh": ("批发", "厂家直销", "跨境", "新款", "现货", "爆款", "外贸"),
    "en": ("wholesale", "factory direct", "cross border", "new style", "in stock", "hot sale", "export"),
}
PRICES, MINIMA = (100, 300, 1_000, 3_000, 10_000), (10, 100, 1_000)
CUTTER = rjieba.Jieba()  # ours adds its words to the one that comes with the module
SETTINGS = {"goods": "how many goods (2,100,000)"}

Question = tuple[str, str, Filters]


def run(quick: bool, console: Console, settings: dict[str, str]) -> dict[str, Any]:
    count = int(settings.get("goods", QUICK_GOODS if quick else GOODS))
    with tempfile.TemporaryDirectory(prefix="sundry-bench-") as folder:
        figures: dict[str, Any] = {"goods": count, "questions": QUESTIONS}
        sample = min(count, MEASURED)
        generating = _cpu(lambda: sum(len(each.titles) for each in goods(sample))) * count / sample
        raw = Raw(Path(folder) / "raw")
        raw_build = _cpu(lambda: raw.build(goods(count))) - generating
        ours = EmbeddedIndex(Path(folder) / "ours", analyser())
        for language, title in (("zh", "杯子"), ("en", "cup")):  # the lexicon is read once, whatever is built
            analyser().tag([title], language)
        our_build = _cpu(lambda: ours.rebuild(goods(count))) - generating
        titles = sum(len(title.encode()) for each in islice(goods(count), 20_000) for title in each.titles.values())
        titles = titles * count // min(count, 20_000)
        figures["build"] = {
            "raw_us_a_good": round(raw_build / count * 1e6, 1),
            "ours_us_a_good": round(our_build / count * 1e6, 1),
            "ratio": round(our_build / raw_build, 2),
            "raw_bytes_a_good": raw.size() // count,
            "ours_bytes_a_good": ours.stats().size_bytes // count,
            "index_to_titles": round(ours.stats().size_bytes / titles, 2),
            "raw_segments": raw.segments,
            "ours_segments": ours.stats().segments,
        }
        console.print(f"build: {figures['build']}", markup=False)
        asked = questions(QUESTIONS)
        figures["questions_answered"] = _compared(ours, raw, asked)
        console.print(f"questions: {figures['questions_answered']}", markup=False)
        figures["threads"] = _threads(ours, raw, asked)
        console.print(f"threads: {figures['threads']}", markup=False)
        figures["changes"] = _changes(ours, count)
        console.print(f"changes: {figures['changes']}", markup=False)
        ours.close()
    return figures


def goods(count: int) -> Iterator[Document]:
    drawn = random.Random(f"{SEED}-goods")
    nouns, properties = _nouns(), _properties()
    for number in range(1, count + 1):
        noun, said = _often(drawn, nouns), [_often(drawn, properties) for _ in range(drawn.randint(1, 3))]
        trade, price_minor = drawn.randrange(len(TRADE["zh"])), int(drawn.lognormvariate(6.2, 1.0)) + 10
        code = f"{drawn.choice('ABCHKXY')}{drawn.randint(100, 99_999)}"
        zh = "".join(each.forms["zh"][0] for each in said) + drawn.choice(noun.forms["zh"]) + TRADE["zh"][trade]
        en = " ".join([*(each.forms["en"][0] for each in said), drawn.choice(noun.forms["en"]), TRADE["en"][trade]])
        top = hash_of(noun.key) % 25
        yield Document(
            number=number,
            stall=drawn.randrange(STALLS),
            titles={"zh": f"{zh} {code}", "en": f"{en} {code}"},
            category=(f"top{top}", f"leaf{top}-{hash_of(noun.key) % 16}"),
            area=f"{drawn.randint(1, 5)}-F{drawn.randint(1, 4)}",
            prices_minor=tuple(price_minor * (100 - 4 * step) // 100 for step in range(len(QUANTITIES))),
            minimum=drawn.choice((1, 6, 12, 48, 100, 240, 1_000, 3_000)),
            ready=drawn.random() < 0.5,
            sold=int(drawn.paretovariate(0.8)) - 1,
            listed_day=20_000 + drawn.randint(0, 700),
            codes=(code,),
            collections=("new",) if drawn.random() < 0.05 else (),
        )


def hash_of(key: str) -> int:
    return sum(ord(letter) * (at + 1) for at, letter in enumerate(key))


def _nouns() -> Sequence[Concept]:
    return _mixed([each for each in lexicon().concepts.values() if each.kind is Kind.NOUN])


def _properties() -> Sequence[Concept]:
    return _mixed([each for each in lexicon().concepts.values() if each.kind is not Kind.NOUN])


def _mixed(concepts: list[Concept]) -> Sequence[Concept]:
    random.Random(SEED).shuffle(concepts)
    return concepts


def _often(drawn: random.Random, concepts: Sequence[Concept]) -> Concept:
    """The first ones most often (Zipf's law with s = 0.5): of 2,500 nouns the first is in one good of fifty."""
    return concepts[int(len(concepts) * drawn.random() ** 2)]


def questions(count: int) -> list[Question]:
    drawn = random.Random(f"{SEED}-questions")
    nouns, properties = _nouns(), _properties()
    return [_question(drawn, nouns, properties, number) for number in range(count)]


def _question(drawn: random.Random, nouns: Sequence[Concept], properties: Sequence[Concept], number: int) -> Question:
    language = ("zh", "en")[number % 2]
    noun = _often(drawn, nouns)
    kind = drawn.choices(("noun", "property", "both", "two", "wider", "trade"), (35, 10, 20, 5, 15, 15))[0]
    if kind == "wider" and noun.broader:
        noun = lexicon().concepts[noun.broader[0]]
    said = [_often(drawn, properties) for _ in range({"property": 1, "both": 1, "two": 2}.get(kind, 0))]
    words = [each.forms[language][0] for each in said]  # type: ignore[index]
    if kind != "property":
        words.append(drawn.choice(noun.forms[language]))  # type: ignore[index]
    if kind == "trade":
        words.append(drawn.choice(TRADE[language]))
    text = ("" if language == "zh" else " ").join(words)
    if number // 2 % 2:
        return language, text, Filters()
    return (
        language,
        text,
        Filters(
            category=f"top{hash_of(noun.key) % 25}" if drawn.random() < 0.4 else None,
            quantity=100,
            price_max_minor=drawn.randint(300, 3_000) if drawn.random() < 0.6 else None,
            minimum_max=drawn.choice((12, 100)) if drawn.random() < 0.5 else None,
        ),
    )


def _ranges(field: str, bounds: Sequence[int]) -> dict[str, Any]:
    edges = list(zip((None, *bounds), (*bounds, None), strict=True))
    told = [{key: value for key, value in (("from", low), ("to", high)) if value} for low, high in edges]
    return {"range": {"field": field, "ranges": told}}


class Raw:
    """Raw tantivy, written by hand."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("zh", tokenizer_name="cut", index_option="freq")
        builder.add_text_field("en", tokenizer_name="english", index_option="freq")
        builder.add_text_field("category", tokenizer_name="raw", index_option="basic", fast=True)
        for name in ("number", "stall", "price", "minimum", "sold", "listed"):
            builder.add_integer_field(name, fast=True, indexed=name == "number")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, str(folder))
        simple, lower = tantivy.Tokenizer.simple(), tantivy.Filter.lowercase()
        cut = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(lower).build()
        stemmed = tantivy.TextAnalyzerBuilder(simple).filter(lower).filter(tantivy.Filter.stemmer("english")).build()
        self._index.register_tokenizer("cut", cut)
        self._index.register_tokenizer("english", stemmed)
        self._analyzers = {"zh": cut, "en": stemmed}

    def build(self, stream: Iterable[Document]) -> None:
        writer = self._index.writer(REBUILD_MEMORY_BYTES, 1)  # as ours: each segment costs a question something
        for good in stream:
            fields = {
                "zh": " ".join(CUTTER.cut_for_search(good.titles["zh"])),
                "en": good.titles["en"],
                "category": good.category[-1],
                "number": good.number,
                "stall": good.stall,
                "price": good.prices_minor[3],
                "minimum": good.minimum,
                "sold": good.sold,
                "listed": good.listed_day,
            }
            writer.add_document(tantivy.Document.from_dict(fields, self._schema))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    @property
    def segments(self) -> int:
        return int(self._searcher.num_segments)

    def size(self) -> int:
        return sum(file.stat().st_size for file in self._folder.iterdir())

    def ask(self, question: Question) -> int:
        language, text, filters = question
        words = self._analyzers[language].analyze(" ".join(CUTTER.cut_for_search(text)) if language == "zh" else text)
        must = [tantivy.Query.term_query(self._schema, language, word, "freq") for word in words]
        scored = tantivy.Query.boolean_query([(tantivy.Occur.Must, each) for each in (*must, *self._filters(filters))])
        found = self._searcher.search(scored, 20, weight_by_field="sold")
        self._searcher.aggregate(scored, RAW_FACETS)
        self._searcher.fast_field_values("number", [place for _, place in found.hits])
        return int(found.count or 0)  # type: ignore[attr-defined]

    def _filters(self, filters: Filters) -> Iterator[tantivy.Query]:
        number = tantivy.FieldType.Integer
        if filters.category:
            leaves = [f"leaf{filters.category[3:]}-{leaf}" for leaf in range(16)]
            yield tantivy.Query.term_set_query(self._schema, "category", leaves)
        if filters.price_max_minor is not None:
            yield tantivy.Query.range_query(self._schema, "price", number, None, filters.price_max_minor)
        if filters.minimum_max is not None:
            yield tantivy.Query.range_query(self._schema, "minimum", number, None, filters.minimum_max)


RAW_FACETS = {
    "category": {"terms": {"field": "category", "size": 1_000}},
    "price": _ranges("price", PRICES),
    "minimum": _ranges("minimum", MINIMA),
}


def _compared(ours: EmbeddedIndex, raw: Raw, asked: Sequence[Question]) -> dict[str, Any]:
    readers = Readers(lexicon())
    understanding = Understanding(lexicon(), readers)

    def ask(question: Question) -> int:
        language, text, filters = question
        understood = understanding.understand(text, language=language)  # type: ignore[arg-type]
        return ours.search(query_of(understood, filters=filters)).count

    for question in asked[:200]:  # what is read the first time is read from the disk
        ask(question)
        raw.ask(question)
    understanding = Understanding(lexicon(), readers)  # which has kept nothing of what these came to
    understanding.understand("umbrela", language="en")
    gc.collect()
    gc.freeze()
    spent: dict[str, list[float]] = {"ours": [], "raw": []}
    counts: dict[str, list[int]] = {"ours": [], "raw": []}
    for question in asked:
        for name, answer in (("ours", ask), ("raw", raw.ask)):
            begun = time.thread_time()
            counts[name].append(answer(question))
            spent[name].append(time.thread_time() - begun)
    told = {name: _told(seconds) for name, seconds in spent.items()}
    pairs = enumerate(zip(counts["ours"], counts["raw"], strict=True))
    alike = [place for place, (one, other) in pairs if one and abs(one - other) <= NEARLY * max(one, other)]
    among = {name: _told([seconds[place] for place in alike]) for name, seconds in spent.items()}
    return {
        **told,
        "mean_goods_found": {name: sum(count) // len(asked) for name, count in counts.items()},
        "where_both_find_nearly_as_many": {
            "questions": len(alike),
            "mean_ratio": round(among["ours"]["mean_ms"] / among["raw"]["mean_ms"], 2),
            "p95_ratio": round(among["ours"]["p95_ms"] / among["raw"]["p95_ms"], 2),
        },
        "mean_ratio": round(told["ours"]["mean_ms"] / told["raw"]["mean_ms"], 2),
        "p95_ratio": round(told["ours"]["p95_ms"] / told["raw"]["p95_ms"], 2),
    }


def _told(seconds: Sequence[float]) -> dict[str, float]:
    parts = statistics.quantiles(seconds, n=100)
    return {
        "mean_ms": round(statistics.mean(seconds) * 1e3, 3),
        **{f"p{part}_ms": round(parts[part - 1] * 1e3, 3) for part in (50, 95, 99)},
    }


def _threads(ours: EmbeddedIndex, raw: Raw, asked: Sequence[Question]) -> dict[str, Any]:
    """Questions a second of one and of two threads, by the clock. Where other programs want both cores, raw does not
    become twice as quick either: its ratio says what there was to win. `cpu_ratio`: CPU time of both threads to that of
    one for the same questions; 1 where they take nothing from each other but turns."""
    understanding = Understanding(lexicon())
    queries = [
        query_of(understanding.understand(text, language=language), filters=filters)  # type: ignore[arg-type]
        for language, text, filters in asked
    ]

    def seconds(answer: Callable[[Any], object], questions: Sequence[Any], threads: int) -> tuple[float, float]:
        def work(at: int) -> None:
            for question in questions[at::threads]:
                answer(question)

        running = [threading.Thread(target=work, args=(at,)) for at in range(threads)]
        begun, spent = time.perf_counter(), time.process_time()
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
        return time.perf_counter() - begun, time.process_time() - spent

    told = {}
    for name, answer, questions in (("ours", ours.search, queries), ("raw", raw.ask, asked)):
        runs = ([seconds(answer, questions, threads) for _ in range(3)] for threads in (1, 2))
        (one, one_cpu), (two, two_cpu) = (map(min, zip(*each, strict=True)) for each in runs)
        told[name] = {
            "one_per_second": round(len(asked) / one),
            "two_per_second": round(len(asked) / two),
            "ratio": round(one / two, 2),
            "cpu_ratio": round(two_cpu / one_cpu, 2),
        }
    return told


def _changes(ours: EmbeddedIndex, count: int) -> dict[str, Any]:
    step = max(1, count // CHANGED)
    changed = [
        Document(number=1 + at * step, stall=1, titles={"zh": "测试商品 zzchanged", "en": "zzchanged"})
        for at in range(min(CHANGED, count))
    ]
    ours.index([])  # opens the writer, which a running market has open
    before = ours.stats().documents

    def change() -> None:
        ours.index(changed)
        ours.commit()
        assert ours.search(Query(words=("zzchanged",))).count == len(changed)

    seconds = _cpu(change)
    assert ours.stats().documents == before
    return {"goods": len(changed), "cpu_seconds": round(seconds, 3), "segments": ours.stats().segments}


def _cpu(work: Callable[[], object]) -> float:
    """Seconds of CPU of all our threads."""
    begun = time.process_time()
    work()
    return time.process_time() - begun
