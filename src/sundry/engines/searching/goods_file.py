"""Goods and questions from a CSV: what `sundry search --goods` and `--batch` read.

Problem: a stall's list comes as it was saved: with a byte order mark, in GB18030, with quotes and line breaks inside
titles, with rows that were left half empty. Therefore a file is read as a stream, each row by itself; a row that makes
no good is told with its line and left out, and only a file that holds no table at all is refused.

    id,title_zh,title_en,price_minor,stall
    17,粉色牙刷杯,pink toothbrush cup,450,E1-2034
    18,,,,                                         line 3: 18 has no title in any language and was left out

Columns: `id` and at least one `title_LANGUAGE`. Where they are there, also `price_minor`, `currency`, `minimum`,
`sold`, `stall`, `category` (keys from the widest, joined by /), `area`, `ready` (yes, true or 1), `code`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from sundry.engines.searching.lexicon import LANGUAGES
from sundry.engines.searching.model import QUANTITIES, Document
from sundry.kernel.errors import UnusableInput
from sundry.kernel.findings import Finding, warning

FIELD_MAX: Final = 100_000  # characters of one cell: more is a quote that was never closed
NUMBER_MAX: Final = 10**15
ENCODINGS: Final = ("utf-8-sig", "gb18030")
NUMBERS: Final = ("price_minor", "minimum", "sold")

_PROBE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One good of a file: as it is indexed, and what the file calls it."""

    document: Document
    id: str
    stall: str
    price_minor: int | None


def goods_of(file: Path, findings: list[Finding]) -> Iterator[Row]:
    """The goods of a CSV, numbered from 1. What is wrong with a row is added to `findings`. UnusableInput."""
    known: dict[str, int] = {}
    stalls: dict[str, int] = {}
    rows = _rows(file)
    _, header = next(rows)
    columns = {name: at for at, name in enumerate(header)}
    titles = [f"title_{language}" for language in LANGUAGES if f"title_{language}" in columns]
    if "id" not in columns or not titles:
        raise UnusableInput("search_goods_columns", file=file.name, languages=", ".join(LANGUAGES))
    for line, cells in rows:
        given = {name: cells[at].strip() for name, at in columns.items() if at < len(cells)}
        if not any(given.values()):
            continue
        if finding := _refused(given, line, known, titles):
            findings.append(finding)
            continue
        known[given["id"]] = line
        stall = given.get("stall", "")
        # A good without a stall stands for one of its own, so that no limit of a stall hides it.
        number = stalls.setdefault(stall or f"\0{len(known)}", len(stalls) + 1)
        yield _row(given, len(known), number, line, findings)


def queries_of(file: Path) -> Iterator[tuple[str, str]]:
    """Language and text of each question, in order. UnusableInput."""
    rows = _rows(file)
    _, header = next(rows)
    if "language" not in header or "query" not in header:
        raise UnusableInput("search_batch_columns", file=file.name)
    language_at, query_at = header.index("language"), header.index("query")
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        language, query = (cells[at].strip() if at < len(cells) else "" for at in (language_at, query_at))
        if language not in LANGUAGES:
            values = {"file": file.name, "row": line, "value": language or "–", "languages": ", ".join(LANGUAGES)}
            raise UnusableInput("search_batch_language", **values)
        yield language, query


def _refused(given: Mapping[str, str], line: int, known: Mapping[str, int], titles: Sequence[str]) -> Finding | None:
    key = given.get("id", "")
    if not key:
        return warning("search_good_without_id", row=line)
    if key in known:
        return warning("search_good_twice", row=line, value=key, details={"first": known[key]})
    if not any(given.get(title) for title in titles):
        return warning("search_good_without_title", row=line, value=key)
    return None


def _row(given: Mapping[str, str], number: int, stall: int, line: int, findings: list[Finding]) -> Row:
    numbers: dict[str, int] = {}
    for name in NUMBERS:
        if text := given.get(name, ""):
            if text.isascii() and text.isdigit() and int(text[:20]) <= NUMBER_MAX:
                numbers[name] = int(text)
            else:
                findings.append(warning("search_number_wrong", row=line, header=name, value=text[:40]))
    price_minor = numbers.get("price_minor")
    document = Document(
        number=number,
        stall=stall,
        titles={language: title for language in LANGUAGES if (title := given.get(f"title_{language}", ""))},
        category=tuple(key for key in given.get("category", "").split("/") if key),
        area=given.get("area", ""),
        prices_minor=(price_minor or 0,) * len(QUANTITIES),
        currency=given.get("currency", "") or "CNY",
        minimum=numbers.get("minimum", 1),
        ready=given.get("ready", "").casefold() in ("yes", "true", "1"),
        sold=numbers.get("sold", 0),
        codes=tuple(code for code in (given.get("code", ""),) if code),
    )
    return Row(document, given["id"], given.get("stall", ""), price_minor)


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines on which rows begin, and their cells; the first is the header in small letters. UnusableInput."""
    before = csv.field_size_limit()
    if before < FIELD_MAX:
        csv.field_size_limit(FIELD_MAX)
    line = 1
    try:
        with file.open(encoding=_encoding(file), newline="") as text:
            reader = csv.reader(text, strict=True)
            header = [name.strip().casefold() for name in next(reader, [])]
            for at, cells in chain([(1, header)], _numbered(reader)):
                line = at
                yield at, cells
    except OSError as fault:
        raise UnusableInput("search_file_unreadable", file=file.name, fault=fault.strerror or "") from fault
    except UnicodeDecodeError as fault:
        raise UnusableInput("search_file_not_text", file=file.name) from fault
    except csv.Error as fault:
        raise UnusableInput("search_file_not_csv", file=file.name, row=line + 1, fault=fault) from fault


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    line = reader.line_num + 1  # type: ignore[attr-defined]
    for cells in reader:
        yield line, cells
        line = reader.line_num + 1  # type: ignore[attr-defined]


def _encoding(file: Path) -> str:
    """UTF-8 if its beginning is, else GB18030, in which a list from a Chinese office may be saved."""
    with file.open("rb") as raw:
        probe = raw.read(_PROBE_BYTES)
    if b"\0" in probe:
        raise UnusableInput("search_file_not_text", file=file.name)
    for encoding in ENCODINGS:
        try:
            # Half a character at the end of the probe is no fault of the file.
            probe.decode(encoding) if len(probe) < _PROBE_BYTES else probe[: probe.rfind(b"\n") + 1].decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnusableInput("search_file_not_text", file=file.name)
