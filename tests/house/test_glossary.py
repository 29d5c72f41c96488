"""Messages use the words of the glossary: who reads 'container' twice reads one word twice, in every language."""

from __future__ import annotations

import re
from pathlib import Path

from sundry.kernel.messages import LANGUAGES, catalogue

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"
COLUMNS = ("en", "zh", "ar", "es", "fr", "ru")

# A stem: as much of a word as its endings leave alone.
STEM_LEAST = 4
ENDING_MOST = 3
DIACRITICS = re.compile(r"[\u064b-\u0652]")
# Code, blanks and options are no words of the text.
CODE = re.compile(r"`[^`]*`|\{[^{}]*\}|--[a-z-]+|[a-z]+[-_.][a-z_.-]+|command line")

# Where the English word means something else.
OTHERWISE = {
    "csv_damaged": {"line"},  # of a text file
    "packing_file_ends": {"line"},  # of a text file
    "packing_columns_missing": {"line"},  # of a text file
    "search_batch_columns": {"line"},  # of a text file
    "search_batch_language": {"line"},  # of a text file
    "search_file_not_csv": {"line"},  # of a text file
    "search_good_twice": {"line"},  # of a text file
    "search_good_without_id": {"line"},  # of a text file
    "search_goods_columns": {"line"},  # of a text file
    "search_more_findings": {"line"},  # of a text file
    "search_no_goods": {"line"},  # of a text file
    "search_number_wrong": {"line"},  # of a text file
    "search_good_without_title": {"line", "title"},  # of a text file; what a good is called
    "notification_zone_unknown": {"zone"},  # of time
    "pasted_too_wide": {"sheet"},  # any sheet at all: left out where "too long" says enough
    "loading_view_balance_up": {"floor"},  # of a container
    "loading_view_cut_z": {"floor"},  # of a container
    "loading_view_place_above": {"floor"},  # of a container
    "loading_view_place_floor": {"floor"},  # of a container
    "option_uscc": {"credit"},  # of the social credit code
    "uscc_wrong": {"credit"},  # of the social credit code
    "catalogue_floor_impossible": {"floor"},  # of a building
    "catalogue_halls_floors_are_told": {"floor"},  # of a building
    "catalogue_row_incomplete": {"floor"},  # of a building
    "ledger_sheet_trial": {"balance"},  # a trial balance has other words
    "scope_ledger_trial_read": {"balance"},
    "observatory_sheet_licence_text": {"quotation"},  # of the words of a page
    "observatory_sheet_quotes": {"quotation"},  # of the words of a page
    "packing_container_unread": {"quotation"},  # marks
    "packing_row_long": {"quotation"},  # marks
    "talk_wanted_closed": {"quotation"},  # a request for one: what a buyer looks for
    "talk_wanted_not_there": {"quotation"},  # a request for one: what a buyer looks for
    "ledger_broken_promise_is_resolved_twice": {"transfer"},  # the Russian word for a pending one says both
}


def glossary() -> dict[str, dict[str, list[str]]]:
    """Of each English word, the words of every other language."""
    table = GLOSSARY.read_text("utf-8").partition("## In six languages")[2]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"]
    return {
        row[0]: {language: row[n].split(", ") for n, language in enumerate(COLUMNS) if language != "en"}
        for row in rows[2:]
    }


def plain(text: str) -> str:
    """As words are compared: lower case, no vowel signs, no article."""
    text = DIACRITICS.sub("", text.lower()).replace("\u2068", "").replace("\u2069", "")
    return re.sub(r"(?<!\w)ال(?=\w)|(?<=\b[وبفك])ال|(?<=\bل)ل(?=\w)", "", text)


def stem(word: str) -> str:
    return word[: max(STEM_LEAST, len(word) - ENDING_MOST)]


def says(text: str, words: str) -> bool:
    return all(stem(word) in plain(text) for word in plain(words).split())


def test_the_table_is_whole() -> None:
    words = glossary()
    assert set(COLUMNS) == set(LANGUAGES)
    assert len(words) >= 40
    assert all(all(found) and len(row) == len(COLUMNS) - 1 for row in words.values() for found in row.values())


def test_both_tables_of_the_glossary_say_the_same_in_chinese() -> None:
    explained = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", GLOSSARY.read_text("utf-8"), re.MULTILINE)
    words = glossary()
    told = [
        (term, set(re.split("[；;]", chinese)), set(words[term]["zh"])) for term, chinese in explained if term in words
    ]
    assert len(told) > 25
    assert not [(term, one, other) for term, one, other in told if not one & other]


def test_messages_use_the_words_of_the_glossary() -> None:
    wrong = [f"{rule}, {found}" for rule in sorted(catalogue()) for found in other_words(rule)]
    assert not wrong, "\n".join(wrong)


def other_words(rule: str) -> list[str]:
    """Where a message says a term of the glossary by another word than it."""
    templates = catalogue()[rule]
    english = CODE.sub(" ", templates["en"]).lower()
    return [
        f"{language}: {' | '.join(words)} for {term!r}: {templates[language]}"
        for term, row in glossary().items()
        if re.search(rf"\b{re.escape(term)}s?\b", english) and term not in OTHERWISE.get(rule, ())
        for language, words in row.items()
        if language in templates and language != "zh" and not any(says(templates[language], found) for found in words)
    ]
